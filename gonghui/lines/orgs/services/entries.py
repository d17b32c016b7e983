"""Taking over existing unions: each line becomes an organisation with all that the line says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.identity import parse_id_number, parse_uscc
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org, OrgKind, OrgLevel, OrgState
from gonghui.kernel.people.models import (
    Employer,
    EmployerHeadcount,
    HeadcountSource,
    IdType,
    Person,
)
from gonghui.kernel.records import sealing
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import (
    LegalPersonCert,
    OfficeHolder,
    OrgCoverage,
    OrgEntry,
    UnionTerm,
)
from gonghui.lines.orgs.models.entry import EntryKind
from gonghui.lines.orgs.models.term import Post
from gonghui.lines.orgs.services import coverage, own

_DAY = timedelta(days=1)


def derive_entry(entry: Any) -> None:
    """Tidy the codes."""
    entry.employer_uscc = (
        parse_uscc(entry.employer_uscc, union=False) if entry.employer_uscc else ""
    )
    if entry.legal_uscc:
        entry.legal_uscc = parse_uscc(entry.legal_uscc, union=True)
    if isinstance(entry.chair_id_no, str) and entry.chair_id_no:
        entry.chair_id_no = parse_id_number(entry.chair_id_no).value
    if entry.term_years is None and entry.term_due_on is not None:
        entry.term_years = 5 if entry.approved_on and _older(entry) else 3


def _older(entry: Any) -> bool:
    return bool(add_months(entry.approved_on, 36) <= entry.term_due_on)


def check_entry(entry: Any) -> None:
    """Parts within the whole, days in the past, a term as the law knows it."""
    for field in ("female", "migrant"):
        part = getattr(entry, field)
        if part is not None and part > entry.employees:
            raise DomainError("其中项人数不能大于职工数。", field=field)
    if entry.approved_on > clock.today():
        raise DomainError("批准日期不能晚于今天。", field="approved_on")
    if entry.term_years is not None and entry.term_years not in (3, 5):
        raise DomainError("任期为三年或者五年（《工会法》第十六条）。", field="term_years")
    if entry.legal_uscc and entry.term_due_on is None:
        raise DomainError("有法人代码的请填写届满日期。", field="term_due_on")
    if entry.cert_to and entry.term_due_on and entry.cert_to > entry.term_due_on:
        raise DomainError("证书到期不能晚于届满日期。", field="cert_to")


def check_entries(rows: list[Any]) -> dict[int, DomainError]:
    """An employer or site that another union covers is a conflict to clear up, not a second union."""
    fresh = {index: row for index, row in enumerate(rows) if row.made_org_id is None}
    employers = {
        row.uscc: row.pk
        for row in Employer.objects.filter(uscc__in={row.employer_uscc for row in fresh.values()})
    }
    covered = coverage.covering(employers.values())
    errors: dict[int, DomainError] = {}
    for index, row in fresh.items():
        key = (employers.get(row.employer_uscc, 0), coverage.site_key_of(row.site))
        if key in covered:
            errors[index] = Conflict(
                coverage.covered_message(covered[key]), field="employer_uscc", code="covered"
            )
        elif row.org.level in own.INSIDE_A_UNION or row.org.state != OrgState.LIVE:
            errors[index] = DomainError(f"“{row.org.name}”不能作为上级工会。", field="org")
    return errors


def follow_entries(rows: list[Any], created: bool, by: Actor) -> None:
    """Make organisations, employers, headcounts, coverage, terms, chairs and certificates."""
    fresh = [row for row in rows if row.made_org_id is None]
    if not created or not fresh:
        return
    orgs = _make_orgs(fresh, by)
    employers = _make_employers(fresh, by)
    _make_headcounts(fresh, employers, by)
    must(
        write.create_many(
            OrgCoverage,
            [
                {
                    "org": orgs[row.pk],
                    "employer": employers[row.employer_uscc],
                    "site": row.site,
                    "employees": row.employees,
                    "valid_from": row.approved_on,
                }
                for row in fresh
            ],
            by=by,
        )
    )
    _make_terms(fresh, orgs, by)
    must(write.change_many([(row, {"made_org": orgs[row.pk]}) for row in fresh], by=by))


def _make_orgs(rows: list[Any], by: Actor) -> dict[int, Any]:
    made = must(
        write.create_many(
            Org,
            [
                {
                    "name": row.name,
                    "level": OrgLevel.VILLAGE if row.kind == EntryKind.VILLAGE else OrgLevel.BASIC,
                    "kind": OrgKind(row.kind),
                    "state": OrgState.LIVE,
                    "superior": row.org,
                    "established_on": row.approved_on,
                    "approval_doc_no": row.approval_doc_no,
                    "division": row.division,
                    "is_private": row.employer_type in own.PRIVATE_TYPES,
                    "phone": row.phone,
                    "uscc": row.legal_uscc,
                }
                for row in rows
            ],
            by=by,
        )
    )
    return {row.pk: org for row, org in zip(rows, made, strict=True)}


def _make_employers(rows: list[Any], by: Actor) -> dict[str, Any]:
    known = {
        row.uscc: row
        for row in Employer.objects.filter(uscc__in={row.employer_uscc for row in rows})
    }
    missing = {row.employer_uscc: row for row in rows if row.employer_uscc not in known}
    made = must(
        write.create_many(
            Employer,
            [
                {
                    "org": row.org,
                    "uscc": code,
                    "name": row.employer_name,
                    "type": row.employer_type,
                    "division": row.division,
                    "area": row.area,
                }
                for code, row in missing.items()
            ],
            by=by,
        )
    )
    return known | {employer.uscc: employer for employer in made}


def _make_headcounts(rows: list[Any], employers: dict[str, Any], by: Actor) -> None:
    """Only lines for a whole employer say something of its headcount."""
    today = clock.today()
    newest = own.newest_headcounts(employer.pk for employer in employers.values())
    values = [
        {
            "org": employers[row.employer_uscc].org,
            "employer": employers[row.employer_uscc],
            "as_of": today,
            "employees": row.employees,
            "female": row.female,
            "migrant": row.migrant,
            "source": HeadcountSource.REPORT,
        }
        for row in rows
        if not row.site and employers[row.employer_uscc].pk not in newest
    ]
    must(write.create_many(EmployerHeadcount, values, by=by))


def _term_start(row: Any) -> date | None:
    """A term's first day from its last one and its length."""
    if row.term_due_on is None or row.term_years is None:
        return None
    return add_months(row.term_due_on + _DAY, -12 * row.term_years)


def _make_terms(rows: list[Any], orgs: dict[int, Any], by: Actor) -> None:
    dated = [(row, start) for row in rows if (start := _term_start(row)) is not None]
    made = must(
        write.create_many(
            UnionTerm,
            [
                {
                    "org": orgs[row.pk],
                    "term_no": row.term_no or 1,
                    "years": row.term_years,
                    "started_on": start,
                }
                for row, start in dated
            ],
            by=by,
        )
    )
    terms = {row.pk: term for (row, _), term in zip(dated, made, strict=True)}
    people = _people(rows, orgs, by)
    holders = must(
        write.create_many(
            OfficeHolder,
            [
                {
                    "term": terms[row.pk],
                    "person": people[row.pk],
                    "post": Post.CHAIR,
                    "started_on": start,
                }
                for row, start in dated
            ],
            by=by,
        )
    )
    chairs = {row.pk: holder for (row, _), holder in zip(dated, holders, strict=True)}
    _make_certificates(rows, orgs, chairs, by)


def _people(rows: list[Any], orgs: dict[int, Any], by: Actor) -> dict[int, Any]:
    """The chairs: found by their identity number, or entered."""
    numbers = {row.pk: sealing.opened(row, "chair_id_no") for row in rows}
    hashes = {pk: sealing.keyed_hash(number) for pk, number in numbers.items() if number}
    known = {
        bytes(person.id_no_hash): person
        for person in Person.objects.filter(
            id_type=IdType.RESIDENT, id_no_hash__in=list(hashes.values()), merged_into=None
        )
    }
    found = {pk: known[digest] for pk, digest in hashes.items() if digest in known}
    missing: dict[Any, Any] = {}
    for row in rows:
        if row.pk not in found:
            missing.setdefault(hashes.get(row.pk, row.pk), row)
    made = must(
        write.create_many(
            Person,
            [
                {
                    "org": orgs[row.pk],
                    "name": row.chair_name,
                    "id_no": numbers[row.pk] or None,
                }
                for row in missing.values()
            ],
            by=by,
        )
    )
    by_key = dict(zip(missing, made, strict=True))
    return {row.pk: found.get(row.pk) or by_key[hashes.get(row.pk, row.pk)] for row in rows}


def _make_certificates(
    rows: list[Any], orgs: dict[int, Any], chairs: dict[int, Any], by: Actor
) -> None:
    """Unions that are legal persons already have their certificate entered and issued."""
    certified = [row for row in rows if row.legal_uscc and row.pk in chairs]
    made = must(
        write.create_many(
            LegalPersonCert,
            [
                {
                    "org": orgs[row.pk],
                    "uscc": row.legal_uscc,
                    "cert_no": f"建档{row.legal_uscc}",
                    "legal_rep": chairs[row.pk],
                    "valid_from": chairs[row.pk].started_on,
                    "valid_to": row.cert_to or row.term_due_on,
                }
                for row in certified
            ],
            by=by,
        )
    )
    must(write.perform_many(made, "enter", by=by))


__all__ = ["OrgEntry", "check_entries", "check_entry", "derive_entry", "follow_entries"]
