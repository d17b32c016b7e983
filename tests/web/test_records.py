from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.records.models import RecordLink, RevealEvent
from gonghui.kernel.registers import registry, write
from gonghui.web.views import files
from tests.support.people import client_for, user_with
from tests.support.sample.models import Station
from tests.support.sample.registers import VISITS

ACCOUNT = "6222021712345678901"


@pytest.fixture
def page():
    """The text of a record's page for a user, and its status."""

    def read(user, record, **query):
        response = client_for(user).get(f"/r/sample.visit/{record.pk}/", query)
        return response.status_code, response.content.decode()

    return read


def without_token(response):
    """A page without the token that is new on every page."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())


def test_a_record_of_another_county_is_the_same_404_as_none_at_all(visit, neighbour, page):
    theirs = visit(title="外县看不到")
    client = client_for(neighbour)
    for path in ("", "edit/", "void/", "do/submit/", "reveal/account/", "?as_of=2012-01-01"):
        outside = client.get(f"/r/sample.visit/{theirs.pk}/{path}")
        nothing = client.get(f"/r/sample.visit/{theirs.pk + 1000}/{path}")
        assert outside.status_code == nothing.status_code == 404
        assert without_token(outside) == without_token(nothing)
    for path in ("edit/", "void/", "do/submit/", "reveal/account/"):
        assert (
            client.post(f"/r/sample.visit/{theirs.pk}/{path}", {"reason": "试试"}).status_code
            == 404
        )
    theirs.refresh_from_db()
    assert (theirs.state, theirs.version) == ("draft", 1)
    assert client.get(f"/r/sample.visit/{10**25}/").status_code == 404


def test_personal_values_are_masked_for_who_may_not_change_the_record(visit, clerk, leader, page):
    made = visit(phone="13837512345")
    assert "13837512345" in page(clerk, made)[1]
    status, seen = page(leader, made)
    assert status == 200
    assert "138****2345" in seen
    assert "13837512345" not in seen


def test_sensitive_values_are_masked_for_everybody(visit, county_clerk, page):
    made = visit(account=ACCOUNT)
    shown = page(county_clerk, made)[1]
    assert "62***************01" in shown
    assert ACCOUNT not in shown
    text = client_for(county_clerk).get(f"/r/sample.visit/{made.pk}/edit/").content.decode()
    assert ACCOUNT not in text
    assert "已填写，此处不显示。留空表示不改。" in text


def test_a_hidden_value_is_shown_for_a_purpose_and_logged(visit, county_clerk):
    made = visit(account=ACCOUNT)
    client = client_for(county_clerk)
    address = f"/r/sample.visit/{made.pk}/reveal/account/"
    assert ACCOUNT not in client.get(address).content.decode()
    assert ACCOUNT not in client.post(address, {"reason": " "}).content.decode()
    assert RevealEvent.objects.count() == 0
    response = client.post(address, {"reason": "核对账号发放慰问金"})
    assert ACCOUNT in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    event = RevealEvent.objects.get()
    assert (event.register, event.record_id, event.field) == ("sample.visit", made.pk, "account")
    assert (event.actor_id, event.reason) == (county_clerk.pk, "核对账号发放慰问金")


def test_nobody_reveals_without_the_right_to(visit, clerk, leader):
    made = visit(account=ACCOUNT)
    for user in (clerk, leader):
        answer = client_for(user).post(
            f"/r/sample.visit/{made.pk}/reveal/account/", {"reason": "就是想看"}
        )
        assert answer.status_code == 403
        assert ACCOUNT not in answer.content.decode()
    assert RevealEvent.objects.count() == 0


def test_a_register_may_say_itself_to_whom_it_reveals(visit, city, county_clerk, page, monkeypatch):
    other = user_with(Role.COUNTY, city.county, "钱县")
    narrowed = replace(VISITS, reveals_to=lambda record, actor: actor.user_id == other.pk)
    monkeypatch.setitem(registry._by_key, VISITS.key, narrowed)
    monkeypatch.setitem(registry._by_model, VISITS.model, narrowed)
    made = visit(account=ACCOUNT)
    address = f"/r/sample.visit/{made.pk}/reveal/account/"
    assert "reveal/account/" not in page(county_clerk, made)[1]
    refused = client_for(county_clerk).post(address, {"reason": "核对账号发放慰问金"})
    assert (refused.status_code, RevealEvent.objects.count()) == (404, 0)
    assert not files.may_read(actor_of(county_clerk), narrowed, made)
    assert files.may_read(actor_of(other), narrowed, made)
    assert (
        ACCOUNT
        in client_for(other).post(address, {"reason": "核对账号发放慰问金"}).content.decode()
    )


def test_what_is_not_hidden_has_no_reveal_page(visit, county_clerk):
    made = visit(account=ACCOUNT)
    client = client_for(county_clerk)
    for field in ("title", "phone", "account_hash", "created_by", "nonsense", "org__name"):
        assert client.get(f"/r/sample.visit/{made.pk}/reveal/{field}/").status_code == 404


def test_the_page_tells_where_the_record_stands_and_who_is_next(visit, clerk, leader, page):
    with clock.at(date(2012, 3, 1)):
        made = visit(by=clerk)
        with acting(actor_of(clerk)):
            write.perform(made, "submit", by=actor_of(clerk))
        shown = page(leader, made)[1]
    assert 'aria-current="step">待审核' in shown
    assert "县（市、区）总工会、乡镇（街道）工会" in shown
    assert "2012-03-08" in shown
    assert "还有7天" in shown


def test_the_page_offers_only_what_the_user_may_do_now(visit, clerk, leader, page):
    made = visit(by=clerk)
    base = f"/r/sample.visit/{made.pk}/"
    mine, theirs = page(clerk, made)[1], page(leader, made)[1]
    assert f"{base}do/submit/" in mine
    assert f"{base}do/confirm/" not in mine
    assert f"{base}edit/" in mine
    assert f"{base}void/" in mine
    for address in ("do/submit/", "edit/", "void/", "reveal/"):
        assert f"{base}{address}" not in theirs


def test_the_history_tells_who_changed_what_without_hidden_values(visit, clerk, leader, page):
    made = visit(title="原来的事由", by=clerk, account=ACCOUNT, phone="13837512345")
    by = actor_of(clerk)
    with acting(by):
        write.change(made, by=by, title="改过的事由", account="6222029999999999999")
    shown = page(leader, made)[1]
    assert "张站长" in shown
    assert "原来的事由" in shown
    assert "改过的事由" in shown
    assert "昆阳机械厂工会" in shown
    assert "账号" in shown
    assert "13837512345" not in shown
    assert "\\x" not in shown
    assert "6222" not in shown


def test_the_record_is_shown_as_it_stood_on_a_past_day(visit, clerk, page):
    by = actor_of(clerk)
    with clock.at(date(2012, 3, 1)):
        made = visit(title="三月的事由", by=clerk, amount="12.50", account=ACCOUNT)
    with clock.at(date(2012, 4, 1)), acting(by):
        write.change(made, by=by, title="四月的事由", amount="99")
    past = page(clerk, made, as_of="2012-03-31")[1]
    assert "三月的事由" in past
    assert "12.50" in past
    assert "99.00" not in past
    assert ACCOUNT not in past
    assert "那一天还没有这条记录。" in page(clerk, made, as_of="2012-02-29")[1]
    assert "四月的事由" in page(clerk, made, as_of="2012-04-01")[1]
    assert "回到现在" not in page(clerk, made, as_of="not a day")[1]


def test_a_voided_record_says_so_and_offers_nothing(visit, clerk, page):
    made = visit(by=clerk)
    client = client_for(clerk)
    base = f"/r/sample.visit/{made.pk}/"
    assert "请说明原因。" in client.post(f"{base}void/", {"reason": " "}).content.decode()
    assert client.post(f"{base}void/", {"reason": "登记重复"}).status_code == 302
    shown = page(clerk, made)[1]
    assert "登记重复" in shown
    assert f"{base}edit/" not in shown
    assert client.get(f"{base}edit/").status_code == 409
    assert client.get(f"{base}void/").status_code == 409


def test_links_show_on_both_sides_and_hide_what_is_out_of_scope(visit, city, county_clerk, page):
    here, there, far = (
        visit(title="这一条"),
        visit(title="那一条"),
        visit(title="远方", org=city.far_basic),
    )
    for other in (there, far):
        RecordLink.objects.create(
            from_register="sample.visit",
            from_id=here.pk,
            to_register="sample.visit",
            to_id=other.pk,
            kind="同一家庭",
            made_at=clock.now(),
        )
    shown = page(county_clerk, here)[1]
    assert "那一条" in shown
    assert "远方" not in shown
    assert "另有1条相关记录不在您的范围内。" in shown
    assert "这一条" in page(county_clerk, there)[1]


def test_a_record_in_scope_without_the_right_to_view_is_refused_in_words(city):
    with acting(SYSTEM):
        station = write.create(Station, by=SYSTEM, org=city.county, name="服务站")
    leader = user_with(Role.LEADER, city.city)
    answer = client_for(leader).get(f"/r/sample.station/{station.pk}/edit/")
    assert answer.status_code == 403
    assert "您没有修改“站点”的权限" in answer.content.decode()
