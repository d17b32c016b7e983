"""From a figure back to its records, its parts and its changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger import catalogue, contribution, reading
from gonghui.kernel.ledger.declare import Figure, Indicator, Kind
from gonghui.kernel.ledger.figures import figures, org_id_of
from gonghui.kernel.ledger.models import CITY, Move
from gonghui.kernel.ledger.reading import AsOf, Window
from gonghui.kernel.ledger.sql import rows, text_of, written_out

_KNOWN = "AND a.known_from < %(before)s AND a.known_to >= %(before)s"
_FLOW = """
AND a.valid_from <= d.day AND a.valid_to > d.day AND d.day >= %(flow_start)s AND d.day <= %(flow_end)s
"""
_STOCK = """
AND a.valid_from <= %(stock_end)s AND a.valid_to > %(stock_end)s AND d.day <= %(stock_end)s
"""
_HERE = """
JOIN kernel_orgs_organcestry a ON a.org_id = d.org AND a.ancestor_id = %(org)s
WHERE d.indicator = %(indicator)s
"""
# Whatever was ever below the organisation. Named as an array, these lead to the differences by the
# index; joined to the tree alone, the planner may read the whole city's for one small union.
_EVER_BELOW = """
org = ANY (ARRAY(SELECT org_id FROM kernel_orgs_organcestry WHERE ancestor_id = %(org)s))
"""
_EVERY_DIFFERENCE = text_of(
    "SELECT indicator, org, day, value, subject, record_id, recorded_at, actor, id FROM ledger_delta",
    "WHERE city = %(city)s AND indicator = %(indicator)s AND",
    _EVER_BELOW,
    "UNION ALL",
    "SELECT indicator, org, day, value, subject, record_id, recorded_at, actor, id FROM ledger_hot",
    "WHERE indicator = %(indicator)s AND",
    _EVER_BELOW,
)
_NODE_RECORDS = "SELECT d.indicator, a.ancestor_id AS node, d.record_id, d.value FROM"
_AT_ORGS = """
JOIN kernel_orgs_organcestry a ON a.org_id = d.org AND a.ancestor_id = ANY(%(orgs)s::bigint[])
"""
_FLOWS = "WHERE d.indicator = ANY(%(flows)s::smallint[])"
_STOCKS = "WHERE d.indicator = ANY(%(stocks)s::smallint[])"
_OWN = "SELECT indicator, org, day, value FROM"
_OF_ORGS = "WHERE indicator = ANY(%(keys)s::smallint[]) AND org = ANY(%(orgs)s::bigint[])"
_MOVED = """
JOIN (
  SELECT org_id, ancestor_id, valid_from, valid_to, known_from AS known_at, 1 AS sign FROM kernel_orgs_organcestry
  UNION ALL
  SELECT org_id, ancestor_id, valid_from, valid_to, known_to, -1 FROM kernel_orgs_organcestry
) a ON a.org_id = d.org AND a.ancestor_id = %(org)s
WHERE d.recorded_at < %(since)s AND a.known_at >= %(since)s AND a.known_at < %(before)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSet:
    """The records that make a figure; `record_ids` is a sub-query for `filter(pk__in=...)`.

    It has the newest first: a list in that order fetches the rows of its page only. `grouped` is the
    same in any order; where the figure `is_count`, each record is 1 of its total.
    """

    register_key: str
    model: type[models.Model]
    record_ids: RawSQL
    total: Decimal
    grouped: str
    is_count: bool

    def visible(self) -> models.QuerySet[Any]:
        """Those of them that exist for whoever acts."""
        return self.model.objects.filter(pk__in=self.record_ids)  # type: ignore[attr-defined,no-any-return]  # every model has it

    def count(self) -> int:
        """How many there are, whoever acts."""
        if self.is_count:
            return int(self.total)
        return int(rows(text_of("SELECT count(*) FROM (", self.grouped, ") r"))[0][0])

    def hidden_count(self) -> int:
        """How many there are that do not exist for whoever acts."""
        return self.count() - self.visible().count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Why a figure is not what it was: a record's difference, or a move of organisations.

    For a distinct figure `value` is what the records add up to before subjects are counted once.
    """

    recorded_at: datetime
    actor: int | None
    value: Decimal
    org_id: int | None = None
    day: date | None = None
    record_id: int | None = None
    subject: int | None = None
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A figure and what it is made of; `rest` is what no part has, None where parts do not add up."""

    total: Figure
    parts: tuple[Figure, ...]
    rest: Decimal | None


def records_of(code: str, org: object, period: Period, as_of: AsOf = None) -> RecordSet:
    """Exactly the records whose differences make the figure."""
    declared = _posted(code)
    window = Window(period=period, as_of=as_of)
    statement = text_of(
        "SELECT d.record_id FROM (",
        _EVERY_DIFFERENCE,
        ") d",
        _HERE,
        _KNOWN,
        _bounds(declared),
        "AND d.recorded_at < %(before)s GROUP BY d.record_id HAVING sum(d.value) <> 0",
    )
    text = written_out(statement, {"city": CITY, **_params(declared, org, window)})
    text = text.replace("%", "%%")
    register_key, model = catalogue.source_of(declared.code)
    return RecordSet(
        register_key=register_key,
        model=model,
        record_ids=RawSQL(f"{text} ORDER BY d.record_id DESC", []),  # noqa: S611  composed above from constants
        total=recorded(declared.code, org, period, as_of),
        grouped=text,
        is_count=_is_count(declared),
    )


def _is_count(declared: Indicator) -> bool:
    """Whether each record that counts is 1: no subjects, no amounts, and none is taken off by another day."""
    one_each = declared.subject is None and declared.value == 1
    return one_each and (declared.is_stock or declared.taken_back is None)


def have_common(one: RecordSet, other: RecordSet) -> bool:
    """Whether some record bears on both figures, whoever acts."""
    both = unscoped(one.model).filter(pk__in=one.record_ids).filter(pk__in=other.record_ids)
    return one.model is other.model and both.exists()


def recorded(code: str, org: object, period: Period, as_of: AsOf = None) -> Decimal:
    """A posted figure as its records make it, also where another stands in for it."""
    declared, window = _posted(code), Window(period=period, as_of=as_of)
    found = reading.sums([declared], reading.asked([org_id_of(org)], window), window)
    return found[declared.code, org_id_of(org)]


def record_counts(
    codes: Iterable[str], orgs: Iterable[object], period: Period
) -> dict[tuple[str, int], int]:
    """How many records make each posted figure at and below organisations; none where there is none."""
    declared = {catalogue.id_of(code): _posted(code) for code in codes}
    window = Window(period=period)
    pieces = [
        text_of(_NODE_RECORDS, source, _AT_ORGS, of_kind, _KNOWN, bounds)
        for source in ("ledger_delta d", "ledger_hot d")
        for of_kind, bounds in ((_FLOWS, _FLOW), (_STOCKS, _STOCK))
    ]
    statement = text_of(
        "SELECT indicator, node, count(*) FROM (SELECT indicator, node FROM (",
        "\nUNION ALL\n".join(pieces),
        ") d GROUP BY indicator, node, record_id HAVING sum(value) <> 0) r GROUP BY 1, 2",
    )
    params = {
        **window.params(),
        "orgs": [org_id_of(org) for org in orgs],
        "flows": [key for key, each in declared.items() if not each.is_stock],
        "stocks": [key for key, each in declared.items() if each.is_stock],
    }
    return {(declared[key].code, node): count for key, node, count in rows(statement, params)}


def own_sums(
    codes: Iterable[str], orgs: Iterable[object], period: Period
) -> dict[tuple[str, int], Decimal]:
    """What organisations have of posted figures by their own records, without those below them.

    Subjects are added up record by record; what is not there is 0.
    """
    declared = {catalogue.id_of(code): _posted(code) for code in codes}
    statement = text_of(
        "SELECT d.indicator, d.org, sum(d.value) FROM (",
        *(_OWN, "ledger_delta", _OF_ORGS, "UNION ALL", _OWN, "ledger_hot", _OF_ORGS),
        ") d JOIN ledger_indicator i ON i.id = d.indicator",
        "WHERE d.day <= %(end)s AND (i.is_stock OR d.day >= %(start)s) GROUP BY 1, 2",
    )
    params = {
        "keys": list(declared),
        "orgs": [org_id_of(org) for org in orgs],
        "start": period.start,
        "end": period.end,
    }
    return {
        (declared[key].code, org): Decimal(int(value)) / declared[key].scale
        for key, org, value in rows(statement, params)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The subjects of a coverage that are expected and not there; `ids` are keys of `model`."""

    model: type[models.Model]
    ids: list[int]


def missing_of(code: str, org: object, period: Period, as_of: AsOf = None) -> Missing:
    """What a coverage still lacks at and below an organisation."""
    declared = catalogue.indicator(code)
    if declared.kind is not Kind.COVERAGE:
        raise DomainError(f"“{declared.name}”不是覆盖率，没有缺口清单。", code="indicator")
    actual, expected = map(catalogue.behind_alias, declared.over)
    model = contribution.subject_model(expected.code)
    if model is None:  # pragma: no cover - refused by the system check E206
        raise AssertionError
    window = Window(period=period, as_of=as_of)
    return Missing(model=model, ids=reading.missing(actual, expected, org_id_of(org), window))


def changes(
    code: str, org: object, period: Period, since: date | datetime, until: AsOf = None
) -> list[Change]:
    """What was recorded after `since` and up to `until` that bears on the figure, oldest first.

    Their values add up to the difference between the figure as of `until` and as of `since`.
    """
    declared = _posted(code)
    window = Window(period=period, as_of=until)
    params = {
        **_params(declared, org, window),
        "since": Window(period=period, as_of=since).before,
    }
    found = [*_posted_between(declared, params), *_moved_between(declared, params)]
    return sorted(found, key=lambda change: change.recorded_at)


def composition(
    code: str,
    org: object,
    period: Period,
    parts: Iterable[object],
    as_of: AsOf = None,
    *,
    issuer: str = "",
) -> Composition:
    """A figure and those of its parts, such as the organisations of the next level."""
    below = [org_id_of(part) for part in parts]
    whole = org_id_of(org)
    found = figures([code], [whole, *below], period, as_of, issuer=issuer)
    total = found[code, whole]
    declared = catalogue.behind_alias(code)
    rest = None
    is_sum = declared.is_posted and declared.subject is None and not total.marks
    if is_sum and total.value is not None:
        rest = total.value - sum(
            (found[code, part].value or Decimal(0) for part in below), Decimal(0)
        )
    return Composition(total=total, parts=tuple(found[code, part] for part in below), rest=rest)


def _posted(code: str) -> Indicator:
    declared = catalogue.behind_alias(code)
    if not declared.is_posted:
        names = "、".join(f"“{catalogue.indicator(source).name}”" for source in declared.over)
        raise DomainError(
            f"“{declared.name}”由{names}计算得出，请分别查看其记录。", code="indicator"
        )
    return declared


def _params(declared: Indicator, org: object, window: Window) -> dict[str, Any]:
    return {**window.params(), "indicator": catalogue.id_of(declared.code), "org": org_id_of(org)}


def _bounds(declared: Indicator) -> str:
    return _STOCK if declared.is_stock else _FLOW


def _posted_between(declared: Indicator, params: dict[str, Any]) -> list[Change]:
    statement = text_of(
        "SELECT d.recorded_at, d.actor, d.value, d.org, d.day, d.record_id, d.subject FROM (",
        _EVERY_DIFFERENCE,
        ") d",
        _HERE,
        _KNOWN,
        _bounds(declared),
        "AND d.recorded_at >= %(since)s AND d.recorded_at < %(before)s ORDER BY d.recorded_at, d.id",
    )
    return [
        Change(
            recorded_at=recorded_at,
            actor=actor,
            value=Decimal(value) / declared.scale,
            org_id=org,
            day=day,
            record_id=record,
            subject=subject,
        )
        for recorded_at, actor, value, org, day, record, subject in rows(statement, params)
    ]


def _moved_between(declared: Indicator, params: dict[str, Any]) -> list[Change]:
    statement = text_of(
        "SELECT a.known_at, sum(d.value * a.sign)::bigint FROM (",
        _EVERY_DIFFERENCE,
        ") d",
        _MOVED,
        _bounds(declared),
        "GROUP BY 1 HAVING sum(d.value * a.sign) <> 0",
    )
    effects = rows(statement, params)
    noted = Move.objects.filter(recorded_at__in=[moment for moment, _ in effects]).order_by("id")
    found = []
    for moment, value in effects:
        here = tuple(move for move in noted if move.recorded_at == moment)
        found.append(
            Change(
                recorded_at=moment,
                actor=here[0].actor if here else None,
                value=Decimal(value) / declared.scale,
                moves=here,
            )
        )
    return found
