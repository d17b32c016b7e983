"""The sheet of files that a county has kept so far."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base.errors import NotAllowed
from gonghui.base.identity import make_id_number
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.kernel.registers.write import perform
from gonghui.lines.aid.models import HardshipFile
from gonghui.lines.aid.services.sheet import write_files
from tests.lines.aid.making import home, joins
from tests.lines.members.making import id_number, person
from tests.support.orgs import actor_with


def row(name="示例户主", id_no=None, **more):
    return {
        "head__name": name,
        "head__id_no": id_no or id_number(),
        "tier": "city",
        "identity_class": "laid_off",
        "cause_main": "illness",
        "filed_on": date(2010, 6, 1),
        **more,
    }


def errors(outcomes):
    return [each.error.message if each.error else None for each in outcomes]


def test_a_row_makes_head_household_and_file_and_again_changes_nothing(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    rows = [row(f"示例{n}", address="甲镇一街") for n in range(3)]
    first = write_files(rows, county, tree.county)
    assert errors(first) == [None, None, None]
    again = write_files(rows, county, tree.county)
    assert [each.record.pk for each in again] == [each.record.pk for each in first]
    assert HardshipFile._unscoped.filter(state="active", filed_on=date(2010, 6, 1)).count() == 3
    assert HouseholdMember._unscoped.filter(kinship="head").count() == 3


def test_a_file_may_belong_to_another_union_below(tree):
    (made,) = write_files([row(org=tree.union)], SYSTEM, tree.county)
    assert made.record.org_id == tree.union.pk


def test_the_old_form_of_a_number_meets_the_new_one_with_the_files_number(tree):
    number = make_id_number("410402", date(1975, 1, 1), 121)
    (made,) = write_files([row("示例甲", number)], SYSTEM, tree.union)
    old = number[:6] + number[8:17]
    (refused,) = write_files([row("示例甲", old)], SYSTEM, tree.neighbour_union)
    assert f"档案{made.record.number}，由{tree.union}管理" in refused.error.message


def test_who_lives_in_another_household_is_refused(tree):
    family = home(tree.union)
    number = id_number()
    joins(family, person(tree.union, "示例儿子", id_no=number))
    (refused,) = write_files([row("示例儿子", number)], SYSTEM, tree.union)
    assert "的家庭成员" in refused.error.message
    assert HardshipFile._unscoped.count() == 0


def test_wrong_numbers_and_repeated_ones_are_told_and_the_others_come_in(tree):
    number = id_number()
    outcomes = write_files(
        [row("示例一", number), row("示例二", "410402197501011215"), row("示例三", number), row()],
        SYSTEM,
        tree.union,
    )
    told = errors(outcomes)
    assert [message is None for message in told] == [True, False, False, True]
    assert "与本表前面的“示例一”身份证号相同" in told[2]
    assert outcomes[1].error.field == "head__id_no"


def test_a_household_that_left_may_come_back(tree):
    number = id_number()
    (made,) = write_files([row("示例甲", number)], SYSTEM, tree.union)
    leaving = perform(made.record, "propose_exit", by=SYSTEM, exit_reason="deceased")
    perform(leaving, "exit", by=SYSTEM)
    (again,) = write_files([row("示例甲", number)], SYSTEM, tree.union)
    assert again.error is None
    assert Household._unscoped.count() == 1


def test_a_union_does_not_let_old_files_in(tree):
    with pytest.raises(NotAllowed):
        write_files([row()], actor_with(Role.BASIC, org=tree.union), tree.union)
