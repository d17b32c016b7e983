"""The one place that moves a fund's sums: an entry and the sums it moves, in one transaction.

Locks are taken in the order payment, batch, fund, budget line, counter, each by key, so that nobody
waits for somebody who waits for him; a batch whose step is begun does not wait for its payments
(`lines.take_drafts`). Rows that others only refer to are locked without their key, or an entry that
names a batch would wait for whoever has the batch. What may not become negative is a constraint of
the database; the messages here only say it in better words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gonghui.base.errors import Conflict
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.shared.funds.models import (
    BenefitCounter,
    BudgetLine,
    EntryEvent,
    Fund,
    FundEntry,
    MonthClose,
)
from gonghui.shared.funds.programmes import Cap, Key

SUMS = ("received", "allotted_out", "reserved", "in_transit", "paid")
ZERO = Decimal(0)

# What one yuan of an event adds to the fund's sums, and to the budget line's.
_OF_FUND: dict[EntryEvent, Mapping[str, int]] = {
    EntryEvent.RECEIVE: {"received": 1},
    EntryEvent.REVERSE_RECEIPT: {"received": -1},
    EntryEvent.ALLOT: {"allotted_out": 1},
    EntryEvent.ALLOT_BACK: {"allotted_out": -1},
    EntryEvent.RESERVE: {"reserved": 1},
    EntryEvent.RELEASE: {"reserved": -1},
    EntryEvent.SEND: {"reserved": -1, "in_transit": 1},
    EntryEvent.PAY: {"in_transit": -1, "paid": 1},
    EntryEvent.FAIL: {"in_transit": -1},
    EntryEvent.REVERSE: {"paid": -1},
}
_OF_BUDGET: dict[EntryEvent, Mapping[str, int]] = {
    EntryEvent.RESERVE: {"reserved": 1},
    EntryEvent.RELEASE: {"reserved": -1},
    EntryEvent.PAY: {"reserved": -1, "spent": 1},
    EntryEvent.FAIL: {"reserved": -1},
    EntryEvent.REVERSE: {"spent": -1},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A movement of one fund: `amount` is positive, the event says in which sums and which way."""

    fund_id: int
    event: EntryEvent
    amount: Decimal
    on: date
    budget_line_id: int | None = None
    line_count: int = 0
    refers: Mapping[str, Any] = field(default_factory=dict)


def post(postings: Sequence[Posting], *, by: Actor) -> None:
    """Write the entries and move the sums; raises and moves nothing where money or budget is short."""
    if not postings:
        return
    with transaction.atomic(), by_rule(), acting(SYSTEM):
        funds = _locked(Fund, {posting.fund_id for posting in postings})
        lines = _locked(
            BudgetLine, {p.budget_line_id for p in postings if p.budget_line_id is not None}
        )
        _check_months(postings, funds)
        _move_funds(postings, funds)
        _move_lines(postings, lines)
        rows = [_entry(posting, funds, lines) for posting in postings]
        _all_written(create_many(FundEntry, rows, by=by, verb="post"))


def hold(fund_ids: set[int], budget_line_ids: Iterable[int | None] = ()) -> None:
    """Lock what several postings of one transaction will move, in the order of one posting."""
    with acting(SYSTEM):
        _locked(Fund, fund_ids)
        _locked(BudgetLine, {pk for pk in budget_line_ids if pk is not None})


def hold_office(org_id: int) -> None:
    """Wait for the postings of an office and keep new ones waiting, until the transaction ends."""
    with acting(SYSTEM):
        hold(set(Fund.objects.filter(org_id=org_id).values_list("pk", flat=True)))


def _locked(model: type[Any], ids: set[int]) -> dict[int, Any]:
    rows = model.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return {row.pk: row for row in rows}


def check_month_open(org_id: int, on: date) -> None:
    """Raise where the office has closed the month (F18)."""
    with acting(SYSTEM):
        closed = MonthClose.objects.filter(
            org_id=org_id, month=on.replace(day=1), voided_at=None
        ).exists()
    if closed:
        raise Conflict(f"{on:%Y}年{on.month}月已结账，请以当前日期办理。", code="F18")


def _check_months(postings: Sequence[Posting], funds: Mapping[int, Fund]) -> None:
    for org_id, on in {(funds[p.fund_id].org_id, p.on.replace(day=1)) for p in postings}:
        check_month_open(org_id, on)


def _sums(
    postings: Iterable[Posting], key: str, table: Mapping[EntryEvent, Mapping[str, int]]
) -> Any:
    totals: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for posting in postings:
        owner = getattr(posting, key)
        for column, sign in table.get(posting.event, {}).items():
            if owner is not None:
                totals[owner][column] += sign * posting.amount
    return totals


def _move_funds(postings: Sequence[Posting], funds: Mapping[int, Fund]) -> None:
    pairs: list[tuple[Any, dict[str, Any]]] = []
    for fund_id, moved in sorted(_sums(postings, "fund_id", _OF_FUND).items()):
        fund = funds[fund_id]
        _check_open(fund, moved)
        sums = {name: getattr(fund, name) + moved.get(name, ZERO) for name in SUMS}
        rest = sums["received"] - sum(sums[name] for name in SUMS[1:])
        if rest < 0:
            raise Conflict(
                f"资金不足：{fund}可用{fund.available:,.2f}元，本次需{fund.available - rest:,.2f}元，"
                f"缺口{-rest:,.2f}元。",
                code="F11",
            )
        pairs.append((fund, {**sums, "available": rest}))
    _all_written(change_many(pairs, by=SYSTEM, reason="资金流水"))


def _check_open(fund: Fund, moved: Mapping[str, Decimal]) -> None:
    """A frozen fund pays out what was claimed before; nothing new is claimed or sent down.

    A closed one takes nothing in either; what a payee gives back belongs to the payment, and may.
    """
    claims = moved.get("reserved", ZERO) > 0 or moved.get("allotted_out", ZERO) > 0
    if fund.state == "closed" and moved.get("received", ZERO) > 0:
        raise Conflict(f"“{fund}”已结清，不能再到账。")
    if fund.state != "open" and claims:
        raise Conflict(f"“{fund}”已冻结或结清，不能再列支。")


def _move_lines(postings: Sequence[Posting], lines: Mapping[int, BudgetLine]) -> None:
    pairs: list[tuple[Any, dict[str, Any]]] = []
    for line_id, moved in sorted(_sums(postings, "budget_line_id", _OF_BUDGET).items()):
        line = lines[line_id]
        reserved = line.reserved + moved.get("reserved", ZERO)
        spent = line.spent + moved.get("spent", ZERO)
        gap = reserved + spent - line.amount
        if gap > 0:
            left = line.amount - line.reserved - line.spent
            raise Conflict(
                f"预算指标不足：可用{left:,.2f}元，本次需{left + gap:,.2f}元，缺口{gap:,.2f}元。",
                code="F12",
            )
        pairs.append((line, {"reserved": reserved, "spent": spent}))
    if pairs:
        _all_written(change_many(pairs, by=SYSTEM, reason="资金流水"))


def _entry(
    posting: Posting, funds: Mapping[int, Fund], lines: Mapping[int, BudgetLine]
) -> dict[str, Any]:
    fund = funds[posting.fund_id]
    moved = {name: sign * posting.amount for name, sign in _OF_FUND[posting.event].items()}
    sums = {name: moved.get(name, ZERO) for name in SUMS}
    return {
        **posting.refers,
        **sums,
        "available": sums["received"] - sum(sums[name] for name in SUMS[1:]),
        "org": fund.org,
        "fund": fund,
        "budget_line": lines.get(posting.budget_line_id or 0),
        "event": posting.event,
        "event_on": posting.on,
        "line_count": posting.line_count,
    }


def _all_written(outcomes: Iterable[Any]) -> None:
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error


def claim_caps(claims: Sequence[tuple[int, Cap, Decimal]]) -> None:
    """Count amounts against caps under lock; `claims` are (number of the row, cap, amount). F05."""
    counters = _counters([cap for _, cap, _ in claims])
    for seq, cap, amount in claims:
        counter = counters[cap.key]
        over = counter.total + amount - cap.amount
        if over > 0:
            raise Conflict(
                f"第{seq}行：本期已享受{counter.total:,.2f}元，本次{amount:,.2f}元，"
                f"超过上限{cap.amount:,.2f}元（超{over:,.2f}元）。",
                code="F05",
            )
        counter.total += amount
        counter.cap = cap.amount
    _store(counters)


def hold_caps(caps: Iterable[Cap]) -> None:
    """Lock the counters of several batches in one order, before they are claimed one by one."""
    _counters(list(caps))


def release_caps(claims: Sequence[tuple[Cap, Decimal]]) -> None:
    """Take amounts off the counters again."""
    counters = _counters([cap for cap, _ in claims])
    for cap, amount in claims:
        counters[cap.key].total -= amount
    _store(counters)


def had(caps: Iterable[Cap]) -> dict[Key, Decimal]:
    """What the subjects of caps have had so far, by the caps' keys."""
    wanted = {cap.key for cap in caps}
    found = {_key_of(row): row.total for row in _rows_of(wanted)}
    return {key: found.get(key, ZERO) for key in wanted}


def _key_of(counter: BenefitCounter) -> Key:
    return (counter.subject_key, counter.cap_group, counter.period)


def _rows_of(keys: Collection[Key]) -> QuerySet[BenefitCounter]:
    """Counters of these keys and perhaps some more of the same subjects."""
    subjects, groups, periods = ({key[part] for key in keys} for part in range(3))
    return BenefitCounter.objects.filter(
        subject_key__in=subjects, cap_group__in=groups, period__in=periods
    )


def _counters(caps: Sequence[Cap]) -> dict[Key, BenefitCounter]:
    """The counters of caps, locked in the order of their keys."""
    wanted = {cap.key: cap for cap in sorted(caps, key=lambda each: each.key)}
    BenefitCounter.objects.bulk_create(
        [
            BenefitCounter(
                subject_key=cap.subject_key, cap_group=cap.group, period=cap.period, cap=cap.amount
            )
            for cap in wanted.values()
        ],
        ignore_conflicts=True,
    )
    rows = _rows_of(wanted).order_by("subject_key", "cap_group", "period").select_for_update()
    return {_key_of(row): row for row in rows if _key_of(row) in wanted}


def _store(counters: Mapping[Key, BenefitCounter]) -> None:
    BenefitCounter.objects.bulk_update(counters.values(), ["total", "cap"], batch_size=2000)


__all__ = [
    "Posting",
    "check_month_open",
    "claim_caps",
    "had",
    "hold",
    "hold_caps",
    "hold_office",
    "post",
    "release_caps",
]
