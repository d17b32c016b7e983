"""The plan behind 114 % and 195 %, unit by unit."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.base.wording import percent
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import create_many
from gonghui.lines.goals.models import Issuer, TargetKind
from gonghui.lines.goals.services import Part, decompose, progress
from tests.lines.goals.conftest import DIRECT, MEMBERS, PLAN, UNIONS
from tests.lines.goals.test_decomposition import weights
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

HALF = date(2012, 6, 30)
PRINTED = ["135%", "108%", "112%", "108%", "125%", "84%", "114%", "115%", "116%", "70%"]
PRINTED_MEMBERS = ["244%", "192%", "188%", "183%", "235%", "92%", "196%", "201%", "193%", "91%"]


def handed_down(plan, target, column):
    for child in decompose(target, weights(plan, column), plan.dept):
        plan.issue(child.plan)


def test_the_table_of_new_unions_is_exact(plan, actuals):
    handed_down(plan, plan.issued(480), 0)
    with acting(plan.dept):
        rows = progress(2012, "省总", HALF)
    whole, *shares, direct = rows
    assert (whole.part, whole.target, whole.actual, percent(whole.ratio)) == (
        Part.WHOLE,
        480,
        547,
        "114%",
    )
    assert [(row.org_name, row.target, row.actual) for row in shares] == [
        (f"{name}总工会", plan_, actual) for name, (plan_, actual, _, _) in PLAN.items()
    ]
    assert [percent(row.ratio) for row in shares] == PRINTED
    assert (direct.part, direct.target, direct.actual, percent(direct.ratio)) == (
        Part.RESERVE,
        27,
        32,
        "119%",
    )
    assert direct.org_name == "示例市总工会（本级）"


def test_the_table_of_new_members_is_exact(plan):
    rows = []
    number = 0
    for name, count in [(name, row[3]) for name, row in PLAN.items()] + [("市直", DIRECT[3])]:
        org = plan.counties.get(name, plan.direct)
        for _ in range(count // 10):
            number += 1
            rows.append({"org": org, "title": name, "visited_on": HALF, "subject_no": number})
    create_many(Visit, rows, by=SYSTEM)
    handed_down(plan, plan.issued(640, MEMBERS, kind=TargetKind.DISTINCT), 2)
    with acting(plan.dept):
        whole, *shares, direct = progress(2012, "省总", HALF)
    tenths = [row[3] // 10 for row in PLAN.values()]
    assert (whole.actual, [row.actual for row in shares], direct.actual) == (
        sum(tenths) + 93,
        tenths,
        93,
    )
    assert [row.target for row in shares] == [106, 50, 68, 63, 72, 66, 57, 54, 51, 13]
    assert (direct.target, direct.note) == (40, "按去重总数减各单位数推算")


@pytest.mark.parametrize(
    ("target", "printed"),
    [(480, "114%"), (478, "114%"), (481, "114%"), (482, "113%"), (477, "115%")],
)
def test_the_plan_ratio_of_547_is_rounded_half_up(plan, actuals, plan_indicator, target, printed):
    plan.issued(target)
    found = figure(plan_indicator, plan.city, Period.half(2012, 1), issuer="省总")
    assert percent(found.value) == printed


@pytest.mark.parametrize(("target", "printed"), [(6400, "195%"), (6398, "196%"), (6432, "194%")])
def test_the_plan_ratio_of_12509_is_rounded_half_up(plan, plan_indicator, target, printed):
    create_many(
        Visit,
        [{"org": plan.direct, "title": "会员", "visited_on": HALF, "amount": 12509}],
        by=SYSTEM,
    )
    plan.issued(target)
    found = figure(plan_indicator, plan.city, Period.half(2012, 1))
    assert percent(found.value) == printed


def test_a_late_approval_does_not_move_the_half_year(plan, actuals):
    plan.issued(480)
    with clock.at(date(2012, 7, 10)):
        create_many(
            Visit,
            [{"org": plan.direct, "title": "七月", "visited_on": date(2012, 7, 3), "amount": 1}],
            by=SYSTEM,
        )
    with acting(plan.dept):
        (half,) = progress(2012, "省总", HALF)
        (august,) = progress(2012, "省总", date(2012, 8, 15))
        (earlier,) = progress(2012, "省总", date(2012, 8, 15), date(2012, 7, 9))
    assert (half.actual, august.actual, earlier.actual) == (547, 548, 547)


def test_a_target_that_nobody_entered_is_told_and_is_not_zero(plan, actuals, plan_indicator):
    plan.issued(480)
    with acting(plan.dept):
        (row,) = progress(2012, "市总", HALF, codes=[UNIONS], orgs=[plan.city])
    assert (row.part, row.target, row.ratio, row.note) == (Part.MISSING, None, None, "目标值未录入")
    assert (row.actual, row.name, row.unit) == (547, "走访金额", "元")
    found = figure(plan_indicator, plan.city, Period.half(2012, 1), issuer="市总")
    assert (found.value, found.note) == (None, "目标值未录入")


def test_both_issuers_stand_beside_each_other(plan, actuals):
    plan.issued(480)
    plan.issued(600, issuer=Issuer.CITY)
    with acting(plan.dept):
        ratios = [percent(progress(2012, issuer, HALF)[0].ratio) for issuer in ("省总", "市总")]
    assert ratios == ["114%", "91%"]


def test_a_county_sees_its_own_row(plan, actuals):
    handed_down(plan, plan.issued(480), 0)
    with acting(actor_with(Role.COUNTY, org=plan.counties["郏县"])):
        (row,) = progress(2012, "省总", HALF)
    assert (row.part, row.org_name, row.target, row.actual) == (Part.SHARE, "郏县总工会", 50, 42)


def test_before_the_window_and_without_an_indicator_there_is_no_ratio(plan):
    book = plan.book(Issuer.CITY)
    plan.target(book, 1, "", kind=TargetKind.MILESTONE, code="T18")
    plan.target(book, 600, code="T12", window_from=date(2012, 8, 1), due_on=date(2012, 9, 30))
    plan.issue(book)
    with acting(plan.dept):
        rows = progress(2012, "市总", HALF)
    assert [(row.code, row.actual, row.ratio, row.note) for row in rows] == [
        ("T12", None, None, "尚未开始"),
        ("T18", None, None, "按节点或定性考核"),
    ]


def test_what_comes_after_the_due_day_does_not_count(plan):
    create_many(
        Visit,
        [
            {"org": plan.direct, "title": "助学", "visited_on": day, "amount": 100}
            for day in (date(2012, 7, 31), date(2012, 9, 30), date(2012, 10, 1))
        ],
        by=SYSTEM,
    )
    plan.issued(600, window_from=date(2012, 8, 1), due_on=date(2012, 9, 30))
    with acting(plan.dept):
        (row,) = progress(2012, "省总", date(2012, 12, 31))
    assert (row.actual, row.ratio) == (100, Decimal(100) / 600)


def test_an_indicator_that_is_gone_is_told(plan):
    target = plan.issued(480)
    type(target)._unscoped.filter(pk=target.pk).update(indicator="gone.code")
    with acting(plan.dept):
        (row,) = progress(2012, "省总", HALF)
    assert (row.actual, row.note, row.name) == (None, "尚未接入", target.clause)


def test_the_cost_does_not_grow_with_the_counties(plan, actuals):
    target = plan.issued(480)

    def cost():
        with (
            acting(plan.dept),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            progress(2012, "省总", HALF)
        return len(queries)

    progress_of_one = cost()
    handed_down(plan, target, 0)
    assert cost() == progress_of_one


def test_a_target_may_wait_for_the_line_that_counts_it(plan):
    plan.issued(300, "innovation.results", issuer=Issuer.CITY, code="T02")
    with acting(plan.dept):
        (row,) = progress(2012, "市总", HALF)
    assert (row.name, row.unit) == ("职工技术创新成果数", "项")
    assert (row.actual, row.ratio, row.note) == (None, None, "尚未接入")
    assert (row.standing.light, row.standing.reason) == ("grey", "尚未接入，不能判断进度。")
