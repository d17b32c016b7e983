"""The registers of the targets."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.declare import Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.goals import planned
from gonghui.lines.goals.models import PlanBook, Target, TargetRevision
from gonghui.lines.goals.workflows import plan as workflows


def indicator_choices(_: Any = None) -> list[tuple[str, str]]:
    """The indicators as (code, label), for the choice on forms."""
    return planned.choices()


PLAN_BOOKS = register(
    Register(
        key="goals.plan_book",
        model=PlanBook,
        date="issued_on",
        columns=("org", "year", "issuer", "batch", "doc_no", "issued_on", "state"),
        filters=("year", "issuer", "state", "issued_on"),
        search=("doc_no",),
        sections=(
            section("任务书", "org", "year", "issuer", "batch"),
            section("文件", "doc_no", "issued_on", "remark"),
            section("签收", "accepted_on"),
        ),
        workflow=workflows.PLAN_BOOK,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add change void", Role.DEPT),
        ),
        derive=workflows.note_moment_of_issue,
        read_only=("accepted_on",),
        panels=("gonghui.lines.goals.panels.standing_of_book",),
        order=10,
        help="goals",
    )
)

TARGETS = register(
    Register(
        key="goals.target",
        model=Target,
        date="due_on",
        parent="plan",
        columns=("code", "org", "issuer", "year", "indicator", "value", "due_on", "lead_dept"),
        filters=("year", "issuer", "kind", "lead_dept", "due_on"),
        search=("code", "clause", "indicator"),
        sections=(
            section("目标", "plan", "code", "clause", "kind", "scope"),
            section(
                "指标与目标值", "indicator", "comparator", "value", "value_max", "wording", "weight"
            ),
            section("期限", "window_from", "due_on", "baseline", "baseline_on"),
            section("责任", "lead_dept", "leader_person", "co_depts"),
            section("分解", "parent", "reserve", "markup_reason"),
        ),
        derive=workflows.copy_from_plan,
        checks=(
            workflows.check_book_is_open,
            workflows.check_is_measured_as_its_kind,
            workflows.check_range_is_ordered,
            workflows.check_window_is_in_order,
        ),
        choose_from={"indicator": indicator_choices},
        read_only=("parent", "reserve", "markup_reason"),
        panels=("gonghui.lines.goals.panels.standing_of_target",),
        order=20,
        help="goals",
    )
)

TARGET_REVISIONS = register(
    Register(
        key="goals.target_revision",
        model=TargetRevision,
        date="effective_from",
        parent="target",
        columns=(
            "org",
            "target",
            "old_value",
            "new_value",
            "new_due",
            "doc_no",
            "effective_from",
            "state",
        ),
        filters=("state", "effective_from"),
        search=("doc_no", "reason"),
        sections=(
            section("目标", "target", "old_value", "old_due"),
            section("调整为", "new_value", "new_due", "effective_from"),
            section("依据", "doc_no", "reason", "approved_on"),
        ),
        workflow=workflows.TARGET_REVISION,
        derive=workflows.fill_old_terms,
        checks=(workflows.check_revises_an_issued_target,),
        read_only=("old_value", "old_due", "approved_on"),
        order=30,
        help="goals",
    )
)

_RULE = "《整治形式主义为基层减负若干规定》"
parameters.declare("goals.markup_warn", "分解须说明原因的倍数", "1.00", "倍", _RULE)
parameters.declare("goals.markup_max", "分解不得超过的倍数", "1.10", "倍", _RULE)
_LIGHTS = "目标管理办法"
parameters.declare("goals.green_min", "绿灯最低进度", "0.95", "倍", _LIGHTS, to_verify=True)
parameters.declare("goals.yellow_min", "黄灯最低进度", "0.80", "倍", _LIGHTS, to_verify=True)
parameters.declare("goals.grace_days", "起步不亮红灯的天数", 15, "天", _LIGHTS, to_verify=True)
parameters.declare("goals.near_tol", "近、左右的允差", "0.05", "倍", _LIGHTS, to_verify=True)
parameters.declare("goals.issue_days", "征求意见期限", 10, "工作日", "目标管理办法", to_verify=True)
parameters.declare("goals.accept_days", "签收期限", 5, "工作日", "目标管理办法", to_verify=True)
