"""Funds, receipts, allotments, budget adjustments and accounts."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.shared.funds.services import moving

KEEPERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)


def check_is_empty(fund: Any) -> None:
    """A fund is closed when nothing is claimed or under way."""
    if fund.reserved or fund.in_transit:
        raise Conflict("还有占用或在途资金，不能结清。")
    # Sent and not accepted, it may still come back.
    moving.check_nothing_is_under_way(fund)


# Nobody has to end a fund that is in use; the office freezes or closes it when there is a reason.
FUND = Workflow(
    makes_tasks=False,
    states=(
        State("open", "使用中"),
        State("frozen", "冻结"),
        State("closed", "已结清", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "freeze",
            "冻结",
            move=("open", "frozen"),
            by=(Role.FINANCE, Role.LEADER),
            needs_reason=True,
        ),
        Transition(
            "unfreeze", "解冻", move=("frozen", "open"), by=(Role.LEADER,), unlike=("freeze",)
        ),
        Transition(
            "close",
            "结清",
            move=(("open", "frozen"), "closed"),
            by=(Role.FINANCE,),
            guard=check_is_empty,
        ),
    ),
)

RECEIPT = Workflow(
    states=(
        State("draft", "待确认"),
        State("confirmed", "已确认", is_final=True, is_locked=True),
        State("reversed", "已红冲", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "confirm",
            "确认到账",
            move=("draft", "confirmed"),
            by=(Role.FINANCE,),
            stamps="confirmed_on",
            effect_many=moving.take_in,
        ),
        Transition(
            "reverse",
            "红冲",
            move=("confirmed", "reversed"),
            by=(Role.LEADER,),
            unlike=("confirm",),
            needs_reason=True,
            guard=moving.check_may_be_reversed,
            stamps="reversed_on",
            effect_many=moving.take_out,
        ),
    ),
)

ALLOTMENT = Workflow(
    states=(
        State("draft", "拟定"),
        State("approved", "已批", is_locked=True),
        State("sent", "已拨", is_locked=True),
        State("accepted", "已到账", is_final=True, is_locked=True),
        State("returned", "已退回", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "approve",
            "批准",
            move=("draft", "approved"),
            by=(Role.LEADER,),
            unlike=("create",),
            stamps="approved_on",
            only=moving.require_giver,
        ),
        Transition(
            "send",
            "拨出",
            move=("approved", "sent"),
            by=(Role.FINANCE,),
            unlike=("approve",),
            stamps="sent_on",
            effect_many=moving.send_down,
        ),
        Transition(
            "accept",
            "确认到账",
            move=("sent", "accepted"),
            by=(Role.FINANCE, *KEEPERS),
            unlike=("send",),
            stamps="accepted_on",
            effect_many=moving.accept,
        ),
        Transition(
            "return",
            "退回",
            move=("sent", "returned"),
            by=(Role.FINANCE, *KEEPERS),
            unlike=("send",),
            needs_reason=True,
            effect_many=moving.send_back,
        ),
    ),
)

ADJUSTMENT = Workflow(
    states=(
        State("draft", "待批准"),
        State("approved", "已批准", is_final=True, is_locked=True),
        State("refused", "未批准", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "approve",
            "批准调整",
            move=("draft", "approved"),
            by=(Role.LEADER, Role.DEPT),
            unlike=("create",),
            effect_many=moving.adjust,
        ),
        Transition(
            "refuse",
            "不批准",
            move=("draft", "refused"),
            by=(Role.LEADER, Role.DEPT),
            needs_reason=True,
        ),
    ),
)


def check_has_end(account: Any) -> None:
    """A closed account has its last day."""
    if account.valid_to is None:
        raise DomainError("请填写停用日期。", field="valid_to")


# A first account waits for nobody, and a roster brings thousands of them; a changed one is asked for
# by F10 where it is to be paid.
ACCOUNT = Workflow(
    makes_tasks=False,
    states=(
        State("new", "待核验"),
        State("verified", "已核验", is_locked=True),
        State("closed", "已停用", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "verify",
            "核验",
            move=("new", "verified"),
            by=(*KEEPERS, Role.FINANCE),
            unlike=("create",),
            stamps="verified_on",
        ),
        Transition(
            "close",
            "停用",
            move=(("new", "verified"), "closed"),
            by=(*KEEPERS, Role.FINANCE),
            asks=("valid_to",),
            guard=check_has_end,
        ),
    ),
)
