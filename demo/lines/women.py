"""What the women workers' offices did in 2012: 53 lectures before 5,127 people up to the report.

Decoys: a lecture of the year before, one that was called off, one of the day after the report, one
that is still planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo import accounts
from demo.acting import Timeline, moment
from demo.places import COUNTIES
from demo.plan import Story, working_day
from demo.world import World
from gonghui.base.money import split
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.women.models import WomenLecture

LECTURES, PEOPLE = 53, 5_127
# How many of the lectures each office holds: the city, the industries, the counties.
_BY_CITY, _BY_INDUSTRY = 9, 4
_BY_COUNTY = (6, 4, 4, 5, 4, 4, 4, 4, 3, 2)
_FIRST, _LAST = date(2012, 2, 9), date(2012, 8, 10)
_TOPICS = (
    ("rights", "《女职工劳动保护特别规定》解读"),
    ("health", "女职工“两癌”防治知识"),
    ("skill", "岗位成才与素质提升"),
    ("family", "和谐家庭与心理健康"),
    ("cadre", "基层女工干部业务辅导"),
)
_SPEAKERS = ("示例老师", "示例医生", "示例律师", "示例技师", "市总女职工部")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lecture:
    """A lecture of the plan: who holds it at whose place, how many come."""

    place: str
    maker: str
    checker: str
    employer: int
    day: date
    turn: int
    people: int


def _hosts() -> list[tuple[str, str, str]]:
    """Place of the host, who records, who verifies; in the order of the lectures."""
    counties = [
        (unit.code, accounts.handler(unit.code), accounts.approver(unit.code))
        for unit, count in zip(COUNTIES, _BY_COUNTY, strict=True)
        for _ in range(count)
    ]
    city = [("city", "nvgongbu", "")] * _BY_CITY
    industries = [(f"industry:{n}", "chanye_jb", "chanye") for n in range(_BY_INDUSTRY)]
    # Mixed, so that every month has lectures of all of them.
    return sorted(city + industries + counties, key=lambda host: hash_of(host[0]))


def hash_of(text: str) -> int:
    """A fixed order that looks like none."""
    return sum(ord(char) * 31**place for place, char in enumerate(text[::-1])) % 1_009


def _employers(world: World, count: int) -> list[int]:
    """Employers of older unions, one for each lecture."""
    found = [
        workplace.serial
        for union in world.city.of(Story.OPENING)
        if union.kind == "single"
        for workplace in union.workplaces
    ]
    return found[100 : 100 + count]


def lectures(world: World) -> list[Lecture]:
    """The 53 lectures of the report."""
    hosts = _hosts()
    days = (_LAST - _FIRST).days
    heads = split(PEOPLE, [8 + n * 5 % 7 for n in range(LECTURES)])
    return [
        Lecture(
            place=place,
            maker=maker,
            checker=checker,
            employer=employer,
            day=working_day(_FIRST + timedelta(days * n // LECTURES)),
            turn=n,
            people=people,
        )
        for n, ((place, maker, checker), employer, people) in enumerate(
            zip(hosts, _employers(world, LECTURES), heads, strict=True)
        )
    ]


def _planned(world: World, by: Actor, place: str, employer: Employer, **values: Any) -> Any:
    return create(
        WomenLecture,
        by=by,
        org=world.orgs[place],
        employer=employer,
        hours=2,
        **{"start_at": "09:00", **values},
    )


def _plan(world: World, lecture: Lecture) -> WomenLecture:
    topic, title = _TOPICS[lecture.turn % len(_TOPICS)]
    made: WomenLecture = _planned(
        world,
        world.cast[lecture.maker],
        lecture.place,
        world.employers[lecture.employer],
        title=title,
        topic=topic,
        speaker=_SPEAKERS[lecture.turn % len(_SPEAKERS)],
        held_on=lecture.day,
        start_at="09:00" if lecture.turn % 2 else "14:30",
        planned=lecture.people // 10 * 10,
    )
    return made


def _hold(world: World, lecture: Lecture, made: WomenLecture) -> WomenLecture:
    cadres = lecture.people if lecture.turn % 5 == 4 else lecture.people // 12
    return perform(
        made,
        "hold",
        by=world.cast[lecture.maker],
        attendance=lecture.people,
        women_cadres=cadres,
        evidence="signatures" if lecture.turn % 3 else "employer",
    )


def _schedule_lecture(world: World, timeline: Timeline, lecture: Lecture) -> None:
    """Planned a week before, recorded on its day, verified within the week by another office."""
    made: list[WomenLecture] = []

    def plan() -> None:
        made.append(_plan(world, lecture))

    def hold() -> None:
        made.append(_hold(world, lecture, made[-1]))

    def verify() -> None:
        made.append(perform(made[-1], "verify", by=world.cast[lecture.checker]))

    timeline.add(moment(working_day(lecture.day - timedelta(7)), 9), "女职工", plan)
    timeline.add(moment(lecture.day, 17), "女职工", hold)
    if lecture.checker:
        timeline.add(moment(working_day(lecture.day + timedelta(2)), 15), "女职工", verify)


def _others(world: World) -> list[int]:
    return _employers(world, LECTURES + 4)[LECTURES:]


def _last_year(world: World) -> None:
    by = world.cast["nvgongbu"]
    made = _planned(
        world,
        by,
        "city",
        world.employers[_others(world)[0]],
        title="女职工权益法规宣讲",
        topic="rights",
        held_on=date(2011, 12, 8),
    )
    perform(made, "hold", by=by, attendance=75, women_cadres=5, evidence="signatures")


def _call_off(world: World) -> None:
    by = world.cast[accounts.handler("410425")]
    made = _planned(
        world,
        by,
        "410425",
        world.employers[_others(world)[1]],
        title="女职工健康知识讲座",
        topic="health",
        held_on=date(2012, 7, 6),
    )
    perform(made, "cancel", by=by, reason="防汛值班，改期另办")


def _after_the_report(world: World) -> None:
    by = world.cast["nvgongbu"]
    for position, day, title in (
        (2, date(2012, 8, 16), "基层女工干部业务辅导"),
        (3, date(2012, 9, 6), "《女职工劳动保护特别规定》解读"),
    ):
        made = _planned(
            world,
            by,
            "city",
            world.employers[_others(world)[position]],
            title=title,
            topic="cadre" if position == 2 else "rights",
            held_on=day,
        )
        if position == 2:
            perform(made, "hold", by=by, attendance=64, women_cadres=64, evidence="signatures")


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""
    for lecture in lectures(world):
        _schedule_lecture(world, timeline, lecture)

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "女职工", lambda: step(world))

    add(date(2011, 12, 8), _last_year, 17)
    add(date(2012, 7, 5), _call_off)
    add(date(2012, 8, 16), _after_the_report, 17)
