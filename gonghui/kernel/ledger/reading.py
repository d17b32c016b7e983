"""Sums of posted indicators: balances plus what is not folded yet, in one statement per window.

Organisations that keep balances (nodes) are read from months, day edges and fresh rows; others, and
any figure as of a moment inside a day, from the differences themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.sql import FIRST_DAY, LAST_DAY, STILL_KNOWN, month_of, rows, text_of

AsOf = date | datetime | None

_DAY = timedelta(days=1)
_UNION = "UNION ALL"

_MONTHS = """
SELECT indicator, node, value FROM ledger_month
WHERE city = %(city)s AND indicator = ANY(%(flow_ids)s::smallint[]) AND node = ANY(%(nodes)s::bigint[])
  AND month >= %(flow_whole_from)s AND month < %(flow_whole_to)s AND rec_month < %(rec_month)s
"""
_FIRST_EDGE = """
SELECT indicator, node, value FROM ledger_day
WHERE city = %(city)s AND indicator = ANY(%(flow_ids)s::smallint[]) AND node = ANY(%(nodes)s::bigint[])
  AND day >= %(flow_start)s AND day < %(flow_whole_from)s AND rec_day <= %(rec_day)s
"""
_LAST_EDGE = """
SELECT indicator, node, value FROM ledger_day
WHERE city = %(city)s AND indicator = ANY(%(flow_ids)s::smallint[]) AND node = ANY(%(nodes)s::bigint[])
  AND day >= %(flow_whole_to)s AND day <= %(flow_end)s AND rec_day <= %(rec_day)s
"""
# What the month of `as_of` had recorded by then, of the whole months.
_PART_MONTH = """
SELECT indicator, node, value FROM ledger_day
WHERE city = %(city)s AND indicator = ANY(%(flow_ids)s::smallint[]) AND node = ANY(%(nodes)s::bigint[])
  AND day >= %(flow_whole_from)s AND day < %(flow_whole_to)s
  AND rec_day >= %(rec_month)s AND rec_day <= %(rec_day)s
"""
# Who is above whom as known then; on the day itself for a flow, on the last day for a stock.
_KNOWN = "AND a.known_from < %(before)s AND a.known_to >= %(before)s AND d.recorded_at < %(before)s"
_FLOW_ABOVE = text_of(
    "JOIN kernel_orgs_organcestry a ON a.org_id = d.org AND a.valid_from <= d.day AND a.valid_to > d.day",
    _KNOWN,
    "WHERE d.indicator = ANY(%(flow_ids)s::smallint[]) AND d.day >= %(flow_start)s AND d.day <= %(flow_end)s",
)
_STOCK_ABOVE = text_of(
    "JOIN kernel_orgs_organcestry a ON a.org_id = d.org",
    "AND a.valid_from <= %(stock_end)s AND a.valid_to > %(stock_end)s",
    _KNOWN,
    "WHERE d.indicator = ANY(%(stock_ids)s::smallint[]) AND d.day <= %(stock_end)s",
)
_ABOVE = {"flow": _FLOW_ABOVE, "stock": _STOCK_ABOVE}
_SUM = "SELECT d.indicator, a.ancestor_id AS node, sum(d.value) AS value FROM"
_PER_SUBJECT = "SELECT d.indicator, a.ancestor_id AS node, d.subject, sum(d.value) AS net FROM"
_DELTA = "ledger_delta d"
_HOT = "ledger_hot d"
_IN_CITY = "AND d.city = %(city)s"
_AT_LOOSE = "AND a.ancestor_id = ANY(%(loose)s::bigint[])"
_AT_NODES = "AND a.ancestor_id = ANY(%(nodes)s::bigint[])"
_AT_ALL = "AND a.ancestor_id = ANY(%(orgs)s::bigint[])"
_EACH = "GROUP BY d.indicator, a.ancestor_id"
_SUBJECTS = "SELECT node, subject FROM ("
_STILL_THERE = ") x GROUP BY 1, 2 HAVING sum(net) > 0)"
_EACH_SUBJECT = "GROUP BY d.indicator, a.ancestor_id, d.subject"

_REPEATED = """
SELECT indicator, subject FROM ledger_repeat WHERE city = %(city)s AND indicator = ANY(%(ids)s::smallint[])
UNION
SELECT indicator, subject FROM ledger_hot WHERE indicator = ANY(%(ids)s::smallint[]) AND subject IS NOT NULL
"""
_DELTA_OF_REPEATED = (
    "repeated r JOIN ledger_delta d ON d.indicator = r.indicator AND d.subject = r.subject"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that a figure is about and the moment as of which it is told."""

    period: Period
    as_of: AsOf = None

    @property
    def before(self) -> datetime:
        """Everything recorded before this moment was known."""
        if self.as_of is None:
            return STILL_KNOWN
        if isinstance(self.as_of, datetime):
            return self.as_of + timedelta(microseconds=1)
        return clock.end_of(self.as_of)

    @property
    def reads_balances(self) -> bool:
        """Balances know days of recording, not moments."""
        return not isinstance(self.as_of, datetime)

    def params(self) -> dict[str, Any]:
        """The window's bounds for flows and stocks, in days and in whole months."""
        start, end = self.period.start, self.period.end
        whole_to = month_of(end + _DAY)
        rec_day = self.as_of or LAST_DAY
        whole_from = start if start.day == 1 else month_of(month_of(start) + 31 * _DAY)
        return {
            "before": self.before,
            "rec_day": rec_day,
            "rec_month": month_of(rec_day),
            "flow_start": start,
            "flow_end": end,
            # Without a whole month between them the edges meet.
            "flow_whole_from": min(whole_from, end + _DAY),
            "flow_whole_to": max(whole_to, min(whole_from, end + _DAY)),
            "stock_start": FIRST_DAY,
            "stock_end": end,
            "stock_whole_from": FIRST_DAY,
            "stock_whole_to": whole_to,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Organisations by how they are read."""

    orgs: list[int]
    nodes: list[int]
    loose: list[int]


def asked(orgs: Iterable[int], window: Window) -> Asked:
    """Sort organisations into those whose balances answer and the others."""
    ids = sorted(set(orgs))
    nodes: set[int] = set()
    if window.reads_balances:
        found = rows(
            "SELECT org_id FROM kernel_orgs_organcestry WHERE org_id = ANY(%(orgs)s::bigint[]) AND depth = 0"
            " AND has_balance AND known_from < %(before)s AND known_to = %(still)s",
            {"orgs": ids, "before": window.before, "still": STILL_KNOWN},
        )
        nodes = {org for (org,) in found}
    return Asked(orgs=ids, nodes=sorted(nodes), loose=[org for org in ids if org not in nodes])


def sums(
    indicators: Sequence[Indicator], whose: Asked, window: Window
) -> dict[tuple[str, int], Decimal]:
    """The figures of posted indicators; what nobody posted is 0."""
    totals: dict[tuple[str, int], Decimal] = {
        (i.code, org): Decimal(0) for i in indicators for org in whose.orgs
    }
    by_id = {catalogue.id_of(i.code): i for i in indicators}
    for statement, params in statements(indicators, whose, window):
        for key, org, value in rows(statement, params):
            totals[by_id[key].code, org] = Decimal(int(value)) / by_id[key].scale
    return totals


def statements(
    indicators: Sequence[Indicator], whose: Asked, window: Window
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that give (indicator's id, organisation, value) of posted indicators."""
    by_id = {catalogue.id_of(i.code): i for i in indicators}
    added = [key for key, i in by_id.items() if i.subject is None]
    counted = [key for key, i in by_id.items() if i.subject is not None]
    for statement, ids in ((_summing, added), (_counting, counted)):
        if ids and whose.orgs:
            params = _params(ids, by_id, whose, window)
            yield statement(whose, window, params), params


def covered(
    actual: Indicator, expected: Indicator, orgs: Sequence[int], window: Window
) -> dict[int, tuple[int, int]]:
    """Of the subjects expected at an organisation, how many are there, and how many are expected."""
    statement = text_of(
        _two_sets(actual, expected),
        "SELECT e.node, count(a.subject), count(*) FROM expected e",
        "LEFT JOIN actual a ON a.node = e.node AND a.subject = e.subject GROUP BY 1",
    )
    found = rows(statement, {**_set_params(actual, expected, window), "orgs": list(orgs)})
    return {org: (there, wanted) for org, there, wanted in found}


def missing(actual: Indicator, expected: Indicator, org: int, window: Window) -> list[int]:
    """The subjects expected at an organisation that are not there, by their key."""
    statement = text_of(
        _two_sets(actual, expected),
        "SELECT e.subject FROM expected e LEFT JOIN actual a ON a.subject = e.subject",
        "WHERE a.subject IS NULL ORDER BY 1",
    )
    found = rows(statement, {**_set_params(actual, expected, window), "orgs": [org]})
    return [subject for (subject,) in found]


def _two_sets(actual: Indicator, expected: Indicator) -> str:
    """The subjects of both indicators at each of some organisations, as `actual` and `expected`."""
    parts = []
    for name, declared in (("actual", actual), ("expected", expected)):
        kind = "stock" if declared.is_stock else "flow"
        above = _ABOVE[kind].replace(f"{kind}_ids", f"{name}_ids")
        net = f"\n{_UNION}\n".join(
            text_of(_PER_SUBJECT, source, above, _AT_ALL, _EACH_SUBJECT)
            for source in (_DELTA, _HOT)
        )
        parts.append(text_of(name, "AS (", _SUBJECTS, net, _STILL_THERE))
    return text_of("WITH", ", ".join(parts))


def _set_params(actual: Indicator, expected: Indicator, window: Window) -> dict[str, Any]:
    ids = {"actual_ids": actual, "expected_ids": expected}
    return {
        **window.params(),
        **{name: [catalogue.id_of(declared.code)] for name, declared in ids.items()},
    }


def _params(
    ids: list[int], by_id: dict[int, Indicator], whose: Asked, window: Window
) -> dict[str, Any]:
    return {
        **window.params(),
        "ids": ids,
        "flow_ids": [key for key in ids if not by_id[key].is_stock],
        "stock_ids": [key for key in ids if by_id[key].is_stock],
        "orgs": whose.orgs,
        "nodes": whose.nodes,
        "loose": whose.loose,
    }


def _kinds(params: dict[str, Any]) -> list[str]:
    return [kind for kind in ("flow", "stock") if params[f"{kind}_ids"]]


def _summing(whose: Asked, window: Window, params: dict[str, Any]) -> str:
    pieces = _balances(whose, window, params)
    for kind in _kinds(params):
        pieces.append(text_of(_SUM, _HOT, _ABOVE[kind], _AT_ALL, _EACH))
        if whose.loose:
            pieces.append(text_of(_SUM, _DELTA, _ABOVE[kind], _IN_CITY, _AT_LOOSE, _EACH))
    return text_of(
        "SELECT indicator, node, sum(value) FROM (",
        f"\n{_UNION}\n".join(pieces),
        ") x GROUP BY 1, 2",
    )


def _counting(whose: Asked, window: Window, params: dict[str, Any]) -> str:
    """Subjects: the plain sum, but those of several records one by one, and all where nothing is kept."""
    pieces = _balances(whose, window, params)
    kinds = _kinds(params)
    if whose.nodes:
        folded = [
            text_of(_PER_SUBJECT, _DELTA_OF_REPEATED, _ABOVE[k], _AT_NODES, _EACH_SUBJECT)
            for k in kinds
        ]
        fresh = [text_of(_PER_SUBJECT, _HOT, _ABOVE[k], _AT_NODES, _EACH_SUBJECT) for k in kinds]
        pieces.append(
            text_of(
                "SELECT indicator, node, (sum(net) > 0)::int - coalesce(sum(net) FILTER (WHERE folded), 0) FROM (",
                f"\n{_UNION}\n".join(
                    [text_of("SELECT *, true AS folded FROM (", p, ") f") for p in folded]
                    + [text_of("SELECT *, false FROM (", p, ") h") for p in fresh]
                ),
                ") s GROUP BY indicator, node, subject",
            )
        )
    if whose.loose:
        every = [
            text_of(_PER_SUBJECT, source, _ABOVE[k], _AT_LOOSE, _EACH_SUBJECT)
            for k in kinds
            for source in (_DELTA, _HOT)
        ]
        pieces.append(
            text_of(
                "SELECT indicator, node, (sum(net) > 0)::int FROM (",
                f"\n{_UNION}\n".join(every),
                ") s GROUP BY indicator, node, subject",
            )
        )
    return text_of(
        *("WITH repeated AS (", _REPEATED, ") SELECT indicator, node, sum(value) FROM ("),
        *(f"\n{_UNION}\n".join(pieces), ") x (indicator, node, value) GROUP BY 1, 2"),
    )


def _balances(whose: Asked, window: Window, params: dict[str, Any]) -> list[str]:
    """The pieces that read balances, leaving out those that could not find a row."""
    if not whose.nodes:
        return []
    pieces = []
    for kind in _kinds(params):
        whole_from, whole_to = params[f"{kind}_whole_from"], params[f"{kind}_whole_to"]
        wanted = [
            (_MONTHS, whole_from < whole_to),
            (_FIRST_EDGE, params[f"{kind}_start"] < whole_from),
            (_LAST_EDGE, whole_to <= params[f"{kind}_end"]),
            (_PART_MONTH, window.as_of is not None and whole_from < whole_to),
        ]
        pieces += [piece.replace("flow_", f"{kind}_") for piece, is_wanted in wanted if is_wanted]
    return pieces
