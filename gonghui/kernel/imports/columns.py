"""From the cells of a declared sheet to the headings that reading and templates work with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.template import make_template
from gonghui.kernel.records.fields import SealedField
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register

_BY_NAME = {"uscc": CellKind.USCC, "phone": CellKind.PHONE}
_SEALED = {"id_no": CellKind.ID_NUMBER, "account_no": CellKind.ACCOUNT}
_BY_TYPE: tuple[tuple[type[Any], CellKind], ...] = (
    (models.DateTimeField, CellKind.MOMENT),
    (models.DateField, CellKind.DATE),
    (models.BooleanField, CellKind.FLAG),
    (models.IntegerField, CellKind.INTEGER),
)
_MONEY_DIGITS = 16  # as `fields.money` makes them


@dataclass(frozen=True, slots=True)
class Column:
    """A cell of the declared sheet with the model field it fills, if it fills one directly."""

    cell: Cell
    field: Any
    heading: Heading

    @property
    def label(self) -> str:
        """The heading's text."""
        return self.heading.label

    @property
    def name(self) -> str:
        """The name of the value, which may lie across a link."""
        return self.cell.field


class Layout:
    """How the sheet of a register is read."""

    def __init__(self, register: Register) -> None:
        if register.import_sheet is None:
            raise ValueError(f"{register.key} has no import sheet")
        self.register = register
        self.sheet: ImportSheet = register.import_sheet
        self.columns = tuple(self._column(cell) for cell in self.sheet.cells)

    def _column(self, cell: Cell) -> Column:
        field = field_at(self.register.model, cell.field)
        heading = Heading(
            label=cell.heading,
            aliases=cell.aliases,
            required=cell.required or _must_be_given(cell, field),
            kind=_kind_of(cell, field),
            choices=_choices_of(field) if not isinstance(field, ArrayField) else (),
            synonyms=cell.synonyms,
            example=cell.example,
        )
        return Column(cell, field, heading)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in the order of the sheet."""
        return tuple(column.heading for column in self.columns)

    @property
    def needs_parent(self) -> bool:
        """Whether the sheet holds a child register's rows and does not say itself of which record."""
        return self.register.parent is not None and self.register.parent not in self.by_name

    @cached_property
    def by_label(self) -> dict[str, Column]:
        """The columns by their heading."""
        return {column.label: column for column in self.columns}

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by the name of their value."""
        return {column.name: column for column in self.columns}

    def label_of(self, field: str | None) -> str:
        """The heading under which an error at a field belongs; empty where the sheet has none."""
        if not field:
            return ""
        plain = field.removesuffix("_hash").removesuffix("_id")
        for name in (field, plain):
            if name in self.by_name:
                return self.by_name[name].label
        ends = [c.label for c in self.columns if c.name.rsplit("__", 1)[-1] in {field, plain}]
        return ends[0] if len(ends) == 1 else ""

    @cached_property
    def id_columns(self) -> tuple[Column, Column] | None:
        """The columns of a document's kind and number, where the sheet has both."""
        for column in self.columns:
            before, _, last = column.name.rpartition("__")
            kind = self.by_name.get(f"{before}__id_type" if before else "id_type")
            if last == "id_no" and kind is not None:
                return kind, column
        return None

    def template(self) -> bytes:
        """The empty workbook to fill in."""
        notes = [
            "已有的记录再次导入时，空着的格不改动原来的内容。",
            *([self.sheet.note] if self.sheet.note else []),
        ]
        return make_template(self.headings, title=self.sheet.title, notes=notes)


def field_at(model: type[models.Model], path: str) -> Any:
    """The model field at the end of a path, or None where a sheet's value is no field."""
    field: Any = None
    here: Any = model
    for name in path.split("__"):
        try:
            field = here._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return None
        here = field.related_model
    return field


def _must_be_given(cell: Cell, field: Any) -> bool:
    if field is None or "__" in cell.field or cell.field == "org":
        return False
    return not (field.blank or field.null or field.has_default())


def _choices_of(field: Any) -> tuple[tuple[str, str], ...]:
    source = field.base_field if isinstance(field, ArrayField) else field
    return tuple(
        (str(value), str(label)) for value, label in getattr(source, "choices", None) or ()
    )


def _kind_of(cell: Cell, field: Any) -> CellKind:
    if cell.through is not None or field is None or isinstance(field, ArrayField):
        return CellKind.TEXT
    if field.choices:
        return CellKind.CHOICE
    if isinstance(field, SealedField):
        return _SEALED.get(field.name, CellKind.TEXT)
    if isinstance(field, models.DecimalField):
        is_money = (field.max_digits, field.decimal_places) == (_MONEY_DIGITS, 2)
        return CellKind.MONEY if is_money else CellKind.DECIMAL
    for kind, meant in _BY_TYPE:
        if isinstance(field, kind):
            return meant
    if str(field.verbose_name) == "姓名":
        return CellKind.NAME
    return _BY_NAME.get(field.name, CellKind.TEXT)
