"""The compiled calendar answers what walking the days answers, on any calendar, and its new questions agree."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huakai.kernel.calendar import (
    DayHours,
    Deadline,
    Span,
    Unit,
    WorkCalendar,
    YearCalendar,
    after_working_time,
    deadline_after,
    is_workday,
    length_of,
    moment_before,
    next_close_of_business,
    next_working_moment,
    working_minutes_between,
    working_time_between,
)
from huakai.kernel.working_time import ONE_DAY, Year
from tests.kernel.test_calendar import HOURS, china, published

# The oracle: the plain rules, day by day, as docs/algorithms/deadlines.md tells them.


def walked(start: datetime, span: Span, calendar: WorkCalendar) -> Deadline:
    start = start.astimezone(UTC)
    first = start.astimezone(calendar.zone).date()
    match span.unit:
        case "emergency_hours" | "natural_hours":
            return Deadline(start + hours(span.amount), estimated=False)
        case "working_hours":
            return walked_time(start, hours(span.amount), calendar)
        case "working_days":
            return walked_days(start, Decimal(span.amount), calendar)
        case "natural_days":
            day, estimated = next(workdays(first + math.ceil(span.amount) * ONE_DAY, calendar))
            return Deadline(instants(day, calendar)[-1][1], estimated)


def walked_time(start: datetime, length: timedelta, calendar: WorkCalendar) -> Deadline:
    for day, estimated in workdays(start.astimezone(calendar.zone).date(), calendar):
        for opens, closes in instants(day, calendar):
            begins = max(opens, start)
            if closes > begins and length <= closes - begins:
                return Deadline(begins + length, estimated)
            length -= max(timedelta(), closes - begins)
    raise AssertionError


def walked_days(start: datetime, amount: Decimal, calendar: WorkCalendar) -> Deadline:
    whole, at, estimated = int(amount), start, False
    if whole:
        found = workdays(start.astimezone(calendar.zone).date() + ONE_DAY, calendar)
        for _ in range(whole):
            day, estimated = next(found)
        at = instants(day, calendar)[-1][1]
    part = calendar.hours.length * float(amount - whole)
    if not part:
        return Deadline(at, estimated)
    rest = walked_time(at, part, calendar)
    return Deadline(rest.at, estimated or rest.estimated)


def walked_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    total = timedelta()
    for day, _ in workdays(start.astimezone(calendar.zone).date(), calendar):
        if day > end.astimezone(calendar.zone).date():
            return total
        for opens, closes in instants(day, calendar):
            total += max(timedelta(), min(closes, end) - max(opens, start))
    raise AssertionError


def workdays(day: date, calendar: WorkCalendar) -> Iterator[tuple[date, bool]]:
    estimated = False
    while True:
        works, guessed = is_workday(day, calendar)
        estimated = estimated or guessed
        if works:
            yield day, estimated
        day += ONE_DAY


def instants(day: date, calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    def at(clock: time) -> datetime:
        return datetime.combine(day, clock, calendar.zone).astimezone(UTC)

    return [(at(opens), at(closes)) for opens, closes in calendar.hours.spans]


def hours(amount: Decimal | int) -> timedelta:
    return timedelta(microseconds=int(amount * 3_600_000_000))


days = st.dates(date(2023, 12, 25), date(2027, 1, 8))
offices = st.sampled_from(
    [HOURS, DayHours(((time(9), time(17)),)), DayHours(((time(6), time(7, 0, 30)), (time(8), time(23, 59))))]
)
zones = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Asia/Kathmandu")])


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any notices: days off and worked anywhere, also of neighbouring years; years missing between."""
    years = {}
    for year in draw(st.sets(st.sampled_from([2024, 2025, 2026]))):
        off = draw(st.frozensets(days, max_size=40))
        work = draw(st.frozensets(days, max_size=20)) - off
        years[year] = YearCalendar(year, dict.fromkeys(off, "休"), dict.fromkeys(work, "班"))
    return WorkCalendar(years, draw(offices), draw(zones))


any_calendar = st.one_of(st.just(published()), calendars())
instant = st.datetimes(datetime(2023, 12, 1), datetime(2027, 3, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
edges = st.builds(
    lambda day, clock: datetime.combine(day, clock, ZoneInfo("Asia/Shanghai")).astimezone(UTC),
    days,
    st.sampled_from([time(0), time(8, 30), time(12), time(13, 30), time(17, 30), time(23, 59, 59, 999_999)]),
)
starts = st.one_of(instant, edges)
amounts = st.one_of(
    st.integers(1, 300),
    st.integers(1, 400).map(lambda n: Decimal(n) / 4),
    st.decimals("0.000001", 60, places=6),
)
units = st.sampled_from(["emergency_hours", "natural_hours", "working_hours", "working_days", "natural_days"])


@settings(max_examples=400, deadline=None)
@given(starts, amounts, units, any_calendar)
def test_sums_and_walking_give_the_same_deadline(
    start: datetime, amount: Decimal, unit: Unit, calendar: WorkCalendar
) -> None:
    assert deadline_after(start, Span(amount, unit), calendar) == walked(start, Span(amount, unit), calendar)


@settings(max_examples=200, deadline=None)
@given(starts, starts, any_calendar)
def test_sums_and_walking_give_the_same_working_time(
    one: datetime, two: datetime, calendar: WorkCalendar
) -> None:
    one, two = sorted((one, two))
    assert working_time_between(one, two, calendar) == walked_between(one, two, calendar)
    assert working_time_between(two, one, calendar) == -walked_between(one, two, calendar)
    assert working_minutes_between(one, two, calendar) == walked_between(one, two, calendar) // timedelta(
        minutes=1
    )


@settings(max_examples=200, deadline=None)
@given(starts, starts, st.timedeltas(timedelta(microseconds=1), timedelta(hours=2000)), any_calendar)
def test_working_time_goes_forth_and_back(
    one: datetime, two: datetime, length: timedelta, calendar: WorkCalendar
) -> None:
    end = after_working_time(one, length, calendar)
    assert end == walked_time(one, length, calendar)
    assert working_time_between(one, end.at, calendar) == length
    assert calendar.working_time.backward(end.at, length) == next_working_moment(one, calendar)
    between = working_time_between(one, two, calendar)
    if between > timedelta():
        assert after_working_time(one, between, calendar).at <= two


@settings(max_examples=200, deadline=None)
@given(starts, any_calendar)
def test_the_next_working_moment_is_in_office_hours_and_nothing_lies_between(
    at: datetime, calendar: WorkCalendar
) -> None:
    found = next_working_moment(at, calendar)
    day = found.astimezone(calendar.zone).date()
    assert is_workday(day, calendar)[0]
    assert any(opens <= found < closes for opens, closes in instants(day, calendar))
    assert working_time_between(at, found, calendar) == timedelta()
    assert next_working_moment(found, calendar) == found
    assert after_working_time(at, timedelta(), calendar) == walked_time(at, timedelta(), calendar)


@settings(max_examples=200, deadline=None)
@given(starts, amounts, st.sampled_from(["working_hours", "working_days", "natural_days"]), any_calendar)
def test_a_span_before_a_moment_is_at_an_opening_and_leaves_the_whole_span(
    end: datetime, amount: Decimal, unit: Unit, calendar: WorkCalendar
) -> None:
    span = Span(amount, unit)
    at = moment_before(end, span, calendar)
    assert at < end
    assert deadline_after(at, span, calendar).at <= next_close_of_business(end, calendar).at
    if unit != "natural_days":
        assert working_time_between(at, end, calendar) >= length_of(span, calendar)
    if unit != "working_days" or amount >= 1:
        assert next_working_moment(at, calendar) == at


def test_lengths_are_working_time_or_the_wall_clock() -> None:
    assert length_of(Span(Decimal("1.5"), "working_hours"), published()) == timedelta(minutes=90)
    assert length_of(Span(Decimal("1.5"), "working_days"), published()) == timedelta(hours=11.25)
    assert length_of(Span(Decimal("1.5"), "natural_days"), published()) == timedelta(days=2)
    assert length_of(Span(2, "natural_hours"), published()) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("end", "amount", "unit", "at"),
    [
        ("2026-03-09 09:30", 2, "working_hours", "2026-03-06 16:30"),
        ("2026-03-06 14:30", 1, "working_hours", "2026-03-06 13:30"),
        ("2026-03-06 17:30", 8, "emergency_hours", "2026-03-06 09:30"),
        ("2026-03-04 17:30", 1, "working_days", "2026-03-03 08:30"),
        ("2026-02-24 17:30", 1, "working_days", "2026-02-14 08:30"),
        ("2026-03-04 17:30", Decimal("0.5"), "working_days", "2026-03-04 13:45"),
        ("2026-03-04 17:30", Decimal("1.5"), "working_days", "2026-03-02 13:45"),
        ("2026-10-09 17:30", 3, "natural_days", "2026-09-30 08:30"),
    ],
)
def test_a_reminder_lies_a_whole_span_before(end: str, amount: Decimal | int, unit: Unit, at: str) -> None:
    assert moment_before(china(end), Span(amount, unit), published()) == china(at)


def test_closing_time_is_outside_office_hours_and_still_close_of_business() -> None:
    friday = china("2026-03-06 17:30")
    assert next_working_moment(friday, published()) == china("2026-03-09 08:30")
    assert next_working_moment(china("2026-03-06 12:00"), published()) == china("2026-03-06 13:30")
    assert next_close_of_business(friday, published()).at == friday
    late = china("2026-03-06 17:31")
    assert next_close_of_business(late, published()).at == china("2026-03-09 17:30")


def test_a_calendar_is_compiled_once_and_time_has_an_end() -> None:
    calendar = published()
    assert calendar.working_time is calendar.working_time
    with pytest.raises(ValueError, match="forwards"):
        after_working_time(china("2026-03-06 12:00"), -ONE_DAY, calendar)
    with pytest.raises(OverflowError):
        deadline_after(datetime(9999, 12, 1, tzinfo=UTC), Span(300, "working_days"), calendar)
    with pytest.raises(OverflowError):
        Year(0, lambda day: (True, False), calendar.hours.spans, calendar.zone)
