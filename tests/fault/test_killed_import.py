"""Processes that are killed in the middle: nothing is written twice and nothing half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import date

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import ImportFile, ImportRow, ImportRun
from gonghui.kernel.jobs.declare import Job
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.write import create
from tests.kernel.excel.makers import workbook
from tests.kernel.ledger.test_rivals import sweep
from tests.support.orgs import actor_with, small_city
from tests.support.queue import committed, real_queue  # noqa: F401  fixtures
from tests.support.sample.models import Visit

pytestmark = pytest.mark.fault

ROWS = 240
CHUNK = 20
BEGIN = "import django; django.setup(); "
GO_ON = (
    BEGIN + "from gonghui.kernel.imports import services, steps; "
    f"steps.CHUNK = {CHUNK}; services.go_on({{run}})"
)
WORK = (
    BEGIN + "from gonghui.kernel.jobs import declare, worker; declare._periodic.clear(); "
    "declare.job('test.say')(lambda word: print(word, flush=True)); "
    "worker.PAUSE_SECONDS = 0.2; raise SystemExit(worker.work())"
)


def started(program: str, **more: object) -> subprocess.Popen[str]:
    """A program of ours on the test's database."""
    made = connection.settings_dict
    address = make_conninfo(
        user=made["USER"],
        password=made["PASSWORD"] or None,
        host=made["HOST"] or None,
        port=made["PORT"] or None,
        dbname=made["NAME"],
    )
    given = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, **given}, text=True, **more
    )


@pytest.fixture
def city(committed):  # noqa: F811
    """A small city that other processes see; swept away afterwards."""
    with clock.at(date(2012, 3, 1)):
        yield small_city()
    sweep()


@pytest.fixture
def run(city):
    county = actor_with(Role.COUNTY, org=city.county)
    rows = [(f"走访{number}", "2012-02-01", number, 1) for number in range(ROWS)]
    data = workbook([("事由", "走访日期", "金额（元）", "人数"), *rows])
    with acting(county):
        create(
            Visit, by=county, org=city.union, title="走访0", visited_on=date(2012, 2, 1), amount=9
        )
        made = services.upload(
            registry.register_of("sample.visit"), "走访.xlsx", data, by=county, org=city.union
        )
        return services.check(made, by=county)


def killed_after(run: ImportRun, chunks: int) -> None:
    """Let another process go on with the run and kill it when it has said so many chunks."""
    process = started(GO_ON.format(run=run.pk), stderr=subprocess.PIPE)
    said = 0
    for line in process.stderr:
        said += " rows" in line
        if said == chunks:
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_a_killed_import_goes_on_exactly_there(run):
    ImportRun._unscoped.update(state="writing", position=0, progress=0)
    for chunks in (1, 2, 3):
        killed_after(run, chunks)
        run.refresh_from_db()
        assert run.state == "writing"
        assert run.progress % CHUNK == 0
        assert Visit._unscoped.count() == run.progress
        assert ImportRow.objects.exclude(version=None).count() == run.progress
    run = services.go_on(run.pk)
    assert (run.state, run.new_count, run.changed_count) == ("done", ROWS - 1, 1)
    made = Visit._unscoped.order_by("pk").values_list("title", flat=True)
    assert list(made) == [f"走访{number}" for number in range(ROWS)]
    assert sorted(Visit._unscoped.values_list("version", flat=True)) == [1] * (ROWS - 1) + [2]
    with acting(SYSTEM):
        assert verify().is_clean


def test_a_killed_undo_goes_on_exactly_there(run):
    ImportRun._unscoped.update(state="writing", position=0, progress=0)
    run = services.go_on(run.pk)
    ImportRun._unscoped.update(state="undoing", position=0, progress=0)
    killed_after(run, 2)
    run.refresh_from_db()
    voided = Visit._unscoped.exclude(voided_at=None).count()
    assert (run.state, voided) == ("undoing", run.progress)
    assert services.go_on(run.pk).state == "undone"
    left = Visit._unscoped.get(voided_at=None)
    assert (left.title, left.amount) == ("走访0", 9)
    with acting(SYSTEM):
        assert verify().is_clean
    assert ImportFile.objects.count() == 1


def test_a_worker_survives_the_loss_of_its_connections_and_ends_when_told(real_queue):  # noqa: F811
    say = Job("test.say", print)
    process = started(WORK, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    patience = threading.Timer(120, process.kill)
    patience.start()
    try:
        say.later(by=SYSTEM, word="one")
        assert process.stdout.readline() == "one\n"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
        say.later(by=SYSTEM, word="two")
        assert process.stdout.readline() == "two\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        patience.cancel()
        process.kill()
        process.communicate()
