"""C09: what a sentence says of time before a figure, beside the days that the figure was read for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from gonghui.base.numerals import read_numeral
from gonghui.base.periods import Period
from gonghui.lines.reports.problems import Problem
from gonghui.lines.reports.standing import Standing

_COUNTED: Final = frozenset({"数", "率", "差", "比"})


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a figure; of a stock the last one alone counts. `today` is the report's own day."""

    period: Period
    is_point: bool
    today: date

    def is_(self, period: Period) -> bool:
        """Whether it was read for just these days, or at their end."""
        return self.period.end == period.end if self.is_point else self.period == period

    def within(self, period: Period) -> bool:
        """Whether nothing outside these days is in it."""
        return self.period.end in period and (self.is_point or self.period.start in period)


_Fits = Callable[[re.Match[str], _Days], bool]


def _year(text: str | None, days: _Days) -> int:
    return int(text) if text else days.today.year


def _to_day(found: re.Match[str], days: _Days) -> bool:
    year, month = _year(found[1], days), int(found[2])
    if not 1 <= month <= 12:
        return True
    end = Period.month(year, month).end
    wanted = min(int(found[3]), end.day) if found[3] else end.day
    return days.period.end == end.replace(day=max(wanted, 1))


def _to_now(_: re.Match[str], days: _Days) -> bool:
    return days.period.end == days.today


def _half(number: int) -> _Fits:
    return lambda found, days: days.is_(Period.half(_year(found[1], days), number))


def _quarter(found: re.Match[str], days: _Days) -> bool:
    number = int(found[2]) if found[2].isdecimal() else read_numeral(found[2])
    return days.is_(Period.quarter(_year(found[1], days), number))


def _since_new_year(_: re.Match[str], days: _Days) -> bool:
    return days.is_(Period.year_to_date(days.today))


def _months(found: re.Match[str], days: _Days) -> bool:
    first, last = int(found[2]), int(found[3])
    if not 1 <= first <= last <= 12:
        return True
    year = _year(found[1], days)
    return days.is_(Period(Period.month(year, first).start, Period.month(year, last).end))


def _month(found: re.Match[str], days: _Days) -> bool:
    month = int(found[2])
    return not 1 <= month <= 12 or days.within(Period.month(_year(found[1], days), month))


def _last_year(_: re.Match[str], days: _Days) -> bool:
    return days.within(Period.year(days.today.year - 1))


def _this_year(found: re.Match[str], days: _Days) -> bool:
    return days.within(Period.year(days.today.year))


def _named_year(found: re.Match[str], days: _Days) -> bool:
    return days.within(Period.year(int(found[1])))


def _anything(_: re.Match[str], _days: _Days) -> bool:
    return True


_Y: Final = r"(?:((?:19|20)\d\d)年|今年|本年)?"
# In this order at each place of the text: what is longer comes first.
_PHRASES: Final[tuple[tuple[re.Pattern[str], _Fits], ...]] = tuple(
    (re.compile(pattern), fits)
    for pattern, fits in (
        # What a change is measured against says nothing of the figure's own days.
        (r"(?:去年|上年|前年)(?:同期|同时)", _anything),
        (rf"截[至止]到?{_Y}(\d{{1,2}})月(?:(\d{{1,2}})日|底|末|份)?", _to_day),
        (r"(?:截[至止]到?)?(?:目前|现在|当前)(?:为止)?|截[至止]今|至今", _to_now),
        (rf"{_Y}上半年", _half(1)),
        (rf"{_Y}下半年", _half(2)),
        (rf"{_Y}第?([一二三四1-4])季度", _quarter),
        (r"(?:今年|年初|今年年初|今年初|新年)以来", _since_new_year),
        (r"活动(?:开展|启动|开始)?(?:以来|期间|中)", _anything),
        (rf"{_Y}(\d{{1,2}})月?(?:至|到|—|-|–)(\d{{1,2}})月份?", _months),
        # A day is when something took place, seldom what a figure was read for.
        (rf"{_Y}\d{{1,2}}月\d{{1,2}}日", _anything),
        (rf"{_Y}(\d{{1,2}})月份?", _month),
        (r"去年|上年", _last_year),
        (r"今年|本年", _this_year),
        (r"((?:19|20)\d\d)年", _named_year),
    )
)


def time_problems(there: Iterable[Standing], today: date) -> Iterator[Problem]:
    """A hint for each figure whose days are not those that the last words about time before it name."""
    for each in there:
        figure = each.figure
        if figure.kind not in _COUNTED or figure.period_from is None or figure.period_to is None:
            continue
        period = Period(figure.period_from, figure.period_to)
        days = _Days(period, period.start == period.end, today)
        last = _last_phrase(each.before)
        if last is None:
            continue
        found, fits = last
        if not fits(found, days):
            yield Problem(
                place=each.place,
                rule="C09",
                says=f"“{found[0]}”后面的“{figure.name}”{figure.printed}取的是{figure.period}的数。",
                remedy=f"请改为{_proper(days)}，或改取与文字一致的期间。",
                is_error=False,
            )


def _last_phrase(before: str) -> tuple[re.Match[str], _Fits] | None:
    last: tuple[re.Match[str], _Fits] | None = None
    position = 0
    while position < len(before):
        here = [
            (found, fits)
            for pattern, fits in _PHRASES
            if (found := pattern.match(before, position))
        ]
        if here:
            last = here[0]
        position = here[0][0].end() if here else position + 1
    return last


def _proper(days: _Days) -> str:
    """How the days of a figure are properly called."""
    if days.is_(Period.half(days.period.end.year, 1)):
        return "“上半年”或“截至6月底”"
    if days.period.end == days.today:
        return "“目前”" if days.is_point else "“今年以来”或“截至目前”"
    return f"“{days.period.label()}”"
