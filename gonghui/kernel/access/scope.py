"""The scope in force: who acts and which orgs' rows exist.

Rows outside the scope do not exist for queries, counts, updates and prefetches. The condition is
written when the query runs, so querysets may be built at import time but not run without a scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from gonghui.kernel.access.roles import ADMINISTRATORS, Role


class ScopeMissing(RuntimeError):
    """A scoped query ran although nobody acts: a bug, not a user's error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role held at an org; `org_ids` is its subtree, None means the whole city."""

    role: Role
    org_id: int
    org_ids: frozenset[int] | None

    def reaches(self, org_id: int | None) -> bool:
        """Whether an org lies in the subtree of this role."""
        return self.org_ids is None or org_id in self.org_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a user with the roles he holds today, or the system itself.

    `department` is the one of the city's departments that he works in, if it was noted.
    """

    user_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    is_system: bool = False
    department: str = ""

    def has_role(self, *roles: Role, over: int | None = None) -> bool:
        """Whether he holds one of the roles, over an org if one is named."""
        if self.is_system:
            return True
        return any(
            held.role in roles and (over is None or held.reaches(over)) for held in self.held
        )

    @property
    def whole_city(self) -> bool:
        """Whether every row exists for him."""
        return self.is_system or any(held.org_ids is None for held in self.working)

    @property
    def org_ids(self) -> frozenset[int]:
        """The orgs whose rows exist for him, where that is not the whole city."""
        return frozenset().union(*(held.org_ids or frozenset() for held in self.working))

    @property
    def working(self) -> tuple[Held, ...]:
        """The roles that open records; administrators' roles do not."""
        return tuple(held for held in self.held if held.role not in ADMINISTRATORS)


SYSTEM = Actor(user_id=None, name="系统", is_system=True)

_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


def current_actor() -> Actor:
    """Who acts now; raises ScopeMissing where nobody does."""
    actor = _acting.get()
    if actor is None:
        raise ScopeMissing("no scope is in force: use acting(actor)")
    return actor


def actor_or_none() -> Actor | None:
    """Who acts now, if anybody."""
    return _acting.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Put an actor's scope in force."""
    token = _acting.set(actor)
    try:
        yield actor
    finally:
        _acting.reset(token)
