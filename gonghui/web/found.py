"""From the keys in an address to the register and the record; what is out of scope is not found."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import require
from gonghui.web.columns import joins, readable


def register_or_404(key: str) -> Register:
    """The register of a key."""
    found = registry.find(key)
    if found is None:
        raise Http404
    return found


def fields_shown(register: Register) -> list[str]:
    """The fields of a record's page: those of its sections, otherwise its columns."""
    names = [name for part in register.sections for name in part.fields] or list(register.columns)
    return readable(register.model, dict.fromkeys(names))


def record_or_404(register: Register, pk: int, actor: Actor, verb: str = "view") -> Any:
    """A record in scope, with what its page shows; raises NotAllowed without the verb on it."""
    if pk > 2**63 - 1:
        raise Http404
    wanted = joins(register.model, fields_shown(register))
    found: RecordBase | None = register.model.objects.filter(pk=pk).select_related(*wanted).first()
    if found is None:
        raise Http404
    require(actor, verb, register, found.org_id)  # type: ignore[attr-defined]  # a column of Record, a property of Org
    return found
