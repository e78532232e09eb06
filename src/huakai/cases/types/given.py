"""What comes in: orders, moves, and the facts rules look at. No ORM, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from huakai.cases.types.words import Status, TakerKind, Who


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
class Quantity:
    """So much of something: never added across codes (41 盏 and 10 盏 of another kind stay apart, row HY-02).

    `amount` is exact; `mark` is 余, 近, 约 or empty; the unit of measure stands in the pack beside the code.
    """

    code: str
    amount: Decimal
    mark: str = ""


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
    unit_codes: tuple[str, ...] = ()
    """Units that get a part (协办)."""
    outcome: str = ""
    """One of the flow's outcome words, such as granted or demolished."""
    quantities: tuple["Quantity", ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    """Fields of the flow's or the category's form, by code."""
    review_at: datetime | None = None
    """When a parked case comes up again."""
    due_at: datetime | None = None
    """A date promised by the one who takes it on (row QG-03)."""


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
    open_parts: int = 0
    """Parts of further units that are neither done nor given back."""
    answers: Mapping[str, str] = field(default_factory=dict)
    consultations: int = 0
    is_worker: bool = False
    """The actor made the last step of the work: not the one to sign it off."""


@dataclass(frozen=True)
class Origin:
    """Where a case came from, when not straight from its requester (requirements 6, 20)."""

    kind: str
    """visit, meeting, inspection, case, activity."""
    id: UUID


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
    answers: Mapping[str, str] = field(default_factory=dict)
    """Fields of the category's form, by code."""
    origin: "Origin | None" = None
    """What it came out of: a visit, a meeting, an inspection, another case."""
    found_by_code: str = ""
    """Unit code of the group that found it and will check it again; empty: the opener alone."""


@dataclass(frozen=True)
class Helped:
    """Somebody else an order is for: the volunteer calls them before the visit."""

    name: str
    phone: str


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
    """Named list: '', unanswered, overdue, due_soon, unrated, mine, review_due, feedback_late, supervised or
    accounted."""
    outcome: str = ""
    origin: UUID | None = None
    group: UUID | None = None
    search: str = ""
    tag: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    order: str = "newest"


@dataclass(frozen=True)
class Arrival:
    """A line of an office's file: an order, who it is for, and when it came in."""

    order: NewOrder
    at: datetime
    name: str
    phone: str
    honorific: str = ""
