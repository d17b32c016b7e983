"""Plans the demonstration city; see `plan` for what comes out."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from demo import headcounts, names, places
from demo.places import AREAS, CITY_CODE, DIRECT, INDUSTRIES, UNITS, Unit
from demo.plan import (
    ALIVE,
    BASIC_UNIONS,
    FORMED,
    JOINT_EMPLOYERS,
    JOINT_UNIONS,
    LATE_RECORDED,
    OPENED,
    OTHERS,
    City,
    Story,
    Union,
    Workplace,
    working_day,
)
from gonghui.base.money import split
from gonghui.kernel.people.models import EmployerType

_FIXED = {"平煤神马集团": 68_000, "平棉纺织集团": 6_400}
# What is special in which county; the numbers are those of the specification (更名9、补录4、分立2).
_SPECIAL: dict[str, dict[Story, int]] = {
    "410421": {Story.RENAME: 4, Story.LATER: 1, Story.DISSOLVED: 1, Story.MERGED: 1},
    "410422": {Story.RENAME: 3, Story.LATE: 1, Story.ENDS_LATE: 1},
    "410425": {Story.RENAME: 2, Story.LATER: 1},
    "410423": {Story.BACKFILL: 2, Story.DISSOLVED: 1},
    "410482": {Story.BACKFILL: 2, Story.LATER: 1, Story.LATE: 1, Story.ENDS_LATE: 1},
    "410403": {Story.SPLIT: 2},
    "410411": {Story.REBUILT: 2},
    "410402": {Story.LATER: 1},
}
_LATER_DAYS = {
    "410402": date(2012, 7, 3),
    "410482": date(2012, 7, 12),
    "410425": date(2012, 7, 26),
    "410421": date(2012, 8, 2),
}
_LATE_DAYS = {"410482": date(2012, 6, 27), "410422": date(2012, 8, 10)}
_LATE_EMPLOYEES = {"410482": 31, "410422": 44}


def city(seed: int = 2012, scale: int = 1) -> City:
    """Plan the city of a seed and a scale."""
    return _Planner(City(seed=seed, scale=scale)).plan()


class _Planner:
    """Plans unit by unit; serial numbers are given in the order of planning."""

    def __init__(self, made: City) -> None:
        self.city = made
        self.chance = Random(f"{made.seed}:plan")
        self.employers = 0
        self.others = 0
        self.days: list[date] = []
        self.institutions = OTHERS * made.scale

    def plan(self) -> City:
        scale = self.city.scale
        totals = split(BASIC_UNIONS * scale, [unit.share for unit in UNITS])
        joint_new = {u.code: max(1, u.new_unions * scale // 20) for u in UNITS if u.is_county}
        joint_old = JOINT_UNIONS * scale - sum(joint_new.values())
        joints = split(joint_old, [unit.share if unit.is_county else 0 for unit in UNITS])
        for unit, total, old in zip(UNITS, totals, joints, strict=True):
            self._unit(unit, total, joint_new.get(unit.code, 0), old)
        self._size_joints()
        self._link_stories()
        self._spare()
        self._names()
        self._headcounts()
        return self.city

    def _unit(self, unit: Unit, total: int, joint_new: int, joint_old: int) -> None:
        special = _SPECIAL.get(unit.code, {})
        formed = sum(special.get(story, 0) for story in FORMED if story in ALIVE)
        new = unit.new_unions * self.city.scale
        direct = len(DIRECT) if unit.code == CITY_CODE else 0
        old = total - new - formed - special.get(Story.ENDS_LATE, 0) - direct
        for number in range(direct):
            self._add(unit, Story.OPENING, "direct", superior="city", number=number)
        for number in range(old):
            kind = "joint" if number < joint_old else _old_kind(number)
            self._add(unit, Story.OPENING, kind, number=number)
        self._new_ones(unit, new, joint_new)
        for story, count in special.items():
            for _ in range(count):
                self._special(unit, story)

    def _new_ones(self, unit: Unit, count: int, joint: int) -> None:
        """The new unions in batches, as a county's committee approves them."""
        members = unit.new_members * self.city.scale
        single = int(count * min(0.5, 0.45 * members / count / 22))
        batches = max(2, min(5, unit.new_unions // 9))
        days = self._approval_days(unit, batches)
        self.days = days
        for number in range(count):
            turn = number * 7 % count if count % 7 else number
            if turn < single:
                kind, founders = "single", self.chance.randint(25, 31)
            elif turn < single + joint:
                kind, founders = "joint", self.chance.randint(8, 16)
            else:
                kind, founders = "organizer", self.chance.randint(3, 12)
            union = self._add(unit, Story.NEW, kind, number=number, founders=founders)
            union.approved_on = union.recorded_on = days[number * batches // count]

    def _approval_days(self, unit: Unit, count: int) -> list[date]:
        chance = Random(f"{self.city.seed}:days:{unit.code}")
        first = date(2012, 1, 6)
        step = 170 / count
        return [
            working_day(first + timedelta(days=int((n + 0.35 + 0.5 * chance.random()) * step)))
            for n in range(count)
        ]

    def _special(self, unit: Unit, story: Story) -> None:
        kind = "single" if story in (Story.LATER, Story.LATE) else "organizer"
        founders = 26 if kind == "single" else 3
        if story not in FORMED:
            founders = 0
        if story is Story.LATE:
            kind, founders = "organizer", 4
        union = self._add(unit, story, kind, founders=founders)
        if story in (Story.RENAME, Story.SPLIT, Story.REBUILT, Story.BACKFILL):
            union.approved_on = union.recorded_on = self.days[union.serial % len(self.days)]
        elif story is Story.LATER:
            union.approved_on = union.recorded_on = _LATER_DAYS[unit.code]
        elif story is Story.LATE:
            union.approved_on, union.recorded_on = _LATE_DAYS[unit.code], LATE_RECORDED
        if story in (Story.LATE, Story.ENDS_LATE):
            union.workplaces[0].fixed = _LATE_EMPLOYEES[unit.code]
            union.workplaces[0].kind = EmployerType.PRIVATE

    def _add(
        self,
        unit: Unit,
        story: Story,
        kind: str,
        *,
        superior: str = "",
        number: int = 0,
        founders: int = 0,
    ) -> Union:
        """A union with its first employer, approved at some time before 2012 unless set later."""
        serial = len(self.city.unions) + 1
        where = superior or self._superior(unit, serial)
        day = date(1996, 3, 1) + timedelta(days=int(5600 * self.chance.random() ** 0.7))
        union = Union(
            serial=serial,
            story=story,
            kind=kind,
            unit=unit.code,
            superior=where,
            workplaces=[],
            approved_on=working_day(day),
            recorded_on=OPENED,
            founders=founders,
        )
        self._employ(union, number)
        self.city.unions.append(union)
        return union

    def _superior(self, unit: Unit, serial: int) -> str:
        if not unit.is_county:
            return f"industry:{serial % len(INDUSTRIES)}"
        if unit.code in AREAS and serial % 14 == 0:
            return f"area:{AREAS.index(unit.code)}"
        below = places.townships_of(unit.code)
        return below[serial % len(below)].code

    def _employ(self, union: Union, number: int = 0) -> None:
        self.employers += 1
        least = {"direct": 300, "single": 28, "organizer": 6}.get(union.kind, 8)
        is_direct = union.superior == "city"
        name = DIRECT[number] if is_direct else ""
        industry = union.superior.startswith("industry:")
        kind = EmployerType.STATE if is_direct else self._kind(union, industry)
        union.workplaces.append(
            Workplace(
                serial=self.employers,
                unit=union.unit,
                township=union.superior if union.superior.isdigit() else "",
                kind=kind,
                name=name,
                opened_on=union.approved_on - timedelta(days=400),
                least=max(least, union.founders + 2 if not union.workplaces else 0),
                fixed=_FIXED.get(name, 1_100 + 640 * number if is_direct else 0),
                area=union.superior if union.superior.startswith("area:") else "",
                is_dispatch_agency=kind is EmployerType.PRIVATE and self.employers % 149 == 0,
            )
        )

    def _kind(self, union: Union, industry: bool) -> EmployerType:
        """Institutions are mostly among the older unions of the industries, some in the counties."""
        old = union.story is Story.OPENING and union.kind != "joint"
        if old and self.others < self.institutions and (industry or self.employers % 22 == 5):
            self.others += 1
            return (
                EmployerType.INSTITUTION,
                EmployerType.INSTITUTION,
                EmployerType.GOVERNMENT,
                EmployerType.INSTITUTION,
                EmployerType.SOCIAL,
            )[self.others % 5]
        return _KINDS[self.chance.randrange(len(_KINDS))]

    def _size_joints(self) -> None:
        """Joint unions cover 9 employers on average, none fewer than 4."""
        scale = self.city.scale
        joints = [union for union in self.city.unions if union.kind == "joint"]
        chance = Random(f"{self.city.seed}:joints")
        spare = split(
            JOINT_EMPLOYERS * scale - 4 * len(joints), [chance.randint(1, 9) for _ in joints]
        )
        for union, more in zip(joints, spare, strict=True):
            for _ in range(3 + more):
                self._employ(union)

    def _link_stories(self) -> None:
        """Give the special cases the older union that they come from or go to."""
        joints = {
            unit.code: [
                union
                for union in self.city.of(Story.OPENING)
                if union.kind == "joint" and union.unit == unit.code
            ]
            for unit in UNITS
        }
        for union in self.city.of(Story.RENAME, Story.REBUILT):
            story = Story.FORMER if union.story is Story.RENAME else Story.GONE
            former = Union(
                serial=len(self.city.unions) + 1,
                story=story,
                kind="organizer",
                unit=union.unit,
                superior=union.superior,
                workplaces=list(union.workplaces),
                approved_on=date(2008, 9, 1),
                recorded_on=OPENED,
            )
            self.city.unions.append(former)
            union.former = former
            union.workplaces[0].opened_on = date(2007, 1, 8)
        for union in self.city.of(Story.SPLIT, Story.MERGED):
            union.former = joints[union.unit][0]
            if union.story is Story.MERGED:
                # The employer counts among those of the joint union that takes it over.
                union.former.workplaces.pop()

    def _spare(self) -> None:
        """Employers without a union, of which the census knows."""
        for number in range(60 * self.city.scale):
            unit = places.COUNTIES[number % len(places.COUNTIES)]
            township = places.townships_of(unit.code)[number % 4]
            self.employers += 1
            self.city.spare.append(
                Workplace(
                    serial=self.employers,
                    unit=unit.code,
                    township=township.code,
                    kind=EmployerType.PRIVATE,
                    name="",
                    opened_on=date(2010, 9, 6) + timedelta(days=9 * number % 380),
                    least=0,
                    area=f"area:{AREAS.index(unit.code)}"
                    if number >= 40 and unit.code in AREAS
                    else "",
                    employees=12 + number * 7 % 160,
                )
            )

    def _names(self) -> None:
        for union in self.city.unions:
            for each in union.workplaces:
                each.name = each.name or names.employer_name(
                    each.serial, places.county_of(each.unit).short, each.kind
                )
            union.name = self._union_name(union)
            union.tags = _tags(union)
        for each in self.city.spare:
            each.name = names.employer_name(
                each.serial, places.county_of(each.unit).short, each.kind
            )

    def _union_name(self, union: Union) -> str:
        first = union.workplaces[0].name
        if union.story is Story.FORMER:
            return f"{first}（原）工会委员会"
        if union.story is Story.GONE:
            return f"{first}（撤）工会委员会"
        if union.kind == "joint":
            place = places.county_of(union.unit).short
            return f"{place}示例第{union.serial}联合工会委员会"
        return f"{first}工会委员会"

    def _headcounts(self) -> None:
        covered = self.city.covered()
        chance = Random(f"{self.city.seed}:headcounts")
        sizes = headcounts.Sizes().times(self.city.scale)
        for each, employees in zip(covered, headcounts.assign(covered, sizes, chance), strict=True):
            each.employees = employees
        for union in self.city.unions:
            for each in union.workplaces:
                each.employees = each.employees or each.fixed or each.least + each.serial % 40


_KINDS = (
    *(EmployerType.PRIVATE,) * 40,
    *(EmployerType.STATE,) * 3,
    *(EmployerType.COLLECTIVE,) * 3,
    EmployerType.HMT,
    EmployerType.FOREIGN,
    *(EmployerType.COOPERATIVE,) * 2,
)


def _old_kind(number: int) -> str:
    return "organizer" if number % 4 == 3 else "single"


def _tags(union: Union) -> tuple[str, ...]:
    """The fields of organising work that a new union belongs to."""
    if union.story not in FORMED:
        return ()
    first = union.workplaces[0]
    tags = []
    if first.area:
        tags.append("area")
    if first.kind not in (EmployerType.STATE, EmployerType.COLLECTIVE):
        tags.append("private")
    if first.is_dispatch_agency:
        tags.append("dispatch")
    if union.founders >= 25:
        tags.append("over25")
    if union.kind == "joint" and union.serial % 2:
        tags.append("urban_community" if union.unit in ("410402", "410403") else "rural_community")
    return tuple(tags)
