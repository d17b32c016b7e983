"""The triggers that post differences, made from the indicators.

`install` may run any time and changes only what differs from the declarations. Whatever changes
rows of a register's table is counted in the same transaction: verbs, bulk loads, repairs by hand.
TRUNCATE would go round the triggers and is refused where there are rows, except where the setting
`gonghui.allow_truncate` is on (test databases).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict

from django.db import connection, transaction

from gonghui.base import clock
from gonghui.kernel.ledger import catalogue, rebuilding
from gonghui.kernel.ledger.contribution import Contribution, compiled
from gonghui.kernel.ledger.models import InstalledIndicator
from gonghui.kernel.ledger.sql import ACTOR, MOMENT, lock_folding, rows, run

_MARK = "gonghui ledger "
_OURS = (
    "ledger_indicator",
    "ledger_hot",
    "ledger_delta",
    "ledger_day",
    "ledger_month",
    "ledger_repeat",
    "ledger_seal",
    "ledger_sealed",
)

_GUARDS = """
CREATE OR REPLACE FUNCTION ledger_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  holds_rows boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO holds_rows;
  IF holds_rows AND coalesce(current_setting('gonghui.allow_truncate', true), '') <> 'on' THEN
    RAISE EXCEPTION '% refuses TRUNCATE: its figures would not follow', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% refuses %: its rows are only ever added', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_delta
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_truncate BEFORE TRUNCATE ON ledger_delta
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate();
CREATE OR REPLACE TRIGGER ledger_truncate BEFORE TRUNCATE ON ledger_hot
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate();
CREATE OR REPLACE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_sealed
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE OR REPLACE TRIGGER ledger_truncate BEFORE TRUNCATE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate();
CREATE OR REPLACE TRIGGER ledger_truncate BEFORE TRUNCATE ON ledger_sealed
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate();
ALTER TABLE ledger_hot DROP CONSTRAINT IF EXISTS ledger_hot_pkey;
"""

_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $ledger$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO ledger_hot (indicator, org, day, value, subject, record_id, recorded_at, actor)
    SELECT p.indicator, p.org, p.day, p.value, p.subject, p.record_id, {moment}, {actor} FROM (
{inserted}
    ) p;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO ledger_hot (indicator, org, day, value, subject, record_id, recorded_at, actor)
    SELECT p.indicator, p.org, p.day, -p.value, p.subject, p.record_id, {moment}, {actor} FROM (
{deleted}
    ) p;
  ELSE
    INSERT INTO ledger_hot (indicator, org, day, value, subject, record_id, recorded_at, actor)
    SELECT p.indicator, p.org, p.day, sum(p.value), p.subject, p.record_id, {moment}, {actor} FROM (
      SELECT * FROM (
{inserted}
      ) n UNION ALL SELECT o.indicator, o.org, o.day, -o.value, o.subject, o.record_id FROM (
{deleted}
      ) o
    ) p
    GROUP BY p.indicator, p.org, p.day, p.subject, p.record_id HAVING sum(p.value) <> 0;
  END IF;
  RETURN NULL;
END $ledger$;
COMMENT ON FUNCTION {name}() IS '{mark}';
CREATE OR REPLACE TRIGGER ledger_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS ledger_new
  FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE OR REPLACE TRIGGER ledger_update AFTER UPDATE ON {table}
  REFERENCING OLD TABLE AS ledger_old NEW TABLE AS ledger_new
  FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE OR REPLACE TRIGGER ledger_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS ledger_old
  FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE OR REPLACE TRIGGER ledger_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate();
"""

_CONTRIBUTED = """
SELECT {indicator}::smallint AS indicator, c.* FROM (
  WITH {table} AS NOT MATERIALIZED (SELECT * FROM {rows})
  {select}
) c
"""


def install() -> list[str]:
    """Make triggers and installed indicators what is declared; the codes that were rebuilt come back."""
    existing = set(connection.introspection.table_names())
    if not existing.issuperset(_OURS):
        return []
    with transaction.atomic():
        lock_folding()
        run(_GUARDS.replace("%", "%%"))
        tables = _by_table()
        _lock(tables)
        changed = _enter([c for contributions in tables.values() for c in contributions])
        _drop_triggers_except(set(tables))
        for table, contributions in tables.items():
            _put_triggers(table, contributions)
        for code in changed:
            rebuilding.rebuild_one(code)
    return changed


def _by_table() -> dict[str, list[Contribution]]:
    """What every table contributes, as far as the table is migrated to what its indicators need."""
    tables: dict[str, list[Contribution]] = defaultdict(list)
    columns: dict[str, set[str]] = {}
    for contribution in (compiled(declared.code) for declared in catalogue.posted()):
        table = contribution.table
        if table not in columns:
            columns[table] = _columns_of(table)
        if contribution.columns <= columns[table]:
            tables[table].append(contribution)
    return tables


def _columns_of(table: str) -> set[str]:
    found = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%(table)s) AND NOT attisdropped",
        {"table": connection.ops.quote_name(table)},
    )
    return {name for (name,) in found}


def _lock(tables: dict[str, list[Contribution]]) -> None:
    """Keep writers out while indicators change hands, if any does."""
    names = [name for name, found in tables.items() if _function_mark(name) != _mark_of(found)]
    if names:
        quoted = ", ".join(connection.ops.quote_name(name) for name in sorted(names))
        run(f"LOCK TABLE {quoted} IN SHARE ROW EXCLUSIVE MODE")


def _enter(wanted: list[Contribution]) -> list[str]:
    """Give new indicators an id; the codes whose figures must be made anew come back."""
    known = {row.code: row for row in InstalledIndicator.objects.all()}
    last = max((row.id for row in known.values()), default=0)
    changed = []
    for contribution in wanted:
        row = known.pop(contribution.code, None)
        if row is None:
            last += 1
            row = InstalledIndicator(id=last, code=contribution.code, fingerprint="")
        if row.fingerprint != contribution.fingerprint:
            changed.append(row.code)
            row.fingerprint = contribution.fingerprint
            row.is_stock = contribution.is_stock
            row.has_subject = contribution.has_subject
            row.installed_at = clock.now()
            row.save()
    # An indicator that is no longer declared keeps its id and its past; should it return, it is
    # made anew from the records.
    gone = [row.pk for row in known.values()]
    InstalledIndicator.objects.filter(pk__in=gone).update(fingerprint="")
    catalogue.forget_ids()
    return changed


def _put_triggers(table: str, contributions: list[Contribution]) -> None:
    mark = _mark_of(contributions)
    if _function_mark(table) == mark and _has_triggers(table):
        return
    run(
        _FUNCTION.format(
            name=connection.ops.quote_name(_function_of(table)),
            table=connection.ops.quote_name(table),
            mark=mark,
            moment=MOMENT,
            actor=ACTOR,
            inserted=_union(contributions, "ledger_new"),
            deleted=_union(contributions, "ledger_old"),
        ).replace("%", "%%")
    )


def _union(contributions: list[Contribution], rows_of: str) -> str:
    """What the rows of a statement contribute: the CTE hides the table."""
    return "\nUNION ALL\n".join(
        _CONTRIBUTED.format(
            indicator=catalogue.id_of(c.code),
            table=connection.ops.quote_name(c.table),
            rows=rows_of,
            select=c.select,
        )
        for c in contributions
    )


def _function_of(table: str) -> str:
    return f"ledger_post_{table}"[:63]


def _mark_of(contributions: list[Contribution]) -> str:
    """What the comment on a function says of the indicators in it."""
    codes = [c.code for c in contributions]
    ids = dict(InstalledIndicator.objects.filter(code__in=codes).values_list("code", "id"))
    parts = [f"{ids.get(c.code)}:{c.fingerprint}" for c in contributions]
    digest = hashlib.sha256("\n".join([_FUNCTION, *parts]).encode()).hexdigest()
    return _MARK + digest


def _function_mark(table: str) -> str:
    found = rows(
        "SELECT obj_description(oid, 'pg_proc') FROM pg_proc WHERE proname = %(name)s",
        {"name": _function_of(table)},
    )
    return str(found[0][0]) if found else ""


def _has_triggers(table: str) -> bool:
    found = rows(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%(table)s) AND tgname LIKE 'ledger\\_%%'",
        {"table": f'"{table}"'},
    )
    return bool(found[0][0] == 4)


def _drop_triggers_except(tables: set[str]) -> None:
    """Tables that lost their last indicator post nothing any more."""
    found = rows(
        "SELECT proname FROM pg_proc WHERE obj_description(oid, 'pg_proc') LIKE %(mark)s",
        {"mark": f"{_MARK}%"},
    )
    kept = {_function_of(table) for table in tables}
    for (name,) in found:
        if name not in kept:
            run(f"DROP FUNCTION {connection.ops.quote_name(name)}() CASCADE")
