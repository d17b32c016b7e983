"""States and actions of the line's registers.

A membership itself is moved only by rules: an application, an event, a transfer or the approval of
its union; that is why its own actions are nobody's.
"""

from __future__ import annotations

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.orgs.models import OrgState
from gonghui.kernel.registers.merging import decision
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.members.models import (
    MembershipApplication,
    MembershipEvent,
    MembershipTransfer,
)
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.models.membership import OPEN
from gonghui.lines.members.services import applying, events, merging, reconciling, transfers
from gonghui.lines.members.services import declarations as declaring

TAKES_MEMBERS = (OrgState.LIVE, OrgState.RECTIFYING, OrgState.PREPARING)
KEEPERS = (Role.BASIC, Role.STATION, Role.COUNTY)

MEMBERSHIP = Workflow(
    states=(
        State("active", "在册"),
        State("founding", "随建会生效"),
        State("moving", "转出中"),
        State("retained", "保留会籍"),
        State("ended", "已结束", is_final=True, is_locked=True),
    ),
    begins=("founding", "retained"),
    transitions=(
        Transition(
            "activate",
            "随建会生效",
            move=("founding", "active"),
            by=(),
            asks=("joined_on", "origin", "founding_until"),
        ),
        Transition(
            "drop",
            "未随建会生效",
            move=("founding", "ended"),
            by=(),
            asks=("founding_until", "leave_kind"),
        ),
        Transition(
            "start_moving",
            "转出中",
            move=(("active", "retained"), "moving"),
            by=(),
            asks=("moving_to",),
        ),
        Transition(
            "stop_moving", "停止转出", move=("moving", "active"), by=(), asks=("moving_to",)
        ),
        Transition(
            "keep_retained", "继续保留", move=("moving", "retained"), by=(), asks=("moving_to",)
        ),
        Transition("end", "结束", move=(OPEN, "ended"), by=(), asks=("left_on", "leave_kind")),
    ),
)


def check_union_takes_members(application: MembershipApplication) -> None:
    """A union that does not exist or is dissolved takes nobody; the worker has declared himself."""
    target = application.target_org
    if target is None:
        raise DomainError("该申请尚未分配到工会，请先转分配。", field="target_org")
    if target.state not in TAKES_MEMBERS:
        raise DomainError(
            f"“{target}”已撤销，不能接收会员，请转分配到其他工会。", field="target_org"
        )
    if not application.declared:
        raise DomainError("申请人尚未作入会声明，请先补签。", field="declared")


def check_has_target(application: MembershipApplication) -> None:
    """Whoever assigns an application names a union."""
    if application.target_org is None:
        raise DomainError("请选择分配到哪个工会。", field="target_org")


def check_has_reason(application: MembershipApplication) -> None:
    """The worker is told what to correct."""
    if not application.return_reason:
        raise DomainError("请选择退回原因，以便申请人更正。", field="return_reason")


APPLICATION = Workflow(
    states=(
        State("applied", "待审核", due="members.approve_days"),
        State("pooled", "待分配", due="members.pool_days"),
        State("approved", "已通过", is_final=True, is_locked=True),
        State("returned", "已退回", is_final=True),
    ),
    begins=("pooled",),
    transitions=(
        Transition(
            "approve",
            "审核通过",
            move=("applied", "approved"),
            by=KEEPERS,
            asks=("decided_on",),
            guard=check_union_takes_members,
            stamps="decided_on",
            effect_many=applying.admit_applicants,
        ),
        Transition(
            "assign",
            "转分配",
            move=(("applied", "pooled"), "applied"),
            by=(Role.STATION, Role.COUNTY, Role.DEPT),
            asks=("target_org",),
            guard=check_has_target,
        ),
        Transition(
            "return",
            "退回",
            move=(("applied", "pooled"), "returned"),
            by=KEEPERS,
            asks=("return_reason",),
            guard=check_has_reason,
            stamps="decided_on",
        ),
    ),
)


def check_is_outside(transfer: MembershipTransfer) -> None:
    """Only a move out of the city ends without a receiving union."""
    if transfer.to_org is not None:
        raise DomainError("该接转在市内，请办理转出确认，由转入工会接收。")


def check_is_inside(transfer: MembershipTransfer) -> None:
    """A move inside the city has a receiving union that takes members."""
    if transfer.to_org is None:
        raise DomainError("该接转转往市外，请直接办理“转往市外”。")
    if transfer.to_org.state not in TAKES_MEMBERS:
        raise DomainError(f"“{transfer.to_org}”已撤销，不能接收会员。", field="to_org")


TRANSFER = Workflow(
    states=(
        State("out_pending", "待转出确认", due="members.out_confirm_days", is_locked=True),
        State("in_pending", "待转入接收", due="members.accept_days", is_locked=True),
        State("county_pending", "待县级指定", is_locked=True),
        State("completed", "已完成", is_final=True, is_locked=True),
        State("returned", "已退回", is_final=True, is_locked=True),
    ),
    begins=("in_pending",),
    transitions=(
        Transition(
            "confirm_out",
            "转出确认",
            move=("out_pending", "in_pending"),
            by=KEEPERS,
            guard=check_is_inside,
            stamps="out_confirmed_on",
            effect_many=transfers.go_on,
        ),
        Transition(
            "confirm_silently",
            "超时自动确认",
            move=("out_pending", "in_pending"),
            by=(),
            guard=check_is_inside,
            stamps="out_confirmed_on",
            effect_many=transfers.go_on_silently,
            confirms_after="members.out_confirm_days",
        ),
        Transition(
            "send_outside",
            "转往市外",
            move=("out_pending", "completed"),
            by=KEEPERS,
            guard=check_is_outside,
            stamps="out_confirmed_on",
            effect_many=transfers.complete,
        ),
        Transition(
            "accept",
            "接收",
            move=(("in_pending", "county_pending"), "completed"),
            by=KEEPERS,
            guard=check_is_inside,
            stamps="in_accepted_on",
            effect_many=transfers.complete,
        ),
        Transition(
            "escalate",
            "逾期报县级",
            move=("in_pending", "county_pending"),
            by=(),
            confirms_after="members.accept_days",
        ),
        Transition(
            "assign",
            "指定接收工会",
            move=("county_pending", "in_pending"),
            by=(Role.COUNTY, Role.DEPT),
            asks=("to_org",),
            guard=check_is_inside,
            effect_many=transfers.point_to_target,
        ),
        Transition(
            "return",
            "退回",
            move=(("out_pending", "in_pending", "county_pending"), "returned"),
            by=KEEPERS,
            needs_reason=True,
            effect_many=transfers.stop,
        ),
    ),
)


def check_papers_are_there(event: MembershipEvent) -> None:
    """Expulsion needs the decision and the filing, lapsing a persuasion, a correction its content.

    The membership may have changed since the draft.
    """
    events.check_fits(event)
    if event.kind == EventKind.EXPEL and (
        not event.decision_doc or event.filed_with_superior_on is None
    ):
        raise DomainError(
            "除名须填写工会委员会决定文号和报上级备案日期。", field="filed_with_superior_on"
        )
    if event.kind == EventKind.LAPSE and event.persuaded_on is None:
        raise DomainError("视为退会须先劝导，请填写劝导日期。", field="persuaded_on")
    if event.kind == EventKind.CORRECT and not event.new_name:
        raise DomainError("请填写更正后的姓名。", field="new_name")


EVENT = Workflow(
    states=(
        State("draft", "草稿"),
        State("confirmed", "已确认", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "confirm",
            "确认",
            move=("draft", "confirmed"),
            by=KEEPERS,
            guard=check_papers_are_there,
            stamps="confirmed_on",
            effect_many=events.take_effect,
        ),
    ),
)

DECLARATION = Workflow(
    states=(
        State("draft", "填报"),
        State("county_review", "县审", due="members.declaration_days", is_locked=True),
        State("city_review", "市审", due="members.declaration_days", is_locked=True),
        State("locked", "锁定", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "submit",
            "上报",
            move=("draft", "county_review"),
            by=(Role.BASIC, Role.STATION, Role.COUNTY),
            stamps="signed_on",
        ),
        Transition(
            "return",
            "退回",
            move=(("county_review", "city_review"), "draft"),
            by=(Role.COUNTY, Role.DEPT),
            needs_reason=True,
        ),
        Transition(
            "pass",
            "县审通过",
            move=("county_review", "city_review"),
            by=(Role.COUNTY, Role.INDUSTRY),
            unlike=("submit",),
        ),
        Transition(
            "lock",
            "市审锁定",
            move=("city_review", "locked"),
            by=(Role.DEPT,),
            unlike=("submit",),
            effect_many=declaring.chain,
        ),
        Transition(
            "reopen",
            "解锁更正",
            move=("locked", "draft"),
            by=(Role.DEPT,),
            needs_reason=True,
            effect_many=declaring.chain,
        ),
    ),
)

DUPLICATE = decision(
    "人",
    due="members.duplicate_days",
    undo_days="members.undo_days",
    can_merge=merging.check_can_merge,
    merge=merging.merge,
)

ROSTER_CHECK = Workflow(
    states=(
        State("open", "待对账", due="members.reconcile_days"),
        State("compared", "核定差异", due="members.reconcile_days"),
        State("settled", "已对清", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "confirm_unchanged",
            "确认无变化",
            move=("open", "settled"),
            by=KEEPERS,
            guard=reconciling.check_is_not_compared,
            stamps="settled_on",
        ),
        Transition("compare", "比对", move=(("open", "compared"), "compared"), by=()),
        Transition(
            "settle",
            "对账完毕",
            move=("compared", "settled"),
            by=KEEPERS,
            guard=reconciling.check_all_decided,
            stamps="settled_on",
        ),
    ),
)

ROSTER_DIFFERENCE = Workflow(
    # The check itself waits until everybody is decided on.
    makes_tasks=False,
    states=(
        State("open", "待核定"),
        State("retired", "已退休", is_final=True, is_locked=True),
        State("left", "已离职", is_final=True, is_locked=True),
        State("stays", "仍在本单位", is_final=True, is_locked=True),
        State("admitted", "已办新进", is_final=True, is_locked=True),
        State("declined", "不入会", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "retire",
            "退休",
            move=("open", "retired"),
            by=KEEPERS,
            only=reconciling.require_gone,
            asks=("happened_on",),
            stamps="happened_on",
            effect_many=reconciling.retire,
        ),
        Transition(
            "let_go",
            "离职",
            move=("open", "left"),
            by=KEEPERS,
            only=reconciling.require_gone,
            asks=("happened_on",),
            stamps="happened_on",
            effect_many=reconciling.let_go,
        ),
        Transition(
            "keep",
            "仍在本单位",
            move=("open", "stays"),
            by=KEEPERS,
            only=reconciling.require_gone,
        ),
        Transition(
            "admit",
            "新进",
            move=("open", "admitted"),
            by=KEEPERS,
            only=reconciling.require_fresh,
            asks=("employ_kind", "happened_on"),
            stamps="happened_on",
            guard_many=reconciling.cannot_admit,
            effect_many=reconciling.admit,
        ),
        Transition(
            "decline",
            "不入会",
            move=("open", "declined"),
            by=KEEPERS,
            only=reconciling.require_fresh,
        ),
    ),
)

CARD = Workflow(
    states=(
        State("valid", "有效"),
        State("lost", "挂失"),
        State("cancelled", "已注销", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("report_loss", "挂失", move=("valid", "lost"), by=KEEPERS),
        Transition("find", "解挂", move=("lost", "valid"), by=KEEPERS),
        Transition("cancel", "注销", move=(("valid", "lost"), "cancelled"), by=KEEPERS),
    ),
)
