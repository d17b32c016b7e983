"""The office makes a work report: from the shipped template to a Word document with the figures in it."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from playwright.sync_api import expect

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.lines.reports.models import ReportDoc, ReportFigure
from gonghui.lines.reports.services import ship_templates
from tests.browser.driving import act, fill, follow, number_of, press, shot
from tests.browser.scene import SPRING, found_union, fresh
from tests.support.people import user_with


def test_the_office_presses_a_button_and_gets_the_report_as_a_word_document(
    city, visitor, tmp_path: Path
):
    found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)
    found_union(city.neighbour, "鲁山陶瓷厂工会委员会", SPRING, number=3)
    ship_templates()
    page = visitor(user_with(Role.DEPT, city.city, "刘主任"))
    page.goto("/r/reports.document/")
    follow(page, "登记工作报告")
    fill(page, template="半年工作报告", title="在半年工作会议上的报告", as_of="2012-08-15")
    press(page, "保存")
    expect(page.locator("h1")).to_contain_text("在半年工作会议上的报告")
    expect(page.locator("main")).to_contain_text("还没有取数。请点“取数”生成第一稿。")
    document = fresh(ReportDoc(pk=number_of(page)))
    act(page, "取数")
    shot(page, "report")
    with page.expect_download() as download:
        follow(page, "下载")
    assert download.value.suggested_filename == "在半年工作会议上的报告_第1稿_正式版.docx"
    saved = tmp_path / "report.docx"
    download.value.save_as(saved)
    text = "\n".join(each.text for each in Document(io.BytesIO(saved.read_bytes())).paragraphs)
    with acting(SYSTEM):
        figure = ReportFigure.objects.get(
            version_of__document=document, indicator="orgs.new_unions", about=city.city
        )
    assert figure.value == 2
    assert figure.printed in text
    follow(page, "第1稿（生成，正式版）")
    expect(page.locator("main table.list")).to_contain_text(figure.printed)
    shot(page, "report-version")
    row = page.locator("main table.list tbody tr", has_text=figure.name).first
    row.locator("[data-label=记录数] a").click()
    expect(page.locator(".figure-number")).to_contain_text("2")
