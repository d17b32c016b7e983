"""Tells the database who writes, when and why, for the triggers of history and ledger."""

from __future__ import annotations

from django.db import connection

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor


def mark(actor: Actor, verb: str, reason: str = "") -> None:
    """Stamp the current transaction; must be inside one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('gonghui.actor', %s, true), set_config('gonghui.verb', %s, true),"
            " set_config('gonghui.reason', %s, true), set_config('gonghui.now', %s, true)",
            [
                "" if actor.user_id is None else str(actor.user_id),
                verb,
                reason,
                clock.now().isoformat(),
            ],
        )
