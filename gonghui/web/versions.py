"""The history of a record in words: who did what, when, why, and what it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from gonghui.kernel.accounts.models import User
from gonghui.kernel.records import history
from gonghui.kernel.records.fields import HashField, Pii, pii_of
from gonghui.kernel.records.history import Version
from gonghui.kernel.registers.declare import Register
from gonghui.web import show

VERBS = {
    "create": "登记",
    "change": "修改",
    "void": "作废",
    "import": "导入",
    "delete": "删除",
}
BY_HAND = "数据库维护"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A version of a record as its page tells it."""

    what: str
    who: str
    at: datetime
    reason: str
    changes: list[Change]


def names_of(user_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Names of accounts by key; what nobody did, the system did."""
    wanted = {key for key in user_ids if key is not None}
    found = User.objects.only("name", "username").in_bulk(wanted) if wanted else {}
    names: dict[int | None, str] = {key: str(user) for key, user in found.items()}
    return {None: "系统", **names}


def timeline(register: Register, record: Any, *, masked: bool) -> list[Event]:
    """All versions of a record, newest first."""
    return events(register, history.versions_of(record), masked=masked)


def events(register: Register, versions: list[Version], *, masked: bool) -> list[Event]:
    """Versions in words, newest first."""
    names = names_of(version.actor_id for version in versions)
    linked = _linked(register, versions)
    return [
        Event(
            what=_verb(register, version.verb),
            who=names.get(version.actor_id, f"账号{version.actor_id}"),
            at=version.at,
            reason=version.reason,
            changes=_changes(register, version, linked, masked=masked),
        )
        for version in reversed(versions)
    ]


def since(register: Register, record: Any, seen: int, *, masked: bool) -> list[Event]:
    """What became of a record after the version that somebody saw."""
    later = [v for v in history.versions_of(record) if v.row.get("version", 0) > seen]
    return events(register, later, masked=masked)


def _verb(register: Register, verb: str) -> str:
    if verb.startswith("perform:") and register.workflow is not None:
        name = verb.removeprefix("perform:")
        found = register.workflow.transition(name)
        return found.label if found else name
    return BY_HAND if verb.endswith("by hand") else VERBS.get(verb, verb)


def _fields(register: Register) -> dict[str, Any]:
    return {
        field.attname: field
        for field in register.model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, HashField)
    }


def _linked(register: Register, versions: list[Version]) -> dict[str, Mapping[Any, Any]]:
    """The records that link fields named in any version, by column and key: one query a column."""
    fields = _fields(register)
    keys: dict[str, set[Any]] = defaultdict(set)
    for version in versions:
        for column, pair in version.changed.items():
            if isinstance(fields.get(column), models.ForeignKey):
                keys[column] |= {key for key in pair if key is not None}
    return {
        column: fields[column].related_model.objects.in_bulk(wanted)
        for column, wanted in keys.items()
        if wanted
    }


def _changes(
    register: Register, version: Version, linked: dict[str, Mapping[Any, Any]], *, masked: bool
) -> list[Change]:
    fields = _fields(register)
    found = []
    for column, (before, after) in version.changed.items():
        field = fields.get(column)
        if field is None or column in {"voided_at", "void_reason"}:
            continue
        old = _text(register, field, before, linked, masked=masked)
        new = _text(register, field, after, linked, masked=masked)
        if old != new or pii_of(field) is not Pii.PUBLIC:
            found.append(Change(label=str(field.verbose_name), before=old, after=new))
    return [change for change in found if {change.before, change.after} != {show.EMPTY}]


def _text(
    register: Register,
    field: Any,
    raw: Any,
    linked: dict[str, Mapping[Any, Any]],
    *,
    masked: bool,
) -> str:
    if raw in (None, "", []):
        return show.EMPTY
    if field.name == "state":
        return show.state_label(register, raw)
    if isinstance(field, models.ForeignKey):
        other = linked.get(field.attname, {}).get(raw)
        return show.linked(field, other, masked=masked) if other is not None else "（范围外）"
    return show.shown(field, value_of(field, raw), masked=masked)


def value_of(field: Any, raw: Any) -> Any:
    """A column's value from the JSON that history keeps it in."""
    if raw is None or isinstance(field, models.ForeignKey):
        return raw
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(str(raw).removeprefix("\\x"))
    if isinstance(field, models.DecimalField):
        return field.to_python(str(raw))
    return raw if isinstance(field, ArrayField | models.JSONField) else field.to_python(raw)


def as_of(register: Register, record: Any, moment: datetime) -> Any | None:
    """The record in memory as it stood at a moment, or None before it existed."""
    row = history.row_as_of(record, moment)
    if row is None:
        return None
    past: Any = register.model()
    for field in register.model._meta.concrete_fields:
        if field.attname in row:
            setattr(past, field.attname, value_of(field, row[field.attname]))
    return past
