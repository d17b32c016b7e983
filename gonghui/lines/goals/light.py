"""The light (亮灯) and the forecast of a target on a day: one calculation for every place.

Nothing is read here: the caller gives the terms in force, the figures and the limits of that day.
Comparisons are made in exact fractions, so that a pace of exactly 0.95 is not lost in rounding.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from math import ceil

from gonghui.base.errors import DomainError
from gonghui.base.wording import percent
from gonghui.kernel.ledger.figures import NO_TARGET

TOO_FEW_DAYS = "数据不足"
FORECAST_DAYS = 60
TREND_DAYS = 90
SEASON_SHARE_MIN = Fraction(1, 10)

_TWELVE = "按月序时进度须有12个累计百分比，逐月不减，12月为100。"
_APPROXIMATE = frozenset({"near", "around"})


class Light(StrEnum):
    """How a target stands on a day."""

    DONE = "done"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The parameters `goals.green_min`, `yellow_min`, `grace_days` and `near_tol` of a day."""

    green_min: Decimal
    yellow_min: Decimal
    grace_days: int
    near_tol: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to be reached between two days, both included.

    `comparator` and `wording` are the values of `Comparator` and `TargetWording`. `monthly` is
    the cumulative percentage due at the end of each month of the year; without it the schedule
    is linear. `may_fall_back` is for stocks, ratios and coverage, which can be lost again.
    """

    window_from: date
    due_on: date
    value: Decimal | None
    value_max: Decimal | None = None
    base: Decimal = Decimal(0)
    comparator: str = "at_least"
    wording: str = ""
    monthly: tuple[Decimal, ...] = ()
    may_fall_back: bool = False
    unit: str = ""

    def __post_init__(self) -> None:
        if self.due_on < self.window_from:
            raise DomainError("完成期限不能早于起始日期。", code="due_before_start")
        if self.monthly:
            _check_monthly(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What the ledger says on a day.

    `before_trend` is the actual of `TREND_DAYS` earlier; `season_share` the part of its year that
    last year had by the same day, None unless last year is sealed.
    """

    on: date
    actual: Decimal | None
    before_trend: Decimal | None = None
    season_share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the due day will probably bring; the candidates are kept for whoever asks why."""

    low: Decimal
    mid: Decimal
    high: Decimal
    run_rate: Decimal
    season: Decimal | None = None
    trend: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A target on a day; `reason` is a sentence for the screen.

    `planned` and `pace` are None where there is nothing to compare: grey, done, a ceiling.
    `forecast` is None with `forecast_note` where there are too few days. `weekly_needed` stands
    beside `weekly_now` until the due day.
    """

    light: Light
    reason: str
    planned: Decimal | None = None
    pace: Decimal | None = None
    forecast: Forecast | None = None
    forecast_note: str = ""
    weekly_needed: Decimal | None = None
    weekly_now: Decimal | None = None


def standing(aim: Aim, reached: Reached, limits: Limits) -> Standing:
    """The light of a target with its reason, its planned value, pace and forecast."""
    value, actual = aim.value, reached.actual
    if value is None:
        return Standing(light=Light.GREY, reason=f"{NO_TARGET}。")
    if reached.on < aim.window_from:
        return Standing(light=Light.GREY, reason=f"尚未开始，{_day(aim.window_from)}起计算。")
    if actual is None:
        return Standing(light=Light.GREY, reason="没有可用的完成数，不能判断进度。")
    if aim.comparator == "at_most":
        return _under_ceiling(aim, reached.on, value, actual)
    if is_met(aim, actual, limits):
        return Standing(light=Light.DONE, reason=_done(aim, value, actual, limits))
    if aim.comparator == "exactly" and actual > value:
        over = f"实际{_number(actual, aim)}，已超过应等于的{_number(value, aim)}。"
        return Standing(light=Light.RED, reason=over)
    return _under_way(aim, reached, value, actual, limits)


def is_met(aim: Aim, actual: Decimal, limits: Limits) -> bool:
    """Whether the condition holds; 近 and 左右 leave `near_tol` below the value."""
    if aim.value is None:
        return False
    room = aim.value * limits.near_tol if aim.wording in _APPROXIMATE else Decimal(0)
    if aim.comparator == "at_most":
        return actual <= aim.value + room
    if aim.comparator == "exactly":
        return abs(actual - aim.value) <= room
    return actual >= aim.value - room


def scheduled(aim: Aim, on: date) -> Fraction:
    """The share of the way that should be behind on a day, 0 before the window and 1 at its end."""
    if on < aim.window_from:
        return Fraction(0)
    if on >= aim.due_on:
        return Fraction(1)
    if not aim.monthly:
        return _elapsed(aim, on)
    # Between two month ends the share grows evenly, as in the linear schedule.
    before = Fraction(aim.monthly[on.month - 2]) if on.month > 1 else Fraction(0)
    month = Fraction(on.day, monthrange(on.year, on.month)[1])
    return (before + (Fraction(aim.monthly[on.month - 1]) - before) * month) / 100


def planned_on(aim: Aim, on: date, value: Decimal) -> Decimal:
    """What should have been reached on a day; things that are counted are counted whole."""
    base = Fraction(aim.base)
    planned = max(base, base + (Fraction(value) - base) * scheduled(aim, on))
    if aim.unit == "%" or value != value.to_integral_value():
        return round(_decimal(planned), 4)
    return Decimal(ceil(planned))


def _under_way(
    aim: Aim, reached: Reached, value: Decimal, actual: Decimal, limits: Limits
) -> Standing:
    on = reached.on
    planned, pace = _pace(aim, on, value, actual)
    forecast = _forecast(aim, reached, actual)
    light, reason = _judged(aim, on, (value, actual), (planned, pace), forecast, limits)
    left = (aim.due_on - on).days
    return Standing(
        light=light,
        reason=reason,
        planned=_decimal(planned),
        pace=_decimal(pace),
        forecast=forecast,
        forecast_note="" if forecast or left < 0 else TOO_FEW_DAYS,
        weekly_needed=_decimal(Fraction(value - actual) * 7 / left) if left > 0 else None,
        weekly_now=_decimal(Fraction(actual - aim.base) * 7 / _days(aim, on)) if left > 0 else None,
    )


def _judged(
    aim: Aim,
    on: date,
    numbers: tuple[Decimal, Decimal],
    progress: tuple[Fraction, Fraction],
    forecast: Forecast | None,
    limits: Limits,
) -> tuple[Light, str]:
    value, actual = numbers
    planned, pace = progress
    if on > aim.due_on:
        short = _number(value - actual, aim).replace("%", "个百分点")
        return Light.RED, f"{_day(aim.due_on)}到期未完成，还差{short}。"
    yellow, green = Fraction(limits.yellow_min), Fraction(limits.green_min)
    light, reason = Light.GREEN, _compared(aim, actual, planned, pace, "")
    if pace < yellow:
        light = Light.RED
        reason = _compared(aim, actual, planned, pace, f"，低于{_percent(yellow)}")
    elif forecast and Fraction(forecast.high) < yellow * Fraction(value):
        light = Light.RED
        reason = _predicted("最多", forecast.high, value, yellow, aim)
    elif pace < green:
        light = Light.YELLOW
        reason = _compared(aim, actual, planned, pace, f"，低于{_percent(green)}")
    elif forecast and Fraction(forecast.mid) < green * Fraction(value):
        light = Light.YELLOW
        reason = _predicted("约", forecast.mid, value, green, aim)
    # In the first days a few records decide the pace; nobody is to be red for that.
    if light is Light.RED and (on - aim.window_from).days <= limits.grace_days:
        return Light.YELLOW, f"起步{limits.grace_days}天内不亮红灯；{reason}"
    return light, reason


def _pace(aim: Aim, on: date, value: Decimal, actual: Decimal) -> tuple[Fraction, Fraction]:
    """What should have been reached, and which part of the planned way is behind."""
    base = Fraction(aim.base)
    if Fraction(value) < base:
        # The base is above what is asked: the level is to be held, there is no way to go.
        return Fraction(value), Fraction(actual) / Fraction(value)
    planned = base + (Fraction(value) - base) * scheduled(aim, on)
    if planned == base:
        return planned, Fraction(1)
    return planned, (Fraction(actual) - base) / (planned - base)


def _forecast(aim: Aim, reached: Reached, actual: Decimal) -> Forecast | None:
    days = _days(aim, reached.on)
    left = (aim.due_on - reached.on).days
    if days < FORECAST_DAYS or left < 0:
        return None
    base, gained = Fraction(aim.base), Fraction(actual) - Fraction(aim.base)
    run_rate = base + gained / _elapsed(aim, reached.on)
    season = trend = None
    if reached.season_share is not None and reached.season_share >= SEASON_SHARE_MIN:
        season = base + gained / Fraction(reached.season_share)
    if reached.before_trend is not None:
        slope = (Fraction(actual) - Fraction(reached.before_trend)) / TREND_DAYS
        trend = Fraction(actual) + slope * left
    candidates = [each for each in (run_rate, season, trend) if each is not None]
    mid = season
    if mid is None:
        mid = run_rate if trend is None else (run_rate + trend) / 2
    return Forecast(
        low=_decimal(min(candidates)),
        mid=_decimal(mid),
        high=_decimal(max(candidates)),
        run_rate=_decimal(run_rate),
        season=None if season is None else _decimal(season),
        trend=None if trend is None else _decimal(trend),
    )


def _under_ceiling(aim: Aim, on: date, value: Decimal, actual: Decimal) -> Standing:
    """A ceiling has no pace: it is kept or broken, and kept for good only on the due day."""
    numbers = f"实际{_number(actual, aim)}，上限{_number(value, aim)}"
    if actual > value:
        return Standing(light=Light.RED, reason=f"{numbers}，已超过。")
    if on >= aim.due_on:
        return Standing(light=Light.DONE, reason=f"已完成：{numbers}。")
    return Standing(light=Light.GREEN, reason=f"{numbers}，未超过。")


def _done(aim: Aim, value: Decimal, actual: Decimal, limits: Limits) -> str:
    word = "已达标" if aim.may_fall_back else "已完成"
    text = f"{word}：实际{_number(actual, aim)}，目标{_number(value, aim)}"
    if aim.comparator == "range" and aim.value_max is not None and actual > aim.value_max:
        text += f"，超出{_number(value, aim, unit=False)}-{_number(aim.value_max, aim)}"
    elif actual < value:
        text += f"，按“近”“左右”达到{_percent(1 - Fraction(limits.near_tol))}即算完成"
    return text + ("，以后仍可能回落。" if aim.may_fall_back else "。")


def _compared(aim: Aim, actual: Decimal, planned: Fraction, pace: Fraction, end: str) -> str:
    """The sentence about the pace; it is cut, not rounded, so that 79.96% is not 80.0%."""
    numbers = f"实际{_number(actual, aim)}，序时应达{_number(_decimal(planned), aim)}"
    return f"{numbers}，进度为{_percent(pace)}{end}。"


def _predicted(word: str, value: Decimal, target: Decimal, limit: Fraction, aim: Aim) -> str:
    rest = f"不到目标{_number(target, aim)}的{_percent(limit)}"
    return f"照目前速度，到期预计{word}{_number(value, aim)}，{rest}。"


def months_of(text: str) -> tuple[Decimal, ...]:
    """The cumulative percentages that somebody wrote for the months; none for an empty text."""
    parts = [part for part in re.split(r"[、，,；;/%％\s]+", text) if part]
    try:
        found = tuple(Decimal(part) for part in parts)
    except InvalidOperation:
        found = (Decimal("NaN"),)
    if not all(each.is_finite() for each in found):
        raise DomainError(_TWELVE, code="monthly_schedule")
    return found


def _check_monthly(aim: Aim) -> None:
    shares = aim.monthly
    if len(shares) != 12 or shares[-1] != 100 or list(shares) != sorted(shares) or shares[0] < 0:
        raise DomainError(_TWELVE, code="monthly_schedule")
    if aim.window_from.year != aim.due_on.year:
        raise DomainError("按月序时进度只用于同一年内的目标。", code="monthly_schedule")


def _days(aim: Aim, on: date) -> int:
    return (on - aim.window_from).days + 1


def _elapsed(aim: Aim, on: date) -> Fraction:
    return min(Fraction(_days(aim, on), _days(aim, aim.due_on)), Fraction(1))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _number(value: Decimal, aim: Aim, *, unit: bool = True) -> str:
    """A number for a sentence; a ratio is written from 0 to 1 and read as a percentage."""
    if aim.unit == "%":
        return percent(value, 1)
    shown = value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    plain = f"{shown:,.0f}" if shown == shown.to_integral_value() else f"{shown:,}"
    return plain + (aim.unit if unit else "")


def _percent(share: Fraction) -> str:
    """A share as a percentage with at most one decimal, cut."""
    tenths = share * 1000 // 1
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{Decimal(tenths) / 10}%"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
