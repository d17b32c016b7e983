"""Making the workbook that users fill in: marked columns, drop-downs, checks, and an explanation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gonghui.kernel.excel.kinds import TEXT_KINDS, CellKind, Heading
from gonghui.kernel.excel.package import column_letter
from gonghui.kernel.excel.parts import sheet_name

EXPLANATION_SHEET: Final = "填表说明"
CHOICES_SHEET: Final = "选项"
CHECKED_ROWS: Final = 5_000

_HOW = {
    CellKind.TEXT: "文字。",
    CellKind.ID_NUMBER: "18 位身份证号，本列已设为文本格式，请勿改动；15 位旧号会自动升位。",
    CellKind.USCC: "18 位统一社会信用代码，本列已设为文本格式。",
    CellKind.ACCOUNT: "银行账号或卡号，本列已设为文本格式，请勿改动。",
    CellKind.PHONE: "11 位手机号，或带区号的固定电话，如 0375-2662588。",
    CellKind.DATE: "日期，年份写四位，如 2012-06-30。",
    CellKind.MONTH: "年月，如 2012年6月。",
    CellKind.MOMENT: "日期，如 2012-06-30。",
    CellKind.INTEGER: "整数。",
    CellKind.DECIMAL: "数字。",
    CellKind.MONEY: "金额，单位为{unit}，最多两位小数。",
    CellKind.FLAG: "填“是”或“否”。",
    CellKind.CHOICE: "从下拉列表中选择：{choices}。",
    CellKind.NAME: "一格填一个人的姓名，中间不加空格。",
}
_EXAMPLES = {
    CellKind.ID_NUMBER: "410402198001011236",
    CellKind.PHONE: "13800000000",
    CellKind.DATE: "2012-06-30",
    CellKind.MONTH: "2012年6月",
    CellKind.MOMENT: "2012-06-30",
    CellKind.INTEGER: "12",
    CellKind.DECIMAL: "12.5",
    CellKind.MONEY: "1234.50",
    CellKind.FLAG: "是",
    CellKind.NAME: "王伟",
}
_YES_OR_NO = ("是", "否")


def make_template(
    headings: Sequence[Heading], *, title: str, sheet: str = "数据", notes: Sequence[str] = ()
) -> bytes:
    """An empty .xlsx for these columns; what `read_sheet` finds in it when filled is all of them.

    `notes` are further lines for the explanation sheet.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        body = book.add_worksheet(sheet_name(sheet, 1))
        explanation = book.add_worksheet(EXPLANATION_SHEET)
        _write_body(book, body, headings, title)
        _write_choices(book, body, headings)
        _write_explanation(book, explanation, headings, notes)
    return target.getvalue()


def heading_text(heading: Heading) -> str:
    """How a heading stands in a template: its unit in parentheses, a star if it is required."""
    unit = f"（{heading.unit}）" if heading.kind is CellKind.MONEY else ""
    if unit and heading.label.endswith(unit):
        unit = ""
    return f"{heading.label}{unit}{'*' if heading.required else ''}"


def _write_body(book: Workbook, sheet: Worksheet, headings: Sequence[Heading], title: str) -> None:
    last = len(headings) - 1
    top = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    if last > 0:
        sheet.merge_range(0, 0, 0, last, title, top)
    else:
        sheet.write_string(0, 0, title, top)
    sheet.set_row(0, 30)
    sheet.set_row(1, 26)
    head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    required = book.add_format({**head, "bg_color": "#FCE4D6", "font_color": "#9C0006"})
    optional = book.add_format({**head, "bg_color": "#DDEBF7"})
    formats = _cell_formats(book)
    for index, heading in enumerate(headings):
        text = heading_text(heading)
        sheet.set_column(index, index, _width(heading, text), formats[heading.kind])
        sheet.write_string(1, index, text, required if heading.required else optional)
        sheet.write_comment(1, index, how_to_fill(heading), {"x_scale": 1.6})
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _cell_formats(book: Workbook) -> dict[CellKind, Format]:
    shapes = {
        CellKind.DATE: "yyyy-mm-dd",
        CellKind.MOMENT: "yyyy-mm-dd",
        CellKind.MONTH: "@",  # as a number 2012.10 would lose its zero
        CellKind.INTEGER: "0",
        CellKind.DECIMAL: "General",
        CellKind.MONEY: "#,##0.00",
    }
    return {
        kind: book.add_format({"num_format": "@" if kind in TEXT_KINDS else shapes[kind]})
        for kind in CellKind
    }


def _write_choices(book: Workbook, sheet: Worksheet, headings: Sequence[Heading]) -> None:
    """Lists stand in a hidden sheet: inside a rule Excel takes no more than 255 characters."""
    lists = book.add_worksheet(CHOICES_SHEET)
    lists.hide()
    for index, heading in enumerate(headings):
        rule = _rule(heading)
        if heading.kind in {CellKind.CHOICE, CellKind.FLAG}:
            labels = _labels(heading)
            lists.write_column(0, index, labels)
            letter = column_letter(index)
            source = f"={CHOICES_SHEET}!${letter}$1:${letter}${len(labels)}"
            rule = {
                "validate": "list",
                "source": source,
                "error_title": "请从列表中选择",
                "error_message": f"“{heading.label}”只能选列表中的内容。",
            }
        if rule:
            sheet.data_validation(2, index, 1 + CHECKED_ROWS, index, rule)


def _rule(heading: Heading) -> dict[str, object]:
    if heading.kind in {CellKind.DATE, CellKind.MOMENT}:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1900, 3, 1),
            "maximum": date(2099, 12, 31),
            "error_title": "不是日期",
            "error_message": "请写成 2012-06-30 的样子，年份四位。",
        }
    if heading.kind is CellKind.ID_NUMBER:
        return {
            "validate": "length",
            "criteria": "between",
            "minimum": 15,
            "maximum": 18,
            "error_title": "位数不对",
            "error_message": "身份证号应为 18 位（旧号 15 位）。",
        }
    if heading.kind is CellKind.INTEGER:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": -999_999_999,
            "maximum": 999_999_999,
            "error_title": "不是整数",
            "error_message": f"“{heading.label}”只能填整数，不带单位。",
        }
    return {}


def _labels(heading: Heading) -> tuple[str, ...]:
    if heading.kind is CellKind.FLAG:
        return _YES_OR_NO
    return tuple(label for _value, label in heading.choices)


def how_to_fill(heading: Heading) -> str:
    """One line on what belongs into the column."""
    how = _HOW[heading.kind].format(unit=heading.unit, choices="、".join(_labels(heading)))
    must = "必填。" if heading.required else "选填。"
    return must + how + heading.help


def _write_explanation(
    book: Workbook, sheet: Worksheet, headings: Sequence[Heading], notes: Sequence[str]
) -> None:
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7", "align": "center"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for index, (text, width) in enumerate((("列名", 22), ("怎样填写", 70), ("示例", 26))):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, text, head)
    row = 0
    for row, heading in enumerate(headings, 1):
        labels = _labels(heading)
        example = heading.example or _EXAMPLES.get(heading.kind) or (labels[0] if labels else "")
        for index, text in enumerate((heading.label, how_to_fill(heading), example)):
            sheet.write_string(row, index, text, cell)
    general = (
        "表头带 * 的列必填；请勿改动列名，列的先后可以调换。",
        "从别处粘贴时请用“选择性粘贴－数值”，以免带入格式。",
        *notes,
    )
    for number, text in enumerate(general, 1):
        sheet.merge_range(row + 1 + number, 0, row + 1 + number, 2, f"{number}．{text}", plain)


def _width(heading: Heading, text: str) -> float:
    wide = {CellKind.ID_NUMBER: 22, CellKind.USCC: 22, CellKind.PHONE: 15, CellKind.DATE: 13}
    shown = sum(2 if ord(char) > 255 else 1 for char in text) + 3
    return max(shown, wide.get(heading.kind, 12))
