"""Rules are judged over figures; what does not hold is corrected or explained before anybody signs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.orgs.services import move
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.statistics.jobs import open_periods
from gonghui.lines.statistics.models import CheckResult, CheckRule, DataSubmission, StatPeriod
from gonghui.lines.statistics.services import checking
from gonghui.lines.statistics.services.shipped import RULES, ship_rules
from tests.support import facts
from tests.support.sample.models import Visit

RULE = "sample.visit_amount ≤ 120"


def rule(offices, expression=RULE, **values):
    given = {
        "code": "T01", "text": "走访金额过大", "severity": "error", "valid_from": date(2012, 1, 1),
        **values,
    }  # fmt: skip
    return create(
        CheckRule, by=offices.office, org=offices.tree.city, expression=expression, **given
    )


def results(**by):
    with acting(SYSTEM):
        return list(CheckResult.objects.filter(voided_at=None, **by).order_by("pk"))


def prepared(offices, period):
    return perform(offices.sheet(period), "prepare", by=offices.clerk)


def certify(offices, sheet):
    return perform(sheet, "certify", by=offices.chair, signer="张示例")


def test_an_open_error_stops_the_signature_until_the_records_are_right(offices, visits, in_july):
    rule(offices)
    period = offices.june()
    sheet = prepared(offices, period)
    (found,) = results(org=offices.tree.county)
    assert (found.left, found.right, found.diff) == (125, 120, 5)
    assert found.says == "T01 走访金额过大（左边125，右边120）"
    assert DataSubmission._unscoped.get(pk=sheet.pk).checks_open == 1
    with pytest.raises(DomainError) as refused:
        certify(offices, sheet)
    assert refused.value.message == (
        "有1项强制校验未通过：T01 走访金额过大（左边125，右边120）。请更正台账记录后重新核对。"
    )
    assert DataSubmission._unscoped.get(pk=sheet.pk).state == "prepared"
    with acting(SYSTEM):
        facts.alter(Visit.objects.get(amount=100), amount=90)
    again = perform(sheet, "recheck", by=offices.clerk, reason="已更正")
    again = perform(again, "prepare", by=offices.clerk)
    assert [each.state for each in results()] == ["corrected"]
    assert certify(offices, again).state == "certified"


def test_an_error_is_not_explained_away_but_the_department_may_dismiss_it(offices, visits, in_july):
    rule(offices)
    sheet = prepared(offices, offices.june())
    (found,) = results()
    with pytest.raises(DomainError) as refused:
        perform(found, "explain", by=offices.clerk, explanation="情况特殊")
    assert refused.value.message.startswith("强制校验不能用说明代替更正")
    with pytest.raises(NotAllowed):
        perform(found, "dismiss", by=offices.clerk, explanation="误报")
    perform(found, "dismiss", by=offices.dept, explanation="集中走访，规则不适用")
    assert certify(offices, sheet).state == "certified"


def test_a_query_needs_words_and_new_numbers_need_new_words(offices, visits, in_july):
    rule(offices, severity="query")
    sheet = prepared(offices, offices.june())
    with pytest.raises(DomainError) as refused:
        certify(offices, sheet)
    assert "有1项核实校验未说明" in refused.value.message
    (found,) = results()
    with pytest.raises(DomainError):
        perform(found, "explain", by=offices.clerk)
    perform(found, "explain", by=offices.clerk, explanation="集中走访")
    facts.visit(offices.tree.union, date(2012, 6, 20), amount=3)
    sheet = perform(sheet, "recheck", by=offices.clerk, reason="补报")
    sheet = perform(sheet, "prepare", by=offices.clerk)
    (again,) = results()
    assert (again.state, again.left) == ("open", 128)
    perform(again, "explain", by=offices.clerk, explanation="集中走访，含补报")
    assert certify(offices, sheet).state == "certified"


def test_a_hint_stops_nobody(offices, visits, in_july):
    rule(offices, severity="hint")
    assert certify(offices, prepared(offices, offices.june())).state == "certified"
    assert len(results()) == 1


def test_a_neighbour_sees_nothing_of_it(offices, visits, in_july):
    rule(offices)
    offices.june()
    with acting(offices.neighbour_clerk):
        assert not CheckResult.objects.exists()
    with acting(offices.clerk):
        assert CheckResult.objects.count() == 1


def test_sums_of_the_lower_unions_and_of_the_month_before(offices, visits, in_july):
    rule(offices, "下级合计(sample.visit_amount) + 本级(sample.visit_amount) = sample.visit_amount")
    rule(
        offices, "sample.visit_amount ≤ 上期(sample.visit_amount) × 2", code="T02", severity="hint"
    )
    facts.visit(offices.tree.county, date(2012, 6, 5), amount=11)
    offices.june()
    found = results(org=offices.tree.county)
    assert [(each.rule.code, each.left, each.right) for each in found] == [("T02", 136, 80)]


def test_a_sum_that_does_not_add_up_is_found_for_each_indicator(offices, visits, in_july):
    ship_rules(offices.tree.city)
    period = offices.june()
    assert results(org=offices.tree.county, severity="error") == []
    # A balance that somebody changed: the county has 5 that no union below it has.
    fold()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_month SET value = value + 500 WHERE node = %s AND month = '2012-06-01'"
            " AND indicator = (SELECT id FROM ledger_indicator WHERE code = 'sample.visit_amount')",
            [offices.tree.county.pk],
        )
    sheet = prepared(offices, period)
    (found,) = results(org=offices.tree.county, severity="error")
    assert (found.indicator, found.left, found.right) == ("sample.visit_amount", 125, 130)
    assert found.says.startswith("C01 “走访金额”下级之和加本级不等于合计")
    with pytest.raises(DomainError):
        certify(offices, sheet)


def test_persons_whom_two_unions_met_are_named_by_c12(offices, in_july):
    ship_rules(offices.tree.city)
    for org in (offices.tree.township, offices.tree.union, offices.tree.neighbour_union):
        facts.visit(org, date(2012, 6, 5), amount=1, subject_no=7)
    period = offices.june()
    assert [r.rule.code for r in results(org=offices.tree.county, severity="query")] == []
    offices.report(period)
    perform(period, "close", by=offices.office)
    whole = results(org=offices.tree.city, indicator="sample.visited")
    assert [(r.rule.code, r.left, r.right) for r in whole] == [("C12", 2, 1)]


def test_the_whole_is_not_sealed_with_an_open_error_but_reports_have_their_own(
    offices, visits, in_july
):
    rule(offices, "sample.visit_amount ≤ 130", code="T01")
    rule(offices, "sample.visits = 1", code="T02", text="没有全覆盖", stage="report")
    period = offices.june()
    offices.report(period)
    closed = perform(period, "close", by=offices.office)
    with pytest.raises(DomainError) as refused:
        perform(closed, "seal", by=offices.leader)
    assert "有1项强制校验未通过：T01" in refused.value.message
    first, second = results(org=offices.tree.city)
    assert (first.rule.code, second.rule.code, second.stage) == ("T01", "T02", "report")
    perform(first, "dismiss", by=offices.dept, explanation="全市集中走访")
    assert perform(closed, "seal", by=offices.leader).state == "sealed"


def test_a_rule_without_its_indicators_judges_nothing_and_says_so(offices, visits, in_july):
    lacking = rule(offices, "rights.no_such_cases ≤ sample.visits")
    assert lacking.lacking == "rights.no_such_cases"
    offices.june()
    assert results() == []


def test_a_figure_that_cannot_be_computed_breaks_no_rule(offices, in_july):
    rule(offices, "sample.visit_amount ÷ sample.visits ≤ 1")
    offices.june()
    assert results() == []


def test_rules_that_make_no_sense_are_refused(offices):
    for expression, says in (
        ("sample.visits", "缺少比较符号"),
        ("@ ≤ 1", "请选择@代表哪些指标"),
        ("【没有的指标】 ≤ 1", "没有指标“没有的指标”"),
        ("", "请填写校验式"),
    ):
        with pytest.raises(DomainError) as refused:
            rule(offices, expression)
        assert says in refused.value.message
    assert rule(offices, "【走访次数】 ≤ 9").lacking == ""


def test_only_the_department_keeps_rules(offices):
    with pytest.raises(NotAllowed):
        create(
            CheckRule, by=offices.leader, org=offices.tree.city, code="T9", text="试",
            severity="hint", expression=RULE, valid_from=date(2012, 1, 1),
        )  # fmt: skip


def test_the_shipped_rules_cover_c01_to_c14_and_come_once(offices):
    with clock_in_july():
        open_periods()
    with acting(SYSTEM):
        codes = set(CheckRule.objects.values_list("code", flat=True))
        assert codes == {each.code for each in RULES}
        assert {code[:3] for code in codes} == {f"C{number:02d}" for number in range(1, 15)}
        changed = CheckRule.objects.get(code="C07")
        change(changed, by=offices.office, severity="hint")
        assert ship_rules(offices.tree.city) == 0
        assert CheckRule.objects.get(code="C07").severity == "hint"
        assert "rights.petitions" in CheckRule.objects.get(code="C03-01").lacking
        assert CheckRule.objects.get(code="C01").lacking == ""


def clock_in_july():
    return clock.at(date(2012, 7, 1))


def test_a_rule_holds_for_its_kinds_of_period_and_its_days(offices, visits, in_july):
    rule(offices, period_kinds=["year"])
    rule(offices, code="T02", valid_from=date(2012, 7, 1))
    rule(offices, code="T03", valid_to=date(2012, 6, 30))
    offices.june()
    assert results() == []
    with acting(SYSTEM):
        assert StatPeriod.objects.count() == 1


def test_a_union_that_changed_its_superior_makes_no_false_error(offices, visits, in_july):
    ship_rules(offices.tree.city)
    with facts.told(date(2012, 6, 29)):
        move(
            offices.tree.township,
            offices.tree.neighbour,
            date(2012, 6, 11),
            "示例〔2012〕1号",
        )
    # The township has all of June, its first county only what was before the 11th.
    june = Period.month(2012, 6)
    figures_of = [
        figure("sample.visit_amount", org, june).value
        for org in (offices.tree.county, offices.tree.township)
    ]
    assert figures_of == [100, 125]
    offices.june()
    assert results(severity="error") == []


def posted(org, code, value):
    """An entry of June that no record of the city has: what a damaged base would hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_hot (indicator, org, day, value, record_id, recorded_at)"
            " SELECT id, %s, '2012-06-15', %s, 0, '2012-06-16' FROM ledger_indicator WHERE code = %s",
            [org.pk, value, code],
        )


def half_year(offices):
    return create(
        StatPeriod, by=offices.office, org=offices.tree.city, kind="half",
        start_on=date(2012, 1, 1), end_on=date(2012, 6, 30),
    )  # fmt: skip


def broken(period, **by):
    with by_rule():  # as the effect of 提请封存 does it
        checking.check_whole([period], SYSTEM)
    return {found.rule.code for found in results(org=period.org, state="open", **by)}


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ({"cadres.full_classes": 2, "cadres.classes": 1}, "C03-13"),
        ({"members.female": 5}, "C03-11"),
        ({"funds.model_paid": 10_000}, "C04-02"),
        ({"funds.balance": -1}, "C04-03"),
        ({"aid.swn_paid": 10_000}, "C04-04"),
        ({"orgs.counties": 10, "aid.county_centers": 9}, "C08-02"),
        ({"members.total": 3, "members.gained": 2}, "C02-01"),
        ({"mutual.enrollments": -1}, "C03-16"),
    ],
)
def test_damage_breaks_the_shipped_rule_that_it_should(offices, in_july, damage, code):
    ship_rules(offices.tree.city)
    period = half_year(offices)
    with acting(SYSTEM):
        standing = figure("orgs.counties", offices.tree.city, period.period).value
        if code != "C08-02":
            assert code not in broken(period)
        for indicator, value in damage.items():
            less = int(standing) if indicator == "orgs.counties" else 0
            posted(offices.tree.city, indicator, value - less)
        assert code in broken(period)


def test_money_that_came_back_makes_no_error_of_a_month(offices, in_july):
    ship_rules(offices.tree.city)
    period = offices.june()
    with acting(SYSTEM):
        posted(offices.tree.city, "funds.paid", -300_000)
        posted(offices.tree.city, "mutual.enrollments", -1)
        posted(offices.tree.city, "members.total", 3)
        posted(offices.tree.city, "members.gained", 3)
        assert broken(period, severity="error", stage="submission") == set()
        assert "C02-01" not in broken(period)


def test_all_counties_with_a_centre_may_be_called_full_coverage(offices, in_july):
    ship_rules(offices.tree.city)
    period = offices.june()
    with acting(SYSTEM):
        standing = figure("orgs.counties", offices.tree.city, period.period).value
        posted(offices.tree.city, "aid.county_centers", int(standing))
        assert "C08-02" not in broken(period, stage="report")
