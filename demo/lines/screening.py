"""The free screening of 2012: 2,716 women in ten counties at 150 yuan, 407,400 yuan paid to two hospitals.

Decoys: women who were named and did not come, and a session that goes on after the report.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from demo import accounts, money, names, people
from demo.acting import Timeline, moment
from demo.lines.funds import CARE, COUNTY_CODES, SCREENING
from demo.people import Newcomers
from demo.places import COUNTIES
from demo.world import World
from gonghui.base.money import split
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.people.models import Employer, EmployerType, Person, Sex
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform, perform_many
from gonghui.lines.women.models import ScreeningHandler, ScreeningRecord, ScreeningSession
from gonghui.shared.campaigns.services import campaign_of

WOMEN = 2_716
_ABSENT = 3  # in every county
_AFTER = 12  # screened on the day after the report
_DAYS = (date(2012, 4, 20), date(2012, 5, 25), date(2012, 6, 21))
_HOSPITALS = ("平顶山市示例第一医院", "平顶山市示例妇幼保健院")
_WEIGHTS = (24, 12, 17, 20, 21, 18, 13, 11, 9, 5)
# A series of persons of its own, far from those whom the other lines meet.
_SERIALS = 6_000_000


def women_by_county() -> list[int]:
    """How many women each county has screened."""
    return split(WOMEN, list(_WEIGHTS))


def _meet(newcomers: Newcomers, division: str, how_many: int) -> list[names.SynthPerson]:
    found: list[names.SynthPerson] = []
    while len(found) < how_many:
        found += [each for each in newcomers.meet(division, 50) if each.sex == Sex.FEMALE]
    return found[:how_many]


def _hospitals(world: World) -> list[Employer]:
    rows = [
        {
            "org": world.orgs["city"],
            "name": name,
            "type": EmployerType.INSTITUTION,
            "uscc": names.employer_uscc(9_900_000 + n, "410400", EmployerType.INSTITUTION),
        }
        for n, name in enumerate(_HOSPITALS)
    ]
    return must(create_many(Employer, rows, by=SYSTEM))


class _Screening:
    """The sessions of the year and who is in them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, ScreeningSession] = {}
        self.hospitals: list[Employer] = []
        self.newcomers = Newcomers()
        self.newcomers._serials = count(_SERIALS)  # noqa: SLF001  a series of its own

    def plan(self) -> None:
        """The leader names the handler, every county plans its session."""
        world = self.world
        create(
            ScreeningHandler,
            by=world.cast["lingdao"],
            org=world.orgs["city"],
            username="nvgongbu",
            valid_from=date(2012, 3, 1),
        )
        self.hospitals = _hospitals(world)
        for n, (unit, quota) in enumerate(zip(COUNTIES, women_by_county(), strict=True)):
            self.sessions[unit.code] = self._session(
                unit.code,
                f"{unit.name}2012年困难女职工两癌免费检查",
                self.hospitals[n % 2],
                date(2012, 4, 16),
                date(2012, 7, 6),
                quota + _ABSENT,
            )

    def _session(
        self, code: str, title: str, hospital: Employer, start: date, end: date, quota: int
    ) -> ScreeningSession:
        by = self.world.cast[accounts.approver(code)]
        session = create(
            ScreeningSession,
            by=by,
            org=self.world.orgs[code],
            title=title,
            campaign=campaign_of(SCREENING),
            hospital=hospital,
            items=["breast", "cervix"],
            date_from=start,
            date_to=end,
            quota=quota,
        )
        return perform(session, "open", by=by)

    def name_women(self) -> None:
        """The counties' handlers enter the lists."""
        for code, session in self.sessions.items():
            self._name(code, session, session.quota)

    def _name(self, code: str, session: ScreeningSession, how_many: int) -> list[Any]:
        org = self.world.orgs[code]
        met = [(each, org) for each in _meet(self.newcomers, code, how_many)]
        persons: list[Person] = people.enter(met, SYSTEM)
        rows = [
            {"org": org, "session": session, "person": person, "basis": "member"}
            for person in persons
        ]
        return must(create_many(ScreeningRecord, rows, by=self.world.cast[accounts.handler(code)]))

    def begin(self) -> None:
        """The hospitals begin."""
        for code, session in self.sessions.items():
            by = self.world.cast[accounts.approver(code)]
            self.sessions[code] = perform(session, "start", by=by)

    def screen(self, day: date) -> None:
        """A third of the women of every county come."""
        for (code, session), number in zip(self.sessions.items(), women_by_county(), strict=True):
            share = split(number, [1] * len(_DAYS))[_DAYS.index(day)]
            waiting = ScreeningRecord.objects.filter(session=session, state="registered")
            self._screen(code, list(waiting.order_by("pk")[:share]), day)

    def _screen(self, code: str, records: list[Any], day: date) -> None:
        by = self.world.cast[accounts.approver(code)]
        must(perform_many(records, "screen", by=by, screened_on=day))

    def settle(self) -> None:
        """The city pays the hospitals out of the women's fund."""
        world, by = self.world, self.world.cast["nvgongbu"]
        fund = money.fund_of(world.orgs["city"], CARE)
        for code, number in zip(COUNTY_CODES, women_by_county(), strict=True):
            session = perform(self.sessions[code], "settle", by=by, billed_count=number, fund=fund)
            session.refresh_from_db()
            self.sessions[code] = session
            batch = perform(perform(session.batch, "check", by=by), "submit", by=by)
            money.approve(world, batch)

    def pay(self) -> None:
        """The hospitals sign for the money, the sessions are closed."""
        for code, session in self.sessions.items():
            money.pay(self.world, session.batch)
            self.sessions[code] = perform(session, "close", by=self.world.cast["nvgongbu"])

    def after_the_report(self) -> None:
        """A further session of which the report cannot know."""
        code = COUNTY_CODES[0]
        session = self._session(
            code,
            "汝州市2012年两癌免费检查第二批",
            self.hospitals[1],
            date(2012, 8, 16),
            date(2012, 9, 28),
            30,
        )
        records = self._name(code, session, _AFTER + 5)
        perform(session, "start", by=self.world.cast[accounts.approver(code)])
        self._screen(code, records[:_AFTER], date(2012, 8, 16))


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""
    screening = _Screening(world)

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "两癌筛查", step)

    add(date(2012, 3, 6), screening.plan)
    add(date(2012, 3, 27), screening.name_women)
    add(date(2012, 4, 16), screening.begin)
    for day in _DAYS:
        add(day, lambda day=day: screening.screen(day), 17)
    add(date(2012, 7, 12), screening.settle)
    add(date(2012, 7, 20), screening.pay)
    add(date(2012, 8, 16), screening.after_the_report, 17)
