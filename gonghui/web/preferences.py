"""What a user has set up for himself: columns of lists, tiles of the dashboard, views of pages.

A view is a query string under a name; it is of a place, the key of a register or the name of a page.
One that is shared is offered to whoever works in the same department of the same union; from an
account without a department, as counties have, to everybody of the union.
"""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.accounts.models import User
from gonghui.kernel.registers.declare import Register

MOST_VIEWS = 20
LONGEST_NAME = 30
LONGEST_QUERY = 2000


def _of(user: User, kind: str) -> dict[str, Any]:
    found = user.preferences.get(kind)
    return dict(found) if isinstance(found, dict) else {}


def _keep(user: User, kind: str, values: dict[str, Any]) -> None:
    user.preferences = {**user.preferences, kind: values}
    user.save(update_fields=["preferences"])


def possible_columns(register: Register) -> list[str]:
    """The fields a list may show: the declared columns, then the other fields of the form."""
    names = [*register.columns, *register.form_fields]
    if register.workflow is not None:
        names.append("state")
    return list(dict.fromkeys(names))


def chosen_columns(user: User, register: Register) -> list[str]:
    """The columns the user has chosen, otherwise the declared ones."""
    chosen = _of(user, "columns").get(register.key)
    possible = possible_columns(register)
    kept = [name for name in possible if isinstance(chosen, list) and name in chosen]
    return kept or list(register.columns)


def choose_columns(user: User, register: Register, names: list[str]) -> None:
    """Keep a choice of columns; an empty one goes back to the declared ones."""
    kept = {**_of(user, "columns"), register.key: names}
    if not names:
        kept.pop(register.key)
    _keep(user, "columns", kept)


def views_of(user: User, place: str) -> list[dict[str, str]]:
    """The saved views of a place: each a name and a query string, and whether it is shared."""
    found = _of(user, "views").get(place, [])
    return [view for view in found if isinstance(view, dict) and {"name", "query"} <= view.keys()]


def views_of_office(user: User, place: str) -> list[dict[str, str]]:
    """What the colleagues of the same department share, each with its owner's name."""
    if user.org_id is None:
        return []
    colleagues = User.objects.filter(
        org=user.org_id, department__in={user.department, ""}, is_active=True
    ).exclude(pk=user.pk)
    return [
        {**view, "owner": str(other)}
        for other in colleagues.order_by("pk")
        for view in views_of(other, place)
        if view.get("shared")
    ]


def sharing_label(user: User) -> str:
    """Whom the user shares a view with, as its tick says; empty where there is nobody."""
    if user.org_id is None:
        return ""
    return f"与{'本部室' if user.department else '本单位'}的同事共享"


def save_view(user: User, place: str, name: str, query: str, *, shared: bool = False) -> None:
    """Keep a query string under a name; the same name is replaced."""
    name = name.strip()[:LONGEST_NAME]
    if not name:
        raise DomainError("请起个名字。", field="name")
    others = [view for view in views_of(user, place) if view["name"] != name]
    if len(others) >= MOST_VIEWS:
        raise DomainError(f"这里最多保存{MOST_VIEWS}个，请先删除不用的。", field="name")
    if len(query) > LONGEST_QUERY:
        raise DomainError("选的内容太多，保存不下，请减少一些。", field="query")
    view = {"name": name, "query": query, **({"shared": "1"} if shared else {})}
    _keep(user, "views", {**_of(user, "views"), place: [*others, view]})


def drop_view(user: User, place: str, name: str) -> None:
    """Forget a saved view."""
    views = [view for view in views_of(user, place) if view["name"] != name]
    _keep(user, "views", {**_of(user, "views"), place: views})


def tiles_of(user: User) -> list[str]:
    """The figures that the user has chosen for his dashboard, by code; none if he has not."""
    found = user.preferences.get("tiles")
    return [code for code in found if isinstance(code, str)] if isinstance(found, list) else []


def choose_tiles(user: User, codes: list[str]) -> None:
    """Keep a choice of figures for the dashboard; an empty one goes back to what lines show."""
    user.preferences = {**user.preferences, "tiles": codes}
    user.save(update_fields=["preferences"])
