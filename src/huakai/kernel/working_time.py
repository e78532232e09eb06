"""Working time compiled year by year: sums that say “how much” and “until when” without walking the days."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

Works = Callable[[date], tuple[bool, bool]]
"""(works, estimated) of a day."""
ONE_DAY = timedelta(days=1)
NOTHING = timedelta()


class Year:
    """Sums over one year. Instants are UTC; days are counted from 0 on 1 January, spans and working days from 0 too.

    `before[n]` and `after[n]` are the working time of the year before and until the end of the n-th span of office
    hours; `worked[d]` and `guessed[d]` the working days and the estimated days before day d (one entry more than days).
    """

    __slots__ = (
        "after",
        "before",
        "closes",
        "day_closes",
        "day_opens",
        "first",
        "guessed",
        "opens",
        "per_day",
        "total",
        "workdays",
        "worked",
    )

    def __init__(self, year: int, works: Works, spans: Sequence[tuple[time, time]], zone: ZoneInfo) -> None:
        if not date.min.year <= year <= date.max.year:
            raise OverflowError("date value out of range")
        self.first = date(year, 1, 1).toordinal()
        days = [date.fromordinal(n) for n in range(self.first, date(year, 12, 31).toordinal() + 1)]
        known = [works(day) for day in days]
        self.workdays = [number for number, (works_then, _) in enumerate(known) if works_then]
        self.worked = list(accumulate((works_then for works_then, _ in known), initial=0))
        self.guessed = list(accumulate((guess for _, guess in known), initial=0))
        self.per_day = len(spans)
        edges = [
            tuple(datetime.combine(days[number], clock, zone).astimezone(UTC) for clock in span)
            for number in self.workdays
            for span in spans
        ]
        self.opens = [opens for opens, _ in edges]
        self.closes = [closes for _, closes in edges]
        self.day_opens = self.opens[:: self.per_day]
        self.day_closes = self.closes[self.per_day - 1 :: self.per_day]
        sums = list(accumulate((closes - opens for opens, closes in edges), initial=NOTHING))
        self.before, self.after, self.total = sums[:-1], sums[1:], sums[-1]

    def worked_until(self, at: datetime) -> timedelta:
        """Working time of the year before `at`."""
        number = bisect_right(self.opens, at) - 1
        if number < 0:
            return NOTHING
        return self.before[number] + (min(at, self.closes[number]) - self.opens[number])

    def is_guessed(self, first: int, last: int) -> bool:
        """Was a day from `first` to `last` (counted in, negative from the end) estimated?"""
        return self.guessed[last + 1 if last >= 0 else last] > self.guessed[first]


class WorkingTime:
    """The years of one calendar, each compiled when it is first asked for; never changed after."""

    def __init__(self, works: Works, spans: Sequence[tuple[time, time]], zone: ZoneInfo) -> None:
        self._works, self._spans, self._zone = works, spans, zone
        self._years: dict[int, Year] = {}

    def day(self, at: datetime) -> date:
        """The day of an instant in the calendar's zone."""
        return at.astimezone(self._zone).date()

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        first, last = self.day(start).year, self.day(end).year
        whole = sum((self._year(year).total for year in range(first, last)), NOTHING)
        return whole + self._year(last).worked_until(end) - self._year(first).worked_until(start)

    def forward(self, start: datetime, length: timedelta) -> tuple[datetime, bool]:
        """Use up `length` of office hours after `start`; ends with a span rather than at the next one's start.

        The second value: was a day from the day of `start` to that of the answer estimated?
        """
        if not length:
            return self.opening(start)
        day, number, guessed = self.day(start), 0, False
        year = self._year(day.year)
        first, left = day.toordinal() - year.first, year.worked_until(start) + length
        while left > year.total:
            left -= year.total
            guessed = guessed or year.is_guessed(first, -1)
            number += 1
            year, first = self._year(day.year + number), 0
        span = bisect_left(year.after, left)
        guessed = guessed or year.is_guessed(first, year.workdays[span // year.per_day])
        return year.opens[span] + (left - year.before[span]), guessed

    def backward(self, end: datetime, length: timedelta) -> datetime:
        """The last instant with `length` of office hours until `end`: an opening rather than the closing before it."""
        if not length:
            return end
        number = self.day(end).year
        left = self._year(number).worked_until(end) - length
        while left < NOTHING:
            number -= 1
            left += self._year(number).total
        year = self._year(number)
        span = bisect_right(year.before, left) - 1
        return year.opens[span] + (left - year.before[span])

    def opening(self, at: datetime) -> tuple[datetime, bool]:
        """`at` itself within office hours, else the next opening (a closing time is outside); was a day estimated?"""
        day, number, guessed = self.day(at), 0, False
        year = self._year(day.year)
        first, span = day.toordinal() - year.first, bisect_right(year.closes, at)
        while span == len(year.opens):
            guessed = guessed or year.is_guessed(first, -1)
            number += 1
            year, first, span = self._year(day.year + number), 0, 0
        guessed = guessed or year.is_guessed(first, year.workdays[span // year.per_day])
        return max(at, year.opens[span]), guessed

    def close_of(self, day: date, count: int) -> tuple[datetime, bool]:
        """Close of business of the `count`-th working day from `day` on (1: `day` itself when it works); estimated?"""
        number, guessed = day.year, False
        year = self._year(number)
        first = day.toordinal() - year.first
        place = year.worked[first] + count
        while place > len(year.workdays):
            place -= len(year.workdays)
            guessed = guessed or year.is_guessed(first, -1)
            number += 1
            year, first = self._year(number), 0
        guessed = guessed or year.is_guessed(first, year.workdays[place - 1])
        return year.day_closes[place - 1], guessed

    def open_of(self, day: date, count: int) -> datetime:
        """Opening of the `count`-th working day from `day` backwards (1: `day` itself when it works)."""
        number = day.year
        year = self._year(number)
        place = year.worked[day.toordinal() - year.first + 1] - count
        while place < 0:
            number -= 1
            year = self._year(number)
            place += len(year.workdays)
        return year.day_opens[place]

    def _year(self, number: int) -> Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = Year(number, self._works, self._spans, self._zone)
        return year
