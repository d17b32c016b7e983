"""The tables of the queue, which belong to no model of ours and are missing where no migration ran."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.schema import SchemaManager


def make_queue_tables() -> None:
    """Make them unless they are there."""
    if "procrastinate_jobs" in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())


@pytest.fixture
def queue(db):
    """The queue's tables; returns a function that lists what waits as (name, arguments)."""
    make_queue_tables()

    def waiting() -> list[tuple[str, dict[str, object]]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name, args->'user_id', args->'arguments' FROM procrastinate_jobs"
                " WHERE status = 'todo' ORDER BY id"
            )
            return cursor.fetchall()

    return waiting
