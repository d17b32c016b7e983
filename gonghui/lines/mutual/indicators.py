"""The figures of who is covered and what was paid for it."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import Indicator, average, distinct, flow, ratio, stock

_OWNER = "权益保障部"
_ENDED = Q(state="ended")
_BEGAN = ~Q(state="pending")
_PAID = Q(state__in=("active", "expired", "annulled"))

COVERAGES: tuple[Indicator, ...] = (
    flow(
        "mutual.enrollments",
        "参保人次",
        "人次",
        on="counted_on",
        where=_BEGAN,
        taken_back="annulled_on",
        definition=(
            "期内互助费确认到账的参保明细，一人参加一个产品一次计一人次；撤销的自撤销日冲减；补录的历史参保不计。"
        ),
        aliases=("投保职工",),
        owner=_OWNER,
    ),
    distinct(
        "mutual.persons",
        "参保职工",
        "人",
        subject="person",
        on="counted_on",
        where=_BEGAN,
        taken_back="annulled_on",
        definition="期内参保的职工人数，一人参加几个产品只计一人；不能当作人次引用；补录的历史参保不计。",
        owner=_OWNER,
    ),
    distinct(
        "mutual.active",
        "有效保障人数",
        "人",
        subject="person",
        on="starts_on",
        until="ends_before",
        where=Q(state__in=("active", "ended", "terminated")),
        definition="当日在保障期内的职工人数，一人参加几个产品只计一人；补录的历史参保在保障期内的也计。",
        owner=_OWNER,
    ),
    flow(
        "mutual.covers_ended",
        "到期人次",
        "人次",
        on="ends_on",
        where=_ENDED,
        definition="期内保障期满的参保明细，按最后一天计。",
        owner=_OWNER,
        reportable=False,
    ),
    flow(
        "mutual.covers_renewed",
        "到期续接人次",
        "人次",
        on="ends_on",
        where=_ENDED & Q(is_renewed=True),
        definition="期内到期、并在规定间隔内续接的参保明细，按到期的最后一天计。",
        owner=_OWNER,
        reportable=False,
    ),
    ratio(
        "mutual.renew_rate",
        "续保率",
        "mutual.covers_renewed",
        "mutual.covers_ended",
        decimals=1,
        definition="期内到期的参保明细中，在规定间隔内续接的比例。",
        owner=_OWNER,
    ),
)

POLICIES: tuple[Indicator, ...] = (
    distinct(
        "mutual.employers",
        "参保单位",
        "家",
        subject="employer",
        on="counted_on",
        where=_PAID,
        taken_back="annulled_on",
        definition="期内有参保单生效的单位数，一家几张参保单只计一家；补录的历史参保不计。",
        owner=_OWNER,
    ),
    flow(
        "mutual.fees",
        "互助费收入",
        "元",
        on="received_on",
        value="fee_total",
        scale=100,
        decimals=2,
        where=_PAID,
        taken_back="annulled_on",
        definition=(
            "已确认到账并与名册核对一致的互助费，按到账日期计；未核对上参保单的到账不计，"
            "撤销的自撤销日冲减；补录的历史参保不计。"
        ),
        aliases=("投保金额",),
        owner=_OWNER,
    ),
)

_GIVEN = Q(state__in=("paid", "returned"))

CLAIMS: tuple[Indicator, ...] = (
    flow(
        "mutual.claims_paid",
        "互助金给付人次",
        "人次",
        on="paid_on",
        where=_GIVEN,
        taken_back="returned_on",
        definition="期内已给付的申领，按最后一笔发放日期计；资金退回的自退回日冲减。",
        owner=_OWNER,
    ),
    flow(
        "mutual.benefit_paid",
        "互助金给付金额",
        "元",
        on="paid_on",
        value="assessed",
        scale=100,
        decimals=2,
        where=_GIVEN,
        taken_back="returned_on",
        definition="期内已给付申领的核定金额；资金退回的自退回日冲减。",
        owner=_OWNER,
    ),
    flow(
        "mutual.handling_days",
        "申领办理天数合计",
        "天",
        on="paid_on",
        value="handling_days",
        where=_GIVEN,
        definition="已给付申领从提交到给付的天数之和，补正期间不计。",
        owner=_OWNER,
        reportable=False,
    ),
    flow(
        "mutual.claims_handled",
        "办结给付件数",
        "件",
        on="paid_on",
        where=_GIVEN,
        definition="已给付的申领件数，后来退回资金的也计。",
        owner=_OWNER,
        reportable=False,
    ),
    average(
        "mutual.claim_days",
        "平均办理时长",
        "天",
        "mutual.handling_days",
        "mutual.claims_handled",
        decimals=1,
        definition="已给付申领从提交到给付平均用多少天，补正期间不计。",
        owner=_OWNER,
    ),
)


def _reserve(code: str, name: str, column: str, definition: str) -> Indicator:
    return stock(
        code,
        name,
        "元",
        on="as_of",
        until="holds_until",
        value=column,
        scale=100,
        decimals=2,
        definition=definition,
        owner=_OWNER,
    )


RESERVES: tuple[Indicator, ...] = (
    _reserve(
        "mutual.reserve_balance",
        "互助金结余",
        "balance",
        "最近一次月末测算的专户资金结余，含已占用、在途。",
    ),
    _reserve(
        "mutual.reserve_owed",
        "互助金应备",
        "owed",
        "最近一次月末测算的已核定未给付、已申领未核定估算和未满期互助费之和。",
    ),
    ratio(
        "mutual.solvency",
        "资金充足率",
        "mutual.reserve_balance",
        "mutual.reserve_owed",
        decimals=1,
        definition="最近一次月末测算的资金结余与应备之比。",
        owner=_OWNER,
    ),
    flow(
        "mutual.fees_earned",
        "已赚互助费",
        "元",
        on="as_of",
        value="earned_fee",
        scale=100,
        decimals=2,
        definition="按保障期逐日分摊到各月的互助费，月末测算时计入。",
        owner=_OWNER,
        reportable=False,
    ),
    ratio(
        "mutual.payout_rate",
        "给付率",
        "mutual.benefit_paid",
        "mutual.fees_earned",
        decimals=1,
        definition="期内给付的互助金与已赚互助费之比。",
        owner=_OWNER,
    ),
)
