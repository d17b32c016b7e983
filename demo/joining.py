"""Members beside the founders: joining, moving, leaving, coming back, and what does not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo import accounts, people
from demo.acting import Timeline, by_rule, moment
from demo.names import SynthPerson
from demo.places import UNITS
from demo.plan import FORMED, LATE_RECORDED, Story, Union, working_day
from demo.world import World
from gonghui.base.money import split
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many, perform_many, void_many
from gonghui.lines.members.models import (
    Membership,
    MembershipApplication,
)
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.models.membership import Origin
from gonghui.lines.members.models.transfer import Initiator
from gonghui.lines.members.services.events import record_many
from gonghui.lines.members.services.transfers import start_transfers

HALF = date(2012, 6, 30)
VOIDED = 5  # invented members found out in August; as many were recorded late
_UNIONS_A_MONTH = 3
_MONTHS = (
    date(2012, 1, 12),
    date(2012, 2, 9),
    date(2012, 3, 15),
    date(2012, 4, 12),
    date(2012, 5, 17),
    date(2012, 6, 14),
)


@dataclass(slots=True, kw_only=True)
class Intake:
    """Members that older unions of a county take in on a day, some on their own application."""

    world: World
    unit: str
    day: date
    unions: list[Union]
    counts: list[int]
    by_application: bool

    def schedule(self, timeline: Timeline) -> None:
        """Put the steps on the timeline."""
        if self.by_application:
            timeline.add(moment(self.day - timedelta(days=3), 11), "入会申请", self.apply)
            timeline.add(moment(working_day(self.day), 15), "入会审核", self.admit)
        else:
            timeline.add(
                moment(working_day(self.day + timedelta(days=2)), 9), "登记会员", self.enter
            )

    def _places(self) -> list[tuple[SynthPerson, Union]]:
        return [
            (person, union)
            for union, count in zip(self.unions, self.counts, strict=True)
            for person in self.world.newcomers.meet(self.unit, count)
        ]

    def _work(self, index: int, union: Union) -> dict[str, Any]:
        workplace = union.workplaces[index % len(union.workplaces)]
        return people.work_fields(index, workplace, self.world.employers, self.world.agency)

    def enter(self) -> None:
        """The county's handler enters the lists that the unions sent."""
        by = self.world.cast[accounts.handler(self.unit)]
        places = self._places()
        persons = people.enter(
            ((person, self.world.org(union)) for person, union in places), by, old_number_every=400
        )
        rows = [
            {
                "org": self.world.org(union),
                "person": person,
                "joined_on": self.day,
                **self._work(n, union),
            }
            for n, (person, (_, union)) in enumerate(zip(persons, places, strict=True))
        ]
        must(create_many(Membership, rows, by=by))

    def apply(self) -> None:
        """Workers apply by scanning the poster of their union."""
        rows = [
            application_of(person, self.world.org(union), self.world, n)
            | {"applied_on": self.day - timedelta(days=3), **_of_application(self._work(n, union))}
            for n, (person, union) in enumerate(self._places())
        ]
        made = must(create_many(MembershipApplication, rows, by=SYSTEM))
        self.world.waiting[self.unit, self.day] = made

    def admit(self) -> None:
        """The handler lets them in."""
        by = self.world.cast[accounts.handler(self.unit)]
        rows = self.world.waiting.pop((self.unit, self.day))
        must(perform_many(rows, "approve", by=by, decided_on=self.day))


def _of_application(work: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in work.items() if name != "post_class"}


def application_of(person: SynthPerson, org: Any, world: World, index: int) -> dict[str, Any]:
    """An application of a worker."""
    return {
        "org": org,
        "target_org": org,
        "name": person.name,
        "id_no": person.id_no,
        "phone": person.phone,
        "channel": ("scan", "online", "paper", "group")[index % 4],
        "declared": True,
        "employ_kind": "contract",
    }


def founders_in(world: World, unit: str) -> int:
    """How many join for the first time with a founding of the first half year, known by 15 August."""
    return sum(
        union.founders
        for union in world.city.of(*FORMED)
        if union.unit == unit and union.approved_on <= HALF and union.recorded_on < LATE_RECORDED
    )


def intakes(world: World) -> list[Intake]:
    """The rest of each county's new members, month by month."""
    found = []
    for unit in UNITS:
        rest = unit.new_members * world.city.scale - founders_in(world, unit.code)
        rest -= VOIDED if unit is UNITS[0] else 0
        able = hosts(world, unit.code)
        for number, (day, count) in enumerate(
            zip(_MONTHS, split(rest, [3, 4, 6, 6, 7, 5]), strict=True)
        ):
            unions = [
                able[(number * _UNIONS_A_MONTH + n) % len(able)] for n in range(_UNIONS_A_MONTH)
            ]
            found.append(
                Intake(
                    world=world,
                    unit=unit.code,
                    day=day + timedelta(days=int(unit.code[-1])),
                    unions=unions,
                    counts=split(count, [4, 3, 2]),
                    by_application=number == 3,
                )
            )
    return found


def hosts(world: World, unit: str) -> list[Union]:
    """Older unions with room for many."""
    able = [
        union
        for union in world.city.of(Story.OPENING)
        if union.unit == unit and union.kind in ("single", "direct")
    ]
    able.sort(key=lambda union: (-union.workplaces[0].employees, union.serial))
    return able[:24]


def join_after_june(world: World) -> None:
    """Members of July: not part of the half year."""
    for unit in UNITS[:4]:
        Intake(
            world=world,
            unit=unit.code,
            day=date(2012, 7, 18),
            unions=hosts(world, unit.code)[:1],
            counts=[10],
            by_application=False,
        ).enter()


def enter_opening_members(world: World) -> None:
    """Members of long ago with their real names; some will move, be retained, leave or return."""
    for unit in UNITS[:3]:
        for union in hosts(world, unit.code)[:2]:
            met = world.newcomers.meet(unit.code, 12)
            rows = opening_members(world, ((union, each) for each in met), SYSTEM)
            world.old_members[union.serial] = rows
    for union in world.city.of(Story.LATE):
        host = hosts(world, union.unit)[3]
        met = world.newcomers.meet(union.unit, union.founders)
        rows = opening_members(world, ((host, each) for each in met), SYSTEM)
        must(
            record_many(rows, EventKind.LEAVE, date(2011, 10, 19), "离职，本人申请退会", by=SYSTEM)
        )
        world.returning[union.serial] = [row.person for row in rows]


def opening_members(
    world: World, met: Iterable[tuple[Union, SynthPerson]], by: Any
) -> list[Membership]:
    """Members that unions have had since before the system: an opening balance, not new ones."""
    met = list(met)
    agency = world.agency
    persons: list[Person] = people.enter(((each, world.org(union)) for union, each in met), by)
    rows = [
        {
            "org": world.org(union),
            "person": person,
            "origin": Origin.OPENING,
            "joined_on": max(date(2009, 3, 10), union.approved_on),
            **people.work_fields(n, union.workplaces[0], world.employers, agency),
        }
        for n, ((union, _), person) in enumerate(zip(met, persons, strict=True))
    ]
    with by_rule():
        return must(create_many(Membership, rows, by=by))


def transfer(world: World) -> None:
    """People who changed their employer: they move, nobody joins anew."""
    serials = sorted(world.old_members)
    for giver, taker in zip(serials[::2], serials[1::2], strict=True):
        rows = world.old_members[giver]
        to_org = world.orgs[f"union:{taker}"]
        by = world.cast[accounts.handler(_unit_of(world, giver))]
        moving = must(start_transfers(rows[:4], to_org, by=by, initiator=Initiator.OUT))
        must(perform_many(moving, "accept", by=by))
        # These wait for the other side.
        must(start_transfers(rows[10:11], to_org, by=by, initiator=Initiator.OUT))
        must(start_transfers(rows[11:12], to_org, by=by, initiator=Initiator.IN))


def _unit_of(world: World, serial: int) -> str:
    return next(union.unit for union in world.city.unions if union.serial == serial)


def retain(world: World) -> None:
    """Some retire or lose their work and keep their membership."""
    for serial, rows in sorted(world.old_members.items()):
        by = world.cast[accounts.handler(_unit_of(world, serial))]
        must(record_many(rows[4:7], EventKind.RETAIN, date(2012, 2, 20), "待岗", by=by))
        must(
            record_many(rows[7:9], EventKind.LEAVE, date(2012, 2, 21), "离职，本人申请退会", by=by)
        )


def restore(world: World) -> None:
    """They come back: neither those retained nor those who left are new members."""
    for serial, rows in sorted(world.old_members.items()):
        unit = _unit_of(world, serial)
        by = world.cast[accounts.handler(unit)]
        org = world.orgs[f"union:{serial}"]
        retained = Membership.objects.filter(
            person_id__in=[row.person_id for row in rows[4:6]], state="retained"
        ).order_by("pk")
        must(record_many(list(retained), EventKind.RESTORE, date(2012, 5, 16), "重新上岗", by=by))
        union = next(each for each in world.city.unions if each.serial == serial)
        again = [
            {
                "org": org,
                "person": row.person,
                "joined_on": date(2012, 5, 16),
                **people.work_fields(n, union.workplaces[0], world.employers, world.agency),
            }
            for n, row in enumerate(rows[7:9])
        ]
        must(create_many(Membership, again, by=by))


def arrive_from_elsewhere(world: World) -> None:
    """Members of other cities who bring a letter: transfers, not admissions."""
    unit = UNITS[4].code
    union = hosts(world, unit)[0]
    by = world.cast[accounts.handler(unit)]
    persons = people.enter(((each, world.org(union)) for each in world.newcomers.meet(unit, 5)), by)
    rows = [
        {
            "org": world.org(union),
            "person": person,
            "joined_on": date(2012, 4, 24),
            "came_from": "许昌市示例公司工会（介绍信2012-31号）",
            **people.work_fields(n, union.workplaces[0], world.employers, world.agency),
        }
        for n, person in enumerate(persons)
    ]
    must(create_many(Membership, rows, by=by))


def apply_in_vain(world: World) -> None:
    """Applications that are returned, with their reasons."""
    unit = UNITS[2].code
    union = hosts(world, unit)[1]
    rows = [
        application_of(each, world.org(union), world, n) | {"applied_on": date(2012, 4, 16)}
        for n, each in enumerate(world.newcomers.meet(unit, 15))
    ]
    made = must(create_many(MembershipApplication, rows, by=SYSTEM))
    by = world.cast[accounts.handler(unit)]
    must(perform_many(made, "return", by=by, return_reason="not_employed"))


def apply_and_wait(world: World) -> None:
    """Applications that wait for an answer in August, some of them in the pool."""
    for unit in UNITS[:3]:
        union = hosts(world, unit.code)[2]
        rows = [
            application_of(each, world.org(union), world, n) | {"applied_on": date(2012, 8, 13)}
            for n, each in enumerate(world.newcomers.meet(unit.code, 6))
        ]
        for row in rows[4:]:
            row |= {"org": world.orgs[union.superior], "target_org": None}
        must(create_many(MembershipApplication, rows, by=SYSTEM))
    direct = world.orgs["direct:1"]
    rows = [
        application_of(each, direct, world, n) | {"applied_on": date(2012, 8, 14)}
        for n, each in enumerate(world.newcomers.meet("410411", 3))
    ]
    must(create_many(MembershipApplication, rows, by=SYSTEM))


def invent_members(world: World) -> None:
    """In June a union reports people who do not work there; they count until they are found out."""
    unit = UNITS[0].code
    union = hosts(world, unit)[5]
    by = world.cast[accounts.handler(unit)]
    persons = people.enter(
        ((each, world.org(union)) for each in world.newcomers.meet(unit, VOIDED)), by
    )
    rows = [
        {
            "org": world.org(union),
            "person": person,
            "joined_on": date(2012, 6, 19),
            **people.work_fields(n, union.workplaces[0], world.employers, world.agency),
        }
        for n, person in enumerate(persons)
    ]
    world.invented = must(create_many(Membership, rows, by=by))


def find_out(world: World) -> None:
    """On 20 August the invented members are voided, and as many forgotten ones are entered."""
    unit = UNITS[0].code
    union = hosts(world, unit)[6]
    must(
        void_many(
            world.invented,
            by=world.cast[accounts.approver(unit)],
            reason="电话抽查核实：非本单位职工，误报",
        )
    )
    Intake(
        world=world,
        unit=unit,
        day=date(2012, 6, 20),
        unions=[union],
        counts=[VOIDED],
        by_application=False,
    ).enter()
