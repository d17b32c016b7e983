"""The types of the interface, made from the models' fields."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from ninja import Schema
from pydantic import Field, create_model

from gonghui.base.identity import mask_id, mask_name, mask_phone
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import HashField, Pii, SealedField, pii_of
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register

KERNEL_FIELDS = ("number", "state", "version", "org", "voided_at")
Python = type[Any]
_TYPES: dict[type[models.Field[Any, Any]], Python] = {
    models.DateTimeField: datetime,
    models.DateField: date,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.DecimalField: Decimal,
    models.JSONField: dict,
}


def _python_type(field: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return int
    if isinstance(field, ArrayField):
        return list[str]
    return next((found for kind, found in _TYPES.items() if isinstance(field, kind)), str)


def _fields_of(register: Register) -> list[Any]:
    asked = set(register.form_fields)
    return [
        f
        for f in register.model._meta.concrete_fields
        if f.name in asked and not isinstance(f, HashField)
    ]


def written(register: Register, *, partial: bool) -> type[Schema]:
    """What a caller sends: the fields of the form; `partial` makes all optional."""
    made: dict[str, Any] = {}
    for field in _fields_of(register):
        kind = _python_type(field)
        title = Field(title=str(field.verbose_name), default=...)
        if partial or field.blank or field.null or field.has_default():
            kind, title = kind | None, Field(title=str(field.verbose_name), default=None)
        made[field.name] = (kind, title)
    if register.model.scope_column == "org" and not partial and register.parent is None:
        made["org"] = (int, Field(title="所属工会"))
    if partial:
        made["version"] = (int | None, Field(title="所见版本", default=None))
    name = f"{_camel(register.key)}{'Change' if partial else 'New'}"
    return create_model(name, __base__=Schema, **made)


def _camel(key: str) -> str:
    return "".join(part.title() for part in key.replace(".", "_").split("_"))


class Head(Schema):
    """What every record shows."""

    id: int
    number: str
    state: str
    version: int
    label: str
    org: int
    voided_at: datetime | None


def read(register: Register) -> type[Head]:
    """A record as it is shown: codes as stored, personal values masked where the caller may not change it."""
    made: dict[str, Any] = {
        field.name: (_python_type(field) | None, Field(title=str(field.verbose_name), default=None))
        for field in _fields_of(register)
    }
    return create_model(_camel(register.key), __base__=Head, **made)


def listed(register: Register, item: type[Head]) -> type[Schema]:
    """One page of a register; `next` is the `after` of the following page."""
    made: dict[str, Any] = {"items": (list[item], ...), "next": (int | None, None)}  # type: ignore[valid-type]  # made from the model
    return create_model(f"{_camel(register.key)}Page", __base__=Schema, **made)


def shown(register: Register, record: Any, *, masked: bool) -> dict[str, Any]:
    """The body for one record."""
    body: dict[str, Any] = {
        "id": record.pk,
        "number": record.number,
        "state": record.state,
        "version": record.version,
        "label": label_of(record, masked=masked),
        "org": record.org_id,
        "voided_at": record.voided_at,
    }
    for field in _fields_of(register):
        body[field.name] = _shown_value(field, record, masked=masked)
    return body


def _shown_value(field: Any, record: Any, *, masked: bool) -> Any:
    if isinstance(field, SealedField):
        text = sealing.opened(record, field.name)
        return mask_id(text) if text else None
    value = getattr(record, field.attname)
    pii = pii_of(field)
    if value in (None, "") or pii in {Pii.PUBLIC, Pii.INTERNAL}:
        return value
    if pii is Pii.SENSITIVE:
        return None
    if not masked:
        return value
    if isinstance(field, models.CharField):
        return mask_phone(value) if "phone" in field.name else mask_name(value)
    return None
