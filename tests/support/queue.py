"""Fixtures for jobs: the queue's tables, which are missing where no migration ran, and real commits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, connections
from procrastinate.schema import SchemaManager


def make_queue_tables() -> None:
    """Make them unless they are there."""
    if "procrastinate_jobs" in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())


@pytest.fixture
def queue(db):
    """The queue's tables; returns a function that lists what waits as (name, user, arguments)."""
    make_queue_tables()

    def waiting() -> list[tuple[str, int | None, dict[str, Any]]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name, args->'user_id', args->'arguments' FROM procrastinate_jobs"
                " WHERE status = 'todo' ORDER BY id"
            )
            return [(name, json.loads(by), json.loads(given)) for name, by, given in cursor]

    return waiting


@pytest.fixture
def committed(db):
    """A connection outside the test's transaction, for the time of the test.

    Whoever asks for it sweeps away what he wrote.
    """
    waiting = connections["default"]
    connections["default"] = waiting.copy()
    yield
    connections["default"].close()
    connections["default"] = waiting


@pytest.fixture
def real_queue(committed):
    """The queue outside any transaction, so that workers see it; emptied before and after."""
    make_queue_tables()
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in ("periodic_defers", "jobs", "workers"):
            cursor.execute(f"DELETE FROM procrastinate_{table}")
