"""The dashboard: tiles, comparison, what is late."""

import re
from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger import catalogue, targets
from gonghui.kernel.workflow.models import Task
from gonghui.web import cards, panels
from tests.support import facts
from tests.support.orgs import make_org, user_with

LINES = list(cards.SECTIONS)
TODAY = date(2012, 8, 15)
SECTIONS = [
    cards.Section(
        line="sample",
        tiles=("sample.visit_amount", "sample.stations", "sample.good_rate"),
        more=("sample.seats",),
        compared=("sample.visit_amount", "sample.visited"),
    ),
    cards.Section(line="orgs", tiles=("orgs.new_unions",), compared=("orgs.covered_units",)),
    cards.Section(line="cadres", tiles=("cadres.trained",)),
]


@pytest.fixture(autouse=True)
def clock_stands(db, settings, monkeypatch):
    settings.SECOND_FACTOR_ROLES = ()
    monkeypatch.setattr(cards, "SECTIONS", SECTIONS)
    monkeypatch.setattr(targets, "_providers", [])
    with clock.at(TODAY):
        yield


@pytest.fixture
def visited(tree):
    with facts.told(TODAY):
        facts.visit(tree.union, date(2012, 3, 1), amount=10, subject_no=1)
        facts.visit(tree.neighbour_union, date(2012, 3, 1), amount=Decimal("2.5"), subject_no=1)
        facts.visit(tree.union, date(2011, 3, 1), amount=4)
        facts.station(tree.union, date(2012, 1, 1))


def seen(client, path="/dashboard/", status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def late_task(org, record_id=1, **values):
    given = {
        "register": "sample.visit",
        "record_id": record_id,
        "org": org,
        "title": f"走访：第{record_id}件",
        "state": "review",
        "roles": [Role.COUNTY],
        "opened_at": clock.now(),
        "due_on": date(2012, 8, 1),
        **values,
    }
    return Task._unscoped.create(**given)


@pytest.mark.parametrize("role", [Role.LEADER, Role.DEPT])
def test_the_city_sees_its_figures_and_its_counties(client, tree, visited, role):
    client.force_login(user_with(role, org=tree.city))
    found = seen(client)
    assert ">12.50</a> <small>元</small>" in found
    assert "上年同期4" in found
    table = found[found.index('id="compare-table"') :]
    assert 'data-value="10"' in table
    assert 'data-value="2.5"' in table
    assert "甲县总工会" in table
    assert "甲镇工会" not in table


def test_a_county_sees_its_townships(client, tree, visited):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    found = seen(client)
    assert ">10</a> <small>元</small>" in found
    table = found[found.index('id="compare-table"') :]
    assert "甲镇工会" in table
    assert "乙" not in table
    seen(client, status=404, **{"unit.pk": tree.neighbour.pk})
    seen(client, "/dashboard/late/", status=404, **{"unit.pk": tree.neighbour.pk})


def test_the_chart_shows_the_indicator_that_is_chosen(client, tree, visited):
    client.force_login(user_with(Role.LEADER, org=tree.city))
    assert 'data-series="走访金额"' in seen(client)
    assert 'data-series="走访对象数"' in seen(client, compare="sample.visited")
    assert 'data-series="走访金额"' in seen(client, compare="sample.seats")


@pytest.mark.parametrize("role", [Role.BASIC, Role.FINANCE, Role.SYSTEM_ADMIN])
def test_other_roles_have_no_dashboard(client, tree, role):
    client.force_login(user_with(role, org=tree.city))
    seen(client, status=404)
    seen(client, "/dashboard/late/", status=404)
    home = client.get("/")
    assert "看板" not in home.content.decode()


def test_what_is_late_is_counted_and_listed(client, tree):
    late_task(tree.union, 1)
    late_task(tree.county, 2, roles=[Role.DEPT])
    late_task(tree.union, 3, due_on=TODAY)
    late_task(tree.union, 4, paused_from=TODAY)
    late_task(tree.union, 5, closed_at=clock.now())
    late_task(tree.neighbour_union, 6)
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    found = seen(client)
    assert '<a class="plain" href="/">3</a>' in found
    assert "其中超期1件" in found
    assert ">2</a> <small>件</small>" in found
    listed = seen(client, "/dashboard/late/")
    assert "共2件" in listed
    assert "第1件" in listed
    assert "第2件" in listed
    assert "已超期14天" in listed
    for hidden in (3, 4, 5, 6):
        assert f"第{hidden}件" not in listed


def test_nothing_late_is_said(client, tree):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    assert "没有超期未办的事项" in seen(client, "/dashboard/late/")


def test_more_counties_ask_no_more_questions(client, tree, visited):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(user_with(Role.LEADER, org=tree.city))
    seen(client)
    with CaptureQueriesContext(connection) as few:
        seen(client)
    for number in range(4):
        org = make_org(f"丙{number}县总工会", "county", tree.city)
        facts.visit(org, date(2012, 3, 1), amount=1)
    with CaptureQueriesContext(connection) as many:
        seen(client)
    assert len(many) == len(few)


def test_one_line_at_a_time_is_compared(client, tree, visited):
    client.force_login(user_with(Role.LEADER, org=tree.city))
    found = seen(client, compare="orgs.covered_units")
    table = found[found.index('id="compare-table"') :]
    assert 'data-series="建会单位数"' in table
    assert "走访金额" not in table
    assert "对比哪条线的指标" in found
    assert found.count("compare=cadres") == 0


def headings(page):
    return re.findall(r"<h[23]>(.+?)</h[23]>", page)


def test_a_department_sees_its_own_lines_first_and_more_of_them(client, tree, monkeypatch):
    mine, other = (user_with(Role.DEPT, org=tree.city) for _ in range(2))
    mine.department = "组织部"
    mine.save()
    monkeypatch.setattr(cards, "SECTIONS", [_of_the_office(), SECTIONS[0]])
    client.force_login(mine)
    shown = headings(seen(client))
    assert shown.index("走访金额") < shown.index("实事办结件数")
    assert "座位数" in shown
    client.force_login(other)
    shown = headings(seen(client))
    assert shown.index("走访金额") > shown.index("实事办结件数")
    assert "座位数" not in shown


def _of_the_office():
    return cards.Section(line="goals", tiles=("goals.matters_done",), more=("goals.sup_issued",))


def test_somebody_chooses_his_own_figures_and_goes_back(client, tree, visited):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    page = seen(client, "/dashboard/tiles/")
    assert 'value="sample.stations" checked' in page
    assert 'value="sample.visited" checked' not in page
    assert "恢复默认" not in page
    done = client.post(
        "/dashboard/tiles/", {"code": ["members.new", "sample.visited", "none.such"]}
    )
    assert done.status_code == 302
    shown = headings(seen(client))
    assert {"发展会员数", "走访对象数", "会员实名制"} <= set(shown)
    assert "走访金额" not in shown
    assert "恢复默认" in seen(client, "/dashboard/tiles/")
    client.post("/dashboard/tiles/", {"reset": "1"})
    assert "走访金额" in headings(seen(client))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([], "请至少选一个指标"),
        (
            [one.code for one in catalogue.all_indicators()][: cards.MOST + 1],
            "最多放40个指标，您选了41个",
        ),
    ],
)
def test_a_choice_of_none_or_too_many_is_refused_and_kept_on_the_form(client, tree, codes, said):
    user = user_with(Role.COUNTY, org=tree.county)
    client.force_login(user)
    answer = client.post("/dashboard/tiles/", {"code": codes})
    page = answer.content.decode()
    assert said in page
    assert page.count(" checked>") == len(codes)
    user.refresh_from_db()
    assert "tiles" not in user.preferences


@pytest.mark.parametrize("role", [Role.BASIC, Role.FINANCE])
def test_who_has_no_dashboard_chooses_nothing(client, tree, role):
    client.force_login(user_with(role, org=tree.city))
    seen(client, "/dashboard/tiles/", status=404)


def test_lines_show_figures_that_exist_once_and_no_more_than_fit():
    codes = [code for one in LINES for code in (*one.tiles, *one.more)]
    assert len(set(codes)) == len(codes)
    for code in (*codes, *(code for one in LINES for code in one.compared)):
        assert catalogue.indicator(code).reportable
    owners = {catalogue.indicator(code).owner for code in codes}
    for owner in owners:
        own = sum(len(one.more) for one in LINES if cards._is_of(owner, one))
        assert own + sum(len(one.tiles) for one in LINES) <= cards.MOST
    assert {"orgs", "members", "funds", "aid", "employment", "mutual", "women"} <= {
        one.line for one in LINES
    }


def test_lines_add_panels_to_the_dashboard(client, tree, monkeypatch):
    monkeypatch.setattr(panels, "ON_DASHBOARD", [f"{__name__}.told", f"{__name__}.silent"])
    client.force_login(user_with(Role.LEADER, org=tree.city))
    page = seen(client)
    assert f"示例面板{tree.city}" in page
    assert page.count("示例面板") == 1


def told(request, window):
    return panels.Panel(
        title=f"示例面板{window.org}", template="web/_notices.html", context={"notices": []}
    )


def silent(request, window):
    return None


def test_much_money_is_told_in_ten_thousands_on_tiles_alone(client, tree):
    with facts.told(TODAY):
        facts.visit(tree.union, date(2012, 3, 1), amount=Decimal("12345678.9"))
        facts.visit(tree.neighbour_union, date(2012, 3, 1), amount=Decimal("9999.99"))
        facts.visit(tree.union, date(2011, 3, 1), amount=10_000)
    client.force_login(user_with(Role.LEADER, org=tree.city))
    page = seen(client)
    assert ">1,235.57</a> <small>万元</small>" in page
    assert "上年同期1.00万元" in page
    assert 'data-value="9999.99"' in page
    client.force_login(user_with(Role.COUNTY, org=tree.neighbour))
    assert ">9,999.99</a> <small>元</small>" in seen(client)
