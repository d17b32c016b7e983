"""From talks with a hospital to the end of the agreement."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.aid.services import hospitals

HANDLERS = (Role.COUNTY, Role.DEPT)

LOVE_HOSPITAL = Workflow(
    states=(
        State("preparing", "筹备", rests=True),
        State("plaqued", "已挂牌", rests=True),
        State("ended", "已终止", is_final=True, is_locked=True),
        State("dropped", "未签约", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "plaque",
            "签约挂牌",
            move=("preparing", "plaqued"),
            by=HANDLERS,
            asks=("plaque_on",),
            guard=hospitals.check_may_be_plaqued,
            stamps="plaque_on",
        ),
        Transition(
            "end",
            "终止",
            move=("plaqued", "ended"),
            by=HANDLERS,
            asks=("ended_on",),
            needs_reason=True,
            guard=hospitals.check_no_later_visits,
            stamps="ended_on",
        ),
        Transition(
            "drop",
            "不再签约",
            move=("preparing", "dropped"),
            by=HANDLERS,
            needs_reason=True,
        ),
    ),
)
