"""The way of a grant: applied for, reviewed, approved, paid (domain spec B4)."""

from __future__ import annotations

from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.aid.services import grants
from gonghui.lines.aid.workflows.hardship_file import APPROVERS, KEEPERS

GRANT = Workflow(
    states=(
        State("draft", "草稿"),
        State("submitted", "待初审", due="aid.grant_days", is_locked=True),
        State("county_review", "待审批", due="aid.grant_days", is_locked=True),
        State("approved", "待发放", is_locked=True),
        State("paying", "发放中", is_locked=True),
        State("done", "已到账", is_final=True, is_locked=True),
        State("rejected", "不予救助", is_final=True, is_locked=True),
        State("withdrawn", "已撤回", is_final=True, is_locked=True),
        State("reversed", "已退回", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "submit",
            "提交",
            move=("draft", "submitted"),
            by=KEEPERS,
            guard=grants.check_is_complete,
        ),
        Transition("review", "初审通过", move=("submitted", "county_review"), by=KEEPERS),
        Transition(
            "approve",
            "批准救助",
            move=("county_review", "approved"),
            by=APPROVERS,
            unlike=("submit", "review"),
            asks=("amount",),
            guard=grants.check_amount,
            stamps="approved_on",
        ),
        Transition(
            "return",
            "退回补正",
            move=(("submitted", "county_review"), "draft"),
            by=KEEPERS,
            needs_reason=True,
        ),
        Transition(
            "reject",
            "不予救助",
            move=(("submitted", "county_review"), "rejected"),
            by=APPROVERS,
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            "撤回",
            move=(("draft", "submitted", "county_review"), "withdrawn"),
            by=KEEPERS,
        ),
        Transition(
            "queue",
            "列入发放批次",
            move=("approved", "paying"),
            by=APPROVERS,
            effect_many=grants.queue,
        ),
        # A payment that failed leaves its grant approved; funds may pay it again by itself.
        Transition(
            "finish", "到账", move=(("paying", "approved"), "done"), by=(), asks=("done_on",)
        ),
        Transition("unqueue", "退出批次", move=("paying", "approved"), by=()),
        Transition("take_back", "退回资金", move=("done", "reversed"), by=()),
    ),
)
