"""A template is what reading expects: filled in, all of it is found."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.cells import normalise_row
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.sheets import read_sheet
from gonghui.kernel.excel.template import how_to_fill, make_template
from tests.kernel.excel.bad_sheets import ID1
from tests.kernel.excel.makers import saved

NATIONS = tuple((str(number), f"民族{number}") for number in range(60))
ALL = (
    Heading(label="姓名", required=True, kind=CellKind.NAME, example="李娜"),
    Heading(label="证件号码", required=True, kind=CellKind.ID_NUMBER),
    Heading(label="民族", kind=CellKind.CHOICE, choices=NATIONS),
    Heading(label="是否农民工", kind=CellKind.FLAG),
    Heading(label="入会日期", kind=CellKind.DATE),
    Heading(label="起始月份", kind=CellKind.MONTH),
    Heading(label="子女数", kind=CellKind.INTEGER, help="没有填 0。"),
    Heading(label="年收入", kind=CellKind.MONEY, unit="万元", required=True),
    Heading(label="补助（元）", kind=CellKind.MONEY),
    Heading(label="备注"),
)


def opened(headings: tuple[Heading, ...] = ALL) -> Workbook:
    data = make_template(headings, title="会员花名册", notes=("每月 5 日前上报。",))
    return load_workbook(io.BytesIO(data))


def test_the_headings_are_marked_and_explained() -> None:
    sheet = opened()["数据"]
    assert sheet["A1"].value == "会员花名册"
    assert [cell.value for cell in sheet[2]] == [
        "姓名*",
        "证件号码*",
        "民族",
        "是否农民工",
        "入会日期",
        "起始月份",
        "子女数",
        "年收入（万元）*",
        "补助（元）",
        "备注",
    ]
    assert sheet.freeze_panes == "A3"
    assert sheet["B2"].comment.text == how_to_fill(ALL[1])
    assert sheet.column_dimensions["B"].width > 21


def test_columns_of_numbers_that_are_names_have_the_text_format() -> None:
    data = make_template(ALL, title="会员花名册")
    book = load_workbook(io.BytesIO(data))
    formats = [book["数据"].column_dimensions[letter].number_format for letter in "ABEFGHJ"]
    assert formats == ["@", "@", "yyyy-mm-dd", "@", "0", "#,##0.00", "@"]


def test_choices_are_drop_downs_from_a_hidden_sheet() -> None:
    book = opened()
    assert book["选项"].sheet_state == "hidden"
    rules = {
        str(r.sqref): (r.type, r.formula1) for r in book["数据"].data_validations.dataValidation
    }
    assert rules == {
        "B3:B5002": ("textLength", "15"),
        "C3:C5002": ("list", "选项!$C$1:$C$60"),
        "D3:D5002": ("list", "选项!$D$1:$D$2"),
        "E3:E5002": ("date", "61"),
        "G3:G5002": ("whole", "-999999999"),
    }
    assert [cell.value for cell in book["选项"]["C"]][:2] == ["民族0", "民族1"]


def test_every_column_has_its_line_in_the_explanation() -> None:
    sheet = opened()["填表说明"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)]
    assert rows[0] == ["列名", "怎样填写", "示例"]
    assert rows[1] == ["姓名", "必填。一格填一个人的姓名，中间不加空格。", "李娜"]
    assert rows[4] == ["是否农民工", "选填。填“是”或“否”。", "是"]
    assert rows[7] == ["子女数", "选填。整数。没有填 0。", "12"]
    assert rows[8] == ["年收入", "必填。金额，单位为万元，最多两位小数。", "1234.50"]
    assert rows[3][2] == "民族0"
    assert rows[-1][0] == "3．每月 5 日前上报。"


def test_an_empty_template_says_that_it_is_empty() -> None:
    with pytest.raises(DomainError) as caught:
        read_sheet(make_template(ALL, title="会员花名册"), headings=ALL)
    assert caught.value.message == "工作表“数据”的表头（第 2 行）下面没有一行数据。请填写后再上传。"


def test_a_filled_template_is_read_whole() -> None:
    book = opened()
    book["数据"].append(["王伟", ID1, "民族7", "是", "2012-06-30", "2012年6月", 1, 2.5, 300, "好"])
    read = read_sheet(saved(book), headings=ALL)
    assert read.sheet == "数据"
    assert read.notices == ()
    row = next(read.rows())
    assert row.number == 3
    record = normalise_row(read, row)
    assert record.errors == ()
    assert [str(value) for value in record.values.values()] == [
        "王伟",
        ID1,
        "7",
        "True",
        "2012-06-30",
        "2012-06-01",
        "1",
        "25000.00",
        "300.00",
        "好",
    ]


def test_a_template_of_one_column_has_a_title_too() -> None:
    assert opened((ALL[0],))["数据"]["A1"].value == "会员花名册"
