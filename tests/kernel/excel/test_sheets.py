"""What reading a sheet promises beyond the kinds of bad sheets."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gonghui.base.errors import DomainError
from gonghui.kernel.excel import workbook as workbook_module
from gonghui.kernel.excel.cells import normalise_row
from gonghui.kernel.excel.headers import find_header, key_of, unit_of
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.package import column_letter, examine
from gonghui.kernel.excel.rows import Skip
from gonghui.kernel.excel.sheets import SheetRow, SkippedRow, read_sheet
from gonghui.kernel.excel.workbook import BookKind, Broken, Limits, open_book
from tests.kernel.excel.bad_sheets import BOMB, BROKEN, HEAD, ID1, ID2, MEMBERS, ONE, TWO
from tests.kernel.excel.makers import (
    biff_record,
    csv_text,
    edited,
    ole,
    unzipped,
    workbook,
    xls,
    zipped,
)


def refusal(data: bytes | Path, **more: object) -> str:
    with pytest.raises(DomainError) as caught:
        read_sheet(data, headings=MEMBERS, **more)  # type: ignore[arg-type] # given by name
    return caught.value.message


def test_a_row_knows_its_cells_and_where_they_stand() -> None:
    read = read_sheet(workbook([["花名册"], ["班组", *HEAD], ["甲班", *ONE]]), headings=MEMBERS)
    (row,) = read.rows()
    assert row.number == 3
    assert (row["姓名"], row["证件号码"], row["性别"]) == ("王伟", ID1, "")
    assert (row.address("证件号码"), row.address("性别")) == ("C3", "3")
    assert row.cells == ("甲班", "王伟", ID1)
    assert (read.sheet, read.header_row, read.row_count) == ("Sheet1", 2, 3)
    assert read.unknown == ("班组",)
    assert read.book.kind is BookKind.XLSX


def test_a_short_row_of_a_csv_has_blank_cells() -> None:
    read = read_sheet(csv_text([["姓名", "证件号码", "性别"], ONE]).encode(), headings=MEMBERS)
    (row,) = read.rows()
    assert row["性别"] == ""


def test_lines_come_in_order_with_what_was_passed_over() -> None:
    read = read_sheet(workbook([HEAD, ONE, ["合计", 1], TWO, ["注：略"]]), headings=MEMBERS)
    assert [
        (line.number, line.reason if isinstance(line, SkippedRow) else None)
        for line in read.lines()
    ] == [(2, None), (3, Skip.TOTAL), (4, None), (5, Skip.NOTE)]
    assert [row.text for row in read.skipped()] == ["合计 1", "注：略"]
    assert all(isinstance(row, SheetRow) for row in read.rows())


def test_a_file_on_disk_is_read_and_weighed_before(tmp_path: Path) -> None:
    path = tmp_path / "名册.et"
    path.write_bytes(workbook([HEAD, ONE]))
    assert next(read_sheet(path, headings=MEMBERS).rows())["姓名"] == "王伟"
    path.write_bytes(b"x" * 2_200_000)
    assert refusal(path, limits=Limits(max_bytes=1024 * 1024)) == (
        "文件有 2.1 MB，超过上限 1 MB。请删去图片和无关工作表，或拆成几个文件上传。"
    )


def two_sheets(book: Workbook, sheet: Worksheet) -> None:
    other = book.create_sheet("二月")
    other.append(["姓名", "证件号码", "性别"])
    other.append([*TWO, "女"])
    third = book.create_sheet("三月")
    third.append(["姓名", "性别", "入会日期", "月收入"])
    third.append(["王伟", "男"])


def test_the_sheet_with_more_of_the_wanted_columns_is_chosen() -> None:
    data = workbook([HEAD, ONE], dress=two_sheets)
    read = read_sheet(data, headings=MEMBERS)
    assert (read.sheet, read.also_fitting) == ("二月", ())
    assert read.other_sheets == ("Sheet1", "三月")
    assert read_sheet(data, headings=MEMBERS, sheet="Sheet1").sheet == "Sheet1"
    assert refusal(data, sheet="四月") == (
        "文件中没有名为“四月”的工作表，只有“Sheet1”、“二月”、“三月”。"
    )


def test_a_sheet_with_records_goes_before_an_empty_one() -> None:
    def filled_second(book: Workbook, _sheet: Worksheet) -> None:
        second = book.create_sheet("二")
        second.append(HEAD)
        second.append(ONE)

    read = read_sheet(workbook([HEAD], dress=filled_second), headings=MEMBERS)
    assert (read.sheet, read.also_fitting) == ("二", ())


def test_the_label_itself_goes_before_an_alias() -> None:
    data = workbook(
        [["职工姓名", "姓名", "身份证号码（18位）", "身份证号"], ["甲", "王伟", "x", ID1]]
    )
    read = read_sheet(data, headings=MEMBERS)
    assert next(read.rows())["姓名"] == "王伟"
    assert next(read.rows())["证件号码"] == ID1
    assert read.unknown == ("职工姓名", "身份证号码（18位）")


def test_a_heading_with_a_remark_in_parentheses_is_found() -> None:
    data = workbook([["姓名（与证件一致）", "身份证号（18位）"], ONE])
    assert list(read_sheet(data, headings=MEMBERS).columns) == ["姓名", "证件号码"]


def test_a_header_in_two_languages_is_one_header() -> None:
    data = workbook([HEAD, ["Name", "ID No."], ONE], merges=[])
    read = read_sheet(data, headings=MEMBERS)
    assert [row["姓名"] for row in read.rows()] == ["Name", "王伟"]
    merged = workbook([[*HEAD, "备注"], ["Name", "ID No.", None], [*ONE, ""]], merges=["C1:C2"])
    assert [row["姓名"] for row in read_sheet(merged, headings=MEMBERS).rows()] == ["王伟"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("姓　 名\n", "姓名"),
        ("＊证件号码（必填）：", "证件号码"),
        ("金额（单位：万元）", "金额"),
        ("金额/元", "金额"),
        ("职工数(人)", "职工数"),
        ("人数（男）", "人数(男)"),
        ("ＱＱ号", "qq号"),
    ],
)
def test_a_heading_is_known_by_what_it_says(text: str, key: str) -> None:
    assert key_of(text) == key


def test_a_unit_of_money_is_seen_in_a_heading() -> None:
    assert [unit_of(text) for text in ("金额（万元）", "金额/元", "金额（税后）", "金额")] == [
        "万元",
        "元",
        None,
        None,
    ]


def test_one_wanted_heading_is_enough_only_where_one_or_two_are_wanted() -> None:
    one = (Heading(label="姓名", required=True),)
    header = find_header([["姓名"], ["王伟"]], (), one)
    assert header is not None
    assert (header.top, header.score) == (0, 1)
    assert find_header([["姓名"], ["王伟"]], (), MEMBERS) is None
    assert find_header([], (), MEMBERS) is None


def test_columns_of_a_serial_number_are_no_content() -> None:
    headings = (*MEMBERS, Heading(label="序号", kind=CellKind.INTEGER))
    data = workbook([["序号", *HEAD], [1, *ONE], [2, None, None]])
    assert [row.number for row in read_sheet(data, headings=headings).rows()] == [2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["合计", 12], Skip.TOTAL),
        (["本页小计", 12], Skip.TOTAL),
        (["合计12人", None], Skip.TOTAL),
        (["备注：略", None], Skip.NOTE),
        (["填表说明", None], Skip.NOTE),
        (["第1页 共3页", None], Skip.NOTE),
        (["填表人：张三", "审核人：李四"], Skip.SIGNATURE),
        (["盖章", None], Skip.SIGNATURE),
        (["例：张三", ID1], Skip.EXAMPLE),
    ],
)
def test_a_line_below_the_records_is_recognised(line: list[object], reason: Skip) -> None:
    read = read_sheet(workbook([HEAD, ONE, line]), headings=MEMBERS)
    assert [(row.number, row.reason) for row in read.skipped()] == [(3, reason)]


@pytest.mark.parametrize("name", ["合小计生", "注册员", "审核", "负责人", "日期", "例外"])
def test_a_record_that_only_resembles_such_a_line_is_kept(name: str) -> None:
    read = read_sheet(workbook([HEAD, [name, ID2]]), headings=MEMBERS)
    assert [row["姓名"] for row in read.rows()] == [name]


def test_a_row_of_column_numbers_may_carry_its_own_name() -> None:
    head = ["栏次", *HEAD, "性别"]
    read = read_sheet(workbook([head, ["栏次", "(1)", "(2)", 3], ["1", *ONE]]), headings=MEMBERS)
    assert [(row.number, row.reason) for row in read.skipped()] == [(2, Skip.NUMBERING)]


def test_cells_in_error_of_an_old_workbook_are_seen() -> None:
    data = xls([[*HEAD, "性别", "入会日期"], [*ONE, 36, 41090]])
    number = biff_record(0x0203, b"\x01\x00\x02\x00\x00\x00" + b"\0\0\0\0\0\0\x42\x40")
    error = biff_record(0x0205, b"\x01\x00\x02\x00\x00\x00\x17\x01") + biff_record(0x00FF, b"\0\0")
    assert number in data
    assert len(number) == len(error)
    (row,) = read_sheet(data.replace(number, error), headings=MEMBERS).rows()
    assert row["性别"] == Broken("#REF!")


def test_formulas_in_error_and_the_other_epoch_of_an_old_workbook_are_seen() -> None:
    formula = biff_record(0x0006, b"\x01\0\x02\0\0\0" + b"\x02\0\x2a\0\0\0\xff\xff" + bytes(8))
    rows = [[*HEAD, "性别", "入会日期"], [*ONE, None, 39628]]
    data = xls(rows, settings=biff_record(0x0022, b"\x01\0"), cells=formula)
    read = read_sheet(data, headings=MEMBERS)
    (row,) = read.rows()
    assert row["性别"] == Broken("#N/A")
    assert normalise_row(read, row).values["入会日期"] == datetime.date(2012, 6, 30)


def test_a_formula_that_gives_the_empty_text_is_a_blank_cell() -> None:
    def formula(_book: Workbook, sheet: Worksheet) -> None:
        sheet["C2"] = '=""'

    data = workbook([[*HEAD, "性别"], ONE], dress=formula)
    (row,) = read_sheet(data, headings=MEMBERS).rows()
    assert row["性别"] == Broken("未计算的公式")
    computed = edited(data, "xl/worksheets/sheet1.xml", b'<c r="C2"', b'<c r="C2" t="str"')
    (row,) = read_sheet(computed, headings=MEMBERS).rows()
    assert row["性别"] == ""


def test_a_wide_sheet_of_few_rows_is_read() -> None:
    wide = [f"列{number}" for number in range(300)]
    read = read_sheet(workbook([[*HEAD, *wide], ONE]), headings=MEMBERS)
    assert len(read.unknown) == 300


def test_error_cells_on_the_border_of_two_pieces_are_counted_once() -> None:
    head = "".join(
        f'<c r="{letter}1" t="str"><v>{text}</v></c>'
        for letter, text in zip("AB", HEAD, strict=True)
    )
    names = "".join(
        f'<c r="{letter}2" t="str"><v>{text}</v></c>'
        for letter, text in zip("AB", ONE, strict=True)
    )
    errors = "".join(
        f'<c r="{column_letter(index)}2" s="0" t="e"><v>#N/A</v></c>' for index in range(2, 900)
    )
    filling = "<!--" + "x" * (1 << 20) + "-->"
    part = "xl/worksheets/sheet1.xml"
    for cut in range(0, 60_000, 997):
        comment = filling[: 4 + (1 << 20) - 60_000 + cut] + "-->"
        xml = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f'{comment}<sheetData><row r="1">{head}</row><row r="2">{names}{errors}</row>'
            "</sheetData></worksheet>"
        )
        parts = unzipped(workbook([HEAD]))
        package = examine(
            zipped({**parts, part: xml.encode()}),
            max_unpacked=10**8,
            max_ratio=10**6,
            max_cells=10**6,
        )
        assert len(package.broken_in("Sheet1")[1]) == 898


def test_damaged_old_workbooks_are_refused() -> None:
    whole = xls([HEAD, ONE])
    assert refusal(whole[:600]) == BROKEN
    assert refusal(whole[:30] + b"\x03" + whole[31:]) == BROKEN
    assert refusal(ole({"Workbook": b"\x01\x02\x03\x04"})) == BROKEN
    looped = bytearray(whole)
    fat = int.from_bytes(whole[76:80], "little")
    looped[(fat + 1) * 512 : (fat + 1) * 512 + 4] = bytes(4)
    assert refusal(bytes(looped)) == BROKEN
    tiny = bytearray(whole)
    tiny[56:60] = (1 << 20).to_bytes(4, "little")
    assert refusal(bytes(tiny)) == BROKEN


def test_a_large_old_workbook_is_followed_through_its_container() -> None:
    filling = [["", "x" * 2000] for _row in range(2000)]
    read = read_sheet(xls([HEAD, ONE, *filling, TWO]), headings=MEMBERS)
    assert [row["姓名"] for row in read.rows() if row["姓名"]] == ["王伟", "李娜"]


def test_a_reader_that_panics_has_met_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    class Interrupted(BaseException):
        pass

    for raised, expected in ((PanicException, DomainError), (Interrupted, Interrupted)):

        class Reader:
            error = raised

            @classmethod
            def from_filelike(cls, _file: object) -> None:
                raise cls.error

        monkeypatch.setattr(workbook_module, "CalamineWorkbook", Reader)
        with pytest.raises(expected):
            read_sheet(workbook([HEAD, ONE]), headings=MEMBERS)


def test_a_package_of_stored_parts_is_read() -> None:
    parts = unzipped(workbook([HEAD, ONE]))
    for method, refused in ((zipfile.ZIP_STORED, False), (zipfile.ZIP_BZIP2, True)):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        if refused:
            assert refusal(target.getvalue()) == BROKEN
        else:
            assert len(list(read_sheet(target.getvalue(), headings=MEMBERS).rows())) == 1


def test_a_stray_cell_is_seen_however_its_place_is_spelt() -> None:
    part = "xl/worksheets/sheet1.xml"
    whole = workbook([HEAD, ONE])
    assert b'r="B2"' in unzipped(whole)[part]
    for spelt in (b"r='ZZ1048576'", b'r = "ZZ1048576"', b'r="ZZ1048576"'):
        told = refusal(edited(whole, part, b'r="B2"', spelt))
        assert told.startswith("工作表的已用区域过大（到第 1048576 行、ZZ 列）。")


def test_a_package_that_unpacks_beyond_the_limit_is_refused() -> None:
    data = workbook([HEAD, ONE])
    assert refusal(data, limits=Limits(max_unpacked=1000)) == BOMB
    assert refusal(data, limits=Limits(max_cells=50)).startswith("工作表的已用区域过大")


def test_parts_addressed_from_the_root_are_found() -> None:
    def in_error(_book: Workbook, sheet: Worksheet) -> None:
        sheet["C2"] = "#N/A"

    data = workbook([[*HEAD, "性别"], ONE], dress=in_error)
    relations = "xl/_rels/workbook.xml.rels"
    assert b'Target="/xl/worksheets/' in unzipped(data)[relations]
    near = edited(data, relations, b'Target="/xl/', b'Target="')
    for version in (data, near):
        (row,) = read_sheet(version, headings=MEMBERS).rows()
        assert row["性别"] == Broken("#N/A")


def test_damaged_packages_are_refused() -> None:
    whole = workbook([HEAD, ONE])
    part = "xl/workbook.xml"
    assert refusal(edited(whole, part, b"<workbook", b"<<workbook")) == BROKEN
    assert refusal(zipped({part: b"<workbook/>"})) == BROKEN
    sheet = "xl/worksheets/sheet1.xml"
    assert refusal(edited(whole, sheet, b"</worksheet>", b"")) == BROKEN
    headless = bytearray(whole)
    headless[headless.index(b"PK\x03\x04", 4) + 1] = 0
    assert refusal(bytes(headless)) == BROKEN


def test_a_csv_that_is_no_text_is_refused() -> None:
    saving = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
    assert refusal(b"\xb0\xff\xff,\xa1") == (
        f"文件的文字编码既不是 UTF-8，也不是 GB18030（GBK），无法读取。{saving}"
    )
    unclosed = csv_text([HEAD]) + '"' + "长" * 140_000
    assert refusal(unclosed.encode()).startswith("第 ")


def test_a_locked_package_is_refused() -> None:
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)).startswith("该文件设有打开密码")


def test_a_workbook_without_a_visible_worksheet_is_told() -> None:
    def hidden(book: Workbook, sheet: Worksheet) -> None:
        sheet.sheet_state = "veryHidden"
        book.create_chartsheet("图")

    assert refusal(workbook([HEAD, ONE], dress=hidden)) == (
        "文件中没有可见的工作表。隐藏的工作表“Sheet1”不读取，如数据在其中请先取消隐藏。"
    )


def test_an_opened_book_lists_its_worksheets() -> None:
    book = open_book(workbook([HEAD, ONE], dress=two_sheets))
    assert [(tab.name, tab.hidden) for tab in book.tabs] == [
        ("Sheet1", False),
        ("二月", False),
        ("三月", False),
    ]
