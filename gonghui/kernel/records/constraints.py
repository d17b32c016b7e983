"""Constraints that need no database extension."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db.models import F, Func, Q, Value


def one_at_a_time(
    key: str | tuple[str, ...],
    name: str,
    condition: Q | None = None,
    *,
    start: str = "valid_from",
    end: str = "valid_to",
    message: str | None = None,
) -> ExclusionConstraint:
    """At any day at most one row per key; a row lasts from `start` to the day before `end`.

    A scalar is compared as a range of one number, because GiST equality on scalars needs an
    extension that the embedded server does not have.
    """
    keys = (key,) if isinstance(key, str) else key
    expressions = [
        (
            Func(
                F(column),
                F(column),
                Value("[]"),
                function="int8range",
                output_field=BigIntegerRangeField(),
            ),
            RangeOperators.OVERLAPS,
        )
        for column in keys
    ]
    span = Func(F(start), F(end), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, (span, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )
