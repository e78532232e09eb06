"""Lines of what stands beside cases: supervision, requests, groups, visits, call-backs, reminders. No ORM, no clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class CaseMention:
    """Which case a line is about; the title of a restricted one is its category's."""

    id: UUID
    number: int
    title: str
    status: str
    stage: str
    area_code: str


@dataclass(frozen=True)
class SupervisionLine:
    """One 督办 order or 追责 item."""

    id: UUID
    case: CaseMention
    kind: str
    state: str
    unit_code: str
    unit: str
    reason: str
    due_at: datetime | None
    ordered_at: datetime
    by_platform: bool
    answer: str
    answered_at: datetime | None
    decision: str
    document: str
    decided_at: datetime | None
    appeal: str
    appealed_at: datetime | None
    appeal_decision: str
    appeal_decided_at: datetime | None


@dataclass(frozen=True)
class RequestLine:
    """A pause or an extension somebody asked for; `amount` and `unit` of an extension."""

    id: UUID
    case: CaseMention
    kind: str
    state: str
    reason: str
    amount: Decimal | None
    unit: str
    asked_by: str
    asked_at: datetime
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True)
class GroupLine:
    """A group with how many cases are in it and how many of those are over."""

    id: UUID
    kind: str
    title: str
    plan: str
    area_code: str
    area: str
    state: str
    answer: str
    made_at: datetime
    answered_at: datetime | None
    cases: int
    closed: int


@dataclass(frozen=True)
class VisitLine:
    """A visit; who went is staff and stands in full, findings are counted."""

    id: UUID
    kind: str
    kind_title: str
    visitor: str
    area_code: str
    area: str
    unit_code: str
    visited_on: date
    words: str
    findings: tuple[CaseMention, ...]


@dataclass(frozen=True)
class CallBackLine:
    """A case drawn for a call."""

    id: UUID
    case: CaseMention
    state: str
    due_at: datetime
    solved: str
    stars: int | None
    words: str
    called_at: datetime | None


@dataclass(frozen=True)
class ReminderLine:
    """A rung of the ladder that was taken."""

    id: int
    case: CaseMention
    rung: str
    title: str
    act: str
    to: str
    unit_code: str
    due_at: datetime
    at: datetime
    seen: bool


@dataclass(frozen=True)
class FilterLine:
    """A saved filter: one's own, or shared with a unit one works in."""

    id: UUID
    title: str
    query: str
    shared_with: str
    mine: bool


@dataclass(frozen=True)
class QuantityTotal:
    """The sum of one code of one flow over closed cases, and the mark printed with it; never added across codes."""

    flow: str
    code: str
    title: str
    measure: str
    amount: Decimal
    mark: str
    cases: int


@dataclass(frozen=True)
class OutcomeTotal:
    """How many cases of a flow ended with an outcome word."""

    flow: str
    code: str
    title: str
    cases: int


@dataclass(frozen=True)
class ClockLine:
    """Where one run of a clock stands, and the case it is of."""

    clock: str
    run: int
    started_at: datetime
    due_at: datetime
    estimated: bool
    paused_since: datetime | None
    stopped_at: datetime | None
    elapsed_minutes: int
    paused_minutes: int
    remaining_minutes: int
