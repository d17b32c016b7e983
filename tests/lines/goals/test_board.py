"""The board of all targets, the plan book's page and the dashboard."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.registers.write import perform
from gonghui.lines.goals import supervision
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.models import Issuer, SupervisionItem
from gonghui.lines.goals.overview import overview
from gonghui.lines.goals.services import decompose
from tests.lines.goals.test_decomposition import weights
from tests.lines.goals.test_matters import matter
from tests.support.orgs import actor_with, user_with

HALF = date(2012, 6, 30)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


def page_of(client, user_id, path, **query):
    client.force_login(User.objects.get(pk=user_id))
    response = client.get(path, query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def handed_down(plan, actuals):
    """480 unions of the province in ten counties, of which 547 came; 1,500 of the city's own."""
    target = plan.issued(480)
    for child in decompose(target, weights(plan, 0), plan.dept):
        plan.issue(child.plan)
    plan.issued(1500, issuer=Issuer.CITY, code="T02")
    return target


def test_the_overview_parts_wholes_from_shares_and_counts_lights(plan, handed_down):
    with acting(plan.leader):
        found = overview(2012, HALF)
    assert [(line.target.code, line.light) for line in found.wholes] == [
        ("T02", Light.RED),
        ("T07", Light.DONE),
    ]
    assert found.counts() == {Light.RED: 1, Light.DONE: 1}
    (row,) = found.heat
    lights = [row.shares[org.pk].light for org in found.orgs]
    # 郏县 has 42 of 50 and 石龙区 7 of 10, both ahead of the calendar.
    assert [light.value for light in lights].count("done") == 8
    assert [line.target.code for line in found.worst()] == ["T02"]


def test_a_county_sees_its_own_share_as_a_whole(plan, handed_down):
    with acting(actor_with(Role.COUNTY, org=plan.counties["郏县"])):
        found = overview(2012, HALF)
    assert [(str(line.target.org), line.target.value) for line in found.wholes] == [
        ("郏县总工会", 50)
    ]
    assert found.heat == []


def test_the_leader_presses_with_one_tap_and_reads_reason_and_remedy(client, plan, handed_down):
    with clock.at(HALF):
        page = page_of(client, plan.leader.user_id, "/goals/board/")
        assert "完成 1 个" in page
        assert "红灯 1 个" in page
        assert "到期预计1,382.7（1,100.0至1,665.3）。每周需36.3，目前21.0。" in page
        raw = client.get("/goals/board/").content.decode()
        (address,) = set(re.findall(r'action="([^"]+/handover/\d+/)"', raw))
        assert client.post(address).status_code == 302
        (item,) = SupervisionItem._unscoped.all()
        assert (item.target.code, item.org) == ("T02", plan.city)
        assert not re.findall(
            r'action="[^"]+/handover/', client.get("/goals/board/").content.decode()
        )
        item = perform(item, "issue_by_leader", by=plan.leader)
        item = perform(item, "sign", by=plan.dept)
        words = {"report": "已部署", "lag_reason": "小微企业多", "remedy": "组建联合工会"}
        perform(item, "reply", by=plan.dept, **words)
        page = page_of(client, plan.leader.user_id, "/goals/board/")
    assert "原因：小微企业多" in page
    assert "措施：组建联合工会" in page


def test_an_old_item_does_not_hide_a_new_tap(client, plan, handed_down):
    with clock.at(HALF), acting(plan.dept):
        first = overview(2012, HALF).worst()[0].target
        item = supervision.from_target(first, plan.dept)
        perform(item, "cancel", by=plan.leader, reason="合并")
        assert overview(2012, HALF).worst()[0].item is None


def test_the_board_shows_matters_and_items_on_a_red_slip(client, plan, handed_down):
    with acting(plan.leader):
        matter(plan, [handed_down])
    with clock.at(HALF):
        page = page_of(client, plan.leader.user_id, "/goals/board/")
    assert "1. 实事1 100.0% 完成 T07：" in page


def test_the_pages_of_book_and_target_show_lights_and_counties(client, plan, handed_down):
    with clock.at(HALF):
        book = page_of(client, plan.dept.user_id, f"/r/goals.plan_book/{handed_down.plan_id}/")
        assert "完成情况" in book
        assert "480元 547元 完成 已完成：实际547元，目标480元。" in book
        page = page_of(client, plan.dept.user_id, f"/r/goals.target/{handed_down.pk}/")
    assert "完成情况和各单位对比" in page
    assert "郏县总工会 省总 组织部 50元 42元 绿灯" in page


def test_the_dashboard_tells_the_lights_of_the_unit_in_view(client, plan, handed_down):
    with clock.at(HALF):
        city = page_of(client, plan.leader.user_id, "/dashboard/")
        assert "目标亮灯 完成 1个 绿灯 0个 黄灯 0个 红灯 1个 灰灯 0个" in city
        user = user_with(Role.COUNTY, org=plan.counties["郏县"])
        county = page_of(client, user.pk, "/dashboard/")
    assert "完成 0个 绿灯 1个" in county


def test_without_targets_nothing_is_said(client, plan):
    assert "没有下达的目标" in page_of(client, plan.leader.user_id, "/goals/board/")
    assert "目标亮灯" not in page_of(client, plan.leader.user_id, "/dashboard/")


def test_who_opens_no_records_opens_no_board(client, plan):
    client.force_login(user_with(Role.SYSTEM_ADMIN, org=plan.city))
    assert client.get("/goals/board/").status_code == 404


def test_the_board_costs_the_same_for_one_target_and_for_ten_counties(plan, actuals):
    def cost():
        with acting(plan.dept), CaptureQueriesContext(connection) as queries:
            overview(2012, HALF)
        return len(queries)

    target = plan.issued(480)
    alone = cost()
    for child in decompose(target, weights(plan, 0), plan.dept):
        plan.issue(child.plan)
    assert cost() == alone
