"""Stretches of days: years, halves, quarters, months, and anything between two days."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gonghui.base import clock
from gonghui.base.errors import DomainError

_DAY = timedelta(days=1)
_QUARTERS = "一二三四"


def add_months(day: date, months: int) -> date:
    """The same day some months later (or earlier); the month's last day where there is none."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise DomainError(
                f"结束日期{self.end}早于开始日期{self.start}，请核对", field="end", code="period"
            )

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def half(cls, year: int, number: int) -> Period:
        """The first or the second half of a year."""
        return cls._part(year, number, 6)

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        """A quarter of a year, 1 to 4."""
        return cls._part(year, number, 3)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        return cls._part(year, month, 1)

    @classmethod
    def year_to_date(cls, day: date) -> Period:
        """From New Year's Day to that day."""
        return cls(date(day.year, 1, 1), day)

    @classmethod
    def _part(cls, year: int, number: int, months: int) -> Period:
        if not 1 <= number <= 12 // months:
            raise ValueError(f"a year has no part {number} of {months} months")
        start = date(year, (number - 1) * months + 1, 1)
        return cls(start, add_months(start, months - 1).replace(day=_last(start, months - 1)))

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def whole_months(self) -> int:
        """How many calendar months it consists of; 0 if it begins or ends inside one."""
        if self.start.day != 1 or (self.end + _DAY).day != 1:
            return 0
        return _month_number(self.end) - _month_number(self.start) + 1

    def months(self) -> Iterator[Period]:
        """Its pieces month by month, in order; the first and the last may be incomplete."""
        start = self.start
        while start <= self.end:
            end = min(start.replace(day=_last(start)), self.end)
            yield Period(start, end)
            start = end + _DAY

    def a_year_earlier(self) -> Period:
        """The same days one year before, for comparison (同比).

        29 February becomes 28 February; whole months stay whole, so February 2013 is compared
        with all 29 days of February 2012.
        """
        return self._shifted(-12)

    def preceding(self) -> Period:
        """The period of the same kind before it (环比).

        Before a year comes a year, before whole months as many months, before a year to date
        the same stretch of last year, before any other days as many days.
        """
        if self.whole_months:
            return self._shifted(-self.whole_months)
        if (self.start.month, self.start.day) == (1, 1) and self.start.year == self.end.year:
            return self.a_year_earlier()
        return Period(self.start - self.days * _DAY, self.start - _DAY)

    def _shifted(self, months: int) -> Period:
        start, end = add_months(self.start, months), add_months(self.end, months)
        return Period(start, end.replace(day=_last(end)) if self.whole_months else end)

    def label(self) -> str:
        """How a Chinese text names it: 2012年上半年, 2012年1月1日至8月15日."""
        first, last = self.start, self.end
        months = self.whole_months
        if months:
            return self._label_of_months(months)
        text = f"{first.year}年{first.month}月{first.day}日"
        if first == last:
            return text
        return f"{text}至{_year_unless(last, first)}{last.month}月{last.day}日"

    def _label_of_months(self, months: int) -> str:
        first, last = self.start, self.end
        name = f"{first.year}年"
        before = first.month - 1
        if months % 12 == 0 and before == 0:
            return name if months == 12 else f"{name}至{last.year}年"
        if months == 6 and before % 6 == 0:
            return name + ("下半年" if before else "上半年")
        if months == 3 and before % 3 == 0:
            return f"{name}{_QUARTERS[before // 3]}季度"
        if months == 1:
            return f"{name}{first.month}月"
        return f"{name}{first.month}月至{_year_unless(last, first)}{last.month}月"


def overlap(a: Period, b: Period) -> Period | None:
    """The days that lie in both periods, or None."""
    start, end = max(a.start, b.start), min(a.end, b.end)
    return Period(start, end) if start <= end else None


def _last(day: date, months: int = 0) -> int:
    later = add_months(day.replace(day=1), months)
    return calendar.monthrange(later.year, later.month)[1]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month


def _year_unless(day: date, other: date) -> str:
    return "" if day.year == other.year else f"{day.year}年"


_RELATIVE: dict[str, Callable[[date], Period]] = {
    "年初至今": Period.year_to_date,
    "今年以来": Period.year_to_date,
    "上半年": lambda day: Period.half(day.year, 1),
    "下半年": lambda day: Period.half(day.year, 2),
    "今年": lambda day: Period.year(day.year),
    "本年": lambda day: Period.year(day.year),
    "全年": lambda day: Period.year(day.year),
    "去年": lambda day: Period.year(day.year - 1),
    "上年": lambda day: Period.year(day.year - 1),
    "本季度": lambda day: Period.quarter(day.year, (day.month + 2) // 3),
    "上季度": lambda day: Period.quarter(day.year, (day.month + 2) // 3).preceding(),
    "本月": lambda day: Period.month(day.year, day.month),
    "上月": lambda day: Period.month(day.year, day.month).preceding(),
    "今天": lambda day: Period(day, day),
}
_ISO_DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_WRITTEN: tuple[tuple[re.Pattern[str], Callable[..., Period]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (r"([0-9]{4})年?", lambda year: Period.year(int(year))),
        (r"([0-9]{4})H([12])", lambda year, part: Period.half(int(year), int(part))),
        (
            r"([0-9]{4})年?([上下])半年",
            lambda year, part: Period.half(int(year), "上下".index(part) + 1),
        ),
        (r"([0-9]{4})Q([1-4])", lambda year, part: Period.quarter(int(year), int(part))),
        (
            r"([0-9]{4})年?第?([一二三四1-4])季度",
            lambda year, part: Period.quarter(int(year), "一二三四1234".index(part) % 4 + 1),
        ),
        (r"([0-9]{4})-([0-9]{1,2})", lambda year, month: _month_of(year, month)),
        (f"({_ISO_DAY})", lambda day: Period(_day(day), _day(day))),
        (
            rf"({_ISO_DAY})(?:\.\.|至|到|~|—+)({_ISO_DAY})",
            lambda start, end: Period(_day(start), _day(end)),
        ),
        (rf"截[至止]({_ISO_DAY})", lambda day: Period.year_to_date(_day(day))),
    )
)


def parse_period(text: str, on: date | None = None) -> Period:
    """The period that a user means; words such as 上半年 and 年初至今 count from `on` (or today).

    截至 a day means from New Year's Day of that year.
    """
    tidy = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if tidy in _RELATIVE:
        return _RELATIVE[tidy](on or clock.today())
    iso = re.sub(r"([0-9]{4})[年/.]([0-9]{1,2})(?:[月/.]([0-9]{1,2})日?|月|$)", _to_iso, tidy)
    try:
        for pattern, make in _WRITTEN:
            if match := pattern.fullmatch(iso):
                return make(*match.groups())
    except ValueError:
        raise DomainError(f"期间“{text}”含不存在的日期，请核对", code="period") from None
    raise DomainError(
        f"期间“{text}”看不懂，可写2012、2012年上半年、2012Q2、2012-06、2012-01-01..2012-06-30、年初至今",
        code="period",
    )


def _to_iso(match: re.Match[str]) -> str:
    return "-".join(part for part in match.groups() if part)


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def _month_of(year: str, month: str) -> Period:
    return Period.month(int(year), int(month))
