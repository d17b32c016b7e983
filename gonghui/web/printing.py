"""What a declared form prints of a record: masked as on the record's page for whoever prints.

Sensitive values, and personal ones that the page masks, are printed in clear only for a stated
purpose by whoever holds `reveal` on the register that keeps them; each is noted like a look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.form_writer import build_form, build_roster
from gonghui.kernel.docx.forms import TODAY, Field, Form, Roster, Rows, path_of
from gonghui.kernel.docx.saying import day_in_words
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import Pii, SealedField, pii_of
from gonghui.kernel.records.reveals import note_reveals
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Print, Register
from gonghui.kernel.registers.permission import masked_for, may, may_reveal
from gonghui.web import show
from gonghui.web.columns import Column, column, joins, owner_at, text_of, value_at

MOST_ROWS = 2000


class Printing:
    """A form's source of texts; `withheld` says after printing what a purpose would have shown."""

    def __init__(
        self, actor: Actor, register: Register, record: Any, form: Form, *, purpose: str = ""
    ) -> None:
        self.actor, self.register, self.record, self.form = actor, register, record, form
        self.purpose = purpose
        self.withheld: set[tuple[str, int, str]] = set()
        self.shown: set[tuple[str, int, str]] = set()

    def document(self, stamp: str) -> bytes:
        """The docx; what a purpose let be shown is noted."""
        made = build_form(self.form, self, stamp=stamp)
        note_reveals(self.actor, self.shown, purpose=self.purpose)
        return made

    def label(self, path: str) -> str:
        """What a field is called."""
        return column(self.register.model, path).label

    def value(self, path: str) -> str:
        """A field, or a word of the form, as the actor may see it."""
        if path == TODAY:
            return day_in_words(clock.today(), in_characters=False)
        if path in self.form.words:
            return self.form.words[path](self.record)
        return self._text(self.register, self.record, path)

    def is_long(self, path: str) -> bool:
        """Whether a field holds several lines."""
        if path in self.form.words:
            return False
        return isinstance(column(self.register.model, path).field, models.TextField)

    def headings(self, block: Rows) -> list[str]:
        """What the columns of a table are called."""
        return headings(registry.register_of(block.register), block.fields)

    def rows(self, block: Rows) -> list[list[str]]:
        """The rows that belong to the record, none where the actor may not see them."""
        register = registry.register_of(block.register)
        if self.record.pk is None or not may(self.actor, "view", register, self.record.org_id):
            return []
        link = block.by or str(register.parent)
        owner = getattr(self.record, block.of) if block.of else self.record
        paths = [path_of(entry) for entry in block.fields]
        found = register.model.objects.filter(
            **{link: owner, "voided_at": None, **block.where}
        ).select_related(*joins(register.model, [p for p in paths if p]))
        return [
            [self._text(register, row, path) if path else "" for path in paths]
            for row in found.order_by("pk")[:MOST_ROWS]
        ]

    def _text(self, register: Register, record: Any, path: str) -> str:
        which = column(register.model, path)
        masked = masked_for(self.actor, register, record)
        pii = pii_of(which.field)
        if pii is Pii.SENSITIVE or (pii is Pii.PERSONAL and masked):
            clear = self._in_clear(register, record, which)
            if clear is not None:
                return clear
        return printed(register, record, which, masked=masked)

    def _in_clear(self, register: Register, record: Any, which: Column) -> str | None:
        """The value in clear, if the actor may reveal it and has given a purpose."""
        owner, value = owner_at(record, which.path), value_at(record, which.path)
        keeper = registry.of_model(type(owner)) or register
        if value in (None, "", []) or not may_reveal(self.actor, keeper, owner, record.org_id):
            return None
        mark = (keeper.key, int(owner.pk), which.field.name)
        if not self.purpose:
            self.withheld.add(mark)
            return None
        self.shown.add(mark)
        if isinstance(which.field, SealedField):
            return sealing.opened(owner, which.field.name) or ""
        return in_words(value) or (
            str(value) if isinstance(value, models.Model) else show.in_clear(which.field, value)
        )


def in_words(value: Any) -> str:
    """A day as documents write it; empty for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_in_words(value, in_characters=False)
    return ""


def printed(register: Register, record: Any, which: Column, *, masked: bool) -> str:
    """A field as a form prints it: days in words, nothing where nothing is known."""
    value = value_at(record, which.path)
    pii = pii_of(which.field)
    hidden = pii is Pii.SENSITIVE or (pii is Pii.PERSONAL and masked)
    if not hidden and in_words(value):
        return in_words(value)
    text = text_of(register, record, which, masked=masked)
    return "" if text == show.EMPTY else text


def headings(register: Register, fields: Sequence[Field]) -> list[str]:
    """What some fields of a register are called on paper."""
    return [
        column(register.model, entry).label if isinstance(entry, str) else entry[1]
        for entry in fields
    ]


def roster_document(
    actor: Actor, register: Register, declared: Roster, rows: Any, *, unit: str, stamp: str
) -> bytes:
    """A list on one sheet, masked row by row as on the screen."""
    paths = [path_of(entry) for entry in declared.fields]
    wanted = joins(register.model, [path for path in paths if path])
    cells = [
        [
            printed(
                register,
                row,
                column(register.model, path),
                masked=masked_for(actor, register, row),
            )
            if path
            else ""
            for path in paths
        ]
        for row in rows.select_related(*wanted).order_by("pk")[:MOST_ROWS]
    ]
    return build_roster(
        declared, headings(register, declared.fields), cells, unit=unit, stamp=stamp
    )


def forms_of(register: Register, record: Any) -> list[tuple[int, Print]]:
    """The forms that may be printed of a record now, with their places in the declaration."""
    if record.voided_at is not None:
        return []
    return [
        (place, declared)
        for place, declared in enumerate(register.prints)
        if isinstance(declared.form, Form)
        and (not declared.states or record.state in declared.states)
        and (declared.when is None or declared.when(record))
    ]


def rosters_of(register: Register) -> list[tuple[int, Print]]:
    """The forms of a whole list, with their places in the declaration."""
    return [(n, p) for n, p in enumerate(register.prints) if isinstance(p.form, Roster)]
