"""The unions that were there before 2012: entered on one day in the autumn of 2011."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from demo import names
from demo.plan import ALIVE, FORMED, City, Story, Union, Workplace
from gonghui.base.money import split
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.orgs.models import Division, Org, OrgKind, OrgLevel
from gonghui.kernel.people.models import (
    Employer,
    EmployerHeadcount,
    EmployerSize,
    HeadcountSource,
)
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many
from gonghui.lines.orgs.models import OrgCoverage, UnionTerm

DECLARED = 769_100
REPORT_DAY = date(2012, 8, 15)


def older(city: City) -> list[Union]:
    """The unions that existed before 2012."""
    return [union for union in city.unions if union.story not in FORMED]


def enter(city: City, orgs: dict[str, Org]) -> dict[int, Employer]:
    """Write the older unions with employers, headcounts, coverage and terms; employers by serial.

    Afterwards `orgs` also has every older union as "union:serial".
    """
    unions = older(city)
    divisions = {division.code: division for division in Division.objects.all()}
    made = must(create_many(Org, (_org(union, orgs, divisions) for union in unions), by=SYSTEM))
    orgs |= {f"union:{union.serial}": org for union, org in zip(unions, made, strict=True)}
    orgs |= {
        f"direct:{n}": orgs[f"union:{union.serial}"]
        for n, union in enumerate(u for u in unions if u.superior == "city")
    }
    homes = _homes(city, unions, orgs)
    employers = enter_employers(homes, divisions, orgs, date(2011, 9, 30))
    _cover(city, unions, employers, orgs)
    _open_terms(city, unions, orgs)
    return employers


def _org(
    union: Union, orgs: Mapping[str, Org], divisions: Mapping[str, Division]
) -> dict[str, Any]:
    superior = orgs[union.superior]
    first = union.workplaces[0]
    return {
        "name": union.name,
        "level": OrgLevel.DIRECT if union.kind == "direct" else OrgLevel.BASIC,
        "kind": OrgKind(union.kind),
        "superior": superior,
        "established_on": union.approved_on,
        "approval_doc_no": f"工建〔{union.approved_on.year}〕{union.serial}号",
        "division": divisions.get(union.superior) or superior.division,
        "is_private": is_private(union.workplaces),
        "address": f"{first.name}院内",
    }


def is_private(workplaces: Iterable[Workplace]) -> bool:
    """Whether all are private enterprises."""
    private = ("private", "hmt", "foreign", "self_employed", "cooperative")
    return all(each.kind.value in private for each in workplaces)


def _homes(
    city: City, unions: Iterable[Union], orgs: Mapping[str, Org]
) -> list[tuple[Workplace, Org]]:
    """Every employer with the union whose row it is when it is entered."""
    homes: dict[int, tuple[Workplace, Org]] = {}
    for union in unions:
        for each in union.workplaces:
            homes[each.serial] = (each, orgs[f"union:{union.serial}"])
    for union in city.of(*FORMED):
        for each in union.workplaces:
            homes.setdefault(each.serial, (each, _home(each, orgs)))
    for each in city.spare:
        homes[each.serial] = (each, _home(each, orgs))
    for union in city.of(Story.SPLIT):
        if union.former is not None:
            former = orgs[f"union:{union.former.serial}"]
            homes[union.workplaces[0].serial] = (union.workplaces[0], former)
    return list(homes.values())


def _home(each: Workplace, orgs: Mapping[str, Org]) -> Org:
    """An employer without a union is a row of its county's union, or of the industry's."""
    return orgs.get(each.unit) or orgs["city"]


def enter_employers(
    homes: Iterable[tuple[Workplace, Org]],
    divisions: Mapping[str, Division],
    orgs: Mapping[str, Org],
    counted_on: date,
) -> dict[int, Employer]:
    """Write employers and their headcounts; by serial number."""
    homes = list(homes)
    rows = must(
        create_many(
            Employer, (_employer(each, org, divisions, orgs) for each, org in homes), by=SYSTEM
        )
    )
    made = {each.serial: row for (each, _), row in zip(homes, rows, strict=True)}
    must(
        create_many(
            EmployerHeadcount,
            (_headcount(each, made[each.serial], counted_on) for each, _ in homes),
            by=SYSTEM,
        )
    )
    return made


def _employer(
    each: Workplace, org: Org, divisions: Mapping[str, Division], orgs: Mapping[str, Org]
) -> dict[str, Any]:
    return {
        "org": org,
        "uscc": each.uscc,
        "legacy_code": names.legacy_code(each.serial),
        "name": each.name,
        "type": each.kind,
        "size": _size(each.employees),
        "opened_on": each.opened_on,
        "division": divisions.get(each.township) or divisions.get(each.unit),
        "area": orgs[each.area] if each.area else None,
        "is_dispatch_agency": each.is_dispatch_agency,
    }


def _size(employees: int) -> EmployerSize:
    if employees >= 1000:
        return EmployerSize.LARGE
    if employees >= 300:
        return EmployerSize.MEDIUM
    return EmployerSize.SMALL if employees >= 20 else EmployerSize.MICRO


def female_of(each: Workplace) -> int:
    """How many of an employer's workers are women."""
    return each.employees * (30 + each.serial % 25) // 100


def _headcount(each: Workplace, employer: Employer, counted_on: date) -> dict[str, Any]:
    return {
        "org": employer.org,
        "employer": employer,
        "as_of": counted_on,
        "employees": each.employees,
        "female": female_of(each),
        "migrant": each.employees * (20 + each.serial % 40) // 100,
        "source": HeadcountSource.REPORT,
    }


def _cover(
    city: City,
    unions: Iterable[Union],
    employers: Mapping[int, Employer],
    orgs: Mapping[str, Org],
) -> None:
    covered = [(union, each) for union in unions for each in union.workplaces]
    covered += [
        (union.former, union.workplaces[0])
        for union in city.of(Story.SPLIT)
        if union.former is not None
    ]
    must(
        create_many(
            OrgCoverage,
            (
                {
                    "org": orgs[f"union:{union.serial}"],
                    "employer": employers[each.serial],
                    "valid_from": union.approved_on,
                }
                for union, each in covered
            ),
            by=SYSTEM,
        )
    )


def _open_terms(city: City, unions: Iterable[Union], orgs: Mapping[str, Org]) -> None:
    chance = Random(f"{city.seed}:terms")
    rows = []
    for union in unions:
        if union.kind == "organizer":
            continue
        years = 5 if union.kind == "direct" or chance.random() < 0.4 else 3
        due = _term_end(chance, union)
        started = add_months(due + timedelta(days=1), -12 * years)
        rows.append(
            {
                "org": orgs[f"union:{union.serial}"],
                "term_no": max(1, (started.year - union.approved_on.year) // years + 1),
                "years": years,
                "started_on": started,
                "committee_seats": 5,
                "audit_seats": 3,
                "women_committee": chance.random() < 0.6,
            }
        )
    must(create_many(UnionTerm, rows, by=SYSTEM))


def _term_end(chance: Random, union: Union) -> date:
    """The end of the present term: some in one, three or six months from the report, some past."""
    mark = union.serial % 50
    if mark in (7, 19):
        return REPORT_DAY - timedelta(days=chance.randint(5, 420))
    if mark in (11, 23, 37):
        months = {11: 1, 23: 3, 37: 6}[mark]
        return add_months(REPORT_DAY, months) - timedelta(days=chance.randint(0, 12))
    # A term of three years that began before the entry ends by the end of 2014.
    return REPORT_DAY + timedelta(days=chance.randint(190, 850))


def declared_members(city: City) -> list[tuple[Union, int, int]]:
    """What each older union declares: employees and members, 769,100 members in all."""
    unions = [union for union in older(city) if union.story in ALIVE]
    employees = [sum(each.employees for each in union.workplaces) for union in unions]
    members = split(DECLARED * city.scale, employees)
    return list(zip(unions, employees, members, strict=True))
