"""From an account to the actor it is today."""

from __future__ import annotations

from django.db.models import Q

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor, Held
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgRelation, RelationKind


def actor_of(user: User) -> Actor:
    """The user with the roles in force today; without an active account he holds none."""
    today = clock.today()
    if not user.is_active or (user.valid_to and user.valid_to <= today):
        return Actor(user_id=user.pk, name=str(user))
    grants = (
        Grant.objects.filter(user=user, valid_from__lte=today)
        .filter(Q(valid_to=None) | Q(valid_to__gt=today))
        .select_related("org")
    )
    held = tuple(
        Held(role=Role(grant.role), org_id=grant.org_id, org_ids=_reach(grant)) for grant in grants
    )
    return Actor(user_id=user.pk, name=str(user), held=held)


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
