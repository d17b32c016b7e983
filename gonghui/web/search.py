"""The search box: Chinese text, pinyin initials, numbers, whole identity numbers."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models import Q

from gonghui.base.errors import DomainError
from gonghui.base.identity import normalise_id, parse_id_number
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.declare import Register
from gonghui.web.columns import fields_along

LONGEST = 60
FEW = 2_000
_LETTERS = re.compile(r"[a-zA-Z0-9]+")
_ID_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9X]")


def condition(register: Register, text: str) -> Q | None:
    """What rows must fulfil to match a search text; None when there is nothing to look for."""
    words = text.replace("\x00", "").strip()[:LONGEST].split()
    if not words:
        return None
    found = Q()
    for word in words:
        found &= _any_place(register.model, register.search, word)
    return found


def for_model(model: type[models.Model], text: str, places: tuple[str, ...] = ()) -> Q:
    """The same for a model that somebody chooses from, in the places where it is named."""
    names = {field.name for field in model._meta.concrete_fields}
    usual = ("name", "short_name", "number", "code", "uscc", "title")
    where = places or tuple(name for name in usual if name in names)
    return _any_place(model, where, text.replace("\x00", "").strip()[:LONGEST])


def _any_place(model: type[models.Model], places: tuple[str, ...], word: str) -> Q:
    found = Q(pk__in=[])
    owners = _owners(model, places)
    number = normalise_id(word)
    if _ID_NUMBER.fullmatch(number):
        # A whole identity number means one person: nothing else need be looked through.
        owners = {p: (o, []) for p, (o, _) in owners.items() if _bears(o)} or owners
    for prefix, (owner, names) in owners.items():
        here = _in_owner(owner, names, word)
        found |= Q(**{f"{prefix}__in": _keys(owner, here)}) if prefix else here
    return found


def _keys(owner: Any, wanted: Q) -> Any:
    """The keys of another table's rows, found by its own indexes; few are written out.

    Written out they let the planner take the list's rows by an index of theirs; behind a sub-query
    it has to go through the whole list. They only narrow rows of the list, which are in scope.
    """
    rows: Any = models.QuerySet(model=owner).filter(wanted).values_list("pk", flat=True)
    few = list(rows.order_by()[: FEW + 1])
    return few if len(few) <= FEW else rows


def _bears(owner: Any) -> bool:
    return any(field.name == "id_no_hash" for field in owner._meta.concrete_fields)


def _owners(model: type[models.Model], places: tuple[str, ...]) -> dict[str, tuple[Any, list[str]]]:
    """The models that hold the searched fields and the fields' names, by the path to them."""
    owners: dict[str, tuple[Any, list[str]]] = {"": (model, [])}
    for place in places:
        last = fields_along(model, place)[-1]
        prefix = place.removesuffix(last.name).removesuffix("__")
        owners.setdefault(prefix, (last.model, []))[1].append(last.name)
    return owners


def _in_owner(owner: Any, names: list[str], word: str) -> Q:
    columns = {field.name for field in owner._meta.concrete_fields}
    found = Q(pk__in=[])
    for name in names:
        found |= Q(**{f"{name}__{_lookup(owner, name)}": word})
    if "initials" in columns and _LETTERS.fullmatch(word):
        found |= Q(initials__startswith=word.lower())
    number = normalise_id(word)
    if _bears(owner) and _ID_NUMBER.fullmatch(number):
        found |= Q(id_no_hash=sealing.keyed_hash(_whole(number)))
    return found


def _lookup(owner: Any, name: str) -> str:
    """Where a table is so large that it has an index by beginnings, people type beginnings."""
    by_beginning = any(
        index.fields == [name] and index.opclasses == ["varchar_pattern_ops"]
        for index in owner._meta.indexes
    )
    return "startswith" if by_beginning else "icontains"


def _whole(number: str) -> str:
    """The 18-character form that was hashed; an invalid number finds nothing."""
    try:
        return parse_id_number(number).value
    except DomainError:
        return number
