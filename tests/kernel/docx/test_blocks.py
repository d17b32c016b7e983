"""Lists, tables and charts in a report."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from gonghui.kernel.docx.charts import CHART
from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.word import error_of, filled, printed


def grid(result) -> list[list[str]]:
    """The first table of a document as texts."""
    made = Document(BytesIO(result.docx)).tables[0]
    # python-docx does not look into content controls.
    return [["".join(cell._tc.xpath(".//w:t/text()")) for cell in row.cells] for row in made.rows]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{{名单 新建工会数 名称 上半年}}", "甲厂工会、乙厂工会"),
        ("{{名单 新建工会数 名称,单位 上半年}}", "甲厂工会（甲厂）、乙厂工会（乙厂）"),
        ("{{名单 新建工会数 名称，单位}}", "甲厂工会（甲厂）、乙厂工会（乙厂）"),
    ],
)
def test_a_list_names_the_records_behind_a_figure(tag, text):
    assert printed(f"有{tag}。") == f"有{text}。"


def test_a_list_stands_among_the_evidence():
    result = filled("{{名单 新建工会数 名称 上半年}}")
    assert [fact.evidence for fact in result.facts] == ["名单：新建工会数（上半年）共2条记录"]


def test_a_table_has_a_row_for_the_whole_and_for_each_unit():
    result = filled("前", "{{表 新建工会数,发展会员数 各县区 上半年}}", "后")
    assert grid(result) == [
        ["单位", "新建工会数（家）", "发展会员数（人）"],
        ["全市", "547", "12509"],
        ["宝丰县", "54", "1250"],
    ]
    assert not result.errors
    assert [figure.printed for figure in result.figures] == ["547", "12509", "54", "1250"]


def test_a_table_with_plan_shows_a_dash_where_none_was_set():
    result = filled("{{表 新建工会数 各县区 省总计划 上半年}}")
    assert grid(result)[:2] == [
        ["单位", "新建工会数（家）", "省总计划", "完成率"],
        ["全市", "547", "480", "114%"],
    ]


def test_each_number_of_a_table_is_a_figure_that_can_be_checked_later():
    result = filled("{{表 新建工会数 各县区 上半年}}", edition=Edition.REVIEW)
    assert [found.printed for found in controls_of(result.docx)] == ["547", "54"]


def test_a_chart_keeps_its_numbers_in_the_file():
    result = filled("前", "{{图 新建工会数 各县区 上半年}}", "后")
    assert not result.errors
    package = open_docx(result.docx)
    chart = package.part("word/charts/chart1.xml")
    assert [value.text for value in chart.iter(f"{{{CHART}}}v")] == ["宝丰县", "54"]
    assert package.related(package.main, "chart") == ["word/charts/chart1.xml"]
    assert [fact.evidence for fact in result.facts] == ["图：宝丰县54家"]


def test_two_charts_are_two_parts():
    result = filled("{{图 新建工会数 各县区 上半年}}", "{{图 发展会员数 各县区 上半年}}")
    assert "word/charts/chart2.xml" in open_docx(result.docx).files


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("文中{{表 新建工会数 各县区}}", "单独成段"),
        ("文中{{图 新建工会数 各县区 上半年}}", "单独成段"),
        ("{{表 新建工会数}}", "缺少分组"),
        ("{{表 各县区}}", "缺少指标名称"),
        ("{{图 新建工会数}}", "缺少分组"),
        ("{{名单 新建工会数}}", "应写明指标和栏目"),
        ("{{名单 新建工会数 电话 上半年}}", "找不到字段“电话”"),
    ],
)
def test_a_tag_that_cannot_be_drawn_says_why(tag, message):
    assert message in error_of(tag)


def test_a_figure_that_is_not_there_yet_leaves_a_note_instead_of_a_table():
    result = filled("{{表 审计项目数 各县区}}")
    assert [gap.what for gap in result.missing] == ["审计项目数（2012年1月1日至8月15日）还没有数据"]
