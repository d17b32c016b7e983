"""Figures of aid that are read from the money: raised, paid, to how many (domain spec B5).

Whom the money was for is counted once, however often it was paid.
"""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import Indicator, distinct, flow
from gonghui.kernel.registers.registry import indicators_on
from gonghui.shared.campaigns.models import CampaignKind
from gonghui.shared.funds.indicators import CENTS, WAS_PAID, paid

_OWNER = "权益保障部"
_RAISED = Q(state__in=("confirmed", "reversed"), counts_as_raised=True)
_ONCE = "按发放日期，一户（人、家）一次活动中只计一次；发放失败的不计，退回的自退回日起不计。"


def _given(code: str, name: str, programme: str, definition: str) -> Indicator:
    """Money paid for a programme or a group of them, such as SWN-."""
    return paid(code, name, Q(programme_code__startswith=programme), definition, owner=_OWNER)


def _reached(code: str, name: str, unit: str, subject: str, programme: str) -> Indicator:
    """How many a programme reached."""
    return distinct(
        code,
        name,
        unit,
        subject=subject,
        on="paid_on",
        where=WAS_PAID & Q(programme_code=programme, **{f"{subject}__isnull": False}),
        taken_back="reversed_on",
        owner=_OWNER,
        definition=_ONCE,
    )


def _raised(code: str, name: str, kind: str) -> Indicator:
    """Money raised for a kind of campaign."""
    return flow(
        code,
        name,
        "元",
        on="received_on",
        value="amount",
        scale=CENTS,
        decimals=2,
        where=_RAISED & Q(campaign_kind=kind),
        taken_back="reversed_on",
        owner=_OWNER,
        definition="为本项活动筹集、已确认到账的资金；上级下拨是内部移动，不重复计。",
    )


indicators_on(
    "funds.pay_line",
    (
        _given("aid.swn_paid", "送温暖发放资金", "SWN-", "送温暖各项目已发放的资金。"),
        _reached("aid.swn_employers", "慰问困难企业数", "家", "employer", "SWN-E"),
        _reached("aid.swn_households", "慰问困难职工户数", "户", "household", "SWN-H"),
        _reached("aid.swn_models", "慰问困难劳模人数", "人", "person", "SWN-M"),
        _reached("aid.w38_households", "三八慰问困难女职工家庭", "户", "household", "NZG38"),
        _given("aid.w38_amount", "三八慰问金额", "NZG38", "三八节慰问困难女职工家庭的资金。"),
        _reached("aid.c61_children", "六一慰问困难女职工子女", "人", "beneficiary", "ET61"),
        _given("aid.c61_amount", "六一慰问金额", "ET61", "六一节慰问困难女职工子女的资金。"),
        _reached("aid.jqzx_students", "金秋助学资助学生", "人", "beneficiary", "JQZX"),
        _given("aid.medical_amount", "医疗救助金额", "YLJZ", "已发放的医疗救助资金。"),
        _given("aid.living_amount", "生活救助金额", "SHJZ", "已发放的生活救助资金。"),
    ),
)

indicators_on(
    "funds.fund_receipt",
    (
        _raised("aid.swn_raised", "送温暖筹集资金", CampaignKind.FESTIVALS),
        _raised("aid.jqzx_raised", "金秋助学筹集资金", CampaignKind.STUDY),
    ),
)
