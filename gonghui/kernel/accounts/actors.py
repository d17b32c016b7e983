"""From an account to the actor it is today."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func, OuterRef, Q, QuerySet

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor, Held
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgRelation, RelationKind


def actor_of(user: User) -> Actor:
    """The user with the roles in force today; without an active account he holds none."""
    grants = list(grants_in_force().filter(user=user).select_related("org"))
    held = tuple(
        Held(role=Role(grant.role), org_id=grant.org_id, org_ids=_reach(grant)) for grant in grants
    )
    for grant in grants:
        if grant.org_id == user.org_id:
            user.org = grant.org  # every page names it; it need not be read once more
    return Actor(user_id=user.pk, name=str(user), held=held, department=user.department)


def grants_in_force() -> QuerySet[Grant]:
    """The grants that let somebody act today: in their time, of accounts that may log in."""
    today = clock.today()
    return Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today),
        Q(user__valid_to=None) | Q(user__valid_to__gt=today),
        valid_from__lte=today,
        user__is_active=True,
    )


def departments_with(role: Role, org: Org) -> set[str]:
    """The departments in which somebody who can log in today holds a role over an org."""
    held = grants_in_force().filter(role=role, org__in=org.chain)
    return set(held.exclude(user__department="").values_list("user__department", flat=True))


def grants_over_outer(org: str, roles: str) -> QuerySet[Grant]:
    """For a subquery: who holds, at the outer row's org or above it, a role that the row names.

    An industry union's hold over orgs that it only guides is not in it.
    """
    above = _OrgsOfPath(OuterRef(f"{org}__path"))
    return grants_in_force().filter(org__pk__any_of=above, role__any_of=OuterRef(roles))


class _OrgsOfPath(Func):
    """The orgs on a path such as "1/4/77/"."""

    template = "string_to_array(rtrim(%(expressions)s, '/'), '/')::bigint[]"
    output_field = ArrayField(BigIntegerField())


def _reach(grant: Grant) -> frozenset[int] | None:
    """The subtree of a grant; an industry union also reaches what it guides."""
    if grant.org.level == OrgLevel.CITY:
        return None
    ids = set(unscoped(Org).filter(path__startswith=grant.org.path).values_list("pk", flat=True))
    if grant.role == Role.INDUSTRY:
        today = clock.today()
        guided = OrgRelation._unscoped.filter(
            Q(valid_to=None) | Q(valid_to__gt=today),
            superior=grant.org,
            kind=RelationKind.INDUSTRY,
            valid_from__lte=today,
        )
        ids |= set(guided.values_list("org_id", flat=True))
    return frozenset(ids)
