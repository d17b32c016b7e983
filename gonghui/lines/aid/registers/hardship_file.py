"""Households, their files, and the assessments that these rest on."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import flow, ratio, stock
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.kernel.registers.declare import Cell, ImportSheet, Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.aid import prints
from gonghui.lines.aid.models import (
    AssessmentItem,
    EconomicAssessment,
    HardshipCensus,
    HardshipFile,
)
from gonghui.lines.aid.services import assessments, census, files, households, sheet, surveyors
from gonghui.lines.aid.workflows.hardship_file import (
    APPROVERS,
    ASSESSMENT,
    HARDSHIP_FILE,
    KEEPERS,
)

_OWNER = "权益保障部"
_WAS_FILED = Q(state__in=("active", "exit_notice", "exited"))
_ACCESS = (
    allow("view", *KEEPERS),
    allow("add change", *KEEPERS),
    allow("void", *APPROVERS),
    allow("export reveal", *APPROVERS),
)

HOUSEHOLDS = register(
    Register(
        key="aid.household",
        model=Household,
        columns=("head", "org", "address"),
        search=("head__name", "head__initials"),
        sections=(section("家庭", "org", "head", "address"),),
        access=_ACCESS,
        before_many=households.refuse_known,
        after_many=households.seat_heads,
        api="read write",
        order=40,
        help="一户一登记。新登记的家庭，户主自动成为第一名成员；其他成员在家庭页面上登记。",
    )
)

MEMBERS = register(
    Register(
        key="aid.household_member",
        model=HouseholdMember,
        parent="household",
        columns=("person", "kinship", "lives_together", "health", "monthly_income", "valid_to"),
        sections=(
            section("成员", "household", "person", "kinship", "lives_together"),
            section("情况", "work_or_school", "health", "monthly_income"),
            section("起止", "valid_from", "valid_to"),
        ),
        access=_ACCESS,
        api="read write",
        in_menu=False,
    )
)

HARDSHIP_FILES = register(
    Register(
        key="aid.hardship_file",
        model=HardshipFile,
        prints=prints.HARDSHIP_FILE,
        panels=(
            "gonghui.lines.aid.panels.household",
            "gonghui.lines.aid.panels.cross_checks_of",
        ),
        date="filed_on",
        columns=(
            "number",
            "head",
            "org",
            "tier",
            "identity_class",
            "filed_on",
            "review_due_on",
            "state",
        ),
        filters=("state", "tier", "identity_class", "filed_on", "review_due_on", "is_legacy"),
        search=("number", "head__name", "head__initials"),
        sections=(
            section("家庭", "org", "household", "employer", "identity_class", "tier"),
            section("困难情况", "cause_main", "cause_minor", "housing", "is_zero_job", "self_help"),
            section("核对", "consent_on", "checked_on", "check_waiver"),
            section("发放", "account", "national_no"),
            section("起止", "filed_on", "fade_from", "exited_on", "exit_reason", "is_legacy"),
        ),
        read_only=("checked_on", "exited_on", "exit_reason"),
        workflow=HARDSHIP_FILE,
        access=(
            *_ACCESS,
            allow("view", Role.LEADER, Role.AUDIT),
            allow("import", *APPROVERS),
        ),
        import_sheet=ImportSheet(
            title="困难职工档案表",
            note="用于启用前已建的档案：导入后即为在档，从未核定的到复核时补核。家庭成员另在成员表导入。",
            cells=(
                Cell("户主姓名", "head__name", ("姓名",), required=True),
                Cell("身份证号", "head__id_no", ("身份证号码", "证件号码"), required=True),
                Cell(
                    "建档工会",
                    "org",
                    ("工会",),
                    missing="没有找到这个工会，或有同名工会，请填写组织代码",
                ),
                Cell("档案级别", "tier", required=True, example="市级"),
                Cell("身份", "identity_class", required=True, example="下岗待岗"),
                Cell(
                    "致困原因", "cause_main", ("主要致困原因",), required=True, example="本人大病"
                ),
                Cell("次要致困原因", "cause_minor"),
                Cell("建档日期", "filed_on", required=True),
                Cell("住址", "address", ("家庭住址",)),
                Cell("住房", "housing"),
                Cell("全国系统档案号", "national_no"),
            ),
            write=sheet.write_files,
        ),
        numbering=Numbering(series="困难", pattern="KN-{year}-{number:06d}", by_org=False),
        indicators=(
            stock(
                "aid.files",
                "困难职工建档户数",
                "户",
                on="filed_on",
                until="exited_on",
                where=_WAS_FILED,
                owner=_OWNER,
                aliases=("困难职工建档数",),
                definition="在档的困难职工家庭户数，自批准建档之日起、批准退出之日止；退出公示期间仍计。",
            ),
            flow(
                "aid.files_new",
                "新建档户数",
                "户",
                on="filed_on",
                where=_WAS_FILED & Q(is_legacy=False),
                owner=_OWNER,
                definition="期内批准建档的户数；启用前已建档、后来录入的不计。",
            ),
            flow(
                "aid.files_out",
                "退出户数",
                "户",
                on="exited_on",
                where=Q(state="exited"),
                owner=_OWNER,
                definition="期内批准退出的户数。",
            ),
            flow(
                "aid.files_reviewed",
                "复核户数",
                "户",
                on="reviewed_on",
                where=_WAS_FILED,
                owner=_OWNER,
                definition="最近一次年度复核在期内的户数，按入户日期。",
            ),
            ratio(
                "aid.review_rate",
                "年度复核率",
                "aid.files_reviewed",
                "aid.files",
                owner=_OWNER,
                decimals=1,
                definition="期内复核户数除以期末在档户数。",
            ),
            ratio(
                "aid.file_coverage",
                "建档覆盖率",
                "aid.files",
                "aid.census_households",
                owner=_OWNER,
                decimals=1,
                definition="在档户数除以摸底户数。",
            ),
        ),
        before_many=files.settle_new,
        derive_many=files.derive_files,
        checks_many=files.wrong_changes,
        reads=("head", "employer"),
        api="read write",
        order=20,
        help="docs/user/aid.md",
    )
)

ASSESSMENTS = register(
    Register(
        key="aid.economic_assessment",
        model=EconomicAssessment,
        parent="file",
        prints=prints.ASSESSMENT,
        date="survey_on",
        columns=("purpose", "period_from", "period_to", "family_size", "after_per_head", "state"),
        sections=(
            section("核定", "file", "purpose", "period_from", "period_to"),
            section("入户", "survey_on", "surveyor_one", "surveyor_two", "surveyors", "conclusion"),
            section("说明", "exclusions", "override_reason", "no_income_source"),
            section(
                "结果",
                "scheme",
                "family_size",
                "income_total",
                "rigid_total",
                "shock_cost",
                "income_per_head",
                "after_per_head",
                "line_used",
                "result",
            ),
        ),
        read_only=(
            "surveyors",
            "scheme",
            "family_size",
            "income_total",
            "rigid_total",
            "shock_cost",
            "income_per_head",
            "after_per_head",
            "line_used",
            "result",
        ),
        workflow=ASSESSMENT,
        access=_ACCESS,
        choose_from={"surveyor_one": surveyors.choices, "surveyor_two": surveyors.choices},
        derive_many=surveyors.derive,
        checks=(assessments.check_is_a_year, assessments.check_file_goes_on),
        checks_many=surveyors.wrong,
        reads=("file", "org"),
        after_many=assessments.follow_change,
        api="read write",
        in_menu=False,
    )
)

ITEMS = register(
    Register(
        key="aid.assessment_item",
        model=AssessmentItem,
        parent="assessment",
        columns=("kind", "what", "member", "amount", "is_excluded"),
        sections=(
            section("明细", "assessment", "kind", "what", "member", "amount"),
            section("依据", "evidence", "is_excluded"),
        ),
        access=_ACCESS,
        checks_many=assessments.items_of_drafts,
        after_many=assessments.follow_items,
        after_void_many=assessments.follow_voided_items,
        api="read write",
        in_menu=False,
    )
)

CENSUS = register(
    Register(
        key="aid.hardship_census",
        model=HardshipCensus,
        date="counted_on",
        columns=("org", "counted_on", "household_count", "source", "replaced_on"),
        filters=("counted_on",),
        search=("source",),
        sections=(section("摸底", "org", "counted_on", "household_count", "source"),),
        access=(
            allow("view", *KEEPERS, Role.LEADER, Role.AUDIT),
            allow("add change void", *APPROVERS),
            allow("export", *APPROVERS, Role.LEADER),
        ),
        indicators=(
            stock(
                "aid.census_households",
                "摸底困难职工户数",
                "户",
                on="counted_on",
                until="replaced_on",
                value="household_count",
                owner=_OWNER,
                definition="最近一次摸底的困难职工家庭户数。",
            ),
        ),
        before_many=census.replace_earlier,
        api="read write",
        order=50,
        help="各县（市、区）、产业的困难职工摸底户数，是“建档覆盖率”的分母；新的摸底取代旧的。",
    )
)
