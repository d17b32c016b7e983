from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.records import fields, sealing
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.kernel.registers import write
from gonghui.kernel.registers.registry import register_of
from gonghui.web.forms import RegisterForm
from tests.support.people import client_for, user_with
from tests.support.sample.models import Mood, Station, Visit

NEW = "/r/sample.visit/new/"


def saved():
    with acting(SYSTEM):
        return list(Visit.objects.order_by("pk"))


def test_a_record_is_registered_with_typed_values(city, clerk):
    answer = client_for(clerk).post(
        NEW,
        {
            "org": "昆阳机械厂工会",
            "title": "春节走访",
            "visited_on": "2012-01-20",
            "mood": "good",
            "people": "3",
            "amount": "1200.50",
            "account": "6222021712345678901",
        },
    )
    (made,) = saved()
    assert answer.url == f"/r/sample.visit/{made.pk}/"
    assert (made.org_id, made.title, made.mood) == (city.basic.pk, "春节走访", "good")
    assert (made.visited_on, made.people, made.amount) == (date(2012, 1, 20), 3, Decimal("1200.50"))
    assert sealing.opened(made, "account") == "6222021712345678901"
    assert made.created_by == clerk.pk


def test_a_user_of_one_org_is_not_asked_for_it(city):
    basic = user_with(Role.BASIC, city.basic)
    client = client_for(basic)
    text = client.get(NEW).content.decode()
    assert "所属工会：昆阳机械厂工会" in text
    assert 'name="org"' not in text
    client.post(NEW, {"title": "基层走访", "org": "鲁山县总工会", "org.pk": str(city.neighbour.pk)})
    (made,) = saved()
    assert made.org_id == city.basic.pk


def test_the_form_begins_with_the_users_own_org(city, clerk):
    assert f'value="{city.township.pk}|昆阳镇工会"' in client_for(clerk).get(NEW).content.decode()


def test_an_org_outside_the_scope_cannot_be_chosen(city, clerk):
    for sent in (
        {"org": "鲁山县总工会"},
        {"org": "鲁山县总工会", "org.pk": f"{city.neighbour.pk}|鲁山县总工会"},
    ):
        answer = client_for(clerk).post(NEW, {"title": "越界", **sent})
        assert answer.status_code == 200
        assert "没有找到“鲁山县总工会”" in answer.content.decode()
    assert saved() == []


def test_an_unclear_name_lists_what_it_may_mean(city, county_clerk):
    text = client_for(county_clerk).post(NEW, {"title": "x", "org": "镇工会"}).content.decode()
    assert "“镇工会”不止一个" in text
    assert "昆阳镇工会" in text
    assert "任店镇工会" in text


def test_the_typed_text_wins_over_an_older_pick(city, clerk):
    client_for(clerk).post(
        NEW, {"title": "改了主意", "org": "昆阳镇工会", "org.pk": f"{city.basic.pk}|昆阳机械厂工会"}
    )
    (made,) = saved()
    assert made.org_id == city.township.pk


def test_errors_stand_at_their_fields_and_nothing_is_saved(clerk):
    answer = client_for(clerk).post(
        NEW, {"org": "昆阳镇工会", "visited_on": "2012-02-30", "people": "-5", "amount": "abc"}
    )
    text = answer.content.decode()
    for name in ("title", "visited_on", "people", "amount"):
        assert f'id="id_{name}_error"' in text
        assert f"id_{name}_error" in text.split(f'name="{name}"')[1].split(">")[0]
    assert 'value="昆阳镇工会"' in text
    assert saved() == []


def test_a_rule_of_the_database_is_told_in_its_own_words(city, county_clerk):
    client = client_for(county_clerk)
    for _ in range(2):
        answer = client.post("/r/sample.station/new/", {"org": "叶县总工会", "name": "服务站"})
    assert "已有同名的站点。" in answer.content.decode()
    with acting(SYSTEM):
        assert Station.objects.count() == 1


def test_a_rivals_change_is_shown_and_the_input_is_kept(visit, clerk, county_clerk):
    made = visit(title="原文", by=clerk)
    client, address = client_for(clerk), f"/r/sample.visit/{made.pk}/edit/"
    assert 'name="version" value="1"' in client.get(address).content.decode()
    rival = actor_of(county_clerk)
    with acting(rival):
        write.change(made, by=rival, title="县里改的")
    answer = client.post(address, {"version": "1", "title": "我改的"})
    text = answer.content.decode()
    assert "该记录刚被他人修改" in text
    assert "李县" in text
    assert "县里改的" in text
    assert 'value="我改的"' in text
    assert 'name="version" value="2"' in text
    made.refresh_from_db()
    assert made.title == "县里改的"
    assert client.post(address, {"version": "2", "title": "我改的"}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.version) == ("我改的", 3)


def test_a_sensitive_field_left_empty_is_kept_and_can_be_cleared(visit, clerk):
    made = visit(title="走访", by=clerk, account="6222021712345678901")
    client, address = client_for(clerk), f"/r/sample.visit/{made.pk}/edit/"
    client.post(address, {"version": "1", "title": "改一改", "account": ""})
    made.refresh_from_db()
    assert sealing.opened(made, "account") == "6222021712345678901"
    client.post(address, {"version": "2", "title": "改一改", "account__clear": "on"})
    made.refresh_from_db()
    assert sealing.opened(made, "account") == ""
    assert made.account_hash is None


def test_nobody_adds_or_changes_without_the_right_to(visit, leader):
    made = visit(title="不许动")
    client = client_for(leader)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"title": "x"}).status_code == 403
    answer = client.post(f"/r/sample.visit/{made.pk}/edit/", {"title": "动了", "version": "1"})
    assert answer.status_code == 403
    made.refresh_from_db()
    assert (made.title, made.version) == ("不许动", 1)
    assert len(saved()) == 1


def test_a_child_row_is_added_under_its_parent_and_leads_back_to_it(city):
    dept = user_with(Role.DEPT, city.city)
    client = client_for(dept)
    client.post(
        "/r/goals.plan_book/new/",
        {
            "org": "鹰城市总工会",
            "year": "2012",
            "issuer": "city",
            "batch": "1",
            "doc_no": "鹰工〔2012〕1号",
        },
    )
    books = register_of("goals.plan_book").model
    with acting(SYSTEM):
        (book,) = books.objects.all()
    shown = client.get(f"/r/goals.plan_book/{book.pk}/").content.decode()
    address = f"/r/goals.target/new/?parent={book.pk}"
    assert address in shown
    form = client.get(address).content.decode()
    assert 'name="plan"' not in form
    assert f'href="/r/goals.plan_book/{book.pk}/"' in form
    assert '<option value="sample.visits">走访次数（sample.visits）</option>' in form
    assert client.get("/r/goals.target/new/?parent=999999").status_code == 404


def test_a_child_row_is_shown_and_edited_on_its_parents_page(city):
    dept = user_with(Role.DEPT, city.city)
    client = client_for(dept)
    client.post(
        "/r/goals.plan_book/new/",
        {
            "org": "鹰城市总工会",
            "year": "2012",
            "issuer": "city",
            "batch": "1",
            "doc_no": "鹰工〔2012〕1号",
        },
    )
    with acting(SYSTEM):
        (book,) = register_of("goals.plan_book").model.objects.all()
    form = RegisterForm(register_of("goals.target"), register_of("goals.target").form_fields, None)
    required = {name for name, field in form.fields.items() if field.required}
    assert {"code", "clause"} <= required
    assert client.post(f"/r/goals.target/new/?parent={book.pk}", {"code": "x"}).status_code == 200


class Private(Record):
    """What the sample has not: sensitive values that are not sealed, a list, a moment."""

    poor = fields.flag("特困", pii=Pii.SENSITIVE)
    illness = fields.choice("病种", Mood, pii=Pii.SENSITIVE, null=True)
    tags = fields.choices("标签", Mood)
    at = fields.moment("时间", optional=True)
    remark = fields.note("备注")
    words = ArrayField(models.CharField("词", max_length=9), verbose_name="词语", blank=True)

    class Meta(Record.Meta):
        abstract = True


def test_sensitive_values_are_never_prefilled_whatever_their_kind():
    names = ("poor", "illness", "tags", "at", "remark", "words")
    declared = replace(register_of("sample.visit"), model=Private)
    record = SimpleNamespace(
        pk=5, poor=True, illness="bad", tags=["good"], at=None, remark="记", words=["甲"]
    )
    text = str(RegisterForm(declared, names, record))
    assert 'value="true" selected' not in text
    assert 'value="bad" selected' not in text
    assert text.count("checked") == 1
    assert "清空病种" in text
    sent = {"tags": ["good", "bad"], "illness__clear": "on", "words": "甲,乙"}
    form = RegisterForm(declared, names, record, sent)
    assert form.is_valid(), form.errors
    assert form.values == {
        "illness": None,
        "tags": ["good", "bad"],
        "at": None,
        "remark": "",
        "words": ["甲", "乙"],
    }
    form = RegisterForm(declared, names, record, {"poor": "false"})
    assert form.is_valid()
    assert form.values["poor"] is False


def test_an_empty_required_link_is_told_at_its_field(city):
    dept = user_with(Role.DEPT, city.city)
    text = client_for(dept).post("/r/orgs.census_unit/new/", {"org": "叶县总工会"}).content.decode()
    assert "请填写单位。" in text
