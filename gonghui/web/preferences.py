"""What a user has set up for himself: the columns of a list, and views he has saved."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.accounts.models import User
from gonghui.kernel.registers.declare import Register

MOST_VIEWS = 20
LONGEST_NAME = 30


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


def views_of(user: User, register: Register) -> list[dict[str, str]]:
    """The saved views of a list: each a name and a query string."""
    found = _of(user, "views").get(register.key, [])
    return [view for view in found if isinstance(view, dict) and {"name", "query"} <= view.keys()]


def save_view(user: User, register: Register, name: str, query: str) -> None:
    """Keep a query string under a name; the same name is replaced."""
    name = name.strip()[:LONGEST_NAME]
    if not name:
        raise DomainError("请给这个视图起个名字。", field="name")
    others = [view for view in views_of(user, register) if view["name"] != name]
    if len(others) >= MOST_VIEWS:
        raise DomainError(f"每个台账最多保存{MOST_VIEWS}个视图，请先删除不用的。", field="name")
    views = [*others, {"name": name, "query": query[:2000]}]
    _keep(user, "views", {**_of(user, "views"), register.key: views})


def drop_view(user: User, register: Register, name: str) -> None:
    """Forget a saved view."""
    views = [view for view in views_of(user, register) if view["name"] != name]
    _keep(user, "views", {**_of(user, "views"), register.key: views})
