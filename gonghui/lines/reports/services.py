"""What others call of the reports: templates, filling, comparing, files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.docx.briefs import brief_template, county_circular_template
from gonghui.kernel.docx.controls import retyped
from gonghui.kernel.docx.half_year_template import half_year_template
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.uses import Rendered
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.registers.permission import by_rule, require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.reports.editing import ACCEPTED, RESTORED, edits_of, note_edits
from gonghui.lines.reports.filling import (
    docx_edition,
    gaps_in,
    latest_version,
    newest_version,
    source_for,
    store,
)
from gonghui.lines.reports.lint import TagNote, lint
from gonghui.lines.reports.models import (
    DocType,
    Edition,
    FigureEdit,
    ReportDoc,
    ReportFigure,
    ReportTemplate,
    ReportVersion,
    VersionKind,
)
from gonghui.lines.reports.publishing import note_contradictions
from gonghui.lines.reports.returned import Finding, FindingKind, best_match, compare
from gonghui.lines.reports.sheet import sheet_of
from gonghui.lines.reports.speaking import speech_edition
from gonghui.lines.reports.standing import standing

NOT_FOUND = "没有找到该记录，可能不在您的范围内。"
CAN_COME_BACK = ("filled", "vouching", "reviewing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A template that comes with the program."""

    key: str
    title: str
    doc_type: DocType
    owner_dept: str
    make: Callable[[], bytes]
    masthead: str = ""
    shown: str = ""


SHIPPED = (
    Shipped(
        key="half-year",
        title="半年工作报告",
        doc_type=DocType.WORK_REPORT,
        owner_dept="办公室",
        make=half_year_template,
    ),
    Shipped(
        key="brief",
        title="工会信息简报",
        doc_type=DocType.BRIEF,
        owner_dept="办公室",
        make=brief_template,
        masthead="工会信息",
    ),
    Shipped(
        key="county-circular",
        title="县区数据通报",
        doc_type=DocType.COUNTY_CIRCULAR,
        owner_dept="办公室",
        make=county_circular_template,
        masthead="工会数据通报",
        shown="新建工会数、发展会员数",
    ),
)


# Templates


@transaction.atomic
def upload_template(
    docx: bytes,
    *,
    title: str,
    doc_type: str,
    org: Org,
    by: Actor,
    owner_dept: str = "",
    masthead: str = "",
    shown: str = "",
    key: str = "",
) -> ReportTemplate:
    """A new template in draft, its tags read; a file that cannot be opened is a DomainError."""
    template = create(
        ReportTemplate,
        by=by,
        org=org,
        title=title,
        doc_type=doc_type,
        owner_dept=owner_dept,
        masthead=masthead,
        shown=shown,
    )
    if key:
        with by_rule():
            template = change(template, by=by, key=key)
    return replace_file(template, docx, by)


@transaction.atomic
def replace_file(template: ReportTemplate, docx: bytes, by: Actor) -> ReportTemplate:
    """Give a draft another file as its next revision, and read its tags anew."""
    _require_may_change(template, by)
    if template.state != "draft":
        raise Conflict("模板已启用，请先办理“修订”再上传新文件。")
    notes = lint(docx, source_for(template.org, clock.today()))
    wrong = [note for note in notes if note.error]
    with by_rule():
        return change(
            template,
            by=by,
            file=store(docx, by),
            revision=template.revision + 1,
            tags=[note.as_json() for note in notes],
            tag_count=len(notes),
            error_count=len(wrong),
            lint=_lint_text(notes),
        )


def ship_templates(by: Actor = SYSTEM) -> list[ReportTemplate]:
    """Make the templates that come with the program, or bring them up to date; safe to repeat."""
    with acting(SYSTEM):
        city = _city()
        return [_ship(shipped, city, by) for shipped in SHIPPED]


def template_of(key: str) -> ReportTemplate:
    """The template of a key, in the scope in force."""
    found = _keyed(key)
    if found is None:
        known = "、".join(shipped.key for shipped in SHIPPED)
        raise DomainError(f"没有模板“{key}”，系统自带的有{known}。", code="unknown_template")
    return found


def file_of_template(template: ReportTemplate) -> tuple[str, bytes]:
    """The name and the bytes of a template's file."""
    if template.file is None:
        raise DomainError("该模板还没有上传文件。", field="file")
    return f"{_file_name(str(template))}.docx", bytes(template.file.content)


# Documents


@transaction.atomic
def generate(
    template: ReportTemplate,
    as_of: date | datetime,
    org: Org,
    *,
    edition: str = Edition.FINAL,
    by: Actor,
    title: str = "",
    meeting: str = "",
    speaker: str = "",
    speak_on: date | None = None,
) -> ReportDoc:
    """A new document of an organisation, filled as known at the end of a day or at a moment."""
    is_moment = isinstance(as_of, datetime)
    document = create(
        ReportDoc,
        by=by,
        org=org,
        template=template,
        title=title or template.title,
        meeting=meeting,
        speaker=speaker,
        speak_on=speak_on,
        as_of=as_of.astimezone(clock.ZONE).date() if isinstance(as_of, datetime) else as_of,
        as_of_at=as_of if is_moment else None,
        edition=edition,
    )
    return perform(document, "fill", by=by)


def fill(document: ReportDoc, by: Actor) -> ReportVersion:
    """Fill a document anew; its newest version."""
    perform(document, "fill", by=by)
    return newest_version(document)


def check_returned(document: ReportDoc, docx: bytes) -> list[Finding]:
    """Where the figures of an edited file differ from those that were printed into it.

    Numbers that the file has besides them follow as remarks (`Finding.is_error` is false).
    """
    version = _version_behind(document, docx)
    with acting(SYSTEM):
        printed = list(ReportFigure.objects.filter(version_of=version).order_by("id"))
    return compare(printed, bytes(version.file.content), docx)


@transaction.atomic
def take_back(document: ReportDoc, docx: bytes, by: Actor) -> tuple[ReportVersion, list[Finding]]:
    """Keep an edited file as the next version; figures that were changed or are gone count as its errors.

    The findings are those that still have to be dealt with.
    """
    _require_may_change(document, by)
    if document.state not in CAN_COME_BACK:
        raise Conflict("只有已取数、认数或核稿中的报告可以回传改稿。")
    findings = check_returned(document, docx)
    errors = [each for each in findings if each.is_error and each.kind is not FindingKind.EDITED]
    behind = _version_behind(document, docx)
    gaps = gaps_in(docx)
    with by_rule(), acting(SYSTEM):
        version = create(
            ReportVersion,
            by=by,
            org=document.org,
            document=document,
            n=newest_version(document).n + 1,
            kind=VersionKind.RETURNED,
            edition=behind.edition,
            as_of=behind.as_of,
            file=store(docx, by),
            based_on=behind,
            figure_count=behind.figure_count,
            missing_count=len(gaps),
            error_count=len(errors),
            missing="\n".join(gaps),
            errors="\n".join(str(finding) for finding in errors),
            facts=behind.facts,
        )
        note_edits(version, findings, by)
        note_contradictions([document], by)
        accepted = {
            (edit.figure.tag_id, edit.found)
            for edit in edits_of([document])
            if edit.state in ACCEPTED
        }
    return newest_version(document), [
        each for each in findings if (each.tag_id, each.found) not in accepted
    ]


def restore(edit: FigureEdit, by: Actor) -> ReportVersion:
    """The next version of an edited file, with the system's text back in the place of a typed number."""
    version = newest_version(edit.document)
    with acting(SYSTEM):
        docx, figure = bytes(version.file.content), edit.figure
        original = bytes(version.based_on.file.content) if version.based_on else None
        there = next(iter(standing(docx, [figure], original)), None)
    if edit.state == RESTORED or there is None:
        raise Conflict(f"{version}里找不到这处改动，请打开文件核对后重新回传。")
    docx = retyped(docx, there.passage, there.start, there.end, figure.printed)
    return take_back(edit.document, docx, by)[0]


def file_of(version: ReportVersion) -> tuple[str, bytes]:
    """The name and the bytes of a version's file."""
    name = _file_name(f"{version.document}_第{version.n}稿_{Edition(version.edition).label}")
    return f"{name}.docx", bytes(version.file.content)


def sheet_file_of(version: ReportVersion) -> tuple[str, bytes]:
    """The name and the bytes of a version's check sheet."""
    name = _file_name(f"{version.document}_第{version.n}稿_校核表")
    return f"{name}.docx", sheet_of(version)


def sources_name_of(version: ReportVersion) -> str:
    """The name of a version's list of sources; `listing` writes it."""
    return f"{_file_name(f'{version.document}_第{version.n}稿_数据来源一览表')}.xlsx"


def speech_file_of(version: ReportVersion) -> tuple[str, bytes]:
    """The name and the bytes of a version's speech edition."""
    name = _file_name(f"{version.document}_第{version.n}稿_发言版")
    return f"{name}.docx", speech_edition(version)


def write_report(
    template_key: str,
    as_of: date | datetime,
    out_path: Path,
    edition: str = Edition.FINAL,
    *,
    title: str = "",
    meeting: str = "",
    speaker: str = "",
    speak_on: date | None = None,
) -> Rendered:
    """Write the city's report to a file without keeping a document; for the command line.

    The result tells what is missing and wrong; the file is written all the same.
    """
    with acting(SYSTEM):
        if _keyed(template_key) is None:
            ship_templates()
        template = template_of(template_key)
        source = source_for(
            _city(),
            as_of,
            title=title or template.title,
            meeting=meeting,
            speaker=speaker,
            speak_on=speak_on,
        )
        day = as_of.astimezone(clock.ZONE).date() if isinstance(as_of, datetime) else as_of
        rendered = render(
            file_of_template(template)[1], source, edition=docx_edition(edition), as_of=day
        )
    out_path.write_bytes(rendered.docx)
    return rendered


def _require_may_change(record: ReportTemplate | ReportDoc, by: Actor) -> None:
    with acting(by):
        if not type(record).objects.filter(pk=record.pk, voided_at=None).exists():
            raise DomainError(NOT_FOUND, code="not_found")
    require(by, "change", register_of(record), record.org_id)


def _lint_text(notes: list[TagNote]) -> str:
    """What the author must know: the errors first, then what is not there yet."""
    wrong = [str(note) for note in notes if note.error]
    absent = [str(note) for note in notes if note.missing]
    return "\n".join([*wrong, *absent]) or f"共{len(notes)}个标签，均可用。"


def _ship(shipped: Shipped, city: Org, by: Actor) -> ReportTemplate:
    docx = shipped.make()
    template = _keyed(shipped.key)
    if template is None:
        template = upload_template(
            docx,
            title=shipped.title,
            doc_type=shipped.doc_type,
            owner_dept=shipped.owner_dept,
            masthead=_masthead(shipped, city),
            shown=shipped.shown,
            key=shipped.key,
            org=city,
            by=by,
        )
        return perform(template, "enable", by=by)
    if template.state != "ready" or _is_same(bytes(template.file.content), docx):
        return template  # a draft or retired one is in the hands of the office
    draft = perform(template, "revise", by=by)
    if shipped.shown and not draft.shown:
        draft = change(draft, by=by, shown=shipped.shown)
    return perform(replace_file(draft, docx, by), "enable", by=by)


def _masthead(shipped: Shipped, city: Org) -> str:
    """The city's name before what the paper is called: 平顶山工会信息."""
    place = str(city.name).removesuffix("总工会").removesuffix("市")
    return f"{place}{shipped.masthead}" if shipped.masthead else ""


def _is_same(one: bytes, other: bytes) -> bool:
    """Whether two files have the same parts, whenever they were packed."""
    return open_docx(one).files == open_docx(other).files


def _city() -> Org:
    found: Org | None = Org.objects.filter(level=OrgLevel.CITY).first()
    if found is None:
        raise DomainError("还没有登记市总工会，请先装入组织数据。", code="no_city")
    return found


def _keyed(key: str) -> ReportTemplate | None:
    found: ReportTemplate | None = ReportTemplate.objects.filter(key=key, voided_at=None).first()
    return found


def _version_behind(document: ReportDoc, docx: bytes) -> ReportVersion:
    """The version whose figures a file carries; the newest that has its own if it carries none."""
    with acting(SYSTEM):
        versions: dict[int, ReportVersion] = {
            version.pk: version
            for version in ReportVersion.objects.filter(
                document=document, based_on=None, voided_at=None
            ).order_by("-n")
        }
        tags: dict[int, set[str]] = {key: set() for key in versions}
        pairs = ReportFigure.objects.filter(version_of__in=versions)
        for key, tag_id in pairs.values_list("version_of_id", "tag_id"):
            tags[key].add(tag_id)
    if not versions:
        raise DomainError("报告还没有取数，无从核对，请先取数。")
    key = best_match(list(tags.items()), docx)
    return versions[key] if key is not None else next(iter(versions.values()))


def _file_name(text: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "", text)[:80]


__all__ = [
    "SHIPPED",
    "Finding",
    "FindingKind",
    "check_returned",
    "file_of",
    "file_of_template",
    "fill",
    "generate",
    "latest_version",
    "replace_file",
    "restore",
    "sheet_file_of",
    "ship_templates",
    "sources_name_of",
    "speech_file_of",
    "take_back",
    "template_of",
    "upload_template",
    "write_report",
]
