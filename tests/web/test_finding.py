"""Searching, filtering and choosing where people and employers are concerned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Q
from django.http import QueryDict

from gonghui.base.errors import DomainError
from gonghui.base.identity import make_id_number
from gonghui.base.pinyin import initials, sort_key
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Division, Org, OrgState
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers import write
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.members.models import Membership
from gonghui.web import choosing, filters, search
from gonghui.web.forms import RegisterForm
from tests.support.people import client_for, user_with

ID_NUMBER = make_id_number("410422", date(1980, 2, 3), 11)
PEOPLE = "/r/members.person/"


@pytest.fixture
def person(city):
    def make(name, org=None, **given):
        with acting(SYSTEM):
            made = write.create(Person, by=SYSTEM, org=org or city.basic, name=name, **given)
            Person._unscoped.filter(pk=made.pk).update(
                sort_key=sort_key(name, person=True), initials=initials(name, person=True)
            )
            return made

    return make


@pytest.fixture
def found(county_clerk):
    """Which of the names a list shows to the county's clerk."""
    client = client_for(county_clerk)

    def read(*names, **query):
        text = client.get(PEOPLE, query).content.decode()
        return [name for name in names if f">{name}</" in text]

    return read


def test_people_are_found_by_initials_and_by_their_whole_identity_number(person, found):
    person("单田芳", id_no=ID_NUMBER)
    person("张三")
    names = ("单田芳", "张三")
    assert found(*names, q="stf") == ["单田芳"]
    assert found(*names, q="ZS") == ["张三"]
    assert found(*names, q=ID_NUMBER) == ["单田芳"]
    assert found(*names, q=f" {ID_NUMBER.lower()} ") == ["单田芳"]
    assert found(*names, q=ID_NUMBER[:6] + ID_NUMBER[8:17]) == ["单田芳"]
    assert found(*names, q=ID_NUMBER[:10]) == []
    assert found(*names, q="410422198002030000") == []


def test_a_search_finds_the_same_behind_few_persons_and_behind_many(
    person, city, county_clerk, monkeypatch
):
    client = client_for(county_clerk)
    people = [person(name, id_no=make_id_number("410422", date(1980, 2, 3), 21 + number))
              for number, name in enumerate(("单田芳", "单雄信", "张三"))]  # fmt: skip
    with acting(SYSTEM):
        for each in people:
            write.create(
                Membership, by=SYSTEM, org=city.basic, person=each,
                employ_kind="contract", joined_on=date(2012, 3, 1),
            )  # fmt: skip

    def shown(text):
        page = client.get("/r/members.membership/", {"q": text}).content.decode()
        return [each.name for each in people if f">{each.name}</" in page]

    def everything():
        number = str(Membership._unscoped.get(person=people[2]).number)
        return [
            shown(text) for text in ("单", "sx", "单 sx", "李", number, number[:-1], number[1:])
        ]

    few = everything()
    assert few[:5] == [["单田芳", "单雄信"], ["单雄信"], ["单雄信"], [], ["张三"]]
    assert (len(few[5]), few[6]) == (3, [])
    monkeypatch.setattr(search, "FEW", 0)
    assert everything() == few


def test_people_stand_in_the_order_of_their_surnames(person, county_clerk):
    for name in ("张三", "安心", "单田芳"):
        person(name)
    text = client_for(county_clerk).get(PEOPLE, {"sort": "name"}).content.decode()
    places = [text.index(f">{name}</") for name in ("安心", "单田芳", "张三")]
    assert places == sorted(places)


def test_a_name_is_masked_in_lists_for_who_may_only_look(person, city):
    person("欧阳春", id_no=ID_NUMBER)
    auditor = user_with(Role.LEADER, city.city)
    response = client_for(auditor).get(PEOPLE)
    text = response.content.decode()
    assert "欧阳春" not in text
    assert ID_NUMBER not in text


def test_filters_narrow_the_list_of_orgs(city, county_clerk):
    client = client_for(county_clerk)

    def orgs(**query):
        text = client.get("/r/orgs.org/", query).content.decode()
        here = (city.county, city.township, city.basic, city.other_basic, city.far_basic)
        return [org for org in here if f'href="/r/orgs.org/{org.pk}/"' in text]

    assert orgs(level="basic") == [city.basic, city.other_basic]
    assert orgs(level=["township", "county"]) == [city.county, city.township]
    assert orgs(**{"org.pk": str(city.township.pk)}) == [city.township, city.basic]


@pytest.fixture
def read(city):
    """The condition that filters of employers make of a query string."""
    declared = replace(
        register_of("orgs.employer"),
        filters=(
            "is_private",
            "area",
            "opened_on",
            "changed_at",
            "version",
            "name",
            "org",
            "contact",
        ),
    )

    def condition(query):
        with acting(SYSTEM):
            return filters.read(declared, QueryDict(query))

    return condition


def test_filters_of_every_kind_make_their_condition(read, city):
    area = city.township
    for query, wanted in (
        ("is_private=1", Q(is_private__in=[True])),
        ("is_private=1&is_private=0", Q(is_private__in=[True, False])),
        (f"area.pk={area.pk}|x", Q(area__path__startswith=area.path)),
        ("opened_on.from=2012-01-01", Q(opened_on__gte=date(2012, 1, 1))),
        ("changed_at.to=2012-01-01", Q(changed_at__date__lte=date(2012, 1, 1))),
        ("version.from=2&version.to=3", Q(version__gte=Decimal(2)) & Q(version__lte=Decimal(3))),
        ("name=煤", Q(name__icontains="煤")),
    ):
        found = read(query)
        assert (found.condition, found.in_use) == (wanted, 1), query
    for nonsense in ("is_private=2", "area.pk=x", "version.from=NaN", "version.to=1e99", "name= "):
        assert read(nonsense).condition == Q(), nonsense


def test_filters_remember_what_was_chosen(read, city):
    shown = {f.name: f for f in read(f"area={city.township.pk}&opened_on.to=2012-01-01").filters}
    assert "org" not in shown
    assert (shown["area"].kind, shown["area"].value) == ("link", "昆阳镇工会")
    assert shown["area"].pk == f"{city.township.pk}|昆阳镇工会"
    assert (shown["opened_on"].kind, shown["opened_on"].until) == ("day", "2012-01-01")
    assert (shown["version"].kind, shown["name"].kind) == ("range", "text")


def test_what_is_sensitive_is_no_filter():
    declared = replace(register_of("sample.visit"), filters=("account", "mood"))
    assert [f.name for f in filters.read(declared, QueryDict("account=1")).filters] == ["mood"]


def test_many_of_a_list_match_any(city):
    declared = replace(register_of("orgs.org"), filters=("focus_tags", "division"))
    found = filters.read(declared, QueryDict("focus_tags=area&focus_tags=private&focus_tags=x"))
    assert found.condition == Q(focus_tags__overlap=["area", "private"])
    division = Division.objects.create(
        code="410422", name="叶县", level="county", valid_from=date(2000, 1, 1)
    )
    found = filters.read(declared, QueryDict(f"division.pk={division.pk}"))
    assert found.condition == Q(division=division.pk)


def test_a_text_that_means_one_record_is_resolved(city, person):
    with acting(SYSTEM):
        rows = choosing.orgs()
        assert choosing.resolve(rows, city.basic.code, "", "工会") == city.basic
        assert choosing.resolve(rows, "昆阳机械厂", "", "工会") == city.basic
        assert choosing.resolve(rows, "kyjxc", "", "工会") == city.basic
        kept = f"{city.basic.pk}|昆阳机械厂工会"
        assert choosing.resolve(rows, "昆阳机械厂工会", kept, "工会") == city.basic
        gone = "999999|昆阳机械厂工会"
        assert choosing.resolve(rows, "昆阳机械厂工会", gone, "工会") == city.basic
        with pytest.raises(DomainError, match="不止一个"):
            choosing.resolve(rows, "县总工会", "", "工会")
        with pytest.raises(DomainError, match="没有找到“不存在”"):
            choosing.resolve(rows, "不存在", "", "工会")


def test_two_people_of_one_name_must_be_told_apart(person):
    person("张三")
    second = person("张三")
    with acting(SYSTEM):
        rows = choosing.current(Person)
        with pytest.raises(DomainError, match="“张三”不止一个"):
            choosing.resolve(rows, "张三", "", "人员")
        assert choosing.resolve(rows, "张三", f"{second.pk}|张三", "人员") == second


def test_what_ended_is_not_offered(city, person):
    kept, merged = person("张三"), person("张三丰")
    Person._unscoped.filter(pk=merged.pk).update(merged_into=kept)
    Org._unscoped.filter(pk=city.basic.pk).update(state=OrgState.DISSOLVED)
    with acting(SYSTEM):
        assert choosing.matches(choosing.current(Person), "张三") == [kept]
        assert choosing.matches(choosing.orgs(), "昆阳机械厂") == []
        assert city.city in choosing.matches(choosing.orgs(), "")


def test_a_key_that_is_no_key_means_nothing(city):
    with acting(SYSTEM):
        for kept in ("", "x", "9" * 30, "0"):
            assert choosing.by_key(Org.objects.all(), kept) is None


def test_the_forms_of_real_registers_keep_what_was_sent(city, person):
    register = register_of("members.person")
    made = person("张三", id_no=ID_NUMBER, sex="male", born_on=date(1980, 2, 3))
    with acting(SYSTEM):
        form = RegisterForm(register, register.form_fields, made)
        text = "".join(str(bound) for bound in form)
    assert 'value="张三"' in text
    assert 'value="1980-02-03"' in text
    assert ID_NUMBER not in text
    assert "b&#" not in text
