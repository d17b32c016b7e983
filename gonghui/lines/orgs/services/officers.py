"""Terms of office and the holders of posts: derived days, rules, and what follows from endings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import prefetch_related_objects

from gonghui.base import clock
from gonghui.base.errors import DomainError, Invalid
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.parameters.values import number_of, value_of
from gonghui.kernel.registers import validate, write
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.lines.orgs.models import Candidate, OfficeHolder, UnionTerm
from gonghui.lines.orgs.models.term import CHAIRS, EndReason, Fulltime, Post
from gonghui.lines.orgs.services.trees import require_superior

_DAY = timedelta(days=1)
DUE_SOON_DAYS = 90  # the indicator 90天内届满 is defined by this number


def derive_term(term: Any) -> None:
    """The last day by law and the half-open days that the figures read."""
    if not term.started_on or term.years not in (3, 5):
        return
    term.due_on = add_months(term.started_on, 12 * term.years) - _DAY
    last = term.extended_to or term.due_on
    term.valid_to = term.ended_on + _DAY if term.ended_on else None
    term.overdue_from = last + _DAY
    term.due_soon_from = last - timedelta(days=DUE_SOON_DAYS - 1)
    term.due_soon_to = min(term.overdue_from, term.valid_to or term.overdue_from)


def check_term(term: Any) -> None:
    """The extension is within the law, was approved in time, and the seats follow the size table."""
    if term.ended_on is not None and term.ended_on < term.started_on - _DAY:
        raise DomainError("结束日期不能早于起始日期。", field="ended_on")
    if term.extended_to is None:
        return
    months = number_of("orgs.term_extension_max_months", on=term.due_on)
    latest = add_months(term.due_on, months)
    if term.extended_to > latest:
        raise DomainError(
            f"本届{term.due_on.isoformat()}届满，延期最长{months}个月，"
            f"最晚至{latest.isoformat()}，所填{term.extended_to.isoformat()}超过期限。",
            field="extended_to",
        )
    if term.extension_approved_on is None or not term.extension_doc_no:
        raise DomainError("延期须填写批复日期和文号。", field="extension_doc_no")
    if term.extension_approved_on > term.due_on:
        raise DomainError(
            f"延期须在届满日期{term.due_on.isoformat()}前批复，"
            f"所填批复日期为{term.extension_approved_on.isoformat()}。",
            field="extension_approved_on",
        )


def check_term_may_go(term: Any) -> None:
    """A term that an election brought about, or in which somebody holds a post, stays."""
    if term.election_id is not None:
        raise DomainError("本届由已批复的选举产生，不能作废。")
    holders = OfficeHolder.objects.filter(term=term.pk, voided_at=None).count()
    if holders:
        raise DomainError(f"本届还有{holders}条任职记录，请先作废任职再作废届次。")


_EXTENSION = ("extended_to", "extension_doc_no", "extension_approved_on")


def check_terms(rows: list[Any]) -> dict[int, DomainError]:
    """Terms of a union are consecutive: the next one follows the last one's number and end.

    What an extension says is written by that action (or a rule) alone.
    """
    by_org: dict[int, list[Any]] = {}
    for other in UnionTerm.objects.filter(org_id__in={r.org_id for r in rows}, voided_at=None):
        by_org.setdefault(other.org_id, []).append(other)
    errors: dict[int, DomainError] = {}
    for index, row in enumerate(rows):
        known = by_org.get(row.org_id, [])
        others = [other for other in known if other.pk != row.pk]
        stored = next((other for other in known if other.pk == row.pk), None)
        problem = _silent_extension(row, stored) or _gap(row, others)
        if problem is not None:
            errors[index] = problem
    return errors


def _silent_extension(row: Any, stored: Any) -> DomainError | None:
    """An extension that no superior approves here: the guard of the action has not seen this row."""
    if is_by_rule() or getattr(row, "is_being_extended", False):
        return None
    before = stored if stored is not None else UnionTerm()
    changed = [name for name in _EXTENSION if getattr(row, name) != getattr(before, name)]
    if not changed:
        return None
    return DomainError("延期须由上级工会用“批复延期”办理，不能直接填写。", field=changed[0])


def _gap(row: Any, others: list[Any]) -> DomainError | None:
    earlier = [other for other in others if other.term_no < row.term_no]
    if not earlier:
        return None  # lists of existing unions begin with the present term
    last = max(earlier, key=lambda other: other.term_no)
    if last.term_no != row.term_no - 1:
        return DomainError(
            f"届次应连续：上一届是第{last.term_no}届，本届应为第{last.term_no + 1}届。",
            field="term_no",
        )
    if row.started_on <= last.started_on:
        return DomainError(
            f"本届起始日期应晚于第{last.term_no}届的{last.started_on.isoformat()}。",
            field="started_on",
        )
    if last.ended_on is not None and row.started_on != last.ended_on + _DAY:
        return DomainError(
            f"第{last.term_no}届结束于{last.ended_on.isoformat()}，"
            f"本届应自{(last.ended_on + _DAY).isoformat()}起。",
            field="started_on",
        )
    return None


def end_previous_terms(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """A new term ends the union's term in force on the day before it begins."""
    running = {
        term.org_id: term
        for term in UnionTerm.objects.filter(
            org_id__in={row.org_id for row in rows.values()}, ended_on=None, voided_at=None
        )
    }
    errors: dict[int, DomainError] = {}
    ending = []
    for index, row in rows.items():
        broken = validate.field_errors(row)
        if broken:
            errors[index] = Invalid(broken)
            continue
        old = running.get(row.org_id)
        if old is None or row.started_on is None:
            continue
        problem = _gap(row, [old])
        if problem is not None or row.term_no <= old.term_no:
            errors[index] = problem or DomainError(
                f"该工会现为第{old.term_no}届，新一届应为第{old.term_no + 1}届。", field="term_no"
            )
            continue
        ending.append((old, row.started_on))
    for old, day in ending:
        end_terms([old.org_id], day, by, reason=EndReason.RENEWAL)
    return errors


def end_terms(
    org_ids: Iterable[int], day: date, by: Actor, reason: EndReason = EndReason.ORG_ENDED
) -> None:
    """The terms in force end; `day` is the first day after them. Their officers leave with them."""
    terms = list(UnionTerm.objects.filter(org_id__in=set(org_ids), ended_on=None, voided_at=None))
    pairs = [(term, {"ended_on": max(day, term.started_on) - _DAY}) for term in terms]
    changed = must(write.change_many(pairs, by=by))
    must(write.perform_many(changed, "close", by=by))
    holders = OfficeHolder.objects.filter(term__in=terms, ended_on=None, voided_at=None)
    end_holders(list(holders), day, reason, by)


def end_holders(holders: list[Any], day: date, reason: EndReason, by: Actor) -> None:
    """Holders leave their posts by rule, on a day and for a reason."""
    pairs = [
        (holder, {"ended_on": max(day, holder.started_on), "end_reason": reason})
        for holder in holders
    ]
    changed = must(write.change_many(pairs, by=by))
    must(write.perform_many(changed, "end", by=by, reason=reason.label))


def install(terms_by_case: Mapping[int, Any], by: Actor) -> None:
    """Those elected hold their posts from the first day of the term."""
    rows = Candidate.objects.filter(
        case_id__in=terms_by_case, elected=True, voided_at=None
    ).select_related("person")
    values = [
        {
            "term": terms_by_case[row.case_id],
            "person": row.person,
            "post": row.post,
            "fulltime": row.fulltime,
            "started_on": terms_by_case[row.case_id].started_on,
        }
        for row in rows
    ]
    must(write.create_many(OfficeHolder, values, by=by))


def derive_holders(holders: list[Any]) -> None:
    """How far the labour contract is protected, and by when a vacant chair must be filled."""
    prefetch_related_objects(holders, "term")
    months = number_of("orgs.chair_vacancy_months")
    for holder in holders:
        holder.hire_protect_to = _protected_to(holder)
        holder.vacancy_due_on = (
            add_months(holder.ended_on, months)
            if holder.post == Post.CHAIR
            and holder.ended_on is not None
            and holder.end_reason not in (EndReason.RENEWAL, EndReason.ORG_ENDED)
            else None
        )


def _protected_to(holder: Any) -> date | None:
    """Trade Union Law art. 19: a full-timer's contract is longer by the time in post; that of the
    others lasts at least until the term ends.
    """
    if holder.contract_to is None or not holder.started_on:
        return None
    term_end: date = holder.term.extended_to or holder.term.due_on
    end: date = holder.ended_on or term_end
    contract_to: date = holder.contract_to
    if holder.fulltime == Fulltime.FULL:
        started_on: date = holder.started_on
        return contract_to + (end - started_on)
    return max(contract_to, term_end)


def check_holder(holder: Any) -> None:
    """Days lie in the term, and the person belongs to the union or is seconded by the superior."""
    if holder.started_on < holder.term.started_on:
        raise DomainError("任职日期不能早于本届起始日期。", field="started_on")
    if holder.ended_on is not None and holder.ended_on < holder.started_on:
        raise DomainError("离任日期不能早于任职日期。", field="ended_on")
    if is_by_rule():
        return
    if holder.ended_on is not None and holder.state == "serving":
        raise DomainError("离任请用“登记离任”办理。", field="ended_on")
    if holder.seconded:
        return
    if holder.person.org_id != holder.org_id:
        raise DomainError(
            f"{holder.person.name}的会籍不在本工会；如系上级选派，请勾选“上级选派”。",
            field="person",
        )


def check_may_leave(holder: Any) -> None:
    """A chair or vice-chair is moved within the term only with consent (Law art. 18)."""
    if holder.ended_on is None or not holder.end_reason:
        raise DomainError("请填写离任日期和离任原因。", field="ended_on")
    if holder.ended_on > clock.today() and not is_by_rule():
        raise DomainError("离任日期不能晚于今天。", field="ended_on")
    if holder.end_reason == EndReason.RECALLED and not is_by_rule():
        raise DomainError(
            "罢免须经会员大会（代表大会）表决，请在“选举事项”中办理。", field="end_reason"
        )
    moved = holder.end_reason == EndReason.MOVED
    if moved and holder.post in CHAIRS and not holder.consent_doc_no:
        raise DomainError(
            "任期内调动主席、副主席，须征得本级工会委员会和上一级工会同意，请填写同意文号。",
            field="consent_doc_no",
        )


def check_may_extend(term: Any) -> None:
    """An extension names its day and document; its limits are checked with the term."""
    term.is_being_extended = True
    if term.extended_to is None:
        raise DomainError("请填写延期至的日期。", field="extended_to")


def require_superior_of_term(term: Any, by: Actor) -> None:
    """Only the superior extends a term."""
    require_superior(by, term.org.superior_id, term.org_id, "延期换届")


def seats_allowed(members: int, on: date) -> tuple[int, int]:
    """The smallest and largest committee for a number of members."""
    for low, high, smallest, largest in value_of("orgs.committee_size", on=on):
        if members >= low and (high is None or members <= high):
            return int(smallest), int(largest)
    raise DomainError(f"委员人数表没有覆盖{members}名会员，请核对参数。", code="committee_size")


def chairs_of(org_ids: Iterable[int]) -> dict[int, Any]:
    """The chair of each union that has one now."""
    rows = OfficeHolder.objects.filter(
        org_id__in=set(org_ids), post=Post.CHAIR, ended_on=None, voided_at=None
    )
    return {row.org_id: row for row in rows}
