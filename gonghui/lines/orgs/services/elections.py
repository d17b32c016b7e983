"""Elections: what makes one valid, who is elected, and what the superior's reply brings about."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import OrgState
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must, refused
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.lines.orgs.models import (
    Candidate,
    LegalPersonCert,
    OfficeHolder,
    UnionFormation,
    UnionTerm,
)
from gonghui.lines.orgs.models.certificate import CertCase
from gonghui.lines.orgs.models.election import ElectionKind, MeetingForm
from gonghui.lines.orgs.models.term import COMMITTEE, EndReason, Post
from gonghui.lines.orgs.services import officers
from gonghui.lines.orgs.services.trees import require_superior, superiors_of

_WOMEN = (Post.WOMEN_CHAIR, Post.WOMEN_MEMBER)
_AUDIT = (Post.AUDIT_CHAIR, Post.AUDIT_MEMBER)


def derive_cases(cases: list[Any]) -> None:
    """The superior replies."""
    prefetch_related_objects(cases, "org")
    superiors = superiors_of([case.org for case in cases])
    for case in cases:
        case.replier = superiors.get(case.org_id)


def check_case(case: Any) -> None:
    """The kind fits the state of the union."""
    preparing = case.org.state == OrgState.PREPARING
    if case.state == "preparing" and preparing != (case.kind == ElectionKind.FIRST):
        raise DomainError(
            "筹备中的工会只办首届选举。" if preparing else "首届选举只用于筹备中的工会。",
            field="kind",
        )
    if case.kind == ElectionKind.RECALL and case.recalled_id is None:
        raise DomainError("请选择罢免对象。", field="recalled")


def check_may_go(case: Any) -> None:
    """An election that was confirmed, or reported with a founding, has brought others about."""
    if case.state == "confirmed":
        raise DomainError("选举结果已批复，不能作废；需要调整的，请办理补选或罢免。")
    formation = UnionFormation.objects.filter(
        election=case.pk, state__in=("result_review", "result_reported"), voided_at=None
    ).first()
    if formation is not None:
        raise DomainError(
            f"选举结果已随“{formation}”上报，不能作废；有误的，请由批准工会“退回重选”。"
        )


def bring_candidates(candidates: list[Any]) -> None:
    """Read what the check looks at once for all."""
    prefetch_related_objects(candidates, "case", "person")


def check_candidate(candidate: Any) -> None:
    """Declared relations bar from standing, and candidates are named before the meeting."""
    name = candidate.person.name
    if candidate.case.state not in ("preparing", "requested", "agreed") and not is_by_rule():
        raise Conflict("大会已举行，候选人和得票不能再改；确有差错请退回重新选举。")
    if candidate.is_relative and candidate.post in COMMITTEE:
        raise DomainError(
            f"{name}为本单位主要负责人的近亲属，依规定不得作为工会委员会成员候选人。",
            field="is_relative",
        )
    if candidate.post != Post.CHAIR:
        return
    barred = (
        ("is_admin_head", "本单位行政负责人（含行政副职）或合伙人"),
        ("is_hr_or_labour_head", "本单位人力资源部门负责人"),
        ("is_foreign", "外国籍职工"),
    )
    for field, what in barred:
        if getattr(candidate, field):
            raise DomainError(f"{name}为{what}，依规定不得作为工会主席候选人。", field=field)


def candidates_of(cases: list[Any]) -> dict[int, list[Any]]:
    """Who stands in each case, in the order of entry."""
    found: dict[int, list[Any]] = {case.pk: [] for case in cases}
    rows = Candidate.objects.filter(case_id__in=found, voided_at=None).select_related("person")
    for row in rows.order_by("pk"):
        found[row.case_id].append(row)
    return found


def check_may_request(case: Any) -> None:
    """The founding election is held under the approval of the preparation."""
    if case.kind == ElectionKind.FIRST:
        raise DomainError("首届选举已随筹备批复同意，直接登记大会结果即可。")


def quorum_of(due: int, on: date) -> int:
    """How many must be present."""
    top = number_of("orgs.quorum_numerator", on=on)
    bottom = number_of("orgs.quorum_denominator", on=on)
    return math.ceil(due * top / bottom)


def wrong_meetings(cases: list[Any]) -> dict[int, DomainError]:
    """Meetings that were not called properly, not quorate, or whose ballots do not add up."""
    candidates = candidates_of(cases)
    return refused(cases, lambda case: _check_meeting(case, candidates[case.pk]))


def _check_meeting(case: Any, candidates: list[Any]) -> None:
    if case.state == "preparing" and case.kind != ElectionKind.FIRST:
        raise DomainError("请先请示并经上级工会批复同意召开大会。")
    _check_numbers(case)
    _check_form(case)
    if case.kind != ElectionKind.RECALL:
        _check_publicity(case)
        _check_slate(case, candidates)


def _check_numbers(case: Any) -> None:
    needed = (
        "meeting_on",
        "due_attend",
        "attended",
        "ballots_out",
        "ballots_back",
        "ballots_valid",
    )
    for field in needed:
        if getattr(case, field) is None:
            label = case._meta.get_field(field).verbose_name
            raise DomainError(f"请填写{label}。", field=field)
    if case.meeting_on > clock.today():
        raise DomainError("大会日期不能晚于今天。", field="meeting_on")
    quorum = quorum_of(case.due_attend, case.meeting_on)
    if case.attended < quorum:
        raise DomainError(
            f"实到{case.attended}人，不足应到{case.due_attend}人的三分之二（{quorum}人），选举无效。",
            field="attended",
        )
    if case.ballots_out > case.attended:
        raise DomainError(
            f"发出选票{case.ballots_out}张，多于实到{case.attended}人，请核对。",
            field="ballots_out",
        )
    if case.ballots_back > case.ballots_out:
        raise DomainError(
            f"收回选票{case.ballots_back}张，多于发出的{case.ballots_out}张，选举无效。",
            field="ballots_back",
        )
    if case.ballots_valid > case.ballots_back:
        raise DomainError("有效选票不能多于收回选票。", field="ballots_valid")


def _check_form(case: Any) -> None:
    least = number_of("orgs.delegate_min", on=case.meeting_on)
    if case.members is None:
        raise DomainError("请填写会员人数。", field="members")
    if case.form == MeetingForm.DELEGATES and case.members < least:
        raise DomainError(f"会员{case.members}人，不足{least}人的应召开会员大会。", field="form")
    if case.form == MeetingForm.MEMBERS and case.due_attend != case.members:
        raise DomainError(
            f"会员大会的应到人数应等于会员人数{case.members}人，所填为{case.due_attend}人。",
            field="due_attend",
        )


def _check_publicity(case: Any) -> None:
    if case.publicity_from is None or case.publicity_to is None:
        raise DomainError("请填写候选人公示起止日期。", field="publicity_from")
    days = (case.publicity_to - case.publicity_from).days + 1
    needed = number_of("orgs.publicity_days", on=case.meeting_on)
    if days < needed:
        raise DomainError(f"候选人公示{days}天，不足{needed}天。", field="publicity_to")
    if case.publicity_to >= case.meeting_on:
        raise DomainError(
            f"候选人公示应在大会（{case.meeting_on.isoformat()}）之前结束。", field="publicity_to"
        )


def _check_slate(case: Any, candidates: list[Any]) -> None:
    if not candidates:
        raise DomainError("请先登记候选人及得票。", field="candidates")
    for candidate in candidates:
        if candidate.votes is None:
            raise DomainError(f"请填写候选人{candidate.person.name}的得票。", field="candidates")
        if candidate.votes > case.ballots_valid:
            raise DomainError(
                f"{candidate.person.name}得票{candidate.votes}，多于有效选票{case.ballots_valid}张。",
                field="candidates",
            )
    if case.kind == ElectionKind.BY:
        return
    _check_size(case)
    _check_surplus(
        case, candidates, Post.MEMBER, case.committee_seats, "orgs.committee_surplus_rate"
    )


def _check_size(case: Any) -> None:
    if case.committee_seats is None:
        raise DomainError("请填写应选委员数。", field="committee_seats")
    low, high = officers.seats_allowed(case.members, case.meeting_on)
    if not low <= case.committee_seats <= high:
        raise DomainError(
            f"会员{case.members}人，委员会应设委员{low}至{high}人，所填为{case.committee_seats}人。",
            field="committee_seats",
        )


def _check_surplus(case: Any, candidates: list[Any], post: Post, seats: int, rate: str) -> None:
    standing = sum(candidate.post == post for candidate in candidates)
    share: Decimal = decimal_of(rate, on=case.meeting_on)
    needed = math.ceil(seats * (1 + share))
    if standing < needed:
        raise DomainError(
            f"应选{post.label}{seats}人，候选人{standing}人，差额率不低于{share:.0%}，至少需{needed}人。",
            field="candidates",
        )


def has_majority(votes: int, due: int) -> bool:
    """Elected are those with more than half of all who should attend."""
    return 2 * votes > due


def declare_elected(cases: list[Any], by: Actor) -> None:
    """Mark who is elected: a majority of those due, and no more than there are seats."""
    by_case: dict[int, list[Any]] = defaultdict(list)
    for row in Candidate.objects.filter(case_id__in=[c.pk for c in cases], voided_at=None):
        by_case[row.case_id].append(row)
    pairs = []
    for case in cases:
        winners = _winners(case, by_case[case.pk])
        pairs += [(row, {"elected": row.pk in winners}) for row in by_case[case.pk]]
    must(write.change_many(pairs, by=by, reason="按得票确定当选"))


def _winners(case: Any, candidates: list[Any]) -> set[int]:
    seats = {Post.CHAIR: 1, Post.AUDIT_CHAIR: 1, Post.WOMEN_CHAIR: 1}
    if case.kind != ElectionKind.BY and case.committee_seats:
        seats[Post.MEMBER] = case.committee_seats
    winners: set[int] = set()
    for post in {row.post for row in candidates}:
        passed = [
            row
            for row in candidates
            if row.post == post and has_majority(row.votes or 0, case.due_attend)
        ]
        passed.sort(key=lambda row: -row.votes)
        room = seats.get(post, len(passed))
        winners |= {row.pk for row in _without_ties(passed, room)}
    return winners


def _without_ties(passed: list[Any], room: int) -> list[Any]:
    """The first ones by votes; a tie for the last seat elects none of the tied."""
    if len(passed) <= room:
        return passed
    last = passed[room].votes
    return [row for row in passed[:room] if row.votes > last]


def wrong_results(cases: list[Any]) -> dict[int, DomainError]:
    """A result can be reported when every post that the law asks for is filled."""
    candidates = candidates_of(cases)
    return refused(cases, lambda case: _check_result(case, candidates[case.pk]))


def _check_result(case: Any, candidates: list[Any]) -> None:
    if case.kind == ElectionKind.RECALL:
        return
    elected = [row for row in candidates if row.elected]
    posts = {row.post for row in elected}
    if case.kind == ElectionKind.BY:
        if not elected:
            raise DomainError("没有候选人得票超过应到人数的半数，补选未成，请重新选举。")
        return
    missing = []
    if Post.CHAIR not in posts:
        missing.append("主席")
    chosen = sum(row.post == Post.MEMBER for row in elected)
    if chosen < (case.committee_seats or 0):
        missing.append(f"委员（应选{case.committee_seats}人，当选{chosen}人）")
    if not posts.intersection(_AUDIT):
        missing.append("经费审查委员")
    missing += _missing_women(case, posts)
    if missing:
        raise DomainError(
            f"尚缺：{'、'.join(missing)}。请补齐或重新选举后再报告。", field="candidates"
        )


def _missing_women(case: Any, posts: set[str]) -> list[str]:
    if case.female_members is None:
        raise DomainError("请填写女会员人数。", field="female_members")
    least = number_of("orgs.women_committee_min", on=case.meeting_on)
    if case.female_members >= least and Post.WOMEN_CHAIR not in posts:
        return [f"女职工委员会主任（女会员{case.female_members}人，{least}人以上应建委员会）"]
    if case.female_members and not posts.intersection(_WOMEN):
        return ["女职工委员"]
    return []


def check_reply(case: Any) -> None:
    """A founding election is answered with the approval of the union itself."""
    if case.kind == ElectionKind.FIRST and not is_by_rule():
        raise DomainError("首届选举随“建会事项”的成立批复一并批复，请在建会事项中办理。")
    if case.kind != ElectionKind.FIRST and not case.reply_doc_no:
        raise DomainError("请填写批复文号。", field="reply_doc_no")


def require_replier(case: Any, by: Actor) -> None:
    """Only the superior agrees to a meeting and answers its result."""
    require_superior(by, case.replier_id, case.org_id, f"“{case}”")


def confirm(cases: list[Any], by: Actor) -> None:
    """The superior's reply: a new term, a filled vacancy or a recall takes effect."""
    _renew([case for case in cases if case.kind == ElectionKind.RENEWAL], by)
    _fill([case for case in cases if case.kind == ElectionKind.BY], by)
    _recall([case for case in cases if case.kind == ElectionKind.RECALL], by)


def _running_terms(cases: list[Any]) -> dict[int, Any]:
    rows = UnionTerm.objects.filter(
        org_id__in={case.org_id for case in cases}, ended_on=None, voided_at=None
    )
    return {row.org_id: row for row in rows}


def _renew(cases: list[Any], by: Actor) -> None:
    """The new term begins on the day of the meeting and ends the old one."""
    if not cases:
        return
    running = _running_terms(cases)
    women = number_of("orgs.women_committee_min")
    made = must(
        write.create_many(
            UnionTerm,
            [
                {
                    "org": case.org,
                    "term_no": running[case.org_id].term_no + 1 if case.org_id in running else 1,
                    "years": case.term_years,
                    "started_on": case.meeting_on,
                    "committee_seats": case.committee_seats,
                    "audit_seats": case.audit_seats,
                    "women_committee": (case.female_members or 0) >= women,
                    "election": case,
                }
                for case in cases
            ],
            by=by,
        )
    )
    officers.install({term.election_id: term for term in made}, by)
    _open_certificate_changes(cases, by)


def _open_certificate_changes(cases: list[Any], by: Actor) -> None:
    """Unions with a live certificate apply for its change; one is open at a time."""
    ids = {case.org_id for case in cases}
    certs = LegalPersonCert.objects.filter(org_id__in=ids, voided_at=None)
    states = defaultdict(set)
    for org_id, state in certs.values_list("org_id", "state"):
        states[org_id].add(state)
    values = [
        {"org": case.org, "case": CertCase.CHANGE}
        for case in cases
        if "valid" in states[case.org_id] and not states[case.org_id] & {"pending", "applied"}
    ]
    must(write.create_many(LegalPersonCert, values, by=by))


def _fill(cases: list[Any], by: Actor) -> None:
    running = _running_terms(cases)
    candidates = candidates_of(cases)
    for case in cases:
        if case.org_id not in running:
            raise DomainError("该工会没有在任的届次，不能补选，请办理换届。")
        term = running[case.org_id]
        values = [
            {
                "term": term,
                "person": row.person,
                "post": row.post,
                "fulltime": row.fulltime,
                "started_on": max(case.meeting_on, term.started_on),
            }
            for row in candidates[case.pk]
            if row.elected
        ]
        must(write.create_many(OfficeHolder, values, by=by))
    _open_certificate_changes(
        [c for c in cases if any(r.elected and r.post == Post.CHAIR for r in candidates[c.pk])], by
    )


def _recall(cases: list[Any], by: Actor) -> None:
    """Recall needs more than half of all members or delegates (Law art. 18)."""
    for case in cases:
        if not has_majority(case.recall_votes or 0, case.due_attend):
            raise DomainError(
                f"同意罢免{case.recall_votes or 0}票，未超过应到{case.due_attend}人的半数，罢免不成立。",
                field="recall_votes",
            )
        officers.end_holders([case.recalled], case.meeting_on, EndReason.RECALLED, by)
