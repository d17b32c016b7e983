"""Moves fresh differences into the permanent ledger and its balances; changes no figure.

May run at any time beside writers and readers, and may be killed at any time: it is one
transaction, and a reader sees each difference once, fresh or folded.
"""

from __future__ import annotations

from django.db import connection, transaction

from gonghui.kernel.ledger.sql import (
    ADD_DAYS,
    ADD_MONTHS,
    EVENTS,
    SIGNED_ANCESTRY,
    lock_folding,
    rows,
    text_of,
)

_TAKE_ALL = "DELETE FROM ledger_hot RETURNING *"
_TAKE_SOME = """
DELETE FROM ledger_hot WHERE ctid = ANY (ARRAY(SELECT ctid FROM ledger_hot LIMIT %(limit)s)) RETURNING *
"""
_KEEP = """
INSERT INTO ledger_delta (id, city, indicator, org, day, value, subject, record_id, recorded_at, actor)
SELECT id, %(city)s, indicator, org, day, value, subject, record_id, recorded_at, actor
FROM moved ORDER BY id
"""
_SUMMED = """
SELECT indicator, org, day, recorded_at, sum(value)::bigint AS value FROM moved GROUP BY 1, 2, 3, 4
"""
# Several records of one subject, one of them fresh: from now on it is counted subject by subject.
_REPEATED = """
INSERT INTO ledger_repeat (city, indicator, subject)
SELECT %(city)s, n.indicator, n.subject FROM (
  SELECT indicator, subject, min(record_id) AS first, max(record_id) AS last
  FROM moved WHERE subject IS NOT NULL GROUP BY 1, 2) n
WHERE n.first <> n.last OR EXISTS (
  SELECT FROM ledger_delta o
  WHERE o.indicator = n.indicator AND o.subject = n.subject AND o.record_id <> n.first)
ORDER BY 2, 3 ON CONFLICT DO NOTHING
"""


def fold(limit: int | None = None) -> int:
    """Fold the fresh differences, or some of them; how many there were."""
    statement = text_of(
        "WITH moved AS (",
        _TAKE_ALL if limit is None else _TAKE_SOME,
        "), kept AS (",
        _KEEP,
        "), d AS (",
        _SUMMED,
        "), s AS (",
        SIGNED_ANCESTRY,
        "), events AS (",
        EVENTS,
        "), days AS (",
        ADD_DAYS,
        "), months AS (",
        ADD_MONTHS,
        "), repeated AS (",
        _REPEATED,
        ") SELECT count(*) FROM moved",
    )
    with transaction.atomic():
        lock_folding()
        return int(rows(statement, {"limit": limit})[0][0])


def fold_alone() -> int:
    """As `fold`, inside a long transaction that others wait for: gives the emptied table's room back.

    What a transaction has deleted stays in its way until it ends, and figures read that table whole.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_hot IN ACCESS EXCLUSIVE MODE")
        folded = fold()
        cursor.execute("TRUNCATE ledger_hot")
    return folded
