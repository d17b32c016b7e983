"""The way of a hardship file and of its assessments (domain spec B4)."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.aid.services import assessments, files

KEEPERS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
_REVIEWERS = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
APPROVERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
_UNDER_REVIEW = ("submitted", "survey", "station_review", "county_review")

HARDSHIP_FILE = Workflow(
    states=(
        State("draft", "草稿"),
        State("submitted", "待受理", due="aid.accept_days"),
        State("survey", "入户核查", due="aid.survey_days"),
        State("notice", "公示中"),
        State("station_review", "乡镇（街道）复核", due="aid.station_days"),
        State("county_review", "县（市、区）审批", due="aid.county_days"),
        State("active", "在档", rests=True),
        State("exit_notice", "退出公示", due="aid.exit_days"),
        State("exited", "已退出", is_final=True, is_locked=True),
        State("returned", "退回补正", due="aid.mend_days"),
        State("rejected", "不予建档", is_final=True, is_locked=True),
        State("withdrawn", "已撤回", is_final=True, is_locked=True),
    ),
    begins=("active",),
    transitions=(
        Transition(
            "submit",
            "提交申请",
            move=(("draft", "returned"), "submitted"),
            by=KEEPERS,
            asks=("consent_on",),
            guard=files.check_has_consent,
        ),
        Transition("accept", "受理", move=("submitted", "survey"), by=KEEPERS),
        Transition(
            "post",
            "入户完成，公示",
            move=("survey", "notice"),
            by=KEEPERS,
            guard=files.check_is_assessed,
            effect_many=files.put_up,
        ),
        Transition(
            "close_notice",
            "公示结束，报复核",
            move=("notice", "station_review"),
            by=KEEPERS,
            guard=files.check_notice_is_over,
        ),
        Transition(
            "review",
            "复核通过",
            move=("station_review", "county_review"),
            by=_REVIEWERS,
            unlike=("submit",),
        ),
        Transition(
            "approve",
            "批准建档",
            move=("county_review", "active"),
            by=APPROVERS,
            unlike=("submit", "review"),
            only=files.check_is_no_surveyor,
            asks=("check_waiver",),
            guard_many=files.unfit_for_filing,
            stamps="filed_on",
        ),
        Transition(
            "return",
            "退回补正",
            move=(_UNDER_REVIEW, "returned"),
            by=_REVIEWERS,
            needs_reason=True,
        ),
        Transition(
            "reject",
            "不予建档",
            move=(_UNDER_REVIEW, "rejected"),
            by=_REVIEWERS,
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            "撤回",
            move=(("draft", "returned", *_UNDER_REVIEW), "withdrawn"),
            by=KEEPERS,
        ),
        Transition(
            "propose_exit",
            "提出退出",
            move=("active", "exit_notice"),
            by=KEEPERS,
            asks=("exit_reason",),
            guard=files.check_exit,
            effect_many=files.put_exit_up,
        ),
        Transition(
            "stay",
            "继续在档",
            move=("exit_notice", "active"),
            by=APPROVERS,
            needs_reason=True,
            effect_many=files.forget_exit,
        ),
        Transition(
            "exit",
            "批准退出",
            move=("exit_notice", "exited"),
            by=APPROVERS,
            unlike=("propose_exit",),
            asks=("exited_on",),
            guard=files.check_exit_notice_is_over,
            stamps="exited_on",
        ),
    ),
)

ASSESSMENT = Workflow(
    states=(
        State("draft", "核定中"),
        State("confirmed", "已确认", is_final=True, is_locked=True),
        State("dropped", "已放弃", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "confirm",
            "确认核定",
            move=("draft", "confirmed"),
            by=KEEPERS,
            only=assessments.check_whose_turn,
            guard=assessments.check_may_be_confirmed,
            effect_many=assessments.take_over,
        ),
        Transition("drop", "放弃", move=("draft", "dropped"), by=KEEPERS),
    ),
    makes_tasks=False,
)
