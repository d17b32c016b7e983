"""Records that a report quotes: found by register and name, read as they stood at a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.sources import CitedValue, NotYet, Unknown
from gonghui.kernel.docx.tags import plain
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records.fields import Pii, pii_of
from gonghui.kernel.records.history import rows_as_of
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import all_registers, children_of
from gonghui.web.listing import in_subtree
from gonghui.web.show import in_clear

_UNIT = re.compile(r"[（(]([^（()）]+)[)）]$")
_MOST_NAMED = 500
MOST_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """Quotes the records of an organisation and those below it, as known at the end of `as_of`.

    Personal and sensitive fields are never quoted. Every method raises `Unknown` for a name that
    nobody knows.
    """

    root: Org
    as_of: date | datetime

    def cite(self, title: str, name: str, words: Sequence[str]) -> CitedValue:
        """A field of one record; words before the field lead to a record below it."""
        register = register_titled(title)
        with acting(SYSTEM):
            record = self._named(register, register.model.objects.all(), name)
            for word in words[:-1]:
                register, record = self._below(register, record, word)
            field = field_labelled(register, words[-1])
            row = self.rows(register, [record.pk]).get(record.pk)
            if row is None:
                raise NotYet(f"{register.title}“{name}”（取数时点尚未登记）")
            value = getattr(row, field.name)
        if value in (None, "", []):
            raise NotYet(f"{register.title}“{name}”的{words[-1]}（未填写）")
        label = str(field.verbose_name)
        unit = _UNIT.search(label)
        return CitedValue(
            value=_number(value) or in_clear(field, value),
            unit=unit[1] if unit else "",
            label=f"{register.title}“{name}”{_UNIT.sub('', label)}",
            owner=next((each.owner for each in register.indicators if each.owner), ""),
            as_of=self.as_of.strftime("%Y-%m-%d"),
        )

    def listing(
        self, register: Register, found: models.QuerySet[Any], labels: Sequence[str]
    ) -> tuple[tuple[str, ...], ...]:
        """Fields of many records in words, in the order of their days; more than 200 are refused."""
        fields = [field_labelled(register, label) for label in labels]
        order = [name for name in (register.date, "id") if name]
        with acting(SYSTEM):
            ids = list(found.order_by(*order).values_list("pk", flat=True)[: MOST_LISTED + 1])
            if len(ids) > MOST_LISTED:
                raise DomainError(
                    f"{register.title}超过{MOST_LISTED}条，不宜写进正文，请改用附件。",
                    code="too_many",
                )
            stood = self.rows(register, ids)
            words = [self._words(field, stood) for field in fields]
        return tuple(tuple(column[key] for column in words) for key in ids if key in stood)

    def _words(self, field: models.Field[Any, Any], stood: dict[int, Any]) -> dict[int, str]:
        """A field of many records in words; what a link leads to is called by its name."""
        values = {key: getattr(row, field.attname) for key, row in stood.items()}
        if not isinstance(field, models.ForeignKey):
            return {key: in_clear(field, value) for key, value in values.items()}
        target: Any = field.related_model
        linked = target.objects.in_bulk(set(values.values()) - {None})
        return {key: str(linked.get(value, "—")) for key, value in values.items()}

    def rows(self, register: Register, record_ids: Iterable[int]) -> dict[int, Any]:
        """Records as they stood, by id; those that were not there, or voided, are left out."""
        moment = self.as_of if isinstance(self.as_of, datetime) else clock.end_of(self.as_of)
        stood = rows_as_of(register.model, record_ids, moment)
        return {
            key: _restored(register.model, row)
            for key, row in stood.items()
            if row.get("voided_at") is None
        }

    def _below(self, register: Register, record: Any, word: str) -> tuple[Register, Any]:
        first: Unknown | None = None
        for child in children_of(register):
            found = child.model.objects.filter(**{str(child.parent): record})
            try:
                return child, self._named(child, found, word)
            except Unknown as unknown:
                first = first or unknown
        raise first or Unknown(f"{register.title}的下级记录", word)

    def _named(self, register: Register, found: models.QuerySet[Any], name: str) -> Any:
        """The only record with this number or name."""
        found = found.filter(in_subtree(register, self.root), voided_at=None)
        spellings = {name, name.replace("(", "（").replace(")", "）")}
        exact = Q()
        for field in _naming(register):
            exact |= Q(**{f"{field}__in": spellings})
        named = list(found.filter(exact)[:2]) if exact else []
        if len(named) > 1:
            raise DomainError(f"{register.title}中有几条“{name}”，请改写编号。", code="ambiguous")
        if not named:
            labels = [str(each) for each in found.order_by("-id")[:_MOST_NAMED]]
            raise Unknown(register.title, name, labels)
        return named[0]


def register_titled(title: str) -> Register:
    """The register of a Chinese name or key."""
    for register in all_registers():
        if title in (plain(register.title), register.title, register.key):
            return register
    raise Unknown("台账", title, [register.title for register in all_registers()])


def field_labelled(register: Register, label: str) -> models.Field[Any, Any]:
    """The field with this label, whose unit in brackets may be left out; it may be quoted."""
    shown = [
        field
        for field in register.model._meta.concrete_fields
        if field.name in {*register.columns, *(n for s in register.sections for n in s.fields)}
    ]
    names = {plain(str(field.verbose_name)): field for field in shown}
    names |= {_UNIT.sub("", name): field for name, field in names.items()}
    if label not in names:
        raise Unknown(f"{register.title}的字段", label, names)
    if pii_of(names[label]) in (Pii.PERSONAL, Pii.SENSITIVE):
        raise DomainError(f"“{label}”属于个人信息，不能写进报告。", code="private")
    return names[label]


def _naming(register: Register) -> list[str]:
    """The fields that a record may be called by: its number and the public words it is found by."""
    plain_words = [
        name
        for name in register.search
        if "__" not in name
        and isinstance(register.model._meta.get_field(name), models.CharField | models.TextField)
        and pii_of(register.model._meta.get_field(name)) in (Pii.PUBLIC, Pii.INTERNAL)
    ]
    return list(dict.fromkeys(["number", *plain_words]))


def _restored(model: type[models.Model], row: dict[str, Any]) -> Any:
    """A record, not to be saved, with the columns that history kept."""
    known = {field.column: field for field in model._meta.concrete_fields}
    return model(
        **{
            field.attname: field.to_python(row[column])
            for column, field in known.items()
            if column in row and pii_of(field) in (Pii.PUBLIC, Pii.INTERNAL)
        }
    )


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)
