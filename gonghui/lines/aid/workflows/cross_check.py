"""A list goes out to an office, and its answer comes back."""

from __future__ import annotations

from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.aid.services import cross_checks
from gonghui.lines.aid.workflows.hardship_file import APPROVERS

CROSS_CHECK = Workflow(
    states=(
        State("draft", "编制中"),
        State("sent", "待返回", due="aid.cross_check_days", is_locked=True),
        State("answered", "已返回", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "collect",
            "收集名单",
            move=("draft", "draft"),
            by=APPROVERS,
            effect_many=cross_checks.collect,
        ),
        Transition(
            "send",
            "送出比对",
            move=("draft", "sent"),
            by=APPROVERS,
            guard=cross_checks.check_has_rows,
            stamps="asked_on",
            effect_many=cross_checks.fix_lists,
        ),
        Transition(
            "conclude",
            "登记返回",
            move=("sent", "answered"),
            by=APPROVERS,
            asks=("returned_on", "rest_is_clear"),
            guard=cross_checks.check_may_return,
            effect_many=cross_checks.take_over,
        ),
        Transition(
            "reopen",
            "退回更正",
            move=("answered", "sent"),
            by=APPROVERS,
            needs_reason=True,
            effect_many=cross_checks.tell_files,
        ),
        Transition(
            "cancel",
            "取消",
            move=(("draft", "sent"), "cancelled"),
            by=APPROVERS,
            needs_reason=True,
        ),
    ),
)
