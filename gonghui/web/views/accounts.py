"""Delegated administration of accounts; for security administrators alone, not found by others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts import authority, services
from gonghui.kernel.accounts.models import ApiToken, Grant, User
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.orgs.models import Org
from gonghui.web import choosing, signs
from gonghui.web.address import client_address
from gonghui.web.forms import LinkField
from gonghui.web.requests import actor_of_request

PAGE = 50


def administrator(request: HttpRequest) -> Actor:
    """Who acts, if he is a security administrator; the page does not exist for anybody else."""
    actor = actor_of_request(request)
    if not actor.has_role(Role.SECURITY_ADMIN):
        raise Http404
    return actor


def account_or_404(actor: Actor, pk: int) -> User:
    """An account within the administrator's reach."""
    found = authority.accounts_in_reach(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# The list


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An account in the list."""

    account: User
    roles: str
    states: list[tuple[str, str]]


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the administrator's subtree."""
    actor = administrator(request)
    orgs = authority.orgs_in_reach(actor)
    org: Org | None = choosing.by_key(orgs, request.GET.get("unit.pk", ""))
    rows = _filtered(authority.accounts_in_reach(actor), request, org)
    page = _page_number(request)
    found = list(rows.order_by("org__code", "pk")[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "lines": _lines(found[:PAGE]),
        "count": rows.count(),
        "q": request.GET.get("q", "").strip(),
        "state": request.GET.get("state", ""),
        "org": org,
        "page": page,
        "has_next": len(found) > PAGE,
    }
    return render(request, "web/accounts.html", context)


def _filtered(rows: QuerySet[User], request: HttpRequest, org: Org | None) -> QuerySet[User]:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    if text:
        rows = rows.filter(
            Q(username__icontains=text) | Q(name__icontains=text) | Q(phone__startswith=text)
        )
    if org is not None:
        rows = rows.filter(org__path__startswith=org.path)
    is_off = Q(is_active=False) | Q(valid_to__lte=clock.today())
    state = request.GET.get("state", "")
    return (
        rows.filter(is_off) if state == "off" else rows.exclude(is_off) if state == "on" else rows
    )


def _lines(found: list[User]) -> list[Line]:
    grants: dict[int, list[str]] = defaultdict(list)
    rows = Grant.objects.filter(authority.living(clock.today()), user__in=found)
    for grant in rows.select_related("org").order_by("valid_from", "pk"):
        later = "" if grant.valid_from <= clock.today() else f"，{grant.valid_from}起"
        grants[grant.user_id].append(f"{Role(grant.role).label}（{grant.org}{later}）")
    return [
        Line(account=user, roles="、".join(grants[user.pk]), states=states_of(user))
        for user in found
    ]


def states_of(user: User) -> list[tuple[str, str]]:
    """What stands in the way of an account, in words and colours."""
    if not user.is_active or (user.valid_to is not None and user.valid_to <= clock.today()):
        return [("已停用", "secondary")]
    found = [("启用", "green")]
    if user.valid_to is not None:
        found.append((f"{user.valid_to}停用", "yellow"))
    if user.must_change_password:
        found.append(("待改初始口令", "yellow"))
    return found


def _page_number(request: HttpRequest) -> int:
    sent = request.GET.get("page", "")
    return min(max(int(sent), 1), 10_000) if sent.isdecimal() and len(sent) < 6 else 1


@require_safe
def choose_org(request: HttpRequest) -> HttpResponse:
    """The orgs of the administrator's subtree that match `q`; his scope of records is empty."""
    orgs = authority.orgs_in_reach(administrator(request))
    options = [
        {"pk": row.pk, "label": str(row), "hint": row.code}
        for row in choosing.matches(orgs, request.GET.get("q", ""))
    ]
    return render(request, "web/_choices.html", {"options": options})


# Forms


def _text(label: str, size: int, *, required: bool = True, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=size,
        required=required,
        error_messages={"required": f"请填写{label}。"},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs}),
    )


def _day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=hint,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )


def _org_field(actor: Actor, label: str = "所属工会") -> LinkField:
    return LinkField(
        lambda: authority.orgs_in_reach(actor),
        reverse("web:account_orgs"),
        label=label,
        help_text="输入名称、拼音首字母或代码查找",
    )


class _Form(forms.Form):
    """A form whose broken rules come from the services."""

    def take(self, error: DomainError) -> None:
        """Show a broken rule at its field, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class AccountForm(_Form):
    """Who the account belongs to; the user name is given once.

    Departments are those that answer for an indicator, so that nobody's name of one misses its figures.
    """

    username = _text("用户名", 60)
    name = _text("姓名", 60)
    phone = _text("手机", 20, required=False, inputmode="tel")
    department = forms.ChoiceField(
        label="部室",
        required=False,
        help_text="市总部室的账号填写；报告中的数由归口部室的账号认数。",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    valid_to = _day("停用日期", "从这一天起不能登录；长期使用的不填。")

    def __init__(self, actor: Actor, data: Any = None, account: User | None = None) -> None:
        initial: dict[str, Any] = {}
        if account is not None:
            names = ("name", "phone", "org", "department", "valid_to")
            initial = {name: getattr(account, name) for name in names}
        super().__init__(data, initial=initial)
        self.fields["org"] = _org_field(actor)
        known = {each.owner for each in catalogue.all_indicators()}
        known |= {account.department if account else ""}
        choices = [("", "（不属于部室）"), *((name, name) for name in sorted(known - {""}))]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if account is None:
            del self.fields["valid_to"]
            self.fields[
                "username"
            ].help_text = "3至40位字母、数字、点、横线，以字母开头，建后不能更改。"
        else:
            del self.fields["username"]
        self.order_fields(["username", "name", "phone", "org", "department", "valid_to"])


class GrantForm(_Form):
    """A role at an org for some time."""

    role = forms.ChoiceField(
        label="角色",
        error_messages={"required": "请选择角色。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    valid_from = _day("起始日期", "不填即今天起。")
    valid_to = _day("终止日期", "从这一天起不再有此角色；长期授权不填。")

    def __init__(self, actor: Actor, data: Any = None, org: Org | None = None) -> None:
        super().__init__(data, initial={"org": org})
        roles = [(role.value, str(role.label)) for role in authority.givable_roles(actor)]
        self.fields["role"].choices = [("", "（请选择）"), *roles]  # type: ignore[attr-defined]  # a choice field
        self.fields["org"] = _org_field(actor, "在哪个工会")
        self.order_fields(["role", "org", "valid_from", "valid_to"])


# Making and changing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once, in the answer."""
    actor = administrator(request)
    form = AccountForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = services.make_account(
                **form.cleaned_data, by=actor, address=client_address(request)
            )
        except DomainError as error:
            form.take(error)
        else:
            return _secret(request, user, "初始口令", password)
    context = {"form": form, "title": "新建账号", "back": reverse("web:accounts"), "above": "账号"}
    return render(request, "web/account_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, telephone, org and last day of an account."""
    actor = administrator(request)
    user = account_or_404(actor, pk)
    form = AccountForm(actor, request.POST or None, user)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_account(
                user, by=actor, address=client_address(request), **form.cleaned_data
            )
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, "已保存。")
            return redirect("web:account", pk)
    context = {
        "form": form,
        "title": f"修改账号：{user.name}",
        "back": reverse("web:account", args=[pk]),
        "above": user.name,
    }
    return render(request, "web/account_form.html", context)


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account with its roles, keys and everything that can be done to it."""
    return _account(request, administrator(request), pk)


def _account(
    request: HttpRequest, actor: Actor, pk: int, grant_form: GrantForm | None = None
) -> HttpResponse:
    user = account_or_404(actor, pk)
    today = clock.today()
    grants = Grant.objects.filter(user=user).select_related("org").order_by("-valid_from", "-pk")
    tokens = ApiToken.objects.filter(user=user).order_by("-made_at", "-pk")
    context = {
        "account": user,
        "states": states_of(user),
        "is_off": states_of(user)[0][0] == "已停用",
        "is_locked": signs.is_locked(user.username),
        "has_second_factor": services.has_second_factor(user),
        "why_not": authority.why_not_manage(actor, user),
        "grants": [
            (
                grant,
                str(Role(grant.role).label),
                grant.valid_to is None
                or (grant.valid_to > today and grant.valid_to > grant.valid_from),
            )
            for grant in grants
        ],
        "tokens": [(one, one.valid_to is None or one.valid_to > today) for one in tokens],
        "grant_form": grant_form or GrantForm(actor, org=user.org),
    }
    return render(request, "web/account.html", context)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    actor = administrator(request)
    user = account_or_404(actor, pk)
    form = GrantForm(actor, request.POST)
    if form.is_valid():
        values = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        try:
            services.give_role(user, **values, by=actor, address=client_address(request))
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, "已授予。")
            return redirect("web:account", pk)
    return _account(request, actor, pk, form)


@require_POST
def end(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """End a role today."""
    actor = administrator(request)
    found = Grant.objects.filter(user=account_or_404(actor, pk), pk=grant).first()
    if found is None:
        raise Http404
    services.end_role(found, by=actor, address=client_address(request))
    messages.success(request, "该角色已终止。")
    return redirect("web:account", pk)


@never_cache
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Reset, unlock, disable, enable, unbind, or make a key; secrets are shown once, in the answer."""
    actor = administrator(request)
    user = account_or_404(actor, pk)
    where = client_address(request)
    if action == "reset":
        password = services.reset_password(user, by=actor, address=where)
        return _secret(request, user, "新口令", password)
    if action == "token":
        text = services.make_token(user, request.POST.get("name", ""), by=actor, address=where)
        return _secret(request, user, "接口密钥", text)
    if action == "disable":
        services.disable(user, by=actor, reason=request.POST.get("reason", ""), address=where)
    elif action in _PLAIN:
        _PLAIN[action](user, by=actor, address=where)
    else:
        raise Http404
    messages.success(request, _DONE[action])
    return redirect("web:account", pk)


_PLAIN = {
    "unlock": services.unlock,
    "enable": services.enable,
    "unbind": services.remove_second_factor,
}
_DONE = {
    "unlock": "已解除锁定。",
    "enable": "账号已启用。",
    "disable": "账号已停用。",
    "unbind": "已解除绑定，下次登录时重新绑定手机。",
}


@require_POST
def end_token(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    """End a key today."""
    actor = administrator(request)
    found = ApiToken.objects.filter(user=account_or_404(actor, pk), pk=token).first()
    if found is None:
        raise Http404
    services.end_token(found, by=actor, address=client_address(request))
    messages.success(request, "该密钥已停用。")
    return redirect("web:account", pk)


def _secret(request: HttpRequest, user: User, label: str, text: str) -> HttpResponse:
    context = {"account": user, "label": label, "text": text, "is_key": label == "接口密钥"}
    return render(request, "web/account_secret.html", context)
