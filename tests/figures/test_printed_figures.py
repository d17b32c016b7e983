"""Every figure of the report that organising, members and cadres answer for, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from demo.places import COUNTIES, UNITS
from gonghui.base.wording import percent
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.ledger.verify import verify
from tests.figures.periods import HALF_YEAR, KNOWN, REPORT, THAT_DAY, TO_DATE

PRINTED = (
    ("B01", "orgs.area_unions", THAT_DAY, 4),
    ("B02", "orgs.new_unions", HALF_YEAR, 547),
    ("B03", "members.new", HALF_YEAR, 12_509),
    ("D01", "orgs.counties", THAT_DAY, 10),
    ("D02", "orgs.townships", THAT_DAY, 138),
    ("G04", "orgs.sixgood_county", TO_DATE, 2),
    ("G05", "orgs.sixgood_township", TO_DATE, 3),
    ("G06", "orgs.sixgood_basic", TO_DATE, 10),
    ("G07", "cadres.classes", TO_DATE, 1),
)
SIZES = (
    ("orgs.basic_unions", 6_320),
    ("orgs.covered_units", 6_800),
    ("orgs.covered_enterprises", 6_512),
    ("orgs.covered_employees", 836_000),
    ("members.declared", 769_100),
    ("orgs.township_unions", 138),
    ("orgs.industry_unions", 6),
    ("orgs.direct_unions", 12),
)


@pytest.mark.parametrize("known", KNOWN, ids=str)
@pytest.mark.parametrize(
    ("code", "period", "value"), [row[1:] for row in PRINTED], ids=[row[0] for row in PRINTED]
)
def test_a_printed_figure_is_exact_whenever_it_is_asked_for(city, code, period, value, known):
    assert figure(code, city, period, known).value == value


@pytest.mark.parametrize("known", [REPORT, None], ids=str)
@pytest.mark.parametrize(("code", "value"), SIZES, ids=[row[0] for row in SIZES])
def test_the_city_has_the_size_that_other_lines_divide_by(city, code, value, known):
    assert figure(code, city, THAT_DAY, known).value == value


def test_the_provinces_plan_is_reached_to_114_and_195_percent(city):
    read = figures(
        ["orgs.new_vs_plan", "members.new_vs_plan"], [city], HALF_YEAR, REPORT, issuer="province"
    )
    assert [percent(each.value) for each in read.values()] == ["114%", "195%"]


def test_the_citys_own_plan_is_told_to_be_missing(city):
    for code in ("orgs.new_vs_plan", "members.new_vs_plan"):
        read = figure(code, city, HALF_YEAR, REPORT, issuer="city")
        assert (read.value, read.note) == (None, "目标值未录入")


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_every_county_has_its_row_of_the_plan_table(city, unit_of, known):
    orgs = {unit.code: unit_of(unit.code) for unit in COUNTIES}
    codes = ["orgs.new_unions", "members.new"]
    read = figures(codes, [city, *orgs.values()], HALF_YEAR, known)
    found = {
        unit.name: tuple(int(read[code, orgs[unit.code].pk].value) for code in codes)
        for unit in COUNTIES
    }
    assert found == {unit.name: (unit.new_unions, unit.new_members) for unit in COUNTIES}
    direct = UNITS[-1]
    for position, code in enumerate(codes):
        rest = int(read[code, city.pk].value) - sum(row[position] for row in found.values())
        assert rest == (direct.new_unions, direct.new_members)[position]


def test_every_county_has_its_percentages(unit_of):
    expected = {
        "汝州市": ("135%", "244%"),
        "舞钢市": ("108%", "192%"),
        "宝丰县": ("112%", "188%"),
        "叶县": ("108%", "183%"),
        "鲁山县": ("125%", "235%"),
        "郏县": ("84%", "92%"),
        "新华区": ("114%", "196%"),
        "卫东区": ("115%", "201%"),
        "湛河区": ("116%", "193%"),
        "石龙区": ("70%", "91%"),
    }
    codes = ["orgs.new_vs_plan", "members.new_vs_plan"]
    orgs = {unit.name: unit_of(unit.code) for unit in COUNTIES}
    read = figures(codes, orgs.values(), HALF_YEAR, REPORT, issuer="province")
    found = {
        name: tuple(percent(read[code, org.pk].value) for code in codes)
        for name, org in orgs.items()
    }
    assert found == expected


def test_facts_of_the_report_have_their_figures(city):
    read = figures(["orgs.industry_honored", "orgs.industry_models"], [city], TO_DATE, REPORT)
    assert [each.value for each in read.values()] == [6, 3]
    assert figure("orgs.sign_displayed", city, THAT_DAY, REPORT).value == 70
    assert figure("cadres.trained", city, TO_DATE, REPORT).value == Decimal(50)


def test_the_ledger_agrees_with_a_recount():
    report = verify()
    assert report.checked > 100_000
    assert report.differing == ()
