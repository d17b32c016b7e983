"""The figures of money: raised, received, paid, signed for, come back."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import Indicator, Kind, flow, ratio

CENTS = 100
_WAS_PAID = Q(state__in=("paid", "reversed"))
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
    ),
)


def _paid(code: str, name: str, where: Q, definition: str) -> Indicator:
    return flow(
        code,
        name,
        "元",
        on="paid_on",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=_WAS_PAID & where,
        taken_back="reversed_on",
        definition=definition,
    )


LINES: tuple[Indicator, ...] = (
    _paid(
        "funds.paid",
        "发放资金",
        ~Q(pay_kind="loan"),
        "按发放日期计入；退回的自退回日冲减；小额借款不是发放，不计。",
    ),
    _paid(
        "funds.service_paid",
        "慰问补贴资金",
        Q(in_service=True),
        "计入服务职工活动的慰问、补贴：活动标明计入的，和没有活动时项目标明计入的。",
    ),
    _paid(
        "funds.model_paid",
        "劳模慰问补助金",
        Q(is_model_worker=True, programme_code__in=MODEL_PROGRAMMES),
        "劳模慰问金、生活困难补助、特殊困难补助和送温暖慰问困难劳模。",
    ),
    flow(
        "funds.paid_lines",
        "发放笔数",
        "笔",
        on="paid_on",
        where=_WAS_PAID,
        taken_back="reversed_on",
    ),
    flow(
        "funds.signed_lines",
        "签收笔数",
        "笔",
        on="paid_on",
        where=_WAS_PAID & ~Q(receipt_kind=""),
        taken_back="reversed_on",
    ),
    ratio("funds.receipt_rate", "签收率", "funds.signed_lines", "funds.paid_lines", decimals=1),
    ratio("funds.execution_rate", "资金执行率", "funds.paid", "funds.received", decimals=1),
    flow("funds.bounced", "退票笔数", "笔", on="failed_on", where=Q(state="failed")),
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
    ),
)
