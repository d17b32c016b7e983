"""The page on which a union's cadre, and everybody above, sees how the union stands."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import OrgKind, OrgLevel
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.orgs.models import (
    ElectionCase,
    LegalPersonCert,
    OfficeHolder,
    OrgCoverage,
    StandardCheck,
    StandardItem,
    StandardScore,
    StandardTemplate,
)
from gonghui.lines.orgs.services.condition import is_judged, items_of
from tests.lines.orgs.making import WHEN, a_person, a_term, an_employer
from tests.support.orgs import make_org, user_with

OWN = "/orgs/own/"


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


def items(org, day=WHEN):
    """{title: (light, words)} of a union on a day."""
    with acting(SYSTEM):
        return {one.title: (one.light, one.said) for one in items_of(org, day)}


def post_of(term, post, **more):
    """Somebody elected at the beginning of the term."""
    return create(
        OfficeHolder,
        by=SYSTEM,
        term=term,
        person=a_person(term.org),
        post=post,
        started_on=term.started_on,
        **more,
    )


@pytest.fixture
def equipped(town):
    """A union with all that it needs; its term ends on 19 March 2015."""
    term = a_term(town.union, WHEN)
    chair = post_of(term, "chair")
    post_of(term, "audit_member")
    create(OrgCoverage, by=SYSTEM, org=town.union, employer=an_employer(town.union), employees=60)
    cert = create(LegalPersonCert, by=SYSTEM, org=town.union)
    perform(
        perform(cert, "apply", by=SYSTEM),
        "issue",
        by=SYSTEM,
        uscc="81410400MC12345664",
        cert_no="豫工法1号",
        legal_rep=chair,
        valid_from=WHEN,
        valid_to=date(2015, 3, 19),
    )
    template = create(
        StandardTemplate, by=SYSTEM, org=town.city, title="标准", edition=1, valid_from=WHEN
    )
    create(StandardCheck, by=SYSTEM, org=town.union, year=2012, template=template)
    return term


def test_a_union_with_nothing_recorded_is_told_what_it_lacks(town):
    found = items(town.union)
    assert {title: light for title, (light, _) in found.items()} == {
        "涵盖单位": "red",
        "届次": "red",
        "主席": "red",
        "经费审查": "red",
        "女职工组织": "green",
        "法人资格证书": "red",
        "规范化考评": "yellow",
    }
    assert found["法人资格证书"][1] == "尚未取得，请申请登记。"


def test_a_union_that_has_everything_counts_down(town, equipped):
    found = items(town.union)
    assert {title for title, (light, _) in found.items() if light != "green"} == {"规范化考评"}
    assert found["届次"][1] == "第1届，2015-03-19届满，还有1094天"
    assert found["法人资格证书"][1] == "2015-03-19到期，还有1094天"
    assert found["涵盖单位"][1] == "1家"


@pytest.mark.parametrize(
    ("day", "light", "words"),
    [
        (date(2014, 9, 18), "green", "还有182天"),
        (date(2014, 9, 19), "yellow", "请在2015-01-18前请示换届"),
        (date(2015, 1, 19), "red", "请在2015-01-18前请示换届"),
        (date(2015, 3, 19), "red", "还有0天"),
        (date(2015, 3, 20), "red", "已超期1天"),
    ],
)
def test_the_term_becomes_urgent_with_the_day_of_the_request(town, equipped, day, light, words):
    found = items(town.union, day)["届次"]
    assert found[0] == light
    assert words in found[1]


def test_a_renewal_under_way_is_no_alarm(town, equipped):
    with clock.at(date(2015, 2, 2)):
        create(ElectionCase, by=SYSTEM, org=town.union, kind="renewal")
    assert items(town.union, date(2015, 2, 2))["届次"][0] == "yellow"


def test_a_vacant_chair_has_its_day_and_makes_the_certificate_red(town, equipped):
    with clock.at(date(2012, 4, 2)):
        chair = OfficeHolder._unscoped.get(post="chair")
        perform(chair, "end", by=SYSTEM, ended_on=date(2012, 4, 1), end_reason="retired")
    found = items(town.union, date(2012, 7, 1))
    assert found["主席"] == ("yellow", "自2012-04-01起空缺，请在2012-07-01前补选。")
    assert found["法人资格证书"] == ("red", "法定代表人与现任主席不符，请办理变更。")
    assert items(town.union, date(2012, 7, 2))["主席"][0] == "red"


def test_a_certificate_near_its_end_is_yellow_and_red_afterwards(town, equipped):
    assert items(town.union, date(2015, 1, 17))["法人资格证书"][0] == "green"
    assert items(town.union, date(2015, 1, 18))["法人资格证书"][0] == "yellow"
    assert items(town.union, date(2015, 3, 20))["法人资格证书"] == (
        "red",
        "2015-03-19到期，已过期1天，请办理换领。",
    )


def test_an_organiser_has_neither_elections_nor_a_certificate(town):
    organiser = make_org("示例组织员", OrgLevel.BASIC, town.township, kind=OrgKind.ORGANIZER)
    assert set(items(organiser)) == {"涵盖单位", "规范化考评"}
    assert is_judged(organiser)
    assert not is_judged(town.county)


def test_a_cadre_finds_his_union_in_the_menu_with_what_he_does_next(client, town, equipped):
    client.force_login(town.users["union"])
    response = client.get(OWN)
    assert response.status_code == 302
    assert response.url == f"/r/orgs.org/{town.union.pk}/"
    page = client.get(response.url).content.decode()
    assert f'href="{OWN}"' in page
    assert re.search(r">0人</a>，有1项需要办理", page)
    assert re.search(r'href="/r/orgs.election_case/new/">换届<', page)
    assert re.search(r'href="/r/orgs.org_change/new/">变更<', page)
    assert f'href="/r/orgs.union_term/{equipped.pk}/"' in page


def test_a_superior_sees_the_same_without_the_buttons(client, town, equipped):
    client.force_login(town.users["county"])
    assert client.get(OWN).status_code == 404
    page = client.get(f"/r/orgs.org/{town.union.pk}/").content.decode()
    assert "有1项需要办理" in page
    assert "/r/orgs.election_case/new/" not in page
    assert "工会现况" not in client.get(f"/r/orgs.org/{town.county.pk}/").content.decode()
    client.force_login(user_with(Role.COUNTY, org=town.neighbour))
    assert client.get(f"/r/orgs.org/{town.union.pk}/").status_code == 404


def test_women_members_need_somebody_who_speaks_for_them(town, equipped, monkeypatch):
    from gonghui.lines.orgs.services import condition

    for women, words in ((9, "应设女职工委员。"), (10, "应设女职工委员会。")):
        monkeypatch.setattr(condition, "_women_members", lambda org, day, n=women: n)
        assert items(town.union)["女职工组织"] == ("red", f"有女会员{women}人，{words}")
    post_of(equipped, "women_member")
    assert items(town.union)["女职工组织"][0] == "green"


def test_a_graded_check_says_its_grade(town, equipped):
    check = StandardCheck._unscoped.get()
    item = create(
        StandardItem, by=SYSTEM, template=check.template, position=1, title="一", full_score=100
    )
    create(StandardScore, by=SYSTEM, check_of=check, item=item, score=70, evidence="有台账")
    check = perform(check, "self_check", by=SYSTEM)
    assert items(town.union)["规范化考评"] == ("yellow", "2012年度正在评分。")
    check = perform(check, "review", by=town.of_county, county_score=70)
    perform(check, "grade", by=town.dept)
    assert items(town.union)["规范化考评"] == ("red", "2012年度整改")
    assert items(town.union, WHEN + timedelta(days=365))["规范化考评"] == (
        "yellow",
        "2013年度还没有自评。",
    )
