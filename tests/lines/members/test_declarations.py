"""Yearly declarations beside the real names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.members.models import MemberDeclaration
from gonghui.lines.members.roster import write_roster
from gonghui.lines.members.services.reconciling import compared
from tests.lines.members.making import HALF, id_number, member, number, on
from tests.support.orgs import actor_with


def declare(org, year=2011, members=500, employees=600, **more):
    """A declaration as of the end of a year."""
    return create(
        MemberDeclaration,
        by=SYSTEM,
        org=org,
        year=year,
        as_of=date(year, 12, 31),
        members=members,
        employees=employees,
        **more,
    )


def lock(declaration):
    """The declaration's whole way."""
    for action in ("submit", "pass", "lock"):
        declaration = perform(declaration, action, by=SYSTEM)
    return declaration


def test_the_real_name_rate_is_real_over_declared(tree):
    lock(declare(tree.union))
    rows = [
        {
            "person__name": f"示例{n}",
            "person__id_no": id_number(),
            "employ_kind": "contract",
            "joined_on": date(2012, 3, 1),
        }
        for n in range(430)
    ]
    outcomes = write_roster(rows, SYSTEM, tree.union)
    assert sum(outcome.error is None for outcome in outcomes) == 430
    assert figure("members.realname_rate", tree.union, HALF).value == Decimal("0.86")
    assert number(tree.county, "declared", HALF) - number(tree.county, "total", HALF) == 70


def test_more_members_than_employees_is_refused(tree):
    with pytest.raises(DomainError) as refused:
        declare(tree.union, members=430, employees=400)
    assert refused.value.message == "会员人数430人大于职工人数400人，请核对。"
    assert declare(tree.township, members=430, employees=400).members == 430


def test_a_part_is_not_larger_than_its_whole(tree):
    with pytest.raises(DomainError) as refused:
        declare(tree.union, female_members=501)
    assert refused.value.message == "女会员501人大于会员人数500人，请核对。"


def test_a_jump_needs_a_note(tree):
    declare(tree.union, 2010, 400, 500)
    with pytest.raises(DomainError) as refused:
        declare(tree.union, 2011, 481, 500)
    assert refused.value.message == "会员人数由上年400人变为481人，变动超过20%，请填写说明。"
    assert declare(tree.union, 2011, 480, 500).jump_note == ""
    assert declare(tree.union, 2012, 100, 500, jump_note="改制分流").members == 100


def test_the_latest_locked_declaration_counts(tree):
    lock(declare(tree.union, 2010, 450))
    lock(declare(tree.union, 2011, 500))
    declare(tree.union, 2012, 520)
    assert number(tree.union, "declared", on(date(2011, 12, 30))) == 450
    assert number(tree.union, "declared", on(date(2011, 12, 31))) == 500
    assert number(tree.city, "declared", Period.year(2013)) == 500


def test_a_declaration_that_is_opened_again_gives_way_to_the_one_before(tree):
    lock(declare(tree.union, 2010, 450))
    later = lock(declare(tree.union, 2011, 500))
    perform(later, "reopen", by=SYSTEM, reason="数据更正")
    assert number(tree.union, "declared", HALF) == 450


def test_who_submitted_does_not_pass_it(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    submitted = perform(declare(tree.union), "submit", by=county)
    with pytest.raises(DomainError):
        perform(submitted, "pass", by=county)
    other = actor_with(Role.COUNTY, org=tree.county)
    assert perform(submitted, "pass", by=other).state == "city_review"


def test_one_declaration_a_year(tree):
    declare(tree.union)
    with pytest.raises(DomainError) as refused:
        declare(tree.union)
    assert refused.value.message == "该工会本年度的会员数已申报；如有更正请修改原记录。"


def test_the_payroll_shows_who_left_and_who_is_new(tree):
    from gonghui.kernel.access.scope import acting

    stayed, left = member(tree.union), member(tree.union)
    with clock.at(date(2012, 7, 1)), acting(SYSTEM):
        numbers = _number_of(stayed)
        found = compared(
            tree.union, [("示例一", numbers), ("示例新", id_number()), ("示例错", "123")]
        )
    assert [row.pk for row in found.missing] == [left.pk]
    assert found.fresh == (1,)
    assert list(found.refused) == [2]


def _number_of(membership):
    from gonghui.kernel.records import sealing

    return sealing.opened(membership.person, "id_no")
