"""The closure of the statistics tree: who was above whom, from when, and known since when.

A superior counts from its first day until the next one begins; the first also counts for the days
before it and the last for the days after it ended, so that no fact falls out of the city's figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Max

from gonghui.kernel.ledger import moves
from gonghui.kernel.ledger.moves import Reach
from gonghui.kernel.ledger.sql import ALWAYS_KNOWN, STILL_KNOWN, rows, run, text_of
from gonghui.kernel.orgs.models import NODE_LEVELS, OrgAncestry, RelationKind

# Each organisation's superior as steps that leave no day out.
_STEPS = """
steps AS (
  SELECT org_id AS org, superior_id AS superior,
    CASE WHEN row_number() OVER w = 1 THEN date '0001-01-01' ELSE valid_from END AS valid_from,
    lead(valid_from, 1, date '9999-12-31') OVER w AS valid_to
  FROM kernel_orgs_orgrelation WHERE kind = %(kind)s
  WINDOW w AS (PARTITION BY org_id ORDER BY valid_from)
)
"""
# Walking up from the given organisations; the depth limit only ends what a cycle would make endless.
_UP = """
up AS (
  SELECT id AS org, id AS ancestor, 0 AS depth, date '0001-01-01' AS valid_from, date '9999-12-31' AS valid_to
  FROM kernel_orgs_org WHERE id = ANY(%(orgs)s)
  UNION ALL
  SELECT up.org, st.superior, up.depth + 1, greatest(up.valid_from, st.valid_from), least(up.valid_to, st.valid_to)
  FROM up JOIN steps st ON st.org = up.ancestor
    AND st.valid_from < up.valid_to AND st.valid_to > up.valid_from
  WHERE up.depth < 30
)
"""
# Whether a node keeps balances is settled when it is placed: later it could not have the past ones.
_FRESH = """
SELECT f.org, f.ancestor, f.depth, lower(f.days) AS valid_from, upper(f.days) AS valid_to,
  coalesce(self.has_balance, a.level = ANY(%(node_levels)s)) AS has_balance
FROM (
  SELECT org, ancestor, depth, unnest(range_agg(daterange(valid_from, valid_to))) AS days
  FROM up GROUP BY org, ancestor, depth) f
JOIN kernel_orgs_org a ON a.id = f.ancestor
LEFT JOIN kernel_orgs_organcestry self
  ON self.org_id = a.id AND self.ancestor_id = a.id AND self.known_to = %(still)s
"""
_CLOSE = """
UPDATE kernel_orgs_organcestry o SET known_to = %(known_at)s
WHERE o.org_id = ANY(%(orgs)s) AND o.known_to = %(still)s AND NOT EXISTS (
  SELECT FROM fresh f WHERE f.org = o.org_id AND f.ancestor = o.ancestor_id AND f.depth = o.depth
    AND f.valid_from = o.valid_from AND f.valid_to = o.valid_to AND f.has_balance = o.has_balance)
RETURNING o.org_id, o.ancestor_id, o.valid_from, o.valid_to, o.has_balance, -1
"""
_OPEN = """
INSERT INTO kernel_orgs_organcestry
  (org_id, ancestor_id, depth, valid_from, valid_to, known_from, known_to, has_balance)
SELECT f.org, f.ancestor, f.depth, f.valid_from, f.valid_to,
  CASE WHEN f.org = ANY(%(met)s) THEN %(known_at)s ELSE %(always)s END, %(still)s, f.has_balance
FROM fresh f WHERE NOT EXISTS (
  SELECT FROM kernel_orgs_organcestry o
  WHERE o.org_id = f.org AND o.known_to = %(still)s AND f.ancestor = o.ancestor_id AND f.depth = o.depth
    AND f.valid_from = o.valid_from AND f.valid_to = o.valid_to AND f.has_balance = o.has_balance)
RETURNING org_id, ancestor_id, valid_from, valid_to, has_balance, 1
"""
_CLOSES_A_CIRCLE = "SELECT EXISTS (SELECT FROM up WHERE org = ancestor AND depth > 0)"
_PATHS = """
, today AS (
  SELECT org, superior FROM steps WHERE valid_from <= %(day)s AND valid_to > %(day)s
), tree AS (
  SELECT o.id, NULL::bigint AS superior, o.id || '/' AS path FROM kernel_orgs_org o
  WHERE EXISTS (SELECT FROM today WHERE superior = o.id) AND NOT EXISTS (SELECT FROM today WHERE org = o.id)
  UNION ALL
  SELECT t.org, t.superior, tree.path || t.org || '/' FROM tree JOIN today t ON t.superior = tree.id
)
UPDATE kernel_orgs_org o SET path = tree.path, superior_id = tree.superior
FROM tree WHERE tree.id = o.id AND (o.path, o.superior_id) IS DISTINCT FROM (tree.path, tree.superior)
"""


def refresh(org_ids: Iterable[int], moment: datetime) -> datetime:
    """Bring the closure of these organisations and all below them up to date, and the balances with it.

    Must run under the ledger's fold lock. The moment since when the new state is known comes back:
    `moment`, or later where a clock that was set back would end what is known before it began.
    """
    orgs = _with_descendants(list(org_ids))
    opened = OrgAncestry.objects.filter(org_id__in=orgs, known_to=STILL_KNOWN)
    met = list(opened.values_list("org_id", flat=True).distinct())
    latest = opened.aggregate(latest=Max("known_from"))["latest"]
    known_at = max(moment, latest or moment)
    params = {
        "orgs": orgs,
        "kind": RelationKind.STATS,
        "node_levels": list(NODE_LEVELS),
        "met": met,
        "known_at": known_at,
        "always": ALWAYS_KNOWN,
        "still": STILL_KNOWN,
    }
    changed = rows(
        text_of(
            *("WITH RECURSIVE", _STEPS, ",", _UP, ", fresh AS (", _FRESH, "), closed AS (", _CLOSE),
            *("), opened AS (", _OPEN, ") SELECT * FROM closed UNION ALL SELECT * FROM opened"),
        ),
        params,
    )
    run(
        "DELETE FROM kernel_orgs_organcestry WHERE org_id = ANY(%(orgs)s) AND known_from >= known_to",
        params,
    )
    moves.carry_over([Reach(*row) for row in changed], known_at)
    return known_at


def closes_a_circle(org_ids: Sequence[int], kind: str) -> bool:
    """Whether some organisation is its own superior on any day."""
    statement = text_of("WITH RECURSIVE", _STEPS, ",", _UP, _CLOSES_A_CIRCLE)
    return bool(rows(statement, {"orgs": list(org_ids), "kind": kind})[0][0])


def unplaced(org_ids: Iterable[int]) -> list[int]:
    """Those of the organisations that the closure does not know."""
    asked = set(org_ids)
    known = OrgAncestry.objects.filter(org_id__in=asked, depth=0, known_to=STILL_KNOWN)
    return sorted(asked - set(known.values_list("org_id", flat=True)))


def refresh_paths(day: date) -> int:
    """Set every organisation's path and superior as the lead relation is on that day; how many changed."""
    return run(text_of("WITH RECURSIVE", _STEPS, _PATHS), {"kind": RelationKind.LEAD, "day": day})


def _with_descendants(org_ids: list[int]) -> list[int]:
    below = OrgAncestry.objects.filter(ancestor_id__in=org_ids, known_to=STILL_KNOWN)
    return sorted({*org_ids, *below.values_list("org_id", flat=True)})
