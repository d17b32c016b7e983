"""Who may have a loan, and how the money goes out through a fund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.identity import mask_name
from gonghui.base.periods import add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.kernel.people.households import home_ids_of
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import locks
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import perform_many
from gonghui.kernel.workflow.services import check_notice_has_passed, hang
from gonghui.lines.employment.models import LoanGuarantor, LoanInstallment, MicroLoan
from gonghui.lines.employment.models.loan import (
    LIVE,
    OWED,
    GuaranteeKind,
    LoanCondition,
    LoanMode,
    LoanSchedule,
    LoanSector,
)
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import PayLine
from gonghui.shared.funds.services.gates import kin_of
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch

REGISTER = "employment.micro_loan"
PROGRAMME = "XEJK"
# Guarantors come and go until they are shown, and sign until the contract is signed.
_BEFORE_SHOWN = ("draft", "submitted", "field_check", "county_review")
_BEFORE_SIGNED = (*_BEFORE_SHOWN, "notice", "approved")
SHOWN = "借款已公示或签约，保证人不能再变更；需要变更的请退回或撤回后重新申请。"
_STEPS = {LoanSchedule.QUARTERLY: 3, LoanSchedule.MONTHLY: 1}


def derive(rows: list[MicroLoan]) -> None:
    """The household is the one that the borrower lives in, whatever was typed; sex is his."""
    ids = {row.borrower_id for row in rows}
    homes = home_ids_of(ids)
    with acting(SYSTEM):
        sexes = dict(Person.objects.filter(pk__in=ids).values_list("pk", "sex"))
    for row in rows:
        row.sex = sexes.get(row.borrower_id) or ""
        if row.state == "draft":
            row.household_id = homes.get(row.borrower_id) or row.household_id


def wrong_loans(rows: list[MicroLoan]) -> dict[int, DomainError]:
    """Loans beyond the limits, or of a household that owes already, by position."""
    errors: dict[int, DomainError] = {}
    live = _live_of(rows)
    for position, row in enumerate(rows):
        if row.state not in (*LIVE, "draft"):
            continue
        other = live.get(("household", row.household_id)) or live.get(("borrower", row.borrower_id))
        if other is not None and other.pk != row.pk:
            errors[position] = Conflict(
                f"该家庭有未结清借款{other.number}，余额{other.principal_left:,.2f}元。",
                field="borrower",
                code="owes",
            )
        elif (error := _beyond_limits(row)) is not None:
            errors[position] = error
    return errors


def _live_of(rows: list[MicroLoan]) -> dict[tuple[str, int | None], MicroLoan]:
    with acting(SYSTEM):
        loans = MicroLoan.objects.filter(state__in=LIVE, voided_at=None)
        homes = {row.household_id for row in rows} - {None}
        found = [*loans.filter(household_id__in=homes)]
        found += loans.filter(borrower_id__in={row.borrower_id for row in rows})
    live: dict[tuple[str, int | None], MicroLoan] = {}
    for loan in found:
        live["borrower", loan.borrower_id] = loan
        if loan.household_id:
            live["household", loan.household_id] = loan
    return live


def _beyond_limits(row: MicroLoan) -> DomainError | None:
    most = decimal_of("employment.loan_max_amount", org=row.org)
    if row.mode == LoanMode.DIRECT and row.asked > most:
        return DomainError(f"申请{row.asked:,.2f}元，超过单笔上限{most:,.2f}元。", field="asked")
    longest = number_of("employment.loan_term_max", org=row.org)
    if row.term_months > longest:
        return DomainError(
            f"期限{row.term_months}个月，超过上限{longest}个月。", field="term_months"
        )
    if row.term_months % _STEPS.get(LoanSchedule(row.schedule), 1):
        return DomainError("按季还款的期限须为3的倍数。", field="term_months")
    return None


def wrong_guarantors(rows: list[LoanGuarantor]) -> dict[int, DomainError]:
    """Another guarantor than was shown, the borrower himself, or who stands in for two, by position."""
    errors: dict[int, DomainError] = {}
    with acting(SYSTEM):
        loans = MicroLoan.objects.in_bulk({row.loan_id for row in rows})
        counts = _stood_in_for(
            {row.person_id for row in rows}, but_rows=[row.pk for row in rows if row.pk]
        )
    moved = altered(rows, "loan", "person", "kind")
    signed = altered(rows, "scope", "period_to", "signed_on", "employer", "monthly_income")
    most = number_of("employment.loan_guarantee_max")
    for position, row in enumerate(rows):
        loan = loans.get(row.loan_id)
        is_new = not row.pk or position in moved
        if loan is not None and (
            (is_new and loan.state not in _BEFORE_SHOWN)
            or (position in signed and loan.state not in _BEFORE_SIGNED)
        ):
            errors[position] = Conflict(SHOWN, field="loan")
        elif loan is not None and loan.borrower_id == row.person_id:
            errors[position] = DomainError("借款人不能为自己担保。", field="person")
        elif counts.get(row.person_id, 0) >= most:
            errors[position] = Conflict(
                f"该保证人已为{counts[row.person_id]}笔未结清借款担保，最多{most}笔。",
                field="person",
            )
    return errors


def _stood_in_for(
    people: set[int], *, but_rows: Sequence[int] = (), but_loan: int | None = None
) -> dict[int, int]:
    """For how many loans that are asked for or owed each of some people stands in."""
    return dict(
        LoanGuarantor.objects.filter(person_id__in=people, loan__state__in=LIVE, voided_at=None)
        .exclude(pk__in=but_rows)
        .exclude(loan=but_loan)
        .order_by()
        .values_list("person_id")
        .annotate(count=Count("id"))
    )


def check_guarantor_may_go(row: LoanGuarantor) -> None:
    """Who was shown to stand in stays."""
    if row.loan.state not in _BEFORE_SHOWN:
        raise Conflict(SHOWN)


def check_is_eligible(loan: MicroLoan) -> None:
    """All conditions are met, the trade is allowed, and somebody stands in."""
    missing = [each.label for each in LoanCondition if each.value not in loan.conditions]
    if missing:
        raise DomainError(f"条件尚未核对：{'、'.join(missing)}。", field="conditions")
    if loan.sector == LoanSector.BANNED:
        raise DomainError("该行业不予支持。", field="sector")
    _check_age(loan)
    _check_guarantors(loan)


def _check_age(loan: MicroLoan) -> None:
    born_on = loan.borrower.born_on
    oldest = number_of("employment.loan_age_max")
    if born_on is None:
        raise DomainError("借款人没有出生日期，请先补正人员信息。", field="borrower")
    today = clock.today()
    if not add_months(born_on, 18 * 12) <= today < add_months(born_on, oldest * 12):
        raise DomainError(f"借款人须年满18周岁、未满{oldest}周岁。", field="borrower")


def guarantors_of(loan: MicroLoan) -> list[LoanGuarantor]:
    """Who stands in for a loan."""
    return guarantors_by_loan([loan])[loan.pk]


def guarantors_by_loan(loans: Iterable[MicroLoan]) -> dict[int, list[LoanGuarantor]]:
    """Who stands in for each loan."""
    found: dict[int, list[LoanGuarantor]] = {loan.pk: [] for loan in loans}
    for row in LoanGuarantor.objects.filter(loan_id__in=found, voided_at=None).order_by("pk"):
        found[row.loan_id].append(row)
    return found


def _check_guarantors(loan: MicroLoan) -> None:
    guarantors = guarantors_of(loan)
    kinds = [each.kind for each in guarantors]
    alone = [kind for kind in kinds if kind != GuaranteeKind.MUTUAL]
    if not alone and len(kinds) < 3:
        raise DomainError("须有一名保证人（或抵押），联保须三人以上。")
    # Several applications may have named him before any of them was submitted.
    people = {each.person_id for each in guarantors}
    for person in sorted(people):
        locks.hold(f"employment.guarantor.{person}")
    most = number_of("employment.loan_guarantee_max")
    others = _stood_in_for(people, but_loan=loan.pk)
    for each in guarantors:
        if others.get(each.person_id, 0) >= most:
            raise Conflict(
                f"保证人{each.person}已为{others[each.person_id]}笔未结清借款担保，最多{most}笔。"
            )


def check_two_went(loan: MicroLoan) -> None:
    """Two persons saw the place and wrote what they found."""
    names = {name for name in loan.checkers.replace("，", "、").split("、") if name.strip()}
    if len(names) < 2:
        raise DomainError("实地考察须两人，姓名用“、”分开。", field="checkers")
    if not loan.check_note:
        raise DomainError("请填写考察意见。", field="check_note")


def check_may_be_shown(loan: MicroLoan) -> None:
    """What is shown in public is what will be approved: the sum, for somebody who still may have it."""
    if loan.approved is None:
        raise DomainError("请填写批准金额。", field="approved")
    check_is_eligible(loan)


def show_in_public(loan: MicroLoan, by: Actor) -> None:
    """Name, project and sum hang for some days."""
    hang(
        REGISTER,
        loan.pk,
        loan.org,
        title="小额借款公示",
        body=f"{mask_name(loan.borrower.name)}，{loan.project}，{loan.approved:,.2f}元",
        time="employment.loan_notice_days",
    )


def require_level(loan: MicroLoan, by: Actor) -> None:
    """Nobody approves his own matter; the county not beyond a sum, nor while too much is overdue."""
    near = kin_of(by.user_id)
    if near & {loan.borrower_id, *(each.person_id for each in guarantors_of(loan))}:
        raise NotAllowed("借款人或保证人是您本人或亲属，须回避，请由他人批准。")
    if by.has_role(Role.DEPT, over=loan.org_id):
        return
    most = decimal_of("employment.loan_county_max")
    if loan.approved and loan.approved > most:
        raise NotAllowed(f"超过{most:,.2f}元的借款须由市总部室批准。")
    stop = decimal_of("employment.loan_overdue_stop")
    share = overdue_share(loan.org_id)
    if share > stop:
        raise NotAllowed(
            f"本工会借款逾期率{share:.1%}，超过{stop:.0%}，暂停新增；确需批准的由市总部室写明理由批准。"
        )


def overdue_share(org_id: int) -> Decimal:
    """How much of what a union lent and is owed is overdue today."""
    with acting(SYSTEM):
        open_ones = LoanInstallment.objects.filter(
            org_id=org_id, paid_on=None, voided_at=None, loan__state__in=OWED
        )
        sums = open_ones.aggregate(all=Sum("principal"), paid=Sum("paid_principal"))
        late = open_ones.filter(due_on__lt=clock.today())
        over = late.aggregate(all=Sum("principal"), paid=Sum("paid_principal"))
    balance = (sums["all"] or Decimal(0)) - (sums["paid"] or Decimal(0))
    overdue = (over["all"] or Decimal(0)) - (over["paid"] or Decimal(0))
    return overdue / balance if balance else Decimal(0)


def check_may_be_lent(loan: MicroLoan) -> None:
    """The notice has passed; where too much is overdue, nothing new is lent without a reason."""
    check_notice_has_passed(REGISTER, loan.pk)
    most = decimal_of("employment.loan_overdue_stop")
    share = overdue_share(loan.org_id)
    if share > most and not loan.gate_reason:
        raise Conflict(
            f"本工会借款逾期率{share:.1%}，超过{most:.0%}，暂停新增；确需批准的须写明理由。",
            field="gate_reason",
        )


def check_may_be_signed(loan: MicroLoan) -> None:
    """Contract and guarantors' signatures are there, in time."""
    days = number_of("employment.loan_sign_days")
    if clock.today() > loan.approved_on + timedelta(days):
        raise DomainError(f"批准已超过{days}天，审批失效，请重新申请。")
    if not loan.contract_no:
        raise DomainError("请填写合同编号。", field="contract_no")
    if loan.mode == LoanMode.DIRECT and loan.fund_id is None:
        raise DomainError("请选择出借资金账。", field="fund")
    if any(each.signed_on is None for each in guarantors_of(loan)):
        raise DomainError("还有保证人没有签字。")


def check_is_not_claimed(loan: MicroLoan) -> None:
    """A loan is put on one roster at a time."""
    if loan.mode != LoanMode.DIRECT:
        raise DomainError("银行贷款由银行放款，请登记“银行放款”。")
    if payments_of([loan.pk]).filter(state__in=("draft", "reserved", "paid")).exists():
        raise Conflict("该借款已列入发放批次。")


def check_is_not_on_roster(loan: MicroLoan) -> None:
    """What is being paid out cannot be withdrawn."""
    if payments_of([loan.pk]).filter(state__in=("draft", "reserved", "paid")).exists():
        raise Conflict("该借款已列入发放批次，请先从批次撤下。")


def payments_of(loans: Sequence[int]) -> Any:
    """The payments that were asked for loans."""
    return PayLine.objects.filter(
        source_model=REGISTER, source_id__in=loans, programme_code=PROGRAMME, voided_at=None
    )


def ask_for_money(loans: list[MicroLoan], by: Actor) -> None:
    """Put loans on a roster of their fund; from there the money takes the way of all money."""
    of_fund: dict[int | None, list[MicroLoan]] = defaultdict(list)
    for loan in loans:
        of_fund[loan.fund_id].append(loan)
    for own in of_fund.values():
        fund = own[0].fund
        batch = open_batch(
            org=fund.org,
            fund=fund,
            programme=PROGRAMME,
            title=f"小额借款放款（{len(own)}笔）",
            by=by,
        )
        requests = [
            PaymentRequest(
                payee=loan.borrower,
                household=loan.household,
                amount=loan.approved,
                source=loan,
                ref=loan.number,
                account=None,
            )
            for loan in own
        ]
        must(add_lines(batch, requests, by=by))


def wrong_payments(lines: Sequence[Any], on: date) -> dict[int, tuple[str, str]]:
    """Only signed loans are paid out, to the borrower, in the sum that was approved."""
    with acting(SYSTEM):
        loans = MicroLoan.objects.in_bulk(
            [line.source_id for line in lines if line.source_model == REGISTER]
        )
    found: dict[int, tuple[str, str]] = {}
    for position, line in enumerate(lines):
        loan = loans.get(line.source_id) if line.source_model == REGISTER else None
        if loan is None or loan.state != "signed":
            found[position] = ("F03", "没有已签约的借款，不能放款。")
        elif (loan.borrower_id, loan.approved) != (line.person_id, line.amount):
            found[position] = ("F03", f"放款与借款{loan.number}的借款人或批准金额不符。")
    return found


programmes.add_eligibility((PROGRAMME,), wrong_payments)


def follow_paid(lines: list[PayLine], by: Actor) -> None:
    """A loan is lent on the day its payment was made."""
    pairs = _loans_of(lines, ("signed",))
    days = [{"disbursed_on": line.paid_on} for line, _ in pairs]
    must(perform_many([loan for _, loan in pairs], "disburse", by=by, each=days))


def follow_reversed(lines: list[PayLine], by: Actor) -> None:
    """Money that came back whole: the loan is at an end, and counts off from that day."""
    pairs = _loans_of(lines, OWED)
    days = [{"returned_on": line.reversed_on} for line, _ in pairs]
    must(perform_many([loan for _, loan in pairs], "give_back", by=by, each=days))


def _loans_of(lines: list[PayLine], states: Sequence[str]) -> list[tuple[PayLine, MicroLoan]]:
    own = [line for line in lines if line.programme_code == PROGRAMME]
    loans = MicroLoan.objects.filter(
        pk__in=[line.source_id for line in own], state__in=states
    ).in_bulk()
    return [(line, loans[line.source_id]) for line in own if line.source_id in loans]
