"""A small city made directly in the database: city, two counties, a township and unions in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org, OrgKind, OrgLevel, OrgState
from gonghui.kernel.orgs.services import place

STARTED = date(2000, 1, 1)


def make_org(name, level, superior=None, *, kind=None, state=OrgState.LIVE, started=STARTED):
    """An organisation below another, related to it since `started`."""
    now = clock.now()
    org = Org(
        code=f"T{Org._unscoped.count() + 1:06d}",
        name=name,
        level=level,
        kind=kind
        or {OrgLevel.CITY: OrgKind.GENERAL, OrgLevel.COUNTY: OrgKind.GENERAL}.get(
            level, OrgKind.SINGLE
        ),
        state=state,
        superior=superior,
        established_on=started,
        approval_doc_no="示例〔2000〕1号",
        created_at=now,
        changed_at=now,
    )
    org.save()
    place(org, superior, started, "示例〔2000〕1号")
    org.refresh_from_db()
    return org


@dataclass
class City:
    """The orgs of the small city by name."""

    city: Org
    county: Org
    township: Org
    union: Org
    neighbour: Org
    neighbour_township: Org
    neighbour_union: Org


def small_city() -> City:
    """A city with two counties, each with one township and one union."""
    city = make_org("示例市总工会", OrgLevel.CITY)
    county = make_org("甲县总工会", OrgLevel.COUNTY, city)
    township = make_org("甲镇工会", OrgLevel.TOWNSHIP, county)
    union = make_org("甲厂工会", OrgLevel.BASIC, township)
    neighbour = make_org("乙县总工会", OrgLevel.COUNTY, city)
    neighbour_township = make_org("乙镇工会", OrgLevel.TOWNSHIP, neighbour)
    neighbour_union = make_org("乙厂工会", OrgLevel.BASIC, neighbour_township)
    return City(city, county, township, union, neighbour, neighbour_township, neighbour_union)


def user_with(*roles: Role, org: Org, username: str = "") -> User:
    """An account that holds roles at an org since long ago."""
    user = User.objects.create_user(
        username=username or f"{roles[0]}-{User.objects.count() + 1}",
        password="密码-correct-horse",
        name=f"{Role(roles[0]).label}{User.objects.count() + 1}",
        org=org,
    )
    for role in roles:
        Grant.objects.create(user=user, role=role, org=org, valid_from=STARTED)
    return user


def actor_with(*roles: Role, org: Org) -> Actor:
    """The actor of a new account that holds roles at an org."""
    return actor_of(user_with(*roles, org=org))


def another_union(org: Org) -> Org:
    """A basic union that is not this one."""
    return Org._unscoped.filter(level=OrgLevel.BASIC).exclude(pk=org.pk).order_by("pk").first()
