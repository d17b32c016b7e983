"""Working days of China: weekdays, less the public holidays, plus the make-up days (调休)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from chinese_calendar import constants

_DAY = timedelta(days=1)
_FIRST_YEAR = 2010


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Which days are worked; years outside `years` know weekends only."""

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def covers(self, year: int) -> bool:
        """Whether the holidays of that year are known."""
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on that day."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it: where a deadline rolls over to."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after a day (before it, if negative); 0 is the day itself."""
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`.

        Negative if `last` is the earlier one, so a missed deadline shows as days below zero.
        """
        if last < first:
            return -self.working_days_between(last, first)
        span = (last - first).days
        return sum(self.is_working_day(first + n * _DAY) for n in range(1, span + 1))


@cache
def china_calendar() -> WorkCalendar:
    """The calendar as announced by the State Council for the years that are known so far."""
    holidays = frozenset(day for day in constants.holidays if day.year >= _FIRST_YEAR)
    make_up_days = frozenset(day for day in constants.workdays if day.year >= _FIRST_YEAR)
    return WorkCalendar(
        holidays=holidays,
        make_up_days=make_up_days,
        years=frozenset(day.year for day in holidays),
    )
