"""Ledgers of clocks: lines by hand, and random legal histories."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from huakai.cases.rules import ClockAct, ClockEvent
from huakai.kernel.calendar import Span, WorkCalendar, YearCalendar
from tests.kernel.test_calendar import HOURS, china, published

FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
CLOCK = "finish"


def editions() -> dict[UUID, WorkCalendar]:
    """The published calendar; the same with 2027; and one with two more days off in each month."""
    newest = YearCalendar(2027, {date(2027, 1, day): "元旦" for day in (1, 2, 3)}, {})
    stricter = {
        year: YearCalendar(year, {**known.holidays, **_storms(year)}, known.workdays)
        for year, known in published().years.items()
    }
    return {
        FIRST: published(),
        SECOND: WorkCalendar({**published().years, 2027: newest}, HOURS),
        THIRD: WorkCalendar(stricter, HOURS),
    }


def _storms(year: int) -> dict[date, str]:
    return {date(year, month, day): "台风" for month in range(1, 13) for day in (11, 12)}


def line(
    act: str, at: str | datetime, span: Span | None = None, *, run: int = 1, calendar: UUID = FIRST
) -> ClockEvent:
    """One line, its time in China."""
    moment = china(at) if isinstance(at, str) else at
    return ClockEvent(CLOCK, ClockAct(act), moment, span, calendar, run)


starts = st.datetimes(datetime(2026, 1, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
working = st.builds(
    Span, st.integers(1, 80).map(lambda n: Decimal(n) / 4), st.sampled_from(["working_hours", "working_days"])
)
natural = st.builds(
    Span,
    st.integers(1, 30),
    st.sampled_from(["natural_hours", "emergency_hours", "natural_days"]),
)
gaps = st.one_of(
    st.timedeltas(timedelta(), timedelta(hours=30)),
    st.timedeltas(timedelta(), timedelta(days=12)),
    st.just(timedelta()),
)


@st.composite
def histories(
    draw: st.DrawFn, *, spans: st.SearchStrategy[Span] | None = None, one_calendar: bool = False
) -> tuple[ClockEvent, ...]:
    """A legal history of one clock: pauses, extensions, hand-overs, new runs, stops, calendars of any edition."""
    kind = draw(st.sampled_from([working, natural])) if spans is None else spans
    calendar = st.just(FIRST) if one_calendar else st.sampled_from([FIRST, SECOND, THIRD])
    at, run, paused = draw(starts), 1, False
    lines = [ClockEvent(CLOCK, ClockAct.START, at, draw(kind), draw(calendar), run)]
    for _ in range(draw(st.integers(0, 8))):
        at += draw(gaps)
        acts = [ClockAct.EXTEND, ClockAct.RESUME if paused else ClockAct.PAUSE] * 2
        act = draw(st.sampled_from([*acts, ClockAct.TRANSFER, ClockAct.STOP, ClockAct.START]))
        if act is ClockAct.START:
            lines.append(ClockEvent(CLOCK, ClockAct.STOP, at, None, draw(calendar), run))
        if act in {ClockAct.START, ClockAct.TRANSFER}:
            run += 1
        paused = act is ClockAct.PAUSE or (paused and act is ClockAct.EXTEND)
        span = draw(kind) if act in {ClockAct.START, ClockAct.TRANSFER, ClockAct.EXTEND} else None
        lines.append(ClockEvent(CLOCK, act, at, span, draw(calendar), run))
        if act is ClockAct.STOP:
            break
    return tuple(lines)
