"""The register of lectures."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import flow
from gonghui.kernel.registers.declare import (
    Cell,
    ImportSheet,
    Numbering,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.registry import register
from gonghui.lines.women import prints
from gonghui.lines.women.models import WomenLecture
from gonghui.lines.women.models.lecture import HELD, Evidence, Topic
from gonghui.lines.women.registers.roles import EVERYONE, EXPORTERS, LOCAL, OFFICES, OWNER
from gonghui.lines.women.services import lectures
from gonghui.lines.women.workflows.lecture import LECTURE

_HELD = Q(state__in=HELD)
_SHEET = ImportSheet(
    title="女职工巡回讲座表",
    note="一行一场，导入后为“已举办”；时间按“09:30”的样子填写。",
    cells=(
        Cell("主办", "org", ("主办单位",), missing="没有找到这个工会，请填写全称或组织代码"),
        Cell("题目", "title", ("讲座题目",), required=True),
        Cell("类别", "topic", ("内容类别",), required=True, example=str(Topic.RIGHTS.label)),
        Cell("日期", "held_on", ("讲座日期",), required=True),
        Cell("时间", "start_at", ("开始时间",), required=True, example="09:30"),
        Cell("地点", "place", required=True),
        Cell("主讲人", "speaker"),
        Cell("人数", "attendance", ("到场人数",), required=True),
        Cell("其中女工干部", "women_cadres"),
        Cell(
            "佐证", "evidence", ("人数佐证",), required=True, example=str(Evidence.SIGNATURES.label)
        ),
    ),
    write=lectures.write_sheet,
)

LECTURES = register(
    Register(
        key="women.lecture",
        model=WomenLecture,
        prints=prints.LECTURE,
        date="held_on",
        columns=("number", "title", "org", "topic", "held_on", "start_at", "attendance", "state"),
        filters=("state", "topic", "evidence", "held_on"),
        search=("number", "title", "speaker", "place"),
        sections=(
            section("讲座", "title", "topic", "speaker", "campaign", "co_hosts"),
            section("时间地点", "held_on", "start_at", "hours", "employer", "place", "planned"),
            section("到场", "attendance", "women_cadres", "evidence"),
            section("说明", "other_session"),
        ),
        read_only=("attendance", "women_cadres", "evidence"),
        workflow=LECTURE,
        access=(
            allow("view", *EVERYONE),
            allow("add change", *LOCAL),
            allow("void import", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        import_sheet=_SHEET,
        indicators=(
            flow(
                "women.lectures",
                "女职工巡回讲座",
                "场次",
                on="held_on",
                where=_HELD,
                owner=OWNER,
                aliases=("女职工巡回讲座场次",),
                definition="计：期内已举办的女职工巡回讲座，一场一次，由主办单位登记。不计：计划的、取消的、"
                "联合主办单位重复登记的。",
            ),
            flow(
                "women.lecture_people",
                "培训女职工及女工干部",
                "人",
                on="held_on",
                value="attendance",
                where=_HELD,
                owner=OWNER,
                definition="计：期内已举办的巡回讲座到场人数之和，是人次，一人听两场计两次。须有签到表或"
                "用人单位证明。",
            ),
            flow(
                "women.lecture_cadres",
                "巡回讲座培训女工干部",
                "人",
                on="held_on",
                value="women_cadres",
                where=_HELD & Q(women_cadres__isnull=False),
                owner=OWNER,
                definition="计：巡回讲座到场人数中的女工干部（人次）。",
            ),
        ),
        numbering=Numbering(series="女讲", pattern="女讲-{year}-{number:03d}", date="held_on"),
        derive=lectures.derive,
        checks_many=lectures.second_hosts,
        order=10,
        api="read write",
        help="一场讲座登记一次，由主办单位登记；举办后填写到场人数和佐证，由县级以上核实。",
    )
)
