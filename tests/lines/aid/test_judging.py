"""The category follows from the numbers by the rules of the day (domain spec B9.3, B9.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.lines.aid.judging import Circumstances, Factors, judge
from gonghui.lines.aid.models.hardship_file import Category, Cause

FACTORS = Factors(
    line=Decimal(400),
    relative=Decimal("2.0"),
    shock_ratio=Decimal("0.80"),
    scheme_changes_on=date(2020, 1, 1),
)
NOW, THEN = date(2024, 6, 30), date(2012, 6, 30)


def household(income, *, size=4, rigid=0, shock=0, causes=()):
    return Circumstances(
        size=size,
        income=Decimal(income),
        rigid=Decimal(rigid),
        shock=Decimal(shock),
        causes=frozenset(causes),
    )


def test_rigid_costs_make_deep_hardship():
    found = judge(household(38_400, rigid=20_000), FACTORS, NOW)
    assert (found.after_per_head, found.category) == (Decimal("383.33"), Category.DEEP)


def test_exactly_twice_the_line_is_not_below_it():
    found = judge(household(38_400), FACTORS, NOW)
    assert (found.after_per_head, found.category) == (Decimal("800.00"), Category.NONE)
    assert judge(household(38_399), FACTORS, NOW).category == Category.RELATIVE


@pytest.mark.parametrize(("cost", "category"), [(24_000, Category.NONE), (24_001, Category.SHOCK)])
def test_a_shock_costs_more_than_four_fifths_of_the_income(cost, category):
    assert judge(household(30_000, size=1, shock=cost), FACTORS, NOW).category == category


def test_a_household_without_income_and_without_shock_is_deep():
    assert judge(household(0), FACTORS, NOW).category == Category.DEEP


@pytest.mark.parametrize(
    ("income", "more", "category"),
    [
        (19_199, {}, Category.LOW),
        (19_200, {}, Category.NONE),
        (19_200, {"causes": [Cause.ILLNESS]}, Category.EDGE),
        (28_800, {"causes": [Cause.SCHOOLING]}, Category.EDGE),
        (28_848, {"causes": [Cause.SCHOOLING]}, Category.NONE),
        (28_800, {"causes": [Cause.LOW_INCOME]}, Category.NONE),
        (57_600, {"shock": 1}, Category.ACCIDENT),
        (57_648, {"shock": 1}, Category.NONE),
    ],
)
def test_the_rules_of_2012(income, more, category):
    found = judge(household(income, **more), FACTORS, THEN)
    assert (found.scheme, found.category) == ("S2012", category)
