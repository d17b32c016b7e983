"""Where help is to be had: 10 county centres, 88 township stations, and those that do not count.

Two hospitals are talked to about an agreement. Decoys: the city's own centre, three stations that are shut, one that is being built, one opened on the
day after the report, and an enterprise's and a community's own.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from demo import accounts, names
from demo.acting import Timeline, moment
from demo.places import COUNTIES, Township, townships_of
from demo.world import World
from gonghui.base.money import split
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.orgs.models import Division
from gonghui.kernel.people.models import Employer, EmployerType
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many, perform, perform_many
from gonghui.lines.aid.models import AidStation, HospitalDiscount, LoveHospital
from gonghui.lines.aid.models.station import ALL_IN_ONE, StationStandard

OPEN_STATIONS = 88
ENTERED = date(2011, 12, 8)
# Of the stations that run on the day of the report, how many were opened in 2012 itself.
OF_THIS_YEAR = 8
SUSPENDED = 3
_STANDARDS = [each.value for each in StationStandard]
_FEW = ["hardship", "living"]


def _stations_by_county() -> dict[str, list[Township]]:
    """The townships with a station that runs, the counties about alike covered."""
    shares = split(OPEN_STATIONS, [len(townships_of(unit.code)) for unit in COUNTIES])
    return {
        unit.code: townships_of(unit.code)[:share]
        for unit, share in zip(COUNTIES, shares, strict=True)
    }


def _without_station() -> list[tuple[str, Township]]:
    """The townships that are left, one of each county after the other."""
    running = _stations_by_county()
    left = {code: townships_of(code)[len(having) :] for code, having in running.items()}
    return [(code, rows[n]) for n in range(30) for code, rows in left.items() if n < len(rows)]


def _station(
    world: World, county: str, place: Township, number: int, **more: Any
) -> dict[str, Any]:
    """The fields of a township's station; every third does all four services."""
    return {
        "org": world.orgs.get(place.code, world.orgs[county]),
        "kind": "township_station",
        "division": Division.objects.get(code=place.code),
        "name": f"{place.name}困难职工帮扶工作站",
        "services": list(ALL_IN_ONE) if number % 3 == 0 else _FEW,
        "address": f"{place.name}便民服务中心",
        "hours": "工作日8:00—12:00，15:00—18:00",
        "full_time_count": 1,
        "part_time_count": 1 + number % 2,
        "standards": _STANDARDS,
        "opened_on": date(2008, 4, 1) + timedelta(days=13 * number),
        **more,
    }


def _open(world: World, rows: list[dict[str, Any]], unit: str) -> list[AidStation]:
    by = world.cast[accounts.approver(unit)]
    return must(perform_many(must(create_many(AidStation, rows, by=by)), "open", by=by))


def _enter_centres(world: World) -> None:
    """The city's centre and those of the counties."""
    city, office = world.orgs["city"], world.cast["baozhangbu"]
    places = [("city", "410400", "平顶山市", date(2003, 4, 28))]
    places += [
        (unit.code, unit.code, unit.name, date(2004, 5, 10) + timedelta(days=40 * n))
        for n, unit in enumerate(COUNTIES)
    ]
    rows = [
        {
            "org": city if key == "city" else world.orgs[key],
            "kind": "city_center" if key == "city" else "county_center",
            "division": Division.objects.get(code=code),
            "name": f"{name}困难职工帮扶中心",
            "services": [*ALL_IN_ONE, "hotline"],
            "standards": _STANDARDS,
            "full_time_count": 6 if key == "city" else 3,
            "opened_on": opened,
        }
        for key, code, name, opened in places
    ]
    must(perform_many(must(create_many(AidStation, rows, by=office)), "open", by=office))


def _enter_older(world: World) -> None:
    number = 0
    for code, having in _stations_by_county().items():
        rows = []
        for place in having:
            if number < OPEN_STATIONS - OF_THIS_YEAR:
                rows.append(_station(world, code, place, number))
            number += 1
        _open(world, rows, code)


def _open_this_year(world: World) -> None:
    """Those of the last counties, opened as they were ready."""
    places = [(code, place) for code, having in _stations_by_county().items() for place in having]
    for number, (code, place) in enumerate(places[-OF_THIS_YEAR:]):
        opened = date(2012, 4, 10) + timedelta(days=7 * number)
        _open(world, [_station(world, code, place, number, opened_on=opened)], code)


def _shut_some(world: World) -> None:
    for code, place in _without_station()[:SUSPENDED]:
        (station,) = _open(world, [_station(world, code, place, 1)], code)
        perform(
            station,
            "suspend",
            by=world.cast[accounts.approver(code)],
            suspended_on=date(2012, 5, 30),
            reason="办公场所拆迁，暂停服务",
        )


def _plan_others(world: World) -> None:
    """One being built, one planned, and two that stand for no township."""
    code, place = _without_station()[SUSPENDED]
    by = world.cast[accounts.approver(code)]
    nothing_yet = {"opened_on": None, "standards": ["place"], "planned_on": date(2012, 9, 28)}
    building = _station(world, code, place, 1, **nothing_yet)
    own = {"kind": "employer_station", "division": None, "name": "平棉纺织集团职工帮扶站"}
    point = {"kind": "community_point", "division": None, "name": f"{place.name}社区帮扶点"}
    made = must(
        create_many(
            AidStation,
            [
                building,
                {**_station(world, code, place, 1), **own},
                {**_station(world, code, place, 1), **point},
            ],
            by=by,
        )
    )
    perform(made[0], "build", by=by)
    must(perform_many(made[1:], "open", by=by))


def _open_after_report(world: World) -> None:
    code, place = _without_station()[SUSPENDED + 1]
    _open(world, [_station(world, code, place, 0, opened_on=date(2012, 8, 16))], code)


def _talk_to_hospitals(world: World) -> None:
    """The two hospitals of the plan, with which the agreement is still being talked over."""
    office, city = world.cast["baozhangbu"], world.orgs["city"]
    kind = EmployerType.INSTITUTION
    hospitals = must(
        create_many(
            Employer,
            [
                {
                    "org": city,
                    "name": f"平顶山市第{number}人民医院",
                    "type": kind,
                    "uscc": names.employer_uscc(9_910_000 + n, "410400", kind),
                }
                for n, number in enumerate("一二")
            ],
            by=SYSTEM,
        )
    )
    talks = must(
        create_many(
            LoveHospital,
            [{"org": city, "employer": each, "level": "third"} for each in hospitals],
            by=office,
        )
    )
    offered = [(talks[0], "registration", 50), (talks[0], "examination", 20)]
    must(
        create_many(
            HospitalDiscount,
            [
                {"org": city, "hospital": each, "item": item, "percent": percent}
                for each, item, percent in offered
            ],
            by=office,
        )
    )


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "困难帮扶", lambda: step(world))

    add(ENTERED, _enter_centres)
    add(ENTERED, _enter_older, 11)
    add(date(2012, 5, 31), _open_this_year)
    add(date(2012, 5, 31), _shut_some, 11)
    add(date(2012, 6, 12), _plan_others)
    add(date(2012, 7, 25), _talk_to_hospitals)
    add(date(2012, 8, 16), _open_after_report)
