"""Who answers for targets and milestones, as sheets name them."""

from __future__ import annotations

from collections import defaultdict

from gonghui.base.errors import DomainError
from gonghui.kernel import persons
from gonghui.kernel.people.models import IdType, Person
from gonghui.lines.goals.models import Milestone, Target

NOT_ONE = "没有找到这个人，或有几个人同名；同名的请改填身份证号码。"


def answering(texts: set[str]) -> dict[str, Person]:
    """Persons by name or identity number; of several of a name the one who answers for targets already."""
    found: dict[str, Person] = _by_number(texts)
    named: dict[str, list[Person]] = defaultdict(list)
    alive = Person.objects.filter(
        name__in=texts - found.keys(), voided_at=None, merged_into=None, deceased_on=None
    )
    for person in alive.order_by("pk"):
        named[person.name].append(person)
    for name, people in named.items():
        known = people if len(people) == 1 else _who_answer(people)
        if len(known) == 1:
            found[name] = known[0]
    return found


def _who_answer(people: list[Person]) -> list[Person]:
    answer = {
        *Target.objects.filter(leader_person__in=people).values_list("leader_person", flat=True),
        *Milestone.objects.filter(responsible__in=people).values_list("responsible", flat=True),
    }
    return [person for person in people if person.pk in answer]


def _by_number(texts: set[str]) -> dict[str, Person]:
    keys = {}
    for text in texts:
        try:
            keys[text] = persons.read_paper(IdType.RESIDENT, text).key
        except DomainError:
            continue
    known = persons.known(list(keys.values()))
    return {text: known[key] for text, key in keys.items() if key in known}
