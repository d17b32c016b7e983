"""The file for the bank, and the bank's answer: once each, and only if every row fits."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.records.models import RevealEvent
from gonghui.kernel.registers.write import change, create, perform
from gonghui.kernel.workflow.models import Task
from gonghui.shared.funds.models import BankReturn, PayeeAccount, PayLine
from gonghui.shared.funds.services import bank, paying
from tests.shared.funds.test_money import lines_of, sums_agree

DAY = date(2012, 3, 15)


@pytest.fixture
def sent(county, people):
    """A sent batch of three bank payments."""
    fund = county.fund(10_000)
    return county.sent(county.batch(fund, people(3), 700, form="bank"))


def answer(batch, *results, spoil=None) -> bytes:
    """The bank's answer, a row per line: 成功 or 失败."""
    rows = list(csv.DictReader(io.StringIO(bank.content(batch).decode("gb18030"))))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("序号", "账号", "金额（元）", "结果", "原因"))
    for row, result in zip(rows, results, strict=True):
        values = [
            row["序号"],
            row["账号"],
            row["金额（元）"],
            result,
            "户名不符" if result == "失败" else "",
        ]
        writer.writerow(spoil(values) if spoil else values)
    return out.getvalue().encode("gb18030")


def test_the_file_names_every_payee_once_and_stays_the_same(county, sent):
    first = bank.download(sent, by=county.cashier)
    assert bank.download(sent, by=county.finance) == first
    rows = list(csv.DictReader(io.StringIO(first.decode("gb18030"))))
    assert [row["金额（元）"] for row in rows] == ["700.00"] * 3
    assert len({row["账号"] for row in rows}) == 3
    looks = RevealEvent.objects.filter(register="funds.bank_file")
    assert {look.actor_id for look in looks} == {county.cashier.user_id, county.finance.user_id}


def test_a_changed_account_spoils_no_second_file(county, sent):
    account = lines_of(sent)[0].account
    PayeeAccount._unscoped.filter(pk=account.pk).update(bank_name="另一银行")
    with pytest.raises(Conflict, match="账户与送银行时不一致"):
        bank.download(sent, by=county.cashier)


def test_the_answer_settles_the_batch_and_is_taken_once(county, sent):
    data = answer(sent, "成功", "失败", "成功")
    taken = bank.take_answer(sent, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
    assert (taken.paid_count, taken.failed_count) == (2, 1)
    states = [(line.state, line.receipt_kind, line.fail_text) for line in lines_of(sent)]
    assert states == [("paid", "bank", ""), ("failed", "", "户名不符"), ("paid", "bank", "")]
    sent.refresh_from_db()
    assert sent.state == "settled"
    with pytest.raises(Conflict, match="已导入"):
        bank.take_answer(sent, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
    assert sums_agree(sent.fund)
    assert sent.fund.paid == 1400


def test_the_same_bytes_a_month_later_are_the_answer_to_that_months_batch(county, people):
    fund, workers = county.fund(10_000), people(2)
    january = county.sent(county.batch(fund, workers, form="bank", ref="一月"))
    february = county.sent(county.batch(fund, workers, form="bank", ref="二月"))
    data = answer(january, "成功", "失败")
    assert answer(february, "成功", "失败") == data
    for batch in (january, february):
        bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
    for batch in (january, february):
        with pytest.raises(Conflict, match="该回盘文件已导入本批次"):
            bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
        assert [line.state for line in lines_of(batch)] == ["paid", "failed"]
    assert BankReturn.objects.count() == 2
    assert sums_agree(fund)
    assert fund.paid == 1400


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda row: [*row[:2], "701.00", *row[3:]], "金额与批次不符"),
        (lambda row: [row[0], "999", *row[2:]], "账号与批次不符"),
        (lambda row: ["9", *row[1:]], "没有待回盘的明细"),
        (lambda row: [*row[:3], "也许", row[4]], "不认识的处理结果"),
    ],
)
def test_one_row_that_does_not_fit_stops_the_whole_answer(county, sent, spoil, message):
    data = answer(sent, "成功", "成功", "成功", spoil=spoil)
    with pytest.raises(DomainError, match=message):
        bank.take_answer(sent, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
    assert {line.state for line in lines_of(sent)} == {"reserved"}
    assert not BankReturn.objects.exists()


def test_a_new_account_waits_for_a_second_person(county, people):
    (worker,) = people(1)
    fund = county.fund(10_000)
    batch = county.batch(fund, [worker], form="bank")
    old = PayeeAccount.objects.get(person=worker)
    perform(old, "close", by=county.maker, valid_to=DAY)
    new = create(
        PayeeAccount,
        by=county.maker,
        org=county.org,
        person=worker,
        account_no="6222000099998888",
        holder_name=worker.name,
        bank_name="示例银行",
        valid_from=DAY,
    )
    assert (new.last4, new.replaces_other) == ("8888", True)
    change(PayLine.objects.get(batch=batch), by=county.maker, account=new)
    with pytest.raises(DomainError, match="7天内变更过，须第二人核验"):
        perform(batch, "check", by=county.maker)
    perform(new, "verify", by=county.reviewer)
    batch.refresh_from_db()
    assert perform(batch, "check", by=county.maker).state == "checked"


def test_an_answer_asks_the_database_no_more_for_more_lines(county, people):
    fund = county.fund(100_000)
    asked = []
    for count in (3, 12):
        batch = county.sent(county.batch(fund, people(count), 700, form="bank", ref=f"慰问{count}"))
        data = answer(batch, *["成功"] * count)
        with CaptureQueriesContext(connection) as queries:
            bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_lines_of_a_roster_are_nobodys_task(county, people):
    county.submitted(county.batch(county.fund(100_000), people(3), 700))
    open_tasks = set(Task._unscoped.filter(closed_at=None).values_list("register", flat=True))
    assert "funds.pay_batch" in open_tasks
    assert "funds.pay_line" not in open_tasks


def test_paying_again_asks_the_database_no_more_for_more_lines(county, people):
    fund = county.fund(100_000)
    asked = []
    for count in (3, 12):
        batch = county.sent(county.batch(fund, people(count), 700, form="bank", ref=f"慰问{count}"))
        data = answer(batch, *["失败"] * count)
        bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
        with CaptureQueriesContext(connection) as queries:
            paying.reissue(batch, by=county.maker)
        asked.append(len(queries))
    assert asked[0] == asked[1]
