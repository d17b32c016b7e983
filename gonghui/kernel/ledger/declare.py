"""Indicators as lines declare them; small frozen values that the ledger reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q


class Kind(StrEnum):
    """How an indicator's figure is made."""

    FLOW = "flow"  # the sum of what happened in the period
    STOCK = "stock"  # what is valid on the last day of the period
    DISTINCT = (
        "distinct"  # subjects met in the period, or valid on its last day where `until` is given
    )
    RATIO = "ratio"  # numerator over denominator
    PLAN = "plan"  # an indicator over its target
    YOY = "yoy"  # change against the same window a year earlier
    ALIAS = "alias"  # another code of the same figure
    DIFFERENCE = "difference"  # the first less all others
    AVERAGE = "average"  # a sum per counted thing, in a unit of its own
    COVERAGE = "coverage"  # how much of an expected set is there, with what is missing


POSTED = frozenset({Kind.FLOW, Kind.STOCK, Kind.DISTINCT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One figure's definition. Posted kinds read one register's own columns only.

    `value` is a column name or 1; money columns are posted in cents (`cents=True`).
    `subject` is the column whose distinct values are counted. `over` names the codes of a
    ratio's numerator and denominator, of an alias's or yoy's single source; of a coverage's actual
    and expected set, two distinct indicators whose subjects are the same kind of thing.
    `taken_back` is the day on which a fact of a flow or of distinct subjects was undone: from that
    day on it counts off again, while earlier days keep it (money paid and later returned).
    `leaves_out` is the code of a posted indicator that counts what was considered here and not
    counted; that one's `told_by` is the column that says why.
    """

    code: str
    name: str
    unit: str
    kind: Kind
    definition: str = ""
    aliases: tuple[str, ...] = ()
    owner: str = ""
    on: str = ""
    until: str | None = None
    taken_back: str | None = None
    org: str = "org"
    value: str | int = 1
    scale: int = 1
    where: Q = field(default_factory=Q)
    subject: str | None = None
    over: tuple[str, ...] = ()
    decimals: int = 0
    reportable: bool = True
    leaves_out: str = ""
    told_by: str = ""

    @property
    def is_posted(self) -> bool:
        """Whether the database posts differences for it (the others are arithmetic)."""
        return self.kind in POSTED

    @property
    def is_stock(self) -> bool:
        """Whether it is read on a day rather than over a period."""
        return self.kind is Kind.STOCK or (self.kind is Kind.DISTINCT and self.until is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number: what, whose, when, as known when; None means it cannot be computed, `note` says why.

    `marks` are what has to be said with it: that it is not from records, or cannot be compared.
    """

    code: str
    org_id: int
    value: Decimal | None
    note: str = ""
    marks: tuple[str, ...] = ()


def flow(code: str, name: str, unit: str, *, on: str, **more: Any) -> Indicator:
    """What happened in a period: counts rows, or sums `value`."""
    return Indicator(code=code, name=name, unit=unit, kind=Kind.FLOW, on=on, **more)


def stock(code: str, name: str, unit: str, *, on: str, until: str, **more: Any) -> Indicator:
    """What is valid on a day: from `on` to the day before `until`."""
    return Indicator(code=code, name=name, unit=unit, kind=Kind.STOCK, on=on, until=until, **more)


def distinct(
    code: str,
    name: str,
    unit: str,
    *,
    subject: str,
    on: str,
    until: str | None = None,
    **more: Any,
) -> Indicator:
    """How many different subjects; never added across orgs or periods."""
    return Indicator(
        code=code,
        name=name,
        unit=unit,
        kind=Kind.DISTINCT,
        subject=subject,
        on=on,
        until=until,
        **more,
    )


def ratio(code: str, name: str, numerator: str, denominator: str, **more: Any) -> Indicator:
    """Numerator over denominator, shown in percent."""
    return Indicator(
        code=code, name=name, unit="%", kind=Kind.RATIO, over=(numerator, denominator), **more
    )


def plan_ratio(code: str, name: str, of: str, **more: Any) -> Indicator:
    """An indicator over its target of the year, per issuer, shown in percent."""
    return Indicator(code=code, name=name, unit="%", kind=Kind.PLAN, over=(of,), **more)


def yoy(code: str, name: str, of: str, **more: Any) -> Indicator:
    """The relative change against the same window a year earlier."""
    return Indicator(code=code, name=name, unit="%", kind=Kind.YOY, over=(of,), **more)


def alias(code: str, name: str, of: str, unit: str, **more: Any) -> Indicator:
    """Another code for the same figure; an indicator has one owner."""
    return Indicator(code=code, name=name, unit=unit, kind=Kind.ALIAS, over=(of,), **more)


def difference(code: str, name: str, unit: str, of: str, *less: str, **more: Any) -> Indicator:
    """An indicator less others, such as those who came less those who went."""
    return Indicator(
        code=code, name=name, unit=unit, kind=Kind.DIFFERENCE, over=(of, *less), **more
    )


def average(code: str, name: str, unit: str, total: str, count: str, **more: Any) -> Indicator:
    """A sum per counted thing, such as days per case; None where nothing was counted."""
    return Indicator(
        code=code, name=name, unit=unit, kind=Kind.AVERAGE, over=(total, count), **more
    )


def coverage(code: str, name: str, actual: str, expected: str, **more: Any) -> Indicator:
    """How many of the expected subjects are there, shown in percent; `drill.missing_of` lists the others.

    Both are distinct indicators; subjects that nobody expects do not count.
    """
    return Indicator(
        code=code, name=name, unit="%", kind=Kind.COVERAGE, over=(actual, expected), **more
    )
