"""From a document to a version: filling the template, keeping the file and every figure in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.uses import Edition as DocxEdition
from gonghui.kernel.docx.uses import FactUse, FigureUse, Rendered
from gonghui.kernel.docx.uses import Truth as DocxTruth
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import create, create_many
from gonghui.lines.reports.models import (
    Edition,
    ReportDoc,
    ReportFigure,
    ReportVersion,
    StoredDocx,
    Truth,
    VersionKind,
)
from gonghui.lines.reports.source import Asked, LedgerSource

_TRUTH = {
    DocxTruth.TRUE: Truth.TRUE,
    DocxTruth.UNTRUE: Truth.UNTRUE,
    DocxTruth.EDITED: Truth.EDITED,
}
_PLACES = Decimal("1e-10")


def store(docx: bytes, by: Actor) -> StoredDocx:
    """Keep a file."""
    return StoredDocx.objects.create(
        content=docx,
        sha256=hashlib.sha256(docx).hexdigest(),
        size=len(docx),
        stored_at=clock.now(),
        stored_by=by.user_id,
    )


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
        texts={"题目": title, "会议": meeting, "报告人": speaker},
        days={"会议日": speak_on},
    )


def latest_version(document: ReportDoc) -> ReportVersion | None:
    """The newest version of a document."""
    with acting(SYSTEM):
        found = ReportVersion.objects.filter(document=document, voided_at=None)
        return found.select_related("file").order_by("-n").first()


def fill_version(document: ReportDoc, actor: Actor) -> None:
    """Fill the document's template and add a version with its figures."""
    source = source_for(
        document.org,
        document.as_of_at or document.as_of,
        title=document.title,
        meeting=document.meeting,
        speaker=document.speaker,
        speak_on=document.speak_on,
    )
    template = bytes(document.template.file.content)
    rendered = render(
        template, source, edition=docx_edition(document.edition), as_of=document.as_of
    )
    version = _add_version(document, rendered, actor)
    orgs = Org.objects.in_bulk({asked.org_id for asked in source.asked.values()})
    rows = [_row(version, use, source.asked.get(use.url), orgs) for use in rendered.figures]
    for outcome in create_many(ReportFigure, rows, by=actor):
        if outcome.error is not None:
            raise outcome.error


def _add_version(document: ReportDoc, rendered: Rendered, actor: Actor) -> ReportVersion:
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
    )


def _row(
    version: ReportVersion, use: FigureUse, asked: Asked | None, orgs: dict[int, Org]
) -> dict[str, object]:
    return {
        "org": version.org,
        "version_of": version,
        "tag_id": use.tag_id,
        "place": str(use.place),
        "kind": use.kind,
        "indicator": use.code[:200],
        "name": use.name[:200],
        "unit": use.unit,
        "about_org": use.org,
        "about": orgs.get(asked.org_id) if asked else None,
        "period": use.period,
        "period_from": asked and asked.period.start,
        "period_to": asked and asked.period.end,
        "as_of": use.as_of,
        "value": None if use.value is None else use.value.quantize(_PLACES),
        "exact": use.exact[:300],
        "printed": use.printed[:300],
        "word": use.word,
        "basis": use.basis[:300],
        "records_count": use.records_count,
        "truth": _TRUTH[use.truth],
        "hint": use.hint[:300],
        "owner": use.owner,
    }


def _fact_line(fact: FactUse) -> str:
    return f"{fact.place} {fact.code}：{fact.evidence}"


def _lines(items: Iterable[object]) -> str:
    return "\n".join(str(item) for item in items)
