"""Which records refer to a record: over the registers of all lines, by looking at their columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import all_registers


def columns_to(model: type[models.Model]) -> Iterator[tuple[Register, str]]:
    """Every register's columns that refer to records of a model."""
    for register in all_registers():
        for field in register.model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is model:
                yield register, field.name


def uses_of(record: Any) -> dict[str, int]:
    """How many records refer to a record, in the whole city, by the name of their register."""
    counts: dict[str, int] = {}
    with acting(SYSTEM):
        for register, column in columns_to(type(record)):
            rows = register.model.objects.filter(**{column: record.pk, "voided_at": None})
            if count := rows.count():
                name = str(register.model._meta.verbose_name)
                counts[name] = counts.get(name, 0) + count
    return counts


def check_is_unused(record: Any) -> None:
    """A record that others refer to stays: they would speak of something that is not there."""
    uses = uses_of(record)
    if uses:
        listed = "、".join(f"{name}{count}条" for name, count in uses.items())
        raise DomainError(f"还有{listed}引用“{record}”，不能作废，请先更正这些记录。", code="used")
