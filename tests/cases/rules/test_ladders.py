"""The ladder beside a clock: docs/algorithms/escalation.md example by example, and properties over random histories."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huakai.cases import rules
from huakai.cases.rules import ClockEvent, ClockState, Rung
from huakai.kernel.calendar import Span, is_workday, next_working_moment
from tests.factories.clocks import CLOCK, editions, histories, line, natural, working
from tests.kernel.test_calendar import HOURS, china, published

CALENDARS = editions()

# The worked example of docs/algorithms/escalation.md.
LADDER = (
    Rung("remind", "before", Span(1, "working_days"), emergency=False, act="remind_handler"),
    Rung("missed", "after", None, emergency=False, act="tell_unit_head"),
    Rung("centre", "after", Span(4, "working_hours"), emergency=False, act="tell_centre"),
    Rung("supervise", "after", Span(2, "working_days"), emergency=False, act="order_supervision"),
    Rung("account", "after", Span(5, "working_days"), emergency=False, act="open_accountability"),
)
START = line("start", "2026-09-21 10:00", Span(5, "working_days"))
DUE = china("2026-09-29 17:30")


def state_of(*events: ClockEvent, now: datetime) -> ClockState:
    return rules.states(events, now=now, calendars=CALENDARS)[-1]


def due_codes(state: ClockState, now: str, done: frozenset[tuple[int, str]] = frozenset()) -> list[str]:
    found = rules.rungs_due(state, LADDER, done, now=china(now), calendar=published())
    return [rung.code for rung in found]


def next_at(
    *found: ClockState, now: datetime, done: frozenset[tuple[int, str]] = frozenset()
) -> datetime | None:
    return rules.next_act_at(found, {CLOCK: LADDER}, {CLOCK: done}, CALENDARS, now=now)


@pytest.mark.parametrize(
    ("code", "at"),
    [
        ("remind", "2026-09-28 08:30"),
        ("missed", "2026-09-30 08:30"),
        ("centre", "2026-09-30 14:00"),
        ("supervise", "2026-10-09 08:30"),
        ("account", "2026-10-13 08:30"),
    ],
)
def test_the_worked_example_of_the_page_holds(code: str, at: str) -> None:
    assert state_of(START, now=START.at).due_at == DUE
    rung = next(each for each in LADDER if each.code == code)
    assert rules.rung_at(DUE, rung, published()) == china(at)


@pytest.mark.parametrize(
    ("when", "span", "quiet", "loud"),
    [
        ("before", Span(2, "natural_hours"), "2026-10-08 08:30", "2026-10-07 23:00"),
        ("after", Span(3, "emergency_hours"), "2026-10-08 08:30", "2026-10-08 04:00"),
        ("after", None, "2026-10-08 08:30", "2026-10-08 01:00"),
    ],
)
def test_only_an_emergency_wakes_people(
    when: Literal["before", "after"], span: Span | None, quiet: str, loud: str
) -> None:
    rung = Rung("call", when, span, emergency=False, act="call")
    due = china("2026-10-08 01:00")
    assert rules.rung_at(due, rung, published()) == china(quiet)
    assert rules.rung_at(due, replace(rung, emergency=True), published()) == china(loud)


def test_rungs_missed_while_the_worker_stood_still_come_together_in_their_order_and_in_office_hours() -> None:
    state = state_of(START, now=START.at)
    assert due_codes(state, "2026-09-28 08:29") == []
    assert due_codes(state, "2026-09-28 08:30") == ["remind"]
    assert due_codes(state, "2026-09-30 22:00") == []
    assert due_codes(state, "2026-10-05 10:00") == []
    assert due_codes(state, "2026-10-08 08:30") == ["remind", "missed", "centre"]
    done = frozenset({(1, "remind"), (1, "centre")})
    assert due_codes(state, "2026-10-09 08:30", done) == ["missed", "supervise"]


def test_a_paused_or_stopped_clock_climbs_no_ladder() -> None:
    now = china("2026-10-09 10:00")
    pause = line("pause", "2026-09-25 10:00")
    for last in (pause, line("stop", pause.at)):
        state = state_of(START, last, now=now)
        assert due_codes(state, "2026-10-20 10:00") == []
        assert next_at(state, now=now) is None


def test_a_handed_over_clock_climbs_its_own_ladder_and_what_the_first_unit_did_not_reach_never_comes() -> (
    None
):
    handed = line("transfer", "2026-09-28 10:00", Span(5, "working_days"), run=2)
    now = china("2026-10-10 09:00")
    first, second = rules.states([START, handed], now=now, calendars=CALENDARS)
    done = frozenset({(1, "remind")})
    assert due_codes(first, "2026-10-12 09:00", done) == []
    assert second.due_at == china("2026-10-10 17:30")
    assert due_codes(second, "2026-10-10 09:00", done) == ["remind"]


def test_an_extension_moves_the_rungs_still_to_come_and_repeats_none() -> None:
    longer = line("extend", "2026-09-28 15:00", Span(2, "working_days"))
    state = state_of(START, longer, now=longer.at)
    done = frozenset({(1, "remind")})
    assert state.due_at == china("2026-10-08 17:30")
    assert due_codes(state, "2026-10-08 17:00", done) == []
    assert due_codes(state, "2026-10-09 08:30", done) == ["missed"]


def test_the_next_act_is_the_earliest_of_all_clocks_and_now_when_it_is_late() -> None:
    state = state_of(START, now=START.at)
    answer = replace(state, clock="answer", due_at=china("2026-09-22 10:00"))
    call = Rung("call", "after", None, emergency=True, act="call")
    ladders = {CLOCK: LADDER, "answer": (call,)}

    def found(now: str, done: dict[str, frozenset[tuple[int, str]]]) -> datetime | None:
        return rules.next_act_at([state, answer], ladders, done, CALENDARS, now=china(now))

    assert found("2026-09-21 10:00", {}) == china("2026-09-22 10:00")
    assert found("2026-09-22 23:00", {}) == china("2026-09-22 23:00")
    reached = {"answer": frozenset({(1, "call")})}
    assert found("2026-09-22 23:00", reached) == china("2026-09-28 08:30")
    assert found("2026-09-28 19:00", reached) == china("2026-09-29 08:30")
    everything = {**reached, CLOCK: frozenset((1, rung.code) for rung in LADDER)}
    assert found("2026-09-22 23:00", everything) is None
    assert rules.next_act_at([state], {}, {}, CALENDARS, now=START.at) is None


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Rung, ...]:
    """A few rungs of any unit, before and after, some of them emergencies."""
    spans = st.one_of(st.none(), working, natural)
    return tuple(
        Rung(
            f"rung_{number}",
            draw(st.sampled_from(["before", "after"])),
            draw(spans),
            draw(st.booleans()),
            "act",
        )
        for number in range(draw(st.integers(1, 4)))
    )


def is_quiet(at: datetime) -> bool:
    """Written apart from the calendar's own answer."""
    here = at.astimezone(published().zone)
    works, _ = is_workday(here.date(), published())
    return not works or not any(opens <= here.time() < closes for opens, closes in HOURS.spans)


@settings(max_examples=200, deadline=None)
@given(
    histories(one_calendar=True),
    ladders(),
    st.lists(st.timedeltas(timedelta(), timedelta(days=4)), max_size=25),
)
def test_each_rung_happens_once_and_never_in_quiet_times(
    events: tuple[ClockEvent, ...], ladder: tuple[Rung, ...], waits: list[timedelta]
) -> None:
    done: set[tuple[int, str]] = set()
    for now in _sweeps(events, waits):
        known = [each for each in events if each.at <= now]
        for state in rules.states(known, now=now, calendars=CALENDARS):
            ready = rules.rungs_due(state, ladder, frozenset(done), now=now, calendar=published())
            assert not ready or (state.stopped_at is None and state.paused_since is None)
            for rung in ready:
                assert rules.rung_at(state.due_at, rung, published()) <= now
                assert rung.emergency or not is_quiet(now)
                assert (state.run, rung.code) not in done
                done.add((state.run, rung.code))
            assert not rules.rungs_due(state, ladder, frozenset(done), now=now, calendar=published())
    last = rules.states(events, now=now, calendars=CALENDARS)[-1]
    if last.stopped_at is None and last.paused_since is None:
        assert {(last.run, rung.code) for rung in ladder} <= done


def _sweeps(events: tuple[ClockEvent, ...], waits: list[timedelta]) -> list[datetime]:
    """Times a worker looks: irregular, and once more when everything has long been due."""
    at, found = events[0].at, []
    for wait in waits:
        at += wait
        found.append(at)
    end = max(at, rules.states(events, now=events[-1].at, calendars=CALENDARS)[-1].due_at)
    return [*found, next_working_moment(end + timedelta(days=400), published())]


@settings(max_examples=200, deadline=None)
@given(histories(), ladders(), st.timedeltas(timedelta(), timedelta(days=20)), st.data())
def test_nothing_is_due_before_the_next_act_and_something_is_at_it(
    events: tuple[ClockEvent, ...], ladder: tuple[Rung, ...], wait: timedelta, data: st.DataObject
) -> None:
    now = events[-1].at + wait
    found = rules.states(events, now=now, calendars=CALENDARS)
    done = frozenset(
        data.draw(st.sets(st.sampled_from([(state.run, rung.code) for state in found for rung in ladder])))
    )

    def due(at: datetime) -> list[Rung]:
        return [
            rung
            for state in found
            for rung in rules.rungs_due(state, ladder, done, now=at, calendar=CALENDARS[state.calendar])
        ]

    at = rules.next_act_at(found, {CLOCK: ladder}, {CLOCK: done}, CALENDARS, now=now)
    if at is None:
        assert due(now + timedelta(days=1000)) == []
        return
    assert at >= now
    assert due(at)
    if at > now:
        assert not due(at - timedelta(microseconds=1))
        assert not due(now)
