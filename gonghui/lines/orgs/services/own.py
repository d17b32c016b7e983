"""The rules of the kernel's records that this line keeps: organisations, employers, headcounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from gonghui.base import clock, pinyin
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.identity import parse_uscc
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Division, Org, OrgLevel, OrgState
from gonghui.kernel.orgs.services import Placement, place_many
from gonghui.kernel.people.models import Employer, EmployerHeadcount, EmployerType
from gonghui.kernel.records import numbering
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.lines.orgs.models import CensusUnit, OrgCoverage

PRIVATE_TYPES = frozenset(
    {
        EmployerType.PRIVATE,
        EmployerType.HMT,
        EmployerType.FOREIGN,
        EmployerType.SELF_EMPLOYED,
        EmployerType.COOPERATIVE,
    }
)
INSIDE_A_UNION = frozenset({OrgLevel.BRANCH, OrgLevel.GROUP})
FIXED = (
    "level",
    "kind",
    "superior",
    "established_on",
    "dissolved_on",
    "approval_doc_no",
    "uscc",
)
_CODES = "组织代码"


def prepare_orgs(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """New organisations get their code and state; a basic union comes only from a formation or an entry."""
    errors: dict[int, DomainError] = {}
    for index, org in rows.items():
        try:
            _check_new(org, by)
        except DomainError as error:
            errors[index] = error
    good = [org for index, org in rows.items() if index not in errors]
    _give_codes([org for org in good if not org.code])
    for org in good:
        org.state = org.state or OrgState.LIVE
        if org.state == OrgState.LIVE and org.established_on is None:
            org.established_on = clock.today()
    return errors


def _check_new(org: Any, by: Actor) -> None:
    if org.superior_id is None and org.level != OrgLevel.CITY:
        raise DomainError("请选择上级工会。", field="superior")
    # Only rules set a state; whoever fills in a form leaves it empty.
    if org.state or by.is_system:
        return
    if org.level == OrgLevel.BASIC:
        raise DomainError("基层工会由“建会事项”批复或“工会建档”产生，不能直接登记。", field="level")
    if org.level not in INSIDE_A_UNION and not by.has_role(
        Role.COUNTY, Role.DEPT, over=org.superior_id
    ):
        raise NotAllowed("分会、小组以外的工会由县（市、区）总工会或市总部室登记。")


def _give_codes(orgs: list[Any]) -> None:
    roots = [org for org in orgs if org.superior_id is None]
    for org in roots:
        org.code = "G0000000"
    below = [org for org in orgs if org.superior_id is not None]
    if not below:
        return
    # One endless series for the city, kept at its root: year 0 never ends.
    slot = (below[0].superior.chain[0], _CODES, 0)
    taken = numbering.take([slot] * len(below))
    for org in below:
        org.code = f"G{next(taken[slot]):07d}"


def derive_org(org: Any) -> None:
    """What lists sort and search by."""
    org.sort_key = pinyin.sort_key(org.name, person=False)[:400]
    org.initials = pinyin.initials(org.name, person=False)[:120]


def check_org(org: Any) -> None:
    """A union's own credit code begins with 81 or 89."""
    if org.uscc:
        org.uscc = parse_uscc(org.uscc, union=True)


def check_fixed(rows: list[Any]) -> dict[int, DomainError]:
    """What approvals and changes decide cannot be edited by hand."""
    if is_by_rule():
        return {}
    stored = Org.objects.in_bulk([org.pk for org in rows if org.pk is not None])
    errors: dict[int, DomainError] = {}
    for index, org in enumerate(rows):
        before = stored.get(org.pk)
        if before is None:
            continue
        fixed = FIXED if org.level in INSIDE_A_UNION else (*FIXED, "name")
        for name in fixed:
            field = org._meta.get_field(name)
            if getattr(org, field.attname) != getattr(before, field.attname):
                errors[index] = DomainError(
                    f"{field.verbose_name}不能直接修改，请办理“建会事项”或“组织变更”。", field=name
                )
                break
    return errors


def follow_orgs(orgs: list[Any], created: bool, by: Actor) -> None:
    """New organisations are placed in the tree from the day they were established."""
    if not created:
        return
    today = clock.today()
    place_many(
        [
            Placement(
                org=org,
                superior=org.superior,
                on=org.established_on or today,
                basis_doc=org.approval_doc_no or "筹备",
            )
            for org in orgs
        ]
    )


def derive_employer(employer: Any) -> None:
    """Tidy the codes, and what lists sort and search by."""
    employer.uscc = parse_uscc(employer.uscc, union=False) if employer.uscc else None
    if employer.type in PRIVATE_TYPES:
        employer.is_private = True
    employer.sort_key = pinyin.sort_key(employer.name, person=False)[:400]
    employer.initials = pinyin.initials(employer.name, person=False)[:120]


def check_employer(employer: Any) -> None:
    """It has one of the two codes and ends after it began."""
    if not employer.uscc and not employer.legacy_code:
        raise DomainError(
            "请填写统一社会信用代码；2015年10月前的单位可填组织机构代码。", field="uscc"
        )
    if employer.opened_on and employer.closed_on and employer.closed_on < employer.opened_on:
        raise DomainError("注销日期不能早于成立日期。", field="closed_on")


def derive_headcount(headcount: Any) -> None:
    """A headcount belongs to the union of its employer."""
    headcount.org_id = headcount.employer.org_id


def check_headcount(headcount: Any) -> None:
    """Nobody knows a headcount of tomorrow."""
    if headcount.as_of > clock.today():
        raise DomainError("统计日期不能晚于今天。", field="as_of")


def newest_headcounts(employer_ids: Iterable[int]) -> dict[int, Any]:
    """The newest headcount of each employer that has one."""
    rows = (
        EmployerHeadcount.objects.filter(employer_id__in=set(employer_ids), voided_at=None)
        .order_by("employer_id", "-as_of")
        .distinct("employer_id")
    )
    return {row.employer_id: row for row in rows}


def follow_headcounts(headcounts: list[Any], created: bool, by: Actor) -> None:
    """Coverage of whole employers and open census units copy the newest headcount."""
    newest = newest_headcounts(row.employer_id for row in headcounts)
    covering = OrgCoverage.objects.filter(
        employer_id__in=newest, site="", valid_to=None, voided_at=None
    )
    must(write.change_many(list(_differing(covering, newest)), by=by))
    units = CensusUnit.objects.filter(
        employer_id__in=newest, delisted_on=None, voided_at=None
    ).exclude(state="cancelled")
    must(write.change_many(list(_differing(units, newest)), by=by))


def follow_voided_headcounts(headcounts: list[Any], by: Actor) -> None:
    """The copies go back to the newest headcount that is left, if there is one."""
    follow_headcounts(headcounts, created=False, by=by)


def _differing(rows: Iterable[Any], newest: dict[int, Any]) -> Iterator[tuple[Any, dict[str, int]]]:
    for row in rows:
        employees = newest[row.employer_id].employees
        if row.employees != employees:
            yield row, {"employees": employees}


def employers_at_home(employers: list[Employer], fallback: Org, by: Actor) -> None:
    """Employers that lost their union become rows of the county union of their division again."""
    divisions = Division.objects.in_bulk({e.division_id for e in employers if e.division_id})
    counties = Org.objects.filter(level=OrgLevel.COUNTY, division__isnull=False)
    by_code = {org.division.code[:6]: org for org in counties.select_related("division")}
    pairs = []
    for employer in employers:
        division = divisions.get(employer.division_id or 0)
        home = by_code.get(division.code[:6], fallback) if division else fallback
        pairs.append((employer, {"org": home}))
    must(write.change_many(pairs, by=by))
