"""Which record a row means: the same row again finds its record and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from gonghui.base.errors import DomainError
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.rows import Line
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import SealedField

Key = tuple[Any, ...]


class Matching:
    """Finds equal rows within the sheet and the records that rows mean."""

    def __init__(self, layout: Layout, org_id: int, parent: Any = None) -> None:
        self.layout = layout
        self.model: type[models.Model] = layout.register.model
        self.org_id = org_id
        self.parent = parent
        self._first: dict[Key, int] = {}
        names = layout.sheet.same_when or tuple(
            column.name for column in layout.columns if "__" not in column.name
        )
        self.names = names
        if layout.sheet.write is None:
            self.columns = tuple(_column_of(self.model, name) for name in names)
            self.with_org = self._is_by_org()

    def _is_by_org(self) -> bool:
        """Equal rows of two unions mean two records, unless the key is unique in the whole city."""
        if self.layout.register.model.scope_column != "org" or "org" in self.names:
            return False
        meta = self.model._meta
        alone = {frozenset([f.name]) for f in meta.concrete_fields if f.unique}
        together = {
            frozenset(rule.fields)
            for rule in meta.constraints
            if isinstance(rule, models.UniqueConstraint) and rule.fields
        }
        return not any(key <= set(self.names) for key in alone | together)

    def refuse_repeated(self, lines: Iterable[Line]) -> None:
        """Of rows with one key the first is kept; to be called for all rows of a sheet in order."""
        for line in lines:
            key = tuple(_plain(line.values.get(name)) for name in self.names)
            if not any(part is not None for part in key):
                continue
            first = self._first.setdefault(key, line.number)
            if first != line.number:
                line.refuse(
                    self.layout,
                    DomainError(
                        f"与第{first}行是同一条（{self._said()}相同），{self._kept()}。",
                        field=self.names[-1],
                        code="repeated",
                    ),
                )

    def _kept(self) -> str:
        return "请删去一行" if self.layout.sheet.is_whole else "已保留先出现的一行"

    def _said(self) -> str:
        labels = [self.layout.label_of(name) for name in self.names]
        return "、".join(label for label in labels if label)

    def records_for(self, lines: Sequence[Line]) -> dict[int, Any]:
        """The record that each row means, by position; rows that could mean several are refused."""
        keys = {i: key for i, line in enumerate(lines) if (key := self._key(line)) is not None}
        found = self._existing(set(keys.values()))
        records = unscoped(self.model).in_bulk([pks[0] for pks in found.values()])
        meant: dict[int, Any] = {}
        for index, key in keys.items():
            pks = found.get(key, [])
            if len(pks) > 1:
                error = DomainError(
                    f"系统中已有{len(pks)}条{self._said()}与此相同的记录，无法判断是哪一条，请在页面上修改。"
                )
                lines[index].refuse(self.layout, error)
            elif pks:
                meant[index] = records[pks[0]]
        return meant

    def _key(self, line: Line) -> Key | None:
        values = tuple(_stored(self.model, name, line.values.get(name)) for name in self.names)
        if all(value is None for value in values):
            return None
        return (self._org_of(line), *values) if self.with_org else values

    def _org_of(self, line: Line) -> int:
        org = line.values.get("org")
        return self.org_id if org is None else int(org.pk)

    def _existing(self, keys: set[Key]) -> dict[Key, list[int]]:
        if not keys:
            return {}
        columns = ("org_id", *self.columns) if self.with_org else self.columns
        rows = unscoped(self.model).filter(voided_at=None)
        if self.parent is not None:
            rows = rows.filter(**{str(self.layout.register.parent): self.parent})
        for position, column in enumerate(columns):
            given = {key[position] for key in keys}
            if None not in given:
                rows = rows.filter(**{f"{column}__in": given})
            elif given == {None}:
                rows = rows.filter(_is_empty(self.model, column))
        found: dict[Key, list[int]] = {}
        for pk, *values in rows.values_list("pk", *columns):
            key = tuple(_plain(value) for value in values)
            if key in keys:
                found.setdefault(key, []).append(pk)
        return found


def changes_of(record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The given values that differ from the record's own; blank ones change nothing."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and _differs(record, name, value)
    }


def _differs(record: Any, name: str, value: Any) -> bool:
    field = record._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return bool(getattr(record, field.attname) != getattr(value, "pk", value))
    if isinstance(field, SealedField):
        return sealing.opened(record, name) != str(value)
    if isinstance(field, models.DecimalField):
        return bool(getattr(record, name) != Decimal(str(value)))
    return bool(_plain(getattr(record, name)) != _plain(field.to_python(value)))


def _column_of(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return f"{name}_hash" if isinstance(field, SealedField) else str(field.attname)


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    """The value as it stands in the column that is searched."""
    if value is None:
        return None
    field: Any = model._meta.get_field(name)
    if isinstance(field, SealedField):
        return sealing.keyed_hash(str(value))
    if isinstance(field, models.ForeignKey):
        return getattr(value, "pk", value)
    return _plain(field.to_python(value))


def _plain(value: Any) -> Any:
    """Comparable and hashable; empty texts are no different from nothing."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list):
        return tuple(sorted(value)) or None
    return None if value == "" else value


def _is_empty(model: type[models.Model], column: str) -> Q:
    field = next(f for f in model._meta.concrete_fields if f.attname == column)
    empty = Q(**{f"{column}__isnull": True})
    if isinstance(field, models.CharField | models.TextField):
        empty |= Q(**{column: ""})
    return empty
