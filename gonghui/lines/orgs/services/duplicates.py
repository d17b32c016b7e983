"""Employers that were recorded twice: finding them, and merging them in every line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.merging import change_noted, kept_and_lost, put_in_order, repoint
from gonghui.kernel.registers.write import change, create_many
from gonghui.lines.orgs.models import EmployerDuplicate
from gonghui.lines.orgs.models.duplicate import EmployerLikeness
from gonghui.lines.orgs.services import coverage

_MERGED = "单位合并"
# A block with more employers than this is a placeholder (个体户, 无名), not a coincidence.
_LARGEST_BLOCK = 50
_FORMER_NAMES_SEPARATOR = "；"


def find_duplicates() -> int:
    """Record every suspicious pair that is not on the list yet; how many there were."""
    with acting(SYSTEM):
        rows = Employer.objects.filter(merged_into=None, voided_at=None).only(
            "pk", "name", "uscc", "legacy_code", "org_id", "division_id"
        )
        employers = {row.pk: row for row in rows.select_related("division")}
        known = set(
            EmployerDuplicate.objects.filter(voided_at=None).values_list("first_id", "second_id")
        )
        found = {
            (one.pk, other.pk): reasons
            for one, other in _pairs(employers.values())
            if (one.pk, other.pk) not in known and (reasons := likeness_of(one, other))
        }
        homes = _homes({employers[pk].org_id for pair in found for pk in pair})
        cases = [
            {
                "org": homes(employers[first].org_id, employers[second].org_id),
                "first": employers[first],
                "second": employers[second],
                "likeness": [reason.value for reason in reasons],
                "found_on": clock.today(),
            }
            for (first, second), reasons in sorted(found.items())
        ]
        outcomes = create_many(EmployerDuplicate, cases, by=SYSTEM)
    return sum(outcome.error is None for outcome in outcomes)


def _pairs(employers: Iterable[Employer]) -> Iterator[tuple[Employer, Employer]]:
    """Employers with one organisation code, or one name in one county, the smaller key first."""
    blocks: dict[tuple[str, str], list[Employer]] = defaultdict(list)
    for employer in sorted(employers, key=lambda each: int(each.pk)):
        if code := organisation_code(employer):
            blocks["code", code].append(employer)
        blocks["name", _place_and_name(employer)].append(employer)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if 1 < len(block) <= _LARGEST_BLOCK:
            for one, other in combinations(block, 2):
                if (one.pk, other.pk) not in seen:
                    seen.add((one.pk, other.pk))
                    yield one, other


def organisation_code(employer: Employer) -> str:
    """The nine characters that a credit code and the codes before 2015 have in common."""
    return str(employer.uscc[8:17] if employer.uscc else employer.legacy_code)


def _place_and_name(employer: Employer) -> str:
    county = employer.division.code[:6] if employer.division_id else ""
    return county + "".join(str(employer.name).split())


def likeness_of(one: Employer, other: Employer) -> list[EmployerLikeness]:
    """What makes two employers look like one; two credit codes are two legal persons."""
    if one.uscc and other.uscc:
        return []
    found = []
    code = organisation_code(one)
    if code and code == organisation_code(other):
        found.append(EmployerLikeness.SAME_CODE)
    if _place_and_name(one) == _place_and_name(other):
        found.append(EmployerLikeness.SAME_NAME)
    return found


def _homes(org_ids: set[int]) -> Any:
    """A function that tells the county (or the city) above two unions; who decides on a pair."""
    orgs: dict[int, Org] = Org.objects.in_bulk(org_ids)
    nodes = Org.objects.filter(level__in=(OrgLevel.CITY, OrgLevel.COUNTY, OrgLevel.INDUSTRY))
    above: dict[int, Org] = nodes.in_bulk({pk for org in orgs.values() for pk in org.chain})

    def home(one: int, other: int) -> Org:
        shared = set(orgs[one].chain) & set(orgs[other].chain)
        return max((above[pk] for pk in shared if pk in above), key=lambda org: len(org.path))

    return home


def judge(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """A pair that somebody names is put in order and told what makes it look alike."""
    for case in rows.values():
        if case.first_id is None or case.second_id is None:
            continue
        put_in_order(case)
        if not case.likeness:
            found = likeness_of(case.first, case.second) or [EmployerLikeness.BY_HAND]
            case.likeness = [reason.value for reason in found]
    return {}


def check_can_merge(case: EmployerDuplicate) -> None:
    """One is kept; the two are no two legal persons and are not covered twice at one place and time."""
    kept, lost = kept_and_lost(case)
    if kept.uscc and lost.uscc:
        raise DomainError(
            f"两家单位的统一社会信用代码不同（{kept.uscc}、{lost.uscc}），是两个法人，不能合并；"
            "代码填错的，请先更正。"
        )
    if lost.uscc:
        raise DomainError(f"请保留有统一社会信用代码的“{lost.name}”。", field="kept")
    clash = coverage.covered_twice(kept, lost)
    if clash is not None:
        one, other = clash
        raise DomainError(
            f"两份档案同时由“{one.org.name}”和“{other.org.name}”涵盖，"
            "请先作废或终止其中一条涵盖，再合并。"
        )


def merge(case: EmployerDuplicate, by: Actor) -> None:
    """Let everything that refers to the employer given up refer to the one kept."""
    kept, lost = kept_and_lost(case)
    changes = repoint(lost, kept, by=by, reason=_MERGED, leave=(EmployerDuplicate,))
    learned = _learned(kept, lost)
    if learned:
        changes += change_noted([kept], learned, by=by, reason=_MERGED)
    changes += change_noted([lost], {"merged_into": kept}, by=by, reason=_MERGED)
    change(case, by=by, changes=changes)


def _learned(kept: Employer, lost: Employer) -> dict[str, str]:
    """What the employer kept is found by from now on: the other's name and old code."""
    learned: dict[str, str] = {}
    if lost.name != kept.name and lost.name not in kept.former_names:
        names = [kept.former_names, lost.name] if kept.former_names else [lost.name]
        learned["former_names"] = _FORMER_NAMES_SEPARATOR.join(names)
    if lost.legacy_code and not kept.legacy_code:
        learned["legacy_code"] = lost.legacy_code
    return learned
