"""Several people at the same money at the same moment, each on a connection of his own."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.people.models import Household
from gonghui.kernel.registers.write import change, create, perform, perform_many, void
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import (
    Allotment,
    BankReturn,
    BudgetAdjustment,
    BudgetLine,
    Fund,
    FundEntry,
    FundReceipt,
    MonthClose,
    PayBatch,
    PayLine,
)
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services import bank, paying
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch
from tests.shared.funds.conftest import office, receive
from tests.shared.funds.test_bank import answer
from tests.shared.funds.test_money import lines_of, pay_all
from tests.support import money
from tests.support.rivals import Rival, at_once, held, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2012, 3, 15)


@pytest.fixture(autouse=True)
def the_books_are_in_order():
    """Whatever a test did, everything adds up afterwards."""
    yield
    assert money.troubles() == []


def checked(office, batch):
    return perform(batch, "check", by=office.maker)


def submitting(office, batch):
    return lambda: perform(batch, "submit", by=office.maker)


def errors_of(results):
    """The errors among the results, all of them refusals in words."""
    errors = [each for each in results if isinstance(each, Exception)]
    assert [each for each in errors if not isinstance(each, DomainError)] == []
    return errors


def events_of(fund):
    return Counter(FundEntry.objects.filter(fund=fund).values_list("event", flat=True))


def test_eight_claim_at_once_what_is_enough_for_three(county, people):
    fund = county.fund(2_000)
    batches = [checked(county, county.batch(fund, people(1), 600)) for _ in range(8)]
    refused = errors_of(at_once([submitting(county, batch) for batch in batches]))
    assert [error.code for error in refused] == ["F11"] * 5
    fund.refresh_from_db()
    assert (fund.reserved, fund.available) == (1_800, 200)
    states = Counter(PayBatch.objects.filter(fund=fund).values_list("state", flat=True))
    assert states == {"submitted": 3, "checked": 5}


def household(head):
    made = Household(org=head.org, head=head, created_at=clock.now(), changed_at=clock.now())
    made.save()
    return made


def test_two_counties_claim_the_same_households_at_once(county, neighbour, people, festivals):
    workers = people(4)
    homes = [household(each) for each in workers]

    def roster(office, order):
        batch = open_batch(
            org=office.org,
            fund=office.fund(10_000, "SWN-H"),
            programme="SWN-H",
            campaign=festivals.code,
            title=f"{office.org}慰问",
            by=office.maker,
            form="cash",
        )
        requests = [
            PaymentRequest(payee=workers[i], household=homes[i], amount=Decimal(700)) for i in order
        ]
        assert [each.error for each in add_lines(batch, requests, by=office.maker)] == [None] * 4
        return checked(office, PayBatch.objects.get(pk=batch.pk))

    mine, theirs = roster(county, (0, 1, 2, 3)), roster(neighbour, (3, 2, 1, 0))
    results = at_once([submitting(county, mine), submitting(neighbour, theirs)])
    (refused,) = errors_of(results)
    assert refused.code == "F04"
    winner = next(each for each in results if isinstance(each, PayBatch))
    assert f"已由{winner.org}于2012-03-15在《{winner.title}》列支700.00元" in refused.message
    held_by = PayLine.objects.filter(state="reserved").values_list("batch_id", flat=True)
    assert set(held_by) == {winner.pk}
    assert len(held_by) == 4


@pytest.fixture
def capped(monkeypatch):
    """Visits to one person are worth 1,000 yuan a year at most, whoever visits."""

    def cap(line, day):
        return Cap(
            subject_key=f"P{line.person_id}",
            group="visits",
            period=str(day.year),
            amount=Decimal(1000),
        )

    monkeypatch.setitem(programmes._caps, "ZFWW", cap)


def test_two_batches_share_a_cap_and_give_its_room_back(county, people, capped):
    (worker,) = people(1)
    fund = county.fund(10_000)
    batches = [
        checked(county, county.batch(fund, [worker], 600, ref=ref)) for ref in ("甲", "乙", "丙")
    ]
    results = at_once([submitting(county, batch) for batch in batches])
    assert [error.code for error in errors_of(results)] == ["F05"] * 2
    assert money.had() == {f"P{worker.pk}": 600}
    (winner,) = [each for each in results if isinstance(each, PayBatch)]
    again = next(each for each in batches if each.pk != winner.pk)
    perform(winner, "return", by=county.reviewer, reason="金额有误")
    assert money.had() == {f"P{worker.pk}": 0}
    perform(again, "submit", by=county.maker)
    assert money.had() == {f"P{worker.pk}": 600}


def test_each_step_of_a_batch_taken_four_times_at_once_has_effect_once(county, people):
    fund = county.fund(1_000_000)
    batch = checked(county, county.batch(fund, people(2), 40_000, form="bank"))
    steps = (
        ("submit", county.maker, {}),
        ("dept_review", county.reviewer, {}),
        ("finance_review", county.finance, {}),
        ("approve", county.leader, {}),
        ("send", county.cashier, {}),
    )
    for action, who, values in steps:
        jobs = [lambda a=action, w=who, v=values: perform(batch, a, by=w, **v) for _ in range(4)]
        assert len(errors_of(at_once(jobs))) == 3, action
    data = answer(PayBatch.objects.get(pk=batch.pk), "成功", "失败")

    def take():
        return bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)

    assert {str(error) for error in errors_of(at_once([take] * 4))} == {
        "该回盘文件已导入本批次，不能重复导入。"
    }
    assert BankReturn.objects.count() == 1
    assert events_of(fund) == {"receive": 1, "reserve": 1, "send": 1, "pay": 1, "fail": 1}
    batch.refresh_from_db()
    assert batch.state == "settled"
    errors_of(at_once([lambda: paying.reissue(batch, by=county.maker)] * 4))
    assert PayLine.objects.filter(reissue_of__isnull=False, voided_at=None).count() == 1
    assert PayBatch.objects.count() == 2


def test_a_payment_given_back_four_times_at_once_is_back_once(county, people):
    fund = county.fund(10_000)
    batch = county.sent(county.batch(fund, people(1), 700))
    pay_all(county, batch)
    (line,) = lines_of(batch)
    refund = refund_of(county, line)
    assert len(errors_of(at_once([lambda: perform(refund, "confirm", by=county.cashier)] * 4))) == 3
    assert len(errors_of(at_once([reversing(county, line)] * 4))) == 3
    assert events_of(fund)["reverse"] == 1
    fund.refresh_from_db()
    assert (fund.received, fund.paid, fund.available) == (10_000, 0, 10_000)


def refund_of(office, line):
    return create(
        FundReceipt,
        by=office.finance,
        org=office.org,
        fund=line.fund,
        kind="payee_refund",
        source="own_union",
        payer_name="职工",
        amount=line.amount,
        received_on=DAY,
        evidence_no=f"退{line.pk}",
        pay_line=line,
    )


def reversing(office, line):
    return lambda: perform(
        line, "reverse", by=office.leader, reversed_on=DAY, reverse_reason="不符合条件"
    )


def test_an_allotment_is_sent_once_and_accepted_or_returned(tree, county):
    above = office(tree.city).fund(10_000)
    mine = county.fund(0)
    for round_no in range(4):
        allotment = create(
            Allotment,
            by=SYSTEM,
            org=tree.county,
            from_fund=above,
            to_fund=mine,
            amount=Decimal(1000),
            doc_no=f"示例〔2012〕{round_no}号",
            purpose="送温暖",
        )
        perform(allotment, "approve", by=SYSTEM)
        send = lambda each=allotment: perform(each, "send", by=SYSTEM)  # noqa: E731
        assert len(errors_of(at_once([send] * 3))) == 2
        accept = lambda each=allotment: perform(each, "accept", by=county.finance)  # noqa: E731
        back = lambda each=allotment: perform(  # noqa: E731
            each, "return", by=county.cashier, reason="重复"
        )
        assert len(errors_of(at_once([accept, back, accept, back]))) == 3
    above.refresh_from_db()
    mine.refresh_from_db()
    assert above.allotted_out == mine.received
    assert events_of(above)["allot"] == 4


def test_several_allotments_arrive_in_one_fund_at_once(tree, county):
    above = office(tree.city).fund(10_000)
    mine = county.fund(0)
    sent = []
    for number in range(5):
        allotment = create(
            Allotment,
            by=SYSTEM,
            org=tree.county,
            from_fund=above,
            to_fund=mine,
            amount=Decimal(1000),
            doc_no=f"示例〔2012〕{number}号",
            purpose="送温暖",
        )
        sent.append(perform(perform(allotment, "approve", by=SYSTEM), "send", by=SYSTEM))
    jobs = [lambda each=each: perform(each, "accept", by=county.finance) for each in sent]
    assert errors_of(at_once(jobs)) == []
    mine.refresh_from_db()
    assert mine.available == 5_000


def test_two_cashiers_register_the_last_payments_of_a_batch_at_once(county, people):
    fund = county.fund(10_000)
    batch = county.sent(county.batch(fund, people(4), 700))

    def pay(line):
        return lambda: perform(
            line, "pay", by=county.cashier, paid_on=DAY, receipt_kind="sign", receipt_on=DAY
        )

    assert errors_of(at_once([pay(line) for line in lines_of(batch)])) == []
    batch.refresh_from_db()
    assert batch.state == "settled"


def test_an_answer_and_a_payment_by_hand_do_not_wait_for_each_other(county, people):
    """Registering by hand has the payment and wants the batch; the answer must not hold it before."""
    fund = county.fund(10_000)
    batch = county.sent(county.batch(fund, people(1), 700, form="bank"))
    (line,) = lines_of(batch)
    data = answer(batch, "成功")

    def by_hand():
        return perform(line, "pay", by=county.cashier, paid_on=DAY)

    def by_answer():
        return bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)

    with held(by_hand, before='INSERT INTO "funds_fundentry"') as first:
        second = Rival(by_answer)
        wait_until_blocked(second)
    (refused,) = errors_of([first.result(), second.result()])
    assert "不在等待回盘的状态" in refused.message
    assert not BankReturn.objects.exists()


def test_money_comes_back_while_the_rest_of_its_batch_is_answered(county, people):
    """A reversal writes an entry that names the batch, which the answer has in hand."""
    fund = county.fund(10_000)
    batch = county.sent(county.batch(fund, people(3), 700, form="bank"))
    first, *_ = lines_of(batch)
    perform(first, "pay", by=county.cashier, paid_on=DAY)
    perform(refund_of(county, first), "confirm", by=county.cashier)
    rest = answer(batch, "成功", "成功", "成功").splitlines(keepends=True)
    data = b"".join([rest[0], *rest[2:]])

    def by_answer():
        return bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)

    with held(reversing(county, first), before='INSERT INTO "funds_fundentry"') as back:
        taken = Rival(by_answer)
        wait_until_blocked(taken)
    assert errors_of([back.result(), taken.result()]) == []
    fund.refresh_from_db()
    assert (fund.paid, fund.available) == (1_400, 8_600)


@pytest.mark.parametrize("step", ["submit", "cancel"])
def test_a_roster_is_not_claimed_or_dropped_while_somebody_writes_in_it(county, people, step):
    """Whoever writes has the payment and wants the batch; the step has the batch and must not wait."""
    fund = county.fund(10_000)
    batch = checked(county, county.batch(fund, people(2), 700))
    line = lines_of(batch)[1]

    def write():
        return change(line, by=county.maker, amount=Decimal(800))

    reason = {"reason": "不办了"} if step == "cancel" else {}
    # The sums of the batch are next: the payment is written, the batch is not yet in hand.
    with held(write, before='FROM "funds_paybatch"') as writer:
        other = Rival(lambda: perform(batch, step, by=county.maker, **reason))
        wait_until_blocked(other)
    assert errors_of([writer.result()]) == []
    (refused,) = errors_of([other.result()])
    assert "正在修改" in refused.message
    batch.refresh_from_db()
    fund.refresh_from_db()
    assert (batch.state, batch.total, fund.reserved) == ("draft", 1_500, 0)


def test_bulk_claims_in_opposite_orders_do_not_wait_for_each_other(county, people):
    """Two programmes and two funds, claimed by each in the order of his own batches."""
    red, blue = county.fund(10_000, "ZFWW"), county.fund(10_000, "LMSH")

    def batch(fund):
        programme = "ZFWW" if fund is red else "LMSH"
        return checked(county, county.batch(fund, people(1), 700, programme=programme))

    mine, theirs = [batch(red), batch(blue)], [batch(blue), batch(red)]

    def submit(batches):
        return lambda: [
            outcome.error for outcome in perform_many(batches, "submit", by=county.maker)
        ]

    with held(submit(mine), before='INSERT INTO "funds_fundentry"') as first:
        second = Rival(submit(theirs))
        wait_until_blocked(second)
    assert [first.result(), second.result()] == [[None, None], [None, None]]


def test_a_month_is_not_closed_under_a_posting(county, people):
    """The posting has looked and found the month open; the close waits until it is in the books."""
    fund = county.fund(0)
    receipt = create(
        FundReceipt,
        by=SYSTEM,
        org=fund.org,
        fund=fund,
        kind="external",
        source="own_union",
        payer_name="示例单位",
        amount=Decimal(1000),
        received_on=date(2012, 2, 20),
        evidence_no="迟到1",
    )

    def close():
        return create(MonthClose, by=county.finance, org=county.org, month=date(2012, 2, 1))

    with held(
        lambda: perform(receipt, "confirm", by=county.cashier),
        before='INSERT INTO "funds_fundentry"',
    ) as posting:
        closing = Rival(close)
        wait_until_blocked(closing)
        assert closing.is_running
    assert errors_of([posting.result(), closing.result()]) == []
    assert events_of(fund) == {"receive": 1}
    with pytest.raises(DomainError, match="2012年2月已结账"):
        receive(fund, 10, on=date(2012, 2, 28))


def test_two_budget_lines_at_once_stay_within_the_plan(tree, county):
    fund = county.fund(0, "ZFWW", "LMSH", "LMTS")
    change(fund, by=SYSTEM, plan_amount=Decimal(1000))

    def give(programme):
        return lambda: create(
            BudgetLine,
            by=SYSTEM,
            org=tree.county,
            fund=fund,
            programme_code=programme,
            amount=Decimal(600),
        )

    with held(give("ZFWW"), before='INSERT INTO "funds_budgetline"') as first:
        second = Rival(give("LMSH"))
        wait_until_blocked(second)
    (refused,) = errors_of([first.result(), second.result()])
    assert "超过计划规模1,000.00元" in refused.message
    assert BudgetLine.objects.count() == 1


def test_a_budget_line_is_adjusted_while_it_is_claimed(tree, county, people):
    """Both have the fund first: neither waits for the other, and the less of both is not spent twice."""
    fund = county.fund(10_000)
    line = create(
        BudgetLine,
        by=SYSTEM,
        org=tree.county,
        fund=fund,
        programme_code="ZFWW",
        amount=Decimal(1000),
    )
    less = create(
        BudgetAdjustment,
        by=SYSTEM,
        org=tree.county,
        budget_line=line,
        change=Decimal(-600),
        reason="压减",
    )
    batch = checked(county, county.batch(fund, people(1), 700))
    with held(submitting(county, batch), before='UPDATE "funds_fund"') as claim:
        adjusting = Rival(lambda: perform(less, "approve", by=county.leader))
        wait_until_blocked(adjusting)
    (refused,) = errors_of([claim.result(), adjusting.result()])
    assert refused.code == "F12"


def test_nothing_is_claimed_on_a_budget_line_that_is_being_voided(tree, county, people):
    fund = county.fund(10_000)
    line = create(
        BudgetLine,
        by=SYSTEM,
        org=tree.county,
        fund=fund,
        programme_code="ZFWW",
        amount=Decimal(1000),
    )
    batch = checked(county, county.batch(fund, people(1), 700))
    with held(
        lambda: void(line, by=SYSTEM, reason="下达有误"), before='UPDATE "funds_budgetline"'
    ) as voiding:
        claim = Rival(submitting(county, batch))
        wait_until_blocked(claim)
    (refused,) = errors_of([voiding.result(), claim.result()])
    assert "该记录已作废" in refused.message


def test_no_money_comes_into_a_fund_that_is_being_voided(county):
    fund = county.fund(0)
    with held(
        lambda: void(fund, by=SYSTEM, reason="重复登记"), before='UPDATE "funds_fund"'
    ) as voiding:
        income = Rival(lambda: receive(fund, 1000))
        wait_until_blocked(income)
    (refused,) = errors_of([voiding.result(), income.result()])
    assert "已作废" in refused.message
    assert Fund.objects.get(pk=fund.pk).received == 0


@pytest.mark.parametrize("step", ["submit", "return"])
def test_caps_of_several_batches_are_taken_in_one_order(county, people, capped, monkeypatch, step):
    """Two offices with batches of different funds and programmes meet at the same persons' caps."""
    monkeypatch.setitem(programmes._caps, "LMSH", programmes._caps["ZFWW"])
    one, other = people(2)

    def batches(programme, workers):
        fund = county.fund(10_000, programme)
        return [
            checked(county, county.batch(fund, [worker], 400, programme=programme, ref="慰问"))
            for worker in workers
        ]

    def moving(mine):
        by, words = (county.maker, {}) if step == "submit" else (county.reviewer, {"reason": "改"})
        return lambda: [each.error for each in perform_many(mine, step, by=by, **words)]

    first, second = batches("ZFWW", (one, other)), batches("LMSH", (other, one))
    if step == "return":
        for mine in (first, second):
            assert [each.error for each in perform_many(mine, "submit", by=county.maker)] == [
                None,
                None,
            ]
    with held(moving(first), before='UPDATE "funds_benefitcounter"') as ahead:
        behind = Rival(moving(second))
        wait_until_blocked(behind)
    assert (ahead.result(), behind.result()) == ([None, None], [None, None])
    had = 800 if step == "submit" else 0
    assert set(money.had().values()) <= {had}
