"""The page of a brief, texts that a document may have or not, and tables in order."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest

from gonghui.kernel.docx.brief import build_brief
from gonghui.kernel.docx.briefs import brief_template, county_circular_template
from gonghui.kernel.docx.linting import lint_format
from gonghui.kernel.docx.names import w
from gonghui.kernel.docx.page import Level, Paragraph
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.sources import FigureValue, NotYet, TargetValue, When
from gonghui.kernel.docx.speech import characters_of, parts_of
from gonghui.kernel.docx.tags import parse
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.fake_source import AS_OF, FakeSource
from tests.kernel.docx.test_blocks import grid
from tests.kernel.docx.word import docx_of, error_of, part, texts

ALL = {
    "题目": "市总部署工会组建工作",
    "刊名": "示例工会信息",
    "期号": "12",
    "编发单位": "示例市总工会办公室",
    "编者按": "现将做法印发各地。",
    "报": "省总工会办公室",
    "送": "市总领导",
    "发": "各县（市、区）总工会",
    "份数": "60",
    "通报指标": "新建工会数",
}
# By county: new unions, and the plan of the city's federation.
COUNTIES = {"甲县": (30, 60), "乙县": (90, 60), "丙县": (44, None), "丁县": (15, 30)}


@dataclass
class Paper(FakeSource):
    """A document that gives some texts; four counties, one without a plan."""

    words: dict[str, str] = field(default_factory=lambda: dict(ALL))

    def text(self, name: str) -> str:
        if not self.words.get(name):
            raise NotYet(f"{name}（未填写）")
        return self.words[name]

    def day(self, name: str) -> date:
        return date(2012, 8, 20)

    def org(self, name: str) -> str:
        return name

    def units(self, group: str, org: str | None) -> list[tuple[str, str | None]]:
        return [("全市", None), *((name, name) for name in COUNTIES)]

    def figure(
        self,
        code: str,
        when: When,
        org: str | None,
        part: str | None = None,
        *,
        beside: When | None = None,
    ) -> FigureValue:
        number = COUNTIES[org][0] if org else 179
        return FigureValue(
            value=Decimal(number),
            records_count=number,
            register="orgs.register",
            period="今年",
            as_of="2012-08-15",
        )

    def target(self, code: str, issuer: str, day: date, org: str | None) -> TargetValue:
        plan = COUNTIES[org][1] if org else 180
        return TargetValue(value=None if plan is None else Decimal(plan), label="计划")


def made(template: bytes, **words: str):
    return render(template, Paper(words={**ALL, **words}), edition=Edition.FINAL, as_of=AS_OF)


SHORT = build_brief([Paragraph(Level.BODY, "新建工会{{数 新建工会数}}家。")])


def test_the_brief_has_head_note_text_and_foot():
    result = made(SHORT)
    assert (result.errors, result.missing) == ([], [])
    assert texts(result.docx)["正文"] == [
        "示例工会信息",
        "第12期",
        "示例市总工会办公室\t2012年8月20日",
        "市总部署工会组建工作",
        "编者按：现将做法印发各地。",
        "新建工会179家。",
        "报：省总工会办公室",
        "送：市总领导",
        "发：各县（市、区）总工会",
        "（共印60份）",
    ]


def test_what_a_brief_does_not_have_leaves_nothing_behind():
    result = made(SHORT, 编者按="", 报="", 份数="")
    assert (result.errors, result.missing) == ([], [])
    assert texts(result.docx)["正文"][3:] == [
        "市总部署工会组建工作",
        "新建工会179家。",
        "送：市总领导",
        "发：各县（市、区）总工会",
    ]
    tables = list(part(result.docx).iter(w("tbl")))
    assert len(tables) == 1


def test_the_masthead_is_red_above_a_red_rule():
    root = part(made(SHORT).docx)
    table = next(root.iter(w("tbl")))
    run = next(run for run in table.iter(w("r")) if "示例" in "".join(run.itertext()))
    assert run.find(f"{w('rPr')}/{w('color')}").get(w("val")) == "FF0000"
    assert run.find(f"{w('rPr')}/{w('rFonts')}").get(w("eastAsia")) == "方正小标宋简体"
    rule = table.find(f"{w('tblPr')}/{w('tblBorders')}/{w('bottom')}")
    assert (rule.get(w("val")), rule.get(w("color"))) == ("single", "FF0000")


@pytest.mark.parametrize("template", [SHORT, brief_template(), county_circular_template()])
def test_the_linter_passes_it(template):
    assert [str(departure) for departure in lint_format(made(template).docx)] == []


def test_head_and_foot_are_not_read_out():
    assert characters_of(parts_of(made(SHORT, 编者按="").docx)) == len(
        "市总部署工会组建工作新建工会179家。"
    )


def test_a_table_in_order_of_the_rates_has_places():
    result = made(docx_of("{{表 新建工会数 各县区 市总计划 名次}}"))
    assert result.errors == []
    assert grid(result) == [
        ["单位", "新建工会数（家）", "市总计划", "完成率", "名次"],
        ["全市", "179", "180", "99%", "—"],
        ["乙县", "90", "60", "150%", "1"],
        ["甲县", "30", "60", "50%", "2"],
        ["丁县", "15", "30", "50%", "2"],
        ["丙县", "44", "—", "—", "—"],
    ]


def test_without_a_plan_the_figures_themselves_make_the_order():
    result = made(docx_of("{{表 新建工会数 各县区 名次}}"))
    assert [row[0] + row[2] for row in grid(result)] == [
        "单位名次",
        "全市—",
        "乙县1",
        "丙县2",
        "甲县3",
        "丁县4",
    ]


def test_a_table_shows_the_indicators_that_the_document_chooses():
    tag = "{{表 通报指标 各县区}}"
    assert grid(made(docx_of(tag)))[0] == ["单位", "新建工会数（家）"]
    two = made(docx_of(tag), 通报指标="新建工会数、市级以上新闻媒体发稿")
    assert [row[:1] + row[2:] for row in grid(two)][:2] == [
        ["单位", "市级以上新闻媒体发稿（篇）"], ["全市", "179"],
    ]  # fmt: skip
    none = made(docx_of(tag), 通报指标="")
    assert [str(gap) for gap in none.missing] == ["第1段：通报指标（未填写）"]
    unknown = made(docx_of(tag), 通报指标="没有的数")
    assert "找不到指标“没有的数”" in str(unknown.errors[0])


def test_a_text_that_nobody_knows_is_no_condition():
    assert "应写一个名称" in error_of("{{如有}}")
    assert "“如有”后面要有空格" in error_of("{{如有编者按}}")
    assert parse("{{如有 编者按}}").condition.name == "编者按"


@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LibreOffice and poppler set the page",
)
def test_libreoffice_sets_the_foot_at_the_lower_edge_of_the_type_area(tmp_path):
    (tmp_path / "brief.docx").write_bytes(made(SHORT).docx)
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "brief.docx")),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    out = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "brief.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    assert out.count("<page ") == 1
    ends = {text: float(y) for y, text in re.findall(r'yMax="([\d.]+)">([^<]+)<', out)}
    lower_edge = (297 - 35) / 25.4 * 72
    copies = next(y for text, y in ends.items() if text.startswith("（共印"))
    assert lower_edge - 12 < copies <= lower_edge
    assert ends["示例工会信息"] < 200
