"""Applications to join: the pool, approval, refusal, rivals."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import create, perform
from gonghui.kernel.workflow.models import Task
from gonghui.lines.members.models import MembershipApplication
from tests.lines.members.making import (
    HALF,
    fresh,
    id_number,
    member,
    memberships,
    number,
    numbers,
    person,
)
from tests.support.orgs import actor_with

APPLIED = date(2012, 3, 5)  # a Monday


def apply(org, target, by=SYSTEM, **values):
    """An application of a worker with a fresh number."""
    return create(
        MembershipApplication,
        by=by,
        **{
            "org": org,
            "target_org": target,
            "name": "示例申请人",
            "id_type": "resident",
            "id_no": id_number(),
            "channel": "scan",
            "applied_on": APPLIED,
            "declared": True,
            "employ_kind": "contract",
            **values,
        },
    )


@pytest.fixture
def basic(tree):
    return actor_with(Role.BASIC, org=tree.union)


def test_an_approved_worker_is_a_new_member(tree, basic):
    with clock.at(APPLIED):
        application = apply(tree.union, tree.union, by=basic, is_migrant=True)
    assert (application.state, Person._unscoped.count()) == ("applied", 0)
    with clock.at(date(2012, 3, 9)):
        approved = fresh(perform(application, "approve", by=basic))
    (row,) = memberships()
    assert approved.membership == row
    assert (row.person.name, row.joined_on, row.is_migrant) == (
        "示例申请人",
        date(2012, 3, 9),
        True,
    )
    assert numbers(tree.union, ["new", "new_migrant"], HALF) == {"new": 1, "new_migrant": 1}


def test_the_union_has_ten_working_days(tree, basic):
    with clock.at(APPLIED):
        application = apply(tree.union, tree.union, by=basic)
    task = Task._unscoped.get(register="members.membership_application", record_id=application.pk)
    assert (task.due_on, task.org) == (date(2012, 3, 19), tree.union)


def test_without_a_union_the_county_assigns(tree, basic):
    county = actor_with(Role.COUNTY, org=tree.county)
    application = apply(tree.county, None, by=county)
    assert (application.state, application.org) == ("pooled", tree.county)
    with acting(basic):
        assert MembershipApplication.objects.count() == 0
    with pytest.raises(DomainError):
        perform(application, "assign", by=county)
    assigned = perform(application, "assign", by=county, target_org=tree.union)
    assert (assigned.state, assigned.org) == ("applied", tree.union)
    assert perform(assigned, "approve", by=basic).state == "approved"


def test_a_member_elsewhere_is_offered_a_transfer(tree):
    someone = person(tree.union, "示例申请人", id_no="410402198001011236")
    member(tree.union, person=someone)
    with pytest.raises(DomainError) as refused:
        apply(tree.neighbour_union, tree.neighbour_union, id_no="410402198001011236")
    assert refused.value.code == "offer_transfer"
    assert refused.value.message == "已在“甲厂工会”在册，是否发起批量接转？"


def test_one_worker_has_one_open_application(tree, basic):
    apply(tree.union, tree.union, id_no="410402198001011236")
    with pytest.raises(DomainError) as refused:
        apply(tree.neighbour_union, tree.neighbour_union, id_no="410402800101123")
    assert refused.value.message == "该职工已有一份待办的入会申请，不必重复提交。"


def test_a_returned_application_has_a_reason_and_can_be_made_again(tree, basic):
    application = apply(tree.union, tree.union, id_no="410402198001011236")
    with pytest.raises(DomainError) as refused:
        perform(application, "return", by=basic)
    assert refused.value.message == "请选择退回原因，以便申请人更正。"
    returned = perform(application, "return", by=basic, return_reason="incomplete")
    assert returned.state == "returned"
    assert apply(tree.union, tree.union, id_no="410402198001011236").state == "applied"


def test_the_second_of_two_cadres_is_told(tree, basic):
    application = apply(tree.union, tree.union)
    perform(application, "approve", by=basic)
    other = actor_with(Role.BASIC, org=tree.union)
    with pytest.raises(DomainError):
        perform(application, "approve", by=other)
    assert number(tree.union, "total", HALF) == len(memberships(joined_on__lte=HALF.end))
    assert len(memberships()) == 1


def test_of_two_approvals_for_one_person_the_later_offers_a_transfer(tree, basic):
    someone = person(tree.neighbour_union, "示例申请人", id_no="410402198001011236")
    application = apply(tree.union, tree.union, id_no="410402198001011236")
    member(tree.neighbour_union, person=someone)
    with pytest.raises(DomainError) as refused:
        perform(application, "approve", by=basic)
    assert refused.value.code == "offer_transfer"
    assert fresh(application).state == "applied"
    assert len(memberships()) == 1


def test_nobody_applies_for_another_county(tree):
    foreign = actor_with(Role.COUNTY, org=tree.neighbour)
    with pytest.raises(NotAllowed):
        apply(tree.union, tree.union, by=foreign)


def test_who_has_not_declared_is_not_admitted(tree, basic):
    application = apply(tree.union, tree.union, declared=False)
    with pytest.raises(DomainError) as refused:
        perform(application, "approve", by=basic)
    assert refused.value.field == "declared"
    assert memberships() == []
