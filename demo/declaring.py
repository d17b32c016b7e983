"""The statutory count of members, and the older members with their names behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from demo import accounts
from demo.acting import Say
from demo.joining import opening_members
from demo.names import SynthPerson
from demo.opening import declared_members
from demo.plan import Union
from demo.world import World
from gonghui.base.money import split
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many, perform_many
from gonghui.lines.members.models import MemberDeclaration

CHUNK = 2_000


def declare(world: World, declared: Iterable[tuple[Union, int, int]]) -> None:
    """The statutory count of 2011 of every older union, filled in by the handlers."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for union, employees, members in declared:
        groups[union.unit].append(
            {
                "org": world.org(union),
                "year": 2011,
                "as_of": date(2011, 12, 31),
                "employees": employees,
                "female": employees * 3 // 10,
                "migrant": employees // 4,
                "members": members,
                "female_members": members * 3 // 10,
                "migrant_members": members // 4,
                "signed_by": "示例填报人",
            }
        )
    for unit, rows in groups.items():
        by = world.cast[accounts.handler(unit)]
        made = must(create_many(MemberDeclaration, rows, by=by))
        world.declarations[unit] = must(perform_many(made, "submit", by=by))


def review_declarations(world: World) -> None:
    """The counties check what was declared."""
    for unit, rows in world.declarations.items():
        by = world.cast[accounts.approver(unit)]
        world.declarations[unit] = must(perform_many(rows, "pass", by=by))


def lock_declarations(world: World) -> None:
    """The city locks; from now on the numbers count."""
    for rows in world.declarations.values():
        must(perform_many(rows, "lock", by=world.cast["zuzhibu"]))


def enter_many(world: World, how_many: int, say: Say) -> None:
    """Give the older unions real-name members in proportion to what they declared, set by set."""
    declared = [each for each in declared_members(world.city) if each[2] > 0]
    shares = split(how_many, [members for _, _, members in declared])
    waiting: list[tuple[Union, SynthPerson]] = []
    done = 0
    for (union, _, _), count in zip(declared, shares, strict=True):
        waiting += ((union, each) for each in world.newcomers.meet(union.unit, count))
        while len(waiting) >= CHUNK:
            opening_members(world, waiting[:CHUNK], SYSTEM)
            del waiting[:CHUNK]
            done += CHUNK
            if done % 50_000 < CHUNK:
                say(f"  已登记实名会员{done:,}人")
    opening_members(world, waiting, SYSTEM)
