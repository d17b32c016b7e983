"""The registers of practical matters and milestones."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.ledger.declare import flow
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.goals import people
from gonghui.lines.goals.models import MatterPart, Milestone, PracticalMatter
from gonghui.lines.goals.workflows import matter as workflows

PRACTICAL_MATTERS = register(
    Register(
        key="goals.practical_matter",
        model=PracticalMatter,
        date="published_on",
        columns=("year", "seq", "title", "org", "lead_dept", "state", "completed_on"),
        filters=("year", "state", "published_on"),
        search=("title", "promise"),
        sections=(
            section("实事", "org", "year", "seq", "title", "promise"),
            section("责任", "lead_dept", "leader_person", "budget_line", "beneficiaries_planned"),
            section("办理", "published_on", "verified_by", "completed_on"),
        ),
        workflow=workflows.PRACTICAL_MATTER,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add change void", Role.DEPT, Role.COUNTY),
        ),
        indicators=(
            flow(
                "goals.matters_done",
                "实事办结件数",
                "件",
                on="completed_on",
                where=Q(state="completed"),
                definition="按办结日期统计已核实办结的实事件数。",
            ),
        ),
        read_only=("published_on", "verified_by", "completed_on"),
        panels=("gonghui.lines.goals.panels.standing_of_matter",),
        order=40,
        help="goals",
    )
)

MATTER_PARTS = register(
    Register(
        key="goals.matter_part",
        model=MatterPart,
        parent="matter",
        columns=("org", "matter", "target", "weight"),
        sections=(section("实事分项", "matter", "target", "weight"),),
        checks_many=workflows.check_parts,
        may_be_voided=workflows.check_part_may_go,
        reads=("matter",),
        order=50,
        help="goals",
    )
)

MILESTONES = register(
    Register(
        key="goals.milestone",
        model=Milestone,
        date="due_on",
        parent="target",
        columns=(
            "seq",
            "org",
            "target",
            "title",
            "weight",
            "due_on",
            "percent",
            "is_critical",
            "state",
            "done_on",
        ),
        filters=("state", "due_on", "is_critical"),
        search=("title", "criterion"),
        sections=(
            section("节点", "target", "seq", "title", "criterion"),
            section("权重与期限", "weight", "due_on", "is_critical", "responsible"),
            section("进展", "percent", "done_on", "evidence", "verified_by"),
        ),
        workflow=workflows.MILESTONE,
        derive=workflows.follow_state,
        checks=(workflows.check_is_not_whole_before_verified,),
        checks_many=workflows.check_milestones,
        may_be_voided=workflows.check_milestone_may_go,
        import_sheet=ImportSheet(
            title="节点导入表",
            cells=(
                Cell("序号", "seq", required=True, example="1"),
                Cell("节点", "title", required=True, example="完成招标"),
                Cell("权重", "weight", required=True, example="20"),
                Cell("期限", "due_on", required=True, example="2012-06-30"),
                Cell(
                    "责任人",
                    "responsible",
                    required=True,
                    through=people.answering,
                    missing=people.NOT_ONE,
                ),
                Cell("完成标准", "criterion", required=True, example="签订施工合同"),
                Cell("关键节点", "is_critical", example="否"),
            ),
            same_when=("seq",),
            note="各节点权重合计须为100。已有的序号按本表修改。",
        ),
        read_only=("done_on", "verified_by"),
        order=60,
        help="goals",
    )
)

parameters.declare(
    "goals.milestone_warn_days", "节点到期前亮黄灯的天数", 15, "天", "目标管理办法", to_verify=True
)
