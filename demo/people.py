"""Persons as they are entered: with numbers in a row, so that nobody is met twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from demo import names
from demo.plan import Workplace
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Education, Employer, HukouKind, Person, Political
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many

_EDUCATION = (Education.JUNIOR, Education.SENIOR, Education.SENIOR, Education.COLLEGE)
_JOBS = ("操作工", "技术员", "班组长", "营业员", "驾驶员", "仓管员", "会计", "保洁员")


class Newcomers:
    """Gives out serial numbers of persons and remembers which record a person became."""

    def __init__(self) -> None:
        self._serials = count(1)

    def meet(self, division: str, how_many: int) -> list[names.SynthPerson]:
        """Persons nobody has met before."""
        return [names.person(next(self._serials), division) for _ in range(how_many)]


def enter(
    people: Iterable[tuple[names.SynthPerson, Org]], by: Actor, *, old_number_every: int = 0
) -> list[Person]:
    """Write persons at the unions that enter them; some lists still have the 15-digit number."""
    rows = [
        person_fields(person, org, index, old_number_every)
        for index, (person, org) in enumerate(people)
    ]
    return must(create_many(Person, rows, by=by))


def person_fields(
    person: names.SynthPerson, org: Org, index: int, old_number_every: int = 0
) -> dict[str, Any]:
    """The fields of a new person."""
    is_old = old_number_every and index % old_number_every == old_number_every - 1
    return {
        "org": org,
        "name": person.name,
        "id_no": names.old_number(person.id_no) if is_old else person.id_no,
        "phone": person.phone,
        "hukou_kind": HukouKind.RURAL if index % 5 < 2 else HukouKind.URBAN,
        "education": _EDUCATION[index % len(_EDUCATION)],
        "political": Political.PARTY if index % 11 == 0 else Political.MASSES,
    }


def work_fields(
    index: int, workplace: Workplace, employers: Mapping[int, Employer], agency: Employer
) -> dict[str, Any]:
    """How somebody is employed: most by the employer itself, some through an agency."""
    employer = employers[workplace.serial]
    fields: dict[str, Any] = {
        "employ_kind": "contract",
        "employer": employer,
        "is_migrant": index % 5 < 2,
        "job_title": _JOBS[index % len(_JOBS)],
        "post_class": "front_line" if index % 3 else "technical",
    }
    if index % 29 == 28:
        fields |= {"employ_kind": "dispatch", "employer": agency, "user_employer": employer}
    elif index % 97 == 96:
        fields |= {"employ_kind": "newform", "newform_group": "courier"}
    return fields
