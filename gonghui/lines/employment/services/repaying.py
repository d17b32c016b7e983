"""The schedule of a loan, what repayments cover, and what being late costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.money import cents, yuan
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import (
    change_many,
    create_many,
    perform_many,
    void,
    void_many,
)
from gonghui.lines.employment.models import (
    LoanGuarantor,
    LoanInstallment,
    LoanRepayment,
    LoanVisit,
    MicroLoan,
)
from gonghui.lines.employment.models.loan import OWED, LoanMode, LoanSchedule
from gonghui.lines.employment.services.lending import guarantors_by_loan
from gonghui.shared.funds.models import FundReceipt, ReceivedKind, Source

_CENT, _ZERO = Decimal("0.01"), Decimal(0)
_DAY = timedelta(days=1)
_MONTHS = {LoanSchedule.QUARTERLY: 3, LoanSchedule.MONTHLY: 1}


def parts_of(amount: Decimal, count: int) -> list[Decimal]:
    """Equal parts of a sum, cut to the cent; the last takes the rounding."""
    part = yuan(cents(amount) // count)
    return [part] * (count - 1) + [amount - part * (count - 1)]


def plan_of(loan: MicroLoan) -> list[tuple[date, Decimal]]:
    """When how much is due."""
    step = _MONTHS.get(LoanSchedule(loan.schedule), loan.term_months)
    count = loan.term_months // step
    days = [add_months(loan.disbursed_on, step * number) for number in range(1, count + 1)]
    return list(zip(days, parts_of(loan.approved, count), strict=True))


def penalty_for(left: Decimal, since: date, until: date) -> Decimal:
    """What being late costs from the day after one day up to another; never on the cost itself."""
    days = max((until - since).days, 0)
    rate = decimal_of("employment.loan_penalty_rate", on=until)
    return (left * rate * days / 365).quantize(_CENT, ROUND_HALF_UP)


def begin(loans: list[MicroLoan], by: Actor) -> None:
    """The money was lent: the schedule is made, and the clocks start."""
    rows = [
        {"loan": loan, "org": loan.org, "seq": number, "due_on": day, "principal": part}
        for loan in loans
        if loan.mode == LoanMode.DIRECT
        for number, (day, part) in enumerate(plan_of(loan), 1)
    ]
    must(create_many(LoanInstallment, rows, by=by))
    refresh(loans, by)


def installments_of(loan: MicroLoan) -> list[LoanInstallment]:
    """The schedule, oldest first."""
    return _schedules([loan])[loan.pk]


def _schedules(loans: Sequence[MicroLoan]) -> dict[int, list[LoanInstallment]]:
    found: dict[int, list[LoanInstallment]] = {loan.pk: [] for loan in loans}
    rows = LoanInstallment.objects.filter(loan_id__in=found, voided_at=None)
    for row in rows.order_by("due_on", "seq"):
        found[row.loan_id].append(row)
    return found


@dataclass(slots=True)
class _Row:
    """An installment while repayments are put against it."""

    due_on: date
    principal: Decimal
    left: Decimal
    penalty: Decimal = _ZERO
    paid_penalty: Decimal = _ZERO
    paid_on: date | None = None
    accrued_to: date | None = None

    def accrue(self, day: date) -> None:
        """Add what being late cost since it was last looked at."""
        since = self.accrued_to or self.due_on
        if day > since and self.left:
            self.penalty += penalty_for(self.left, since, day)
        self.accrued_to = max(since, day)

    def take(self, money: Decimal, day: date) -> Decimal:
        """Pay principal; what is over."""
        part = min(money, self.left)
        self.left -= part
        if part and not self.left:
            self.paid_on = day
        return money - part

    def take_penalty(self, money: Decimal) -> Decimal:
        """Pay for being late; what is over."""
        part = min(money, self.penalty - self.paid_penalty)
        self.paid_penalty += part
        return money - part


def cover(
    plan: Sequence[tuple[date, Decimal]], paid: Sequence[tuple[date, Decimal]]
) -> tuple[list[_Row], list[Decimal]]:
    """Put repayments against a schedule: principal first, oldest first, then what being late cost.

    Also the part of each repayment that was principal. Raises where more came than is owed.
    """
    rows = [_Row(due_on=day, principal=part, left=part) for day, part in plan]
    principal: list[Decimal] = []
    for day, amount in paid:
        left = amount
        for row in rows:
            row.accrue(day)
            left = row.take(left, day)
        principal.append(amount - left)
        for row in rows:
            left = row.take_penalty(left)
        if left:
            raise DomainError(
                f"还款超过应还本金和逾期费，多{left:,.2f}元，请核对。", field="amount"
            )
    return rows, principal


def replay(loan: MicroLoan, by: Actor) -> None:
    """Work out anew what all confirmed repayments of a loan cover; the order they came in is no matter."""
    installments = installments_of(loan)
    found = LoanRepayment.objects.filter(loan=loan.pk, state="confirmed", voided_at=None)
    repayments = list(found.order_by("paid_on", "pk"))
    rows, principal = cover(
        [(each.due_on, each.principal) for each in installments],
        [(each.paid_on, each.amount) for each in repayments],
    )
    pairs = [
        (
            each,
            {
                "paid_principal": row.principal - row.left,
                "penalty": row.penalty,
                "paid_penalty": row.paid_penalty,
                "paid_on": row.paid_on,
            },
        )
        for each, row in zip(installments, rows, strict=True)
    ]
    must(change_many(pairs, by=by))
    parts = [
        (each, {"principal_part": part}) for each, part in zip(repayments, principal, strict=True)
    ]
    must(change_many(parts, by=by))
    refresh([_ended_or_going_on(loan, rows, by)], by)


def _ended_or_going_on(loan: MicroLoan, rows: Sequence[_Row], by: Actor) -> MicroLoan:
    """A loan is settled by the payment after which nothing is owed; if that is taken back it is as before."""
    owed = sum((row.left + row.penalty - row.paid_penalty for row in rows), _ZERO)
    moved: list[MicroLoan] = []
    if owed == 0 and loan.state in OWED:
        moved = must(perform_many([loan], "settle", by=by, owed_as=loan.state))
    elif owed > 0 and loan.state == "settled":
        moved = must(perform_many([loan], f"reopen_{loan.owed_as}", by=by, settled_on=None))
    return moved[0] if moved else loan


def drop_schedule(loans: list[MicroLoan], by: Actor) -> None:
    """Money that came back whole leaves nothing to be paid."""
    for loan in loans:
        for row in installments_of(loan):
            void(row, by=by, reason="放款已退回")
    refresh(loans, by)


def derive_installments(rows: list[LoanInstallment]) -> None:
    """An installment is overdue from the day after, unless it was paid by then."""
    for row in rows:
        late = row.paid_on is None or row.paid_on > row.due_on
        row.overdue_from = row.due_on + _DAY if late else None


def refresh(loans: Sequence[MicroLoan], by: Actor) -> None:
    """Bring what a loan shows of its schedule and its clocks up to today."""
    schedules, guarantors = _schedules(loans), guarantors_by_loan(loans)
    stirred = _last_stirred(loans)
    pairs = [
        (loan, _standing(loan, schedules[loan.pk], guarantors[loan.pk], stirred.get(loan.pk)))
        for loan in loans
    ]
    must(change_many(pairs, by=by))


def _last_stirred(loans: Sequence[MicroLoan]) -> dict[int, date]:
    """The last day on which each loan was demanded in writing or paid."""
    keys = [loan.pk for loan in loans]
    visits = LoanVisit.objects.filter(loan_id__in=keys, is_demand=True, voided_at=None)
    paid = LoanRepayment.objects.filter(loan_id__in=keys, state="confirmed", voided_at=None)
    found: dict[int, date] = {}
    for key, day in (
        *visits.values_list("loan_id", "visited_on"),
        *paid.values_list("loan_id", "paid_on"),
    ):
        found[key] = max(day, found.get(key, day))
    return found


def _standing(
    loan: MicroLoan,
    installments: Sequence[LoanInstallment],
    guarantors: Sequence[LoanGuarantor],
    stirred_on: date | None,
) -> dict[str, Any]:
    today = clock.today()
    late = [each.due_on for each in installments if each.paid_on is None and each.due_on < today]
    due_on = installments[-1].due_on if installments else _bank_due(loan)
    gone = loan.state in ("settled", "returned")
    return {
        "principal_left": sum(
            (each.principal - each.paid_principal for each in installments), _ZERO
        ),
        "overdue_since": min(late) + _DAY if late and not gone else None,
        "due_on": due_on,
        "guarantee_to": _guarantee_to(guarantors, due_on),
        "limitation_to": _limitation_to(due_on, stirred_on),
    }


def _bank_due(loan: MicroLoan) -> date | None:
    return add_months(loan.disbursed_on, loan.term_months) if loan.disbursed_on else None


def _guarantee_to(guarantors: Sequence[LoanGuarantor], due_on: date | None) -> date | None:
    """The first day on which a guarantor is free; six months after the loan is due if none was agreed."""
    if due_on is None:
        return None
    months = number_of("employment.loan_guarantee_months", on=due_on)
    agreed = [each.period_to or add_months(due_on, months) for each in guarantors]
    return min(agreed, default=None)


def _limitation_to(due_on: date | None, stirred_on: date | None) -> date | None:
    """Three years after it was due, or after the last written demand or payment."""
    if due_on is None:
        return None
    last = max(due_on, stirred_on or due_on)
    return add_months(last, 12 * number_of("employment.loan_limitation_years", on=last))


def read_loans(rows: list[Any]) -> None:
    """Fetch the loans of child rows as they are now, once for all."""
    loans = MicroLoan.objects.select_related("fund").in_bulk({row.loan_id for row in rows})
    for row in rows:
        if row.loan_id in loans:
            row.loan = loans[row.loan_id]


def wrong_repayments(rows: list[LoanRepayment]) -> dict[int, DomainError]:
    """Repayments of what was not lent, or of tomorrow, by position."""
    errors: dict[int, DomainError] = {}
    told = {} if is_by_rule() else altered(rows, "loan", "amount", "paid_on", "evidence_no")
    for position, row in enumerate(rows):
        if position in told:
            errors[position] = Conflict(
                "还款登记时已生成资金到账，不能再改；有误的请作废后重新登记。",
                field=told[position][1].name,
            )
        elif not row.pk and row.loan.state not in OWED:
            errors[position] = Conflict("该借款没有未还本金。", field="loan")
        elif not row.pk and row.loan.mode != LoanMode.DIRECT:
            errors[position] = DomainError("银行贷款向银行还款，不在这里登记。", field="loan")
        elif not row.loan.disbursed_on <= row.paid_on <= clock.today():
            errors[position] = DomainError("还款日期须在放款之后、今天之前。", field="paid_on")
    return errors


def follow_repayments(rows: list[LoanRepayment], created: bool, by: Actor) -> None:
    """A repayment is money that a fund received; finance confirms it there."""
    if not created:
        return
    receipts = must(
        create_many(
            FundReceipt,
            [
                {
                    "org": row.loan.fund.org,
                    "fund": row.loan.fund,
                    "kind": ReceivedKind.LOAN_REPAYMENT,
                    "source": Source.LOAN_REPAYMENT,
                    "payer_name": row.loan.borrower.name,
                    "amount": row.amount,
                    "received_on": row.paid_on,
                    "evidence_no": row.evidence_no,
                    "source_model": "employment.loan_repayment",
                    "source_id": row.pk,
                }
                for row in rows
            ],
            by=by,
        )
    )
    pairs = [(row, {"receipt": receipt}) for row, receipt in zip(rows, receipts, strict=True)]
    must(change_many(pairs, by=by))


def check_is_unconfirmed(row: LoanRepayment) -> None:
    """What finance has confirmed is taken back by reversing its receipt."""
    if row.state != "pending":
        raise Conflict("已确认的还款不能作废，请由财务红冲对应的资金到账。")


def drop_receipts(rows: list[LoanRepayment], by: Actor) -> None:
    """The receipt that waited for finance goes with its repayment."""
    waiting = FundReceipt.objects.filter(
        pk__in=[row.receipt_id for row in rows], state="draft", voided_at=None
    )
    must(void_many(list(waiting.order_by("pk")), by=by, reason="对应的还款登记已作废"))


def follow_confirmed(receipts: list[FundReceipt], by: Actor) -> None:
    """A confirmed receipt makes its repayment count, if it is of the same money."""
    by_pk = {receipt.pk: receipt for receipt in receipts}
    own = LoanRepayment.objects.filter(receipt__in=by_pk, state="pending", voided_at=None)
    for row in own.select_related("loan"):
        receipt = by_pk[row.receipt_id]
        if (receipt.amount, receipt.received_on, receipt.fund_id) != (
            row.amount,
            row.paid_on,
            row.loan.fund_id,
        ):
            raise Conflict(
                f"到账与登记的还款（{row.paid_on}，{row.amount:,.2f}元）不一致，"
                "请作废该还款，按实际到账重新登记。"
            )
    _follow_receipts(receipts, "pending", "confirm", by)


def follow_taken_out(receipts: list[FundReceipt], by: Actor) -> None:
    """A reversed receipt (红冲) takes its repayment back."""
    _follow_receipts(receipts, "confirmed", "reverse", by)


def _follow_receipts(receipts: list[FundReceipt], state: str, action: str, by: Actor) -> None:
    own = LoanRepayment.objects.filter(
        receipt__in=[receipt.pk for receipt in receipts], state=state, voided_at=None
    )
    rows = must(perform_many(list(own.order_by("pk")), action, by=by))
    loans = MicroLoan.objects.filter(pk__in={row.loan_id for row in rows})
    for loan in loans.order_by("pk").select_for_update(no_key=True):
        replay(loan, by)


def wrong_visits(rows: list[LoanVisit]) -> dict[int, DomainError]:
    """Visits of tomorrow, or before anything was lent, by position."""
    read_loans(rows)
    return {
        position: DomainError("走访（催收）日期须在放款之后、今天之前。", field="visited_on")
        for position, row in enumerate(rows)
        if row.visited_on > clock.today()
        or row.loan.disbursed_on is None
        or row.visited_on < row.loan.disbursed_on
    }


def follow_voided_visits(rows: list[LoanVisit], by: Actor) -> None:
    """A demand that was never made restarts no limitation."""
    follow_visits(rows, False, by)


def follow_visits(rows: list[LoanVisit], created: bool, by: Actor) -> None:
    """A written demand starts the limitation anew."""
    demanded = {row.loan_id for row in rows if row.is_demand}
    refresh(list(MicroLoan.objects.filter(pk__in=demanded).order_by("pk")), by)


def check_may_be_extended(loan: MicroLoan) -> None:
    """Once, before it is due, for some months, and with the guarantors' consent in writing."""
    most = number_of("employment.loan_extend_months")
    if loan.due_on is None or clock.today() > loan.due_on:
        raise DomainError("已过到期日，不能展期。")
    if not loan.extend_months or loan.extend_months > most:
        raise DomainError(f"请填写展期月数，最多{most}个月。", field="extend_months")
    if not loan.consent_no:
        raise DomainError("请填写保证人同意展期书的编号。", field="consent_no")


def move_schedule(loans: list[MicroLoan], by: Actor) -> None:
    """What is not paid falls due later; what is overdue already stays so, with what that costs."""
    today = clock.today()
    for loan in loans:
        open_ones = [
            each for each in installments_of(loan) if each.paid_on is None and each.due_on >= today
        ]
        pairs = [
            (each, {"due_on": add_months(each.due_on, loan.extend_months)}) for each in open_ones
        ]
        must(change_many(pairs, by=by))
    refresh(loans, by)


def check_guarantee_still_holds(loan: MicroLoan) -> None:
    """Whoever sues does so while the guarantors and the court can be reached."""
    if not loan.court_no:
        raise DomainError("请填写案号。", field="court_no")
    if loan.limitation_to and clock.today() > loan.limitation_to:
        raise DomainError(f"诉讼时效已于{loan.limitation_to}届满。")


def check_may_be_written_off(loan: MicroLoan) -> None:
    """With minutes, and after it was demanded on three days; the debt is not erased."""
    if not loan.minutes:
        raise DomainError("请填写核销会议纪要文号。", field="minutes")
    made = LoanVisit.objects.filter(loan=loan.pk, is_demand=True, voided_at=None)
    demands = made.order_by().values("visited_on").distinct().count()
    if demands < 3:
        raise DomainError(f"书面催收记录{demands}次，不足3次，不能核销。")


def penalty_due(loan: MicroLoan) -> Decimal:
    """What being late has cost up to today and is not paid."""
    found = LoanRepayment.objects.filter(loan=loan.pk, state="confirmed", voided_at=None)
    paid = list(found.order_by("paid_on", "pk").values_list("paid_on", "amount"))
    rows, _ = cover([(each.due_on, each.principal) for each in installments_of(loan)], paid)
    for row in rows:
        row.accrue(clock.today())
    return sum((row.penalty - row.paid_penalty for row in rows), _ZERO)
