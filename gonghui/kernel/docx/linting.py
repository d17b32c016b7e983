"""Where a document departs from the format of official documents (GB/T 9704-2012).

Written for files of any origin: what a run does not say itself is looked up in its styles. Notes,
headers and text boxes are not judged, tables and frames only by their words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from gonghui.base.numerals import read_numeral

from .package import open_docx
from .page import BODY_SIZE, GRID, NUMBER_SIZE, TITLE_SIZE
from .places import stands_apart
from .text import text_of

_A4: Final = (210.0, 297.0)
_MARGINS: Final = (  # millimetres; the standard allows one more or less
    ("天头（上边距）", "top_margin", 37.0),
    ("订口（左边距）", "left_margin", 28.0),
    ("翻口（右边距）", "right_margin", 26.0),
    ("地脚（下边距）", "bottom_margin", 35.0),
)
_TOLERANCE: Final = 1.0
_FONTS: Final = {  # by rank: what the name of the font must contain, and how it is called
    "题": ("小标宋", "小标宋"),
    "一": ("黑体", "黑体"),
    "二": ("楷体", "楷体"),
    "文": ("仿宋", "仿宋"),
}
_ONE: Final = re.compile(r"^([一二三四五六七八九十]+)、")
_TWO: Final = re.compile(r"^[（(]([一二三四五六七八九十]+)[）)]")
_SENTENCE_END: Final = re.compile(r"[。；;](?=.)")  # inside a paragraph: it is text, no heading
_RULES_OF_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"[\"']"), "引号用了英文引号“{}”，请改为中文引号"),
    (
        re.compile(r"(?<!\d)(?:19|20)\d\d[.\-/]\d{1,2}[.\-/]\d{1,2}(?!\d)"),
        "日期“{}”请写成“2012年8月15日”的样式",
    ),
    (
        re.compile(r"[\[［【(（](?:19|20)\d\d[\]］】)）]\s*第?\s*\d+\s*号"),
        "发文字号“{}”的年份请用六角括号〔〕",
    ),
    (re.compile(r"〔\d{4}〕\s*第\s*\d+\s*号"), "发文字号“{}”不加“第”字"),
    (re.compile(r"〔\d{4}〕\s*第?\s*0+\d*\s*号"), "发文字号“{}”的序号不编虚位（不写0开头）"),
    (re.compile(r"\d{4}年0\d月|\d{1,2}月0\d日"), "日期“{}”的月、日不编虚位（不写0开头）"),
)
_ADDRESSEE: Final = re.compile(r"^[^，。；,;]{2,60}:$")


@dataclass(frozen=True, slots=True)
class Departure:
    """What differs from the format, where, and what it should be."""

    place: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}。"


def lint_format(docx: bytes) -> list[Departure]:
    """All departures of a document, page first, then in the order of the text.

    Raises `DomainError` for what is no harmless Word file.
    """
    open_docx(docx)
    document = Document(io.BytesIO(docx))
    lines = [line for line in _lines(document) if line.text.strip()]
    written = [line for line in lines if not line.is_apart]
    found = [*_page(document), *_numbers(document), *_ranks(written), *_order(written)]
    for line in lines:
        found += _words(line)
    found += _percent("\n".join(line.text for line in lines))
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of the body with its number among those that have text."""

    number: int
    paragraph: Paragraph
    text: str
    is_apart: bool

    @property
    def place(self) -> str:
        return f"第{self.number}段"


def _lines(document: DocumentType) -> Iterator[_Line]:
    number = 0
    for element in document.element.body.iter(qn("w:p")):
        if next(element.iterancestors(qn("w:txbxContent")), None) is not None:
            continue
        text = text_of(element)
        number += bool(text.strip())
        yield _Line(number, Paragraph(element, document._body), text, stands_apart(element))


def _page(document: DocumentType) -> Iterator[Departure]:
    for number, section in enumerate(document.sections, 1):
        place = "页面" if len(document.sections) == 1 else f"第{number}节页面"
        sides = (_mm(section.page_width), _mm(section.page_height))
        upright = sides if section.orientation == WD_ORIENT.PORTRAIT else sides[::-1]
        if any(abs(side - a4) > _TOLERANCE for side, a4 in zip(upright, _A4, strict=True)):
            yield Departure(place, "paper", f"纸张{sides[0]:.0f}×{sides[1]:.0f}毫米，应为A4")
        if sides != upright:
            continue  # a table laid across has margins of its own
        for label, name, wanted in _MARGINS:
            margin = _mm(getattr(section, name))
            if abs(margin - wanted) > _TOLERANCE:
                yield Departure(
                    place, "margin", f"{label}{margin:.0f}毫米，应为{wanted:.0f}毫米（±1）"
                )
        grid = section._sectPr.find(qn("w:docGrid"))
        pitch = int(grid.get(qn("w:linePitch"), "0")) if grid is not None else 0
        if abs(pitch - GRID) > 1:
            yield Departure(place, "lines", "没有设为每页22行的行网格")


def _mm(length: Length | None) -> float:
    return 0.0 if length is None else float(length.mm)


def _numbers(document: DocumentType) -> Iterator[Departure]:
    section = document.sections[0]
    both = document.settings.odd_and_even_pages_header_footer
    footers = [("单页", section.footer, WD_ALIGN_PARAGRAPH.RIGHT)]
    if both:
        footers.append(("双页", section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
    else:
        yield Departure("页码", "page number", "单页码应居右、双页码应居左，请设“奇偶页不同”")
    for label, footer, side in footers:
        line = next((p for p in footer.paragraphs if _has_page_field(p)), None)
        if line is None:
            yield Departure("页码", "page number", f"{label}没有页码")
            continue
        if both and (line.alignment or WD_ALIGN_PARAGRAPH.LEFT) != side:
            where = "居右" if side == WD_ALIGN_PARAGRAPH.RIGHT else "居左"
            yield Departure("页码", "page number", f"{label}页码应{where}")
        if not re.search(r"[—－-]\s*\d*\s*[—－-]", line.text):
            yield Departure("页码", "page number", f"{label}页码两侧应有一字线")
        if any(_size(run, line) != NUMBER_SIZE for run in line.runs if run.text.strip()):
            yield Departure("页码", "page number", f"{label}页码应为4号（{NUMBER_SIZE:g}磅）")


def _has_page_field(paragraph: Paragraph) -> bool:
    codes = [element.text or "" for element in paragraph._p.iter(qn("w:instrText"))]
    codes += [element.get(qn("w:instr"), "") for element in paragraph._p.iter(qn("w:fldSimple"))]
    return any(code.split()[:1] == ["PAGE"] for code in codes)


def _ranks(written: Sequence[_Line]) -> Iterator[Departure]:
    if written:
        if written[0].paragraph.alignment != WD_ALIGN_PARAGRAPH.CENTER:
            yield Departure("标题", "title", "标题应居中")
        yield from _look("标题", written[0].paragraph, "题", TITLE_SIZE)
    started = False
    for line in written[1:]:
        # Between the title and the text stand subtitle, reporter and date, each in its own way.
        started = started or line.paragraph.alignment != WD_ALIGN_PARAGRAPH.CENTER
        if not started:
            continue
        rank = rank_of(line.text)
        yield from _look(line.place, line.paragraph, rank, BODY_SIZE)
        if rank == "文":
            continue
        if any(_is_bold(run, line.paragraph) for run in line.paragraph.runs):
            yield Departure(line.place, "heading", "标题不另加粗")
        if line.text.rstrip().endswith(("。", ".")):
            yield Departure(line.place, "heading", "单独成行的标题末尾不加句号")


def rank_of(text: str) -> str:
    """一 or 二 for a heading of the first or second rank, 文 for text."""
    bare = text.strip()
    if _SENTENCE_END.search(bare):
        return "文"
    return "一" if _ONE.match(bare) else "二" if _TWO.match(bare) else "文"


def _look(place: str, paragraph: Paragraph, rank: str, size: float) -> Iterator[Departure]:
    part, called = _FONTS[rank]
    runs = [run for run in _runs(paragraph) if re.search(r"[一-鿿]", run.text)]
    other = next((f for run in runs if part not in (f := _font(run, paragraph))), None)
    if other is not None:
        yield Departure(place, "font", f"字体是“{other or '未设置'}”，应为{called}")
    wrong = next((s for run in runs if (s := _size(run, paragraph)) != size), None)
    if wrong is not None:
        yield Departure(place, "size", f"字号{wrong:g}磅，应为{size:g}磅")


def _runs(paragraph: Paragraph) -> list[Run]:
    """Also those inside links and content controls, without what was struck out."""
    return [
        Run(element, paragraph)
        for element in paragraph._p.iter(qn("w:r"))
        if next(element.iterancestors(qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")), None)
        is None
    ]


def _effective(run: Run, paragraph: Paragraph, read: Callable[[Any], Any]) -> Any:
    """The first value that a run, its style, its paragraph's style or the defaults give."""
    own = read(run._r.find(qn("w:rPr")))
    if own is not None:
        return own
    for first in (run.style, paragraph.style):
        style = first
        while style is not None:
            value = read(style.element.find(qn("w:rPr")))
            if value is not None:
                return value
            style = style.base_style
    defaults = paragraph.part.document.styles.element.find(  # type: ignore[attr-defined]  # of documents
        f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"
    )
    return read(defaults)


def _font(run: Run, paragraph: Paragraph) -> str:
    def read(properties: Any) -> str | None:
        fonts = properties.find(qn("w:rFonts")) if properties is not None else None
        return fonts.get(qn("w:eastAsia")) if fonts is not None else None

    return _effective(run, paragraph, read) or ""


def _size(run: Run, paragraph: Paragraph) -> float:
    def read(properties: Any) -> float | None:
        size = properties.find(qn("w:sz")) if properties is not None else None
        return float(size.get(qn("w:val"))) / 2 if size is not None else None

    found = _effective(run, paragraph, read)
    return 10.0 if found is None else float(found)  # what Word takes where nothing is said


def _is_bold(run: Run, paragraph: Paragraph) -> bool:
    def read(properties: Any) -> bool | None:
        bold = properties.find(qn("w:b")) if properties is not None else None
        return None if bold is None else bold.get(qn("w:val"), "1") not in {"0", "false", "off"}

    return bool(run.text.strip()) and bool(_effective(run, paragraph, read))


def _order(written: Sequence[_Line]) -> Iterator[Departure]:
    """Headings of a rank follow each other without a gap; those below begin anew under each."""
    last = {"一": 0, "二": 0}
    for line in written:
        bare = line.text.strip()
        rank = rank_of(bare)
        match = (_ONE if rank == "一" else _TWO).match(bare) if rank != "文" else None
        if match is None:
            continue
        value = int(read_numeral(match[1]))
        if value != last[rank] + 1:
            yield Departure(line.place, "order", f"层次序数“{match[0]}”与前面不连续")
        last[rank] = value
        if rank == "一":
            last["二"] = 0


def _words(line: _Line) -> Iterator[Departure]:
    for pattern, message in _RULES_OF_WORDS:
        for match in pattern.finditer(line.text):
            yield Departure(line.place, "words", message.format(match[0]))
    bare = line.text.strip()
    if _ADDRESSEE.match(bare) and not bare.startswith("同志们"):
        yield Departure(line.place, "words", "主送机关后应用全角冒号")


def _percent(whole: str) -> Iterator[Departure]:
    if "百分之" in whole and re.search(r"\d[%％]", whole):
        yield Departure("全文", "units", "“%”与“百分之”并用，请统一")
