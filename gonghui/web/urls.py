"""The addresses. Pages of registers begin with `r/<key>/`; every other page gives a reason.

Another module adds pages by `page(...)` in its own list of patterns; a test goes through all
addresses and fails on one that neither belongs to a register nor has a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from gonghui.web.views import (
    accounts,
    actions,
    asides,
    audit,
    bulk,
    choose,
    dashboard,
    edit,
    export,
    figures,
    files,
    help,
    imports,
    lists,
    login,
    notices,
    parameters,
    password,
    prints,
    queries,
    records,
    second_factor,
    todo,
)

View = Callable[..., HttpResponseBase]

# Why a page belongs to no register, by the name of its url.
REASONS: dict[str, str] = {}


def page(route: str, view: View, name: str, reason: str, **more: Any) -> URLPattern:
    """An address that belongs to no register, and why it does not."""
    REASONS[name] = reason
    return path(route, view, name=name, **more)


def of_register(route: str, view: View, name: str) -> URLPattern:
    """An address below `r/<key>/`; the view gets the register's key first."""
    return path(f"r/<str:key>/{route}", view, name=name)


app_name = "web"
urlpatterns = [
    page("", todo.home, "home", "the to-do list is made of tasks of all registers"),
    page("login/", login.login, "login", "before anybody is known"),
    page("logout/", login.logout, "logout", "ends the session"),
    page("password/", password.change, "password", "the user's own password"),
    page("second-factor/", second_factor.second_factor, "second_factor", "the user's own device"),
    page("me/", login.me, "me", "the user's own account, for the bar on telephones"),
    page("registers/", lists.directory, "directory", "all registers, for the bar on telephones"),
    page("choose/org/", choose.orgs, "choose_org", "finds an org for filters of any page"),
    page("notices/", notices.hanging, "notices", "what hangs in public, of all registers"),
    page("dashboard/", dashboard.dashboard, "dashboard", "key figures of all registers"),
    page("dashboard/tiles/", dashboard.tiles, "tiles", "a user's own choice of key figures"),
    page("dashboard/late/", dashboard.late, "late", "overdue tasks of all registers"),
    page("help/", help.contents, "help", "how the program is used"),
    page("help/<slug:name>/", help.page, "help_page", "how a line of work is done"),
    page("figures/", figures.directory, "figures", "the indicators of all registers"),
    page("figures/query/", queries.query, "query", "several indicators of any registers at once"),
    page("figures/query/saved/", queries.saved, "query_saved", "a user's own queries"),
    page("figures/query/export/", queries.export, "query_export", "the same as a workbook"),
    page("figures/<str:code>/", figures.figure, "figure", "one indicator of any register"),
    page(
        "figures/<str:code>/records/",
        figures.records,
        "figure_records",
        "the records behind a figure, in the list of whichever register declares it",
    ),
    page(
        "figures/<str:code>/export/",
        figures.export,
        "figure_export",
        "the same records as a workbook",
    ),
    page("accounts/", accounts.accounts, "accounts", "accounts are no records"),
    page("accounts/new/", accounts.new, "account_new", "as above"),
    page("accounts/choose/org/", accounts.choose_org, "account_orgs", "finds an org to look after"),
    page("accounts/events/", audit.events, "account_events", "traces of logins are no records"),
    page("accounts/reveals/", audit.reveals, "reveal_events", "traces of reading are no records"),
    page("accounts/<int:pk>/", accounts.account, "account", "as above"),
    page("accounts/<int:pk>/edit/", accounts.change, "account_edit", "as above"),
    page("accounts/<int:pk>/roles/", accounts.give, "account_give", "roles are no records"),
    page("accounts/<int:pk>/roles/<int:grant>/end/", accounts.end, "account_end", "as above"),
    page("accounts/<int:pk>/do/<str:action>/", accounts.act, "account_act", "acts on an account"),
    page(
        "accounts/<int:pk>/keys/<int:token>/end/",
        accounts.end_token,
        "account_token_end",
        "keys for programs are no records",
    ),
    page("parameters/", parameters.parameters, "parameters", "dated parameters are no records"),
    page("parameters/holidays/", parameters.holidays, "holidays", "the working calendar"),
    page("parameters/<str:code>/", parameters.parameter, "parameter", "as above"),
    page(
        "parameters/<str:code>/withdraw/<int:pk>/",
        parameters.withdraw,
        "parameter_withdraw",
        "as above",
    ),
    of_register("", lists.rows, "list"),
    of_register("new/", edit.new, "new"),
    of_register("choose/<str:field>/", choose.candidates, "choose"),
    of_register("bulk/", bulk.bulk, "bulk"),
    of_register("export/", export.export, "export"),
    of_register("import/", imports.upload, "import"),
    of_register("import/template/", imports.template, "import_template"),
    of_register("import/<int:run>/", imports.run, "import_run"),
    of_register("import/<int:run>/write/", imports.write, "import_write"),
    of_register("import/<int:run>/undo/", imports.undo, "import_undo"),
    of_register("import/<int:run>/returned/", imports.returned, "import_returned"),
    of_register("views/", asides.views, "views"),
    of_register("columns/", asides.columns, "columns"),
    of_register("<int:pk>/", records.record, "record"),
    of_register("<int:pk>/edit/", edit.change, "edit"),
    of_register("<int:pk>/do/<str:action>/", actions.perform, "do"),
    of_register("<int:pk>/void/", actions.void, "void"),
    of_register("<int:pk>/reveal/<str:field>/", records.reveal, "reveal"),
    of_register("<int:pk>/notices/<int:notice>/print/", notices.document, "notice_print"),
    of_register("<int:pk>/notices/<int:notice>/object/", notices.take, "notice_object"),
    of_register("<int:pk>/objections/<int:objection>/", notices.answer, "notice_answer"),
    of_register("print/<int:index>/", prints.roster, "print_list"),
    of_register("<int:pk>/print/<int:index>/", prints.form, "print"),
    of_register("<int:pk>/files/", files.add, "files"),
    of_register("<int:pk>/files/<int:file>/", files.read, "file"),
    of_register("<int:pk>/files/<int:file>/remove/", files.drop, "file_drop"),
    of_register("<int:pk>/handover/<int:position>/", actions.handover, "handover"),
]
