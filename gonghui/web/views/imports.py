"""Importing a sheet: uploading it, looking at what it would do, writing it, taking it back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.models import User
from gonghui.kernel.excel.template import how_to_fill
from gonghui.kernel.files.kinds import XLSX
from gonghui.kernel.imports import corrected, services
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.models import (
    ImportFile,
    ImportRow,
    ImportRun,
    RowOutcome,
    RunState,
    Undo,
)
from gonghui.kernel.imports.steps import parent_of
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may, require, roles_for
from gonghui.kernel.registers.registry import register_of
from gonghui.web.choosing import by_key
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.requests import actor_of_request, wants_part

LAST_RUNS = 10
SHOWN_ROWS = 50
COLOURS = {
    RunState.CHECKED: "yellow",
    RunState.DONE: "green",
    RunState.FAILED: "red",
    RunState.UNDONE: "secondary",
}


def _register(request: HttpRequest, key: str) -> Register:
    """A register with a sheet, which the user may import somewhere."""
    register = register_or_404(key)
    if register.import_sheet is None:
        raise Http404
    require(actor_of_request(request), "import", register)
    return register


def _run(request: HttpRequest, key: str, run: int) -> ImportRun:
    """A run in scope, over whose union the user may import."""
    register = _register(request, key)
    runs = ImportRun.objects.filter(register=key, pk=min(run, 2**63 - 1))
    found: ImportRun | None = runs.select_related("org").first()
    if found is None:
        raise Http404
    require(actor_of_request(request), "import", register, found.org_id)
    return found


def _home_orgs(actor: Actor, register: Register) -> list[Org]:
    """The unions at which the actor holds a role that may import, nearest to the ground first."""
    roles = roles_for("import", register)
    wanted = [held.org_id for held in actor.held if held.role in roles]
    return list(Org.objects.filter(pk__in=wanted).order_by("-path"))


def _only_home(actor: Actor, register: Register) -> Org | None:
    """The union that rows go to, where it can be no other."""
    roles = roles_for("import", register)
    reach = [held.org_ids for held in actor.held if held.role in roles]
    ids: frozenset[int] = frozenset().union(*(each or frozenset() for each in reach))
    return None if None in reach or len(ids) != 1 else Org.objects.filter(pk__in=ids).first()


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a sheet; what is uploaded is checked at once and nothing is written."""
    register = _register(request, key)
    actor = actor_of_request(request)
    parent = _parent(request, register, actor)
    only = parent.org if parent is not None else _only_home(actor, register)
    error = ""
    chosen = only or next(iter(_home_orgs(actor, register)), None)
    if request.method == "POST":
        given = by_key(Org.objects.all(), request.POST.get("org.pk", ""))
        chosen = only or given
        file = request.FILES.get("file")
        try:
            if file is None:
                raise DomainError("请先选择要导入的文件。")
            if chosen is None:
                raise DomainError("请从列表中选择数据所属的工会。")
            run = services.upload(
                register, file.name or "", file.read(), by=actor, org=chosen, parent=parent
            )
            run = services.check(run, by=actor)
            return redirect("web:import_run", key, run.pk)
        except DomainError as refused:
            error = refused.message
    context = {
        "register": register,
        "sheet": register.import_sheet,
        "headings": [(h.label, h.required, how_to_fill(h)) for h in Layout(register).headings],
        "parent": parent,
        "parent_href": record_url(register_of(parent), parent) if parent is not None else None,
        "only": only,
        "chosen": chosen,
        "error": error,
        "runs": [(run, _colour(run)) for run in _last_runs(actor, register)],
    }
    return render(request, "web/import_new.html", context)


def _parent(request: HttpRequest, register: Register, actor: Actor) -> Any:
    """The record that the query names, whose child rows are to come in; it may be changed by the user."""
    named = request.GET.get("in", "")
    if register.parent is None or not named.isdecimal() or len(named) > 18:
        return None
    link = register.model._meta.get_field(register.parent)
    return record_or_404(register_of(cast("Any", link.related_model)), int(named), actor, "change")


def _last_runs(actor: Actor, register: Register) -> list[ImportRun]:
    runs = ImportRun.objects.filter(register=register.key).select_related("org")[: LAST_RUNS * 3]
    return [run for run in runs if may(actor, "import", register, run.org_id)][:LAST_RUNS]


def _colour(run: ImportRun) -> str:
    return COLOURS.get(RunState(run.state), "blue")


@require_safe
def template(request: HttpRequest, key: str) -> HttpResponseBase:
    """The empty workbook to fill in."""
    register = _register(request, key)
    name = f"{Layout(register).sheet.title}模板.xlsx"
    return download(services.template_of(register), name, XLSX)


@require_safe
def run(request: HttpRequest, key: str, run: int) -> HttpResponse:
    """What a sheet would do or has done; while a step is under way htmx asks for the progress alone."""
    found = _run(request, key, run)
    if wants_part(request):
        response = render(request, "web/_import_progress.html", {"run": found, "register_key": key})
        if not found.is_moving:
            response["HX-Refresh"] = "true"
    else:
        response = render(request, "web/import_run.html", _context(request, key, found))
    patch_vary_headers(response, ("HX-Request",))
    return response


def _context(request: HttpRequest, key: str, run: ImportRun) -> dict[str, Any]:
    register = register_or_404(key)
    actor = actor_of_request(request)
    has_file = ImportFile.objects.filter(run=run).exists()
    written = ImportRow.objects.filter(run=run, version__isnull=False).exists()
    users = User.objects.in_bulk([run.uploaded_by, run.written_by, run.undone_by])
    stopped = run.state == RunState.FAILED
    is_barred = bool(run.refused_count and register.import_sheet and register.import_sheet.is_whole)
    parent = parent_of(run, Layout(register))
    return {
        "parent": parent,
        "parent_href": record_url(register_of(parent), parent) if parent is not None else None,
        "register": register,
        "register_key": key,
        "run": run,
        "colour": _colour(run),
        "uploader": users.get(run.uploaded_by or 0, ""),
        "writer": users.get(run.written_by or 0, ""),
        "undoer": users.get(run.undone_by or 0, ""),
        "good_count": run.new_count + run.changed_count,
        "preview": run.summary.get("preview") if not run.is_moving else None,
        "outcomes": dict(RowOutcome.choices),
        "refused": _page(request, run, outcome=RowOutcome.REFUSED) if not run.is_moving else None,
        "left": _page(request, run, undo=Undo.LEFT) if run.state == RunState.UNDONE else None,
        "has_file": has_file,
        "is_barred": is_barred,
        "may_write": has_file
        and not is_barred
        and (
            run.state == RunState.CHECKED
            or (stopped and run.step_before_failure == RunState.WRITING)
        ),
        "may_undo": written
        and (run.state == RunState.DONE or stopped)
        and may(actor, "void", register, run.org_id),
    }


def _page(request: HttpRequest, run: ImportRun, **which: Any) -> dict[str, Any]:
    """Some rows below the number that `after` names, and whether there are more."""
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 8 else 0
    rows = ImportRow.objects.filter(run=run, number__gt=start, **which).order_by("number")
    found = list(rows[: SHOWN_ROWS + 1])
    return {
        "rows": found[:SHOWN_ROWS],
        "next": found[SHOWN_ROWS - 1].number if len(found) > SHOWN_ROWS else None,
        "start": start,
    }


@require_POST
def write(request: HttpRequest, key: str, run: int) -> HttpResponse:
    """Write the good rows."""
    found = services.write_run(_run(request, key, run), by=actor_of_request(request))
    if found.state == RunState.DONE:
        messages.success(request, f"已写入：新增{found.new_count}条，修改{found.changed_count}条。")
    return redirect("web:import_run", key, run)


@require_POST
def undo(request: HttpRequest, key: str, run: int) -> HttpResponse:
    """Take back what was written."""
    found = services.undo(_run(request, key, run), by=actor_of_request(request))
    if found.state == RunState.UNDONE:
        messages.success(request, "已撤销。")
    return redirect("web:import_run", key, run)


@require_safe
def returned(request: HttpRequest, key: str, run: int) -> HttpResponseBase:
    """The user's own workbook with the reasons why rows were refused."""
    name, data = corrected.corrected_sheet(_run(request, key, run))
    return download(data, name, XLSX)
