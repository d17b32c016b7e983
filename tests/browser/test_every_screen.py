"""Every main screen, at both widths: nothing on the console, readable by everybody, no sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gonghui.kernel.access.roles import Role
from gonghui.lines.orgs.models import UnionFormation
from tests.browser.driving import (
    DESK,
    PHONE,
    Size,
    check_accessible,
    check_not_sideways,
    shot,
)
from tests.browser.scene import SPRING, SUMMER, found_union
from tests.lines.members.making import member
from tests.support.people import user_with

OF_2012 = "during=custom&during.from=2012-01-01&during.to=2012-12-31"
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=lambda size: size.name)

Look = Callable[[str, str], None]


def look_at(page: Page, address: str, name: str) -> None:
    """One screen: it came, it is whole, and anybody can use it."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    check_not_sideways(page)
    shot(page, name)
    check_accessible(page)


@pytest.fixture
def founded(city) -> UnionFormation:
    found_union(city.neighbour, "鲁山陶瓷厂工会委员会", SUMMER, number=2)
    return found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)


@SIZES
def test_the_login(city, stranger, size: Size):
    look_at(stranger(size), "/login/", "login")


@SIZES
def test_the_screens_of_registers(city, founded, visitor, size: Size):
    page = visitor(user_with(Role.COUNTY, city.county, "李县"), size)
    moving = member(city.basic)
    for name, address in (
        ("home", "/"),
        ("directory", "/registers/"),
        ("me", "/me/"),
        ("list", "/r/orgs.union_formation/"),
        ("list-members", "/r/members.membership/"),
        ("record", f"/r/orgs.union_formation/{founded.pk}/"),
        ("record-member", f"/r/members.membership/{moving.pk}/"),
        ("record-past", f"/r/orgs.union_formation/{founded.pk}/?as_of=2012-05-01"),
        ("form", "/r/members.person/new/"),
        ("form-edit", f"/r/members.membership/{moving.pk}/edit/"),
        ("action", f"/r/orgs.union_formation/{founded.pk}/do/overrule/"),
        ("reveal", f"/r/members.person/{moving.person_id}/reveal/id_no/"),
        ("import-new", "/r/members.membership/import/"),
    ):
        look_at(page, address, f"screen-{name}")


@SIZES
def test_the_screens_of_figures(city, founded, visitor, size: Size):
    page = visitor(user_with(Role.LEADER, city.city, "孙主席"), size)
    for name, address in (
        ("figures", f"/figures/?{OF_2012}"),
        ("figure", f"/figures/orgs.new_unions/?{OF_2012}"),
        ("figure-changes", f"/figures/orgs.new_unions/?{OF_2012}&since=2012-04-30"),
        ("figure-ratio", f"/figures/orgs.new_vs_plan/?{OF_2012}"),
        ("figure-records", f"/figures/orgs.new_unions/records/?{OF_2012}"),
        ("dashboard", "/dashboard/"),
        ("late", "/dashboard/late/"),
        ("goals", "/goals/progress/"),
    ):
        look_at(page, address, f"screen-{name}")
    page.goto(f"/figures/orgs.new_unions/?{OF_2012}")
    expect(page.locator("figure.chart canvas, figure.chart svg").first).to_be_visible()


@SIZES
def test_the_screens_of_administrators(city, visitor, size: Size):
    other = user_with(Role.STATION, city.township, "张站长")
    security = visitor(user_with(Role.SECURITY_ADMIN, city.city, "周安全"), size)
    for name, address in (
        ("accounts", "/accounts/"),
        ("account", f"/accounts/{other.pk}/"),
        ("account-new", "/accounts/new/"),
        ("password", "/password/"),
    ):
        look_at(security, address, f"screen-{name}")
    system = visitor(user_with(Role.SYSTEM_ADMIN, city.city, "吴系统"), size)
    for name, address in (
        ("parameters", "/parameters/"),
        ("parameter", "/parameters/orgs.approval_days/"),
        ("holidays", "/parameters/holidays/"),
    ):
        look_at(system, address, f"screen-{name}")
    audit = visitor(user_with(Role.AUDIT_ADMIN, city.city, "郑审计"), size)
    for name, address in (("events", "/accounts/events/"), ("reveals", "/accounts/reveals/")):
        look_at(audit, address, f"screen-{name}")


def test_the_keyboard_alone_reaches_the_body_and_the_first_field(city, visitor):
    page = visitor(user_with(Role.COUNTY, city.county, "李县"))
    page.goto("/r/members.person/new/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("跳到正文")
    expect(focused).to_be_in_viewport()
    shot(page, "skip-link")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    first = page.locator("main form").first.locator("input:visible, select:visible").first
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("name") == first.get_attribute("name"):
            break
    expect(first).to_be_focused()
