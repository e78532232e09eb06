"""What one case shows beside its row: what a move asks, parts, quantities, words, lists beside it. No ORM, no clock."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from huakai.cases.types.words import Status, Who


@dataclass(frozen=True)
class ChoiceAsk:
    """One answer to choose; `stop` is what the form says when it goes no further."""

    code: str
    title: str
    stop: str = ""


@dataclass(frozen=True)
class FieldAsk:
    """One question of a form, in the reader's language."""

    code: str
    title: str
    kind: str
    """line, text, number, choice, yes_no or date."""
    required: bool = False
    choices: tuple[ChoiceAsk, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    private: bool = False
    hint: str = ""


@dataclass(frozen=True)
class QuantityAsk:
    """Something to count, with its measure word."""

    code: str
    title: str
    measure: str
    decimals: int = 0


@dataclass(frozen=True)
class OutcomeAsk:
    """A word for how it ended."""

    code: str
    title: str


@dataclass(frozen=True)
class TextChoice:
    """A ready text for a result or a reason."""

    code: str
    title: str
    text: str


@dataclass(frozen=True)
class QuantityLine:
    """So much of something on a case."""

    code: str
    title: str
    amount: Decimal
    mark: str
    measure: str


@dataclass(frozen=True)
class AnswerLine:
    """One answer of a form, in words."""

    code: str
    title: str
    text: str
    private: bool = False


@dataclass(frozen=True)
class NoteLine:
    """An internal note; its author masked."""

    at: datetime
    text: str
    author: str


@dataclass(frozen=True)
class ConsultationLine:
    """会商: when, which units, what was decided."""

    held_on: date
    units: tuple[str, ...]
    decision: str
    at: datetime


@dataclass(frozen=True)
class CaseSupervision:
    """督办 or 追责问责 on a case, with what the reader may do about it."""

    id: UUID
    kind: str
    state: str
    unit: str
    unit_code: str
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
    appeal_decision: str
    acts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseRequest:
    """A pause or extension somebody asked for."""

    id: UUID
    kind: str
    state: str
    amount: Decimal | None
    unit: str
    reason: str
    asked_at: datetime
    decision: str
    decided_at: datetime | None
    may_decide: bool = False


@dataclass(frozen=True)
class LinkLine:
    """A merge or a split: `way` is merged_into, took_in, split_from or split_into."""

    way: str
    case_id: UUID
    number: int
    title: str
    status: str
    at: datetime


@dataclass(frozen=True)
class GroupAnswer:
    """A group the case is in, with the one answer for all."""

    id: UUID
    kind: str
    title: str
    state: str
    answer: str


@dataclass(frozen=True)
class EscalationLine:
    """A rung that was taken."""

    title: str
    act: str
    unit: str
    at: datetime


@dataclass(frozen=True)
class PhotoLine:
    """A photo and what it shows: before, after, paper, or nothing said."""

    id: UUID
    moment: str = ""


@dataclass(frozen=True)
class OriginLine:
    """Where the case came from, in words."""

    kind: str
    id: UUID
    title: str


@dataclass(frozen=True)
class Around:
    """Everything that stands beside one case."""

    notes: tuple[NoteLine, ...] = ()
    quantities: tuple[QuantityLine, ...] = ()
    consultations: tuple[ConsultationLine, ...] = ()
    supervisions: tuple[CaseSupervision, ...] = ()
    requests: tuple[CaseRequest, ...] = ()
    links: tuple[LinkLine, ...] = ()
    groups: tuple[GroupAnswer, ...] = ()
    escalations: tuple[EscalationLine, ...] = ()
    photos: tuple[PhotoLine, ...] = ()
    origin: OriginLine | None = None
    followers: int = 0


NOTHING_AROUND = Around()


@dataclass(frozen=True)
class ActFacts:
    """What decides which acts beside the moves are open: the case, and how the actor stands to it."""

    status: Status
    who: frozenset[Who]
    may_account: bool = False
    has_unit: bool = False
    has_due: bool = False
    is_paused: bool = False
    is_restricted: bool = False
    reopened: int = 0
    asked: frozenset[str] = field(default_factory=frozenset)
    """Kinds of requests that wait for a decision: pause, extend."""
    standing: frozenset[str] = field(default_factory=frozenset)
    """Kinds of supervision that stand: supervise, account."""


@dataclass(frozen=True)
class LedgerLine:
    """One line of the ledger of clocks, in words (时限台账)."""

    at: datetime
    clock: str
    run: int
    act: str
    amount: Decimal | None
    unit: str
    due_at: datetime | None
    reason: str
    by: str


@dataclass(frozen=True)
class ClockNow:
    """Where one run of a clock stands."""

    clock: str
    run: int
    due_at: datetime
    stopped_at: datetime | None
    paused_since: datetime | None
    is_late: bool


@dataclass(frozen=True)
class StoodLink:
    """An assignment as it stood on a day."""

    taker: str
    state: str
    is_part: bool


@dataclass(frozen=True)
class Stood:
    """A case as it stood at the end of a day."""

    on: date
    stage_title: str
    tone: str
    chain: tuple[StoodLink, ...]
    clocks: tuple[ClockNow, ...]
    events: int
