"""Loans of a bank of which the union pays part of the interest (贷款贴息)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import decimal_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import perform_many
from gonghui.lines.employment.models import InterestSubsidy, MicroLoan
from gonghui.lines.employment.models.loan import LENT, LoanMode
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import PayLine
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch

REGISTER, PROGRAMME = "employment.interest_subsidy", "DKTX"
_CENT = Decimal("0.01")


def check_is_of_bank(loan: MicroLoan) -> None:
    """The union's own loans end with the last repayment."""
    if loan.mode != LoanMode.SUBSIDY:
        raise DomainError("工会直借的借款还清后自动结清。")


def check_bank_lent(loan: MicroLoan) -> None:
    """The bank paid out on a day, under a number of its own."""
    if loan.mode != LoanMode.SUBSIDY:
        raise DomainError("工会直借的借款经专项资金放款，请“申请放款”。")
    if not loan.bank or not loan.bank_loan_no:
        raise DomainError("请填写贷款银行和银行贷款号。", field="bank_loan_no")
    if loan.disbursed_on is None or loan.disbursed_on > clock.today():
        raise DomainError("请填写放款日期，不能晚于今天。", field="disbursed_on")


def subsidy_for(principal: Decimal, rate: Decimal, days: int, paid: Decimal) -> Decimal:
    """Interest above the borrower's part, on the principal up to a limit; never more than he paid."""
    floor = decimal_of("employment.loan_subsidy_floor")
    most = decimal_of("employment.loan_subsidy_max_principal")
    above = max(rate - floor, Decimal(0)) / 100
    return min((min(principal, most) * above * days / 365).quantize(_CENT, ROUND_DOWN), paid)


def derive(rows: list[InterestSubsidy]) -> None:
    """The amount follows from the loan, the days and the rate."""
    with acting(SYSTEM):
        loans = MicroLoan.objects.in_bulk({row.loan_id for row in rows})
    for row in rows:
        if (loan := loans.get(row.loan_id)) is not None and row.state == "draft":
            row.loan = loan
            days = (row.period_to - row.period_from).days
            lent, rate = loan.approved or Decimal(0), Decimal(row.rate)
            row.amount = subsidy_for(lent, rate, days, Decimal(row.interest_paid))


def wrong_subsidies(rows: list[InterestSubsidy]) -> dict[int, DomainError]:
    """Interest of what no bank lent, or of days to come, by position."""
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        if row.loan.mode != LoanMode.SUBSIDY or row.loan.state not in LENT:
            errors[position] = Conflict("只有已放款的银行贷款可以贴息。", field="loan")
        elif row.period_from < row.loan.disbursed_on or row.period_to > clock.today():
            errors[position] = DomainError("计息期间须在放款之后、今天之前。", field="period_from")
    return errors


def check_has_fund(row: InterestSubsidy) -> None:
    """The money comes from a fund."""
    if row.fund_id is None:
        raise DomainError("请选择贴息资金账。", field="fund")
    if not row.amount:
        raise DomainError("利率没有超过借款人承担部分，没有可贴的利息。", field="rate")


def ask_for_money(rows: list[InterestSubsidy], by: Actor) -> None:
    """One roster per fund; from there the money takes the way of all money."""
    for fund in {row.fund_id: row.fund for row in rows}.values():
        own = [row for row in rows if row.fund_id == fund.pk]
        batch = open_batch(
            org=fund.org,
            fund=fund,
            programme=PROGRAMME,
            title=f"贷款贴息（{len(own)}笔）",
            by=by,
        )
        requests = [
            PaymentRequest(
                payee=row.loan.borrower,
                household=row.loan.household,
                amount=row.amount,
                source=row,
                ref=f"{row.loan.number}-{row.period_from}",
            )
            for row in own
        ]
        must(add_lines(batch, requests, by=by))


def wrong_payments(lines: Sequence[Any], on: date) -> dict[int, tuple[str, str]]:
    """Only what was worked out here is paid, and no more."""
    with acting(SYSTEM):
        rows = InterestSubsidy.objects.select_related("loan").in_bulk(
            [line.source_id for line in lines if line.source_model == REGISTER]
        )
    found: dict[int, tuple[str, str]] = {}
    for position, line in enumerate(lines):
        row = rows.get(line.source_id) if line.source_model == REGISTER else None
        if row is None or row.state != "asked":
            found[position] = ("F03", "没有已申请的贷款贴息。")
        elif (row.loan.borrower_id, row.amount) != (line.person_id, line.amount):
            found[position] = ("F03", "贴息的借款人或金额与申请不符。")
    return found


programmes.add_eligibility((PROGRAMME,), wrong_payments)


def _asked_by(lines: Sequence[PayLine], state: str) -> list[tuple[PayLine, InterestSubsidy]]:
    """The subsidies that payments are for, in a state."""
    own = {line.source_id: line for line in lines if line.source_model == REGISTER}
    rows = InterestSubsidy.objects.filter(pk__in=own, state=state, voided_at=None)
    return [(own[row.pk], row) for row in rows.order_by("pk")]


def follow_paid(lines: list[PayLine], by: Actor) -> None:
    """A subsidy is paid on the day of its payment."""
    for line, row in _asked_by(lines, "asked"):
        must(perform_many([row], "pay", by=by, paid_on=line.paid_on))


def follow_dropped(lines: list[PayLine], by: Actor) -> None:
    """A subsidy whose payment left its roster may be asked for again."""
    must(perform_many([row for _, row in _asked_by(lines, "asked")], "release", by=by))


def follow_reversed(lines: list[PayLine], by: Actor) -> None:
    """Money that came back counts off from that day, and its days may be subsidised again."""
    for line, row in _asked_by(lines, "paid"):
        must(perform_many([row], "take_back", by=by, returned_on=line.reversed_on))
