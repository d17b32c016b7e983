"""`kill -9` of PostgreSQL while two write, one approves and one folds."""

from __future__ import annotations

import itertools
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection

from gonghui.config import embedded_postgres
from gonghui.config import postgres_process as system
from gonghui.kernel.ledger.fold import fold
from tests.fault import city
from tests.fault.processes import Child, Nursery, Say, main_processes, wait_for_the_server

pytestmark = pytest.mark.fault

ROSTERS = [f"名册{number}" for number in range(6)]
SIZE = 60


def stubbornly(work: Callable[[], Any], home: Path) -> Any:
    """The result of the work, begun again on a new connection as often as the server goes away."""
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            connection.close()
            wait_for_the_server(home)


def write_on(say: Say, home: Path, name: str) -> None:
    """One visit after the other until killed; one whose answer got lost is not written again."""
    for number in itertools.count():
        title = f"{name}-{number}"
        say(("tried", title))
        try:
            city.write_one(title, number)
        except (OperationalError, InterfaceError):
            connection.close()
            wait_for_the_server(home)
        else:
            say(("done", title))


def approve_on(say: Say, home: Path) -> None:
    """One roster after the other, each until nothing of it waits."""
    for name in ROSTERS:
        while stubbornly(lambda name=name: city.approve(name), home):
            say(("approved", name))


def fold_on(say: Say, home: Path) -> None:
    """Now some, now all, until killed."""
    for limit in itertools.cycle((7, None)):
        say(("folded", stubbornly(lambda limit=limit: fold(limit), home)))


def hand_in_all() -> None:
    for name in ROSTERS:
        city.hand_in(name, SIZE)


def kill_the_main_process(home: Path, _: random.Random) -> None:
    """The server is gone until a program that uses it starts it again."""
    server = embedded_postgres.status(home)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    embedded_postgres.ensure_running(home)


def kill_one_session(home: Path, chance: random.Random) -> None:
    """One that serves a program: the server throws out all the others and recovers by itself."""
    data = home / "postgres"
    sessions = [pid for pid in system.processes(data) if b"[local]" in system._words(pid)[0]]
    os.kill(chance.choice(sessions), signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_the_main_process, kill_one_session])
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    home: Path, nursery: Nursery, kill: Callable[[Path, random.Random], None]
) -> None:
    chance = random.Random(18)
    nursery.ask(hand_in_all)
    writers = [nursery.start(write_on, home, name) for name in ("甲", "乙")]
    folder = nursery.start(fold_on, home)
    approver = nursery.start(approve_on, home)
    for _ in range(2):
        for busy in (*writers, folder):
            wait_for_more(busy, chance.randint(1, 12))
        kill(home, chance)
        wait_for_the_server(home)
        assert len(main_processes(home)) == 1
        # A server that has lost a session lets one in for a moment before it throws out all.
        assert nursery.ask(stubbornly, city.look, home).troubles == []
    for busy in (*writers, folder):
        wait_for_more(busy, 2)
    approved = approver.result()
    folder.kill()
    said = [word for writer in writers for word in writer.kill()]
    found = nursery.ask(city.settle)
    assert (found.troubles, found.fresh) == ([], 0)
    assert [found.of(name) for name in ROSTERS] == [Counter(confirmed=SIZE)] * len(ROSTERS)
    assert len(approved) == len(set(approved)) <= len(ROSTERS)
    of_rosters = {f"{name}-{number}" for name in ROSTERS for number in range(SIZE)}
    written = set(found.states) - of_rosters
    tried, done = ({title for word, title in said if word == what} for what in ("tried", "done"))
    assert done <= written <= tried
    assert nursery.ask(city.counted)["sample.visits"] == len(of_rosters)


def wait_for_more(child: Child, more: int) -> None:
    already = len(child.heard())
    child.wait_until(lambda heard: len(heard) >= already + more)
