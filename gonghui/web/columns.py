"""Paths to fields, as registers name them in columns, filters and search, and what they show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records.fields import HashField, Pii, SealedField, pii_of
from gonghui.kernel.records.labels import links_in_label
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, may_reveal
from gonghui.web import show


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A field reached by a path, and the expression that sorts by it (empty: it cannot be sorted)."""

    path: str
    field: Any
    label: str
    sort: str

    @property
    def is_number(self) -> bool:
        """Whether its values stand right."""
        return show.is_number(self.field)


def fields_along(model: type[models.Model], path: str) -> list[Any]:
    """The fields of a path, from the model to its end."""
    found: list[Any] = []
    here: Any = model
    for name in path.split("__"):
        field = here._meta.get_field(name)
        found.append(field)
        here = field.related_model
    return found


@lru_cache(maxsize=4096)
def column(model: type[models.Model], path: str) -> Column:
    """The column of a path."""
    along = fields_along(model, path)
    label = str(along[-1].verbose_name)
    if len(along) > 1:
        label = f"{along[-2].verbose_name}·{label}"
    return Column(path=path, field=along[-1], label=label, sort=_sort(path, along))


def _names(model: Any) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def _sort(path: str, along: list[Any]) -> str:
    last = along[-1]
    if pii_of(last) is Pii.SENSITIVE or isinstance(last, SealedField | ArrayField):
        return ""
    if isinstance(last, models.ForeignKey):
        target = last.related_model
        name = next((n for n in ("sort_key", "number") if n in _names(target)), "pk")
        return f"{path}__{name}"
    owner = last.model
    if last.name == "name" and "sort_key" in _names(owner):
        return path.removesuffix("name") + "sort_key"
    return path


def columns_of(register: Register, paths: Iterable[str]) -> list[Column]:
    """The columns of some paths of a register."""
    return [column(register.model, path) for path in paths]


def joins(model: type[models.Model], paths: Iterable[str]) -> list[str]:
    """The foreign keys to fetch along, so that showing the paths asks nothing more.

    The label of a linked record may in turn name what that record refers to, as a household's
    names its head; such links are fetched too.
    """
    needed: set[str] = set()
    for path in paths:
        along = fields_along(model, path)
        parts = path.split("__")
        if isinstance(along[-1], models.ForeignKey):
            needed.add(path)
            needed |= {f"{path}__{name}" for name in links_in_label(along[-1].related_model)}
        elif len(parts) > 1:
            needed.add("__".join(parts[:-1]))
    if getattr(model, "scope_column", "org") == "org" and "org" in _names(model):
        needed.add("org")
    return sorted(needed)


def value_at(record: Any, path: str) -> Any:
    """The value at the end of a path, None where a link is empty."""
    here = record
    for name in path.split("__"):
        if here is None:
            return None
        here = getattr(here, name)
    return here


def owner_at(record: Any, path: str) -> Any:
    """The record that holds the field at the end of a path."""
    return value_at(record, path.rpartition("__")[0]) if "__" in path else record


def text_of(register: Register, record: Any, which: Column, *, masked: bool) -> str:
    """What a field shows to a reader."""
    value = value_at(record, which.path)
    if which.path == "state":
        return show.state_label(register, record.state)
    if value and which.path in register.words:
        return register.words[which.path]().get(value, str(value))
    if isinstance(which.field, SealedField):
        owner = owner_at(record, which.path)
        return show.sealed(owner, which.field.name) if owner is not None else show.EMPTY
    if isinstance(value, models.Model):
        return show.linked(which.field, value, masked=masked)
    return show.shown(which.field, value, masked=masked)


def cell(
    actor: Actor,
    register: Register,
    record: Any,
    which: Column,
    *,
    masked: bool | None = None,
    with_reveal: bool = False,
) -> show.Cell:
    """A field of a record as the actor may see it."""
    hide = masked_for(actor, register, record) if masked is None else masked
    text = text_of(register, record, which, masked=hide)
    return show.Cell(
        name=which.path,
        label=which.label,
        text=text,
        is_number=which.is_number,
        is_long=isinstance(which.field, models.TextField),
        can_reveal=with_reveal and can_reveal(actor, register, record, which, text, hide),
        colour=show.state_colour(register, record.state) if which.path == "state" else None,
    )


def can_reveal(
    actor: Actor, register: Register, record: Any, which: Column, text: str, masked: bool
) -> bool:
    """Whether the value is hidden from the actor but may be shown for a stated purpose."""
    pii = pii_of(which.field)
    hidden = pii is Pii.SENSITIVE or (pii is Pii.PERSONAL and masked)
    is_own = "__" not in which.path
    return (
        hidden
        and is_own
        and text != show.EMPTY
        and may_reveal(actor, register, record, record.org_id)
    )


def record_url(register: Register, record: Any) -> str:
    """The address of a record's page."""
    return reverse("web:record", args=[register.key, record.pk])


def readable(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """The names without fields that mean nothing to a reader."""
    return [name for name in names if not isinstance(fields_along(model, name)[-1], HashField)]
