"""How plan books and revisions move, and the rules that hold a target together."""

from __future__ import annotations

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.write import change
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.goals import planned
from gonghui.lines.goals.decomposition import OPEN_STATES, check_covers
from gonghui.lines.goals.in_force import terms_of
from gonghui.lines.goals.light import Aim, months_of
from gonghui.lines.goals.models import (
    MEASURED,
    Comparator,
    PlanBook,
    Target,
    TargetKind,
    TargetRevision,
)

_ABOVE_TOWNSHIPS = (OrgLevel.CITY, OrgLevel.COUNTY, OrgLevel.INDUSTRY, OrgLevel.DIRECT)
_WITH_BASELINE = (TargetKind.STOCK, TargetKind.RATIO)


# Plan books


def check_sums_reach(book: PlanBook) -> None:
    """The book has targets, and every split it is part of reaches the value that was split."""
    targets = _targets_of(book)
    if not targets:
        raise DomainError("任务书中还没有目标，请先添加目标。")
    families = {target.parent_id or target.pk: target.parent or target for target in targets}
    for target in {**families, **{target.pk: target for target in targets}}.values():
        check_covers(target)


def check_can_be_issued(book: PlanBook) -> None:
    """The sums reach and the document has its number."""
    if not book.doc_no:
        raise DomainError("请填写任务书文号后再下达。", field="doc_no")
    check_sums_reach(book)


def check_is_below_a_county(book: PlanBook) -> None:
    """A county hands down to its own townships; its own book comes from above."""
    if book.org.level in _ABOVE_TOWNSHIPS:
        raise DomainError("该任务书由市总下达，县（市、区）总工会只能向所辖乡镇（街道）下达。")
    check_can_be_issued(book)


def check_is_the_citys(book: PlanBook) -> None:
    """Only the city federation's own book is signed for by its departments."""
    if book.org.level != OrgLevel.CITY:
        raise DomainError("该任务书须由承担组织签收。")


def check_year_is_over(book: PlanBook) -> None:
    """A book is sealed after its year."""
    if clock.today().year <= book.year:
        raise DomainError(f"{book.year}年度尚未结束，年终后才能封存。")


def freeze_baselines(books: list[PlanBook], actor: Actor) -> None:
    """Where a stock or a ratio starts from is read once, when the book is issued."""
    known = {indicator.code for indicator in catalogue.all_indicators()}
    for book in books:
        for target in _targets_of(book):
            wanted = target.kind in _WITH_BASELINE and target.baseline is None
            if not wanted or target.indicator not in known:
                continue
            day = target.window_from
            found = figures([target.indicator], [target.org_id], Period(day, day))
            value = found[target.indicator, target.org_id].value
            if value is not None:
                change(target, by=actor, baseline=round(value, 4), baseline_on=day)


def note_moment_of_issue(book: PlanBook) -> None:
    """The moment from which the book's targets are known to hold."""
    if book.state == "issued" and book.issued_at is None:
        book.issued_at = clock.now()


def _targets_of(book: PlanBook) -> list[Target]:
    return list(Target.objects.filter(plan=book, voided_at=None).select_related("parent", "org"))


PLAN_BOOK = Workflow(
    states=(
        State("draft", "起草"),
        State("consult", "征求意见", due="goals.issue_days"),
        State("issued", "已下达", due="goals.accept_days", is_locked=True),
        State("accepted", "已签收", is_locked=True),
        State("sealed", "已封存", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "consult",
            "征求意见",
            move=("draft", "consult"),
            by=(Role.DEPT,),
            guard=check_sums_reach,
        ),
        Transition(
            "withdraw", "收回修改", move=("consult", "draft"), by=(Role.DEPT,), needs_reason=True
        ),
        Transition(
            "issue",
            "下达",
            move=("consult", "issued"),
            by=(Role.LEADER,),
            asks=("doc_no", "issued_on"),
            guard=check_can_be_issued,
            stamps="issued_on",
            effect_many=freeze_baselines,
        ),
        Transition(
            "issue_below",
            "下达（县内分解）",
            move=(OPEN_STATES, "issued"),
            by=(Role.COUNTY,),
            asks=("doc_no", "issued_on"),
            guard=check_is_below_a_county,
            stamps="issued_on",
            effect_many=freeze_baselines,
        ),
        Transition(
            "accept",
            "签收",
            move=("issued", "accepted"),
            by=(Role.COUNTY, Role.INDUSTRY, Role.STATION, Role.BASIC),
            unlike=("issue_below",),
            stamps="accepted_on",
        ),
        Transition(
            "accept_at_city",
            "签收（市本级）",
            move=("issued", "accepted"),
            by=(Role.DEPT,),
            guard=check_is_the_citys,
            stamps="accepted_on",
        ),
        Transition(
            "seal",
            "封存",
            move=(("issued", "accepted"), "sealed"),
            by=(Role.DEPT,),
            guard=check_year_is_over,
        ),
    ),
)


# Targets


def copy_from_plan(target: Target) -> None:
    """Year, issuer and organisation of a target are those of its book."""
    target.year, target.issuer = target.plan.year, target.plan.issuer
    target.org_id = target.plan.org_id
    if target.indicator:
        target.indicator = planned.code_of(target.indicator)


def check_book_is_open(target: Target) -> None:
    """Targets of an issued book change by revision only."""
    if is_by_rule():
        return
    plans = {target.plan_id}
    if target.pk:
        plans |= set(Target.objects.filter(pk=target.pk).values_list("plan_id", flat=True))
    # Locked, so that nobody issues the book while a target is being written.
    states = PlanBook.objects.select_for_update().filter(pk__in=plans).order_by("pk")
    if set(states.values_list("state", flat=True)) - set(OPEN_STATES):
        raise Conflict("任务书已下达，目标不能再增改；确需改变的，请由下达单位办理目标调整。")


def check_is_measured_as_its_kind(target: Target) -> None:
    """A measured target has an indicator and a value of its kind."""
    if target.kind not in MEASURED:
        return
    if not target.indicator:
        raise DomainError("请选择指标；节点和定性目标才可以没有指标。", field="indicator")
    if target.value is None:
        raise DomainError("请填写目标值。", field="value")
    if target.value <= 0:
        raise DomainError("目标值须大于零。", field="value")
    if target.kind == TargetKind.RATIO and max(target.value, target.value_max or 0) > 1:
        raise DomainError("比率目标请填写0至1之间的小数，例如95%填0.95。", field="value")


def check_range_is_ordered(target: Target) -> None:
    """A range has an upper end above its lower one; other comparators have none."""
    if target.comparator != Comparator.RANGE:
        if target.value_max is not None:
            raise DomainError("只有“区间”目标填写上限。", field="value_max")
        return
    if target.value is None or target.value_max is None or target.value_max < target.value:
        raise DomainError("区间目标须填写上限，且不小于下限。", field="value_max")


def check_window_is_in_order(target: Target) -> None:
    """The due day is not before the first day, and the window begins in or before its year."""
    if target.window_from and target.due_on and target.due_on < target.window_from:
        raise DomainError("完成期限不能早于起始日期。", field="due_on")


def check_schedule_fits(target: Target) -> None:
    """A schedule by months has a cumulative share for each month of the one year that the target lies in."""
    if not target.schedule:
        return
    if target.kind not in MEASURED:
        raise DomainError("节点和定性目标不按月填写序时进度。", field="schedule")
    try:
        Aim(
            window_from=target.window_from,
            due_on=target.due_on,
            value=target.value,
            monthly=months_of(target.schedule),
        )
    except DomainError as wrong:
        raise DomainError(wrong.message, field="schedule") from None


# Revisions


def fill_old_terms(revision: TargetRevision) -> None:
    """What is revised is copied as it stands; approval notes its moment."""
    if revision.state == "approved":
        if revision.approved_at is None:
            revision.approved_at = clock.now()
        return
    if not revision.target_id or not revision.effective_from:
        return
    terms = terms_of([revision.target], revision.effective_from)[revision.target_id]
    revision.old_value, revision.old_due = terms.value, terms.due_on


def check_revises_an_issued_target(revision: TargetRevision) -> None:
    """Only what has been issued is revised, within its year, and something does change."""
    target = revision.target
    plan = PlanBook.objects.get(pk=target.plan_id)
    if target.voided_at is not None or plan.issued_at is None:
        raise DomainError("任务书尚未下达，请直接修改目标。", field="target")
    if plan.state == "sealed":
        raise Conflict("任务书已封存，不能再调整目标。")
    if revision.effective_from.year != target.year:
        raise DomainError(f"起用日期须在{target.year}年内。", field="effective_from")
    if revision.new_value is None and revision.new_due is None:
        raise DomainError("请填写新目标值或新完成期限。", field="new_value")
    if revision.new_value is not None and revision.new_value <= 0:
        raise DomainError("新目标值须大于零。", field="new_value")
    if revision.new_due is not None and revision.new_due < target.window_from:
        raise DomainError("新完成期限不能早于起始日期。", field="new_due")


TARGET_REVISION = Workflow(
    states=(
        State("proposed", "待批准"),
        State("approved", "已批准", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "approve",
            "批准调整",
            move=("proposed", "approved"),
            by=(Role.LEADER,),
            unlike=("create",),
            stamps="approved_on",
        ),
    ),
)
