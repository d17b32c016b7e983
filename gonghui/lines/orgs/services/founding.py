"""The founding of unions: what an approval brings into being, set by set."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.records import numbering
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import (
    ElectionCase,
    LegalPersonCert,
    OrgCoverage,
    UnionTerm,
)
from gonghui.lines.orgs.models.formation import FormationKind, Origin
from gonghui.lines.orgs.services import census, coverage, formation, officers
from gonghui.lines.orgs.services.trees import require_superior

_OFFICES = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)


def require_approver(formation: Any, by: Actor) -> None:
    """Only the approving union and those above it decide."""
    require_superior(
        by, formation.approver_id, formation.org_id, f"“{formation.proposed_name}”的建会事项"
    )


def require_township_first(formation: Any, by: Actor) -> None:
    """A cadre of a union-to-be below a township reports to the township, not past it."""
    if _is_below_township(formation) and not by.has_role(*_OFFICES, over=formation.superior_id):
        raise NotAllowed(
            f"须先经{formation.superior.name}审核，请办理“报乡镇（街道）审核”或“报乡镇（街道）核对选举结果”。"
        )


def require_township(formation: Any, by: Actor) -> None:
    """Only what is to be below a township is reviewed by one."""
    if not _is_below_township(formation):
        raise NotAllowed("拟隶属工会不是乡镇（街道）工会，请直接向批准工会提交。")


def _is_below_township(formation: Any) -> bool:
    return formation.superior_id is not None and formation.superior.level == OrgLevel.TOWNSHIP


def approve_preparation(rows: list[Any], by: Actor) -> None:
    """The superior agrees: the census says that a union is being prepared."""
    parts = formation.employers_of(row.pk for row in rows)
    formations = {part.employer_id: row for row in rows for part in parts[row.pk]}
    census.note_preparing(formations, by)


def close(rows: list[Any], by: Actor) -> None:
    """The formation ends without a union: the draft is dissolved, the employers are leads again."""
    _give_up(rows, by, "建会事项终止")


def _give_up(rows: list[Any], by: Actor, reason: str) -> None:
    parts = formation.employers_of(row.pk for row in rows)
    census.note_given_up([part.employer_id for found in parts.values() for part in found], by)
    cases = ElectionCase.objects.filter(
        org_id__in=[row.org_id for row in rows], voided_at=None
    ).exclude(state__in=("confirmed", "closed"))
    must(write.perform_many(list(cases), "close", by=by, reason=reason))
    must(write.change_many([(row.org, {"state": OrgState.DISSOLVED}) for row in rows], by=by))


def check_not_founded(row: Any) -> None:
    """A union that exists ends by a change of its own, never by voiding how it came about."""
    if row.state == "established":
        raise DomainError(
            f"“{row.proposed_name}”已批复成立，建会事项不能作废；工会终止的，请办理组织变更（撤销）。"
        )


def drop_draft(rows: list[Any], by: Actor) -> None:
    """A voided formation leaves no draft union behind, and its employers are leads again."""
    _give_up([row for row in rows if row.state != "closed"], by, "建会事项作废")


def send_back(rows: list[Any], by: Actor) -> None:
    """The election must be held again."""
    cases = ElectionCase.objects.filter(
        pk__in=[row.election_id for row in rows if row.election_id], state="reported"
    )
    must(write.perform_many(list(cases), "return", by=by, reason="退回重选"))


def establish(rows: list[Any], by: Actor) -> None:
    """The unions exist: organisation, coverage, first term with its officers, certificate to apply for."""
    _give_doc_numbers(rows, by)
    parts = formation.employers_of(row.pk for row in rows)
    _bring_to_life(rows, parts, by)
    _end_former(rows, parts, by)
    _cover(rows, parts, by)
    _open_terms(rows, by)
    certified = [row for row in rows if row.kind != FormationKind.ORGANIZER]
    must(write.create_many(LegalPersonCert, [{"org": row.org} for row in certified], by=by))


def _give_doc_numbers(rows: list[Any], by: Actor) -> None:
    """Approvals without a document number take the next one of the approver's year."""
    without = [row for row in rows if not row.approval_doc_no]
    slots = [(row.approver_id, "建会批复", row.approved_on.year) for row in without]
    taken = numbering.take(slots)
    approvers = Org.objects.in_bulk({row.approver_id for row in without})
    pairs = []
    for row, slot in zip(without, slots, strict=True):
        approver = approvers[row.approver_id]
        doc_no = f"{approver.short_name or approver.name}建〔{slot[2]}〕{next(taken[slot])}号"
        pairs.append((row, {"approval_doc_no": doc_no[:60]}))
    numbered = must(write.change_many(pairs, by=by, reason="取批复文号"))
    for row, saved in zip(without, numbered, strict=True):
        row.approval_doc_no, row.version = saved.approval_doc_no, saved.version


def _bring_to_life(rows: list[Any], parts: dict[int, list[Any]], by: Actor) -> None:
    pairs = []
    for row in rows:
        employers = [part.employer for part in parts[row.pk]]
        pairs.append(
            (
                row.org,
                {
                    "name": row.proposed_name,
                    "state": OrgState.LIVE,
                    "established_on": row.approved_on,
                    "approval_doc_no": row.approval_doc_no,
                    "focus_tags": row.focus_tags,
                    "is_private": bool(employers) and all(e.is_private for e in employers),
                    "division": employers[0].division if employers else row.superior.division,
                },
            )
        )
    made = must(write.change_many(pairs, by=by, reason="批复成立"))
    for row, org in zip(rows, made, strict=True):
        row.org = org


def _end_former(rows: list[Any], parts: dict[int, list[Any]], by: Actor) -> None:
    """What another union covered until now passes on; a renamed union ends as an organisation."""
    for row in rows:
        if row.former_org_id is None:
            continue
        passing = {(p.employer_id, coverage.site_key_of(p.site)) for p in parts[row.pk]}
        old = coverage.open_of([row.former_org_id])
        coverage.end_all(
            [c for c in old if (c.employer_id, c.site_key) in passing],
            row.approved_on,
            f"由“{row.proposed_name}”涵盖",
            by,
        )
        if row.origin in (Origin.RENAME, Origin.MERGE):
            officers.end_terms([row.former_org_id], row.approved_on, by)
            must(
                write.change_many(
                    [
                        (
                            row.former_org,
                            {"state": OrgState.DISSOLVED, "dissolved_on": row.approved_on},
                        )
                    ],
                    by=by,
                )
            )


def _cover(rows: list[Any], parts: dict[int, list[Any]], by: Actor) -> None:
    values = [
        {
            "org": row.org,
            "employer": part.employer,
            "site": part.site,
            "employees": part.employees,
            "valid_from": row.approved_on,
        }
        for row in rows
        for part in parts[row.pk]
    ]
    must(write.create_many(OrgCoverage, values, by=by))


def _open_terms(rows: list[Any], by: Actor) -> None:
    """The first term begins on the day of approval, as the founding election decided."""
    cases = ElectionCase.objects.in_bulk([row.election_id for row in rows if row.election_id])
    elected = [row for row in rows if row.election_id is not None]
    must(
        write.perform_many(
            [cases[row.election_id] for row in elected],
            "confirm",
            by=by,
            reason="随成立批复",
        )
    )
    terms = must(
        write.create_many(
            UnionTerm,
            [
                {
                    "org": row.org,
                    "term_no": 1,
                    "years": cases[row.election_id].term_years,
                    "started_on": row.approved_on,
                    "committee_seats": cases[row.election_id].committee_seats,
                    "audit_seats": cases[row.election_id].audit_seats,
                    "women_committee": _has_women_committee(cases[row.election_id]),
                    "election": cases[row.election_id],
                }
                for row in elected
            ],
            by=by,
        )
    )
    officers.install({term.election_id: term for term in terms}, by)


def _has_women_committee(case: Any) -> bool:
    return (case.female_members or 0) >= number_of("orgs.women_committee_min")
