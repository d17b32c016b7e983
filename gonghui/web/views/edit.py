"""Registering a record and changing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gonghui.base.errors import Conflict, DomainError, Outdated
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers import registry, write
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, require, roles_for
from gonghui.web import moves, versions
from gonghui.web.columns import record_url
from gonghui.web.forms import RegisterForm
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.requests import actor_of_request
from gonghui.web.views.choose import new_record


def own_orgs(actor: Actor, register: Register) -> list[Org]:
    """The orgs at which the actor holds a role that may add, nearest to the ground first."""
    roles = roles_for("add", register)
    wanted = [held.org_id for held in actor.held if held.role in roles]
    return list(Org.objects.filter(pk__in=wanted).order_by("-path"))


def only_org(actor: Actor, register: Register) -> Org | None:
    """The org of all that the actor can add, if it can be no other."""
    roles = roles_for("add", register)
    reach = [held.org_ids for held in actor.held if held.role in roles]
    ids: frozenset[int] = frozenset().union(*(ids or frozenset() for ids in reach))
    if None in reach or len(ids) != 1:
        return None
    return Org.objects.filter(pk__in=ids).first()


def _asks_org(register: Register) -> bool:
    return register.model.scope_column == "org" and register.parent is None


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a new record; `parent` names the record it belongs to in a child register."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    require(actor, "add", register)
    record = new_record(register, request.GET.get("parent", ""))
    fixed: dict[str, Any] = {}
    initial: dict[str, Any] = {}
    names = [name for name in register.form_fields if name != register.parent]
    if register.parent is not None:
        above = getattr(record, register.parent, None) if record.org_id else None
        if above is None:
            names = list(register.form_fields)
        else:
            fixed = {register.parent: above}
    if _asks_org(register):
        org = only_org(actor, register)
        if org is not None:
            fixed["org"] = org
            names = [name for name in names if name != "org"]
        else:
            names = names if "org" in names else ["org", *names]
            initial["org"] = next(iter(own_orgs(actor, register)), None)
    form = RegisterForm(register, names, record, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = write.create(register.model, by=actor, **fixed, **form.values)
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, f"已登记：{saved.label()}")
            again = "again" in request.POST and register.parent is not None
            return redirect(request.get_full_path() if again else after_saving(register, saved))
    return _page(request, register, record, form, fixed=fixed)


def after_saving(register: Register, record: Any) -> str:
    """Where to go after a record was saved: its own page, or the parent's if all is on that one."""
    if register.parent is None or any(registry.children_of(register)):
        return record_url(register, record)
    above = getattr(record, register.parent)
    return record_url(registry.register_of(above), above)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The form of a saved record; a rival's change is shown beside what was typed."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    require(actor, "change", register, record.org_id)
    if not moves.may_edit(actor, register, record):
        raise Conflict("该记录已作废或已定案，内容不能再直接修改；如有差错，请办理更正。")
    names = [name for name in register.form_fields if name != register.parent]
    form = RegisterForm(register, names, record, request.POST or None)
    version = _seen(request, record)
    rivals: list[versions.Event] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = write.change(record, by=actor, version=version, **form.values)
        except Outdated as error:
            rivals = versions.since(
                register, record, version, masked=masked_for(actor, register, record)
            )
            version = record.version
            form.take(error)
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, "已保存。")
            return redirect(after_saving(register, saved))
    return _page(request, register, record, form, version=version, rivals=rivals)


def _seen(request: HttpRequest, record: Any) -> int:
    """The version that the form was opened with."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else int(record.version)


def _page(
    request: HttpRequest, register: Register, record: Any, form: RegisterForm, **more: Any
) -> HttpResponse:
    is_new = record.pk is None
    masked = not is_new and masked_for(actor_of_request(request), register, record)
    title = f"登记{register.title}" if is_new else f"修改：{label_of(record, masked=masked)}"
    back = reverse("web:list", args=[register.key]) if is_new else record_url(register, record)
    above = more.get("fixed", {}).get(register.parent) if register.parent else None
    if above is not None:
        back = record_url(registry.register_of(above), above)
    context = {
        "register": register,
        "record": record,
        "form": form,
        "title": title,
        "back": back,
        "above": above,
        "version": None,
        "rivals": [],
        "fixed": {},
        **more,
    }
    return render(request, "web/form.html", context)
