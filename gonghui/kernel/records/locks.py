"""Locks by name, for rules that no row stands for."""

from __future__ import annotations

from django.db import connection


def hold(name: str) -> None:
    """Wait for and keep a lock until the transaction in force ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
