"""Money raised, allotted, claimed, paid and given back: never more than there is, never twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import change, create, perform, perform_many, void
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import (
    Allotment,
    BenefitCounter,
    BudgetLine,
    FundEntry,
    FundReceipt,
    KinDeclaration,
    MonthClose,
    PayBatch,
    PayLine,
)
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services import gates, paying
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch
from tests.shared.funds.conftest import office, receive

YEAR = Period(date(2012, 1, 1), date(2012, 12, 31))
SUMS = ("received", "allotted_out", "reserved", "in_transit", "paid", "available")


def sums_agree(fund) -> bool:
    """Whether the fund's sums are those of its entries."""
    fund.refresh_from_db()
    added = FundEntry.objects.filter(fund=fund).aggregate(**{name: Sum(name) for name in SUMS})
    return all((added[name] or 0) == getattr(fund, name) for name in SUMS)


def lines_of(batch):
    return list(PayLine.objects.filter(batch=batch).order_by("seq"))


def pay_all(office, batch, on=date(2012, 3, 15)):
    outcomes = perform_many(
        [line for line in lines_of(batch) if line.state == "reserved"],
        "pay",
        by=office.cashier,
        paid_on=on,
        receipt_kind="sign",
        receipt_on=on,
    )
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)


def test_raised_allotted_and_paid_are_three_things(tree, county, festivals):
    city_fund = office(tree.city).fund(0)
    receive(city_fund, 19_400_000, campaign=festivals.code)
    mine = county.fund(0)
    allotment = create(
        Allotment,
        by=SYSTEM,
        org=tree.county,
        from_fund=city_fund,
        to_fund=mine,
        amount=Decimal(6_000_000),
        doc_no="示例〔2012〕1号",
        purpose="送温暖",
    )
    allotment = perform(perform(allotment, "approve", by=SYSTEM), "send", by=SYSTEM)
    city_fund.refresh_from_db()
    assert (city_fund.allotted_out, city_fund.available) == (6_000_000, 13_400_000)
    perform(allotment, "accept", by=county.finance)
    mine.refresh_from_db()
    assert (mine.received, mine.available) == (6_000_000, 6_000_000)
    assert figure("funds.raised", tree.city, YEAR).value == 19_400_000
    assert figure("funds.raised", tree.county, YEAR).value == 0
    assert figure("funds.balance", tree.city, YEAR).value == 19_400_000
    assert sums_agree(city_fund)
    assert sums_agree(mine)


def test_a_county_spends_what_it_was_allotted_and_what_it_raised(tree, county, people):
    city_fund, mine, below = office(tree.city).fund(10_000), county.fund(1_000), office(tree.union)
    for giver, taker, amount in ((city_fund, mine, 6_000), (mine, below.fund(0), 2_000)):
        allotment = create(
            Allotment,
            by=SYSTEM,
            org=taker.org,
            from_fund=giver,
            to_fund=taker,
            amount=Decimal(amount),
            doc_no="示例〔2012〕2号",
            purpose="送温暖",
        )
        allotment = perform(perform(allotment, "approve", by=SYSTEM), "send", by=SYSTEM)
        under_way = figure("funds.disposable", tree.city, YEAR).value
        perform(allotment, "accept", by=SYSTEM)
        assert (under_way, figure("funds.disposable", tree.city, YEAR).value) == (11_000, 11_000)
    batch = county.sent(county.batch(mine, people(2), 700))
    pay_all(county, batch)
    rates = [
        figure("funds.execution_rate", org, YEAR).value
        for org in (tree.union, tree.county, tree.neighbour, tree.city)
    ]
    # 1,400 paid: of the county's 7,000 (it sent 2,000 down, but within its own area), of 11,000 in all.
    assert [rate and round(rate, 4) for rate in rates] == [
        0,
        Decimal("0.2"),
        None,
        Decimal("0.1273"),
    ]


def test_the_second_batch_finds_no_money_and_changes_nothing(county, people):
    fund = county.fund(100_000)
    first = county.batch(fund, people(1), 60_000, ref="甲")
    second = county.batch(fund, people(1), 60_000, ref="乙")
    perform(first, "check", by=county.maker)
    second = perform(second, "check", by=county.maker)
    perform(first, "submit", by=county.maker)
    with pytest.raises(Conflict, match=r"资金不足.*可用40,000\.00元.*缺口20,000\.00元") as refused:
        perform(second, "submit", by=county.maker)
    assert refused.value.code == "F11"
    second.refresh_from_db()
    fund.refresh_from_db()
    assert (second.state, fund.available, fund.reserved) == ("checked", 40_000, 60_000)
    assert {line.state for line in lines_of(second)} == {"draft"}
    assert sums_agree(fund)


@pytest.mark.parametrize(
    ("change_to", "constraint"),
    [
        ("reserved = 200, available = -100", "funds_fund_not_overspent"),
        ("received = 500", "funds_fund_available_is_the_rest"),
    ],
)
def test_the_database_refuses_an_overspent_fund(county, change_to, constraint):
    fund = county.fund(100)
    statement = f"UPDATE funds_fund SET {change_to} WHERE id = {fund.pk}"
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_neighbour_learns_who_has_helped_already(tree, county, neighbour, people, festivals):
    (worker,) = people(1)
    mine = county.batch(
        county.fund(1000, "SWN-M"), [worker], programme="SWN-M", campaign=festivals.code
    )
    theirs = neighbour.batch(
        neighbour.fund(1000, "SWN-M"), [worker], programme="SWN-M", campaign=festivals.code
    )
    theirs = perform(theirs, "check", by=neighbour.maker)
    county.submitted(mine)
    with pytest.raises(
        Conflict, match=r"已由甲县总工会于2012-03-15在《批次\d+》列支700\.00元"
    ) as refused:
        perform(theirs, "submit", by=neighbour.maker)
    assert refused.value.code == "F04"
    found = [each.code for each in gates.findings_of(theirs)]
    assert found == ["F04"]
    neighbour_fund = theirs.fund
    neighbour_fund.refresh_from_db()
    assert (neighbour_fund.reserved, neighbour_fund.available) == (0, 1000)


def test_the_leader_may_let_somebody_be_helped_twice(county, people, festivals):
    (worker,) = people(1)
    fund = county.fund(2000, "SWN-M")
    county.submitted(county.batch(fund, [worker], programme="SWN-M", campaign=festivals.code))
    again = county.batch(fund, [worker], programme="SWN-M", campaign=festivals.code)
    (line,) = lines_of(again)
    with pytest.raises(DomainError, match="叠加发放原因"):
        perform(line, "allow_repeat", by=county.leader)
    with pytest.raises(NotAllowed):
        perform(line, "allow_repeat", by=county.maker, repeat_reason="火灾")
    line = perform(line, "allow_repeat", by=county.leader, repeat_reason="火灾")
    line.refresh_from_db()
    assert line.benefit_key.endswith("|x2")
    again.refresh_from_db()
    assert county.submitted(again).state == "submitted"


def test_three_of_a_thousand_fail_and_are_paid_again(tree, county, people):
    fund = county.fund(100_000)
    workers = people(10)
    batch = county.sent(county.batch(fund, workers, 700))
    lines = lines_of(batch)
    perform_many(
        lines[:3], "fail", by=county.cashier, failed_on=date(2012, 3, 15), fail_text="账号不符"
    )
    pay_all(county, batch)
    batch.refresh_from_db()
    fund.refresh_from_db()
    assert batch.state == "settled"
    assert (fund.paid, fund.available, fund.in_transit, fund.reserved) == (4900, 95_100, 0, 0)
    assert figure("funds.paid", tree.county, YEAR).value == 4900
    assert figure("funds.bounced", tree.county, YEAR).value == 3
    fresh = paying.reissue(batch, by=county.maker)
    with pytest.raises(Conflict, match="没有待重发"):
        paying.reissue(batch, by=county.maker)
    pay_all(county, county.sent(fresh))
    assert figure("funds.paid", tree.county, YEAR).value == 7000
    assert figure("funds.paid_lines", tree.county, YEAR).value == 10
    assert sums_agree(fund)


def test_what_comes_back_later_leaves_the_past_as_it_was(tree, county, people):
    fund = county.fund(10_000)
    batch = county.sent(county.batch(fund, people(2), 1000))
    pay_all(county, batch)
    line = lines_of(batch)[0]
    with clock.at(date(2012, 9, 3)):
        with pytest.raises(Conflict, match="退款到账"):
            perform(
                line,
                "reverse",
                by=county.leader,
                reversed_on=date(2012, 9, 3),
                reverse_reason="不符合条件",
            )
        refund = create(
            FundReceipt,
            by=county.finance,
            org=county.org,
            fund=fund,
            kind="payee_refund",
            source="own_union",
            payer_name="职工",
            amount=Decimal(1000),
            received_on=date(2012, 9, 3),
            evidence_no="退1",
            pay_line=line,
        )
        perform(refund, "confirm", by=county.cashier)
        perform(
            line,
            "reverse",
            by=county.leader,
            reversed_on=date(2012, 9, 3),
            reverse_reason="不符合条件",
        )
    to_august = Period(date(2012, 1, 1), date(2012, 8, 15))
    assert figure("funds.paid", tree.county, YEAR, as_of=date(2012, 8, 15)).value == 2000
    assert figure("funds.paid", tree.county, to_august).value == 2000
    assert figure("funds.paid", tree.county, YEAR).value == 1000
    fund.refresh_from_db()
    assert (fund.received, fund.paid, fund.available) == (10_000, 1000, 9000)
    assert sums_agree(fund)


def test_nobody_approves_his_own_batch(county, people):
    batch = county.submitted(county.batch(county.fund(1000), people(1)))
    with pytest.raises(NotAllowed, match="经办与"):
        perform(batch, "dept_review", by=county.maker)
    batch = perform(batch, "dept_review", by=county.reviewer)
    with pytest.raises(NotAllowed, match="须由财务"):
        perform(batch, "finance_approve", by=county.reviewer)
    batch = perform(batch, "finance_approve", by=county.finance)
    with pytest.raises(NotAllowed, match="经办与"):
        perform(batch, "send", by=county.finance)
    assert perform(batch, "send", by=county.cashier).state == "sent"


def test_the_sum_decides_who_approves(county, people):
    fund = county.fund(2_000_000)
    small = county.submitted(county.batch(fund, people(1), 50_000, ref="小"))
    middle = county.submitted(county.batch(fund, people(1), "50000.01", ref="中"))
    large = county.submitted(county.batch(fund, people(1), "500000.01", ref="大"))
    assert (small.tier, middle.tier, large.tier) == (None, None, None)
    for batch in (small, middle, large):
        batch.refresh_from_db()
    assert (small.tier, middle.tier, large.tier) == (1, 2, 3)
    middle = perform(middle, "dept_review", by=county.reviewer)
    with pytest.raises(Conflict, match="须报领导"):
        perform(middle, "finance_approve", by=county.finance)
    large = perform(large, "dept_review", by=county.reviewer)
    large = perform(large, "finance_review", by=county.finance)
    with pytest.raises(DomainError, match="会议纪要"):
        perform(large, "approve", by=county.leader)
    assert perform(large, "approve", by=county.leader, minutes="纪要3号").state == "approved"


def test_a_returned_batch_gives_everything_back(county, people):
    fund = county.fund(1000)
    batch = county.submitted(county.batch(fund, people(1)))
    with pytest.raises(DomainError, match="说明原因"):
        perform(batch, "return", by=county.reviewer)
    batch = perform(batch, "return", by=county.reviewer, reason="金额有误")
    fund.refresh_from_db()
    assert (fund.reserved, fund.available) == (0, 1000)
    (line,) = lines_of(batch)
    assert line.state == "draft"
    change(line, by=county.maker, amount=Decimal(600))
    batch.refresh_from_db()
    assert (batch.total, batch.state) == (600, "returned")
    assert sums_agree(fund)
    county.submitted(batch)
    fund.refresh_from_db()
    assert fund.reserved == 600


def test_a_claimed_line_cannot_be_changed_taken_off_or_joined(county, people):
    batch = county.submitted(county.batch(county.fund(10_000), people(1)))
    (line,) = lines_of(batch)
    with pytest.raises(Conflict, match="不能再直接修改"):
        change(line, by=county.maker, amount=Decimal(1))
    with pytest.raises(Conflict, match="不能作废"):
        void(line, by=county.maker, reason="错")
    with pytest.raises(Conflict, match="不能再增加明细"):
        create(
            PayLine, by=county.maker, batch=batch, person=people(1)[0], amount=Decimal(1), ref="x"
        )
    with pytest.raises(Conflict, match="不能作废"):
        void(batch, by=county.maker, reason="错")


def test_a_changed_line_sends_the_batch_back_to_checking(county, people):
    batch = perform(county.batch(county.fund(10_000), people(1)), "check", by=county.maker)
    change(lines_of(batch)[0], by=county.maker, amount=Decimal(701))
    batch.refresh_from_db()
    assert (batch.state, batch.total) == ("draft", 701)


def test_a_check_of_yesterday_has_to_be_done_again(county, people):
    batch = perform(county.batch(county.fund(10_000), people(1)), "check", by=county.maker)
    with clock.at(date(2012, 3, 17)), pytest.raises(Conflict, match="重新校验"):
        perform(batch, "submit", by=county.maker)


def test_a_reversed_receipt_leaves_the_fund_unless_it_is_used(tree, county, people):
    fund = county.fund(0)
    receipt = receive(fund, 1000)
    batch = county.submitted(county.batch(fund, people(1), 1000))
    with pytest.raises(Conflict, match="不能红冲"):
        perform(receipt, "reverse", by=county.leader, reason="重复")
    perform(batch, "return", by=county.reviewer, reason="改")
    perform(receipt, "reverse", by=county.leader, reason="重复")
    fund.refresh_from_db()
    assert (fund.received, fund.available) == (0, 0)
    assert figure("funds.raised", tree.county, YEAR).value == 0
    assert sums_agree(fund)
    with pytest.raises(Conflict, match="不能作废"):
        void(receipt, by=county.finance, reason="错")


def test_a_fund_pays_only_for_what_it_is_meant(county, people):
    batch = county.batch(county.fund(1000, "SHJZ"), people(1))
    assert [each.message for each in gates.findings_of(batch)] == [
        "“送温暖资金”不得用于“走访慰问”。"
    ]
    with pytest.raises(DomainError, match="校验未通过（1条）") as refused:
        perform(batch, "check", by=county.maker)
    assert refused.value.code == "F13"


def test_budget_lines_limit_what_an_office_spends(tree, county, people):
    fund = county.fund(10_000)
    line = create(
        BudgetLine,
        by=SYSTEM,
        org=tree.county,
        fund=fund,
        programme_code="ZFWW",
        amount=Decimal(1000),
        headcount=1,
    )
    batch = county.batch(fund, people(2), 600)
    found = {each.message for each in gates.findings_of(batch)}
    assert found == {
        "预算指标不足：可用1,000.00元，本批需1,200.00元，缺口200.00元。",
        "名额为1，本批2笔，超出名额。",
    }
    ok = county.sent(county.batch(fund, people(1), 600, ref="另"))
    line.refresh_from_db()
    assert (line.reserved, line.spent) == (600, 0)
    pay_all(county, ok)
    line.refresh_from_db()
    assert (line.reserved, line.spent) == (0, 600)


def test_the_dead_the_shared_account_and_the_relative_are_found(county, people):
    dead, sharer, kin = people(3)
    change(dead, by=SYSTEM, deceased_on=date(2012, 2, 1))
    username = User.objects.get(pk=county.maker.user_id).username
    create(
        KinDeclaration, by=SYSTEM, org=county.org, username=username, person=kin, relation="sibling"
    )
    batch = county.batch(county.fund(10_000), [dead, sharer, kin], form="bank")
    sharer_line = lines_of(batch)[1]
    change(sharer_line, by=county.maker, account=lines_of(batch)[0].account)
    found = {(each.code, each.seq) for each in gates.findings_of(batch)}
    assert found == {("F08", 1), ("F06", 2), ("F07", 1), ("F07", 2), ("F09", 3)}


def test_whoever_is_related_to_a_payee_does_not_review_him(county, people):
    (kin,) = people(1)
    username = User.objects.get(pk=county.reviewer.user_id).username
    create(
        KinDeclaration, by=SYSTEM, org=county.org, username=username, person=kin, relation="child"
    )
    batch = county.submitted(county.batch(county.fund(10_000), [kin]))
    with pytest.raises(NotAllowed, match="须回避"):
        perform(batch, "dept_review", by=county.reviewer)


def test_nothing_is_dated_into_a_closed_month(county, people):
    fund = county.fund(1000)
    create(MonthClose, by=county.finance, org=county.org, month=date(2012, 2, 1))
    with pytest.raises(Conflict, match="2012年2月已结账"):
        receive(fund, 10, on=date(2012, 2, 28))
    with pytest.raises(DomainError, match="尚未结束"):
        create(MonthClose, by=county.finance, org=county.org, month=date(2012, 3, 1))


def test_one_record_is_paid_once(county, people):
    fund = county.fund(10_000)
    worker, other = people(2)
    batch = open_batch(
        org=county.org, fund=fund, programme="ZFWW", title="甲", by=county.maker, form="cash"
    )
    requests = [
        PaymentRequest(payee=payee, amount=Decimal(100), ref=f"慰问{payee.pk}", source=fund)
        for payee in (worker, other)
    ]
    add_lines(batch, requests, by=county.maker)
    batch.refresh_from_db()
    batch = perform(batch, "check", by=county.maker)
    with pytest.raises(Conflict, match="不能重复支付"):
        perform(batch, "submit", by=county.maker)
    assert PayBatch.objects.get(pk=batch.pk).state == "checked"


def test_what_is_submitted_again_next_year_counts_under_next_years_cap(county, people, monkeypatch):
    def cap(line, day):
        return Cap(
            subject_key=f"P{line.person_id}",
            group="visits",
            period=str(day.year),
            amount=Decimal(1000),
        )

    monkeypatch.setitem(programmes._caps, "ZFWW", cap)
    batch = county.batch(county.fund(10_000), people(1), 600)
    with clock.at(date(2012, 12, 31)):
        batch = perform(county.submitted(batch), "return", by=county.reviewer, reason="有误")
    with clock.at(date(2013, 1, 4)):
        batch = county.submitted(batch)
    totals = dict(BenefitCounter.objects.values_list("period", "total"))
    assert totals == {"2012": 0, "2013": 600}
    batch.refresh_from_db()
    assert batch.submitted_on == date(2013, 1, 4)
