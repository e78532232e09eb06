"""Pure decisions of the registry. No ORM, no clock."""

from huakai.registry.rules.rights import (
    FREE_TRIES,
    LONGEST_WAIT,
    NO_GRANTS,
    Grants,
    Holds,
    UnitFacts,
    grants_of,
    is_idno,
    is_mainland_phone,
    next_try_at,
    plain_phone,
    registry_problems,
    role_problems,
    unit_problem,
    whole_seconds,
)

__all__ = [
    "FREE_TRIES",
    "LONGEST_WAIT",
    "NO_GRANTS",
    "Grants",
    "Holds",
    "UnitFacts",
    "grants_of",
    "is_idno",
    "is_mainland_phone",
    "next_try_at",
    "plain_phone",
    "registry_problems",
    "role_problems",
    "unit_problem",
    "whole_seconds",
]
