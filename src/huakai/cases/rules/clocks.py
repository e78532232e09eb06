"""The clocks of a case as a pure function of their ledger. docs/algorithms/deadlines.md tells it with examples."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huakai.cases.definitions import SpanDef
from huakai.kernel.calendar import (
    Deadline,
    Span,
    Unit,
    WorkCalendar,
    after_working_time,
    deadline_after,
    length_of,
    next_close_of_business,
    working_time_between,
)
from huakai.kernel.errors import N_, RuleBroken

Calendars = Mapping[UUID, WorkCalendar]
"""Calendars by the edition that published them: every one a ledger names must be there (KeyError)."""
IN_WORKING_TIME = frozenset({"working_hours", "working_days"})
NOTHING = timedelta()


class ClockAct(StrEnum):
    """What a line of the ledger does. A transfer ends the run before its own and starts its own."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    TRANSFER = "transfer"
    STOP = "stop"


@dataclass(frozen=True)
class ClockEvent:
    """One line of the ledger, never changed. Runs of a clock are numbered 1, 2, 3 …

    `span` is the length of a start or transfer, and what an extension adds. `calendar` is the edition this line counts
    with: a pause and a stop count with the one already in use.
    """

    clock: str
    act: ClockAct
    at: datetime
    span: Span | None
    calendar: UUID
    run: int
    reason: str = ""


@dataclass(frozen=True)
class ClockState:
    """Where one run stands. Lengths are working time for working hours and days, the wall clock's for other units.

    `due_at`: while paused, where the deadline lies if the clock goes on now; of a run stopped in a pause, if it had
    gone on then. `remaining` is negative once the deadline is missed. `calendar`: the edition counted with last.
    """

    clock: str
    run: int
    started_at: datetime
    due_at: datetime
    estimated: bool
    paused_since: datetime | None
    stopped_at: datetime | None
    elapsed: timedelta
    paused: timedelta
    remaining: timedelta
    calendar: UUID


@dataclass(frozen=True)
class _Run:
    """A run as its last line left it; `left` is what remained at the pause and was added since."""

    clock: str
    number: int
    unit: Unit
    calendar: UUID
    started_at: datetime
    at: datetime
    due: Deadline
    left: timedelta = NOTHING
    elapsed: timedelta = NOTHING
    paused: timedelta = NOTHING
    paused_since: datetime | None = None
    stopped_at: datetime | None = None


def span_of(definition: SpanDef) -> Span:
    """A span as the pack writes it, for the calendar."""
    return Span(amount=definition.amount, unit=definition.unit)


def due_at(span: SpanDef, start: datetime, calendar: WorkCalendar) -> Deadline:
    """When a clock of `span` that starts at `start` runs out; `estimated` beyond published calendar years."""
    return deadline_after(start, span_of(span), calendar)


def states(events: Iterable[ClockEvent], *, now: datetime, calendars: Calendars) -> tuple[ClockState, ...]:
    """Every run of every clock, in the order they started; RuleBroken for a history that cannot be.

    A line written by a machine whose clock is ahead of `now` counts all the same: its run is told as of that line. To
    see a case as it stood on a date, leave out the lines after it.
    """
    found: dict[str, list[_Run]] = {}
    for event in events:
        _read(found.setdefault(event.clock, []), event, calendars)
    runs = sorted((run for runs in found.values() for run in runs), key=lambda run: run.started_at)
    return tuple(_state(run, max(now, run.at), calendars) for run in runs)


def pause_allowed(
    history: Iterable[ClockEvent],
    *,
    clock: str,
    run: int,
    cap: Span | None,
    calendar: WorkCalendar,
    now: datetime,
) -> bool:
    """May this run pause, or stay paused, at `now`? All its pauses together stay below `cap`, in the cap's unit."""
    ends = pause_ends_at(history, clock=clock, run=run, cap=cap, calendar=calendar, now=now)
    return ends is None or ends > now


def pause_ends_at(
    history: Iterable[ClockEvent],
    *,
    clock: str,
    run: int,
    cap: Span | None,
    calendar: WorkCalendar,
    now: datetime,
) -> datetime | None:
    """When a pause that goes on from `now` uses up the cap: `now` when it is used up, None when there is no cap."""
    if cap is None:
        return None
    used, since = NOTHING, None
    for event in history:
        if event.clock != clock or event.run not in {run, run + 1}:
            continue
        if event.run == run and event.act is ClockAct.PAUSE:
            since = event.at
        elif since is not None and _ends_pause(event, run):
            used, since = used + _between(cap.unit, since, event.at, calendar), None
    if since is not None:
        used += _between(cap.unit, since, max(now, since), calendar)
    left = length_of(cap, calendar) - used
    if left <= NOTHING:
        return now
    return after_working_time(now, left, calendar).at if cap.unit in IN_WORKING_TIME else now + left


def _ends_pause(event: ClockEvent, run: int) -> bool:
    if event.run == run:
        return event.act in {ClockAct.RESUME, ClockAct.STOP}
    return event.act is ClockAct.TRANSFER


def _read(runs: list[_Run], event: ClockEvent, calendars: Calendars) -> None:
    """Add one line to what is known of its clock."""
    if any(event.at < run.at for run in runs):
        raise RuleBroken("clock_backwards", N_("时限记录早于上一条记录，请检查服务器时间"))
    if event.act is ClockAct.TRANSFER:
        place = _open_run(runs, event.run - 1)
        runs[place] = _stopped(runs[place], event, calendars)
    if event.act in {ClockAct.START, ClockAct.TRANSFER}:
        runs.append(_started(runs, event, calendars))
    else:
        place = _open_run(runs, event.run)
        runs[place] = _ACTS[event.act](runs[place], event, calendars)


def _open_run(runs: list[_Run], number: int) -> int:
    """Where the run of that number lies; it must be there and not be stopped."""
    if not 1 <= number <= len(runs):
        raise RuleBroken("clock_not_started", N_("时限还没有开始计时，请先开始"))
    if runs[number - 1].stopped_at is not None:
        raise RuleBroken("clock_stopped", N_("时限已经停止，不能再改动"))
    return number - 1


def _started(runs: list[_Run], event: ClockEvent, calendars: Calendars) -> _Run:
    if 1 <= event.run <= len(runs):
        _open_run(runs, event.run)
        raise RuleBroken("clock_running", N_("时限已在计时，不能重复开始"))
    if event.run != len(runs) + 1:
        raise RuleBroken("clock_run_skipped", N_("应为第 {expected} 轮计时"), expected=len(runs) + 1)
    span = _span(event)
    due = deadline_after(event.at, span, calendars[event.calendar])
    return _Run(event.clock, event.run, span.unit, event.calendar, event.at, event.at, due)


def _paused(run: _Run, event: ClockEvent, calendars: Calendars) -> _Run:
    if run.paused_since is not None:
        raise RuleBroken("clock_paused", N_("时限已经暂停，不能再次暂停"))
    left = _between(run.unit, event.at, run.due.at, calendars[run.calendar])
    return replace(_passed(run, event.at, calendars), left=left, paused_since=event.at)


def _resumed(run: _Run, event: ClockEvent, calendars: Calendars) -> _Run:
    if run.paused_since is None:
        raise RuleBroken("clock_not_paused", N_("时限没有暂停，不能恢复"))
    run = replace(_passed(run, event.at, calendars), calendar=event.calendar)
    return replace(run, due=_due(run, event.at, calendars), left=NOTHING, paused_since=None)


def _extended(run: _Run, event: ClockEvent, calendars: Calendars) -> _Run:
    span, calendar = _span(event), calendars[event.calendar]
    if (span.unit in IN_WORKING_TIME) is not (run.unit in IN_WORKING_TIME):
        raise RuleBroken("clock_units_differ", N_("延长的时间须与原时限同为工作时间或同为自然时间"))
    length = length_of(span, calendar)
    due = _forward(run.unit, run.due.at, length, calendar)
    due = replace(due, estimated=due.estimated or run.due.estimated)
    left = run.left if run.paused_since is None else run.left + length
    return replace(_passed(run, event.at, calendars), calendar=event.calendar, due=due, left=left)


def _stopped(run: _Run, event: ClockEvent, calendars: Calendars) -> _Run:
    return replace(_passed(run, event.at, calendars), stopped_at=event.at)


_ACTS = {
    ClockAct.PAUSE: _paused,
    ClockAct.RESUME: _resumed,
    ClockAct.EXTEND: _extended,
    ClockAct.STOP: _stopped,
}


def _span(event: ClockEvent) -> Span:
    if event.span is None:
        raise RuleBroken("clock_without_span", N_("请填写时限的长度"))
    return event.span


def _passed(run: _Run, at: datetime, calendars: Calendars) -> _Run:
    """The run at `at`: what has passed since its last line counts with the calendar in use."""
    length = _between(run.unit, run.at, at, calendars[run.calendar])
    if run.paused_since is None:
        return replace(run, at=at, elapsed=run.elapsed + length)
    return replace(run, at=at, paused=run.paused + length)


def _due(run: _Run, at: datetime, calendars: Calendars) -> Deadline:
    """The deadline if the clock goes on at `at`. One missed before the pause stays where it is."""
    if run.paused_since is None or run.left <= NOTHING:
        return run.due
    return _forward(run.unit, at, run.left, calendars[run.calendar])


def _state(run: _Run, at: datetime, calendars: Calendars) -> ClockState:
    if run.stopped_at is None:
        run = _passed(run, at, calendars)
    due, remaining = _due(run, run.at, calendars), run.left
    if run.paused_since is None:
        remaining = _between(run.unit, run.at, due.at, calendars[run.calendar])
    return ClockState(
        clock=run.clock,
        run=run.number,
        started_at=run.started_at,
        due_at=due.at,
        estimated=due.estimated,
        paused_since=run.paused_since,
        stopped_at=run.stopped_at,
        elapsed=run.elapsed,
        paused=run.paused,
        remaining=remaining,
        calendar=run.calendar,
    )


def _between(unit: Unit, start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    return working_time_between(start, end, calendar) if unit in IN_WORKING_TIME else end - start


def _forward(unit: Unit, start: datetime, length: timedelta, calendar: WorkCalendar) -> Deadline:
    """`length` after `start` as the unit counts; natural days end with the first close of business from there."""
    if unit in IN_WORKING_TIME:
        return after_working_time(start, length, calendar)
    if unit == "natural_days":
        return next_close_of_business(start + length, calendar)
    return Deadline(start + length, estimated=False)
