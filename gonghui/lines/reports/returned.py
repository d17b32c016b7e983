"""Comparing the figures of an edited document with those that were printed into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from gonghui.base.wording import judge
from gonghui.kernel.docx.controls import Control, controls_of


class FindingKind(StrEnum):
    """What was found."""

    EDITED = "改动"
    LOST = "标记丢失"
    FOREIGN = "外来标记"


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
    exact: str = ""
    holds: bool = False

    def __str__(self) -> str:
        if self.kind is FindingKind.LOST:
            return (
                f"{self.place}“{self.name}”的“{self.printed}”已失去标记，系统无法核对，请人工核对。"
            )
        if self.kind is FindingKind.FOREIGN:
            return f"{self.place}“{self.name}”的“{self.found}”不是本报告取的数，请重新取数。"
        also = "；改后的说法也符合准确值" if self.holds else ""
        return (
            f"{self.place}“{self.found}”与系统数“{self.printed}”（准确值{self.exact}）不一致{also}，"
            "请恢复或由领导注明理由。"
        )


def compare(figures: Iterable[PrintedFigure], docx: bytes) -> list[Finding]:
    """What differs between the printed figures and the controls of a document, in its order.

    Only figures inside their controls are compared; those that lost them are told as lost.
    """
    printed = {figure.tag_id: figure for figure in figures}
    there = controls_of(docx)
    found = [finding for one in there if (finding := _differs(one, printed)) is not None]
    present = {one.tag_id for one in there}
    return found + [_lost(figure) for key, figure in printed.items() if key not in present]


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
    return Finding(
        kind=FindingKind.EDITED,
        place=str(one.place),
        name=figure.name,
        printed=figure.printed,
        found=one.printed,
        exact=figure.exact,
        holds=_holds(one.printed, figure),
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


def _holds(text: str, figure: PrintedFigure) -> bool:
    if figure.value is None or not text.strip():
        return False
    unit = "%" if figure.printed.endswith("%") else ""
    return judge(text, figure.value, unit=unit).true


def _tidy(text: str) -> str:
    return "".join(text.split())
