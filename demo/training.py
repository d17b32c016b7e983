"""The cadres of the city and their training."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from demo import people
from demo.places import COUNTIES, DEPARTMENTS, DIRECT, INDUSTRIES
from demo.world import World
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform
from gonghui.lines.cadres.models import TrainingClass, TrainingSeat
from gonghui.lines.cadres.services import half_days

FOUR_GROUPS = ("county_chair", "direct_chair", "department", "industry_head")


def enter_cadres(world: World) -> None:
    """Those who sit in the class of May: chairs, heads of departments and of the industries."""
    city = world.orgs["city"]
    places: list[tuple[Org, str]] = [
        *((world.orgs[unit.code], "县（市、区）总工会主席") for unit in COUNTIES),
        *((world.orgs[f"direct:{n}"], "直属企业工会主席") for n in range(len(DIRECT))),
        *((city, f"{DEPARTMENTS[n % len(DEPARTMENTS)]}负责人") for n in range(12)),
        *((world.orgs[f"industry:{n}"], "产业工会负责人") for n in range(len(INDUSTRIES))),
    ]
    met = world.newcomers.meet("410402", len(places) + 1)
    persons = people.enter(
        [*((each, org) for each, (org, _) in zip(met, places, strict=False)), (met[-1], city)],
        SYSTEM,
    )
    world.leader = persons[-1]
    world.cadres = [
        (person, org, post) for person, (org, post) in zip(persons, places, strict=False)
    ]


def _class(world: World, **values: Any) -> TrainingClass:
    return create(
        TrainingClass, by=world.cast["zuzhibu"], org=world.orgs["city"], level="city", **values
    )


def _seats(
    world: World, training: TrainingClass, people_there: list[tuple[Person, Org, str]]
) -> None:
    halves = half_days(training)
    must(
        create_many(
            TrainingSeat,
            (
                {
                    "org": org,
                    "training_class": training,
                    "person": person,
                    "post": post,
                    "invited_by": "市总组织部",
                    "is_confirmed": True,
                    # Two of forty came to half of it only.
                    "checkins": halves if n % 20 != 7 else halves[: len(halves) // 2],
                    "passed": n % 20 != 7,
                }
                for n, (person, org, post) in enumerate(people_there)
            ),
            by=world.cast["zuzhibu"],
        )
    )


def plan_may(world: World) -> None:
    """The class that the report tells of is announced."""
    training = _class(
        world,
        title="2012年全市工会干部培训班",
        theme="提升工会干部整体业务水平",
        groups=list(FOUR_GROUPS),
        kind="central",
        start_on=date(2012, 5, 15),
        end_on=date(2012, 5, 17),
        hours=Decimal(24),
        venue="市总工会职工教育培训中心",
        capacity=40,
        budget=Decimal(36_000),
    )
    world.classes["may"] = perform(training, "open", by=world.cast["zuzhibu"])


def hold_may(world: World) -> None:
    """Three days, forty seats."""
    by = world.cast["zuzhibu"]
    training = perform(world.classes["may"], "start", by=by)
    _seats(world, training, world.cadres)
    world.classes["may"] = training


def finish_may(world: World) -> None:
    """The sheet is complete."""
    perform(world.classes["may"], "finish", by=world.cast["zuzhibu"], spent=Decimal(34_820))


def last_year(world: World) -> None:
    """A class of the year before."""
    by = world.cast["zuzhibu"]
    training = _class(
        world,
        title="2011年全市工会主席培训班",
        groups=["county_chair", "basic_chair"],
        kind="central",
        start_on=date(2011, 11, 8),
        end_on=date(2011, 11, 9),
        hours=Decimal(16),
        venue="市工人文化宫",
    )
    training = perform(perform(training, "open", by=by), "start", by=by)
    _seats(world, training, world.cadres[:20])
    perform(training, "finish", by=by, spent=Decimal(12_600))


def called_off(world: World) -> None:
    """A class that did not take place."""
    by = world.cast["zuzhibu"]
    training = _class(
        world,
        title="基层工会女职工干部培训班",
        groups=["women"],
        kind="central",
        start_on=date(2012, 6, 26),
        end_on=date(2012, 6, 27),
        hours=Decimal(16),
    )
    training = perform(training, "open", by=by)
    perform(training, "cancel", by=by, reason="与防汛工作冲突，另行安排")


def meeting(world: World) -> None:
    """A meeting with a lecture; it is counted apart."""
    by = world.cast["zuzhibu"]
    training = _class(
        world,
        title="上半年组建工作推进会（以会代训）",
        groups=["county_chair"],
        kind="meeting",
        start_on=date(2012, 6, 6),
        end_on=date(2012, 6, 6),
        hours=Decimal(4),
    )
    training = perform(perform(training, "open", by=by), "start", by=by)
    _seats(world, training, world.cadres[:10])
    perform(training, "finish", by=by)


def online(world: World) -> None:
    """A class on the network that is still going on when the report is written."""
    by = world.cast["zuzhibu"]
    training = _class(
        world,
        title="工会基础知识网络培训班",
        groups=["basic_chair", "township_chair"],
        kind="online",
        start_on=date(2012, 8, 1),
        end_on=date(2012, 9, 28),
        hours=Decimal(20),
    )
    perform(perform(training, "open", by=by), "start", by=by)
