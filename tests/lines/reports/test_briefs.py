"""Briefs come out in numbers, without gaps and in their order."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.brief import build_brief
from gonghui.kernel.docx.page import Level, Paragraph
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.reports.models import DocType, ReportDoc
from gonghui.lines.reports.services import fill, latest_version, ship_templates
from tests.kernel.docx.word import texts
from tests.lines.reports.conftest import AS_OF, fresh, issued, signed
from tests.lines.reports.test_final_check import told
from tests.lines.reports.test_screens import browser

TEXT = "上半年走访{{数 走访金额 上半年}}元。"


@pytest.fixture
def template(office, figures):
    draft = office.draft(
        TEXT,
        make=lambda text: build_brief([Paragraph(Level.BODY, text)]),
        title="简报",
        doc_type=DocType.BRIEF,
        masthead="示例工会信息",
    )
    return perform(draft, "enable", by=office.dept)


@pytest.fixture
def brief(office, template):
    """A brief that is filled: the next number of its masthead."""

    def make(title: str = "一期", *, as_of: date = AS_OF, **words: object) -> ReportDoc:
        document = create(
            ReportDoc,
            by=office.dept,
            org=office.tree.city,
            template=template,
            title=title,
            as_of=as_of,
            **words,
        )
        perform(document, "fill", by=office.dept)
        return fresh(document)

    return make


def lines(document) -> list[str]:
    return texts(bytes(latest_version(document).file.content))["正文"]


def test_a_brief_prints_its_number_day_and_receivers(office, brief):
    document = brief(
        "走访情况",
        speak_on=date(2012, 8, 20),
        editors_note="请各地学习。",
        report_to="省总工会",
        send_to="市总领导",
        distribute_to="各县（市、区）总工会",
        copies=60,
    )
    assert (document.masthead, document.issue_year, document.issue_no) == ("示例工会信息", 2012, 1)
    assert lines(document) == [
        "示例工会信息",
        "第1期",
        f"{office.tree.city.name}办公室\t2012年8月20日",
        "走访情况",
        "编者按：请各地学习。",
        "上半年走访547元。",
        "报：省总工会",
        "送：市总领导",
        "发：各县（市、区）总工会",
        "（共印60份）",
    ]
    assert [each for each in told(document) if each[1] != "认数"] == []
    assert issued(office, document, "").state == "issued"
    page = browser(office.dept).get(f"/r/reports.document/{document.pk}/").content.decode()
    assert "示例工会信息" in page


def test_numbers_follow_each_other_by_year_and_masthead(office, brief, template):
    numbers = [brief(title).issue_no for title in ("甲", "乙", "丙")]
    assert numbers == [1, 2, 3]
    with clock.at(date(2013, 1, 20)):
        other_year = brief("新年", as_of=date(2013, 1, 15))
    assert (other_year.issue_year, other_year.issue_no) == (2013, 1)
    retitled = perform(template, "revise", by=office.dept)
    retitled = change(retitled, by=office.dept, masthead="示例工会快报")
    perform(retitled, "enable", by=office.dept)
    assert brief("快报").issue_no == 1


def test_filling_again_keeps_the_number(office, brief):
    brief("甲")
    document = brief("乙")
    fill(document, office.dept)
    assert (fresh(document).issue_no, lines(document)[1]) == (2, "第2期")


def test_what_is_voided_or_drafted_again_leaves_no_gap(office, brief):
    first, second, third = (brief(title) for title in ("甲", "乙", "丙"))
    void(first, by=office.dept, reason="不发")
    perform(second, "return", by=office.leader, reason="重写")
    assert fresh(second).issue_no is None
    fourth = brief("丁")
    assert (fourth.issue_no, lines(fourth)[1]) == (1, "第1期")
    fill(second, office.dept)
    assert (fresh(second).issue_no, fresh(third).issue_no) == (2, 3)


def test_no_number_is_issued_before_the_ones_before_it(office, brief):
    first, second = brief("甲"), brief("乙")
    second = signed(office, second)
    with pytest.raises(DomainError, match="《示例工会信息》第1期还没有印发，第2期不能先印发"):
        perform(second, "issue", by=office.dept, doc_no="")
    assert fresh(second).state == "signed"
    issued(office, first, "")
    assert perform(second, "issue", by=office.dept, doc_no="").state == "issued"


def test_two_documents_never_bear_the_same_number(office, brief):
    first, second = brief("甲"), brief("乙")
    with pytest.raises(DomainError, match="该期号刚被另一份文稿使用"), by_rule(), acting(SYSTEM):
        change(second, by=office.dept, issue_no=first.issue_no)
    assert fresh(second).issue_no == 2


def test_other_documents_have_no_number(office, figures):
    document = fresh(office.report())
    assert (document.masthead, document.issue_year, document.issue_no) == ("", None, None)
    perform(document, "return", by=office.leader, reason="重写")


def test_a_brief_without_a_masthead_is_numbered_under_its_templates_name(office, figures):
    document = fresh(office.report(doc_type=DocType.COUNTY_CIRCULAR))
    assert (document.masthead, document.issue_no) == ("示例报告", 1)


def table_of(document) -> list[list[str]]:
    """The head and the row of the whole in a circular's table."""
    book = Document(io.BytesIO(bytes(latest_version(document).file.content)))
    table = next(one for one in book.tables if one.cell(0, 0).text == "单位")
    return [["".join(cell._tc.xpath(".//w:t/text()")) for cell in row.cells] for row in table.rows][
        :2
    ]


def test_a_circular_shows_what_its_template_or_the_document_chooses(office, figures):
    *_, circular = ship_templates()
    circular = perform(circular, "revise", by=office.dept)
    circular = change(circular, by=office.dept, shown=" 走访金额")
    assert circular.shown == "走访金额"
    circular = perform(circular, "enable", by=office.dept)

    def made(**words):
        document = create(
            ReportDoc, by=office.dept, org=office.tree.city, template=circular,
            title="情况通报", as_of=AS_OF, **words,
        )  # fmt: skip
        return fresh(perform(document, "fill", by=office.dept))

    by_template, own = made(), made(shown="站点数,走访金额")
    assert table_of(by_template)[0][:2] == ["单位", "走访金额（元）"]
    assert table_of(by_template)[1][:2] == [
        office.tree.city.short_name or office.tree.city.name,
        "548",
    ]
    assert own.shown == "站点数、走访金额"
    assert [name for name in table_of(own)[0] if "（" in name] == ["站点数（个）", "走访金额（元）"]
    assert "现将今年以来各县（市、区）总工会站点数、走访金额情况通报如下。" in "".join(lines(own))


@pytest.mark.parametrize(
    ("shown", "message"),
    [("走访金额、没有的数", "没有指标“没有的数”"), ("甲 乙 丙 丁 戊", "最多4个，现有5个")],
)
def test_what_is_no_indicator_is_refused_at_the_field(office, figures, shown, message):
    *_, circular = ship_templates()
    with pytest.raises(DomainError, match=message) as refused:
        create(
            ReportDoc, by=office.dept, org=office.tree.city, template=circular,
            title="情况通报", as_of=AS_OF, shown=shown,
        )  # fmt: skip
    assert refused.value.field == "shown"
