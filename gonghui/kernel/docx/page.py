"""The page format of official documents (GB/T 9704-2012), built with python-docx.

Measured in LibreOffice 7.4: the lines grid of 579 and exact lines of 28.95 pt give 22 lines a
page; runs narrowed by a quarter of a point give 28 characters a line. A character grid, as Word
writes it for 28 characters, breaks in LibreOffice and is not used.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, Twips
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from .names import Element, new

# Names only: these fonts may not be shipped, and every office machine has them.
TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
KAI_FONT: Final = "楷体_GB2312"
NUMBER_FONT: Final = "宋体"

BODY_SIZE: Final = 16.0  # 3号
TITLE_SIZE: Final = 22.0  # 2号
NUMBER_SIZE: Final = 14.0  # 4号
LINE: Final = 28.95
TITLE_LINE: Final = 36.0
GRID: Final = 579
NARROWER: Final = -5  # twentieths of a point
TWO_CHARACTERS: Final = 630  # twips, for programs that do not know firstLineChars


class Level(StrEnum):
    """The rank of a paragraph: its font, and whether its first line is indented."""

    ONE = "一、"
    TWO = "（一）"
    THREE = "1."
    FOUR = "（1）"
    BODY = "正文"
    FLUSH = "顶格"

    @property
    def font(self) -> str:
        """The name of the font."""
        return {Level.ONE: HEAD_FONT, Level.TWO: KAI_FONT}.get(self, BODY_FONT)

    @property
    def indented(self) -> bool:
        """Whether the first line begins two characters in."""
        return self is not Level.FLUSH


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a report; tags in its text are left as they are."""

    level: Level
    text: str


def build_report(
    title_lines: Sequence[str],
    subtitle: str,
    reporter: str,
    date_text: str,
    paragraphs: Sequence[Paragraph],
) -> bytes:
    """A work report as docx: A4, 22 lines of 28 characters, title 22 pt, outside page numbers."""
    document = Document()
    prepare(document)
    for line in title_lines:
        write_line(document, line, TITLE_FONT, TITLE_SIZE, centred=True)
    for line in (subtitle, reporter, date_text):
        if line:
            write_line(document, line, KAI_FONT, BODY_SIZE, centred=True)
    document.add_paragraph(style="Normal")
    for paragraph in paragraphs:
        level = paragraph.level
        written = write_line(
            document, paragraph.text, level.font, BODY_SIZE, indented=level.indented
        )
        if level in (Level.ONE, Level.TWO):
            written.paragraph_format.keep_with_next = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def prepare(document: DocumentType) -> None:
    """Give a new document the page of an official one, and nobody as its author."""
    properties = document.core_properties
    properties.author, properties.last_modified_by = "", ""
    properties.title, properties.comments = "", ""
    properties.created = properties.modified = datetime(2012, 1, 1, tzinfo=UTC)
    _style(document)
    _settings(document)
    _page(document.sections[0])


def _settings(document: DocumentType) -> None:
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    # The stock file of python-docx asks for Japanese glyphs and the layout of Word 2010.
    for language in settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for choice in settings.element.iter(qn("w:compatSetting")):
        if choice.get(qn("w:name")) == "compatibilityMode":
            choice.set(qn("w:val"), "15")


def _style(document: DocumentType) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(BODY_SIZE)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), BODY_FONT)
    shape = normal.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(LINE)
    shape.widow_control = False
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Twips(2098), Twips(1984)
    section.left_margin, section.right_margin = Twips(1588), Twips(1474)
    section.header_distance, section.footer_distance = Mm(15), Mm(22)
    layout = section._sectPr
    for old in layout.findall(qn("w:docGrid")):
        layout.remove(old)
    layout.append(new("docGrid", type="lines", linePitch=str(GRID)))
    _number(section.footer.paragraphs[0], right=True)
    _number(section.even_page_footer.paragraphs[0], right=False)


def _number(paragraph: WordParagraph, *, right: bool) -> None:
    """Odd pages carry the number at the right, even pages at the left, one character in."""
    shape = paragraph.paragraph_format
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    side = "right" if right else "left"
    indent.set(qn(f"w:{side}Chars"), "100")
    indent.set(qn(f"w:{side}"), str(int(NUMBER_SIZE * 20)))
    shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
    format_run(paragraph.add_run("— "), NUMBER_FONT, NUMBER_SIZE, narrow=False)
    write_page_number(paragraph, NUMBER_FONT, NUMBER_SIZE)
    format_run(paragraph.add_run(" —"), NUMBER_FONT, NUMBER_SIZE, narrow=False)


def write_page_number(paragraph: WordParagraph, font: str, size: float) -> None:
    """Let a paragraph print the number of its page.

    Each part of the field has a run of its own: of one run that holds them all LibreOffice
    forgets the format and prints the number in the size of the body.
    """
    for part in _page_field():
        run = paragraph.add_run()
        format_run(run, font, size, narrow=False)
        run._r.append(part)


def _page_field() -> list[Element]:
    instruction = new("instrText")
    instruction.text = " PAGE "
    shown = new("t")
    shown.text = "1"
    return [
        new("fldChar", fldCharType="begin"),
        instruction,
        new("fldChar", fldCharType="separate"),
        shown,
        new("fldChar", fldCharType="end"),
    ]


def write_line(
    document: DocumentType,
    text: str,
    font: str,
    size: float,
    *,
    centred: bool = False,
    indented: bool = False,
) -> WordParagraph:
    """A line of an official document; a title leaves the grid of lines."""
    paragraph = document.add_paragraph(style="Normal")
    if size == TITLE_SIZE:
        # On the grid a line of the title would take two lines of the text.
        paragraph._p.get_or_add_pPr().insert_element_before(
            new("snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc"
        )
        paragraph.paragraph_format.line_spacing = Pt(TITLE_LINE)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if indented:
        indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), "200")
        indent.set(qn("w:firstLine"), str(TWO_CHARACTERS))
    format_run(paragraph.add_run(text), font, size, narrow=size == BODY_SIZE)
    return paragraph


def format_run(run: Run, font: str, size: float, *, narrow: bool) -> None:
    """Give a run its font for all scripts, and its size in points."""
    run.font.size = Pt(size)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), font)
    if narrow:
        run._r.get_or_add_rPr().insert_element_before(
            new("spacing", val=str(NARROWER)), "w:w", "w:kern", "w:position", "w:sz", "w:szCs"
        )
