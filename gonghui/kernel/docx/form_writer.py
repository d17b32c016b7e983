"""A declared form as docx: a grid as on paper forms, or a letter in the official page format."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips
from docx.text.paragraph import Paragraph

from gonghui.kernel.docx.forms import (
    Block,
    Facts,
    Field,
    Form,
    Opinions,
    Roster,
    Rows,
    Signatures,
    SignOff,
    Source,
    Text,
    names_in,
    path_of,
    put,
)
from gonghui.kernel.docx.names import Element, new
from gonghui.kernel.docx.page import (
    BODY_FONT,
    BODY_SIZE,
    HEAD_FONT,
    NUMBER_FONT,
    TITLE_FONT,
    TITLE_SIZE,
    format_run,
    prepare,
    write_line,
    write_page_number,
)

CELL_SIZE: Final = 12.0  # 小四
SMALL_SIZE: Final = 9.0
TEXT_LINE: Final = 24.0
GAP: Final = 6.0
ROW: Final = 480  # twips
LINE: Final = 440
OPINION: Final = 1250
TWO_CHARACTERS: Final = int(CELL_SIZE * 40)
BLANK: Final = "＿＿＿＿"
SIGNED: Final = "签名：　　　　　　（盖章）　　　　年　　月　　日"
# Millimetres of a sheet: width, height, margin at the sides.
PAPERS: Final = {"A4": (210, 297, 24), "A5": (148, 210, 18), "A4 landscape": (297, 210, 20)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A cell of a grid: its width in twips, and how it looks."""

    width: int
    text: str = ""
    is_label: bool = False
    centred: bool = False
    right: bool = False
    open_above: bool = False
    open_below: bool = False
    merge: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a grid."""

    boxes: tuple[Box, ...]
    height: int = ROW
    is_header: bool = False
    keep: bool = False


def build_form(form: Form, source: Source, *, stamp: str = "") -> bytes:
    """The docx of a form; `stamp` says at the foot of a grid form who printed it and when."""
    document = Document()
    prepare(document)
    if form.is_letter:
        _letter(document, form, source)
    else:
        width = _sheet(document, form.paper, stamp)
        _head(document, put(form.title, source.value), _under(form, source), width)
        _blocks(document, form.blocks, source, width)
    return _saved(document)


def build_roster(
    roster: Roster, headings: Sequence[str], rows: Sequence[Sequence[str]], *, unit: str, stamp: str
) -> bytes:
    """The docx of a list: landscape, numbered, its header on every page."""
    document = Document()
    prepare(document)
    width = _sheet(document, "A4 landscape", stamp)
    _head(document, roster.title, [f"单位：{unit}", f"共{len(rows)}条"], width)
    _table(document, _rows_of(["序号", *headings, *roster.blanks], _numbered(rows), 0, width))
    _signatures(document, roster.signatures)
    return _saved(document)


def _numbered(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[str(place), *row] for place, row in enumerate(rows, 1)]


def _saved(document: DocumentType) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _letter(document: DocumentType, form: Form, source: Source) -> None:
    def value(name: str) -> str:
        return source.value(name) or BLANK

    write_line(document, put(form.title, value), TITLE_FONT, TITLE_SIZE, centred=True)
    document.add_paragraph(style="Normal")
    for block in form.blocks:
        if isinstance(block, Text):
            for part in put(block.text, value).split("\n"):
                plain = not (block.flush or block.centred)
                write_line(
                    document, part, BODY_FONT, BODY_SIZE, centred=block.centred, indented=plain
                )
        elif isinstance(block, SignOff):
            _sign_off(document, block, source)


def _sign_off(document: DocumentType, block: SignOff, source: Source) -> None:
    document.add_paragraph(style="Normal")
    day = put(block.day, lambda name: source.value(name) or "　　　　年　　月　　日")
    for text, inset in ((put(block.name, source.value), 2), (day, 4)):
        written = write_line(document, text, BODY_FONT, BODY_SIZE)
        written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        written.paragraph_format.right_indent = Pt(BODY_SIZE * inset)
        written.paragraph_format.keep_with_next = inset == 2


def _sheet(document: DocumentType, paper: str, stamp: str) -> int:
    """Set the page of a grid form and give the width of its text in twips."""
    across, down, side = PAPERS[paper]
    section = document.sections[0]
    section.page_width, section.page_height = Mm(across), Mm(down)
    if across > down:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.left_margin = section.right_margin = Mm(side)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)
    section.footer_distance = Mm(9)
    width = round((across - 2 * side) * 1440 / 25.4)
    document.settings.odd_and_even_pages_header_footer = False
    foot = section.footer.paragraphs[0]
    document.styles["Footer"].font.size = Pt(SMALL_SIZE)
    for child in list(foot._p):
        foot._p.remove(child)
    foot.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    foot.paragraph_format.tab_stops.add_tab_stop(Twips(width), WD_TAB_ALIGNMENT.RIGHT)
    format_run(foot.add_run(f"{stamp}\t第 "), NUMBER_FONT, SMALL_SIZE, narrow=False)
    write_page_number(foot, NUMBER_FONT, SMALL_SIZE)
    format_run(foot.add_run(" 页"), NUMBER_FONT, SMALL_SIZE, narrow=False)
    return width


def _head(document: DocumentType, title: str, under: Sequence[str], width: int) -> None:
    write_line(document, title, TITLE_FONT, TITLE_SIZE, centred=True)
    line = _paragraph(document, "\t".join(under), BODY_FONT, CELL_SIZE)
    line.paragraph_format.space_before = Pt(GAP)
    if len(under) > 1:
        line.paragraph_format.tab_stops.add_tab_stop(Twips(width), WD_TAB_ALIGNMENT.RIGHT)


def _under(form: Form, source: Source) -> list[str]:
    """The texts below the title, without those that would say nothing."""
    return [
        put(text, source.value)
        for text in form.under
        if not names_in(text) or any(source.value(name) for name in names_in(text))
    ]


def _blocks(document: DocumentType, blocks: Iterable[Block], source: Source, width: int) -> None:
    """Facts and opinions that follow each other stand in one grid."""
    for is_grid, group in groupby(blocks, key=lambda b: isinstance(b, Facts | Opinions)):
        if is_grid:
            _table(document, [line for b in group for line in _grid(b, source, width)])
            continue
        for block in group:
            if isinstance(block, Rows):
                _heading(document, block.heading)
                headings = [*source.headings(block), *block.blanks]
                _table(document, _rows_of(headings, source.rows(block), block.least, width))
            elif isinstance(block, Text):
                _text(document, block, source)
            elif isinstance(block, Signatures):
                _signatures(document, block.labels)
            elif isinstance(block, SignOff):
                _close(document, block, source)


def _heading(document: DocumentType, heading: str) -> None:
    written = _paragraph(document, heading, HEAD_FONT, CELL_SIZE if heading else 1)
    shape = written.paragraph_format
    shape.space_before = Pt(GAP)
    shape.keep_with_next = True
    if not heading:
        shape.line_spacing = Pt(1)


def _text(document: DocumentType, block: Text, source: Source) -> None:
    text = put(block.text, lambda name: source.value(name) or BLANK)
    for part in text.split("\n"):
        written = _paragraph(document, part, BODY_FONT, CELL_SIZE)
        if block.centred:
            written.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if not (block.flush or block.centred):
            written.paragraph_format.first_line_indent = Twips(TWO_CHARACTERS)


def _close(document: DocumentType, block: SignOff, source: Source) -> None:
    day = put(block.day, lambda name: source.value(name) or "　　年　　月　　日")
    for text in (put(block.name, source.value), day):
        written = _paragraph(document, text, BODY_FONT, CELL_SIZE)
        written.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _signatures(document: DocumentType, labels: Sequence[str]) -> None:
    written = _paragraph(
        document, "　".join(f"{label}：{BLANK}{BLANK}" for label in labels), BODY_FONT, CELL_SIZE
    )
    written.paragraph_format.space_before = Pt(GAP * 2)


def _paragraph(document: DocumentType, text: str, font: str, size: float) -> Paragraph:
    written = document.add_paragraph(style="Normal")
    written.paragraph_format.line_spacing = Pt(TEXT_LINE)
    # On the grid of official pages a smaller line would still take a whole one.
    written._p.get_or_add_pPr().insert_element_before(
        new("snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc"
    )
    format_run(written.add_run(text), font, size, narrow=False)
    return written


def _grid(block: Block, source: Source, width: int) -> Iterator[Line]:
    if isinstance(block, Facts):
        if block.heading:
            yield Line((Box(width=width, text=block.heading, is_label=True),), keep=True)
        yield from _facts(block, source, width)
    elif isinstance(block, Opinions):
        for box in block.boxes:
            yield from _opinion(box, source, width)


def _facts(block: Facts, source: Source, width: int) -> Iterator[Line]:
    pair = width // block.columns
    label = min(round(pair * 0.36), 1700)
    waiting: list[tuple[str, str]] = []
    for entry in block.fields:
        path = path_of(entry)
        fact = (_label(entry, source), source.value(path) if path else "")
        if path and source.is_long(path):
            if waiting:
                yield _fact_line(waiting, block.columns, label, width)
            waiting = []
            yield _fact_line([fact], block.columns, label, width, height=ROW * 2)
            continue
        waiting.append(fact)
        if len(waiting) == block.columns:
            yield _fact_line(waiting, block.columns, label, width)
            waiting = []
    if waiting:
        yield _fact_line(waiting, block.columns, label, width)


def _label(entry: Field, source: Source) -> str:
    return source.label(entry) if isinstance(entry, str) else entry[1]


def _fact_line(
    facts: Sequence[tuple[str, str]], columns: int, label: int, width: int, *, height: int = ROW
) -> Line:
    """Labels and values; the last value takes what is left of the row."""
    pair = width // columns
    boxes: list[Box] = []
    for place, (name, value) in enumerate(facts):
        is_last = place == len(facts) - 1
        room = width - place * pair if is_last else pair
        boxes.append(Box(width=label, text=name, is_label=True, centred=True))
        boxes.append(Box(width=room - label, text=value))
    return Line(tuple(boxes), height)


def _opinion(box: Field, source: Source, width: int) -> Iterator[Line]:
    name, text = (box, "") if isinstance(box, str) else box
    label = 1700 if width > 7000 else 1300
    rest = width - label
    text = put(text, source.value)
    yield Line(
        (
            Box(width=label, text=name, is_label=True, centred=True, merge="restart"),
            Box(width=rest, text=text, open_below=True),
        ),
        OPINION,
        keep=True,
    )
    yield Line(
        (
            Box(width=label, is_label=True, merge="continue"),
            Box(width=rest, text=SIGNED, right=True, open_above=True),
        )
    )


def _rows_of(
    headings: Sequence[str], rows: Sequence[Sequence[str]], least: int, width: int
) -> list[Line]:
    """A table with its header; columns are as wide as their contents ask for."""
    lengths = [
        max(
            [
                2,
                min(len(heading), 6),
                *(min(_columns(row[place]), 16) for row in rows if place < len(row)),
            ]
        )
        for place, heading in enumerate(headings)
    ]
    unit = width / sum(lengths)
    widths = [int(length * unit) for length in lengths]
    widths[-1] += width - sum(widths)
    header = tuple(
        Box(width=wide, text=text, is_label=True, centred=True)
        for wide, text in zip(widths, headings, strict=True)
    )
    lines = [Line(header, LINE, is_header=True)]
    empty: list[list[str]] = [[] for _ in range(max(least - len(rows), 0))]
    for row in [*rows, *empty]:
        cells = [*row, *[""] * (len(headings) - len(row))]
        lines.append(
            Line(
                tuple(
                    Box(width=wide, text=text, centred=_columns(text) <= 8)
                    for wide, text in zip(widths, cells, strict=True)
                ),
                LINE,
            )
        )
    return lines


def _columns(text: str) -> int:
    """The width of a text in Chinese characters."""
    return (sum(1 if ord(letter) < 256 else 2 for letter in text) + 1) // 2


def _table(document: DocumentType, lines: Sequence[Line]) -> None:
    """One table; its columns are all the edges that any row has."""
    edges = sorted({edge for line in lines for edge in _edges(line)})
    table = new(
        "tbl",
        new(
            "tblPr",
            new("tblW", w=str(edges[-1]), type="dxa"),
            new("jc", val="center"),
            new(
                "tblBorders",
                *[_border(s) for s in ("top", "left", "bottom", "right", "insideH", "insideV")],
            ),
            new("tblLayout", type="fixed"),
            new("tblCellMar", new("left", w="85", type="dxa"), new("right", w="85", type="dxa")),
        ),
        new(
            "tblGrid",
            *[new("gridCol", w=str(b - a)) for a, b in zip([0, *edges], edges, strict=False)],
        ),
    )
    table.extend(_row(line, edges) for line in lines)
    body = document.element.body
    if len(body) > 1 and body[-2].tag == qn("w:tbl"):
        # Two tables without a paragraph between them are one to Word, with one header.
        _heading(document, "")
    body.insert_element_before(table, "w:sectPr")


def _edges(line: Line) -> Iterator[int]:
    right = 0
    for box in line.boxes:
        right += box.width
        yield right


def _border(side: str, kind: str = "single") -> Element:
    return new(side, val=kind, sz="4" if kind == "single" else "0", space="0", color="auto")


def _row(line: Line, edges: Sequence[int]) -> Element:
    settings = [new("cantSplit"), new("trHeight", val=str(line.height), hRule="atLeast")]
    if line.is_header:
        settings.append(new("tblHeader"))
    row = new("tr", new("trPr", *settings))
    left = 0
    for box, right in zip(line.boxes, _edges(line), strict=True):
        span = sum(1 for edge in edges if left < edge <= right)
        row.append(_cell(box, span, keep=line.keep or line.is_header))
        left = right
    return row


def _cell(box: Box, span: int, *, keep: bool) -> Element:
    settings = new("tcPr", new("tcW", w=str(box.width), type="dxa"))
    if span > 1:
        settings.append(new("gridSpan", val=str(span)))
    if box.merge:
        settings.append(new("vMerge", val=box.merge))
    if box.open_above or box.open_below:
        side = "top" if box.open_above else "bottom"
        settings.append(new("tcBorders", _border(side, "nil")))
    settings.append(new("vAlign", val="top" if box.open_below else "center"))
    cell = new("tc", settings)
    for part in box.text.split("\n"):
        cell.append(_cell_paragraph(part, box, keep=keep))
    return cell


def _cell_paragraph(text: str, box: Box, *, keep: bool) -> Element:
    shape = new("pPr")
    if keep:
        shape.append(new("keepNext"))
    shape.append(new("snapToGrid", val="0"))
    shape.append(new("spacing", before="30", after="30", line="240", lineRule="auto"))
    shape.append(new("jc", val="right" if box.right else "center" if box.centred else "left"))
    font = HEAD_FONT if box.is_label else BODY_FONT
    size = str(int((CELL_SIZE - 1 if box.is_label else CELL_SIZE) * 2))
    letters = new("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font)
    shown = new("t")
    shown.text = text
    shown.set(qn("xml:space"), "preserve")
    return new(
        "p", shape, new("r", new("rPr", letters, new("sz", val=size), new("szCs", val=size)), shown)
    )
