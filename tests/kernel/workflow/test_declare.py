"""What a workflow tells about its way."""

from __future__ import annotations

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow

CASE = Workflow(
    states=(
        State("draft", "草稿"),
        State("review", "审核"),
        State("returned", "退回"),
        State("trial", "诉讼"),
        State("paying", "发放中", owed_by=(Role.FINANCE,)),
        State("kept", "留存", rests=True),
        State("closed", "办结", is_final=True),
        State("dropped", "撤销", is_final=True),
    ),
    transitions=(
        Transition("submit", "上报", move=(("draft", "returned"), "review"), by=(Role.BASIC,)),
        Transition("pass", "通过", move=("review", "closed"), by=(Role.COUNTY,)),
        Transition("return", "退回", move=("review", "returned"), by=(Role.DEPT,)),
        Transition("win", "胜诉", move=("trial", "closed"), by=()),
        Transition("settle", "结清", move=("paying", "closed"), by=()),
        Transition("reopen", "重办", move=("kept", "draft"), by=(Role.COUNTY,)),
        Transition(
            "drop",
            "撤销",
            move=(("draft", "review", "returned", "trial"), "dropped"),
            by=(Role.LEADER,),
        ),
    ),
)


def test_the_usual_way_takes_the_first_action_that_leads_on():
    assert CASE.path() == ("draft", "review", "closed")


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        ("draft", ["submit"]),
        ("review", ["pass"]),
        ("returned", ["submit"]),
        ("trial", ["drop"]),  # what the system does is nobody's task
        ("closed", []),
    ],
)
def test_a_record_waits_for_what_brings_it_further(state, actions):
    assert [each.name for each in CASE.onward(state)] == actions


@pytest.mark.parametrize(
    ("state", "roles"),
    [
        ("review", (Role.COUNTY,)),
        ("paying", (Role.FINANCE,)),
        ("kept", ()),
        ("closed", ()),
    ],
)
def test_only_those_are_asked_who_can_bring_it_further(state, roles):
    assert CASE.asked(state) == roles
