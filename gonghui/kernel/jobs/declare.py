"""Declaring background work: jobs that somebody asks for, and periodic ones.

A job runs at least once: a worker may be killed in it and the next one starts it again. What is
declared here must therefore come out the same when it is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User

# The hours of these are in universal time, eight behind Shanghai.
EVERY_FEW_SECONDS = "* * * * * */5"
EVERY_MINUTE = "* * * * *"
DAILY = "10 22 * * *"
NIGHTLY = "30 17 * * *"

Work = TypeVar("Work", bound=Callable[..., object])

# Asks the worker whether the job in hand should come to its end; set while a worker runs a job.
asked_to_stop: ContextVar[Callable[[], bool]] = ContextVar("asked_to_stop", default=lambda: False)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is asked for by name; its arguments travel as JSON."""

    name: str
    work: Callable[..., object]

    def later(self, *, by: Actor, once: str = "", **arguments: Any) -> None:
        """Put it on the queue as part of the current transaction, to be done in the actor's scope.

        Of jobs with the same `once` only one waits and only one runs at a time.
        """
        if by.user_id is None and not by.is_system:
            raise ValueError("only an account or the system can ask for a job")
        deferred = queue.configure_task(
            self.name,
            allow_unknown=True,
            lock=once or None,
            queueing_lock=once or None,
        )
        try:
            with transaction.atomic():
                deferred.defer(user_id=by.user_id, arguments=arguments)
        except AlreadyEnqueued:
            return  # what waits will do it


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes back by itself: `every` is a cron line, with seconds as the sixth column."""

    name: str
    every: str
    work: Callable[[], object]


_jobs: dict[str, Job] = {}
_periodic: dict[str, Periodic] = {}


def job(name: str) -> Callable[[Callable[..., object]], Job]:
    """Declare a function as a job; it runs in the scope of whoever asked for it.

    The function is then called through the job: `write.later(by=actor, run_id=7)`.
    """

    def declare(work: Callable[..., object]) -> Job:
        _refuse_twice(name)
        _jobs[name] = Job(name, work)
        return _jobs[name]

    return declare


def periodic(name: str, every: str) -> Callable[[Work], Work]:
    """Declare a function without arguments as work that the system does every so often."""

    def declare(work: Work) -> Work:
        _refuse_twice(name)
        _periodic[name] = Periodic(name, every, work)
        return work

    return declare


def _refuse_twice(name: str) -> None:
    if name in _jobs or name in _periodic:
        raise ValueError(f"{name}: job is already declared")


def all_jobs() -> tuple[Job, ...]:
    """Every declared job."""
    return tuple(_jobs.values())


def all_periodic() -> tuple[Periodic, ...]:
    """All work that comes back by itself."""
    return tuple(_periodic.values())


def run_job(name: str, user_id: int | None, arguments: Mapping[str, Any]) -> None:
    """Do a job now as the user has his roles today; nobody means the system."""
    actor = SYSTEM if user_id is None else actor_of(User.objects.get(pk=user_id))
    with acting(actor):
        _jobs[name].work(**arguments)


def run_periodic(name: str) -> None:
    """Do periodic work now, as the system."""
    with acting(SYSTEM):
        _periodic[name].work()


def stopping() -> bool:
    """Whether the worker is about to stop: long work then puts its rest on the queue and returns."""
    return asked_to_stop.get()()
