"""Every kind of bad sheet ends in the right records or in the right message."""

from __future__ import annotations

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.cells import RowRead, normalise_row
from gonghui.kernel.excel.sheets import SheetRead, read_sheet
from tests.kernel.excel.bad_sheets import REGISTRY, BadSheet

refused = [pytest.param(bad, id=name) for name, bad in REGISTRY.items() if bad.refused]
readable = pytest.mark.parametrize(
    "bad", [pytest.param(bad, id=name) for name, bad in REGISTRY.items() if not bad.refused]
)


def read_all(bad: BadSheet) -> tuple[SheetRead, list[RowRead]]:
    read = read_sheet(bad.make(), headings=bad.headings)
    return read, [normalise_row(read, row) for row in read.rows()]


@pytest.mark.parametrize("bad", refused)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(bad: BadSheet) -> None:
    with pytest.raises(DomainError) as caught:
        read_sheet(bad.make(), headings=bad.headings)
    assert caught.value.message == bad.refused


@readable
def test_the_good_rows_are_read_with_their_own_row_numbers(bad: BadSheet) -> None:
    _read, rows = read_all(bad)
    labels = [heading.label for heading in bad.headings]
    good = {}
    for row in rows:
        if not row.errors:
            width = len(bad.records.get(row.number, ()))
            good[row.number] = tuple(row.values.get(label) for label in labels[:width])
    assert good == bad.records


@readable
def test_faults_and_changes_are_told_at_the_cell(bad: BadSheet) -> None:
    _read, rows = read_all(bad)
    assert {error.address: error.text for row in rows for error in row.errors} == bad.errors
    assert {note.address: note.text for row in rows for note in row.notes} == bad.notes


@readable
def test_rows_that_are_no_records_are_told_with_the_reason(bad: BadSheet) -> None:
    read, _rows = read_all(bad)
    assert {row.number: row.reason for row in read.skipped()} == bad.skipped
    assert read.notices == bad.notices


@readable
def test_reading_goes_on_after_any_row(bad: BadSheet) -> None:
    read = read_sheet(bad.make(), headings=bad.headings)
    rows = list(read.rows())
    for position, row in enumerate(rows):
        assert list(read.rows(after=row.number)) == rows[position + 1 :]


def test_the_registry_is_large_enough_to_mean_something() -> None:
    assert len(REGISTRY) >= 25
