"""Statutory forms: laid out once, filled by the system, signed, and sent with their signed cover."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.excel.write import Column, write_rows
from gonghui.kernel.files.services import attach
from gonghui.kernel.imports import services as imports
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.statistics.jobs import open_periods
from gonghui.lines.statistics.models import (
    FormCheck,
    FormReturn,
    ReturnValue,
    StatCell,
    StatForm,
)
from gonghui.lines.statistics.services import forms
from gonghui.lines.statistics.services.shipped_forms import CODE, ROWS, ship_forms
from tests.support import facts
from tests.support.people import client_for, user_with
from tests.support.sample.models import Visit

PDF = b"%PDF-1.4 signed cover"
ROW = {"row_code": "01", "row_label": "走访金额", "unit": "元"}
HAND = {"row_code": "02", "row_label": "工会小组数", "unit": "个"}


def cell(form, by, column, source, expression="", **more):
    of_row = {**ROW, **more}
    return create(
        StatCell, by=by, form=form, column_code=str(column), column_label=f"第{column}栏",
        source=source, expression=expression, **of_row,
    )  # fmt: skip


def draft(offices, **values):
    """Row 01 has this month, the month before and their difference; row 02 is filled by hand."""
    given = {"code": "试1表", "title": "走访情况", "authority": "省总工会", "period_kind": "month"}
    form = create(
        StatForm, by=offices.office, org=offices.tree.city, levels=["city", "county"],
        **{**given, **values},
    )  # fmt: skip
    cell(form, offices.office, 1, "indicator", "sample.visit_amount")
    cell(form, offices.office, 2, "indicator", "上期(【走访金额】)")
    cell(form, offices.office, 3, "formula", "[01,1] − [01,2]")
    cell(form, offices.office, 1, "manual", cause="没有台账", **HAND)
    return form


def check(form, offices, expression, severity="error"):
    return create(
        FormCheck, by=offices.office, form=form, text="走访过多", severity=severity,
        expression=expression,
    )  # fmt: skip


@pytest.fixture
def form(offices):
    return perform(draft(offices), "activate", by=offices.office)


def the_return(org):
    with acting(SYSTEM):
        return FormReturn.objects.select_related("form", "period", "org").get(
            org=org, voided_at=None
        )


def values(found):
    with acting(SYSTEM):
        rows = ReturnValue.objects.filter(form_return=found, voided_at=None)
        return {forms.name_of(row.cell): row.value for row in rows.select_related("cell")}


def the_value(found, name):
    with acting(SYSTEM):
        rows = ReturnValue.objects.filter(form_return=found).select_related("cell")
        return next(row for row in rows if forms.name_of(row.cell) == name)


def typed(offices, found, by=None, number=12):
    return change(
        the_value(found, "[02,1]"), by=by or offices.clerk, value=Decimal(number),
        basis="2012年6月小组花名册",
    )  # fmt: skip


def certified(offices):
    found = the_return(offices.tree.county)
    typed(offices, found)
    found = perform(found, "prepare", by=offices.clerk)
    return perform(found, "certify", by=offices.chair, signer="张示例")


def test_with_the_period_come_the_returns_of_the_city_and_the_counties(
    offices, visits, in_july, form
):
    offices.june()
    tree = offices.tree
    with acting(SYSTEM):
        found = {row.org_id: row for row in FormReturn.objects.all()}
    assert set(found) == {tree.city.pk, tree.county.pk, tree.neighbour.pk}
    assert values(found[tree.city.pk]) == {
        "[01,1]": 132,
        "[01,2]": 40,
        "[01,3]": 92,
        "[02,1]": None,
    }
    assert values(found[tree.county.pk])["[01,1]"] == 125
    assert found[tree.county.pk].due_on == date(2012, 7, 20)
    with acting(offices.clerk):
        assert [row.org_id for row in FormReturn.objects.all()] == [tree.county.pk]
        assert {row.org_id for row in ReturnValue.objects.all()} == {tree.county.pk}


def test_a_form_in_force_late_is_returned_for_what_is_being_reported(offices, visits, in_july):
    offices.june()
    perform(draft(offices), "activate", by=offices.office)
    assert values(the_return(offices.tree.county))["[01,1]"] == 125


def test_nobody_types_what_the_system_reads(offices, visits, in_july, form):
    offices.june()
    found = the_return(offices.tree.county)
    for who in (offices.clerk, offices.office):
        with pytest.raises(Conflict) as refused:
            change(the_value(found, "[01,1]"), by=who, value=Decimal(200), basis="口头")
        assert "系统取数" in refused.value.message
    assert values(found)["[01,1]"] == 125


def test_what_is_typed_says_what_it_rests_on_and_formulas_follow(offices, visits, in_july):
    form = draft(offices)
    cell(form, offices.office, 3, "formula", "[02,1] × 2 + [01,1]", **HAND)
    perform(form, "activate", by=offices.office)
    offices.june()
    found = the_return(offices.tree.county)
    empty = the_value(found, "[02,1]")
    with pytest.raises(DomainError) as refused:
        change(empty, by=offices.clerk, value=Decimal(12))
    assert "填报依据" in refused.value.message
    assert values(found)["[02,3]"] is None
    typed(offices, found)
    assert values(found)["[02,3]"] == 149
    assert the_value(found, "[02,1]").changed_by == offices.clerk.user_id
    with pytest.raises(DomainError) as refused:
        typed(offices, found, by=offices.neighbour_clerk)
    assert refused.value.code == "not_found"


def test_a_return_goes_from_hand_to_hand_and_is_sent_with_its_signed_cover(
    offices, visits, in_july, form
):
    offices.june()
    found = the_return(offices.tree.county)
    with pytest.raises(DomainError) as empty:
        perform(found, "prepare", by=offices.clerk)
    assert empty.value.message == "手工填报的单元格还没有数：[02,1] 工会小组数·第1栏。"
    typed(offices, found)
    with pytest.raises(NotAllowed):
        perform(found, "prepare", by=offices.office)
    found = perform(found, "prepare", by=offices.clerk)
    with pytest.raises(DomainError):
        typed(offices, found, number=13)
    assert values(found)["[02,1]"] == 12
    with pytest.raises(NotAllowed):
        perform(found, "certify", by=offices.clerk, signer="张示例")
    with pytest.raises(DomainError):
        perform(found, "certify", by=offices.chair)
    found = perform(found, "certify", by=offices.chair, signer="张示例")
    sent = {"sent_on": date(2012, 7, 2), "channel": "online", "receipt": "A17"}
    with pytest.raises(DomainError) as bare:
        perform(found, "send", by=offices.clerk, **sent)
    assert "签字盖章后扫描" in bare.value.message
    attach(found, "封面.pdf", PDF, by=offices.clerk)
    for day in (date(2012, 7, 1), date(2012, 7, 3)):
        with pytest.raises(DomainError) as wrong:
            perform(found, "send", by=offices.clerk, **{**sent, "sent_on": day})
        assert wrong.value.field == "sent_on"
    assert the_return(offices.tree.county).state == "certified"
    found = perform(found, "send", by=offices.clerk, **sent)
    assert (found.state, found.receipt) == ("sent", "A17")
    with pytest.raises(Conflict):
        void(found, by=offices.office, reason="重报")
    assert FormReturn._unscoped.get(pk=found.pk).voided_at is None


def test_the_city_returns_its_own_by_its_departments(offices, visits, in_july, form):
    offices.june()
    found = the_return(offices.tree.city)
    typed(offices, found, by=offices.office)
    found = perform(found, "prepare", by=offices.office)
    assert perform(found, "certify", by=offices.leader, signer="张示例").state == "certified"


def test_errors_are_put_right_and_queries_explained_before_anybody_signs(offices, visits, in_july):
    form = draft(offices)
    check(form, offices, "[01] ≤ 120")
    check(form, offices, "[01,3] ≤ 50", "query")
    perform(form, "activate", by=offices.office)
    offices.june()
    found = the_return(offices.tree.county)
    assert found.checks_open == 2
    typed(offices, found)
    found = perform(found, "prepare", by=offices.clerk)
    with pytest.raises(DomainError) as refused:
        perform(found, "certify", by=offices.chair, signer="张示例")
    assert refused.value.message == (
        "有1项强制校验未通过：第1列走访过多（左边125，右边120）。请更正台账记录后重新核对。"
    )
    with acting(SYSTEM):
        facts.alter(Visit.objects.get(amount=100), amount=91)
    found = perform(found, "recheck", by=offices.clerk, reason="已更正台账")
    found = perform(found, "prepare", by=offices.clerk)
    assert (values(found)["[01,1]"], the_return(offices.tree.county).checks_open) == (116, 1)
    with pytest.raises(DomainError) as refused:
        perform(found, "certify", by=offices.chair, signer="张示例")
    assert refused.value.field == "explanation"
    done = perform(found, "certify", by=offices.chair, signer="张示例", explanation="集中走访")
    assert done.state == "certified"


def test_a_sealed_period_gives_the_sealed_values_for_ever(offices, visits, in_july, form):
    offices.sealed(offices.june())
    with facts.told(date(2012, 7, 3)):
        facts.visit(offices.tree.union, date(2012, 6, 20), amount=9)
    with clock.at(date(2012, 7, 4)):
        found = certified(offices)
        assert str(found.sealed_set) == "2012年6月第1版"
        assert values(found)["[01,1]"] == 125
        client = client_for(user_with(Role.COUNTY, offices.tree.county))
        where = f"/r/statistics.return_value/{the_value(found, '[01,1]').pk}/"
        page = client.get(where).content.decode()
        assert "取自封存集“2012年6月第1版”" in page
        assert "现时为134" in page
        records = page.split("打开这个数的记录")[0].rsplit('href="', 1)[1].split('"')[0]
        opened = client.get(records.replace("&amp;", "&")).content.decode()
        assert "共2条" in opened
        assert "125" in opened
        assert "09:00以前已登记的记录" in opened


def test_the_page_shows_the_form_and_opens_every_cell(offices, visits, in_july, form):
    offices.june()
    found = the_return(offices.tree.county)
    client = client_for(user_with(Role.COUNTY, offices.tree.county))
    page = client.get(f"/r/statistics.form_return/{found.pk}/").content.decode()
    for name, text in (("[01,1]", "125"), ("[01,2]", "40"), ("[01,3]", "85")):
        assert f'{the_value(found, name).pk}/">{text}</a>' in page
    by_hand = the_value(found, "[02,1]")
    assert f"/r/statistics.return_value/{by_hand.pk}/edit/" in page
    formula = the_value(found, "[01,3]")
    assert f"/r/statistics.return_value/{formula.pk}/edit/" not in page
    parts = client.get(f"/r/statistics.return_value/{formula.pk}/").content.decode()
    assert "算式：[01,1] − [01,2]" in parts
    assert f'{the_value(found, "[01,1]").pk}/">125</a>' in parts
    typed(offices, found)
    told = client.get(f"/r/statistics.return_value/{by_hand.pk}/").content.decode()
    assert "手工填报原因：没有台账。" in told
    assert "于2012-07-02 09:00填写" in told
    stranger = client_for(user_with(Role.COUNTY, offices.tree.neighbour))
    assert stranger.get(f"/r/statistics.form_return/{found.pk}/").status_code == 404
    assert stranger.get(f"/statistics/returns/{found.pk}/form.xlsx").status_code == 404


def test_the_workbook_is_the_form_on_paper(offices, visits, in_july, form):
    offices.june()
    found = the_return(offices.tree.county)
    typed(offices, found)
    client = client_for(user_with(Role.COUNTY, offices.tree.county))
    answer = client.get(f"/statistics/returns/{found.pk}/form.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [[value for value in row if value is not None] for row in sheet.values]
    assert rows[:4] == [
        ["走访情况"],
        ["表号：试1表（第1版）　　制定机关：省总工会"],
        ["填报单位：甲县总工会　　报告期：2012年6月"],
        ["数取自台账，取数时点：2012-07-02 09:00"],
    ]
    assert rows[4:8] == [
        ["指标名称", "计量单位", "代码", "第1栏", "第2栏", "第3栏"],
        ["甲", "乙", "丙", "1", "2", "3"],
        ["走访金额", "元", "01", 125, 40, 85],
        ["工会小组数", "个", "02", 12],
    ]
    assert rows[-1][0].startswith("单位负责人：")


def test_what_is_in_force_changes_only_as_a_further_version(offices, visits, in_july, form):
    with acting(SYSTEM):
        first = StatCell.objects.filter(form=form).order_by("pk").first()
    for attempt in (
        lambda: change(first, by=offices.office, row_label="别的"),
        lambda: void(first, by=offices.office, reason="不要了"),
        lambda: cell(form, offices.office, 9, "indicator", "sample.visits"),
        lambda: void(form, by=offices.office, reason="不要了"),
    ):
        with pytest.raises(DomainError):
            attempt()
    assert StatCell._unscoped.get(pk=first.pk).row_label == "走访金额"
    perform(form, "revise", by=offices.office)
    with pytest.raises(Conflict):
        perform(form, "revise", by=offices.office)
    with acting(SYSTEM):
        second = StatForm.objects.get(code="试1表", version_no=2)
        assert StatCell.objects.filter(form=second).count() == 4
    cell(second, offices.office, 4, "indicator", "sample.visit_amount")
    perform(second, "activate", by=offices.office)
    with acting(SYSTEM):
        assert StatForm.objects.get(pk=form.pk).state == "retired"
    offices.june()
    found = the_return(offices.tree.county)
    assert found.form_id == second.pk
    assert values(found)["[01,4]"] == 125


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ({"expression": "[01,1] + [09,9]", "source": "formula"}, "用到的[09,9]不在表中"),
        ({"expression": "[01,4] + 1", "source": "formula"}, "[01,4]的算式互相引用"),
        (
            {"expression": "sample.visits", "source": "indicator", "row_label": "走访次数"},
            "行01有不同的名称“走访次数”、“走访金额”",
        ),
    ],
)
def test_a_form_with_holes_does_not_come_into_force(offices, damage, says):
    form = draft(offices)
    cell(form, offices.office, 4, **damage)
    with pytest.raises(DomainError) as refused:
        perform(form, "activate", by=offices.office)
    assert says in refused.value.message
    assert StatForm._unscoped.get(pk=form.pk).state == "draft"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"source": "indicator", "expression": "sample.visits + 1"}, "只写一个指标"),
        ({"source": "indicator", "expression": "本级(sample.visits)"}, "不能写本级( )"),
        ({"source": "indicator", "expression": "sample.nothing"}, "没有指标"),
        ({"source": "indicator", "expression": "[01,1]"}, "取数式"),
        ({"source": "formula", "expression": "sample.visits × 2"}, "算式"),
        ({"source": "formula"}, "请填写取数式"),
        ({"source": "manual"}, "须写明原因"),
    ],
)
def test_a_cell_says_where_it_comes_from(offices, values, says):
    form = draft(offices)
    with pytest.raises(DomainError) as refused:
        cell(form, offices.office, 4, **values)
    assert says in refused.value.message


def cell_map(rows):
    target = io.BytesIO()
    labels = ("行代码", "行名称", "计量单位", "列代码", "列名称", "来源", "取数式", "手工填报原因")
    write_rows(target, [Column(label=label) for label in labels], rows)
    return target.getvalue()


def brought(offices, form, rows):
    """A cell map, checked and written."""
    with acting(offices.office):
        run = imports.upload(
            register_of(StatCell), "表样.xlsx", cell_map(rows), by=offices.office,
            org=offices.tree.city, parent=form,
        )  # fmt: skip
        run = imports.check(run, by=offices.office, in_background=False)
        return imports.write_run(run, by=offices.office, in_background=False)


def test_the_cell_map_comes_from_a_sheet_and_has_a_limit(offices, monkeypatch):
    form = draft(offices)
    rows = [
        ["03", "走访次数", "次", "1", "第1栏", "指标", "sample.visits", ""],
        ["03", "走访次数", "次", "3", "第3栏", "算式", "[03,1] × 2", ""],
        ["04", "小组", "个", "1", "第1栏", "手工", "", "没有台账"],
        ["05", "小组", "个", "1", "第1栏", "手工", "", ""],
    ]
    first = brought(offices, form, rows)
    assert (first.new_count, first.refused_count) == (3, 1)
    again = brought(offices, form, [*rows[:3], ["06", "年", "次", "1", "第1栏", "指标", "x.y", ""]])
    assert (again.new_count, again.unchanged_count, again.refused_count) == (0, 3, 1)
    monkeypatch.setattr(forms, "MOST_CELLS", 8)
    more = [[f"1{n}", "走访", "次", "1", "第1栏", "指标", "sample.visits", ""] for n in range(2)]
    full = brought(offices, form, more)
    assert (full.new_count, full.refused_count) == (1, 1)
    with acting(SYSTEM):
        assert StatCell.objects.filter(form=form).count() == 8


def test_the_shipped_form_comes_once_and_is_in_force(offices):
    with clock.at(date(2012, 7, 1)):
        open_periods()
        assert not ship_forms(offices.tree.city)
    with acting(SYSTEM):
        form = StatForm.objects.get(code=CODE)
        cells = forms.cells_of(form)
        assert form.state == "active"
        assert len(cells) == 3 * (len(ROWS) - 1) + 1
        assert len({forms.ref_of(each).code for each in cells if each.source == "indicator"}) == 13
