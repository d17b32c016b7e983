"""The menu: pages of the program first, then the registers that the user may view, by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.urls import reverse

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.catalogue import line_of
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import all_registers
from gonghui.web.cards import has_board


def everybody(actor: Actor) -> bool:
    """For every user."""
    return True


def workers(actor: Actor) -> bool:
    """For users with a role that opens records."""
    return bool(actor.working)


def holders(*roles: Role) -> Callable[[Actor], bool]:
    """For users who hold one of some roles."""
    return lambda actor: actor.has_role(*roles)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu: its label, the name of its url, an icon of Font Awesome, who sees it.

    A line's page stands with the line's registers, but for one that `at_top` is wanted every day.
    `on_phone` puts it into the bar at the foot of a telephone's screen, which has room for four.
    """

    label: str
    name: str
    icon: str
    shown_to: Callable[[Actor], bool] = everybody
    on_phone: bool = False
    at_top: bool = False

    @property
    def line(self) -> str:
        """The line of work whose page it is; none of the program's own pages."""
        line = self.name.partition(":")[0]
        return "" if line == "web" else line

    @property
    def href(self) -> str:
        """Its address."""
        return reverse(self.name)


# A page gets into the menu by one line here.
ENTRIES: list[Entry] = [
    Entry("待办", "web:home", "fa-list-check", everybody, on_phone=True),
    Entry("看板", "web:dashboard", "fa-gauge-high", has_board, on_phone=True),
    Entry("指标", "web:figures", "fa-chart-column", workers, on_phone=True),
    Entry("公示", "web:notices", "fa-bullhorn", workers),
    Entry("账号", "web:accounts", "fa-users-gear", holders(Role.SECURITY_ADMIN), on_phone=True),
    Entry(
        "审计", "web:account_events", "fa-clipboard-check", holders(Role.AUDIT_ADMIN), on_phone=True
    ),
    Entry("参数", "web:parameters", "fa-sliders", everybody),
    Entry("帮助", "web:help", "fa-circle-question", everybody),
]


@dataclass(frozen=True, slots=True)
class Group:
    """A line of work with its pages and registers."""

    key: str
    title: str
    pages: tuple[Entry, ...]
    registers: tuple[Register, ...]


def title_of_line(line: str) -> str:
    """The Chinese name of a line: that of its app."""
    try:
        return str(apps.get_app_config(line).verbose_name)
    except LookupError:
        return line


def indicators_by_line() -> list[tuple[str, list[Indicator]]]:
    """All indicators under the names of their lines of work, to choose from."""
    found = sorted(catalogue.all_indicators(), key=lambda one: (line_of(one.code), one.name))
    return [
        (title_of_line(line), list(members))
        for line, members in groupby(found, key=lambda one: line_of(one.code))
    ]


def entries_for(actor: Actor) -> list[Entry]:
    """The pages that stand above the lines of work in the actor's menu."""
    return [entry for entry in ENTRIES if _is_above(entry) and entry.shown_to(actor)]


def _is_above(entry: Entry) -> bool:
    return entry.at_top or not entry.line


def groups_for(actor: Actor) -> list[Group]:
    """The registers and pages of lines that the actor may view, by line."""
    registers: dict[str, list[Register]] = defaultdict(list)
    for register in all_registers():
        if register.in_menu and register.parent is None and may(actor, "view", register):
            registers[register.line].append(register)
    pages: dict[str, list[Entry]] = defaultdict(list)
    for entry in ENTRIES:
        if not _is_above(entry) and entry.shown_to(actor):
            pages[entry.line].append(entry)
    return [
        Group(line, title_of_line(line), tuple(pages[line]), tuple(registers[line]))
        for line in dict.fromkeys([*registers, *pages])
    ]
