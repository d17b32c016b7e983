"""The registers of the targets."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.goals import people, planned, prints
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
        prints=prints.PLAN_BOOK,
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
            section("期限", "window_from", "due_on", "schedule", "baseline", "baseline_on"),
            section("责任", "lead_dept", "leader_person", "co_depts"),
            section("分解", "parent", "reserve", "markup_reason"),
        ),
        derive=workflows.copy_from_plan,
        checks=(
            workflows.check_book_is_open,
            workflows.check_is_measured_as_its_kind,
            workflows.check_range_is_ordered,
            workflows.check_window_is_in_order,
            workflows.check_schedule_fits,
        ),
        choose_from={"indicator": indicator_choices},
        import_sheet=ImportSheet(
            title="目标导入表",
            cells=(
                Cell("目标编号", "code", required=True, aliases=("编号",), example="T07"),
                Cell("原文", "clause", required=True, example="全面完成全年组建工作目标"),
                Cell("类型", "kind", required=True, example="数量流量"),
                Cell(
                    "指标",
                    "indicator",
                    aliases=("指标代码", "指标名称"),
                    through=planned.codes_named,
                    missing="没有这个指标，请在“指标”页查找名称或编码。",
                    example="新建工会数",
                ),
                Cell("关系", "comparator", example="不少于"),
                Cell("目标值", "value", example="480"),
                Cell("目标值上限", "value_max"),
                Cell("措辞", "wording"),
                Cell(
                    "起始日期", "window_from", required=True, aliases=("起",), example="2012-01-01"
                ),
                Cell("完成期限", "due_on", required=True, aliases=("止",), example="2012-12-31"),
                Cell("序时进度", "schedule"),
                Cell("牵头部室", "lead_dept", required=True, example="组织部"),
                Cell(
                    "责任领导",
                    "leader_person",
                    required=True,
                    through=people.answering,
                    missing=people.NOT_ONE,
                ),
                Cell("配合部室", "co_depts"),
                Cell("范围", "scope", example="全市"),
                Cell("考核权重", "weight", aliases=("权重",)),
            ),
            same_when=("code",),
            note="指标写编码或名称；比率的目标值填小数，例如95%填0.95。序时进度不填的按时间均匀计算，"
            "按月的写12个累计百分比。已有的目标编号按本表修改。",
        ),
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
