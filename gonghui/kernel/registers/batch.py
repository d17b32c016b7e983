"""One batch of rows on its way through a write verb; failed rows drop out with their error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid, Outdated
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.records import history, marking, numbering, sealing, sets
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.registers import validate
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import by_rule, is_by_rule
from gonghui.kernel.registers.registry import reactions_to
from gonghui.kernel.workflow.declare import Transition

NOT_FOUND = "没有找到该记录，可能不在您的范围内。"
Rows = dict[int, Any]
# A year beyond is a mistyped one, and days near the end of the calendar cannot be added to.
_EARLIEST, _LATEST = 1800, 2199


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: the record as saved, or why not; a warning asks to look again."""

    record: Any = None
    error: DomainError | None = None
    warning: str = ""


def must(outcomes: Iterable[Outcome]) -> list[Any]:
    """The records of a batch that only makes sense as a whole; raises its first error."""
    records = []
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
        records.append(outcome.record)
    return records


def refused(rows: Sequence[Any], look: Callable[[Any], None]) -> dict[int, DomainError]:
    """What `look` raises for rows, by position: for the guards and checks of sets."""
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        try:
            look(row)
        except DomainError as error:
            errors[position] = error
    return errors


def org_of(record: Any) -> int:
    """The org whose row it is."""
    return int(record.org_id)


def snapshot(record: models.Model) -> dict[str, Any]:
    """The values of all columns, to tell later what changed."""
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields}


def differing(before: Mapping[str, Any], record: models.Model) -> set[str]:
    """The names of the fields that changed since a snapshot."""
    return {
        f.name
        for f in record._meta.concrete_fields
        if before[f.attname] != getattr(record, f.attname)
    }


def writable(register: Register) -> frozenset[str]:
    """The fields that callers may give values for; a rule may set them all."""
    return _columns(register.model, is_by_rule())


@cache
def _columns(model: type[RecordBase], also_fixed: bool) -> frozenset[str]:
    return frozenset(f.name for f in model._meta.concrete_fields if f.editable or also_fixed)


def build(register: Register, values: Mapping[str, Any], by: Actor) -> RecordBase:
    """A new record in memory with the kernel's columns set."""
    now = clock.now()
    record = sets.blank(register.model)
    record.created_at = record.changed_at = now
    record.created_by = record.changed_by = by.user_id
    if register.workflow is not None:
        record.state = register.workflow.initial.code
    assigner(register, record, values)()
    if register.parent is not None and register.model.scope_column == "org":
        parent = getattr(record, register.parent, None)
        if parent is not None and getattr(record, "org_id", None) is None:
            record.org_id = parent.org_id  # type: ignore[attr-defined]  # child registers have an org
    if register.model.scope_column == "org" and getattr(record, "org_id", None) is None:
        raise DomainError("请选择所属工会。", field="org")
    return record


def assigner(register: Register, record: Any, values: Mapping[str, Any]) -> Callable[[], None]:
    """Sets values on a record; unknown names are the caller's mistake."""

    def assign() -> None:
        allowed = writable(register)
        for name, value in values.items():
            if name not in allowed:
                raise DomainError(f"“{register.title}”没有可填写的“{name}”。", field=name)
            if isinstance(value, date) and not _EARLIEST <= value.year <= _LATEST:
                raise DomainError(f"年份{value.year}不对，请核对日期。", field=name)
            setattr(record, name, value)

    return assign


class Batch:
    """Rows by index, the errors of those that failed, and the steps all verbs share."""

    def __init__(self, register: Register, by: Actor, what: str) -> None:
        self.register = register
        self.by = by
        self.what = what
        self.errors: dict[int, DomainError] = {}
        self.locked: Rows = {}
        self.settled_errors: set[int] = set()
        self.savepoint = ""

    def attempt(self, index: int, step: Callable[[], Any]) -> None:
        """Run a step for one row and keep its error."""
        try:
            step()
        except DomainError as error:
            self.errors[index] = error

    def drop_failed(self, rows: Rows) -> None:
        """Forget the rows that have an error."""
        for index in self.errors:
            rows.pop(index, None)

    def lock(self, records: Sequence[RecordBase], versions: Sequence[int | None] | None) -> Rows:
        """The rows as they are now, locked in key order; out of scope is not found."""
        model = self.register.model
        ids = [record.pk for record in records]
        with acting(self.by):
            visible = unscoped(model) if is_by_rule() else model.objects.all()
            rows = visible.filter(pk__in=ids).order_by("pk").select_for_update()
            now = {row.pk: row for row in rows}
        met: set[Any] = set()
        for index, pk in enumerate(ids):
            seen = versions[index] if versions else None
            if pk not in now:
                self.errors[index] = DomainError(NOT_FOUND, code="not_found")
            elif pk in met:
                self.errors[index] = DomainError("同一记录在一批里出现两次。", code="repeated")
            elif seen is not None and seen != now[pk].version:
                self.errors[index] = self._outdated(now[pk], seen)
            else:
                self.locked[index] = now[pk]
            met.add(pk)
        with acting(SYSTEM):
            models.prefetch_related_objects(list(self.locked.values()), *self.register.reads)
        return dict(self.locked)

    def _outdated(self, row: RecordBase, seen: int) -> Outdated:
        changed: dict[str, tuple[str, str]] = {}
        for version in history.versions_of(row):
            if version.row.get("version", 0) > seen:
                for column, (old, new) in version.changed.items():
                    changed[column] = (changed.get(column, (str(old), ""))[0], str(new))
        return Outdated("该记录刚被他人修改，您的填写已保留，请对照后再保存。", details=changed)

    def prepare(self, rows: Rows) -> None:
        """Let the register make what new records need, such as the org they will belong to."""
        if self.register.before_many is not None and rows:
            with by_rule(), acting(SYSTEM):
                failed = self.register.before_many(rows, self.by)
            self.errors.update(failed)
            self.drop_failed(rows)

    def guard(self, rows: Rows, transition: Transition) -> None:
        """Let the action's guard of sets look at the rows; those that it stops drop out."""
        if transition.guard_many is None or not rows:
            return
        listed = list(rows)
        with acting(SYSTEM):
            stopped = transition.guard_many(list(rows.values()))
        self.errors.update({listed[position]: error for position, error in stopped.items()})
        self.drop_failed(rows)

    def settle(self, rows: Rows, before: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Derive copied columns and validate; rows that break a rule drop out.

        `before`: the columns of rows that exist, as they were when the verb began.
        """
        if not rows:
            return
        with acting(SYSTEM):
            self._derive(rows)
            self.drop_failed(rows)
            for index, row in rows.items():
                sealing.hash_plain(row)
                self._note(index, validate.field_errors(row))
            self.drop_failed(rows)
            listed = list(rows)
            clashes = validate.unique_errors(
                self.register.model,
                [rows[i] for i in listed],
                [before[i] for i in listed] if before is not None else None,
            )
            for position, errors in clashes.items():
                self._note(listed[position], errors)
            self.drop_failed(rows)
            for index, row in rows.items():
                self._note(index, validate.check(self.register, row))
            if self.register.checks_many is not None:
                found = self.register.checks_many(list(rows.values()))
                listed = list(rows)
                for position, error in found.items():
                    self.errors.setdefault(listed[position], error)
            self.drop_failed(rows)

    def _derive(self, rows: Rows) -> None:
        if self.register.derive_many is not None:
            self.register.derive_many(list(rows.values()))
        if self.register.derive is not None:
            for index, row in rows.items():
                self.attempt(index, lambda row=row: self.register.derive(row))  # type: ignore[misc]  # checked above

    def _note(self, index: int, errors: validate.Errors) -> None:
        if errors:
            self.errors[index] = Invalid(errors)

    def insert(self, rows: Rows, verb: str) -> None:
        """Number, seal and write new records; a database constraint drops only the rows it names."""
        if not rows:
            return
        model = self.register.model
        marking.mark(self.by, verb)
        keys = _next_keys(model, len(rows))
        for record, key in zip(rows.values(), keys, strict=True):
            record.pk = key
            sealing.seal_plain(record)
        try:
            with transaction.atomic():
                self._number(rows)
                sets.insert(model, list(rows.values()))
        except IntegrityError as error:
            raise_if_unexpected(error)
            self._insert_singly(rows)

    def _insert_singly(self, rows: Rows) -> None:
        """Numbers taken by the failed attempt were rolled back with it, so none is lost."""
        for record in rows.values():
            record.number = ""
        for index, record in rows.items():
            with acting(SYSTEM):
                self._note(index, validate.constraint_errors(record))
            if index in self.errors:
                continue
            try:
                with transaction.atomic():
                    self._number({index: record})
                    record.save(force_insert=True)
            except IntegrityError as error:
                self.errors[index] = translated(type(record), error)
        self.drop_failed(rows)

    def _number(self, rows: Rows) -> None:
        rule = self.register.numbering
        if rule is None:
            return
        city = None if rule.by_org else _city()
        slots: dict[int, numbering.Slot] = {}
        for index, row in rows.items():
            if not row.number:
                day = (getattr(row, rule.date) if rule.date else None) or clock.today()
                slots[index] = (city or org_of(row), rule.series, day.year)
        taken = numbering.take(slots.values())
        for index, slot in slots.items():
            rows[index].number = rule.pattern.format(year=slot[2], number=next(taken[slot]))

    def save(self, rows: Rows, names: Iterable[str], verb: str, reason: str) -> None:
        """Write changed fields of locked rows."""
        if not rows:
            return
        marking.mark(self.by, verb, reason)
        now = clock.now()
        for row in rows.values():
            row.version += 1
            row.changed_at, row.changed_by = now, self.by.user_id
            sealing.seal_plain(row)
        columns = sorted({*names, "version", "changed_at", "changed_by"})
        try:
            with transaction.atomic():
                if len(rows) == 1:
                    next(iter(rows.values())).save(update_fields=columns)
                else:
                    sets.update(self.register.model, list(rows.values()), columns)
        except IntegrityError as error:
            raise_if_unexpected(error)
            self._save_singly(rows, columns)

    def _save_singly(self, rows: Rows, columns: list[str]) -> None:
        for index, row in rows.items():
            try:
                with transaction.atomic():
                    row.save(update_fields=columns)
            except IntegrityError as error:
                self.errors[index] = translated(type(row), error)
        self.drop_failed(rows)

    def run_after(self, rows: Rows, *, created: bool) -> None:
        """What the register does after its records were written."""
        register = self.register
        if not rows or (register.after is None and register.after_many is None):
            return
        with by_rule(), acting(SYSTEM):
            if register.after_many is not None:
                register.after_many(list(rows.values()), created, self.by)
            if register.after is not None:
                for row in rows.values():
                    register.after(row, created, self.by)

    def run_after_void(self, rows: Rows) -> None:
        """What follows from records being voided, in the same transaction."""
        if not rows:
            return
        with by_rule(), acting(SYSTEM):
            if self.register.after_void_many is not None:
                self.register.after_void_many(list(rows.values()), self.by)
            self._react(rows, "void")

    def _react(self, rows: Rows, action: str) -> None:
        for reaction in reactions_to(self.register.key, action):
            reaction.follow(list(rows.values()), self.by)

    def run_effects(self, rows: Rows, transition: Transition) -> None:
        """What follows from an action, in the same transaction."""
        with by_rule(), acting(SYSTEM):
            if transition.effect_many is not None and rows:
                transition.effect_many(list(rows.values()), self.by)
            if transition.effect is not None:
                for row in rows.values():
                    transition.effect(row, self.by)
            if rows:
                self._react(rows, transition.name)

    def outcomes(self, size: int, rows: Rows) -> list[Outcome]:
        """One outcome per row, in order."""
        return [
            Outcome(error=self.errors[i]) if i in self.errors else Outcome(record=rows.get(i))
            for i in range(size)
        ]


def raise_if_unexpected(error: IntegrityError) -> None:
    """Let errors through that are not a row's own fault."""
    code = getattr(error.__cause__, "sqlstate", "")
    if code not in {"23505", "23514", "23P01", "23503", "23502"}:
        raise error


def translated(model: type[models.Model], error: IntegrityError) -> DomainError:
    """A database constraint's refusal in the words of its declaration."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return Conflict(str(constraint.violation_error_message), code=name)
    return Conflict(f"与已有记录冲突（{name or '唯一性'}），未保存。", code=name or "conflict")


def _next_keys(model: type[models.Model], size: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', size],
        )
        return [row[0] for row in cursor.fetchall()]


def _city() -> int:
    return int(unscoped(Org).values_list("pk", flat=True).get(level=OrgLevel.CITY))
