"""The hour before the meeting: what moved is swapped by one click; tags are copied from their page."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.docx.page import Level, Paragraph, build_report
from gonghui.kernel.registers.write import perform
from gonghui.lines.reports.models import DocType
from gonghui.lines.reports.services import generate, upload_template
from tests.browser.driving import (
    DESK,
    PHONE,
    Size,
    check_accessible,
    check_not_sideways,
    follow,
    press,
    shot,
)
from tests.browser.scene import SPRING, SUMMER, found_union
from tests.support.people import user_with

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=lambda size: size.name)
TEXT = (
    Paragraph(Level.ONE, "一、关于今年以来的主要工作"),
    Paragraph(
        Level.BODY, "上半年新建工会{{数 新建工会数 上半年}}家，发展会员{{数 发展会员数 上半年}}人。"
    ),
)


@SIZES
def test_what_moved_before_the_meeting_is_swapped_by_one_click(city, visitor, size: Size):
    found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)
    user = user_with(Role.DEPT, city.city, "刘主任", department="办公室")
    docx = build_report(["在半年工作会议上的报告"], "", "", "", TEXT)
    template = upload_template(
        docx, title="半年报告", doc_type=DocType.WORK_REPORT, org=city.city, by=actor_of(user)
    )
    template = perform(template, "enable", by=actor_of(user))
    document = generate(template, date(2012, 4, 30), city.city, by=actor_of(user), title="半年报告")
    found_union(city.neighbour, "鲁山陶瓷厂工会委员会", SUMMER, number=3)
    page = visitor(user, size)
    page.goto(f"/r/reports.document/{document.pk}/")
    follow(page, "会前核对")
    expect(page.locator("main")).to_contain_text("有2个发生变化")
    expect(page.locator("main tbody input[type=checkbox]:checked")).to_have_count(2)
    check_not_sideways(page)
    check_accessible(page)
    shot(page, "moved")
    press(page, "换用现时数")
    expect(page.locator("main")).to_contain_text("第2稿（换数，正式版）")
    page.goto(f"/reports/documents/{document.pk}/moved/")
    expect(page.locator("main")).to_contain_text("取数以后各数没有变化")


@SIZES
def test_tags_are_found_and_copied(city, visitor, size: Size):
    page = visitor(user_with(Role.DEPT, city.city, "刘主任", department="办公室"), size)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/reports/tags/?q=新建工会")
    button = page.get_by_role("button", name="复制新建工会组织数的标签")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "{{数 新建工会组织数}}"
    check_not_sideways(page)
    check_accessible(page)
    shot(page, "tags")
