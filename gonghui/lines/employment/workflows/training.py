"""A training session from its plan to its closing."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.employment.services import settling, training

HOSTS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
CLOSERS = (Role.BASIC, Role.COUNTY, Role.INDUSTRY, Role.DEPT)

TRAINING_SESSION = Workflow(
    states=(
        State("planned", "已立项"),
        State("enrolling", "报名中"),
        State("running", "开班"),
        State("exam", "待考核", due="employment.close_days"),
        State("closed", "已结班", is_final=True, is_locked=True),
        State("settled", "已结算", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "announce",
            "开放报名",
            move=("planned", "enrolling"),
            by=HOSTS,
            guard=training.check_is_announced_in_time,
        ),
        Transition(
            "start",
            "开班",
            move=("enrolling", "running"),
            by=HOSTS,
            guard=training.check_classes_are_small,
        ),
        Transition(
            "finish",
            "授课结束",
            move=("running", "exam"),
            by=HOSTS,
            guard=training.check_is_over,
        ),
        Transition(
            "close",
            "结班",
            move=("exam", "closed"),
            by=CLOSERS,
            guard=training.check_sheet_is_complete,
            effect_many=training.follow_session,
        ),
        Transition(
            "reopen",
            "退回补正",
            move=("closed", "exam"),
            by=(Role.COUNTY, Role.DEPT),
            needs_reason=True,
            guard=settling.check_is_not_claimed,
            effect_many=training.follow_session,
        ),
        Transition(
            "ask_for_money",
            "申请培训费",
            move=("closed", "closed"),
            by=CLOSERS,
            asks=("fund",),
            guard=settling.check_may_be_paid,
            effect_many=settling.ask_for_money,
        ),
        Transition(
            "settle",
            "结算",
            move=("closed", "settled"),
            by=(),
            asks=("settled_on", "settled_amount"),
        ),
        Transition(
            "take_back",
            "培训费退回",
            move=("settled", "closed"),
            by=(),
            asks=("settled_on", "settled_amount"),
        ),
        Transition(
            "cancel",
            "取消",
            move=(("planned", "enrolling", "running"), "cancelled"),
            by=HOSTS,
            needs_reason=True,
            effect_many=training.follow_session,
        ),
    ),
)
