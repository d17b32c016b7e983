"""How figures look on screens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from gonghui.base.wording import percent
from gonghui.kernel.ledger.declare import Figure, Indicator
from gonghui.kernel.ledger.figures import NO_TARGET
from gonghui.web import show

PERCENT = "%"
YUAN = "元"
TEN_THOUSAND = 10_000


def number(value: Decimal | None, indicator: Indicator) -> str:
    """A value of an indicator with separators, without its unit; ratios as percentages."""
    if value is None:
        return show.EMPTY
    if indicator.unit == PERCENT:
        return percent(value, indicator.decimals)
    places = indicator.decimals if value == value.to_integral_value() else 2
    return f"{value:,.{max(places, indicator.decimals)}f}"


def unit(indicator: Indicator) -> str:
    """The unit that stands behind a number; percentages carry theirs."""
    return "" if indicator.unit == PERCENT else indicator.unit


def plain(value: Decimal | None, indicator: Indicator) -> str:
    """A value for a chart: digits and a point, ratios in percent."""
    if value is None:
        return ""
    return f"{value * 100:.2f}" if indicator.unit == PERCENT else f"{value:f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A figure beside its target; `ratio` is empty where there is no target."""

    target: str
    raw: str
    ratio: str
    text: str
    colour: str


def standing(value: Decimal | None, target: Decimal | None, indicator: Indicator) -> Standing:
    """Met, not met yet, or without a target: never 0 %."""
    if target is None or target == 0:
        return Standing(target=show.EMPTY, raw="", ratio="", text=NO_TARGET, colour="secondary")
    is_met = value is not None and value >= target
    return Standing(
        target=number(target, indicator),
        raw=plain(target, indicator),
        ratio="" if value is None else percent(value / target),
        text="无法计算" if value is None else "已完成" if is_met else "未完成",
        colour="secondary" if value is None else "green" if is_met else "yellow",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure in words: its number, its unit, or why there is none.

    `text` says what has to be said with the number, wherever it stands; `digits` is the number alone.
    """

    digits: str
    unit: str
    note: str
    raw: str
    marks: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What has to be said with the number, in brackets."""
        return f"（{'；'.join(self.marks)}）" if self.marks else ""

    @property
    def text(self) -> str:
        """The number with what has to be said."""
        return self.digits + self.mark

    @property
    def whole(self) -> str:
        """The number with its unit, or why there is none."""
        return self.digits + self.unit + self.mark if self.has_value else self.note + self.mark

    @property
    def has_value(self) -> bool:
        """Whether there is a number."""
        return bool(self.raw)


def shown(figure: Figure, indicator: Indicator) -> Shown:
    """A figure as pages show it."""
    return Shown(
        digits=number(figure.value, indicator),
        unit=unit(indicator) if figure.value is not None else "",
        note=figure.note,
        raw=plain(figure.value, indicator),
        marks=figure.marks,
    )


def brief(figure: Figure, indicator: Indicator) -> Shown:
    """A figure for a glance: 10,000 yuan and more in 万元; its own page has the cents."""
    if figure.value is None or indicator.unit != YUAN or abs(figure.value) < TEN_THOUSAND:
        return shown(figure, indicator)
    digits = f"{figure.value / TEN_THOUSAND:,.2f}"
    return replace(shown(figure, indicator), digits=digits, unit=f"万{YUAN}")
