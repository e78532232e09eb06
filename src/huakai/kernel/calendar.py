"""The working calendar: statutory holidays, make-up workdays (调休), office hours, and deadlines counted on them.

Years nobody has published yet are counted by weekends alone and the answer is marked as an estimate (预估).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from huakai.kernel.clock import CHINA

Unit = Literal["emergency_hours", "working_hours", "working_days", "natural_days", "natural_hours"]
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class YearCalendar:
    """One year as its notice sets it: days off and days worked against the week, with the notice's number."""

    year: int
    holidays: Mapping[date, str]
    workdays: Mapping[date, str]
    source: str = ""


@dataclass(frozen=True)
class DayHours:
    """Office hours of a working day: spans in order that do not touch, such as 8:30–12:00 and 13:30–17:30."""

    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("office hours are spans in order that do not touch")

    @property
    def length(self) -> timedelta:
        """Working time of one day."""
        return sum((_length(start, end) for start, end in self.spans), timedelta())


@dataclass(frozen=True)
class WorkCalendar:
    """Published years and the office hours, in one time zone."""

    years: Mapping[int, YearCalendar]
    hours: DayHours
    zone: ZoneInfo = CHINA


@dataclass(frozen=True)
class Span:
    """A length of time in a unit of the calendar."""

    amount: Decimal | int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a span is longer than nothing")


@dataclass(frozen=True)
class Deadline:
    """An instant; `estimated` when a year without a published calendar was counted."""

    at: datetime
    estimated: bool


def coverage(calendar: WorkCalendar) -> int | None:
    """The last published year."""
    return max(calendar.years, default=None)


def is_workday(day: date, calendar: WorkCalendar) -> tuple[bool, bool]:
    """(works, estimated). A notice may also name days of the neighbouring year (31 December)."""
    for year in (day.year, day.year + 1, day.year - 1):
        published = calendar.years.get(year)
        if published is not None and day in published.holidays:
            return False, False
        if published is not None and day in published.workdays:
            return True, False
    return day.weekday() < SATURDAY, day.year not in calendar.years


def deadline_after(start: datetime, span: Span, calendar: WorkCalendar) -> Deadline:
    """When a span that begins at `start` is over. docs/algorithms/deadlines.md tells how each unit counts."""
    start = start.astimezone(UTC)
    match span.unit:
        case "emergency_hours" | "natural_hours":
            return Deadline(start + _hours(span.amount), estimated=False)
        case "working_hours":
            return _after_working_time(start, _hours(span.amount), calendar)
        case "working_days":
            return _after_working_days(start, Decimal(span.amount), calendar)
        case "natural_days":
            return _after_natural_days(start, math.ceil(span.amount), calendar)
        case _:
            assert_never(span.unit)


def working_minutes_between(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Whole working minutes from `start` to `end`; negative when `end` comes first."""
    if end < start:
        return -working_minutes_between(end, start, calendar)
    total = timedelta()
    last = end.astimezone(calendar.zone).date()
    for day, _ in _workdays_from(start.astimezone(calendar.zone).date(), calendar):
        if day > last:
            break
        for opens, closes in _spans_of(day, calendar):
            total += max(timedelta(), min(closes, end) - max(opens, start))
    return total // timedelta(minutes=1)


def _after_working_time(start: datetime, length: timedelta, calendar: WorkCalendar) -> Deadline:
    """Use up `length` of office hours from `start` on; ends with a span rather than at the next one's start."""
    left = length
    for day, estimated in _workdays_from(start.astimezone(calendar.zone).date(), calendar):
        for opens, closes in _spans_of(day, calendar):
            begins = max(opens, start)
            if closes > begins and left <= closes - begins:
                return Deadline(begins + left, estimated)
            left -= max(timedelta(), closes - begins)
    raise AssertionError("workdays never end")


def _after_working_days(start: datetime, amount: Decimal, calendar: WorkCalendar) -> Deadline:
    """Close of business of the n-th working day after the day of `start`; a part of a day is office hours on top."""
    whole = int(amount)
    part = calendar.hours.length * float(amount - whole)
    at, estimated = start, False
    if whole:
        first = start.astimezone(calendar.zone).date() + ONE_DAY
        for number, (day, guessed) in enumerate(_workdays_from(first, calendar), start=1):
            if number == whole:
                at, estimated = _spans_of(day, calendar)[-1][1], guessed
                break
    if not part:
        return Deadline(at, estimated)
    rest = _after_working_time(at, part, calendar)
    return Deadline(rest.at, estimated or rest.estimated)


def _after_natural_days(start: datetime, amount: int, calendar: WorkCalendar) -> Deadline:
    """Close of business of the n-th day after the day of `start`; a day off moves it to the next working day."""
    last = start.astimezone(calendar.zone).date() + amount * ONE_DAY
    day, estimated = next(_workdays_from(last, calendar))
    return Deadline(_spans_of(day, calendar)[-1][1], estimated)


def _workdays_from(day: date, calendar: WorkCalendar) -> Iterator[tuple[date, bool]]:
    """Working days from `day` on, each with whether anything was estimated up to it."""
    estimated = False
    while True:
        works, guessed = is_workday(day, calendar)
        estimated = estimated or guessed
        if works:
            yield day, estimated
        day += ONE_DAY


def _spans_of(day: date, calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    """The office hours of a day as UTC instants."""
    return [
        (_instant(day, opens, calendar), _instant(day, closes, calendar))
        for opens, closes in calendar.hours.spans
    ]


def _instant(day: date, clock: time, calendar: WorkCalendar) -> datetime:
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)


def _hours(amount: Decimal | int) -> timedelta:
    return timedelta(microseconds=int(amount * 3_600_000_000))


def _length(start: time, end: time) -> timedelta:
    return timedelta(hours=end.hour - start.hour, minutes=end.minute - start.minute)
