"""Whoever has no business with a record does not find it; two who change it at once do not overwrite each other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import create
from gonghui.lines.orgs.models import UnionFormation
from tests.browser.driving import PHONE, Watch, check_not_sideways, fill, press, shot
from tests.browser.scene import SPRING, found_union, fresh
from tests.support.people import user_with


@pytest.mark.parametrize(
    "address",
    [
        "/r/orgs.union_formation/{pk}/",
        "/r/orgs.union_formation/{pk}/edit/",
        "/r/orgs.union_formation/{pk}/do/overrule/",
        "/r/orgs.union_formation/{pk}/void/",
        "/figures/orgs.new_unions/export/?unit.pk={org}",
        "/figures/orgs.new_unions/records/?unit.pk={org}",
    ],
)
def test_a_user_of_another_county_finds_neither_the_record_nor_its_pages(
    city, visitor, watch: Watch, address: str
):
    formation = found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)
    page = visitor(user_with(Role.COUNTY, city.neighbour, "赵邻县"))
    with watch.expecting(404):
        answer = page.goto(address.format(pk=formation.pk, org=city.county.pk))
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("没有找到")
        expect(page.locator("body")).not_to_contain_text("昆阳")
        shot(page, "not-found")


def test_the_list_of_another_county_is_empty_and_so_is_its_workbook(city, visitor):
    found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)
    page = visitor(user_with(Role.COUNTY, city.neighbour, "赵邻县"))
    page.goto("/r/orgs.union_formation/")
    expect(page.locator("main .list-foot")).to_contain_text("共0条")
    answer = page.request.get("/r/orgs.union_formation/export/")
    assert answer.status == 200
    assert "昆阳".encode() not in answer.body()


def test_the_second_of_two_sees_what_the_first_changed_and_keeps_what_he_typed(city, visitor):
    formation = create(
        UnionFormation,
        by=SYSTEM,
        org=city.township,
        proposed_name="昆阳食品厂工会委员会",
        kind="single",
        contact="李示例 13800000000",
    )
    address = f"/r/orgs.union_formation/{formation.pk}/edit/"
    first = visitor(user_with(Role.COUNTY, city.county, "张干事"))
    second = visitor(user_with(Role.COUNTY, city.county, "钱干事"))
    for page in (first, second):
        page.goto(address)
    fill(first, contact="王示例 13911112222")
    press(first, "保存")
    expect(first.locator("main [role=status]").first).to_have_text("已保存。")
    fill(second, contact="孙示例 13733334444", party_opinion="同意组建")
    press(second, "保存")
    rivals = second.locator("section", has_text="您填写期间，他人所作的修改").last
    expect(rivals).to_contain_text("张干事")
    expect(rivals).to_contain_text("王示例 13911112222")
    expect(second.locator("[name=contact]")).to_have_value("孙示例 13733334444")
    expect(second.locator("[name=party_opinion]")).to_have_value("同意组建")
    assert fresh(formation).contact == "王示例 13911112222"
    shot(second, "rivals")
    second.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    check_not_sideways(second)
    shot(second, "rivals")
    press(second, "保存")
    expect(second.locator("main [role=status]").first).to_have_text("已保存。")
    assert fresh(formation).contact == "孙示例 13733334444"
