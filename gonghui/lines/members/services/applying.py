"""Applications to join, from the first check to the membership."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.persons import Paper, find_or_create, known, other_name, read_paper, same_name
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.members.models import Membership, MembershipApplication
from gonghui.lines.members.services import standing
from gonghui.lines.members.services.admissions import pasts_of, refusal

_OF_THE_PERSON = ("name", "phone", "hukou_kind")
_OF_THE_MEMBERSHIP = (
    "employ_kind",
    "employer",
    "user_employer",
    "is_migrant",
    "newform_group",
    "job_title",
)


def settle_new(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Read the papers; refuse those who are members already, with the offer that fits."""
    errors: dict[int, DomainError] = {}
    papers: dict[int, Paper] = {}
    min_age = number_of("members.min_age")
    for index, row in rows.items():
        try:
            papers[index] = read_paper(row.id_type, row.id_no)
        except DomainError as error:
            errors[index] = error
            continue
        row.id_no = papers[index].number
        row.state = "applied" if row.target_org_id else "pooled"
        born_on = papers[index].born_on
        if born_on and row.applied_on and row.applied_on < add_months(born_on, 12 * min_age):
            errors[index] = DomainError(f"申请时未满{min_age}周岁，不能入会。", field="id_no")
    people = known([paper.key for paper in papers.values()])
    pasts = pasts_of(person.pk for person in people.values())
    for index, paper in papers.items():
        person = people.get(paper.key)
        if person is None or index in errors:
            continue
        if not same_name(person.name, rows[index].name):
            errors[index] = other_name(person.name)
            continue
        refused = refusal(pasts.get(person.pk, []), rows[index].target_org_id or 0)
        if refused is not None:
            errors[index] = refused
    return errors


def derive(row: MembershipApplication) -> None:
    """An application lies with the union that it is for."""
    if row.target_org_id:
        row.org_id = row.target_org_id


def check_days(row: MembershipApplication) -> None:
    """Nobody applies or decides in the future, nor decides before the application."""
    if row.applied_on > clock.today():
        raise DomainError(f"申请日期{row.applied_on}晚于今天，请核对。", field="applied_on")
    if row.decided_on is None:
        return
    if row.decided_on > clock.today() or row.decided_on < row.applied_on:
        raise DomainError(
            f"审核日期{row.decided_on}应在申请日期{row.applied_on}与今天之间。", field="decided_on"
        )


def check_not_admitted(row: MembershipApplication) -> None:
    """Who was admitted is a member: the application stays as the ground for it."""
    if row.state == "approved":
        raise DomainError("申请已通过并生成会籍，不能作废；会籍有误的，请作废会籍。")


def admit_applicants(rows: list[MembershipApplication], by: Actor) -> None:
    """Record the persons of approved applications and let them in on the day of the decision."""
    prefetch_related_objects(rows, "target_org", "employer", "user_employer")
    for union, group in standing.grouped(rows, lambda row: row.target_org).items():
        papers = [read_paper(row.id_type, sealing.opened(row, "id_no")) for row in group]
        given = [{name: getattr(row, name) for name in _OF_THE_PERSON} for row in group]
        persons = find_or_create(given, papers, union, by)
        values = []
        for row, person in zip(group, persons, strict=True):
            if isinstance(person, DomainError):
                raise person
            copied = {name: getattr(row, name) for name in _OF_THE_MEMBERSHIP}
            values.append({**copied, "org": union, "person": person, "joined_on": row.decided_on})
        made = must(create_many(Membership, values, by=by))
        pairs = [(row, {"membership": m}) for row, m in zip(group, made, strict=True)]
        must(change_many(pairs, by=by))
