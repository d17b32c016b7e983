"""Mutual protection in the demonstration city: the sentence of the report, and what it may not be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.periods import Period
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.lines.mutual.models import Coverage, GroupPolicy
from tests.figures.periods import HALF_YEAR, KNOWN, REPORT, TO_DATE


@pytest.mark.parametrize("as_of", KNOWN)
def test_covers_and_fees_of_the_half_year(city, as_of):
    assert figure("mutual.enrollments", city, HALF_YEAR, as_of).value == 151_034
    assert figure("mutual.fees", city, HALF_YEAR, as_of).value == Decimal("5950824.00")
    # The women among them are covered twice: they are not more workers for that.
    assert figure("mutual.persons", city, HALF_YEAR, as_of).value == 128_400


def test_a_fee_that_falls_short_and_one_of_the_day_after_are_not_in_the_report(city):
    assert figure("mutual.enrollments", city, TO_DATE, REPORT).value == 151_034
    (short,) = GroupPolicy.objects.filter(state="awaiting_fee")
    assert short.fee_total > 0
    assert set(Coverage.objects.filter(policy=short).values_list("state", flat=True)) == {"pending"}
    day_after = Period(date(2012, 8, 16), date(2012, 8, 16))
    assert figure("mutual.enrollments", city, day_after).value == 60


def test_every_county_takes_part(city):
    policies = GroupPolicy.objects.filter(state="active").select_related("org")
    assert len({each.org.path.split("/")[1] for each in policies}) > 10
    assert max(each.heads for each in policies) < 30_000


def test_the_ledger_agrees_with_the_rosters():
    codes = ["enrollments", "persons", "active", "fees", "employers"]
    assert verify([f"mutual.{code}" for code in codes]).differing == ()
