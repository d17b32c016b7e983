"""Leaving and correcting persons of a policy in force, singly or by a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import IdType, Person
from gonghui.kernel.persons import known, read_paper, same_name
from gonghui.kernel.registers.batch import Outcome, must
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, change_many, create_many
from gonghui.lines.mutual.models import Coverage, MutualClaim, PolicyChange
from gonghui.lines.mutual.models.change import ChangeKind
from gonghui.lines.mutual.services import coverages


def check(row: PolicyChange) -> None:
    """The person is covered by the union that tells it, on a day of his period."""
    cover = row.coverage
    if cover.org_id != row.org_id:
        raise DomainError(f"该职工由{cover.org}组织参加。", field="coverage")
    if row.state not in ("draft", "pending"):
        return
    if cover.state != "active":
        raise Conflict("该参保明细不在保障中；生效前请直接修改名册。", field="coverage")
    if row.on > clock.today() or not cover.starts_on <= row.on <= cover.ends_on:
        raise DomainError("日期须在保障期内，不能晚于今天。", field="on")


def check_may_go_up(row: PolicyChange) -> None:
    """Another person takes a cover only with papers, and only one whom the version takes."""
    if row.kind != ChangeKind.CORRECT:
        return
    if not attachments_of(row).exists():
        raise DomainError("更正人员须上传身份证件和单位证明。")
    coverages.check_person(row.new_person, row.coverage, row.coverage.policy)


def require_department(row: Any, by: Actor) -> None:
    """Where somebody claimed under the cover, only the department corrects the person."""
    if row.kind != ChangeKind.CORRECT or by.has_role(Role.DEPT, over=row.org_id):
        return
    if MutualClaim.objects.filter(coverage_id=row.coverage_id, voided_at=None).exists():
        raise NotAllowed("该参保明细已有申领，更正人员须由市职工互助保障办事处办理。")


def take_effect(rows: list[Any], by: Actor) -> None:
    """All covers that an employer had for a person who left note that; or a cover has the right person."""
    for row in rows:
        if row.kind == ChangeKind.LEAVE:
            own = Coverage.objects.filter(
                person_id=row.coverage.person_id,
                policy__employer_id=row.coverage.policy.employer_id,
                state="active",
                voided_at=None,
            )
            must(
                change_many([(each, {"left_on": row.on}) for each in own.order_by("pk")], by=SYSTEM)
            )
        else:
            change(row.coverage, by=SYSTEM, person=row.new_person)


def check_unconfirmed(row: Any) -> None:
    """What took effect stays; a wrong correction is corrected again."""
    if row.state not in ("draft", "cancelled"):
        raise Conflict("已上报或确认的变更不能作废。")


def write_leavers(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """Who left, by name and identity number; the same rows again change nothing."""
    require(by, "import", register_of(PolicyChange), org.pk)
    done: dict[int, Outcome] = {}
    covers = _covers(rows, org, done)
    told = _told(covers.values())
    fresh: list[tuple[int, dict[str, Any]]] = []
    for at, cover in covers.items():
        if cover.person_id in told:
            done[at] = Outcome(record=told[cover.person_id])
        else:
            fresh.append((at, _values(rows[at], cover, org)))
    outcomes = create_many(PolicyChange, [values for _, values in fresh], by=by)
    done |= {at: outcome for (at, _), outcome in zip(fresh, outcomes, strict=True)}
    return [done[at] for at in range(len(rows))]


def _values(row: Mapping[str, Any], cover: Coverage, org: Org) -> dict[str, Any]:
    return {
        "org": org,
        "coverage": cover,
        "kind": row["kind"],
        "on": row["on"],
        "reason": row.get("reason") or "",
    }


def _covers(
    rows: Sequence[Mapping[str, Any]], org: Org, done: dict[int, Outcome]
) -> dict[int, Coverage]:
    """The cover in force of each row's person at the union; rows without one are refused."""
    persons: dict[int, Person] = {}
    for at, row in enumerate(rows):
        try:
            persons[at] = _person(row)
        except DomainError as error:
            done[at] = Outcome(error=error)
    with acting(SYSTEM):
        found = {
            cover.person_id: cover
            for cover in Coverage.objects.filter(
                org=org,
                person_id__in=[person.pk for person in persons.values()],
                state="active",
                voided_at=None,
            ).order_by("pk")
        }
    for at, person in persons.items():
        if person.pk not in found:
            text = "本工会没有该职工保障中的参保明细。"
            done[at] = Outcome(error=DomainError(text, field="coverage__person__id_no"))
    return {at: found[person.pk] for at, person in persons.items() if person.pk in found}


def _person(row: Mapping[str, Any]) -> Person:
    if row["kind"] != ChangeKind.LEAVE:
        raise DomainError("表格只登记离职；更正人员请逐人办理并上传证件。", field="kind")
    try:
        paper = read_paper(IdType.RESIDENT, row["coverage__person__id_no"])
    except DomainError as error:
        raise DomainError(error.message, field="coverage__person__id_no") from None
    person = known([paper.key]).get(paper.key)
    if person is None or not same_name(person.name, row["coverage__person__name"]):
        raise DomainError("没有登记这个姓名和身份证号的职工。", field="coverage__person__id_no")
    return person


def _told(covers: Iterable[Coverage]) -> dict[int, PolicyChange]:
    """Of whom it was told already, under whichever cover in force, by person."""
    with acting(SYSTEM):
        rows = PolicyChange.objects.filter(
            coverage__person_id__in=[cover.person_id for cover in covers],
            coverage__state="active",
            kind=ChangeKind.LEAVE,
            voided_at=None,
        ).exclude(state="cancelled")
        rows = rows.select_related("coverage")
        return {row.coverage.person_id: row for row in rows}
