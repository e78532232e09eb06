"""The words of the record: subject, fact (to be written), event (as written)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """What an event is about: `kind` is a lower_snake noun (case, person …), `id` its key as text."""

    kind: str
    id: str


@dataclass(frozen=True)
class Fact:
    """One thing that happened, as the acting service states it. `payload` is small, JSON, and holds no
    personal field in clear."""

    name: str
    subject: Subject
    at: datetime
    actor_id: UUID | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    edition_id: UUID | None = None
    area_code: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Event:
    """A fact as it stands in the record: `seq` over everything, `subject_seq` within its subject."""

    seq: int
    subject_seq: int
    name: str
    subject: Subject
    at: datetime
    actor_id: UUID | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    edition_id: UUID | None
    area_code: str
    request_id: str


Handler = Callable[[Event], None]
"""A reaction of an upper floor to an event: idempotent, one service call."""


@dataclass(frozen=True)
class EventFilter:
    """What the auditor looks for; empty fields match everything."""

    subject_kind: str = ""
    subject_id: str = ""
    name: str = ""
    actor_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    within: tuple[str, ...] = ("",)
    """Unit-code prefixes the reader may audit; events without an area are seen by every auditor."""


@dataclass(frozen=True)
class EventPage:
    """Newest first; `next_before` is the keyset of the following page, None at the end."""

    events: tuple[Event, ...]
    next_before: int | None


@dataclass(frozen=True)
class ChainProblem:
    """A place where the record is not what was written. `seq` is 0 when the row itself is gone."""

    code: str
    subject: Subject
    subject_seq: int
    seq: int
    message: str


@dataclass(frozen=True)
class Verification:
    """What the last verification of the whole record found."""

    at: datetime
    by: UUID | None
    events: int
    problems: int


@dataclass(frozen=True)
class DeliveryRun:
    """What one round of deliveries did; `failures` are (event seq, handler key, error)."""

    delivered: int
    failures: tuple[tuple[int, str, Exception], ...] = ()
