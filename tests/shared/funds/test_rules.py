"""What offices found by using it: leave given twice, refunds, closed funds, budgets that came later, years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import zip_longest

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.people.models import Household, Person
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Task
from gonghui.shared.funds.models import (
    Allotment,
    BudgetLine,
    FundReceipt,
    KinDeclaration,
    PayBatch,
    PayeeAccount,
)
from gonghui.shared.funds.services import gates
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch
from tests.shared.funds.conftest import account_of, office, receive
from tests.shared.funds.planting import member
from tests.shared.funds.test_money import lines_of, pay_all, sums_agree

DAY = date(2012, 3, 15)


def given(county, fund, worker, campaign, **more):
    """A draft payment of the festivals to one worker."""
    batch = county.batch(fund, [worker], programme="SWN-M", campaign=campaign, **more)
    (line,) = lines_of(batch)
    return batch, line


def allowed(county, line):
    return perform(line, "allow_repeat", by=county.leader, repeat_reason="火灾")


def key_of(line):
    line.refresh_from_db()
    return line.benefit_key.rpartition("|")[2]


def test_leave_to_help_again_is_given_once_for_one_payment(county, people, festivals):
    (worker,) = people(1)
    fund = county.fund(10_000, "SWN-M")
    first, _ = given(county, fund, worker, festivals.code)
    county.submitted(first)
    again, line = given(county, fund, worker, festivals.code)
    allowed(county, line)
    with pytest.raises(Conflict, match="已批准叠加发放"):
        allowed(county, line)
    assert key_of(line) == "x2"
    county.submitted(again)
    third, line = given(county, fund, worker, festivals.code)
    allowed(county, line)
    assert key_of(line) == "x3"
    county.submitted(third)


def test_leave_is_given_for_what_is_repeated_and_fills_the_first_gap(county, people, festivals):
    worker, other = people(2)
    fund = county.fund(10_000, "SWN-M")
    _, alone = given(county, fund, other, festivals.code)
    with pytest.raises(Conflict, match="没有与本笔重复的发放"):
        allowed(county, alone)
    county.submitted(given(county, fund, worker, festivals.code)[0])
    second, line = given(county, fund, worker, festivals.code)
    allowed(county, line)
    county.submitted(second)
    perform(second, "return", by=county.reviewer, reason="不再叠加")
    perform(second, "cancel", by=county.maker, reason="不再叠加")
    _, line = given(county, fund, worker, festivals.code)
    allowed(county, line)
    assert key_of(line) == "x2"


def test_two_drafts_are_not_given_the_same_place(county, people, festivals):
    (worker,) = people(1)
    fund = county.fund(10_000, "SWN-M")
    county.submitted(given(county, fund, worker, festivals.code)[0])
    batches, lines = zip(
        *(given(county, fund, worker, festivals.code) for _ in range(2)), strict=True
    )
    for line in lines:
        allowed(county, line)
    assert [key_of(line) for line in lines] == ["x2", "x3"]
    for batch in batches:
        county.submitted(batch)


def test_the_refund_of_a_reversed_payment_stays(county, people):
    fund = county.fund(10_000)
    batch = county.sent(county.batch(fund, people(1), 1000))
    pay_all(county, batch)
    (line,) = lines_of(batch)
    refund = create(
        FundReceipt,
        by=county.finance,
        org=county.org,
        fund=fund,
        kind="payee_refund",
        source="own_union",
        payer_name="职工",
        amount=Decimal(1000),
        received_on=DAY,
        evidence_no="退1",
        pay_line=line,
    )
    perform(refund, "confirm", by=county.cashier)
    perform(line, "reverse", by=county.leader, reversed_on=DAY, reverse_reason="不符合条件")
    with pytest.raises(Conflict, match="对应的发放已办理退回，不能红冲"):
        perform(refund, "reverse", by=county.leader, reason="登记有误")
    refund.refresh_from_db()
    assert refund.state == "confirmed"
    assert sums_agree(fund)


def test_a_closed_fund_takes_no_money(tree, county, people):
    fund = county.fund(0)
    waiting = create(
        FundReceipt,
        by=SYSTEM,
        org=county.org,
        fund=fund,
        kind="external",
        source="own_union",
        payer_name="示例单位",
        amount=Decimal(100),
        received_on=DAY,
        evidence_no="收1",
    )
    perform(fund, "close", by=county.finance)
    with pytest.raises(Conflict, match="已结清，不能再到账"):
        perform(waiting, "confirm", by=county.cashier)
    with pytest.raises(DomainError, match="已结清"):
        receive(fund, 200)
    fund.refresh_from_db()
    assert (fund.received, fund.available) == (0, 0)


def test_a_fund_is_not_closed_while_what_it_gave_is_under_way(tree, county):
    city = office(tree.city)
    giver, taker = city.fund(1000), county.fund(0)
    allotment = create(
        Allotment,
        by=SYSTEM,
        org=tree.county,
        from_fund=giver,
        to_fund=taker,
        amount=Decimal(1000),
        doc_no="示例〔2012〕1号",
        purpose="送温暖",
    )
    allotment = perform(perform(allotment, "approve", by=SYSTEM), "send", by=SYSTEM)
    giver.refresh_from_db()
    with pytest.raises(Conflict, match="还有1笔下拨没有到账"):
        perform(giver, "close", by=city.finance)
    perform(allotment, "accept", by=county.finance)
    giver.refresh_from_db()
    assert perform(giver, "close", by=city.finance).state == "closed"


def budget(tree, fund, **more):
    return create(
        BudgetLine,
        by=SYSTEM,
        org=tree.county,
        fund=fund,
        programme_code=more.pop("programme", "ZFWW"),
        amount=Decimal(1000),
        **more,
    )


def test_a_budget_line_that_was_voided_after_the_check_is_missed_when_submitting(
    tree, county, people
):
    fund = county.fund(10_000, "ZFWW", "LMSH")
    mine = budget(tree, fund)
    budget(tree, fund, programme="LMSH")
    batch = perform(county.batch(fund, people(1), 600), "check", by=county.maker)
    void(mine, by=SYSTEM, reason="下达有误")
    with pytest.raises(Conflict, match="没有下达预算指标") as refused:
        perform(batch, "submit", by=county.maker)
    assert refused.value.code == "F12"
    fund.refresh_from_db()
    assert (fund.reserved, fund.available) == (0, 10_000)


@pytest.mark.parametrize(("amount", "step"), [(600, "finance_approve"), (60_000, "approve")])
def test_what_was_submitted_before_the_fund_had_budgets_is_not_approved(
    tree, county, people, amount, step
):
    fund = county.fund(100_000)
    batch = perform(
        county.submitted(county.batch(fund, people(1), amount)), "dept_review", by=county.reviewer
    )
    if step == "approve":
        batch = perform(batch, "finance_review", by=county.finance)
    budget(tree, fund)
    by = county.finance if step == "finance_approve" else county.leader
    with pytest.raises(Conflict, match="请退回后重新校验、提交") as refused:
        perform(batch, step, by=by)
    assert refused.value.code == "F12"


def test_a_batch_moved_to_another_year_claims_that_years_help(county, people):
    fund = county.fund(10_000, "LMSH")
    (worker,) = people(1)
    batch = county.batch(fund, [worker], programme="LMSH")
    perform(batch, "check", by=county.maker)
    batch.refresh_from_db()
    change(batch, by=county.maker, opened_on=date(2011, 12, 30))
    (line,) = lines_of(batch)
    assert line.benefit_key == f"LMSH|2011|{worker.pk}"
    batch.refresh_from_db()
    assert batch.state == "draft"
    county.submitted(batch)
    county.submitted(county.batch(fund, [worker], programme="LMSH"))


def test_accounts_and_funds_are_nobodys_task(county, people):
    county.fund(1000)
    account_of(people(1)[0])
    assert PayeeAccount.objects.exists()
    waiting = set(Task._unscoped.filter(closed_at=None).values_list("register", flat=True))
    assert waiting.isdisjoint({"funds.fund", "funds.payee_account"})


def festive_batch(office, festivals, people, programme, homes=(), amount=700):
    """A draft batch of a campaign, for persons or for their households."""
    batch = open_batch(
        org=office.org,
        fund=office.fund(10_000, programme),
        programme=programme,
        campaign=festivals.code,
        title=f"双节{programme}",
        by=office.maker,
        form="cash",
    )
    requests = [
        PaymentRequest(payee=each, household=home, amount=Decimal(amount))
        for each, home in zip_longest(people, homes)
    ]
    assert [each.error for each in add_lines(batch, requests, by=office.maker)] == [None] * len(
        people
    )
    return PayBatch.objects.get(pk=batch.pk)


def warnings_of(batch):
    found = gates.findings_of(batch)
    assert [each for each in found if each.blocks] == []
    return [(each.code, each.seq, each.text) for each in found]


def test_a_model_worker_who_heads_a_household_is_pointed_out_and_counts_in_both(
    county, people, festivals
):
    worker, wife, stranger = people(3)
    now = clock.now()
    home = Household(org=county.org, head=worker, created_at=now, changed_at=now)
    home.save()
    member(home, wife)
    model = county.submitted(festive_batch(county, festivals, [worker], "SWN-M"))
    own = festive_batch(county, festivals, [worker], "SWN-H", [home])
    told = f"已在《{model}》中慰问，请核实并说明。"
    assert warnings_of(own) == [("F17", 1, f"本人{told}")]
    county.submitted(own)
    again = festive_batch(county, festivals, [wife, stranger], "LMSH")
    (warned,) = [each for each in gates.findings_of(again) if each.code == "F17"]
    assert (warned.seq, warned.blocks) == (1, False)
    assert warned.text.startswith("同户家庭成员已在《双节SWN-")


def test_whoever_has_reached_the_age_of_retirement_is_pointed_out(county, people, festivals):
    old, young = people(2)
    Person._unscoped.filter(pk=old.pk).update(born_on=date(1952, 3, 14), sex="male")
    old.refresh_from_db()
    fund = county.fund(10_000)
    text = f"{old}已于2012-03-14达到法定退休年龄，请核实是否仍属发放对象。"
    assert warnings_of(county.batch(fund, [young, old])) == [("F16", 2, text)]
    assert warnings_of(festive_batch(county, festivals, [old], "SWN-M")) == []


def test_whoever_is_related_to_the_child_that_is_helped_does_not_review(county, people):
    parent, child = people(2)
    username = User.objects.get(pk=county.reviewer.user_id).username
    create(
        KinDeclaration, by=SYSTEM, org=county.org, username=username, person=child, relation="child"
    )
    batch = county.batch(county.fund(10_000, "ET61"), [], programme="ET61")
    request = PaymentRequest(payee=parent, beneficiary=child, amount=Decimal(300))
    assert [each.error for each in add_lines(batch, [request], by=county.maker)] == [None]
    batch = county.submitted(PayBatch.objects.get(pk=batch.pk))
    with pytest.raises(NotAllowed, match="须回避"):
        perform(batch, "dept_review", by=county.reviewer)
