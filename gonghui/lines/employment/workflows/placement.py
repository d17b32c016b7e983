"""A placement from its report to the kept job."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.employment.services import placements

CHECKERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
REPORTERS = (Role.BASIC, Role.STATION, *CHECKERS)

PLACEMENT = Workflow(
    states=(
        State("reported", "待核实", due="employment.verify_days"),
        State("verified", "已核实", is_locked=True, rests=True),
        State("sustained", "稳岗满六个月", is_locked=True, rests=True),
        State("ended", "已离岗", is_final=True, is_locked=True),
        State("refuted", "不实", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "verify",
            "核实",
            move=("reported", "verified"),
            by=CHECKERS,
            unlike=("create",),
            asks=("evidence", "evidence_no", "late_reason"),
            guard=placements.check_has_evidence,
            stamps="verified_on",
        ),
        Transition(
            "sustain",
            "认定稳岗",
            move=("verified", "sustained"),
            by=REPORTERS,
            guard=placements.check_was_asked_in_the_end,
            stamps="sustained_on",
        ),
        Transition(
            "end",
            "登记离岗",
            move=(("verified", "sustained"), "ended"),
            by=REPORTERS,
            asks=("ended_on", "end_reason"),
            guard=placements.check_left_on_a_day,
        ),
        Transition(
            "refute",
            "认定不实",
            move=(("reported", "verified", "sustained", "ended"), "refuted"),
            by=CHECKERS,
            needs_reason=True,
        ),
    ),
)
