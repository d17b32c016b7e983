"""Employment in 2012: 23 sessions in which 6,830 persons learned, 41 of them twice; 3,400 of them found work.

Decoys: those who hardly came or failed, a session called off, one of the year before, one whose
results are still out on the day of the report and one that is under way; placements that nobody
has verified, that were refuted before the report or after it, and persons who left and found
another job; employers who did not come, came twice or are not private, and who agreed with two.
82 small loans of 10,000 yuan brought 360 persons to work; a payment that bounced and was made
again, a bank's loan, one that was refused and one lent after the report are no part of that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from django.db import models

from demo import accounts, money, people
from demo.acting import Timeline, moment
from demo.places import CITY_CODE, COUNTIES
from demo.plan import last_working_day, working_day
from demo.world import World
from gonghui.base import clock
from gonghui.base.money import split
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.files.services import attach
from gonghui.kernel.people.models import Employer, EmployerType, Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import (
    change,
    change_many,
    create,
    create_many,
    perform,
    perform_many,
)
from gonghui.lines.employment.models import (
    Enrolment,
    FairBooth,
    FairIntent,
    FollowUp,
    JobFair,
    LoanGuarantor,
    LoanRepayment,
    MicroLoan,
    Placement,
    TrainingSession,
)
from gonghui.lines.employment.services.training import half_days
from gonghui.shared.funds.models import FundReceipt, PayBatch, PayLine
from gonghui.shared.funds.services.paying import reissue

VISITS, TRAINEES, PLACED = 6_871, 6_830, 3_400
FAIR_EMPLOYERS, FAIR_INTENTS = 918, 4_236
LOANS, LOAN_JOBS, LOAN = 82, 360, Decimal(10_000)
FUND = "XEDK"
TWICE = VISITS - TRAINEES
CLASS = 58
_TRADES = (
    ("家政服务员", "special"),
    ("电工", "five"),
    ("焊工", "five"),
    ("缝纫工", "five"),
    ("中式烹调师", "four"),
    ("计算机操作员", "five"),
    ("汽车修理工", "four"),
    ("养老护理员", "special"),
)
# Mondays of weeks without a holiday, for a county's first and second session of the half year.
_FIRST = (*(date(2012, 2, day) for day in (20, 27)), *(date(2012, 3, day) for day in (5, 12, 19)))
_SECOND = (
    *(date(2012, 4, day) for day in (9, 16, 23)),
    *(date(2012, 5, day) for day in (7, 14, 21, 28)),
    date(2012, 6, 4),
)
_CITY = (date(2012, 3, 12), date(2012, 4, 16), date(2012, 6, 4))


@dataclass(slots=True)
class Course:
    """A planned session, and what it became."""

    place: str
    trade: int
    start: date
    completed: int
    repeated: int = 0
    session: TrainingSession | None = None
    learners: list[Enrolment] = field(default_factory=list)

    @property
    def end(self) -> date:
        """Its last day, a Friday."""
        return self.start + timedelta(days=4)

    @property
    def division(self) -> str:
        """Where its learners live."""
        return "410402" if self.place == "city" else self.place


def courses() -> list[Course]:
    """The 23 sessions, two in each county and three of the city; each county's first by number."""
    counts = iter(split(VISITS, [1] * (2 * len(COUNTIES) + len(_CITY))))
    repeats = split(TWICE, [1] * len(COUNTIES))
    made = [Course("city", number, start, next(counts)) for number, start in enumerate(_CITY)]
    for number, unit in enumerate(COUNTIES):
        made.append(
            Course(unit.code, number % len(_TRADES), _FIRST[number % len(_FIRST)], next(counts))
        )
        made.append(
            Course(
                unit.code,
                (number + 3) % len(_TRADES),
                _SECOND[number % len(_SECOND)],
                next(counts),
                repeats[number],
            )
        )
    return made


class Training:
    """The steps of the sessions; a county's second session meets some learners of its first again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.courses = courses()
        self.trained: dict[str, list[Person]] = {}

    def schedule(self, timeline: Timeline) -> None:
        """Announce, enrol, teach and close every session."""
        for course in self.courses:
            self._add(timeline, course)
        self._decoys(timeline)

    def _add(self, timeline: Timeline, course: Course, *, closes: bool = True) -> None:
        def step(when: date, do: Any, hour: int = 10) -> None:
            timeline.add(moment(when, hour), "就业培训", lambda: do(course))

        step(last_working_day(course.start - timedelta(days=12)), self._announce)
        step(last_working_day(course.start - timedelta(days=4)), self._enrol)
        step(course.start, self._start, 8)
        step(course.end, self._finish, 18)
        if closes:
            step(working_day(course.end + timedelta(days=4)), self._close)

    def _decoys(self, timeline: Timeline) -> None:
        last_year = Course("410421", 5, date(2011, 12, 5), 56)
        self._add(timeline, last_year)
        self._add(timeline, Course("410423", 6, date(2012, 7, 23), 57), closes=False)
        off = Course("410403", 7, date(2012, 5, 28), 0)
        timeline.add(moment(date(2012, 5, 15)), "就业培训", lambda: self._announce(off))
        timeline.add(moment(date(2012, 5, 24)), "就业培训", lambda: self._call_off(off))
        running = Course("410411", 1, date(2012, 8, 13), 55)
        timeline.add(moment(date(2012, 8, 1)), "就业培训", lambda: self._announce(running))
        timeline.add(moment(date(2012, 8, 9)), "就业培训", lambda: self._enrol(running))
        timeline.add(moment(date(2012, 8, 13)), "就业培训", lambda: self._start(running))

    def maker(self, course: Course) -> Actor:
        """Who prepares the host's cases."""
        name = "baozhangbu" if course.place == "city" else accounts.handler(course.place)
        return self.world.cast[name]

    def _closer(self, course: Course) -> Actor:
        name = "baozhangbu" if course.place == "city" else accounts.approver(course.place)
        return self.world.cast[name]

    def _announce(self, course: Course) -> None:
        trade, level = _TRADES[course.trade]
        made = create(
            TrainingSession,
            by=self.maker(course),
            org=self.world.orgs[course.place],
            title=f"{course.start.year}年{trade}技能培训班（{course.start:%m%d}期）",
            kind="skill",
            occupation=trade,
            level=level,
            mode="offline",
            start_on=course.start,
            end_on=course.end,
            hours=Decimal(40),
            place="职工学校",
            plan_count=course.completed + 10,
        )
        course.session = perform(made, "announce", by=self.maker(course))

    def _enrol(self, course: Course) -> None:
        """Those who will complete it, three who come too little, two who fail, one who leaves."""
        org = self.world.orgs[course.place]
        again = self.trained.get(course.place, [])[: course.repeated]
        met = self.world.newcomers.meet(course.division, course.completed - len(again) + 6)
        new = people.enter([(each, org) for each in met], self.maker(course))
        persons = [*again, *new]
        course.learners = must(
            create_many(
                Enrolment,
                [
                    {
                        "session": course.session,
                        "person": person,
                        "category": "migrant" if n % 5 < 3 else "laid_off",
                        "class_label": f"{n // CLASS + 1}班",
                    }
                    for n, person in enumerate(persons)
                ],
                by=self.maker(course),
            )
        )
        if course in self.courses:
            self.trained.setdefault(course.place, persons[: course.completed])

    def _start(self, course: Course) -> None:
        assert course.session is not None  # noqa: S101  announced before
        course.session = perform(course.session, "start", by=self.maker(course))

    def _finish(self, course: Course) -> None:
        assert course.session is not None  # noqa: S101  announced before
        halves = half_days(course.session)
        some, most = halves[:5], halves[:-1]
        pairs = []
        for n, row in enumerate(course.learners):
            left = n - course.completed
            sheet = most if n % 9 == 0 else halves
            values: dict[str, Any] = {"checkins": sheet, "exam_score": Decimal(62 + n % 38)}
            if 0 <= left < 3:
                values["checkins"] = some
            elif 3 <= left < 5:
                values["exam_score"] = Decimal(51)
            elif left == 5:
                values = {"is_dropped": True}
            pairs.append((row, values | {"attend_method": "face"}))
        course.learners = must(change_many(pairs, by=self.maker(course)))
        course.session = perform(course.session, "finish", by=self.maker(course))

    def _close(self, course: Course) -> None:
        assert course.session is not None  # noqa: S101  announced before
        course.session = perform(course.session, "close", by=self._closer(course))

    def _call_off(self, course: Course) -> None:
        assert course.session is not None  # noqa: S101  announced before
        perform(course.session, "cancel", by=self.maker(course), reason="报名人数不足")


class Placing:
    """Where those who learned went: reported by the host, verified by somebody else."""

    def __init__(self, training: Training) -> None:
        self.world = training.world
        self.training = training
        self.jobs: dict[int, list[Placement]] = {}
        self.left: list[Placement] = []

    def schedule(self, timeline: Timeline) -> None:
        """Report and verify after every session; then those who leave, and what proves untrue."""

        def add(when: date, step: Any, hour: int = 15) -> None:
            timeline.add(moment(working_day(when), hour), "就业去向", step)

        shares = split(PLACED, [1] * len(self.training.courses))
        for number, (course, share) in enumerate(zip(self.training.courses, shares, strict=True)):
            report = partial(self._report, number, course, share)
            add(course.end + timedelta(days=24), report)
            add(course.end + timedelta(days=31), partial(self._verify, number, course, share))
        add(date(2012, 4, 10), self._ask)
        add(date(2012, 7, 10), self._leave)
        add(date(2012, 7, 20), self._place_again, 9)
        timeline.add(moment(date(2012, 9, 1)), "就业去向", self._refute)
        add(date(2012, 9, 3), self._keep)

    def _checker(self, course: Course) -> Actor:
        name = "zuzhibu" if course.place == "city" else accounts.approver(course.place)
        return self.world.cast[name]

    def _employers(self, place: str) -> list[Employer]:
        unit = CITY_CODE if place == "city" else place
        found = (
            self.world.employers.get(each.serial)
            for union in self.world.city.unions
            for each in union.workplaces
            if each.unit == unit and each.is_enterprise
        )
        return list(islice(filter(None, found), 40))

    def _report(self, number: int, course: Course, share: int) -> None:
        """Those who will be verified, one who will be refuted and two whom nobody verifies."""
        employers = self._employers(course.place)
        rows = course.learners[course.repeated :][: share + 3]
        models.prefetch_related_objects(rows, "org", "person")
        self.jobs[number] = must(
            create_many(
                Placement,
                [
                    {
                        "org": row.org,
                        "person": row.person,
                        "kind": "reemployed",
                        "source_kind": "training",
                        "enrolment": row,
                        "employer": employers[n % len(employers)],
                        "started_on": course.end + timedelta(days=3 + n % 14),
                        "contract_kind": "fixed",
                        "contract_to": date(2013, 6, 30),
                        "wage": Decimal(1_300 + n % 9 * 50),
                        "is_insured": n % 4 > 0,
                    }
                    for n, row in enumerate(rows)
                ],
                by=self.training.maker(course),
            )
        )

    def _verify(self, number: int, course: Course, share: int) -> None:
        jobs, by = self.jobs[number], self._checker(course)
        shown: dict[str, Any] = {
            "evidence": ["contract", "wage"],
            "evidence_no": "劳动合同及上月工资单",
        }
        verified = must(perform_many(jobs[:share], "verify", by=by, **shown))
        perform(jobs[share], "refute", by=by, reason="单位查无此人")
        self.jobs[number] = verified

    def _ask(self) -> None:
        """Asked after a month: the first session of each of some counties."""
        for number, course in enumerate(self.training.courses):
            if course.end < date(2012, 3, 1):
                self._follow_up(self.jobs[number], course, date(2012, 4, 10), "在岗正常")

    def _follow_up(
        self, jobs: list[Placement], course: Course, day: date, remark: str
    ) -> list[FollowUp]:
        rows = [
            {
                "placement": job,
                "followed_on": day,
                "result": "on",
                "asked_by": "帮扶中心",
                "remark": remark,
            }
            for job in jobs
        ]
        return must(create_many(FollowUp, rows, by=self.training.maker(course)))

    def _leave(self) -> None:
        for number in range(3, 8):
            course = self.training.courses[number]
            gone = perform_many(
                self.jobs[number][-5:],
                "end",
                by=self.training.maker(course),
                ended_on=date(2012, 7, 6),
                end_reason="本人辞职",
            )
            self.left += must(gone)

    def _place_again(self) -> None:
        """Some who left find work themselves; a person is counted once all the same."""
        by = self.world.cast["baozhangbu"]
        rows = [
            {
                "org": job.org,
                "person": job.person,
                "kind": "reemployed",
                "source_kind": "self",
                "own_business": "早餐店",
                "started_on": date(2012, 7, 16),
            }
            for job in self.left[:6]
        ]
        made = must(create_many(Placement, rows, by=by))
        shown: dict[str, Any] = {"evidence": ["licence"], "evidence_no": "个体工商户营业执照"}
        must(perform_many(made, "verify", by=self.world.cast["zuzhibu"], **shown))

    def _refute(self) -> None:
        """After the report one proves untrue: the report keeps its figure, today's is one less."""
        by = self.world.cast["baozhangbu"]
        perform(self.jobs[5][0], "refute", by=by, reason="回访核实：本人从未到该单位上岗")

    def _keep(self) -> None:
        """Half a year is over for the first."""
        today = date(2012, 9, 3)
        for course in self.training.courses:
            due = Placement.objects.filter(
                enrolment__session=course.session, state="verified", sustain_due_on__lte=today
            ).order_by("pk")
            rows = self._follow_up(list(due), course, today, "满半年在岗")
            asked = [row.placement for row in rows]
            must(perform_many(asked[::4] + asked[1::4], "sustain", by=self._checker(course)))


class Fairs:
    """The week in which private enterprises hire: a fair in each county, and one of the city."""

    def __init__(self, training: Training) -> None:
        self.world = training.world
        self.fairs: dict[str, JobFair] = {}
        self.booths: dict[str, list[FairBooth]] = {}
        self.intents: dict[str, list[FairIntent]] = {}

    def schedule(self, timeline: Timeline) -> None:
        """Plan, hold and follow up; hire after the report."""

        def add(when: date, step: Any) -> None:
            timeline.add(moment(when, 9), "招聘会", step)

        add(date(2012, 2, 15), self._spring)
        add(date(2012, 4, 27), self._plan)
        add(date(2012, 5, 14), self._open)
        add(date(2012, 5, 18), self._close)
        add(date(2012, 6, 12), self._follow)
        add(date(2012, 8, 22), self._hire)

    def _maker(self, place: str) -> Actor:
        return self.world.cast["baozhangbu" if place == "city" else accounts.handler(place)]

    def _private(self, place: str, count: int) -> list[Employer]:
        found = (
            self.world.employers.get(each.serial)
            for union in self.world.city.unions
            for each in union.workplaces
            if each.unit == place and each.kind is EmployerType.PRIVATE
        )
        return list(islice(filter(None, found), count))

    def _fair(self, place: str, title: str, series: str, start: date) -> JobFair:
        return create(
            JobFair,
            by=self._maker(place),
            org=self.world.orgs[place],
            title=title,
            series=series,
            start_on=start,
            end_on=start + timedelta(days=2),
            venue="人才市场",
            plan="政策咨询、现场招聘、维权服务同时进行。",
        )

    def _plan(self) -> None:
        """The employers of each county; five of each also come to the city's fair, some do not come."""
        start = date(2012, 5, 14)
        guests: list[Employer] = []
        for unit, share in zip(COUNTIES, split(FAIR_EMPLOYERS, [1] * len(COUNTIES)), strict=True):
            found = self._private(unit.code, share + 6)
            guests += found[:5]
            self._invite(unit.code, found, share, start)
        self._invite("city", guests, len(guests), start)

    def _invite(self, place: str, employers: list[Employer], came: int, start: date) -> None:
        """Of those beyond who came three do not come and three are not private after all."""
        by = self._maker(place)
        held = self._fair(place, "2012年民营企业招聘周", "private_week", start)
        attach(held, "招聘会安全预案.pdf", b"%PDF-1.4 " + place.encode(), by=by)
        rows = [
            {
                "fair": held,
                "employer": employer,
                "ownership": "state" if n >= came + 3 else "private",
                "booth_no": f"{n + 1:03d}",
                "post_count": 1 + n % 4,
                "headcount": 3 + n % 9,
                "checked_by": "帮扶中心",
            }
            for n, employer in enumerate(employers)
        ]
        self.booths[place] = must(create_many(FairBooth, rows, by=by))
        self.fairs[place] = held

    def _open(self) -> None:
        for place, held in self.fairs.items():
            self.fairs[place] = perform(held, "open", by=self._maker(place))

    def _close(self) -> None:
        """Who came is marked; 4,236 agreed with somebody, six at each fair with two."""
        places = [unit.code for unit in COUNTIES]
        for place, share in zip(places, split(FAIR_INTENTS, [1] * len(places)), strict=True):
            self._mark(place)
            self._agree(place, share)
        self._mark("city")
        for place, held in self.fairs.items():
            self.fairs[place] = perform(held, "close", by=self._maker(place))

    def _mark(self, place: str) -> None:
        absent = {row.pk for row in self.booths[place][-6:-3]} if place != "city" else set()
        came = [row for row in self.booths[place] if row.pk not in absent]
        pairs = [(row, {"is_attended": True}) for row in came]
        self.booths[place] = must(change_many(pairs, by=self._maker(place)))

    def _agree(self, place: str, share: int) -> None:
        booths = self.booths[place]
        met = self.world.newcomers.meet(place, share)
        pairs = [(person, booths[n % len(booths)]) for n, person in enumerate(met)]
        pairs += [(person, booths[n + 7]) for n, person in enumerate(met[:6])]
        rows = [
            {
                "fair": self.fairs[place],
                "booth": booth,
                "name": person.name,
                "phone": person.phone,
                "sex": person.sex,
                "agreed_on": date(2012, 5, 14 + n % 3),
            }
            for n, (person, booth) in enumerate(pairs)
        ]
        self.intents[place] = must(create_many(FairIntent, rows, by=self._maker(place)))

    def _follow(self) -> None:
        """Nineteen of twenty have a result after a month."""
        for place, rows in self.intents.items():
            by = self._maker(place)
            offered = [row for n, row in enumerate(rows) if n % 20 in (1, 4, 7, 10, 13, 16)]
            dropped = [row for n, row in enumerate(rows) if n % 20 and n % 3 != 1]
            left = {row.pk for row in offered}
            must(perform_many(offered, "offer", by=by))
            dropped = [row for row in dropped if row.pk not in left]
            must(perform_many(dropped, "drop", by=by, reason="未达成一致"))

    def _hire(self) -> None:
        """Some start after the report, by name and number."""
        for place, rows in self.intents.items():
            by = self._maker(place)
            met = self.world.newcomers.meet(place, 2)
            org = self.world.orgs[place]
            persons = people.enter([(each, org) for each in met], by)
            for row, person in zip((rows[1], rows[7]), persons, strict=True):
                perform(row, "hire", by=by, person=person, hired_on=date(2012, 8, 20))

    def _spring(self) -> None:
        """A fair of another series, which the sentence does not mean."""
        place, by = "410482", self._maker("410482")
        held = self._fair(place, "2012年春风行动招聘会", "spring", date(2012, 2, 15))
        rows = [
            {"fair": held, "employer": each, "ownership": "private", "is_attended": True}
            for each in self._private(place, 20)
        ]
        booths = must(create_many(FairBooth, rows, by=by))
        met = self.world.newcomers.meet(place, 30)
        intents = [
            {
                "fair": held,
                "booth": booths[n % len(booths)],
                "name": person.name,
                "phone": person.phone,
                "agreed_on": held.start_on,
            }
            for n, person in enumerate(met)
        ]
        must(create_many(FairIntent, intents, by=by))


class Lending:
    """Small loans of the counties from a revolving fund, lent in March and in June."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.loans: dict[tuple[str, int], list[MicroLoan]] = {}
        self.hired = iter(split(LOAN_JOBS - LOANS, [1] * LOANS))
        self.jobs: dict[tuple[str, int], list[Placement]] = {}

    def schedule(self, timeline: Timeline) -> None:
        """Two waves, what they brought, what came back, and what is no part of the figure."""

        def add(when: date, step: Any, hour: int = 11) -> None:
            timeline.add(moment(when, hour), "小额借款", step)

        add(date(2012, 1, 11), self._funds)
        first, second = [4] * len(COUNTIES), split(LOANS - 4 * len(COUNTIES), [1] * len(COUNTIES))
        for wave, counts, start in (
            (1, first, date(2012, 2, 20)),
            (2, second, date(2012, 5, 14)),
        ):
            shares = dict(zip((unit.code for unit in COUNTIES), counts, strict=True))
            self._wave(add, wave, shares, start)
        add(date(2012, 6, 11), self._repay, 15)
        self._others(add)

    def _wave(self, add: Any, wave: int, shares: dict[str, int], start: date) -> None:
        days = (
            (0, self._apply),
            (7, self._show),
            (16, self._approve),
            (21, self._lend),
            (42, self._report),
            (49, self._verify),
        )
        for after, step in days:
            for code, share in shares.items():
                add(start + timedelta(days=after), partial(step, code, wave, share))
        add(start + timedelta(days=22), partial(self._pay_again, wave))

    def _others(self, add: Any) -> None:
        """A bank's loan and a refused one in July; in the autumn one more, lent after the report."""
        add(date(2012, 7, 2), partial(self._apply, "410423", 3, 1))
        add(date(2012, 7, 9), partial(self._refuse, "410423", 3))
        add(date(2012, 7, 2), partial(self._apply, "410482", 4, 1, mode="subsidy"))
        add(date(2012, 7, 9), partial(self._show, "410482", 4, 1))
        add(date(2012, 7, 18), partial(self._approve, "410482", 4, 1))
        add(date(2012, 7, 20), partial(self._bank_lends, "410482", 4))
        add(date(2012, 7, 30), partial(self._apply, "410421", 5, 1))
        add(date(2012, 8, 6), partial(self._show, "410421", 5, 1))
        add(date(2012, 8, 15), partial(self._approve, "410421", 5, 1))
        add(date(2012, 8, 20), partial(self._lend, "410421", 5, 1))

    def _funds(self) -> None:
        """What was left of the year before; the counties get their part."""
        world = self.world
        city = money.open_fund(
            world,
            world.orgs["city"],
            FUND,
            "小额借款周转金",
            ("XEJK", "DKTX"),
            kind="revolving",
            source="carry_over",
        )
        money.receive(
            world, city, 1_500_000, "上年结转", "收0110", source="carry_over", kind="carry_over"
        )
        takers = [
            (
                money.open_fund(
                    world,
                    world.orgs[unit.code],
                    FUND,
                    "小额借款周转金",
                    ("XEJK",),
                    kind="revolving",
                    source="superior_union",
                ),
                Decimal(110_000),
            )
            for unit in COUNTIES
        ]
        money.allot(world, city, takers, "平工发〔2012〕3号", "小额借款周转金")

    def _apply(self, code: str, wave: int, share: int, mode: str = "direct") -> None:
        """Applications with a guarantor each, accepted, and looked at by two."""
        org, by = self.world.orgs[code], self.world.cast[accounts.handler(code)]
        met = self.world.newcomers.meet(code, 2 * share)
        persons = people.enter([(each, org) for each in met], by)
        rows = [
            {
                "org": org,
                "mode": mode,
                "borrower": person,
                "conditions": ["member", "jobless", "project", "able", "credit"],
                "sector": ("catering", "retail", "service", "farming")[n % 4],
                "project": ("早餐店", "日用品店", "家电维修部", "养殖场")[n % 4],
                "plan_jobs": 4,
                "asked": LOAN,
                "term_months": 12,
                "schedule": "quarterly",
            }
            for n, person in enumerate(persons[:share])
        ]
        loans = must(create_many(MicroLoan, rows, by=by))
        guarantors = [
            {"loan": loan, "person": person, "kind": "joint", "signed_on": clock.today()}
            for loan, person in zip(loans, persons[share:], strict=True)
        ]
        must(create_many(LoanGuarantor, guarantors, by=by))
        loans = must(perform_many(loans, "submit", by=by))
        loans = must(perform_many(loans, "accept", by=by))
        found = {"checkers": "帮扶中心甲、帮扶中心乙", "check_note": "场地已落实，项目可行"}
        self.loans[code, wave] = must(perform_many(loans, "pass_check", by=by, **found))  # type: ignore[arg-type]  # fields of the action

    def _show(self, code: str, wave: int, share: int) -> None:
        by = self.world.cast[accounts.approver(code)]
        loans = perform_many(self.loans[code, wave], "show", by=by, approved=LOAN)
        self.loans[code, wave] = must(loans)

    def _approve(self, code: str, wave: int, share: int) -> None:
        by = self.world.cast[accounts.approver(code)]
        self.loans[code, wave] = must(perform_many(self.loans[code, wave], "approve", by=by))

    def _sign(self, code: str, wave: int) -> None:
        by = self.world.cast[accounts.handler(code)]
        fund = money.fund_of(self.world.orgs[code], FUND)
        loans = self.loans[code, wave]
        contracts = [{"contract_no": f"借合{loan.number[2:]}"} for loan in loans]
        self.loans[code, wave] = must(perform_many(loans, "sign", by=by, each=contracts, fund=fund))

    def _lend(self, code: str, wave: int, share: int) -> None:
        """Contracts, a roster of the fund, and everyone signs for the money; one payment bounces."""
        self._sign(code, wave)
        by = self.world.cast[accounts.handler(code)]
        must(perform_many(self.loans[code, wave], "ask_for_money", by=by))
        batch = PayBatch.objects.filter(
            org=self.world.orgs[code], programme_code="XEJK", state="draft"
        ).get()
        self._send(batch, code)
        if (code, wave) == ("410402", 2):
            line = PayLine.objects.filter(batch=batch, state="reserved").order_by("seq").first()
            self._bounce(line)
        money.pay(self.world, batch, unit=code)

    def _send(self, batch: PayBatch, code: str) -> None:
        by = self.world.cast[accounts.handler(code)]
        batch = perform(change(batch, by=by, form="cash"), "check", by=by)
        money.approve(self.world, perform(batch, "submit", by=by), unit=code)

    def _bounce(self, line: Any) -> None:
        perform(
            line,
            "fail",
            by=self.world.cast["chuna"],
            failed_on=clock.today(),
            fail_text="借款人未到场",
        )

    def _pay_again(self, wave: int) -> None:
        """What bounced is paid the day after."""
        code = "410402"
        failed = PayLine.objects.filter(
            org=self.world.orgs[code], programme_code="XEJK", state="failed"
        )
        for line in failed.select_related("batch"):
            fresh = reissue(line.batch, by=self.world.cast[accounts.handler(code)])
            self._send(fresh, code)
            money.pay(self.world, fresh, unit=code)

    def _bank_lends(self, code: str, wave: int) -> None:
        self._sign(code, wave)
        for loan in self.loans[code, wave]:
            perform(
                loan,
                "bank_disburse",
                by=self.world.cast[accounts.handler(code)],
                disbursed_on=clock.today(),
                bank="示例商业银行",
                bank_loan_no="D20120720",
            )

    def _refuse(self, code: str, wave: int) -> None:
        by = self.world.cast[accounts.approver(code)]
        must(perform_many(self.loans[code, wave], "reject", by=by, reason="项目无固定场地"))

    def _report(self, code: str, wave: int, share: int) -> None:
        """The borrower himself and those whom he hired."""
        org, by = self.world.orgs[code], self.world.cast[accounts.handler(code)]
        own = [loan.pk for loan in self.loans[code, wave]]
        loans = list(MicroLoan.objects.filter(pk__in=own).select_related("borrower").order_by("pk"))
        places = [next(self.hired) for _ in loans]
        met = self.world.newcomers.meet(code, sum(places))
        hired = iter(people.enter([(each, org) for each in met], by))
        rows: list[dict[str, Any]] = [
            {
                "org": org,
                "person": person,
                "kind": "startup" if person.pk == loan.borrower_id else "reemployed",
                "source_kind": "loan",
                "loan": loan,
                "own_business": loan.project,
                "started_on": loan.disbursed_on + timedelta(days=6),
            }
            for loan, count_of in zip(loans, places, strict=True)
            for person in (loan.borrower, *islice(hired, count_of))
        ]
        self.jobs[code, wave] = must(create_many(Placement, rows, by=by))

    def _verify(self, code: str, wave: int, share: int) -> None:
        by = self.world.cast[accounts.approver(code)]
        shown: dict[str, Any] = {"evidence": ["licence", "visit"], "evidence_no": "执照及走访照片"}
        must(perform_many(self.jobs[code, wave], "verify", by=by, **shown))

    def _repay(self) -> None:
        """The first part of March's loans is due: one of each county but two is late."""
        for n, unit in enumerate(COUNTIES):
            by = self.world.cast[accounts.handler(unit.code)]
            loans = self.loans[unit.code, 1][: 4 if n < 2 else 3]
            rows = [
                {
                    "loan": loan,
                    "amount": LOAN / 4,
                    "paid_on": clock.today(),
                    "evidence_no": f"还{loan.number[2:]}-1",
                }
                for loan in loans
            ]
            made = must(create_many(LoanRepayment, rows, by=by))
            receipts = FundReceipt.objects.filter(
                source_model="employment.loan_repayment", source_id__in=[row.pk for row in made]
            )
            must(
                perform_many(list(receipts.order_by("pk")), "confirm", by=self.world.cast["caiwu"])
            )


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""
    training = Training(world)
    training.schedule(timeline)
    Placing(training).schedule(timeline)
    Fairs(training).schedule(timeline)
    Lending(world).schedule(timeline)
