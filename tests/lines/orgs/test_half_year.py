"""The half-year of the report: 547 new unions, the plan behind 114 percent, decoys left out."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger import targets
from gonghui.kernel.orgs.models import OrgKind, OrgLevel
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.write import create_many, perform_many
from gonghui.lines.orgs.models import FormationEmployer, UnionFormation
from tests.lines.orgs.making import employer_values, founders, value
from tests.support.orgs import make_org

UNITS = {
    "汝州市": 108,
    "舞钢市": 41,
    "宝丰县": 58,
    "叶县": 52,
    "鲁山县": 69,
    "郏县": 42,
    "新华区": 48,
    "卫东区": 46,
    "湛河区": 44,
    "石龙区": 7,
    "市直产业": 32,
}
FIRST, LAST = date(2012, 1, 1), date(2012, 6, 30)


def found_many(units, numbers, day, **more):
    """Organisers' unions, one employer each, asked for, prepared and approved on a day."""
    with clock.at(day):
        orgs = [org for org, number in zip(units, numbers, strict=True) for _ in range(number)]
        known = Employer._unscoped.count()
        rows = [employer_values(org, known + n) for n, org in enumerate(orgs)]
        employers = _written(create_many(Employer, rows, by=SYSTEM))
        formations = _written(
            create_many(
                UnionFormation,
                [
                    {
                        "org": org,
                        "proposed_name": f"示例{known + n}工会委员会",
                        "kind": "organizer",
                        "contact": "李示例",
                        **more,
                    }
                    for n, org in enumerate(orgs)
                ],
                by=SYSTEM,
            )
        )
        pairs = zip(formations, employers, strict=True)
        parts = [{"formation": formation, "employer": employer} for formation, employer in pairs]
        _written(create_many(FormationEmployer, parts, by=SYSTEM))
        for formation in formations:
            founders(formation.org, 1)
        _written(perform_many(formations, "apply_prep", by=SYSTEM))
        _written(perform_many(formations, "approve_prep", by=SYSTEM, prep_doc_no="筹1号"))
        _written(perform_many(formations, "report_result", by=SYSTEM))
        _written(perform_many(formations, "establish", by=SYSTEM))


def whole_percent(share):
    """As the report prints it."""
    return (share * 100).quantize(Decimal(1), ROUND_HALF_UP)


def _written(outcomes):
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    return [outcome.record for outcome in outcomes]


@pytest.fixture
def city(db):
    """The city of the report with its eleven units."""
    return make_org("示例市总工会", OrgLevel.CITY)


@pytest.fixture
def units(city):
    found = [
        make_org(f"{name}总工会", OrgLevel.COUNTY, city) for name in UNITS if name != "市直产业"
    ]
    return [*found, make_org("市直产业工会", OrgLevel.INDUSTRY, city, kind=OrgKind.INDUSTRY)]


@pytest.mark.slow
def test_547_new_unions_of_eleven_units_and_114_percent_of_the_plan(city, units, monkeypatch):
    found_many(units, UNITS.values(), date(2012, 4, 10))
    found_many(units[:3], [3, 3, 3], date(2012, 5, 10), origin="merge")
    found_many(units[:2], [2, 2], date(2012, 5, 11), origin="backfill")
    found_many(units[:1], [1], date(2012, 7, 3))
    per_unit = [value("orgs.new_unions", org, FIRST, LAST) for org in units]
    assert per_unit == list(UNITS.values())
    assert value("orgs.new_unions", city, FIRST, LAST) == 547
    assert value("orgs.new_unions", city, FIRST, date(2012, 8, 15)) == 548
    assert value("orgs.basic_unions", city, LAST) == 547 + 9 + 4
    shown = {}
    for plan in (477, 478, 480, 481, 482):
        monkeypatch.setattr(targets, "_providers", [])
        targets.provide(lambda code, orgs, on, as_of, issuer, plan=plan: {city.pk: Decimal(plan)})
        shown[plan] = whole_percent(value("orgs.new_vs_plan", city, FIRST, LAST))
    assert shown == {477: 115, 478: 114, 480: 114, 481: 114, 482: 113}
