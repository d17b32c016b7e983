"""What the streaming writer writes opens everywhere and says what it was given."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.write import CUT_MARK, MAX_TEXT, Column, write_rows
from tests.kernel.excel.bad_sheets import ID1

COLUMNS = (
    Column(label="姓名", kind=CellKind.NAME),
    Column(label="证件号码", kind=CellKind.ID_NUMBER),
    Column(label="入会日期", kind=CellKind.DATE),
    Column(label="人数", kind=CellKind.INTEGER),
    Column(label="金额（元）", kind=CellKind.MONEY, width=18),
)
DAY = datetime.date(2012, 6, 30)
ROWS = (("王伟", ID1, DAY, 3, Decimal("1234.50")), ("李娜", "0012", None, 0, None))


def written(columns: Sequence[Column], rows: Sequence[Sequence[object]], **more: object) -> bytes:
    target = io.BytesIO()
    assert write_rows(target, columns, rows, **more) == len(rows)  # type: ignore[arg-type] # by name
    return target.getvalue()


def opened(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def one_cell(kind: CellKind, value: object) -> object:
    """What both readers find; they must agree."""
    data = written([Column(label="列", kind=kind)], [(value,)])
    found = opened(data)["A2"].value
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    seen = sheet.to_python()[1][0]
    if isinstance(found, datetime.datetime) and not isinstance(seen, datetime.datetime):
        found = found.date()
    assert seen == found
    return found


def test_both_readers_find_typed_columns() -> None:
    data = written(COLUMNS, ROWS, sheet_name="花名册")
    head = [column.label for column in COLUMNS]
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["花名册"]
    midnight = datetime.datetime.combine(DAY, datetime.time())
    assert [list(row) for row in book["花名册"].values] == [
        head,
        ["王伟", ID1, midnight, 3, 1234.5],
        ["李娜", "0012", None, 0, None],
    ]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("花名册")
    assert sheet.to_python() == [
        head,
        ["王伟", ID1, DAY, 3.0, 1234.5],
        ["李娜", "0012", "", 0.0, ""],
    ]


def test_the_sheet_is_ready_to_be_read_and_printed() -> None:
    sheet = opened(
        written(
            COLUMNS,
            ROWS,
            title="会员花名册",
            watermark_note="导出人：A&B 2012-08-15",
            sign_off="单位负责人：　　填表人：",
        )
    )
    assert [sheet["A1"].value, sheet["A2"].value] == ["会员花名册", "导出人：A&B 2012-08-15"]
    assert sheet["A7"].value == "单位负责人：　　填表人："
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:E5"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == "'Sheet1'!$A$1:$E$7"
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:E1", "A2:E2", "A7:E7"]
    assert sheet.oddFooter.left.text == "导出人：A&&B 2012-08-15"
    assert (sheet.column_dimensions["B"].width, sheet.column_dimensions["E"].width) == (21, 18)
    assert sheet["B4"].number_format == "@"
    assert sheet["C4"].number_format == "yyyy\\-mm\\-dd"
    assert sheet["E4"].number_format == "#,##0.00"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@cmd", '=HYPERLINK("http://a")'])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = opened(written([Column(label="列")], [(text,)]))["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert one_cell(CellKind.TEXT, text) == text


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (CellKind.TEXT, " <王&伟>\n\"'", " <王&伟>\n\"'"),
        (CellKind.TEXT, "a\x00b\x1fc\ud800\uffff", "abc"),
        (CellKind.TEXT, 12, "12"),
        (CellKind.ID_NUMBER, 410402198001011236, "410402198001011236"),
        (CellKind.FLAG, True, "是"),
        (CellKind.INTEGER, False, "否"),
        (CellKind.INTEGER, 10**15, "1000000000000000"),
        (CellKind.INTEGER, "未填", "未填"),
        (CellKind.DECIMAL, 0.25, 0.25),
        (CellKind.DECIMAL, Decimal("1E+3"), 1000),
        (CellKind.DECIMAL, float("nan"), "nan"),
        (CellKind.MONEY, Decimal("0.10"), 0.1),
        (CellKind.DATE, datetime.date(1899, 1, 1), "1899-01-01"),
        (CellKind.DATE, datetime.date(1900, 3, 1), datetime.date(1900, 3, 1)),
        (CellKind.MONTH, DAY, DAY),
        (CellKind.DECIMAL, DAY, DAY),
        (CellKind.DECIMAL, datetime.time(8, 30), "08:30:00"),
    ],
)
def test_a_value_comes_back_as(kind: CellKind, value: object, found: object) -> None:
    assert one_cell(kind, value) == found


def test_a_moment_keeps_its_seconds() -> None:
    moment = datetime.datetime.combine(DAY, datetime.time(10, 31, 7))
    for kind in (CellKind.MOMENT, CellKind.DATE):
        sheet = opened(written([Column(label="列", kind=kind)], [(moment,)]))
        assert sheet["A2"].value == moment
        assert sheet["A2"].number_format == "yyyy\\-mm\\-dd\\ hh:mm"
    midnight = datetime.datetime.combine(DAY, datetime.time())
    assert (
        opened(written([Column(label="列", kind=CellKind.DATE)], [(midnight,)]))["A2"].number_format
        == "yyyy\\-mm\\-dd"
    )


def test_text_that_looks_like_an_escape_is_not_taken_for_one() -> None:
    data = written([Column(label="列")], [("_x0041_",)])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert sheet.to_python() == [["列"], ["_x0041_"]]


def test_a_text_too_long_for_excel_says_that_it_was_cut() -> None:
    found = one_cell(CellKind.TEXT, "长" * 40_000)
    assert isinstance(found, str)
    assert (len(found), found[-len(CUT_MARK) :]) == (MAX_TEXT, CUT_MARK)


def test_rows_beyond_the_limit_go_to_further_sheets() -> None:
    rows = [(f"第{number}人",) for number in range(7)]
    data = written([Column(label="姓名")], rows, sheet_name="名册", title="花名册", max_rows=5)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["名册", "名册（2）", "名册（3）"]
    assert [[row[0] for row in sheet.values] for sheet in book] == [
        ["花名册", "姓名", "第0人", "第1人", "第2人"],
        ["花名册", "姓名", "第3人", "第4人", "第5人"],
        ["花名册", "姓名", "第6人"],
    ]


def test_rows_are_taken_one_by_one_and_written_to_a_path(tmp_path: Path) -> None:
    taken = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(1200):
            taken.append(number)
            yield (number,)

    target = tmp_path / "out.xlsx"
    assert write_rows(target, [Column(label="数", kind=CellKind.INTEGER)], rows()) == 1200
    assert taken == list(range(1200))
    assert opened(target.read_bytes()).max_row == 1201


def test_an_empty_export_has_its_header() -> None:
    assert list(opened(written(COLUMNS, [])).values) == [tuple(c.label for c in COLUMNS)]


@pytest.mark.parametrize(
    ("wanted", "name"), [("a/b[1]", "ab1"), ("", "Sheet1"), ("'名'", "名"), ("长" * 40, "长" * 31)]
)
def test_a_sheet_name_is_made_acceptable(wanted: str, name: str) -> None:
    book = load_workbook(io.BytesIO(written(COLUMNS, ROWS, sheet_name=wanted)))
    assert book.sheetnames == [name]


def test_a_row_of_another_length_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="shorter"):
        write_rows(io.BytesIO(), COLUMNS, [("王伟",)])
    with pytest.raises(ValueError, match="no room"):
        write_rows(io.BytesIO(), COLUMNS, [], max_rows=1)
