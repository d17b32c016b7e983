"""Declaring jobs, asking for them, and the kernel's own periodic work."""

import asyncio
from datetime import date

import pytest
from django.db import connection, transaction

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, ScopeMissing, acting, current_actor
from gonghui.kernel.accounts.models import User
from gonghui.kernel.jobs import declare, own, worker
from gonghui.kernel.jobs.declare import job, periodic
from gonghui.kernel.jobs.models import DataCheck
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.registers.write import create
from gonghui.kernel.workflow.models import Reminder
from tests.support.orgs import actor_with
from tests.support.sample.models import Station, Visit


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(declare, "_jobs", dict(declare._jobs))
    monkeypatch.setattr(declare, "_periodic", dict(declare._periodic))


def test_a_job_runs_in_the_scope_of_who_asked_for_it(tree, queue):
    seen = []

    @job("test.look")
    def look(word):
        seen.append((word, current_actor().user_id, list(Visit.objects.values_list("title"))))

    for org in (tree.union, tree.neighbour_union):
        create(Visit, by=SYSTEM, org=org, title=org.name)
    county = actor_with(Role.COUNTY, org=tree.county)
    look.later(by=county, word="字")
    look.later(by=SYSTEM, word="全")
    for name, user_id, arguments in queue():
        declare.run_job(name, user_id, arguments)
    assert [(word, user_id) for word, user_id, _ in seen] == [("字", county.user_id), ("全", None)]
    assert [sorted(titles) for _, _, titles in seen] == [
        [("甲厂工会",)],
        [("乙厂工会",), ("甲厂工会",)],
    ]
    with pytest.raises(ScopeMissing):
        Visit.objects.count()


def test_a_job_is_asked_for_within_the_transaction(queue):
    asked = job("test.nothing")(lambda: None)

    class Back(Exception):
        pass

    def ask_and_fail():
        with transaction.atomic():
            asked.later(by=SYSTEM)
            raise Back

    with pytest.raises(Back):
        ask_and_fail()
    assert queue() == []


def test_of_equal_jobs_one_waits(queue):
    asked = job("test.nothing")(lambda number: None)
    for number in (1, 2):
        asked.later(by=SYSTEM, once="the one", number=number)
    assert queue() == [("test.nothing", None, {"number": 1})]


def test_only_an_account_or_the_system_can_ask(queue):
    with pytest.raises(ValueError, match="only an account or the system"):
        job("test.nothing")(lambda: None).later(by=Actor(user_id=None, name="nobody"))


def test_a_locked_account_has_no_roles_when_its_job_runs(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    User.objects.filter(pk=county.user_id).update(is_active=False)
    seen = []
    job("test.roles")(lambda: seen.append(current_actor().held))
    declare.run_job("test.roles", county.user_id, {})
    assert seen == [()]


def test_a_name_is_declared_once():
    job("test.twice")(lambda: None)
    for again in (job("test.twice"), periodic("test.twice", "* * * * *")):
        with pytest.raises(ValueError, match="already declared"):
            again(lambda: None)


def test_periodic_work_is_done_by_the_system():
    seen = []
    periodic("test.round", declare.DAILY)(lambda: seen.append(current_actor().is_system))
    declare.run_periodic("test.round")
    assert seen == [True]


def test_nothing_asks_work_to_stop_outside_a_worker():
    assert declare.stopping() is False


def test_the_kernel_declares_its_own_work():
    every = {each.name: each.every for each in declare.all_periodic()}
    assert every.items() >= {
        ("ledger.fold", declare.EVERY_FEW_SECONDS),
        ("workflow.climb_overdue", declare.DAILY),
        ("registers.confirm_silent", declare.DAILY),
        ("jobs.check_data", declare.NIGHTLY),
        ("imports.pick_up", declare.EVERY_MINUTE),
    }


def test_clean_data_is_noted_and_reminds_nobody(tree):
    with acting(SYSTEM):
        create(Station, by=SYSTEM, org=tree.union, name="甲站", opened_on=date(2012, 1, 1))
        check = own.check_data()
    assert (check.is_clean, check.differing, check.broken_links) == (True, [], [])
    assert check.checked > 0
    assert Reminder._unscoped.count() == 0


def test_what_differs_is_noted_and_told_to_the_system_administrators(tree):
    with clock.at(date(2012, 3, 1)), acting(SYSTEM):
        create(Station, by=SYSTEM, org=tree.union, name="甲站", opened_on=date(2012, 1, 1))
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM ledger_hot WHERE indicator = %s", [catalogue.id_of("sample.stations")]
            )
            cursor.execute("ALTER TABLE records_history DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE records_history SET verb = 'other' WHERE \"table\" = 'sample_station' RETURNING id"
            )
            (broken,) = cursor.fetchone()
            cursor.execute("ALTER TABLE records_history ENABLE TRIGGER USER")
        check = own.check_data()
    assert DataCheck.objects.get() == check
    assert check.differing[0] == {
        "code": "sample.stations",
        "what": "记录与数字账",
        "org": tree.union.pk,
        "day": "2012-01-01",
        "expected": 1,
        "found": 0,
    }
    assert check.broken_links == [broken]
    reminder = Reminder._unscoped.get()
    assert (reminder.roles, reminder.org, reminder.register, reminder.record_id) == (
        ["system_admin"],
        tree.city,
        own.CHECK,
        check.pk,
    )
    assert reminder.message.startswith("夜间数据复核发现问题：")


async def until_empty():
    app = worker.build_app()
    async with app.open_async():
        await app.run_worker_async(
            wait=False, install_signal_handlers=False, delete_jobs="successful"
        )


def statuses():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_the_worker_does_what_is_asked_for(real_queue, monkeypatch):
    monkeypatch.setattr(declare, "_periodic", {})
    seen = []
    asked = job("test.look")(
        lambda word: seen.append((word, current_actor().is_system, declare.stopping()))
    )
    asked.later(by=SYSTEM, word="字")
    asyncio.run(until_empty())
    assert seen == [("字", True, False)]
    assert ("test.look", "todo") not in statuses()


def test_a_failed_job_stays_to_be_looked_at(real_queue, monkeypatch):
    monkeypatch.setattr(declare, "_periodic", {})

    @job("test.breaks")
    def breaks():
        raise RuntimeError("broken")

    breaks.later(by=SYSTEM)
    asyncio.run(until_empty())
    assert ("test.breaks", "failed") in statuses()


def stalled(name, attempts=0):
    """A job whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, attempts)"
            " VALUES ('default', %s, %s, %s, %s, 'doing', %s)",
            [name, name, name, '{"user_id": null, "arguments": {}}', attempts],
        )


def free():
    app = worker.build_app()

    async def run():
        async with app.open_async():
            await app.tasks["jobs.free_stalled"](timestamp=0)

    asyncio.run(run())


def test_the_job_of_a_killed_worker_is_done_again(real_queue):
    stalled("test.look")
    free()
    assert statuses() == [("test.look", "todo")]


def test_a_job_that_killed_its_worker_often_is_given_up(real_queue):
    stalled("test.look", attempts=worker.HIGHEST_ATTEMPTS)
    free()
    assert statuses() == [("test.look", "failed")]


def test_a_killed_job_gives_way_to_its_successor_that_waits(real_queue):
    stalled("test.look")
    job("test.look")(lambda: None).later(by=SYSTEM, once="test.look")
    free()
    assert statuses() == [("test.look", "todo")]
