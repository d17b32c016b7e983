"""What hangs on a record: rows of child registers, and loose links to other records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.records.models import RecordLink
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, may
from gonghui.web import moves, show
from gonghui.web.columns import Column, cell, columns_of, joins, readable, record_url

MOST_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """A row of a child register on its parent's page."""

    href: str
    edit_href: str | None
    void_href: str | None
    is_voided: bool
    cells: list[show.Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child register's table on its parent's page."""

    register: Register
    columns: list[Column]
    rows: list[ChildRow]
    add_href: str | None
    import_href: str | None
    has_more: bool


def children(actor: Actor, register: Register, record: Any) -> list[Child]:
    """The tables of a record's child registers."""
    return [
        _child(actor, below, record, is_closed=moves.is_closed(register, record))
        for below in registry.children_of(register)
        if may(actor, "view", below, record.org_id)
    ]


def _child(actor: Actor, register: Register, record: Any, *, is_closed: bool) -> Child:
    names = [n for n in register.columns if n not in {register.parent, "org"}]
    shown = columns_of(register, readable(register.model, names))
    wanted = joins(register.model, [which.path for which in shown])
    found = list(
        register.model.objects.filter(**{str(register.parent): record})
        .select_related(*wanted)
        .order_by("pk")[: MOST_ROWS + 1]
    )
    may_add = not is_closed and may(actor, "add", register, record.org_id)
    add = reverse("web:new", args=[register.key]) + f"?parent={record.pk}"
    return Child(
        register=register,
        columns=shown,
        rows=[_child_row(actor, register, row, shown) for row in found[:MOST_ROWS]],
        add_href=add if may_add and register.form_fields else None,
        import_href=None if is_closed else _import_href(actor, register, record),
        has_more=len(found) > MOST_ROWS,
    )


def _import_href(actor: Actor, register: Register, record: Any) -> str | None:
    """Where a sheet of the record's child rows is uploaded, if the actor may."""
    if register.import_sheet is None or not may(actor, "import", register, record.org_id):
        return None
    return reverse("web:import", args=[register.key]) + f"?in={record.pk}"


def _child_row(actor: Actor, register: Register, row: Any, shown: list[Column]) -> ChildRow:
    def address(name: str) -> str:
        return reverse(f"web:{name}", args=[register.key, row.pk])

    return ChildRow(
        href=record_url(register, row),
        edit_href=address("edit") if moves.may_edit(actor, register, row) else None,
        void_href=address("void") if moves.may_void(actor, register, row) else None,
        is_voided=row.voided_at is not None,
        cells=[cell(actor, register, row, which) for which in shown],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A record that is linked to the one in hand."""

    kind: str
    register: Register
    label: str
    href: str
    state: str
    colour: str


@dataclass(frozen=True, slots=True)
class Links:
    """The linked records that exist for the actor, and how many do not."""

    shown: list[Linked]
    hidden: int


def links(actor: Actor, register: Register, record: Any) -> Links:
    """The records linked to a record, whichever side made the link."""
    found = RecordLink.objects.filter(
        Q(from_register=register.key, from_id=record.pk)
        | Q(to_register=register.key, to_id=record.pk)
    ).order_by("id")
    ends: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in found:
        is_from = (link.from_register, link.from_id) == (register.key, record.pk)
        key, pk = (link.to_register, link.to_id) if is_from else (link.from_register, link.from_id)
        ends[key].append((pk, link.kind))
    shown: list[Linked] = []
    total = 0
    for key, others in ends.items():
        total += len(others)
        other = registry.find(key)
        if other is not None:
            shown += _visible(actor, other, others)
    return Links(shown, total - len(shown))


def _visible(actor: Actor, register: Register, others: list[tuple[int, str]]) -> list[Linked]:
    names = joins(register.model, register.columns)
    rows = register.model.objects.select_related(*names).in_bulk([pk for pk, _ in others])
    return [
        Linked(
            kind=kind,
            register=register,
            label=label_of(rows[pk], masked=masked_for(actor, register, rows[pk])),
            href=record_url(register, rows[pk]),
            state=show.state_label(register, rows[pk].state),
            colour=show.state_colour(register, rows[pk].state),
        )
        for pk, kind in others
        if pk in rows and may(actor, "view", register, rows[pk].org_id)
    ]
