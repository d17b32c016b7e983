"""A small city with users who can log in, for tests of screens and permissions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from gonghui.base.pinyin import initials, sort_key
from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org, OrgLevel
from tests.support.orgs import STARTED, make_org

PASSWORD = "correct-horse-2012"
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city with two counties; the first has two townships, each with a basic union."""

    city: Org
    county: Org
    neighbour: Org
    township: Org
    other_township: Org
    basic: Org
    other_basic: Org
    far_basic: Org


def _org(name: str, level: OrgLevel, superior: Org | None = None) -> Org:
    org = make_org(name, level, superior)
    org.sort_key, org.initials = sort_key(name), initials(name)
    org.save(update_fields=["sort_key", "initials"])
    return org


def city_tree() -> City:
    """A fresh small city."""
    city = _org("鹰城市总工会", OrgLevel.CITY)
    county = _org("叶县总工会", OrgLevel.COUNTY, city)
    neighbour = _org("鲁山县总工会", OrgLevel.COUNTY, city)
    township = _org("昆阳镇工会", OrgLevel.TOWNSHIP, county)
    other_township = _org("任店镇工会", OrgLevel.TOWNSHIP, county)
    return City(
        city=city,
        county=county,
        neighbour=neighbour,
        township=township,
        other_township=other_township,
        basic=_org("昆阳机械厂工会", OrgLevel.BASIC, township),
        other_basic=_org("任店纺织厂工会", OrgLevel.BASIC, other_township),
        far_basic=_org("鲁山丝绸厂工会", OrgLevel.BASIC, neighbour),
    )


def user_with(role: Role, org: Org, name: str = "", **more: Any) -> User:
    """An account that holds a role at an org; its password is PASSWORD."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"user{number}", PASSWORD, name=name or f"{role.label}{number}", org=org, **more
    )
    Grant.objects.create(user=user, role=role, org=org, valid_from=STARTED)
    return user


def client_for(user: User, *, verified: bool = True) -> Client:
    """A browser in which the user is logged in, as a rule with the second factor passed."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if verified:
        device, _ = TOTPDevice.objects.get_or_create(user=user, name="测试手机")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client
