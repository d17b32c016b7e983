"""Records of the sample line written straight to the database, as a bulk load or a repair would."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection

from gonghui.base import clock
from gonghui.kernel.access.unscoped import unscoped
from tests.support.sample.models import Station, Visit


@contextmanager
def told(moment: datetime | date, actor: int | None = None):
    """What is written inside is recorded at that moment, by that user."""
    with clock.at(moment) as now:
        mark(now, actor)
        try:
            yield now
        finally:
            mark(None, None)


def mark(moment: datetime | None, actor: int | None) -> None:
    """Tell the database when and by whom the following is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('gonghui.now', %s, false), set_config('gonghui.actor', %s, false)",
            [moment.isoformat() if moment else "", "" if actor is None else str(actor)],
        )


def visits(rows: list[dict]) -> list[Visit]:
    """Visits in one statement."""
    now = clock.now()
    made = [
        Visit(title="走访", state="draft", created_at=now, changed_at=now, **row) for row in rows
    ]
    return unscoped(Visit).bulk_create(made)


def visit(org, on: date | None, **values) -> Visit:
    """One visit."""
    return visits([{"org": org, "visited_on": on, **values}])[0]


def station(org, opened: date | None, closed: date | None = None, **values) -> Station:
    """One station; its name is unique unless given."""
    now = clock.now()
    name = values.pop("name", f"站点{unscoped(Station).count() + 1}-{now.timestamp()}")
    made = Station(
        org=org,
        name=name,
        opened_on=opened,
        closed_on=closed,
        created_at=now,
        changed_at=now,
        **values,
    )
    return unscoped(Station).bulk_create([made])[0]


def alter(record, **values) -> None:
    """Change columns as a repair by hand does."""
    unscoped(type(record)).filter(pk=record.pk).update(**values)


def erase(record) -> None:
    """Delete the row as a repair by hand does."""
    unscoped(type(record)).filter(pk=record.pk)._raw_delete("default")
