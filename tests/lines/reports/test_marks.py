"""What has to be said with a figure: that it is from before the records, or was sealed."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from docx import Document
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.files.services import attach
from gonghui.kernel.ledger import seals
from gonghui.kernel.parameters.services import set_value
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.reports.final_check import problems_of
from gonghui.lines.reports.models import DataBasis, Edition, ReportDoc, ReportFigure
from gonghui.lines.reports.moved import moved_since
from gonghui.lines.reports.services import latest_version, sheet_file_of
from gonghui.lines.statistics.models import HistoricalFigure, HistoricalSource, IndicatorVersion
from tests.lines.reports.conftest import AS_OF, fresh
from tests.lines.reports.test_screens import browser
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

AMOUNT = "sample.visit_amount"
FIRST_HALF = Period(date(2012, 1, 1), date(2012, 6, 30))
TEXT = "上半年走访{{数 走访金额 上半年}}元，上年同期{{数 走访金额 2011年上半年}}元，增加{{比 走访金额 上半年 同比 仅数}}。"


@pytest.fixture
def yearbook(office):
    """Records begin with 2012; the first half of 2011 was 500, as a yearbook says."""
    set_value("reports.system_start", "2012-01-01", by=SYSTEM, valid_from=AS_OF, source="示例")
    book = create(HistoricalSource, by=office.dept, org=office.tree.city, title="2011年年报")
    attach(book, "年报.pdf", b"%PDF-1.4 yearbook", by=office.dept)
    entered = create(
        HistoricalFigure, by=office.dept, org=office.tree.city, indicator=AMOUNT,
        days="2011年上半年", value=Decimal(500), source=book, page_note="第3页",
    )  # fmt: skip
    return perform(entered, "check", by=office.head)


def told(document) -> dict[str, tuple[str, str]]:
    """What is printed, and what is to be said with it; by the days of the figure and its kind."""
    with acting(SYSTEM):
        found = ReportFigure.objects.filter(version_of=latest_version(document))
        return {f"{each.kind}{each.period}": (each.printed, each.marks) for each in found}


def text_of(docx: bytes) -> str:
    book = Document(io.BytesIO(docx))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in book.paragraphs), *cells])


def test_a_figure_from_before_the_records_says_so(office, figures, yearbook):
    document = office.report(TEXT)
    assert told(document) == {
        "数2012年上半年": ("547", ""),
        "数2011年上半年": ("500", "历史数据"),
        "比2012年上半年": ("9%", "上年同期：历史数据"),
    }
    with acting(SYSTEM):
        last_year = ReportFigure.objects.get(period="2011年上半年")
    assert last_year.records_count == 0
    sheet = text_of(sheet_file_of(latest_version(document))[1])
    assert "成立（历史数据）" in sheet
    assert "成立（上年同期：历史数据）" in sheet
    hints = [(one.rule, one.is_error, str(one)) for one in problems_of(fresh(document))]
    assert (
        "标明",
        False,
        "第2段：“走访金额”500须标明：历史数据。请在文中或附注中写明。",
    ) in hints
    page = browser(office.dept).get(f"/r/reports.version/{latest_version(document).pk}/")
    assert '<small class="text-secondary">历史数据</small>' in page.content.decode()


def test_the_review_edition_says_it_in_the_footnote(office, figures, yearbook):
    document = office.report(TEXT, edition=Edition.REVIEW)
    notes = open_docx(bytes(latest_version(document).file.content)).part("word/footnotes.xml")
    said = "".join(notes.itertext())
    assert said.count("标明：历史数据；") == 1
    assert said.count("标明：上年同期：历史数据；") == 1


def test_a_figure_that_meant_something_else_a_year_before_says_so(office, figures):
    with clock.at(date(2012, 1, 1)):
        before = create(
            Visit, by=SYSTEM, org=office.tree.union, title="去年", amount=500,
            visited_on=date(2011, 3, 1),
        )  # fmt: skip
    assert before.pk
    version = create(
        IndicatorVersion, by=office.dept, org=office.tree.city, indicator=AMOUNT,
        valid_from=date(2012, 1, 1), counted="走访金额", change_note="改按到账计",
        is_comparable=False,
    )  # fmt: skip
    perform(version, "publish", by=office.head)
    assert told(office.report(TEXT))["比2012年上半年"] == ("9%", "上年同期：口径调整，不可比")


@pytest.fixture
def sealed_then_late(office, figures):
    """The first half was sealed in July with 547; 3 more came late."""
    with clock.at(datetime(2012, 7, 12, 10, 0, tzinfo=clock.ZONE)), acting(SYSTEM):
        seals.seal(office.tree.city, FIRST_HALF, [AMOUNT, "sample.stations"])
    with clock.at(datetime(2012, 7, 20, 10, 0, tzinfo=clock.ZONE)):
        create(
            Visit, by=SYSTEM, org=office.tree.union, title="补报", amount=3,
            visited_on=date(2012, 6, 1),
        )  # fmt: skip


def printed_of(document) -> list[tuple[str, str]]:
    with acting(SYSTEM):
        found = ReportFigure.objects.filter(version_of=latest_version(document)).order_by("id")
        return [(each.printed, each.as_of) for each in found]


SEALED = ("上半年{{数 走访金额 上半年}}元，其中甲县{{数 走访金额 甲县 上半年}}元，"
          "6月底站点{{数 站点数 截至2012-06-30}}个，7月{{数 走访金额 2012-07}}元。")  # fmt: skip


def test_a_report_on_sealed_figures_prints_what_was_sealed(office, sealed_then_late):
    first = office.report(SEALED)
    assert printed_of(first) == [
        ("550", "2012-08-15"), ("50", "2012-08-15"), ("2", "2012-08-15"), ("1", "2012-08-15"),
    ]  # fmt: skip
    second = create_on(office, DataBasis.SEALED_FIRST)
    assert printed_of(second) == [
        ("547", "2012-07-12（封存集）"), ("47", "2012-07-12（封存集）"),
        ("2", "2012-07-12（封存集）"), ("1", "2012-08-15（未封存，现时数）"),
    ]  # fmt: skip
    # What came late moves the figure of the ledger, not the sealed one.
    with clock.at(date(2012, 8, 20)):
        create(
            Visit, by=SYSTEM, org=office.tree.union, title="再补", amount=4,
            visited_on=date(2012, 6, 2),
        )  # fmt: skip
        assert [each.phrase for each in moved_since(fresh(first))] == ["554", "54"]
        assert moved_since(fresh(second)) == []


def test_a_report_on_sealed_figures_alone_wants_what_is_not_sealed(office, sealed_then_late):
    document = create_on(office, DataBasis.SEALED_ONLY)
    assert [printed for printed, _ in printed_of(document)] == ["547", "47", "2"]
    assert "走访金额2012年7月的封存数（尚未封存）" in latest_version(document).missing


def test_what_was_sealed_after_the_cut_off_does_not_count(office, sealed_then_late):
    document = create_on(office, DataBasis.SEALED_FIRST, as_of=date(2012, 7, 10))
    assert printed_of(document)[0] == ("547", "2012-07-10（未封存，现时数）")


def create_on(office, basis, as_of=AS_OF):
    """A report whose figures come from there."""
    document = create(
        ReportDoc, by=office.dept, org=office.tree.city, template=office.template(SEALED),
        title="示例工作报告", as_of=as_of, basis=basis,
    )  # fmt: skip
    return perform(document, "fill", by=office.dept)


def test_the_list_of_sources_has_every_figure_with_its_evidence(office, figures, yearbook):
    version = latest_version(office.report(TEXT))
    answer = browser(office.dept).get(f"/reports/versions/{version.pk}/sources/")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    head, *rows = [list(row) for row in book["数据来源"].values][3:]
    at = {label: place for place, label in enumerate(head)}
    wanted = ("位置", "印出文字", "准确值", "期间", "标明", "记录数", "指标编码")
    assert [[row[at[label]] for label in wanted] for row in rows] == [
        ["第2段", "547", 547, "2012年上半年", None, 2, AMOUNT],
        ["第2段", "500", 500, "2011年上半年", "历史数据", 0, AMOUNT],
        ["第2段", "9%", 0.094, "2012年上半年", "上年同期：历史数据", 2, AMOUNT],
    ]
    county = browser(actor_with(Role.COUNTY, org=office.tree.county))
    assert county.get(f"/reports/versions/{version.pk}/sources/").status_code == 404
