"""The final check (终核): everything that is wrong with a document, told as one list.

What a file shows by itself was judged when the version was made (`judging`); here it meets what may
change from day to day: gaps, departments, published figures, checks of the statistics.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.ledger import contradictions
from gonghui.kernel.registers.write import change
from gonghui.lines.reports import publishing, vouching
from gonghui.lines.reports.filling import OFFICE, latest_version, newest_version
from gonghui.lines.reports.models import Edition, ReportDoc, ReportFigure, ReportVersion
from gonghui.lines.reports.numbering import check_earlier_issues_are_out
from gonghui.lines.reports.problems import WHOLE, Problem, problems_from

_LISTED = 30
_PLACE = re.compile(r"^(?:(?:文本框|页眉|页脚|脚注|尾注)?第\d+段)[：\s]*")
FILL_AGAIN = "请改正后重新取数，或在文中改好后回传。"


def problems_of(document: ReportDoc) -> list[Problem]:
    """What stands against a document, errors first; nothing for one that was never filled."""
    with acting(SYSTEM):
        version = latest_version(document)
        if version is None:
            return []
        found = [
            *_version(version),
            *_vouching(document),
            *_published(document),
            *_checks(document),
            *problems_from(version.remarks),
        ]
    return sorted(found, key=lambda each: not each.is_error)


def _version(version: ReportVersion) -> Iterator[Problem]:
    if version.edition != Edition.FINAL:
        yield Problem(
            place=WHOLE,
            rule="版式",
            says=f"{version}带脚注和校核表，不是正式版。",
            remedy="请退回起草，改按正式版取数。",
        )
    for rule, lines in (("待补", version.missing), ("真实", version.errors)):
        for line in lines.splitlines():
            place = _PLACE.match(line)
            yield Problem(
                place=place[0].rstrip("： ") if place else "",
                rule=rule,
                says=line[place.end() :] if place else line,
                remedy="" if "请" in line else FILL_AGAIN,
            )


def _vouching(document: ReportDoc) -> Iterator[Problem]:
    for figure in vouching.wanting(document):
        yield Problem(
            place=figure.place,
            rule="认数",
            says=f"“{figure.name}”{figure.printed}还没有由{figure.owner}认可。",
            remedy="请送部室认数；已经送核的，先退回起草。",
        )


def _published(document: ReportDoc) -> Iterator[Problem]:
    for each in publishing.unexplained(document):
        yield Problem(place="", rule="C10", says=each.says, remedy=publishing.TO_DO)


def _checks(document: ReportDoc) -> Iterator[Problem]:
    """Open errors of the cross-checks on the unions and days whose figures the document prints."""
    windows: dict[tuple[int | None, object, object], dict[str, ReportFigure]] = {}
    for figure in publishing.figures_in_force([document]):
        window = (figure.about_id, figure.period_from, figure.period_to)
        windows.setdefault(window, {})[figure.indicator] = figure
    for error in contradictions.open_errors({org_id for org_id, _, _ in windows if org_id}):
        printed = windows.get((error.org_id, error.period.start, error.period.end), {})
        for code in sorted(error.codes & printed.keys())[:1]:
            figure = printed[code]
            yield Problem(
                place=figure.place,
                rule=error.rule,
                says=f"“{figure.name}”{figure.printed}的校验没有通过：{error.says}。",
                remedy="请先更正台账或在“校验结果”中说明。",
            )


# What the workflow asks


def check_is_office(document: ReportDoc, actor: Actor) -> None:
    """The office has the last look, whichever department wrote the document."""
    if actor.department != OFFICE:
        raise NotAllowed(f"终核由{OFFICE}办理。")


def check_has_no_errors(document: ReportDoc) -> None:
    """Nothing is wrong with the document; hints do not stop it."""
    newest_version(document)
    errors = [problem for problem in problems_of(document) if problem.is_error]
    if errors:
        told = "\n".join(f"{n}. {each}" for n, each in enumerate(errors[:_LISTED], 1))
        more = f"\n另有{len(errors) - _LISTED}处，见报告页。" if len(errors) > _LISTED else ""
        raise DomainError(f"终核还有{len(errors)}处错误：\n{told}{more}")


def note_signed(document: ReportDoc, by: Actor) -> None:
    """The hash of the signed file stands in the document from now on."""
    change(document, by=by, signed_hash=hash_of(newest_version(document)))


def forget_signature(documents: list[ReportDoc], by: Actor) -> None:
    """A document that is drafted again is signed anew, under a new day."""
    for document in documents:
        if document.signed_hash or document.signed_on:
            change(document, by=by, signed_hash="", signed_on=None)


def hash_of(version: ReportVersion) -> str:
    """The hash of a version's file as it is kept now."""
    return hashlib.sha256(bytes(version.file.content)).hexdigest()


def check_is_what_was_signed(document: ReportDoc) -> None:
    """The file that goes out, or to the archive, is the one that the leader signed."""
    version = newest_version(document)
    if hash_of(version) != document.signed_hash:
        raise Conflict(
            f"{version}的文件与签发时不一致，不能办理。请退回起草，重新终核、签发，"
            "并请系统管理员查明文件何时被改动。"
        )


def check_may_be_issued(document: ReportDoc) -> None:
    """It is what was signed, in its turn, and nothing was published meanwhile that tells otherwise."""
    check_is_what_was_signed(document)
    check_earlier_issues_are_out(document)
    publishing.check_tells_what_was_published(document)


def check_is_signed_file(document: ReportDoc, docx: bytes) -> None:
    """A file from outside is the signed one, bit by bit; a later one is refused."""
    if not document.signed_hash:
        raise Conflict("报告还没有签发，没有签发稿可以核对。")
    found = hashlib.sha256(docx).hexdigest()
    if found != document.signed_hash:
        raise DomainError(
            f"这份文件与签发稿不符，不能印发、归档（签发稿校验码{document.signed_hash[:12]}，"
            f"本文件{found[:12]}）。请从“稿次”下载签发稿；确需修改的，退回起草后重新签发。",
            field="file",
        )
