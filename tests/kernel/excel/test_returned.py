"""The author's own workbook comes back with the reasons, and can be uploaded again."""

from __future__ import annotations

import io

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gonghui.kernel.excel.returned import Fault, mark_faults
from gonghui.kernel.excel.sheets import SheetRead, read_sheet
from tests.kernel.excel.bad_sheets import COUNTS, ID1, ID2, MEMBERS
from tests.kernel.excel.makers import csv_text, edited, unzipped, workbook, xls, zipped

RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
ROWS = [["花名册"], ["姓名", "证件号码", "性别"], ["王伟", "123", "男"], ["李娜", ID2, "女"]]
FAULTS = (
    Fault(row=3, label="证件号码", text="应为18位。"),
    Fault(row=3, text="本行重复"),
    Fault(row=3, text="本行重复"),
)
REASON = "证件号码：应为18位；本行重复。"


def dressed(book: Workbook, sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 33
    book.create_sheet("别的", 0)["B2"] = "不动"


def read_of(data: bytes) -> SheetRead:
    return read_sheet(data, headings=MEMBERS)


def sheet_of(data: bytes, name: str = "Sheet1") -> Worksheet:
    return load_workbook(io.BytesIO(data))[name]


def test_his_own_workbook_keeps_everything_and_gains_a_column() -> None:
    original = workbook(ROWS, merges=["A1:C1"], dress=dressed)
    data, ending = mark_faults(read_of(original), FAULTS)
    assert ending == ".xlsx"
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["别的", "Sheet1"]
    assert book["别的"]["B2"].value == "不动"
    sheet = book["Sheet1"]
    assert book.active is sheet
    assert sheet.column_dimensions["A"].width == 33
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:C1"]
    assert [row[3].value for row in sheet.iter_rows()] == [None, "错误原因", REASON, None]
    assert sheet["D3"].fill.start_color.rgb == YELLOW
    assert sheet["B3"].fill.start_color.rgb == RED
    assert sheet["B3"].value == "123"
    assert sheet["A3"].fill.fill_type is None
    assert sheet["B4"].fill.fill_type is None


def test_an_earlier_column_of_reasons_is_written_anew() -> None:
    first, _ending = mark_faults(read_of(workbook(ROWS)), FAULTS)
    again = read_of(first)
    assert again.notices == ()
    second, _ending = mark_faults(again, [Fault(row=4, label="姓名", text="=查无此人")])
    sheet = sheet_of(second)
    assert [cell.value for cell in sheet["D"]] == [None, "错误原因", None, "姓名：=查无此人。"]
    assert sheet["D3"].fill.fill_type is None
    assert sheet.max_column == 4


def test_a_header_of_two_rows_gets_a_heading_of_two_rows() -> None:
    rows = [["单位", "人数", None], [None, "男", "女"], ["一矿", "x", 3], [None, 4, 3]]
    merges = ["A1:A2", "B1:C1", "A3:A4"]
    read = read_sheet(workbook(rows, merges=merges), headings=COUNTS)
    faults = [
        Fault(row=3, label="人数/男", text="应为整数"),
        Fault(row=4, label="单位", text="已撤销"),
    ]
    data, _ending = mark_faults(read, faults)
    sheet = sheet_of(data)
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:A2", "A3:A4", "B1:C1", "D1:D2"]
    assert [cell.value for cell in sheet["D"]] == [
        "错误原因",
        None,
        "人数/男：应为整数。",
        "单位：已撤销。",
    ]
    assert sheet["A3"].fill.start_color.rgb == RED
    again, _ending = mark_faults(read_sheet(data, headings=COUNTS), faults)
    assert sorted(map(str, sheet_of(again).merged_cells.ranges)) == [
        "A1:A2",
        "A3:A4",
        "B1:C1",
        "D1:D2",
    ]


def test_a_reason_that_begins_like_a_formula_is_text() -> None:
    data, _ending = mark_faults(read_of(workbook(ROWS)), [Fault(row=3, text="=1+1")])
    assert (sheet_of(data)["D3"].value, sheet_of(data)["D3"].data_type) == ("=1+1。", "s")


def test_a_workbook_with_macros_keeps_its_ending() -> None:
    parts = unzipped(workbook(ROWS))
    parts["xl/vbaProject.bin"] = b"macros"
    data = edited(
        zipped(parts),
        "[Content_Types].xml",
        b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"ms-excel.sheet.macroEnabled.main+xml",
    )
    marked, ending = mark_faults(read_of(data), FAULTS)
    assert ending == ".xlsm"
    assert unzipped(marked)["xl/vbaProject.bin"] == b"macros"


def refused_rows(data: bytes) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(data)).worksheets[0].values]


def test_a_large_workbook_gives_only_the_refused_rows_with_their_numbers() -> None:
    data, ending = mark_faults(read_of(workbook(ROWS)), FAULTS, large=3)
    assert ending == ".xlsx"
    assert refused_rows(data) == [
        ["姓名", "证件号码", "性别", "原行号", "错误原因"],
        ["王伟", "123", "男", 3, REASON],
    ]
    again = read_of(data)
    assert again.notices == ()
    second, _ending = mark_faults(again, [Fault(row=2, text="仍未改")], large=1)
    assert refused_rows(second) == [
        ["姓名", "证件号码", "性别", "原行号", "错误原因"],
        ["王伟", "123", "男", 2, "仍未改。"],
    ]


def test_an_old_workbook_and_a_csv_come_back_as_new_workbooks() -> None:
    old = xls([["姓名", "证件号码", "入会日期", "备注"], ["王伟", ID1, 41090, 1.5]])
    data, ending = mark_faults(read_of(old), [Fault(row=2, text="重复")])
    assert ending == ".xlsx"
    assert refused_rows(data) == [
        ["姓名", "证件号码", "入会日期", "备注", "原行号", "错误原因"],
        ["王伟", ID1, 41090, 1.5, 2, "重复。"],
    ]
    text = csv_text([["姓名", "证件号码", "", "单位"], ["王伟", ID1, "x", "一矿"]])
    data, ending = mark_faults(read_of(text.encode()), [Fault(row=2, text="重复")])
    assert refused_rows(data)[0] == ["姓名", "证件号码", "C", "单位", "原行号", "错误原因"]


def test_a_cell_in_error_comes_back_as_what_it_showed() -> None:
    def broken(_book: Workbook, sheet: Worksheet) -> None:
        sheet["C3"] = "#REF!"

    read = read_of(workbook(ROWS, dress=broken))
    data, _ending = mark_faults(read, [Fault(row=3, label="性别", text="错误值")], large=1)
    assert refused_rows(data)[1] == ["王伟", "123", "#REF!", 3, "性别：错误值。"]
