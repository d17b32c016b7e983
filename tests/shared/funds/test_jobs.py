"""What every night tells: books that disagree, money that lies idle, months and failures left open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.registers.write import change, create
from gonghui.kernel.workflow.models import Reminder
from gonghui.shared.funds import jobs
from gonghui.shared.funds.models import Fund, MonthClose, PayLine
from gonghui.shared.funds.services import bank, paying
from tests.shared.funds.conftest import receive
from tests.shared.funds.test_bank import answer
from tests.shared.funds.test_money import lines_of, pay_all

DAY = date(2012, 3, 15)


def told() -> list[str]:
    return list(Reminder._unscoped.order_by("pk").values_list("message", flat=True))


@pytest.fixture
def at_work(county, people):
    """A fund with a payment in each state."""
    fund = county.fund(10_000)
    pay_all(county, county.sent(county.batch(fund, people(2), 700)))
    county.sent(county.batch(fund, people(1), 500))
    county.submitted(county.batch(fund, people(1), 300))
    county.batch(fund, people(1), 200)
    fund.refresh_from_db()
    return fund


def test_books_that_agree_are_not_spoken_of(at_work):
    assert jobs.check_books() == 0
    assert told() == []


def test_a_sum_that_somebody_altered_is_told_to_finance_and_audit(at_work, county):
    Fund._unscoped.filter(pk=at_work.pk).update(
        paid=at_work.paid + 1, available=at_work.available - 1
    )
    assert jobs.check_books() == 1
    assert jobs.check_books() == 1
    assert told() == [
        "“送温暖资金”资金账与流水、明细不符：已付、可用，请暂停办理并报告系统管理员核查。"
    ]
    reminder = Reminder._unscoped.get()
    assert (reminder.org, reminder.roles) == (county.org, ["finance", "audit"])


def test_a_payment_that_somebody_altered_is_told_too(at_work):
    line = PayLine.objects.filter(fund=at_work, state="paid").first()
    PayLine._unscoped.filter(pk=line.pk).update(amount=Decimal(701))
    assert jobs.check_books() == 1
    assert "不符：已付，" in told()[0]


def test_money_that_lies_idle_is_told_once_a_month(county, people):
    fund = county.fund(0)
    receive(fund, 1000, on=date(2012, 1, 15))
    assert jobs.remind_idle_money() == 1
    assert jobs.remind_idle_money() == 0
    assert told() == ["“送温暖资金”还有1,000.00元可用，已60天没有占用或下拨，请安排使用。"]
    county.submitted(county.batch(fund, people(1), 300))
    with clock.at(date(2012, 4, 2)):
        assert jobs.remind_idle_money() == 0


def test_money_that_has_to_be_spent_soon_is_told(county):
    fund = county.fund(1000)
    change(fund, by=county.maker, spend_by=date(2012, 5, 15))
    assert jobs.remind_idle_money() == 0
    with clock.at(date(2012, 3, 16)):
        assert jobs.remind_idle_money() == 1
    assert told() == ["“送温暖资金”还有1,000.00元可用，使用期限2012-05-15，请按期使用或办理结转。"]


def test_a_month_is_to_be_closed_by_the_offices_whose_money_moved(county, neighbour):
    receive(county.fund(0), 1000, on=date(2012, 2, 3))
    neighbour.fund(1000)
    with clock.at(date(2012, 3, 9)):
        assert jobs.remind_month_close() == 0
    assert jobs.remind_month_close() == 1
    assert told() == ["2012年2月的专项资金（“送温暖资金”等）还没有结账，请核对后办理月度结账。"]
    Reminder._unscoped.all().delete()
    create(MonthClose, by=county.finance, org=county.org, month=date(2012, 2, 1))
    assert jobs.remind_month_close() == 0


def test_failures_that_nobody_paid_again_are_told_by_batch(county, people):
    batch = county.sent(county.batch(county.fund(10_000), people(3), 700, form="bank"))
    bank.take_answer(
        batch,
        answer(batch, "失败", "成功", "失败"),
        file_name="回盘.csv",
        value_on=DAY,
        by=county.cashier,
    )
    failed_on = lines_of(batch)[0].failed_on
    with clock.at(date(2012, 3, 29)):
        assert jobs.remind_failed() == 0
    with clock.at(date(2012, 3, 30)):
        assert (failed_on, jobs.remind_failed(), jobs.remind_failed()) == (DAY, 1, 0)
        assert told() == [
            f"《{batch.title}》有2笔发放失败已超过10个工作日没有重发，请核对账户后重发。"
        ]
        Reminder._unscoped.all().delete()
        paying.reissue(batch, by=county.maker)
        assert jobs.remind_failed() == 0
