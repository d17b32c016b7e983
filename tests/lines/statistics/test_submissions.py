"""Periods open, unions certify what the ledger says, departments verify."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Task
from gonghui.lines.statistics.jobs import open_periods
from gonghui.lines.statistics.models import DataSubmission, StatPeriod, SubmissionValue
from gonghui.lines.statistics.services.periods import ended_before, union_year_of
from tests.support import facts

AMOUNT = "sample.visit_amount"


def value_of(sheet, code=AMOUNT):
    with acting(SYSTEM):
        return SubmissionValue.objects.get(submission=sheet, indicator=code, voided_at=None)


def test_values_come_from_the_ledger_with_records_and_the_month_before(offices, visits, in_july):
    sheet = offices.sheet(offices.june())
    row = value_of(sheet)
    assert (row.name, row.unit, row.org) == ("走访金额", "元", offices.tree.county)
    assert (row.value, row.previous_value, row.change) == (Decimal(125), Decimal(40), Decimal(85))
    assert row.records_count == 2
    assert value_of(offices.sheet(sheet.period, offices.tree.neighbour)).value == 7


def test_a_rate_is_signed_as_it_is_printed(offices, in_july):
    for mood in ("good", "good", "bad"):
        made = facts.visit(offices.tree.union, date(2012, 6, 10), mood=mood)
        perform(perform(made, "submit", by=SYSTEM), "confirm", by=SYSTEM)
    rate = value_of(offices.sheet(offices.june()), "sample.good_rate")
    assert (rate.unit, rate.value) == ("%", 67)


def test_nobody_can_type_a_value(offices, visits, in_july):
    sheet = offices.sheet(offices.june())
    row = value_of(sheet)
    with pytest.raises(DomainError) as refused:
        change(row, by=offices.clerk, value=Decimal(550))
    assert refused.value.field == "value"
    with pytest.raises(DomainError):
        create(
            SubmissionValue,
            by=offices.clerk,
            submission=sheet,
            indicator="sample.visits",
            value=550,
        )
    added = create(SubmissionValue, by=offices.clerk, submission=sheet, indicator="sample.visits")
    assert (added.value, added.name) == (0, "走访次数")
    assert value_of(sheet).value == 125


def test_an_indicator_that_does_not_exist_is_refused(offices, in_july):
    sheet = offices.sheet(offices.june())
    with pytest.raises(DomainError) as refused:
        create(SubmissionValue, by=offices.clerk, submission=sheet, indicator="sample.no_such")
    assert "没有指标“sample.no_such”" in refused.value.message


def test_a_sheet_goes_from_the_clerk_to_the_chair_to_the_department(offices, visits, in_july):
    sheet = offices.sheet(offices.june())
    prepared = perform(sheet, "prepare", by=offices.clerk)
    assert prepared.as_of == clock.now()
    with pytest.raises(NotAllowed) as same:
        perform(prepared, "certify", by=offices.clerk, signer="张示例")
    assert same.value.message == "经办与“签认上报”不能是同一人，请由他人办理。"
    with pytest.raises(DomainError) as nameless:
        perform(prepared, "certify", by=offices.chair)
    assert nameless.value.message == "请填写签认负责人姓名。"
    certified = perform(prepared, "certify", by=offices.chair, signer="张示例")
    assert (certified.signer, certified.certified_on) == ("张示例", date(2012, 7, 2))
    with pytest.raises(NotAllowed):
        perform(certified, "verify", by=offices.chair)
    assert perform(certified, "verify", by=offices.dept).state == "verified"


def test_a_neighbour_county_cannot_certify(offices, visits, in_july):
    prepared = perform(offices.sheet(offices.june()), "prepare", by=offices.clerk)
    with pytest.raises(DomainError) as refused:
        perform(prepared, "certify", by=offices.neighbour_chair, signer="李示例")
    assert refused.value.code == "not_found"
    assert DataSubmission._unscoped.get(pk=prepared.pk).state == "prepared"


def test_deadlines_are_working_days_after_the_end_of_the_period(offices, in_july):
    # 30 June 2012 is a Saturday: the fifth working day is Friday 6 July, the eighth Wednesday the 11th.
    period = offices.june()
    sheet = offices.sheet(period)
    assert (sheet.due_on, sheet.verify_due_on) == (date(2012, 7, 6), date(2012, 7, 11))
    assert period.seal_due_on == date(2012, 7, 13)
    task = Task._unscoped.get(
        register="statistics.data_submission", record_id=sheet.pk, closed_at=None
    )
    assert (task.due_on, task.state) == (date(2012, 7, 6), "open")
    certified = offices.certified(period)
    waiting = Task._unscoped.get(
        register="statistics.data_submission", record_id=certified.pk, closed_at=None
    )
    assert (waiting.due_on, waiting.roles) == (date(2012, 7, 11), ["dept"])


def test_what_was_certified_stays_although_the_ledger_goes_on(offices, visits, in_july):
    certified = offices.certified(offices.june())
    facts.visit(offices.tree.union, date(2012, 6, 20), amount=3)
    assert value_of(certified).value == 125
    june = Period.month(2012, 6)
    assert figure(AMOUNT, offices.tree.county, june).value == 128
    with pytest.raises(DomainError) as locked:
        change(value_of(certified), by=offices.clerk, explanation="补报")
    assert locked.value.message == "上报单已签认，不能再改动；如有差错，请退回后重新核对。"
    with pytest.raises(Conflict):
        void(value_of(certified), by=offices.clerk, reason="不好看")


def test_a_returned_sheet_is_read_anew_and_keeps_its_explanations(offices, visits, in_july):
    period = offices.june()
    change(value_of(offices.sheet(period)), by=offices.clerk, explanation="集中走访")
    certified = offices.certified(period)
    with pytest.raises(DomainError):
        perform(certified, "return", by=offices.dept)
    returned = perform(certified, "return", by=offices.dept, reason="漏报一户")
    assert (returned.signer, returned.as_of, returned.signed_at) == ("", None, None)
    facts.visit(offices.tree.union, date(2012, 6, 20), amount=3)
    again = perform(returned, "prepare", by=offices.clerk)
    assert (value_of(again).value, value_of(again).explanation) == (128, "集中走访")


def test_a_period_takes_reports_only_when_it_is_over(offices):
    with clock.at(date(2012, 6, 30)), pytest.raises(DomainError) as early:
        offices.june()
    assert early.value.message == "统计期2012-06-30才结束，期末后方可上报。"


def test_a_month_is_a_whole_calendar_month(offices, in_july):
    with pytest.raises(DomainError) as refused:
        create(
            StatPeriod,
            by=offices.office,
            org=offices.tree.city,
            kind="month",
            start_on=date(2012, 6, 1),
            end_on=date(2012, 6, 29),
        )
    assert "不是一个完整的“月”" in refused.value.message


def test_basic_unions_report_only_where_something_happened(offices, visits, in_july):
    tree = offices.tree
    period = create(
        StatPeriod,
        by=offices.office,
        org=tree.city,
        kind="quarter",
        start_on=date(2012, 4, 1),
        end_on=date(2012, 6, 30),
        levels=["county", "township", "basic"],
    )
    perform(period, "start", by=offices.office)
    with acting(SYSTEM):
        sheets = {s.org: s for s in DataSubmission.objects.filter(period=period)}
    assert set(sheets) == {
        tree.county, tree.township, tree.union, tree.neighbour, tree.neighbour_township,
        tree.neighbour_union,
    }  # fmt: skip
    assert sheets[tree.union].due_on == date(2012, 7, 4)
    assert sheets[tree.county].due_on == date(2012, 7, 6)
    void(next(iter(facts_of(tree.neighbour_union))), by=SYSTEM, reason="重复登记")
    again = create(
        StatPeriod,
        by=offices.office,
        org=tree.city,
        kind="month",
        start_on=date(2012, 6, 1),
        end_on=date(2012, 6, 30),
        levels=["basic"],
    )
    perform(again, "start", by=offices.office)
    with acting(SYSTEM):
        assert [s.org for s in DataSubmission.objects.filter(period=again)] == [tree.union]


def facts_of(org):
    from tests.support.sample.models import Visit

    with acting(SYSTEM):
        return list(Visit.objects.filter(org=org))


def test_the_daily_job_opens_the_month_that_is_over_and_does_so_once(offices, visits):
    with clock.at(date(2012, 7, 1)):
        assert open_periods() == 1
        assert open_periods() == 0
    with acting(SYSTEM):
        (period,) = StatPeriod.objects.all()
        assert (period.state, period.kind, period.org) == (
            "reporting", "month", Org.objects.get(level="city"),
        )  # fmt: skip
        assert (period.start_on, period.end_on) == (date(2012, 6, 1), date(2012, 6, 30))
        assert DataSubmission.objects.count() == 2


def test_the_unions_year_ends_in_september(db):
    year = union_year_of(date(2012, 8, 15))
    assert (year.start, year.end) == (date(2011, 10, 1), date(2012, 9, 30))
    assert ended_before("union_year", date(2012, 10, 1)) == year
    assert ended_before("half", date(2012, 8, 15)) == Period.half(2012, 1)
    assert ended_before("quarter", date(2012, 7, 1)) == Period.quarter(2012, 2)
    assert ended_before("month", date(2012, 3, 31)) == Period.month(2012, 2)
    assert ended_before("year", date(2012, 3, 31)) == Period.year(2011)


def test_a_period_is_closed_with_all_sheets_verified_or_with_a_reason(offices, visits, in_july):
    period = offices.june()
    offices.certified(period)
    with pytest.raises(DomainError) as refused:
        perform(period, "close", by=offices.office)
    assert refused.value.message == (
        "还有2个单位的数据未审核：甲县总工会（待审核）、乙县总工会（待核对）。"
        "请先办理审核；确需封存的，请填写例外说明。"
    )
    closed = perform(period, "close", by=offices.office, exceptions="乙县换届，另行补报")
    assert closed.missing == "甲县总工会（待审核）、乙县总工会（待核对）"
    with pytest.raises(Conflict) as late:
        perform(
            offices.sheet(closed, offices.tree.neighbour), "prepare", by=offices.neighbour_clerk
        )
    assert late.value.message.startswith("统计期“2012年6月”不在上报中")


def test_figures_tell_how_many_have_certified(offices, visits, in_july):
    offices.certified(offices.june())
    july, june = Period.month(2012, 7), Period.month(2012, 6)
    assert figure("statistics.submissions", offices.tree.city, june).value == 2
    assert figure("statistics.certified", offices.tree.city, july).value == 1
    assert figure("statistics.certified", offices.tree.neighbour, july).value == 0
