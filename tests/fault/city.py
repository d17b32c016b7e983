"""The city that the fault tests kill programs on: what is done to it and what is found afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from gonghui.base.periods import Period
from gonghui.config import schema
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.models import Hot
from gonghui.kernel.ledger.verify import recount, verify
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.records.models import History
from gonghui.kernel.records.models import Sequence as Series
from gonghui.kernel.records.triggers import broken_links
from gonghui.kernel.registers.triggers import install
from gonghui.kernel.registers.write import create, create_many, perform_many
from gonghui.kernel.workflow.models import Task
from tests.support.orgs import small_city, user_with
from tests.support.sample.models import Visit

YEAR = Period.year(2012)
FIRST = date(2012, 1, 1)
PASSWORD = "密码-correct-horse"
CODES = ("sample.visits", "sample.visit_amount", "sample.visited")


def found_city() -> None:
    """A migrated database with the small city, who submits, and two who confirm."""
    _migrate()
    city = small_city()
    user_with(Role.STATION, org=city.township, username="station")
    user_with(Role.COUNTY, org=city.county, username="county")
    user_with(Role.COUNTY, org=city.county, username="rival")


def _migrate() -> None:
    """All tables, made as `gonghui serve` makes them; those of the sample line have no migrations.

    Triggers come last, because the sample line's tables come last. For a process of its own.
    """
    settings.MIGRATION_MODULES = {}
    last = list(apps.get_app_configs())[-1]
    post_migrate.disconnect(sender=last, dispatch_uid="gonghui.registers.triggers")
    schema.bring_up_to_date()
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    install()


def actor(username: str) -> Actor:
    """One of the city's users."""
    return actor_of(User.objects.get(username=username))


def values(title: str, number: int, org: Org) -> dict[str, Any]:
    """A visit of its own day, amount and subject."""
    day = FIRST + timedelta(days=number % 360)
    money = number % 90 + 1
    return {
        "title": title,
        "org": org,
        "visited_on": day,
        "amount": money,
        "subject_no": number % 7,
    }


def union(name: str = "甲厂工会") -> Org:
    """One of the city's unions."""
    return unscoped(Org).get(name=name)


def hand_in(batch: str, size: int) -> None:
    """So many visits, submitted, waiting for the county; their titles begin with the batch's name."""
    here, station = union(), actor("station")
    rows = [values(f"{batch}-{number}", number, here) for number in range(size)]
    made = [outcome.record for outcome in create_many(Visit, rows, by=station)]
    assert [o.error for o in perform_many(made, "submit", by=station)] == [None] * size


def waiting(batch: str) -> list[Visit]:
    """The visits of a batch that wait for the county."""
    return list(unscoped(Visit).filter(title__startswith=f"{batch}-", state="review"))


def approve(batch: str, *, by: str = "county") -> int:
    """Confirm what waits of a batch in one call; how many there were."""
    outcomes = perform_many(waiting(batch), "confirm", by=actor(by))
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert errors == []
    return len(outcomes)


def write_one(title: str, number: int) -> None:
    """One visit through the verbs, created and submitted in one transaction."""
    with transaction.atomic():
        visit = create(Visit, by=SYSTEM, **values(title, number, union()))
        (outcome,) = perform_many([visit], "submit", by=SYSTEM)
        if outcome.error is not None:
            raise outcome.error


@dataclass(frozen=True)
class Found:
    """What stands in the database: the state of every visit, and everything that is amiss."""

    states: dict[str, str]
    half_done: list[str]
    repeated: list[str]
    broken_history: list[int]
    gaps: list[str]
    differing: list[str]
    fresh: int

    def of(self, batch: str) -> Counter[str]:
        """How many visits of a batch are in which state."""
        return Counter(
            state for title, state in self.states.items() if title.startswith(f"{batch}-")
        )

    @property
    def troubles(self) -> list[Any]:
        """Everything that must not be."""
        return [
            *self.half_done,
            *self.repeated,
            *self.broken_history,
            *self.gaps,
            *self.differing,
        ]


@transaction.atomic
def look() -> Found:
    """See what is there, after whoever was killed while writing has been rolled back or stored."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE sample_visit IN SHARE MODE")
    visits = list(unscoped(Visit).order_by("pk"))
    titles = Counter(visit.title for visit in visits)
    return Found(
        states={visit.title: visit.state for visit in visits},
        half_done=_half_done(visits),
        repeated=[title for title, times in titles.items() if times > 1],
        broken_history=broken_links(),
        gaps=_gaps(visits),
        differing=[str(each) for each in verify().differing] + _told_otherwise(),
        fresh=Hot.objects.count(),
    )


def settle() -> Found:
    """Fold everything, then look."""
    fold()
    return look()


def _half_done(visits: Sequence[Visit]) -> list[str]:
    """Visits whose state, version, history and tasks do not tell the same story."""
    told: dict[int, list[History]] = {}
    for entry in History.objects.filter(table="sample_visit").order_by("id"):
        told.setdefault(entry.record_id, []).append(entry)
    tasks: dict[int, list[Task]] = {}
    for task in Task._unscoped.filter(register="sample.visit").order_by("id"):
        tasks.setdefault(task.record_id, []).append(task)
    expected = {
        "draft": (["create"], [("draft", False)]),
        "review": (["create", "perform:submit"], [("draft", True), ("review", False)]),
        "confirmed": (
            ["create", "perform:submit", "perform:confirm"],
            [("draft", True), ("review", True)],
        ),
    }
    wrong = []
    for visit in visits:
        history, waits = told.pop(visit.pk, []), tasks.pop(visit.pk, [])
        verbs = [entry.verb for entry in history]
        steps = [(task.state, task.closed_at is not None) for task in waits]
        now = history[-1].row if history else {}
        is_told = (now.get("state"), now.get("version")) == (visit.state, len(verbs))
        if (verbs, steps) != expected[visit.state] or not is_told or visit.version != len(verbs):
            wrong.append(f"{visit.title}: {visit.state} {visit.version} {verbs} {steps}")
    return (
        wrong
        + [f"history of nothing: {key}" for key in told]
        + [f"task of nothing: {k}" for k in tasks]
    )


def _gaps(visits: Sequence[Visit]) -> list[str]:
    """Series whose numbers are not exactly 1 to the last one taken."""
    used: dict[tuple[int, int], list[str]] = {}
    for visit in visits:
        used.setdefault((visit.org_id, visit.visited_on.year), []).append(visit.number)
    wrong = []
    for series in Series.objects.filter(series="走访"):
        numbers = sorted(used.pop((series.org_id, series.year), []))
        if numbers != sorted(f"走访-{series.year}-{n:04d}" for n in range(1, series.taken + 1)):
            wrong.append(f"{series}: {len(numbers)} in use")
    return wrong + [f"numbers without a series: {key}" for key in used]


def _told_otherwise() -> list[str]:
    """Figures, at every level, that a recount does not confirm."""
    orgs = list(unscoped(Org).exclude(level=OrgLevel.BASIC))
    found = figures(CODES, orgs, YEAR)
    return [
        f"{code} {org}: {found[code, org.pk].value} {recount(code, org, YEAR)}"
        for code in CODES
        for org in orgs
        if found[code, org.pk].value != recount(code, org, YEAR)
    ]


def counted() -> dict[str, int]:
    """The city's figures of the year."""
    city = unscoped(Org).get(level=OrgLevel.CITY)
    found = figures(CODES, [city], YEAR)
    return {code: int(found[code, city.pk].value or 0) for code in CODES}
