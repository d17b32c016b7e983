from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.records import history
from gonghui.kernel.registers import registry, write
from gonghui.kernel.workflow.declare import Transition
from gonghui.web import moves
from tests.support.people import client_for, user_with
from tests.support.sample.models import Visit


@pytest.fixture
def submitted(visit, clerk):
    """A visit that the clerk has submitted."""

    def make(**given):
        made = visit(by=clerk, **given)
        with acting(actor_of(clerk)):
            return write.perform(made, "submit", by=actor_of(clerk))

    return make


def states(*records):
    for record in records:
        record.refresh_from_db()
    return [record.state for record in records]


def test_an_action_moves_the_record(visit, clerk):
    made = visit(by=clerk)
    address = f"/r/sample.visit/{made.pk}/do/submit/"
    client = client_for(clerk)
    assert "上报" in client.get(address).content.decode()
    assert client.post(address, {"version": "1"}).url == f"/r/sample.visit/{made.pk}/"
    assert states(made) == ["review"]


def test_an_action_that_needs_a_reason_asks_for_it(submitted, county_clerk):
    made = submitted()
    client, address = client_for(county_clerk), f"/r/sample.visit/{made.pk}/do/return/"
    assert "请说明原因。" in client.post(address, {"reason": ""}).content.decode()
    assert states(made) == ["review"]
    client.post(address, {"reason": "缺照片"})
    assert states(made) == ["draft"]
    with acting(SYSTEM):
        assert history.versions_of(made)[-1].reason == "缺照片"


def test_a_guard_speaks_at_its_field(submitted, county_clerk):
    made = submitted()
    client, address = client_for(county_clerk), f"/r/sample.visit/{made.pk}/do/confirm/"
    text = client.post(address, {"visited_on": ""}).content.decode()
    assert "请先填写走访日期。" in text.split('id="id_visited_on_error"')[1].split("</p>")[0]
    client.post(address, {"visited_on": "2012-03-01"})
    assert states(made) == ["confirmed"]


def test_whoever_submitted_may_not_confirm(submitted, clerk):
    made = submitted()
    answer = client_for(clerk).post(
        f"/r/sample.visit/{made.pk}/do/confirm/", {"visited_on": "2012-03-01"}
    )
    assert "不能是同一人" in answer.content.decode()
    assert states(made) == ["review"]


def test_an_action_out_of_turn_or_by_the_wrong_role_is_refused(visit, clerk, county_clerk):
    made = visit(by=clerk)
    base = f"/r/sample.visit/{made.pk}/do/"
    assert client_for(county_clerk).post(f"{base}confirm/").status_code == 409
    assert client_for(county_clerk).post(f"{base}submit/").status_code == 403
    assert client_for(clerk).post(f"{base}nonsense/").status_code == 404
    assert states(made) == ["draft"]


def test_a_rivals_action_is_told(visit, clerk):
    made = visit(by=clerk)
    with acting(actor_of(clerk)):
        write.change(made, by=actor_of(clerk), title="刚改过")
    text = (
        client_for(clerk)
        .post(f"/r/sample.visit/{made.pk}/do/submit/", {"version": "1"})
        .content.decode()
    )
    assert "该记录刚被他人修改" in text
    assert states(made) == ["draft"]


def test_a_bulk_action_asks_and_then_tells_the_result_of_each(visit, submitted, county_clerk, city):
    ready, undated, draft = (
        submitted(title="齐全的", visited_on="2012-03-01"),
        submitted(title="缺日期的"),
        visit(title="还没上报的"),
    )
    outside = visit(title="外县的", org=city.far_basic)
    client = client_for(county_clerk)
    picked = {"action": "confirm", "pk": [r.pk for r in (ready, undated, draft, outside)]}
    asked = client.post("/r/sample.visit/bulk/", picked).content.decode()
    assert "批量确认：3条" in asked
    assert "外县的" not in asked
    assert states(ready, undated, draft) == ["review", "review", "draft"]
    told = client.post("/r/sample.visit/bulk/", {**picked, "confirmed": "1"}).content.decode()
    assert "办成1条，2条未办" in told
    assert "请先填写走访日期。" in told
    assert "该记录现为“草稿”，不能“确认”" in told
    assert states(ready, undated, draft) == ["confirmed", "review", "draft"]


def test_a_bulk_action_needs_records_and_a_known_name(visit, county_clerk):
    made = visit()
    client = client_for(county_clerk)
    assert client.post("/r/sample.visit/bulk/", {"action": "confirm"}).url == "/r/sample.visit/"
    assert client.post("/r/sample.visit/bulk/", {"action": "x", "pk": made.pk}).status_code == 404
    text = client.post(
        "/r/sample.visit/bulk/", {"action": "void", "pk": made.pk, "confirmed": "1", "reason": ""}
    ).content.decode()
    assert "请说明原因。" in text
    many = {"action": "void", "pk": [str(n) for n in range(501)]}
    assert client.post("/r/sample.visit/bulk/", many).status_code == 400


def test_many_are_voided_for_one_reason(visit, county_clerk):
    made = [visit(), visit()]
    client_for(county_clerk).post(
        "/r/sample.visit/bulk/",
        {"action": "void", "pk": [r.pk for r in made], "confirmed": "1", "reason": "重复导入"},
    )
    for record in made:
        record.refresh_from_db()
        assert record.void_reason == "重复导入"


def test_a_reader_cannot_void_in_bulk(visit, leader):
    made = visit()
    text = (
        client_for(leader)
        .post(
            "/r/sample.visit/bulk/",
            {"action": "void", "pk": made.pk, "confirmed": "1", "reason": "试试"},
        )
        .content.decode()
    )
    assert "办成0条，1条未办" in text
    made.refresh_from_db()
    assert made.voided_at is None


def test_a_handover_that_nobody_takes_is_not_found(visit, clerk, city):
    made = visit(by=clerk)
    assert client_for(clerk).post(f"/r/sample.visit/{made.pk}/handover/0/").status_code == 404
    assert client_for(clerk).get(f"/r/sample.visit/{made.pk}/handover/0/").status_code == 405


def test_a_handover_makes_the_record_and_links_both(visit, clerk, leader, city, monkeypatch):
    from gonghui.kernel.records.models import RecordLink
    from gonghui.kernel.registers import registry
    from gonghui.kernel.registers.declare import Handover
    from gonghui.web import moves
    from gonghui.web.views import actions
    from tests.support.sample.models import Station

    def make_station(source, actor):
        return write.create(Station, by=actor, org=source.org, name=f"来自{source.title}")

    declared = (registry.register_of(Station), Handover("sample.visit", "转建站点", make_station))
    for module in (moves, actions):
        monkeypatch.setattr(module, "handovers_from", lambda key: [declared])
    made = visit(title="想要站点", by=clerk)
    address = f"/r/sample.visit/{made.pk}/handover/0/"
    assert "转建站点" in client_for(clerk).get(f"/r/sample.visit/{made.pk}/").content.decode()
    assert client_for(leader).post(address).status_code == 403
    answer = client_for(clerk).post(address)
    with acting(SYSTEM):
        station = Station.objects.get()
    assert answer.url == f"/r/sample.station/{station.pk}/"
    link = RecordLink.objects.get()
    assert (link.from_id, link.to_id, link.kind) == (made.pk, station.pk, "转建站点")
    again = client_for(clerk).post(address)
    assert again.url == f"/r/sample.visit/{made.pk}/"
    with acting(SYSTEM):
        assert Station.objects.count() == 1


def test_an_administrator_acts_on_no_record(visit, city):
    made = visit()
    admin = user_with(Role.SYSTEM_ADMIN, city.city)
    assert client_for(admin).get(f"/r/sample.visit/{made.pk}/").status_code == 404


def test_a_record_that_stays_is_told_before_a_reason_is_asked(visit, county_clerk, monkeypatch):
    def look(row):
        raise DomainError("已有签到，不能作废。")

    made = visit()
    declared = replace(registry.register_of("sample.visit"), may_be_voided=look)
    monkeypatch.setitem(registry._by_key, "sample.visit", declared)
    answer = client_for(county_clerk).get(f"/r/sample.visit/{made.pk}/void/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/r/sample.visit/{made.pk}/", 302)]
    assert "已有签到，不能作废。" in page
    made.refresh_from_db()
    assert made.voided_at is None


def test_who_did_a_step_is_not_offered_to_check_it(submitted, clerk, county_clerk):
    made = submitted()
    client, page = client_for(clerk), f"/r/sample.visit/{made.pk}/"
    assert "do/confirm/" not in client.get(page).content.decode()
    refused = client.get(f"{page}do/confirm/")
    assert refused.status_code == 403
    assert "经办与“确认”不能是同一人" in refused.content.decode()
    assert states(made) == ["review"]
    assert "do/confirm/" in client_for(county_clerk).get(page).content.decode()


def offered(page):
    return re.findall(r'name="action" value="([a-z_]+)">([^<]+)<', page)


def test_a_list_offers_what_its_rows_are_ready_for(visit, submitted, clerk, county_clerk):
    client = client_for(county_clerk)
    visit(by=clerk)
    assert offered(client.get("/r/sample.visit/").content.decode()) == [("void", "作废")]
    submitted()
    assert offered(client.get("/r/sample.visit/").content.decode()) == [
        ("return", "退回"),
        ("confirm", "确认"),
        ("void", "作废"),
    ]


def test_two_actions_of_one_label_say_where_each_belongs(county_clerk):
    register = registry.register_of(Visit)
    again = Transition("return_late", "退回", move=("confirmed", "draft"), by=(Role.COUNTY,))
    flow = replace(register.workflow, transitions=(*register.workflow.transitions, again))
    register, actor = replace(register, workflow=flow), actor_of(county_clerk)
    found = dict(moves.of_list(actor, register, {"review", "confirmed"}))
    assert found["return"] == "退回（待审核）"
    assert found["return_late"] == "退回（已确认）"
    assert dict(moves.of_list(actor, register, {"confirmed"})) == {"return_late": "退回"}
