"""A session from its plan to the hospital's money, and a woman's way through it."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.women.services import screening
from gonghui.lines.women.workflows.lecture import HOSTS, OFFICES

SESSION = Workflow(
    states=(
        State("planned", "计划"),
        State("registering", "登记中"),
        State("screening", "检查中"),
        State("settled", "已结算", is_locked=True),
        State("closed", "已办结", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("open", "开始登记", move=("planned", "registering"), by=OFFICES),
        Transition(
            "start",
            "开始检查",
            move=("registering", "screening"),
            by=OFFICES,
            guard=screening.check_has_names,
        ),
        Transition(
            "settle",
            "结算",
            move=("screening", "settled"),
            by=OFFICES,
            asks=("billed_count", "fund"),
            guard=screening.check_bill,
            effect=screening.settle,
        ),
        Transition("unsettle", "退出批次", move=("settled", "screening"), by=()),
        Transition(
            "close",
            "办结",
            move=("settled", "closed"),
            by=OFFICES,
            guard=screening.check_is_paid,
        ),
        Transition(
            "cancel",
            "取消",
            move=(("planned", "registering", "screening"), "cancelled"),
            by=OFFICES,
            needs_reason=True,
            guard=screening.check_nobody_was_screened,
            effect_many=screening.drop_waiting,
        ),
    ),
)

# Tasks would tell by their due days what came out; the session's own say who is next.
RECORD = Workflow(
    makes_tasks=False,
    states=(
        State("registered", "已登记"),
        State("screened", "已检", is_final=True, is_locked=True),
        State("dropped", "未到检", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "screen",
            "登记已检",
            move=("registered", "screened"),
            by=OFFICES,
            asks=("screened_on",),
            guard=screening.check_was_screened,
        ),
        Transition(
            "correct",
            "更正检查日期",
            move=("screened", "screened"),
            by=OFFICES,
            asks=("screened_on",),
            needs_reason=True,
            guard=screening.check_was_screened,
        ),
        Transition("drop", "未到检", move=("registered", "dropped"), by=HOSTS),
        Transition(
            "note_result",
            "登记结果",
            move=("screened", "screened"),
            by=(Role.COUNTY, Role.DEPT),
            only=screening.only_handlers,
            asks=("result", "followed"),
            guard=screening.check_has_result,
        ),
    ),
)
