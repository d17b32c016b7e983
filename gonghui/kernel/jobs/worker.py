"""The worker: does what is on the queue until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Mapping
from functools import partial
from typing import Any

import psycopg
from django.utils.module_loading import autodiscover_modules
from procrastinate import App, JobContext
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from gonghui.kernel.jobs import declare

# Beside a long import there is room for what has to be done every few seconds.
CONCURRENCY = 3
# A computer that was off at night does its nightly work when it comes on.
CATCH_UP_SECONDS = 23 * 3600
STALLED_SECONDS = 60
# A job that took its worker down this often is given up.
HIGHEST_ATTEMPTS = 5
KEEP_FAILED_HOURS = 30 * 24
GRACE_SECONDS = 1.0
PAUSE_SECONDS = 2.0

logger = logging.getLogger(__name__)


def work() -> int:
    """Do background work until SIGTERM or SIGINT; survives the loss of the database. The exit code."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    asyncio.run(_keep_working())
    return 0


async def _keep_working() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    asked = asyncio.create_task(stopped.wait())
    while not stopped.is_set():
        running = asyncio.create_task(_work_once())
        await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            running.cancel()
        try:
            await running
        except asyncio.CancelledError:
            break
        except (ConnectorException, psycopg.Error, OSError) as error:
            logger.warning("worker lost the database: %s", type(error).__name__)
        await asyncio.wait({asked}, timeout=PAUSE_SECONDS)


async def _work_once() -> None:
    """Until cancelled, or until the database goes away: the queue then ends without an error."""
    app = build_app()
    async with app.open_async():
        await app.run_worker_async(
            concurrency=CONCURRENCY,
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs="successful",
        )


def build_app() -> App:
    """The queue as a worker sees it, with every job declared in the apps' `jobs.py`."""
    autodiscover_modules("jobs")
    app = DjangoApp(
        connector=DjangoConnector().get_worker_connector(),
        periodic_defaults={"max_delay": CATCH_UP_SECONDS},
    )
    for job in declare.all_jobs():
        app.task(name=job.name, pass_context=True)(partial(_run_job, job.name))
    for each in declare.all_periodic():
        _add_periodic(app, each)
    _add_housekeeping(app)
    return app


def _run_job(
    name: str, context: JobContext, *, user_id: int | None, arguments: Mapping[str, Any]
) -> None:
    token = declare.asked_to_stop.set(context.should_abort)
    try:
        declare.run_job(name, user_id, arguments)
    finally:
        declare.asked_to_stop.reset(token)


def _add_periodic(app: App, each: declare.Periodic) -> None:
    def run(timestamp: int) -> None:
        declare.run_periodic(each.name)

    task = app.task(name=each.name, lock=each.name, queueing_lock=each.name)(run)
    app.periodic(cron=each.every)(task)


def _add_housekeeping(app: App) -> None:
    manager = app.job_manager

    # Without a lock: it must run even where a worker was killed in it.
    @app.periodic(cron=declare.EVERY_MINUTE)
    @app.task(name="jobs.free_stalled", queueing_lock="jobs.free_stalled")
    async def free_stalled(timestamp: int) -> None:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            if job.attempts >= HIGHEST_ATTEMPTS:
                logger.error("job %s of %s is given up", job.id, job.task_name)
                await manager.finish_job(job, status=Status.FAILED, delete_job=False)
                continue
            try:
                await manager.retry_job(job)
            except UniqueViolation:  # its successor waits already and will do the same
                await manager.finish_job(job, status=Status.ABORTED, delete_job=True)

    @app.periodic(cron=declare.NIGHTLY)
    @app.task(name="jobs.forget_old", queueing_lock="jobs.forget_old")
    async def forget_old(timestamp: int) -> None:
        await manager.delete_old_jobs(
            nb_hours=KEEP_FAILED_HOURS,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )
