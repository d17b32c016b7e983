"""What the dashboard shows to whom: lines of work name their key figures, a user may choose his own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger import catalogue
from gonghui.web import preferences

# Who answers for an organisation and all below it.
ROLES = (Role.LEADER, Role.DEPT, Role.COUNTY, Role.INDUSTRY, Role.STATION)
MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The key figures of a line of work, by code.

    The department that answers for them sees `more` too; the next level is compared in `compared`.
    """

    line: str
    tiles: tuple[str, ...]
    more: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()


# A line gets onto the dashboard by one entry here, made when its app is ready.
SECTIONS: list[Section] = []


def has_board(actor: Actor) -> bool:
    """Whether the actor's roles have a dashboard."""
    return actor.has_role(*ROLES)


def sections_for(user: User) -> list[Section]:
    """What a user sees, his department's own lines first, all figures of a section in its `tiles`.

    Where he has chosen figures himself these are his tiles, also of lines without a section.
    """
    chosen = [code for code in preferences.tiles_of(user) if catalogue.is_declared(code)]
    found = _chosen(chosen) if chosen else [_declared(one, user.department) for one in SECTIONS]
    return sorted(found, key=lambda one: not _is_of(user.department, one))


def _declared(section: Section, department: str) -> Section:
    more = section.more if _is_of(department, section) else ()
    return replace(section, tiles=section.tiles + more, more=())


def _chosen(codes: Sequence[str]) -> list[Section]:
    compared = {one.line: one.compared for one in SECTIONS}
    order = [one.line for one in SECTIONS]

    def place(code: str) -> tuple[int, str]:
        line = catalogue.line_of(code)
        return (order.index(line) if line in order else len(order), line)

    return [
        Section(line=line, tiles=tuple(members), compared=compared.get(line, ()))
        for (_, line), members in groupby(sorted(codes, key=place), key=place)
    ]


def _is_of(department: str, section: Section) -> bool:
    """Whether a department answers for the figures of a section."""
    return bool(department) and any(
        catalogue.indicator(code).owner == department for code in section.tiles
    )
