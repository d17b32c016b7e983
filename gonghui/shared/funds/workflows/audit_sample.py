"""A sample from its plan to the conclusion."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.shared.funds.services import sampling

AUDIT_SAMPLE = Workflow(
    states=(
        State("draft", "拟定"),
        State("drawn", "抽查中", is_locked=True),
        State("done", "已办结", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "draw",
            "抽取样本",
            move=("draft", "drawn"),
            by=(Role.AUDIT,),
            stamps="drawn_on",
            effect_many=sampling.draw,
        ),
        Transition(
            "finish",
            "办结",
            move=("drawn", "done"),
            by=(Role.AUDIT,),
            asks=("conclusion",),
            guard=sampling.check_is_looked_through,
        ),
    ),
)
