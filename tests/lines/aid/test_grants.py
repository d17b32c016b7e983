"""Grants: on file first, once, within what was paid, and following their money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import (
    change,
    create,
    create_many,
    perform,
    perform_many,
    void,
)
from gonghui.lines.aid.models import (
    AidGrant,
    HardshipFile,
    MedicalAid,
    MedicalInvoice,
    StudyAid,
)
from gonghui.lines.aid.services.grants import without_file
from gonghui.shared.funds.models import PayBatch, PayLine
from gonghui.shared.funds.services.gates import draft_lines
from gonghui.shared.funds.services.paying import reissue
from tests.lines.aid.making import filed, home, joins
from tests.lines.members.making import person
from tests.shared.funds.conftest import account_of, office
from tests.shared.funds.test_money import pay_all
from tests.support.money import troubles
from tests.support.orgs import actor_with
from tests.support.people import client_for

MARCH = Period.month(2012, 3)


@pytest.fixture(autouse=True)
def spring(tree):
    """It is a Thursday in March 2012, seen by the system."""
    with clock.at(date(2012, 3, 15)), acting(SYSTEM):
        yield


@pytest.fixture
def desk(tree):
    """The county's office with money for every kind of grant."""
    found = office(tree.county)
    found.pot = found.fund(50_000, "SHJZ", "YLJZ", "JQZX", "LSJZ")
    return found


def on_file(org, **values):
    """A household with a file that was filed last year."""
    return filed(org, filed_on=date(2011, 5, 1), **values).household


def asked(org, household, kind="SHJZ", *, by=SYSTEM, **values):
    """A grant that is being written."""
    return create(
        AidGrant,
        by=by,
        **{
            "org": org,
            "kind": kind,
            "household": household,
            "reason": "家庭困难",
            "period": "2012-03" if kind == "SHJZ" else "",
            "amount_asked": Decimal(600),
            "apply_on": date(2012, 3, 12),
            **values,
        },
    )


def approved(tree, grant, amount=600):
    """A grant that the county has approved."""
    grant = perform(grant, "submit", by=actor_with(Role.BASIC, org=tree.union))
    grant = perform(grant, "review", by=actor_with(Role.STATION, org=tree.township))
    county = actor_with(Role.COUNTY, org=tree.county)
    return perform(grant, "approve", by=county, amount=Decimal(amount))


def queued(tree, desk, *grants):
    """The batch on which approved grants are."""
    for grant in grants:
        account_of(grant.household.head)
    for outcome in perform_many(list(grants), "queue", by=desk.maker):
        if outcome.error is not None:
            raise outcome.error
    return PayBatch.objects.get(state="draft")


def state_of(grant):
    return AidGrant._unscoped.get(pk=grant.pk).state


# Who may have it


def test_a_household_without_a_file_is_told_to_be_filed_first(tree):
    with pytest.raises(DomainError, match="先建档后帮扶"):
        perform(asked(tree.union, home(tree.union)), "submit", by=SYSTEM)
    emergency = asked(tree.union, home(tree.union), "LSJZ")
    assert perform(emergency, "submit", by=SYSTEM).state == "submitted"


def test_the_same_month_is_not_asked_for_twice(tree):
    family = on_file(tree.union)
    asked(tree.union, family)
    with pytest.raises(DomainError, match="不能重复申请"):
        asked(tree.county, family)
    assert asked(tree.union, family, period="2012-04").ref == "2012-04"


def test_a_student_is_helped_once_a_school_year_whoever_applies(tree):
    family = on_file(tree.union)
    child = joins(family, person(tree.union, "示例学生")).person
    more = {"beneficiary": child, "period": "2012-2013"}
    asked(tree.union, family, "JQZX", **more)
    with pytest.raises(DomainError, match="不能重复申请"):
        asked(tree.neighbour_union, family, "JQZX", **more)


def test_a_student_lives_in_the_household_and_tells_his_school(tree):
    family = on_file(tree.union)
    stranger = person(tree.union, "示例外人")
    with pytest.raises(DomainError, match="不是该家庭共同生活的成员"):
        asked(tree.union, family, "JQZX", beneficiary=stranger, period="2012-2013")
    with pytest.raises(DomainError, match="请填写受益人"):
        asked(tree.union, family, "JQZX", period="2012-2013")
    child = joins(family, stranger).person
    grant = asked(tree.union, family, "JQZX", beneficiary=child, period="2012-2013")
    with pytest.raises(DomainError, match="助学信息"):
        perform(grant, "submit", by=SYSTEM)
    create(
        StudyAid,
        by=SYSTEM,
        org=tree.union,
        grant=grant,
        school="示例大学",
        stage="bachelor",
        entry_year=2012,
    )
    assert perform(grant, "submit", by=SYSTEM).state == "submitted"


def test_many_are_checked_with_a_reason_for_each(tree):
    family = on_file(tree.union)
    rows = [
        {
            "org": tree.union,
            "kind": kind,
            "household": family,
            "reason": "困难",
            "amount_asked": 1,
            "apply_on": date(2012, 3, 12),
        }
        for kind in ("LSJZ", "SHJZ", "YLJZ")
    ]
    outcomes = create_many(AidGrant, rows, by=SYSTEM)
    assert [each.error and each.error.field for each in outcomes] == [None, "period", "beneficiary"]


# How much


def sick(tree, **values):
    """A patient's grant with what the hospital cost."""
    family = on_file(tree.union)
    grant = asked(tree.union, family, "YLJZ", beneficiary=family.head)
    costs = {"total_cost": 20_000, "insurance_paid": 12_000, "mutual_paid": 3_000, **values}
    medical = create(
        MedicalAid,
        by=SYSTEM,
        org=tree.union,
        grant=grant,
        hospital="市第一人民医院",
        disease="示例病",
        **costs,
    )
    grant.refresh_from_db()
    return grant, medical


def test_medical_aid_is_at_most_what_the_patient_paid_himself(tree):
    grant, medical = sick(tree)
    assert (medical.self_paid, grant.limit_amount) == (5_000, 5_000)
    with pytest.raises(DomainError, match=r"超过自付部分5,000\.00元"):
        approved(tree, grant, 5_001)
    perform(AidGrant.objects.get(pk=grant.pk), "return", by=SYSTEM, reason="互助金填多了")
    change(medical, by=SYSTEM, mutual_paid=Decimal(2_000))
    assert approved(tree, AidGrant.objects.get(pk=grant.pk), 5_001).state == "approved"


def test_others_cannot_have_paid_more_than_it_cost(tree):
    with pytest.raises(DomainError, match=r"合计23,000\.00元，超过总费用20,000\.00元"):
        sick(tree, insurance_paid=20_000)


def test_an_invoice_backs_one_grant_in_the_whole_city(tree):
    first, medical = sick(tree)
    _, other = sick(tree)
    values = {"invoice_no": "豫医00012345", "amount": 900}
    create(MedicalInvoice, by=SYSTEM, org=tree.union, medical=medical, **values)
    with pytest.raises(Conflict, match=f"豫医00012345已在{tree.union}的{first.number}中使用"):
        create(MedicalInvoice, by=SYSTEM, org=tree.neighbour_union, medical=other, **values)


def test_who_submitted_or_reviewed_does_not_approve(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    grant = perform(asked(tree.union, on_file(tree.union)), "submit", by=SYSTEM)
    grant = perform(grant, "review", by=county)
    with pytest.raises(NotAllowed, match="不能是同一人"):
        perform(grant, "approve", by=county, amount=Decimal(600))
    with pytest.raises(DomainError, match="没有找到"):
        perform(grant, "approve", by=actor_with(Role.COUNTY, org=tree.neighbour), amount=1)


# The money


def test_a_grant_is_done_when_its_money_is_paid(tree, desk):
    grant = approved(tree, asked(tree.union, on_file(tree.union)))
    batch = desk.sent(queued(tree, desk, grant))
    (line,) = PayLine.objects.filter(batch=batch)
    assert (line.amount, line.source_id, state_of(grant)) == (600, grant.pk, "paying")
    perform(line, "pay", by=desk.cashier, paid_on=date(2012, 3, 15))
    assert state_of(grant) == "done"
    assert figure("aid.grants_done", tree.city, MARCH).value == 1
    assert figure("aid.living_amount", tree.city, MARCH).value == 600
    assert troubles() == []


def test_grants_of_one_kind_meet_on_one_roster(tree, desk):
    grants = [approved(tree, asked(tree.union, on_file(tree.union))) for _ in range(3)]
    assert queued(tree, desk, *grants).line_count == 3


def test_a_payment_that_fails_lets_its_grant_wait_again(tree, desk):
    grant = approved(tree, asked(tree.union, on_file(tree.union)))
    batch = desk.sent(queued(tree, desk, grant))
    line = PayLine.objects.get(batch=batch)
    perform(line, "fail", by=desk.cashier, failed_on=date(2012, 3, 15), fail_text="账号有误")
    assert state_of(grant) == "approved"
    assert queued(tree, desk, AidGrant.objects.get(pk=grant.pk)).line_count == 1


def test_a_grant_is_done_when_its_failed_payment_was_reissued(tree, desk):
    grant = approved(tree, asked(tree.union, on_file(tree.union)))
    batch = desk.sent(queued(tree, desk, grant))
    line = PayLine.objects.get(batch=batch)
    perform(line, "fail", by=desk.cashier, failed_on=date(2012, 3, 15), fail_text="账号有误")
    again = desk.sent(reissue(PayBatch.objects.get(pk=batch.pk), by=desk.maker))
    (line,) = PayLine.objects.filter(batch=again)
    perform(line, "pay", by=desk.cashier, paid_on=date(2012, 3, 15))
    assert state_of(grant) == "done"
    assert figure("aid.grants_done", tree.city, MARCH).value == 1


def test_a_grant_whose_batch_is_cancelled_waits_again(tree, desk):
    grant = approved(tree, asked(tree.union, on_file(tree.union)))
    perform(queued(tree, desk, grant), "cancel", by=desk.maker, reason="重新编制")
    assert state_of(grant) == "approved"


def test_without_a_fund_for_it_the_grant_stays_approved(tree):
    grant = approved(tree, asked(tree.union, on_file(tree.union)))
    with pytest.raises(DomainError, match="没有可用于“生活救助”的专项资金账"):
        perform(grant, "queue", by=actor_with(Role.COUNTY, org=tree.county))
    assert state_of(grant) == "approved"


def test_living_aid_of_a_year_stays_within_the_years_minimum(tree, desk):
    family = on_file(tree.union)
    months = [asked(tree.union, family, period=f"2012-{month:02d}") for month in (1, 2)]
    grants = [approved(tree, each, 2_000) for each in months]
    batch = queued(tree, desk, *grants)
    with pytest.raises(DomainError, match=r"超过上限3,120\.00元（超880\.00元）"):
        perform(batch, "check", by=desk.maker)


def test_a_review_that_is_long_overdue_stops_the_payment(tree, desk):
    grant = approved(tree, asked(tree.union, on_file(tree.union)))
    batch = queued(tree, desk, grant)
    with clock.at(date(2012, 7, 2)), pytest.raises(DomainError, match="档案复核已于2012-05-01到期"):
        perform(batch, "check", by=desk.maker)


def test_a_payment_to_somebody_off_file_is_stopped_whoever_writes_it(tree, desk):
    stranger = person(tree.union, "示例某人")
    batch = desk.batch(desk.pot, [stranger], programme="SHJZ", ref="2012-03")
    with pytest.raises(DomainError, match="无在档困难档案"):
        perform(batch, "check", by=desk.maker)


def test_a_payee_who_lives_in_a_filed_household_is_judged_by_its_file(tree, desk):
    family = on_file(tree.union)
    batch = desk.batch(desk.pot, [family.head], programme="YLJZ", ref="票据1")
    (line,) = draft_lines(batch)
    assert line.household_id is None
    assert without_file([line], clock.today()) == {}


def test_medical_aid_is_paid_through_a_grant_that_knows_the_limit(tree, desk):
    batch = desk.batch(desk.pot, [on_file(tree.union).head], programme="YLJZ", ref="票据1")
    with pytest.raises(DomainError, match="医疗救助须先有批准的救助单"):
        perform(batch, "check", by=desk.maker)


def test_a_grant_is_known_to_whoever_may_look_into_grants(tree, desk):
    family = on_file(tree.union)
    for kind, amount in (("SHJZ", 600), ("LSJZ", 50)):
        grant = asked(tree.union, family, kind, amount_asked=Decimal(amount))
        pay_all(desk, desk.sent(queued(tree, desk, approved(tree, grant, amount))))
    other = office(tree.neighbour)
    theirs = other.batch(other.fund(1_000), [family.head], 300)
    pay_all(other, other.sent(theirs))
    page = f"/r/funds.pay_line/{PayLine.objects.get(batch=theirs).pk}/"
    county, finance = (
        client_for(User.objects.get(pk=who.user_id)).get(page).content.decode()
        for who in (other.maker, other.finance)
    )
    assert "历年合计<strong>950.00</strong>元" in county
    assert "您无权查看" not in county
    assert "历年合计<strong>300.00</strong>元" in finance
    assert "另有2笔属于您无权查看的台账" in finance
    assert "生活救助" not in finance


def test_what_a_grant_asked_for_is_not_altered_on_the_roster(tree, desk):
    grant = approved(tree, asked(tree.union, on_file(tree.union)), 500)
    batch = queued(tree, desk, grant)
    (line,) = draft_lines(batch)
    for given in ({"amount": Decimal(5000)}, {"person": person(tree.union, "示例某人")}):
        with pytest.raises(Conflict) as refused:
            change(line, by=desk.maker, **given)
        assert refused.value.code == "asked"
    (kept,) = draft_lines(batch)
    assert (kept.amount, kept.person_id) == (Decimal(500), line.person_id)
    change(line, by=desk.maker, remark="三月")
    assert perform(batch, "check", by=desk.maker).state == "checked"


def test_a_grant_that_became_another_kind_is_looked_at_anew(tree, desk):
    family = home(tree.union)
    grant = perform(asked(tree.union, family, "LSJZ"), "submit", by=SYSTEM)
    grant = perform(grant, "return", by=SYSTEM, reason="选错项目")
    grant = change(grant, by=SYSTEM, kind="SHJZ", period="2012-03")
    with pytest.raises(DomainError, match="无在档困难档案"):
        perform(grant, "submit", by=SYSTEM)


def test_what_was_handed_in_is_what_is_reviewed(tree):
    family = on_file(tree.union)
    maker = actor_with(Role.BASIC, org=tree.union)
    grant = asked(tree.union, family, "YLJZ", beneficiary=family.head)
    medical = create(
        MedicalAid, by=SYSTEM, grant=grant, hospital="示例医院", disease="示例", total_cost=1000
    )
    invoice = create(MedicalInvoice, by=SYSTEM, medical=medical, invoice_no="票8", amount=1000)
    grant.refresh_from_db()
    grant = perform(grant, "submit", by=maker)
    stations = actor_with(Role.STATION, org=tree.township)
    for handed_in in (grant, perform(grant, "review", by=stations)):
        for late in (
            partial(change, handed_in, by=maker, amount_asked=Decimal(9_000)),
            partial(change, medical, by=maker, total_cost=5000),
            partial(void, medical, by=maker, reason="换一份"),
            partial(change, invoice, by=maker, amount=900),
            partial(create, MedicalInvoice, by=maker, medical=medical, invoice_no="票7", amount=10),
        ):
            with pytest.raises(Conflict):
                late()
    kept = AidGrant._unscoped.get(pk=grant.pk)
    assert (kept.amount_asked, kept.limit_amount) == (600, 1000)
    assert MedicalInvoice.objects.get().amount == 1000


def test_an_invoice_of_a_paid_grant_is_not_freed_for_another(tree, desk):
    family = on_file(tree.union)
    grant = asked(tree.union, family, "YLJZ", beneficiary=family.head)
    medical = create(
        MedicalAid, by=SYSTEM, grant=grant, hospital="示例医院", disease="示例", total_cost=1000
    )
    invoice = create(MedicalInvoice, by=SYSTEM, medical=medical, invoice_no="票9", amount=1000)
    grant.refresh_from_db()
    approved(tree, grant, 900)
    for late in (
        lambda: change(invoice, by=SYSTEM, invoice_no="票10"),
        lambda: void(invoice, by=SYSTEM, reason="再用一次"),
        lambda: change(medical, by=SYSTEM, total_cost=5000),
    ):
        with pytest.raises(Conflict, match="不能再改"):
            late()
    assert MedicalInvoice.objects.get().invoice_no == "票9"


def test_in_the_fading_time_living_aid_ends_and_other_aid_goes_on(tree, desk):
    family = on_file(tree.union)
    change(HardshipFile.objects.get(household=family), by=SYSTEM, fade_from=date(2012, 3, 1))
    batch = queued(tree, desk, approved(tree, asked(tree.union, family), 500))
    with pytest.raises(DomainError, match="自2012-03-01起渐退，不再发放生活救助"):
        perform(batch, "check", by=desk.maker)
    (line,) = draft_lines(batch)
    line.programme_code = "JQZX"
    assert without_file([line], clock.today()) == {}
