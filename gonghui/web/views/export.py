"""A list as a workbook: the rows that its filters show, masked as they are on the screen."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.write import Column as SheetColumn
from gonghui.kernel.excel.write import write_rows
from gonghui.kernel.files.kinds import XLSX
from gonghui.kernel.records.fields import Pii, SealedField, pii_of
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, require
from gonghui.web.columns import Column, columns_of, joins, readable, text_of, value_at
from gonghui.web.downloads import download
from gonghui.web.found import register_or_404
from gonghui.web.listing import Listing, rows_for
from gonghui.web.requests import actor_of_request

MOST_ROWS = 100_000
CHUNK = 2000
log = logging.getLogger(__name__)


@require_safe
def export(request: HttpRequest, key: str) -> HttpResponseBase:
    """The workbook of a list as its filters show it."""
    register = register_or_404(key)
    require(actor_of_request(request), "export", register)
    return workbook_of(rows_for(register, request, verb="export"))


def workbook_of(listing: Listing) -> HttpResponseBase:
    """The workbook of a listing made for the verb `export`; one too long is refused, never cut."""
    register, actor = listing.register, listing.actor
    total = listing.rows.order_by()[: MOST_ROWS + 1].count()
    if total > MOST_ROWS:
        raise DomainError(
            f"符合条件的记录超过{MOST_ROWS:,}条，一次导不出。请按工会、日期或状态缩小范围后分次导出。"
        )
    shown = export_columns(listing)
    now = clock.now()
    # Not a context manager: the response reads the file and closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    written = write_rows(
        file,
        [SheetColumn(label=which.label, kind=kind_of(which.field)) for which in shown],
        sheet_rows(actor, listing, shown),
        title=register.title,
        sheet_name=register.title,
        watermark_note=f"导出人：{actor.name}　导出时间：{now:%Y-%m-%d %H:%M}",
    )
    log.info("exported %s rows of %s for user %s", written, register.key, actor.user_id)
    return download(file, f"{register.title}{now:%Y%m%d%H%M}.xlsx", XLSX)


def export_columns(listing: Listing) -> list[Column]:
    """The columns on the screen, then the other fields of the form."""
    register = listing.register
    names = [which.path for which in listing.columns]
    names += [name for name in (*register.columns, *register.form_fields) if name not in names]
    return columns_of(register, readable(register.model, dict.fromkeys(names)))


def kind_of(field: Any) -> CellKind:
    """How a field's cells are typed; what is masked is text whatever it was."""
    if pii_of(field) in {Pii.SENSITIVE, Pii.PERSONAL} or field.choices:
        return CellKind.TEXT
    kinds: tuple[tuple[type[Any], CellKind], ...] = (
        (models.DateTimeField, CellKind.MOMENT),
        (models.DateField, CellKind.DATE),
        (models.BooleanField, CellKind.FLAG),
        (models.DecimalField, CellKind.MONEY),
        (models.IntegerField, CellKind.INTEGER),
    )
    return next((kind for wanted, kind in kinds if isinstance(field, wanted)), CellKind.TEXT)


def sheet_rows(actor: Actor, listing: Listing, shown: list[Column]) -> Iterator[list[object]]:
    """The rows one by one, in constant memory."""
    register = listing.register
    rows = listing.rows.select_related(*joins(register.model, [which.path for which in shown]))
    for record in rows.order_by("pk").iterator(chunk_size=CHUNK):
        masked = masked_for(actor, register, record)
        yield [_value(register, record, which, masked=masked) for which in shown]


def _value(register: Register, record: Any, which: Column, *, masked: bool) -> object:
    """A typed value where the column has one, otherwise the text of the screen."""
    if kind_of(which.field) is not CellKind.TEXT and not isinstance(which.field, SealedField):
        value: object = value_at(record, which.path)
        return value.astimezone(clock.ZONE) if isinstance(value, datetime) else value
    text = text_of(register, record, which, masked=masked)
    return "" if text == "—" else text
