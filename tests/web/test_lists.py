from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.registers import write
from gonghui.web import listing
from tests.support.people import client_for, user_with
from tests.support.sample.models import Station, Visit

LIST = "/r/sample.visit/"


@pytest.fixture
def titles(clerk):
    """The titles that a list shows to the township's clerk, in order."""
    client = client_for(clerk)

    def titles_of(**query):
        text = client.get(LIST, query).content.decode()
        rows = text.split('data-label="事由"')[1:]
        return [row.split(">", 1)[1].split("<", 1)[0].strip() for row in rows]

    return titles_of


def test_a_list_shows_rows_of_the_own_subtree_only(visit, clerk, neighbour, titles):
    visit(title="我们的走访")
    assert titles() == ["我们的走访"]
    assert "我们的走访" not in client_for(neighbour).get(LIST).content.decode()


def test_somebody_without_the_right_to_view_gets_no_list(city):
    admin = user_with(Role.SYSTEM_ADMIN, city.city)
    # The sample lets every role view; an administrator sees the list without a single row.
    assert "共0条" in client_for(admin).get(LIST).content.decode()


def test_the_search_finds_text_and_numbers(visit, titles):
    visit(title="春节走访", visited_on=date(2012, 1, 20))
    visit(title="夏季送清凉", visited_on=date(2012, 7, 2))
    assert titles(q="春节") == ["春节走访"]
    assert titles(q="2012-0002") == ["夏季送清凉"]
    assert titles(q="走访 春节") == ["春节走访"]
    assert titles(q="秋季") == []


def test_filters_narrow_by_choice_by_day_and_by_subtree(visit, titles, city):
    visit(title="甲", mood="good", visited_on=date(2012, 1, 20))
    visit(title="乙", mood="bad", visited_on=date(2012, 5, 1), org=city.township)
    assert titles(mood="good") == ["甲"]
    assert titles(mood="nonsense") == ["乙", "甲"]
    assert titles(state="draft", **{"visited_on.from": "2012-05-01"}) == ["乙"]
    assert titles(**{"visited_on.to": "2012-04-30"}) == ["甲"]
    assert titles(**{"org.pk": f"{city.basic.pk}|昆阳机械厂工会"}) == ["甲"]
    assert titles(org="昆阳机械厂") == ["甲"]
    assert titles(**{"org.pk": str(city.far_basic.pk)}) == ["乙", "甲"]


def test_every_page_can_be_reached_forwards_and_backwards(visit, titles, monkeypatch, clerk):
    monkeypatch.setattr(listing, "PAGE", 2)
    made = [visit(title=f"第{n}", amount=n % 3 or None) for n in range(5)]
    assert titles() == ["第4", "第3"]
    assert titles(after=made[3].pk) == ["第2", "第1"]
    assert titles(after=made[1].pk) == ["第0"]
    assert titles(before=made[0].pk) == ["第2", "第1"]
    by_amount = ["第1", "第4", "第2", "第0", "第3"]
    assert titles(sort="amount") == by_amount[:2]
    assert titles(sort="amount", after=made[4].pk) == by_amount[2:4]
    assert titles(sort="amount", after=made[0].pk) == by_amount[4:]
    assert titles(sort="amount", before=made[3].pk) == by_amount[2:4]
    assert titles(sort="amount", before=made[2].pk) == by_amount[:2]
    assert titles(sort="-amount") == ["第2", "第4"]
    assert titles(sort="-amount", after=made[4].pk) == ["第1", "第3"]
    text = client_for(clerk).get(LIST).content.decode()
    assert f"?after={made[3].pk}" in text
    assert "before=" not in text


def test_the_list_is_not_sorted_by_what_is_sensitive(visit, titles):
    visit(title="甲", account="2")
    visit(title="乙", account="1")
    assert titles(sort="account") == titles()


def test_a_large_count_is_cut(visit, clerk, monkeypatch):
    for _ in range(3):
        visit()
    assert "共3条" in client_for(clerk).get(LIST).content.decode()
    monkeypatch.setattr(listing, "COUNTED", 2)
    assert "共2+条" in client_for(clerk).get(LIST).content.decode()


def test_voided_rows_are_shown_only_when_asked_for(visit, titles):
    gone = visit(title="作废的")
    with acting(SYSTEM):
        write.void(gone, by=SYSTEM, reason="重复")
    assert titles() == []
    assert titles(voided="1") == ["作废的"]


def test_the_list_costs_the_same_for_3_rows_and_30(visit, clerk):
    client = client_for(clerk)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    for _ in range(3):
        visit()
    client.get(LIST)
    few = cost()
    for _ in range(27):
        visit()
    assert cost() == few


def test_htmx_gets_the_rows_alone(visit, clerk):
    visit(title="只要行")
    response = client_for(clerk).get(LIST, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert "只要行" in text
    assert "<html" not in text
    assert "HX-Request" in response["Vary"]


def test_a_list_offers_only_what_the_user_may_do(visit, clerk, county_clerk, leader):
    made = visit(by=clerk)
    with acting(actor_of(clerk)):
        write.perform(made, "submit", by=actor_of(clerk))
    station, county, city = (
        client_for(user).get(LIST).content.decode() for user in (clerk, county_clerk, leader)
    )
    assert "/r/sample.visit/new/" in station
    assert "/r/sample.visit/export/" not in station
    assert "/r/sample.visit/export/" in county
    assert 'value="return"' in county
    assert 'value="return"' not in station
    assert "/r/sample.visit/new/" not in city
    assert 'type="checkbox" name="pk"' not in city


def test_a_lines_own_pages_stand_with_its_registers_but_for_daily_ones(county_clerk):
    page = client_for(county_clerk).get("/orgs/funnel/").content.decode()
    above, *groups = page[page.index('<ul class="menu">') :].split('<details class="menu-group"')
    assert ("目标总表" in above, "建会漏斗" in above) == (True, False)
    group = next(part for part in groups if "<summary>工会组织</summary>" in part)
    assert group.startswith(" open>")
    assert 'href="/orgs/funnel/" aria-current="page"' in group
    directory = client_for(county_clerk).get("/registers/").content.decode()
    assert directory.count('href="/orgs/funnel/"') == 2


def test_the_menu_holds_the_registers_that_the_user_may_view(city, clerk):
    admin = user_with(Role.SYSTEM_ADMIN, city.city)
    assert 'href="/r/sample.visit/"' in client_for(clerk).get("/").content.decode()
    assert 'href="/r/orgs.org/"' not in client_for(admin).get("/").content.decode()


def test_columns_are_chosen_and_reset(visit, clerk):
    visit(phone="13837512345")
    client = client_for(clerk)
    client.post(f"{LIST}columns/", {"column": ["title", "phone", "voided_at", "nonsense"]})
    text = client.get(LIST).content.decode()
    assert 'data-label="电话"' in text
    assert 'data-label="金额"' not in text
    clerk.refresh_from_db()
    assert clerk.preferences == {"columns": {"sample.visit": ["title", "phone"]}}
    client.post(f"{LIST}columns/", {"reset": "1"})
    assert 'data-label="金额"' in client.get(LIST).content.decode()


def test_a_view_is_saved_replaced_and_dropped(clerk):
    client = client_for(clerk)
    client.post(f"{LIST}views/", {"name": "待审", "query": "state=draft"})
    client.post(f"{LIST}views/", {"name": "待审", "query": "state=review"})
    assert 'href="?state=review"' in client.get(LIST).content.decode()
    client.post(f"{LIST}views/", {"name": "  ", "query": "state=review"})
    assert "请起个名字。" in client.get(LIST).content.decode()
    client.post(f"{LIST}views/", {"drop": "待审"})
    clerk.refresh_from_db()
    assert clerk.preferences == {"views": {"sample.visit": []}}


def test_a_view_is_shared_with_the_department_and_shows_each_his_own_rows(visit, tree):
    visit(title="我们的走访")
    owner = user_with(Role.DEPT, tree.city, department="组织部")
    for name, shared in (("待审", {"shared": "1"}), ("自用", {})):
        sent = {"name": name, "query": "state=draft&after=1", **shared}
        client_for(owner).post(f"{LIST}views/", sent)
    colleague = user_with(Role.DEPT, tree.city, department="组织部")
    elsewhere = user_with(Role.DEPT, tree.city, department="办公室")
    county = user_with(Role.COUNTY, tree.neighbour, department="组织部")
    pages = {
        user: client_for(user).get(LIST).content.decode()
        for user in (owner, colleague, elsewhere, county)
    }
    assert 'href="?state=draft">待审（已共享）</a>' in pages[owner]
    assert f'href="?state=draft">待审（{owner}）</a>' in pages[colleague]
    assert "自用" not in pages[colleague]
    assert not any(str(owner) in pages[user] for user in (elsewhere, county))
    client_for(colleague).post(f"{LIST}views/", {"drop": "待审"})
    assert f"待审（{owner}）" in client_for(colleague).get(LIST).content.decode()
    opened = client_for(colleague).get(f"{LIST}?state=draft").content.decode()
    assert "我们的走访" in opened


def test_where_accounts_have_no_department_a_view_is_shared_with_the_union(tree):
    owner = user_with(Role.COUNTY, tree.county)
    page = client_for(owner).get(LIST).content.decode()
    assert "与本单位的同事共享" in page
    client_for(owner).post(f"{LIST}views/", {"name": "待审", "query": "", "shared": "1"})
    colleague, neighbour = (user_with(Role.COUNTY, at) for at in (tree.county, tree.neighbour))
    seen = [client_for(user).get(LIST).content.decode() for user in (colleague, neighbour)]
    assert [f"待审（{owner}）" in page for page in seen] == [True, False]


def test_rows_can_be_narrowed_to_the_records_behind_a_figure(visit, rf, clerk):
    from gonghui.kernel.accounts.actors import actor_of
    from gonghui.kernel.registers.registry import register_of

    visit(title="不在数内")
    inside = visit(title="在数内")
    request = rf.get("/figures/")
    request.user, request.actor = clerk, actor_of(clerk)
    with acting(request.actor):
        base = Visit.objects.filter(pk=inside.pk)
        found = listing.rows_for(register_of(Visit), request, base)
        page = found.page()
        assert [row.title for row in page.records] == ["在数内"]
        assert found.count(page) == "1"


def test_the_choice_finds_orgs_by_initials_within_the_scope(city, clerk, neighbour):
    asked = "/choose/org/?q=kyjx"
    assert "昆阳机械厂工会" in client_for(clerk).get(asked).content.decode()
    assert "昆阳机械厂工会" not in client_for(neighbour).get(asked).content.decode()
    assert "没有找到" in client_for(neighbour).get(asked).content.decode()


def test_the_choice_of_a_field_that_is_no_link_is_not_found(clerk):
    client = client_for(clerk)
    assert client.get("/r/sample.visit/choose/org/?q=ky").status_code == 200
    assert client.get("/r/sample.visit/choose/title/?q=x").status_code == 404
    assert client.get("/r/sample.visit/choose/created_by__x/?q=x").status_code == 404


def test_unknown_registers_are_not_found(clerk):
    assert client_for(clerk).get("/r/no.such/").status_code == 404


def test_a_register_without_workflow_has_a_list_too(city, county_clerk):
    with acting(SYSTEM):
        write.create(Station, by=SYSTEM, org=city.county, name="服务站", seats=1200)
    text = client_for(county_clerk).get("/r/sample.station/").content.decode()
    assert "1,200" in text
