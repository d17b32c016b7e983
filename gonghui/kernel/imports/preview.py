"""The first rows of a sheet as they were understood, for people to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gonghui.base.identity import mask_id
from gonghui.kernel.excel.plain import shown
from gonghui.kernel.excel.sheets import SheetRead
from gonghui.kernel.imports.columns import Column, Layout
from gonghui.kernel.imports.rows import Line
from gonghui.kernel.records.fields import Pii, pii_of

ROWS = 20
_LONGEST = 30


def first_rows(layout: Layout, read: SheetRead, lines: Sequence[Line]) -> dict[str, Any]:
    """The headings found and some rows: number, outcome, and per cell its text, its note, whether it is wrong.

    Rows with something to tell come first; sensitive values are masked.
    """
    columns = [column for column in layout.columns if column.label in read.columns]
    telling = [line for line in lines if line.notes or line.faults]
    plain = [line for line in lines if not (line.notes or line.faults)]
    chosen = sorted([*telling, *plain][:ROWS], key=lambda line: line.number)
    return {
        "labels": [column.label for column in columns],
        "rows": [
            {
                "number": line.number,
                "outcome": line.outcome.value,
                "cells": [_cell(column, line) for column in columns],
            }
            for line in chosen
        ],
    }


def _cell(column: Column, line: Line) -> list[str]:
    notes = "；".join(note.text for note in line.notes if note.label == column.label)
    faults = "；".join(fault.text for fault in line.faults if fault.label == column.label)
    value = line.values.get(column.name)
    if value is None and faults:
        value = shown(line.row[column.label])
    return [_text(column, value), notes, faults]


def _text(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.field is not None and pii_of(column.field) is Pii.SENSITIVE:
        return mask_id(str(value))
    if column.heading.choices:
        return dict(column.heading.choices).get(str(value), str(value))
    if isinstance(value, list):
        labels = dict(column.field.base_field.choices)
        return "、".join(str(labels.get(each, each)) for each in value)
    text = _plain(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)
