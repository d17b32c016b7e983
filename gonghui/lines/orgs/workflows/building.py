"""Forming a union, and the census of employers without one."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.merging import decision
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.orgs.services import (
    census,
    duplicates,
    formation,
    founding,
)
from gonghui.lines.orgs.workflows.roles import APPROVERS, LOCAL, OFFICES, SUPERIORS

_REQUEST = ("prep_requested_on", "contact", "has_party_branch", "party_opinion")

UNION_FORMATION = Workflow(
    states=(
        State("lead", "线索", due="orgs.lead_days"),
        State("township_review", "乡镇审核", due="orgs.township_days"),
        State("prep_applied", "筹建请示", due="orgs.prep_days"),
        State("preparing", "筹备中", due="orgs.prep_months"),
        State("result_review", "乡镇核对", due="orgs.township_days", is_locked=True),
        State("result_reported", "已报选举", due="orgs.approval_days", is_locked=True),
        State("established", "已成立", is_final=True, is_locked=True),
        State("closed", "终止", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "ask_township",
            "报乡镇（街道）审核",
            move=("lead", "township_review"),
            by=(Role.BASIC,),
            only=founding.require_township,
            asks=_REQUEST,
            guard_many=formation.not_ready_to_apply,
            stamps="prep_requested_on",
        ),
        Transition(
            "forward",
            "审核同意并上报",
            move=("township_review", "prep_applied"),
            by=(Role.STATION,),
            unlike=("ask_township",),
            guard_many=formation.not_ready_to_apply,
        ),
        Transition(
            "apply_prep",
            "提交筹建请示",
            move=("lead", "prep_applied"),
            by=LOCAL,
            only=founding.require_township_first,
            asks=_REQUEST,
            guard_many=formation.not_ready_to_apply,
            stamps="prep_requested_on",
        ),
        Transition(
            "approve_prep",
            "批复筹备",
            move=("prep_applied", "preparing"),
            by=APPROVERS,
            unlike=("ask_township", "forward", "apply_prep"),
            only=founding.require_approver,
            asks=("prep_approved_on", "prep_doc_no"),
            guard=formation.check_may_approve_preparation,
            stamps="prep_approved_on",
            effect_many=founding.approve_preparation,
        ),
        Transition(
            "send_back_request",
            "退回补正",
            move=(("township_review", "prep_applied"), "lead"),
            by=SUPERIORS,
            unlike=("ask_township",),
            needs_reason=True,
        ),
        Transition(
            "report_to_township",
            "报乡镇（街道）核对选举结果",
            move=("preparing", "result_review"),
            by=(Role.BASIC,),
            only=founding.require_township,
            asks=("female_members",),
            guard_many=formation.may_not_report,
        ),
        Transition(
            "forward_result",
            "核对无误并上报",
            move=("result_review", "result_reported"),
            by=(Role.STATION,),
            unlike=("report_to_township",),
            guard_many=formation.may_not_report,
        ),
        Transition(
            "send_back_result",
            "退回补正",
            move=("result_review", "preparing"),
            by=SUPERIORS,
            unlike=("report_to_township",),
            needs_reason=True,
        ),
        Transition(
            "report_result",
            "报选举结果",
            move=("preparing", "result_reported"),
            by=LOCAL,
            only=founding.require_township_first,
            asks=("female_members",),
            guard_many=formation.may_not_report,
        ),
        Transition(
            "establish",
            "批复成立",
            move=("result_reported", "established"),
            by=APPROVERS,
            unlike=("report_to_township", "forward_result", "report_result"),
            only=founding.require_approver,
            asks=("approved_on", "approval_doc_no", "backdate_reason"),
            guard=formation.check_may_establish,
            stamps="approved_on",
            effect_many=founding.establish,
        ),
        Transition(
            "return_election",
            "退回重选",
            move=("result_reported", "preparing"),
            by=APPROVERS,
            only=founding.require_approver,
            needs_reason=True,
            effect_many=founding.send_back,
        ),
        Transition(
            "close",
            "终止筹备",
            move=(formation.UNDECIDED, "closed"),
            by=APPROVERS,
            only=founding.require_approver,
            needs_reason=True,
            effect_many=founding.close,
        ),
        Transition(
            "overrule",
            "改判计入新建",
            move=("established", "established"),
            by=APPROVERS,
            asks=("overruled_as_new", "overrule_reason"),
            only=founding.require_approver,
            guard=formation.check_overrule,
        ),
    ),
)


EMPLOYER_DUPLICATE = decision(
    "单位",
    due="orgs.duplicate_days",
    undo_days="orgs.undo_days",
    can_merge=duplicates.check_can_merge,
    merge=duplicates.merge,
)


CENSUS_UNIT = Workflow(
    states=(
        State("uncontacted", "未联系", is_final=True),
        State("mobilising", "动员中"),
        State("preparing", "筹备中"),
        State("unionised", "已建会", is_final=True),
        State("not_eligible", "不具备条件", is_final=True),
        State("refused", "拒绝", is_final=True),
        State("cancelled", "已注销", is_final=True),
    ),
    transitions=(
        Transition(
            "contact",
            "开始动员",
            move=(("uncontacted", "not_eligible", "refused"), "mobilising"),
            by=OFFICES,
            asks=("owner", "next_action_on", "willing"),
        ),
        Transition(
            "prepare",
            "转筹备",
            move=(("uncontacted", "mobilising", "not_eligible", "refused"), "preparing"),
            by=(),
        ),
        Transition("give_up", "筹备终止", move=("preparing", "mobilising"), by=()),
        Transition(
            "unionise",
            "已建会",
            move=(
                ("uncontacted", "mobilising", "preparing", "not_eligible", "refused"),
                "unionised",
            ),
            by=(),
        ),
        Transition("lose_union", "工会撤销", move=("unionised", "mobilising"), by=()),
        Transition(
            "mark_not_eligible",
            "不具备条件",
            move=(("uncontacted", "mobilising"), "not_eligible"),
            by=OFFICES,
            needs_reason=True,
        ),
        Transition(
            "refuse",
            "登记拒绝",
            move=(("uncontacted", "mobilising", "preparing"), "refused"),
            by=OFFICES,
            asks=("refuse_reason",),
        ),
        Transition(
            "cancel",
            "登记注销",
            move=(
                (
                    "uncontacted",
                    "mobilising",
                    "preparing",
                    "unionised",
                    "not_eligible",
                    "refused",
                ),
                "cancelled",
            ),
            by=OFFICES,
            needs_reason=True,
            effect_many=census.stamp_cancelled,
        ),
    ),
)
