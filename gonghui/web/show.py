"""How values look: formatted for people, masked by their privacy class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gonghui.base import clock
from gonghui.base.identity import mask_id, mask_name, mask_phone
from gonghui.kernel.orgs.models import Org, OrgState
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import Pii, pii_of
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register

EMPTY = "—"
HIDDEN = "******"


def moment(value: datetime | None) -> str:
    """A moment in Asia/Shanghai, to the minute."""
    return value.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if value else EMPTY


def whole(value: int | None) -> str:
    """A whole number with separators."""
    return EMPTY if value is None else f"{value:,}"


def plain(value: Any) -> str:
    """A value without knowledge of its field."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def labels_of(field: Any) -> Mapping[Any, str]:
    """The Chinese words for a field's codes."""
    source = field.base_field if isinstance(field, ArrayField) else field
    return {value: str(label) for value, label in (source.choices or ())}


def is_number(field: Any) -> bool:
    """Whether its values stand right in a column."""
    numeric = isinstance(field, models.IntegerField | models.DecimalField)
    return numeric and not field.choices


def in_clear(field: Any, value: Any) -> str:
    """A value as its field writes it, nothing hidden."""
    if isinstance(field, ArrayField):
        labels = labels_of(field)
        return "、".join(labels.get(item, str(item)) for item in value or ()) or EMPTY
    if field.choices and value not in (None, ""):
        return labels_of(field).get(value, str(value))
    if getattr(field, "is_year", False) and value is not None:
        return str(value)
    if isinstance(value, Decimal):
        text = f"{value:,.{field.decimal_places}f}"
        trims = getattr(field, "trims", False) and "." in text
        return text.rstrip("0").rstrip(".") if trims else text
    return plain(value)


def _masked_text(field: Any, text: str) -> str:
    if text == EMPTY:
        return EMPTY
    if "phone" in field.name or "mobile" in field.name:
        return mask_phone(text)
    if isinstance(field, models.ForeignKey) or field.name.endswith("name"):
        return mask_name(text)
    if isinstance(field, models.DateField):
        return f"{text[:4]}年"
    if isinstance(field, models.CharField) and not field.choices:
        return mask_name(text)
    return HIDDEN


def shown(field: Any, value: Any, *, masked: bool) -> str:
    """A value for a reader: sensitive ones are always hidden, personal ones where `masked`."""
    pii = pii_of(field)
    if pii is Pii.SENSITIVE:
        return EMPTY if value in (None, "", []) else HIDDEN
    if pii is Pii.PERSONAL and masked:
        return _masked_text(field, in_clear(field, value))
    return in_clear(field, value)


def sealed(record: models.Model, name: str) -> str:
    """A sealed value with its middle hidden; empty when nothing is stored."""
    text = sealing.opened(record, name)
    return mask_id(text) if text else EMPTY


def state_words(register: Register) -> tuple[tuple[str, str], ...]:
    """The states of a register's records with their words; an org's life has no workflow."""
    if register.workflow is not None:
        return tuple((state.code, state.label) for state in register.workflow.states)
    if register.model is Org:
        return tuple((state.value, str(state.label)) for state in OrgState)
    return ()


def state_label(register: Register, code: str) -> str:
    """The word for a state of a register's records."""
    return dict(state_words(register)).get(code, code or EMPTY)


def state_colour(register: Register, code: str) -> str:
    """Green where the usual way ends, blue where it is settled or rests, amber on the way, else grey.

    Grey are the beginning and the ends aside of the way: refused, withdrawn, cancelled.
    """
    if register.workflow is None:
        return "secondary"
    state = next((s for s in register.workflow.states if s.code == code), None)
    if state is None or state == register.workflow.initial:
        return "secondary"
    if state.is_final:
        return "green" if code in register.workflow.path() else "secondary"
    return "blue" if state.is_locked or state.rests else "yellow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A field of a record as a page shows it."""

    name: str
    label: str
    text: str
    is_number: bool = False
    is_long: bool = False
    can_reveal: bool = False
    href: str | None = None
    colour: str | None = None


def linked(field: Any, other: models.Model, *, masked: bool) -> str:
    """The label of a linked record; sensitive links are hidden altogether."""
    if pii_of(field) is Pii.SENSITIVE:
        return HIDDEN
    text = label_of(other, masked=masked)
    if masked and pii_of(field) is Pii.PERSONAL and text == str(other):
        return mask_name(text)
    return text
