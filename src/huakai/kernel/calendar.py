"""The working calendar: statutory holidays, make-up workdays (调休), office hours, and deadlines counted on them.

Years nobody has published yet are counted by weekends alone and the answer is marked as an estimate (预估).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import pairwise
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from huakai.kernel.clock import CHINA
from huakai.kernel.working_time import ONE_DAY, WorkingTime

Unit = Literal["emergency_hours", "working_hours", "working_days", "natural_days", "natural_hours"]
SATURDAY = 5


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

    @cached_property
    def working_time(self) -> WorkingTime:
        """The calendar as sums over years, made once: keep a calendar, do not build it again for each question."""
        return WorkingTime(partial(is_workday, calendar=self), self.hours.spans, self.zone)


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
            return Deadline(*calendar.working_time.forward(start, _hours(span.amount)))
        case "working_days":
            return _after_working_days(start, Decimal(span.amount), calendar)
        case "natural_days":
            last = calendar.working_time.day(start) + math.ceil(span.amount) * ONE_DAY
            return Deadline(*calendar.working_time.close_of(last, 1))
        case _:
            assert_never(span.unit)


def moment_before(end: datetime, span: Span, calendar: WorkCalendar) -> datetime:
    """The mirror of `deadline_after`: a span before `end`, at an opening where a deadline would be at a closing.

    The day of `end` is not counted either; a day off moves the answer to the working day before it.
    """
    end = end.astimezone(UTC)
    match span.unit:
        case "emergency_hours" | "natural_hours":
            return end - _hours(span.amount)
        case "working_hours":
            return calendar.working_time.backward(end, _hours(span.amount))
        case "working_days":
            return _before_working_days(end, Decimal(span.amount), calendar)
        case "natural_days":
            first = calendar.working_time.day(end) - math.ceil(span.amount) * ONE_DAY
            return calendar.working_time.open_of(first, 1)
        case _:
            assert_never(span.unit)


def length_of(span: Span, calendar: WorkCalendar) -> timedelta:
    """The span as a plain length: of working time for working hours and days, of the wall clock for the others."""
    match span.unit:
        case "emergency_hours" | "natural_hours" | "working_hours":
            return _hours(span.amount)
        case "working_days":
            return _part(calendar.hours.length, Decimal(span.amount))
        case "natural_days":
            return math.ceil(span.amount) * ONE_DAY
        case _:
            assert_never(span.unit)


def after_working_time(start: datetime, length: timedelta, calendar: WorkCalendar) -> Deadline:
    """When `length` of office hours is used up; no length at all ends at the next working moment."""
    if length < timedelta():
        raise ValueError("working time is counted forwards")
    return Deadline(*calendar.working_time.forward(start.astimezone(UTC), length))


def working_time_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Office hours from `start` to `end`, to the microsecond; negative when `end` comes first."""
    return calendar.working_time.between(start.astimezone(UTC), end.astimezone(UTC))


def working_minutes_between(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Whole working minutes from `start` to `end`; negative when `end` comes first."""
    if end < start:
        return -working_minutes_between(end, start, calendar)
    return working_time_between(start, end, calendar) // timedelta(minutes=1)


def next_working_moment(at: datetime, calendar: WorkCalendar) -> datetime:
    """The same instant within office hours, else the next opening. At closing time the office is closed."""
    return calendar.working_time.opening(at.astimezone(UTC))[0]


def next_close_of_business(at: datetime, calendar: WorkCalendar) -> Deadline:
    """The first close of business at or after `at`."""
    at = at.astimezone(UTC)
    day = calendar.working_time.day(at)
    close, estimated = calendar.working_time.close_of(day, 1)
    if close < at:
        close, estimated = calendar.working_time.close_of(day + ONE_DAY, 1)
    return Deadline(close, estimated)


def _after_working_days(start: datetime, amount: Decimal, calendar: WorkCalendar) -> Deadline:
    """Close of business of the n-th working day after the day of `start`; a part of a day is office hours on top."""
    working_time, whole, at, estimated = calendar.working_time, int(amount), start, False
    if whole:
        at, estimated = working_time.close_of(working_time.day(start) + ONE_DAY, whole)
    part = _part(calendar.hours.length, amount - whole)
    if part:
        at, guessed = working_time.forward(at, part)
        estimated = estimated or guessed
    return Deadline(at, estimated)


def _before_working_days(end: datetime, amount: Decimal, calendar: WorkCalendar) -> datetime:
    """Opening of the n-th working day before the day of `end`; a part of a day is office hours before that."""
    working_time, whole, at = calendar.working_time, int(amount), end
    if whole:
        at = working_time.open_of(working_time.day(end) - ONE_DAY, whole)
    return working_time.backward(at, _part(calendar.hours.length, amount - whole))


def _part(length: timedelta, amount: Decimal) -> timedelta:
    return length * float(amount) if amount else timedelta()


def _hours(amount: Decimal | int) -> timedelta:
    return timedelta(microseconds=int(amount * 3_600_000_000))


def _length(start: time, end: time) -> timedelta:
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)
