"""Looking a parameter up: the value in force on a day, for an org."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.parameters.models import Parameter


class Shape(StrEnum):
    """What a value must be, where the kind of its default does not tell: a day, or a day of every year."""

    DEFAULT = "default"
    DAY = "day"
    MONTH_DAY = "month_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A parameter as a line declares it: the value that holds until somebody sets another one."""

    code: str
    label: str
    default: Any
    unit: str
    source: str
    to_verify: bool = False
    shape: Shape = Shape.DEFAULT


_declared: dict[str, Declared] = {}
_kept: ContextVar[dict[str, Any] | None] = ContextVar("parameters", default=None)
T = TypeVar("T")


def declare(
    code: str,
    label: str,
    default: Any,
    unit: str = "",
    source: str = "",
    *,
    to_verify: bool = False,
    shape: Shape = Shape.DEFAULT,
) -> None:
    """Declare a parameter; a code has one declaration."""
    if code in _declared:
        raise ValueError(f"{code}: parameter is already declared")
    _declared[code] = Declared(
        code=code,
        label=label,
        default=default,
        unit=unit,
        source=source,
        to_verify=to_verify,
        shape=shape,
    )


def declared() -> tuple[Declared, ...]:
    """All declared parameters, by code."""
    return tuple(sorted(_declared.values(), key=lambda p: p.code))


def declaration_of(code: str) -> Declared:
    """The declaration of a code."""
    try:
        return _declared[code]
    except KeyError:
        raise DomainError(f"没有参数“{code}”。") from None


@contextmanager
def remembered() -> Iterator[None]:
    """Inside, parameters and holidays are read from the database once, however often they are needed."""
    token = _kept.set({}) if _kept.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _kept.reset(token)


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` gives; inside `remembered` it is called at most once per name."""
    kept = _kept.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    found: T = kept[name]
    return found


def _all_rows() -> Mapping[str, Sequence[Parameter]]:
    rows: dict[str, list[Parameter]] = {}
    for row in Parameter.objects.order_by("valid_from"):
        rows.setdefault(row.code, []).append(row)
    return rows


def _rows_of(code: str) -> Sequence[Parameter]:
    return once("parameters", _all_rows).get(code, ())


def is_local(code: str) -> bool:
    """Whether some org has a value of its own, so that the answer depends on the org."""
    return any(row.org_id is not None for row in _rows_of(code))


def value_of(code: str, *, on: date | None = None, org: Org | None = None) -> Any:
    """The value in force on a day (today if none), nearest to the org; else the declared default."""
    day = on or clock.today()
    found: dict[int | None, Any] = {
        row.org_id: row.value for row in _rows_of(code) if row.valid_from <= day
    }
    for org_id in [*reversed(org.chain if org else []), None]:
        if org_id in found:
            return found[org_id]
    return declaration_of(code).default


def number_of(code: str, *, on: date | None = None, org: Org | None = None) -> int:
    """A whole-number parameter."""
    return int(value_of(code, on=on, org=org))


def decimal_of(code: str, *, on: date | None = None, org: Org | None = None) -> Decimal:
    """A decimal parameter."""
    return Decimal(str(value_of(code, on=on, org=org)))
