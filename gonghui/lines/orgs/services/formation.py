"""Formations until they are decided: the draft organisation, what is copied, what is checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import prefetch_related_objects

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid
from gonghui.base.periods import Period, add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgKind, OrgLevel, OrgState
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import Employer
from gonghui.kernel.records import numbering
from gonghui.kernel.registers import validate, write
from gonghui.kernel.registers.batch import must, refused
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.lines.orgs.models import (
    ElectionCase,
    FormationEmployer,
    OrgChange,
    OrgCoverage,
    UnionFormation,
)
from gonghui.lines.orgs.models.formation import FEDERATIONS, FormationKind, Origin
from gonghui.lines.orgs.services import census, coverage, own
from gonghui.lines.orgs.services.trees import approvers_for

FOUNDING_MEMBERS = "members.founding"  # the members line keeps the list of founding members
_NOT_NEW = {
    Origin.RENAME: "原工会更名",
    Origin.SPLIT: "原工会分立",
    Origin.MERGE: "原工会合并",
    Origin.BACKFILL: "补录历史",
}
_LEVELS = {
    FormationKind.VILLAGE: OrgLevel.VILLAGE,
    FormationKind.FED_REGION: OrgLevel.FEDERATION,
    FormationKind.FED_TRADE: OrgLevel.FEDERATION,
    FormationKind.FED_NEW: OrgLevel.FEDERATION,
}
_OPEN = ("lead", "township_review", "prep_applied", "preparing")
UNDECIDED = (*_OPEN, "result_review", "result_reported")
_NOT_SUPERIORS = frozenset({OrgLevel.BRANCH, OrgLevel.GROUP, OrgLevel.BASIC, OrgLevel.AGENCY})


def level_of(kind: str) -> OrgLevel:
    """The level of the organisation that a formation of a kind makes."""
    return _LEVELS.get(FormationKind(kind), OrgLevel.BASIC)


def prepare_formations(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """New formations get their approver, number and draft organisation below the named superior."""
    errors: dict[int, DomainError] = {}
    approvers = approvers_for({row.org_id: row.org for row in rows.values()}.values())
    for index, row in rows.items():
        row.superior = row.org
        row.approver = row.approver or approvers.get(row.org_id)
        try:
            _check_new(row)
        except DomainError as error:
            errors[index] = error
    good = {index: row for index, row in rows.items() if index not in errors}
    clashes = validate.unique_errors(UnionFormation, list(good.values()))
    for position, index in enumerate(list(good)):
        found = {n: m for n, m in clashes.get(position, {}).items() if n != "org"}
        if found:
            errors[index] = Invalid(found)
            del good[index]
    _make_drafts(list(good.values()), by)
    return errors


def _check_new(row: Any) -> None:
    found = validate.field_errors(row)
    if found:
        raise Invalid(found)
    if row.superior.level in _NOT_SUPERIORS or row.superior.state != OrgState.LIVE:
        raise DomainError(
            f"“{row.superior.name}”不能作为上级工会，请选择正常的乡镇（街道）以上工会。",
            field="org",
        )
    check_approver(row)


def check_approver(row: Any) -> None:
    """The approving union is the proposed superior or one above it, and at least a county's."""
    if row.approver_id is None:
        raise DomainError(
            "没有找到批准工会，请选择县（市、区）总工会以上的批准工会。", field="approver"
        )
    if row.approver_id == row.org_id and row.superior_id != row.org_id:
        raise DomainError("不能批复本级或下级代办的本单位事项。", field="approver")
    chain = row.superior.chain
    if row.approver_id not in chain:
        raise DomainError(
            f"批准工会须是拟隶属的“{row.superior.name}”或其上级，请重新选择。", field="approver"
        )


def _make_drafts(rows: list[Any], by: Actor) -> None:
    year = clock.today().year
    slots = [(row.approver_id, "建会", year) for row in rows]
    taken = numbering.take(slots)
    drafts = must(
        write.create_many(
            Org,
            [
                {
                    "name": row.proposed_name,
                    "level": level_of(row.kind),
                    "kind": OrgKind(row.kind),
                    "state": OrgState.PREPARING,
                    "superior": row.superior,
                }
                for row in rows
            ],
            by=by,
        )
    )
    for row, slot, org in zip(rows, slots, drafts, strict=True):
        row.number = f"建会-{year}-{next(taken[slot]):04d}"
        row.org = org


def employers_of(formation_ids: Iterable[int]) -> dict[int, list[Any]]:
    """The employers each formation will cover."""
    found: dict[int, list[Any]] = {formation_id: [] for formation_id in formation_ids}
    rows = FormationEmployer.objects.filter(formation_id__in=found, voided_at=None).select_related(
        "employer"
    )
    for row in rows.order_by("pk"):
        found[row.formation_id].append(row)
    return found


def derive_formations(rows: list[Any]) -> None:
    """The year of approval, whether it is back-dated, and whether it counts as newly built."""
    prefetch_related_objects(rows, "org", "superior")
    backdate = number_of("orgs.backdate_days")
    today = clock.today()
    decided = [row for row in rows if row.state == "established" and row.approved_on is not None]
    reasons = _why_not_new(decided)
    for row in rows:
        row.approved_year = row.approved_on.year if row.approved_on else None
        if row.state != "established":
            row.counts_as_new, row.not_new_reason = False, ""
    for row in decided:
        if not is_recorded(row):
            row.is_backdated = row.approved_on < today - timedelta(days=backdate)
        reason = reasons.get(row.pk, "")
        row.counts_as_new = not reason if row.overruled_as_new is None else row.overruled_as_new
        row.not_new_reason = "" if row.counts_as_new else reason or "上级改判不计入"


def is_recorded(row: Any) -> bool:
    """Whether its founding was decided before this write: its organisation is alive already."""
    return bool(row.org.state != OrgState.PREPARING)


def _why_not_new(rows: list[Any]) -> dict[int, str]:
    """Why formations do not count as new, by key; those that do are left out."""
    reasons = {row.pk: _NOT_NEW[Origin(row.origin)] for row in rows if row.origin != Origin.NEW}
    fresh = [row for row in rows if row.origin == Origin.NEW]
    if not fresh:
        return reasons
    months = number_of("orgs.new_clear_months")
    employers = employers_of(row.pk for row in fresh)
    ids = {part.employer_id for parts in employers.values() for part in parts}
    spans: dict[int, list[tuple[int, date, date | None]]] = {}
    earlier = OrgCoverage.objects.filter(employer_id__in=ids, voided_at=None)
    for employer_id, org_id, start, end in earlier.values_list(
        "employer_id", "org_id", "valid_from", "valid_to"
    ):
        spans.setdefault(employer_id, []).append((org_id, start, end))
    for row in fresh:
        since = add_months(row.approved_on, -months)
        met = any(
            org_id != row.org_id and start < row.approved_on and (end is None or end > since)
            for part in employers[row.pk]
            for org_id, start, end in spans.get(part.employer_id, [])
        )
        if met:
            reasons[row.pk] = "撤后重建"
    return reasons


def check_formation(row: Any) -> None:
    """What must hold of a formation at any time."""
    check_approver(row)
    if row.overruled_as_new is not None and row.state != "established":
        raise DomainError("改判须在批复成立后由批准工会办理。", field="overruled_as_new")
    if row.origin in (Origin.RENAME, Origin.SPLIT) and row.former_org_id is None:
        raise DomainError("更名、分立须填写原工会。", field="former_org")
    if row.former_org_id is not None and row.former_org_id == row.org_id:
        raise DomainError("原工会不能是本工会。", field="former_org")
    days = [
        ("筹建请示", row.prep_requested_on, "prep_requested_on"),
        ("筹备批复", row.prep_approved_on, "prep_approved_on"),
        ("成立批复", row.approved_on, "approved_on"),
    ]
    known = [day for day in days if day[1] is not None]
    for (before, first, _), (after, second, field) in pairwise(known):
        if second < first:
            raise DomainError(f"{after}日期不能早于{before}日期{first.isoformat()}。", field=field)
    if known and known[-1][1] > clock.today():
        raise DomainError(f"{known[-1][0]}日期不能晚于今天。", field=known[-1][2])


def check_formations(rows: list[Any]) -> dict[int, DomainError]:
    """Before a founding is decided: employers are locked and none is covered by another union."""
    deciding = {
        index: row
        for index, row in enumerate(rows)
        if row.state == "established" and not is_recorded(row)
    }
    if not deciding:
        return {}
    parts = employers_of(row.pk for row in deciding.values())
    ids = {part.employer_id for found in parts.values() for part in found}
    # Two approvals of one employer wait for each other here; the second then sees the first.
    locked = Employer.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    list(locked.values_list("pk", flat=True))
    covered = coverage.covering(ids)
    errors: dict[int, DomainError] = {}
    met: dict[coverage.Site, Any] = {}
    for index, row in deciding.items():
        for part in parts[row.pk]:
            site = (part.employer_id, coverage.site_key_of(part.site))
            other = covered.get(site)
            if other is not None and other.org_id != row.former_org_id:
                errors[index] = Conflict(
                    f"该单位刚被“{other.org.name}”确认建会，不能重复批复。"
                    + coverage.covered_message(other),
                    code="covered",
                )
            elif site in met:
                errors[index] = Conflict(
                    f"单位“{part.employer.name}”同时在“{met[site].proposed_name}”的批复中。",
                    code="covered",
                )
            met.setdefault(site, row)
    return errors


def check_employers(rows: list[Any]) -> dict[int, DomainError]:
    """Employers may be added while the formation is open, and only such as no union covers."""
    covered = coverage.covering(row.employer_id for row in rows)
    errors: dict[int, DomainError] = {}
    for index, row in enumerate(rows):
        if row.formation.state not in _OPEN and not is_by_rule():
            errors[index] = Conflict("建会事项已报批，拟涵盖单位不能再改。")
            continue
        other = covered.get((row.employer_id, coverage.site_key_of(row.site)))
        former = row.formation.former_org_id
        if other is not None and other.org_id not in (former, row.formation.org_id):
            errors[index] = Conflict(
                coverage.covered_message(other), field="employer", code="covered"
            )
    return errors


def derive_employers(rows: list[Any]) -> None:
    """The headcount of a whole employer is copied."""
    prefetch_related_objects(rows, "formation")
    newest = own.newest_headcounts(row.employer_id for row in rows)
    for row in rows:
        if not row.site and row.employer_id in newest:
            row.employees = newest[row.employer_id].employees


def follow_employers(rows: list[Any], created: bool, by: Actor) -> None:
    """The census learns that somebody works on the employers."""
    if created:
        census.note_contacted([row.employer_id for row in rows], by)


def not_ready_to_apply(formations: list[Any]) -> dict[int, DomainError]:
    """Unless the request names who can be reached, whom the union will cover and what the party says."""
    parts = employers_of(formation.pk for formation in formations)
    return refused(formations, lambda each: _check_ready_to_apply(each, parts[each.pk]))


def _check_ready_to_apply(formation: Any, parts: list[Any]) -> None:
    if not formation.contact.strip():
        raise DomainError("请填写至少一位联系人及电话。", field="contact")
    if formation.has_party_branch and not formation.party_opinion.strip():
        raise DomainError("该单位已建党组织，请填写党组织意见。", field="party_opinion")
    if formation.kind in FEDERATIONS:
        return
    if not parts:
        raise DomainError("请先登记拟涵盖单位（至少一家）。", field="employers")
    if formation.kind == FormationKind.JOINT and len(parts) < 2:
        raise DomainError("联合建会须有两家以上单位，现只有1家。", field="employers")


def _note_founding_members(formation: Any, count: int) -> None:
    """The list of founding members is long enough for the kind of union."""
    needed = number_of("orgs.committee_min_members")
    if formation.kind == FormationKind.SINGLE and count < needed:
        raise DomainError(
            f"首批会员{count}人，单独建会须{needed}人以上；不足的可联合建会或设组织员。",
            field="founding_members",
        )
    if formation.kind not in FEDERATIONS and count < 1:
        raise DomainError("还没有首批会员，请先采集入会申请。", field="founding_members")
    if formation.female_members is not None and formation.female_members > count:
        raise DomainError(
            f"女会员{formation.female_members}人大于首批会员{count}人，请核对。",
            field="female_members",
        )
    formation.founding_members = count


def _founding_members(org_ids: list[int]) -> dict[int, int]:
    if not catalogue_knows(FOUNDING_MEMBERS):
        raise DomainError(
            f"会员台账尚未启用（没有指标“{FOUNDING_MEMBERS}”），无法核对首批会员人数，请联系管理员。",
            code="no_members",
        )
    today = clock.today()
    found = figures([FOUNDING_MEMBERS], org_ids, Period(today, today))
    return {org_id: int(found[FOUNDING_MEMBERS, org_id].value or 0) for org_id in org_ids}


def catalogue_knows(code: str) -> bool:
    """Whether an indicator is declared."""
    return any(declared.code == code for declared in catalogue.all_indicators())


def may_not_report(formations: list[Any]) -> dict[int, DomainError]:
    """Unless the founding election is held and reported, and there are enough founding members."""
    org_ids = [formation.org_id for formation in formations]
    try:
        members = _founding_members(org_ids)
    except DomainError as error:
        return dict.fromkeys(range(len(formations)), error)
    cases = ElectionCase.objects.filter(org_id__in=org_ids, kind="first", voided_at=None)
    elections = {case.org_id: case for case in cases.exclude(state="closed").order_by("pk")}

    def look(formation: Any) -> None:
        _note_founding_members(formation, members[formation.org_id])
        _note_election(formation, elections.get(formation.org_id))

    return refused(formations, look)


def _note_election(formation: Any, case: ElectionCase | None) -> None:
    if formation.kind == FormationKind.ORGANIZER:
        return
    if case is None or case.state != "reported":
        raise DomainError(
            "首届选举尚未完成并报告，请先在“选举事项”中登记大会结果并报告。", field="election"
        )
    formation.election = case


def check_may_approve_preparation(formation: Any) -> None:
    """The decision has a number; its day is today unless given."""
    if not formation.prep_doc_no:
        raise DomainError("请填写筹备批复文号。", field="prep_doc_no")
    if formation.origin == Origin.SPLIT:
        decided = OrgChange.objects.filter(
            org_id=formation.former_org_id, kind="split", state="effective", voided_at=None
        )
        if not decided.exists():
            raise DomainError("分立须先批复原工会的“分立”变更。", field="former_org")


def check_may_establish(formation: Any) -> None:
    """The day of approval is not to come, not before the meeting, and not silently far back."""
    today = clock.today()
    approved_on = formation.approved_on
    if approved_on > today:
        raise DomainError("成立批复日期不能晚于今天。", field="approved_on")
    if formation.election is not None and approved_on < formation.election.meeting_on:
        raise DomainError(
            f"成立批复日期不能早于选举大会日期{formation.election.meeting_on.isoformat()}。",
            field="approved_on",
        )
    days = number_of("orgs.backdate_days")
    if approved_on < today - timedelta(days=days) and not formation.backdate_reason.strip():
        raise DomainError(
            f"批复日期早于今天{days}天以上，请说明原因；该事项将列入补录清单。",
            field="backdate_reason",
        )


def check_overrule(formation: Any) -> None:
    """Overruling what counts as new needs a decision and its written reason."""
    if formation.overruled_as_new is None:
        raise DomainError("请选择改判结果：计入或不计入新建。", field="overruled_as_new")
    if not formation.overrule_reason.strip():
        raise DomainError("改判须书面说明理由，并列入口径说明。", field="overrule_reason")
