"""States and actions of the line's registers."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.cadres import services

HOSTS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)

TRAINING_CLASS = Workflow(
    states=(
        State("planned", "计划"),
        State("open", "报名"),
        State("running", "进行"),
        State("finished", "结业", is_final=True, is_locked=True),
        State("cancelled", "取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("open", "开放报名", move=("planned", "open"), by=HOSTS),
        Transition("start", "开班", move=("open", "running"), by=HOSTS),
        Transition(
            "finish",
            "结业",
            move=("running", "finished"),
            by=HOSTS,
            asks=("spent",),
            guard=services.check_was_attended,
            effect_many=services.follow_class,
        ),
        Transition(
            "reopen",
            "退回补正",
            move=("finished", "running"),
            by=(Role.COUNTY, Role.DEPT),
            needs_reason=True,
            effect_many=services.follow_class,
        ),
        Transition(
            "cancel",
            "取消",
            move=(("planned", "open", "running"), "cancelled"),
            by=HOSTS,
            needs_reason=True,
            effect_many=services.follow_class,
        ),
    ),
)
