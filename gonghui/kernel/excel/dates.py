"""Days and months in every way that people write them, and in the one way Excel stores them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.plain import Scratch, narrow, without_spaces

_EPOCH_1900 = date(1899, 12, 30)  # Excel believes in 29 February 1900: right from March on
_EPOCH_1904 = date(1904, 1, 1)
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465
_CLOCK = re.compile(r"[T\s]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$")
_SEPARATED = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号.]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?(?:份)?")
_MONTH_COMPACT = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_TWO_DIGIT_YEAR = re.compile(r"'?\d{2}[-./年]\d{1,2}(?:[-./月]\d{1,2}[日号]?|月)?")
_YEAR_LAST = re.compile(r"\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})")
_CHINESE = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_WRITTEN = "请写成 2012-06-30 的样子"
_FROM_SERIAL = "Excel日期序号已换算为 {}"
_TIME_DROPPED = "去掉时间"
_REWRITTEN = "已改写为 {}"


def read_date(raw: object, *, date1904: bool) -> tuple[date, str]:
    """The day a cell means and what was changed; DomainError where it could mean another."""
    if isinstance(raw, datetime):
        return raw.date(), _TIME_DROPPED if raw.time() != time(0) else ""
    if isinstance(raw, date):
        return raw, ""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and not _like_digits(raw):
        return _from_serial(raw, date1904=date1904)
    scratch = _cleaned(raw)
    match = _SEPARATED.fullmatch(scratch.text) or _COMPACT.fullmatch(scratch.text)
    if match is None:
        raise _unreadable(scratch.text)
    day = _date(*_three(match), shown=scratch.text)
    scratch.become(day.isoformat(), _REWRITTEN.format(day.isoformat()))
    return day, _only_telling(scratch)


def read_month(raw: object, *, date1904: bool) -> tuple[date, str]:
    """The first day of the month that a cell means, and what was changed."""
    if isinstance(raw, float) and 1900 < raw < 2100 and not raw.is_integer():
        return _month_from_decimal(raw)
    if isinstance(raw, int | float | date) and not _is_month_number(raw):
        day, note = read_date(raw, date1904=date1904)
        return day.replace(day=1), note
    scratch = _cleaned(raw)
    match = _MONTH.fullmatch(scratch.text) or _MONTH_COMPACT.fullmatch(scratch.text)
    if match is None:
        day, note = read_date(raw, date1904=date1904)
        return day.replace(day=1), note
    return _date(int(match[1]), int(match[2]), 1, shown=scratch.text), _only_telling(scratch)


def _like_digits(raw: float) -> bool:
    """20120630 typed as a number is a date in digits, not a serial."""
    return float(raw).is_integer() and (raw > _LAST_SERIAL or 1900 <= raw <= 2100)


def _is_month_number(raw: object) -> bool:
    return isinstance(raw, int | float) and 190_000 < raw < 210_000 and float(raw).is_integer()


def _from_serial(raw: float, *, date1904: bool) -> tuple[date, str]:
    if not _FIRST_SERIAL <= raw < _LAST_SERIAL:
        raise DomainError(f"“{raw:g}”不是日期，{_WRITTEN}。", code="date")
    day = (_EPOCH_1904 if date1904 else _EPOCH_1900) + timedelta(days=int(raw))
    return day, _FROM_SERIAL.format(day.isoformat())


def _month_from_decimal(raw: float) -> tuple[date, str]:
    """2012.6 is June; but 2012.1 is what Excel makes of both 2012.1 and 2012.10."""
    year, _, month = f"{raw:.10g}".partition(".")
    if month == "1":
        raise DomainError(
            f"“{raw:g}”可能是 {year} 年 1 月，也可能是 10 月（Excel 去掉了末尾的 0），"
            f"请写成“{year}年1月”或“{year}年10月”。",
            code="date",
        )
    day = _date(int(year), int(month), 1, shown=f"{raw:g}")
    return day, _REWRITTEN.format(f"{year}年{int(month)}月")


def _cleaned(raw: object) -> Scratch:
    scratch = narrow(raw)
    scratch.become(_CLOCK.sub("", scratch.text), _TIME_DROPPED)
    without_spaces(scratch)
    scratch.text = _arabic(scratch.text)
    return scratch


def _arabic(text: str) -> str:
    """二〇一二年六月三十日 in digits; any other text as it is."""
    match = re.fullmatch(
        r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(.*)", text
    )
    if match is None:
        return text
    year, month, rest = match.groups()
    day = re.fullmatch(r"([一二三四五六七八九十]{1,3})([日号])", rest)
    tail = f"{_tens(day.group(1))}{day.group(2)}" if day else rest
    return f"{year.translate(_CHINESE)}年{_tens(month)}月{tail}"


def _tens(text: str) -> int:
    if "十" not in text:
        return int(text.translate(_CHINESE))
    tens, _, ones = text.partition("十")
    return int(tens.translate(_CHINESE) or 1) * 10 + int(ones.translate(_CHINESE) or 0)


def _three(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match[1]), int(match[2]), int(match[3])


def _date(year: int, month: int, day: int, *, shown: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DomainError(f"日期“{shown}”不存在，请核对。", code="date") from error


def _unreadable(text: str) -> DomainError:
    if _TWO_DIGIT_YEAR.fullmatch(text):
        message = f"“{text}”的年份只有两位，无法判断是哪一年，{_WRITTEN}。"
    elif _YEAR_LAST.fullmatch(text):
        message = f"“{text}”的年份在最后，无法判断哪个是月、哪个是日，{_WRITTEN}。"
    elif _MONTH.fullmatch(text) or re.fullmatch(r"\d{6}|\d{4}年?", text):
        message = f"“{text}”没有写明到哪一天，{_WRITTEN}。"
    else:
        message = f"“{text}”不是日期，{_WRITTEN}。"
    return DomainError(message, code="date")


def _only_telling(scratch: Scratch) -> str:
    """Another way of writing the same day is not worth a note; dropped characters are."""
    return "；".join(note for note in scratch.notes if not note.startswith("已改写"))
