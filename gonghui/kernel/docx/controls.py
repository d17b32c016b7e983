"""The content control around each printed figure, written and read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from .names import MC, W15, Element, etree, new, w, with_prefix
from .package import Package, open_docx
from .places import BODY, BOX, Place, located
from .text import format_at, pieces, replace, run_of, text_of

PREFIX: Final = "fig:"


@dataclass(frozen=True, slots=True)
class Control:
    """A figure as it stands in a document now."""

    tag_id: str
    name: str
    printed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph's text, and from where to where in it each figure control reaches."""

    place: Place
    text: str
    controls: tuple[tuple[int, int, str], ...]


def control(
    tag_id: str, name: str, printed: str, properties: Element | None, *, rich: bool = False
) -> Element:
    """An inline control that holds a figure and does not show itself.

    It is for plain text unless `rich`: LibreOffice 7.4 drops the colour of plain ones.
    """
    settings = new("sdtPr")
    if properties is not None:
        settings.append(properties)
    settings.append(new("alias", val=name[:64]))
    settings.append(new("tag", val=tag_id))
    settings.append(new("id", val=_id_of(tag_id)))
    appearance = etree.SubElement(settings, f"{{{W15}}}appearance", nsmap={"w15": W15})
    appearance.set(f"{{{W15}}}val", "hidden")
    settings.append(new("richText" if rich else "text"))
    return new("sdt", settings, new("sdtContent", run_of(printed, properties)))


def _id_of(tag_id: str) -> str:
    """The number that a document knows a control by."""
    return str(UUID(tag_id.removeprefix(PREFIX)).int % 0x7FFFFFFF or 1)


def fresh_tag() -> str:
    """A tag that no control has yet."""
    return f"{PREFIX}{uuid4()}"


def declare(package: Package, part: str) -> None:
    """Let a part's root name the namespace of hidden controls, which Word 2010 does not know."""
    package.replace(part, with_prefix(package.part(part), "w15", W15))


def controls_of(docx: bytes) -> list[Control]:
    """Every figure control of a document, in document order."""
    package = open_docx(docx)
    places = {
        paragraph.element: paragraph.place for paragraph in located(package) if not paragraph.echo
    }
    parts = dict.fromkeys(paragraph.part for paragraph in located(package))
    return [found for part in parts for found in _controls(package.part(part), places)]


def _controls(root: Element, places: dict[Element, Place]) -> Iterator[Control]:
    for sdt in root.iter(w("sdt")):
        settings, content = sdt.find(w("sdtPr")), sdt.find(w("sdtContent"))
        mark = settings.find(w("tag")) if settings is not None else None
        tag_id = mark.get(w("val"), "") if mark is not None else ""
        if (
            not tag_id.startswith(PREFIX)
            or next(sdt.iterancestors(f"{{{MC}}}Fallback"), None) is not None
        ):
            continue
        alias = settings.find(w("alias"))
        empty = content is None or settings.find(w("showingPlcHdr")) is not None
        yield Control(
            tag_id=tag_id,
            name=alias.get(w("val"), "") if alias is not None else "",
            printed="" if empty else _content(content),
            place=_place(sdt, places),
        )


def _content(content: Element) -> str:
    inner = list(content.iter(w("p")))
    return "".join(text_of(paragraph) for paragraph in inner) if inner else text_of(content)


def _place(sdt: Element, places: dict[Element, Place]) -> Place:
    around = next(sdt.iterancestors(w("p")), None)
    if around is None:
        around = next(sdt.iter(w("p")), None)
    return places.get(around, Place(BOX, 1))


def passages_of(docx: bytes) -> list[Passage]:
    """The paragraphs that readers see in the body and in text boxes, with the controls in them."""
    return [
        Passage(paragraph.place, text, _spans(paragraph.element))
        for paragraph in located(open_docx(docx))
        if paragraph.place.story in (BODY, BOX)
        and not paragraph.echo
        and (text := text_of(paragraph.element)).strip()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """A figure that stands from `start` to `end` of a passage: the tag it gets, and what it reads."""

    passage: Passage
    start: int
    end: int
    tag_id: str
    name: str
    text: str


def reprinted(docx: bytes, figures: Sequence[Reprint]) -> bytes:
    """The document with figures in controls of other tags and with other text, in the format there.

    A figure whose control an office program dropped gets one again.
    """
    package = open_docx(docx)
    for part in {where.part for where in located(package)}:
        declare(package, part)
    paragraphs = {
        (where.place, text_of(where.element)): where.element
        for where in located(package)
        if not where.echo
    }
    # From the end of each paragraph, so that what is still to come stands where it stood.
    for one in sorted(figures, key=lambda each: each.start, reverse=True):
        paragraph = paragraphs[one.passage.place, one.passage.text]
        _reprint(paragraph, one)
    return package.save()


def _reprint(paragraph: Element, one: Reprint) -> None:
    there = [
        piece
        for piece in pieces(paragraph)
        if piece.start < one.end <= piece.start + len(piece.text)
    ]
    around = _control_around(there[0].run) if there else None
    properties = format_at(paragraph, one.start)
    if around is None:
        content = control(one.tag_id, one.name, one.text, properties)
        replace(paragraph, one.start, one.end, [content])
        return
    settings = around.find(w("sdtPr"))
    settings.find(w("tag")).set(w("val"), one.tag_id)
    number = settings.find(w("id"))
    if number is not None:
        number.set(w("val"), _id_of(one.tag_id))
    if text_of(paragraph)[one.start : one.end] != one.text:
        replace(paragraph, one.start, one.end, [run_of(one.text, properties)])


def retyped(docx: bytes, passage: Passage, start: int, end: int, text: str) -> bytes:
    """The document with other characters from `start` to `end` of a passage, in the format there.

    Inside a control they stay inside it.
    """
    package = open_docx(docx)
    paragraph = next(
        each.element
        for each in located(package)
        if each.place == passage.place and not each.echo and text_of(each.element) == passage.text
    )
    replace(paragraph, start, end, [run_of(text, format_at(paragraph, start))])
    return package.save()


def _spans(paragraph: Element) -> tuple[tuple[int, int, str], ...]:
    spans: dict[str, tuple[int, int]] = {}
    for piece in pieces(paragraph):
        tag_id = _mark_around(piece.run)
        if tag_id:
            start, _ = spans.get(tag_id, (piece.start, 0))
            spans[tag_id] = (start, piece.start + len(piece.text))
    return tuple((start, end, tag_id) for tag_id, (start, end) in spans.items())


def _mark_around(run: Element) -> str:
    around = _control_around(run)
    return "" if around is None else _tag_of(around)


def _control_around(run: Element) -> Element | None:
    """The figure control that a run stands in."""
    return next(
        (sdt for sdt in run.iterancestors(w("sdt")) if _tag_of(sdt).startswith(PREFIX)), None
    )


def _tag_of(sdt: Element) -> str:
    mark = sdt.find(f"{w('sdtPr')}/{w('tag')}")
    return "" if mark is None else str(mark.get(w("val"), ""))


def figures_of(docx: bytes) -> dict[str, str]:
    """The printed text of every figure control by its tag id."""
    return {found.tag_id: found.printed for found in controls_of(docx)}
