"""The clocks of a case: docs/algorithms/deadlines.md example by example, and properties over random histories."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from huakai.cases import rules
from huakai.cases.definitions import SpanDef
from huakai.cases.rules import ClockAct, ClockEvent, ClockState
from huakai.kernel.calendar import (
    Span,
    WorkCalendar,
    is_workday,
    length_of,
    working_time_between,
)
from huakai.kernel.errors import RuleBroken
from tests.factories.clocks import FIRST, SECOND, THIRD, editions, gaps, histories, line, working
from tests.kernel.test_calendar import china

CALENDARS = editions()
FIVE_DAYS, FOUR_HOURS = Span(5, "working_days"), Span(4, "working_hours")
LATER = datetime(2028, 1, 1, tzinfo=UTC)


def state_of(*events: ClockEvent, now: str | datetime) -> ClockState:
    """The last run of a ledger."""
    moment = china(now) if isinstance(now, str) else now
    return rules.states(events, now=moment, calendars=CALENDARS)[-1]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-12", "2026-03-04"),
        ("2026-04-30", "2026-05-18"),
        ("2026-09-22", "2026-10-13"),
        ("2026-09-28", "2026-10-16"),
    ],
)
def test_e2_8_ten_working_days_end_where_the_published_rule_puts_them(start: str, due: str) -> None:
    state = state_of(line("start", f"{start} 10:00", Span(10, "working_days")), now=f"{start} 10:00")
    assert state.due_at == china(f"{due} 17:30")
    assert not state.estimated
    definition = SpanDef(amount=Decimal(10), unit="working_days")
    assert rules.due_at(definition, china(f"{start} 10:00"), CALENDARS[FIRST]).at == state.due_at


# The worked example of docs/algorithms/deadlines.md: five working days from Monday 21 September 2026, 10:00.
START = line("start", "2026-09-21 10:00", FIVE_DAYS)
PAUSE = line("pause", "2026-09-23 15:30")
RESUME = line("resume", "2026-10-09 10:30")
EXTEND = line("extend", "2026-10-12 09:00", Span(2, "working_days"))
TRANSFER = line("transfer", "2026-10-14 11:00", FIVE_DAYS, run=2)
STOP = line("stop", "2026-10-16 16:00", run=2)


WORKED = [START, PAUSE, RESUME, EXTEND, TRANSFER, STOP]


@pytest.mark.parametrize(
    ("lines", "due", "hours"),
    [
        (1, "2026-09-29 17:30", (0, 0, 43.5)),
        (2, "2026-09-29 17:30", (19, 0, 24.5)),
        (3, "2026-10-13 14:00", (19, 41.5, 24.5)),
        (4, "2026-10-15 14:00", (32.5, 41.5, 26)),
        (5, "2026-10-21 17:30", (0, 0, 42.5)),
        (6, "2026-10-21 17:30", (18.5, 0, 24)),
    ],
    ids=["start", "pause", "resume", "extend", "transfer", "stop"],
)
def test_the_worked_example_of_the_page_holds(
    lines: int, due: str, hours: tuple[float, float, float]
) -> None:
    state = state_of(*WORKED[:lines], now=WORKED[lines - 1].at)
    assert state.due_at == china(due)
    found = (state.elapsed, state.paused, state.remaining)
    assert found == tuple(timedelta(hours=each) for each in hours)


def test_a_hand_over_ends_the_run_of_the_first_unit_and_both_stay_in_the_ledger() -> None:
    first, second = rules.states(WORKED, now=LATER, calendars=CALENDARS)
    assert (first.run, first.stopped_at, first.due_at) == (1, TRANSFER.at, china("2026-10-15 14:00"))
    assert first.remaining == timedelta(hours=9)
    assert (second.run, second.started_at, second.stopped_at) == (2, TRANSFER.at, STOP.at)
    assert second.elapsed == timedelta(hours=18.5)


def test_a_paused_clock_says_where_it_would_end_if_it_went_on_now() -> None:
    asked = state_of(START, PAUSE, now="2026-10-09 10:30")
    assert asked.due_at == state_of(START, PAUSE, RESUME, now="2026-10-09 10:30").due_at
    assert asked.paused_since == PAUSE.at
    stopped = state_of(START, PAUSE, line("stop", "2026-10-09 10:30"), now=LATER)
    assert (stopped.due_at, stopped.remaining) == (asked.due_at, asked.remaining)


def test_an_extension_counts_the_same_before_and_during_a_pause() -> None:
    before = line("extend", "2026-09-23 15:00", Span(2, "working_days"))
    during = line("extend", "2026-09-30 15:00", Span(2, "working_days"))
    one = state_of(START, before, PAUSE, RESUME, now=RESUME.at)
    two = state_of(START, PAUSE, during, RESUME, now=RESUME.at)
    assert (one.due_at, one.remaining) == (two.due_at, two.remaining)


def test_a_pause_gives_a_missed_deadline_nothing_back_but_an_extension_does() -> None:
    start = line("start", "2026-03-02 09:00", FOUR_HOURS)
    pause, resume = line("pause", "2026-03-02 15:30"), line("resume", "2026-03-04 10:00")
    missed = state_of(start, pause, resume, now=resume.at)
    assert missed.due_at == china("2026-03-02 14:30")
    assert missed.remaining == -timedelta(hours=12)
    more = line("extend", "2026-03-03 09:00", Span(3, "working_hours"))
    saved = state_of(start, pause, more, resume, now=resume.at)
    assert saved.due_at == china("2026-03-04 12:00")
    still = state_of(start, pause, replace(more, span=Span(1, "working_hours")), resume, now=resume.at)
    assert still.due_at == china("2026-03-02 15:30")


def test_natural_days_end_at_a_close_of_business_after_a_pause_too() -> None:
    start = line("start", "2026-09-22 09:00", Span(3, "natural_days"))
    assert state_of(start, now=start.at).due_at == china("2026-09-28 17:30")
    pause, resume = line("pause", "2026-09-28 10:00"), line("resume", "2026-09-30 09:00")
    late = line("resume", "2026-09-30 10:01")
    assert state_of(start, pause, resume, now=resume.at).due_at == china("2026-09-30 17:30")
    assert state_of(start, pause, late, now=late.at).due_at == china("2026-10-08 17:30")


def test_emergency_hours_run_through_the_night_and_keep_their_rest_over_a_pause() -> None:
    start = line("start", "2026-09-30 22:00", Span(2, "emergency_hours"))
    pause, resume = line("pause", "2026-09-30 23:30"), line("resume", "2026-10-01 03:00")
    assert state_of(start, pause, resume, now=resume.at).due_at == china("2026-10-01 03:30")


def test_a_pause_and_a_resume_at_once_count_an_estimated_deadline_again_with_the_new_calendar() -> None:
    start = line("start", "2026-12-30 09:00", Span(2, "working_days"))
    first = state_of(start, now=start.at)
    assert (first.due_at, first.estimated) == (china("2027-01-01 17:30"), True)
    at = "2026-12-30 17:00"
    again = state_of(start, line("pause", at), line("resume", at, calendar=SECOND), now=china(at))
    assert (again.due_at, again.estimated) == (china("2027-01-04 17:30"), False)


def test_lines_ahead_of_the_reader_count_and_lines_left_out_show_an_earlier_day() -> None:
    ahead = line("stop", "2026-09-22 10:00")
    assert state_of(START, ahead, now=START.at).stopped_at == ahead.at
    as_of = china("2026-09-25 00:00")
    state = state_of(*[each for each in WORKED if each.at <= as_of], now=as_of)
    assert (state.run, state.paused_since) == (1, PAUSE.at)


def test_a_repeating_clock_may_start_its_next_run_while_the_last_one_is_late() -> None:
    second = line("start", "2026-10-20 09:00", FIVE_DAYS, run=2)
    found = rules.states([START, second], now=second.at, calendars=CALENDARS)
    assert [(each.run, each.remaining < timedelta()) for each in found] == [(1, True), (2, False)]


PAUSED_TWICE = line("pause", "2026-09-24 15:30")
NEXT = line("stop", "2026-09-24 10:00")


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([PAUSE], "clock_not_started"),
        ([TRANSFER], "clock_not_started"),
        ([START, TRANSFER, replace(TRANSFER, run=5)], "clock_not_started"),
        ([replace(START, run=2)], "clock_run_skipped"),
        ([START, replace(START, run=3)], "clock_run_skipped"),
        ([START, replace(START, at=PAUSE.at)], "clock_running"),
        ([START, RESUME], "clock_not_paused"),
        ([START, PAUSE, PAUSED_TWICE], "clock_paused"),
        ([START, NEXT, RESUME], "clock_stopped"),
        ([START, NEXT, NEXT], "clock_stopped"),
        ([START, NEXT, TRANSFER], "clock_stopped"),
        ([START, NEXT, replace(START, at=LATER)], "clock_stopped"),
        ([START, TRANSFER, replace(EXTEND, at=LATER)], "clock_stopped"),
        ([START, RESUME, PAUSE], "clock_not_paused"),
        ([START, PAUSE, replace(RESUME, at=START.at)], "clock_backwards"),
        ([START, TRANSFER, replace(STOP, at=PAUSE.at)], "clock_backwards"),
        ([replace(START, span=None)], "clock_without_span"),
        ([START, replace(EXTEND, span=None)], "clock_without_span"),
        ([START, replace(EXTEND, span=Span(2, "natural_days"))], "clock_units_differ"),
    ],
)
def test_a_history_that_cannot_be_is_refused(events: list[ClockEvent], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.states(events, now=LATER, calendars=CALENDARS)
    assert refused.value.code == code


def test_pauses_of_a_run_stay_below_their_cap() -> None:
    cap, calendar = Span(1, "working_days"), CALENDARS[FIRST]
    history = [START, PAUSE, line("resume", "2026-09-23 17:00"), PAUSED_TWICE]

    def allowed(*events: ClockEvent, now: str, cap: Span | None = cap) -> bool:
        return rules.pause_allowed(events, clock="finish", run=1, cap=cap, calendar=calendar, now=china(now))

    def ends(*events: ClockEvent, now: str) -> datetime | None:
        return rules.pause_ends_at(events, clock="finish", run=1, cap=cap, calendar=calendar, now=china(now))

    assert allowed(START, now="2026-09-23 15:30")
    assert ends(*history, now="2026-09-24 15:30") == china("2026-09-28 14:00")
    assert ends(*history, now="2026-09-28 09:00") == china("2026-09-28 14:00")
    assert allowed(*history, now="2026-09-28 09:00")
    assert not allowed(*history, now="2026-09-28 15:00")
    assert allowed(*history, now="2026-09-28 15:00", cap=None)
    handed = replace(TRANSFER, at=china("2026-09-25 09:00"))
    assert allowed(*history, handed, now="2026-10-20 09:00")
    natural = Span(10, "natural_days")
    assert allowed(*history, now="2026-10-04 00:00", cap=natural)
    assert not allowed(*history, now="2026-10-08 00:00", cap=natural)


# Properties over random histories.


def business(span: Span | None, start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Time as the clock of this span counts it."""
    assert span is not None
    if span.unit in {"working_hours", "working_days"}:
        return working_time_between(start, end, calendar)
    return end - start


def runs_of(events: tuple[ClockEvent, ...]) -> list[tuple[ClockEvent, ...]]:
    """Each run's own lines; a transfer closes one and opens the next."""
    return [
        tuple(
            each
            for each in events
            if each.run == run or (each.run == run + 1 and each.act is ClockAct.TRANSFER)
        )
        for run in sorted({each.run for each in events})
    ]


def counted_with(lines: tuple[ClockEvent, ...], until: int) -> WorkCalendar:
    """The calendar in use after the line at that place."""
    moving = [e for e in lines[: until + 1] if e.act not in {ClockAct.PAUSE, ClockAct.STOP}]
    return CALENDARS[moving[-1].calendar]


@settings(max_examples=300, deadline=None)
@given(histories(), gaps)
def test_elapsed_and_paused_are_all_the_business_time_there_was(
    events: tuple[ClockEvent, ...], wait: timedelta
) -> None:
    now = events[-1].at + wait
    found = rules.states(events, now=now, calendars=CALENDARS)
    for state, lines in zip(found, runs_of(events), strict=True):
        times = [*(each.at for each in lines), state.stopped_at or now]
        wall = sum(
            (
                business(lines[0].span, one, two, counted_with(lines, place))
                for place, (one, two) in enumerate(pairwise(times[: len(lines) + 1]))
            ),
            timedelta(),
        )
        assert state.elapsed + state.paused == wall
        assert min(state.elapsed, state.paused) >= timedelta()
        if len({each.calendar for each in lines}) == 1:
            end = state.stopped_at or now
            calendar = CALENDARS[lines[0].calendar]
            assert wall == business(lines[0].span, state.started_at, end, calendar)


@settings(max_examples=300, deadline=None)
@given(histories(spans=working, one_calendar=True), gaps)
def test_elapsed_and_remaining_are_the_span_and_its_extensions(
    events: tuple[ClockEvent, ...], wait: timedelta
) -> None:
    now, calendar = events[-1].at + wait, CALENDARS[FIRST]
    assume(not any(_late(events, each) for each in events if each.act is ClockAct.PAUSE))
    for state, lines in zip(rules.states(events, now=now, calendars=CALENDARS), runs_of(events), strict=True):
        alone = replace(lines[0], act=ClockAct.START, run=1)
        whole = state_of(alone, now=alone.at).remaining
        more = [each.span for each in lines if each.act is ClockAct.EXTEND and each.span]
        added = sum((length_of(span, calendar) for span in more), timedelta())
        assert state.elapsed + state.remaining == whole + added


def _late(events: tuple[ClockEvent, ...], pause: ClockEvent) -> bool:
    """Was nothing left when the run paused? Such a pause gives nothing back: the deadline stays where it was.

    Nothing left is not only a missed deadline: in the evening after it no working time has passed yet.
    """
    before = events[: events.index(pause)]
    return state_of(*before, now=pause.at).remaining <= timedelta()


@settings(max_examples=300, deadline=None)
@given(histories(), st.data())
def test_later_starts_longer_spans_and_longer_pauses_never_end_earlier(
    events: tuple[ClockEvent, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    event = events[place]
    limit = events[place + 1].at if place + 1 < len(events) else event.at + timedelta(days=30)
    changed = event
    if event.act in {ClockAct.START, ClockAct.RESUME} and event.run == events[-1].run:
        changed = replace(event, at=data.draw(st.datetimes(_bare(event.at), _bare(limit)).map(_utc)))
    elif event.span is not None:
        amount = Decimal(event.span.amount) + data.draw(st.integers(1, 40).map(lambda n: Decimal(n) / 4))
        changed = replace(event, span=Span(amount, event.span.unit))
    other = (*events[:place], changed, *events[place + 1 :])
    now = max(events[-1].at, changed.at)
    before = rules.states(events, now=now, calendars=CALENDARS)
    after = rules.states(other, now=now, calendars=CALENDARS)
    assert all(one.due_at <= two.due_at for one, two in zip(before, after, strict=True))


def _bare(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(histories(), gaps)
def test_a_later_edition_never_changes_a_run_that_stopped(
    events: tuple[ClockEvent, ...], wait: timedelta
) -> None:
    used = {each.calendar for each in events}
    then = rules.states(events, now=events[-1].at, calendars={key: CALENDARS[key] for key in used})
    more = ClockEvent("other", ClockAct.START, events[-1].at + wait, FIVE_DAYS, THIRD, 1)
    later = rules.states([*events, more], now=events[-1].at + 2 * wait, calendars=CALENDARS)
    stopped = [each for each in then if each.stopped_at]
    assert stopped == [each for each in later if each.stopped_at]


@settings(max_examples=150, deadline=None)
@given(histories(spans=working), gaps)
def test_a_deadline_in_working_time_is_on_a_working_day(
    events: tuple[ClockEvent, ...], wait: timedelta
) -> None:
    for state in rules.states(events, now=events[-1].at + wait, calendars=CALENDARS):
        assert any(
            is_workday(state.due_at.astimezone(calendar.zone).date(), calendar)[0]
            for calendar in CALENDARS.values()
        )
