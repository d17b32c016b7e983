"""Memberships: who may join, and what the figures make of it."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import change
from gonghui.lines.members.models import Membership
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.services.events import record_many
from tests.lines.members.making import (
    HALF,
    JOINED,
    assert_adds_up,
    draft_union,
    employer,
    fresh,
    member,
    memberships,
    number,
    numbers,
    on,
    person,
)
from tests.support.orgs import actor_with, user_with


def test_a_new_member_counts_once_at_every_level(tree):
    made = member(tree.union)
    assert (made.state, made.origin, made.first_admission) == ("active", "new", True)
    assert made.number == "20120000001"
    for org in (tree.union, tree.township, tree.county, tree.city):
        assert numbers(org, ["new", "total"], HALF) == {"new": 1, "total": 1}
    assert numbers(tree.neighbour, ["new", "total"], HALF) == {"new": 0, "total": 0}


def test_nobody_is_a_member_twice(tree):
    first = member(tree.union)
    with pytest.raises(Conflict) as refused:
        member(tree.neighbour_union, person=first.person)
    assert refused.value.message == "已在“甲厂工会”在册，是否发起批量接转？"
    assert refused.value.code == "offer_transfer"
    assert number(tree.city, "total", HALF) == 1


def test_leaving_and_joining_again_is_no_second_admission(tree):
    first = member(tree.union)
    (left,) = record_many([first], EventKind.LEAVE, date(2012, 4, 1), "本人申请", by=SYSTEM)
    assert left.error is None
    again = member(tree.union, date(2012, 5, 1), person=first.person)
    assert (again.origin, again.first_admission) == ("restore", False)
    assert again.number == first.number
    assert numbers(tree.union, ["new", "restored", "left", "total"], HALF) == {
        "new": 1,
        "restored": 1,
        "left": 1,
        "total": 1,
    }
    assert_adds_up(tree.union, HALF)
    for month in (3, 4, 5):
        assert_adds_up(tree.union, Period.month(2012, month))


@pytest.mark.parametrize(
    ("joined_on", "message"),
    [
        (date(2026, 1, 6), "入会日期2026-01-06晚于今天，请核对。"),
        (date(1999, 12, 31), "入会日期1999-12-31早于工会成立日期2000-01-01，请核对。"),
        (None, "请填写入会日期。"),
    ],
)
def test_a_wrong_joining_day_is_refused(tree, joined_on, message):
    with clock.at(date(2026, 1, 5)), pytest.raises(DomainError) as refused:
        member(tree.union, joined_on)
    assert refused.value.message == message


def test_nobody_joins_before_his_sixteenth_birthday(tree):
    young = person(tree.union, id_no="41040219960501001X")
    with pytest.raises(DomainError) as refused:
        member(tree.union, date(2012, 4, 30), person=young)
    assert refused.value.message == "入会时未满16周岁，请核对入会日期和证件号码。"
    assert member(tree.union, date(2012, 5, 1), person=young).state == "active"


def test_a_dispatched_worker_counts_once_under_the_union_of_his_membership(tree):
    agency, user = employer(tree.union), employer(tree.neighbour_union)
    with pytest.raises(DomainError) as refused:
        member(tree.union, employ_kind="dispatch", employer=agency)
    assert refused.value.message == "劳务派遣职工须填写用工单位。"
    member(tree.union, employ_kind="dispatch", employer=agency, user_employer=user)
    codes = ["total", "dispatch", "new_dispatch"]
    assert numbers(tree.city, codes, HALF) == {"total": 1, "dispatch": 1, "new_dispatch": 1}
    assert numbers(tree.union, codes, HALF) == {"total": 1, "dispatch": 1, "new_dispatch": 1}
    assert number(tree.neighbour_union, "total", HALF) == 0


def test_parts_are_counted_by_the_row(tree):
    woman = person(tree.union, id_no="410402198001010022")
    member(
        tree.union, person=woman, is_migrant=True, employ_kind="newform", newform_group="courier"
    )
    member(tree.union)
    codes = ["female", "migrant", "newform", "new_migrant", "new_newform"]
    assert numbers(tree.union, codes, HALF)["migrant"] == 1
    assert numbers(tree.union, codes, HALF)["newform"] == 1
    assert numbers(tree.union, codes, HALF)["new_migrant"] == 1
    assert numbers(tree.union, codes, HALF)["new_newform"] == 1
    assert fresh(woman).sex == "female"


def test_a_corrected_sex_reaches_the_membership(tree):
    someone = person(tree.union, id_type="passport", id_no="E12345678", sex="male")
    made = member(tree.union, person=someone)
    change(someone, by=SYSTEM, sex="female")
    assert fresh(made).sex == "female"
    assert number(tree.union, "female", HALF) == 1


def test_a_late_entry_counts_in_its_own_period_and_is_listed(tree):
    with clock.at(date(2012, 8, 1)):
        late, soon = member(tree.union, date(2012, 3, 1)), member(tree.union, date(2012, 6, 1))
    assert (late.is_backfilled, soon.is_backfilled) == (True, False)
    assert number(tree.union, "new", HALF) == 2


def test_a_member_from_outside_the_city_is_no_new_one(tree):
    member(tree.union, came_from="示例省某厂工会")
    assert numbers(tree.union, ["new", "transfers_in", "total"], HALF) == {
        "new": 0,
        "transfers_in": 1,
        "total": 1,
    }
    assert_adds_up(tree.union, HALF)


def test_a_foreign_union_can_add_nobody_here(tree):
    foreign = actor_with(Role.BASIC, org=tree.neighbour_union)
    with pytest.raises(DomainError):
        member(tree.union, by=foreign)
    assert number(tree.city, "total", HALF) == 0


def test_the_database_holds_one_membership_at_a_time(tree):
    first = member(tree.union)
    ended = record_many([first], EventKind.LEAVE, date(2012, 5, 1), "本人申请", by=SYSTEM)
    assert ended[0].error is None
    with pytest.raises(DomainError) as refused:
        member(tree.neighbour_union, date(2012, 4, 1), person=first.person)
    assert refused.value.message == ("该职工这段时间已有会籍，入会日期须晚于上一段会籍的结束日期。")


def test_joining_a_draft_union_counts_when_it_is_approved(tree):
    draft = draft_union(tree)
    made = member(draft, JOINED)
    assert (made.state, made.joined_on, made.first_admission) == ("founding", None, False)
    assert numbers(draft, ["founding", "new", "total"], on(clock.today())) == {
        "founding": 1,
        "new": 0,
        "total": 0,
    }
    assert Membership._unscoped.count() == 1


def test_forms_offer_unions_and_employers_beyond_the_unions_own(client, tree, settings):
    settings.SECOND_FACTOR_ROLES = ()
    agency = employer(tree.neighbour, uscc="91410402MA40ABC13B")
    client.force_login(user_with(Role.BASIC, org=tree.union))
    row = member(tree.union)
    for address, text in (
        ("members.membership/choose/employer/?q=示例用人", agency.name),
        ("members.membership_application/choose/user_employer/?q=示例用人", agency.name),
        (
            f"members.membership_event/choose/to_org/?parent={row.pk}&q={tree.township}",
            str(tree.township),
        ),
        (
            f"members.entrust_agreement/choose/user_org/?q={tree.neighbour_union}",
            str(tree.neighbour_union),
        ),
        (f"orgs.org_change/choose/into/?q={tree.neighbour_union}", str(tree.neighbour_union)),
    ):
        found = client.get(f"/r/{address}").content.decode()
        assert f">{text}" in found or f"{text}<" in found, address
    at_agency = person(tree.union, "示例派")
    answer = client.post(
        "/r/members.membership/new/",
        {
            "person": "示例派",
            "person.pk": f"{at_agency.pk}|示例派",
            "joined_on": "2012-03-15",
            "employ_kind": "contract",
            "employer": agency.name,
            "employer.pk": f"{agency.pk}|{agency.name}",
        },
    )
    assert answer.status_code == 302
    (made,) = memberships(person=at_agency)
    assert made.employer == agency
