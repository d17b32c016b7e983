"""A big member sheet, imported with all checks, beside just reading it."""

from __future__ import annotations

import io
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import python_calamine
import xlsxwriter

from gonghui.base.identity import make_id_number
from gonghui.kernel.access.scope import acting
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import RunState
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.members.models import Membership
from tools.bench.data import BULK, City
from tools.bench.results import Table, Taken, median

ROWS = 100_000
_HEADS = ("姓名", "证件类型", "证件号码", "用工形式", "是否农民工", "岗位", "入会日期")

NOTES = (
    "(c) A roster of new members (7 columns) as the county's user: uploaded, checked row by row (a dry run"
    " through the verbs, rolled back), then written: person, membership, history, ledger. Beside it the"
    " same bytes only read, every cell of every row, by openpyxl (read_only) and by calamine.",
)


def measure(table: Table, city: City, size: int, *, quick: bool) -> None:
    """Take part (c)."""
    rows = BULK // 10 if quick else BULK
    content = roster(rows, division=f"4104{10 + len(str(size))}")
    reading = (
        median(lambda: _openpyxl(content), 1, warm=False),
        median(lambda: _calamine(content), 3),
    )
    register = register_of(Membership)
    actor = city.actor
    begun = time.perf_counter()
    with acting(actor):
        run = services.upload(register, "会员花名册.xlsx", content, by=actor, org=city.own_union)
        run = services.check(run, by=actor, in_background=False)
        checked = time.perf_counter() - begun
        run = services.write_run(run, by=actor, in_background=False)
    seconds = time.perf_counter() - begun
    if run.state != RunState.DONE or run.new_count != rows:
        raise SystemExit(f"导入没有完成：{run.state} {run.failure} 新增{run.new_count}")
    fold()
    table.add(
        "c",
        f"import of a {rows:,}-row roster, checked and written",
        Taken(seconds=seconds, runs=1, beside=reading),
        aim="< 60 s" if not quick else "< 6 s",
        beside=("openpyxl reads", "calamine reads"),
        is_met=lambda line: line.last.seconds < 60 * rows / BULK,
    )
    table.add("c", "of which the check (dry run)", Taken(seconds=checked, runs=1))


def roster(rows: int, *, division: str) -> bytes:
    """A workbook of persons nobody knows yet."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _HEADS)
        for row in range(rows):
            born_on = date(1960, 1, 1) + timedelta(days=row % 10_000)
            number = make_id_number(division, born_on, row // 10_000)
            kind = "是" if row % 3 == 0 else "否"
            values = ("赵新员", "居民身份证", number, "合同制", kind, "操作工", "2012-07-02")
            sheet.write_row(row + 1, 0, values)
        book.close()
        return path.read_bytes()


def _openpyxl(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return sum(len(row) for row in book.active.iter_rows(values_only=True))


def _calamine(content: bytes) -> int:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return sum(len(row) for row in book.get_sheet_by_index(0).to_python())
