"""Conditions with arrays: long lists travel as one, and a column may be asked against another's.

`column IN (1, 2, ...)` with some thousand values costs more to write out and to parse than to
answer; `column = ANY(array)` says the same, and every query of the program profits.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from django.db.models.expressions import ColPairs
from django.db.models.fields.related import ForeignObject
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In, Lookup

LONG = 40


def _is_long(lookup: Any) -> bool:
    return (
        lookup.rhs_is_direct_value()
        and not isinstance(lookup.lhs, ColPairs)
        and len(lookup.rhs) > LONG
        and all(value.__hash__ is not None for value in lookup.rhs)
    )


def _as_array(lookup: Any, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
    lhs, params = lookup.process_lhs(compiler, connection)
    given = [value for value in dict.fromkeys(lookup.rhs) if value is not None]
    _, values = lookup.get_db_prep_lookup(given, connection)
    return f"{lhs} = ANY(%s)", [*params, list(values)]


class LongIn(In):
    """`in` over a column."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The condition and its parameters."""
        if _is_long(self):
            return _as_array(self, compiler, connection)
        return super().as_sql(compiler, connection)


class LongRelatedIn(RelatedIn):
    """`in` over a foreign key."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The condition and its parameters."""
        if _is_long(self):
            return _as_array(self, compiler, connection)
        return super().as_sql(compiler, connection)


class AnyOf(Lookup):
    """`any_of`: the column's value is among those of an array, which may be another column's."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The condition and its parameters."""
        lhs, params = self.process_lhs(compiler, connection)
        rhs, more = self.process_rhs(compiler, connection)
        return f"{lhs} = ANY({rhs})", [*params, *more]


def register() -> None:
    """Take the place of Django's own two, and add one."""
    Field.register_lookup(LongIn)
    Field.register_lookup(AnyOf)
    ForeignObject.register_lookup(LongRelatedIn)
