"""The filters of a list, made from the fields that a register names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records.fields import Pii, SealedField, pii_of
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register
from gonghui.web import choosing, show
from gonghui.web.columns import column

Condition = Callable[[Any, QueryDict], Q]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter as the page shows it: `kind` is choice, range, day or link."""

    name: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    until: str = ""
    pk: str = ""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The filters with what was chosen, the condition they make, and how many are in use."""

    filters: list[Filter] = field(default_factory=list)
    condition: Q = field(default_factory=Q)
    in_use: int = 0


def read(register: Register, query: QueryDict) -> Filtered:
    """The filters of a register as a query string sets them; what makes no sense is left out."""
    filters: list[Filter] = []
    condition = Q()
    in_use = 0
    for path in register.filters:
        # The org has a filter of its own; a filter on a sensitive field would tell its values.
        if path == "org" or pii_of(column(register.model, path).field) is Pii.SENSITIVE:
            continue
        shown, wanted = _one(register, path, query)
        filters.append(shown)
        if wanted is not None:
            condition &= wanted
            in_use += 1
    return Filtered(filters, condition, in_use)


def _one(register: Register, path: str, query: QueryDict) -> tuple[Filter, Q | None]:
    which = column(register.model, path)
    options = _options(register, path, which.field)
    if options is not None:
        return _choice(which.label, path, which.field, options, query)
    if isinstance(which.field, models.ForeignKey):
        return _link(register, which.label, path, which.field, query)
    if isinstance(which.field, models.DateField):
        return _range(which.label, path, "day", _day, query, which.field)
    if show.is_number(which.field):
        return _range(which.label, path, "range", _number, query, which.field)
    return _text(which.label, path, which.field, query)


def _options(register: Register, path: str, source: Any) -> tuple[tuple[str, str], ...] | None:
    if path == "state":
        return show.state_words(register) or None
    if path in register.words:
        return tuple(register.words[path]().items())
    if isinstance(source, models.BooleanField):
        return (("1", "是"), ("0", "否"))
    labels: Mapping[Any, str] = show.labels_of(source)
    return tuple((str(code), label) for code, label in labels.items()) or None


def _choice(
    label: str, path: str, source: Any, options: tuple[tuple[str, str], ...], query: QueryDict
) -> tuple[Filter, Q | None]:
    known = {code for code, _ in options}
    chosen = [code for code in query.getlist(path) if code in known]
    shown = Filter(
        name=path,
        label=label,
        kind="choice",
        options=options,
        value=chosen[0] if len(chosen) == 1 else "",
    )
    if not chosen:
        return shown, None
    if isinstance(source, models.BooleanField):
        return shown, Q(**{f"{path}__in": [code == "1" for code in chosen]})
    if isinstance(source, ArrayField):
        return shown, Q(**{f"{path}__overlap": chosen})
    return shown, Q(**{f"{path}__in": chosen})


def _link(
    register: Register, label: str, path: str, source: Any, query: QueryDict
) -> tuple[Filter, Q | None]:
    target = source.related_model
    kept = query.get(f"{path}.pk", "")
    found = choosing.by_key(target.objects.all(), kept or query.get(path, ""))
    shown = Filter(
        name=path,
        label=label,
        kind="link",
        value=label_of(found, masked=True) if found else "",
        pk=f"{found.pk}|{label_of(found, masked=True)}" if found else "",
    )
    if found is None:
        return shown, None
    if isinstance(found, Org):
        return shown, Q(**{f"{path}__path__startswith": found.path})
    return shown, Q(**{path: found.pk})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**15 else None


def _range(
    label: str,
    path: str,
    kind: str,
    parse: Callable[[str], Any],
    query: QueryDict,
    source: Any,
) -> tuple[Filter, Q | None]:
    first, last = query.get(f"{path}.from", ""), query.get(f"{path}.to", "")
    low, high = parse(first), parse(last)
    suffix = "__date" if isinstance(source, models.DateTimeField) else ""
    wanted = Q()
    if low is not None:
        wanted &= Q(**{f"{path}{suffix}__gte": low})
    if high is not None:
        wanted &= Q(**{f"{path}{suffix}__lte": high})
    shown = Filter(
        name=path,
        label=label,
        kind=kind,
        value=first if low is not None else "",
        until=last if high is not None else "",
    )
    return shown, wanted or None


def _text(label: str, path: str, source: Any, query: QueryDict) -> tuple[Filter, Q | None]:
    text = query.get(path, "").replace("\x00", "").strip()
    shown = Filter(name=path, label=label, kind="text", value=text)
    if not text or isinstance(source, SealedField):
        return shown, None
    return shown, Q(**{f"{path}__icontains": text})
