"""Who visits a household: two accounts that answer for it, near to nobody who lives there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import grants_in_force
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.lines.aid.models import EconomicAssessment
from gonghui.shared.funds.models import KinDeclaration

# Each surveyor's username as it is chosen, and the account that it names.
_FIELDS = (("surveyor_one", "surveyor_one_user"), ("surveyor_two", "surveyor_two_user"))
_ROLES = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)


def choices(assessment: Any) -> list[tuple[str, str]]:
    """The accounts that may visit for the office of an assessment, nearest offices first."""
    org = assessment.org if assessment.org_id else None
    if org is None:
        return []
    grants = _grants([org]).select_related("user", "org").order_by("-org__path", "user__name")
    found = {grant.user.username: f"{grant.user}（{grant.org}）" for grant in grants}
    return list(found.items())


def _grants(offices: Iterable[Org]) -> QuerySet[Grant]:
    """Roles in force by which accounts answer for offices: held there or above."""
    above = {key for office in offices for key in office.chain}
    return grants_in_force().filter(org_id__in=above, role__in=_ROLES)


def derive(assessments: Sequence[EconomicAssessment]) -> None:
    """The accounts that the usernames name, and their names as they are printed."""
    given = {getattr(each, name) for each in assessments for name, _ in _FIELDS} - {""}
    users = {user.username: user for user in User.objects.filter(username__in=given)}
    for each in assessments:
        if each.state != "draft":
            continue
        named = [(key, users.get(getattr(each, name))) for name, key in _FIELDS]
        for key, user in named:
            setattr(each, key, user.pk if user else None)
        each.surveyors = "、".join(str(user) for _, user in named if user)


def wrong(assessments: Sequence[EconomicAssessment]) -> dict[int, DomainError]:
    """Drafts whose surveyors do not exist, do not answer for the office or have to withdraw, by position."""
    drafts = {at: each for at, each in enumerate(assessments) if each.state == "draft"}
    with acting(SYSTEM):
        reach = _reach(drafts.values())
        related = _related(drafts.values())
    found: dict[int, DomainError] = {}
    for at, each in drafts.items():
        for name, key in _FIELDS:
            error = _error(each, name, key, reach, related)
            if error is not None:
                found.setdefault(at, error)
    return found


def _error(
    assessment: Any, name: str, key: str, reach: dict[int, set[int]], related: set[tuple[int, int]]
) -> DomainError | None:
    username, user_id = getattr(assessment, name), getattr(assessment, key)
    if not username:
        return None
    if user_id is None:
        return DomainError(
            f"没有用户“{username}”。调查人须是系统用户，请从名单中选择。", field=name
        )
    if not reach[user_id].intersection(assessment.org.chain):
        return DomainError(
            f"“{username}”不是{assessment.org}或其上级工会的在用账号，不能作调查人。", field=name
        )
    if (user_id, assessment.file.household_id) in related:
        return Conflict(
            f"调查人“{username}”已备案与该户成员有亲属关系，须回避，请换人入户。",
            field=name,
            code="F09",
        )
    return None


def _reach(assessments: Iterable[Any]) -> dict[int, set[int]]:
    """At which offices each account holds a role by which it may visit."""
    found: dict[int, set[int]] = defaultdict(set)
    for user_id, org_id in _grants(each.org for each in assessments).values_list(
        "user_id", "org_id"
    ):
        found[user_id].add(org_id)
    return found


def _related(assessments: Iterable[Any]) -> set[tuple[int, int]]:
    """Account and household, where a declared relative of the one belongs to the other."""
    rows = list(assessments)
    homes = {each.file.household_id for each in rows}
    users = {getattr(each, key) for each in rows for _, key in _FIELDS} - {None}
    kin = dict[int, set[int]]()
    declared = KinDeclaration.objects.filter(user_id__in=users, voided_at=None)
    for person_id, user_id in declared.values_list("person_id", "user_id"):
        kin.setdefault(person_id, set()).add(user_id)
    belongs = [
        *HouseholdMember.objects.filter(
            household_id__in=homes, person_id__in=kin, valid_to=None, voided_at=None
        ).values_list("household_id", "person_id"),
        *Household.objects.filter(pk__in=homes, head_id__in=kin).values_list("pk", "head_id"),
    ]
    return {(user_id, home) for home, person_id in belongs for user_id in kin[person_id]}


def went_to(file: Any, user_id: int | None) -> bool:
    """Whether an account visited the household of a file for an assessment that was confirmed."""
    with acting(SYSTEM):
        confirmed = EconomicAssessment.objects.filter(file=file, state="confirmed", voided_at=None)
        by_him = Q(surveyor_one_user=user_id) | Q(surveyor_two_user=user_id)
        return user_id is not None and confirmed.filter(by_him).exists()
