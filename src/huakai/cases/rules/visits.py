"""Times a visit may be ordered for."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from huakai.cases.definitions import Flow
from huakai.cases.rules.clocks import due_at
from huakai.kernel.calendar import WorkCalendar
from huakai.kernel.clock import CHINA


def earliest_visit(flow: Flow, now: datetime, calendar: WorkCalendar, *, notice_minutes: int) -> datetime:
    """From when on a visit can be promised: dispatch may use up its whole working-hours clock, notice is natural."""
    clock, notice = flow.stage(flow.start).clock, now + timedelta(minutes=notice_minutes)
    return max(notice, due_at(clock, now, calendar).at) if clock else notice


def visit_slots(earliest: datetime, times: Iterable[str], *, limit: int = 5) -> list[datetime]:
    """The first times of day from `earliest` on at which a visit may be ordered; aware, in the place's zone."""
    clocks = _clocks(times)
    days = [earliest.astimezone(CHINA).date() + timedelta(days=ahead) for ahead in range(3)]
    slots = [datetime.combine(day, clock, tzinfo=CHINA) for day in days for clock in clocks]
    return [slot for slot in slots if slot >= earliest][:limit]


def visit_span(wanted: datetime, times: Iterable[str]) -> tuple[datetime, datetime] | None:
    """The offered time a wish falls into, up to the next one or midnight; None before the day's first."""
    here = wanted.astimezone(CHINA)
    clocks = _clocks(times)
    begun = [clock for clock in clocks if clock <= here.time()]
    if not begun:
        return None
    starts = datetime.combine(here.date(), begun[-1], tzinfo=CHINA)
    later = clocks[len(begun) :]
    midnight = datetime.combine(here.date(), time(), tzinfo=CHINA) + timedelta(days=1)
    return starts, datetime.combine(here.date(), later[0], tzinfo=CHINA) if later else midnight


def _clocks(times: Iterable[str]) -> list[time]:
    return [time.fromisoformat(text) for text in sorted(times)]
