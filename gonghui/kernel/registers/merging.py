"""Two records of one thing: deciding on them, letting all that refers to one refer to the other, undoing it.

Every change is noted, so that it can be undone. A row that cannot be changed (a second open file,
say) stops the whole with its own message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import models

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.uses import columns_to
from gonghui.kernel.registers.write import change, change_many
from gonghui.kernel.workflow.declare import State, Transition, Workflow

Change = dict[str, Any]
Step = Callable[[Any], None]
Effect = Callable[[Any, Actor], None]
_DECIDERS = (Role.COUNTY, Role.DEPT)


def decision(what: str, *, due: str, undo_days: str, can_merge: Step, merge: Effect) -> Workflow:
    """How it is decided whether the `first` and the `second` record of a case speak of one `what` (人, 单位).

    `due` and `undo_days` name the parameters of the time for it and of the time to take it back; a
    merge keeps what it changed in `changes`.
    """
    return Workflow(
        states=(
            State("open", "待核", due=due),
            State("merged", f"同一{what}合并", is_final=True, is_locked=True),
            State("different", f"不同{what}", is_final=True, is_locked=True),
        ),
        transitions=(
            Transition(
                "merge",
                f"同一{what}合并",
                move=("open", "merged"),
                by=_DECIDERS,
                asks=("kept",),
                guard=can_merge,
                stamps="decided_on",
                effect=merge,
            ),
            Transition(
                "tell_apart",
                f"不同{what}",
                move=("open", "different"),
                by=_DECIDERS,
                stamps="decided_on",
            ),
            Transition(
                "undo",
                "撤销合并",
                move=("merged", "open"),
                by=_DECIDERS,
                needs_reason=True,
                guard=partial(_check_can_undo, undo_days),
                effect=_undo,
            ),
        ),
    )


def put_in_order(case: Any) -> None:
    """The record with the smaller key is the first; a pair that somebody names was found today."""
    if case.first_id > case.second_id:
        case.first, case.second = case.second, case.first
    case.found_on = case.found_on or clock.today()


def kept_and_lost(case: Any) -> tuple[Any, Any]:
    """The two of a case; raises DomainError where none was chosen or one has gone elsewhere already."""
    if case.kept_id is None:
        raise DomainError("请选择保留哪一份档案。", field="kept")
    if case.first.merged_into_id or case.second.merged_into_id:
        raise DomainError("两份档案之一已并入其他档案，请先撤销那次合并。", field="kept")
    if case.kept_id == case.first_id:
        return case.first, case.second
    return case.second, case.first


def check_not_merged(case: Any) -> None:
    """The case knows what its merge changed; without it nothing could be put back."""
    if case.state == "merged":
        raise DomainError("两份档案已合并，不能作废；合并有误的，请“撤销合并”。")


def _check_can_undo(undo_days: str, case: Any) -> None:
    days = number_of(undo_days)
    if case.decided_on is None or clock.today() > case.decided_on + timedelta(days=days):
        raise DomainError(f"合并已超过{days}天，不能再撤销。")


def _undo(case: Any, by: Actor) -> None:
    _put_back(case.changes, by)
    change(case, by=by, changes=[], decided_on=None, kept=None)


def repoint(
    lost: Any, kept: Any, *, by: Actor, reason: str, leave: Collection[type[Any]] = ()
) -> list[Change]:
    """Point every live row of every register to the record kept, but for those of models to `leave`."""
    changes: list[Change] = []
    for register, column in columns_to(type(lost)):
        if register.model in leave or register.model is type(lost):
            continue
        with acting(SYSTEM):
            rows = register.model.objects.filter(**{column: lost, "voided_at": None})
            found = list(rows.order_by("pk"))
        try:
            changes += change_noted(found, {column: kept}, by=by, reason=reason)
        except DomainError as error:
            raise DomainError(
                f"“{register.title}”的记录不能改挂：{error.message}请先处理，再合并。",
                code=error.code,
            ) from error
    return changes


def change_noted(
    rows: Sequence[Any], values: Mapping[str, Any], *, by: Actor, reason: str
) -> list[Change]:
    """Change rows alike, all or none; what was there before."""
    if not rows:
        return []
    key = register_of(rows[0]).key
    attnames = [rows[0]._meta.get_field(name).attname for name in values]
    changes = [
        {"register": key, "id": row.pk, "field": attname, "before": getattr(row, attname)}
        for row in rows
        for attname in attnames
    ]
    must(change_many([(row, dict(values)) for row in rows], by=by, reason=reason))
    return changes


def _put_back(changes: Sequence[Change], by: Actor) -> None:
    """Put back what was noted, last things first."""
    for noted in reversed(changes):
        model = register_of(noted["register"]).model
        field = next(f for f in model._meta.concrete_fields if f.attname == noted["field"])
        before = noted["before"]
        with acting(SYSTEM):
            if isinstance(field, models.ForeignKey) and before is not None:
                before = field.related_model.objects.get(pk=before)  # type: ignore[attr-defined]  # a record's manager
            row = model.objects.get(pk=noted["id"])
        must(change_many([(row, {field.name: before})], by=by, reason="撤销合并"))
