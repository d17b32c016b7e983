"""Splitting a target: exact sums, limits, who may, what replaces what."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.registers.write import create_many, perform
from gonghui.lines.goals.models import Issuer, PlanBook, Target, TargetKind
from gonghui.lines.goals.services import (
    Shares,
    Weighting,
    decompose,
    propose,
    set_shares,
    shares_of,
)
from tests.lines.goals.conftest import DIRECT, MEMBERS, PLAN
from tests.lines.goals.test_plan_books import revise
from tests.support.orgs import actor_with, make_org
from tests.support.sample.models import Visit


def weights(plan, column):
    found = {plan.counties[name].pk: Decimal(row[column]) for name, row in PLAN.items()}
    return {**found, plan.city.pk: Decimal(DIRECT[column])}


@pytest.mark.parametrize(("column", "value", "kept"), [(0, 480, 27), (2, 6400, 400)])
def test_the_plan_of_2012_splits_to_the_table_and_adds_up(plan, column, value, kept):
    kind = TargetKind.FLOW if column == 0 else TargetKind.DISTINCT
    target = plan.issued(value, MEMBERS if column else "sample.visit_amount", kind=kind)
    children = decompose(target, weights(plan, column), plan.dept)
    assert {str(child.org).removesuffix("总工会"): child.value for child in children} == {
        name: row[column] for name, row in PLAN.items()
    }
    target.refresh_from_db()
    assert target.reserve == kept
    assert sum(child.value for child in children) + target.reserve == value
    assert {(child.issuer, child.plan.org, child.plan.state) for child in children} == {
        (Issuer.PROVINCE, child.org, "draft") for child in children
    }


@pytest.mark.parametrize("weighting", [Weighting.EQUAL, Weighting.LAST_YEAR])
@pytest.mark.parametrize("value", [500, 7, 499])
def test_any_weights_give_whole_numbers_that_add_up(plan, weighting, value):
    rows = [
        {"org": org, "title": "上年", "visited_on": date(2011, 3, 1), "amount": Decimal(n + 1)}
        for n, org in enumerate([*plan.counties.values(), plan.direct])
    ]
    create_many(Visit, rows, by=SYSTEM)
    target = plan.target(plan.book(), value)
    shares = propose(target, weighting, with_reserve=True)
    assert shares.total == value
    assert all(share == int(share) for share in [*shares.by_org.values(), shares.reserve])
    assert len(shares.by_org) == 10


def test_last_years_actual_decides_the_shares(plan):
    first, second = list(plan.counties.values())[:2]
    rows = [
        {"org": org, "title": "上年", "visited_on": date(2011, 12, 31), "amount": Decimal(amount)}
        for org, amount in ((first, 30), (second, 10))
    ]
    create_many(Visit, rows, by=SYSTEM)
    shares = propose(plan.target(plan.book(), 100), Weighting.LAST_YEAR, orgs=[first, second])
    assert shares.by_org == {first.pk: 75, second.pk: 25}


def test_without_last_years_data_another_basis_is_asked_for(plan):
    with pytest.raises(DomainError, match="都没有“上年完成数”的数据"):
        propose(plan.target(plan.book(), 100), Weighting.LAST_YEAR)


def test_with_nobody_below_there_is_nothing_to_split(plan):
    target = plan.target(plan.book(Issuer.CITY, plan.direct), 100)
    with pytest.raises(DomainError, match="没有可以分解的下级组织"):
        propose(target, Weighting.EQUAL)


@pytest.mark.parametrize("weighting", [Weighting.EMPLOYEES, Weighting.COVERED_UNITS])
def test_weights_of_other_lines_are_asked_by_their_codes(plan, weighting):
    with pytest.raises(DomainError, match=f"都没有“{weighting.label}”的数据"):
        propose(plan.target(plan.book(), 100), weighting)


def test_money_is_split_in_its_own_decimals(plan):
    target = plan.target(plan.book(), "100.01")
    shares = propose(target, Weighting.EQUAL)
    assert shares.total == Decimal("100.01")


def shares_worth(plan, total, reserve=0):
    each = dict.fromkeys((org.pk for org in plan.counties.values()), Decimal(total) / 10)
    return Shares(by_org=each, reserve=Decimal(reserve))


def test_more_than_the_target_needs_a_reason_and_much_more_is_refused(plan):
    target = plan.target(plan.book(), 500)
    with pytest.raises(DomainError) as error:
        set_shares(target, shares_worth(plan, 560), plan.dept, reason="留有余地")
    assert error.value.message == "分解合计560超过目标500的12.0%，涉嫌层层加码，请核减。"
    with pytest.raises(DomainError) as error:
        set_shares(target, shares_worth(plan, 520), plan.dept)
    assert (error.value.field, shares_of(target)) == ("markup_reason", [])
    assert len(set_shares(target, shares_worth(plan, 520), plan.dept, reason="留有余地")) == 10
    target.refresh_from_db()
    assert target.markup_reason == "留有余地"
    assert len(set_shares(target, shares_worth(plan, 550), plan.dept, reason="留有余地")) == 10


def test_a_book_is_not_issued_while_the_shares_fall_short(plan):
    target = plan.issued(500)
    (child, *_) = set_shares(target, shares_worth(plan, 480, reserve=19), plan.dept)
    with pytest.raises(DomainError) as error:
        perform(child.plan, "consult", by=plan.dept)
    assert error.value.message == "目标“T07”的分解合计499小于目标500，差1，请补足后再下达。"
    set_shares(target, shares_worth(plan, 480, reserve=20), plan.dept)
    assert plan.issue(child.plan).state == "issued"


def test_the_shares_are_checked_again_when_a_book_is_issued(plan):
    target = plan.issued(500)
    (child, *_) = set_shares(target, shares_worth(plan, 500), plan.dept)
    perform(child.plan, "consult", by=plan.dept)
    set_shares(target, shares_worth(plan, 400), plan.dept)
    with pytest.raises(DomainError, match="差100"):
        perform(child.plan, "issue", by=plan.leader, doc_no="平工〔2012〕2号")


def test_a_new_split_replaces_the_old_one(plan):
    target = plan.issued(500)
    first, second = list(plan.counties.values())[:2]
    set_shares(target, Shares(by_org={first.pk: Decimal(500)}), plan.dept)
    set_shares(target, Shares(by_org={first.pk: Decimal(0), second.pk: Decimal(500)}), plan.dept)
    assert [(child.org, child.value) for child in shares_of(target)] == [(second, 500)]
    set_shares(target, Shares(by_org={first.pk: Decimal(200), second.pk: Decimal(300)}), plan.dept)
    assert [child.value for child in shares_of(target)] == [200, 300]
    with acting(SYSTEM):
        assert PlanBook.objects.filter(org=first).count() == 1


def test_issued_shares_are_only_revised(plan):
    target = plan.issued(500)
    first, second = list(plan.counties.values())[:2]
    half = {first.pk: Decimal(250), second.pk: Decimal(250)}
    (child, _) = set_shares(target, Shares(by_org=half), plan.dept)
    plan.issue(child.plan)
    with pytest.raises(Conflict, match="请办理目标调整"):
        set_shares(
            target, Shares(by_org={first.pk: Decimal(240), second.pk: Decimal(260)}), plan.dept
        )
    with pytest.raises(Conflict):
        set_shares(target, Shares(by_org={second.pk: Decimal(500)}), plan.dept)
    assert [share.value for share in shares_of(target)] == [250, 250]


def test_what_comes_later_goes_to_the_next_book(plan):
    first = plan.counties["叶县"]
    unions = plan.issued(500)
    (child,) = set_shares(unions, Shares(by_org={first.pk: Decimal(500)}), plan.dept)
    plan.issue(child.plan)
    members = plan.issued(6400, MEMBERS, kind=TargetKind.DISTINCT, batch=2)
    (later,) = set_shares(members, Shares(by_org={first.pk: Decimal(6400)}), plan.dept)
    assert (child.plan.batch, later.plan.batch) == (1, 2)


def test_only_organisations_below_get_shares_and_only_additive_targets_are_split(plan):
    county, other = plan.counties["叶县"], plan.counties["郏县"]
    target = plan.target(plan.book(org=county), 50)
    with pytest.raises(DomainError, match="下级工会"):
        set_shares(target, Shares(by_org={other.pk: Decimal(50)}), plan.dept)
    with pytest.raises(DomainError, match="不能为负数"):
        set_shares(target, Shares(by_org={}, reserve=Decimal(-1)), plan.dept)
    rate = plan.target(plan.book(batch=2), "0.95", "sample.good_rate", kind=TargetKind.RATIO)
    with pytest.raises(DomainError) as error:
        decompose(rate, Weighting.EQUAL, plan.dept)
    assert error.value.code == "not_additive"


def test_a_county_splits_its_own_target_to_its_townships_and_hands_it_down(plan):
    county = plan.counties["叶县"]
    towns = [make_org(f"{name}工会", OrgLevel.TOWNSHIP, county) for name in ("任店镇", "洪庄镇")]
    own, rival = (actor_with(Role.COUNTY, org=plan.counties[name]) for name in ("叶县", "郏县"))
    book = plan.book(org=county)
    target = plan.target(book, 49)
    plan.issue(book)
    with pytest.raises(NotAllowed):
        decompose(target, Weighting.EQUAL, rival)
    children = decompose(target, Weighting.EQUAL, own)
    assert [(child.org, child.value) for child in children] == [(towns[0], 25), (towns[1], 24)]
    with pytest.raises(DomainError, match="只能向所辖"):
        perform(plan.book(Issuer.CITY, county), "issue_below", by=own, doc_no="叶工〔2012〕1号")
    issued = perform(children[0].plan, "issue_below", by=own, doc_no="叶工〔2012〕1号")
    station = actor_with(Role.STATION, org=towns[0])
    assert perform(issued, "accept", by=station).state == "accepted"


def test_a_county_does_not_split_the_citys_target(plan):
    target = plan.issued(480)
    county = actor_with(Role.COUNTY, org=plan.counties["叶县"])
    with pytest.raises(NotAllowed):
        decompose(target, Weighting.EQUAL, county)
    with acting(SYSTEM):
        assert Target.objects.count() == 1


def test_a_split_follows_the_value_in_force(plan):
    target = plan.issued(480)
    revise(plan, target, 440, date(2012, 3, 1))
    with clock.at(date(2012, 3, 2)):
        assert propose(target, Weighting.EQUAL).total == 440
    assert propose(target, Weighting.EQUAL).total == 480
