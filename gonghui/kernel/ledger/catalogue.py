"""All declared indicators, by code, by name and by register."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from gonghui.base.errors import DomainError
from gonghui.kernel.ledger.declare import Indicator, Kind
from gonghui.kernel.ledger.models import InstalledIndicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The register whose records make an indicator."""

    register_key: str
    model: type[models.Model]


_indicators: dict[str, Indicator] = {}
_sources: dict[str, Source] = {}
_names: dict[str, str] = {}
_ids: dict[str, int] = {}


def add(register_key: str, model: type[Any], indicators: Iterable[Indicator]) -> None:
    """Take in a register's indicators; a code or name declared twice is a mistake at start-up."""
    for declared in indicators:
        if declared.code in _indicators:
            raise ValueError(f"{declared.code}: indicator is already declared")
        for name in (declared.name, *declared.aliases):
            if name in _names:
                raise ValueError(f"{declared.code}: “{name}” already names {_names[name]}")
            _names[name] = declared.code
        _indicators[declared.code] = declared
        _sources[declared.code] = Source(register_key=register_key, model=model)


def indicator(code: str) -> Indicator:
    """The indicator of a code; an unknown one is refused with the codes that look like it."""
    found = _indicators.get(code)
    if found is None:
        raise _unknown(code, _indicators)
    return found


def is_declared(code: str) -> bool:
    """Whether there is an indicator of a code."""
    return code in _indicators


def all_indicators() -> tuple[Indicator, ...]:
    """Every indicator, by code."""
    return tuple(_indicators[code] for code in sorted(_indicators))


def matching(text: str) -> list[Indicator]:
    """The indicators whose name, alias, code or definition has every word of a text, by code."""
    words = text.casefold().split()
    return [one for one in all_indicators() if all(word in _described(one) for word in words)]


def _described(one: Indicator) -> str:
    meant = behind_alias(one.code).definition
    return " ".join((one.name, *one.aliases, one.code, meant)).casefold()


def posted() -> tuple[Indicator, ...]:
    """The indicators whose differences the database posts, by code."""
    return tuple(declared for declared in all_indicators() if declared.is_posted)


def by_name(name: str) -> Indicator:
    """The indicator of a Chinese name, an alias or a code."""
    code = name if name in _indicators else _names.get(name.strip())
    if code is None:
        raise _unknown(name, [*_names, *_indicators])
    return _indicators[code]


def source_of(code: str) -> tuple[str, type[models.Model]]:
    """The key and the model of the register that declares an indicator."""
    indicator(code)
    source = _sources[code]
    return source.register_key, source.model


def line_of(code: str) -> str:
    """The line of work whose register declares an indicator."""
    return source_of(code)[0].partition(".")[0]


def behind_alias(code: str) -> Indicator:
    """The indicator itself, or the one that an alias stands for."""
    found = indicator(code)
    seen = {code}
    while found.kind is Kind.ALIAS:
        found = indicator(found.over[0])
        if found.code in seen:
            raise DomainError(
                f"指标“{code}”的别名互相引用，无法计算。请修改指标声明。", code="indicator"
            )
        seen.add(found.code)
    return found


def posted_behind(code: str) -> frozenset[str]:
    """The posted indicators that an indicator is made of; of a posted one itself."""
    found = indicator(code)
    if found.is_posted:
        return frozenset({code})
    return frozenset().union(*(posted_behind(source) for source in found.over))


def id_of(code: str) -> int:
    """The number by which the ledger's tables know a posted indicator."""
    if code not in _ids:
        _ids.update(InstalledIndicator.objects.values_list("code", "id"))
    if code not in _ids:
        raise DomainError(
            f"指标“{indicator(code).name}”（{code}）尚未装入数据库，请先运行数据库升级。",
            code="indicator",
        )
    return _ids[code]


def forget_ids() -> None:
    """Read the numbers again at the next need."""
    _ids.clear()


def _unknown(name: str, among: Iterable[str]) -> DomainError:
    near = difflib.get_close_matches(name, list(among), n=3, cutoff=0.4)
    hint = f"相近的有：{'、'.join(near)}。" if near else "请在指标目录中查找。"
    return DomainError(f"没有指标“{name}”。{hint}", code="unknown_indicator")
