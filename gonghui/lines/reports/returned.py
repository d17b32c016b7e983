"""Comparing the figures of an edited document with those that were printed into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from gonghui.kernel.docx.controls import Control, Passage, controls_of, passages_of
from gonghui.kernel.docx.scanner import TextFigure, scan
from gonghui.lines.reports.aligning import Spot, align, spots_of
from gonghui.lines.reports.phrases import holds

_MOST_KEPT: Final = 300  # characters of what was typed in the place of a figure


class FindingKind(StrEnum):
    """What was found."""

    EDITED = "改动"
    LOST = "找不到"
    FOREIGN = "外来标记"
    LINKED = "未标记"
    UNSOURCED = "无来源数字"


class PrintedFigure(Protocol):
    """What is kept of a figure that was printed."""

    tag_id: str
    name: str
    unit: str
    place: str
    printed: str
    value: Decimal | None
    exact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A figure that no longer stands as it was printed; `holds` if the new text is true as well."""

    kind: FindingKind
    place: str
    name: str
    printed: str
    found: str
    tag_id: str = ""
    exact: str = ""
    holds: bool = False

    @property
    def is_error(self) -> bool:
        """Whether the document may not be signed with it; the rest are remarks."""
        return self.kind in {FindingKind.EDITED, FindingKind.LOST, FindingKind.FOREIGN}

    def __str__(self) -> str:
        if self.kind is FindingKind.LOST:
            return (
                f"{self.place}“{self.name}”的“{self.printed}”在回传的文件中找不到："
                "原句已删改或标记丢失，请人工核对。"
            )
        if self.kind is FindingKind.LINKED:
            return f"{self.place}“{self.found}”没有标记，与本报告的“{self.name}”相同。"
        if self.kind is FindingKind.UNSOURCED:
            return f"{self.place}“{self.found}”没有来源，系统无法核对。"
        if self.kind is FindingKind.FOREIGN:
            return f"{self.place}“{self.name}”的“{self.found}”不是本报告取的数，请重新取数。"
        also = "；改后的说法也符合准确值" if self.holds else ""
        return (
            f"{self.place}“{self.found}”与系统数“{self.printed}”（准确值{self.exact}）不一致{also}，"
            "请恢复或由领导注明理由。"
        )


def compare(figures: Iterable[PrintedFigure], original: bytes, docx: bytes) -> list[Finding]:
    """What differs between the printed figures and an edited document, in its order.

    Figures inside their controls are compared with what was printed; those that lost their control
    are found again by the words around them, and are a finding only where they were changed or are
    gone. All other numbers of the text follow as remarks.
    """
    printed = {figure.tag_id: figure for figure in figures}
    there = controls_of(docx)
    found = [finding for one in there if (finding := _differs(one, printed)) is not None]
    lost = {tag: printed[tag] for tag in printed.keys() - {one.tag_id for one in there}}
    edited = passages_of(docx)
    vouched: set[TextFigure] = set()
    if lost:
        pairs = align(passages_of(original), edited)
        now = {old.tag_id: (old, new) for old, new in pairs if old.tag_id in lost}
        for tag_id in sorted(lost, key=list(printed).index):
            old, new = now.get(tag_id, (None, None))
            if old is None or new is None or new.tag_id:
                found += _looked_for(lost[tag_id], edited)
                continue
            vouched.add(new.figure)
            found += _changed(lost[tag_id], old, new)
    return found + [
        _unmarked(spot, printed.values())
        for spot in spots_of(edited)
        if not spot.tag_id and spot.figure not in vouched
    ]


def _looked_for(figure: PrintedFigure, edited: Iterable[Passage]) -> list[Finding]:
    """Text that is no number is there or not; a number whose sentence is gone is lost."""
    if not scan(figure.printed) and any(figure.printed in one.text for one in edited):
        return []
    return [_lost(figure)]


def _changed(figure: PrintedFigure, old: Spot, new: Spot) -> list[Finding]:
    """A finding where the figure reads otherwise than it was printed."""
    if _tidy(new.figure.text) == _tidy(old.figure.text):
        return []
    start, end = new.inside(old)
    return [_edited(figure, new.passage.text[start:end], new.place)]


def _unmarked(spot: Spot, printed: Iterable[PrintedFigure]) -> Finding:
    """A number without a control: like a figure of this report, or of nobody."""
    figure = spot.figure
    like = next(
        (
            one
            for one in printed
            if one.value is not None and one.value == figure.value and one.unit == figure.unit
        ),
        None,
    )
    return Finding(
        kind=FindingKind.UNSOURCED if like is None else FindingKind.LINKED,
        place=spot.place,
        name="" if like is None else like.name,
        printed="" if like is None else like.printed,
        found=figure.text,
    )


def best_match(candidates: Sequence[tuple[int, set[str]]], docx: bytes) -> int | None:
    """Which of several sets of tags, by a key, a document has most of; None where it has none."""
    present = {one.tag_id for one in controls_of(docx)}
    shared = Counter({key: len(tags & present) for key, tags in candidates})
    best = shared.most_common(1)
    return best[0][0] if best and best[0][1] else None


def _differs(one: Control, printed: dict[str, PrintedFigure]) -> Finding | None:
    figure = printed.get(one.tag_id)
    if figure is None:
        return Finding(
            kind=FindingKind.FOREIGN,
            place=str(one.place),
            name=one.name,
            printed="",
            found=one.printed,
        )
    if _tidy(one.printed) == _tidy(figure.printed):
        return None
    if not _tidy(one.printed):
        return _lost(figure)
    return _edited(figure, one.printed, str(one.place))


def _edited(figure: PrintedFigure, text: str, place: str) -> Finding:
    return Finding(
        kind=FindingKind.EDITED,
        place=place,
        name=figure.name,
        printed=figure.printed,
        found=text[:_MOST_KEPT],
        tag_id=figure.tag_id,
        exact=figure.exact,
        holds=holds(text, figure.value),
    )


def _lost(figure: PrintedFigure) -> Finding:
    return Finding(
        kind=FindingKind.LOST,
        place=figure.place,
        name=figure.name,
        printed=figure.printed,
        found="",
        exact=figure.exact,
    )


def _tidy(text: str) -> str:
    return "".join(text.split())
