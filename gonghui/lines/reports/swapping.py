"""Figures that moved are swapped for what is known now, in the text as it was edited (会前核对).

The newest version is taken as it stands; its figures get controls of their own again, those that
were chosen read as they do now. What was not swapped keeps who vouched for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.docx.controls import Reprint, fresh_tag, reprinted
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule, require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, change_many, create, create_many, perform
from gonghui.lines.reports import editing
from gonghui.lines.reports.filling import gaps_in, newest_version, store
from gonghui.lines.reports.models import (
    Edition,
    ReportDoc,
    ReportFigure,
    ReportVersion,
    VersionKind,
)
from gonghui.lines.reports.moved import Moved, moved_since
from gonghui.lines.reports.publishing import AT_WORK, note_contradictions
from gonghui.lines.reports.returned import FindingKind, compare
from gonghui.lines.reports.standing import Standing, standing
from gonghui.lines.reports.vouching import PENDING

# What a figure is apart from its version, its tag and its place.
_COPIED = (
    *(
        "kind",
        "indicator",
        "name",
        "unit",
        "about_org",
        "about",
        "period",
        "period_from",
        "period_to",
    ),
    *("as_of", "value", "exact", "printed", "word", "basis", "against", "marks", "records_count"),
    *("truth", "hint", "owner"),
)
_VOUCHED = ("state", "voucher", "vouched_at", "objection")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """A figure of the version before, and what stands in its place."""

    old: ReportFigure
    there: Standing | None
    moved: Moved | None
    tag_id: str

    @property
    def row(self) -> dict[str, Any]:
        """The columns of the new figure; a swapped one waits to be vouched for."""
        told = self.old if self.moved is None else self.moved.told
        vouched = {name: getattr(self.old, name) for name in _VOUCHED}
        return {
            **{name: getattr(told, name) for name in _COPIED},
            **(vouched if self.moved is None else {"state": PENDING}),
            "tag_id": self.tag_id,
            "place": self.old.place if self.there is None else self.there.place,
        }

    @property
    def reprint(self) -> Reprint | None:
        """How it is written into the file; None where it stands nowhere."""
        there = self.there
        if there is None:
            return None
        now = there.passage.text[there.start : there.end]
        return Reprint(
            passage=there.passage,
            start=there.start,
            end=there.end,
            tag_id=self.tag_id,
            name=self.old.name,
            text=now if self.moved is None else self.moved.phrase,
        )


def swap(document: ReportDoc, tags: Collection[str], by: Actor) -> ReportVersion:
    """The next version, in which the figures of these tags read as they are known now.

    The document is back where it was filled: departments vouch for what was swapped, and it goes
    through the final check and is signed once more.
    """
    require(by, "change", register_of(document), document.org_id)
    if document.state not in AT_WORK:
        raise Conflict("报告还没有取数，或已经印发，不能换数。")
    before = newest_version(document)
    if before.edition != Edition.FINAL:
        raise Conflict(f"{before}带脚注和校核表，不能换数，请重新取数。")
    with acting(SYSTEM):
        moved = {
            each.figure.tag_id: each
            for each in moved_since(document)
            if each.can_be_swapped and each.figure.tag_id in tags
        }
        if not moved:
            raise DomainError("请选择要换用现时数的数；可能刚有人换过，请刷新后再看。")
        with transaction.atomic(), by_rule():
            return _swap(document, before, moved, by)


def _swap(
    document: ReportDoc, before: ReportVersion, moved: dict[str, Moved], by: Actor
) -> ReportVersion:
    found = _next_figures(before, moved)
    missing = [each.old for each in found if each.moved is not None and each.there is None]
    if missing:
        told = "、".join(f"{each.place}“{each.name}”{each.printed}" for each in missing[:5])
        raise DomainError(f"{before}里找不到{told}，不能换数。请打开文件核对，改好后回传。")
    docx = reprinted(
        bytes(before.file.content), [made for each in found if (made := each.reprint) is not None]
    )
    document = perform(document, "swap", by=by)
    gaps = gaps_in(docx)
    version = create(
        ReportVersion,
        by=by,
        org=document.org,
        document=document,
        n=before.n + 1,
        kind=VersionKind.SWAPPED,
        edition=before.edition,
        as_of=before.as_of,
        file=store(docx, by),
        figure_count=len(found),
        missing_count=len(gaps),
        missing="\n".join(gaps),
        facts=before.facts,
    )
    more = {"org": document.org, "version_of": version}
    figures = must(create_many(ReportFigure, [{**each.row, **more} for each in found], by=by))
    _follow(document, version, dict(zip((each.old.pk for each in found), figures, strict=True)), by)
    return version


def _next_figures(before: ReportVersion, moved: dict[str, Moved]) -> list[_Next]:
    """Every figure of a version with its place in the file as it stands now."""
    source = before.based_on or before
    old = list(
        ReportFigure.objects.filter(version_of=source).select_related("about").order_by("id")
    )
    original = bytes(before.based_on.file.content) if before.based_on else None
    there = {
        each.figure.tag_id: each for each in standing(bytes(before.file.content), old, original)
    }
    return [
        _Next(
            old=each,
            there=there.get(each.tag_id),
            moved=moved.get(each.tag_id),
            tag_id=fresh_tag(),
        )
        for each in old
    ]


def _follow(
    document: ReportDoc, version: ReportVersion, figures: dict[int, ReportFigure], by: Actor
) -> None:
    """Numbers typed by hand stay what was decided of them; the file is judged as any other."""
    typed = [edit for edit in editing.edits_of([document]) if edit.figure_id in figures]
    must(change_many([(edit, {"figure": figures[edit.figure_id]}) for edit in typed], by=by))
    docx = bytes(version.file.content)
    findings = [each for each in compare(list(figures.values()), docx, docx) if each.is_error]
    errors = [str(each) for each in findings if each.kind is not FindingKind.EDITED]
    if errors:
        change(version, by=by, errors="\n".join(errors), error_count=len(errors))
    editing.note_edits(version, findings, by)
    editing.judge_again(version, by)
    note_contradictions([document], by)
