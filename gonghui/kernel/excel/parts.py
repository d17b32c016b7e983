"""The fixed parts of a workbook that the streaming writer makes: styles, relations, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

# Positions in `cellXfs` of STYLES.
PLAIN, TEXT, QUOTED, DAY, MONTH, MOMENT, INTEGER, MONEY, HEAD, TITLE, SMALL, SIGN_OFF = range(12)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# The default for .xml is a worksheet, so that this part need not know how many there will be.
CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
PACKAGE_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)

_BORDERED = 'fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1"'
_WRAP = '<alignment vertical="center" wrapText="1"/></xf>'
_MIDDLE = '<alignment vertical="center"/></xf>'


def _number_style(number_format: int) -> str:
    return f'<xf numFmtId="{number_format}" {_BORDERED} applyNumberFormat="1">{_MIDDLE}'


STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm"/>'
    '<numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="4"><font><sz val="11"/><name val="宋体"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/><family val="2"/></font>'
    '<font><b/><sz val="16"/><name val="宋体"/><family val="2"/></font>'
    '<font><sz val="9"/><color rgb="FF808080"/><name val="宋体"/><family val="2"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/><bgColor indexed="64"/>'
    "</patternFill></fill></fills>"
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"><color auto="1"/></left><right style="thin"><color auto="1"/></right>'
    '<top style="thin"><color auto="1"/></top><bottom style="thin"><color auto="1"/></bottom>'
    "<diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="12">'
    f"{_number_style(0)}"
    f'<xf numFmtId="49" {_BORDERED} applyNumberFormat="1" applyAlignment="1">{_WRAP}'
    f'<xf numFmtId="49" {_BORDERED} applyNumberFormat="1" applyAlignment="1" quotePrefix="1">{_WRAP}'
    f"{_number_style(164)}{_number_style(165)}{_number_style(166)}{_number_style(1)}{_number_style(4)}"
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" '
    'applyBorder="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center"/></xf>'
    '<xf numFmtId="49" fontId="3" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="0"/><tableStyles count="0"/></styleSheet>'
)

_FORBIDDEN_IN_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """What the workbook part has to know of a sheet that has been written."""

    name: str
    header_row: int
    last_record: int
    last_row: int
    last_column: str


def sheet_name(wanted: str, number: int) -> str:
    """A name that Excel accepts; further sheets of one export are numbered."""
    tail = f"（{number}）" if number > 1 else ""
    plain = _FORBIDDEN_IN_NAMES.sub("", wanted).strip("' ") or "Sheet1"
    return plain[: _LONGEST_NAME - len(tail)] + tail


def workbook(sheets: Sequence[SheetPart]) -> str:
    """The workbook part, with print areas, repeated header rows and filters as defined names."""
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    names = "".join(
        _defined_name("Print_Area", at, sheet, f"$A$1:${sheet.last_column}${sheet.last_row}")
        + _defined_name("Print_Titles", at, sheet, f"${sheet.header_row}:${sheet.header_row}")
        + _defined_name(
            "_FilterDatabase",
            at,
            sheet,
            f"$A${sheet.header_row}:${sheet.last_column}${sheet.last_record}",
        )
        for at, sheet in enumerate(sheets)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{names}</definedNames></workbook>"
    )


def _defined_name(name: str, at: int, sheet: SheetPart, area: str) -> str:
    hidden = ' hidden="1"' if name == "_FilterDatabase" else ""
    quoted = escape(sheet.name.replace("'", "''"))
    return (
        f'<definedName name="_xlnm.{name}" localSheetId="{at}"{hidden}>'
        f"'{quoted}'!{area}</definedName>"
    )


def workbook_relations(count: int) -> str:
    """The relations of the workbook part to its sheets and its styles."""
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}'
        f'<Relationship Id="rId{count + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    )


def sheet_head(header_row: int, widths: Sequence[float]) -> str:
    """The beginning of a sheet: the frozen header, and how wide the columns are."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{header_row}" '
        f'topLeftCell="A{header_row + 1}" activePane="bottomLeft" state="frozen"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="16"/><cols>{columns}</cols><sheetData>'
    )


def sheet_tail(filtered: str, merged: Sequence[str], watermark: str | None) -> str:
    """The end of a sheet: filter, merged rows, landscape A4, page numbers and the watermark."""
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    merges = f'<mergeCells count="{len(merged)}">{cells}</mergeCells>' if merged else ""
    left = "&L&8" + watermark.replace("&", "&&") if watermark else ""
    foot = escape(f"{left}&C第 &P 页 共 &N 页")
    return (
        f'</sheetData><autoFilter ref="{filtered}"/>{merges}'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>{foot}</oddFooter></headerFooter></worksheet>"
    )
