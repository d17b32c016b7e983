"""The roster of a renewal begins with that of the period before."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.mutual.models import Coverage, PolicyChange
from gonghui.lines.mutual.services import renewing
from tests.lines.mutual.making import (
    employer,
    fresh,
    in_force,
    must_enrol,
    person,
    policy,
    product,
)
from tests.support.orgs import user_with


@pytest.fixture
def renewal(tree, on):
    """A year on: of four workers one left, one has retired, one is covered by another employer."""
    version = product(tree.city)
    at = employer(tree.union)
    stays = person(tree.union, name="王留任")
    leaves = person(tree.union, name="李离职")
    retires = person(tree.union, date(1952, 9, 1), name="张退休")
    moves = person(tree.union, name="赵调动")
    old = policy(version, at)
    rows = must_enrol(old, stays, leaves, retires, moves)
    change(rows[0], by=SYSTEM, beneficiary="王小示例", job_status="dispatched")
    in_force(old)
    with on(2012, 3, 6):
        told = create(
            PolicyChange,
            by=SYSTEM,
            org=tree.union,
            coverage=fresh(rows[1]),
            kind="leave",
            on=date(2012, 3, 6),
            reason="示例",
        )
        perform(perform(told, "submit", by=SYSTEM), "confirm", by=SYSTEM)
    with on(2013, 3, 5):
        elsewhere = policy(version, employer(tree.union, "示例纺织厂"))
        must_enrol(elsewhere, moves)
        in_force(elsewhere)
        yield policy(version, at)


def test_whoever_may_go_on_is_put_on_the_roster(renewal):
    perform(renewal, "take_over", by=SYSTEM)
    (row,) = Coverage.objects.filter(policy=renewal)
    assert (row.person.name, row.job_status, row.beneficiary) == (
        "王留任",
        "dispatched",
        "王小示例",
    )
    assert fresh(renewal).heads == 1
    perform(fresh(renewal), "take_over", by=SYSTEM)
    assert Coverage.objects.filter(policy=renewal).count() == 1


def test_who_is_missing_is_told_with_the_reason(renewal, tree):
    perform(renewal, "take_over", by=SYSTEM)
    must_enrol(renewal, person(tree.union, name="钱新来"))
    found = renewing.comparison_of(fresh(renewal))
    assert (found.former, found.now, found.joined_count, found.missing_count) == (4, 2, 1, 3)
    assert [row.person.name for row in found.joined] == ["钱新来"]
    assert [(row.person.name, reason) for row, reason in found.missing] == [
        ("李离职", "2012-03-06离职"),
        ("张退休", "年龄60岁，已达法定退休年龄（2012-09-01）。"),
        ("赵调动", "赵调动已由示例纺织厂参加本产品，保障期至2014-03-05，不能重复参加。"),
    ]


def test_a_first_roster_has_none_to_begin_with(tree):
    first = policy(product(tree.city), employer(tree.union))
    assert renewing.comparison_of(first) is None
    with pytest.raises(DomainError):
        perform(first, "take_over", by=SYSTEM)


def test_the_page_shows_what_changed_to_those_who_may_see_names(renewal, tree, client, settings):
    settings.SECOND_FACTOR_ROLES = ()
    where = f"/r/mutual.group_policy/{renewal.pk}/"
    client.force_login(user_with(Role.BASIC, org=tree.union))
    page = client.get(where).content.decode()
    assert "带入上期名册" in page
    part = re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", page.partition("与上期名册对照")[2]))
    assert "上期4人本期名册0人新增0人上期有、本期没有4人" in part
    assert "王留任没有列入李离职2012-03-06离职" in part
    client.force_login(user_with(Role.LEADER, org=tree.city))
    page = client.get(where).content.decode()
    assert "与上期名册对照" in page
    for name in ("王留任", "李离职", "张退休", "赵调动"):
        assert name not in page
