"""From a document to a version: filling the template, keeping the file and every figure in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.docx.kinds import CHOSEN
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.places import located
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.text import text_of
from gonghui.kernel.docx.uses import Edition as DocxEdition
from gonghui.kernel.docx.uses import FactUse, FigureUse, Rendered
from gonghui.kernel.docx.uses import Truth as DocxTruth
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many
from gonghui.lines.reports.judging import judge
from gonghui.lines.reports.models import (
    Edition,
    ReportDoc,
    ReportFigure,
    ReportTemplate,
    ReportVersion,
    StoredDocx,
    Truth,
    VersionKind,
)
from gonghui.lines.reports.problems import Problem
from gonghui.lines.reports.source import Asked, LedgerSource, name_of_indicator, split_names

_TRUTH = {
    DocxTruth.TRUE: Truth.TRUE,
    DocxTruth.UNTRUE: Truth.UNTRUE,
    DocxTruth.EDITED: Truth.EDITED,
}
_PLACES = Decimal("1e-10")
_RED_NOTE = re.compile("【(?:待补|有误|不成立)：[^】]*】")
_SAID = (
    *("kind", "indicator", "against", "period_from", "period_to"),
    *("value", "exact", "printed", "marks", "owner"),
)
# The words that a document gives to a brief.
BRIEF_TEXTS = ("刊名", "期号", "编发单位", "编者按", "报", "送", "发", "份数", CHOSEN)
# Beside each other on one page, with their plans and rates.
MOST_SHOWN = 4
# Who answers for a figure whose indicator names nobody.
OFFICE = "办公室"


def store(docx: bytes, by: Actor) -> StoredDocx:
    """Keep a file."""
    return StoredDocx.objects.create(
        content=docx,
        sha256=hashlib.sha256(docx).hexdigest(),
        size=len(docx),
        stored_at=clock.now(),
        stored_by=by.user_id,
    )


def gaps_in(docx: bytes) -> list[str]:
    """The red notes that still stand in a file, with their places."""
    return [
        f"{paragraph.place} {note}"
        for paragraph in located(open_docx(docx))
        if not paragraph.echo
        for note in _RED_NOTE.findall(text_of(paragraph.element))
    ]


def docx_edition(edition: str) -> DocxEdition:
    """The edition as the document engine names it."""
    return DocxEdition.REVIEW if edition == Edition.REVIEW else DocxEdition.FINAL


def source_for(
    org: Org,
    as_of: date | datetime,
    *,
    title: str = "",
    meeting: str = "",
    speaker: str = "",
    speak_on: date | None = None,
) -> LedgerSource:
    """The ledger as known at a moment, with the words that a document gives."""
    return LedgerSource(
        root=org,
        as_of=as_of,
        texts={**dict.fromkeys(BRIEF_TEXTS, ""), "题目": title, "会议": meeting, "报告人": speaker},
        days={"会议日": speak_on, "成文日": speak_on, "取数日": None},
    )


def source_of(document: ReportDoc, as_of: date | datetime | None = None) -> LedgerSource:
    """The same for a document with all its own words, as known at its cut-off or at another moment."""
    source = source_for(
        document.org,
        as_of or document.cut_off,
        title=document.title,
        meeting=document.meeting,
        speaker=document.speaker,
        speak_on=document.speak_on,
    )
    words = {
        "刊名": document.masthead,
        "期号": document.issue_no,
        "编发单位": f"{document.org.name}{document.owner_dept}",
        "编者按": document.editors_note,
        "报": document.report_to,
        "送": document.send_to,
        "发": document.distribute_to,
        "份数": document.copies,
        CHOSEN: document.shown or document.template.shown,
    }
    days = {"成文日": document.speak_on or document.as_of, "取数日": document.as_of}
    return replace(
        source,
        basis=document.basis,
        texts={**source.texts, **{name: str(word or "") for name, word in words.items()}},
        days={**source.days, **days},
    )


def note_shown(record: ReportTemplate | ReportDoc) -> None:
    """The indicators that a circular shows are named as the dictionary names them."""
    names = split_names(record.shown)
    if len(names) > MOST_SHOWN:
        raise DomainError(
            f"通报指标最多{MOST_SHOWN}个，现有{len(names)}个，表格放不下。", field="shown"
        )
    try:
        record.shown = "、".join(name_of_indicator(name) for name in names)
    except DomainError as unknown:
        raise DomainError(unknown.message, field="shown") from None


def note_owner(document: ReportDoc) -> None:
    """The department that keeps the template writes the document, else the office."""
    note_shown(document)
    document.owner_dept = document.owner_dept or document.template.owner_dept or OFFICE


def latest_version(document: ReportDoc) -> ReportVersion | None:
    """The newest version of a document."""
    with acting(SYSTEM):
        found = ReportVersion.objects.filter(document=document, voided_at=None)
        return found.select_related("file", "document__org").order_by("-n").first()


def newest_version(document: ReportDoc) -> ReportVersion:
    """The newest version of a document that has one; a document that was never filled is refused."""
    version = latest_version(document)
    if version is None:
        raise DomainError("报告还没有取数，请先取数。")
    return version


def fill_version(
    document: ReportDoc, actor: Actor, kept: Mapping[tuple[Any, ...], Mapping[str, Any]]
) -> None:
    """Fill the document's template and add a version with its figures.

    A figure that means and prints what one of `kept` does (`meaning_of`) is given those values; the
    review edition names whoever vouched for it.
    """
    source = source_of(document)

    def kept_of(use: FigureUse) -> Mapping[str, Any]:
        asked = source.asked.get(use.url)
        return kept.get(_meaning(asked.org_id if asked else None, _told(use, asked)), {})

    remarks: list[Problem] = []

    def judged(uses: Sequence[FigureUse], docx: bytes) -> list[str]:
        figures = [ReportFigure(**row_of(use, source)) for use in uses]
        remarks.extend(judge(docx, figures, document))
        return [str(problem) for problem in remarks]

    rendered = render(
        bytes(document.template.file.content),
        source,
        edition=docx_edition(document.edition),
        as_of=document.as_of,
        voucher_of=lambda use: str(kept_of(use).get("voucher", "")),
        remarks_of=judged,
    )
    version = _add_version(document, rendered, remarks, actor)
    more = {"org": version.org, "version_of": version}
    rows = [{**row_of(use, source), **more, **kept_of(use)} for use in rendered.figures]
    must(create_many(ReportFigure, rows, by=actor))


def row_of(use: FigureUse, source: LedgerSource) -> dict[str, Any]:
    """The columns of a figure that tell what it says of whom."""
    asked = source.asked.get(use.url)
    about = None if asked is None else source.org_of(asked.org_id)
    return {**_told(use, asked), "about": about}


def meaning_of(figure: ReportFigure) -> tuple[Any, ...]:
    """What a figure says: two with the same meaning differ only in where and when they were printed."""
    return _meaning(figure.about_id, {name: getattr(figure, name) for name in _SAID})


def _meaning(about_id: int | None, told: Mapping[str, Any]) -> tuple[Any, ...]:
    return (about_id, *(told[name] for name in _SAID))


def _add_version(
    document: ReportDoc, rendered: Rendered, remarks: Iterable[Problem], actor: Actor
) -> ReportVersion:
    before = latest_version(document)
    return create(
        ReportVersion,
        by=actor,
        org=document.org,
        document=document,
        n=before.n + 1 if before else 1,
        kind=VersionKind.GENERATED,
        edition=document.edition,
        as_of=document.as_of,
        file=store(rendered.docx, actor),
        figure_count=len(rendered.figures),
        missing_count=len(rendered.missing),
        error_count=len(rendered.errors),
        missing=_lines(rendered.missing),
        errors=_lines(rendered.errors),
        facts=_lines(_fact_line(fact) for fact in rendered.facts),
        remarks=[problem.as_json() for problem in remarks],
    )


def _told(use: FigureUse, asked: Asked | None) -> dict[str, Any]:
    """The columns of a figure, without its links."""
    return {
        "tag_id": use.tag_id,
        "place": str(use.place),
        "kind": use.kind,
        "indicator": use.code[:200],
        "name": use.name[:200],
        "unit": use.unit,
        "about_org": use.org,
        "period": use.period,
        "period_from": asked and asked.period.start,
        "period_to": asked and asked.period.end,
        "as_of": use.as_of,
        "value": None if use.value is None else use.value.quantize(_PLACES),
        "exact": use.exact[:300],
        "printed": use.printed[:300],
        "word": use.word,
        "basis": use.basis[:300],
        "against": use.against[:80],
        "marks": use.marks[:120],
        "records_count": use.records_count,
        "truth": _TRUTH[use.truth],
        "hint": use.hint[:300],
        "owner": use.owner or OFFICE,
    }


def _fact_line(fact: FactUse) -> str:
    return f"{fact.place} {fact.code}：{fact.evidence}"


def _lines(items: Iterable[object]) -> str:
    return "\n".join(str(item) for item in items)
