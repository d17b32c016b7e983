"""Numbers of briefs (第N期): by masthead and year, from one on, without gaps.

A number is taken when a document is filled, because it stands in the file, and given back when the
document is drafted again or voided. Nobody issues a number before the ones before it.
"""

from __future__ import annotations

from itertools import count

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, change_many
from gonghui.lines.reports.models import IN_NUMBERS, ReportDoc


def take_issue_number(document: ReportDoc, by: Actor) -> ReportDoc:
    """The document with the smallest free number of its masthead and year; others have none."""
    template = document.template
    if template.doc_type not in IN_NUMBERS:
        return document
    masthead, year = template.masthead or template.title, document.as_of.year
    if (document.masthead, document.issue_year) == (masthead, year) and document.issue_no:
        return document
    taken = set(
        ReportDoc.objects.filter(
            org=document.org, masthead=masthead, issue_year=year, voided_at=None
        ).values_list("issue_no", flat=True)
    )
    free = next(number for number in count(1) if number not in taken)
    return change(document, by=by, masthead=masthead, issue_year=year, issue_no=free)


def give_back_issue_numbers(documents: list[ReportDoc], by: Actor) -> None:
    """Whoever is filled next may have the numbers of documents that are drafted again."""
    held = [document for document in documents if document.issue_no is not None]
    must(change_many([(document, {"issue_no": None}) for document in held], by=by))


def check_earlier_issues_are_out(document: ReportDoc) -> None:
    """Numbers come out in their order."""
    if document.issue_no is None:
        return
    out = set(
        ReportDoc.objects.filter(
            org=document.org,
            masthead=document.masthead,
            issue_year=document.issue_year,
            state__in=("issued", "archived"),
        ).values_list("issue_no", flat=True)
    )
    wanting = [number for number in range(1, document.issue_no) if number not in out]
    if wanting:
        raise DomainError(
            f"《{document.masthead}》第{wanting[0]}期还没有印发，第{document.issue_no}期不能先印发。"
            "请先印发前一期；前一期不再印发的，退回起草或作废，本期退回起草后重新取数即补上期号。"
        )
