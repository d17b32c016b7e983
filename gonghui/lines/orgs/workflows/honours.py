"""Standard checks and honours."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.orgs.services import (
    standards,
)
from gonghui.lines.orgs.workflows.roles import LOCAL, OFFICES

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
