"""A city with its unions, and the steps by which a union comes about, for the tests of this line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.identity import make_uscc
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org, OrgKind, OrgLevel
from gonghui.kernel.people.models import Employer, EmployerHeadcount, Person
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.lines.orgs.models import (
    Candidate,
    ElectionCase,
    FormationEmployer,
    UnionFormation,
    UnionTerm,
)
from tests.support.orgs import make_org, user_with
from tests.support.sample.models import Station

MEMBERS = 30
WHEN = date(2012, 3, 20)


@dataclass
class Town:
    """The organisations of a small city and who acts in them."""

    city: Org
    county: Org
    township: Org
    union: Org
    neighbour: Org
    neighbour_township: Org
    industry: Org
    users: dict[str, User]

    # What an actor reaches is settled when he logs in: every use is a new request.
    @property
    def dept(self) -> Actor:
        return actor_of(self.users["dept"])

    @property
    def of_county(self) -> Actor:
        return actor_of(self.users["county"])

    @property
    def of_station(self) -> Actor:
        return actor_of(self.users["station"])

    @property
    def of_neighbour(self) -> Actor:
        return actor_of(self.users["neighbour"])

    @property
    def of_union(self) -> Actor:
        return actor_of(self.users["union"])


def make_town() -> Town:
    """City, two counties with a township each, an industry union and one old basic union."""
    city = make_org("示例市总工会", OrgLevel.CITY)
    county = make_org("甲县总工会", OrgLevel.COUNTY, city)
    township = make_org("甲镇工会", OrgLevel.TOWNSHIP, county, kind=OrgKind.TOWNSHIP)
    union = make_org("老厂工会", OrgLevel.BASIC, township)
    neighbour = make_org("乙县总工会", OrgLevel.COUNTY, city)
    neighbour_township = make_org("乙镇工会", OrgLevel.TOWNSHIP, neighbour, kind=OrgKind.TOWNSHIP)
    industry = make_org("示例产业工会", OrgLevel.INDUSTRY, city, kind=OrgKind.INDUSTRY)
    return Town(
        city=city,
        county=county,
        township=township,
        union=union,
        neighbour=neighbour,
        neighbour_township=neighbour_township,
        industry=industry,
        users={
            "dept": user_with(Role.DEPT, org=city),
            "county": user_with(Role.COUNTY, org=county),
            "station": user_with(Role.STATION, org=township),
            "neighbour": user_with(Role.COUNTY, org=neighbour),
            "union": user_with(Role.BASIC, org=union),
        },
    )


def employer_values(org: Org, number: int, **more) -> dict:
    """What a made-up employer is entered with."""
    return {
        "org": org,
        "uscc": make_uscc("91", "410402", f"MA4{number:05d}"),
        "name": f"示例企业{number}有限公司",
        "type": "private",
        **more,
    }


def an_employer(org: Org, number: int = 1, **more) -> Employer:
    """An employer without a union."""
    return create(Employer, by=SYSTEM, **employer_values(org, number, **more))


def headcount(employer: Employer, employees: int, as_of: date | None = None) -> EmployerHeadcount:
    """An employer's headcount of a day."""
    return create(
        EmployerHeadcount,
        by=SYSTEM,
        org=employer.org,
        employer=employer,
        as_of=as_of or clock.today(),
        employees=employees,
        source="report",
    )


def a_person(org: Org, name: str = "张示例") -> Person:
    """A person without papers, as a list would bring him."""
    now = clock.now()
    person = Person(org=org, name=name, created_at=now, changed_at=now)
    person.save()
    return person


def founders(org: Org, number: int = MEMBERS) -> None:
    """Let the stand-in for the members line know so many founding members."""
    now = clock.now()
    Station(
        org=org,
        name=f"首批会员{Station._unscoped.count()}",
        opened_on=clock.today(),
        seats=number,
        created_at=now,
        changed_at=now,
    ).save()


def a_formation(
    town: Town, *employers: Employer, by: Actor | None = None, **more
) -> UnionFormation:
    """A formation at the township with its employers."""
    values = {
        "org": town.township,
        "proposed_name": f"示例{unscoped(UnionFormation).count() + 1}公司工会委员会",
        "kind": "single",
        "contact": "李示例 13800000000",
        **more,
    }
    formation = create(UnionFormation, by=by or town.of_station, **values)
    for employer in employers:
        create(FormationEmployer, by=SYSTEM, formation=formation, employer=employer)
    return formation


def prepared(town: Town, *employers: Employer, **more) -> UnionFormation:
    """A formation whose preparation is approved."""
    formation = a_formation(town, *employers, **more)
    formation = perform(formation, "apply_prep", by=town.of_station)
    return perform(formation, "approve_prep", by=town.of_county, prep_doc_no="甲工筹〔2012〕1号")


def an_election(org: Org, kind: str = "first", *, seats: int = 3, members: int = MEMBERS, **more):
    """An election with a slate that the law accepts; everybody gets all votes but the last member."""
    case = create(
        ElectionCase,
        by=SYSTEM,
        org=org,
        kind=kind,
        members=members,
        female_members=0,
        committee_seats=seats,
        publicity_from=clock.today() - timedelta(days=10),
        publicity_to=clock.today() - timedelta(days=3),
        **more,
    )
    slate = (
        [("chair", members)]
        + [("member", members)] * seats
        + [("member", 0), ("audit_chair", members)]
    )
    for number, (post, votes) in enumerate(slate):
        create(
            Candidate,
            by=SYSTEM,
            case=case,
            person=a_person(org, f"候选人{number}"),
            post=post,
            votes=votes,
        )
    return case


def meeting(members: int = MEMBERS, **more) -> dict:
    """The numbers of a meeting at which everybody voted today."""
    return {
        "meeting_on": clock.today(),
        "due_attend": members,
        "attended": members,
        "ballots_out": members,
        "ballots_back": members,
        "ballots_valid": members,
        **more,
    }


def reported_election(org: Org, **more):
    """A founding election that has been held and reported."""
    case = an_election(org, **more)
    case = perform(case, "hold", by=SYSTEM, **meeting())
    return perform(case, "report", by=SYSTEM)


def reported(town: Town, *employers: Employer, **more) -> UnionFormation:
    """A formation that waits for the approval of the founding."""
    formation = prepared(town, *employers, **more)
    founders(formation.org)
    if formation.kind != "organizer":
        reported_election(formation.org)
    return perform(formation, "report_result", by=town.of_station)


def established(town: Town, *employers: Employer, on: date | None = None, **more) -> UnionFormation:
    """A union founded with these employers."""
    formation = reported(town, *employers, **more)
    values = {"approved_on": on} if on else {}
    return perform(formation, "establish", by=town.of_county, **values)


def value(code: str, org: Org, start: date, end: date | None = None) -> Decimal | None:
    """A figure of a period."""
    with acting(SYSTEM):
        return figure(code, org, Period(start, end or start)).value


def a_term(org: Org, started_on: date, *, number: int = 1, years: int = 3, **more) -> UnionTerm:
    """A term in office."""
    return create(
        UnionTerm, by=SYSTEM, org=org, term_no=number, years=years, started_on=started_on, **more
    )


__all__ = [
    "MEMBERS",
    "WHEN",
    "Town",
    "a_formation",
    "a_person",
    "a_term",
    "an_election",
    "an_employer",
    "change",
    "create_many",
    "employer_values",
    "established",
    "founders",
    "headcount",
    "make_town",
    "meeting",
    "prepared",
    "reported",
    "reported_election",
    "value",
]
