"""Pure rules of publishing: walls, and what peers are told."""

from huakai.publishing.rules.letters import (
    CASE,
    EVENTS,
    is_open_event,
    is_tellable,
    next_try_after,
    payload_of,
    signed_headers,
    trial_payload,
)
from huakai.publishing.rules.targets import address_trouble, target_of
from huakai.publishing.rules.walls import board_wall, figures_of, problems_of

__all__ = [
    "CASE",
    "EVENTS",
    "address_trouble",
    "board_wall",
    "figures_of",
    "is_open_event",
    "is_tellable",
    "next_try_after",
    "payload_of",
    "problems_of",
    "signed_headers",
    "target_of",
    "trial_payload",
]
