"""What was published stays known, and a later document that tells otherwise is found (C10).

Two printed figures of the same thing contradict each other where neither phrase is true of the
other's exact value: 980多 and 983 do not, 547 and 532 do. What counts is what was published last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.base.printed import read
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.controls import passages_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, create_many, perform_many
from gonghui.kernel.workflow.services import remind
from gonghui.lines.reports.editing import as_told
from gonghui.lines.reports.filling import newest_version
from gonghui.lines.reports.models import (
    Contradiction,
    PublishedFigure,
    ReportDoc,
    ReportFigure,
    ReportVersion,
)
from gonghui.lines.reports.phrases import holds
from gonghui.lines.reports.retelling import values_of

# States of documents that are at work: filled, and not yet given away.
AT_WORK = ("filled", "vouching", "reviewing", "final_check", "signed")
GIVEN_AWAY = ("issued", "archived")
TO_DO = "请改用与已发布数一致的取数时点重新取数；确需用新数的，在文中写明原因，再填入文中的原句。"
_COPIED = (
    *("place", "kind", "indicator", "name", "unit", "against", "about"),
    *("period", "period_from", "period_to", "as_of", "value", "exact", "printed"),
)
_Key = tuple[str, str, str, int | None, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clash:
    """A figure of a document and the published one that it contradicts."""

    document_id: int
    figure: ReportFigure
    published: PublishedFigure

    @property
    def key(self) -> tuple[int, int]:
        return self.document_id, int(self.published.pk)

    @property
    def says(self) -> str:
        """Both figures with their places and cut-offs."""
        one, other = self.figure, self.published
        about = f"（{one.about_org}）" if one.about_org else ""
        return (
            f"{one.place}“{one.name}”{about}{one.period}为“{one.printed}”（{_cut_off(one)}），"
            f"{other.issued_on:%Y-%m-%d}印发的{other}（{_cut_off(other)}），两处不一致。"
        )[:500]


def publish(document: ReportDoc, by: Actor) -> None:
    """Keep the figures of an issued document for good, and look where others at work differ."""
    printed = figures_in_force([document])
    rows = [
        {
            "org": document.org,
            "document": document,
            "figure": figure,
            "title": document.title,
            "doc_no": document.doc_no,
            "issued_on": document.issued_on,
            **{name: getattr(figure, name) for name in _COPIED},
        }
        for figure in printed
    ]
    must(create_many(PublishedFigure, rows, by=by))
    others = (
        ReportDoc.objects.filter(
            state__in=AT_WORK,
            versions__figures__indicator__in={figure.indicator for figure in printed},
            voided_at=None,
        )
        .exclude(pk=document.pk)
        .distinct()
    )
    note_contradictions(list(others), by)


def note_contradictions(documents: Sequence[ReportDoc], by: Actor) -> None:
    """List what the newest versions of documents print otherwise than was published; settle the rest."""
    clashes = {clash.key: clash for clash in _clashes(documents)}
    listed = {
        (each.document_id, each.published_id): each
        for each in Contradiction.objects.filter(document__in=documents, voided_at=None)
    }
    by_id = {document.pk: document for document in documents}
    fresh = [
        {
            "org": by_id[clash.document_id].org,
            "document": by_id[clash.document_id],
            "figure": clash.figure,
            "published": clash.published,
            "says": clash.says,
        }
        for key, clash in clashes.items()
        if key not in listed
    ]
    again = [
        (listed[key], {"figure": clash.figure, "says": clash.says})
        for key, clash in clashes.items()
        if key in listed and listed[key].figure_id != clash.figure.pk
    ]
    must(create_many(Contradiction, fresh, by=by))
    must(change_many(again, by=by))
    gone = [each for key, each in listed.items() if key not in clashes and each.state != "settled"]
    back = [each for key, each in listed.items() if key in clashes and each.state == "settled"]
    must(perform_many(gone, "settle", by=by))
    must(perform_many(back, "reopen", by=by))


def figures_in_force(documents: Sequence[ReportDoc]) -> list[ReportFigure]:
    """The figures of the newest version of each document, as it tells them (`as_told`).

    An edited file has those that it was made from.
    """
    newest = (
        ReportVersion.objects.filter(document__in=documents, voided_at=None)
        .order_by("document_id", "-n")
        .distinct("document_id")
    )
    sources = [version.based_on_id or version.pk for version in newest]
    found = ReportFigure.objects.filter(version_of__in=sources)
    return as_told(found.select_related("version_of", "about").order_by("id"), documents)


def _clashes(documents: Sequence[ReportDoc]) -> list[_Clash]:
    printed = figures_in_force(documents)
    told = _published_last({figure.indicator for figure in printed}, documents)
    return [
        _Clash(document_id=figure.version_of.document_id, figure=figure, published=published)
        for figure in printed
        if (published := told.get(_key(figure))) is not None and _differ(figure, published)
    ]


def _published_last(
    codes: Iterable[str], documents: Sequence[ReportDoc]
) -> dict[_Key, PublishedFigure]:
    found = PublishedFigure.objects.filter(indicator__in=codes, voided_at=None)
    in_order = found.exclude(document__in=documents).order_by("issued_on", "id")
    return {_key(each): each for each in in_order}


def _key(one: ReportFigure | PublishedFigure) -> _Key:
    return (one.indicator, one.kind, one.against, one.about_id, one.period_from, one.period_to)


def _differ(one: ReportFigure, other: PublishedFigure) -> bool:
    if one.value is None or other.value is None:
        return bool(one.printed != other.printed)
    return not holds(other.printed, _claimed(one)) and not holds(one.printed, _claimed(other))


def _claimed(one: ReportFigure | PublishedFigure) -> Decimal | None:
    """The value that a printed figure claims: its own, or by a leader's exception what is printed."""
    value: Decimal | None = one.value
    if holds(one.printed, value):
        return value
    try:
        return read(one.printed).number
    except DomainError:
        return value


def same_thing(published: PublishedFigure) -> list[PublishedFigure]:
    """Every publication of the same thing, the last one first."""
    found = PublishedFigure.objects.filter(
        indicator=published.indicator,
        kind=published.kind,
        against=published.against,
        about=published.about_id,
        period_from=published.period_from,
        period_to=published.period_to,
        voided_at=None,
    )
    return list(found.order_by("-issued_on", "-id"))


def _cut_off(one: ReportFigure | PublishedFigure) -> str:
    return f"截至{one.as_of}" if one.as_of else "未注明截至时间"


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What became of a published figure: as the ledger tells it for its cut-off, and by now."""

    published: PublishedFigure
    then: Decimal | None
    now: Decimal | None

    @property
    def is_told_again(self) -> bool:
        """Whether the ledger tells the same for that cut-off as when it was printed.

        It tells more where the cut-off is a day and something was recorded later on that day.
        """
        return bool(self.then == self.published.value)

    @property
    def still_holds(self) -> bool:
        """Whether what was printed is true of today's value as well."""
        return holds(self.published.printed, self.now)


def since(published: Sequence[PublishedFigure]) -> list[Since]:
    """Those that the ledger can tell again, with their values; ratios and quotations are left out."""
    then = values_of(published, _told_as_of)
    now = values_of(published, lambda _: None)
    return [
        Since(published=one, then=then[one.pk], now=now[one.pk])
        for one in published
        if one.pk in then
    ]


def _told_as_of(one: PublishedFigure) -> date | datetime:
    """The cut-off of a published figure: its document's, or the day of another basis."""
    cut_off: date | datetime = one.document.cut_off
    day = date.fromisoformat(one.as_of[:10]) if one.as_of else None
    return cut_off if day is None or f"{cut_off:%Y-%m-%d}" == f"{day}" else day


def warn_of_corrections(requests: list[Any], by: Actor) -> None:
    """Whoever answers for a document learns that its figures of a corrected period are no longer true."""
    for request in requests:
        period = request.sealed_set.period
        printed = PublishedFigure.objects.filter(
            period_from__lte=period.end_on, period_to__gte=period.start_on, voided_at=None
        ).order_by("id")
        wrong: dict[ReportDoc, list[Since]] = defaultdict(list)
        for each in since(list(printed.select_related("document"))):
            if not each.still_holds:
                wrong[each.published.document].append(each)
        for document, rows in wrong.items():
            told = "、".join(f"{each.published.name}{each.published.printed}" for each in rows[:3])
            remind(
                "reports.document",
                document.pk,
                f"corrected-{request.pk}",
                document.org_id,
                [Role.DEPT, Role.LEADER],
                f"{period}已更正，《{document}》中有{len(rows)}个数与现时数不符：{told}。"
                "请核对，需要时另行印发更正。",
            )


def settle_of(documents: list[ReportDoc], by: Actor) -> None:
    """A document that was voided contradicts nothing."""
    listed = Contradiction.objects.filter(document__in=documents, voided_at=None)
    must(perform_many(list(listed.exclude(state="settled")), "settle", by=by))


# What guards ask


def check_was_not_issued(document: ReportDoc) -> None:
    """What was published cannot be taken back; it is put right by another document."""
    if document.state in GIVEN_AWAY:
        raise DomainError("已印发的报告不能作废；其中的数有误的，请另行印发更正。")


def check_stands_in_text(contradiction: Contradiction) -> None:
    """The sentence that explains a contradiction is one of the document."""
    if not contradiction.explanation.strip():
        raise DomainError("请填写文中说明的原句。", field="explanation")
    version = newest_version(contradiction.document)
    if not _says_so(contradiction, _text_of(version)):
        raise DomainError(
            f"{version}里没有这句话。请先在文中写明原因（改稿回传），再照抄文中的原句。",
            field="explanation",
        )


def check_tells_what_was_published(document: ReportDoc) -> None:
    """Whatever differs from an issued document is explained in the text that is about to be issued."""
    found = unexplained(document)
    if found:
        told = "\n".join(each.says for each in found)
        raise DomainError(
            f"有{len(found)}处数字与已印发的文件矛盾，文中没有说明：\n{told}\n{TO_DO}"
        )


def unexplained(document: ReportDoc) -> list[Contradiction]:
    """Where a document differs from an issued one and its own text does not say why."""
    listed = Contradiction.objects.filter(document=document, voided_at=None)
    differing = list(listed.exclude(state="settled").order_by("id"))
    if not differing:
        return []
    text = _text_of(newest_version(document))
    return [each for each in differing if each.state == "open" or not _says_so(each, text)]


def _text_of(version: ReportVersion) -> str:
    return _bare("".join(passage.text for passage in passages_of(bytes(version.file.content))))


def _says_so(contradiction: Contradiction, text: str) -> bool:
    sentence = _bare(contradiction.explanation)
    return bool(sentence) and sentence in text


def _bare(text: str) -> str:
    return "".join(text.split())
