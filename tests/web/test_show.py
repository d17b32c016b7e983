"""How values look to a reader."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import models

from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Household, HukouKind, Person, Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.registry import register_of
from gonghui.web import show
from gonghui.web.columns import columns_of, joins
from gonghui.web.jinja import query, url_or_none


def named(name, field):
    """A field as it is on a model."""
    field.set_attributes_from_name(name)
    return field


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        (True, "是"),
        (False, "否"),
        (date(2012, 6, 18), "2012-06-18"),
        (datetime(2012, 6, 17, 16, 5, tzinfo=UTC), "2012-06-18 00:05"),
        (Decimal("1234567.80"), "1,234,567.80"),
        (12345, "12,345"),
        ("文字", "文字"),
    ],
)
def test_values_are_written_as_people_read_them(value, text):
    assert show.plain(value) == text


def test_a_year_is_no_amount():
    field = fields.year("年度", optional=True)
    assert [show.in_clear(field, value) for value in (2012, None)] == ["2012", "—"]


def test_nothing_is_shown_as_a_dash():
    assert (show.moment(None), show.whole(None), show.whole(0)) == ("—", "—", "0")


def test_choices_are_shown_by_their_words():
    one, many = fields.choice("户籍", HukouKind), fields.choices("户籍", HukouKind)
    assert show.in_clear(one, "urban") == "城镇"
    assert show.in_clear(one, "odd") == "odd"
    assert show.in_clear(many, ["urban", "rural"]) == "城镇、农村"
    assert show.in_clear(many, []) == "—"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (named("phone", fields.text("电话", pii=Pii.PERSONAL)), "13837512345", "138****2345"),
        (named("name", fields.text("姓名", pii=Pii.PERSONAL)), "张三丰", "张**"),
        (named("address", fields.text("住址", pii=Pii.PERSONAL)), "叶县昆阳镇", "叶****"),
        (named("born_on", fields.day("生日", pii=Pii.PERSONAL)), date(1980, 2, 3), "1980年"),
        (named("sex", fields.choice("性别", Sex, pii=Pii.PERSONAL)), "male", "******"),
        (named("note", fields.note("备注", pii=Pii.PERSONAL)), "家有病人", "******"),
        (named("phone", fields.text("电话", pii=Pii.PERSONAL)), "", "—"),
        (named("income", fields.money("收入", pii=Pii.SENSITIVE)), Decimal("3500.00"), "******"),
        (named("income", fields.money("收入", pii=Pii.SENSITIVE)), None, "—"),
        (named("people", fields.count("人数")), 12, "12"),
    ],
)
def test_values_are_masked_by_their_class(field, value, text):
    assert show.shown(field, value, masked=True) == text


def test_sensitive_values_are_hidden_also_from_who_may_change_them():
    field = named("income", fields.money("收入", pii=Pii.SENSITIVE))
    assert show.shown(field, Decimal(1), masked=False) == "******"
    assert (
        show.linked(fields.link("病种", "people.Person", pii=Pii.SENSITIVE), Person(), masked=False)
        == "******"
    )


def test_names_inside_labels_are_masked():
    head = Person(name="欧阳春")
    home = Household(head=head)
    assert label_of(head, masked=False) == "欧阳春"
    assert label_of(head, masked=True) == "欧**"
    assert label_of(home, masked=False) == "欧阳春家"
    assert label_of(home, masked=True) == "欧**家"
    person = fields.person("对象")
    assert show.linked(person, head, masked=True) == "欧**"
    assert show.linked(person, Org(name="昆阳镇工会"), masked=True) == "昆****"
    assert show.linked(fields.link("家庭", "people.Household"), home, masked=True) == "欧**家"


def test_states_have_words_and_colours():
    visits, stations, orgs = (
        register_of(key) for key in ("sample.visit", "sample.station", "orgs.org")
    )
    words = [show.state_label(visits, code) for code in ("draft", "review", "odd", "")]
    assert words == ["草稿", "待审核", "odd", "—"]
    colours = [show.state_colour(visits, code) for code in ("draft", "review", "confirmed", "odd")]
    assert colours == ["secondary", "yellow", "green", "secondary"]
    assert show.state_colour(stations, "") == "secondary"
    assert show.state_label(orgs, "live") == "正常"


def test_what_is_shown_is_fetched_along():
    assert joins(Household, ["head", "address"]) == ["head", "org"]
    assert joins(Household, ["head__name"]) == ["head", "org"]
    (crossed,) = columns_of(register_of("sample.visit"), ["org__name"])
    assert (crossed.label, crossed.sort) == ("所属工会·工会名称", "org__sort_key")


def test_a_query_string_keeps_what_it_is_not_told_to_change(rf):
    request = rf.get("/?q=a&state=x&state=y&after=9")
    assert query(request, q=None, sort="-n") == "?state=x&state=y&sort=-n"
    assert url_or_none("no_such_page", 1) is None


def test_the_choice_field_of_django_is_not_a_number():
    assert not show.is_number(models.PositiveSmallIntegerField(choices=[(1, "一")]))
    assert show.is_number(models.IntegerField())


@pytest.mark.parametrize(
    ("value", "text"), [("1200.500000", "1,200.5"), ("100.000000", "100"), ("0", "0")]
)
def test_a_number_of_any_unit_is_shown_without_zeros_at_its_end(value, text):
    field = named("value", fields.decimal("数", digits=24, places=6, trims=True))
    assert show.in_clear(field, Decimal(value)) == text
    whole = named("value", fields.decimal("数", places=0, trims=True))
    assert show.in_clear(whole, Decimal(100)) == "100"
