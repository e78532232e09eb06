"""`huakai bench deadlines`: evaluations a second of deadlines, clocks and ladders; one core, no database."""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args
from uuid import UUID

import yaml

from huakai.cases import rules
from huakai.config import terminal
from huakai.config.env import PROJECT_ROOT
from huakai.kernel.calendar import (
    Span,
    Unit,
    WorkCalendar,
    deadline_after,
    moment_before,
    working_time_between,
)
from huakai.packs import rules as packs
from huakai.packs.definitions import CalendarHours, CalendarYear
from huakai.packs.types import PackView

ROUNDS = 7
COUNT = 20_000
TARGET = 50_000
EDITION = UUID(int=1)
Job = Callable[[], object]


def main() -> int:
    """Measure every question in turn, round by round, and tell the medians."""
    calendar = published()
    jobs = questions(calendar)
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS + 1):  # the first warms the calendar and is thrown away
        for name, (count, job) in jobs.items():
            begun = time.process_time()
            job()
            rates[name].append(count / (time.process_time() - begun))
    terminal.plain(f"\n{ROUNDS} rounds; a core's CPU time; target {TARGET:,} deadlines a second\n")
    terminal.plain(f"{'':34} {'per s':>10} {'least':>10} {'most':>10} {'µs each':>9}")
    for name, measured in rates.items():
        kept = measured[1:]
        middle = statistics.median(kept)
        terminal.plain(
            f"{name:34} {middle:10,.0f} {min(kept):10,.0f} {max(kept):10,.0f} {1_000_000 / middle:9.1f}"
        )
    return 0


def published() -> WorkCalendar:
    """The calendar of the base pack's files."""
    models = {}
    for path in (PROJECT_ROOT / "packs/base/calendar").glob("*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        model = CalendarHours if path.stem == "hours" else CalendarYear
        models["calendar", path.stem] = model.model_validate(data)
    return packs.calendar_of(PackView(pack_code="base", title="", title_en="", root_code="", models=models))


def questions(calendar: WorkCalendar) -> dict[str, tuple[int, Job]]:
    """Each question with how many answers one call of it gives."""
    chance = random.Random(1)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(seconds=chance.randrange(365 * 86_400)) for _ in range(COUNT)]
    spans = {
        unit: [Span(Decimal(chance.randrange(1, 120)) / 4, unit) for _ in starts] for unit in get_args(Unit)
    }
    mixed = [spans[chance.choice(list(spans))][number] for number in range(COUNT)]
    far = [Span(chance.randrange(200, 251), "working_days") for _ in starts]

    def deadlines(lengths: list[Span]) -> Job:
        return lambda: [deadline_after(at, span, calendar) for at, span in zip(starts, lengths, strict=True)]

    asked: dict[str, tuple[int, Job]] = {
        f"deadline, {unit}": (COUNT, deadlines(lengths)) for unit, lengths in spans.items()
    }
    asked["deadline, mixed"] = COUNT, deadlines(mixed)
    asked["deadline, 200 to 250 working days"] = COUNT, deadlines(far)
    asked["moment before, mixed"] = (
        COUNT,
        lambda: [moment_before(at, span, calendar) for at, span in zip(starts, mixed, strict=True)],
    )
    asked["working time between two instants"] = (
        COUNT,
        lambda: [
            working_time_between(at, to, calendar) for at, to in zip(starts, reversed(starts), strict=True)
        ],
    )
    ledgers = [ledger(at, span) for at, span in zip(starts[:2000], spans["working_days"], strict=False)]
    asked["clock of four lines, and its ladder"] = (
        len(ledgers),
        lambda: [climb(each, calendar) for each in ledgers],
    )
    return asked


LADDER = (
    rules.Rung("remind", "before", Span(1, "working_days"), emergency=False, act="remind"),
    rules.Rung("missed", "after", None, emergency=False, act="tell"),
    rules.Rung("centre", "after", Span(4, "working_hours"), emergency=False, act="tell"),
    rules.Rung("supervise", "after", Span(2, "working_days"), emergency=False, act="order"),
)


def ledger(at: datetime, span: Span) -> list[rules.ClockEvent]:
    """Start, pause, resume, extension."""
    lines = (
        ("start", 0, span),
        ("pause", 30, None),
        ("resume", 80, None),
        ("extend", 90, Span(2, "working_days")),
    )
    return [
        rules.ClockEvent("finish", rules.ClockAct(act), at + timedelta(hours=hours), length, EDITION, 1)
        for act, hours, length in lines
    ]


def climb(events: list[rules.ClockEvent], calendar: WorkCalendar) -> datetime | None:
    """What a sweep asks of one case: where its clock stands, what is due, when to look again."""
    now = events[-1].at + timedelta(days=9)
    found = rules.states(events, now=now, calendars={EDITION: calendar})
    done = frozenset(
        (found[0].run, rung.code)
        for rung in rules.rungs_due(found[0], LADDER, frozenset(), now=now, calendar=calendar)
    )
    return rules.next_act_at(found, {"finish": LADDER}, {"finish": done}, {EDITION: calendar}, now=now)


if __name__ == "__main__":
    sys.exit(main())
