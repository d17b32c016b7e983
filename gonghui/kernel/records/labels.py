"""What a record is called, and what its label reads of other records, so that one query names many."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models

from gonghui.base.identity import mask_name
from gonghui.kernel.records.fields import Pii, pii_of

_DEEPEST = 3


@cache
def links_in_label(model: type[models.Model], depth: int = _DEEPEST) -> tuple[str, ...]:
    """The foreign keys that the label of a model's records follows, for `select_related`.

    They are the links that its `label` or `__str__` names, such as the household that a file is
    called by and the head whom the household is called by.
    """
    if not depth:
        return ()
    read = {name for method in ("label", "__str__") for name in _names_in(model, method)}
    found: list[str] = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(field, models.ForeignKey) and isinstance(target, type):
            if field.name not in read:
                continue
            found.append(field.name)
            found += [f"{field.name}__{name}" for name in links_in_label(target, depth - 1)]
    return tuple(found)


def _names_in(model: Any, method: str) -> tuple[str, ...]:
    code = getattr(getattr(model, method, None), "__code__", None)
    return code.co_names if code is not None else ()


def label_of(record: models.Model, *, masked: bool) -> str:
    """What a record is called; where `masked`, personal values in its name are masked."""
    text = record.label() if hasattr(record, "label") else str(record)
    if not masked:
        return str(text)
    for field in record._meta.concrete_fields:
        if pii_of(field) is Pii.PERSONAL:
            value = _cached(record, field)
            if value and value in text:
                text = text.replace(value, mask_name(value))
    return str(text)


def _cached(record: models.Model, field: Any) -> str:
    """A field's text without asking the database."""
    if not isinstance(field, models.ForeignKey):
        value = getattr(record, field.attname)
        return value if isinstance(value, str) else ""
    return str(getattr(record, field.name)) if field.is_cached(record) else ""
