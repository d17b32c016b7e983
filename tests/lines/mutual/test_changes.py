"""Changes of persons while a policy is in force."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.files.services import attach
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.mutual.models import PolicyChange
from gonghui.lines.mutual.services.changes import write_leavers
from tests.lines.mutual.claiming import claim, covered, women_version
from tests.lines.mutual.making import (
    SCAN,
    employer,
    fresh,
    in_force,
    must_enrol,
    person,
    policy,
    product,
)
from tests.support.orgs import actor_with


@pytest.fixture
def cover(tree):
    """A woman covered from 6 March 2012."""
    return covered(women_version(tree), employer(tree.union))


def correction(cover, whom, by=SYSTEM):
    return create(
        PolicyChange,
        by=by,
        org=cover.org,
        coverage=cover,
        kind="correct",
        on=date(2012, 4, 2),
        new_person=whom,
        reason="同名误录",
    )


def test_who_leaves_stays_covered_to_the_end(tree, cover, on):
    with on(2012, 4, 2):
        one = create(
            PolicyChange,
            by=SYSTEM,
            org=cover.org,
            coverage=cover,
            kind="leave",
            on=date(2012, 4, 1),
        )
        with pytest.raises(DomainError, match="离职已登记"):
            create(
                PolicyChange,
                by=SYSTEM,
                org=cover.org,
                coverage=cover,
                kind="leave",
                on=date(2012, 4, 2),
            )
        perform(perform(one, "submit", by=SYSTEM), "confirm", by=SYSTEM)
    after = fresh(cover)
    assert (after.state, after.ends_on, after.left_on) == (
        "active",
        cover.ends_on,
        date(2012, 4, 1),
    )


def test_the_right_person_takes_the_cover_with_papers(tree, cover, on):
    with on(2012, 4, 2):
        right = person(tree.union, woman=True)
        one = correction(cover, right)
        with pytest.raises(DomainError, match="须上传身份证件"):
            perform(one, "submit", by=SYSTEM)
        attach(one, "身份证.pdf", SCAN, by=SYSTEM)
        county = actor_with(Role.COUNTY, org=tree.county)
        perform(perform(one, "submit", by=SYSTEM), "confirm", by=county)
    assert fresh(cover).person_id == right.pk
    assert verify().is_clean


def test_nobody_is_put_where_the_version_does_not_take_him(tree, cover, on):
    with on(2012, 4, 2):
        one = correction(cover, person(tree.union))
        attach(one, "身份证.pdf", SCAN, by=SYSTEM)
        with pytest.raises(DomainError, match="只接受女职工"):
            perform(one, "submit", by=SYSTEM)


def test_nobody_gets_two_covers_by_a_correction(tree, cover, on):
    other = person(tree.union, woman=True)
    second = policy(cover.policy.product_version, employer(tree.union), women_total=9)
    must_enrol(second, other)
    in_force(second)
    with on(2012, 4, 2):
        one = correction(cover, other)
        attach(one, "身份证.pdf", SCAN, by=SYSTEM)
        one = perform(one, "submit", by=SYSTEM)
        with pytest.raises(Conflict, match="不能重复参加"):
            perform(one, "confirm", by=SYSTEM)
    assert (fresh(one).state, fresh(cover).person_id) == ("pending", cover.person_id)


def test_where_somebody_claimed_only_the_department_corrects(tree, cover, on):
    with on(2012, 4, 20):
        claim(cover, 40)
        one = correction(cover, person(tree.union, woman=True))
        attach(one, "身份证.pdf", SCAN, by=SYSTEM)
        one = perform(one, "submit", by=SYSTEM)
        with pytest.raises(NotAllowed, match="须由市职工互助保障办事处"):
            perform(one, "confirm", by=actor_with(Role.COUNTY, org=tree.county))
        assert perform(one, "confirm", by=actor_with(Role.DEPT, org=tree.city)).state == "confirmed"


def test_leavers_come_by_a_sheet_and_again_change_nothing(tree, cover, on):
    def row(whom, **over):
        return {
            "kind": "leave",
            "coverage__person__name": whom.name,
            "coverage__person__id_no": sealing.opened(whom, "id_no"),
            "on": date(2012, 4, 1),
            "reason": "调出",
            **over,
        }

    stranger = person(tree.union)
    rows = [
        row(cover.person),
        row(stranger),
        row(cover.person, coverage__person__name="别人"),
        row(cover.person, kind="correct"),
    ]
    with on(2012, 4, 2):
        first = write_leavers(rows, SYSTEM, tree.union)
        again = write_leavers(rows[:1], SYSTEM, tree.union)
    assert first[0].error is None
    assert again[0].record == first[0].record
    assert [each.error.message for each in first[1:]] == [
        "本工会没有该职工保障中的参保明细。",
        "没有登记这个姓名和身份证号的职工。",
        "表格只登记离职；更正人员请逐人办理并上传证件。",
    ]
    assert PolicyChange.objects.count() == 1


def test_who_leaves_leaves_all_products_of_the_employer(tree, cover, on):
    at = fresh(cover).policy.employer
    other = policy(product(tree.city), at)
    (second,) = must_enrol(other, cover.person)
    in_force(other)
    row = {
        "kind": "leave",
        "coverage__person__name": cover.person.name,
        "coverage__person__id_no": sealing.opened(cover.person, "id_no"),
        "on": date(2012, 4, 1),
    }
    with on(2012, 4, 2):
        (told,) = write_leavers([row], SYSTEM, cover.org)
        (again,) = write_leavers([row], SYSTEM, cover.org)
        assert again.record == told.record
        one = perform(perform(told.record, "submit", by=SYSTEM), "confirm", by=SYSTEM)
    assert one.state == "confirmed"
    assert [fresh(each).left_on for each in (cover, second)] == [date(2012, 4, 1)] * 2
