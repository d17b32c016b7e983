"""The uploader's own workbook with the reasons why rows were refused."""

from __future__ import annotations

from pathlib import PurePath

from gonghui.kernel.excel.returned import Fault, mark_faults
from gonghui.kernel.imports.models import ImportRow, ImportRun, RowOutcome
from gonghui.kernel.imports.services import layout_of, sheet_of


def corrected_sheet(run: ImportRun) -> tuple[str, bytes]:
    """A file name and the workbook with a column 错误原因; mended, it can be uploaded again."""
    refused = ImportRow.objects.filter(run=run, outcome=RowOutcome.REFUSED).order_by("number")
    faults = [
        Fault(row=number, text=text, label=label)
        for number, told in refused.values_list("number", "faults")
        for label, _, text in told
    ]
    whole = layout_of(run).sheet.is_whole
    data, ending = mark_faults(sheet_of(run), faults, every_row=whole)
    return f"{PurePath(run.name).stem}（错误原因）{ending}", data
