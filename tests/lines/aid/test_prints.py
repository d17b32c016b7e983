"""What is printed of a household's file and of the help that it asks for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create
from gonghui.lines.aid.models import AidGrant
from gonghui.web import printing
from tests.lines.aid.making import assessment, filed, joins
from tests.lines.members.making import person
from tests.support.orgs import actor_with
from tests.web.test_prints import words_of


@pytest.fixture(autouse=True)
def in_july():
    with clock.at(date(2012, 7, 16)), acting(SYSTEM):
        yield


def offered(record) -> dict[str, object]:
    fresh = type(record).objects.get(pk=record.pk)
    return {each.title: each for _, each in printing.forms_of(register_of(record), fresh)}


def printed(record, title, by=SYSTEM) -> str:
    form = offered(record)[title].form
    source = printing.Printing(by, register_of(record), record, form)
    return words_of(source.document("打印：测试"))


def test_the_form_of_a_file_names_who_lives_in_the_household_now(tree):
    file = filed(tree.union)
    child, gone = person(tree.union, "欧阳小明"), person(tree.union, "司马外出")
    joins(file.household, child)
    joins(file.household, gone, valid_from=date(2011, 1, 1), valid_to=date(2012, 1, 1))
    shown = printed(file, "困难职工档案表", by=actor_with(Role.COUNTY, org=tree.county))
    assert child.name in shown
    assert gone.name not in shown
    assert child.name not in printed(
        file, "困难职工档案表", by=actor_with(Role.LEADER, org=tree.city)
    )


def test_the_contents_of_a_file_list_its_assessments_and_its_help(tree):
    file = filed(tree.union)
    found = assessment(file, purpose="annual")
    grant = a_grant(file, "SHJZ", period="2012-07")
    shown = printed(file, "一户一档卷内目录")
    assert found.number in shown
    assert grant.number in shown
    assert "年度复核" in shown
    assert "年度复核表" in offered(found)
    assert "年度复核表" not in offered(assessment(file, purpose="spot"))


def a_grant(file, kind, **values):
    return create(
        AidGrant,
        by=SYSTEM,
        **{
            "org": file.org,
            "kind": kind,
            "household": file.household,
            "reason": "示例理由",
            "amount_asked": Decimal(600),
            "apply_on": clock.today(),
            **values,
        },
    )


def test_each_kind_of_help_has_its_form(tree):
    file = filed(tree.union)
    student = person(tree.union)
    joins(file.household, student)
    living = a_grant(file, "SHJZ", period="2012-07")
    study = a_grant(file, "JQZX", period="2012-2013", beneficiary=student)
    medical = a_grant(file, "YLJZ", beneficiary=student)
    assert set(offered(living)) == {"救助申请审批表"}
    assert set(offered(study)) == {"救助申请审批表", "金秋助学申请表"}
    assert set(offered(medical)) == {"救助申请审批表", "医疗救助申请表"}
    assert "2012-2013" in printed(study, "金秋助学申请表")
