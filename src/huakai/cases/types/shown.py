"""What goes out: references, rows, cards, counters. No ORM, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID


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
    restricted: bool = False
    review_at: datetime | None = None
    feedback_due_at: datetime | None = None
    outcome: str = ""


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
    assigned: int = 0
    accepted: int = 0
    solved: int = 0
    parked: int = 0


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
class PublicLine:
    """A line of the public list: the matter, who answers for it, what was promised and what came of it."""

    number: int
    title: str
    area_name: str
    owner: str
    promised_for: datetime | None
    result: str
    closed_at: datetime | None
    stars: int | None


@dataclass(frozen=True)
class VisitSlot:
    """A time a visit may be ordered for; `full` (约满) when its area takes no more."""

    at: datetime
    full: bool = False


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
