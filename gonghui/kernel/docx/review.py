"""What the review edition adds: a footnote to each figure, the check sheet, the list of gaps."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from docx import Document

from .names import Element, W, etree, new, w
from .package import Package
from .page import (
    BODY_FONT,
    BODY_SIZE,
    TITLE_FONT,
    TITLE_SIZE,
    prepare,
    write_line,
)
from .tables import line, row, table
from .text import run_of
from .uses import FactUse, FigureUse, MissingTag, TagError, Truth, unbraced

GREEN: Final = "00803C"
AMBER: Final = "C55A11"
RED: Final = "FF0000"

_NOTE_STYLE: Final = "ReviewNote"
_MARK_STYLE: Final = "ReviewNoteMark"
_FONT: Final = "仿宋_GB2312"
_HEAD: Final = "黑体"
_NOTES_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# What follows footnotePr in the settings part, whose order is fixed.
_BEHIND_NOTES: Final = frozenset(
    w(name)
    for name in [
        "endnotePr",
        "compat",
        "docVars",
        "rsids",
        "attachedSchema",
        "themeFontLang",
        "clrSchemeMapping",
        "doNotIncludeSubdocsInStats",
        "shapeDefaults",
        "decimalSymbol",
        "listSeparator",
    ]
)


def colour_of(use: FigureUse) -> str:
    """Green for a true figure, amber for a true one with a hint, red for the rest."""
    if use.truth is not Truth.TRUE:
        return RED
    return AMBER if use.hint else GREEN


def note_text(use: FigureUse) -> str:
    """The line that stands up for a figure."""
    parts = [
        f"{use.name}{f'（{use.org}）' if use.org else ''}",
        f"口径：{use.definition}",
        f"期间：{use.period}" if use.period else "",
        f"截至：{use.as_of}",
        f"准确值：{use.exact}",
        f"依据：{use.basis}" if use.basis else "",
        f"标明：{use.marks}" if use.marks else "",
        f"记录数：{use.records_count}",
        f"归口部室：{use.owner}",
        f"认数人：{use.voucher}" if use.voucher else "",
        "" if use.truth is Truth.TRUE else f"结论：{use.truth.value}",
        f"提示：{use.hint}" if use.hint else "",
    ]
    return "；".join(part for part in parts if part) + "。"


class Footnotes:
    """The footnotes of a document; the part is made where there is none."""

    def __init__(self, package: Package) -> None:
        names = package.related(package.main, "footnotes")
        if not names:
            names = [posixpath.join(posixpath.dirname(package.main), "footnotes.xml")]
            package.add_part(names[0], _empty_notes(), "footnotes", _NOTES_TYPE)
            _announce(package)
        _add_styles(package)
        self._root = package.part(names[0])
        self._last = max((int(note.get(w("id"), "0")) for note in self._root), default=0)

    def add(self, text: str, colour: str) -> Element:
        """Write a footnote and return the run that refers to it."""
        self._last += 1
        number = str(self._last)
        mark = new("r", _superscript(), new("footnoteRef"))
        body = run_of(f" {text}", _format(size=9, colour=colour))
        shape = new("pPr", new("pStyle", val=_NOTE_STYLE))
        self._root.append(new("footnote", new("p", shape, mark, body), id=number))
        return new("r", _superscript(), new("footnoteReference", id=number))


def _empty_notes() -> Element:
    root = etree.Element(w("footnotes"), nsmap={"w": W})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        line = new("p", new("r", new(kind)))
        root.append(new("footnote", line, type=kind, id=str(number)))
    return root


def _add_styles(package: Package) -> None:
    """The two styles of footnotes, so that every program sets them small."""
    for name in package.related(package.main, "styles"):
        styles = package.part(name)
        known = {style.get(w("styleId")) for style in styles.iter(w("style"))}
        if _NOTE_STYLE not in known:
            single = new("spacing", before="0", after="0", line="240", lineRule="auto")
            shape = new("pPr", new("snapToGrid", val="0"), single)
            style = new("style", type="paragraph", styleId=_NOTE_STYLE, customStyle="1")
            style.extend([new("name", val="核稿脚注"), shape, _format(size=9)])
            styles.append(style)
        if _MARK_STYLE not in known:
            style = new("style", type="character", styleId=_MARK_STYLE, customStyle="1")
            properties = new("rPr", new("vertAlign", val="superscript"))
            style.extend([new("name", val="核稿脚注引用"), properties])
            styles.append(style)


def _superscript() -> Element:
    return new("rPr", new("rStyle", val=_MARK_STYLE), new("vertAlign", val="superscript"))


def _announce(package: Package) -> None:
    for name in package.related(package.main, "settings"):
        settings = package.part(name)
        notice = new("footnotePr", new("footnote", id="-1"), new("footnote", id="0"))
        behind = next((child for child in settings if child.tag in _BEHIND_NOTES), None)
        if settings.find(w("footnotePr")) is None:
            settings.append(notice) if behind is None else behind.addprevious(notice)


def append_sheet(
    body: Element,
    figures: Sequence[FigureUse],
    facts: Sequence[FactUse],
    missing: Sequence[MissingTag],
    errors: Sequence[TagError],
    remarks: Sequence[str] = (),
) -> None:
    """Add the check sheet and the lists of gaps, errors and remarks at the end of the body."""
    added = [_heading("校核表", new_page=True), _table([_row_of(use) for use in figures])]
    added += _list("事实依据", (f"{fact.place} {fact.code}：{fact.evidence}" for fact in facts))
    added += _list("尚缺内容", (str(gap) for gap in missing))
    added += _list("待改错误", (unbraced(str(error)) for error in errors))
    added += _list("文稿检查", remarks)
    layout = body.find(w("sectPr"))
    for element in added:
        body.append(element) if layout is None else layout.addprevious(element)


_COLUMNS: Final = (
    ("序号", 6),
    ("段落", 9),
    ("印出", 11),
    ("指标", 18),
    ("期间与截至", 18),
    ("准确值", 14),
    ("记录", 8),
    ("归口", 8),
    ("结论", 8),
)
_SHARES: Final = [share for _, share in _COLUMNS]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A figure on the check sheet, in words; the colour is that of its verdict."""

    place: str
    printed: str
    name: str
    days: str
    exact: str
    records_count: int
    owner: str
    verdict: str
    colour: str


def check_sheet(title: str, rows: Sequence[SheetRow], lists: Mapping[str, Sequence[str]]) -> bytes:
    """The check sheet as a document of its own: its title, a row for each figure, lists under headings."""
    document = Document()
    prepare(document)
    write_line(document, "校核表", TITLE_FONT, TITLE_SIZE, centred=True)
    write_line(document, title, BODY_FONT, BODY_SIZE, centred=True)
    added = [_table(rows)]
    for heading, lines in lists.items():
        added += _list(heading, lines)
    layout = document.element.body.find(w("sectPr"))
    for element in added:
        layout.addprevious(element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(rows: Sequence[SheetRow]) -> Element:
    heads = [[run_of(name, _format(font=_HEAD, size=9))] for name, _ in _COLUMNS]
    made = [row(_SHARES, heads, head=True)]
    for number, one in enumerate(rows, start=1):
        texts = [str(number), one.place, one.printed, one.name, one.days, one.exact]
        texts += [str(one.records_count), one.owner]
        cells = [[run_of(text, _format(size=9))] for text in texts]
        cells.append([run_of(one.verdict, _format(size=9, colour=one.colour))])
        made.append(row(_SHARES, cells))
    return table(_SHARES, made)


def _row_of(use: FigureUse) -> SheetRow:
    return SheetRow(
        place=str(use.place),
        printed=use.printed,
        name=f"{use.name}{f'（{use.org}）' if use.org else ''}{f'：{use.basis}' if use.basis else ''}",
        days="，".join(part for part in (use.period, f"截至{use.as_of}") if part),
        exact=use.exact,
        records_count=use.records_count,
        owner=use.owner,
        verdict=verdict_of(use.truth.value, use.marks, use.hint),
        colour=colour_of(use),
    )


def verdict_of(truth: str, marks: str, hint: str) -> str:
    """What the check sheet says of a figure: whether it is true, what must be said with it, how it reads better."""
    said = f"{truth}（{marks}）" if marks else truth
    return f"{said}：{hint}" if hint else said


def _list(title: str, lines: Iterable[str]) -> list[Element]:
    written = [line(run_of(each, _format(size=10.5))) for each in lines]
    return [_heading(f"{title}（{len(written)}）"), *written] if written else []


def _heading(text: str, *, new_page: bool = False) -> Element:
    paragraph = line(run_of(text, _format(font=_HEAD, size=14)), before=120)
    if new_page:
        paragraph.find(w("pPr")).insert(0, new("pageBreakBefore"))
    return paragraph


def _format(*, font: str = _FONT, size: float = 10.5, colour: str = "") -> Element:
    properties = new("rPr", new("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if colour:
        properties.append(new("color", val=colour))
    properties.append(new("sz", val=str(int(size * 2))))
    properties.append(new("szCs", val=str(int(size * 2))))
    return properties
