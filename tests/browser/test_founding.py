"""A cadre founds a union: from the lead to the union in the tree, its members and the city's figures."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import OrgState
from gonghui.lines.orgs.models import UnionFormation
from tests.browser.driving import (
    PHONE,
    act,
    check_not_sideways,
    fill,
    follow,
    number_of,
    press,
    shot,
)
from tests.browser.scene import fresh, hold_election, members_of, roster_sheet, value
from tests.lines.orgs.making import an_employer
from tests.support.people import user_with

MEMBERS = 26
NAME = "昆阳食品有限公司工会委员会"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def figure_on(page: Page, code: str) -> str:
    """The figure as the list of all figures shows it to a user of the city."""
    page.goto(f"/figures/?q={code}")
    return (
        page.locator("main tr", has_text=code)
        .locator("td.number strong, td.number .strong")
        .first.inner_text()
    )


def open_record(page: Page, record: UnionFormation) -> None:
    page.goto(f"/r/orgs.union_formation/{record.pk}/")


def test_a_union_is_founded_in_the_browser_and_the_figures_move_at_once(
    city, visitor, tmp_path: Path
):
    with acting(SYSTEM):
        an_employer(city.township, name="昆阳食品有限公司")
    station = user_with(Role.STATION, city.township, "张站长")
    county = user_with(Role.COUNTY, city.county, "李审批")
    dept = user_with(Role.DEPT, city.city, "王部长")
    office = visitor(dept)
    assert figure_on(office, "orgs.new_unions") == "0"
    assert figure_on(office, "members.new") == "0"

    # The township registers the lead and the employer.
    at_station = visitor(station)
    at_station.goto("/r/orgs.union_formation/")
    follow(at_station, "登记建会事项")
    fill(
        at_station,
        proposed_name=NAME,
        kind="单独建会",
        contact="赵示例 13803750000",
    )
    shot(at_station, "formation-new")
    press(at_station, "保存")
    expect(at_station.locator("h1")).to_contain_text(NAME)
    formation = fresh(UnionFormation(pk=number_of(at_station)))
    assert formation.superior == city.township
    assert formation.org.state == OrgState.PREPARING
    follow(at_station, "添加拟涵盖单位")
    fill(at_station, employer="昆阳食品")
    press(at_station, "保存")
    expect(at_station.locator("main table.list").first).to_contain_text("昆阳食品有限公司")

    # The cadre of the union-to-be completes it and asks for the preparation; the county agrees.
    cadre = user_with(Role.BASIC, formation.org, "赵示例")
    at_union = visitor(cadre)
    expect(at_union.locator("h1")).to_have_text("我的工作")
    shot(at_union, "home-cadre")
    open_record(at_union, formation)
    follow(at_union, "修改")
    fill(at_union, contact="赵示例 13803751111")
    press(at_union, "保存")
    expect(at_union.get_by_role("link", name="提交筹建请示")).to_have_count(0)
    act(at_union, "报乡镇（街道）审核")
    assert fresh(formation).contact == "赵示例 13803751111"

    # The township looks it through and passes it on; until then the county is not asked.
    at_station.goto("/")
    expect(at_station.locator("main table")).to_contain_text(NAME)
    open_record(at_station, formation)
    act(at_station, "审核同意并上报")
    at_county = visitor(county)
    expect(at_county.locator("main table")).to_contain_text(NAME)
    shot(at_county, "home")
    open_record(at_county, formation)
    act(at_county, "批复筹备", prep_doc_no="叶工筹〔2012〕8号")

    # He gives in the roster that he has; one number is wrong.
    at_union.goto("/r/members.membership/import/")
    content = roster_sheet(MEMBERS, joined_on=clock.today())
    at_union.locator("input[type=file]").set_input_files(
        {"name": "首批会员花名册.xlsx", "mimeType": SHEET, "buffer": content}
    )
    press(at_union, "上传并检查")
    expect(at_union.locator("h1")).to_contain_text("待写入")
    counts = at_union.locator("dl.counts dd").all_inner_texts()
    assert counts == [str(MEMBERS), "0", "0", "1"]
    fault = at_union.locator("#faults tbody tr")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text(f"第{MEMBERS + 4}行")
    expect(fault).to_contain_text("身份证")
    assert members_of(formation.org) == []
    shot(at_union, "import")
    with at_union.expect_download() as download:
        follow(at_union, "下载错误原因表")
    returned = tmp_path / "returned.xlsx"
    download.value.save_as(returned)
    rows = list(load_workbook(io.BytesIO(returned.read_bytes())).active.iter_rows(values_only=True))
    assert "错误原因" in rows[2]
    reasons = [row[rows[2].index("错误原因")] for row in rows[3:]]
    assert [number for number, reason in enumerate(reasons) if reason] == [MEMBERS]
    press(at_union, f"写入 {MEMBERS} 行")
    expect(at_union.locator("main [role=status]").first).to_have_text(
        f"已写入：新增{MEMBERS}条，修改0条。"
    )
    assert {row.state for row in members_of(formation.org)} == {"founding"}
    assert figure_on(office, "members.new") == "0"

    # The election has been held; the result is reported, the county approves.
    hold_election(formation.org, MEMBERS)
    open_record(at_union, formation)
    act(at_union, "报乡镇（街道）核对选举结果", female_members="9")
    open_record(at_station, formation)
    act(at_station, "核对无误并上报")
    open_record(at_county, formation)
    act(at_county, "批复成立", approval_doc_no="叶工组〔2012〕15号")
    expect(at_county.locator("h1")).to_contain_text("已成立")
    shot(at_county, "formation")

    # It is there: in the tree, with its members, in the figures of the city.
    at_county.goto("/r/orgs.org/")
    row = at_county.locator("main tbody tr", has_text=NAME)
    expect(row).to_contain_text("昆阳镇工会")
    shot(at_county, "orgs")
    at_union.goto("/r/members.membership/")
    expect(at_union.locator("main .list-foot")).to_contain_text(f"共{MEMBERS}条")
    assert {row.state for row in members_of(formation.org)} == {"active"}
    assert figure_on(office, "orgs.new_unions") == "1"
    assert figure_on(office, "members.new") == str(MEMBERS)
    this_year = Period.year_to_date(clock.today())
    assert value("orgs.new_unions", city.county, this_year) == 1
    assert value("members.new", city.township, this_year) == MEMBERS
    assert value("members.new", city.neighbour, this_year) == 0

    on_phone = visitor(cadre, PHONE)
    on_phone.goto("/r/members.membership/")
    expect(on_phone.locator("main .list-foot")).to_contain_text(f"共{MEMBERS}条")
    check_not_sideways(on_phone)
    shot(on_phone, "members")
