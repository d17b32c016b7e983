"""Looking for persons that were recorded twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import normalise_id
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.merging import put_in_order
from gonghui.kernel.registers.write import create_many
from gonghui.lines.members.models import DuplicateCase
from gonghui.lines.members.models.duplicate import DuplicateReason

# A block with more persons than this is a placeholder (测试, 无名), not a coincidence.
_LARGEST_BLOCK = 50

_SCORES = {
    DuplicateReason.OLD_NUMBER: 95,
    DuplicateReason.NAME_BIRTH_PHONE: 90,
    DuplicateReason.ONE_CHAR: 85,
    DuplicateReason.NAME_BIRTH: 60,
    DuplicateReason.BY_HAND: 50,
}

Pair = tuple[int, int]


def find_duplicates(org: Org | None = None) -> int:
    """Record every suspicious pair that is not on the list yet; how many there were.

    Persons are compared only inside blocks: the same name with the same birthday, telephone or
    union. With `org` at least one of the pair belongs to its subtree.
    """
    with acting(SYSTEM):
        rows = Person.objects.filter(merged_into=None, voided_at=None).only(
            "pk", "name", "born_on", "phone", "org_id", "id_type", "id_no"
        )
        people = {row.pk: row for row in rows}
        inside = _inside(people, org)
        known = set(
            DuplicateCase.objects.filter(voided_at=None).values_list("first_id", "second_id")
        )
        found = {
            pair: reasons
            for pair in _pairs(people.values())
            if pair not in known and (pair[0] in inside or pair[1] in inside)
            if (reasons := reasons_for(people[pair[0]], people[pair[1]]))
        }
        homes = _common_orgs({people[pk].org_id for pair in found for pk in pair})
        cases = [
            {
                "org": homes(people[first].org_id, people[second].org_id),
                "first": people[first],
                "second": people[second],
                "score": max(_SCORES[reason] for reason in reasons),
                "reasons": [reason.value for reason in reasons],
                "found_on": clock.today(),
            }
            for (first, second), reasons in sorted(found.items())
        ]
        outcomes = create_many(DuplicateCase, cases, by=SYSTEM)
    return sum(outcome.error is None for outcome in outcomes)


def judge(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """A pair that somebody names is put in order and told what makes it look alike."""
    for case in rows.values():
        if case.first_id is None or case.second_id is None:
            continue
        put_in_order(case)
        if not case.reasons:
            found = reasons_for(case.first, case.second) or [DuplicateReason.BY_HAND]
            case.reasons = [reason.value for reason in found]
            case.score = max(_SCORES[reason] for reason in found)
    return {}


def _inside(people: dict[int, Person], org: Org | None) -> set[int]:
    if org is None:
        return set(people)
    below = set(Org.objects.filter(path__startswith=org.path).values_list("pk", flat=True))
    return {pk for pk, person in people.items() if person.org_id in below}


def _pairs(people: Iterable[Person]) -> Iterator[Pair]:
    blocks: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for person in people:
        blocks[person.name, "org", person.org_id].append(person.pk)
        if person.born_on:
            blocks[person.name, "born", person.born_on].append(person.pk)
        if person.phone:
            blocks[person.name, "phone", person.phone].append(person.pk)
    seen: set[Pair] = set()
    for members in blocks.values():
        if 1 < len(members) <= _LARGEST_BLOCK:
            for first, second in combinations(sorted(members), 2):
                if (first, second) not in seen:
                    seen.add((first, second))
                    yield first, second


def reasons_for(one: Person, other: Person) -> list[DuplicateReason]:
    """What makes two persons of one name look like one human being."""
    number, second = (normalise_id(sealing.opened(p, "id_no")) for p in (one, other))
    found = []
    if _is_old_form(number, second) or _is_old_form(second, number):
        found.append(DuplicateReason.OLD_NUMBER)
    if _one_char_apart(number, second):
        found.append(DuplicateReason.ONE_CHAR)
    if one.born_on is not None and one.born_on == other.born_on:
        phones_agree = bool(one.phone) and one.phone == other.phone
        found.append(
            DuplicateReason.NAME_BIRTH_PHONE if phones_agree else DuplicateReason.NAME_BIRTH
        )
    return found


def _is_old_form(short: str, long: str) -> bool:
    """Whether 15 digits are those of an 18-character number."""
    return len(short) == 15 and len(long) == 18 and long[:17] == f"{short[:6]}19{short[6:]}"


def _one_char_apart(one: str, other: str) -> bool:
    """Whether two numbers differ in one character; the check character follows and is not looked at."""
    if len(one) != len(other) or len(one) < 15:
        return False
    return sum(a != b for a, b in zip(one[:17], other[:17], strict=True)) == 1


def _common_orgs(org_ids: set[int]) -> Any:
    """A function that tells the lowest union above (or at) two unions."""
    orgs: dict[int, Org] = Org.objects.in_bulk(org_ids)
    paths = {pk: org.chain for pk, org in orgs.items()}
    above: dict[int, Org] = Org.objects.in_bulk({pk for path in paths.values() for pk in path})

    def common(one: int, other: int) -> Org:
        shared = [a for a, b in zip(paths[one], paths[other], strict=False) if a == b]
        return above[shared[-1]] if shared else orgs[one]

    return common
