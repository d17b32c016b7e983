"""Who does what in the demonstration city, and when it is recorded."""

from __future__ import annotations

import time as stopwatch
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.parameters.values import remembered
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule

Say = Callable[[str], None]
Step = Callable[[], None]


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day in the city's own time."""
    return datetime.combine(day, time(hour, minute), clock.ZONE)


class Cast:
    """The accounts as actors; `forget` them after organisations came into being."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._actors: dict[str, Actor] = {}

    def join(self, users: Iterable[User]) -> None:
        """Let accounts act."""
        self._users |= {user.username: user for user in users}

    def forget(self) -> None:
        """Reach of the roles is looked up anew."""
        self._actors.clear()

    def __getitem__(self, username: str) -> Actor:
        if username not in self._actors:
            self._actors[username] = actor_of(self._users[username])
        return self._actors[username]


@dataclass(slots=True)
class Timeline:
    """Steps in the order of their moments; each runs with the clock standing at its moment."""

    steps: list[tuple[datetime, int, str, Step]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, when: datetime, what: str, step: Step) -> None:
        """Do something at a moment; steps of one moment keep their order."""
        self.steps.append((when, len(self.steps), what, step))

    def run(self) -> None:
        """Do everything that was added, and note how long each kind of step took."""
        for when, _, what, step in sorted(self.steps, key=lambda each: each[:2]):
            started = stopwatch.perf_counter()
            with clock.at(when), remembered():
                step()
            self.seconds[what] += stopwatch.perf_counter() - started

    def slowest(self, count: int = 8) -> list[str]:
        """The kinds of steps that took longest, for the report of the loader."""
        ordered = sorted(self.seconds.items(), key=lambda each: -each[1])
        return [f"{what} {seconds:.1f}秒" for what, seconds in ordered[:count]]


__all__ = ["Cast", "Say", "Timeline", "acting", "by_rule", "moment", "must"]
