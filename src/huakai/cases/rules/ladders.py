"""The escalation ladder beside a clock: what is due, and when to look again. docs/algorithms/escalation.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from huakai.cases.rules.clocks import ClockState
from huakai.kernel.calendar import Span, WorkCalendar, deadline_after, moment_before, next_working_moment

Done = frozenset[tuple[int, str]]
"""(run, rung) of one clock, as they stand in the table whose key lets each happen once."""


@dataclass(frozen=True)
class Rung:
    """One rung: so long before or after the deadline, `act` happens. No span: at the deadline itself.

    Only an emergency may happen at night or on a day off. Codes are unique within a ladder.
    """

    code: str
    when: Literal["before", "after"]
    span: Span | None
    emergency: bool
    act: str


def rung_at(due_at: datetime, rung: Rung, calendar: WorkCalendar) -> datetime:
    """When a rung happens: counted in its own unit from the deadline, in quiet times moved to the next opening."""
    if rung.span is None:
        at = due_at
    elif rung.when == "before":
        at = moment_before(due_at, rung.span, calendar)
    else:
        at = deadline_after(due_at, rung.span, calendar).at
    return _not_in_quiet(at, rung, calendar)


def rungs_due(
    state: ClockState, ladder: Sequence[Rung], done: Done, *, now: datetime, calendar: WorkCalendar
) -> tuple[Rung, ...]:
    """The rungs that must happen now, earliest first; none while the clock is paused or stopped.

    A rung that was missed (the worker stood still, the clock resumed late) waits for office hours like any other.
    """
    waiting = [
        (rung_at(state.due_at, rung, calendar), place, rung)
        for place, rung in enumerate(_waiting(state, ladder, done))
    ]
    ready = [each for each in waiting if _not_in_quiet(max(each[0], now), each[2], calendar) <= now]
    return tuple(rung for _, _, rung in sorted(ready, key=lambda each: each[:2]))


def next_act_at(
    states: Iterable[ClockState],
    ladders: Mapping[str, Sequence[Rung]],
    done: Mapping[str, Done],
    calendars: Mapping[UUID, WorkCalendar],
    *,
    now: datetime,
) -> datetime | None:
    """When a rung of this case must happen next, by the clocks' codes: `now` when one is due, None when none is left.

    `rungs_due` of any state is empty before that moment and of one state not empty at it.
    """
    return min(
        (
            _not_in_quiet(max(rung_at(state.due_at, rung, calendar), now), rung, calendar)
            for state in states
            for calendar in (calendars[state.calendar],)
            for rung in _waiting(state, ladders.get(state.clock, ()), done.get(state.clock, frozenset()))
        ),
        default=None,
    )


def _waiting(state: ClockState, ladder: Sequence[Rung], done: Done) -> list[Rung]:
    if state.paused_since is not None or state.stopped_at is not None:
        return []
    return [rung for rung in ladder if (state.run, rung.code) not in done]


def _not_in_quiet(at: datetime, rung: Rung, calendar: WorkCalendar) -> datetime:
    return at if rung.emergency else next_working_moment(at, calendar)
