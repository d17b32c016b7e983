"""Numbers and days as words: the printed form, the exact form, the direction of a change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from gonghui.base.wording import NotTrue, judge, percent, phrase

from .kinds import Style
from .sources import FigureKind, IndicatorInfo

PERCENT: Final = "%"
POINTS: Final = "个百分点"
_RATIO_UNITS: Final = frozenset({"%", "ratio", "比率"})
_DIGITS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The printed text of a tag; `untrue` says why the asked words are not true of the value."""

    printed: str
    word: str = ""
    hint: str = ""
    untrue: str = ""


def say(value: Decimal, style: Style, unit: str, previous: Decimal | None = None) -> Said:
    """A value in the wording that a tag asks for; the unit is printed if it must be inside."""
    inside = unit if unit in (PERCENT, POINTS) or style.with_unit else ""
    if style.wording.capital and unit == "元":
        inside = unit
    try:
        text = phrase(value, style.wording, unit=inside, previous=previous)
    except NotTrue as refused:
        return Said(printed="", word=style.words, untrue=refused.message)
    if style.reach and not text.startswith("达"):
        text = f"达{text}"
    if style.wording.capital:
        return Said(printed=text, word=style.words)
    verdict = judge(text, value, previous=previous, unit=inside)
    return Said(printed=text, word=style.words, hint=verdict.hint, untrue=verdict.reason)


def with_direction(said: Said, change: Decimal) -> Said:
    """The size of a change with 增加, 下降, 提高 or 持平 before it."""
    if said.untrue:
        return said
    if change == 0:
        return replace(said, printed="持平")
    rise = "提高" if said.printed.endswith(POINTS) else "增加"
    return replace(said, printed=f"{rise if change > 0 else '下降'}{said.printed}")


def is_ratio(info: IndicatorInfo) -> bool:
    """Whether an indicator is printed as a percentage."""
    return info.unit in _RATIO_UNITS or info.kind in (FigureKind.RATIO, FigureKind.YOY)


def exact(value: Decimal, info: IndicatorInfo) -> str:
    """The exact value with its unit, thousands separated."""
    return exact_in(value, PERCENT if is_ratio(info) else info.unit)


def exact_in(value: Decimal, unit: str) -> str:
    """The same for a value in a unit."""
    if unit == PERCENT:
        return percent(value, 2)
    text = f"{value:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit


def day_in_words(day: date, *, in_characters: bool) -> str:
    """A date as 2012年8月15日, or as 二〇一二年八月十五日."""
    if not in_characters:
        return f"{day.year}年{day.month}月{day.day}日"
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(number: int) -> str:
    """A number up to 31 as it stands in a date: 十五, 二十一."""
    tens, ones = divmod(number, 10)
    high = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return high + (_DIGITS[ones] if ones else "")
