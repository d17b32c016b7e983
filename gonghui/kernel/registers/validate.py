"""Validation of records before they are saved, with the whole city in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models
from django.db.models import Q

from gonghui.base.errors import DomainError, Invalid
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.records.fields import HashField, SealedField
from gonghui.kernel.registers.declare import Register

REQUIRED = "请填写{label}。"
UNSTORABLE = "{label}中含有看不见的空字符，请重新填写。"
Errors = dict[str, list[str]]


Rule = tuple[tuple[str, ...], "Callable[[Any], bool] | None", Q | None, str]
Before = Sequence[Mapping[str, Any]]


@cache
def _checked_fields(
    model: type[models.Model],
) -> tuple[tuple[Any, Callable[[Any], bool]], ...]:
    """The fields that people fill in; what only the program sets the database checks."""
    return tuple(
        (field, _surely_right(field))
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and not isinstance(field, HashField)
    )


def _surely_right(field: Any) -> Callable[[Any], bool]:
    """Tells without the field's whole cleaning that a value of its plain type is right as it is."""
    codes = {code for code, _ in field.flatchoices}
    if isinstance(field, models.BooleanField):
        return lambda value: type(value) is bool
    if isinstance(field, models.CharField | models.TextField) and not _other_rules(field):
        longest = field.max_length or 2**31
        return lambda value: (
            type(value) is str
            and len(value) <= longest
            and "\x00" not in value
            and (not codes or value in codes)
        )
    if type(field) is models.DateField and not field.validators and not codes:
        return lambda value: type(value) is date
    return lambda value: False


def _other_rules(field: Any) -> bool:
    """Whether a text has to be more than short enough."""
    return type(field).clean is not models.Field.clean or any(
        not isinstance(rule, MaxLengthValidator) for rule in field.validators
    )


def field_errors(record: models.Model) -> Errors:
    """What is wrong with single fields; foreign keys are only checked for presence."""
    errors: Errors = {}
    for field, surely_right in _checked_fields(type(record)):
        value = getattr(record, field.attname)
        if surely_right(value) and value != "":
            continue
        if value in field.empty_values:
            if not (field.null if isinstance(field, models.ForeignKey) else field.blank):
                errors[field.name] = [REQUIRED.format(label=field.verbose_name)]
            continue
        if isinstance(value, str) and "\x00" in value:
            errors[field.name] = [UNSTORABLE.format(label=field.verbose_name)]
            continue
        if isinstance(field, SealedField | models.ForeignKey):
            continue
        try:
            setattr(record, field.attname, field.clean(value, record))
        except ValidationError as error:
            errors[field.name] = [f"{field.verbose_name}：{message}" for message in error.messages]
    return errors


def constraint_errors(record: models.Model) -> Errors:
    """What the model's constraints say about one record; the scope must be the whole city."""
    try:
        record.validate_constraints(exclude=None)
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return {("" if name == "__all__" else name): list(ms) for name, ms in found.items()}
    return {}


def unique_errors(
    model: type[models.Model], records: list[models.Model], before: Before | None = None
) -> dict[int, Errors]:
    """Clashes with uniqueness, for a batch, by index: with rows that exist and within the batch.

    `before`: the columns of records that exist, as stored. What a rule looks at and did not change
    was right when it was written, so only what changed is looked for among the other rows.
    """
    errors: dict[int, Errors] = defaultdict(dict)
    for place, (names, holds, condition, message) in enumerate(_unique_rules(model)):
        keys = {
            index: tuple(_comparable(getattr(record, name)) for name in names)
            for index, record in enumerate(records)
            if holds is None or holds(record)
        }
        keys = {index: key for index, key in keys.items() if None not in key}
        if before is None:
            changed = keys
        else:
            watched = (*names, *_columns_in(model, condition))
            changed = {
                i: key for i, key in keys.items() if _differs(records[i], before[i], watched)
            }
        own = {record.pk for record in records if record.pk}
        taken = _taken(model, place, set(changed.values()), own)
        seen = {key for index, key in keys.items() if index not in changed}
        for index, key in changed.items():
            if key in taken or key in seen:
                errors[index].setdefault(_shown(names), []).append(message)
            seen.add(key)
    return dict(errors)


def _differs(record: models.Model, before: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(_comparable(before[name]) != _comparable(getattr(record, name)) for name in names)


def _columns_in(model: type[models.Model], condition: Q | None) -> set[str]:
    """The columns that a condition looks at."""
    found: set[str] = set()
    children: list[Any] = condition.children if condition is not None else []
    for child in children:
        if isinstance(child, Q):
            found |= _columns_in(model, child)
        else:
            found.add(_column_of(model, str(child[0]).partition("__")[0]))
    return found


def _shown(names: tuple[str, ...]) -> str:
    name = names[-1].removesuffix("_id")
    return name.removesuffix("_hash")


def _comparable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@cache
def _unique_rules(model: type[models.Model]) -> list[Rule]:
    """What may be there once: columns, for which records, the same as a condition, what to say."""
    rules: list[Rule] = [
        ((field.attname,), None, None, f"{field.verbose_name}已存在，不能重复登记。")
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    ]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            names = tuple(_column_of(model, name) for name in constraint.fields)
            condition = constraint.condition
            holds = _predicate(model, condition) if condition is not None else None
            rules.append((names, holds, condition, str(constraint.violation_error_message)))
    return rules


def _column_of(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return field.attname if isinstance(field, models.Field) else name


def _predicate(model: type[models.Model], condition: Q) -> Callable[[Any], bool]:
    """The simple conditions that unique constraints use, without asking the database."""
    children: list[Any] = condition.children
    parts = [
        _predicate(model, child)
        if isinstance(child, Q)
        else _comparison(model, str(child[0]), child[1])
        for child in children
    ]
    negated = condition.negated
    if len(parts) == 1 and not negated:
        return parts[0]
    combine = any if condition.connector == Q.OR else all
    return lambda record: combine([part(record) for part in parts]) is not negated


def _comparison(model: type[models.Model], name: str, expected: Any) -> Callable[[Any], bool]:
    column, _, lookup = name.partition("__")
    value_of = attrgetter(_column_of(model, column))
    expected = getattr(expected, "pk", expected)
    if lookup == "in":
        return lambda record: value_of(record) in expected
    if lookup == "isnull":
        return lambda record: (value_of(record) is None) is expected
    return lambda record: value_of(record) == expected


def _taken(
    model: type[models.Model], place: int, keys: set[tuple[Any, ...]], own: set[Any]
) -> set[tuple[Any, ...]]:
    """Which keys of a rule, named by its place, other rows have."""
    if not keys:
        return set()
    columns = len(next(iter(keys)))
    narrowest = min(range(columns), key=lambda i: -len({key[i] for key in keys}))
    statement, params = _statement(model, place, narrowest)
    given = list({key[narrowest] for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, given, list(own)])
        return {tuple(_comparable(value) for value in row) for row in cursor.fetchall()} & keys


@cache
def _statement(model: type[models.Model], place: int, narrowest: int) -> tuple[str, list[Any]]:
    """Asks for the keys of a rule among the rows with some values of one column, but not some rows.

    It is asked for every batch, and putting it into words costs more than the answer.
    """
    names, _, condition, _ = _unique_rules(model)[place]
    rows = unscoped(model).order_by()
    rows = rows if condition is None else rows.filter(condition)
    sql, params = rows.values_list(*names).query.sql_with_params()
    table, key, column = (
        connection.ops.quote_name(str(name))
        for name in (
            model._meta.db_table,
            model._meta.pk.column,
            _field_named(model, names[narrowest]).column,
        )
    )
    joint = "WHERE" if condition is None else "AND"
    also = f"{table}.{column} = ANY(%s) AND NOT ({table}.{key} = ANY(%s::bigint[]))"
    return f"{sql} {joint} {also}", list(params)


def _field_named(model: type[models.Model], attname: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


def check(register: Register, record: models.Model) -> Errors:
    """What the register's own rules say about a record."""
    errors: Errors = {}
    for rule in register.checks:
        try:
            rule(record)
        except Invalid as error:
            for name, messages in error.errors.items():
                errors.setdefault(name, []).extend(messages)
        except DomainError as error:
            errors.setdefault(error.field or "", []).append(error.message)
    return errors
