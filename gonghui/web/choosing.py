"""Finding the record that somebody means by what he typed or picked in a choice."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org, OrgState
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.web import search
from gonghui.web.columns import joins

SHOWN = 12
# The fields by which a text names one record, surest first.
_EXACT = ("code", "uscc", "number", "name", "short_name", "title")


def candidates(register: Register, name: str, record: Any) -> QuerySet[Any]:
    """What a link field of a register may be set to.

    `choose_from[name](record)` narrows it; the record is the one being edited, or a new one in
    memory with its org and parent set as far as they are known.
    """
    field = register.model._meta.get_field(name)
    narrow = register.choose_from.get(name)
    rows: QuerySet[Any] = narrow(record) if narrow is not None else current(field.related_model)
    return rows


def current(model: Any) -> QuerySet[Any]:
    """The rows of a model that new records may still refer to."""
    names = {field.name for field in model._meta.concrete_fields}
    rows: QuerySet[Any] = model.objects.all()
    if "voided_at" in names:
        rows = rows.filter(voided_at=None)
    if "merged_into" in names:
        rows = rows.filter(merged_into=None)
    return rows


def orgs() -> QuerySet[Any]:
    """The orgs in scope that are not dissolved."""
    return current(Org).exclude(state=OrgState.DISSOLVED)


def by_key(rows: QuerySet[Any], kept: str) -> Any | None:
    """The row of `17` or `17|its label`, as choices keep it."""
    key = kept.partition("|")[0].strip()
    if not key.isdecimal() or len(key) > 18:
        return None
    return rows.filter(pk=int(key)).first()


def matches(rows: QuerySet[Any], text: str, limit: int = SHOWN) -> list[Any]:
    """The rows that a text may mean, in alphabetical order where they have one."""
    model = rows.model
    names = {field.name for field in model._meta.concrete_fields}
    if text.strip():
        rows = rows.filter(_condition(model, text))
    order = next((name for name in ("sort_key", "code", "number") if name in names), "pk")
    wanted = joins(model, [f.name for f in model._meta.concrete_fields if _is_label_link(f)])
    return list(rows.select_related(*wanted).order_by(order, "pk")[:limit])


def _condition(model: Any, text: str) -> Q:
    register = _register_of(model)
    found = search.for_model(model, text)
    if register is not None and register.search:
        found |= search.condition(register, text) or Q()
    return found


def _is_label_link(field: Any) -> bool:
    return isinstance(field, models.ForeignKey) and not field.null


def _register_of(model: type[models.Model]) -> Register | None:
    try:
        return registry.register_of(model)
    except KeyError:
        return None


def resolve(rows: QuerySet[Any], text: str, kept: str, label: str) -> Any:
    """The one row that a picked or typed text means; raises DomainError where that is not clear."""
    text = text.strip()
    key, _, picked = kept.partition("|")
    if key and picked == text:
        found = by_key(rows, kept)
        if found is not None:
            return found
    exact = _exact(rows, text)
    if len(exact) == 1:
        return exact[0]
    near = exact or matches(rows, text, limit=6)
    if len(near) == 1:
        return near[0]
    if not near:
        raise DomainError(f"没有找到“{text}”，可能不在您的范围内。请输入{label}的名称或编号再试。")
    some = "、".join(hint(row) for row in near[:5])
    more = "等" if len(near) > 5 else ""
    raise DomainError(f"“{text}”不止一个：{some}{more}。请从列表中点选，或输入编号。")


def _exact(rows: QuerySet[Any], text: str) -> list[Any]:
    names = {field.name for field in rows.model._meta.concrete_fields}
    for name in _EXACT:
        if name in names:
            found = list(rows.filter(**{name: text})[:6])
            if found:
                return found
    return []


def is_masked(actor: Actor, row: Any) -> bool:
    """Whether the actor may read the names in a candidate's label."""
    register = _register_of(type(row))
    org_id = getattr(row, "org_id", None)
    if register is not None:
        return not may(actor, "view", register, org_id)
    return False


def hint(row: Any) -> str:
    """What tells a candidate from others of the same name: its number, code or org."""
    parts = [label_of(row, masked=False)]
    for name in ("code", "number", "uscc"):
        value = getattr(row, name, "")
        if value and value not in parts[0]:
            parts.append(str(value))
            break
    return "　".join(parts)
