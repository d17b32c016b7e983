"""States and actions of the line's registers."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.mutual.services import (
    changes,
    claims,
    legacy,
    paying,
    policies,
    products,
    renewing,
)

MAKERS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
REVIEWERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)

VERSION = Workflow(
    states=(
        State("draft", "拟定"),
        State("published", "已发布", is_locked=True, rests=True),
        State("withdrawn", "已停用", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("publish", "发布", move=("draft", "published"), by=(Role.DEPT,)),
        Transition(
            "revise",
            "退回修改",
            move=("published", "draft"),
            by=(Role.DEPT,),
            needs_reason=True,
            guard=products.check_unused,
        ),
        Transition(
            "withdraw",
            "停用",
            move=("published", "withdrawn"),
            by=(Role.DEPT,),
            asks=("valid_to",),
            stamps="valid_to",
        ),
    ),
)

POLICY = Workflow(
    states=(
        State("draft", "编制"),
        State("checked", "名册已校验", is_locked=True),
        State("county_review", "待复核", due="mutual.review_days", is_locked=True),
        State("awaiting_fee", "待缴费", due="mutual.fee_days", is_locked=True),
        State("active", "保障中", is_locked=True, rests=True),
        State("expired", "到期", is_final=True, is_locked=True),
        State("legacy_review", "补录待核对", due="mutual.review_days", is_locked=True),
        State("annulled", "已撤销", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "check",
            "校验名册",
            move=("draft", "checked"),
            by=MAKERS,
            only=legacy.require_current,
            guard=policies.check_roster,
        ),
        Transition(
            "submit_legacy",
            "提交补录",
            move=("draft", "legacy_review"),
            by=MAKERS,
            only=legacy.require_legacy,
            guard=legacy.check_may_be_recorded,
        ),
        Transition(
            "record_legacy",
            "核对无误",
            move=("legacy_review", "active"),
            by=REVIEWERS,
            unlike=("create", "submit_legacy"),
            effect_many=legacy.record,
        ),
        Transition(
            "return_legacy",
            "退回",
            move=("legacy_review", "draft"),
            by=REVIEWERS,
            needs_reason=True,
        ),
        Transition(
            "take_over",
            "带入上期名册",
            move=("draft", "draft"),
            by=MAKERS,
            only=renewing.require_predecessor,
            guard=renewing.check_has_predecessor,
            effect_many=renewing.take_over,
        ),
        Transition("reopen", "继续编制", move=("checked", "draft"), by=MAKERS),
        Transition(
            "submit",
            "提交",
            move=("checked", "county_review"),
            by=MAKERS,
            guard=policies.check_may_go_up,
        ),
        Transition(
            "approve",
            "复核通过",
            move=("county_review", "awaiting_fee"),
            by=REVIEWERS,
            unlike=("create", "submit"),
        ),
        Transition(
            "return",
            "退回",
            move=("county_review", "draft"),
            by=REVIEWERS,
            needs_reason=True,
        ),
        Transition(
            "confirm_fee",
            "确认到账",
            move=("awaiting_fee", "active"),
            by=(Role.FINANCE,),
            unlike=("submit", "approve"),
            asks=("receipt",),
            guard=policies.check_fee,
            effect_many=policies.begin,
        ),
        Transition(
            "return_fee",
            "金额不符退回",
            move=("awaiting_fee", "draft"),
            by=(Role.FINANCE,),
            needs_reason=True,
        ),
        Transition("expire", "到期", move=("active", "expired"), by=(), effect_many=policies.end),
        Transition(
            "annul",
            "撤销",
            move=(("active", "expired"), "annulled"),
            by=(Role.DEPT,),
            unlike=("submit",),
            only=legacy.require_unexpired_or_legacy,
            needs_reason=True,
            guard=policies.check_no_claims,
            effect_many=policies.annul,
        ),
        Transition(
            "cancel",
            "取消",
            move=(
                ("draft", "checked", "county_review", "awaiting_fee", "legacy_review"),
                "cancelled",
            ),
            by=MAKERS,
            needs_reason=True,
        ),
    ),
)

COVERAGE = Workflow(
    makes_tasks=False,
    states=(
        State("pending", "待生效"),
        State("active", "保障中", is_locked=True, rests=True),
        State("ended", "已到期", is_final=True, is_locked=True),
        State("terminated", "给付终止", is_final=True, is_locked=True),
        State("annulled", "已撤销", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("begin", "生效", move=("pending", "active"), by=()),
        Transition("end", "到期", move=("active", "ended"), by=()),
        Transition("annul", "撤销", move=(("active", "ended"), "annulled"), by=()),
        Transition(
            "terminate",
            "给付终止",
            move=(("active", "ended"), "terminated"),
            by=(),
            asks=("ends_on", "ends_before"),
        ),
    ),
)

CLAIM = Workflow(
    states=(
        State("draft", "草稿"),
        State("submitted", "待初审", due="mutual.claim_review_days", is_locked=True),
        State("supplement", "待补材料", due="mutual.supplement_days"),
        State("assessing", "核定中", due="mutual.assess_days", is_locked=True),
        State("second_assessing", "待第二人复核", due="mutual.assess_days", is_locked=True),
        State("approved", "待发放", due="mutual.pay_days", is_locked=True),
        State("paying", "发放中", is_locked=True),
        State("paid", "已给付", is_final=True, is_locked=True),
        State("refusing", "拟不予给付", due="mutual.assess_days", is_locked=True),
        State("refused", "不予给付", is_locked=True),
        State("appealed", "申诉中", due="mutual.assess_days", is_locked=True),
        State("closed", "已办结", is_final=True, is_locked=True),
        State("withdrawn", "已撤回", is_final=True, is_locked=True),
        State("returned", "资金已退回", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "submit",
            "提交申领",
            move=("draft", "submitted"),
            by=MAKERS,
            guard=claims.check_may_be_filed,
            stamps="submitted_on",
        ),
        Transition(
            "review",
            "初审通过",
            move=("submitted", "assessing"),
            by=REVIEWERS,
            unlike=("create", "submit", "resubmit"),
            guard=claims.check_papers,
        ),
        Transition(
            "ask_more",
            "补正",
            move=(("submitted", "assessing"), "supplement"),
            by=REVIEWERS,
            needs_reason=True,
            guard=claims.check_first_supplement,
        ),
        Transition(
            "resubmit",
            "补齐提交",
            move=("supplement", "submitted"),
            by=MAKERS,
            guard=claims.check_may_be_filed,
        ),
        Transition(
            "correct_costs",
            "更正费用",
            move=("assessing", "assessing"),
            by=(Role.DEPT,),
            asks=("total_cost", "insurance_paid", "self_paid", "hospital_days"),
            needs_reason=True,
        ),
        Transition(
            "assess",
            "核定",
            move=("assessing", "approved"),
            by=(Role.DEPT,),
            unlike=("create", "submit", "resubmit"),
            only=claims.require_other_assessor,
            asks=("assessed", "difference_reason"),
            guard=claims.check_small,
            stamps="decided_on",
            effect_many=claims.warn_of_shortage,
        ),
        Transition(
            "assess_large",
            "核定报复核",
            move=("assessing", "second_assessing"),
            by=(Role.DEPT,),
            unlike=("create", "submit", "resubmit"),
            only=claims.require_other_assessor,
            asks=("assessed", "difference_reason"),
            guard=claims.check_large,
        ),
        Transition(
            "confirm",
            "复核同意",
            move=("second_assessing", "approved"),
            by=(Role.DEPT,),
            unlike=("create", "submit", "resubmit", "assess_large"),
            guard=claims.check_amount,
            stamps="decided_on",
            effect_many=claims.warn_of_shortage,
        ),
        Transition(
            "send_back",
            "退回重核",
            move=(("second_assessing", "refusing"), "assessing"),
            by=(Role.DEPT,),
            needs_reason=True,
        ),
        Transition(
            "propose_refusal",
            "拟不予给付",
            move=("assessing", "refusing"),
            by=(Role.DEPT,),
            unlike=("create", "submit", "resubmit"),
            only=claims.require_other_assessor,
            asks=("refuse_reason", "refuse_note"),
            guard=claims.check_refusal,
        ),
        Transition(
            "confirm_refusal",
            "确认不予给付",
            move=("refusing", "refused"),
            by=(Role.DEPT,),
            unlike=("create", "submit", "propose_refusal"),
            stamps="decided_on",
        ),
        Transition(
            "appeal",
            "申诉",
            move=("refused", "appealed"),
            by=MAKERS,
            asks=("appeal_note",),
            guard=claims.check_may_appeal,
            stamps="appealed_on",
        ),
        Transition(
            "reassess",
            "申诉成立，重新核定",
            move=("appealed", "assessing"),
            by=(Role.DEPT,),
            unlike=("appeal", "propose_refusal", "confirm_refusal"),
        ),
        Transition(
            "uphold",
            "维持原结论",
            move=("appealed", "closed"),
            by=(Role.DEPT,),
            unlike=("appeal", "propose_refusal", "confirm_refusal"),
            needs_reason=True,
        ),
        Transition("close", "办结", move=("refused", "closed"), by=(Role.DEPT,)),
        Transition(
            "queue",
            "列入发放",
            move=("approved", "paying"),
            by=(Role.DEPT,),
            effect_many=paying.queue,
        ),
        Transition("unqueue", "退出发放", move=("paying", "approved"), by=()),
        Transition(
            "pay", "给付", move=("paying", "paid"), by=(), asks=("paid_on", "handling_days")
        ),
        Transition(
            "take_back", "资金退回", move=("paid", "returned"), by=(), asks=("returned_on",)
        ),
        Transition(
            "withdraw",
            "撤回",
            move=(("draft", "submitted", "supplement"), "withdrawn"),
            by=MAKERS,
            needs_reason=True,
        ),
    ),
)

CHANGE = Workflow(
    states=(
        State("draft", "草稿"),
        State("pending", "待审核", due="mutual.review_days", is_locked=True),
        State("confirmed", "已确认", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "submit",
            "提交",
            move=("draft", "pending"),
            by=MAKERS,
            guard=changes.check_may_go_up,
        ),
        Transition(
            "confirm",
            "审核通过",
            move=("pending", "confirmed"),
            by=REVIEWERS,
            unlike=("create", "submit"),
            only=changes.require_department,
            guard=changes.check_may_go_up,
            stamps="confirmed_on",
            effect_many=changes.take_effect,
        ),
        Transition("return", "退回", move=("pending", "draft"), by=REVIEWERS, needs_reason=True),
        Transition(
            "cancel", "取消", move=(("draft", "pending"), "cancelled"), by=MAKERS, needs_reason=True
        ),
    ),
)
