"""A lecture from its plan to the office that believes its numbers."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.women.services import lectures

HOSTS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
OFFICES = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)

LECTURE = Workflow(
    states=(
        State("planned", "计划"),
        State("held", "已举办", is_locked=True),
        State("verified", "已核实", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "hold",
            "登记举办",
            move=("planned", "held"),
            by=HOSTS,
            asks=("attendance", "women_cadres", "evidence"),
            guard=lectures.check_took_place,
        ),
        Transition("verify", "核实", move=("held", "verified"), by=OFFICES, unlike=("hold",)),
        Transition(
            "reopen",
            "退回补正",
            move=(("held", "verified"), "planned"),
            by=OFFICES,
            needs_reason=True,
        ),
        Transition("cancel", "取消", move=("planned", "cancelled"), by=HOSTS, needs_reason=True),
    ),
)
