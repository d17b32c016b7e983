"""Jobs that run at the same moment, each on a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from django.db import connection, connections

PATIENCE = 30
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


class Rival:
    """A job in a thread; its result is what it returned or the error it raised."""

    def __init__(self, job: Callable[[], Any]) -> None:
        self._job = job
        self._result: Any = None
        context = copy_context()  # the clock and the actor of the test
        self._thread = threading.Thread(target=context.run, args=(self._run,), daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._job()
        except Exception as error:  # noqa: BLE001 - the test judges it
            self._result = error
        finally:
            connections.close_all()

    @property
    def is_running(self) -> bool:
        """Whether the job has not come to its end."""
        return self._thread.is_alive()

    def result(self) -> Any:
        """What came of it; it must come to an end."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "still waiting"
        return self._result


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What came of each job, all begun at the same moment."""
    start = threading.Barrier(len(jobs))

    def after_start(job: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return job()

        return run

    return [rival.result() for rival in [Rival(after_start(job)) for job in jobs]]


class Stop:
    """Holds a job just before a statement for the first time, until it may go on."""

    def __init__(self, statement: str) -> None:
        self._statement = statement
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def before(self, job: Callable[[], Any]) -> Callable[[], Any]:
        """The job that stops there."""

        def run() -> Any:
            with connection.execute_wrapper(self._hold):
                return job()

        return run

    def _hold(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if self._statement in sql and not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(PATIENCE)
        return execute(sql, params, many, context)


@contextmanager
def held(job: Callable[[], Any], before: str) -> Iterator[Rival]:
    """The job, stopped before a statement for as long as the block lasts."""
    stop = Stop(before)
    rival = Rival(stop.before(job))
    try:
        assert stop.reached.wait(PATIENCE), rival.result()
        yield rival
    finally:
        stop.go_on.set()


def wait_until_blocked(rival: Rival) -> None:
    """Return when the job waits for a lock, or has come to its end."""
    pause = threading.Event()
    for _ in range(PATIENCE * 100):
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] or not rival.is_running:
                return
        pause.wait(0.01)
    raise AssertionError("neither waits nor ends")
