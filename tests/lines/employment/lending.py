"""Loans for tests, from the application to the day the money was paid."""

from __future__ import annotations

from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.employment.models import LoanGuarantor, LoanRepayment, MicroLoan
from gonghui.shared.funds.models import Fund, FundPurpose, FundReceipt, PayBatch, PayLine
from tests.lines.members.making import person

ALL = ["member", "jobless", "project", "able", "credit"]
ASKED_ON = date(2012, 2, 1)


def fund_of(org, amount=100_000, programme="XEJK"):
    """A fund with money for loans."""
    made = create(
        Fund,
        by=SYSTEM,
        org=org,
        code=f"JK{Fund._unscoped.count()}",
        name="小额借款周转金",
        fund_year=2012,
        kind="revolving",
        primary_source="carry_over",
    )
    create(FundPurpose, by=SYSTEM, fund=made, programme_code=programme)
    receipt = create(
        FundReceipt,
        by=SYSTEM,
        org=org,
        fund=made,
        kind="carry_over",
        source="carry_over",
        payer_name="上年结转",
        amount=amount,
        received_on=date(2012, 1, 10),
        evidence_no=f"转{made.pk}",
    )
    perform(receipt, "confirm", by=SYSTEM)
    return made


def draft(org, borrower=None, **values):
    """An application."""
    return create(
        MicroLoan,
        by=SYSTEM,
        **{
            "org": org,
            "mode": "direct",
            "borrower": borrower or person(org),
            "conditions": ALL,
            "sector": "catering",
            "project": "早餐店",
            "asked": 10_000,
            "term_months": 12,
            "schedule": "quarterly",
            **values,
        },
    )


def guarantor(loan, who=None, **values):
    """Somebody who stands in."""
    return create(
        LoanGuarantor,
        by=SYSTEM,
        loan=loan,
        person=who or person(loan.org),
        **{"signed_on": ASKED_ON, **values},
    )


def in_review(loan):
    """On to where it is shown in public."""
    loan = perform(perform(loan, "submit", by=SYSTEM), "accept", by=SYSTEM)
    return perform(loan, "pass_check", by=SYSTEM, checkers="甲、乙", check_note="可行")


def signed(org, fund, *, on=date(2012, 2, 20), approved=10_000, **values):
    """A loan with contract."""
    loan = draft(org, **values)
    guarantor(loan)
    loan = perform(in_review(loan), "show", by=SYSTEM, approved=approved)
    with clock.at(on):
        loan = perform(loan, "approve", by=SYSTEM)
        return perform(loan, "sign", by=SYSTEM, contract_no="借2012-1", fund=fund)


def rostered(loan):
    """Its payment on the way to the bank."""
    perform(loan, "ask_for_money", by=SYSTEM)
    line = PayLine._unscoped.filter(source_id=loan.pk, state="draft").get()
    batch = change(PayBatch._unscoped.get(pk=line.batch_id), by=SYSTEM, form="cash")
    for action in ("check", "submit", "dept_review", "finance_approve", "send"):
        batch = perform(batch, action, by=SYSTEM)
    return PayLine._unscoped.get(pk=line.pk)


def lent(org, fund, on=date(2012, 3, 1), **values):
    """A loan whose payment was made on a day."""
    loan = signed(org, fund, **values)
    with clock.at(on):
        perform(rostered(loan), "pay", by=SYSTEM, paid_on=on)
    return again(loan)


def repay(loan, amount, on, evidence):
    """Money that came back and was confirmed."""
    with clock.at(on):
        row = create(
            LoanRepayment, by=SYSTEM, loan=loan, amount=amount, paid_on=on, evidence_no=evidence
        )
        perform(again(row).receipt, "confirm", by=SYSTEM)
    return again(row)


def come_back(line, amount, why):
    """What was paid comes back whole today, and the payment is reversed."""
    today = clock.today()
    refund = create(
        FundReceipt,
        by=SYSTEM,
        org=line.fund.org,
        fund=line.fund,
        kind="payee_refund",
        source="own_union",
        payer_name="示例",
        amount=amount,
        received_on=today,
        evidence_no="退1",
        pay_line=line,
    )
    perform(refund, "confirm", by=SYSTEM)
    perform(line, "reverse", by=SYSTEM, reversed_on=today, reverse_reason=why)


def again(row):
    """The row as it is now."""
    return type(row)._unscoped.get(pk=row.pk)
