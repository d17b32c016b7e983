"""Submitting a batch claims its money and its keys; returning it gives them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.records import locks
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, perform_many
from gonghui.kernel.workflow.services import check_notice_has_passed
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import BudgetLine, EntryEvent, PayBatch, PayLine
from gonghui.shared.funds.models.batch import BatchForm, Tier
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services import gates, posting
from gonghui.shared.funds.services.lines import take_drafts
from gonghui.shared.funds.services.posting import Posting

KEY_TAKEN = "funds_payline_benefit_once"


def judge(batches: list[Any], by: Actor) -> None:
    """Run all gates; a batch with a finding that blocks is not checked."""
    for batch in batches:
        found = gates.findings_of(batch)
        blocks = [finding for finding in found if finding.blocks]
        if blocks:
            raise DomainError(
                f"校验未通过（{len(blocks)}条）：{gates.summary(blocks)}", code=blocks[0].code
            )
        change(batch, by=SYSTEM, checked_at=clock.now(), warning_count=len(found))


def check_is_fresh(batch: PayBatch) -> None:
    """What was checked long ago has to be checked again, and a notice must have run its time."""
    hours = parameters.number_of("funds.check_hours")
    if batch.checked_at is None or clock.now() - batch.checked_at > timedelta(hours=hours):
        raise Conflict(f"校验已超过{hours}小时，请重新校验后提交。")
    if programmes.programme_of(batch.programme_code).notice:
        check_notice_has_passed("funds.pay_batch", batch.pk)


def claim(batches: list[Any], by: Actor) -> None:
    """Reserve the money of a batch, the right to each benefit, and the room under each cap."""
    for batch in batches:
        take_drafts(batch)
    # Two offices that claim the same households in another order would wait for each other.
    for programme_code in sorted({batch.programme_code for batch in batches}):
        locks.hold(f"funds.claim.{programme_code}")
    budget_lines = [gates.budget_line_of(batch) for batch in batches]
    posting.hold(
        {batch.fund_id for batch in batches}, [line.pk for line in budget_lines if line is not None]
    )
    check_budgets(zip(batches, budget_lines, strict=True), "请重新校验。")
    drafts = {batch.pk: gates.draft_lines(batch) for batch in batches}
    posting.hold_caps(cap for batch in batches for _, cap in _caps(batch, drafts[batch.pk]))
    for batch, budget_line in zip(batches, budget_lines, strict=True):
        _claim(batch, drafts[batch.pk], budget_line, by)


def check_budgets(pairs: Iterable[tuple[PayBatch, BudgetLine | None]], what_to_do: str) -> None:
    """Money of a fund with budget lines is spent on one of them (F12)."""
    without = {batch.fund_id: batch for batch, line in pairs if line is None}
    managed = BudgetLine.objects.filter(fund_id__in=without, voided_at=None).order_by("pk")
    found = managed.values_list("fund_id", flat=True).first()
    if found is not None:
        raise Conflict(
            f"《{without[found]}》的资金实行指标管理，本项目（活动）没有下达预算指标，{what_to_do}",
            code="F12",
        )


def recheck_budgets(batches: list[Any], by: Actor) -> None:
    """What was submitted before its fund had budget lines is not approved beside them."""
    check_budgets(((batch, batch.budget_line) for batch in batches), "请退回后重新校验、提交。")


def _claim(
    batch: PayBatch, lines: Sequence[PayLine], budget_line: BudgetLine | None, by: Actor
) -> None:
    total = sum((line.amount for line in lines), Decimal(0))
    posting.post([_posting(batch, EntryEvent.RESERVE, total, len(lines), budget_line)], by=by)
    posting.claim_caps([(line.seq, cap, line.amount) for line, cap in _caps(batch, lines)])
    for line, outcome in zip(lines, perform_many(lines, "reserve", by=SYSTEM), strict=True):
        if outcome.error is not None:
            raise _in_words(line, outcome.error)
    change(batch, by=SYSTEM, tier=tier_of(total), budget_line=budget_line)


def _in_words(line: PayLine, error: DomainError) -> DomainError:
    """What the database refused, with the other's data."""
    other = gates.holders_of([line.benefit_key]).get(line.benefit_key)
    if other is not None:
        return Conflict(f"第{line.seq}行：{gates.repeated(other)}", code="F04")
    return Conflict(f"第{line.seq}行：{error}", code=error.code)


def tier_of(total: Decimal) -> Tier:
    """How far up a sum has to go."""
    if total <= parameters.decimal_of("funds.tier_finance_max"):
        return Tier.FINANCE
    if total <= parameters.decimal_of("funds.tier_leader_max"):
        return Tier.LEADER
    return Tier.MINUTES


def _caps(batch: PayBatch, lines: Sequence[PayLine]) -> list[tuple[PayLine, Cap]]:
    rule = programmes.cap_of(batch.programme_code)
    if rule is None:
        return []
    day = batch.submitted_on or clock.today()
    found = [(line, rule(line, day)) for line in lines]
    return [(line, cap) for line, cap in found if cap is not None]


def _posting(
    batch: PayBatch, event: EntryEvent, amount: Decimal, count: int, budget_line: Any, **refers: Any
) -> Posting:
    return Posting(
        fund_id=batch.fund_id,
        event=event,
        amount=amount,
        on=clock.today(),
        budget_line_id=budget_line.pk if budget_line else None,
        line_count=count,
        refers={"batch": batch, **refers},
    )


def release(batches: list[Any], by: Actor) -> None:
    """A returned batch gives its money, keys and room back; its lines can be mended."""
    _hold_money_of(batches)
    claimed = {
        batch: list(PayLine.objects.filter(batch=batch, state="reserved", voided_at=None))
        for batch in batches
    }
    release_caps(claimed)
    for batch, lines in claimed.items():
        total = sum((line.amount for line in lines), Decimal(0))
        posting.post(
            [_posting(batch, EntryEvent.RELEASE, total, len(lines), batch.budget_line)], by=by
        )
        must(perform_many(lines, "release", by=SYSTEM))
        # The day says under which period's cap it counts; the next submission has its own.
        change(batch, by=SYSTEM, submitted_on=None)


def _hold_money_of(batches: Sequence[PayBatch]) -> None:
    posting.hold({batch.fund_id for batch in batches}, [batch.budget_line_id for batch in batches])


def release_caps(lines: Mapping[PayBatch, Sequence[PayLine]]) -> None:
    """Make room again for what was not or is no longer paid, of all batches at once."""
    posting.release_caps(
        [(cap, line.amount) for batch, own in lines.items() for line, cap in _caps(batch, own)]
    )


def drop(batches: list[Any], by: Actor) -> None:
    """The lines of a cancelled batch go with it."""
    for batch in batches:
        take_drafts(batch)
    lines = PayLine.objects.filter(batch__in=batches, state="draft", voided_at=None)
    must(perform_many(list(lines), "withdraw", by=SYSTEM))


def send(batches: list[Any], by: Actor) -> None:
    """Money leaves for the bank or the cash bag."""
    _hold_money_of(batches)
    for batch in batches:
        posting.post([_posting(batch, EntryEvent.SEND, batch.total, batch.line_count, None)], by=by)


def recuse(batch: Any, by: Actor) -> None:
    """Whoever is related to a payee, or to whom a payment is for, does not review the batch."""
    near = gates.kin_of(by.user_id)
    theirs = Q(person_id__in=near) | Q(beneficiary_id__in=near)
    if near and PayLine.objects.filter(theirs, batch=batch, voided_at=None).exists():
        raise NotAllowed("批次中有您的亲属，须回避，请由他人审核。")


def check_goes_to_leader(batch: PayBatch) -> None:
    """Small batches end with finance."""
    if batch.tier == Tier.FINANCE:
        raise Conflict("本批金额在财务审核权限内，请直接办理“财务批准”。")


def check_ends_with_finance(batch: PayBatch) -> None:
    """Larger batches go to the leader."""
    if batch.tier != Tier.FINANCE:
        raise Conflict("本批金额超出财务审核权限，须报领导审批。")


def check_has_minutes(batch: PayBatch) -> None:
    """The largest batches were decided by a meeting."""
    if batch.tier == Tier.MINUTES and not batch.minutes:
        raise DomainError("本批金额须经会议研究，请填写会议纪要文号。", field="minutes")


def check_everything_is_signed(batch: PayBatch) -> None:
    """A batch is archived when every payment has its receipt."""
    missing = PayLine.objects.filter(
        batch=batch, state="paid", receipt_kind="", voided_at=None
    ).count()
    if missing:
        raise Conflict(f"还有{missing}笔没有签收，不能归档。")


def check_has_no_lines(batch: PayBatch) -> None:
    """A batch is voided only before anything hangs on it."""
    if batch.state not in ("draft", "checked", "returned", "cancelled"):
        raise Conflict("已提交的批次不能作废，请退回或办理退回资金。")


def is_cash(batch: PayBatch) -> bool:
    """Whether payees sign instead of a bank answering."""
    return str(batch.form) != str(BatchForm.BANK)
