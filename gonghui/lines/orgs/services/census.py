"""The census of employers: dates and copies, and how it learns what became of an employer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import parse_uscc
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import (
    ENTERPRISES,
    Employer,
    EmployerHeadcount,
    HeadcountSource,
)
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import CensusLine, CensusUnit, OrgCoverage
from gonghui.lines.orgs.models.coverage import LeadSource
from gonghui.lines.orgs.services import own

# Fields of the employer that a list may fill, from the fields of the line.
FILLED = ("name", "opened_on", "address", "legal_rep", "contact")


def derive_units(units: list[Any]) -> None:
    """Copy from the employers; the union is due twelve months after opening."""
    employers = Employer.objects.in_bulk({unit.employer_id for unit in units})
    newest = own.newest_headcounts(employers)
    months = number_of("orgs.founding_employer_months")
    for unit in units:
        employer = employers[unit.employer_id]
        unit.in_area = employer.area_id is not None
        unit.is_enterprise = employer.type in ENTERPRISES
        unit.listed_on = unit.listed_on or clock.today()
        if unit.due_on is None and employer.opened_on is not None:
            unit.due_on = add_months(employer.opened_on, months)
        if unit.employees is None and employer.pk in newest:
            unit.employees = newest[employer.pk].employees


def check_refusal(unit: Any) -> None:
    """A refusal has its reason, which labour-law supervision will ask for."""
    if unit.state == "refused" and not unit.refuse_reason.strip():
        raise DomainError("请填写拒绝原因，供劳动法律监督使用。", field="refuse_reason")


def stamp_cancelled(units: list[Any], by: Actor) -> None:
    """A cancelled employer leaves the universe today, in every round."""
    rows = CensusUnit.objects.filter(
        employer_id__in={unit.employer_id for unit in units}, delisted_on=None, voided_at=None
    )
    today = clock.today()
    must(write.change_many([(row, {"delisted_on": today}) for row in rows], by=by))


def _perform(employer_ids: Iterable[int], states: tuple[str, ...], action: str, by: Actor) -> None:
    units = CensusUnit.objects.filter(
        employer_id__in=set(employer_ids), voided_at=None, state__in=states
    )
    must(write.perform_many(list(units), action, by=by))


def note_contacted(employer_ids: Iterable[int], by: Actor) -> None:
    """Somebody works on these employers."""
    _perform(employer_ids, ("uncontacted",), "contact", by)


def note_preparing(formations: dict[int, Any], by: Actor) -> None:
    """Unions are being prepared at these employers, by formation."""
    states = ("uncontacted", "mobilising", "not_eligible", "refused")
    units = CensusUnit.objects.filter(employer_id__in=formations, voided_at=None, state__in=states)
    pairs = [(unit, {"formation": formations[unit.employer_id]}) for unit in units]
    named = must(write.change_many(pairs, by=by))
    must(write.perform_many(named, "prepare", by=by))


def note_given_up(employer_ids: Iterable[int], by: Actor) -> None:
    """The preparation ended without a union."""
    _perform(employer_ids, ("preparing",), "give_up", by)


def note_lost(employer_ids: Iterable[int], by: Actor) -> None:
    """The employers have no union any more."""
    _perform(employer_ids, ("unionised",), "lose_union", by)


def note_unionised(coverages: list[Any], by: Actor) -> None:
    """The employers have a union; those that no round has met yet are entered, so that covered
    employers are always part of the universe.
    """
    first = {row.employer_id: row for row in reversed(coverages)}
    known = set(
        CensusUnit.objects.filter(employer_id__in=first, voided_at=None).values_list(
            "employer_id", flat=True
        )
    )
    missing = [
        {
            "org": row.org,
            "employer_id": employer_id,
            "round": f"{row.valid_from.year}年建会",
            "source": LeadSource.ESTABLISHED,
            "employees": row.employees,
            "listed_on": row.valid_from,
        }
        for employer_id, row in first.items()
        if employer_id not in known
    ]
    employers = Employer.objects.in_bulk([row["employer_id"] for row in missing])
    for values in missing:
        values["employer"] = employers[values.pop("employer_id")]
    must(write.create_many(CensusUnit, missing, by=by))
    states = ("uncontacted", "mobilising", "preparing", "not_eligible", "refused")
    _perform(first, states, "unionise", by)


def _digest(value: Any) -> str:
    return hashlib.blake2b(str(value).encode(), digest_size=8).hexdigest()


def derive_lines(lines: list[Any]) -> None:
    """Decide what each line may write: empty values, and values that a list wrote and nobody changed."""
    for line in lines:
        line.uscc = parse_uscc(line.uscc, union=False) if line.uscc else line.uscc
    employers = {
        row.uscc: row for row in Employer.objects.filter(uscc__in={line.uscc for line in lines})
    }
    earlier: dict[str, dict[str, str]] = {}
    for row in CensusLine.objects.filter(uscc__in=employers, voided_at=None).order_by("pk"):
        earlier[row.uscc] = row.wrote
    for line in lines:
        employer = employers.get(line.uscc)
        before = line.wrote or earlier.get(line.uscc, {})
        line.wrote = {
            name: _digest(getattr(line, name))
            for name in FILLED
            if getattr(line, name)
            and (employer is None or _free_to_write(getattr(employer, name), before.get(name)))
        }


def _free_to_write(present: Any, digest: str | None) -> bool:
    return present in (None, "") or _digest(present) == digest


def follow_lines(lines: list[Any], created: bool, by: Actor) -> None:
    """Employers, headcounts and census units are made or completed from the lines."""
    employers = {
        row.uscc: row for row in Employer.objects.filter(uscc__in={line.uscc for line in lines})
    }
    fresh = [line for line in lines if line.uscc not in employers]
    made = must(
        write.create_many(
            Employer,
            [
                {"org": line.org, "uscc": line.uscc, "type": line.type}
                | {name: getattr(line, name) for name in FILLED if getattr(line, name)}
                for line in fresh
            ],
            by=by,
        )
    )
    employers |= {employer.uscc: employer for employer in made}
    known = [line for line in lines if line not in fresh]
    must(
        write.change_many(
            [
                (employers[line.uscc], {name: getattr(line, name) for name in line.wrote})
                for line in known
            ],
            by=by,
        )
    )
    _enter_headcounts(lines, employers, by)
    _enter_units(lines, employers, by)


def _enter_headcounts(lines: list[Any], employers: dict[str, Any], by: Actor) -> None:
    """Insured heads begin the series of employers that have none; they never replace a report."""
    newest = own.newest_headcounts(row.pk for row in employers.values())
    rows = [
        {
            "org": employers[line.uscc].org,
            "employer": employers[line.uscc],
            "as_of": clock.today(),
            "employees": line.insured,
            "source": HeadcountSource.INSURANCE,
        }
        for line in lines
        if line.insured and employers[line.uscc].pk not in newest
    ]
    must(write.create_many(EmployerHeadcount, rows, by=by))


def _enter_units(lines: list[Any], employers: dict[str, Any], by: Actor) -> None:
    ids = {row.pk for row in employers.values()}
    rounds = {line.round for line in lines}
    known = set(
        CensusUnit.objects.filter(
            employer_id__in=ids, round__in=rounds, voided_at=None
        ).values_list("employer_id", "round")
    )
    covered = _covered(ids)
    rows = [
        {
            "org": employers[line.uscc].org,
            "employer": employers[line.uscc],
            "round": line.round,
            "source": line.source,
            "employees": line.insured,
        }
        for line in lines
        if (employers[line.uscc].pk, line.round) not in known
    ]
    made = must(write.create_many(CensusUnit, rows, by=by))
    met = [unit for unit in made if unit.employer_id in covered]
    must(write.perform_many(met, "unionise", by=by))


def _covered(employer_ids: set[int]) -> set[int]:
    return set(
        OrgCoverage.objects.filter(
            employer_id__in=employer_ids, valid_to=None, voided_at=None
        ).values_list("employer_id", flat=True)
    )
