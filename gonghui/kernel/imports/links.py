"""From what stands in a sheet to the records that are meant, a whole column at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from gonghui.base.errors import DomainError
from gonghui.base.identity import normalise_id
from gonghui.kernel.imports.columns import Column
from gonghui.kernel.orgs.models import Division, Org, OrgState
from gonghui.kernel.people.models import Employer, IdType, Person
from gonghui.kernel.records import sealing

Found = Mapping[str, Any]
_SHOWN = 40


def is_link(column: Column) -> bool:
    """Whether the column's text stands for something else."""
    return column.cell.through is not None or getattr(column.field, "is_relation", False)


def resolve(column: Column, texts: set[str]) -> dict[str, Any]:
    """What each text stands for: a value, or the DomainError to show at the cell."""
    plain = {text: _plain(column, text) for text in texts}
    found = _resolver(column)(set(plain.values()))
    return {text: found.get(short, _not_found(column, text)) for text, short in plain.items()}


def _plain(column: Column, text: str) -> str:
    """Codes are written with blanks, in small letters and in full width."""
    return normalise_id(text) if column.label.endswith(("代码", "号码", "编码")) else text


def _not_found(column: Column, text: str) -> DomainError:
    message = column.cell.missing or f"没有找到“{text[:_SHOWN]}”，请核对。"
    return DomainError(message, field=column.name, code="missing")


def _resolver(column: Column) -> Callable[[set[str]], Found]:
    if column.cell.through is not None:
        return column.cell.through
    resolver = _BY_MODEL.get(column.field.related_model)
    if resolver is None:
        raise ImproperlyConfigured(f"the cell {column.label} must say what it goes `through`")
    return resolver


def orgs_named(texts: set[str]) -> Found:
    """Living organisations in scope by code, name or short name."""
    wanted = Q(code__in=texts) | Q(name__in=texts) | Q(short_name__in=texts)
    rows = Org.objects.filter(wanted).exclude(state=OrgState.DISSOLVED)
    return _by_names(texts, [(row, (row.code, row.name, row.short_name)) for row in rows])


def divisions_named(texts: set[str]) -> Found:
    """Administrative divisions by code or name."""
    rows = Division.objects.filter(Q(code__in=texts) | Q(name__in=texts))
    return _by_names(texts, [(row, (row.code, row.name)) for row in rows])


def employers_named(texts: set[str]) -> Found:
    """Employers in scope by credit code or name."""
    codes = {normalise_id(text): text for text in texts}
    rows = Employer.objects.filter(Q(uscc__in=codes) | Q(name__in=texts), voided_at=None)
    return _by_names(texts, [(row, (codes.get(row.uscc or "", ""), row.name)) for row in rows])


def persons_numbered(texts: set[str]) -> Found:
    """Persons in scope by the number of their identity card."""
    hashes = {sealing.keyed_hash(normalise_id(text)): text for text in texts}
    rows = Person.objects.filter(
        id_type=IdType.RESIDENT, id_no_hash__in=list(hashes), merged_into=None, voided_at=None
    )
    return {hashes[bytes(row.id_no_hash)]: row for row in rows}


def _by_names(texts: set[str], named: list[tuple[Any, tuple[str, ...]]]) -> Found:
    """A name that several bear finds none of them."""
    found: dict[str, Any] = {}
    for row, names in named:
        for name in {*names} & texts:
            if found.setdefault(name, row) is not row:
                found[name] = DomainError(f"有几个都叫“{name[:_SHOWN]}”，请改填代码。")
    return found


_BY_MODEL: dict[Any, Callable[[set[str]], Found]] = {
    Org: orgs_named,
    Division: divisions_named,
    Employer: employers_named,
    Person: persons_numbered,
}
