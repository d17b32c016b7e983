"""Holds the ledger against the records, and the balances against the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.contribution import compiled
from gonghui.kernel.ledger.figures import org_id_of
from gonghui.kernel.ledger.seals import broken_seals
from gonghui.kernel.ledger.sql import (
    EVENTS,
    SIGNED_ANCESTRY,
    STILL_KNOWN,
    lock_folding,
    rows,
    text_of,
)

_SHOWN = 50

_RECORDS = """
SELECT count(*), coalesce(jsonb_agg(jsonb_build_array(org, day, expected, found)) FILTER (WHERE wrong AND place <= 50), '[]')
FROM (
  SELECT org, day, sum(expected) AS expected, sum(found) AS found, bool_or(expected <> found) AS wrong,
    row_number() OVER (ORDER BY bool_or(expected <> found) DESC, org, day) AS place
  FROM (
    SELECT org, day, subject, record_id, sum(expected) AS expected, sum(found) AS found FROM (
      SELECT org, day, subject, record_id, value AS expected, 0 AS found FROM (
"""
_AGAINST_LEDGER = """
      ) c
      UNION ALL
      SELECT org, day, subject, record_id, 0, value FROM ledger_delta
      WHERE city = %(city)s AND indicator = %(indicator)s
      UNION ALL
      SELECT org, day, subject, record_id, 0, value FROM ledger_hot WHERE indicator = %(indicator)s
    ) x GROUP BY 1, 2, 3, 4
  ) y GROUP BY 1, 2
) z
"""
_LEDGER = """
SELECT indicator, org, day, recorded_at, sum(value)::bigint AS value
FROM ledger_delta WHERE city = %(city)s AND indicator = %(indicator)s GROUP BY 1, 2, 3, 4
"""
_DAYS = text_of(
    *("WITH d AS (", _LEDGER, "), s AS (", SIGNED_ANCESTRY, "), events AS (", EVENTS, ")"),
    """
SELECT node, day, sum(expected), sum(found) FROM (
  SELECT node, day, rec_day, value AS expected, 0 AS found FROM events
  UNION ALL
  SELECT node, day, rec_day, 0, value FROM ledger_day WHERE city = %(city)s AND indicator = %(indicator)s
) x GROUP BY node, day, rec_day
""",
)
_MONTHS = """
SELECT node, month, sum(expected), sum(found) FROM (
  SELECT node, date_trunc('month', day::timestamp)::date AS month,
    date_trunc('month', rec_day::timestamp)::date AS rec_month, value AS expected, 0 AS found
  FROM ledger_day WHERE city = %(city)s AND indicator = %(indicator)s
  UNION ALL
  SELECT node, month, rec_month, 0, value FROM ledger_month WHERE city = %(city)s AND indicator = %(indicator)s
) x GROUP BY node, month, rec_month
"""
_REPEATED = """
SELECT subject FROM (
  SELECT subject FROM ledger_delta WHERE city = %(city)s AND indicator = %(indicator)s AND subject IS NOT NULL
  GROUP BY 1 HAVING min(record_id) <> max(record_id)
) x WHERE NOT EXISTS (
  SELECT FROM ledger_repeat r WHERE r.city = %(city)s AND r.indicator = %(indicator)s AND r.subject = x.subject)
LIMIT 50
"""
_NOWHERE = """
SELECT DISTINCT d.org FROM (
  SELECT org FROM ledger_delta WHERE city = %(city)s AND indicator = %(indicator)s
  UNION ALL SELECT org FROM ledger_hot WHERE indicator = %(indicator)s
) d WHERE NOT EXISTS (SELECT FROM kernel_orgs_organcestry a WHERE a.org_id = d.org) LIMIT 50
"""
_FLOW = "a.valid_from <= c.day AND a.valid_to > c.day AND c.day BETWEEN %(start)s AND %(end)s"
_STOCK = "a.valid_from <= %(end)s AND a.valid_to > %(end)s AND c.day <= %(end)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A place where two ways of counting disagree; values are in units of 1/scale."""

    code: str
    what: str
    org_id: int | None = None
    day: date | None = None
    expected: int | None = None
    found: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """How many cells were compared, and which differ (at most 50 per indicator and kind)."""

    checked: int
    differing: tuple[Differing, ...]

    @property
    def is_clean(self) -> bool:
        """Whether ledger, balances and records say the same."""
        return not self.differing


def recount(code: str, org: object, period: Period) -> Decimal:
    """The figure straight from the records, by the SQL that the triggers run; no balance is read."""
    declared = catalogue.behind_alias(code)
    counted = (
        "SELECT count(*) FROM (SELECT"
        if declared.subject
        else "SELECT coalesce(sum(value), 0) FROM (SELECT"
    )
    grouped = "GROUP BY c.subject HAVING sum(c.value) > 0" if declared.subject else ""
    statement = text_of(
        counted,
        "sum(c.value) AS value FROM (",
        compiled(declared.code).select.replace("%", "%%"),
        ") c JOIN kernel_orgs_organcestry a ON a.org_id = c.org AND a.ancestor_id = %(org)s",
        "AND a.known_to = %(still)s WHERE",
        _STOCK if declared.is_stock else _FLOW,
        grouped,
        ") x",
    )
    params = {"org": org_id_of(org), "still": STILL_KNOWN, "start": period.start, "end": period.end}
    return Decimal(int(rows(statement, params)[0][0])) / declared.scale


def verify(codes: Iterable[str] | None = None) -> VerifyReport:
    """Compare, for every organisation, day and node: records with ledger, ledger with balances.

    Without a choice of codes, sealed figures are held against their hashes as well.
    """
    wanted = (
        [catalogue.behind_alias(code) for code in codes]
        if codes is not None
        else list(catalogue.posted())
    )
    checked, differing = 0, []
    for declared in wanted:
        count, found = _verify_one(declared.code)
        checked += count
        differing += found
    if codes is None:
        differing += _tampered()
    return VerifyReport(checked=checked, differing=tuple(differing))


def _verify_one(code: str) -> tuple[int, list[Differing]]:
    with transaction.atomic():
        # A fold between two statements would change neither side's sum, but both sides' places.
        lock_folding()
        parts = [
            _against_records(code),
            _balances(code, _DAYS, "日余额"),
            _balances(code, _MONTHS, "月余额"),
        ]
        params = {"indicator": catalogue.id_of(code)}
        uncounted = [
            Differing(code=code, what=f"对象{subject}有多条记录而未登记")
            for (subject,) in rows(_REPEATED, params)
        ]
        nowhere = [
            Differing(code=code, what="工会没有统计关系", org_id=org)
            for (org,) in rows(_NOWHERE, params)
        ]
    found = [each for _, differing in parts for each in differing]
    return sum(count for count, _ in parts), [*found, *uncounted, *nowhere]


def _tampered() -> list[Differing]:
    """Seals that are not what was sealed, figure by figure where the ledger tells which."""
    found = []
    scales = {each.code: each.scale for each in catalogue.posted()}
    for broken in broken_seals():
        what = f"封存集{broken.seal.pk}（{broken.seal.start}至{broken.seal.end}）{broken.what}"
        found.append(Differing(code="", what=what, org_id=broken.seal.org))
        for cell in broken.cells[:_SHOWN]:
            scale = scales.get(cell.code, 1)
            found.append(
                Differing(
                    code=cell.code,
                    what=f"封存集{broken.seal.pk}的封存数",
                    org_id=cell.org_id,
                    expected=int(cell.found * scale),
                    found=int(cell.sealed * scale),
                )
            )
    return found


def _against_records(code: str) -> tuple[int, list[Differing]]:
    select = compiled(code).select.replace("%", "%%")
    statement = text_of(_RECORDS, select, _AGAINST_LEDGER)
    count, wrong = rows(statement, {"indicator": catalogue.id_of(code)})[0]
    return count, [
        Differing(
            code=code,
            what="记录与数字账",
            org_id=org,
            day=date.fromisoformat(day),
            expected=expected,
            found=found,
        )
        for org, day, expected, found in json.loads(wrong)
    ]


def _balances(code: str, comparison: str, what: str) -> tuple[int, list[Differing]]:
    cells = rows(comparison, {"indicator": catalogue.id_of(code)})
    wrong = [
        Differing(
            code=code, what=what, org_id=node, day=day, expected=int(expected), found=int(found)
        )
        for node, day, expected, found in cells
        if expected != found
    ]
    return len(cells), wrong[:_SHOWN]
