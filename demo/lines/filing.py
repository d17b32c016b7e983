"""26,392 households in hardship on file: those of before the program, new ones, some that left.

Decoys: files on their way, one that was refused, one approved after the report, an exit of August
that was recorded after it.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import models

from demo import accounts, names, people
from demo.acting import Timeline, moment
from demo.lines.funds import HOUSEHOLDS, households_by_county
from demo.places import COUNTIES, townships_of
from demo.world import World
from gonghui.base import clock
from gonghui.base.money import split
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform, perform_many
from gonghui.lines.aid.models import (
    AssessmentItem,
    CrossCheck,
    EconomicAssessment,
    HardshipCensus,
    HardshipFile,
)
from gonghui.lines.aid.models.cross_check import Agency
from gonghui.lines.aid.services.sheet import write_files

FILES = 26_392
CHILDREN = 3_093
# Approved in 2012 up to the report, and exits in the same time.
NEW, OUT = 24, 18
CENSUS = 26_884
ENTERED = date(2011, 12, 9)
_ROWS = 2_000
_PLACE, _COUNTY = "410421108", "410421"
_CAUSES = ("illness", "family_illness", "jobless", "schooling", "low_income", "disability")
_IDENTITIES = ("laid_off", "jobless", "onjob", "migrant", "flexible")


def _files_by_county() -> list[int]:
    """Those the counties visit at the festivals, and the rest alike; new ones come and others go."""
    more = split(FILES - HOUSEHOLDS - NEW + OUT, [1] * len(COUNTIES))
    return [one + other for one, other in zip(households_by_county(), more, strict=True)]


def filed_in(world: World, county: str) -> models.QuerySet[HardshipFile]:
    """The old files of a county, in the order in which they were entered."""
    rows = HardshipFile.objects.filter(
        org__path__startswith=world.orgs[county].path, is_legacy=True, voided_at=None
    )
    return rows.select_related("head", "household").order_by("pk")


def _enter_old(world: World) -> None:
    for unit, count in zip(COUNTIES, _files_by_county(), strict=True):
        orgs = [
            world.orgs.get(place.code, world.orgs[unit.code]) for place in townships_of(unit.code)
        ]
        heads = world.newcomers.meet(unit.code, count)
        rows = iter([_row(person, orgs, n) for n, person in enumerate(heads)])
        by = world.cast[accounts.approver(unit.code)]
        while batch := list(islice(rows, _ROWS)):
            must(write_files(batch, by, world.orgs[unit.code]))


def _row(person: names.SynthPerson, orgs: list[Org], number: int) -> dict[str, Any]:
    """A row of the county's sheet."""
    org = orgs[number % len(orgs)]
    return {
        "head__name": person.name,
        "head__id_no": names.old_number(person.id_no) if number % 50 == 49 else person.id_no,
        "org": org,
        "tier": ("city", "city", "provincial", "national")[number % 4],
        "identity_class": _IDENTITIES[number % len(_IDENTITIES)],
        "cause_main": _CAUSES[number % len(_CAUSES)],
        "filed_on": date(2008, 3, 3) + timedelta(days=number * 5 % 1_300),
        "address": f"{org.name.removesuffix('总工会').removesuffix('工会')}示例路{number + 1}号",
    }


def _enter_children(world: World) -> None:
    """The children who are remembered on the first of June."""
    shares = split(CHILDREN, households_by_county())
    serial = 0
    for unit, share in zip(COUNTIES, shares, strict=True):
        files = filed_in(world, unit.code).select_related("org", "head", "household")[:share]
        met = []
        for file in files:
            serial += 1
            family = names.SynthPerson(
                name=file.head.name,
                id_no=unit.code,
                sex=file.head.sex,
                born_on=file.head.born_on,
                phone=file.head.phone or f"199{serial:08d}",
            )
            met.append((names.child(serial, family), file.org))
        by = world.cast[accounts.approver(unit.code)]
        made = people.enter(met, by)
        rows = [
            {
                "org": file.org,
                "household": file.household,
                "person": child,
                "kinship": "child",
                "work_or_school": "示例学校",
                "valid_from": ENTERED,
            }
            for file, child in zip(files, made, strict=True)
        ]
        must(create_many(HouseholdMember, rows, by=by))


def _census(world: World) -> None:
    shares = split(CENSUS, _files_by_county())
    for unit, share in zip(COUNTIES, shares, strict=True):
        create(
            HardshipCensus,
            by=world.cast[accounts.approver(unit.code)],
            org=world.orgs[unit.code],
            counted_on=date(2011, 11, 30),
            household_count=share,
            source="2011年困难职工摸底",
        )


# New files, on their way


def _apply(world: World, count: int) -> list[HardshipFile]:
    """Households of a town ask for a file."""
    org, by = world.orgs[_PLACE], world.cast["yangzhuang"]
    heads = people.enter([(each, org) for each in world.newcomers.meet(_COUNTY, count)], by)
    homes = must(create_many(Household, [{"org": org, "head": each} for each in heads], by=by))
    rows = [
        {
            "org": org,
            "household": each,
            "tier": "city",
            "identity_class": _IDENTITIES[n % len(_IDENTITIES)],
            "cause_main": _CAUSES[n % len(_CAUSES)],
            "consent_on": clock.today(),
        }
        for n, each in enumerate(homes)
    ]
    return must(perform_many(must(create_many(HardshipFile, rows, by=by)), "submit", by=by))


def _survey(world: World, files: list[HardshipFile]) -> None:
    """Two people go there; incomes and costs are noted, the category follows."""
    by = world.cast["yangzhuang"]
    files = must(perform_many(files, "accept", by=by))
    rows = [
        {
            "org": each.org,
            "file": each,
            "period_from": date(2011, 3, 1),
            "period_to": date(2012, 2, 29),
            "survey_on": clock.today(),
            "surveyor_one": "yangzhuang",
            "surveyor_two": accounts.handler(_COUNTY),
            "conclusion": "情况属实",
        }
        for each in files
    ]
    found = must(create_many(EconomicAssessment, rows, by=by))
    items = [
        {
            "org": each.org,
            "assessment": each,
            "kind": kind,
            "what": what,
            "amount": amount,
            "evidence": evidence,
        }
        for each in found
        for kind, what, amount, evidence in (
            ("income", "打零工", 2_600, "村（居）证明"),
            ("rigid", "自付医疗费", 1_800, "医院发票"),
        )
    ]
    must(create_many(AssessmentItem, items, by=by))
    found = list(EconomicAssessment.objects.filter(pk__in=[each.pk for each in found]))
    must(perform_many(found, "confirm", by=by))


def _again(files: list[HardshipFile]) -> list[HardshipFile]:
    return list(HardshipFile.objects.filter(pk__in=[file.pk for file in files]).order_by("pk"))


def _begin(world: World) -> None:
    """The households of the spring, whose notice hangs by the evening."""
    files = _apply(world, NEW)
    _survey(world, files)
    must(perform_many(_again(files), "post", by=world.cast["yangzhuang"]))


def _on_notice() -> list[HardshipFile]:
    return list(HardshipFile.objects.filter(state="notice").order_by("pk"))


def _compare(world: World) -> None:
    """Every office that has to be asked has answered about the households on the county's desk."""
    by, org = world.cast[accounts.approver(_COUNTY)], world.orgs[_COUNTY]
    agencies = (Agency.CIVIL, Agency.SOCIAL, Agency.REAL_ESTATE, Agency.VEHICLES, Agency.MARKET)
    rows = [{"org": org, "agency": agency} for agency in agencies]
    checks = must(create_many(CrossCheck, rows, by=by))
    checks = must(perform_many(must(perform_many(checks, "collect", by=by)), "send", by=by))
    must(perform_many(checks, "conclude", by=by, returned_on=clock.today(), rest_is_clear=True))


def _approve(world: World) -> None:
    files = must(perform_many(_on_notice(), "close_notice", by=world.cast["yangzhuang"]))
    files = must(perform_many(files, "review", by=world.cast[accounts.handler(_COUNTY)]))
    _compare(world)
    by = world.cast[accounts.approver(_COUNTY)]
    must(perform_many(_again(files), "approve", by=by))


def _leave(world: World) -> None:
    """Households out of hardship; their notices hang until the next step."""
    for file in filed_in(world, _COUNTY).reverse()[:OUT]:
        perform(file, "propose_exit", by=world.cast[accounts.handler(_COUNTY)], exit_reason="out")


def _let_go(world: World) -> None:
    files = list(HardshipFile.objects.filter(state="exit_notice").order_by("pk"))
    must(perform_many(files, "exit", by=world.cast[accounts.approver(_COUNTY)]))


def _on_their_way(world: World) -> None:
    """What does not count yet: two wait for the visit, one hangs, one was refused."""
    files = _apply(world, 4)
    by = world.cast[accounts.handler(_COUNTY)]
    perform(files[3], "reject", by=by, reason="名下有商铺，不符合条件")
    _survey(world, files[2:3])
    (hanging,) = _again(files[2:3])
    perform(hanging, "post", by=world.cast["yangzhuang"])


def _propose_late(world: World) -> None:
    file = filed_in(world, _COUNTY)[0]
    perform(file, "propose_exit", by=world.cast[accounts.handler(_COUNTY)], exit_reason="out")


def _record_late(world: World) -> None:
    """An exit of the day before the report, recorded after it."""
    (file,) = HardshipFile.objects.filter(state="exit_notice")
    by = world.cast[accounts.approver(_COUNTY)]
    perform(file, "exit", by=by, exited_on=date(2012, 8, 14))


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "困难档案", lambda: step(world))

    add(ENTERED, _enter_old)
    add(ENTERED, _enter_children, 11)
    add(ENTERED, _census, 12)
    add(date(2012, 3, 13), _begin)
    add(date(2012, 3, 26), _approve)
    add(date(2012, 5, 8), _leave)
    add(date(2012, 5, 21), _let_go)
    add(date(2012, 8, 6), _on_their_way)
    add(date(2012, 8, 7), _propose_late)
    add(date(2012, 8, 17), _approve)
    add(date(2012, 8, 20), _record_late)
