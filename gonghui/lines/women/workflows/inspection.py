"""An inspection from its plan until what was found is put right, or handed to the authority."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.women.services import inspections
from gonghui.lines.women.workflows.lecture import HOSTS, OFFICES

INSPECTION = Workflow(
    states=(
        State("planned", "计划"),
        State("inspected", "已检查", due="women.letter_days", is_locked=True),
        State("rectifying", "整改中", due="women.opinion_days", is_locked=True),
        State("rechecked", "已复查", due="women.letter_days", is_locked=True),
        State("closed", "已销号", is_final=True, is_locked=True),
        State("referred", "已移送", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "inspect",
            "登记现场检查",
            move=("planned", "inspected"),
            by=HOSTS,
            asks=("inspected_on", "signed", "signed_note"),
            guard=inspections.check_was_inspected,
            effect_many=inspections.date_items,
        ),
        Transition(
            "close_clean",
            "无问题销号",
            move=("inspected", "closed"),
            by=HOSTS,
            guard=inspections.check_found_nothing,
        ),
        Transition(
            "demand",
            "登记提示函（意见书）",
            move=("inspected", "rectifying"),
            by=OFFICES,
            asks=("letter_kind", "letter_no", "letter_on", "due_on"),
            guard=inspections.check_has_letter,
            effect_many=inspections.set_terms,
        ),
        Transition(
            "note_answer",
            "登记答复",
            move=("rectifying", "rectifying"),
            by=HOSTS,
            asks=("answered_on",),
            guard=inspections.check_was_answered,
        ),
        Transition(
            "escalate",
            "升级为意见书",
            move=("rectifying", "rectifying"),
            by=OFFICES,
            asks=("letter_no", "letter_on", "due_on"),
            guard=inspections.check_may_be_escalated,
            effect_many=inspections.send_opinion,
        ),
        Transition(
            "recheck",
            "复查",
            move=("rectifying", "rechecked"),
            by=HOSTS,
            unlike=("inspect",),
            guard=inspections.check_was_rechecked,
        ),
        Transition(
            "demand_again",
            "继续整改",
            move=("rechecked", "rectifying"),
            by=OFFICES,
            needs_reason=True,
        ),
        Transition(
            "close",
            "销号",
            move=("rechecked", "closed"),
            by=OFFICES,
            guard=inspections.check_is_fixed,
        ),
        Transition(
            "refer",
            "移送",
            move=(("rectifying", "rechecked"), "referred"),
            by=(Role.LEADER,),
            asks=("referred_to",),
            needs_reason=True,
            guard=inspections.check_may_be_referred,
        ),
    ),
)
