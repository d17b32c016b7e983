"""What a change of the statistics tree does to balances that are already there.

A moved organisation takes its stock along from the day of its move; its flows before that day stay
where they were. Fresh differences need nothing: they are read and folded with the new tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gonghui.kernel.access.scope import actor_or_none
from gonghui.kernel.ledger.models import Move
from gonghui.kernel.ledger.sql import ACTOR, ADD_DAYS, ADD_MONTHS, EVENTS, rows, run, text_of


@dataclass(frozen=True, slots=True)
class Reach:
    """A stretch of days on which a node is (sign +1) or is no longer (-1) above an organisation."""

    org_id: int
    node_id: int
    valid_from: date
    valid_to: date
    has_balance: bool
    sign: int


_CHANGED = """
SELECT c.org, c.node, c.valid_from, c.valid_to, %(known_at)s::timestamptz AS known_at, c.sign
FROM unnest(%(orgs)s::bigint[], %(nodes)s::bigint[], %(starts)s::date[], %(ends)s::date[], %(signs)s::int[])
  AS c(org, node, valid_from, valid_to, sign)
"""
_FOLDED = """
SELECT indicator, org, day, recorded_at, sum(value)::bigint AS value FROM (
  SELECT l.* FROM ledger_indicator i
  CROSS JOIN (SELECT DISTINCT org FROM s) o
  JOIN ledger_delta l ON l.city = %(city)s AND l.indicator = i.id AND l.org = o.org) x
GROUP BY 1, 2, 3, 4
"""

_WRITER = text_of("SELECT coalesce(", ACTOR, ", %(actor)s::bigint)")


def carry_over(changed: Sequence[Reach], known_at: datetime) -> None:
    """Post what folded differences now count elsewhere, recorded at the moment of the change."""
    counted = [reach for reach in changed if reach.has_balance]
    if not counted:
        return
    run(
        text_of(
            *("WITH s AS (", _CHANGED, "), d AS (", _FOLDED, "), events AS (", EVENTS),
            *("), days AS (", ADD_DAYS, ")", ADD_MONTHS),
        ),
        {
            "known_at": known_at,
            "orgs": [reach.org_id for reach in counted],
            "nodes": [reach.node_id for reach in counted],
            "starts": [reach.valid_from for reach in counted],
            "ends": [reach.valid_to for reach in counted],
            "signs": [reach.sign for reach in counted],
        },
    )


def note(
    *, org_id: int, before: int | None, superior: int, day: date, basis_doc: str, moment: datetime
) -> None:
    """Keep who moved an organisation, for the answer to why a figure changed."""
    actor = actor_or_none()
    Move.objects.create(
        org=org_id,
        superior_before=before,
        superior=superior,
        day=day,
        basis_doc=basis_doc,
        recorded_at=moment,
        actor=rows(_WRITER, {"actor": actor.user_id if actor else None})[0][0],
    )
