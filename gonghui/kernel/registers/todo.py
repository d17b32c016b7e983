"""Keeps the to-do list in step with the states of records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.parameters.values import is_local
from gonghui.kernel.records import sets
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.kernel.workflow.models import Task


def open_tasks(register: Register, records: Sequence[RecordBase], actor: Actor) -> None:
    """One open task per record whose state somebody has to end."""
    if register.workflow is None or not register.workflow.makes_tasks:
        return
    waits_for = register.workflow.waits_for
    due: dict[tuple[str, int | None], date | None] = {}
    asked = {code: register.workflow.asked(code) for code in {each.state for each in records}}
    tasks = []
    for record in records:
        state, roles = register.workflow.state(record.state), asked[record.state]
        if not roles or record.voided_at is not None:
            continue
        where = record.org if state.due and is_local(state.due) else None  # type: ignore[attr-defined]  # a column of Record, a property of Org
        key = (state.due, where.pk if where else None)
        if key not in due:
            due[key] = due_on(state.due, clock.today(), where) if state.due else None
        tasks.append(
            Task(
                register=register.key,
                record_id=record.pk,
                org_id=record.org_id,  # type: ignore[attr-defined]  # as above
                title=f"{register.title}：{record.label()}"[:200],
                state=state.code,
                roles=list(roles),
                department=state.department or (getattr(record, waits_for) if waits_for else ""),
                opened_at=clock.now(),
                opened_by=actor.user_id,
                due_on=getattr(record, state.due_on) if state.due_on else due[key],
            )
        )
    sets.insert(Task, tasks, keyed=False)


def close_tasks(register: Register, record_ids: Sequence[int], actor: Actor, action: str) -> None:
    """Whoever moved the records has done what waited."""
    if register.workflow is None:
        return
    Task._unscoped.filter(register=register.key, record_id__in=record_ids, closed_at=None).update(
        closed_at=clock.now(), closed_by=actor.user_id, action=action
    )
