"""An indicator as SQL: what every row of its register's table contributes.

The same text is run by the triggers on the rows of a statement (a CTE that bears the table's own
name hides the table) and by a recount on the whole table.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, FieldError
from django.db import connection, models
from django.db.models import Q

from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator, Kind
from gonghui.kernel.ledger.sql import written_out

_COLUMNS = "org, day, value, subject, record_id"


class BadIndicator(ValueError):
    """A declaration that cannot be made into SQL on the register's own columns; `hint` says where."""

    def __init__(self, message: str, *, number: str) -> None:
        super().__init__(message)
        self.number = number


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """SELECT of (org, day, value, subject, record_id) per counting row of `table`, without parameters."""

    code: str
    table: str
    columns: frozenset[str]
    select: str
    is_stock: bool
    has_subject: bool

    @property
    def fingerprint(self) -> str:
        """Changes whenever the figure may."""
        text = f"{self.select}|{self.is_stock}|{self.has_subject}"
        return hashlib.sha256(text.encode()).hexdigest()


def compiled(code: str) -> Contribution:
    """The contribution of a posted indicator, with its conditions written into the text."""
    declared = catalogue.indicator(code)
    model = catalogue.source_of(code)[1]
    return _Compiler(declared, model).contribution()


def subject_model(code: str) -> type[models.Model] | None:
    """The model whose rows an indicator counts once; None where the subject is no reference."""
    declared = catalogue.indicator(code)
    if not declared.is_posted or declared.subject is None:
        return None
    field = _Compiler(declared, catalogue.source_of(code)[1])._field(declared.subject)
    return field.related_model  # type: ignore[no-any-return]  # None for a plain number


class _Compiler:
    """Turns one declaration into SQL; every column must be the model's own."""

    def __init__(self, declared: Indicator, model: type[models.Model]) -> None:
        self.declared = declared
        self.model = model
        self.table = model._meta.db_table
        self.columns: set[str] = set()

    def contribution(self) -> Contribution:
        condition, params = self.condition()
        text = written_out(condition, params)
        return Contribution(
            code=self.declared.code,
            table=self.table,
            select=self.select(text),
            columns=frozenset(self.columns),
            is_stock=self.declared.is_stock,
            has_subject=self.declared.subject is not None,
        )

    def select(self, condition: str) -> str:
        """The rows that count, and the rows that take them off again where there are such."""
        org, subject = self.org(), self.subject()
        value, day = self.value(), self.day(self.declared.on)
        pk = self.column(self.model._meta.pk.name)
        parts = [
            f"SELECT {org} AS org, {day} AS day, {value} AS value, {subject} AS subject,",
            f"{pk}::bigint AS record_id FROM {self.quoted(self.table)} WHERE {condition}",
        ]
        ending = self.declared.until or self.declared.taken_back
        if ending is None:
            return " ".join(parts)
        until = self.day(ending)
        # A row that ends before it begins was valid on no day.
        parts.append(f"AND ({until} IS NULL OR {until} > {day})")
        parts += [
            f"UNION ALL SELECT {org}, {until}, -({value}), {subject}, {pk}::bigint",
            f"FROM {self.quoted(self.table)} WHERE {condition} AND {until} > {day}",
        ]
        return " ".join(parts)

    def condition(self) -> tuple[str, list[Any]]:
        """The declared condition, and what makes any row count at all, as SQL with parameters."""
        counts = Q(**{f"{self.declared.on}__isnull": False})
        if self.declared.subject:
            counts &= Q(**{f"{self.declared.subject}__isnull": False})
        if isinstance(self.declared.value, str):
            counts &= Q(**{f"{self.declared.value}__isnull": False}) & ~Q(
                **{self.declared.value: 0}
            )
        if any(field.name == "voided_at" for field in self.model._meta.concrete_fields):
            counts &= Q(voided_at__isnull=True)
        try:
            query = unscoped(self.model).filter(self.declared.where, counts).query
            compiler = query.get_compiler(connection=connection)
            sql, params = compiler.compile(query.where)
        except EmptyResultSet:
            raise BadIndicator("its condition holds for no row", number="E203") from None
        except (FieldError, FieldDoesNotExist, ValueError) as error:
            raise BadIndicator(str(error), number="E201") from error
        # A foreign key compared with nothing leaves a join behind that is not used.
        used = [alias for alias in query.alias_map if query.alias_refcount[alias]]
        if len(used) > 1 or "SELECT" in sql:
            raise BadIndicator("its condition looks into another table", number="E202")
        self._note_columns(sql)
        return sql, list(params)

    def org(self) -> str:
        """The organisation's id; an organisation's own row belongs to itself."""
        name = self.declared.org
        if name == "org" and getattr(self.model, "scope_column", "org") == "id":
            name = "id"
        self._must_be(
            name, (models.ForeignKey, models.IntegerField), "org must be a whole number or a link"
        )
        return f"{self.column(name)}::bigint"

    def day(self, name: str) -> str:
        """A date column, or the day in Shanghai of a moment."""
        field = self._must_be(name, (models.DateField,), f"{name} must be a date")
        column = self.column(name)
        if isinstance(field, models.DateTimeField):
            return f"({column} AT TIME ZONE 'Asia/Shanghai')::date"
        return column

    def value(self) -> str:
        """The amount in whole units of 1/scale."""
        value = self.declared.value
        if self.declared.kind is Kind.DISTINCT:
            return "1::bigint"
        if isinstance(value, int):
            return f"{value * self.declared.scale}::bigint"
        field = self._must_be(
            value, (models.IntegerField, models.DecimalField), f"{value} must be a number"
        )
        places = field.decimal_places if isinstance(field, models.DecimalField) else 0
        if self.declared.scale < 10**places:
            raise BadIndicator(
                f"scale must be at least {10**places} to keep {value} exact", number="E204"
            )
        return f"round({self.column(value)}::numeric * {self.declared.scale})::bigint"

    def subject(self) -> str:
        """Whoever is counted once, as a whole number."""
        if self.declared.subject is None:
            return "NULL::bigint"
        kinds = (models.ForeignKey, models.IntegerField)
        self._must_be(self.declared.subject, kinds, "subject must be a whole number or a link")
        return f"{self.column(self.declared.subject)}::bigint"

    def column(self, name: str) -> str:
        """A quoted column of the model's own table."""
        column = str(self._field(name).column)
        self.columns.add(column)
        return f"{self.quoted(self.table)}.{self.quoted(column)}"

    @staticmethod
    def quoted(name: str) -> str:
        return str(connection.ops.quote_name(name))

    def _field(self, name: str) -> Any:
        for field in self.model._meta.local_concrete_fields:
            if name in (field.name, field.attname):
                return field
        raise BadIndicator(f"{self.model.__name__} has no column {name}", number="E201")

    def _must_be(self, name: str, kinds: tuple[type[Any], ...], message: str) -> Any:
        field = self._field(name)
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        if not isinstance(field, kinds) or (
            target is not field and not isinstance(target, models.IntegerField)
        ):
            raise BadIndicator(message, number="E204")
        return field

    def _note_columns(self, sql: str) -> None:
        prefix = f"{self.quoted(self.table)}."
        own = [str(field.column) for field in self.model._meta.local_concrete_fields]
        self.columns.update(column for column in own if prefix + self.quoted(column) in sql)


def problem(declared: Indicator, model: type[models.Model]) -> BadIndicator | None:
    """Why a declaration cannot be compiled, without asking the database."""
    compiler = _Compiler(declared, model)
    try:
        compiler.condition()
        compiler.select("")
    except BadIndicator as found:
        return found
    return None
