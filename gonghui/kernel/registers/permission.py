"""One function answers who may do what: for buttons, screens, API, import, export and print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from gonghui.base.errors import NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.records import history
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.workflow.declare import Transition

# Who last did an action, by its name and record.
Makers = Mapping[str, Mapping[int, int | None]]

_by_rule: ContextVar[bool] = ContextVar("by_rule", default=False)

VERB_LABELS = {
    "view": "查看",
    "add": "登记",
    "change": "修改",
    "void": "作废",
    "import": "导入",
    "export": "导出",
    "reveal": "查看明文",
}


@contextmanager
def by_rule() -> Iterator[None]:
    """Inside, writes follow from a rule (an effect), not from the actor's own permission."""
    token = _by_rule.set(True)
    try:
        yield
    finally:
        _by_rule.reset(token)


def is_by_rule() -> bool:
    """Whether a rule, not the actor, is writing."""
    return _by_rule.get()


def roles_for(verb: str, register: Register) -> frozenset[Role]:
    """The roles that have a verb on a register; a child register follows its parent's `change`."""
    if register.parent is not None:
        link = register.model._meta.get_field(register.parent)
        parent = register_of(link.related_model)
        return roles_for("change" if verb in {"add", "change", "void", "import"} else verb, parent)
    return frozenset(role for rule in register.access if verb in rule.verbs for role in rule.roles)


def may(actor: Actor, verb: str, register: Register, over: int | None = None) -> bool:
    """Whether the actor has a verb on a register, over an org if one is named."""
    if actor.is_system or is_by_rule():
        return True
    return actor.has_role(*roles_for(verb, register), over=over)


def may_perform(actor: Actor, transition: Transition, over: int | None = None) -> bool:
    """Whether the actor's roles allow an action over an org; says nothing of the record's state."""
    return actor.is_system or is_by_rule() or actor.has_role(*transition.by, over=over)


def require_move(actor: Actor, transition: Transition, record: Any) -> None:
    """Raise NotAllowed where the actor may not do an action on a record; says nothing of its state."""
    if not may_perform(actor, transition, record.org_id):
        who = "、".join(str(role.label) for role in transition.by)
        raise NotAllowed(f"“{transition.label}”须由{who}办理。")
    if transition.only is not None and not actor.is_system and not is_by_rule():
        with acting(SYSTEM):
            transition.only(record, actor)


def may_move(actor: Actor, transition: Transition, record: Any) -> bool:
    """Whether the actor may do an action on a record, were it in the right state."""
    try:
        require_move(actor, transition, record)
    except NotAllowed:
        return False
    return True


def makers_of(register: Register, transitions: Iterable[Transition], ids: list[int]) -> Makers:
    """Who last did each of the actions that the actors of these must not have done, by action and record."""
    verbs = {
        name: "create" if name == "create" else f"perform:{name}"
        for transition in transitions
        for name in transition.unlike
    }
    if not verbs:
        return {}
    found = history.last_actors_of(register.model._meta.db_table, ids, set(verbs.values()))
    return {name: found[verb] for name, verb in verbs.items()}


def require_other_hands(actor: Actor, transition: Transition, record: Any, makers: Makers) -> None:
    """Raise NotAllowed where the actor did a step himself that this one has to check."""
    if actor.user_id is None:
        return
    if any(makers[name].get(int(record.pk)) == actor.user_id for name in transition.unlike):
        raise NotAllowed(f"经办与“{transition.label}”不能是同一人，请由他人办理。")


def require(actor: Actor, verb: str, register: Register, over: int | None = None) -> None:
    """Raise NotAllowed unless `may`."""
    if not may(actor, verb, register, over):
        holders = "、".join(sorted(str(role.label) for role in roles_for(verb, register)))
        raise NotAllowed(
            f"您没有{VERB_LABELS.get(verb, verb)}“{register.title}”的权限"
            + (f"，可由{holders}办理。" if holders else "。")
        )


def may_reveal(actor: Actor, register: Register, record: Any, over: int) -> bool:
    """Whether the actor may have hidden values of a record shown, for a purpose that he gives."""
    if not may(actor, "reveal", register, over):
        return False
    return register.reveals_to is None or actor.is_system or register.reveals_to(record, actor)


def masked_for(actor: Actor, register: Register, record: Any) -> bool:
    """Whether personal fields of a record are masked for the actor: he may not change it."""
    return not may(actor, "change", register, record.org_id)
