"""Reading the history that the triggers write: versions, differences, rows as of a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from gonghui.kernel.records.models import History

KERNEL_COLUMNS = frozenset(
    {
        "version",
        "changed_at",
        "changed_by",
        "created_at",
        "created_by",
        "path",
        "sort_key",
        "initials",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a record and what it changed: column -> (before, after)."""

    id: int
    verb: str
    reason: str
    at: datetime
    actor_id: int | None
    row: dict[str, Any]
    changed: dict[str, tuple[Any, Any]]


def versions_of(record: models.Model) -> list[Version]:
    """All versions of a record, oldest first."""
    found = History.objects.filter(table=record._meta.db_table, record_id=record.pk).order_by("id")
    versions: list[Version] = []
    before: dict[str, Any] = {}
    for entry in found:
        row = dict(entry.row)
        changed = {
            column: (before.get(column), value)
            for column, value in row.items()
            if column not in KERNEL_COLUMNS and before.get(column) != value
        }
        versions.append(
            Version(
                id=entry.pk,
                verb=entry.verb,
                reason=entry.reason,
                at=entry.at,
                actor_id=entry.actor_id,
                row=row,
                changed=changed,
            )
        )
        before = row
    return versions


def row_as_of(record: models.Model, moment: datetime) -> dict[str, Any] | None:
    """The record's columns as they stood at a moment, or None before it existed."""
    entry = (
        History.objects.filter(table=record._meta.db_table, record_id=record.pk, at__lte=moment)
        .order_by("-id")
        .first()
    )
    return dict(entry.row) if entry else None


def rows_as_of(
    model: type[models.Model], record_ids: Iterable[int], moment: datetime
) -> dict[int, dict[str, Any]]:
    """The columns of many records as they stood at a moment, by id, without those not there yet."""
    found = (
        History.objects.filter(
            table=model._meta.db_table, record_id__in=list(record_ids), at__lte=moment
        )
        .order_by("record_id", "-id")
        .distinct("record_id")
        .values_list("record_id", "row")
    )
    return {key: dict(row) for key, row in found}


def last_actors_of(
    table: str, record_ids: list[int], verbs: Collection[str]
) -> dict[str, dict[int, int | None]]:
    """Who did each verb last, by verb and record."""
    rows = (
        History.objects.filter(table=table, record_id__in=record_ids, verb__in=verbs)
        .order_by("verb", "record_id", "-id")
        .distinct("verb", "record_id")
        .values_list("verb", "record_id", "actor_id")
    )
    found: dict[str, dict[int, int | None]] = {verb: {} for verb in verbs}
    for verb, record_id, actor_id in rows:
        found[verb][record_id] = actor_id
    return found
