"""The default manager of every record: rows outside the scope do not exist."""

from __future__ import annotations

from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models.expressions import Expression
from django.db.models.sql import Query

from gonghui.kernel.access.scope import current_actor


class InScope(Expression):
    """True for rows whose org column lies in the scope in force when the query runs."""

    conditional = True

    def __init__(self, column: str) -> None:
        super().__init__(output_field=models.BooleanField())
        self.column: Any = models.F(column)

    def get_source_expressions(self) -> list[Any]:
        """The org column."""
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        """Replace the org column, as relabelling does."""
        (self.column,) = exprs

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Self:
        """Bind the column to a query."""
        bound = self.copy()
        bound.column = self.column.resolve_expression(*args, **kwargs)
        return bound

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Write the condition for whoever acts now."""
        actor = current_actor()
        if actor.whole_city:
            return "TRUE", []
        sql, params = compiler.compile(self.column)
        return f"{sql} = ANY(%s)", [*params, list(actor.org_ids)]


@cache
def _scoped(model: type[models.Model]) -> Query:
    """The query of all rows that exist for whoever acts when it runs; it is only ever copied."""
    condition = InScope(getattr(model, "scope_column", "org"))
    return models.QuerySet(model).filter(condition).query


class ScopedManager(models.Manager[Any]):
    """Yields only rows in the scope in force."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Any]:
        """All rows of the model that exist for whoever acts."""
        rows = super().get_queryset()
        model: type[models.Model] = self.model
        rows.query = _scoped(model).chain()
        return rows
