"""Acts on accounts: making them, giving roles, passwords, locks, keys; each leaves a trace.

`by` is a security administrator over the account (see `authority`) or SYSTEM; `address` is where
the request came from.
"""

from __future__ import annotations

import re
import secrets
import string
from datetime import date
from typing import Any

from axes.utils import reset as forget_attempts
from django.db import IntegrityError, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import ADMINISTRATORS, Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts import authority, tokens
from gonghui.kernel.accounts.models import ApiToken, Grant, LoginEvent, User
from gonghui.kernel.orgs.models import Org

LABELS = {
    "account_made": "建立账号",
    "account_changed": "修改账号",
    "account_disabled": "停用账号",
    "account_enabled": "启用账号",
    "grant_given": "授予角色",
    "grant_ended": "终止角色",
    "password_reset": "重置口令",
    "unlocked": "解除锁定",
    "second_factor_removed": "解除动态口令绑定",
    "token_made": "建立接口密钥",
    "token_ended": "停用接口密钥",
}
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,39}")
# Without the signs that are mixed up on paper.
_SIGNS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
_PASSWORD_LENGTH = 14
_CHANGEABLE = {
    "name": "姓名",
    "phone": "手机",
    "org": "所属工会",
    "department": "部室",
    "valid_to": "停用日期",
}


# Accounts


@transaction.atomic
def make_account(
    username: str,
    name: str,
    org: Org,
    *,
    by: Actor,
    phone: str = "",
    department: str = "",
    address: str = "",
) -> tuple[User, str]:
    """A new account without roles, and its first password, which must be changed at the first login."""
    _require_reach(by, org)
    username = username.strip()
    if not _USERNAME.fullmatch(username):
        raise DomainError("用户名须为3至40位字母、数字、点、横线，以字母开头。", field="username")
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"用户名“{username}”已被使用，请换一个。", field="username")
    if not name.strip():
        raise DomainError("请填写姓名。", field="name")
    password = _new_password()
    user = User.objects.create_user(
        username=username,
        password=password,
        name=name.strip(),
        phone=phone.strip(),
        org=org,
        department=department,
        must_change_password=True,
    )
    _note("account_made", user, by, address, f"{name.strip()}，{org}")
    return user, password


@transaction.atomic
def change_account(user: User, *, by: Actor, address: str = "", **values: Any) -> User:
    """Change name, phone, org, department or the day from which the account is off."""
    fresh = _managed(user, by)
    unknown = set(values) - set(_CHANGEABLE)
    if unknown:
        raise ValueError(f"not a field of accounts: {', '.join(sorted(unknown))}")
    changed = [name for name, value in values.items() if getattr(fresh, name) != value]
    if not changed:
        return fresh
    if "org" in changed:
        _require_reach(by, values["org"])
    if "name" in changed and not values["name"].strip():
        raise DomainError("请填写姓名。", field="name")
    if "valid_to" in changed and values["valid_to"] and values["valid_to"] < clock.today():
        raise DomainError("停用日期不能早于今天；立即停用请按“停用”。", field="valid_to")
    for name in changed:
        setattr(fresh, name, values[name])
    fresh.save(update_fields=changed)
    _note("account_changed", fresh, by, address, "、".join(_CHANGEABLE[name] for name in changed))
    return fresh


@transaction.atomic
def disable(user: User, *, by: Actor, reason: str, address: str = "") -> None:
    """From this moment on the account can do nothing; its sessions end."""
    fresh = _managed(user, by)
    if not reason.strip():
        raise DomainError("请填写停用原因，例如“调离”。", field="reason")
    if not fresh.is_active:
        raise Conflict("该账号已经停用。")
    fresh.is_active = False
    fresh.save(update_fields=["is_active"])
    _note("account_disabled", fresh, by, address, reason.strip())


@transaction.atomic
def enable(user: User, *, by: Actor, address: str = "") -> None:
    """The account may log in again, with the roles that have not ended."""
    fresh = _managed(user, by)
    if fresh.is_active and (fresh.valid_to is None or fresh.valid_to > clock.today()):
        raise Conflict("该账号没有停用。")
    fresh.is_active = True
    if fresh.valid_to is not None and fresh.valid_to <= clock.today():
        fresh.valid_to = None
    fresh.save(update_fields=["is_active", "valid_to"])
    _note("account_enabled", fresh, by, address)


# Roles


@transaction.atomic
def give_role(
    user: User,
    role: Role,
    org: Org,
    *,
    by: Actor,
    valid_from: date | None = None,
    valid_to: date | None = None,
    address: str = "",
) -> Grant:
    """The account holds a role at an org, from today or a later day, until the day before `valid_to`."""
    fresh = _managed(user, by)
    start = valid_from or clock.today()
    if start < clock.today():
        raise DomainError("授权不能追溯，起始日期最早为今天。", field="valid_from")
    if valid_to is not None and valid_to <= start:
        raise DomainError("终止日期须晚于起始日期。", field="valid_to")
    refusal = authority.why_not_give(by, role, org)
    if refusal:
        raise NotAllowed(refusal, field="role")
    _check_together(fresh, role, org, start, valid_to)
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                user=fresh,
                role=role,
                org=org,
                valid_from=start,
                valid_to=valid_to,
                given_by=by.user_id,
            )
    except IntegrityError:
        raise Conflict(f"该账号在“{org}”已有“{role.label}”角色。", field="role") from None
    until = f"至{valid_to}前" if valid_to else "起"
    _note("grant_given", fresh, by, address, f"{role.label}，{org}，{start}{until}")
    return grant


@transaction.atomic
def end_role(grant: Grant, *, by: Actor, on: date | None = None, address: str = "") -> None:
    """The role ends: its last day is the day before `on` (today if none)."""
    user = _managed(grant.user, by)
    fresh = Grant.objects.select_for_update().select_related("org").get(pk=grant.pk)
    day = on or clock.today()
    if day < clock.today():
        raise DomainError("终止日期不能早于今天。", field="valid_to")
    if fresh.valid_to is not None and fresh.valid_to <= clock.today():
        raise Conflict(f"该授权已于{fresh.valid_to}终止。")
    # A role that has not begun never does.
    fresh.valid_to = max(day, fresh.valid_from) if fresh.valid_from > clock.today() else day
    fresh.save(update_fields=["valid_to"])
    label = Role(fresh.role).label
    _note("grant_ended", user, by, address, f"{label}，{fresh.org}，{fresh.valid_to}起终止")


def _check_together(user: User, role: Role, org: Org, start: date, end: date | None) -> None:
    """The three administrators stay apart, from each other and from work on records."""
    others = Grant.objects.filter(authority.living(start), user=user)
    if end is not None:
        others = others.filter(valid_from__lt=end)
    for other in others.select_related("org"):
        held = Role(other.role)
        if held is role and other.org_id == org.pk:
            raise Conflict(f"该账号在“{org}”已有“{role.label}”角色。", field="role")
        if held is not role and ADMINISTRATORS & {held, role}:
            raise NotAllowed(
                f"该账号已有“{held.label}”角色（{other.org}）。系统、安全、审计三类管理员须分设，"
                "也不能兼任业务角色，请另建账号。",
                field="role",
                code="apart",
            )


# Passwords and locks


@transaction.atomic
def reset_password(user: User, *, by: Actor, address: str = "") -> str:
    """A new first password, to be told once; the old one and all sessions end."""
    fresh = _managed(user, by)
    password = _new_password()
    fresh.set_password(password)
    fresh.must_change_password = True
    fresh.save(update_fields=["password", "must_change_password"])
    _unlock(fresh)
    _note("password_reset", fresh, by, address)
    return password


@transaction.atomic
def unlock(user: User, *, by: Actor, address: str = "") -> None:
    """Forget the wrong passwords, so that the right one is let in at once."""
    fresh = _managed(user, by)
    _unlock(fresh)
    _note("unlocked", fresh, by, address)


@transaction.atomic
def remove_second_factor(user: User, *, by: Actor, address: str = "") -> None:
    """The telephone is lost: the next login binds another one."""
    fresh = _managed(user, by)
    removed, _ = TOTPDevice.objects.filter(user=fresh).delete()
    if not removed:
        raise Conflict("该账号没有绑定动态口令。")
    _note("second_factor_removed", fresh, by, address)


def has_second_factor(user: User) -> bool:
    """Whether a telephone is bound to the account."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def _unlock(user: User) -> None:
    forget_attempts(username=user.username)


def _new_password() -> str:
    """Fourteen signs with letters and digits."""
    while True:
        text = "".join(secrets.choice(_SIGNS) for _ in range(_PASSWORD_LENGTH))
        if re.search(r"[0-9]", text) and re.search(r"[a-z]", text) and re.search(r"[A-Z]", text):
            return text


# Keys for programs


@transaction.atomic
def make_token(user: User, name: str, *, by: Actor, address: str = "") -> str:
    """A key with which a program acts as the account; it cannot be shown again."""
    fresh = _managed(user, by)
    if not name.strip():
        raise DomainError("请填写用途，例如“财务系统取数”。", field="name")
    if any(Role(grant.role) in ADMINISTRATORS for grant in authority.open_grants(fresh)):
        raise NotAllowed("管理员账号不能建立接口密钥，请为程序单独建立账号。")
    text = tokens.make_token(fresh, name.strip()[:60], by.user_id)
    _note("token_made", fresh, by, address, name.strip())
    return text


@transaction.atomic
def end_token(token: ApiToken, *, by: Actor, address: str = "") -> None:
    """The key opens nothing from this day on."""
    user = _managed(token.user, by)
    fresh = ApiToken.objects.select_for_update().get(pk=token.pk)
    if fresh.valid_to is not None and fresh.valid_to <= clock.today():
        raise Conflict("该密钥已经停用。")
    fresh.valid_to = clock.today()
    fresh.save(update_fields=["valid_to"])
    _note("token_ended", user, by, address, fresh.name)


# Shared


def _managed(user: User, by: Actor) -> User:
    """The account as it stands, locked until the act is done; raises NotAllowed without authority."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    refusal = authority.why_not_manage(by, fresh)
    if refusal:
        raise NotAllowed(refusal)
    return fresh


def _require_reach(by: Actor, org: Org) -> None:
    if not authority.reaches(by, Role.SECURITY_ADMIN, org.pk):
        raise NotAllowed(f"“{org}”不在您的管理范围内。", field="org")


def _note(kind: str, user: User, by: Actor, address: str, detail: str = "") -> None:
    LoginEvent.objects.create(
        user=user,
        username=user.username,
        kind=kind,
        address=address[:60],
        actor_id=by.user_id,
        detail=detail[:200],
        at=clock.now(),
    )
