"""Processes that work on a home's database and can be killed without a warning."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections

from gonghui.config import embedded_postgres
from gonghui.config import postgres_process as system
from gonghui.config.database import database_settings
from gonghui.kernel.ledger import catalogue

# A forked process has Django loaded already; it opens a connection of its own.
_forking = multiprocessing.get_context("fork")
PATIENCE = 300.0  # seconds; only a test that fails waits them out

Say = Callable[[Any], None]
Work = Callable[..., None]


class Child:
    """A process that works and says things; what it said before it was killed has arrived."""

    def __init__(self, process: Any, ear: Connection) -> None:
        self._process = process
        self._ear = ear
        self._heard: list[Any] = []
        self._is_deaf = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._process.pid)

    def heard(self) -> list[Any]:
        """What it has said up to now."""
        while not self._is_deaf and self._ear.poll(0):
            self._listen()
        return self._heard

    def wait_until(self, enough: Callable[[list[Any]], bool]) -> None:
        """Listen until it has said enough, or until it is dead."""
        while not enough(self._heard) and not self._is_deaf:
            assert self._ear.poll(PATIENCE), "the process is silent"
            self._listen()

    def kill(self) -> list[Any]:
        """Kill it at once; everything it said comes back."""
        os.kill(self.pid, signal.SIGKILL)
        return self.last_words()

    def last_words(self) -> list[Any]:
        """Everything it said until it was dead; it must have been killed."""
        return self._until_end(-signal.SIGKILL)

    def result(self) -> list[Any]:
        """Everything it said until it ended well."""
        return self._until_end(0)

    def whatever_came(self) -> list[Any]:
        """Everything it said until it ended well or was killed."""
        return self._until_end(0, -signal.SIGKILL)

    def put_down(self) -> None:
        """Make sure that it is gone."""
        self._process.kill()
        self._process.join()

    def _until_end(self, *allowed: int) -> list[Any]:
        self.wait_until(lambda _: False)
        self._process.join(PATIENCE)
        assert self._process.exitcode in allowed
        return self._heard

    def _listen(self) -> None:
        try:
            self._heard.append(self._ear.recv())
        except (EOFError, OSError):  # a word that was cut short was not said
            self._is_deaf = True


class Nursery:
    """Starts processes on the server of a home; those still alive at the end are killed."""

    def __init__(self, home: Path, unblock: Callable[[], AbstractContextManager[None]]) -> None:
        # Asked once: a server that is just recovering from a crash is left alone.
        self._url = embedded_postgres.ensure_running(home).url
        self._unblock = unblock
        self._children: list[Child] = []

    def start(self, work: Work, *arguments: Any) -> Child:
        """A process that does `work(say, *arguments)`."""
        ear, mouth = _forking.Pipe(duplex=False)
        process = _forking.Process(target=self._live, args=(mouth, work, arguments))
        process.start()
        mouth.close()
        child = Child(process, ear)
        self._children.append(child)
        return child

    def ask(self, question: Callable[..., Any], *arguments: Any) -> Any:
        """What a function returns in a process of its own."""
        (answer,) = self.start(_answer, question, arguments).result()
        return answer

    def close(self) -> None:
        """Kill what is left."""
        for child in self._children:
            child.put_down()

    def _live(self, mouth: Connection, work: Work, arguments: tuple[Any, ...]) -> None:
        connections.settings["default"].update(database_settings({"DATABASE_URL": self._url}))
        _ = connections["default"]
        del connections["default"]
        catalogue.forget_ids()
        with self._unblock():
            work(mouth.send, *arguments)
            connection.close()


def _answer(say: Say, question: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    say(question(*arguments))


def wait_for_the_server(home: Path) -> None:
    """Wait until the server of a home lets programs in."""
    assert system.wait_for(lambda: _lets_in(home), PATIENCE)


def _lets_in(home: Path) -> bool:
    server = embedded_postgres.status(home)
    if server is None:
        return False
    try:
        psycopg.connect(server.url).close()
    except psycopg.OperationalError:
        return False
    return True


def main_processes(home: Path) -> list[int]:
    """The main processes of servers on a home's data; one they have just forked still looks alike."""
    data = home / "postgres"
    alike = [pid for pid in system.processes(data) if system.is_server(pid, data)]
    return [pid for pid in alike if _parent(pid) not in alike]


def _parent(pid: int) -> int:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return 0
    return int(facts.rpartition(")")[2].split()[1])


def die_at(statement: int) -> Callable[..., Any]:
    """An `execute_wrapper` that kills its own process before the n-th statement, counted from 0."""
    met = iter(range(statement))

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if next(met, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    return wrapper


def die_within(seconds: float) -> None:
    """Kill this process after a while, wherever it is then."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    timer.daemon = True
    timer.start()


def die_around_commit(*, after: bool) -> None:
    """Kill this process just before its next commit is sent, or just after it was confirmed."""
    commit = connection._commit

    def commit_and_die() -> None:
        if after:
            commit()
        os.kill(os.getpid(), signal.SIGKILL)

    connection._commit = commit_and_die
