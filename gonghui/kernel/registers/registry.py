"""All declared registers; importing a line's `registers.py` fills it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.registers.declare import Handover, Reaction, Register

_by_key: dict[str, Register] = {}
_by_model: dict[type[Any], Register] = {}


def register(declared: Register) -> Register:
    """Add a register; a key or model declared twice is a mistake at start-up."""
    if declared.key in _by_key or declared.model in _by_model:
        raise ValueError(f"{declared.key}: key or model is already registered")
    _by_key[declared.key] = declared
    _by_model[declared.model] = declared
    catalogue.add(declared.key, declared.model, declared.indicators)
    return declared


def indicators_on(key: str, indicators: Iterable[Indicator]) -> None:
    """Declare a line's own indicators over a register that it does not own, such as paid money."""
    found = register_of(key)
    catalogue.add(found.key, found.model, indicators)


def all_registers() -> tuple[Register, ...]:
    """Every register, in the order of the menu."""
    return tuple(sorted(_by_key.values(), key=lambda r: (r.line, r.order, r.key)))


def register_of(key_or_model: str | type[Any] | Any) -> Register:
    """The register of a key, a model or a record; KeyError where there is none."""
    if isinstance(key_or_model, str):
        return _by_key[key_or_model]
    model = key_or_model if isinstance(key_or_model, type) else type(key_or_model)
    return _by_model[model]


def find(key: str) -> Register | None:
    """The register of a key, if declared."""
    return _by_key.get(key)


def of_model(model: type[Any]) -> Register | None:
    """The register of a model, if declared."""
    return _by_model.get(model)


def children_of(parent: Register) -> Iterator[Register]:
    """The registers whose rows belong to records of this one."""
    for candidate in all_registers():
        if candidate.parent is None:
            continue
        link = candidate.model._meta.get_field(candidate.parent)
        if link.related_model is parent.model:
            yield candidate


def reactions_to(key: str, action: str) -> list[Reaction]:
    """What other registers declared to follow from an action."""
    return [r for reg in all_registers() for r in reg.reacts if (r.to, r.action) == (key, action)]


def handovers_from(key: str) -> list[tuple[Register, Handover]]:
    """The registers that take records of this one."""
    return [(reg, h) for reg in all_registers() for h in reg.accepts if h.source == key]
