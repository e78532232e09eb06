"""Deadlines: docs/algorithms/deadlines.md, example by example and by property."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from huakai.kernel.calendar import (
    DayHours,
    Span,
    Unit,
    WorkCalendar,
    YearCalendar,
    coverage,
    deadline_after,
    is_workday,
    working_minutes_between,
)
from huakai.kernel.clock import CHINA

HOURS = DayHours(((time(8, 30), time(12)), (time(13, 30), time(17, 30))))
FILES = Path(__file__).parents[2] / "packs" / "base" / "calendar"


@cache
def published() -> WorkCalendar:
    years = {}
    for path in FILES.glob("2*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        off = {
            day: each["name"] for each in data["holidays"] for day in _days(each["first_on"], each["last_on"])
        }
        work = {day: each["name"] for each in data["holidays"] for day in each.get("work_on", ())}
        years[data["year"]] = YearCalendar(data["year"], off, work, data["source"])
    return WorkCalendar(years, HOURS)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "ends"),
    [
        pytest.param("2026-02-12 10:00", 10, "working_days", "2026-03-04 17:30", id="E2.8 2026-02-12"),
        pytest.param("2026-04-30 10:00", 10, "working_days", "2026-05-18 17:30", id="E2.8 2026-04-30"),
        pytest.param("2026-09-22 10:00", 10, "working_days", "2026-10-13 17:30", id="E2.8 2026-09-22"),
        pytest.param("2026-09-28 10:00", 10, "working_days", "2026-10-16 17:30", id="E2.8 2026-09-28"),
        ("2026-02-12 23:59", 10, "working_days", "2026-03-04 17:30"),
        ("2026-02-13 00:01", 1, "working_days", "2026-02-14 17:30"),
        ("2026-03-09 10:00", Decimal("0.5"), "working_days", "2026-03-09 15:15"),
        ("2026-03-09 10:00", Decimal("1.5"), "working_days", "2026-03-11 13:45"),
        ("2026-03-06 16:30", 2, "working_hours", "2026-03-09 09:30"),
        ("2026-03-06 16:30", 1, "working_hours", "2026-03-06 17:30"),
        ("2026-03-06 11:00", 1, "working_hours", "2026-03-06 12:00"),
        ("2026-03-06 12:30", 1, "working_hours", "2026-03-06 14:30"),
        ("2026-03-07 03:00", Decimal("7.5"), "working_hours", "2026-03-09 17:30"),
        ("2026-03-06 16:30", 2, "emergency_hours", "2026-03-06 18:30"),
        ("2026-03-06 16:30", Decimal("0.25"), "natural_hours", "2026-03-06 16:45"),
        ("2026-09-30 09:00", 3, "natural_days", "2026-10-08 17:30"),
        ("2026-03-02 09:00", 3, "natural_days", "2026-03-05 17:30"),
    ],
)
def test_a_deadline_is_where_the_law_puts_it(
    start: str, amount: Decimal | int, unit: Unit, ends: str
) -> None:
    deadline = deadline_after(china(start), Span(amount, unit), published())
    assert deadline.at.astimezone(CHINA) == china(ends)
    assert not deadline.estimated
    assert deadline.at.tzinfo is UTC


@pytest.mark.parametrize("unit", ["working_hours", "working_days", "natural_days"])
def test_a_year_nobody_has_published_is_estimated_by_weekends(unit: Unit) -> None:
    start = china("2026-12-31 17:00")
    deadline = deadline_after(start, Span(1, unit), published())
    assert deadline.estimated
    assert deadline.at.astimezone(CHINA).date() == date(2027, 1, 1)
    far = deadline_after(china("2030-01-05 10:00"), Span(300, unit), published())
    assert far.estimated


def test_hours_that_never_stop_are_never_estimated() -> None:
    assert not deadline_after(china("2030-01-05 10:00"), Span(2, "emergency_hours"), published()).estimated


def test_an_answer_within_published_years_is_not_touched_by_the_next_one() -> None:
    assert not deadline_after(china("2026-12-31 09:00"), Span(2, "working_hours"), published()).estimated
    assert coverage(published()) == 2026
    assert coverage(WorkCalendar({}, HOURS)) is None


def test_a_notice_may_name_a_day_of_the_year_before() -> None:
    spill = YearCalendar(2027, {date(2026, 12, 31): "元旦"}, {date(2026, 12, 27): "元旦"})
    calendar = WorkCalendar({**published().years, 2027: spill}, HOURS)
    assert is_workday(date(2026, 12, 31), calendar) == (False, False)
    assert is_workday(date(2026, 12, 27), calendar) == (True, False)


@pytest.mark.parametrize(("year", "workdays", "made_up"), [(2024, 251, 8), (2025, 248, 5), (2026, 248, 6)])
def test_the_shipped_years_have_as_many_workdays_as_the_notices_give(
    year: int, workdays: int, made_up: int
) -> None:
    days = _days(date(year, 1, 1), date(year, 12, 31))
    assert sum(is_workday(day, published())[0] for day in days) == workdays
    assert len(published().years[year].workdays) == made_up


def test_working_minutes_between_counts_office_hours_only() -> None:
    friday, monday = china("2026-03-06 16:30"), china("2026-03-09 09:30:59")
    assert working_minutes_between(friday, monday, published()) == 120
    assert working_minutes_between(monday, friday, published()) == -120
    assert working_minutes_between(china("2026-10-01 00:00"), china("2026-10-07 23:59"), published()) == 0


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        Span(0, "working_days")
    for spans in ((), ((time(12), time(8)),), ((time(8), time(12)), (time(12), time(13)))):
        with pytest.raises(ValueError, match="do not touch"):
            DayHours(spans)


starts = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=CHINA))  # noqa: DTZ001
quarters = st.integers(1, 400).map(lambda n: Decimal(n) / 4)
working_units = st.sampled_from(["working_hours", "working_days", "natural_days"])


@settings(max_examples=150, deadline=None)
@given(starts, starts, quarters, quarters, working_units)
def test_later_starts_and_longer_spans_never_end_earlier(
    one: datetime, two: datetime, short: Decimal, long: Decimal, unit: Unit
) -> None:
    (one, two), (short, long) = sorted((one, two)), sorted((short, long))
    first = deadline_after(one, Span(short, unit), published())
    assert first.at <= deadline_after(two, Span(short, unit), published()).at
    assert first.at <= deadline_after(one, Span(long, unit), published()).at
    assert first.at > one


@settings(max_examples=150, deadline=None)
@given(starts, quarters, working_units)
def test_a_deadline_is_on_a_working_minute(start: datetime, amount: Decimal, unit: Unit) -> None:
    at = deadline_after(start, Span(amount, unit), published()).at.astimezone(CHINA)
    assert is_workday(at.date(), published())[0]
    assert any(opens < at.time() <= closes for opens, closes in HOURS.spans)


@settings(max_examples=150, deadline=None)
@given(starts, quarters, quarters)
def test_working_hours_compose_and_are_measured_back(start: datetime, one: Decimal, two: Decimal) -> None:
    middle = deadline_after(start, Span(one, "working_hours"), published())
    then = deadline_after(middle.at, Span(two, "working_hours"), published())
    at_once = deadline_after(start, Span(one + two, "working_hours"), published())
    assert then.at == at_once.at
    assert (middle.estimated or then.estimated) == at_once.estimated
    start = start.replace(second=0, microsecond=0)
    end = deadline_after(start, Span(one, "working_hours"), published())
    assert working_minutes_between(start, end.at, published()) == one * 60
