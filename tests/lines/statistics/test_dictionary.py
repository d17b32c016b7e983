"""What indicators meant when, and what they were before there were records: always said with the number."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period, parse_period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.excel.write import Column, write_rows
from gonghui.kernel.files.services import attach
from gonghui.kernel.imports import services as imports
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import yoy
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.parameters.services import set_value
from gonghui.kernel.parameters.values import remembered
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.statistics.models import (
    HistoricalFigure,
    HistoricalSource,
    IndicatorVersion,
    SubmissionValue,
)
from tests.lines.statistics.test_forms import draft, the_return, the_value, values
from tests.support.people import client_for, user_with

AMOUNT = "sample.visit_amount"
MAY, JUNE = Period.month(2012, 5), Period.month(2012, 6)


@pytest.fixture
def start(in_july):
    """Records begin with June 2012."""
    set_value(
        "reports.system_start", "2012-06-01", by=SYSTEM, valid_from=date(2012, 7, 2), source="示例"
    )


@pytest.fixture
def book(offices, in_july):
    """A yearbook with its scan."""
    made = create(
        HistoricalSource, by=offices.office, org=offices.tree.city, title="2011年度工会统计年报",
    )  # fmt: skip
    attach(made, "年报.pdf", b"%PDF-1.4 yearbook", by=offices.office)
    return made


def entered(offices, book, value=55, days="2012年5月", org=None, code=AMOUNT):
    return create(
        HistoricalFigure, by=offices.office, org=org or offices.tree.city, indicator=code,
        days=days, value=Decimal(value), source=book, page_note="第3页",
    )  # fmt: skip


def checked(offices, *args, **more):
    return perform(entered(offices, *args, **more), "check", by=offices.dept)


def page_of(offices, path, role=Role.DEPT, org=None, **query):
    return client_for(user_with(role, org or offices.tree.city)).get(path, query).content.decode()


JUNE_ASKED = {"during": "custom", "during.from": "2012-06-01", "during.to": "2012-06-30"}
MAY_ASKED = {"during": "custom", "during.from": "2012-05-01", "during.to": "2012-05-31"}


# Historical figures


def test_nothing_is_entered_for_days_that_have_records(offices, visits, book, in_july):
    with pytest.raises(DomainError) as unset:
        entered(offices, book)
    assert "设置参数“系统启用日期”" in unset.value.message
    set_value(
        "reports.system_start", "2012-06-01", by=SYSTEM, valid_from=date(2012, 7, 2), source="示例"
    )
    for days in ("2012年6月", "2012年", "2012-05-20至2012-06-02"):
        with pytest.raises(DomainError) as late:
            entered(offices, book, days=days)
        assert "不在系统启用日期2012-06-01以前" in late.value.message
    assert not HistoricalFigure._unscoped.exists()


def test_it_counts_once_another_has_checked_it_against_the_document(
    offices, visits, start, in_july
):
    bare = create(HistoricalSource, by=offices.office, org=offices.tree.city, title="没有原件")
    made = entered(offices, bare)
    assert (made.start_on, made.end_on, made.name) == (MAY.start, MAY.end, "走访金额")
    with pytest.raises(NotAllowed):
        perform(made, "check", by=offices.office)
    with pytest.raises(DomainError) as refused:
        perform(made, "check", by=offices.dept)
    assert "还没有上传文件" in refused.value.message
    assert figure(AMOUNT, offices.tree.city, MAY).value == 40
    attach(bare, "年报.pdf", b"%PDF-1.4 x", by=offices.office)
    change(made, by=offices.dept, value=Decimal(56))
    with pytest.raises(NotAllowed):
        perform(made, "check", by=offices.dept)
    third = offices.leader
    with pytest.raises(NotAllowed):
        perform(made, "check", by=third)
    change(made, by=offices.office, value=Decimal(55))
    perform(made, "check", by=offices.dept)
    found = figure(AMOUNT, offices.tree.city, MAY)
    assert (found.value, found.marks) == (55, ("历史数据",))
    assert figure(AMOUNT, offices.tree.county, MAY).marks == ()


def test_it_is_known_from_the_moment_of_checking_to_that_of_voiding(offices, start, book):
    with clock.at(datetime(2012, 7, 5, 9, tzinfo=clock.ZONE)):
        made = checked(offices, book)
    with clock.at(datetime(2012, 7, 9, 9, tzinfo=clock.ZONE)):
        void(made, by=offices.office, reason="抄错")
    told = [
        figure(AMOUNT, offices.tree.city, MAY, date(2012, 7, day)).value for day in (4, 5, 8, 9)
    ]
    assert told == [0, 55, 55, 0]


def test_what_is_made_of_it_says_so(offices, start, book):
    checked(offices, book, 10, code="sample.visits")
    checked(offices, book, 4, code="sample.good_visits")
    found = figure("sample.good_rate", offices.tree.city, MAY)
    assert (found.value, found.marks) == (Decimal("0.4"), ("含历史数据",))
    checked(offices, book, 38, code="sample.good_rate")
    found = figure("sample.good_rate", offices.tree.city, MAY)
    assert (found.value, found.marks) == (Decimal("0.38"), ("历史数据",))


def test_growth_over_a_base_from_before_the_records_says_so(offices, visits, start, book):
    grown = yoy("sample.grown", "走访金额同比", AMOUNT)
    for name, there in (("_indicators", grown), ("_sources", catalogue._sources[AMOUNT])):
        getattr(catalogue, name)["sample.grown"] = there
    try:
        checked(offices, book, 66, days="2011年6月")
        found = figure("sample.grown", offices.tree.city, JUNE)
    finally:
        for name in ("_indicators", "_sources"):
            del getattr(catalogue, name)["sample.grown"]
    assert (found.value, found.marks) == (Decimal(1), ("含历史数据",))


def test_days_with_records_cost_nothing_more(offices, visits, start, book):
    checked(offices, book)

    def cost(period, codes):
        with remembered():
            figures(codes, [offices.tree.city], JUNE)
            with CaptureQueriesContext(connection) as queries:
                figures(codes, [offices.tree.city, offices.tree.county], period)
        return len(queries)

    assert cost(MAY, [AMOUNT]) == cost(JUNE, [AMOUNT]) + 1
    many = [AMOUNT, "sample.visits", "sample.good_visits", "sample.good_rate"]
    assert cost(MAY, many) == cost(MAY, ["sample.visits"]) == cost(MAY, [AMOUNT])


def test_the_page_of_a_figure_says_which_it_is(offices, visits, start, book):
    checked(offices, book)
    page = page_of(offices, f"/figures/{AMOUNT}/", **MAY_ASKED)
    assert "历史数据</span>" in page
    assert "不由台账记录产生；台账中同期为40" in page
    assert 'data-value="55"><a' in page
    records = page_of(offices, f"/figures/{AMOUNT}/records/", **MAY_ASKED)
    assert "<strong>40元</strong>，共1条" in records
    checked(offices, book, 60, days="2011年6月")
    june = page_of(offices, f"/figures/{AMOUNT}/", **JUNE_ASKED)
    assert "60元（历史数据）" in june
    assert "不由台账记录产生" not in june


def test_a_statutory_form_and_a_sheet_say_it_too(offices, visits, start, book):
    checked(offices, book)
    perform(draft(offices), "activate", by=offices.office)
    offices.june()
    found = the_return(offices.tree.city)
    assert values(found)["[01,2]"] == 55
    assert the_value(found, "[01,2]").note == "历史数据"
    assert "55（历史数据）" in page_of(offices, f"/r/statistics.form_return/{found.pk}/")
    client = client_for(user_with(Role.DEPT, offices.tree.city))
    answer = client.get(f"/statistics/returns/{found.pk}/form.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [[value for value in row if value is not None] for row in sheet.values]
    assert rows[3] == ["数取自台账，取数时点：2012-07-02 09:00；[01,2]历史数据"]
    assert rows[6][3:5] == [132, 55]


def test_a_submission_says_that_the_month_before_is_historical(offices, visits, start, book):
    checked(offices, book, org=offices.tree.county)
    sheet = offices.sheet(offices.june())
    with acting(SYSTEM):
        row = SubmissionValue.objects.get(submission=sheet, indicator=AMOUNT)
    assert (row.value, row.previous_value, row.note) == (125, 55, "上期历史数据")


def test_a_sheet_of_historical_figures_comes_in_and_twice_changes_nothing(offices, start, book):
    rows = [
        ["走访金额", "甲县总工会", "2011年上半年", "12.5", "2011年度工会统计年报", "第1页"],
        ["走访次数", "甲县总工会", "2011Q1", "7", "2011年度工会统计年报", ""],
        ["走访次数", "甲县总工会", "2012年7月", "7", "2011年度工会统计年报", ""],
        ["没有的指标", "甲县总工会", "2011年", "7", "2011年度工会统计年报", ""],
        ["走访次数", "甲县总工会", "2011年", "7", "没有的文件", ""],
    ]
    labels = ("指标", "组织", "期间", "数值", "来源文件", "页码、表号")
    target = io.BytesIO()
    write_rows(target, [Column(label=label) for label in labels], rows)

    def brought():
        with acting(offices.office):
            run = imports.upload(
                register_of(HistoricalFigure), "历史.xlsx", target.getvalue(), by=offices.office,
                org=offices.tree.city,
            )  # fmt: skip
            run = imports.check(run, by=offices.office, in_background=False)
            return imports.write_run(run, by=offices.office, in_background=False)

    first, again = brought(), brought()
    assert (first.new_count, first.refused_count) == (2, 3)
    assert (again.new_count, again.unchanged_count, again.refused_count) == (0, 2, 3)
    with acting(SYSTEM):
        found = HistoricalFigure.objects.get(indicator=AMOUNT)
    assert (found.org_id, found.days, found.state) == (
        offices.tree.county.pk, "2011年上半年", "entered",
    )  # fmt: skip


def test_a_county_sees_its_own_and_enters_none(offices, start, book):
    checked(offices, book, org=offices.tree.county)
    checked(offices, book, org=offices.tree.neighbour)
    with acting(offices.clerk):
        assert [row.org_id for row in HistoricalFigure.objects.all()] == [offices.tree.county.pk]
    with pytest.raises(NotAllowed):
        create(
            HistoricalFigure, by=offices.clerk, org=offices.tree.county, indicator=AMOUNT,
            days="2011年", value=Decimal(1), source=book,
        )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["2011年1月至3月", "2011年1月1日至8月15日", "2011年", "2011年下半年", "2010年至2011年"]
)
def test_a_period_is_called_so_that_it_can_be_read_again(offices, start, book, text):
    period = {
        "2011年1月至3月": Period(date(2011, 1, 1), date(2011, 3, 31)),
        "2011年1月1日至8月15日": Period(date(2011, 1, 1), date(2011, 8, 15)),
        "2010年至2011年": Period(date(2010, 1, 1), date(2011, 12, 31)),
    }.get(text) or parse_period(text)
    made = entered(offices, book, days=f"{period.start}至{period.end}")
    again = change(made, by=offices.office, value=Decimal(3))
    assert (again.period, parse_period(again.days)) == (period, period)


# Versions


def version(offices, day, *, publish=True, **more):
    given = {
        "indicator": AMOUNT,
        "counted": f"{day}以后的走访",
        "change_note": "口径调整",
        "is_comparable": False,
    }
    made = create(
        IndicatorVersion, by=offices.office, org=offices.tree.city,
        valid_from=day, **{**given, **more},
    )  # fmt: skip
    return perform(made, "publish", by=offices.dept) if publish else made


def test_the_definition_shown_is_the_one_of_the_day_asked(offices, visits, in_july):
    version(offices, date(2012, 1, 1), not_counted="电话走访", boundary="同日两次计一次")
    version(offices, date(2012, 6, 1), counted="新的走访")
    version(offices, date(2012, 6, 2), counted="还在起草", publish=False)
    may = page_of(offices, f"/figures/{AMOUNT}/", **MAY_ASKED)
    june = page_of(offices, f"/figures/{AMOUNT}/", **JUNE_ASKED)
    for text in (
        "2012-01-01以后的走访",
        "电话走访",
        "同日两次计一次",
        "第1版，2012-01-01起：口径调整",
    ):
        assert text in may
        assert text not in june
    assert "新的走访" in june
    assert "第2版，2012-06-01起" in june


def test_what_is_not_comparable_says_so_beside_the_comparison(offices, visits, in_july):
    version(offices, date(2012, 6, 1))
    assert "口径调整，不可比" in page_of(offices, f"/figures/{AMOUNT}/", **JUNE_ASKED)
    assert "口径调整，不可比" not in page_of(offices, f"/figures/{AMOUNT}/", **MAY_ASKED)
    sheet = offices.sheet(offices.june())
    with acting(SYSTEM):
        row = SubmissionValue.objects.get(submission=sheet, indicator=AMOUNT)
    assert row.note == "口径调整，不可比"


def test_a_form_marks_only_columns_that_compare(offices, visits, in_july):
    version(offices, date(2012, 6, 1))
    perform(draft(offices), "activate", by=offices.office)
    offices.june()
    found = the_return(offices.tree.county)
    notes = [the_value(found, name).note for name in ("[01,1]", "[01,2]")]
    assert notes == ["", "口径调整，不可比"]


def test_a_change_that_leaves_figures_comparable_says_nothing(offices, visits, in_july):
    version(offices, date(2012, 6, 1), is_comparable=True)
    assert "口径调整，不可比" not in page_of(offices, f"/figures/{AMOUNT}/", **JUNE_ASKED)


def test_a_ratio_is_as_comparable_as_what_it_is_made_of(offices, visits, in_july):
    version(offices, date(2012, 6, 1), indicator="sample.visits")
    assert "口径调整，不可比" in page_of(offices, "/figures/sample.good_rate/", **JUNE_ASKED)


def test_versions_follow_one_another_and_are_published_by_another(offices, in_july):
    made = version(offices, date(2012, 6, 1), publish=False)
    assert made.version_no is None
    with pytest.raises(NotAllowed):
        perform(made, "publish", by=offices.office)
    assert perform(made, "publish", by=offices.dept).version_no == 1
    with pytest.raises(DomainError) as earlier:
        version(offices, date(2012, 5, 1))
    assert "新版本须在这以后起用" in earlier.value.message
    with pytest.raises(Conflict):
        void(made, by=offices.office, reason="不要了")
    with pytest.raises(NotAllowed):
        create(
            IndicatorVersion, by=offices.clerk, org=offices.tree.city, indicator=AMOUNT,
            valid_from=date(2012, 7, 1), counted="x", change_note="y",
        )  # fmt: skip
