"""Finding, merging and separating persons that were recorded twice."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import id_check_char, make_id_number
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.people.models import Household, Person
from gonghui.kernel.registers.uses import columns_to
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.members.models import DuplicateCase, MemberCard
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.services.duplicates import find_duplicates
from gonghui.lines.members.services.events import record_many
from tests.lines.members.making import (
    HALF,
    assert_adds_up,
    fresh,
    member,
    number,
    numbers,
    on,
    person,
)
from tests.support.orgs import actor_with

BORN = date(1980, 1, 1)


def twins(tree, **second):
    """The same name and birthday, two numbers, in two counties."""
    return (
        person(tree.union, "示例同", id_no=make_id_number("410402", BORN, 11)),
        person(
            tree.neighbour_union,
            "示例同",
            **{"id_no": make_id_number("410423", BORN, 13), **second},
        ),
    )


def case_of(first, second):
    """The case that the search found."""
    assert find_duplicates() == 1
    (case,) = DuplicateCase._unscoped.all()
    assert (case.first_id, case.second_id) == (first.pk, second.pk)
    return case


def test_the_same_name_and_birthday_are_suspicious(tree):
    case = case_of(*twins(tree))
    assert (case.reasons, case.score, case.org) == (["name_birth"], 60, tree.city)
    assert find_duplicates() == 0


def test_one_wrong_digit_is_suspicious(tree):
    first17 = "41040219800101123"
    typo = first17[:5] + "3" + first17[6:]
    person(tree.union, "示例同", id_no=first17 + id_check_char(first17))
    person(tree.union, "示例同", id_no=typo + id_check_char(typo))
    find_duplicates()
    (case,) = DuplicateCase._unscoped.all()
    assert case.reasons == ["one_char", "name_birth"]
    assert (case.score, case.org) == (85, tree.union)


def test_an_old_number_kept_as_another_paper_is_suspicious(tree):
    person(tree.union, "示例同", id_no="410402198001011236")
    person(tree.union, "示例同", id_type="passport", id_no="410402800101123")
    assert find_duplicates() == 1
    assert DuplicateCase._unscoped.get().reasons == ["old_number"]


def test_different_names_and_other_subtrees_are_left_alone(tree):
    person(tree.union, "示例一")
    person(tree.union, "示例二")
    assert find_duplicates() == 0
    twins(tree)
    assert find_duplicates(tree.township) == 1


def test_a_case_counts_until_it_is_decided(tree):
    with clock.at(date(2012, 4, 1)):
        case = case_of(*twins(tree))
    with clock.at(date(2012, 5, 1)):
        perform(case, "tell_apart", by=SYSTEM)
    assert number(tree.city, "dup_open", on(date(2012, 4, 30))) == 1
    assert number(tree.city, "dup_open", on(date(2012, 5, 1))) == 0


def test_merging_repoints_every_register_and_undoing_restores_all(tree):
    kept, lost = twins(tree)
    own, double = member(tree.union, person=kept), member(tree.neighbour_union, person=lost)
    card = create(
        MemberCard,
        by=SYSTEM,
        org=tree.union,
        person=lost,
        card_no="K1",
        kind="paper",
        issued_on=date(2012, 3, 1),
    )
    now = clock.now()
    home = Household._unscoped.create(org=tree.union, head=lost, created_at=now, changed_at=now)
    case = case_of(kept, lost)
    assert numbers(tree.city, ["new", "total"], HALF) == {"new": 2, "total": 2}
    with clock.at(date(2012, 6, 1)):
        merged = perform(case, "merge", by=SYSTEM, kept=kept)
    assert merged.state == "merged"
    assert fresh(lost).merged_into == kept
    assert fresh(card).person == kept
    assert fresh(double).person == kept
    assert fresh(double).is_absorbed is True
    if (Household, "head") in {(r.model, column) for r, column in columns_to(Person)}:
        assert fresh(home).head == kept
    assert numbers(tree.city, ["new", "total"], HALF) == {"new": 1, "total": 1}
    assert number(tree.neighbour_union, "total", HALF) == 0
    assert_adds_up(tree.city, HALF)
    with clock.at(date(2012, 7, 1)):
        perform(merged, "undo", by=SYSTEM, reason="并非同一人")
    assert fresh(lost).merged_into is None
    assert fresh(card).person == lost
    assert (fresh(double).person, fresh(double).is_absorbed) == (lost, False)
    assert fresh(home).head == lost
    assert fresh(own).person == kept
    assert (fresh(case).state, fresh(case).decided_on, fresh(case).kept) == ("open", None, None)
    assert numbers(tree.city, ["new", "total"], HALF) == {"new": 2, "total": 2}
    assert verify(["members.new", "members.total", "members.dup_open"]).differing == ()


def test_after_merging_only_the_first_joining_was_a_first_one(tree):
    kept, lost = twins(tree)
    early = member(tree.neighbour_union, date(2012, 2, 1), person=lost)
    record_many([early], EventKind.LEAVE, date(2012, 3, 1), "离职", by=SYSTEM)
    late = member(tree.union, date(2012, 4, 1), person=kept)
    perform(case_of(kept, lost), "merge", by=SYSTEM, kept=kept)
    assert (fresh(late).origin, fresh(late).first_admission) == ("restore", False)
    assert (fresh(early).origin, fresh(early).first_admission) == ("new", True)
    assert numbers(tree.city, ["new", "restored", "total"], HALF) == {
        "new": 1,
        "restored": 1,
        "total": 1,
    }
    assert_adds_up(tree.city, HALF)


def test_the_number_of_the_one_given_up_leads_to_the_one_kept(tree):
    kept, lost = twins(tree)
    perform(case_of(kept, lost), "merge", by=SYSTEM, kept=kept)
    member(tree.union, person=kept)
    from gonghui.lines.members.services.transfers import take_over

    number = make_id_number("410423", BORN, 13)
    (outcome,) = take_over([("示例同", number)], tree.neighbour_union, by=SYSTEM)
    assert outcome.record.person == kept


def test_a_merge_needs_a_choice_and_can_be_undone_for_thirty_days(tree):
    kept, lost = twins(tree)
    case = case_of(kept, lost)
    with pytest.raises(DomainError) as refused:
        perform(case, "merge", by=SYSTEM)
    assert refused.value.message == "请选择保留哪一份档案。"
    with clock.at(date(2012, 6, 1)):
        merged = perform(case, "merge", by=SYSTEM, kept=lost)
    with clock.at(date(2012, 7, 2)), pytest.raises(DomainError) as late:
        perform(merged, "undo", by=SYSTEM, reason="迟了")
    assert late.value.message == "合并已超过30天，不能再撤销。"
    assert fresh(kept).merged_into == lost


def test_every_person_column_of_every_register_is_found():
    found = {(register.key, column) for register, column in columns_to(Person)}
    assert ("members.membership", "person") in found
    assert ("members.member_card", "person") in found


def test_a_pair_named_by_hand_is_put_in_order_and_judged(tree):
    first, second = twins(tree)
    actor = actor_with(Role.DEPT, org=tree.city)
    case = create(DuplicateCase, by=actor, org=tree.city, first=second, second=first)
    assert (case.first, case.second) == (first, second)
    assert (case.reasons, case.score, case.found_on) == (["name_birth"], 60, clock.today())
    other = person(tree.union, "另一人")
    by_hand = create(DuplicateCase, by=actor, org=tree.city, first=first, second=other)
    assert (by_hand.reasons, by_hand.score) == (["by_hand"], 50)
    with pytest.raises(DomainError, match="两个不同的人员"):
        create(DuplicateCase, by=actor, org=tree.city, first=first, second=first)
