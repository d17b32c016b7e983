"""The women's figures of the report, exactly, and as they were known on the day."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base.periods import Period
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.lines.women.models import ScreeningRecord, WomenInspection
from tests.figures.periods import REPORT, TO_DATE

PRINTED = (
    ("D13", "women.screen_paid", 407_400),
    ("D14", "women.screened", 2_716),
    ("G01", "women.lectures", 53),
    ("G02", "women.lecture_people", 5_127),
)


PROTECTION = {
    "women.inspections": 4,
    "women.special_inspections": 4,
    "women.violations": 2,
    "women.violations_fixed": 1,
    "women.facilities": 12,
    "women.forbidden_posts": 0,
}
CURRENT = Period(date(2012, 1, 1), date(2012, 8, 31))


def test_what_came_after_the_report_is_in_the_figure_of_today(city):
    assert figure("women.lectures", city, CURRENT).value == 54
    assert figure("women.screened", city, CURRENT).value == 2_728
    assert figure("women.screen_paid", city, CURRENT).value == 407_400


def test_who_was_named_and_did_not_come_is_not_counted(city):
    dropped = ScreeningRecord.objects.filter(state="dropped")
    assert dropped.count() == 30


@pytest.mark.parametrize("known", [REPORT, None], ids=str)
@pytest.mark.parametrize(
    ("code", "value"), [row[1:] for row in PRINTED], ids=[row[0] for row in PRINTED]
)
def test_a_printed_figure_of_the_women_is_exact(city, code, value, known):
    assert figure(code, city, TO_DATE, known).value == value


@pytest.mark.parametrize(("code", "value"), PROTECTION.items(), ids=list(PROTECTION))
def test_posts_inspections_and_facilities(city, code, value):
    assert figure(code, city, TO_DATE, REPORT).value == value


def test_half_of_what_was_wrong_is_mended_and_in_july_one_post_was_forbidden(city):
    assert figure("women.violations_fixed_rate", city, TO_DATE).value * 2 == 1
    july = Period(date(2012, 7, 24), date(2012, 7, 24))
    assert figure("women.forbidden_posts", city, july).value == 1


def test_every_county_plans_an_inspection_of_the_second_half():
    planned = WomenInspection.objects.filter(planned_on__gte=date(2012, 7, 1))
    counties = Org.objects.filter(level=OrgLevel.COUNTY)
    assert set(planned.values_list("org_id", flat=True)) == set(
        counties.values_list("pk", flat=True)
    )


def test_the_ledger_agrees_with_the_inspections():
    assert verify(list(PROTECTION)).differing == ()
