"""Validation of records before they are saved, with the whole city in scope."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from gonghui.base.errors import DomainError, Invalid
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.records.fields import HashField, SealedField
from gonghui.kernel.registers.declare import Register

REQUIRED = "请填写{label}。"
Errors = dict[str, list[str]]


@cache
def _checked_fields(model: type[models.Model]) -> tuple[Any, ...]:
    """The fields that people fill in; what only the program sets the database checks."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and not isinstance(field, HashField)
    )


def field_errors(record: models.Model) -> Errors:
    """What is wrong with single fields; foreign keys are only checked for presence."""
    errors: Errors = {}
    for field in _checked_fields(type(record)):
        value = getattr(record, field.attname)
        if value in field.empty_values:
            if not (field.null if isinstance(field, models.ForeignKey) else field.blank):
                errors[field.name] = [REQUIRED.format(label=field.verbose_name)]
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


def unique_errors(model: type[models.Model], records: list[models.Model]) -> dict[int, Errors]:
    """Clashes with uniqueness, for a batch, by index: with rows that exist and within the batch."""
    errors: dict[int, Errors] = defaultdict(dict)
    for names, condition, message in _unique_rules(model):
        keys = {
            index: tuple(_comparable(getattr(record, name)) for name in names)
            for index, record in enumerate(records)
            if condition is None or _holds(record, condition)
        }
        keys = {index: key for index, key in keys.items() if None not in key}
        taken = _taken(model, names, condition, set(keys.values()), {r.pk for r in records if r.pk})
        seen: set[tuple[Any, ...]] = set()
        for index, key in keys.items():
            if key in taken or key in seen:
                errors[index].setdefault(_shown(names), []).append(message)
            seen.add(key)
    return dict(errors)


def _shown(names: tuple[str, ...]) -> str:
    name = names[-1].removesuffix("_id")
    return name.removesuffix("_hash")


def _comparable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _unique_rules(
    model: type[models.Model],
) -> list[tuple[tuple[str, ...], Q | None, str]]:
    rules: list[tuple[tuple[str, ...], Q | None, str]] = [
        ((field.attname,), None, f"{field.verbose_name}已存在，不能重复登记。")
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    ]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            names = tuple(_column_of(model, name) for name in constraint.fields)
            rules.append((names, constraint.condition, str(constraint.violation_error_message)))
    return rules


def _column_of(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return field.attname if isinstance(field, models.Field) else name


def _holds(record: models.Model, condition: Q) -> bool:
    """Evaluate the simple conditions that unique constraints use, without asking the database."""
    results = []
    children: list[Any] = condition.children
    for child in children:
        if isinstance(child, Q):
            results.append(_holds(record, child))
            continue
        name, expected = child
        column, _, lookup = name.partition("__")
        actual = getattr(record, _column_of(type(record), column))
        expected = getattr(expected, "pk", expected)
        if lookup == "in":
            results.append(actual in expected)
        elif lookup == "isnull":
            results.append((actual is None) is expected)
        else:
            results.append(actual == expected)
    result = any(results) if condition.connector == Q.OR else all(results)
    return not result if condition.negated else result


def _taken(
    model: type[models.Model],
    names: tuple[str, ...],
    condition: Q | None,
    keys: set[tuple[Any, ...]],
    own: set[Any],
) -> set[tuple[Any, ...]]:
    if not keys:
        return set()
    rows = unscoped(model)
    if condition is not None:
        rows = rows.filter(condition)
    narrowest = min(range(len(names)), key=lambda i: -len({key[i] for key in keys}))
    rows = rows.filter(**{f"{names[narrowest]}__in": {key[narrowest] for key in keys}})
    found = rows.exclude(pk__in=own) if own else rows
    return {tuple(_comparable(v) for v in row) for row in found.values_list(*names)} & keys


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
