"""What an office prints of its money, with names as programmes are called and who approved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.shared.funds.models import Allotment, BudgetLine, PayBatch
from gonghui.web import printing
from tests.shared.funds.conftest import office, receive
from tests.shared.funds.test_money import pay_all
from tests.web.test_prints import words_of


def printed(record, title: str, by=SYSTEM) -> str:
    """The words of a form of a record, which must be offered now."""
    register = register_of(record)
    fresh = type(record).objects.get(pk=record.pk)
    forms = {declared.title: declared for _, declared in printing.forms_of(register, fresh)}
    made = printing.Printing(by, register, fresh, forms[title].form).document("打印：测试")
    return words_of(made)


def offered(record) -> list[str]:
    fresh = type(record).objects.get(pk=record.pk)
    return [each.title for _, each in printing.forms_of(register_of(record), fresh)]


def test_a_cash_batch_has_its_roster_approval_receipt_and_sheet_to_be_signed(county, people):
    workers = people(3)
    batch = county.batch(county.fund(10_000), workers, 700)
    assert offered(batch) == ["发放花名册", "批次审批单"]
    county.sent(batch)
    assert offered(batch) == ["发放花名册", "批次审批单", "现金领款单", "签收表"]
    roster = printed(batch, "发放花名册")
    assert "走访慰问" in roster
    assert "人民币贰仟壹佰元整" in roster
    assert all(each.name in roster for each in workers)
    approval = printed(batch, "批次审批单")
    for step in ("编制", "校验", "提交", "部门审核通过", "财务批准", "生成银行文件（领款）"):
        assert f"2012-03-15　{step}" in approval
    signed = printed(batch, "签收表")
    assert "签名（按手印）" in signed
    assert "人民币贰仟壹佰元整" in printed(batch, "现金领款单")
    pay_all(county, batch)
    assert "已发放" in printed(batch, "发放花名册")


def test_whoever_only_looks_gets_a_roster_without_names(tree, county, people):
    (worker,) = people(1)
    batch = county.batch(county.fund(10_000), [worker], 700)
    assert worker.name not in printed(batch, "发放花名册", by=county.leader)
    assert worker.name in printed(batch, "发放花名册", by=county.maker)


def test_a_roster_too_long_for_paper_is_taken_as_a_workbook(county, people):
    batch = county.batch(county.fund(10_000), people(1), 700)
    PayBatch._unscoped.filter(pk=batch.pk).update(line_count=2001)
    assert offered(batch) == ["批次审批单"]


def test_an_allotment_is_told_in_a_notice(tree, county):
    allotment = create(
        Allotment,
        by=SYSTEM,
        org=tree.county,
        from_fund=office(tree.city).fund(10_000),
        to_fund=county.fund(0),
        amount=Decimal(6000),
        doc_no="示工〔2012〕8号",
        purpose="双节送温暖",
    )
    assert offered(allotment) == []
    perform(allotment, "approve", by=SYSTEM)
    notice = printed(allotment, "资金下拨通知")
    assert "6,000.00元（人民币陆仟元整），用于双节送温暖" in notice
    assert str(tree.city) in notice


def test_a_plan_and_its_list_call_programmes_by_name(tree, county):
    line = create(
        BudgetLine,
        by=SYSTEM,
        org=tree.county,
        fund=county.fund(1000),
        programme_code="ZFWW",
        amount=Decimal(1000),
    )
    register = register_of(line)
    ((_, declared),) = printing.rosters_of(register)
    made = printing.roster_document(
        SYSTEM, register, declared.form, BudgetLine.objects.all(), unit="甲县", stamp="打印"
    )
    assert "走访慰问" in words_of(made)
    assert "ZFWW" not in words_of(made)


def test_a_receipt_says_its_sum_in_words(county):
    receipt = receive(county.fund(0), 19_400, on=date(2012, 1, 4))
    assert "人民币壹万玖仟肆佰元整" in printed(receipt, "资金到账单")
