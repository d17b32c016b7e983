"""What the dashboard shows to whom: indicators by code, so that this module knows no line of work.

A code whose line is not installed is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The figures of the tiles, and those in which the next level is compared."""

    tiles: tuple[str, ...]
    compared: tuple[str, ...]


_ORGANISING = ("orgs.new_unions", "members.new", "orgs.covered_units", "members.total")
_TERMS = ("orgs.term_due_90", "orgs.term_overdue")

_BELOW_THE_CITY = Board(
    tiles=(
        *_ORGANISING,
        "orgs.basic_unions",
        *_TERMS,
        "members.transfers_in",
        "aid.files",
        "bargaining.covered_units",
    ),
    compared=("orgs.new_unions", "members.new", "orgs.covered_units", "orgs.term_overdue"),
)
# The first role that somebody holds decides.
BOARDS: dict[Role, Board] = {
    Role.LEADER: Board(
        tiles=(*_ORGANISING, "members.join_rate", "orgs.area_coverage", *_TERMS),
        compared=("orgs.new_unions", "members.new", "orgs.covered_units", "members.total"),
    ),
    Role.DEPT: Board(
        tiles=(
            *_ORGANISING,
            "orgs.basic_unions",
            "orgs.over25_coverage",
            "members.realname_rate",
            *_TERMS,
            "members.dup_open",
        ),
        compared=(*_ORGANISING, "orgs.term_overdue"),
    ),
    Role.COUNTY: _BELOW_THE_CITY,
    Role.INDUSTRY: _BELOW_THE_CITY,
    Role.STATION: _BELOW_THE_CITY,
}


def board_of(actor: Actor) -> Board | None:
    """The dashboard of an actor, if his roles have one."""
    return next((board for role, board in BOARDS.items() if actor.has_role(role)), None)


def installed(codes: tuple[str, ...]) -> list[Indicator]:
    """The indicators of the codes that exist here."""
    known = {one.code: one for one in catalogue.all_indicators()}
    return [known[code] for code in codes if code in known]
