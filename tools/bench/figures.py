"""Figures from the ledger, beside a live GROUP BY in PostgreSQL and in DuckDB."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from gonghui.base.periods import Period
from gonghui.kernel.access.scope import acting
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.contribution import compiled
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.drill import records_of
from gonghui.kernel.ledger.figures import figures
from tools.bench.data import HALF_YEAR, City
from tools.bench.results import Line, Table, Taken, counted, median

_LONG_AGO = Period(date(2009, 1, 1), date(2009, 6, 30))
_AS_OF = date(2009, 7, 15)
_FLOW = (
    "a.valid_from <= c.day AND a.valid_to > c.day AND c.day BETWEEN DATE '{start}' AND DATE '{end}'"
)
_STOCK = "a.valid_from <= DATE '{end}' AND a.valid_to > DATE '{end}' AND c.day <= DATE '{end}'"
_KINDS = {
    "boolean": "BOOLEAN",
    "date": "DATE",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "timestamp with time zone": "TIMESTAMPTZ",
}
_CSV = (
    "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
    " allow_quoted_nulls = false"
)

NOTES = (
    "(a) All indicators for ten counties and the first half of 2012 in one call of `figures`. Beside it,"
    " for the same counties and days, each posted indicator's own SQL joined to the counties' orgs and"
    " grouped, one statement per indicator, on PostgreSQL's live table and in DuckDB on a Parquet export"
    " of the columns it needs (the export itself is not counted). All three must tell the same numbers,"
    " or the run stops.",
    "(e) The records behind one county's new members: the statement's text, their total and the first 50"
    " of them as the county's user. `figures` as of 15 July 2009 for the first half of 2009.",
)


def measure(table: Table, city: City, size: int, *, quick: bool) -> None:
    """Take parts (a) and (e)."""
    codes = [one.code for one in catalogue.all_indicators()]
    posted = list(catalogue.posted())

    def ledger() -> dict[tuple[str, int], Any]:
        return figures(codes, city.counties, HALF_YEAR)

    with tempfile.TemporaryDirectory(prefix="gonghui-bench-") as folder:
        duck = Duck(Path(folder), posted)
        here = {one.code: statement_of(one, city, HALF_YEAR) for one in posted}
        expected = _told(ledger(), posted, city)
        _hold_against(expected, live(here), posted, "PostgreSQL")
        _hold_against(expected, duck.run(here), posted, "DuckDB")
        with counted() as queries:
            ledger()
        taken = Taken(
            seconds=median(ledger, 15),
            runs=15,
            queries=queries.count,
            beside=(median(lambda: live(here), 3), median(lambda: duck.run(here), 3)),
        )
        duck.close()
    table.add(
        "a",
        f"{len(codes)} indicators × 10 counties × half a year",
        taken,
        aim="< 100 ms, ≥ 50× faster than live, growing < 1.5×",
        beside=("live GROUP BY", "DuckDB"),
        is_met=_is_fast,
    )
    _one_county(table, city)
    _drill_down(table, city)


def _is_fast(line: Line) -> bool:
    return line.last.seconds < 0.1 and line.ratio(0) >= 50 and (line.growth or 1.0) < 1.5


def _one_county(table: Table, city: City) -> None:
    codes = [one.code for one in catalogue.all_indicators()]

    def long_ago() -> Any:
        return figures(codes, city.counties, _LONG_AGO, _AS_OF)

    posted = list(catalogue.posted())
    here = {one.code: statement_of(one, city, _LONG_AGO) for one in posted}
    with counted() as queries:
        long_ago()
    table.add(
        "e",
        "the same, as of a day three years back",
        Taken(
            seconds=median(long_ago, 9),
            runs=9,
            queries=queries.count,
            beside=(median(lambda: live(here), 3),),
        ),
        aim="< 300 ms",
        beside=("live GROUP BY of those days, as known today",),
        is_met=lambda line: line.last.seconds < 0.3,
    )


def _drill_down(table: Table, city: City) -> None:
    county = city.counties[0]

    def first_page() -> list[Any]:
        return list(records_of("members.new", county, HALF_YEAR).visible().order_by("-pk")[:50])

    model = catalogue.source_of("members.new")[1]

    def bare() -> list[Any]:
        wanted = model._meta.default_manager.filter(  # type: ignore[union-attr]  # it has one
            joined_on__range=(HALF_YEAR.start, HALF_YEAR.end), origin="new"
        )
        return list(wanted.order_by("-pk")[:50])

    with acting(city.actor):
        with counted() as queries:
            first_page()
        taken = Taken(
            seconds=median(first_page, 9),
            runs=9,
            queries=queries.count,
            beside=(median(bare, 9),),
        )
    table.add(
        "e",
        "drill-down: records behind a county's figure, first 50",
        taken,
        aim="< 300 ms",
        beside=("the same 50 rows by their own columns",),
        is_met=lambda line: line.last.seconds < 0.3,
    )


def statement_of(declared: Indicator, city: City, period: Period) -> str:
    """The indicator per county, straight from the records."""
    when = (_STOCK if declared.is_stock else _FLOW).format(start=period.start, end=period.end)
    counties = ", ".join(str(county.pk) for county in city.counties)
    inner = (
        f"SELECT a.ancestor_id AS node, c.subject, sum(c.value) AS value"
        f" FROM ({compiled(declared.code).select}) c JOIN kernel_orgs_organcestry a ON a.org_id = c.org"
        f" AND a.ancestor_id IN ({counties}) AND a.known_to > TIMESTAMPTZ '9998-12-31 00:00:00+00'"
        f" WHERE {when}"
    )
    if declared.subject:
        return f"SELECT node, count(*) FROM ({inner} GROUP BY 1, 2 HAVING sum(c.value) > 0) x GROUP BY 1"
    return f"SELECT node, sum(value) FROM ({inner} GROUP BY 1, 2) x GROUP BY 1"


def live(statements: dict[str, str]) -> dict[str, dict[int, int]]:
    """What each statement finds per organisation on the live tables."""
    found = {}
    with connection.cursor() as cursor:
        for code, statement in statements.items():
            cursor.execute(statement)
            found[code] = {node: int(value) for node, value in cursor.fetchall()}
    return found


def _told(
    found: dict[tuple[str, int], Any], posted: list[Indicator], city: City
) -> dict[str, dict[int, int]]:
    """Figures as whole units, those that are not 0."""
    told: dict[str, dict[int, int]] = {}
    for one in posted:
        values = {c.pk: int(found[one.code, c.pk].value * one.scale) for c in city.counties}
        told[one.code] = {node: value for node, value in values.items() if value}
    return told


def _hold_against(
    expected: dict[str, dict[int, int]],
    other: dict[str, dict[int, int]],
    posted: list[Indicator],
    whose: str,
) -> None:
    """A comparator that counts something else compares nothing."""
    for one in posted:
        found = {node: value for node, value in other[one.code].items() if value}
        if found != expected[one.code]:
            raise SystemExit(f"{whose}的“{one.code}”与账本不同：{found} {expected[one.code]}")


class Duck:
    """DuckDB with the same rows in Parquet files."""

    def __init__(self, folder: Path, posted: list[Indicator]) -> None:
        self.database = duckdb.connect()
        columns: dict[str, set[str]] = {}
        for contribution in (compiled(one.code) for one in posted):
            columns.setdefault(contribution.table, set()).update(contribution.columns)
        columns["kernel_orgs_organcestry"] = {
            "org_id", "ancestor_id", "valid_from", "valid_to", "known_to",
        }  # fmt: skip
        for table, names in columns.items():
            self._take_over(folder, table, sorted(names))

    def run(self, statements: dict[str, str]) -> dict[str, dict[int, int]]:
        """What each statement finds per county."""
        return {
            code: {node: int(value) for node, value in self.database.execute(text).fetchall()}
            for code, text in statements.items()
        }

    def close(self) -> None:
        """Let go of the files."""
        self.database.close()

    def _take_over(self, folder: Path, table: str, names: list[str]) -> None:
        raw, kept = folder / f"{table}.csv", folder / f"{table}.parquet"
        quoted = ", ".join(f'"{name}"' for name in names)
        with connection.cursor() as cursor, raw.open("wb") as file:
            copying = f"COPY (SELECT {quoted} FROM {table}) TO STDOUT (FORMAT csv)"
            with cursor.copy(copying) as copy:
                for part in copy:
                    file.write(part)
        kinds = _kinds_of(table)
        types = ", ".join(f"'{name}': '{kinds[name].removesuffix('[]')}'" for name in names)
        values = ", ".join(_taken_over(name, kinds[name]) for name in names)
        self.database.execute(
            f"COPY (SELECT {values} FROM read_csv('{raw}', columns = {{{types}}}, {_CSV}))"
            f" TO '{kept}' (FORMAT parquet)"
        )
        self.database.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{kept}')")


def _taken_over(name: str, kind: str) -> str:
    """A column of the CSV as DuckDB keeps it; lists are written {one,two}."""
    if kind.endswith("[]"):
        return f"string_split(trim(\"{name}\", '{{}}'), ',') AS \"{name}\""
    return f'"{name}"'


def _kinds_of(table: str) -> dict[str, str]:
    """DuckDB's types for a table's columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return {name: _kind(kind) for name, kind in cursor.fetchall()}


def _kind(kind: str) -> str:
    if kind.startswith("numeric"):
        return kind.replace("numeric", "DECIMAL")
    return _KINDS.get(kind) or ("VARCHAR[]" if kind.endswith("[]") else "VARCHAR")
