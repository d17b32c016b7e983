"""The figures of money: raised, received, paid, signed for, come back."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gonghui.kernel.ledger.declare import Indicator, Kind, difference, flow, ratio

OWNER = "权益保障部"
CENTS = 100
WAS_PAID = Q(state__in=("paid", "reversed"))
_CONFIRMED = Q(state__in=("confirmed", "reversed"))
MODEL_PROGRAMMES = ("SWN-M", "LMWW", "LMSH", "LMTS")

RECEIPTS: tuple[Indicator, ...] = (
    flow(
        "funds.raised",
        "筹集资金",
        "元",
        on="received_on",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=_CONFIRMED & Q(counts_as_raised=True),
        taken_back="reversed_on",
        definition="已确认的外部筹集和本级预算列入资金；上级下拨只是内部移动，不计。",
        owner=OWNER,
    ),
    flow(
        "funds.received",
        "到账资金",
        "元",
        on="received_on",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=_CONFIRMED & ~Q(kind__in=("transfer_in", "payee_refund")),
        taken_back="reversed_on",
        definition="从工会系统之外到账的全部资金（含互助费、借款回收、利息），不含下拨和退款。",
        owner=OWNER,
    ),
    flow(
        "funds.taken_in",
        "进账资金",
        "元",
        on="received_on",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=_CONFIRMED & ~Q(kind="payee_refund"),
        taken_back="reversed_on",
        definition="进入本级和下级资金账的全部资金，含上级和本级下拨进来的，不含退款。",
        owner=OWNER,
    ),
)


# Both sides of an allotment count on the day it is accepted: within one area they cancel out.
ALLOTMENTS: tuple[Indicator, ...] = (
    flow(
        "funds.allotted",
        "下拨资金",
        "元",
        on="accepted_on",
        org="given_by",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=Q(state="accepted"),
        definition="由本级和下级拨给下级、对方已确认到账的资金，按到账日期。",
        owner=OWNER,
    ),
    difference(
        "funds.disposable",
        "可支配资金",
        "元",
        "funds.taken_in",
        "funds.allotted",
        definition="进账资金减去下拨资金：从外面到账的，加上级拨来的，减拨给下级的；全市为从外面到账的资金。",
        owner=OWNER,
    ),
)


def paid(code: str, name: str, where: Q, definition: str, **more: Any) -> Indicator:
    """Payments of a kind, in yuan, on their day; what comes back counts off on its own day."""
    return flow(
        code,
        name,
        "元",
        on="paid_on",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=WAS_PAID & where,
        taken_back="reversed_on",
        definition=definition,
        **more,
    )


LINES: tuple[Indicator, ...] = (
    paid(
        "funds.paid",
        "发放资金",
        ~Q(pay_kind="loan"),
        "按发放日期计入；退回的自退回日冲减；小额借款不是发放，不计。",
        owner=OWNER,
    ),
    paid(
        "funds.service_paid",
        "慰问补贴资金",
        Q(in_service=True),
        "计入服务职工活动的慰问、补贴：活动标明计入的，和没有活动时项目标明计入的。",
        owner=OWNER,
    ),
    paid(
        "funds.model_paid",
        "劳模慰问补助金",
        Q(is_model_worker=True, programme_code__in=MODEL_PROGRAMMES),
        "劳模慰问金、生活困难补助、特殊困难补助和送温暖慰问困难劳模。",
        owner=OWNER,
    ),
    flow(
        "funds.paid_lines",
        "发放笔数",
        "笔",
        on="paid_on",
        where=WAS_PAID,
        taken_back="reversed_on",
        owner=OWNER,
    ),
    flow(
        "funds.signed_lines",
        "签收笔数",
        "笔",
        on="paid_on",
        where=WAS_PAID & ~Q(receipt_kind=""),
        taken_back="reversed_on",
        owner=OWNER,
    ),
    ratio(
        "funds.receipt_rate",
        "签收率",
        "funds.signed_lines",
        "funds.paid_lines",
        decimals=1,
        owner=OWNER,
    ),
    ratio(
        "funds.execution_rate",
        "资金执行率",
        "funds.paid",
        "funds.disposable",
        decimals=1,
        definition="发放资金除以可支配资金；上级拨来的算本级可用的钱，拨给下级的不算。",
        owner=OWNER,
    ),
    flow("funds.bounced", "退票笔数", "笔", on="failed_on", where=Q(state="failed"), owner=OWNER),
)

ENTRIES: tuple[Indicator, ...] = (
    Indicator(
        code="funds.balance",
        name="资金结余",
        unit="元",
        kind=Kind.STOCK,
        on="event_on",
        value="available",
        scale=CENTS,
        decimals=2,
        definition="到账减去下拨、占用、在途和已付，即还可以列支的资金。",
        owner=OWNER,
    ),
)
