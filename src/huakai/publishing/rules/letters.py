"""What peers are told and how: which events, the payload, the signature, when a failed letter is tried again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks.webhooks import Webhook

from huakai.audit.types import Event
from huakai.cases import events
from huakai.cases.types import ToldCase

TRIES = 10
FIRST_WAIT = timedelta(seconds=10)
FACTOR = 3
TEST = "webhook.test"
CASE = "case"
"""Kind of the subjects told of."""
_INTERNAL = frozenset({events.CONTACT_SEEN, events.EXPORTED})
"""About who looked at what inside this house: nobody outside hears of it."""
EVENTS = tuple(
    sorted(
        name
        for name in vars(events).values()
        if isinstance(name, str) and name.startswith("case.") and name not in _INTERNAL
    )
)
"""Every event a peer may ask for; a new one of the case engine is offered by itself."""


def is_open_event(name: str) -> bool:
    """May a peer ask for this event?"""
    return name in EVENTS


def is_tellable(case: ToldCase) -> bool:
    """Does anybody outside hear of this case? Those of closed kinds are counted only, never told.

    The one place that decides: asked when a letter is written and again before each try.
    """
    return not case.restricted


def payload_of(event: Event, case: ToldCase, *, seq: int) -> dict[str, Any]:
    """What a peer receives: codes, numbers and times; never a text, a name, a telephone or an address.

    `stage` is the event's own; the rest is the case as it stands when the letter is written.
    """
    data = {
        "id": str(case.id),
        "number": case.number,
        "flow": case.flow,
        "stage": str(event.after.get("stage") or case.stage),
        "status": case.status,
        "category": case.category,
        "area_code": case.area_code,
        "unit_code": case.unit_code,
        "due_at": _moment(case.due_at),
    }
    return {"type": event.name, "timestamp": _moment(event.at), "seq": seq, "data": data}


def trial_payload(*, now: datetime, seq: int) -> dict[str, Any]:
    """A letter that tells nothing, to try the line."""
    return {"type": TEST, "timestamp": _moment(now), "seq": seq, "data": {}}


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def signed_headers(*, letter_id: str, body: str, secrets: Sequence[str], now: datetime) -> Mapping[str, str]:
    """Headers of Standard Webhooks: id, timestamp, and one v1 signature (HMAC-SHA256) per secret that holds now."""
    at = now.astimezone(UTC)
    return {
        "webhook-id": letter_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(s).sign(letter_id, at, body) for s in secrets),
    }


def next_try_after(tries: int, *, spread: float) -> timedelta | None:
    """How long to wait after the failed try number `tries` (from 1); None: that was the last.

    10 s, 30 s, 90 s … each three times the one before, 27 hours together; `spread` in [0, 1) shifts it by up to
    a fifth either way, so that letters of many peers do not return at once.
    """
    if tries >= TRIES:
        return None
    times: float = FACTOR ** (tries - 1) * (0.8 + 0.4 * spread)
    return FIRST_WAIT * times
