"""Pieces of SQL that several modules of the ledger share; parameters are named.

The statistics tree is known twice over: when a superior was in force (valid_from, valid_to) and
when the system knew of it (known_from, known_to). A difference counts at every node that was above
its organisation on the day in question, as the tree was known at the moment in question. So what a
node has is a sum of events, each with its day and its moment of recording: a flow counts on its own
day, a stock arrives on its day and is carried over wherever the chain of superiors changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from gonghui.base import clock
from gonghui.kernel.ledger.models import CITY

FIRST_DAY = date(1, 1, 1)
LAST_DAY = date(9999, 12, 31)
ALWAYS_KNOWN = datetime(1900, 1, 1, tzinfo=UTC)
STILL_KNOWN = datetime(9999, 1, 1, tzinfo=clock.ZONE)

FOLD_LOCK = 7_405_210_413_041  # any constant; nobody else locks this number

# From d(indicator, org, day, value, recorded_at) and s(org, node, valid_from, valid_to, known_at, sign)
# to events(indicator, node, day, rec_day, value).
EVENTS = """
SELECT d.indicator, s.node, e.day,
  (greatest(d.recorded_at, s.known_at) AT TIME ZONE 'Asia/Shanghai')::date AS rec_day,
  sum(d.value * s.sign * e.sign)::bigint AS value
FROM d
JOIN ledger_indicator i ON i.id = d.indicator
JOIN s ON s.org = d.org AND s.valid_to > d.day AND (i.is_stock OR s.valid_from <= d.day)
CROSS JOIN LATERAL (VALUES
  (greatest(d.day, s.valid_from), 1), (CASE WHEN i.is_stock THEN s.valid_to END, -1)) AS e(day, sign)
WHERE e.day < date '9999-12-31'
GROUP BY 1, 2, 3, 4 HAVING sum(d.value * s.sign * e.sign) <> 0
"""

# What the tree gains (+1) and loses (-1) at a moment, for the nodes that keep balances.
SIGNED_ANCESTRY = """
SELECT org_id AS org, ancestor_id AS node, valid_from, valid_to, known_from AS known_at, 1 AS sign
FROM kernel_orgs_organcestry WHERE has_balance
UNION ALL
SELECT org_id, ancestor_id, valid_from, valid_to, known_to, -1
FROM kernel_orgs_organcestry WHERE has_balance AND known_to < timestamptz '9999-01-01 00:00+08'
"""

ADD_DAYS = """
INSERT INTO ledger_day AS b (city, indicator, node, day, rec_day, value)
SELECT %(city)s, indicator, node, day, rec_day, value FROM events ORDER BY 2, 3, 4, 5
ON CONFLICT (city, indicator, node, day, rec_day) DO UPDATE SET value = b.value + EXCLUDED.value
"""

ADD_MONTHS = """
INSERT INTO ledger_month AS b (city, indicator, node, month, rec_month, value)
SELECT %(city)s, indicator, node, date_trunc('month', day::timestamp)::date,
  date_trunc('month', rec_day::timestamp)::date, sum(value)::bigint
FROM events GROUP BY 2, 3, 4, 5 HAVING sum(value) <> 0 ORDER BY 2, 3, 4, 5
ON CONFLICT (city, indicator, node, month, rec_month) DO UPDATE SET value = b.value + EXCLUDED.value
"""

# The moment and the author of a write, as the write verbs tell the database.
MOMENT = "coalesce(nullif(current_setting('gonghui.now', true), '')::timestamptz, now())"
ACTOR = "nullif(current_setting('gonghui.actor', true), '')::bigint"


def text_of(*pieces: str) -> str:
    """One statement out of constant pieces."""
    return "\n".join(pieces)


def rows(statement: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a statement; `city` is always a parameter."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"city": CITY, **(params or {})})
        return list(cursor.fetchall()) if cursor.description else []


def run(statement: str, params: Mapping[str, Any] | None = None) -> int:
    """Run a statement and say how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"city": CITY, **(params or {})})
        return int(cursor.rowcount)


def lock_folding() -> None:
    """Let nobody else change balances until this transaction ends; must be inside one."""
    rows("SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": FOLD_LOCK})


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def written_out(statement: str, params: Mapping[str, Any] | Sequence[Any]) -> str:
    """The statement with its parameters written into the text as literals."""
    connection.ensure_connection()
    operations: Any = connection.ops
    return str(operations.compose_sql(statement, params))
