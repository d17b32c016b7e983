"""Figures: the one place where a number is asked for.

The cost does not grow with how many codes or organisations are asked at once: at most two
statements for the window and two for the window a year earlier, and one more for a window that lies
before the records begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue, past, targets, versions
from gonghui.kernel.ledger.declare import Figure, Indicator, Kind
from gonghui.kernel.ledger.reading import AsOf, Window, asked, covered, sums

NOT_COMPUTABLE = "无法计算"
NO_TARGET = "目标值未录入"
NO_BASE = "上年同期为零"


def figure(
    code: str, org: object, period: Period, as_of: AsOf = None, *, issuer: str = ""
) -> Figure:
    """One figure at and below an organisation."""
    return figures([code], [org], period, as_of, issuer=issuer)[code, org_id_of(org)]


def figures(
    codes: Iterable[str],
    orgs: Iterable[object],
    period: Period,
    as_of: AsOf = None,
    *,
    issuer: str = "",
    beside: Period | None = None,
) -> dict[tuple[str, int], Figure]:
    """Figures at and below organisations (`Org` or its id) in a period, as known at `as_of`.

    A date means everything recorded by the end of that day, a moment everything recorded up to it,
    None everything there is. Stocks are read on the period's last day. Those that will stand beside
    the ones of a later period `beside` are marked where they cannot be compared with them.
    """
    wanted = list(dict.fromkeys(codes))
    org_ids = list(dict.fromkeys(org_id_of(org) for org in orgs))
    reading = _Reading(org_ids, as_of, issuer, beside)
    for code in wanted:
        reading.need(code, period)
    reading.read()
    return {(code, org): reading.figure(code, org, period) for code in wanted for org in org_ids}


def org_id_of(org: object) -> int:
    """The id of an organisation given as a row or as an id."""
    return org if isinstance(org, int) else int(org.pk)  # type: ignore[attr-defined]  # a model instance


class _Reading:
    """Collects what is needed, reads it set by set, then does the arithmetic."""

    def __init__(self, org_ids: list[int], as_of: AsOf, issuer: str, beside: Period | None) -> None:
        self.org_ids = org_ids
        self.as_of = as_of
        self.issuer = issuer
        self.beside = beside
        self.needed: dict[Period, dict[str, Indicator]] = {}
        self.planned: set[tuple[str, Period]] = set()
        self.values: dict[tuple[str, int, Period], Decimal] = {}
        self.targets: dict[tuple[str, int, Period], Decimal] = {}
        self.sets: dict[tuple[str, int, Period], tuple[int, int]] = {}
        self.compared: set[tuple[str, Period]] = set()
        self.asked: dict[Period, list[str]] = {}
        self.past: dict[tuple[str, int, Period], Decimal] = {}

    def need(self, code: str, period: Period, above: tuple[str, ...] = ()) -> None:
        """Note which posted indicators an indicator rests on, and for which days."""
        if code in above:
            raise DomainError(
                f"指标“{code}”的计算式引用了自己，无法计算。请修改指标声明。", code="indicator"
            )
        declared = catalogue.indicator(code)
        self.asked.setdefault(period, []).append(code)
        if declared.is_posted:
            self.needed.setdefault(period, {})[code] = declared
            return
        if declared.kind is Kind.COVERAGE:
            self.compared.add((code, period))
            return
        if declared.kind is Kind.PLAN:
            self.planned.add((declared.over[0], period))
        if declared.kind is Kind.YOY:
            self.need(declared.over[0], period.a_year_earlier(), (*above, code))
        for source in declared.over:
            self.need(source, period, (*above, code))

    def read(self) -> None:
        """Ask the database, once per window."""
        for period, declared in self.needed.items():
            window = Window(period=period, as_of=self.as_of)
            found = sums(list(declared.values()), asked(self.org_ids, window), window)
            self.values.update({(code, org, period): value for (code, org), value in found.items()})
        for code, period in sorted(self.planned):
            found_targets = targets.targets_of(
                code, self.org_ids, period.end, self.as_of, self.issuer
            )
            self.targets.update(
                {(code, org, period): value for org, value in found_targets.items()}
            )
        for code, period in sorted(self.compared):
            actual, expected = map(catalogue.behind_alias, catalogue.indicator(code).over)
            window = Window(period=period, as_of=self.as_of)
            found_sets = covered(actual, expected, self.org_ids, window)
            self.sets.update({(code, org, period): sizes for org, sizes in found_sets.items()})
        for period, codes in self.asked.items():
            found_past = past.figures_of(codes, self.org_ids, period, self.as_of)
            self.past.update({(*key, period): value for key, value in found_past.items()})

    def figure(self, code: str, org: int, period: Period) -> Figure:
        """The figure with the reason where there is none."""
        declared = catalogue.indicator(code)
        value, note = self.value(declared, org, period)
        marks = tuple(self.marks(declared, org, period))
        return Figure(code=code, org_id=org, value=value, note=note, marks=marks)

    def marks(self, declared: Indicator, org: int, period: Period) -> Iterator[str]:
        """What has to be said with a figure."""
        if (declared.code, org, period) in self.past:
            yield past.HISTORICAL
        elif self.past and self.rests_on_past(declared, org, period):
            yield past.HISTORICAL if declared.kind is Kind.ALIAS else past.WITH_HISTORICAL
        if not self.is_comparable(declared, period):
            yield versions.INCOMPARABLE

    def is_comparable(self, declared: Indicator, period: Period) -> bool:
        """Whether a figure meant the same in the two periods that it compares, or is to be compared with."""
        if self.beside is not None and period.end < self.beside.end:
            return versions.are_comparable(declared.code, period, self.beside)
        return declared.kind is not Kind.YOY or versions.are_comparable(
            declared.over[0], period.a_year_earlier(), period
        )

    def rests_on_past(self, declared: Indicator, org: int, period: Period) -> bool:
        """Whether a figure is, or is made of one that is, from before the records."""
        if (declared.code, org, period) in self.past:
            return True
        periods = [period, *([period.a_year_earlier()] if declared.kind is Kind.YOY else [])]
        return declared.kind is not Kind.COVERAGE and any(
            self.rests_on_past(catalogue.indicator(source), org, each)
            for source in declared.over
            for each in periods
        )

    def value(self, declared: Indicator, org: int, period: Period) -> tuple[Decimal | None, str]:
        """The number, or None and why."""
        if (declared.code, org, period) in self.past:
            return self.past[declared.code, org, period], ""
        if declared.is_posted:
            return self.values[declared.code, org, period], ""
        if declared.kind is Kind.COVERAGE:
            there, wanted = self.sets.get((declared.code, org, period), (0, 0))
            return _divided(Decimal(there), Decimal(wanted), NOT_COMPUTABLE)
        if declared.kind is Kind.DIFFERENCE:
            return self.difference(declared, org, period)
        source = catalogue.indicator(declared.over[0])
        if declared.kind is Kind.ALIAS:
            return self.value(source, org, period)
        top, note = self.value(source, org, period)
        if declared.kind in {Kind.RATIO, Kind.AVERAGE}:
            bottom, other = self.value(catalogue.indicator(declared.over[1]), org, period)
            return _divided(top, bottom, note or other or NOT_COMPUTABLE)
        if declared.kind is Kind.PLAN:
            target = self.targets.get((source.code, org, period))
            return _divided(top, target, note or (NO_TARGET if target is None else NOT_COMPUTABLE))
        base, other = self.value(source, org, period.a_year_earlier())
        change = top - base if top is not None and base is not None else None
        return _divided(change, base, note or other or NO_BASE)

    def difference(
        self, declared: Indicator, org: int, period: Period
    ) -> tuple[Decimal | None, str]:
        """The first source less all others; None where one of them is."""
        found = [self.value(catalogue.indicator(code), org, period) for code in declared.over]
        first, *rest = (value for value, _ in found)
        if first is None or None in rest:
            return None, next(note for value, note in found if value is None)
        return first - sum(value for value in rest if value is not None), ""


def _divided(
    top: Decimal | None, bottom: Decimal | None, why_not: str
) -> tuple[Decimal | None, str]:
    if top is None or bottom is None or bottom == 0:
        return None, why_not
    return top / bottom, ""
