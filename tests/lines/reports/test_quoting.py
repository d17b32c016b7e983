"""Quoting a record in a report: found by name, read as it stood, and never anything personal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.docx.sources import NotYet, Unknown
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.goals.models import Issuer, PlanBook, Target, TargetKind
from gonghui.lines.reports.filling import source_for
from tests.lines.goals.conftest import person_of
from tests.lines.reports.conftest import AS_OF
from tests.support.sample.models import Station, Visit


@pytest.fixture
def visit(tree):
    with clock.at(date(2012, 7, 1)):
        return create(
            Visit,
            by=SYSTEM,
            org=tree.union,
            title="棉纺厂",
            visited_on=date(2012, 3, 1),
            mood="good",
            amount=Decimal("150.50"),
            phone="13800138000",
        )


def cite(tree, *words, as_of=AS_OF):
    register, record, *fields = words
    return source_for(tree.city, as_of).cite(register, record, tuple(fields))


def test_a_field_is_quoted_with_its_unit_by_number_or_name(tree, visit):
    for name in ("棉纺厂", visit.number):
        found = cite(tree, "走访", name, "金额")
        assert (found.value, found.label) == (Decimal("150.50"), f"走访“{name}”金额")
    assert cite(tree, "走访", "棉纺厂", "情况").value == "好"
    assert cite(tree, "走访", "棉纺厂", "走访日期").value == "2012-03-01"


def test_a_quotation_is_what_was_known_at_the_cut_off(tree, visit):
    with clock.at(date(2012, 8, 20)):
        change(visit, by=SYSTEM, amount=Decimal(999))
    assert cite(tree, "走访", "棉纺厂", "金额").value == Decimal("150.50")
    assert cite(tree, "走访", "棉纺厂", "金额", as_of=date(2012, 8, 20)).value == Decimal(999)
    with pytest.raises(NotYet, match="尚未登记"):
        cite(tree, "走访", "棉纺厂", "金额", as_of=date(2012, 6, 30))


def test_what_was_voided_or_left_empty_is_missing(tree, visit):
    with pytest.raises(NotYet, match="人数（未填写）"):
        cite(tree, "走访", "棉纺厂", "人数")
    with clock.at(date(2012, 8, 1)):
        void(visit, by=SYSTEM, reason="登记错误")
    with pytest.raises(Unknown):
        cite(tree, "走访", "棉纺厂", "金额")


def test_personal_and_sensitive_fields_are_refused(tree, visit):
    for label in ("电话", "账号"):
        with pytest.raises(DomainError, match="个人信息"):
            cite(tree, "走访", "棉纺厂", label)


def test_names_that_nobody_knows_come_with_suggestions(tree, visit):
    for words, known in (
        (("走方", "棉纺厂", "金额"), "走访"),
        (("走访", "棉纺", "金额"), "棉纺厂"),
        (("走访", "棉纺厂", "金"), "金额"),
    ):
        with pytest.raises(Unknown) as error:
            cite(tree, *words)
        assert known in error.value.known


def test_nothing_outside_the_reports_organisation_is_quoted(tree, visit):
    of_neighbour = source_for(tree.neighbour, AS_OF)
    with pytest.raises(Unknown) as error:
        of_neighbour.cite("走访", "棉纺厂", ("金额",))
    assert error.value.known == ()


def test_two_records_of_one_name_are_not_guessed(tree, visit):
    for org in (tree.union, tree.neighbour_union):
        with clock.at(date(2012, 7, 1)):
            create(Visit, by=SYSTEM, org=org, title="同名")
    with pytest.raises(DomainError, match="请改写编号"):
        cite(tree, "走访", "同名", "金额")


def test_a_public_name_of_another_register_is_found(tree):
    with clock.at(date(2012, 7, 1)):
        create(Station, by=SYSTEM, org=tree.union, name="一站（东）", opened_on=AS_OF, seats=12)
    assert cite(tree, "站点", "一站(东)", "座位").value == 12


def test_words_before_the_field_lead_to_a_record_below(tree, office):
    book = create(PlanBook, by=office.dept, org=tree.city, issuer=Issuer.PROVINCE, year=2012)
    create(
        Target,
        by=office.dept,
        plan=book,
        code="T07",
        clause="组建工会",
        kind=TargetKind.FLOW,
        indicator="sample.visit_amount",
        value=Decimal(480),
        window_from=date(2012, 1, 1),
        due_on=date(2012, 12, 31),
        lead_dept="组织部",
        leader_person=person_of(tree.city),
    )
    perform(book, "consult", by=office.dept)
    perform(book, "issue", by=office.leader, doc_no="豫工文〔2012〕3号")
    words = ("目标任务书", "豫工文〔2012〕3号", "T07")
    assert cite(tree, *words, "目标值").value == 480
    with pytest.raises(Unknown):
        cite(tree, *words[:2], "T08", "目标值")
