"""A batch on its way from the maker to the archive, and each of its payments."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.shared.funds.services import bank, claiming, paying

MAKERS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
REVIEWERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
REVIEW = "funds.review_days"


def _send(batches: list[Any], by: Actor) -> None:
    claiming.send(batches, by)
    bank.make_files(batches, by)


BATCH = Workflow(
    states=(
        State("draft", "编制中"),
        State("checked", "已校验"),
        State("submitted", "待部门审核", due=REVIEW, is_locked=True),
        State("dept_ok", "待财务审核", due=REVIEW, is_locked=True),
        State("finance_ok", "待领导审批", due=REVIEW, is_locked=True),
        State("approved", "已批准", due="funds.send_days", is_locked=True),
        State(
            "sent",
            "已送银行（领款）",
            due="funds.settle_days",
            is_locked=True,
            owed_by=(Role.FINANCE,),
        ),
        State("settled", "已结清", due="funds.receipt_days", is_locked=True),
        State("archived", "已归档", is_final=True, is_locked=True),
        State("returned", "已退回"),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "check",
            "校验",
            move=(("draft", "returned"), "checked"),
            by=MAKERS,
            effect_many=claiming.judge,
        ),
        Transition("reopen", "继续编制", move=("checked", "draft"), by=MAKERS),
        Transition(
            "submit",
            "提交",
            move=("checked", "submitted"),
            by=MAKERS,
            guard=claiming.check_is_fresh,
            stamps="submitted_on",
            effect_many=claiming.claim,
        ),
        Transition(
            "dept_review",
            "部门审核通过",
            move=("submitted", "dept_ok"),
            by=REVIEWERS,
            unlike=("create", "check", "submit"),
            only=claiming.recuse,
        ),
        Transition(
            "finance_approve",
            "财务批准",
            move=("dept_ok", "approved"),
            by=(Role.FINANCE,),
            unlike=("create", "submit", "dept_review"),
            guard=claiming.check_ends_with_finance,
            effect_many=claiming.recheck_budgets,
            stamps="approved_on",
            only=claiming.recuse,
        ),
        Transition(
            "finance_review",
            "财务审核通过",
            move=("dept_ok", "finance_ok"),
            by=(Role.FINANCE,),
            unlike=("create", "submit", "dept_review"),
            guard=claiming.check_goes_to_leader,
            only=claiming.recuse,
        ),
        Transition(
            "approve",
            "批准",
            move=("finance_ok", "approved"),
            by=(Role.LEADER,),
            unlike=("create", "submit", "dept_review", "finance_review"),
            asks=("minutes",),
            guard=claiming.check_has_minutes,
            effect_many=claiming.recheck_budgets,
            stamps="approved_on",
            only=claiming.recuse,
        ),
        Transition(
            "send",
            "生成银行文件（领款）",
            move=("approved", "sent"),
            by=(Role.FINANCE,),
            unlike=("create", "submit", "approve", "finance_approve"),
            stamps="sent_on",
            effect_many=_send,
        ),
        Transition("settle", "结清", move=("sent", "settled"), by=(), stamps="settled_on"),
        Transition(
            "archive",
            "归档",
            move=("settled", "archived"),
            by=MAKERS,
            guard=claiming.check_everything_is_signed,
        ),
        Transition(
            "return",
            "退回",
            move=(("submitted", "dept_ok", "finance_ok"), "returned"),
            by=(*REVIEWERS, Role.FINANCE, Role.LEADER),
            needs_reason=True,
            effect_many=claiming.release,
        ),
        Transition(
            "cancel",
            "取消",
            move=(("draft", "checked", "returned"), "cancelled"),
            by=MAKERS,
            needs_reason=True,
            effect_many=claiming.drop,
        ),
    ),
)

LINE = Workflow(
    makes_tasks=False,
    states=(
        State("draft", "编制中"),
        State("reserved", "已占用", is_locked=True),
        State("paid", "已发放", is_final=True, is_locked=True),
        State("failed", "发放失败", is_final=True, is_locked=True),
        State("withdrawn", "已撤下", is_final=True, is_locked=True),
        State("reversed", "已退回", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("reserve", "占用", move=("draft", "reserved"), by=()),
        Transition("release", "释放", move=("reserved", "draft"), by=()),
        Transition("withdraw", "撤下", move=("draft", "withdrawn"), by=()),
        Transition(
            "allow_repeat",
            "批准叠加发放",
            move=("draft", "draft"),
            by=(Role.LEADER,),
            unlike=("create",),
            asks=("repeat_reason",),
            guard=paying.check_repeat_reason,
            effect_many=paying.allow_repeat,
        ),
        Transition(
            "pay",
            "登记发放",
            move=("reserved", "paid"),
            by=(Role.FINANCE,),
            asks=("paid_on", "bank_ref", "receipt_kind", "receipt_on", "proxy_name"),
            guard=paying.check_paid_day,
            effect_many=paying.settle_paid,
        ),
        Transition(
            "fail",
            "登记失败",
            move=("reserved", "failed"),
            by=(Role.FINANCE,),
            asks=("failed_on", "fail_text"),
            guard=paying.check_failed_day,
            effect_many=paying.settle_failed,
        ),
        Transition(
            "sign",
            "登记签收",
            move=("paid", "paid"),
            by=(*MAKERS, Role.FINANCE),
            asks=("receipt_kind", "receipt_on", "proxy_name"),
            guard=paying.check_receipt,
        ),
        Transition(
            "reverse",
            "退回资金",
            move=("paid", "reversed"),
            by=(Role.LEADER,),
            asks=("reversed_on", "reverse_reason"),
            guard=paying.check_money_is_back,
            effect_many=paying.settle_reversed,
        ),
    ),
)
