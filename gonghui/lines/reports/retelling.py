"""Asking the ledger again for figures that documents print, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figures
from gonghui.lines.reports.models import PublishedFigure, ReportFigure

AsOf = date | datetime | None
Printed = ReportFigure | PublishedFigure


def values_of(
    ones: Iterable[Printed],
    as_of: Callable[[Any], AsOf],
    days: Callable[[Printed, Period], Period] = lambda _, period: period,
) -> dict[int, Decimal | None]:
    """What the ledger tells for each, by its id, as known at a moment and for its own days or others.

    Ratios, rests, changes and quotations are left out, and indicators that no line keeps any more.
    """
    known = {each.code for each in catalogue.all_indicators()}
    groups: dict[tuple[Period, AsOf], list[tuple[int, Printed]]] = defaultdict(list)
    for one in ones:
        if one.kind != "数" or one.indicator not in known or one.about_id is None:
            continue
        period = days(one, Period(one.period_from, one.period_to))
        groups[period, as_of(one)].append((one.about_id, one))
    found: dict[int, Decimal | None] = {}
    for (period, moment), group in groups.items():
        told = figures(
            {one.indicator for _, one in group}, {org for org, _ in group}, period, moment
        )
        found |= {one.pk: told[one.indicator, org].value for org, one in group}
    return found


def period_before(one: Printed, period: Period) -> Period:
    """What a figure is compared with at a glance: the period before; for a stock a year earlier."""
    is_stock = catalogue.behind_alias(one.indicator).is_stock
    return period.a_year_earlier() if is_stock else period.preceding()
