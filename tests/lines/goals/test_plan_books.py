"""Plan books and targets: uniqueness, permissions, workflow, revisions as of."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, Invalid, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.goals.models import Issuer, PlanBook, Target, TargetKind, TargetRevision
from gonghui.lines.goals.services import issuer_of, targets_in_force, terms_of
from tests.lines.goals.conftest import MEMBERS, UNIONS
from tests.support.orgs import actor_with
from tests.support.sample.models import Station


def in_force(plan, code=UNIONS, on=date(2012, 6, 30), as_of=None, issuer=""):
    return targets_in_force(code, [plan.city.pk], on, as_of, issuer)


def revise(plan, target, value, effective_from, doc_no="豫工文〔2012〕90号"):
    revision = create(
        TargetRevision,
        by=plan.dept,
        target=target,
        new_value=Decimal(value),
        reason="省总调整年度计划",
        doc_no=doc_no,
        effective_from=effective_from,
    )
    return perform(revision, "approve", by=plan.leader)


def test_a_target_takes_year_issuer_and_organisation_from_its_book(plan):
    target = plan.target(plan.book(), 480)
    assert (target.year, target.issuer, target.org) == (2012, Issuer.PROVINCE, plan.city)


def test_one_indicator_has_one_target_an_issuer_a_year_and_an_organisation(plan):
    book = plan.book()
    plan.target(book, 480)
    with pytest.raises(Invalid) as error:
        plan.target(book, 500)
    assert error.value.message == (
        "该组织本年度已有同一下达单位、同一指标的目标；如需改变目标值，请办理目标调整。"
    )
    assert plan.target(plan.book(Issuer.CITY), 500).value == 500
    assert plan.target(book, 6400, MEMBERS, kind=TargetKind.DISTINCT).value == 6400
    assert (
        plan.target(
            plan.book(year=2013), 490, window_from=date(2013, 1, 1), due_on=date(2013, 12, 31)
        ).year
        == 2013
    )


def test_a_second_book_of_the_same_batch_is_refused(plan):
    plan.book()
    with pytest.raises(Invalid):
        plan.book()
    assert plan.book(batch=2).batch == 2


def test_targets_without_indicator_may_be_many(plan):
    book = plan.book(Issuer.CITY)
    for code in ("T18", "T19"):
        plan.target(book, 1, "", kind=TargetKind.MILESTONE, code=code)
    with acting(plan.dept):
        assert Target.objects.filter(plan=book).count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lead_dept": ""}, "lead_dept"),
        ({"leader_person": None}, "leader_person"),
        ({"value": None}, "value"),
        ({"value": Decimal(-1)}, "value"),
        ({"indicator": ""}, "indicator"),
        ({"due_on": date(2011, 12, 31)}, "due_on"),
        ({"kind": TargetKind.RATIO, "value": Decimal(95)}, "value"),
        ({"comparator": "range"}, "value_max"),
        ({"value_max": Decimal(500)}, "value_max"),
    ],
)
def test_an_unsound_target_is_refused_at_its_field(plan, more, field):
    book = plan.book()
    value = {"value": 480, **more}.pop("value")
    rest = {name: given for name, given in more.items() if name != "value"}
    with pytest.raises(DomainError) as error:
        plan.target(book, value, **rest)
    assert error.value.field == field
    with acting(plan.dept):
        assert Target.objects.count() == 0


def test_an_unknown_indicator_is_refused_with_those_like_it(plan):
    with pytest.raises(DomainError, match=r"没有指标“sample\.visit_amounts”"):
        plan.target(plan.book(), 480, "sample.visit_amounts")


def test_a_county_may_not_write_books_and_does_not_see_its_neighbours(plan):
    county = actor_with(Role.COUNTY, org=plan.counties["叶县"])
    with pytest.raises(NotAllowed):
        create(PlanBook, by=county, org=plan.counties["叶县"], year=2012, issuer=Issuer.CITY)
    book = plan.book(Issuer.CITY, plan.counties["郏县"])
    with acting(county):
        assert PlanBook.objects.count() == 0
    with pytest.raises(DomainError) as error:
        perform(book, "accept", by=county)
    assert error.value.code == "not_found"


def test_a_book_goes_from_draft_to_signed_for(plan):
    county = actor_with(Role.COUNTY, org=plan.counties["叶县"])
    book = plan.book(Issuer.CITY, plan.counties["叶县"])
    with pytest.raises(DomainError, match="还没有目标"):
        perform(book, "consult", by=plan.dept)
    plan.target(book, 48)
    perform(book, "consult", by=plan.dept)
    with pytest.raises(DomainError) as error:
        perform(book, "issue", by=plan.leader)
    assert error.value.field == "doc_no"
    with pytest.raises(NotAllowed):
        perform(book, "issue", by=plan.dept, doc_no="平工〔2012〕1号")
    issued = perform(book, "issue", by=plan.leader, doc_no="平工〔2012〕1号")
    assert (issued.issued_on, issued.issued_at) == (date(2012, 1, 10), clock.now())
    with pytest.raises(DomainError, match="须由承担组织签收"):
        perform(book, "accept_at_city", by=plan.dept)
    assert perform(book, "accept", by=county).state == "accepted"
    with pytest.raises(DomainError, match="2012年度尚未结束"):
        perform(book, "seal", by=plan.dept)
    with clock.at(date(2013, 1, 5)):
        assert perform(book, "seal", by=plan.dept).state == "sealed"


def test_the_citys_own_book_is_signed_for_by_a_department_and_sealed_for_good(plan):
    target = plan.issued(480)
    accepted = perform(target.plan, "accept_at_city", by=plan.dept)
    assert (accepted.state, accepted.accepted_on) == ("accepted", date(2012, 1, 10))
    with clock.at(date(2013, 1, 5)):
        perform(accepted, "seal", by=plan.dept)
    with pytest.raises(DomainError, match="任务书已封存"):
        revise(plan, target, 300, date(2012, 12, 1))
    assert in_force(plan) == {plan.city.pk: 480}


def test_a_book_in_consultation_goes_back_with_a_reason(plan):
    book = plan.book()
    target = plan.target(book, 480)
    perform(book, "consult", by=plan.dept)
    change(target, by=plan.dept, value=Decimal(490))
    back = perform(book, "withdraw", by=plan.dept, reason="重新测算")
    assert (back.state, Target._unscoped.get().value) == ("draft", 490)


def test_a_voided_book_holds_nothing_from_then_on(plan):
    target = plan.issued(480)
    with clock.at(date(2012, 3, 1)):
        void(target.plan, by=plan.dept, reason="下达有误")
    assert in_force(plan) == {}
    assert in_force(plan, as_of=date(2012, 2, 29)) == {plan.city.pk: 480}
    assert in_force(plan, as_of=date(2012, 3, 1)) == {}


def test_targets_of_an_issued_book_are_not_edited(plan):
    target = plan.issued(480)
    with pytest.raises(DomainError, match="请由下达单位办理目标调整"):
        change(target, by=plan.dept, value=Decimal(300))
    with pytest.raises(DomainError, match="请由下达单位办理目标调整"):
        plan.target(target.plan, 6400, MEMBERS)
    with pytest.raises(DomainError, match="请由下达单位办理目标调整"):
        change(target, by=plan.dept, plan=plan.book(batch=2))
    seen_as_draft = plan.book(batch=3)
    plan.target(seen_as_draft, 10, MEMBERS)
    plan.issue(PlanBook._unscoped.get(pk=seen_as_draft.pk))
    with pytest.raises(DomainError, match="请由下达单位办理目标调整"):
        plan.target(seen_as_draft, 10, "sample.visits")
    with acting(plan.dept):
        assert Target.objects.get(pk=target.pk).value == 480


def test_a_target_holds_only_from_the_moment_its_book_is_issued(plan):
    book = plan.book()
    plan.target(book, 480)
    assert in_force(plan) == {}
    with clock.at(date(2012, 2, 1)):
        plan.issue(book)
    assert in_force(plan) == {plan.city.pk: 480}
    assert in_force(plan, as_of=date(2012, 1, 31)) == {}
    assert in_force(plan, as_of=date(2012, 2, 1)) == {plan.city.pk: 480}
    assert in_force(plan, on=date(2013, 6, 30)) == {}


def test_without_an_issuer_the_provinces_target_goes_before_the_citys(plan):
    plan.issued(500, issuer=Issuer.CITY)
    assert in_force(plan) == {plan.city.pk: 500}
    plan.issued(480)
    assert in_force(plan) == {plan.city.pk: 480}
    assert in_force(plan, issuer="市总") == {plan.city.pk: 500}
    assert in_force(plan, issuer="national") == {}
    with pytest.raises(DomainError, match="没有下达单位“县里”"):
        issuer_of("县里")


def test_a_lowered_target_is_as_it_was_for_days_and_moments_before(plan):
    target = plan.issued(300)
    with clock.at(date(2012, 10, 8)):
        revision = revise(plan, target, 240, date(2012, 10, 1))
    assert (revision.old_value, revision.approved_on) == (300, date(2012, 10, 8))
    assert in_force(plan, on=date(2012, 9, 30)) == {plan.city.pk: 300}
    assert in_force(plan, on=date(2012, 10, 1)) == {plan.city.pk: 240}
    assert in_force(plan, on=date(2012, 10, 1), as_of=date(2012, 10, 7)) == {plan.city.pk: 300}
    assert in_force(plan, on=date(2012, 10, 1), as_of=date(2012, 10, 8)) == {plan.city.pk: 240}
    before, after = (
        terms_of([target], day)[target.pk] for day in (date(2012, 9, 30), date(2012, 10, 1))
    )
    assert (before.is_lowered, after.is_lowered) == (False, True)


def test_a_raised_target_keeps_the_mark_of_an_earlier_cut(plan):
    target = plan.issued(300)
    revise(plan, target, 240, date(2012, 6, 1))
    revise(plan, target, 320, date(2012, 9, 1), doc_no="豫工文〔2012〕99号")
    terms = terms_of([target], date(2012, 12, 31))[target.pk]
    assert (terms.value, terms.is_lowered, terms.due_on) == (320, True, date(2012, 12, 31))


def test_a_proposed_revision_changes_nothing_and_its_maker_may_not_approve(plan):
    target = plan.issued(300)
    both = actor_with(Role.DEPT, Role.LEADER, org=plan.city)
    revision = create(
        TargetRevision,
        by=both,
        target=target,
        new_value=Decimal(240),
        reason="减少",
        doc_no="平工〔2012〕9号",
        effective_from=date(2012, 10, 1),
    )
    with pytest.raises(NotAllowed):
        perform(revision, "approve", by=both)
    assert in_force(plan, on=date(2012, 10, 1)) == {plan.city.pk: 300}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"effective_from": date(2013, 1, 1)}, "effective_from"),
        ({"new_value": None}, "new_value"),
        ({"new_value": Decimal(0)}, "new_value"),
        ({"new_due": date(2011, 1, 1)}, "new_due"),
        ({"doc_no": ""}, "doc_no"),
    ],
)
def test_an_unsound_revision_is_refused_at_its_field(plan, more, field):
    values = {
        "target": plan.issued(300),
        "new_value": Decimal(240),
        "reason": "减少",
        "doc_no": "平工〔2012〕9号",
        "effective_from": date(2012, 10, 1),
    }
    with pytest.raises(DomainError) as error:
        create(TargetRevision, by=plan.dept, **{**values, **more})
    assert error.value.field == field


def test_a_target_that_is_not_issued_is_edited_not_revised(plan):
    target = plan.target(plan.book(), 300)
    with pytest.raises(DomainError, match="请直接修改目标"):
        revise(plan, target, 240, date(2012, 10, 1))


def test_the_baseline_of_a_stock_is_frozen_when_the_book_is_issued(plan):
    create(Station, by=SYSTEM, org=plan.direct, name="站", opened_on=date(2011, 5, 1), seats=70)
    target = plan.issued(100, "sample.seats", kind=TargetKind.STOCK)
    assert (target.baseline, target.baseline_on) == (70, date(2012, 1, 1))
