"""The speech edition (发言版) of a finished document: big type, 20 lines a page, minutes by section.

It is made from the file that is signed, so that nobody reads out another text than was reviewed.
Tables and pictures keep their size: they are looked at, not read out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from gonghui.base.numerals import rounded

from .linting import rank_of
from .names import Element, new, w
from .package import Package, open_docx
from .page import BODY_SIZE, KAI_FONT
from .places import BODY, located, stands_apart
from .text import pieces, text_of

SPEECH_SIZE: Final = 18.0
SPEECH_LINES: Final = 20
# The type area is 225 mm high; of 638 twips 20 lines do not fit.
SPEECH_LINE: Final = 637
_TWO_CHARACTERS: Final = str(int(SPEECH_SIZE * 20 * 2))
_HALF_POINTS: Final = str(int(SPEECH_SIZE * 2))
_READABLE_FROM: Final = 21  # half-points; what is smaller was meant to be small
_NOTE_SIZE: Final = "28"
_OPENING: Final = "开头"
# What stands behind the spacing in the properties of a paragraph, whose order is fixed.
_BEHIND_SPACING: Final = frozenset(
    w(name)
    for name in [
        *("ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection"),
        *("textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr"),
        *("sectPr", "pPrChange"),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPart:
    """A section as it is read out: the heading it begins with, its rank, its characters.

    A part of the first rank counts those of the second rank in it as well. Blanks do not count.
    """

    title: str
    rank: int
    characters: int

    def lasts(self, per_minute: int) -> str:
        """How long it takes at so many characters a minute, in words."""
        return lasts_of(self.characters, per_minute)


def parts_of(docx: bytes) -> list[SpokenPart]:
    """The sections of a document in order; what stands before the first heading is its opening."""
    return _parts(_spoken(open_docx(docx)))


def characters_of(parts: Iterable[SpokenPart]) -> int:
    """The characters of the whole document."""
    return sum(part.characters for part in parts if part.rank == 1)


def speech_of(docx: bytes, per_minute: int) -> bytes:
    """The document for whoever reads it out; its text is the same but for the minutes."""
    package = open_docx(docx)
    spoken = _spoken(package)
    parts = _parts(spoken)
    headed = iter(part for part in parts if part.title != _OPENING)
    for paragraph in spoken:
        _enlarge(paragraph)
        if _rank(text_of(paragraph)):
            paragraph.append(_note(f"（{next(headed).lasts(per_minute)}）"))
    if spoken:
        spoken[0].addprevious(_head(characters_of(parts), per_minute))
    _set_page(package)
    return package.save()


def _spoken(package: Package) -> list[Element]:
    """The paragraphs that are read out."""
    return [
        each.element
        for each in located(package)
        if each.place.story == BODY
        and not each.echo
        and not stands_apart(each.element)
        and text_of(each.element).strip()
    ]


def _rank(text: str) -> int:
    """1 or 2 for a heading of that rank, 0 for text."""
    return {"一": 1, "二": 2}.get(rank_of(text), 0)


def _parts(spoken: Sequence[Element]) -> list[SpokenPart]:
    """Each heading with all that follows up to the next one of its rank or above."""
    found: list[SpokenPart] = []
    texts = [text_of(paragraph).strip() for paragraph in spoken]
    ranks = [_rank(text) for text in texts]
    if texts and ranks[0] != 1:
        found.append(_part(_OPENING, 1, texts, ranks, 0))
    for start, (text, rank) in enumerate(zip(texts, ranks, strict=True)):
        if rank:
            found.append(_part(text, rank, texts, ranks, start))
    return found


def _part(
    title: str, rank: int, texts: Sequence[str], ranks: Sequence[int], start: int
) -> SpokenPart:
    ends = (i for i in range(start + 1, len(ranks)) if 0 < ranks[i] <= rank)
    stretch = texts[start : next(ends, len(texts))]
    characters = sum(len("".join(text.split())) for text in stretch)
    return SpokenPart(title=title, rank=rank, characters=characters)


def minutes_of(characters: int, per_minute: int) -> int:
    """How long so many characters take, in whole minutes."""
    return int(rounded(Decimal(characters) / per_minute, Decimal(1)))


def lasts_of(characters: int, per_minute: int) -> str:
    """The same in words."""
    minutes = minutes_of(characters, per_minute)
    return f"约{minutes}分钟" if minutes else "不到1分钟"


# The look


def _enlarge(paragraph: Element) -> None:
    """Body type becomes 18 pt on lines of a twentieth page; titles and pictures stay as they are."""
    sizes = [_enlarged(run) for run in _runs(paragraph)]
    if any(size > SPEECH_SIZE * 2 for size in sizes):
        return
    if next(paragraph.iter(w("drawing"), w("pict")), None) is not None:
        return
    properties = _properties(paragraph)
    spacing = properties.find(w("spacing"))
    if spacing is None:
        spacing = new("spacing")
        behind = next((child for child in properties if child.tag in _BEHIND_SPACING), None)
        properties.append(spacing) if behind is None else behind.addprevious(spacing)
    spacing.set(w("line"), str(SPEECH_LINE))
    spacing.set(w("lineRule"), "exact")
    indent = properties.find(w("ind"))
    if indent is not None and indent.get(w("firstLineChars")) == "200":
        indent.set(w("firstLine"), _TWO_CHARACTERS)


def _runs(paragraph: Element) -> Iterator[Element]:
    return iter(dict.fromkeys(piece.run for piece in pieces(paragraph)))


def _enlarged(run: Element) -> int:
    """Give a run of body type its new size; the size it has now, in half-points."""
    properties = run.find(w("rPr"))
    size = properties.find(w("sz")) if properties is not None else None
    if size is None:
        return int(BODY_SIZE * 2)
    now = int(size.get(w("val"), "0"))
    if not _READABLE_FROM <= now < SPEECH_SIZE * 2:
        return now
    for name in ("sz", "szCs"):
        for each in run.iter(w(name)):
            each.set(w("val"), _HALF_POINTS)
    return int(SPEECH_SIZE * 2)


def _properties(paragraph: Element) -> Element:
    found = paragraph.find(w("pPr"))
    if found is None:
        found = new("pPr")
        paragraph.insert(0, found)
    return found


def _note(text: str) -> Element:
    fonts = new("rFonts", ascii=KAI_FONT, hAnsi=KAI_FONT, eastAsia=KAI_FONT, cs=KAI_FONT)
    look = new("rPr", fonts, new("sz", val=_NOTE_SIZE), new("szCs", val=_NOTE_SIZE))
    content = new("t")
    content.text = text
    return new("r", look, content)


def _head(characters: int, per_minute: int) -> Element:
    """The line above the title that tells how long the whole takes."""
    shape = new(
        "pPr",
        new("spacing", line=str(SPEECH_LINE), lineRule="exact"),
        new("ind", firstLine="0"),
        new("jc", val="right"),
    )
    lasts = lasts_of(characters, per_minute)
    text = f"发言稿　全文{characters:,}字，{lasts}（每分钟{per_minute}字）"
    return new("p", shape, _note(text))


def _set_page(package: Package) -> None:
    """Twenty lines a page, and body type where a run does not name its size."""
    for layout in package.part(package.main).iter(w("sectPr")):
        for old in layout.findall(w("docGrid")):
            layout.remove(old)
        layout.append(new("docGrid", type="lines", linePitch=str(SPEECH_LINE)))
    for name in package.related(package.main, "styles"):
        for style in package.part(name).iter(w("style")):
            if style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true"):
                _enlarge_style(style)


def _enlarge_style(style: Element) -> None:
    for size in style.findall(f"{w('rPr')}/{w('sz')}") + style.findall(f"{w('rPr')}/{w('szCs')}"):
        if _READABLE_FROM <= int(size.get(w("val"), "0")) < SPEECH_SIZE * 2:
            size.set(w("val"), _HALF_POINTS)
    for spacing in style.findall(f"{w('pPr')}/{w('spacing')}"):
        if spacing.get(w("lineRule")) == "exact":
            spacing.set(w("line"), str(SPEECH_LINE))
