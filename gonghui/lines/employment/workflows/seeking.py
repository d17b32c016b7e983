"""A seeker on the list, and a referral at the bank."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.employment.services import seeking

HANDLERS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)

JOB_SEEKER = Workflow(
    makes_tasks=False,
    states=(
        State("seeking", "求职中"),
        State("placed", "已就业", is_final=True, is_locked=True),
        State("withdrawn", "不再求职", is_final=True, is_locked=True),
        State("expired", "到期", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("place", "已就业", move=("seeking", "placed"), by=(), stamps="closed_on"),
        Transition(
            "withdraw",
            "不再求职",
            move=("seeking", "withdrawn"),
            by=HANDLERS,
            needs_reason=True,
            stamps="closed_on",
        ),
        Transition("expire", "到期", move=("seeking", "expired"), by=(), stamps="closed_on"),
    ),
)

LOAN_REFERRAL = Workflow(
    states=(
        State("pending", "待银行答复", due="employment.referral_days"),
        State("approved", "已获贷", is_final=True, is_locked=True),
        State("refused", "未获贷", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "approve",
            "登记获贷",
            move=("pending", "approved"),
            by=HANDLERS,
            asks=("bank_amount", "decided_on"),
            guard=seeking.check_bank_agreed,
        ),
        Transition(
            "refuse",
            "登记未获贷",
            move=("pending", "refused"),
            by=HANDLERS,
            asks=("decided_on",),
            needs_reason=True,
            guard=seeking.check_bank_decided,
        ),
    ),
)
