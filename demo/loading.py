"""Loads the demonstration city into an empty database; see `plan` for what it consists of.

Everything is written by the write verbs as the offices would do it, each step with the clock at
its own moment, so that history, to-do lists and figures as of any day are right.
"""

from __future__ import annotations

import time as stopwatch
from datetime import date, datetime

from django.db import connections, transaction

from demo import (
    accounts,
    declaring,
    formations,
    joining,
    life,
    lines,
    merits,
    opening,
    plan,
    planbook,
    planning,
    training,
    tree,
)
from demo.acting import Cast, Say, Timeline, moment
from demo.plan import Story
from demo.world import World
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger.fold import fold_alone
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.lines.orgs import jobs as orgs_jobs
from gonghui.lines.reports.services import ship_templates

REPORT_DAY = date(2012, 8, 15)
# The load is one transaction, of which the server's own statistics know nothing until it ends; after
# these days many rows have come, and lookups and figures would go on reading whole tables.
TIDIED_ON = (
    date(2011, 10, 20),
    date(2011, 12, 9),
    date(2012, 1, 11),
    date(2012, 3, 30),
    date(2012, 5, 31),
    date(2012, 6, 30),
)


def accounts_to_show() -> list[str]:
    """The accounts of the demonstration as the lines of a table."""
    return accounts.to_show()


def is_loaded() -> bool:
    """Whether the database holds the demonstration city."""
    return User.objects.filter(username=accounts.ACCOUNTS[0].username).exists()


def load(scale: int = 1, members: int = 0, seed: int = 2012, say: Say = print) -> None:
    """Load the city of a seed.

    `scale` multiplies unions, employers, new members and the plan, not the administrative tree;
    `members` adds so many older members with their names to the declared ones. The database must
    hold no organisation yet. It is all or nothing.
    """
    started = stopwatch.perf_counter()
    with acting(SYSTEM):
        if Org.objects.filter(level=OrgLevel.CITY).exists():
            raise DomainError("库中已有市总工会，演示城市只能装入空库。")
        world = World(planning.city(seed, scale), Cast())
        say(f"正在装入演示城市：基层工会{len(world.city.of(*plan.ALIVE)):,}个……")
        timeline = _timeline(world)
        if members:
            timeline.add(
                moment(plan.OPENED, 18),
                "实名会员",
                lambda: declaring.enter_many(world, members, say),
            )
        with transaction.atomic():
            timeline.run()
        _tidy()
    say(f"演示城市已装入，用时{stopwatch.perf_counter() - started:.0f}秒。")
    say("用时最多的步骤：" + "、".join(timeline.slowest()))


def _timeline(world: World) -> Timeline:
    timeline = Timeline()
    _begin(world, timeline)
    for batch in formations.batches(world):
        batch.schedule(timeline)
    for intake in joining.intakes(world):
        intake.schedule(timeline)
    _members(world, timeline)
    _unions(world, timeline)
    _offices(world, timeline)
    lines.schedule(world, timeline)
    for day in TIDIED_ON:
        timeline.add(moment(day, 23), "夜间整理", _tidy)
    return timeline


def _begin(world: World, timeline: Timeline) -> None:
    def grow() -> None:
        world.orgs |= tree.grow()

    def enter() -> None:
        world.employers |= opening.enter(world.city, world.orgs)
        world.cast.join(accounts.open_accounts(world.orgs))

    timeline.add(moment(plan.OPENED, 8), "组织框架", grow)
    timeline.add(moment(plan.OPENED, 9), "期初工会", enter)
    timeline.add(moment(plan.OPENED, 15), "期初会员", lambda: joining.enter_opening_members(world))
    timeline.add(moment(plan.OPENED, 16), "期初会员", lambda: life.enter_voters(world))
    timeline.add(moment(plan.OPENED, 17), "工会干部", lambda: training.enter_cadres(world))
    declared = opening.declared_members(world.city)
    day = date(2012, 1, 10)
    timeline.add(moment(day), "年报填报", lambda: declaring.declare(world, declared))
    timeline.add(moment(day, 15), "年报县审", lambda: declaring.review_declarations(world))
    timeline.add(moment(date(2012, 1, 18)), "年报锁定", lambda: declaring.lock_declarations(world))


def _members(world: World, timeline: Timeline) -> None:
    def add(when: datetime, step: object) -> None:
        timeline.add(when, "会员变动", lambda: step(world))  # type: ignore[operator]  # a function of the world

    add(moment(date(2012, 2, 22)), joining.retain)
    add(moment(date(2012, 3, 21)), joining.transfer)
    add(moment(date(2012, 4, 19)), joining.apply_in_vain)
    add(moment(date(2012, 4, 25)), joining.arrive_from_elsewhere)
    add(moment(date(2012, 5, 18)), joining.restore)
    add(moment(date(2012, 6, 20)), joining.invent_members)
    add(moment(date(2012, 7, 19)), joining.join_after_june)
    add(moment(date(2012, 8, 14), 17), joining.apply_and_wait)
    add(moment(plan.LATE_RECORDED, 11), joining.find_out)


def _unions(world: World, timeline: Timeline) -> None:
    def end(when: date, story: Story, days: dict[str, date]) -> None:
        timeline.add(moment(when), "组织变更", lambda: life.end(world, story, days))

    end(date(2011, 10, 28), Story.GONE, {"410411": date(2011, 10, 27)})
    end(date(2012, 4, 18), Story.MERGED, {"410421": date(2012, 4, 18)})
    end(
        date(2012, 5, 24),
        Story.DISSOLVED,
        {"410421": date(2012, 5, 23), "410423": date(2012, 5, 23)},
    )
    end(
        plan.LATE_RECORDED,
        Story.ENDS_LATE,
        {"410482": date(2012, 6, 21), "410422": date(2012, 8, 9)},
    )

    def add(when: datetime, step: object) -> None:
        timeline.add(when, "组织变更", lambda: step(world))  # type: ignore[operator]  # a function of the world

    add(moment(date(2012, 1, 5), 8), formations.decide_splits)
    add(moment(date(2012, 3, 20)), life.call_meetings)
    add(moment(date(2012, 4, 20)), life.hold_meetings)
    add(moment(date(2012, 5, 21)), life.close_area)
    add(moment(date(2012, 7, 10)), formations.register_legal_persons)
    add(moment(date(2012, 7, 16)), life.extend_a_term)
    add(moment(date(2012, 7, 24)), life.list_leads)
    add(moment(date(2012, 8, 6)), formations.leave_open)
    add(moment(date(2012, 8, 10)), life.leave_changes_open)
    add(moment(plan.LATE_RECORDED, 15), life.overrule)
    timeline.add(moment(date(2012, 9, 3)), "组织框架", lambda: tree.area_of_autumn(world.orgs))


def _offices(world: World, timeline: Timeline) -> None:
    def add(when: datetime, step: object) -> None:
        timeline.add(when, "机关业务", lambda: step(world))  # type: ignore[operator]  # a function of the world

    add(moment(date(2011, 11, 10)), training.last_year)
    add(moment(date(2011, 11, 24)), merits.grant_of_last_year)
    add(moment(date(2012, 1, 13)), merits.recommend)
    add(moment(date(2012, 1, 30)), planbook.write_book)
    add(moment(date(2012, 2, 6)), planbook.issue)
    add(moment(date(2012, 2, 8)), planbook.accept)
    add(moment(date(2012, 2, 27)), merits.set_standard)
    add(moment(date(2012, 3, 14)), merits.grant)
    add(moment(date(2012, 3, 23)), merits.show_signs)
    add(moment(date(2012, 5, 2)), training.plan_may)
    add(moment(date(2012, 5, 17), 18), training.hold_may)
    add(moment(date(2012, 5, 18)), training.finish_may)
    add(moment(date(2012, 6, 7)), training.meeting)
    add(moment(date(2012, 6, 20)), training.called_off)
    add(moment(date(2012, 7, 11)), merits.select_models)
    add(moment(date(2012, 7, 26)), merits.apply_again)
    add(moment(date(2012, 7, 31)), training.online)
    add(moment(date(2012, 8, 8)), merits.judge)
    timeline.add(moment(date(2012, 2, 1)), "报告模板", lambda: _ship(world))
    timeline.add(moment(REPORT_DAY, 2), "夜间提醒", _nightly)


def _ship(world: World) -> None:
    ship_templates()


def _nightly() -> None:
    """The jobs of the night before the report, for terms and certificates that come due."""
    orgs_jobs.remind_terms()
    orgs_jobs.mark_overdue_terms()


# The tables that have grown by a fifth since they were looked at.
_GROWN = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
  AND pg_relation_size(oid) > 1.2 * current_setting('block_size')::int * greatest(relpages, 0)
"""


def _tidy() -> None:
    """What the nights between do: fold the ledger, let the database know what came in."""
    fold_alone()
    with connections["default"].cursor() as cursor:
        cursor.execute(_GROWN)
        grown = [name for (name,) in cursor.fetchall()]
        if grown:
            cursor.execute(f"ANALYZE {', '.join(grown)}")
