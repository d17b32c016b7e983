"""Reading one sheet as it really comes: the header somewhere, records, and what is around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.headers import (
    LOOK_IN_ROWS,
    MAX_DEPTH,
    FoundColumn,
    Header,
    check_required,
    find_header,
)
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.plain import shown
from gonghui.kernel.excel.rows import Sieve, Skip, is_blank
from gonghui.kernel.excel.workbook import LIMITS, Book, Grid, Limits, open_book

__all__ = ["CellKind", "Heading", "SheetRead", "SheetRow", "SkippedRow", "read_sheet"]

_SHOWN_LABELS = 6


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A record of the sheet: its own row number (from 1) and its raw cells, untouched.

    `filled` names the labels whose value came down from a merged cell above.
    """

    number: int
    cells: tuple[object, ...]
    columns: dict[str, FoundColumn] = field(repr=False)
    filled: frozenset[str] = frozenset()

    def __getitem__(self, label: str) -> object:
        """The raw value under a heading; "" where the sheet lacks the column or the cell."""
        column = self.columns.get(label)
        if column is None or column.index >= len(self.cells):
            return ""
        return self.cells[column.index]

    def address(self, label: str) -> str:
        """Where the value stands, as Excel says it: C5; only the row if there is no such column."""
        column = self.columns.get(label)
        return f"{column.letter if column else ''}{self.number}"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no record, with the reason and the beginning of what it says."""

    number: int
    reason: Skip
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRead:
    """A sheet whose header is understood; the records are read anew by every call of `rows()`.

    `unknown` are columns nobody asked for, `also_fitting` other visible sheets with the same
    header that are *not* read, `notices` says all that in Chinese.
    """

    book: Book = field(repr=False)
    grid: Grid = field(repr=False)
    header: Header
    headings: tuple[Heading, ...]
    also_fitting: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()

    @property
    def sheet(self) -> str:
        """The worksheet's name."""
        return self.grid.name

    @property
    def columns(self) -> dict[str, FoundColumn]:
        """The found columns by the label of their heading."""
        return {column.heading.label: column for column in self.header.columns}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings of the sheet that belong to no wanted column."""
        return self.header.unknown

    @property
    def header_row(self) -> int:
        """The number, from 1, of the header's last row."""
        return self.header.bottom + 1

    @property
    def row_count(self) -> int:
        """The number of the sheet's last used row: what progress is measured against."""
        return self.grid.height

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know before the records are taken over."""
        said = []
        if self.unknown:
            said.append(f"以下列不在模板中，未读取：{'、'.join(self.unknown)}。")
        if self.also_fitting:
            said.append(
                f"只读取了工作表“{self.sheet}”。工作表{_quoted(self.also_fitting)}"
                "的表头也符合，未读取；如需导入请分别上传。"
            )
        return tuple(said)

    def lines(self, *, after: int = 0) -> Iterator[SheetRow | SkippedRow]:
        """Everything below the header in order, beginning below row number `after`."""
        columns = self.columns
        sieve = Sieve(self.header)
        fills = _Fills(self.grid, self.header)
        for index, cells in enumerate(self.grid.rows()):
            if index <= self.header.bottom:
                continue
            reason = sieve.judge(index, cells)
            filled = fills.apply(index, cells, keep=reason is not None)
            if index + 1 <= after:
                continue
            if reason is None:
                yield SheetRow(index + 1, tuple(cells), columns, filled)
            elif reason is not Skip.BLANK:
                yield SkippedRow(index + 1, reason, _beginning(cells))

    def rows(self, *, after: int = 0) -> Iterator[SheetRow]:
        """The records alone, beginning below row number `after`; constant memory on our side."""
        return (line for line in self.lines(after=after) if isinstance(line, SheetRow))

    def skipped(self) -> list[SkippedRow]:
        """The rows that were passed over with their reason; blank ones are not mentioned."""
        return [line for line in self.lines() if isinstance(line, SkippedRow)]


class _Fills:
    """Values of cells merged over several rows, carried down as the rows go by."""

    def __init__(self, grid: Grid, header: Header) -> None:
        labels = {column.index: column.heading.label for column in header.columns}
        self._starts: dict[int, list[tuple[int, int]]] = {}
        self._labels = labels
        self._active: dict[int, tuple[int, object]] = {}
        for top, left, bottom, _right in grid.merges:
            if bottom > top > header.bottom and left in labels:
                self._starts.setdefault(top, []).append((left, bottom))

    def apply(self, index: int, cells: list[object], *, keep: bool) -> frozenset[str]:
        """Fill the row's blanks under a merged cell, unless `keep`; the labels that were filled."""
        for column, bottom in self._starts.get(index, ()):
            self._active[column] = (bottom, cells[column])
        if not self._active:
            return frozenset()
        filled = set()
        for column, (bottom, value) in list(self._active.items()):
            if index > bottom:
                del self._active[column]
            elif not keep and is_blank(cells[column]):
                cells[column] = value
                if not is_blank(value):
                    filled.add(self._labels[column])
        return frozenset(filled)


def read_sheet(
    data: bytes | Path,
    *,
    headings: Sequence[Heading],
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> SheetRead:
    """The sheet of the workbook that fits the headings best, ready to be read row by row.

    DomainError, with what to do, if the file is refused, no visible sheet fits, a required
    column is missing or stands there twice, or there is not one record.
    """
    book = open_book(data, limits=limits)
    candidates = _candidates(book, sheet)
    fits: list[tuple[Grid, Header]] = []
    for name in candidates:
        grid = book.grid(name)
        first = list(islice(grid.rows(), LOOK_IN_ROWS + MAX_DEPTH))
        header = find_header(first, grid.merges, headings)
        if header is not None:
            fits.append((grid, header))
    if not fits:
        raise _nothing_fits(book, candidates, headings)
    read = _chosen(book, fits, headings)
    check_required(read.header, headings, read.sheet)
    if next(read.rows(), None) is None:
        raise DomainError(
            f"工作表“{read.sheet}”的表头（第 {read.header_row} 行）下面没有一行数据。"
            "请填写后再上传。",
            code="no_rows",
        )
    return read


def _candidates(book: Book, sheet: str | None) -> list[str]:
    visible = [tab.name for tab in book.tabs if not tab.hidden]
    if sheet is None:
        return visible
    if sheet not in {tab.name for tab in book.tabs}:
        raise DomainError(
            f"文件中没有名为“{sheet}”的工作表，只有{_quoted(visible)}。", code="no_such_sheet"
        )
    return [sheet]


def _chosen(
    book: Book, fits: Sequence[tuple[Grid, Header]], headings: Sequence[Heading]
) -> SheetRead:
    """The best header wins; among equals the first sheet that has a record."""
    required = {heading.label for heading in headings if heading.required}
    worth = [(required <= header.labels, header.score) for _grid, header in fits]
    reads = [
        SheetRead(book=book, grid=grid, header=header, headings=tuple(headings))
        for (grid, header), fit in zip(fits, worth, strict=True)
        if fit == max(worth)
    ]
    with_records = [read for read in reads if next(read.rows(), None) is not None]
    chosen = (with_records or reads)[0]
    rivals = tuple(read.sheet for read in with_records if read is not chosen)
    named = {chosen.sheet, *rivals}
    return SheetRead(
        book=book,
        grid=chosen.grid,
        header=chosen.header,
        headings=tuple(headings),
        also_fitting=rivals,
        other_sheets=tuple(tab.name for tab in book.tabs if tab.name not in named),
    )


def _nothing_fits(book: Book, looked_at: Sequence[str], headings: Sequence[Heading]) -> DomainError:
    hidden = [tab.name for tab in book.tabs if tab.hidden and tab.name not in looked_at]
    wanted = [h.label for h in headings if h.required] or [h.label for h in headings]
    shown = "、".join(wanted[:_SHOWN_LABELS]) + ("等" if len(wanted) > _SHOWN_LABELS else "")
    message = (
        f"没有找到表头：在工作表{_quoted(looked_at)}的前 {LOOK_IN_ROWS} 行里，"
        f"没有一行含有“{shown}”这些列名。请使用系统提供的模板填写。"
        if looked_at
        else "文件中没有可见的工作表。"
    )
    if hidden:
        message += f"隐藏的工作表{_quoted(hidden)}不读取，如数据在其中请先取消隐藏。"
    return DomainError(message, code="no_header")


def _quoted(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names) or "（无）"


def _beginning(cells: Sequence[object]) -> str:
    return " ".join(shown(cell) for cell in cells if not is_blank(cell))[:60]
