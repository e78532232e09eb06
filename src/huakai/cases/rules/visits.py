"""Times a visit may be ordered for."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from huakai.kernel.clock import CHINA


def visit_slots(
    now: datetime, times: Iterable[str], *, notice_minutes: int, limit: int = 5
) -> list[datetime]:
    """The next times of day a visit may be ordered for, today first; aware, in the place's zone."""
    here, earliest = now.astimezone(CHINA), now + timedelta(minutes=notice_minutes)
    clocks = [time.fromisoformat(text) for text in sorted(times)]
    days = [here.date() + timedelta(days=ahead) for ahead in range(3)]
    slots = [datetime.combine(day, clock, tzinfo=CHINA) for day in days for clock in clocks]
    return [slot for slot in slots if slot >= earliest][:limit]
