"""The page of a brief (简报): red masthead with number and day, editor's note, list of who gets it.

It is the page of official documents (`page`) with a head and a foot of its own. The head is a table, as
offices make it, and the foot a frame at the lower edge of the type area, which LibreOffice keeps
there and a floating table not; the text between them is a document like any other.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Final

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn

from .names import Element, new
from .page import (
    BODY_FONT,
    BODY_SIZE,
    KAI_FONT,
    NUMBER_SIZE,
    TITLE_FONT,
    TITLE_SIZE,
    TWO_CHARACTERS,
    Paragraph,
    prepare,
    write_line,
)
from .text import run_of

RED: Final = "FF0000"
_MASTHEAD_SIZE: Final = 44.0
_WIDTH: Final = 8_844  # twips of the type area: 156 mm
_ONE: Final = dict.fromkeys(("left", "right"), str(int(NUMBER_SIZE * 20)))  # a character
_TABLE_SIZE: Final = 12.0


def build_brief(paragraphs: Sequence[Paragraph], tables: Sequence[str] = ()) -> bytes:
    """A template for briefs: a paragraph that is in `tables` holds a table tag and is set small."""
    document = Document()
    prepare(document)
    _append(document, _masthead())
    document.add_paragraph(style="Normal")
    write_line(document, "{{文 题目}}", TITLE_FONT, TITLE_SIZE, centred=True)
    document.add_paragraph(style="Normal")
    write_line(document, "{{如有 编者按}}", BODY_FONT, BODY_SIZE)
    _append(document, _editors_note())
    write_line(document, "{{完}}", BODY_FONT, BODY_SIZE)
    for paragraph in paragraphs:
        level = paragraph.level
        size = _TABLE_SIZE if paragraph.text in tables else BODY_SIZE
        write_line(document, paragraph.text, level.font, size, indented=level.indented)
    _append(document, *_foot())
    document.add_paragraph(style="Normal")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _append(document: DocumentType, *blocks: Element) -> None:
    for block in blocks:
        document.element.body.find(qn("w:sectPr")).addprevious(block)


def _masthead() -> Element:
    """The name in red, 第N期, then who issues it at the left and the day at the right above a red rule."""
    return _table(
        _line("{{文 刊名}}", TITLE_FONT, _MASTHEAD_SIZE, colour=RED, side="center"),
        _line("第{{文 期号}}期", BODY_FONT, BODY_SIZE, side="center"),
        _line("{{文 编发单位}}\t{{日期 成文日}}", BODY_FONT, BODY_SIZE),
        edges={"bottom": ("18", RED)},
    )


def _editors_note() -> Element:
    two = {"firstLineChars": "200", "firstLine": str(TWO_CHARACTERS)}
    return _table(_line("编者按：{{文 编者按}}", KAI_FONT, BODY_SIZE, indent=two), edges={})


def _foot() -> list[Element]:
    """Who gets it, at the foot of the last page between two rules, the number of copies at the right."""
    lines = [
        f"{{{{如有 {name}}}}}{name}：{{{{文 {name}}}}}{{{{完}}}}" for name in ("报", "送", "发")
    ]
    return [
        *(_framed(_line(line, indent=_ONE)) for line in lines),
        _framed(_line("{{如有 份数}}（共印{{文 份数}}份）{{完}}", indent=_ONE, side="right")),
    ]


def _framed(paragraph: Element) -> Element:
    """The paragraph at the lower edge of the type area; neighbours share one frame and its rules."""
    frame = {"wrap": "around", "vAnchor": "margin", "hAnchor": "margin"}
    place = new("framePr", w=str(_WIDTH), xAlign="center", yAlign="bottom", **frame)
    rule = {"val": "single", "sz": "6", "space": "1", "color": "000000"}
    shape = paragraph[0]
    shape.insert(0, new("pBdr", new("top", **rule), new("bottom", **rule)))
    shape.insert(0, place)
    return paragraph


def _table(*lines: Element, edges: dict[str, tuple[str, str]]) -> Element:
    """One cell as wide as the type area; `edges` names thickness in eighths of a point and colour."""
    borders = new("tblBorders")
    for side in ("top", "left", "bottom", "right"):
        size, colour = edges.get(side, ("0", "auto"))
        kind = "single" if side in edges else "nil"
        borders.append(new(side, val=kind, sz=size, space="0", color=colour))
    margins = (new(side, w="0", type="dxa") for side in ("left", "right"))
    properties = new(
        "tblPr",
        new("tblW", w=str(_WIDTH), type="dxa"),
        borders,
        new("tblLayout", type="fixed"),
        new("tblCellMar", *margins),
    )
    grid = new("tblGrid", new("gridCol", w=str(_WIDTH)))
    cell = new("tc", new("tcPr", new("tcW", w=str(_WIDTH), type="dxa")), *lines)
    return new("tbl", properties, grid, new("tr", new("trPr", new("cantSplit")), cell))


def _line(
    text: str,
    font: str = BODY_FONT,
    size: float = NUMBER_SIZE,
    *,
    colour: str = "",
    side: str = "",
    indent: dict[str, str] | None = None,
) -> Element:
    """A paragraph of a head or a foot, off the grid of lines; a tab leads to the right edge."""
    shape = new("pPr")
    if "\t" in text:
        shape.append(new("tabs", new("tab", val="right", pos=str(_WIDTH - 80))))
    shape.append(new("snapToGrid", val="0"))
    shape.append(new("spacing", before="60", after="60", line="240", lineRule="auto"))
    if indent:
        shape.append(new("ind", **indent))
    if side:
        shape.append(new("jc", val=side))
    properties = _format(font, size, colour)
    paragraph = new("p", shape)
    for number, part in enumerate(text.split("\t")):
        if number:
            paragraph.append(new("r", copy.deepcopy(properties), new("tab")))
        paragraph.append(run_of(part, properties))
    return paragraph


def _format(font: str, size: float, colour: str) -> Element:
    properties = new("rPr", new("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if colour:
        properties.append(new("color", val=colour))
    properties.append(new("sz", val=str(int(size * 2))))
    properties.append(new("szCs", val=str(int(size * 2))))
    return properties
