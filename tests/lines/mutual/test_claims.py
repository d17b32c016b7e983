"""Claims: what clauses give, papers, who decides, and money that funds keeps once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.money import cents, split, yuan
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.files.services import attach
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import (
    change,
    create,
    create_many,
    perform,
    perform_many,
    void,
)
from gonghui.kernel.workflow.models import Reminder
from gonghui.lines.mutual.models import BenefitRule, ClaimPaper, ClaimPayee
from gonghui.shared.funds.models import FundReceipt, PayBatch, PayLine
from gonghui.shared.funds.services.paying import reissue
from tests.lines.aid.making import filed as filed_before
from tests.lines.aid.making import home
from tests.lines.mutual.claiming import (
    account_of,
    approved,
    assessing,
    claim,
    covered,
    everything_of,
    hand_in,
    office,
    pour,
    sent,
    with_clauses,
    women_version,
)
from tests.lines.mutual.making import (
    employer,
    fresh,
    in_force,
    must_enrol,
    person,
    policy,
    product,
)
from tests.shared.funds.conftest import office as funds_office
from tests.shared.funds.test_money import pay_all
from tests.support.money import troubles
from tests.support.orgs import actor_with, user_with
from tests.support.people import client_for

YEAR = Period.year(2012)
CODES = ("mutual.claims_paid", "mutual.benefit_paid", "mutual.claim_days")


@pytest.fixture
def who(tree):
    return office(tree)


@pytest.fixture
def woman(tree):
    """A woman covered since 6 March 2012."""
    return covered(women_version(tree), employer(tree.union))


@pytest.mark.parametrize(
    ("day", "in_situ", "amount"),
    [
        (30, False, 0),
        (31, False, 500),
        (60, True, 500),
        (61, True, 2000),
        (61, False, 15000),
        (400, False, 15000),
    ],
)
def test_the_day_of_cover_decides_what_the_womens_product_gives(woman, on, day, in_situ, amount):
    with on(2013, 6, 1):
        one = claim(woman, day, is_in_situ=in_situ, late_reason="异地治疗")
    assert (one.days_covered, one.computed) == (day, Decimal(amount))


def test_the_worker_reads_which_clause_refuses_him(woman, on):
    with on(2012, 5, 1):
        one = claim(woman, 10)
    assert one.reckoning == "确诊日为生效第10天，在30天等待期内，按细则第五条不予给付。"


def test_who_goes_on_without_a_gap_does_not_wait(tree, woman, on):
    at = woman.policy.employer
    with on(2014, 3, 1):
        again = policy(woman.policy.product_version, at, women_total=100)
        (row,) = must_enrol(again, woman.person)
        in_force(again)
    row = fresh(row)
    assert row.is_continuous
    with on(2014, 4, 1):
        one = claim(row, 10)
    assert (one.coverage_id, one.days_covered, one.computed) == (row.pk, 10, Decimal(15000))
    assert one.reckoning == "连续参保，不计等待期；细则第七条（二）：15,000.00元。"


def test_a_part_of_the_cost_is_paid_by_bands_up_to_the_cap(tree, on):
    version = product(tree.city, wait_days=0, year_cap=Decimal(3000))
    version = with_clauses(
        version,
        {"cost_from": 300, "cost_to": 5000, "percent": 40},
        {"cost_from": 5000, "percent": 60},
        clause="第八条",
        kind="ratio",
        event_kind="hospital",
    )
    cover = covered(version, employer(tree.union))
    costs = {"total_cost": 20000, "insurance_paid": 12000, "event_kind": "hospital"}
    with on(2012, 4, 20):
        one = claim(cover, 5, self_paid=Decimal("6500.50"), **costs)
    assert one.computed == Decimal("2780.30")
    assert one.reckoning == (
        "生效第5天；细则第八条：目录内自付6,500.50元，4,700.00元×40%＝1,880.00元，"
        "1,500.50元×60%＝900.30元。"
    )
    with on(2012, 4, 21):
        assert claim(cover, 9, self_paid=200, **costs).computed == 0
        with pytest.raises(DomainError, match="目录内自付不能大于总费用减已报销"):
            claim(cover, 12, self_paid=9000, **costs)
    who = office(tree)
    with on(2012, 5, 2):
        approved(one, who)
        later = claim(cover, 20, self_paid=Decimal(3000), **costs)
    assert later.computed == Decimal("219.70")
    assert "已给付2,780.30元，本次219.70元" in later.reckoning


def test_days_in_hospital_and_grades_of_disability(tree, on):
    version = product(tree.city, wait_days=0, sum_assured=Decimal(50000))
    version = with_clauses(
        version,
        {
            "kind": "daily",
            "event_kind": "hospital",
            "amount": 30,
            "paid_from_day": 4,
            "max_days": 10,
        },
        {"kind": "grade", "event_kind": "disability", "grade": 7, "percent": 15},
        clause="第九条",
    )
    cover = covered(version, employer(tree.union))
    with on(2012, 5, 1):
        found = [
            claim(cover, 3, event_kind="hospital", hospital_days=9).computed,
            claim(cover, 20, event_kind="hospital", hospital_days=60).computed,
            claim(cover, 30, event_kind="disability", grade=7).computed,
            claim(cover, 31, event_kind="disability", grade=9).computed,
        ]
    assert found == [Decimal(180), Decimal(300), Decimal(7500), Decimal(0)]


def test_one_event_is_claimed_once_and_an_event_outside_the_cover_never(woman, on):
    with on(2012, 7, 1):
        one = claim(woman, 70)
        with pytest.raises(DomainError, match="这一事由已经申领"):
            claim(woman, 70)
        outside = claim(woman, 0)
        with pytest.raises(DomainError, match="没有可以申领的参保明细"):
            perform(outside, "submit", by=SYSTEM)
    assert fresh(outside).state == "draft"
    assert one.coverage_id == woman.pk


def test_an_illness_is_claimed_once_whatever_day_is_told(woman, on):
    with on(2012, 7, 1):
        claim(woman, 70)
        with pytest.raises(DomainError, match="同一病种（身故）已经申领"):
            claim(woman, 71)


def test_what_a_cover_gives_at_most_holds_for_claims_reviewed_side_by_side(tree, who, on):
    version = product(tree.city, wait_days=0, year_cap=Decimal(3000))
    version = with_clauses(
        version, {"clause": "第三条", "kind": "lump", "event_kind": "accident", "amount": 2000}
    )
    cover = covered(version, employer(tree.union))
    with on(2012, 5, 2):
        one, other = (
            assessing(claim(cover, day, by=who.maker, event_kind="accident"), who, "accident")
            for day in (10, 20)
        )
        assert (one.computed, other.computed) == (2000, 2000)
        perform(one, "assess", by=who.assessor, assessed=Decimal(2000))
        with pytest.raises(DomainError) as refused:
            perform(fresh(other), "assess", by=who.assessor, assessed=Decimal(2000))
        assert refused.value.message == "核定金额不能超过按细则测算的1,000.00元。"
        other = perform(fresh(other), "assess", by=who.assessor, assessed=Decimal(1000))
    assert (other.computed, other.assessed) == (1000, 1000)
    assert "已给付2,000.00元，本次1,000.00元" in other.reckoning


def test_a_cover_that_a_payment_ends_pays_once_though_two_claims_were_reviewed(
    tree, woman, who, on
):
    with on(2012, 7, 1):
        early = assessing(claim(woman, 40, by=who.maker, disease=None), who)
        assert early.computed == 0  # the clauses name the group
        one = approved(claim(woman, 70, by=who.maker), who)
        with pytest.raises(Conflict) as refused:
            perform(fresh(early), "assess", by=who.assessor, assessed=Decimal(500))
    assert refused.value.code == "ended"
    assert fresh(one).state == "approved"
    assert fresh(early).state == "assessing"


def test_only_heirs_are_paid_in_the_place_of_the_worker(tree, woman, who, on):
    with on(2012, 7, 1):
        one = claim(woman, 40, by=who.maker)
        friend = {"person": person(tree.union), "relation": "朋友", "amount": Decimal(500)}
        create(ClaimPayee, by=who.maker, claim=one, **friend)
        one = assessing(one, who)
        with pytest.raises(DomainError, match="只有身故的申领登记收款人"):
            perform(one, "assess", by=who.assessor, assessed=Decimal(500))
    assert fresh(one).state == "assessing"


def test_no_benefit_is_paid_that_no_claim_asked_for(tree, woman, who, on):
    pour(woman.product.fund, 20000)
    account_of(woman.person)
    with on(2012, 7, 1):
        one = perform(approved(claim(woman, 40, by=who.maker), who), "queue", by=who.assessor)
        (line,) = everything_of(PayLine, source_id=one.pk)
        other = person(tree.union)
        by_hand = create(
            PayLine,
            by=who.assessor,
            batch=line.batch,
            person=other,
            amount=Decimal(500),
            ref="人情",
            account=account_of(other),
        )
        with pytest.raises(DomainError) as refused:
            perform(fresh(line.batch), "check", by=who.assessor)
        assert "没有已核定、列入发放的互助金申领" in refused.value.message
        with pytest.raises(Conflict, match="不能在批次中修改"):
            change(line, by=who.assessor, amount=Decimal(5000))
        void(by_hand, by=who.assessor, reason="没有申领")
        with by_rule():
            change(line, by=SYSTEM, amount=Decimal(5000))
        with pytest.raises(DomainError, match="核定的收款人或金额不符"):
            perform(fresh(line.batch), "check", by=who.assessor)


def test_who_handed_in_what_was_missing_does_not_review_it(tree, woman, who, on):
    with on(2012, 7, 1):
        one = claim(woman, 40, by=who.maker)
        hand_in(one, "form", by=who.maker)
        one = perform(fresh(one), "submit", by=who.maker)
        one = perform(one, "ask_more", by=who.reviewer, reason="缺病理报告")
        one = perform(one, "resubmit", by=who.reviewer)
        with pytest.raises(NotAllowed):
            perform(one, "review", by=who.reviewer)
        second = actor_with(Role.COUNTY, org=tree.county)
        assert perform(fresh(one), "review", by=second).state == "assessing"


def test_another_union_does_not_claim_for_a_worker(tree, woman, on):
    with on(2012, 7, 1), pytest.raises(DomainError, match="请由甲厂工会申领"):
        claim(woman, 70, org=tree.neighbour_union)


def test_a_late_claim_and_a_small_hospital_are_told(tree, on):
    version = women_version(tree, claim_limit_days=30, min_hospital_level=2)
    cover = covered(version, employer(tree.union))
    with on(2012, 9, 1):
        one = claim(cover, 70)
        with pytest.raises(DomainError, match="要求二级及以上医院"):
            perform(one, "submit", by=SYSTEM)
        one = change(one, by=SYSTEM, hospital_level=3)
        with pytest.raises(DomainError, match=r"已超过申领时限（2012-06-13）"):
            perform(one, "submit", by=SYSTEM)
        one = change(one, by=SYSTEM, late_reason="在外地治疗")
        assert perform(one, "submit", by=SYSTEM).state == "submitted"


def test_missing_papers_are_told_once_and_the_clock_stands_still(tree, who, on):
    version = women_version(tree, required_papers=["form", "identity", "diagnosis"])
    cover = covered(version, employer(tree.union))
    with on(2012, 6, 1):
        one = claim(cover, 40, by=who.maker)
        hand_in(one, "form", by=who.maker)
        one = perform(fresh(one), "submit", by=who.maker)
        with pytest.raises(DomainError, match="还缺：身份证、诊断证明、病理报告"):
            perform(one, "review", by=who.reviewer)
        one = perform(one, "ask_more", by=who.reviewer, reason="缺身份证、诊断证明")
    with on(2012, 6, 11):
        hand_in(one, "identity", "diagnosis", by=who.maker)
        one = perform(fresh(one), "resubmit", by=who.maker)
        with pytest.raises(Conflict, match="已补正过一次"):
            perform(one, "ask_more", by=who.reviewer, reason="再补")
        assert perform(one, "review", by=who.reviewer).state == "assessing"
    assert (one.was_supplemented, one.supplement_days, one.supplement_from) == (True, 10, None)


def test_papers_that_were_handed_in_stay_until_more_is_asked_for(woman, who, on):
    with on(2012, 7, 1):
        one = claim(woman, 70, by=who.maker)
        hand_in(one, "form", by=who.maker)
        one = perform(fresh(one), "submit", by=who.maker)
        (form,) = everything_of(ClaimPaper, claim=one)
        late = (
            lambda: change(form, by=who.maker, paper_no="换了"),
            lambda: void(form, by=who.maker, reason="换一份"),
            lambda: create(ClaimPaper, by=who.maker, claim=one, kind="identity"),
        )
        for state in ("submitted", "assessing"):
            assert fresh(one).state == state
            for step in late:
                with pytest.raises(Conflict, match="材料不能再改"):
                    step()
            if state == "submitted":
                one = perform(one, "review", by=who.reviewer)
        assert [(each.pk, each.paper_no) for each in everything_of(ClaimPaper, claim=one)] == [
            (form.pk, form.paper_no)
        ]
        perform(fresh(one), "ask_more", by=who.assessor, reason="缺身份证")
        create(ClaimPaper, by=who.maker, claim=one, kind="identity")
    assert len(everything_of(ClaimPaper, claim=one)) == 2


def test_an_invoice_and_a_scan_are_used_once(tree, woman, who, on):
    other = covered(woman.policy.product_version, employer(tree.union))
    with on(2012, 7, 1):
        one, two = claim(woman, 70), claim(other, 70)
        create(ClaimPaper, by=SYSTEM, claim=one, kind="invoice", paper_no="票001")
        with pytest.raises(DomainError, match="该票据号已用于申领"):
            create(ClaimPaper, by=SYSTEM, claim=two, kind="invoice", paper_no="票001")
        for each in (one, two):
            attach(each, "病理报告.pdf", b"%PDF-1.4\nsame", by=SYSTEM)
        two = perform(fresh(two), "submit", by=who.maker)
        with pytest.raises(Conflict, match=f"已用于申领{one.number}"):
            perform(two, "review", by=who.reviewer)


def test_ten_thousand_yuan_take_two_assessors(woman, who, on):
    with on(2012, 7, 1):
        one = assessing(claim(woman, 70, by=who.maker), who)
        with pytest.raises(Conflict, match="须由第二人复核"):
            perform(one, "assess", by=who.assessor, assessed=Decimal(15000))
        one = perform(one, "assess_large", by=who.assessor, assessed=Decimal(15000))
        with pytest.raises(NotAllowed):
            perform(one, "confirm", by=who.assessor)
        one = perform(one, "confirm", by=who.second)
    assert (one.state, one.decided_on, one.assessed) == (
        "approved",
        date(2012, 7, 1),
        Decimal(15000),
    )


def test_never_more_than_the_clause_and_less_only_with_a_reason(woman, who, on):
    with on(2012, 7, 1):
        one = assessing(claim(woman, 40, by=who.maker), who)
        with pytest.raises(DomainError, match=r"不能超过按细则测算的500\.00元"):
            perform(one, "assess", by=who.assessor, assessed=Decimal("500.01"))
        with pytest.raises(DomainError, match="请说明原因"):
            perform(one, "assess", by=who.assessor, assessed=Decimal(400))
        assert fresh(one).state == "assessing"
        done = perform(
            one, "assess", by=who.assessor, assessed=Decimal(400), difference_reason="他处已慰问"
        )
    assert done.state == "approved"


def test_the_maker_neither_reviews_nor_assesses(woman, who, on):
    with on(2012, 7, 1):
        one = claim(woman, 40, by=who.reviewer)
        hand_in(one, "form")
        one = perform(fresh(one), "submit", by=who.reviewer)
        with pytest.raises(NotAllowed):
            perform(one, "review", by=who.reviewer)
        with pytest.raises(NotAllowed):
            perform(one, "review", by=who.maker)
    assert fresh(one).state == "submitted"


def test_two_refuse_and_others_hear_the_appeal(tree, woman, who, on):
    with on(2012, 6, 1):
        one = assessing(claim(woman, 10, by=who.maker), who)
        with pytest.raises(DomainError, match="在30天等待期内"):
            perform(one, "assess", by=who.assessor, assessed=Decimal(500))
        with pytest.raises(DomainError, match="请写明"):
            perform(one, "propose_refusal", by=who.assessor, refuse_reason="waiting")
        one = perform(
            one,
            "propose_refusal",
            by=who.assessor,
            refuse_reason="waiting",
            refuse_note=one.reckoning,
        )
        with pytest.raises(NotAllowed):
            perform(one, "confirm_refusal", by=who.assessor)
        one = perform(one, "confirm_refusal", by=who.second)
    with on(2012, 7, 2), pytest.raises(Conflict, match="超过30天的申诉期限"):
        perform(one, "appeal", by=who.maker, appeal_note="不服")
    with on(2012, 6, 20):
        one = perform(one, "appeal", by=who.maker, appeal_note="确诊日期有误")
        for refuser in (who.assessor, who.second):
            with pytest.raises(NotAllowed):
                perform(one, "reassess", by=refuser)
        one = perform(one, "reassess", by=actor_with(Role.DEPT, org=tree.city))
        with pytest.raises(NotAllowed, match="原核定人以外"):
            perform(
                one,
                "propose_refusal",
                by=who.assessor,
                refuse_reason="waiting",
                refuse_note="同前",
            )
    assert (one.state, one.decided_on) == ("assessing", None)


def paid(one, who, day=None):
    """The claim listed, the batch sent, and the money paid."""
    one = perform(fresh(one), "queue", by=who.assessor)
    (line,) = everything_of(PayLine, source_id=one.pk, state="draft")
    sent(line.batch, who)
    (line,) = everything_of(PayLine, source_id=one.pk, state="reserved")
    return perform(line, "pay", by=who.finance, paid_on=day or date(2012, 7, 20), bank_ref="流水1")


def test_a_claim_is_paid_by_funds_and_ends_the_cover(tree, woman, who, on):
    fund = woman.product.fund
    pour(fund, 20000)
    account_of(woman.person)
    with on(2012, 7, 1):
        one = approved(claim(woman, 70, by=who.maker), who)
    with on(2012, 7, 20):
        line = paid(one, who)
    one = fresh(one)
    assert (line.amount, line.programme_code, line.pay_kind) == (Decimal(15000), "HZBZ", "benefit")
    assert (one.state, one.paid_on, one.handling_days) == ("paid", date(2012, 7, 20), 19)
    cover = fresh(woman)
    assert (cover.state, cover.ends_on) == ("terminated", date(2012, 7, 20))
    found = figures([*CODES, "mutual.active"], [tree.county.pk], YEAR)
    assert [found[code, tree.county.pk].value for code in (*CODES, "mutual.active")] == [
        Decimal(1),
        Decimal(15000),
        Decimal(19),
        Decimal(0),
    ]
    assert troubles() == []
    assert verify().is_clean


@pytest.mark.parametrize("filed", ["none", "open", "exited"])
def test_a_household_without_a_file_is_looked_after(tree, woman, who, on, filed):
    pour(woman.product.fund, 20000)
    account_of(woman.person)
    family = home(tree.union, woman.person)
    if filed != "none":
        file = filed_before(tree.union, family)
        if filed == "exited":
            file = perform(file, "propose_exit", by=SYSTEM, exit_reason="deceased")
            perform(file, "exit", by=SYSTEM)
    with on(2012, 7, 1):
        one = approved(claim(woman, 70, by=who.maker), who)
    with on(2012, 7, 20):
        paid(one, who)
    told = Reminder._unscoped.filter(register="mutual.mutual_claim", mark="hardship")
    assert told.count() == (0 if filed == "open" else 1)
    for each in told:
        assert (each.org_id, each.roles) == (tree.union.pk, ["basic", "station"])
        assert each.message == (
            f"{woman.person.name}家庭领取了互助金（{one.number}），还没有困难职工档案，"
            "请上门了解，符合条件的帮助建档。"
        )


def test_a_benefit_is_known_to_whoever_may_open_its_claim(tree, woman, who, on):
    pour(woman.product.fund, 20000)
    account_of(woman.person)
    gifts = funds_office(tree.county)
    family = home(tree.neighbour, woman.person)
    with on(2012, 7, 1):
        pay_all(
            gifts, gifts.sent(gifts.batch(gifts.fund(1000), [woman.person], 700)), clock.today()
        )
        one = approved(claim(woman, 40, by=who.maker), who)
        paid(one, who, clock.today())
        neighbour = client_for(user_with(Role.COUNTY, org=tree.neighbour))
        seen = neighbour.get(f"/r/aid.household/{family.pk}/").content.decode()
        union = client_for(User.objects.get(pk=who.maker.user_id))
        known = union.get(f"/r/members.person/{woman.person.pk}/").content.decode()
    assert "2012年已发放<strong>700.00</strong>元，历年合计<strong>700.00</strong>元" in seen
    assert "走访慰问" in seen
    assert "另有1笔属于您无权查看的台账" in seen
    assert ">互助金<" not in seen
    assert "500.00" not in seen
    assert "历年合计<strong>1,200.00</strong>元" in known
    assert ">互助金<" in known
    assert "您无权查看" not in known


def test_who_was_paid_out_may_join_again_but_has_to_wait(tree, woman, who, on):
    pour(woman.product.fund, 20000)
    account_of(woman.person)
    with on(2012, 7, 1):
        one = approved(claim(woman, 70, by=who.maker), who)
    with on(2012, 7, 20):
        paid(one, who)
        again = policy(woman.policy.product_version, woman.policy.employer, women_total=100)
        (row,) = must_enrol(again, woman.person)
        in_force(again)
    row = fresh(row)
    assert (row.is_continuous, row.wait_until) == (False, date(2012, 8, 19))


def test_the_second_of_two_claims_waits_whole_when_the_fund_is_short(tree, who, on):
    version = product(tree.city, wait_days=0)
    version = with_clauses(
        version, {"clause": "第三条", "kind": "lump", "event_kind": "accident", "amount": 10000}
    )
    covers = [covered(version, employer(tree.union)) for _ in range(2)]
    fund = version.product.fund
    pour(fund, 12000 - 80)
    with on(2012, 5, 2):
        for cover in covers:
            account_of(cover.person)
        ones = [
            approved(claim(each, 10, by=who.maker, event_kind="accident"), who, "accident")
            for each in covers
        ]
        assert Reminder._unscoped.filter(register="funds.fund", record_id=fund.pk).count() == 1
        told = Reminder._unscoped.get(register="funds.fund", record_id=fund.pk)
        assert "可用12,000.00元，已核定待发放20,000.00元，缺口8,000.00元" in told.message
        perform(fresh(ones[0]), "queue", by=who.assessor)
        with pytest.raises(Conflict) as refused:
            perform(fresh(ones[1]), "queue", by=who.assessor)
    assert refused.value.code == "F11"
    assert [fresh(one).state for one in ones] == ["paying", "approved"]
    assert len(everything_of(PayLine)) == 1


def test_heirs_share_what_was_assessed_to_the_cent(tree, who, on):
    version = product(tree.city, wait_days=0)
    version = with_clauses(
        version, {"clause": "第四条", "kind": "lump", "event_kind": "death", "amount": 10000}
    )
    cover = covered(version, employer(tree.union))
    pour(version.product.fund, 30000)
    heirs = [person(tree.union) for _ in range(3)]
    for heir in heirs:
        account_of(heir)
    parts = [yuan(each) for each in split(cents(10000), [1, 1, 1])]
    assert sorted(parts) == [Decimal("3333.33"), Decimal("3333.33"), Decimal("3333.34")]
    with on(2012, 6, 1):
        one = claim(cover, 10, by=who.maker, event_kind="death")
        one = assessing(one, who, "death", "heirs")
        with pytest.raises(DomainError, match="须登记继承人"):
            perform(one, "assess_large", by=who.assessor, assessed=Decimal(10000))
        rows = [
            {"claim": one, "person": heir, "relation": "子女", "amount": part}
            for heir, part in zip(heirs, parts, strict=True)
        ]
        assert all(each.error is None for each in create_many(ClaimPayee, rows[:2], by=SYSTEM))
        with pytest.raises(DomainError, match="与核定金额10,000"):
            perform(one, "assess_large", by=who.assessor, assessed=Decimal(10000))
        create(ClaimPayee, by=SYSTEM, **rows[2])
        one = perform(one, "assess_large", by=who.assessor, assessed=Decimal(10000))
        one = perform(one, "confirm", by=who.second)
        perform(one, "queue", by=who.assessor)
        lines = everything_of(PayLine, source_id=one.pk)
        assert [line.person for line in lines] == heirs
        assert sum(line.amount for line in lines) == Decimal(10000)
        batch = sent(lines[0].batch, who)
    day = date(2012, 6, 5)
    with on(2012, 6, 5):
        *others, last = everything_of(PayLine, source_id=one.pk)
        perform(last, "fail", by=who.finance, failed_on=day, fail_text="账号错误")
        for line in others:
            perform(line, "pay", by=who.finance, paid_on=day)
        assert fresh(one).state == "paying"
    with on(2012, 6, 8):
        sent(reissue(fresh(batch), by=who.assessor), who)
        (again,) = everything_of(PayLine, source_id=one.pk, state="reserved")
        perform(again, "pay", by=who.finance, paid_on=date(2012, 6, 8))
    assert (fresh(one).state, fresh(one).paid_on) == ("paid", date(2012, 6, 8))
    assert troubles() == []


def test_a_cancelled_batch_leaves_the_claim_waiting(woman, who, on):
    pour(woman.product.fund, 20000)
    account_of(woman.person)
    with on(2012, 7, 1):
        one = approved(claim(woman, 40, by=who.maker), who)
        one = perform(one, "queue", by=who.assessor)
        (line,) = everything_of(PayLine, source_id=one.pk)
        perform(line.batch, "cancel", by=who.assessor, reason="重编")
        assert fresh(one).state == "approved"
        perform(fresh(one), "queue", by=who.assessor)
    assert fresh(one).state == "paying"
    assert [line.state for line in everything_of(PayLine)] == ["withdrawn", "draft"]
    assert len(everything_of(PayBatch)) == 2


def test_money_that_comes_back_counts_off_from_that_day(tree, woman, who, on):
    pour(woman.product.fund, 20000)
    account_of(woman.person)
    with on(2012, 7, 1):
        one = approved(claim(woman, 40, by=who.maker), who)
    with on(2012, 7, 20):
        line = paid(one, who)
    with on(2012, 9, 3):
        refund = create(
            FundReceipt,
            by=SYSTEM,
            org=line.org,
            fund=line.fund,
            kind="payee_refund",
            source="mutual_fee",
            payer_name="本人",
            amount=line.amount,
            received_on=date(2012, 9, 3),
            evidence_no="退1",
            pay_line=line,
        )
        perform(refund, "confirm", by=SYSTEM)
        perform(
            fresh(line),
            "reverse",
            by=who.leader,
            reversed_on=date(2012, 9, 3),
            reverse_reason="误付",
        )
    assert (fresh(one).state, fresh(one).returned_on) == ("returned", date(2012, 9, 3))
    codes = ["mutual.benefit_paid"]
    july = figures(codes, [tree.city.pk], Period.month(2012, 7))
    year = figures(codes, [tree.city.pk], YEAR)
    assert july["mutual.benefit_paid", tree.city.pk].value == Decimal(500)
    assert year["mutual.benefit_paid", tree.city.pk].value == Decimal(0)
    assert troubles() == []
    assert verify().is_clean


def test_a_policy_with_claims_is_not_annulled(woman, who, on):
    with on(2012, 7, 1):
        claim(woman, 40)
        with pytest.raises(Conflict, match="已有人申领"):
            perform(fresh(woman.policy), "annul", by=SYSTEM, reason="退出")


def test_clauses_of_a_published_version_stay(tree):
    version = women_version(tree)
    with pytest.raises(DomainError, match="另行发布新版本"):
        create(
            BenefitRule,
            by=SYSTEM,
            product_version=version,
            clause="第十条",
            kind="lump",
            event_kind="death",
            amount=1,
        )
    with pytest.raises(Conflict):
        void(BenefitRule.objects.first(), by=SYSTEM, reason="删")


def test_a_roster_of_claims_is_followed_set_by_set(tree, who, on):
    version = product(tree.city, wait_days=0)
    clause = {"clause": "第三条", "kind": "lump", "event_kind": "accident", "amount": 100}
    version = with_clauses(version, {**clause, "ends_cover": True})
    pour(version.product.fund, 20000)
    costs = []
    for count, day in ((2, 1), (8, 8)):
        with on(2012, 5, day):
            covers = [covered(version, employer(tree.union)) for _ in range(count)]
        with on(2012, 6, day):
            ones = []
            for cover in covers:
                account_of(cover.person)
                one = claim(cover, 10, by=who.maker, event_kind="accident")
                ones.append(approved(one, who, "accident"))
            queued = perform_many(ones, "queue", by=who.assessor)
            assert [each.error for each in queued] == [None] * count
            sent(everything_of(PayLine, state="draft")[0].batch, who)
            waiting = everything_of(PayLine, state="reserved")
            paid_on = date(2012, 6, day)
            with CaptureQueriesContext(connection) as caught:
                outcomes = perform_many(waiting, "pay", by=who.finance, paid_on=paid_on)
        assert [each.error for each in outcomes] == [None] * count
        assert {fresh(one).state for one in ones} == {"paid"}
        assert {fresh(cover).state for cover in covers} == {"terminated"}
        costs.append(caught)
    assert len(costs[0]) == len(costs[1])
