"""A worker changes jobs and his membership follows."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.lines.members.models import MembershipTransfer
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
from tests.browser.scene import fresh, members_of, value
from tests.lines.members.making import member, person
from tests.support.people import user_with


def test_a_transfer_is_started_confirmed_and_accepted_by_three_users(city, visitor):
    moving = member(city.basic, person=person(city.basic, "周示例"))
    county = visitor(user_with(Role.COUNTY, city.county, "李县"))
    county.goto("/r/members.membership_transfer/")
    follow(county, "登记会籍接转")
    fill(
        county,
        org="昆阳机械厂工会",
        membership="周示例",
        to_org="任店纺织厂工会",
        initiator="本人",
        reason="变更单位",
    )
    press(county, "保存")
    expect(county.locator("h1")).to_contain_text("待转出确认")
    transfer = fresh(MembershipTransfer(pk=number_of(county)))
    assert fresh(moving).state == "moving"

    giving = visitor(user_with(Role.BASIC, city.basic, "机械厂经办"))
    giving.get_by_role("link", name=str(transfer)).click()
    expect(giving.locator("h1")).to_contain_text("待转出确认")
    shot(giving, "transfer")
    follow(giving, "转出确认")
    # From here on the record lies with the receiving union; the giver is led back to his list.
    press(giving, "转出确认")
    expect(giving.locator("main [role=status]").first).to_have_text("已办理：转出确认。")
    expect(giving).to_have_url(re.compile(r"/r/members\.membership_transfer/$"))

    receiving = visitor(user_with(Role.BASIC, city.other_basic, "纺织厂经办"), PHONE)
    receiving.get_by_role("link", name=str(transfer)).click()
    expect(receiving.locator("h1")).to_contain_text("待转入接收")
    check_not_sideways(receiving)
    shot(receiving, "transfer")
    act(receiving, "接收")
    expect(receiving.locator("h1")).to_contain_text("已完成")
    receiving.goto("/r/members.membership/")
    row = receiving.locator("#rows tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("周示例")
    expect(row).to_contain_text("在册")

    assert [each.state for each in members_of(city.basic)] == ["ended"]
    (new,) = members_of(city.other_basic)
    assert (new.state, new.person_id) == ("active", moving.person_id)
    today = Period(clock.today(), clock.today())
    assert value("members.total", city.basic, today) == 0
    assert value("members.total", city.other_basic, today) == 1
    assert value("members.total", city.city, today) == 1
    assert value("members.new", city.city, today) == 0
