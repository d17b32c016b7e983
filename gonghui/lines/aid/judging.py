"""What category a household is in: the rules by date, as plain arithmetic (domain spec B2).

Amounts are yuan; `line` is the monthly minimum-living standard (低保标准) of the county.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from gonghui.lines.aid.models.hardship_file import Category, Cause

_CENT = Decimal("0.01")
_MONTHS = 12
# Causes that let a household just above the line count as 低保边缘户.
_EDGE_CAUSES = frozenset(
    {
        Cause.ILLNESS,
        Cause.FAMILY_ILLNESS,
        Cause.SCHOOLING,
        Cause.DISABILITY,
        Cause.SINGLE_PARENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """A household in the assessed year."""

    size: int
    income: Decimal
    rigid: Decimal = Decimal(0)
    shock: Decimal = Decimal(0)
    causes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The numbers of the rules, as parameters give them on the day."""

    line: Decimal
    relative: Decimal
    shock_ratio: Decimal
    scheme_changes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Monthly amounts per head, rounded to cents once, and the category."""

    scheme: str
    income_per_head: Decimal
    after_per_head: Decimal
    category: Category


def _monthly(amount: Decimal, size: int) -> Decimal:
    return (amount / _MONTHS / size).quantize(_CENT, ROUND_HALF_UP)


def judge(found: Circumstances, factors: Factors, on: date) -> Judgement:
    """The category by the scheme in force on a day; comparisons are strict where the rule says 低于."""
    per_head = _monthly(found.income, found.size)
    after = _monthly(found.income - found.rigid, found.size)
    is_new = on >= factors.scheme_changes_on
    return Judgement(
        scheme="S2020" if is_new else "S2012",
        income_per_head=per_head,
        after_per_head=after,
        category=_of_2020(found, factors, after) if is_new else _of_2012(found, factors, per_head),
    )


def _of_2012(found: Circumstances, factors: Factors, per_head: Decimal) -> Category:
    if per_head < factors.line:
        return Category.LOW
    if per_head <= factors.line * Decimal("1.5") and found.causes & _EDGE_CAUSES:
        return Category.EDGE
    if per_head <= factors.line * 3 and found.shock > 0:
        return Category.ACCIDENT
    return Category.NONE


def _of_2020(found: Circumstances, factors: Factors, after: Decimal) -> Category:
    if after < factors.line:
        return Category.DEEP
    if after < factors.line * factors.relative:
        return Category.RELATIVE
    if found.shock > 0 and found.shock > found.income * factors.shock_ratio:
        return Category.SHOCK
    return Category.NONE
