"""Registers of coverage, of the census, and of lists of employers and existing unions."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import distinct, ratio, stock
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.orgs import prints, workflows
from gonghui.lines.orgs.models import CensusLine, CensusUnit, OrgCoverage, OrgEntry
from gonghui.lines.orgs.registers.roles import EVERYONE, EXPORTERS, LOCAL, OFFICES, OWNER
from gonghui.lines.orgs.services import census, coverage, entries, resolving

_ONCE = "同一单位的几个厂区、几次涵盖只计1个；涵盖自起始日起至终止前一日。"
_LISTED = "自列入普查之日起至登记注销前一日；同一单位在几轮普查中只计1个。"

COVERAGE = register(
    Register(
        key="orgs.coverage",
        model=OrgCoverage,
        date="valid_from",
        columns=("org", "employer", "site", "employees", "valid_from", "valid_to"),
        filters=("valid_from", "is_enterprise", "is_private", "in_area"),
        search=("employer__name", "site"),
        sections=(
            section("涵盖", "org", "employer", "site", "employees"),
            section("起止", "valid_from", "valid_to", "end_reason"),
        ),
        access=(
            allow("view", *EVERYONE),
            allow("add change void import", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        import_sheet=ImportSheet(
            title="涵盖单位表",
            note="单位须已登记；一个单位（厂区）同时只能由一个工会涵盖。",
            cells=(
                Cell(
                    "联合工会名称",
                    "org",
                    ("工会名称",),
                    required=True,
                    missing="没有找到这个工会，或有同名工会，请填写组织代码",
                    example="示例商圈联合工会",
                ),
                Cell(
                    "单位代码",
                    "employer",
                    ("统一社会信用代码",),
                    required=True,
                    missing="没有登记这个代码的单位，请先登记单位或导入普查清单",
                ),
                Cell("厂区", "site"),
                Cell("职工数", "employees", required=True),
                Cell("涵盖起始日期", "valid_from", ("起始日期",)),
            ),
            same_when=("org", "employer", "site"),
        ),
        indicators=(
            distinct(
                "orgs.covered_units",
                "建会单位数",
                "家",
                subject="employer",
                on="valid_from",
                until="valid_to",
                owner=OWNER,
                aliases=("建会企事业单位数", "建会单位"),
                definition="计：由基层工会涵盖的用人单位（企业、事业、机关、社会组织等）。不计：没有工会的"
                "单位；联合工会按其涵盖的单位数计，不按1个计。" + _ONCE,
            ),
            distinct(
                "orgs.covered_enterprises",
                "建会企业数",
                "家",
                subject="employer",
                on="valid_from",
                until="valid_to",
                where=Q(is_enterprise=True),
                owner=OWNER,
                definition="建会单位中的企业（含个体工商户、农民专业合作社）。不计：事业单位、机关、"
                "社会组织。" + _ONCE,
            ),
            distinct(
                "orgs.new_units",
                "新增建会单位数",
                "家",
                subject="employer",
                on="valid_from",
                where=Q(is_first=True),
                owner=OWNER,
                definition="计：期内第一次被工会涵盖的用人单位。不计：原由其他工会涵盖、转来的单位。",
            ),
            stock(
                "orgs.covered_employees",
                "建会单位职工数",
                "人",
                on="valid_from",
                until="valid_to",
                value="employees",
                owner=OWNER,
                definition="建会单位的职工人数之和，取各单位最新的职工人数；分厂区涵盖的取厂区人数。"
                "派遣用工计在用工单位。",
            ),
            distinct(
                "orgs.covered_area_enterprises",
                "开发区建会企业数",
                "家",
                subject="employer",
                on="valid_from",
                until="valid_to",
                where=Q(in_area=True, is_enterprise=True, employees__gte=1),
                owner=OWNER,
                definition="位于开发区（产业集聚区）、有职工的建会企业。" + _ONCE,
            ),
            distinct(
                "orgs.covered_over25",
                "25人以上建会企业数",
                "家",
                subject="employer",
                on="valid_from",
                until="valid_to",
                where=Q(is_enterprise=True, employees__gte=25),
                owner=OWNER,
                definition="职工25人以上的建会企业，含刚好25人的。" + _ONCE,
            ),
            ratio(
                "orgs.area_coverage",
                "开发区企业建会率",
                "orgs.covered_area_enterprises",
                "orgs.area_enterprises",
                owner=OWNER,
                decimals=1,
                definition="开发区建会企业数除以普查中的开发区企业数（有职工的），按统计日。",
            ),
            ratio(
                "orgs.over25_coverage",
                "25人以上企业建会率",
                "orgs.covered_over25",
                "orgs.over25_enterprises",
                owner=OWNER,
                decimals=1,
                definition="25人以上建会企业数除以普查中25人以上的企业数，按统计日。",
            ),
        ),
        derive_many=coverage.derive_coverages,
        checks_many=coverage.check_coverages,
        after_many=coverage.follow_coverages,
        after_void_many=coverage.follow_voided,
        api="read",
        order=40,
        help="docs/user/orgs.md",
    )
)

CENSUS = register(
    Register(
        key="orgs.census_unit",
        model=CensusUnit,
        prints=prints.CENSUS,
        date="listed_on",
        columns=("employer", "round", "source", "employees", "due_on", "next_action_on", "state"),
        filters=("state", "source", "round", "due_on", "next_action_on"),
        search=("employer__name", "round"),
        sections=(
            section("单位", "org", "employer", "round", "source"),
            section("情况", "employees", "willing", "listed_on", "due_on"),
            section("跟进", "owner", "next_action_on", "refuse_reason", "formation"),
        ),
        workflow=workflows.CENSUS_UNIT,
        access=(
            allow("view", *EVERYONE),
            allow("add change void", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            distinct(
                "orgs.area_enterprises",
                "开发区企业数",
                "家",
                subject="employer",
                on="listed_on",
                until="delisted_on",
                where=Q(in_area=True, is_enterprise=True, employees__gte=1),
                owner=OWNER,
                definition="普查台账中位于开发区（产业集聚区）、有职工的企业，不论建会与否。"
                + _LISTED,
            ),
            distinct(
                "orgs.over25_enterprises",
                "25人以上企业数",
                "家",
                subject="employer",
                on="listed_on",
                until="delisted_on",
                where=Q(is_enterprise=True, employees__gte=25),
                owner=OWNER,
                definition="普查台账中职工25人以上的企业，不论建会与否。" + _LISTED,
            ),
        ),
        derive_many=census.derive_units,
        checks=(census.check_refusal,),
        read_only=("formation",),
        api="read write",
        order=50,
        help="docs/user/orgs.md",
    )
)

CENSUS_LINE = register(
    Register(
        key="orgs.census_line",
        model=CensusLine,
        columns=("uscc", "name", "round", "source", "opened_on", "insured", "org"),
        filters=("round", "source"),
        search=("uscc", "name"),
        sections=(
            section("清单", "org", "round", "source"),
            section("单位", "uscc", "name", "type", "opened_on", "address", "insured"),
            section("联系", "legal_rep", "contact"),
        ),
        access=(
            allow("view export", *OFFICES),
            allow("add change import void", *OFFICES),
        ),
        import_sheet=ImportSheet(
            title="普查清单",
            note="按统一代码补充单位档案；干部核改过的栏目不会被覆盖。",
            cells=(
                Cell("统一代码", "uscc", ("统一社会信用代码", "信用代码"), required=True),
                Cell("名称", "name", ("单位名称", "企业名称"), required=True),
                Cell("普查轮次", "round", ("轮次",), required=True, example="2026年上半年"),
                Cell("线索来源", "source", ("来源",)),
                Cell("单位类型", "type", ("类型",)),
                Cell("成立日期", "opened_on"),
                Cell("地址", "address", ("住所",)),
                Cell("参保人数", "insured"),
                Cell("法定代表人", "legal_rep"),
                Cell("电话", "contact", ("联系电话",)),
            ),
            same_when=("uscc", "round"),
        ),
        derive_many=census.derive_lines,
        after_many=census.follow_lines,
        order=60,
        help="docs/user/orgs.md",
    )
)

ENTRY = register(
    Register(
        key="orgs.org_entry",
        model=OrgEntry,
        date="approved_on",
        columns=("name", "kind", "org", "employer_name", "employees", "approved_on", "made_org"),
        filters=("kind", "approved_on"),
        search=("name", "employer_name", "employer_uscc"),
        sections=(
            section("工会", "org", "name", "kind", "approved_on", "approval_doc_no", "phone"),
            section(
                "单位",
                "employer_uscc",
                "employer_name",
                "employer_type",
                "site",
                "division",
                "area",
                "employees",
                "female",
                "migrant",
                "members",
            ),
            section("届次", "term_no", "term_years", "term_due_on", "chair_name", "chair_id_no"),
            section("法人", "legal_uscc", "cert_to"),
        ),
        access=(
            allow("view", *OFFICES, Role.LEADER),
            allow("add import", *OFFICES),
            allow("export reveal", Role.COUNTY, Role.DEPT),
        ),
        import_sheet=ImportSheet(
            title="工会组织导入",
            note="用于已成立的工会一次建档，不计入新建；同一单位已由其他工会涵盖的列入错误清单。",
            cells=(
                Cell("工会名称", "name", required=True),
                Cell("建会形式", "kind", required=True),
                Cell(
                    "上级工会",
                    "org",
                    required=True,
                    missing="没有找到这个上级工会，或有同名工会，请填写组织代码",
                ),
                Cell("单位统一代码", "employer_uscc", ("统一社会信用代码",), required=True),
                Cell("单位名称", "employer_name", required=True),
                Cell("单位类型", "employer_type"),
                Cell("厂区", "site"),
                Cell(
                    "所在乡镇",
                    "division",
                    ("乡镇", "街道"),
                    required=True,
                    missing="没有这个乡镇（街道），或有同名的，请填写区划代码",
                ),
                Cell(
                    "开发区",
                    "area",
                    ("产业集聚区",),
                    through=resolving.areas_named,
                    missing="没有这个开发区工会",
                ),
                Cell("职工数", "employees", required=True),
                Cell("女职工", "female"),
                Cell("农民工", "migrant"),
                Cell("会员数", "members"),
                Cell("批准日期", "approved_on", required=True),
                Cell("批复文号", "approval_doc_no", required=True),
                Cell("届次", "term_no"),
                Cell("任期", "term_years"),
                Cell("届满日期", "term_due_on"),
                Cell("主席姓名", "chair_name", required=True),
                Cell("主席身份证", "chair_id_no"),
                Cell("电话", "phone"),
                Cell("法人代码", "legal_uscc"),
                Cell("证书到期", "cert_to"),
            ),
            same_when=("employer_uscc", "site"),
        ),
        derive=entries.derive_entry,
        checks=(entries.check_entry,),
        checks_many=entries.check_entries,
        after_many=entries.follow_entries,
        order=70,
        help="docs/user/orgs.md",
    )
)

__all__ = ["CENSUS", "CENSUS_LINE", "COVERAGE", "ENTRY", "LOCAL"]
