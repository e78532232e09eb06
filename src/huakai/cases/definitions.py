"""What a pack says about flows and the service catalogue."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huakai.cases.types import Effect, TakerKind, Who
from huakai.packs.definitions import PackModel, Part

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Tone = Literal["amber", "blue", "grey", "green", "red"]


class SpanDef(Part):
    """A length of time in one of the calendar's units."""

    amount: Annotated[Decimal, Field(gt=0, le=366)]
    unit: Literal["emergency_hours", "working_hours", "working_days", "natural_days", "natural_hours"]


class HasResult(Part):
    """The move needs a result text."""

    check: Literal["has_result"]


class HasReason(Part):
    """The move needs a reason."""

    check: Literal["has_reason"]


class HasMinutes(Part):
    """The move needs minutes served, at most the service's cap."""

    check: Literal["has_minutes"]


class MinPhotos(Part):
    """The move needs so many photos."""

    check: Literal["min_photos"]
    count: Annotated[int, Field(ge=1, le=20)]


class HasUnit(Part):
    """The move needs a responsible unit."""

    check: Literal["has_unit"]


class HasTaker(Part):
    """The move needs somebody to be asked."""

    check: Literal["has_taker"]


class AnyOf(Part):
    """One of the checks suffices."""

    check: Literal["any"]
    of: tuple["Need", ...]


class AllOf(Part):
    """Every check must hold."""

    check: Literal["all"]
    of: tuple["Need", ...]


Need = Annotated[
    HasResult | HasReason | HasMinutes | MinPhotos | HasUnit | HasTaker | AnyOf | AllOf,
    Field(discriminator="check"),
]


class Move(Part):
    """One move: who, what it needs, where it leads, what it does. Everything it requires stands here."""

    code: Code
    title: Title
    title_en: Title
    to: Code
    by: Annotated[tuple[Who, ...], Field(min_length=1)]
    needs: tuple[Need, ...] = ()
    effect: Effect = Effect.NONE
    tone: Literal["primary", "plain", "danger"] = "plain"


class Stage(Part):
    """One stage. An open stage has a clock or says why it needs none."""

    code: Code
    title: Title
    title_en: Title
    status: Literal["open", "closed", "cancelled"] = "open"
    tone: Tone = "blue"
    step: Annotated[int, Field(ge=1, le=9)] = 1
    clock: SpanDef | None = None
    no_clock_because: str = ""
    moves: tuple[Move, ...] = ()


class CallerClock(Part):
    """Answer and finish clocks of one kind of caller (三呼三应, row SZ-13); settings, never defaults of the code."""

    caller: Code
    title: Title
    title_en: Title
    first_answer: SpanDef
    finish: SpanDef


class Offers(Part):
    """How an order is offered: to whom, how long an offer stands, and whether the proposal stands by itself."""

    takers: Annotated[tuple[TakerKind, ...], Field(min_length=1)]
    answer_within: SpanDef
    parallel: Annotated[int, Field(ge=1, le=3)] = 1
    automatic: bool = False
    claim: bool = True
    """Volunteers may take it from the open list themselves (去接单)."""


class Rater(Part):
    """Who may rate and how much it weighs in the combined score (row PC-02)."""

    role: Literal["requester", "station", "taker", "unit"]
    title: Title
    title_en: Title
    weight: Annotated[int, Field(ge=1, le=100)]


class Rating(Part):
    """The rating round after closing. Nobody rates in silence: no rating stays no rating."""

    days: Annotated[int, Field(ge=1, le=365)]
    raters: Annotated[tuple[Rater, ...], Field(min_length=1)]


class StepTitle(Part):
    """One mark of the bar shown to the resident."""

    title: Title
    title_en: Title


class Flow(PackModel):
    """One closed loop. Running cases keep the edition they started with."""

    kind: Literal["order", "demand"]
    rows: tuple[str, ...] = ()
    start: Code
    steps: Annotated[tuple[StepTitle, ...], Field(min_length=2, max_length=9)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=2)]
    callers: Annotated[tuple[CallerClock, ...], Field(min_length=1)]
    offers: Offers | None = None
    rating: Rating | None = None
    credit: Code | None = None
    """Tariff item the ledger posts when the case closes; none: nothing is credited."""

    def stage(self, code: str) -> Stage:
        """The stage of that code; KeyError for an unknown one."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def caller(self, code: str) -> CallerClock:
        """Clocks of a caller kind; an unlisted kind gets the first listed one."""
        for caller in self.callers:
            if caller.caller == code:
                return caller
        return self.callers[0]


class Category(Part):
    """A kind of need as residents and desks name it."""

    code: Code
    title: Title
    title_en: Title
    kind: Literal["order", "demand", "enterprise"]
    icon: str = "circle-help"
    flow: Code
    tag: str = ""
    """Code in a place's taxonomy (五为 …)."""
    example: str = ""


class Service(Part):
    """One thing on the menu: what it is, which skill it takes, how long it is planned."""

    code: Code
    title: Title
    title_en: Title
    category: Code
    skill: Code
    planned_minutes: Annotated[int, Field(ge=5, le=600)]
    max_minutes: Annotated[int, Field(ge=5, le=1440)]
    people: Annotated[int, Field(ge=1, le=20)] = 1
    note: str = ""
    note_en: str = ""
    tag: str = ""
    featured: bool = False


class Route(Part):
    """Which unit a demand of a category is proposed to."""

    category: Code
    unit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,24}$")]


class Catalogue(PackModel):
    """Part of a place's menu; all catalogue files of a pack are read together."""

    categories: tuple[Category, ...] = ()
    services: tuple[Service, ...] = ()
    routes: tuple[Route, ...] = ()
    visit_times: tuple[
        Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")], ...
    ] = ()
    """Times of day residents may choose for a visit; none: they write one."""
    visit_notice_minutes: Annotated[int, Field(ge=0, le=1440)] = 90
    """How long before a visit it must be ordered; never sooner than its flow promises to dispatch it."""
    visit_capacity: Annotated[int, Field(ge=1, le=999)] | None = None
    """How many visits one of these times takes in one area (village, community); none: no limit."""
