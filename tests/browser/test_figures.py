"""The organisation department asks for a number by county, as of any day, and opens it to its records."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from tests.browser.driving import PHONE, Size, check_not_sideways, follow, press, shot
from tests.browser.scene import SPRING, SUMMER, found_union, value
from tests.support.people import user_with

YEAR = Period.year(2012)
OF_2012 = "during=custom&during.from=2012-01-01&during.to=2012-12-31"


@pytest.fixture
def unions(city):
    """Two in the first county, one of them recorded in June; one in its neighbour."""
    return [
        found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1),
        found_union(city.other_township, "任店铸造厂工会委员会", SUMMER, number=2),
        found_union(city.neighbour, "鲁山陶瓷厂工会委员会", SPRING, number=3),
    ]


def parts(page: Page) -> dict[str, str]:
    """The figure of each unit, as the table beside the chart has it."""
    rows = page.locator("#parts-table tbody tr").all()
    return {
        row.locator("[data-label=单位]").inner_text().strip(): row.locator("[data-label=数值]")
        .inner_text()
        .strip()
        for row in rows
    }


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_a_number_is_told_by_county_as_of_a_day_and_opened_to_its_records(
    city, unions, visitor, size: Size | None
):
    dept = user_with(Role.DEPT, city.city, "王部长")
    page = visitor(dept, size) if size else visitor(dept)
    page.goto(f"/figures/orgs.new_unions/?{OF_2012}")
    expect(page.locator(".figure-number")).to_contain_text("3")
    assert value("orgs.new_unions", city.city, YEAR) == 3
    assert parts(page) == {"鹰城市总工会（合计）": "3", "叶县总工会": "2", "鲁山县总工会": "1"}
    check_not_sideways(page)
    shot(page, "figure")

    # As the books stood at the end of May.
    page.get_by_label("登记截止日（可空）").fill("2012-05-31")
    press(page, "查看")
    expect(page.locator(".big-figure")).to_contain_text("按2012年5月31日已登记的记录")
    assert parts(page) == {"鹰城市总工会（合计）": "2", "叶县总工会": "1", "鲁山县总工会": "1"}

    # And today: the county's number, its records, one of them, and back.
    page.goto(f"/figures/orgs.new_unions/?{OF_2012}")
    page.locator("#parts-table").get_by_role("link", name="叶县总工会", exact=True).click()
    expect(page.locator(".figure-number")).to_contain_text("2")
    follow(page, "查看记录")
    expect(page.locator(".ribbon-note")).to_contain_text("合计2家，共2条")
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    check_not_sideways(page)
    shot(page, "figure-records")
    listed = page.url
    page.locator("#rows tbody tr", has_text="昆阳食品厂").locator("a").first.click()
    expect(page.locator("h1")).to_contain_text("昆阳食品厂工会委员会")
    expect(page.locator("main")).to_contain_text("工组〔2012〕1号")
    check_not_sideways(page)
    shot(page, "figure-record")
    page.go_back()
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    assert page.url == listed
