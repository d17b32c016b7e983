"""Labour protection of women in 2012: posts, special inspections of the second half, facilities.

Every county has an inspection on its plan; four were held before the report, one of them found two
things wrong and waits for the second. A post underground had women until the county saw it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from demo import accounts, people
from demo.acting import Timeline, moment
from demo.people import Newcomers
from demo.places import COUNTIES
from demo.plan import Story
from demo.world import World
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, change_many, create, create_many, perform
from gonghui.lines.women.models import (
    InspectionItem,
    InspectionMember,
    WomenFacility,
    WomenInspection,
    WomenPost,
)

HELD = 4
FACILITIES = 12
_DUE = date(2012, 8, 24)
_MINE = "410421"
_WRONG = ("notice", "nursing_hour")
# A series of persons of its own, far from those whom the other lines meet.
_SERIALS = 6_100_000
_POSTS: tuple[dict[str, Any], ...] = (
    {"workshop": "细纱车间", "name": "挡车工", "women_count": 46, "noise_class": 3},
    {
        "workshop": "成品库",
        "name": "装卸工",
        "women_count": 3,
        "load_kg": Decimal(18),
        "loads_per_hour": 8,
    },
    {"workshop": "整理车间", "name": "包装工", "women_count": 21},
)


def employer_of(world: World, county: str) -> Employer:
    """The employer that a county inspects: of its first older union with one employer."""
    union = next(
        each
        for each in world.city.of(Story.OPENING)
        if each.unit == county and each.kind == "single" and each.superior[:1].isdigit()
    )
    return world.employers[union.workplaces[0].serial]


def _enter_posts(world: World) -> None:
    for unit in COUNTIES:
        rows = [
            {
                "org": world.orgs[unit.code],
                "employer": employer_of(world, unit.code),
                "men_count": 5,
                "is_notified": True,
                "checked_on": date(2012, 7, 5),
                **post,
            }
            for post in _POSTS
        ]
        must(create_many(WomenPost, rows, by=world.cast[accounts.handler(unit.code)]))
    create(
        WomenPost,
        by=world.cast[accounts.handler(_MINE)],
        org=world.orgs[_MINE],
        employer=employer_of(world, _MINE),
        workshop="井下运输队",
        name="信号工",
        women_count=2,
        is_underground=True,
        checked_on=date(2012, 7, 5),
    )


def _clear_mine(world: World) -> None:
    post = WomenPost.objects.get(is_suspect=True)
    by = world.cast[accounts.approver(_MINE)]
    change(
        post, by=by, women_count=0, replacement="2人已调至地面岗位", checked_on=date(2012, 7, 25)
    )


def _plan_inspections(world: World) -> None:
    newcomers = Newcomers()
    newcomers._serials = count(_SERIALS)  # noqa: SLF001  a series of its own
    for unit in COUNTIES:
        org, by = world.orgs[unit.code], world.cast[accounts.handler(unit.code)]
        met = [(each, org) for each in newcomers.meet(unit.code, 2)]
        inspection = create(
            WomenInspection,
            by=by,
            org=org,
            employer=employer_of(world, unit.code),
            kind="special",
            planned_on=date(2012, 7, 24) if unit in COUNTIES[:HELD] else date(2012, 9, 18),
            women_total=70,
        )
        rows = [
            {"inspection": inspection, "person": person, "card_no": f"平工监-{unit.code}-{n}"}
            for n, person in enumerate(people.enter(met, SYSTEM), 1)
        ]
        must(create_many(InspectionMember, rows, by=by))


def _hold(world: World) -> None:
    for position, unit in enumerate(COUNTIES[:HELD]):
        by = world.cast[accounts.handler(unit.code)]
        inspection = WomenInspection.objects.get(org=world.orgs[unit.code])
        wrong = _WRONG if position == 1 else ()
        pairs = [
            (item, {"answer": "violation", "fact": "现场查看，未见制度"})
            if item.code in wrong
            else (item, {"answer": "ok"})
            for item in InspectionItem.objects.filter(inspection=inspection)
        ]
        must(change_many(pairs, by=by))
        inspected = perform(
            inspection, "inspect", by=by, inspected_on=date(2012, 7, 24), signed="signed"
        )
        if not wrong:
            perform(inspected, "close_clean", by=by)
            continue
        perform(
            inspected,
            "demand",
            by=world.cast[accounts.approver(unit.code)],
            letter_kind="notice",
            letter_no="工女函〔2012〕1号",
            letter_on=date(2012, 7, 24),
            due_on=_DUE,
        )


def _fix_one(world: World) -> None:
    unit = COUNTIES[1]
    item = InspectionItem.objects.filter(
        inspection__org=world.orgs[unit.code], answer="violation"
    ).order_by("position")[0]
    change(
        item,
        by=world.cast[accounts.handler(unit.code)],
        fixed_on=date(2012, 8, 9),
        fixed_proof="告知书已逐人签收",
    )


def _open_facilities(world: World) -> None:
    for n in range(FACILITIES):
        unit = COUNTIES[n % len(COUNTIES)]
        kind, name = (("nursing_room", "母婴室"), ("rest_room", "女职工休息室"))[n // len(COUNTIES)]
        create(
            WomenFacility,
            by=world.cast[accounts.handler(unit.code)],
            org=world.orgs[unit.code],
            kind=kind,
            name=f"{unit.name}{name}",
            employer=employer_of(world, unit.code),
            area=Decimal(12),
            opened_on=date(2012, 3, 8),
        )


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "女职工", lambda: step(world))

    add(date(2012, 3, 8), _open_facilities)
    add(date(2012, 7, 5), _enter_posts)
    add(date(2012, 7, 16), _plan_inspections)
    add(date(2012, 7, 24), _hold, 17)
    add(date(2012, 7, 25), _clear_mine)
    add(date(2012, 8, 9), _fix_one)
