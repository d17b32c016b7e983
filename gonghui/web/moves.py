"""Which actions of a workflow an actor may do, on a record or on a whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import Any

from gonghui.base.errors import NotAllowed
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.registers.declare import Handover, Register
from gonghui.kernel.registers.permission import (
    Makers,
    makers_of,
    may,
    may_move,
    may_perform,
    require_other_hands,
)
from gonghui.kernel.registers.registry import handovers_from
from gonghui.kernel.workflow.declare import State, Transition


def of_record(actor: Actor, register: Register, record: Any) -> list[Transition]:
    """The actions that a record's state and its rules allow the actor, those that lead on first."""
    if register.workflow is None or record.voided_at is not None:
        return []
    allowed = [
        transition
        for transition in register.workflow.from_state(record.state)
        if may_move(actor, transition, record)
    ]
    makers = makers_of(register, allowed, [int(record.pk)])
    possible = [t for t in allowed if not _checks_himself(actor, t, record, makers)]
    return sorted(possible, key=lambda t: not leads_on(register, record, t))


def _checks_himself(actor: Actor, transition: Transition, record: Any, makers: Makers) -> bool:
    try:
        require_other_hands(actor, transition, record, makers)
    except NotAllowed:
        return True
    return False


def leads_on(register: Register, record: Any, transition: Transition) -> bool:
    """Whether an action takes a record a step further on its usual way."""
    way = register.workflow.path() if register.workflow is not None else ()
    if record.state not in way or transition.target not in way:
        return False
    return way.index(transition.target) > way.index(record.state)


def of_list(actor: Actor, register: Register, states: Set[str]) -> list[tuple[str, str]]:
    """The names and labels of the actions that the actor may do on records in one of some states.

    Two of one label are told apart by the state in which each is done.
    """
    if register.workflow is None:
        return []
    possible = [
        transition
        for transition in register.workflow.transitions
        if not states.isdisjoint(transition.sources) and may_perform(actor, transition)
    ]
    met = Counter(transition.label for transition in possible)
    labels = {state.code: state.label for state in register.workflow.states}

    def told(transition: Transition) -> str:
        if met[transition.label] == 1:
            return transition.label
        here = "、".join(labels[code] for code in transition.sources if code in states)
        return f"{transition.label}（{here}）"

    return [(transition.name, told(transition)) for transition in possible]


def state_of(register: Register, record: Any) -> State | None:
    """The declared state of a record."""
    if register.workflow is None:
        return None
    return next((s for s in register.workflow.states if s.code == record.state), None)


def is_closed(register: Register, record: Any) -> bool:
    """Whether nothing can be added to a record: it was voided, or has ended for good."""
    state = state_of(register, record)
    return record.voided_at is not None or (
        state is not None and state.is_final and state.is_locked
    )


def may_edit(actor: Actor, register: Register, record: Any) -> bool:
    """Whether the fields of a record may be changed by the actor now."""
    state = state_of(register, record)
    is_locked = state is not None and state.is_locked
    return (
        record.voided_at is None
        and not is_locked
        and bool(register.form_fields)
        and may(actor, "change", register, record.org_id)
    )


def may_void(actor: Actor, register: Register, record: Any) -> bool:
    """Whether the record may be voided by the actor now."""
    return record.voided_at is None and may(actor, "void", register, record.org_id)


def handovers(
    actor: Actor, register: Register, record: Any
) -> list[tuple[int, Register, Handover]]:
    """To which registers the actor may hand a record over, with the place in the whole list."""
    if record.voided_at is not None:
        return []
    return [
        (position, receiver, handover)
        for position, (receiver, handover) in enumerate(handovers_from(register.key))
        if _may_hand_over(actor, receiver, handover, record.org_id)
    ]


def _may_hand_over(actor: Actor, receiver: Register, handover: Handover, org_id: int) -> bool:
    if handover.roles:
        return actor.has_role(*handover.roles, over=org_id)
    return may(actor, "add", receiver, org_id)
