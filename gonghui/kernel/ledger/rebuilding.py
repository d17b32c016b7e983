"""Makes the ledger anew from the records, without forgetting what it said before."""

from __future__ import annotations

from django.db import connection, transaction

from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.contribution import compiled
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.sql import (
    ACTOR,
    ADD_DAYS,
    ADD_MONTHS,
    EVENTS,
    MOMENT,
    SIGNED_ANCESTRY,
    lock_folding,
    run,
    text_of,
)

_POST_DIFFERENCES = """
INSERT INTO ledger_hot (indicator, org, day, value, subject, record_id, recorded_at, actor)
SELECT %(indicator)s, org, day, sum(value), subject, record_id,
"""
_FROM_LEDGER = """
  UNION ALL
  SELECT org, day, -value, subject, record_id FROM ledger_delta WHERE city = %(city)s AND indicator = %(indicator)s
  UNION ALL
  SELECT org, day, -value, subject, record_id FROM ledger_hot WHERE indicator = %(indicator)s
) x GROUP BY org, day, subject, record_id HAVING sum(value) <> 0
"""
_SUMMED = """
SELECT indicator, org, day, recorded_at, sum(value)::bigint AS value
FROM ledger_delta WHERE city = %(city)s AND indicator = %(indicator)s GROUP BY 1, 2, 3, 4
"""
_REPEATED = """
INSERT INTO ledger_repeat (city, indicator, subject)
SELECT city, indicator, subject FROM ledger_delta
WHERE city = %(city)s AND indicator = %(indicator)s AND subject IS NOT NULL
GROUP BY 1, 2, 3 HAVING min(record_id) <> max(record_id)
"""


def rebuild(code: str | None = None) -> int:
    """Post what the ledger lacks against the records and remake the balances; how many differences."""
    codes = [catalogue.indicator(code).code] if code else [i.code for i in catalogue.posted()]
    return sum(rebuild_one(each) for each in codes)


def rebuild_one(code: str) -> int:
    """As `rebuild`, for one posted indicator; writers of its register wait meanwhile."""
    contribution = compiled(code)
    indicator = {"indicator": catalogue.id_of(code)}
    with transaction.atomic():
        lock_folding()
        run(
            f"LOCK TABLE {connection.ops.quote_name(contribution.table)} IN SHARE ROW EXCLUSIVE MODE"
        )
        posted = run(
            text_of(
                _POST_DIFFERENCES,
                f"{MOMENT}, {ACTOR}",
                "FROM (SELECT org, day, value, subject, record_id FROM (",
                contribution.select.replace("%", "%%"),
                ") c",
                _FROM_LEDGER,
            ),
            indicator,
        )
        fold()
        _remake_balances(indicator)
    return posted


def _remake_balances(indicator: dict[str, int]) -> None:
    for forget in (
        "DELETE FROM ledger_day",
        "DELETE FROM ledger_month",
        "DELETE FROM ledger_repeat",
    ):
        run(text_of(forget, "WHERE city = %(city)s AND indicator = %(indicator)s"), indicator)
    run(_REPEATED, indicator)
    run(
        text_of(
            *("WITH d AS (", _SUMMED, "), s AS (", SIGNED_ANCESTRY, "), events AS (", EVENTS),
            *("), days AS (", ADD_DAYS, ")", ADD_MONTHS),
        ),
        indicator,
    )
