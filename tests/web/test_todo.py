from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.registers import write
from gonghui.kernel.workflow.models import Reminder, Task
from gonghui.web import tasks
from gonghui.web.views import todo
from tests.support.people import client_for, user_with


@pytest.fixture
def submitted(visit, clerk):
    """A visit that waits for the county since 1 March 2012."""

    def make(**given):
        by = actor_of(clerk)
        with clock.at(date(2012, 3, 1)), acting(by):
            return write.perform(visit(by=clerk, **given), "submit", by=by)

    return make


def read(user, **query):
    return client_for(user).get("/", query).content.decode()


def test_a_task_stands_with_whoever_can_end_it(
    visit, submitted, clerk, county_clerk, leader, neighbour
):
    visit(title="草稿一件", by=clerk)
    submitted(title="待审一件")
    assert "草稿一件" in read(clerk)
    assert "待审一件" in read(county_clerk)
    assert "草稿一件" not in read(county_clerk)
    for outsider in (leader, neighbour):
        assert "没有等您办理的事项。" in read(outsider)


def test_what_somebody_nearer_has_to_do_stands_apart(submitted, clerk, county_clerk, city):
    submitted(title="待审一件")
    assert "待审一件" in read(county_clerk)
    assert "下级待办" not in read(county_clerk)
    second = user_with(Role.STATION, city.township, "王副站长")
    assert "待审一件" in read(second)
    assert "待审一件" not in read(county_clerk)
    apart = read(county_clerk, tab="below")
    assert "待审一件" in apart
    assert 'value="confirm"' in apart
    with acting(actor_of(county_clerk)):
        assert tasks.waiting_count(actor_of(county_clerk)) == 0
    second.valid_to = clock.today()
    second.save()
    assert "待审一件" in read(county_clerk)


def test_whoever_is_as_near_or_farther_does_not_take_a_matter_away(submitted, city, county_clerk):
    submitted(title="待审一件")
    user_with(Role.COUNTY, city.county, "钱县")
    user_with(Role.COUNTY, city.city, "孙市")
    user_with(Role.STATION, city.other_township, "外站")
    assert "待审一件" in read(county_clerk)


def test_a_matter_that_nobody_sent_waits_for_the_nearest(submitted, clerk, county_clerk):
    submitted(title="待审一件")
    Task._unscoped.update(opened_by=None)
    assert "待审一件" in read(clerk)
    assert "待审一件" in read(county_clerk, tab="below")


def test_a_row_tells_by_when_and_how_late(submitted, county_clerk):
    made = submitted(title="待审一件")
    for day, told in (
        (date(2012, 3, 2), "还有6天"),
        (date(2012, 3, 8), "今天到期"),
        (date(2012, 3, 18), "已超期10天"),
    ):
        with clock.at(day):
            shown = read(county_clerk)
        assert told in shown
        assert "2012-03-08" in shown
    assert f"/r/sample.visit/{made.pk}/" in shown
    assert "昆阳机械厂工会" in shown


def test_colours_follow_the_days_left():
    today = date(2012, 3, 8)
    late = [
        tasks.lateness(due, today=today).colour
        for due in (date(2012, 3, 7), today, date(2012, 3, 11), date(2012, 3, 12), None)
    ]
    assert late == ["red", "yellow", "yellow", "green", "secondary"]
    assert tasks.lateness(today, is_paused=True, today=today).text == "已暂停计时"


def test_what_was_done_and_sent_on_is_listed(submitted, clerk, county_clerk):
    made = submitted(title="办过的", visited_on="2012-02-28")
    with acting(actor_of(county_clerk)):
        write.perform(made, "confirm", by=actor_of(county_clerk))
    done = read(county_clerk, tab="done")
    assert "办过的" in done
    assert "确认" in done
    assert "已办结" in read(clerk, tab="sent")
    assert "办过的" not in read(county_clerk)


def test_reminders_are_for_the_roles_they_name(visit, county_clerk, clerk):
    made = visit()
    Reminder._unscoped.create(
        register="sample.visit",
        record_id=made.pk,
        mark="late",
        org=made.org,
        roles=["county"],
        message="走访登记已满一个月",
        made_at=clock.now(),
    )
    assert "走访登记已满一个月" in read(county_clerk, tab="reminders")
    assert "没有新的提醒。" in read(clerk, tab="reminders")


def test_the_list_is_narrowed_by_register_and_org(submitted, county_clerk, city):
    submitted(title="甲")
    submitted(title="乙", org=city.township)
    assert "甲</a>" in read(county_clerk, register="sample.visit")
    assert "没有等您办理的事项。" in read(county_clerk, register="sample.station")
    only = read(county_clerk, **{"org.pk": str(city.basic.pk)})
    assert "甲</a>" in only
    assert "乙</a>" not in only
    assert "乙</a>" in read(county_clerk, org="昆阳镇工会")


def test_tasks_of_one_register_are_done_together(submitted, county_clerk):
    made = submitted(title="批量的")
    shown = read(county_clerk)
    assert 'action="/r/sample.visit/bulk/"' in shown
    assert f'name="pk" value="{made.pk}"' in shown
    assert 'value="confirm"' in shown


def test_the_list_has_pages(submitted, county_clerk, monkeypatch):
    monkeypatch.setattr(todo, "PAGE", 2)
    for n in range(3):
        submitted(title=f"第{n}件")
    first, second = read(county_clerk), read(county_clerk, page="2")
    assert "第2件" not in first
    assert "下一页" in first
    assert "第2件" in second
    assert "上一页" in second
    assert "第0件" in read(county_clerk, page="x")


def test_large_counts_are_cut(submitted, county_clerk, monkeypatch):
    submitted()
    monkeypatch.setattr(todo, "COUNTED", 0)
    assert "0+" in read(county_clerk)


def test_a_task_of_a_register_that_is_gone_is_left_out(submitted, county_clerk):
    submitted(title="还在的")
    lost = submitted(title="没了的")
    Task._unscoped.filter(record_id=lost.pk).update(register="gone.register")
    shown = read(county_clerk)
    assert "还在的" in shown
    assert "没了的" not in shown


def test_a_basic_union_is_not_asked_for_an_org(city):
    assert 'name="org"' not in read(user_with(Role.BASIC, city.basic))


def test_what_ended_a_task_has_a_word():
    from gonghui.kernel.registers.registry import register_of

    register = register_of("sample.visit")
    words = [tasks.action_label(register, action) for action in ("confirm", "void", "odd")]
    assert words == ["确认", "作废", "odd"]


def test_a_task_of_a_department_is_not_shown_to_another(submitted, city, leader):
    submitted(title="待审一件")
    Task._unscoped.update(department="组织部", roles=[Role.DEPT, Role.LEADER])
    officer = user_with(Role.DEPT, city.city, "陈部长")
    for department, is_asked in (("组织部", True), ("女职工部", False), ("", True)):
        officer.department = department
        officer.save()
        assert ("待审一件" in read(officer)) is is_asked
    assert "待审一件" in read(leader)
    task = Task._unscoped.get(closed_at=None)
    page = client_for(officer).get(f"/r/{task.register}/{task.record_id}/").content.decode()
    assert "下一步由 <strong>组织部（市总部室）、市总领导</strong>" in page


def test_the_page_looks_twice_for_somebody_nearer(submitted, clerk, county_clerk, city):
    """Once for all its counts, once for the list; it is the dear part of the page."""
    submitted(title="甲")
    submitted(title="乙")
    user_with(Role.STATION, city.township, "王副站长")
    client = client_for(county_clerk)
    for tab in ("waiting", "below"):
        with CaptureQueriesContext(connection) as queries:
            client.get("/", {"tab": tab})
        looks = [
            one for one in queries if "EXISTS" in one["sql"] and "accounts_grant" in one["sql"]
        ]
        assert len(looks) == 2


def test_the_counts_are_those_of_the_lists(submitted, clerk, county_clerk, city):
    submitted(title="甲")
    submitted(title="乙")
    second = user_with(Role.STATION, city.township, "王副站长")
    for user in (clerk, second, county_clerk):
        actor = actor_of(user)
        with acting(actor):
            for org in (None, city.township, city.neighbour):
                found = tasks.tallies(actor, org)
                for tab, is_below in ((tasks.waiting, False), (tasks.below, True)):
                    rows = tab(actor)
                    here = rows.filter(org__path__startswith=org.path) if org else rows
                    mine = [each for each in found if each.is_below == is_below]
                    assert sum(each.lines for each in mine) == rows.count()
                    assert sum(each.here for each in mine) == here.count()
