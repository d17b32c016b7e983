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
    for prefix, owner in _owners(model, places).items():
        found |= _in_owner(prefix, owner, word)
    for place in places:
        found |= Q(**{f"{place}__icontains": word})
    return found


def _owners(model: type[models.Model], places: tuple[str, ...]) -> dict[str, Any]:
    """The models that hold the searched fields, by the prefix of their paths."""
    owners: dict[str, Any] = {"": model}
    for place in places:
        along = fields_along(model, place)
        prefix = place[: len(place) - len(along[-1].name)]
        owners[prefix] = along[-1].model
    return owners


def _in_owner(prefix: str, owner: Any, word: str) -> Q:
    names = {field.name for field in owner._meta.concrete_fields}
    found = Q(pk__in=[])
    if "initials" in names and _LETTERS.fullmatch(word):
        found |= Q(**{f"{prefix}initials__startswith": word.lower()})
    number = normalise_id(word)
    if "id_no_hash" in names and _ID_NUMBER.fullmatch(number):
        found |= Q(**{f"{prefix}id_no_hash": sealing.keyed_hash(_whole(number))})
    return found


def _whole(number: str) -> str:
    """The 18-character form that was hashed; an invalid number finds nothing."""
    try:
        return parse_id_number(number).value
    except DomainError:
        return number
