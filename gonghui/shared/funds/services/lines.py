"""The lines of a roster: what they copy from their batch, their key, their numbers and the batch's sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Count, Max, Q, Sum

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import change_many, perform_many
from gonghui.shared.campaigns.services import campaign_of
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import PayBatch, PayLine

OPEN = ("draft", "checked", "returned")
AGAIN = "|x"  # before the number of a payment that a leader let be given once more
_LOCK_NOT_AVAILABLE = "55P03"


def number_new(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Give new lines the next numbers of their batch; a batch under review takes none."""
    errors: dict[int, DomainError] = {}
    batches = {
        batch.pk: batch
        for batch in PayBatch.objects.filter(pk__in={row.batch_id for row in rows.values()})
        .order_by("pk")
        .select_for_update()
    }
    highest = dict(
        PayLine.objects.filter(batch_id__in=batches, voided_at=None)
        .order_by()
        .values_list("batch_id")
        .annotate(most=Max("seq"))
    )
    for index, row in rows.items():
        batch = batches.get(row.batch_id)
        if batch is None:
            errors[index] = DomainError("请选择发放批次。", field="batch")
        elif batch.state not in OPEN:
            errors[index] = Conflict("该批次已提交，不能再增加明细；请先退回。")
        else:
            highest[batch.pk] = highest.get(batch.pk, 0) + 1
            row.seq = highest[batch.pk]
    return errors


def derive(rows: list[Any]) -> None:
    """Fill what a line copies from its batch and its payee."""
    batches = PayBatch.objects.select_related("fund").in_bulk({row.batch_id for row in rows})
    sexes = dict(
        Person.objects.filter(
            pk__in={row.beneficiary_id or row.person_id for row in rows} - {None}
        ).values_list("pk", "sex")
    )
    campaigns: dict[str, Any] = {}
    for row in rows:
        batch = batches[row.batch_id]
        programme = programmes.programme_of(batch.programme_code)
        code = batch.campaign_code
        if code and code not in campaigns:
            campaigns[code] = campaign_of(code)
        campaign = campaigns.get(code)
        row.org_id, row.fund_id = batch.org_id, batch.fund_id
        row.programme_code, row.line = programme.code, programme.line
        row.pay_kind = programme.pay_kind.value
        row.campaign_code = code
        row.campaign_kind = campaign.kind if campaign else ""
        row.in_service = campaign.counts_in_service if campaign else programme.in_service
        row.sex = sexes.get(row.beneficiary_id or row.person_id) or ""
        if row.state == "draft":
            row.benefit_key = key_of(row, programme, batch)


def key_of(row: Any, programme: programmes.Programme, batch: PayBatch) -> str:
    """What may be had once; empty where the programme needs a part that the line does not have."""
    parts = {
        "campaign": batch.campaign_code,
        "year": batch.opened_on.year,
        "household": row.household_id,
        "person": row.person_id,
        "employer": row.employer_id,
        "beneficiary": row.beneficiary_id,
        "ref": row.ref,
    }
    if any(not value for name, value in parts.items() if f"{{{name}}}" in programme.key):
        return ""
    key = programme.key.format(**parts)
    return key if row.repeat == 1 else f"{key}{AGAIN}{row.repeat}"


def base_key(row: Any) -> str:
    """The key without its place among those who may have it again (叠加发放)."""
    return str(row.benefit_key).removesuffix(f"{AGAIN}{row.repeat}" if row.repeat > 1 else "")


def check(row: Any) -> None:
    """A line says what its programme's key needs, and goods have a quantity."""
    if row.goods and row.quantity is None:
        raise DomainError("实物须填写数量。", field="quantity")
    if (
        not row.benefit_key
        and "{ref}" in programmes.programme_of(row.programme_code).key
        and not row.ref
    ):
        raise DomainError("请填写业务编号（如学年、结算单号、票据号）。", field="ref")


# What a line of work asked for and somebody approved there; the account may be another.
_ASKED = ("batch", "person", "employer", "household", "beneficiary", "amount", "goods", "ref")


def altered_requests(rows: Sequence[PayLine]) -> dict[int, DomainError]:
    """Payments that another register asked for and somebody now makes into others, by position."""
    asked = [position for position, row in enumerate(rows) if row.source_id is not None]
    if not asked or is_by_rule():
        return {}
    return {
        asked[at]: Conflict(
            f"本笔按业务台账已批准的申请列入，“{field.verbose_name}”不能在批次中修改；"
            "有误的请作废本笔，由业务台账更正后重新列入。",
            field=field.name,
            code="asked",
        )
        for at, (_, field) in altered([rows[position] for position in asked], *_ASKED).items()
    }


def after(rows: list[Any], created: bool, by: Actor) -> None:
    """Keep the batch's count and sum; a checked batch that changed has to be checked again."""
    refresh_batches({row.batch_id for row in rows})


def follow_batches(batches: list[Any], created: bool, by: Actor) -> None:
    """A batch moved to another year asks for that year's help: its draft lines get their keys anew."""
    if created:
        return
    first = (
        PayLine.objects.filter(batch__in=batches, state="draft", voided_at=None)
        .exclude(benefit_key="")
        .order_by("batch_id", "seq")
        .distinct("batch_id")
    )
    by_pk = {batch.pk: batch for batch in batches}
    stale = [
        line.batch_id
        for line in first
        if line.benefit_key
        != key_of(line, programmes.programme_of(line.programme_code), by_pk[line.batch_id])
    ]
    lines = PayLine.objects.filter(batch_id__in=stale, state="draft", voided_at=None)
    # What a line copies is derived whenever it is written; nothing else of it changes.
    must(
        change_many([(line, {}) for line in lines.order_by("pk")], by=SYSTEM, reason="编制年度变动")
    )


def refresh_batches(ids: set[int]) -> None:
    """Make the count and sum of batches those of their lines."""
    batches = list(PayBatch.objects.filter(pk__in=ids).order_by("pk").select_for_update())
    sums = {
        row["batch_id"]: row
        for row in PayLine.objects.filter(~Q(state="withdrawn"), batch_id__in=ids, voided_at=None)
        .order_by()
        .values("batch_id")
        .annotate(count=Count("id"), total=Sum("amount"))
    }
    nothing = {"count": 0, "total": 0}
    pairs = [
        (
            batch,
            {
                "line_count": sums.get(batch.pk, nothing)["count"],
                "total": sums.get(batch.pk, nothing)["total"],
            },
        )
        for batch in batches
    ]
    must(change_many(pairs, by=SYSTEM, reason="明细变动"))
    checked = [batch for batch in batches if batch.state == "checked"]
    must(perform_many(checked, "reopen", by=SYSTEM))


def take_drafts(batch: PayBatch) -> None:
    """Lock the draft payments of a batch in hand; raises where somebody is writing in one.

    He has the payment and waits for the batch, so to wait for him would be for ever. What he writes
    sends the batch back to its maker in any case.
    """
    drafts = PayLine.objects.filter(batch=batch, state="draft", voided_at=None).order_by("pk")
    try:
        with transaction.atomic():
            list(drafts.select_for_update(nowait=True, no_key=True).values_list("pk"))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(f"有人正在修改《{batch}》的明细，请稍后刷新再办。") from None


def with_linked(rows: Iterable[PayLine], *names: str) -> list[PayLine]:
    """Lines with what they refer to, fetched table by table by its keys.

    Not by joins: of rows that this transaction has just written the planner knows nothing, and joins
    thousands of them row by row.
    """
    lines = list(rows)
    for name in names:
        field: Any = PayLine._meta.get_field(name)
        found = field.related_model.objects.in_bulk(
            {getattr(line, field.attname) for line in lines} - {None}
        )
        for line in lines:
            setattr(line, name, found.get(getattr(line, field.attname)))
    return lines
