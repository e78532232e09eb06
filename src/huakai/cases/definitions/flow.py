"""One closed loop: stages, moves, clocks, offers, ratings."""

from typing import Annotated, Literal

from pydantic import Field

from huakai.cases.definitions.clocks import Clock, Extension, Pause, Rung
from huakai.cases.definitions.forms import FieldDef, Outcome, QuantityDef, TextModule
from huakai.cases.definitions.needs import Need
from huakai.cases.definitions.words import Code, SpanDef, Title, Tone
from huakai.cases.types import Effect, TakerKind, Who
from huakai.packs.definitions import PackModel, Part


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
    status: Literal["open", "parked", "closed", "cancelled"] = "open"
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


class CallBack(Part):
    """A sample of closed cases is called back by telephone. Nobody reached is not somebody satisfied."""

    percent: Annotated[int, Field(ge=1, le=100)]
    within: SpanDef


class Rating(Part):
    """The rating round after closing. Nobody rates in silence: no rating stays no rating."""

    days: Annotated[int, Field(ge=1, le=365)]
    raters: Annotated[tuple[Rater, ...], Field(min_length=1)]
    aspects: bool = False
    """Response, solved and attitude are asked apart (响应、解决、满意)."""
    unhappy_stars: Annotated[int, Field(ge=0, le=4)] = 0
    """So few stars, or the answer “not solved”, opens a check again; 0: never."""
    recheck: Code = ""
    """The stage an unhappy case goes to; it has a clock of its own."""
    call_back: CallBack | None = None


class StepTitle(Part):
    """One mark of the bar shown to the resident."""

    title: Title
    title_en: Title


class Parts(Part):
    """Parts of further units (协办): each accepts and finishes by clocks of its own."""

    accept: SpanDef
    finish: SpanDef


class ListView(Part):
    """A list of the flow's cases under a name of its own (交办清单, 督办清单 …): the address of a filter."""

    code: Code
    title: Title
    title_en: Title
    query: Annotated[str, Field(pattern=r"^[a-z0-9_=&,:-]*$", max_length=200)]


class Flow(PackModel):
    """One closed loop. Running cases keep the edition they started with."""

    kind: Literal["order", "demand", "problem"]
    rows: tuple[str, ...] = ()
    start: Code
    steps: Annotated[tuple[StepTitle, ...], Field(min_length=2, max_length=9)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=2)]
    callers: Annotated[tuple[CallerClock, ...], Field(min_length=1)]
    offers: Offers | None = None
    rating: Rating | None = None
    restricted: bool = False
    """Disputes, children, poor households: seen by those who work on it, counted for everybody else."""
    clocks: tuple[Clock, ...] = ()
    ladder: tuple[Rung, ...] = ()
    pause: Pause | None = None
    extension: Extension | None = None
    parts: Parts | None = None
    form: tuple[FieldDef, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    quantities: tuple[QuantityDef, ...] = ()
    texts: tuple[TextModule, ...] = ()
    views: tuple[ListView, ...] = ()
    public: bool = False
    """A public list shows title, promise and result, never persons (row QG-03)."""
    source: str = ""
    """Law or document the flow rests on, printed with the case."""
    credit: Code | None = None
    """Tariff item the ledger posts when the case closes; none: nothing is credited."""

    def stage(self, code: str) -> Stage:
        """The stage of that code; KeyError for an unknown one."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def outcome(self, code: str) -> Outcome | None:
        """The outcome word of that code."""
        return next((each for each in self.outcomes if each.code == code), None)

    def caller(self, code: str) -> CallerClock:
        """Clocks of a caller kind; an unlisted kind gets the first listed one."""
        for caller in self.callers:
            if caller.caller == code:
                return caller
        return self.callers[0]
