"""Numbers edited by hand: found in a returned file, and settled in one of three ways.

The system's text comes back, another basis is cited whose value the ledger tells, or a leader makes
an exception. The figure itself never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.saying import exact_in
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, change_many, create_many, perform_many
from gonghui.lines.reports.filling import latest_version, newest_version
from gonghui.lines.reports.judging import judge
from gonghui.lines.reports.models import (
    FigureEdit,
    ReportDoc,
    ReportFigure,
    ReportVersion,
    Truth,
)
from gonghui.lines.reports.phrases import holds
from gonghui.lines.reports.returned import Finding, FindingKind

OPEN, RESTORED, EXCEPTED, RECITED = "open", "restored", "excepted", "recited"
ACCEPTED = (EXCEPTED, RECITED)
# States of documents whose numbers may still be settled; after the final check they stand.
UNSETTLED = ("filled", "vouching", "reviewing")

# Listing


def note_edits(version: ReportVersion, findings: Sequence[Finding], by: Actor) -> None:
    """List what a new version prints otherwise than the system; what it prints no more is restored."""
    document = version.document
    tags = [finding.tag_id for finding in findings if finding.kind is FindingKind.EDITED]
    by_tag = {each.tag_id: each for each in ReportFigure.objects.filter(tag_id__in=tags)}
    now = {
        (by_tag[finding.tag_id].pk, finding.found): finding
        for finding in findings
        if finding.tag_id in by_tag
    }
    listed = {(each.figure_id, each.found): each for each in edits_of([document])}
    fresh = [
        {
            "org": document.org,
            "document": document,
            "figure": by_tag[finding.tag_id],
            "version_of": version,
            "place": finding.place,
            "found": finding.found,
            "says": str(finding)[:500],
        }
        for key, finding in now.items()
        if key not in listed
    ]
    must(create_many(FigureEdit, fresh, by=by))
    again = [
        (listed[key], {"version_of": version, "place": finding.place, "says": str(finding)[:500]})
        for key, finding in now.items()
        if key in listed
    ]
    must(change_many(again, by=by))
    gone = [each for key, each in listed.items() if key not in now and each.state != RESTORED]
    back = [each for key, each in listed.items() if key in now and each.state == RESTORED]
    must(perform_many(gone, "restore", by=by))
    must(perform_many(back, "reopen", by=by))
    follow_edits([document], by)
    if version.based_on is not None:
        judge_again(version, by)


def edits_of(documents: Sequence[ReportDoc]) -> list[FigureEdit]:
    """Every edit that was ever found in documents, in the order of its finding."""
    found = FigureEdit.objects.filter(document__in=documents, voided_at=None)
    return list(found.select_related("figure", "document", "version_of").order_by("id"))


def follow_edits(documents: Sequence[ReportDoc], by: Actor) -> None:
    """The truth of the figures and the errors of the newest version are as the edits stand."""
    for document in documents:
        version = latest_version(document)
        edits = edits_of([document])
        if version is None or not edits:
            continue
        excepted = {edit.figure_id for edit in edits if edit.state == EXCEPTED}
        figures_by_key = {edit.figure_id: edit.figure for edit in edits}
        wanted = [
            (figure, {"truth": _truth(figure, is_edited=key in excepted)})
            for key, figure in figures_by_key.items()
        ]
        must(change_many([pair for pair in wanted if pair[0].truth != pair[1]["truth"]], by=by))
        known = {edit.says for edit in edits}
        lines = [line for line in version.errors.splitlines() if line not in known]
        lines += [
            edit.says for edit in edits if edit.state == OPEN and edit.version_of_id == version.pk
        ]
        if lines != version.errors.splitlines():
            change(version, by=by, errors="\n".join(lines), error_count=len(lines))


def judge_again(version: ReportVersion, by: Actor) -> None:
    """What a file shows by itself, its figures as they are told now."""
    document, behind = version.document, version.based_on or version
    figures = as_told(ReportFigure.objects.filter(version_of=behind).order_by("id"), [document])
    found = judge(bytes(version.file.content), figures, document, bytes(behind.file.content))
    change(version, by=by, remarks=[problem.as_json() for problem in found])


def _truth(figure: ReportFigure, *, is_edited: bool) -> str:
    if is_edited:
        return Truth.EDITED.value
    untrue = figure.printed.startswith("【不成立")
    return Truth.UNTRUE.value if untrue else Truth.TRUE.value


def as_told(printed: Iterable[ReportFigure], documents: Sequence[ReportDoc]) -> list[ReportFigure]:
    """Figures as the documents tell them now, with what was typed and accepted; not to be saved."""
    told = list(printed)
    accepted = {edit.figure_id: edit for edit in edits_of(documents) if edit.state in ACCEPTED}
    for figure in told:
        edit = accepted.get(figure.pk)
        if edit is None:
            continue
        figure.printed = edit.found
        if edit.state == RECITED:
            period = Period(edit.cited_from, edit.cited_to)
            figure.period, figure.as_of = period.label(), f"{edit.cited_as_of:%Y-%m-%d}"
            figure.period_from, figure.period_to = period.start, period.end
            figure.value, figure.exact = edit.cited_value, edit.cited_exact
    return told


# Another basis


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBasis:
    """Days and a cut-off for which the ledger tells the typed number."""

    period: Period
    as_of: date
    value: Decimal


def other_bases(edit: FigureEdit) -> list[OtherBasis]:
    """The usual periods of the year up to the cut-off, known then or today, that bear a typed number out."""
    figure = edit.figure
    if figure.kind != "数" or figure.about_id is None or not _is_known(figure.indicator):
        return []
    cut_off, today = edit.document.as_of, clock.today()
    found = []
    for period in dict.fromkeys(_usual_periods(figure, cut_off)):
        for as_of in dict.fromkeys((cut_off, today)):
            value = _told(figure, period, as_of)
            if value is not None and holds(edit.found, value):
                found.append(OtherBasis(period=period, as_of=as_of, value=value))
                break
    return found


def _usual_periods(figure: ReportFigure, cut_off: date) -> Iterator[Period]:
    year = Period.year(cut_off.year)
    yield Period.year_to_date(cut_off)
    months = [month for month in year.months() if month.end <= cut_off]
    if catalogue.behind_alias(figure.indicator).is_stock:
        yield from (Period(month.end, month.end) for month in months)
        return
    yield Period(figure.period_from, figure.period_to)
    yield from (Period(year.start, month.end) for month in reversed(months))
    yield from reversed(months)
    yield Period.year(cut_off.year - 1)


def _is_known(code: str) -> bool:
    return code in {each.code for each in catalogue.all_indicators()}


def _exact(figure: ReportFigure, value: Decimal | None) -> str:
    return "没有数据" if value is None else exact_in(value, figure.unit)


def _told(figure: ReportFigure, period: Period, as_of: date) -> Decimal | None:
    org = figure.about_id
    if org is None:
        return None
    return figures([figure.indicator], [org], period, as_of)[figure.indicator, org].value


# What the workflow asks


def check_did_not_type(edit: FigureEdit, actor: Actor) -> None:
    """Whoever uploaded the file does not answer for what was changed in it."""
    if actor.user_id in (edit.created_by, edit.version_of.created_by):
        raise NotAllowed("改稿是您回传的，例外须由其他领导决定。")


def check_is_at_work(edit: FigureEdit) -> None:
    """Once a document has been through the final check its numbers are settled."""
    if edit.document.state not in UNSETTLED:
        raise Conflict("报告已终核，人工改动不能再处理；确需处理的，先退回起草。")


def check_may_revoke(edit: FigureEdit, actor: Actor) -> None:
    """A leader's exception is taken back by a leader, another basis by the figure's department."""
    if edit.state == RECITED:
        check_is_own_figure(edit, actor)
    elif not actor.has_role(Role.LEADER, over=edit.org_id):
        raise NotAllowed("领导的例外须由领导撤销。")


def check_can_be_excepted(edit: FigureEdit) -> None:
    """An exception has a reason."""
    check_is_at_work(edit)
    if not edit.ground.strip():
        raise DomainError("请填写例外理由，校核表里要照印。", field="ground")


def check_is_own_figure(edit: FigureEdit, actor: Actor) -> None:
    """The department that answers for a figure says on which other basis it is quoted."""
    if actor.department != edit.figure.owner:
        raise NotAllowed(f"该数由{edit.figure.owner}归口，改引其他口径须由该部室办理。")


def check_ledger_tells_it(edit: FigureEdit) -> None:
    """The ledger tells the typed number for the cited days and cut-off."""
    check_is_at_work(edit)
    figure = edit.figure
    if figure.kind != "数" or figure.about_id is None or not _is_known(figure.indicator):
        raise DomainError("这个数不是直接从台账取的，不能改引，请恢复系统数或由领导注明理由。")
    if edit.cited_to is None or edit.cited_as_of is None:
        raise DomainError("请填写改引的期间和截至日期。", field="cited_to")
    if edit.cited_as_of > clock.today():
        raise DomainError("截至日期不能晚于今天。", field="cited_as_of")
    is_stock = catalogue.behind_alias(figure.indicator).is_stock
    if edit.cited_from is None and not is_stock:
        raise DomainError("请填写改引期间的起日。", field="cited_from")
    period = _cited(edit)
    value = _told(figure, period, edit.cited_as_of)
    if not holds(edit.found, value):
        raise DomainError(
            f"“{figure.name}”{period.label()}（截至{edit.cited_as_of:%Y-%m-%d}）"
            f"是{_exact(figure, value)}，与“{edit.found}”不符，不能改引。",
            field="cited_to",
        )


def _cited(edit: FigureEdit) -> Period:
    is_stock = catalogue.behind_alias(edit.figure.indicator).is_stock
    return Period(edit.cited_to if is_stock else edit.cited_from, edit.cited_to)


def note_basis(edits: list[FigureEdit], by: Actor) -> None:
    """What the ledger told for the cited basis is kept."""
    changes = []
    for edit in edits:
        period = _cited(edit)
        value = _told(edit.figure, period, edit.cited_as_of)
        cited = {"cited_value": value, "cited_exact": _exact(edit.figure, value)}
        changes.append((edit, {"cited_from": period.start, **cited}))
    must(change_many(changes, by=by))
    note_decision(edits, by)
    for edit in edits:
        judge_again(newest_version(edit.document), by)


def note_decision(edits: list[FigureEdit], by: Actor) -> None:
    """Who decided and when; then figures and version follow."""
    said = {"decided_by": by.name, "decided_at": clock.now()}
    must(change_many([(edit, said) for edit in edits], by=by))
    follow_edits(_documents(edits), by)


def note_revoked(edits: list[FigureEdit], by: Actor) -> None:
    """A decision that was taken back leaves nothing behind."""
    nothing = {
        "decided_by": "",
        "decided_at": None,
        "ground": "",
        "cited_from": None,
        "cited_to": None,
        "cited_as_of": None,
        "cited_value": None,
        "cited_exact": "",
    }
    must(change_many([(edit, nothing) for edit in edits], by=by))
    follow_edits(_documents(edits), by)
    for document in _documents(edits):
        judge_again(newest_version(document), by)


def _documents(edits: Iterable[FigureEdit]) -> list[ReportDoc]:
    return list({edit.document_id: edit.document for edit in edits}.values())
