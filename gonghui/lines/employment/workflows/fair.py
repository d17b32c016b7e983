"""A job fair, the posts offered and the intents that came of it."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.employment.services import fairs

HOSTS = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)

JOB_FAIR = Workflow(
    states=(
        State("planned", "筹备"),
        State("open", "举办"),
        State("closed", "已结束", due="employment.fair_follow_days", is_locked=True),
        State("followed", "已跟踪", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "open",
            "开幕",
            move=("planned", "open"),
            by=HOSTS,
            guard=fairs.check_is_safe,
        ),
        Transition(
            "close",
            "闭幕",
            move=("open", "closed"),
            by=HOSTS,
            guard=fairs.check_attendance_is_marked,
        ),
        Transition(
            "follow",
            "完成跟踪",
            move=("closed", "followed"),
            by=HOSTS,
            guard=fairs.check_intents_are_followed,
        ),
        Transition("cancel", "取消", move=("planned", "cancelled"), by=HOSTS, needs_reason=True),
    ),
)

JOB_POST = Workflow(
    makes_tasks=False,
    states=(
        State("draft", "待检查"),
        State("published", "已发布", is_locked=True),
        State("closed", "已下线", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "publish",
            "发布",
            move=("draft", "published"),
            by=HOSTS,
            guard=fairs.check_post_is_fair,
        ),
        Transition("unpublish", "退回修改", move=("published", "draft"), by=HOSTS),
        Transition("close", "下线", move=(("draft", "published"), "closed"), by=HOSTS),
    ),
)

FAIR_INTENT = Workflow(
    makes_tasks=False,
    states=(
        State("intent", "初步意向"),
        State("interview", "已面试"),
        State("offer", "已录用待上岗"),
        State("hired", "已上岗", is_final=True, is_locked=True),
        State("dropped", "未达成", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("interview", "登记面试", move=("intent", "interview"), by=HOSTS),
        Transition("offer", "登记录用", move=(("intent", "interview"), "offer"), by=HOSTS),
        Transition(
            "hire",
            "登记上岗",
            move=(("intent", "interview", "offer"), "hired"),
            by=HOSTS,
            asks=("person", "hired_on"),
            guard=fairs.check_who_was_hired,
            effect_many=fairs.report_hired,
        ),
        Transition(
            "drop",
            "登记未达成",
            move=(("intent", "interview", "offer"), "dropped"),
            by=HOSTS,
            needs_reason=True,
        ),
    ),
)
