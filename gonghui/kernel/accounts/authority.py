"""Whom a security administrator may look after, and which roles he may give where.

The rules look at every grant of an account that has not ended, so that nobody reaches above
himself by the password of somebody who holds more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet

from gonghui.base import clock
from gonghui.kernel.access.roles import ADMINISTRATORS, Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState

_NEAR_THE_GROUND = frozenset(
    {
        OrgLevel.DIRECT,
        OrgLevel.FEDERATION,
        OrgLevel.VILLAGE,
        OrgLevel.BASIC,
        OrgLevel.BRANCH,
        OrgLevel.GROUP,
        OrgLevel.AGENCY,
    }
)
# At which levels a role is held; roles that are not named are held anywhere.
HELD_AT: dict[Role, frozenset[OrgLevel]] = {
    Role.BASIC: _NEAR_THE_GROUND,
    Role.STATION: frozenset(
        {OrgLevel.TOWNSHIP, OrgLevel.AREA, OrgLevel.FEDERATION, OrgLevel.VILLAGE}
    ),
    Role.COUNTY: frozenset({OrgLevel.COUNTY}),
    Role.INDUSTRY: frozenset({OrgLevel.INDUSTRY}),
    Role.DEPT: frozenset({OrgLevel.CITY}),
    Role.LEADER: frozenset({OrgLevel.CITY}),
    Role.SYSTEM_ADMIN: frozenset({OrgLevel.CITY}),
    Role.SECURITY_ADMIN: frozenset({OrgLevel.CITY, OrgLevel.COUNTY}),
    Role.AUDIT_ADMIN: frozenset({OrgLevel.CITY, OrgLevel.COUNTY}),
}


def reaches(actor: Actor, role: Role, org_id: int | None) -> bool:
    """Whether he holds an administrator's role over an org; no org is the whole city's matter."""
    return actor.is_system or any(held.role is role and held.reaches(org_id) for held in actor.held)


def has_city(actor: Actor, role: Role) -> bool:
    """Whether he holds an administrator's role over the whole city."""
    return reaches(actor, role, None)


def orgs_in_reach(actor: Actor, role: Role = Role.SECURITY_ADMIN) -> QuerySet[Org]:
    """The orgs over which he holds an administrator's role; his scope of records is empty."""
    found = unscoped(Org).exclude(state=OrgState.DISSOLVED)
    if has_city(actor, role):
        return found
    reach = [held.org_ids or frozenset() for held in actor.held if held.role is role]
    return found.filter(pk__in=frozenset().union(*reach))


def accounts_in_reach(actor: Actor, role: Role = Role.SECURITY_ADMIN) -> QuerySet[User]:
    """The accounts of those orgs."""
    found = User.objects.select_related("org")
    if has_city(actor, role):
        return found
    return found.filter(org__in=orgs_in_reach(actor, role).values("pk"))


def living(after: date) -> Q:
    """Grants that are in force on some day after `after` or on it; one taken back before it began never is."""
    return Q(valid_to=None) | Q(valid_to__gt=after) & Q(valid_to__gt=F("valid_from"))


def open_grants(user: User) -> QuerySet[Grant]:
    """The grants of an account that are in force or will be."""
    found = Grant.objects.filter(living(clock.today()), user=user)
    return found.select_related("org").order_by("valid_from", "pk")


def why_not_manage(actor: Actor, user: User, grants: Iterable[Grant] | None = None) -> str:
    """Why an administrator may not act on an account; empty where he may."""
    if actor.is_system:
        return ""
    if user.pk == actor.user_id:
        return "不能管理自己的账号，请由其他安全管理员办理。"
    if not reaches(actor, Role.SECURITY_ADMIN, user.org_id):
        return "该账号不在您的管理范围内。"
    for grant in open_grants(user) if grants is None else grants:
        refusal = why_not_give(actor, Role(grant.role), grant.org)
        if refusal:
            label = Role(grant.role).label
            return f"该账号在“{grant.org}”有“{label}”角色，须由市总安全管理员管理。"
    return ""


def why_not_give(actor: Actor, role: Role, org: Org) -> str:
    """Why an administrator may not give a role at an org; empty where he may."""
    levels = HELD_AT.get(role)
    if levels is not None and org.level not in levels:
        places = "、".join(str(level.label) for level in OrgLevel if level in levels)
        return f"“{role.label}”只能在{places}授予，不能在“{org}”授予。"
    if not reaches(actor, Role.SECURITY_ADMIN, org.pk):
        return f"“{org}”不在您的管理范围内，不能授予。"
    if role in ADMINISTRATORS and not has_city(actor, Role.SECURITY_ADMIN):
        return f"“{role.label}”由市总安全管理员授予。"
    return ""


def givable_roles(actor: Actor) -> list[Role]:
    """The roles that he may give at some org of his."""
    if has_city(actor, Role.SECURITY_ADMIN):
        return list(Role)
    levels = set(orgs_in_reach(actor).values_list("level", flat=True).distinct())
    return [
        role
        for role in Role
        if role not in ADMINISTRATORS and not (role in HELD_AT and levels.isdisjoint(HELD_AT[role]))
    ]
