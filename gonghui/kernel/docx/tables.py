"""Tables as plain grids of thin lines, whose first row is repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .names import Element, new, w

_PAGE: Final = 8_800  # twips between the margins


def table(shares: Sequence[int], rows: Sequence[Element]) -> Element:
    """A table as wide as the text, its columns by shares that add up to 100."""
    edges = new("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edges.append(new(side, val="single", sz="4", space="0", color="808080"))
    properties = new(
        "tblPr",
        new("tblW", w="5000", type="pct"),
        edges,
        new("tblLayout", type="fixed"),
        new("tblCellMar", new("left", w="40", type="dxa"), new("right", w="40", type="dxa")),
    )
    grid = new("tblGrid", *(new("gridCol", w=str(share * _PAGE // 100)) for share in shares))
    return new("tbl", properties, grid, *rows)


def row(
    shares: Sequence[int],
    cells: Sequence[Sequence[Element]],
    *,
    head: bool = False,
    centred: bool = False,
) -> Element:
    """A row that no page break cuts, each cell one paragraph of runs."""
    settings = new("trPr", new("cantSplit"))
    if head:
        settings.append(new("tblHeader"))
    made = new("tr", settings)
    for share, content in zip(shares, cells, strict=True):
        width = new("tcPr", new("tcW", w=str(share * 50), type="pct"))
        made.append(new("tc", width, line(*content, centred=centred)))
    return made


def line(*content: Element, before: int = 0, centred: bool = False) -> Element:
    """A paragraph off the grid of lines, single spaced, not indented."""
    return new("p", _shape(before, centred=centred), *content)


def off_the_grid(paragraph: Element) -> None:
    """Let a paragraph be as high as what is in it; lines of a fixed height would cut a picture."""
    for old in paragraph.findall(w("pPr")):
        paragraph.remove(old)
    paragraph.insert(0, _shape(centred=True))


def _shape(before: int = 0, *, centred: bool) -> Element:
    spacing = new("spacing", before=str(before), after="0", line="240", lineRule="auto")
    shape = new("pPr", new("snapToGrid", val="0"), spacing, new("ind", firstLine="0"))
    if centred:
        shape.append(new("jc", val="center"))
    return shape
