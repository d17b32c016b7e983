"""An objection to what hangs in public is noted and settled; documents are printed from the page."""

from __future__ import annotations

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import create
from gonghui.kernel.workflow.services import hang
from tests.browser.driving import DESK, PHONE, check_accessible, check_not_sideways, shot
from tests.support.people import user_with
from tests.support.sample.models import Visit


@pytest.mark.parametrize("size", [DESK, PHONE], ids=lambda s: s.name)
def test_a_notice_is_objected_to_and_the_objection_settled(city, visitor, size):
    clerk = user_with(Role.STATION, city.township, "张站长")
    with acting(SYSTEM):
        visit = create(Visit, by=SYSTEM, title="走访困难职工", org=city.basic)
        body = "张**，昆阳机械厂，拟走访慰问。"
        hang("sample.visit", visit.pk, city.basic, title="走访对象公示", body=body)
    page = visitor(clerk, size)
    page.goto("/notices/")
    check_not_sideways(page)
    page.get_by_role("link", name="走访对象公示").click()
    page.get_by_label("收到的异议").fill("该户情况不实")
    page.get_by_role("button", name="登记异议").click()
    page.get_by_label("处理意见").fill("已入户核实，情况属实")
    page.get_by_label("异议是否成立").select_option("no")
    check_accessible(page)
    check_not_sideways(page)
    shot(page, f"notice-{size.name}")
    page.get_by_role("button", name="处理", exact=True).click()
    page.get_by_text("张站长 处理于").wait_for()
    with page.expect_download() as started:
        page.get_by_role("link", name="打印公示").click()
    assert started.value.suggested_filename.endswith(".docx")
