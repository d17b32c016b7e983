"""What the dashboard shows to whom: lines of work name their key figures, a user may choose his own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    A line stands before those with a higher `order`.
    """

    line: str
    order: int = 1000
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
    return sorted(found, key=lambda one: (not _is_of(user.department, one), one.order))


def _declared(section: Section, department: str) -> Section:
    more = section.more if _is_of(department, section) else ()
    return replace(section, tiles=section.tiles + more, more=())


def _chosen(codes: Sequence[str]) -> list[Section]:
    """The figures under the lines that show them, else under those that declare them."""
    of_line = {section.line: section for section in SECTIONS}
    shown_by = {code: one.line for one in SECTIONS for code in (*one.tiles, *one.more)}
    usual = {code: place for place, code in enumerate(shown_by)}
    by_line: dict[str, list[str]] = defaultdict(list)
    for code in sorted(codes, key=lambda code: usual.get(code, len(usual))):
        by_line[shown_by.get(code) or catalogue.line_of(code)].append(code)
    return [
        replace(of_line.get(line, Section(line=line, tiles=())), tiles=tuple(own), more=())
        for line, own in by_line.items()
    ]


def _is_of(department: str, section: Section) -> bool:
    """Whether a department answers for the figures of a section."""
    return bool(department) and any(
        catalogue.indicator(code).owner == department for code in section.tiles
    )
