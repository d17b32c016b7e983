"""A query of figures: several indicators, of an organisation or of each below it, beside a former period."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from gonghui.base.numerals import rounded
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Figure, Indicator
from gonghui.kernel.ledger.figures import NOT_COMPUTABLE, figures
from gonghui.kernel.orgs.models import Org
from gonghui.web import figure_text, figuring, windows
from gonghui.web.figure_text import PERCENT, Shown
from gonghui.web.windows import Window

MOST_INDICATORS = 40
LAST_YEAR, PRECEDING = "last_year", "preceding"
COMPARED = [("", "不比较"), (LAST_YEAR, "上年同期"), (PRECEDING, "上一期")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked: indicators, whose figures, which days as known when, and beside what."""

    window: Window
    indicators: list[Indicator]
    each: bool
    compared: str
    problem: str = ""

    @property
    def earlier(self) -> Period | None:
        """The period beside it."""
        if self.compared == LAST_YEAR:
            return self.window.period.a_year_earlier()
        return self.window.period.preceding() if self.compared == PRECEDING else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An indicator of an organisation: its figure, the former one, and the change."""

    indicator: Indicator
    org: Org
    href: str
    now: Shown
    before: Shown | None
    change: str
    value: Decimal | None
    base: Decimal | None


def read(request: HttpRequest) -> Query:
    """The query of a request; what makes no sense is left out and said."""
    known = {one.code: one for one in catalogue.all_indicators()}
    asked = list(dict.fromkeys(request.GET.getlist("code")))
    found = [known[code] for code in asked if code in known]
    problems = []
    if len(found) < len(asked):
        problems.append("有的指标已经没有，已略去。")
    if len(found) > MOST_INDICATORS:
        problems.append(f"一次最多查{MOST_INDICATORS}个指标，只列出前{MOST_INDICATORS}个。")
    compared = request.GET.get("compared", "")
    return Query(
        window=windows.read(request),
        indicators=found[:MOST_INDICATORS],
        each="each" in request.GET,
        compared=compared if compared in {LAST_YEAR, PRECEDING} else "",
        problem="".join(problems),
    )


def lines_of(query: Query) -> list[Line]:
    """The answer, indicator by indicator; both periods are read at once each."""
    window = query.window
    orgs = [window.org]
    if query.each:
        orgs += [o for o in figuring.below(window.org, window.period, window.as_of) if o != orgs[0]]
        orgs = orgs[: figuring.MOST_PARTS]
    codes = [one.code for one in query.indicators]
    now = figures(codes, orgs, window.period, window.as_of)
    before: dict[tuple[str, int], Figure] = {}
    if query.earlier is not None:
        before = figures(codes, orgs, query.earlier, window.as_of, beside=window.period)
    return [
        _line(query, one, org, now[one.code, org.pk], before.get((one.code, org.pk)))
        for one in query.indicators
        for org in orgs
    ]


def _line(query: Query, one: Indicator, org: Org, now: Figure, before: Figure | None) -> Line:
    base = before.value if before is not None else None
    return Line(
        indicator=one,
        org=org,
        href=query.window.link("web:figure", one.code, org=org),
        now=figure_text.shown(now, one),
        before=figure_text.shown(before, one) if before is not None else None,
        change=_change(one, now.value, base) if before is not None else "",
        value=_printed(now.value, one),
        base=_printed(base, one),
    )


def _change(one: Indicator, value: Decimal | None, base: Decimal | None) -> str:
    """By how much of the former figure; rates in points, nothing from nothing."""
    if value is None or base is None:
        return NOT_COMPUTABLE
    if one.unit == PERCENT:
        return f"{rounded((value - base) * 100, Decimal('0.1')):+}个百分点"
    if base == 0:
        return NOT_COMPUTABLE
    return f"{rounded((value - base) / base * 100, Decimal('0.1')):+}%"


def _printed(value: Decimal | None, one: Indicator) -> Decimal | None:
    """A number as a workbook's cell has it: 95.3 for a rate."""
    if value is None or one.unit != PERCENT:
        return value
    return rounded(value * 100, Decimal(1).scaleb(-one.decimals))


def definitions_of(query: Query) -> list[list[Any]]:
    """The sheet that says what the numbers mean, as of the last day asked."""
    rows = []
    for one in query.indicators:
        behind = catalogue.behind_alias(one.code)
        definition = figuring.definition_of(behind, query.window.period.end)
        rows.append(
            [
                one.name,
                one.code,
                one.unit,
                figuring.kind_label(one),
                one.owner,
                definition.counted,
                definition.not_counted,
                definition.boundary,
                definition.since,
            ]
        )
    return rows
