"""Small loans: who may have one, the money's way, repayments, and the clocks that run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.people.models import Household
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Reminder
from gonghui.lines.employment.jobs import mark_overdue_loans, remind_of_loans
from gonghui.lines.employment.models import (
    InterestSubsidy,
    LoanInstallment,
    LoanRepayment,
    LoanVisit,
    Placement,
)
from gonghui.lines.employment.services.loan_clocks import clocks_of
from gonghui.lines.employment.services.repaying import (
    cover,
    parts_of,
    penalty_due,
    penalty_for,
)
from gonghui.shared.funds.models import KinDeclaration, PayBatch, PayLine
from gonghui.web.columns import record_url
from tests.lines.employment.lending import (
    ALL,
    ASKED_ON,
    again,
    come_back,
    draft,
    fund_of,
    guarantor,
    in_review,
    lent,
    repay,
    rostered,
    signed,
)
from tests.lines.members.making import person
from tests.support.orgs import actor_with, user_with

YEAR = Period(date(2012, 1, 1), date(2012, 12, 31))


@pytest.fixture(autouse=True)
def then():
    with clock.at(ASKED_ON):
        yield


def schedule_of(loan):
    """Due days and sums."""
    rows = LoanInstallment._unscoped.filter(loan=loan, voided_at=None).order_by("seq")
    return [(row.due_on, row.principal) for row in rows]


def out(org, as_of=None):
    """What was lent in the year."""
    return figure("employment.loan_out", org, YEAR, as_of).value


def test_a_schedule_adds_up_to_the_cent(tree):
    assert parts_of(Decimal(10_000), 4) == [Decimal(2_500)] * 4
    assert parts_of(Decimal(10_000), 3) == [
        Decimal("3333.33"),
        Decimal("3333.33"),
        Decimal("3333.34"),
    ]
    loan = lent(tree.county, fund_of(tree.county))
    assert schedule_of(loan) == [(date(2012, month, 1), Decimal(2_500)) for month in (6, 9, 12)] + [
        (date(2013, 3, 1), Decimal(2_500))
    ]
    assert (loan.state, loan.disbursed_on, loan.principal_left) == (
        "repaying",
        date(2012, 3, 1),
        Decimal(10_000),
    )


def test_a_hundred_days_late_cost_twenty_yuan_fifty_five(db):
    since = date(2012, 6, 1)
    with acting(SYSTEM):
        assert penalty_for(Decimal(2_500), since, date(2012, 9, 9)) == Decimal("20.55")


def test_only_what_was_paid_out_is_lent_and_it_is_not_aid(tree):
    fund = fund_of(tree.county)
    first, second = (signed(tree.county, fund) for _ in range(2))
    with pytest.raises(DomainError):
        perform(first, "disburse", by=actor_with(Role.COUNTY, org=tree.county))
    on = date(2012, 3, 1)
    with clock.at(on):
        perform(rostered(first), "pay", by=SYSTEM, paid_on=on)
        bounced = rostered(second)
        perform(bounced, "fail", by=SYSTEM, failed_on=on, fail_text="账号错误")
    assert (out(tree.city), again(second).state) == (10_000, "signed")
    with clock.at(date(2012, 3, 5)):
        perform(rostered(second), "pay", by=SYSTEM, paid_on=date(2012, 3, 5))
    assert out(tree.city) == 20_000
    assert figure("funds.paid", tree.city, YEAR).value == 0
    assert again(fund).available == 80_000
    codes = ["loan_out", "loan_lent", "loan_repaid", "loan_overdue"]
    assert verify([f"employment.{code}" for code in codes]).differing == ()


def test_a_loan_is_on_one_roster_and_in_the_sum_that_was_approved(tree):
    loan = signed(tree.county, fund_of(tree.county))
    perform(loan, "ask_for_money", by=SYSTEM)
    with pytest.raises(DomainError) as twice:
        perform(loan, "ask_for_money", by=SYSTEM)
    assert twice.value.message == "该借款已列入发放批次。"
    line = PayLine._unscoped.get(source_id=loan.pk)
    with pytest.raises(DomainError) as altered:
        change(line, by=SYSTEM, amount=20_000)
    assert "“金额（元）”不能在批次中修改" in altered.value.message
    batch = change(PayBatch._unscoped.get(pk=line.batch_id), by=SYSTEM, form="cash")
    with by_rule():  # whoever goes round the refusal meets the gate
        change(line, by=SYSTEM, amount=20_000)
    with pytest.raises(DomainError) as other:
        perform(batch, "check", by=SYSTEM)
    assert f"放款与借款{loan.number}的借款人或批准金额不符。" in other.value.message


def test_money_that_came_back_whole_ends_the_loan(tree):
    fund = fund_of(tree.county)
    loan = lent(tree.county, fund)
    line = PayLine._unscoped.get(source_id=loan.pk)
    with clock.at(date(2012, 4, 2)):
        come_back(line, 10_000, "项目停办")
    assert again(loan).state == "returned"
    assert figure("employment.loan_out", tree.city, Period.month(2012, 3)).value == 10_000
    assert out(tree.city) == 0
    assert schedule_of(loan) == []
    draft(tree.county, loan.borrower)


def test_repayments_cover_principal_first_and_the_fund_lends_again(tree):
    fund = fund_of(tree.county, 10_000)
    loan = lent(tree.county, fund)
    assert again(fund).available == 0
    repay(loan, 2_500, date(2012, 6, 1), "还1")
    row = repay(loan, 1_000, date(2012, 9, 11), "还2")
    assert row.principal_part == 1_000
    assert (again(loan).principal_left, again(fund).available) == (6_500, 3_500)
    with clock.at(date(2012, 9, 20)):
        assert figure("employment.loan_balance", tree.city, YEAR).value == 6_500
        # 1,500 left of September's part: ten days on 2,500 and nine on 1,500.
        with acting(SYSTEM):
            assert penalty_due(again(loan)) == Decimal("2.05") + Decimal("1.11")
    with clock.at(date(2013, 3, 1)), acting(SYSTEM):
        cost = penalty_due(again(loan))
    repay(loan, 6_500 + cost, date(2013, 3, 1), "还3")
    settled = again(loan)
    assert (settled.state, settled.principal_left) == ("settled", 0)
    assert settled.settled_on == date(2013, 3, 1)
    assert again(fund).available == 10_000 + cost


def test_a_voucher_counts_once_and_what_it_took_back_is_owed_again(tree):
    loan = lent(tree.county, fund_of(tree.county))
    row = repay(loan, 10_000, date(2012, 5, 2), "还1")
    assert again(loan).state == "settled"
    with clock.at(date(2012, 5, 3)):
        with pytest.raises(DomainError):
            void(row, by=SYSTEM, reason="误登")
        perform(row.receipt, "reverse", by=SYSTEM, reason="登错借款人")
        assert (again(loan).state, again(loan).principal_left) == ("repaying", 10_000)
        create(
            LoanRepayment,
            by=SYSTEM,
            loan=loan,
            amount=5_000,
            paid_on=date(2012, 5, 3),
            evidence_no="还2",
        )
        with pytest.raises(DomainError) as twice:
            create(
                LoanRepayment,
                by=SYSTEM,
                loan=loan,
                amount=5_000,
                paid_on=date(2012, 5, 3),
                evidence_no="还2",
            )
    assert "该凭证号的还款已登记，不能重复登记。" in twice.value.message


def test_more_than_is_owed_is_not_taken(tree):
    with acting(SYSTEM), pytest.raises(DomainError) as refused:
        cover([(date(2012, 6, 1), Decimal(100))], [(date(2012, 5, 1), Decimal(101))])
    assert refused.value.message == "还款超过应还本金和逾期费，多1.00元，请核对。"


def test_a_household_owes_once(tree):
    home = create(Household, by=SYSTEM, org=tree.county, head=person(tree.county))
    loan = lent(tree.county, fund_of(tree.county), household=home)
    with pytest.raises(DomainError) as refused:
        draft(tree.county, household=home)
    assert refused.value.message == f"该家庭有未结清借款{loan.number}，余额10,000.00元。"
    with pytest.raises(DomainError) as same:
        draft(tree.neighbour, loan.borrower)
    assert "该家庭有未结清借款" in same.value.message


def test_who_is_not_eligible_is_told_why(tree):
    loan = perform(draft(tree.county, conditions=ALL[:4]), "submit", by=SYSTEM)
    with pytest.raises(DomainError) as unknown:
        perform(loan, "accept", by=SYSTEM)
    assert unknown.value.message == "条件尚未核对：已查询：未列入失信名单。"
    loan = change(loan, by=SYSTEM, conditions=ALL)
    with pytest.raises(DomainError) as alone:
        perform(loan, "accept", by=SYSTEM)
    assert alone.value.message == "须有一名保证人（或抵押），联保须三人以上。"
    with pytest.raises(DomainError) as himself:
        guarantor(loan, loan.borrower)
    assert himself.value.message == "借款人不能为自己担保。"
    banned = perform(draft(tree.county, sector="banned"), "submit", by=SYSTEM)
    guarantor(banned)
    with pytest.raises(DomainError) as trade:
        perform(banned, "accept", by=SYSTEM)
    assert trade.value.message == "该行业不予支持。"
    with pytest.raises(DomainError) as much:
        draft(tree.county, asked=20_001)
    assert much.value.message == "申请20,001.00元，超过单笔上限20,000.00元。"


def test_nobody_stands_in_for_three(tree):
    who = person(tree.county)
    for _ in range(2):
        guarantor(loan := draft(tree.county), who)
        in_review(loan)
    with pytest.raises(DomainError) as refused:
        guarantor(draft(tree.county), who)
    assert refused.value.message == "该保证人已为2笔未结清借款担保，最多2笔。"


def test_nobody_stands_in_for_three_though_all_were_drafts_when_he_was_named(tree):
    who = person(tree.county)
    third = draft(tree.county)
    guarantor(third, who)
    for _ in range(2):
        guarantor(one := draft(tree.county), who)
        in_review(one)
    third = perform(third, "submit", by=SYSTEM)
    with pytest.raises(DomainError) as refused:
        perform(third, "accept", by=SYSTEM)
    assert refused.value.message == f"保证人{who}已为2笔未结清借款担保，最多2笔。"


def test_what_was_shown_in_public_is_what_is_lent(tree):
    loan = draft(tree.county)
    stands_in = guarantor(loan, signed_on=None)
    loan = perform(in_review(loan), "show", by=SYSTEM, approved=10_000)
    for late in (lambda: guarantor(loan), lambda: void(stands_in, by=SYSTEM, reason="换人")):
        with pytest.raises(DomainError, match="保证人不能再变更"):
            late()
    with clock.at(date(2012, 2, 20)):
        loan = perform(loan, "approve", by=SYSTEM)
        with pytest.raises(DomainError, match="内容不能再直接修改"):
            change(loan, by=SYSTEM, borrower=person(tree.county))
        change(stands_in, by=SYSTEM, signed_on=date(2012, 2, 20))
        perform(loan, "sign", by=SYSTEM, contract_no="借1", fund=fund_of(tree.county))
        with pytest.raises(DomainError, match="保证人不能再变更"):
            change(again(stands_in), by=SYSTEM, period_to=date(2012, 3, 1))


def test_conditions_that_no_longer_hold_are_not_shown(tree):
    loan = draft(tree.county)
    guarantor(loan)
    loan = change(in_review(loan), by=SYSTEM, conditions=ALL[:1])
    with pytest.raises(DomainError, match="条件尚未核对"):
        perform(loan, "show", by=SYSTEM, approved=10_000)


def test_the_approver_is_neither_guarantor_nor_kin(tree):
    user = user_with(Role.COUNTY, org=tree.county)
    county = actor_of(user)
    loan = draft(tree.county)
    stands_in = guarantor(loan)
    create(
        KinDeclaration,
        by=SYSTEM,
        org=tree.county,
        username=user.username,
        person=stands_in.person,
        relation="self",
    )
    loan = perform(in_review(loan), "show", by=SYSTEM, approved=10_000)
    with clock.at(date(2012, 2, 20)):
        with pytest.raises(NotAllowed, match="须回避"):
            perform(loan, "approve", by=county)
        other = actor_with(Role.COUNTY, org=tree.county)
        assert perform(loan, "approve", by=other).state == "approved"


def test_a_repayment_is_the_money_that_finance_confirmed(tree):
    loan = lent(tree.county, fund_of(tree.county))
    given = {"loan": loan, "paid_on": date(2012, 5, 2), "evidence_no": "还1"}
    with clock.at(date(2012, 5, 2)):
        row = again(create(LoanRepayment, by=SYSTEM, amount=100, **given))
        with pytest.raises(DomainError, match="不能再改"):
            change(row, by=SYSTEM, amount=10_000)
        receipt = change(row.receipt, by=SYSTEM, amount=90)
        with pytest.raises(DomainError, match="与登记的还款"):
            perform(receipt, "confirm", by=SYSTEM)
        assert again(loan).principal_left == 10_000
        void(again(row), by=SYSTEM, reason="金额有误")
        assert again(receipt).voided_at is not None
        row = again(create(LoanRepayment, by=SYSTEM, amount=90, **given))
        perform(row.receipt, "confirm", by=SYSTEM)
    assert again(loan).principal_left == 9_910


def test_approval_waits_for_the_notice_and_for_another_person(tree):
    county, checker = (actor_with(Role.COUNTY, org=tree.county) for _ in range(2))
    loan = draft(tree.county)
    guarantor(loan)
    loan = perform(perform(loan, "submit", by=county), "accept", by=county)
    with pytest.raises(DomainError) as one:
        perform(loan, "pass_check", by=county, checkers="甲", check_note="可行")
    assert one.value.message == "实地考察须两人，姓名用“、”分开。"
    loan = perform(loan, "pass_check", by=county, checkers="甲、乙", check_note="可行")
    loan = perform(loan, "show", by=county, approved=10_000)
    with pytest.raises(DomainError) as early:
        perform(loan, "approve", by=checker)
    assert early.value.message.startswith("公示至")
    with clock.at(date(2012, 2, 20)):
        with pytest.raises(NotAllowed):
            perform(loan, "approve", by=county)
        assert perform(loan, "approve", by=checker).state == "approved"
    with clock.at(date(2012, 4, 1)), pytest.raises(DomainError) as late:
        perform(again(loan), "sign", by=county, contract_no="1", fund=fund_of(tree.county))
    assert late.value.message == "批准已超过30天，审批失效，请重新申请。"


def test_where_too_much_is_overdue_nothing_new_is_lent(tree):
    fund = fund_of(tree.county)
    lent(tree.county, fund)
    loan = draft(tree.county)
    guarantor(loan)
    with clock.at(date(2012, 6, 11)):
        loan = perform(in_review(loan), "show", by=SYSTEM, approved=10_000)
    with clock.at(date(2012, 6, 25)):
        with pytest.raises(DomainError) as refused:
            perform(loan, "approve", by=SYSTEM)
        assert refused.value.message.startswith("本工会借款逾期率25.0%，超过15%，暂停新增")
        county, dept = (
            actor_with(role, org=org)
            for role, org in ((Role.COUNTY, tree.county), (Role.DEPT, tree.city))
        )
        reason = {"gate_reason": "已与借款人达成还款协议"}
        with pytest.raises(NotAllowed, match="确需批准的由市总部室写明理由批准"):
            perform(loan, "approve", by=county, **reason)
        perform(loan, "approve", by=dept, **reason)


def test_guarantee_and_limitation_run_and_turn_red_in_time(tree):
    loan = lent(
        tree.county,
        fund_of(tree.county),
        on=date(2012, 3, 30),
        term_months=3,
        schedule="lump",
    )
    assert (loan.due_on, loan.guarantee_to) == (date(2012, 6, 30), date(2012, 12, 30))
    assert loan.limitation_to == date(2015, 6, 30)

    def colours(day):
        with clock.at(day), acting(SYSTEM):
            return {each.label: each.colour for each in clocks_of(again(loan))}

    assert colours(date(2012, 10, 30))["保证期间至"] == "green"
    assert colours(date(2012, 10, 31))["保证期间至"] == "red"
    with clock.at(date(2012, 11, 5)):
        create(
            LoanVisit,
            by=SYSTEM,
            loan=loan,
            visited_on=date(2012, 11, 5),
            visited_by="示例",
            is_demand=True,
        )
        demand = LoanVisit._unscoped.get()
        with pytest.raises(DomainError, match="须在放款之后、今天之前"):
            change(demand, by=SYSTEM, visited_on=date(2014, 1, 1))
    assert again(loan).limitation_to == date(2015, 11, 5)
    void(demand, by=SYSTEM, reason="没有送达")
    assert again(loan).limitation_to == date(2015, 6, 30)


def test_nobody_need_remember_the_days_of_a_loan(tree):
    loan = lent(
        tree.county,
        fund_of(tree.county),
        on=date(2012, 3, 30),
        term_months=3,
        schedule="lump",
    )
    told: dict[date, list[str]] = {}
    days = (
        date(2012, 5, 30),  # 31 days before
        date(2012, 5, 31),
        date(2012, 6, 1),
        date(2012, 6, 23),
        date(2012, 6, 30),
        date(2012, 7, 2),
        date(2012, 10, 31),
        date(2015, 4, 1),
    )
    for day in days:
        with clock.at(day):
            mark_overdue_loans()
            remind_of_loans()
            assert remind_of_loans() == 0
        known = Reminder._unscoped.order_by("pk").values_list("message", flat=True)
        told[day] = list(known)[sum(map(len, told.values())) :]
    prefix = f"{loan.borrower.name}的借款{loan.number}"
    assert [[text.removeprefix(prefix) for text in told[day]] for day in days] == [
        [],
        ["2012-06-30到期（还有30天），请提醒还款。"],
        [],
        ["2012-06-30到期（还有7天），请提醒还款。"],
        ["2012-06-30到期（今天），请提醒还款。"],
        ["自2012-07-01起逾期，请催收。"],
        ["保证期间至2012-12-30（还有60天），请在届满前书面要求保证人承担责任，或起诉。"],
        ["诉讼时效至2015-06-30（还有90天），请书面催收并登记，或起诉。"],
    ]
    mine = Reminder._unscoped.filter(register="employment.micro_loan")
    assert {(each.org_id, each.record_id) for each in mine} == {(tree.county.pk, loan.pk)}
    with clock.at(date(2015, 5, 1)):
        with acting(SYSTEM):
            owed = loan.approved + penalty_due(again(loan))
        repay(loan, owed, date(2015, 5, 1), "还1")
        assert again(loan).state == "settled"
        assert remind_of_loans() == 0


def test_ninety_days_late_is_default_and_writing_off_erases_nothing(tree):
    fund = fund_of(tree.county)
    loan = lent(tree.county, fund)
    with clock.at(date(2012, 6, 2)):
        assert mark_overdue_loans() == (1, 0)
        assert mark_overdue_loans() == (0, 0)
        assert figure("employment.loan_overdue_rate", tree.city, YEAR).value is not None
    assert again(loan).overdue_since == date(2012, 6, 2)
    with clock.at(date(2012, 8, 31)):
        assert mark_overdue_loans() == (0, 1)
        with pytest.raises(DomainError) as few:
            perform(again(loan), "write_off", by=SYSTEM, minutes="纪要1", reason="借款人死亡")
        assert few.value.message == "书面催收记录0次，不足3次，不能核销。"
        for day in (10, 10, 20, 30):
            with pytest.raises(DomainError):
                perform(again(loan), "write_off", by=SYSTEM, minutes="纪要1", reason="借款人死亡")
            create(
                LoanVisit,
                by=SYSTEM,
                loan=loan,
                visited_on=date(2012, 8, day),
                visited_by="示例",
                is_demand=True,
            )
        perform(again(loan), "write_off", by=SYSTEM, minutes="纪要1", reason="借款人死亡")
    assert again(loan).principal_left == 10_000
    repay(loan, 500, date(2012, 9, 10), "还1")
    assert (again(loan).state, again(loan).principal_left) == ("written_off", 9_500)


def test_an_extension_needs_consent_and_moves_what_is_not_yet_due(tree):
    loan = lent(tree.county, fund_of(tree.county))
    repay(loan, 2_500, date(2012, 6, 1), "还1")
    with clock.at(date(2012, 8, 1)):
        with pytest.raises(DomainError) as bare:
            perform(again(loan), "extend", by=SYSTEM, extend_months=6)
        assert bare.value.field == "consent_no"
        perform(again(loan), "extend", by=SYSTEM, extend_months=6, consent_no="同意书1")
        assert [day for day, _ in schedule_of(loan)] == [
            date(2012, 6, 1),
            date(2013, 3, 1),
            date(2013, 6, 1),
            date(2013, 9, 1),
        ]
        with pytest.raises(DomainError):
            perform(again(loan), "extend", by=SYSTEM, extend_months=6, consent_no="同意书2")


def test_a_loan_is_extended_once_though_its_last_repayment_was_taken_back(tree):
    loan = lent(tree.county, fund_of(tree.county))
    with clock.at(date(2012, 4, 1)):
        perform(loan, "extend", by=SYSTEM, extend_months=6, consent_no="同意书1")
    last = repay(loan, 10_000, date(2012, 6, 1), "还1")
    assert (again(loan).state, again(loan).settled_on) == ("settled", date(2012, 6, 1))
    with clock.at(date(2012, 6, 10)):
        perform(again(last.receipt), "reverse", by=SYSTEM, reason="串户")
        found = again(loan)
        assert (found.state, found.settled_on, found.principal_left) == ("extended", None, 10_000)
        with pytest.raises(Conflict):
            perform(found, "extend", by=SYSTEM, extend_months=6, consent_no="同意书2")
    assert again(loan).consent_no == "同意书1"
    repay(loan, 10_000, date(2012, 7, 1), "还2")
    assert (again(loan).state, again(loan).settled_on) == ("settled", date(2012, 7, 1))


def test_a_loan_that_is_sued_for_is_so_again_when_what_settled_it_is_taken_back(tree):
    loan = lent(tree.county, fund_of(tree.county), schedule="lump", term_months=2)
    with clock.at(date(2012, 9, 1)):
        perform(
            perform(again(loan), "mark_default", by=SYSTEM), "litigate", by=SYSTEM, court_no="1号"
        )
    last = repay(loan, Decimal("10101.10"), date(2012, 9, 1), "还1")
    assert again(loan).state == "settled"
    with clock.at(date(2012, 9, 2)):
        perform(again(last.receipt), "reverse", by=SYSTEM, reason="串户")
        found = again(loan)
    assert (found.state, found.overdue_since) == ("litigating", date(2012, 5, 2))


def test_whoever_a_loan_brought_to_work_is_counted_through_placements(tree):
    loan = lent(tree.county, fund_of(tree.county))
    values = {
        "org": tree.county,
        "kind": "reemployed",
        "source_kind": "loan",
        "loan": loan,
        "own_business": "早餐店",
    }
    with clock.at(date(2012, 4, 1)):
        with pytest.raises(DomainError) as early:
            create(
                Placement,
                by=SYSTEM,
                person=loan.borrower,
                started_on=date(2012, 2, 28),
                **values,
            )
        assert early.value.message == "上岗日期早于放款日期。"
        for who in (loan.borrower, person(tree.county)):
            made = create(Placement, by=SYSTEM, person=who, started_on=date(2012, 3, 10), **values)
            perform(made, "verify", by=SYSTEM, evidence=["licence"], evidence_no="执照1")
    assert figure("employment.loan_jobs", tree.city, YEAR).value == 2
    assert figure("employment.placed", tree.city, YEAR).value == 2


def test_the_union_pays_what_the_borrower_need_not_bear(tree):
    fund = fund_of(tree.county, programme="DKTX")
    loan = signed(
        tree.county, None, mode="subsidy", asked=300_000, approved=300_000, schedule="lump"
    )
    with clock.at(date(2013, 3, 5)):
        loan = perform(
            loan,
            "bank_disburse",
            by=SYSTEM,
            disbursed_on=date(2012, 3, 1),
            bank="示例银行",
            bank_loan_no="1",
        )
        values = {"loan": loan, "rate": "4.15", "evidence_no": "息1", "interest_paid": 12_450}
        days = {"period_from": date(2012, 3, 1), "period_to": date(2013, 3, 1)}
        row = create(InterestSubsidy, by=SYSTEM, **values, **days)
        # 2 % of 200,000, the most that is subsidised.
        assert row.amount == Decimal(4_000)
        with pytest.raises(DomainError) as twice:
            create(InterestSubsidy, by=SYSTEM, **values, **days)
        assert "这段时间的利息已申请贴息。" in twice.value.message
        row = perform(row, "ask_for_money", by=SYSTEM, fund=fund)
        first = PayLine._unscoped.get(source_model="employment.interest_subsidy")
        void(first, by=SYSTEM, reason="资金账选错")
        row = perform(again(row), "ask_for_money", by=SYSTEM, fund=fund)
        line = PayLine._unscoped.get(source_model="employment.interest_subsidy", voided_at=None)
        batch = change(PayBatch._unscoped.get(pk=line.batch_id), by=SYSTEM, form="service")
        for action in ("check", "submit", "dept_review", "finance_approve", "send"):
            batch = perform(batch, action, by=SYSTEM)
        perform(again(line), "pay", by=SYSTEM, paid_on=date(2013, 3, 5))
    assert again(row).state == "paid"
    year = Period(date(2013, 1, 1), date(2013, 12, 31))
    assert figure("employment.interest_subsidised", tree.city, year).value == 4_000
    assert out(tree.city) == 0
    with clock.at(date(2013, 4, 8)):
        come_back(again(line), 4_000, "利率有误")
        assert again(row).state == "returned"
        create(InterestSubsidy, by=SYSTEM, **values, **days)
    assert figure("employment.interest_subsidised", tree.city, year).value == 0
    march = Period.month(2013, 3)
    assert figure("employment.interest_subsidised", tree.city, march).value == 4_000


def test_the_page_of_a_loan_shows_its_schedule_and_the_days_that_run_out(tree, client, settings):
    settings.SECOND_FACTOR_ROLES = ()
    loan = lent(tree.county, fund_of(tree.county))
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    with clock.at(date(2012, 6, 11)):
        with acting(SYSTEM):
            where = record_url(register_of(loan), loan)
        page = client.get(where).content.decode()
    assert "还款与期限" in page
    assert "到期日 2013-03-01（还有263天）" in page
    assert "逾期费至今2.05元（不计入本金）" in page
