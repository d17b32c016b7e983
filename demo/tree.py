"""The frame of the city: divisions, and the unions above the basic ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from demo.places import (
    AREAS,
    CITY_CODE,
    CITY_NAME,
    CITY_SHORT,
    CITY_UNION,
    COUNTIES,
    INDUSTRIES,
    TOWNSHIPS,
    county_of,
)
from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.orgs.models import Division, DivisionLevel, Org, OrgKind, OrgLevel
from gonghui.kernel.parameters.models import Holiday
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many
from gonghui.lines.orgs.services.divisions import mirror_divisions

FOUNDED = date(1957, 3, 26)
_DOC = "平工〔1990〕1号"
_OFF = (
    *((date(2012, 1, day), False, "元旦") for day in (2, 3)),
    *((date(2012, 1, day), False, "春节") for day in (23, 24, 25, 26, 27)),
    *((date(2012, 4, day), False, "清明节") for day in (2, 3, 4)),
    (date(2012, 4, 30), False, "劳动节"),
    (date(2012, 5, 1), False, "劳动节"),
    (date(2012, 6, 22), False, "端午节"),
    *((date(2012, 10, day), False, "国庆节") for day in (1, 2, 3, 4, 5)),
    (date(2011, 12, 31), True, "元旦调休"),
    (date(2012, 1, 21), True, "春节调休"),
    (date(2012, 1, 29), True, "春节调休"),
    (date(2012, 3, 31), True, "清明节调休"),
    (date(2012, 4, 1), True, "清明节调休"),
    (date(2012, 4, 28), True, "劳动节调休"),
    (date(2012, 9, 29), True, "国庆节调休"),
)


def grow() -> dict[str, Org]:
    """Write the divisions and the unions above the basic ones; by the plan's names for places."""
    _holidays()
    divisions = _divisions()
    city = create(
        Org,
        by=SYSTEM,
        name=CITY_UNION,
        short_name=CITY_SHORT,
        level=OrgLevel.CITY,
        kind=OrgKind.GENERAL,
        established_on=FOUNDED,
        approval_doc_no=_DOC,
        division=divisions[CITY_CODE],
    )
    orgs = {"city": city}
    orgs |= _made({unit.code: _county(unit, city, divisions) for unit in COUNTIES})
    below = {
        each.code: _below(
            f"{county_of(each.county).name}{each.name}总工会",
            OrgLevel.TOWNSHIP,
            OrgKind.TOWNSHIP,
            orgs[each.county],
            date(1995, 5, 1),
            divisions[each.code],
            short=f"{county_of(each.county).short}{each.name}",
        )
        for each in TOWNSHIPS
    }
    below |= {
        f"area:{number}": _below(
            f"{county_of(code).name}示例产业集聚区工会",
            OrgLevel.AREA,
            OrgKind.AREA,
            orgs[code],
            date(2010, 4 + number, 20),
            divisions[code],
        )
        for number, code in enumerate(AREAS)
    }
    below["area:dissolved"] = _below(
        "郏县示例产业集聚区工会",
        OrgLevel.AREA,
        OrgKind.AREA,
        orgs["410425"],
        date(2010, 9, 1),
        divisions["410425"],
    )
    below |= {
        f"industry:{number}": _below(
            name,
            OrgLevel.INDUSTRY,
            OrgKind.INDUSTRY,
            city,
            date(1985, 6, 1),
            divisions[CITY_CODE],
        )
        for number, name in enumerate(INDUSTRIES)
    }
    orgs |= _made(below)
    mirror_divisions()
    return orgs


def area_of_autumn(orgs: dict[str, Org]) -> None:
    """A fifth area union, founded after the report."""
    values = _below(
        "鲁山县示例产业集聚区工会",
        OrgLevel.AREA,
        OrgKind.AREA,
        orgs["410423"],
        clock.today(),
        orgs["410423"].division,
    )
    orgs |= _made({"area:autumn": values})


def _made(values: dict[str, dict[str, Any]]) -> dict[str, Org]:
    return dict(zip(values, must(create_many(Org, values.values(), by=SYSTEM)), strict=True))


def _county(unit: Any, city: Org, divisions: dict[str, Division]) -> dict[str, Any]:
    return _below(
        f"{unit.name}总工会",
        OrgLevel.COUNTY,
        OrgKind.GENERAL,
        city,
        date(1982, 9, 1) if unit.code == "410404" else date(1958, 5, 1),
        divisions[unit.code],
        short=f"{unit.short}总工会",
    )


def _below(
    name: str,
    level: OrgLevel,
    kind: OrgKind,
    superior: Org,
    founded: date,
    division: Division | None,
    short: str = "",
) -> dict[str, Any]:
    return {
        "name": name,
        "short_name": short,
        "level": level,
        "kind": kind,
        "superior": superior,
        "established_on": founded,
        "approval_doc_no": f"平工〔{founded.year}〕批复",
        "division": division,
    }


def _divisions() -> dict[str, Division]:
    def row(code: str, name: str, level: str, parent: Division | None, synthetic: bool) -> Division:
        return Division(
            code=code,
            name=name,
            level=level,
            parent=parent,
            is_synthetic=synthetic,
            valid_from=date(1990, 1, 1),
        )

    city = row(CITY_CODE, CITY_NAME, DivisionLevel.CITY, None, False)
    city.save()
    counties = Division.objects.bulk_create(
        row(unit.code, unit.name, DivisionLevel.COUNTY, city, False) for unit in COUNTIES
    )
    found = {each.code: each for each in (city, *counties)}
    townships = Division.objects.bulk_create(
        row(each.code, each.name, DivisionLevel.TOWNSHIP, found[each.county], each.is_synthetic)
        for each in TOWNSHIPS
    )
    return found | {each.code: each for each in townships}


def _holidays() -> None:
    """The official days off and days worked that the deadlines of the year need."""
    known = set(Holiday.objects.values_list("day", flat=True))
    Holiday.objects.bulk_create(
        Holiday(day=day, is_working=works, name=name)
        for day, works, name in _OFF
        if day not in known
    )
