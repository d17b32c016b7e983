"""Makes a valid record of any register by looking at its model; a line adds a recipe only where rules cross fields."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models

from gonghui.base.identity import make_id_number, make_uscc
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Division, Org
from gonghui.kernel.records.fields import HashField, SealedField
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create

Recipe = Callable[[Org], dict[str, Any]]
_recipes: dict[str, Recipe] = {}
_count = itertools.count(1)
DAY = date(2012, 3, 1)


def recipe(key: str) -> Callable[[Recipe], Recipe]:
    """Declare the values that a register's record needs beyond what its fields tell."""

    def keep(function: Recipe) -> Recipe:
        _recipes[key] = function
        return function

    return keep


def make(register, *, org: Org, **over: Any):
    """A new valid record of a register in an org, written through the verb."""
    return create(register.model, by=SYSTEM, **values_for(register, org, **over))


def linked(key: str, org: Org) -> Any:
    """A new record of another register in an org."""
    with acting(SYSTEM):
        return make(register_of(key), org=org)


def values_for(register, org: Org, **over: Any) -> dict[str, Any]:
    """Values with which `create` accepts a record."""
    given = {**(_recipes[register.key](org) if register.key in _recipes else {}), **over}
    values: dict[str, Any] = dict(given)
    if register.model.scope_column == "org":
        values.setdefault("org", org)
    for field in register.model._meta.concrete_fields:
        if field.name in values or not field.editable or field.primary_key:
            continue
        if field.blank or field.has_default():
            continue
        values[field.name] = _value(field, org)
    return values


def _value(field: models.Field, org: Org) -> Any:
    number = next(_count)
    if isinstance(field, models.ForeignKey):
        return _linked(field, org)
    if isinstance(field, SealedField):
        return make_id_number("410402", date(1980, 1, 1), number % 999)
    if field.name == "year":
        return 2012 + number % 80
    if field.name == "uscc":
        return make_uscc("91", "410402", f"{number:08d}")
    if field.choices:
        return field.choices[0][0]
    simple = {
        models.DateField: DAY,
        models.IntegerField: 1,
        models.DecimalField: 1,
        models.BooleanField: True,
        models.JSONField: {},
    }
    for kind, value in simple.items():
        if isinstance(field, kind):
            return value
    if isinstance(field, HashField):
        return None
    return f"示例{number}"[: field.max_length or None]


def _linked(field: models.ForeignKey, org: Org) -> Any:
    if field.related_model is Org:
        return org
    if field.related_model is Division:
        made, _ = Division.objects.get_or_create(
            code="410402", defaults={"name": "示例区", "level": "county", "valid_from": DAY}
        )
        return made
    with acting(SYSTEM):
        return make(register_of(field.related_model), org=org)
