"""The money of the demonstration city, to the cent, and as it was known on each day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from gonghui.kernel.ledger.figures import figure
from gonghui.shared.funds.models import Fund, FundEntry, PayLine
from tests.figures.periods import REPORT, TO_DATE


@pytest.mark.parametrize(
    ("programmes", "amount"),
    [(("LMSH",), 381_600), (("LMTS",), 236_000), (("ZFWW",), 8_707_640)],
)
def test_every_part_of_the_service_money_reconciles(programmes, amount):
    paid = PayLine.objects.filter(programme_code__in=programmes, paid_on__lte=REPORT)
    assert paid.aggregate(total=Sum("amount"))["total"] == Decimal(amount)


def test_what_came_back_in_september_lowers_the_figure_from_then_on(city):
    known = figure("funds.paid", city, TO_DATE, REPORT).value
    assert figure("funds.paid", city, TO_DATE).value == known
    year = TO_DATE.__class__(date(2012, 1, 1), date(2012, 12, 31))
    # A gift of the day after the report came, one of July went.
    assert figure("funds.paid", city, year).value == known
    assert figure("funds.paid", city, year, date(2012, 9, 2)).value == known + 3000


def test_the_sums_of_every_fund_are_those_of_its_entries(city):
    names = ("received", "allotted_out", "reserved", "in_transit", "paid", "available")
    added = {
        row["fund"]: row
        for row in FundEntry.objects.values("fund")
        .order_by()
        .annotate(**{f"sum_{name}": Sum(name) for name in names})
    }
    funds = list(Fund.objects.all())
    assert len(funds) >= 34
    for fund in funds:
        row = added.get(fund.pk, {})
        assert {n: getattr(fund, n) for n in names} == {n: row.get(f"sum_{n}", 0) for n in names}
