"""Sealed figures: what all organisations had in a period, written once and chained by hash.

The ledger goes on after a period was sealed. What it gains for the period's days afterwards never
changes a sealed figure; `late_entries` and `drift` tell what it was. Posted indicators are sealed;
ratios and differences follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.figures import org_id_of
from gonghui.kernel.ledger.models import Seal
from gonghui.kernel.ledger.reading import Asked, AsOf, Window, asked, statements
from gonghui.kernel.ledger.sql import lock_folding, rows, run, text_of

FIRST_HASH = "0" * 64

_BELOW = """
SELECT DISTINCT org_id FROM kernel_orgs_organcestry
WHERE ancestor_id = %(org)s AND known_from < %(before)s AND known_to >= %(before)s
  AND valid_from <= %(end)s AND valid_to > %(start)s
"""
_SEALED_ORGS = "SELECT DISTINCT org FROM ledger_sealed WHERE seal = %(seal)s"
_LAST_ENTRY = (
    "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('ledger_hot', 'id')), 0)"
)
# A CTE that bears the table's own name hides it: nothing after the last entry is seen, and all up to
# it counts, whatever clock it was written by.
_ENTRIES = """
SELECT id, indicator, org, day, value, subject, record_id, timestamptz '-infinity' AS recorded_at, actor
"""
_UP_TO_LAST = text_of(
    *("WITH ledger_hot AS NOT MATERIALIZED (", _ENTRIES, "FROM ledger_hot WHERE id <= %(last)s),"),
    *("ledger_delta AS NOT MATERIALIZED (", _ENTRIES, ", city FROM ledger_delta"),
    "WHERE id <= %(last)s)",
)
_FRESH_UP_TO_LAST = """
WITH ledger_hot AS NOT MATERIALIZED (SELECT * FROM ledger_hot WHERE id <= %(last)s)
"""
_VALUES = """
SELECT k.code, x.node AS org, trim_scale(x.value::numeric / k.scale) AS value FROM (
"""
_NAMED = """
) x (indicator, node, value)
JOIN unnest(%(keys)s::smallint[], %(codes)s::text[], %(scales)s::bigint[]) AS k(id, code, scale)
  ON k.id = x.indicator
WHERE x.value <> 0
"""
_KEEP = """
INSERT INTO ledger_sealed (seal, code, org, org_code, value)
SELECT %(seal)s, v.code, v.org, o.code, v.value FROM (
"""
_OF_ORG = ") v JOIN kernel_orgs_org o ON o.id = v.org"
# The canonical text: a line for the seal, then one line a figure, sorted by bytes.
_HASH = """
SELECT count(*), encode(sha256(convert_to(%(head)s || coalesce(string_agg(
  E'\\n' || code || '|' || org || '|' || org_code || '|' || trim_scale(value)::text, ''
  ORDER BY code COLLATE "C", org), ''), 'UTF8')), 'hex')
FROM ledger_sealed WHERE seal = %(seal)s
"""
_DIFFERING = """
SELECT coalesce(v.code, s.code), coalesce(v.org, s.org), coalesce(s.value, 0), coalesce(v.value, 0) FROM (
"""
_FROM_SEALED = """
) v FULL JOIN (
  SELECT code, org, value FROM ledger_sealed
  WHERE seal = %(seal)s AND code = ANY(%(codes)s::text[]) AND org = ANY(%(orgs)s::bigint[])
) s ON s.code = v.code AND s.org = v.org
WHERE coalesce(s.value, 0) <> coalesce(v.value, 0) ORDER BY 1, 2
"""
_STRAY = """
SELECT code, org, value FROM ledger_sealed
WHERE seal = %(seal)s
  AND (NOT code = ANY(%(codes)s::text[]) OR NOT org = ANY(%(orgs)s::bigint[])) ORDER BY 1, 2
"""
_LATE_FROM = (
    "SELECT d.id, d.indicator, d.org, d.day, d.value, d.record_id, d.recorded_at, d.actor FROM"
)
_LATE = """
JOIN ledger_indicator i ON i.id = d.indicator
WHERE d.id > %(last)s AND d.id > %(after)s
  AND (%(up_to)s::bigint IS NULL OR d.id <= %(up_to)s) AND d.indicator = ANY(%(keys)s::smallint[])
  AND d.day <= %(end)s AND (i.is_stock OR d.day >= %(start)s)
  AND d.org IN (SELECT org_id FROM kernel_orgs_organcestry WHERE ancestor_id = %(org)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An indicator of an organisation that is sealed as one value and found as another."""

    code: str
    org_id: int
    sealed: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenSeal:
    """A seal that is not what was sealed: `what` says how, `cells` which figures differ from the ledger."""

    seal: Seal
    what: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """What the ledger gained after the seal for the days that are sealed."""

    entry: int
    code: str
    org_id: int
    day: date
    value: Decimal
    record_id: int
    recorded_at: datetime
    actor: int | None


def seal(org: object, period: Period, codes: Iterable[str]) -> Seal:
    """Keep the figures of all organisations at and below one, as they stand now, for good."""
    declared = _posted(codes)
    with transaction.atomic():
        # Balances stand still until the end; only fresh entries come in, and those are cut off.
        lock_folding()
        last = last_entry()
        (key,) = (
            row[0] for row in rows("SELECT nextval(pg_get_serial_sequence('ledger_seal', 'id'))")
        )
        made = Seal(
            id=key,
            org=org_id_of(org),
            start=period.start,
            end=period.end,
            as_of=clock.now(),
            last_entry=last,
            codes=[each.code for each in declared],
            previous_hash=_last_hash(),
        )
        window = Window(period=period)
        for statement, params in _valued(declared, asked(_below(made, window), window), window):
            run(
                text_of(_KEEP, _FRESH_UP_TO_LAST, statement, _OF_ORG),
                {**params, "last": last, "seal": key},
            )
        made.figures_count = int(
            rows("SELECT count(*) FROM ledger_sealed WHERE seal = %(seal)s", {"seal": key})[0][0]
        )
        made.hash = _hash_of(made)[1]
        made.save(force_insert=True)
    return made


def in_force(
    chain: Iterable[int],
    period: Period,
    codes: Iterable[str],
    as_of: AsOf = None,
    *,
    at_end: bool = False,
) -> Seal | None:
    """The latest seal, as known at a moment, that holds some posted indicators of an org in a period.

    `chain` is the org with those above it. Stocks are `at_end`: any sealed period that ends on the same day holds them.
    """
    found = Seal.objects.filter(
        org__in=list(chain),
        end=period.end,
        codes__contains=sorted(set(codes)),
        as_of__lt=Window(period=period, as_of=as_of).before,
    )
    return (found if at_end else found.filter(start=period.start)).order_by("-pk").first()


def sealed_values(
    made: Seal, codes: Iterable[str], orgs: Iterable[object]
) -> dict[tuple[str, int], Decimal]:
    """Sealed figures by indicator and organisation; what is not there was zero."""
    found = rows(
        "SELECT code, org, value FROM ledger_sealed WHERE seal = %(seal)s"
        " AND code = ANY(%(codes)s::text[]) AND org = ANY(%(orgs)s::bigint[])",
        {"seal": made.pk, "codes": list(codes), "orgs": [org_id_of(org) for org in orgs]},
    )
    return {(code, org): value for code, org, value in found}


def drift(made: Seal, orgs: Iterable[object] | None = None) -> list[Cell]:
    """Every figure of some organisations, or of all, that is no longer what was sealed."""
    declared = _still_known(made.codes)
    window = Window(period=Period(made.start, made.end))
    if orgs is None:
        ids = {*_below(made, window), *(org for (org,) in rows(_SEALED_ORGS, {"seal": made.pk}))}
    else:
        ids = {org_id_of(org) for org in orgs}
    return _differing(made, declared, asked(ids, window), window, "")


def rederived(made: Seal) -> list[Cell]:
    """Every sealed figure that is not what the ledger's entries up to the seal give."""
    declared = _still_known(made.codes)
    window = Window(period=Period(made.start, made.end), as_of=made.as_of)
    whose = asked(_below(made, window), window)
    differing = _differing(made, declared, whose, window, _UP_TO_LAST)
    return [*differing, *_strays(made, whose.orgs)]


def late_entries(made: Seal, after: int = 0, up_to: int | None = None) -> list[LateEntry]:
    """The entries made after the seal for days that are sealed, oldest first.

    Only those after one entry and up to another, where such are named.
    """
    declared = {catalogue.id_of(each.code): each for each in _still_known(made.codes)}
    params = {
        "last": made.last_entry,
        "after": after,
        "up_to": up_to,
        "keys": list(declared),
        "start": made.start,
        "end": made.end,
        "org": made.org,
    }
    statement = text_of(
        *(_LATE_FROM, "ledger_delta d", _LATE, "UNION ALL"),
        *(_LATE_FROM, "ledger_hot d", _LATE, "ORDER BY 1"),
    )
    return [
        LateEntry(
            entry=entry,
            code=declared[key].code,
            org_id=org,
            day=day,
            value=Decimal(value) / declared[key].scale,
            record_id=record,
            recorded_at=recorded_at,
            actor=actor,
        )
        for entry, key, org, day, value, record, recorded_at, actor in rows(statement, params)
    ]


def last_entry() -> int:
    """The number of the ledger's last entry, with everything up to it committed.

    Writers are waited for and kept out only until the number is known: the savepoint gives the
    lock back. Must be inside a transaction.
    """
    savepoint = transaction.savepoint()
    run("LOCK TABLE ledger_hot IN SHARE MODE")
    last = int(rows(_LAST_ENTRY)[0][0])
    transaction.savepoint_rollback(savepoint)
    return last


def broken_seals() -> list[BrokenSeal]:
    """Seals whose figures, head or place in the chain were tampered with; also where triggers were off."""
    found, previous = [], FIRST_HASH
    for made in Seal.objects.order_by("pk"):
        if made.previous_hash != previous:
            found.append(BrokenSeal(seal=made, what="与前一个封存集的校验链断开"))
        if not is_intact(made):
            found.append(BrokenSeal(seal=made, what="校验值不符", cells=tuple(rederived(made))))
        previous = made.hash
    return found


def is_intact(made: Seal) -> bool:
    """Whether a seal and its figures are those of its hash."""
    return _hash_of(made) == (made.figures_count, made.hash)


def _posted(codes: Iterable[str]) -> list[Indicator]:
    declared = (catalogue.behind_alias(code) for code in codes)
    found = {each.code: each for each in declared if each.is_posted}
    return [found[code] for code in sorted(found)]


def _still_known(codes: Sequence[str]) -> list[Indicator]:
    """Those of the sealed indicators that are declared today."""
    known = {each.code: each for each in catalogue.posted()}
    return [known[code] for code in codes if code in known]


def _last_hash() -> str:
    last = Seal.objects.order_by("-pk").first()
    return last.hash if last is not None else FIRST_HASH


def _below(made: Seal, window: Window) -> list[int]:
    """All organisations that were at or below the seal's in its period, as known at the window's moment."""
    params = {"org": made.org, "before": window.before, "start": made.start, "end": made.end}
    return [org for (org,) in rows(_BELOW, params)]


def _valued(
    declared: Sequence[Indicator], whose: Asked, window: Window
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that give (code, org, value) wherever the value is not zero."""
    by_id = {catalogue.id_of(each.code): each for each in declared}
    for statement, params in statements(declared, whose, window):
        keys = params["ids"]
        named = {
            "keys": keys,
            "codes": [by_id[key].code for key in keys],
            "scales": [by_id[key].scale for key in keys],
        }
        yield text_of(_VALUES, statement, _NAMED), {**params, **named}


def _differing(
    made: Seal, declared: Sequence[Indicator], whose: Asked, window: Window, hidden: str
) -> list[Cell]:
    found = []
    for statement, params in _valued(declared, whose, window):
        text = text_of(_DIFFERING, hidden, statement, _FROM_SEALED)
        found += rows(text, {**params, "seal": made.pk, "last": made.last_entry})
    return [
        Cell(code=code, org_id=org, sealed=sealed, found=value)
        for code, org, sealed, value in sorted(found)
    ]


def _strays(made: Seal, orgs: list[int]) -> list[Cell]:
    """Figures of indicators that the seal does not name, and of organisations that it is not about."""
    found = rows(_STRAY, {"seal": made.pk, "codes": made.codes, "orgs": orgs})
    return [
        Cell(code=code, org_id=org, sealed=value, found=Decimal(0)) for code, org, value in found
    ]


def _head(made: Seal) -> str:
    """The first line of the canonical text."""
    parts = (
        made.pk,
        made.org,
        made.start.isoformat(),
        made.end.isoformat(),
        made.as_of.astimezone(UTC).isoformat(timespec="microseconds"),
        made.last_entry,
        ",".join(made.codes),
        made.figures_count,
        made.previous_hash,
    )
    return "|".join(str(part) for part in parts)


def _hash_of(made: Seal) -> tuple[int, str]:
    count, digest = rows(_HASH, {"seal": made.pk, "head": _head(made)})[0]
    return int(count), str(digest)
