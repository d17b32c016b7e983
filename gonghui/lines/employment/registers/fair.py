"""Registers of job fairs, of employers and posts there, and of intents."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import distinct, ratio
from gonghui.kernel.people.employers import NOT_FOUND, employers_of
from gonghui.kernel.registers.declare import (
    Cell,
    ImportSheet,
    Numbering,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.registry import register
from gonghui.lines.employment import prints
from gonghui.lines.employment.models import FairBooth, FairIntent, JobFair, JobPost
from gonghui.lines.employment.registers.access import KEEPERS, OFFICES, OWNER, VIEWERS
from gonghui.lines.employment.services import fairs, sheets
from gonghui.lines.employment.workflows.fair import FAIR_INTENT, JOB_FAIR, JOB_POST

_WEEK = Q(series="private_week")
_FAIR = Cell(
    "招聘会编号",
    "fair",
    required=True,
    through=sheets.fairs_numbered,
    missing="没有这个编号的招聘会。",
    example="招聘-2012-001",
)

FAIRS = register(
    Register(
        key="employment.job_fair",
        model=JobFair,
        prints=prints.JOB_FAIR,
        date="start_on",
        columns=("number", "title", "org", "series", "start_on", "end_on", "venue", "state"),
        filters=("state", "series", "role", "start_on"),
        search=("number", "title", "venue"),
        sections=(
            section("招聘会", "title", "series", "role", "partners"),
            section("时间地点", "start_on", "end_on", "venue", "plan"),
        ),
        workflow=JOB_FAIR,
        access=(
            allow("view", *VIEWERS),
            allow("add change", *KEEPERS),
            allow("void import export", *OFFICES),
        ),
        numbering=Numbering(
            series="招聘会", pattern="招聘-{year}-{number:03d}", date="start_on", by_org=False
        ),
        after_many=fairs.follow_fair,
        order=30,
        api="read write",
        help="参会单位须逐家核查资质，并上传安全预案，才能开幕；闭幕后30天内跟踪意向结果。",
    )
)

BOOTHS = register(
    Register(
        key="employment.fair_booth",
        model=FairBooth,
        parent="fair",
        date="fair_on",
        columns=(
            "fair",
            "employer",
            "ownership",
            "booth_no",
            "post_count",
            "headcount",
            "is_attended",
        ),
        filters=("series", "ownership", "is_attended", "fair_on"),
        search=("employer__name", "booth_no"),
        sections=(
            section("参会单位", "fair", "employer", "ownership", "booth_no"),
            section("岗位", "post_count", "headcount"),
            section("核查与签到", "checked_by", "is_attended", "left_on"),
        ),
        import_sheet=ImportSheet(
            title="参会单位名册",
            cells=(
                _FAIR,
                Cell(
                    "信用代码",
                    "employer",
                    ("统一社会信用代码",),
                    required=True,
                    through=employers_of,
                    missing=NOT_FOUND,
                ),
                Cell("单位性质", "ownership", ("性质",), required=True, example="民营"),
                Cell("岗位数", "post_count"),
                Cell("需求人数", "headcount"),
                Cell("资质核查人", "checked_by"),
                Cell("展位号", "booth_no"),
                Cell("当天签到", "is_attended"),
            ),
            same_when=("fair", "employer"),
        ),
        indicators=(
            distinct(
                "employment.fair_employers",
                "进场招聘单位",
                "家",
                subject="employer",
                on="fair_on",
                where=_WEEK & Q(is_attended=True, ownership="private"),
                definition="民营企业招聘周各场招聘会当天签到的民营单位，去过几场也只计一家。",
                aliases=("进场招聘的民营企业家数",),
                owner=OWNER,
            ),
        ),
        derive_many=fairs.derive_booths,
        checks_many=fairs.wrong_booths,
        may_be_voided=fairs.check_booth_may_go,
        order=31,
        help="参会单位由主办工会登记，当天签到的才计数。",
    )
)

POSTS = register(
    Register(
        key="employment.job_post",
        model=JobPost,
        date="valid_to",
        columns=("title", "employer", "headcount", "wage_from", "wage_to", "valid_to", "state"),
        filters=("state", "valid_to"),
        search=("title", "employer__name", "occupation"),
        sections=(
            section("岗位", "employer", "booth", "title", "occupation", "headcount"),
            section("待遇与地点", "wage_from", "wage_to", "place", "valid_to"),
            section("要求", "requirements", "no_deposit"),
        ),
        workflow=JOB_POST,
        access=(
            allow("view", *VIEWERS),
            allow("add change", *KEEPERS),
            allow("void import export", *OFFICES),
        ),
        order=32,
        api="read write",
        help="发布前自动检查：不得有性别、婚育限制，工资不得低于当地最低工资。",
    )
)

INTENTS = register(
    Register(
        key="employment.fair_intent",
        model=FairIntent,
        parent="fair",
        reads=("fair", "booth__employer", "person"),
        date="agreed_on",
        columns=("fair", "name", "booth", "post", "agreed_on", "hired_on", "state"),
        filters=("state", "series", "agreed_on"),
        search=("name", "phone"),
        sections=(
            section("意向", "fair", "booth", "post", "agreed_on"),
            section("人员", "name", "phone", "sex", "person", "hired_on"),
        ),
        read_only=("hired_on",),
        workflow=FAIR_INTENT,
        import_sheet=ImportSheet(
            title="意向登记表",
            cells=(
                _FAIR,
                Cell(
                    "信用代码",
                    "booth__employer",
                    ("统一社会信用代码",),
                    required=True,
                    through=employers_of,
                    missing=NOT_FOUND,
                ),
                Cell("姓名", "name", required=True, example="张示例"),
                Cell("手机", "phone", required=True, example="19900000001"),
                Cell("性别", "sex"),
                Cell("意向日期", "agreed_on", required=True, example="2012-05-16"),
            ),
            same_when=("fair", "phone"),
            write=sheets.write_intents,
        ),
        indicators=(
            distinct(
                "employment.fair_intents",
                "初步就业意向",
                "人",
                subject="person_key",
                on="agreed_on",
                where=_WEEK,
                definition="民营企业招聘周达成初步意向的人数；没有身份证号的按手机识别，一人只计一次。",
                aliases=("达成初步就业意向人数",),
                owner=OWNER,
            ),
            distinct(
                "employment.fair_hired",
                "意向上岗人数",
                "人",
                subject="person_key",
                on="agreed_on",
                where=_WEEK & Q(state="hired"),
                definition="民营企业招聘周的意向中已上岗的人数。",
                owner=OWNER,
            ),
            ratio(
                "employment.fair_hired_rate",
                "意向转化率",
                "employment.fair_hired",
                "employment.fair_intents",
                decimals=1,
                owner=OWNER,
            ),
        ),
        derive_many=fairs.derive_intents,
        checks_many=fairs.wrong_intents,
        order=33,
        help="意向以姓名和手机登记；上岗时须实名，系统自动上报就业去向，核实后才计就业。",
    )
)
