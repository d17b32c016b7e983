"""Hospitals under agreement: from talks to the plaque, the visits they settle, and the end."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import create, perform, void
from gonghui.lines.aid.models import HospitalBenefit
from gonghui.lines.aid.services.hospitals import patients_of
from tests.lines.aid.making import discount, filed, hospital, joins, plaqued
from tests.lines.members.making import id_number, person
from tests.support.orgs import actor_with


def day(when):
    return Period(when, when)


@pytest.fixture
def on_file(tree):
    """A household on file since May 2011."""
    return filed(tree.union)


@pytest.fixture
def in_july():
    with clock.at(date(2012, 7, 2)):
        yield


def visit(of, who, **values):
    given = {"visit_on": date(2012, 5, 4), "total": 1_000, "discount": 150, "settlement_no": "JS-5"}
    return create(
        HospitalBenefit, by=SYSTEM, org=of.org, hospital=of, person=who, **(given | values)
    )


def test_a_plaque_needs_an_agreement_that_says_how_much(tree):
    made = hospital(tree.county, agreement_to=None)
    with pytest.raises(DomainError, match="协议起止日期"):
        perform(made, "plaque", by=SYSTEM)
    made = perform(made, "drop", by=SYSTEM, reason="条件不具备")
    made = hospital(tree.county, employer=made.employer)
    with pytest.raises(DomainError, match="至少一个优惠项目"):
        perform(made, "plaque", by=SYSTEM)
    discount(made, 15)
    made = perform(made, "plaque", by=SYSTEM, plaque_on=date(2012, 3, 1))
    assert (made.state, made.plaque_on) == ("plaqued", date(2012, 3, 1))


def test_a_hospital_is_under_agreement_once(tree):
    made = plaqued(tree.county)
    with pytest.raises(DomainError, match="不能重复登记"):
        hospital(tree.city, employer=made.employer)


def test_it_counts_from_its_plaque_to_the_day_before_its_end(tree, in_july):
    made = plaqued(tree.county)
    hospital(tree.county)  # talks are no hospital yet
    perform(made, "end", by=SYSTEM, ended_on=date(2012, 7, 1), reason="协议到期前解除")
    code = "aid.love_hospitals"
    counted = [
        figure(code, tree.city, day(when)).value
        for when in (date(2012, 2, 29), date(2012, 3, 1), date(2012, 6, 30), date(2012, 7, 1))
    ]
    assert counted == [0, 1, 1, 0]


def test_a_visit_rests_on_the_file_of_the_household(tree, on_file, in_july):
    made = plaqued(tree.county)
    child = person(tree.union)
    joins(on_file.household, child, valid_from=date(2011, 5, 1))
    assert visit(made, child).file == on_file
    with pytest.raises(DomainError, match="先建档"):
        visit(made, person(tree.union))
    assert figure("aid.hospital_discounts", tree.city, Period.month(2012, 5)).value == 150
    assert figure("aid.hospital_visits", tree.city, Period.month(2012, 5)).value == 1


def test_who_was_not_on_file_on_the_day_has_no_benefit(tree, in_july):
    late = filed(tree.union, filed_on=date(2012, 6, 1))
    with pytest.raises(DomainError, match="先建档"):
        visit(plaqued(tree.county), late.household.head)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"visit_on": date(2012, 2, 29)}, "不在.*挂牌和协议期内"),
        ({"visit_on": date(2012, 7, 3)}, "不能晚于今天"),
        ({"discount": 201}, r"最高减免20%，即200\.00元"),
        ({"discount": 0}, "须大于零"),
        ({"total": 100}, r"即20\.00元"),
    ],
)
def test_what_the_agreement_does_not_cover_is_refused(tree, on_file, in_july, values, told):
    with pytest.raises(DomainError, match=told):
        visit(plaqued(tree.county), on_file.household.head, **values)


def test_the_same_visit_is_settled_once(tree, on_file, in_july):
    made = plaqued(tree.county)
    visit(made, on_file.household.head)
    with pytest.raises(DomainError, match="已登记"):
        visit(made, on_file.household.head)


def test_an_agreement_does_not_end_before_what_was_settled_under_it(tree, on_file, in_july):
    made = plaqued(tree.county)
    settled = visit(made, on_file.household.head)
    with pytest.raises(DomainError, match="2012-05-04"):
        perform(made, "end", by=SYSTEM, ended_on=date(2012, 5, 4), reason="解除")
    void(settled, by=SYSTEM, reason="登记有误")
    assert (
        perform(made, "end", by=SYSTEM, ended_on=date(2012, 5, 4), reason="解除").state == "ended"
    )


def test_a_sheet_finds_patients_by_their_number(tree, on_file):
    number = id_number()
    known = person(tree.union, id_no=number)
    found = patients_of({number, id_number(), "410402197501011215", "没有"})
    assert found == {number: known}


def test_a_township_looks_and_a_county_signs(tree):
    station = actor_with(Role.STATION, org=tree.township)
    made = hospital(tree.county)
    discount(made, 10)
    with pytest.raises(DomainError):
        perform(made, "plaque", by=station)
    assert perform(made, "plaque", by=actor_with(Role.COUNTY, org=tree.county)).state == "plaqued"
