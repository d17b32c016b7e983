"""Workflows as lines declare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor

Guard = Callable[[Any], None]
Guards = Callable[[list[Any]], Mapping[int, DomainError]]
Who = Callable[[Any, Actor], None]
Effect = Callable[[Any, Actor], None]
Effects = Callable[[list[Any], Actor], None]


@dataclass(frozen=True, slots=True)
class State:
    """A state of a record; `due` names the parameter that gives the time for leaving it.

    `due_on` instead names a date of the record by which it must be left, where the time does not run
    from the day on which the state was reached. In a locked state the fields cannot be changed, only
    actions are possible. Where it `rests`, a record may stay for good: actions are possible, but
    nobody is asked for one. `owed_by`: whose work ends the state where no action of theirs does, as
    the last payment settles a batch. `department` names the one whose turn it always is, whatever
    the workflow's `waits_for` says.
    """

    code: str
    label: str
    due: str = ""
    is_final: bool = False
    is_locked: bool = False
    due_on: str = ""
    rests: bool = False
    owed_by: tuple[Role, ...] = ()
    department: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """An action that moves a record from one of some states to another.

    `by`: roles that may do it, over the record's org. `unlike`: actions whose actor may not do this
    one (maker is not checker). `only(record, actor)` raises NotAllowed where a role alone is not enough
    (one's own matter, a relative); such an action is not offered. `asks`: fields the action's form asks for; `needs_reason`: a reason
    must be given. `guard(record)` only looks and raises; `guard_many(records)` is the same for a set
    and gives the errors by position; `stamps` is a date field set to today if empty; `effect(record, actor)` may call the write verbs; `effect_many(records, actor)` is the
    same for a set. `confirms_after` names a parameter after whose
    time the system does it by itself.
    """

    name: str
    label: str
    move: tuple[str | tuple[str, ...], str]
    by: tuple[Role, ...]
    unlike: tuple[str, ...] = ()
    only: Who | None = None
    asks: tuple[str, ...] = ()
    needs_reason: bool = False
    guard: Guard | None = None
    guard_many: Guards | None = None
    stamps: str | None = None
    effect: Effect | None = None
    effect_many: Effects | None = None
    confirms_after: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The states it starts from."""
        source = self.move[0]
        return (source,) if isinstance(source, str) else source

    @property
    def target(self) -> str:
        """The state it leads to."""
        return self.move[1]


@dataclass(frozen=True, slots=True)
class Workflow:
    """States (the first is where records begin) and the only moves between them.

    `begins` names further states in which a rule (never a caller) may let a record begin.
    `makes_tasks` is false where a parent's tasks say who is next, as for the lines of a roster.
    `waits_for` names the field of the record that holds the department whose turn it is; without it
    everybody with the role is asked.
    """

    states: tuple[State, ...]
    transitions: tuple[Transition, ...] = ()
    begins: tuple[str, ...] = ()
    makes_tasks: bool = True
    waits_for: str = ""

    @property
    def initial(self) -> State:
        """The state of a new record."""
        return self.states[0]

    def state(self, code: str) -> State:
        """The state of a code."""
        return next(state for state in self.states if state.code == code)

    def transition(self, name: str) -> Transition | None:
        """The transition of a name, if declared."""
        return next((t for t in self.transitions if t.name == name), None)

    def from_state(self, code: str) -> tuple[Transition, ...]:
        """What can be done in a state."""
        return tuple(t for t in self.transitions if code in t.sources)

    def onward(self, code: str) -> tuple[Transition, ...]:
        """What a record in a state waits for from people: what brings it further on the usual way.

        Sending back, withdrawing and refusing are open to others too, but nobody has to do them. Where
        nothing leads on, every action is waited for.
        """
        way = self.path()
        further = way[way.index(code) + 1 :] if code in way else way
        possible = tuple(t for t in self.from_state(code) if t.by)
        return tuple(t for t in possible if t.target in further) or possible

    def asked(self, code: str) -> tuple[Role, ...]:
        """The roles that a record in a state waits for, in order of their names; none where it rests."""
        state = self.state(code)
        if state.is_final or state.rests:
            return ()
        return tuple(sorted(state.owed_by or {role for t in self.onward(code) for role in t.by}))

    def path(self) -> tuple[str, ...]:
        """The way that records usually go: from each state by the first action that leads to a later one."""
        order = {state.code: place for place, state in enumerate(self.states)}
        way = [self.initial.code]
        while True:
            onward = (
                t.target for t in self.from_state(way[-1]) if order[t.target] > order[way[-1]]
            )
            following = next(onward, None)
            if following is None:
                return tuple(way)
            way.append(following)
