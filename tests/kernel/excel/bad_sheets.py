"""Sheets as people really have them: each maker with what reading it must end in."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from gonghui.base.identity import make_id_number
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.rows import Skip
from tests.kernel.excel.makers import csv_text, edited, ole, workbook, xls, zipped

ID1 = "410402198001011236"
ID2 = "410423197506300014"
ID3 = make_id_number("410402", datetime.date(1990, 5, 6), 2)
SEXES = (("male", "男"), ("female", "女"))
MEMBERS = (
    Heading(label="姓名", required=True, kind=CellKind.NAME, aliases=("职工姓名",)),
    Heading(label="证件号码", required=True, kind=CellKind.ID_NUMBER, aliases=("身份证号",)),
    Heading(label="性别", kind=CellKind.CHOICE, choices=SEXES),
    Heading(label="入会日期", kind=CellKind.DATE),
    Heading(label="月收入", kind=CellKind.MONEY),
)
COUNTS = (
    Heading(label="单位", required=True),
    Heading(label="人数/男", kind=CellKind.INTEGER),
    Heading(label="人数/女", kind=CellKind.INTEGER),
)
HEAD = ["姓名", "证件号码"]
ONE = ["王伟", ID1]
TWO = ["李娜", ID2]
NO_MORE = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
NOT_ONE = f"该文件不是电子表格，只能上传 .xlsx、.xls、.et 或 .csv 文件。{NO_MORE}"
LOCKED = "该文件设有打开密码，系统无法读取。请取消密码（文件－信息－保护工作簿）后另存再上传。"
BROKEN = f"该文件已损坏，无法读取。{NO_MORE}"
BOMB = f"该文件解压后过大（可能是压缩炸弹或损坏），已拒绝读取。{NO_MORE}"
MARKUP = f"该文件其实是网页或 XML 格式，只是扩展名像电子表格。{NO_MORE}"


@dataclass(frozen=True, kw_only=True)
class BadSheet:
    """A maker, and what comes of it: records by row number, or the refusal's whole message."""

    make: Callable[[], bytes]
    headings: tuple[Heading, ...] = MEMBERS
    records: dict[int, tuple[object, ...]] = field(default_factory=dict)
    refused: str = ""
    skipped: dict[int, Skip] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


REGISTRY: dict[str, BadSheet] = {}


def bad(**expected: object) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        REGISTRY[make.__name__] = BadSheet(make=make, **expected)  # type: ignore[arg-type] # by name
        return make

    return enter


@bad(records={4: ("王伟", ID1), 5: ("李娜", ID2)})
def title_rows_above_the_header() -> bytes:
    rows = [["××市总工会会员花名册"], ["填报单位：新华区总工会", None, "2012年6月"], HEAD, ONE, TWO]
    return workbook(rows, merges=["A1:C1"])


@bad(headings=COUNTS, records={4: ("一矿", 12, 3)}, skipped={})
def a_header_of_two_rows() -> bytes:
    rows = [["职工人数统计表"], ["单位", "人数", None], [None, "男", "女"], ["一矿", 12, 3]]
    return workbook(rows, merges=["A1:C1", "A2:A3", "B2:C2"])


@bad(headings=COUNTS, records={3: ("一矿", 12, 3)})
def a_header_of_two_rows_without_merged_cells() -> bytes:
    return workbook([["单位", "人数", None], [None, "男", "女"], ["一矿", 12, 3]])


@bad(records={3: ("王伟", ID1)}, notices=("以下列不在模板中，未读取：人数/男、人数/女。",))
def a_header_of_two_rows_with_groups_nobody_asked_for() -> bytes:
    rows = [[*HEAD, "人数", None], [None, None, "男", "女"], [*ONE, 1, 2]]
    return workbook(rows, merges=["A1:A2", "B1:B2", "C1:D1"])


@bad(
    records={2: ("王伟", ID1, "male", datetime.date(2012, 6, 30), 30000)},
    notes={"E2": "按万元换算为 30,000.00 元"},
)
def headings_with_marks_and_units() -> bytes:
    head = ["姓　名*", "身份证\n号（必填）", "＊性 别", "入会日期：", "月收入（万元）"]
    return workbook([head, [*ONE, "男", "2012.6.30", 3]])


@bad(
    records={2: ("王伟", ID1)},
    notices=("以下列不在模板中，未读取：QQ、爱好。",),
)
def columns_in_another_order_and_unknown_ones() -> bytes:
    return workbook([["QQ", "证件号码", "爱好", "姓名"], [12345, ID1, "下棋", "王伟"]])


@bad(
    refused="工作表“Sheet1”第 2 行的表头缺少必填列：证件号码。已找到的列：姓名、性别、单位。"
    "请对照模板补上或改正列名后再上传。"
)
def a_required_column_missing() -> bytes:
    return workbook([["花名册"], ["姓名", "性别", "单位"], ["王伟", "男", "一矿"]])


@bad(
    refused="“姓名”一列出现了 2 次（A 列、C 列），无法判断以哪一列为准。"
    "请删去或改名多余的一列后再上传。"
)
def a_column_that_stands_there_twice() -> bytes:
    return workbook([["姓名", "证件号码", "姓名"], [*ONE, "李娜"]])


@bad(
    refused="没有找到表头：在工作表“Sheet1”的前 20 行里，没有一行含有“姓名、证件号码”这些列名。"
    "请使用系统提供的模板填写。"
)
def no_header_at_all() -> bytes:
    return workbook([ONE, TWO])


@bad(
    records={
        2: ("王伟", ID1, "male", datetime.date(2012, 1, 1)),
        3: ("李娜", ID2, "male", datetime.date(2012, 1, 1)),
        4: ("张敏", ID3, None, None),
        5: ("赵强", ID3, None, None),
    },
    notes={"C3": "合并单元格，沿用上方的值", "D3": "合并单元格，沿用上方的值"},
)
def merged_cells_among_the_records() -> bytes:
    day = datetime.date(2012, 1, 1)
    rows = [[*HEAD, "性别", "入会日期"], [*ONE, "男", day], [*TWO, None, None]]
    rows += [["张敏", ID3], ["赵强", ID3]]
    return workbook(rows, merges=["C2:C3", "D2:D3", "C4:C5"])


@bad(
    headings=COUNTS,
    records={2: ("一矿", 12, 3), 4: ("二矿", 5, 5)},
    skipped={3: Skip.TOTAL, 5: Skip.TOTAL, 6: Skip.TOTAL, 7: Skip.TOTAL},
)
def sums_between_and_below() -> bytes:
    return workbook(
        [
            ["单位", "人数/男", "人数/女"],
            ["一矿", 12, 3],
            ["新华区小计", 12, 3],
            ["二矿", 5, 5],
            ["小  计", 5, 5],
            ["合　计：", 17, 8],
            ["总计（人）", 17, 8],
        ]
    )


@bad(
    records={3: ("王伟", ID1), 6: ("李娜", ID2)},
    skipped={8: Skip.ONLY_SERIAL},
)
def blank_rows_and_empty_numbered_ones() -> bytes:
    head = ["序号", *HEAD]
    return workbook(
        [head, [], [1, *ONE], [None, " ", "\u200b"], [], [2, *TWO], [None, "\u3000"], [3]]
    )


@bad(
    records={2: ("王伟", ID1)},
    skipped={
        4: Skip.NOTE,
        5: Skip.NOTE,
        6: Skip.NOTE,
        7: Skip.SIGNATURE,
        8: Skip.NOTE,
    },
)
def notes_and_signatures_below() -> bytes:
    rows = [
        HEAD,
        ONE,
        [],
        ["填表说明："],
        ["1. 证件号码请用文本格式。"],
        ["2. 一式两份。"],
        ["单位负责人（签字）：", None, "填表人：张三"],
        ["2012年7月1日"],
    ]
    return workbook(rows, merges=["A5:B5"])


@bad(
    records={2: ("王伟", ID1), 4: ("李娜", ID2)},
    skipped={3: Skip.NOTE, 5: Skip.SIGNATURE},
)
def a_note_in_the_middle_of_the_records() -> bytes:
    return workbook([HEAD, ONE, ["备注：以下为新增"], TWO, ["单位负责人 签字"]])


@bad(
    records={2: ("王伟", ID1), 5: ("李娜", ID2)},
    skipped={3: Skip.HEADER, 4: Skip.EXAMPLE},
)
def the_header_again_on_every_page() -> bytes:
    return workbook([HEAD, ONE, HEAD, ["示例：张三", ID3], TWO])


@bad(headings=COUNTS, records={3: ("一矿", 1, 2)}, skipped={2: Skip.NUMBERING})
def a_row_of_column_numbers() -> bytes:
    return workbook([["单位", "人数/男", "人数/女"], ["甲", 1, 2], ["一矿", 1, 2]])


def _hide(book: Workbook, sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden"
    book.create_sheet("封面")["A1"] = "花名册"


@bad(
    refused="没有找到表头：在工作表“封面”的前 20 行里，没有一行含有“姓名、证件号码”这些列名。"
    "请使用系统提供的模板填写。隐藏的工作表“Sheet1”不读取，如数据在其中请先取消隐藏。"
)
def the_records_in_a_hidden_sheet() -> bytes:
    return workbook([HEAD, ONE], dress=_hide)


def _more_sheets(book: Workbook, sheet: Worksheet) -> None:
    book.create_sheet("说明", 0)["A1"] = "请填写第二张表"
    again = book.create_sheet("二月")
    again.append(HEAD)
    again.append(TWO)
    book.create_sheet("空表")


@bad(
    records={2: ("王伟", ID1)},
    notices=("只读取了工作表“一月”。工作表“二月”的表头也符合，未读取；如需导入请分别上传。",),
)
def several_sheets_of_which_two_fit() -> bytes:
    return workbook([HEAD, ONE], dress=_more_sheets, name="一月")


@bad(
    records={3: ("王伟", ID1, None, datetime.date(2012, 6, 30))},
    notes={"A3": "去掉空格", "D3": "Excel日期序号已换算为 2012-06-30"},
)
def an_old_xls() -> bytes:
    return xls([["花名册"], [*HEAD, "性别", "入会日期"], ["王  伟", ID1, None, 41090]])


@bad(records={2: ("王伟", ID1), 3: ("李娜", ID2)})
def csv_in_utf8_with_mark() -> bytes:
    return csv_text([HEAD, ONE, TWO]).encode("utf-8-sig")


@bad(records={2: ("王伟", ID1), 3: ("李娜", ID2)}, notes={"B3": "去掉前面的单引号"})
def csv_in_gb18030_with_quoted_numbers() -> bytes:
    return csv_text([HEAD, ["王伟", f'="{ID1}"'], ["李娜", f"'{ID2}"]]).encode("gb18030")


@bad(records={2: ("王伟", ID1)})
def unicode_text_with_tabs() -> bytes:
    return csv_text([HEAD, ONE], delimiter="\t").encode("utf-16")


@bad(refused=LOCKED)
def an_xlsx_with_a_password() -> bytes:
    return ole({"EncryptedPackage": b"secret", "EncryptionInfo": b"agile"})


@bad(refused=LOCKED)
def an_xls_with_a_password() -> bytes:
    return xls([HEAD, ONE], password=True)


@bad(refused=NOT_ONE)
def a_word_document() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


@bad(refused=NOT_ONE)
def an_old_word_document() -> bytes:
    return ole({"WordDocument": b"text"})


@bad(refused=NOT_ONE)
def a_picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@bad(refused=MARKUP)
def a_web_page_called_xls() -> bytes:
    return b"\r\n<html><table><tr><td>1</td></tr></table></html>"


@bad(refused="该文件是空的（0 字节）。请重新保存后上传。")
def a_file_of_no_bytes() -> bytes:
    return b""


@bad(refused=BROKEN)
def a_workbook_cut_short() -> bytes:
    return workbook([HEAD, ONE])[:2000]


@bad(refused=f"暂不支持 ods 格式。{NO_MORE}")
def an_open_document() -> bytes:
    return zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
    )


@bad(refused=f"暂不支持 xlsb 格式。{NO_MORE}")
def a_binary_workbook() -> bytes:
    return zipped({"xl/workbook.bin": b"\x83\x01"})


@bad(refused=BOMB)
def a_zip_bomb() -> bytes:
    return zipped(
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000}
    )


@bad(refused=BOMB)
def a_zip_bomb_that_lies_about_its_size() -> bytes:
    data = bytearray(
        edited(workbook([HEAD, ONE]), "xl/styles.xml", b"<cellXfs", b" " * 99999 + b"<cellXfs")
    )
    at = data.rindex(b"xl/styles.xml") - 46
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


@bad(refused=BROKEN)
def an_entity_bomb() -> bytes:
    declared = b'<!DOCTYPE a [<!ENTITY b "ha">]>\n<worksheet'
    return edited(workbook([HEAD, ONE]), "xl/worksheets/sheet1.xml", b"<worksheet", declared)


def _stray(book: Workbook, sheet: Worksheet) -> None:
    sheet["XFD1048576"] = " "


@bad(
    refused="工作表的已用区域过大（到第 1048576 行、XFD 列）。"
    "请删除表格右侧和下方多余的行列（选中后右键删除，不是按 Delete 键），保存后再上传。"
)
def a_stray_blank_in_the_last_cell() -> bytes:
    return workbook([HEAD, ONE], dress=_stray)


@bad(
    refused="工作表的已用区域过大（到第 65536 行、IV 列）。"
    "请删除表格右侧和下方多余的行列（选中后右键删除，不是按 Delete 键），保存后再上传。"
)
def a_stray_blank_in_the_last_cell_of_an_xls() -> bytes:
    return xls([HEAD, ONE], last_cell=(65535, 255))


@bad(refused="工作表“Sheet1”的表头（第 2 行）下面没有一行数据。请填写后再上传。")
def a_template_nobody_filled_in() -> bytes:
    return workbook([["花名册"], HEAD, ["合计"], ["填表说明：略"]])


@bad(
    errors={"B2": "证件号码被Excel改成数字，请用模板（文本格式）重新填写"},
    records={3: ("李娜", ID2)},
)
def an_identity_number_eaten_by_excel() -> bytes:
    return workbook([HEAD, ["王伟", int(ID1)], TWO])


@bad(
    errors={"B2": "证件号码被Excel改成数字，请用模板（文本格式）重新填写"},
    records={3: ("李娜", ID2)},
)
def an_identity_number_in_scientific_text() -> bytes:
    return workbook([HEAD, ["王伟", "4.10402E+17"], TWO])


@bad(
    records={2: ("王伟", ID1)},
    notes={"A2": "去掉不可见字符；去掉空格", "B2": "去掉不可见字符；去掉空格；全角转半角"},
)
def hidden_characters_and_full_width() -> bytes:
    wide = ID1.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return workbook([HEAD, ["\u200b王\u3000伟\u00a0", f"\u202a\u00a0{wide}"]])


@bad(
    records={2: ("王伟", "410402198001011236")},
    notes={"B2": "15位旧号已自动升位，请核对"},
)
def an_identity_number_of_fifteen_digits() -> bytes:
    return workbook([HEAD, ["王伟", "410402800101123"]])


def _formulas(book: Workbook, sheet: Worksheet) -> None:
    sheet["C2"] = "#N/A"
    sheet["D2"] = "=TODAY()"
    sheet["J2"] = "=TODAY()"


@bad(
    errors={
        "C2": "单元格是错误值 #N/A，请改成具体内容（复制后选择性粘贴为数值）。",
        "D2": "单元格是未计算的公式，请改成具体内容（复制后选择性粘贴为数值）。",
    },
    records={3: ("李娜", ID2, "female")},
)
def cells_in_error() -> bytes:
    rows = [[*HEAD, "性别", "入会日期"], ONE, [*TWO, "女"]]
    return workbook(rows, dress=_formulas)


@bad(
    errors={
        "D2": "“12.6.30”的年份只有两位，无法判断是哪一年，请写成 2012-06-30 的样子。",
        "D3": "日期“2012-2-30”不存在，请核对。",
        "C4": "“性别”只能填：男、女，填的是“未知性别”。",
        "A5": "“姓名”必填，不能为空。",
        "E5": "金额“三千”看不懂，请只填数字，例如1234.50",
    },
    records={6: ("王伟", ID1)},
)
def rows_with_faults_of_every_kind() -> bytes:
    return workbook(
        [
            [*HEAD, "性别", "入会日期", "月收入"],
            [*ONE, "男", "12.6.30"],
            [*ONE, "男", "2012-2-30"],
            [*ONE, "未知性别"],
            ["/", ID1, "男", None, "三千"],
            ONE,
        ]
    )


def _epoch(book: Workbook, sheet: Worksheet) -> None:
    book.epoch = CALENDAR_MAC_1904


@bad(
    records={2: ("王伟", ID1, None, datetime.date(2012, 6, 30))},
    notes={"D2": "Excel日期序号已换算为 2012-06-30"},
)
def days_counted_from_1904() -> bytes:
    return workbook([[*HEAD, "性别", "入会日期"], [*ONE, None, 39628]], dress=_epoch)
