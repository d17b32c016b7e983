"""Finding and recording persons by their identity papers, set by set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from gonghui.base import pinyin
from gonghui.base.errors import DomainError
from gonghui.base.identity import (
    checked_phone,
    mask_name,
    normalise_id,
    parse_id_number,
)
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import IdType, Person, Sex, VerifyLevel
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many, create_many

Key = tuple[str, bytes]

# Papers that carry the check character of GB 11643.
_CHECKED = (IdType.RESIDENT, IdType.HMT, IdType.FOREIGN)
_UNLIKE_IN_NAMES = re.compile(r"[\s·•‧．.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An identity paper that was read: its key for searching and what it tells."""

    id_type: str
    number: str
    key: Key
    born_on: date | None = None
    sex: str = ""
    warning: str = ""


def read_paper(id_type: str, number: Any) -> Paper:
    """The paper with its number normalised; raises DomainError where it cannot be right."""
    return _read(str(id_type), number if isinstance(number, float) else str(number or ""))


# A roster's numbers are needed three times within a batch of 2,000: to find, to check, to derive.
@lru_cache(maxsize=4_000)
def _read(id_type: str, number: str | float) -> Paper:
    if id_type not in _CHECKED:
        value = normalise_id(str(number))
        if len(value) < 5:
            raise DomainError("请填写完整的证件号码。", field="id_no", code="format")
        return Paper(id_type=id_type, number=value, key=_key(id_type, value))
    try:
        parsed = parse_id_number(number)
    except DomainError as error:
        raise DomainError(error.message, field="id_no", code=error.code) from None
    return Paper(
        id_type=id_type,
        number=parsed.value,
        key=_key(id_type, parsed.value),
        born_on=parsed.born_on,
        sex=parsed.sex,
        warning=parsed.warning,
    )


def _key(id_type: str, value: str) -> Key:
    return (id_type, sealing.keyed_hash(value))


def same_name(one: str, other: str) -> bool:
    """Whether two names differ at most in blanks and separating dots."""
    return _UNLIKE_IN_NAMES.sub("", one) == _UNLIKE_IN_NAMES.sub("", other)


def other_name(registered: str) -> DomainError:
    """The refusal that tells no more of the registered person than the first character."""
    return DomainError(
        f"该证件号码已登记为“{mask_name(registered)}”，与所填姓名不一致，请核对；如更名请走信息更正。",
        field="name",
        code="other_name",
    )


def known(keys: Sequence[Key]) -> dict[Key, Person]:
    """The persons behind papers, in the whole city; a merged one leads to the one kept."""
    if not keys:
        return {}
    wanted = set(keys)
    with acting(SYSTEM):
        rows = Person.objects.filter(id_no_hash__in={h for _, h in wanted}, voided_at=None)
        found = {(row.id_type, bytes(row.id_no_hash)): row for row in rows.order_by("pk")}
        left = {row.merged_into_id for row in found.values() if row.merged_into_id}
        while left:
            kept = Person.objects.in_bulk(left)
            for key, row in found.items():
                if row.merged_into_id in kept:
                    found[key] = kept[row.merged_into_id]
            left = {row.merged_into_id for row in found.values() if row.merged_into_id}
    return {key: row for key, row in found.items() if key in wanted}


def find_or_create(
    rows: Sequence[Mapping[str, Any]], papers: Sequence[Paper], org: Org, by: Actor
) -> list[Person | DomainError]:
    """The person of each row (values by field name of Person), recorded at the org if unknown.

    A paper that is registered under another name is an error.
    """
    people = known([paper.key for paper in papers])
    found: list[Person | DomainError | None] = []
    fresh: list[int] = []
    for index, (row, paper) in enumerate(zip(rows, papers, strict=True)):
        person = people.get(paper.key)
        if person is None:
            fresh.append(index)
            found.append(None)
        elif not same_name(person.name, str(row["name"])):
            found.append(other_name(person.name))
        else:
            found.append(person)
    values = [_fields_of(rows[i], papers[i], org) for i in fresh]
    with by_rule():
        outcomes = create_many(Person, values, by=by) if values else []
    for index, outcome in zip(fresh, outcomes, strict=True):
        found[index] = outcome.error or outcome.record
    return [each for each in found if each is not None]


def _fields_of(row: Mapping[str, Any], paper: Paper, org: Org) -> dict[str, Any]:
    given = {name: value for name, value in row.items() if value not in (None, "")}
    return {**given, "id_type": paper.id_type, "id_no": paper.number, "org": org}


def move_to(homes: Mapping[int, Org], by: Actor) -> None:
    """Let persons belong to other unions from now on: `{person's id: union}`."""
    if not homes:
        return
    with acting(SYSTEM), by_rule():
        rows = Person.objects.filter(pk__in=homes)
        pairs = [(row, {"org": homes[row.pk]}) for row in rows if row.org_id != homes[row.pk].pk]
        must(change_many(pairs, by=by, reason="会籍变动"))


@lru_cache(maxsize=20_000)
def _sorting(name: str) -> tuple[str, str]:
    """What a name is sorted and found by; rosters repeat many names."""
    return pinyin.sort_key(name, person=True), pinyin.initials(name, person=True)[:60]


def derive(person: Person) -> None:
    """Normalise the paper and fill or check what it tells; keep the keys for sorting."""
    if not person.sort_key.endswith(f"\t{person.name}"):
        person.sort_key, person.initials = _sorting(person.name)
    if person.phone:
        person.phone = checked_phone(person.phone)
    number = sealing.opened(person, "id_no")
    if not number:
        return
    paper = read_paper(person.id_type, number)
    if isinstance(person.id_no, str) and person.id_no != paper.number:
        person.id_no = paper.number
    if paper.born_on is None:
        return
    if person.sex and person.sex != paper.sex:
        raise DomainError("性别与身份证号不一致，请核对。", field="sex", code="sex_mismatch")
    if person.born_on and person.born_on != paper.born_on:
        raise DomainError("出生日期与身份证号不一致，请核对。", field="born_on", code="birth")
    person.sex, person.born_on = Sex(paper.sex), paper.born_on
    person.verify_level = max(person.verify_level, VerifyLevel.CHECKSUM)


def refuse_known(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """New persons whose paper is registered already: under this name, or under another one."""
    papers: dict[int, Paper] = {}
    for index, row in rows.items():
        try:
            papers[index] = read_paper(row.id_type, row.id_no) if row.id_no else _NO_PAPER
        except DomainError:
            continue  # `derive` tells the user what is wrong with it
    people = known([paper.key for paper in papers.values() if paper is not _NO_PAPER])
    errors: dict[int, DomainError] = {}
    for index, paper in papers.items():
        person = people.get(paper.key)
        if person is None:
            continue
        errors[index] = (
            DomainError(
                "该证件号码已登记，同一人不能重复建档。", field="id_no", code="person_one_per_id"
            )
            if same_name(person.name, rows[index].name)
            else other_name(person.name)
        )
    return errors


_NO_PAPER = Paper(id_type="", number="", key=("", b""))
