"""Writing many rows at once: COPY instead of one long INSERT, a list of values instead of a CASE per row.

Triggers, defaults and constraints hold as for any other write; errors are Django's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import connection, connections, models
from django.db.models.base import ModelState

# Beyond so many rows a temporary table costs less than it saves.
FEW = 50
M = TypeVar("M", bound=models.Model)
_LENGTH = re.compile(r"\(\d+(?:, ?\d+)?\)")


def blank(model: type[M]) -> M:
    """`model()`, several times faster: the constant defaults are laid down once per model."""
    constant, computed = _defaults(model)
    record = model.__new__(model)
    record.__dict__.update(constant)
    record._state = ModelState()
    for name, default in computed:
        record.__dict__[name] = default()
    return record


@cache
def _defaults(
    model: type[models.Model],
) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]:
    """The values that a new record begins with, and those to be made for each record anew."""
    computed = {
        field.attname: field.get_default
        for field in model._meta.concrete_fields
        if field.has_default() and callable(field.default)
    }
    fresh = {name: value for name, value in model().__dict__.items() if name != "_state"}
    constant = {name: value for name, value in fresh.items() if name not in computed}
    return constant, tuple(computed.items())


def insert(
    model: type[models.Model], records: Sequence[models.Model], *, keyed: bool = True
) -> None:
    """Insert new rows whose keys are set; not `keyed`, the database numbers them and tells nobody."""
    if len(records) == 1:
        model._base_manager.bulk_create(records)
        return
    if not records:
        return
    fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
    _copy(connection.ops.quote_name(model._meta.db_table), fields, records, adding=True)
    for record in records:
        record._state.adding = False
        record._state.db = connection.alias


def update(
    model: type[models.Model], records: Sequence[models.Model], names: Sequence[str]
) -> None:
    """Update some fields of rows that exist, one set of values per row."""
    if not records:
        return
    wanted = set(names)
    changed = [field for field in model._meta.concrete_fields if field.name in wanted]
    fields = [model._meta.pk, *changed]
    with connection.cursor() as cursor:
        if len(records) < FEW:
            source, values = _listed(fields, records)
        else:
            source, values = _loaded(model, fields, records), []
        table, key, *columns = _quoted(model._meta.db_table, *(field.column for field in fields))
        assignments = ", ".join(f"{name} = c.{name}" for name in columns)
        cursor.execute(
            f"UPDATE {table} t SET {assignments} FROM {source} WHERE t.{key} = c.{key}",  # noqa: S608  # names from the models
            values,
        )


def _quoted(*names: Any) -> list[str]:
    return [connection.ops.quote_name(name) for name in names]


def _listed(fields: Sequence[Any], records: Sequence[models.Model]) -> tuple[str, list[Any]]:
    """The records' values as a list within the statement.

    Each has its column's type without the length: the column itself refuses what is too long.
    """
    row = ", ".join(f"%s::{_type_of(field)}" for field in fields)
    rows = ", ".join([f"({row})"] * len(records))
    writers = [_writer(field, adding=False) for field in fields]
    columns = ", ".join(_quoted(*(field.column for field in fields)))
    return f"(VALUES {rows}) AS c ({columns})", [w(record) for record in records for w in writers]


def _type_of(field: Any) -> str:
    return _LENGTH.sub("", str(field.db_type(connection)))


def _loaded(
    model: type[models.Model], fields: Sequence[Any], records: Sequence[models.Model]
) -> str:
    """The records' values in a temporary table."""
    table, *columns = _quoted(model._meta.db_table, *(field.column for field in fields))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS gonghui_changed")
        cursor.execute(
            f"CREATE TEMP TABLE gonghui_changed ON COMMIT DROP AS"  # noqa: S608  # names from the models
            f" SELECT {', '.join(columns)} FROM {table} WITH NO DATA"
        )
    _copy("gonghui_changed", fields, records, adding=False)
    return "gonghui_changed c"


def _copy(
    table: str, fields: Sequence[Any], records: Sequence[models.Model], *, adding: bool
) -> None:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    statement = f"COPY {table} ({columns}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(statement) as rows,
    ):
        writers = [_writer(field, adding) for field in fields]
        for record in records:
            rows.write_row([write(record) for write in writers])


def _writer(field: Any, adding: bool) -> Callable[[Any], Any]:
    """What a field stores for a record; most values go to the database as they are."""
    here = connections[connection.alias]

    def prepared(record: Any) -> Any:
        return field.get_db_prep_save(field.pre_save(record, adding), here)

    plain = bytes if isinstance(field, models.BinaryField) else _PLAIN.get(type(field))
    if plain is None or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return prepared
    name = field.attname

    def quick(record: Any) -> Any:
        value = getattr(record, name)
        return value if value is None or type(value) is plain else prepared(record)

    return quick


# For these fields a value of exactly this type is stored unchanged.
_PLAIN: dict[type[Any], type[Any]] = {
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.ForeignKey: int,
    models.DateField: date,
    models.DateTimeField: datetime,
}
