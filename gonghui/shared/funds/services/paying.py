"""What became of each payment: paid, failed, given back; and the batch that is settled with its last line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many, create, create_many, perform_many
from gonghui.shared.funds.models import (
    EntryEvent,
    FundReceipt,
    PayBatch,
    PayeeAccount,
    PayLine,
    ReceivedKind,
)
from gonghui.shared.funds.models.batch import HOLDING, BatchForm
from gonghui.shared.funds.services import claiming, posting
from gonghui.shared.funds.services import lines as lines_service
from gonghui.shared.funds.services.posting import Posting


def settle_paid(lines: list[Any], by: Actor) -> None:
    """Paid lines leave the money under way; bank payments bring their own receipt."""
    _must_be_sent(lines)
    _post(lines, EntryEvent.PAY, "paid_on", by)
    banked = [line for line in lines if line.batch.form == BatchForm.BANK and not line.receipt_kind]
    pairs = [(line, {"receipt_kind": "bank", "receipt_on": line.paid_on}) for line in banked]
    if pairs:
        must(change_many(pairs, by=SYSTEM, reason="银行回单"))
    _settle_batches(lines)


def settle_failed(lines: list[Any], by: Actor) -> None:
    """Failed lines give their money, key and room back; they can be paid again in another batch."""
    _must_be_sent(lines)
    _post(lines, EntryEvent.FAIL, "failed_on", by)
    claiming.release_caps(_by_batch(lines))
    _settle_batches(lines)


def settle_reversed(lines: list[Any], by: Actor) -> None:
    """Money that came back may be used again; the day it was paid keeps its figure."""
    _post(lines, EntryEvent.REVERSE, "reversed_on", by)
    claiming.release_caps(_by_batch(lines))


def _must_be_sent(lines: Sequence[PayLine]) -> None:
    for line in lines:
        if line.batch.state != "sent":
            raise Conflict(f"批次《{line.batch}》尚未送银行（领款），不能登记结果。")


def _by_batch(lines: Sequence[PayLine]) -> dict[PayBatch, list[PayLine]]:
    found: dict[PayBatch, list[PayLine]] = defaultdict(list)
    for line in lines:
        found[line.batch].append(line)
    return dict(sorted(found.items(), key=lambda each: each[0].pk))


def _post(lines: Sequence[PayLine], event: EntryEvent, day: str, by: Actor) -> None:
    sums: dict[tuple[PayBatch, date], list[PayLine]] = defaultdict(list)
    for line in lines:
        sums[line.batch, getattr(line, day)].append(line)
    postings = [
        Posting(
            fund_id=batch.fund_id,
            event=event,
            amount=sum((line.amount for line in own), Decimal(0)),
            on=on,
            budget_line_id=batch.budget_line_id,
            line_count=len(own),
            refers={"batch": batch, "pay_line": own[0] if len(own) == 1 else None},
        )
        for (batch, on), own in sorted(sums.items(), key=lambda each: (each[0][0].pk, each[0][1]))
    ]
    posting.post(postings, by=by)


def _settle_batches(lines: Sequence[PayLine]) -> None:
    ids = {line.batch_id for line in lines}
    open_ids = set(
        PayLine.objects.filter(batch_id__in=ids, state="reserved", voided_at=None).values_list(
            "batch_id", flat=True
        )
    )
    done = PayBatch.objects.filter(pk__in=ids - open_ids, state="sent").order_by("pk")
    must(perform_many(list(done), "settle", by=SYSTEM))


def check_paid_day(line: PayLine) -> None:
    """A payment happens when the batch was sent or later, not in the future."""
    if line.paid_on is None:
        raise DomainError("请填写发放日期。", field="paid_on")
    if line.paid_on > clock.today():
        raise DomainError("发放日期不能晚于今天。", field="paid_on")
    if line.batch.sent_on is not None and line.paid_on < line.batch.sent_on:
        raise DomainError(
            f"发放日期不能早于送银行（领款）日期{line.batch.sent_on:%Y-%m-%d}。", field="paid_on"
        )


def check_failed_day(line: PayLine) -> None:
    """A failure has a day and a reason."""
    if line.failed_on is None or line.failed_on > clock.today():
        raise DomainError("请填写失败日期，不能晚于今天。", field="failed_on")
    if not line.fail_text:
        raise DomainError("请填写失败原因。", field="fail_text")


def check_money_is_back(line: PayLine) -> None:
    """A payment is reversed when the refund was confirmed by finance."""
    if not line.reverse_reason:
        raise DomainError("请填写退回原因。", field="reverse_reason")
    if line.reversed_on is None or line.reversed_on > clock.today():
        raise DomainError("请填写退回日期，不能晚于今天。", field="reversed_on")
    refund = FundReceipt.objects.filter(
        pay_line=line,
        kind=ReceivedKind.PAYEE_REFUND,
        state="confirmed",
        amount=line.amount,
        voided_at=None,
    )
    if not refund.exists():
        raise Conflict("尚未登记并确认与本笔金额相等的退款到账，不能退回。")


def check_receipt(line: PayLine) -> None:
    """A receipt says what proves it, and when."""
    if not line.receipt_kind or line.receipt_on is None:
        raise DomainError("请填写签收方式和签收日期。", field="receipt_kind")


def check_repeat_reason(line: PayLine) -> None:
    """Giving twice is the leader's decision, with a reason."""
    if not line.repeat_reason:
        raise DomainError("请填写叠加发放原因。", field="repeat_reason")


def allow_repeat(lines: list[Any], by: Actor) -> None:
    """Each line gets the first key that no other of its kind has, and is red-flagged.

    Leave is for one payment more: asked for again it changes nothing, unless another took the place.
    """
    pairs = []
    taken = _places_taken(lines)
    for line in lines:
        own, others = lines_service.base_key(line), taken[lines_service.base_key(line)]
        numbers = {number for number, pk in others if pk != line.pk}
        if not own or not numbers:
            raise Conflict(f"没有与本笔重复的发放（第{line.seq}行），不用批准叠加。")
        if line.repeat > 1 and line.repeat not in numbers:
            raise Conflict(f"第{line.seq}行已批准叠加发放，不用再批。")
        repeat = next(number for number in range(2, len(numbers) + 3) if number not in numbers)
        others.append((repeat, line.pk))
        pairs.append((line, {"repeat": repeat}))
    must(change_many(pairs, by=SYSTEM))


def _places_taken(lines: Sequence[PayLine]) -> dict[str, list[tuple[int, int]]]:
    """By key without its place: the places that drafts, claimed and paid lines have, and whose they are."""
    keys = {lines_service.base_key(line) for line in lines}
    wanted = Q(benefit_key__in=keys)
    for key in keys:
        wanted |= Q(benefit_key__startswith=f"{key}{lines_service.AGAIN}")
    taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with acting(SYSTEM):
        rows = PayLine.objects.filter(wanted, state__in=("draft", *HOLDING), voided_at=None)
        for row in rows:
            taken[lines_service.base_key(row)].append((row.repeat, row.pk))
    return taken


_COPIED = (
    "person",
    "household",
    "employer",
    "beneficiary",
    "amount",
    "goods",
    "quantity",
    "source_model",
    "source_id",
    "source_seq",
    "ref",
    "identity_class",
    "is_model_worker",
    "is_migrant",
    "workplace",
    "repeat",
    "remark",
)


def reissue(batch: PayBatch, *, by: Actor) -> PayBatch:
    """A new batch of what failed in this one and was not paid since: same source, same key, new account.

    The payee's account in use today takes the place of a closed one.
    """
    again = PayLine.objects.filter(reissue_of__batch=batch, voided_at=None).exclude(
        state="withdrawn"
    )
    failed = PayLine.objects.filter(batch=batch, state="failed", voided_at=None).exclude(
        pk__in=again.values("reissue_of_id")
    )
    with acting(SYSTEM):
        linked = ("person", "employer", "household", "beneficiary")
        lines = lines_service.with_linked(failed.order_by("seq"), *linked)
    if not lines:
        raise Conflict("本批没有待重发的失败明细。")
    with transaction.atomic():
        fresh = create(
            PayBatch,
            by=by,
            org=batch.org,
            fund=batch.fund,
            programme_code=batch.programme_code,
            campaign_code=batch.campaign_code,
            title=f"{batch.title}（重发）"[:80],
            form=batch.form,
            bank_template=batch.bank_template,
            opened_on=clock.today(),
        )
        accounts = _accounts_in_use(lines)
        rows = [
            {name: getattr(line, name) for name in _COPIED}
            | {"batch": fresh, "reissue_of": line, "account": accounts.get(line.pk)}
            for line in lines
        ]
        with by_rule():  # also fields that nobody may set by hand
            must(create_many(PayLine, rows, by=by))
    return fresh


def _accounts_in_use(lines: Sequence[PayLine]) -> dict[int, PayeeAccount]:
    with acting(SYSTEM):
        current = PayeeAccount.objects.filter(
            Q(person_id__in={line.person_id for line in lines if line.person_id})
            | Q(employer_id__in={line.employer_id for line in lines if line.employer_id}),
            valid_to=None,
            voided_at=None,
        )
        by_owner = {(account.person_id, account.employer_id): account for account in current}
    found = {line.pk: by_owner.get((line.person_id, line.employer_id)) for line in lines}
    return {pk: account for pk, account in found.items() if account is not None}
