"""The states and actions of the line's registers; the rules they call are in `services`.

A state is final where nobody's to-do list should wait for it, even if an action may still end it.
"""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.orgs.services import (
    census,
    certificates,
    changes,
    elections,
    formation,
    founding,
    officers,
    standards,
)

LOCAL = (Role.BASIC, Role.STATION)
SUPERIORS = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)
OFFICES = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
APPROVERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)

UNION_FORMATION = Workflow(
    states=(
        State("lead", "线索", due="orgs.lead_days"),
        State("prep_applied", "筹建请示", due="orgs.prep_days"),
        State("preparing", "筹备中", due="orgs.prep_months"),
        State("result_reported", "已报选举", due="orgs.approval_days", is_locked=True),
        State("established", "已成立", is_final=True, is_locked=True),
        State("closed", "终止", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "apply_prep",
            "提交筹建请示",
            move=("lead", "prep_applied"),
            by=LOCAL,
            asks=("prep_requested_on", "contact", "has_party_branch", "party_opinion"),
            guard=formation.check_ready_to_apply,
            stamps="prep_requested_on",
        ),
        Transition(
            "approve_prep",
            "批复筹备",
            move=("prep_applied", "preparing"),
            by=APPROVERS,
            unlike=("apply_prep",),
            asks=("prep_approved_on", "prep_doc_no"),
            guard=formation.check_may_approve_preparation,
            stamps="prep_approved_on",
            effect_many=founding.approve_preparation,
        ),
        Transition(
            "report_result",
            "报选举结果",
            move=("preparing", "result_reported"),
            by=LOCAL,
            asks=("female_members",),
            guard=formation.check_may_report,
        ),
        Transition(
            "establish",
            "批复成立",
            move=("result_reported", "established"),
            by=APPROVERS,
            unlike=("report_result",),
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
            needs_reason=True,
            effect_many=founding.send_back,
        ),
        Transition(
            "close",
            "终止筹备",
            move=(("lead", "prep_applied", "preparing", "result_reported"), "closed"),
            by=APPROVERS,
            needs_reason=True,
            effect_many=founding.close,
        ),
        Transition(
            "overrule",
            "改判计入新建",
            move=("established", "established"),
            by=APPROVERS,
            asks=("overruled_as_new", "overrule_reason"),
            guard=formation.check_overrule,
            effect_many=founding.overrule,
        ),
    ),
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
            asks=("formation",),
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

UNION_TERM = Workflow(
    states=(
        State("current", "在任", is_final=True),
        State("overdue", "超期"),
        State("ended", "已结束", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "extend",
            "批复延期",
            move=("current", "current"),
            by=SUPERIORS,
            asks=("extended_to", "extension_doc_no", "extension_approved_on"),
            guard=officers.check_may_extend,
            stamps="extension_approved_on",
            effect_many=officers.approve_extension,
        ),
        Transition("mark_overdue", "转为超期", move=("current", "overdue"), by=()),
        Transition("close", "结束", move=(("current", "overdue"), "ended"), by=()),
    ),
)

OFFICE_HOLDER = Workflow(
    states=(
        State("serving", "在任", is_final=True),
        State("left", "已离任", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "end",
            "登记离任",
            move=("serving", "left"),
            by=OFFICES,
            asks=("ended_on", "end_reason", "consent_doc_no"),
            guard=officers.check_may_leave,
            effect_many=certificates.follow_chairs,
        ),
    ),
)

ELECTION_CASE = Workflow(
    states=(
        State("preparing", "准备中"),
        State("requested", "已请示", due="orgs.consent_days"),
        State("agreed", "同意召开"),
        State("held", "已选举", is_locked=True),
        State("reported", "已报告", due="orgs.reply_days", is_locked=True),
        State("confirmed", "已批复", is_final=True, is_locked=True),
        State("closed", "终止", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "request",
            "请示召开大会",
            move=("preparing", "requested"),
            by=LOCAL,
            guard=elections.check_may_request,
            stamps="requested_on",
        ),
        Transition(
            "agree",
            "批复同意召开",
            move=("requested", "agreed"),
            by=SUPERIORS,
            unlike=("request",),
            asks=("agreed_on", "agreed_doc_no"),
            stamps="agreed_on",
            effect_many=elections.agree,
        ),
        Transition(
            "hold",
            "登记大会结果",
            move=(("preparing", "agreed"), "held"),
            by=LOCAL,
            asks=(
                "meeting_on",
                "due_attend",
                "attended",
                "ballots_out",
                "ballots_back",
                "ballots_valid",
                "recall_votes",
            ),
            guard=elections.check_meeting,
            effect_many=elections.declare_elected,
        ),
        Transition("hold_again", "重新选举", move=("held", "agreed"), by=LOCAL, needs_reason=True),
        Transition(
            "report",
            "报告选举结果",
            move=("held", "reported"),
            by=LOCAL,
            guard=elections.check_result,
            stamps="reported_on",
        ),
        Transition(
            "confirm",
            "批复选举结果",
            move=("reported", "confirmed"),
            by=SUPERIORS,
            unlike=("report",),
            asks=("replied_on", "reply_doc_no", "reply"),
            guard=elections.check_reply,
            stamps="replied_on",
            effect_many=elections.confirm,
        ),
        Transition(
            "return",
            "退回重选",
            move=("reported", "agreed"),
            by=SUPERIORS,
            needs_reason=True,
            effect_many=elections.send_back,
        ),
        Transition(
            "close",
            "终止",
            move=(("preparing", "requested", "agreed", "held", "reported"), "closed"),
            by=SUPERIORS,
            needs_reason=True,
        ),
    ),
)

LEGAL_PERSON_CERT = Workflow(
    states=(
        State("pending", "待申请", due="orgs.cert_apply_days"),
        State("applied", "已申请", due="orgs.cert_reply_days"),
        State("valid", "有效", is_locked=True),
        State("replacing", "换发中", is_locked=True),
        State("superseded", "已换发", is_final=True, is_locked=True),
        State("cancelled", "已注销", is_final=True, is_locked=True),
        State("dropped", "未办理", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "apply",
            "申请登记",
            move=("pending", "applied"),
            by=LOCAL,
            effect_many=certificates.begin_replacing,
        ),
        Transition(
            "send_back",
            "退回补正",
            move=("applied", "pending"),
            by=APPROVERS,
            needs_reason=True,
            effect_many=certificates.refuse,
        ),
        Transition(
            "issue",
            "核发证书",
            move=("applied", "valid"),
            by=APPROVERS,
            unlike=("apply",),
            asks=("uscc", "cert_no", "legal_rep", "valid_from", "valid_to"),
            guard=certificates.check_ready_to_issue,
            effect_many=certificates.issue,
        ),
        Transition("enter", "建档登记", move=("pending", "valid"), by=()),
        Transition("begin_replacing", "开始换发", move=("valid", "replacing"), by=()),
        Transition("keep", "恢复有效", move=("replacing", "valid"), by=()),
        Transition("supersede", "换发", move=("replacing", "superseded"), by=()),
        Transition("cancel", "注销", move=(("valid", "replacing"), "cancelled"), by=()),
        Transition("drop", "不再办理", move=(("pending", "applied"), "dropped"), by=()),
    ),
)

ORG_CHANGE = Workflow(
    states=(
        State("draft", "草稿"),
        State("requested", "已申请", due="orgs.prep_days"),
        State("effective", "已生效", is_final=True, is_locked=True),
        State("refused", "不予批准", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "request",
            "申请变更",
            move=("draft", "requested"),
            by=(*LOCAL, Role.COUNTY, Role.INDUSTRY),
            guard=changes.check_may_request,
            stamps="requested_on",
        ),
        Transition(
            "return", "退回补正", move=("requested", "draft"), by=APPROVERS, needs_reason=True
        ),
        Transition(
            "effect",
            "批复变更",
            move=("requested", "effective"),
            by=APPROVERS,
            unlike=("request",),
            asks=("decision_doc_no", "effective_on"),
            guard=changes.check_may_approve,
            stamps="effective_on",
            effect_many=changes.approve,
        ),
        Transition(
            "refuse", "不予批准", move=("requested", "refused"), by=APPROVERS, needs_reason=True
        ),
    ),
)

STANDARD_CHECK = Workflow(
    states=(
        State("drafting", "自评中"),
        State("self_checked", "已自评"),
        State("reviewed", "县级已评"),
        State("sampled", "市级已抽查"),
        State("graded", "已定等次", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "self_check",
            "上报自评",
            move=("drafting", "self_checked"),
            by=LOCAL,
            guard=standards.note_self_score,
        ),
        Transition(
            "return_draft",
            "退回自评",
            move=("self_checked", "drafting"),
            by=(Role.COUNTY, Role.INDUSTRY),
            needs_reason=True,
        ),
        Transition(
            "review",
            "县级评分",
            move=("self_checked", "reviewed"),
            by=(Role.COUNTY, Role.INDUSTRY),
            unlike=("self_check",),
            asks=("county_score",),
            guard=standards.check_county_score,
        ),
        Transition(
            "sample",
            "市级抽查",
            move=("reviewed", "sampled"),
            by=(Role.DEPT,),
            asks=("city_score",),
            guard=standards.check_city_score,
            effect_many=standards.follow_sample,
        ),
        Transition(
            "send_back",
            "整批退回",
            move=(("reviewed", "sampled"), "self_checked"),
            by=(Role.DEPT,),
            needs_reason=True,
        ),
        Transition("grade", "确定等次", move=(("reviewed", "sampled"), "graded"), by=(Role.DEPT,)),
    ),
)

UNION_HONOR = Workflow(
    states=(
        State("recommended", "推荐"),
        State("applied", "已申报"),
        State("granted", "已授予", is_final=True, is_locked=True),
        State("not_granted", "未获", is_final=True, is_locked=True),
        State("revoked", "已撤销", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "apply",
            "申报",
            move=("recommended", "applied"),
            by=OFFICES,
            asks=("applied_on", "notice_from", "notice_to"),
            guard=standards.check_may_apply,
            stamps="applied_on",
        ),
        Transition(
            "grant",
            "登记授予",
            move=("applied", "granted"),
            by=(Role.COUNTY, Role.INDUSTRY, Role.DEPT),
            asks=("granted_on", "doc_no", "grade"),
            guard=standards.check_may_grant,
        ),
        Transition(
            "fail",
            "登记未获",
            move=(("recommended", "applied"), "not_granted"),
            by=(Role.COUNTY, Role.INDUSTRY, Role.DEPT),
        ),
        Transition(
            "revoke",
            "撤销荣誉",
            move=("granted", "revoked"),
            by=(Role.DEPT,),
            asks=("revoked_on",),
            needs_reason=True,
            guard=standards.check_may_revoke,
        ),
    ),
)
