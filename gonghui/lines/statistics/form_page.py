"""What the pages of statutory forms show: the table as on paper, and where a value comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.statistics import language
from gonghui.lines.statistics.language import Days
from gonghui.lines.statistics.models import ReturnValue, StatCell, StatForm
from gonghui.lines.statistics.models.forms import Source
from gonghui.lines.statistics.services import forms, returns
from gonghui.lines.statistics.services.periods import days_of
from gonghui.lines.statistics.services.values import kept
from gonghui.web import moves, show, windows
from gonghui.web.columns import record_url
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request
from gonghui.web.versions import names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A cell of the table; empty where the form has none."""

    label: str
    text: str = ""
    href: str = ""
    is_number: bool = True
    fill_href: str = ""


def shown(value: Decimal | None, note: str = "") -> str:
    """A value as it is printed, with what has to be said of it; without one, why."""
    if value is None:
        return note or show.EMPTY
    return f"{value.normalize():,f}" + (f"（{note}）" if note else "")


def values_of(record: Any) -> list[ReturnValue]:
    """The values of a return with their cells."""
    found = ReturnValue.objects.filter(form_return=record, voided_at=None)
    return list(found.select_related("cell").order_by("pk"))


def _table(cells: Iterable[StatCell], boxes: dict[str, Box]) -> dict[str, Any]:
    """Rows and columns for the template, as on paper."""
    layout = forms.layout_of(cells)
    rows = [
        (
            row,
            [
                boxes.get(language.cell_name(row.code, column.code), Box(label=column.label))
                for column in layout.columns
            ],
        )
        for row in layout.rows
    ]
    return {"columns": layout.columns, "rows": rows}


def blank(request: HttpRequest, register: Register, record: StatForm) -> Panel | None:
    """The form before anything is filled in, with where each cell comes from."""
    cells = list(StatCell.objects.filter(form=record, voided_at=None))
    if not cells:
        return None
    boxes = {
        forms.name_of(cell): Box(
            label=cell.column_label,
            text=cell.expression or f"手工：{cell.cause}",
            href=record_url(register_of(StatCell), cell),
            is_number=False,
        )
        for cell in cells
    }
    context = {**_table(cells, boxes), "failures": [], "file_href": ""}
    return Panel(title="表样", template="statistics/_form.html", context=context)


def table(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The return as on paper; every number leads to where it comes from."""
    actor, below = actor_of_request(request), register_of(ReturnValue)
    values = values_of(record)
    is_open = record.state == "open"
    boxes = {}
    for value in values:
        may_fill = is_open and moves.may_edit(actor, below, value)
        boxes[forms.name_of(value.cell)] = Box(
            label=value.cell.column_label,
            text=shown(value.value, value.note),
            href=record_url(below, value),
            fill_href=reverse("web:edit", args=[below.key, value.pk]) if may_fill else "",
        )
    context = {
        **_table([value.cell for value in values], boxes),
        "failures": returns.failures_shown(record),
        "file_href": reverse("statistics:form_file", args=[record.pk]),
    }
    return Panel(title="报表", template="statistics/_form.html", context=context)


def origin(request: HttpRequest, register: Register, record: ReturnValue) -> Panel:
    """Where a value comes from: its records, its parts, or who typed it."""
    of_source = {
        Source.INDICATOR: _from_records,
        Source.FORMULA: _from_cells,
        Source.MANUAL: _from_somebody,
    }
    context = {"source": record.cell.source, **of_source[Source(record.cell.source)](record)}
    return Panel(title="来源", template="statistics/_origin.html", context=context)


def _from_records(record: ReturnValue) -> dict[str, Any]:
    """The indicator with its records as known at the moment of reading, and its figure today."""
    ref = forms.ref_of(record.cell)
    declared = catalogue.indicator(ref.code)
    whole = record.form_return
    period = days_of(whole.period.period, ref.days)
    here = {"org_id": record.org_id, "period": period, "as_of": whole.as_of}
    now = kept(figure(ref.code, record.org_id, period).value, declared)
    is_posted = catalogue.behind_alias(ref.code).is_posted
    return {
        "name": declared.name,
        "days": period.label(),
        "basis": whole.sealed_set if ref.days is Days.NOW else None,
        "as_of": whole.as_of,
        "figure_href": windows.link_to("web:figure", ref.code, **here),
        "records_href": windows.link_to("web:figure_records", ref.code, **here)
        if is_posted
        else "",
        "now": shown(now) if now != record.value else "",
    }


def _from_cells(record: ReturnValue) -> dict[str, Any]:
    """The formula and the values that it rests on."""
    named = {ref.code for ref in language.refs(forms.formula_of(record.cell))}
    parts = [
        {
            "label": str(value.cell),
            "text": shown(value.value, value.note),
            "href": record_url(register_of(ReturnValue), value),
        }
        for value in values_of(record.form_return)
        if forms.name_of(value.cell) in named
    ]
    return {"formula": record.cell.expression, "parts": parts}


def _from_somebody(record: ReturnValue) -> dict[str, Any]:
    """Why the cell is filled by hand, and who filled it when."""
    who = names_of([record.changed_by]).get(record.changed_by, "")
    return {
        "cause": record.cell.cause,
        "who": who if record.value is not None else "",
        "at": record.changed_at,
    }
