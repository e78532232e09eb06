"""The words of the case engine. No ORM, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Status(StrEnum):
    """Where a case stands for counting (row SZ-12): open, closed (办结), cancelled (撤销)."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TakerKind(StrEnum):
    """Who may take a case: a volunteer, a team (PC-02), a unit."""

    PERSON = "person"
    TEAM = "team"
    UNIT = "unit"


class Answer(StrEnum):
    """States of one assignment. `offered` is a reservation with a lease; at most one is `accepted`."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class Who(StrEnum):
    """Closed vocabulary of who may make a move."""

    REQUESTER = "requester"
    OPENER = "opener"
    OFFEREE = "offeree"
    TAKER = "taker"
    VOLUNTEER = "volunteer"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    PLATFORM = "platform"


class Effect(StrEnum):
    """Closed vocabulary of what a move does beside changing the stage."""

    NONE = "none"
    OFFER = "offer"
    CLAIM = "claim"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    HAND_BACK = "hand_back"
    ASSIGN = "assign"
    RETURN = "return"
    ANSWER = "answer"
    FINISH = "finish"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Taker:
    """Who is asked to take a case."""

    kind: TakerKind
    id: UUID


@dataclass(frozen=True)
class Served:
    """Minutes one person served on a case."""

    person_id: UUID
    minutes: int


@dataclass(frozen=True)
class MoveInput:
    """What a person hands in with a move; which of it is needed stands in the pack."""

    result: str = ""
    reason: str = ""
    minutes: int | None = None
    served: tuple[Served, ...] = ()
    photos: int = 0
    unit_code: str = ""
    taker: Taker | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What the rules look at: the state of the case and how the actor stands to it."""

    stage: str
    status: Status
    caller_kind: str
    who: frozenset[Who]
    has_unit: bool = False
    is_taken: bool = False
    open_offers: int = 0


@dataclass(frozen=True)
class NewOrder:
    """An order or demand as it comes in, from any door (phone page, desk, API, workbook).

    `client_key` makes the write idempotent per opener: the same key is the same case.
    `area_code` is the unit the help is for; `lon`/`lat` are WGS-84 degrees.
    """

    client_key: str
    flow: str
    area_code: str
    category: str = ""
    service: str = ""
    title: str = ""
    detail: str = ""
    caller_kind: str = "resident"
    channel: str = "phone_page"
    requester_id: UUID | None = None
    served_for: str = "self"
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    wanted_at: datetime | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Helped:
    """Somebody else an order is for: the volunteer calls them before the visit."""

    name: str
    phone: str


@dataclass(frozen=True)
class CaseRef:
    """What an opener gets back."""

    id: UUID
    number: int
    stage: str
    due_at: datetime | None
    created: bool


@dataclass(frozen=True)
class CaseRow:
    """A line of a list."""

    id: UUID
    number: int
    flow: str
    stage: str
    stage_title: str
    tone: str
    status: str
    title: str
    category: str
    category_title: str
    area_code: str
    area_name: str
    requester: str
    caller_kind: str
    channel: str
    opened_at: datetime
    due_at: datetime | None
    due_estimated: bool
    answer_due_at: datetime | None
    first_answer_at: datetime | None
    closed_at: datetime | None
    taker: str
    stars: int | None


@dataclass(frozen=True)
class MoveChoice:
    """A move the reader may make now, with the inputs it asks for."""

    code: str
    title: str
    to: str
    effect: str
    asks: tuple[str, ...]
    tone: str = "plain"


@dataclass(frozen=True)
class AssignmentLine:
    """One link of the chain of offers."""

    id: UUID
    kind: str
    taker_id: UUID
    taker: str
    state: str
    offered_at: datetime
    lease_until: datetime | None
    answered_at: datetime | None
    reason: str


@dataclass(frozen=True)
class RatingLine:
    """One rater's stars and words."""

    rater_role: str
    rater_title: str
    stars: int
    comment: str
    at: datetime


@dataclass(frozen=True)
class TimelineLine:
    """One line of what happened, in words."""

    at: datetime
    title: str
    note: str = ""
    actor: str = ""


@dataclass(frozen=True)
class StepMark:
    """One mark of the order bar (点单 派单 接单 评单): done, now, or ahead."""

    title: str
    state: str


@dataclass(frozen=True)
class CaseCard:
    """Everything a detail page shows; personal fields are masked."""

    row: CaseRow
    detail: str
    service_title: str
    served_for: str
    has_address: bool
    may_reveal: bool
    phone_masked: str
    lon: float | None
    lat: float | None
    wanted_at: datetime | None
    urgent: bool
    lead_unit: str
    lead_unit_code: str
    result: str
    minutes_served: int | None
    planned_minutes: int | None
    moves: tuple[MoveChoice, ...]
    steps: tuple[StepMark, ...]
    assignments: tuple[AssignmentLine, ...]
    ratings: tuple[RatingLine, ...]
    combined_score: Decimal | None
    may_rate: bool
    timeline: tuple[TimelineLine, ...]
    photo_ids: tuple[UUID, ...]
    edition_number: int
    is_requester: bool
    is_taker: bool
    my_offer: bool
    finish_due_at: datetime | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to. Empty means no narrowing; `measure` is a panel counter."""

    area: str = ""
    """A unit code with everything below it; with a trailing `=` that unit alone."""
    category: str = ""
    caller_kind: str = ""
    channel: str = ""
    stage: str = ""
    stages: tuple[str, ...] | None = None
    """One of these; None is no narrowing."""
    flow: str = ""
    status: str = ""
    view: str = ""
    """Named list: '', unanswered, overdue, due_soon, unrated, mine."""
    search: str = ""
    tag: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    order: str = "newest"


@dataclass(frozen=True)
class Page:
    """One keyset page: rows and the cursors around it (None at an end)."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None
    prev_cursor: str | None


@dataclass(frozen=True)
class PanelRow:
    """Counters of one slice: 收集, 办结, 在办, 撤销 and the computed 办结率 in percent."""

    key: str
    title: str
    collected: int
    closed: int
    open: int
    cancelled: int
    rate: Decimal | None
    answered: int = 0


@dataclass(frozen=True)
class Panel:
    """Counters of a scope, whole and by slices."""

    total: PanelRow
    rows: tuple[PanelRow, ...]
    by: str


@dataclass(frozen=True)
class LiveCounts:
    """Counters for walls and phones; every figure is counted from records at `at`."""

    at: datetime
    values: Mapping[str, int] = field(default_factory=dict)
    rate: Decimal | None = None


@dataclass(frozen=True)
class ToldCase:
    """What may be told of a case outside this house: codes and times, no text, no person."""

    id: UUID
    number: int
    flow: str
    stage: str
    status: str
    category: str
    area_code: str
    unit_code: str
    due_at: datetime | None
    restricted: bool = False
    """Of a kind that is counted only; such a case is told to nobody."""
