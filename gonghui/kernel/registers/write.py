"""The four verbs that write every record, each over one record or many.

A verb locks, checks permission and version, runs the guards, applies the values, validates with the
whole city in scope, saves (history and ledger follow by trigger) and runs the effect: all in one
transaction. The `_many` forms do the same set by set and return one outcome per row, so that a bad
row does not hold up the good ones; the single forms raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from django.db import transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import remembered
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.registers import batch, todo
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import (
    Makers,
    is_by_rule,
    makers_of,
    require,
    require_move,
    require_other_hands,
)
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.workflow.declare import Transition

R = TypeVar("R", bound=RecordBase)
CHUNK = 2000


def create(model: type[R], *, by: Actor, **values: Any) -> R:
    """Write a new record; raises DomainError and writes nothing when a rule is broken."""
    return cast(R, _only(create_many(model, [values], by=by)))


def change(record: R, *, by: Actor, version: int | None = None, **values: Any) -> R:
    """Change fields of a record; `version` is the one the caller has seen."""
    return cast(R, _only(change_many([(record, values)], by=by, versions=[version])))


def perform(
    record: R,
    action: str,
    *,
    by: Actor,
    reason: str = "",
    version: int | None = None,
    **values: Any,
) -> R:
    """Do a declared action on a record."""
    outcomes = perform_many([record], action, by=by, reason=reason, versions=[version], **values)
    return cast(R, _only(outcomes))


def void(record: R, *, by: Actor, reason: str, version: int | None = None) -> R:
    """Take a record out of all figures and lists; it stays readable with the reason."""
    return cast(R, _only(void_many([record], by=by, reason=reason, versions=[version])))


def create_many(
    model: type[R], rows: Iterable[Mapping[str, Any]], *, by: Actor, verb: str = "create"
) -> list[Outcome]:
    """Write many new records; one outcome per row, in order."""
    register = register_of(model)
    outcomes: list[Outcome] = []
    rows = list(rows)
    with transaction.atomic(), remembered():
        for start in range(0, len(rows), CHUNK):
            outcomes += _create_chunk(register, rows[start : start + CHUNK], by, verb)
    return outcomes


def change_many(
    pairs: Iterable[tuple[RecordBase, Mapping[str, Any]]],
    *,
    by: Actor,
    versions: Sequence[int | None] | None = None,
    reason: str = "",
) -> list[Outcome]:
    """Change many records of one register; one outcome per pair, in order."""
    pairs = list(pairs)
    if not pairs:
        return []
    register = register_of(pairs[0][0])
    job = batch.Batch(register, by, f"change:{register.key}")
    with transaction.atomic(), remembered():
        rows = job.lock([record for record, _ in pairs], versions)
        for index, row in rows.items():
            job.attempt(index, _permitted(register, by, row, "change"))
        job.drop_failed(rows)
        before = {index: batch.snapshot(row) for index, row in rows.items()}
        for index, row in rows.items():
            job.attempt(index, batch.assigner(register, row, pairs[index][1]))
        job.drop_failed(rows)
        job.settle(rows, before)
        rows = {i: row for i, row in rows.items() if batch.snapshot(row) != before[i]}
        unchanged = {i: job.locked[i] for i in before if i not in rows and i not in job.errors}
        names = {n for i, row in rows.items() for n in batch.differing(before[i], row)}
        job.save(rows, names, "change", reason)
        job.run_after(rows, created=False)
    return job.outcomes(len(pairs), {**rows, **unchanged})


def perform_many(
    records: Iterable[RecordBase],
    action: str,
    *,
    by: Actor,
    reason: str = "",
    versions: Sequence[int | None] | None = None,
    each: Sequence[Mapping[str, Any]] | None = None,
    **values: Any,
) -> list[Outcome]:
    """Do one action on many records of one register; one outcome per record, in order.

    `values` are what the action asks for, the same for all; `each` has those that differ, by record.
    """
    records = list(records)
    if not records:
        return []
    register = register_of(records[0])
    transition = _transition(register, action)
    if transition.needs_reason and not reason.strip():
        raise DomainError(f"“{transition.label}”须说明原因。", field="reason")
    job = batch.Batch(register, by, f"perform:{action}")
    with transaction.atomic(), remembered():
        rows = job.lock(records, versions)
        makers = makers_of(register, [transition], [int(row.pk) for row in rows.values()])
        for index, row in rows.items():
            job.attempt(index, partial(_check_move, register, transition, by, row, makers))
        job.drop_failed(rows)
        before = {index: batch.snapshot(row) for index, row in rows.items()}
        for index, row in rows.items():
            own = {**values, **each[index]} if each is not None else values
            job.attempt(index, partial(_prepare_move, register, transition, row, own))
        job.drop_failed(rows)
        job.guard(rows, transition)
        for row in rows.values():
            row.state = transition.target
        job.settle(rows, before)
        names = {n for i, row in rows.items() for n in batch.differing(before[i], row)}
        job.save(rows, names, f"perform:{action}", reason)
        moved = list(rows.values())
        todo.close_tasks(register, [row.pk for row in moved], by, action)
        todo.open_tasks(register, moved, by)
        job.run_effects(rows, transition)
    return job.outcomes(len(records), rows)


def void_many(
    records: Iterable[RecordBase],
    *,
    by: Actor,
    reason: str,
    versions: Sequence[int | None] | None = None,
) -> list[Outcome]:
    """Void many records of one register for one reason."""
    records = list(records)
    if not records:
        return []
    if not reason.strip():
        raise DomainError("作废须说明原因。", field="reason")
    register = register_of(records[0])
    job = batch.Batch(register, by, f"void:{register.key}")
    with transaction.atomic(), remembered():
        rows = job.lock(records, versions)
        for index, row in rows.items():
            job.attempt(index, _permitted(register, by, row, "void"))
        job.drop_failed(rows)
        for index, row in rows.items():
            job.attempt(index, partial(check_may_be_voided, register, row))
        job.drop_failed(rows)
        for row in rows.values():
            row.voided_at, row.void_reason = clock.now(), reason
        job.save(rows, {"voided_at", "void_reason"}, "void", reason)
        todo.close_tasks(register, [row.pk for row in rows.values()], by, "void")
        job.run_after_void(rows)
    return job.outcomes(len(records), rows)


def check_may_be_voided(register: Register, row: Any) -> None:
    """Raises DomainError where the register keeps a record that others rest on."""
    if register.may_be_voided is not None:
        with acting(SYSTEM):
            register.may_be_voided(row)


def _only(outcomes: list[Outcome]) -> Any:
    (outcome,) = outcomes
    if outcome.error is not None:
        raise outcome.error
    return outcome.record


def _create_chunk(
    register: Register, rows: Sequence[Mapping[str, Any]], by: Actor, verb: str
) -> list[Outcome]:
    job = batch.Batch(register, by, f"create:{register.key}")
    fresh = _prepared(job, rows)
    while register.before_many is not None and job.errors.keys() - job.settled_errors:
        # What `before_many` wrote for the refused rows must go: begin again without them.
        transaction.savepoint_rollback(job.savepoint)
        fresh = _prepared(job, rows)
    if register.before_many is not None:
        transaction.savepoint_commit(job.savepoint)
    job.insert(fresh, verb)
    todo.open_tasks(register, list(fresh.values()), by)
    job.run_after(fresh, created=True)
    return job.outcomes(len(rows), fresh)


def _prepared(job: batch.Batch, rows: Sequence[Mapping[str, Any]]) -> dict[int, RecordBase]:
    """The rows that no rule refuses, ready to be written."""
    job.settled_errors = set(job.errors)
    if job.register.before_many is not None:
        job.savepoint = transaction.savepoint()
    fresh: dict[int, RecordBase] = {}
    for index, values in enumerate(rows):
        if index not in job.errors:
            step = partial(_build_into, fresh, index, job.register, values, job.by)
            job.attempt(index, step)
    job.drop_failed(fresh)
    for index, record in fresh.items():
        job.attempt(index, _permitted(job.register, job.by, record, "add"))
    job.drop_failed(fresh)
    job.prepare(fresh)
    job.settle(fresh)
    return fresh


def _build_into(
    fresh: dict[int, RecordBase],
    index: int,
    register: Register,
    values: Mapping[str, Any],
    by: Actor,
) -> None:
    fresh[index] = batch.build(register, values, by)


def _permitted(register: Register, by: Actor, record: Any, verb: str) -> Callable[[], None]:
    def look() -> None:
        if record.voided_at is not None:
            raise Conflict("该记录已作废，不能再改动。")
        require(by, verb, register, batch.org_of(record))
        if verb == "change" and register.workflow is not None and not is_by_rule():
            state = register.workflow.state(record.state)
            if state.is_locked:
                raise Conflict(
                    f"该记录现为“{state.label}”，内容不能再直接修改；如有差错，请办理更正。"
                )

    return look


def _transition(register: Register, action: str) -> Transition:
    found = register.workflow.transition(action) if register.workflow else None
    if found is None:
        raise DomainError(f"“{register.title}”没有“{action}”这一步。", code="unknown_action")
    return found


def _check_move(
    register: Register,
    transition: Transition,
    by: Actor,
    row: Any,
    makers: Makers,
) -> None:
    workflow = register.workflow
    if workflow is None:  # pragma: no cover - _transition has found one
        raise AssertionError
    if row.voided_at is not None:
        raise Conflict("该记录已作废，不能再改动。")
    if row.state not in transition.sources:
        now = workflow.state(row.state).label
        raise Conflict(
            f"该记录现为“{now}”，不能“{transition.label}”；可能刚由他人办理，请刷新后再看。"
        )
    require_move(by, transition, row)
    require_other_hands(by, transition, row, makers)


def _prepare_move(
    register: Register, transition: Transition, row: Any, values: Mapping[str, Any]
) -> None:
    unknown = sorted(set(values) - set(transition.asks))
    if unknown:
        raise DomainError(f"“{transition.label}”不能填写“{'、'.join(unknown)}”。")
    batch.assigner(register, row, values)()
    if transition.stamps and getattr(row, transition.stamps) is None:
        setattr(row, transition.stamps, clock.today())
    if transition.guard is not None:
        with acting(SYSTEM):
            transition.guard(row)


__all__ = [
    "Outcome",
    "change",
    "change_many",
    "check_may_be_voided",
    "create",
    "create_many",
    "perform",
    "perform_many",
    "void",
    "void_many",
]
