"""Registers of the kernel's own records: organisations, employers, headcounts, and of divisions."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import distinct, stock
from gonghui.kernel.orgs.models import DivisionLevel, Org, OrgKind, OrgLevel, OrgState
from gonghui.kernel.people.models import Employer, EmployerHeadcount
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.merging import check_not_merged
from gonghui.kernel.registers.registry import register
from gonghui.kernel.registers.uses import check_is_unused
from gonghui.lines.orgs import prints, workflows
from gonghui.lines.orgs.models import DivisionEntry, EmployerDuplicate
from gonghui.lines.orgs.registers.roles import EVERYONE, EXPORTERS, KEEPERS, LOCAL, OFFICES, OWNER
from gonghui.lines.orgs.services import divisions, duplicates, own

# The dates alone say when an organisation counts; one that is dissolved counted before.
FOUNDED = ~Q(state=OrgState.PREPARING)
BASIC_KINDS = (
    OrgKind.SINGLE,
    OrgKind.JOINT,
    OrgKind.ORGANIZER,
    OrgKind.VILLAGE,
    OrgKind.DIRECT,
)

_SINCE = "自成立批复之日起至撤销生效前一日计数；筹备中的不计，撤销后不改变以往日期的数字。"

ORG = register(
    Register(
        key="orgs.org",
        model=Org,
        prints=prints.ORG,
        panels=("gonghui.lines.orgs.panels.condition_of_union",),
        date="established_on",
        columns=(
            "code",
            "name",
            "level",
            "kind",
            "superior",
            "division",
            "established_on",
            "state",
        ),
        filters=("level", "kind", "state", "division", "is_private", "established_on"),
        search=("name", "short_name", "code", "uscc", "initials"),
        sections=(
            section("基本信息", "name", "short_name", "level", "kind", "superior"),
            section(
                "登记",
                "established_on",
                "approval_doc_no",
                "dissolved_on",
                "uscc",
                "division",
                "industry",
            ),
            section("其他", "is_private", "focus_tags", "address", "phone"),
        ),
        access=(
            allow("view", *EVERYONE),
            allow("add", *LOCAL),
            allow("change", *LOCAL),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            stock(
                "orgs.basic_unions",
                "基层工会组织数",
                "个",
                on="established_on",
                until="dissolved_on",
                where=FOUNDED & Q(kind__in=BASIC_KINDS),
                owner=OWNER,
                aliases=("基层工会数",),
                definition="计：单独、联合、组织员、村（社区）形式的基层工会和直属企业工会，按工会组织数，"
                "一个联合工会计1个。不计：分会、小组、派出机构、工会联合会。" + _SINCE,
            ),
            stock(
                "orgs.township_unions",
                "乡镇（街道）工会数",
                "个",
                on="established_on",
                until="dissolved_on",
                where=FOUNDED & Q(kind=OrgKind.TOWNSHIP),
                owner=OWNER,
                definition="计：乡镇、街道一级的工会组织。不计：没有建立工会的乡镇街道（区划数另见"
                "“乡镇街道数”）。" + _SINCE,
            ),
            stock(
                "orgs.area_unions",
                "产业集聚区工会数",
                "家",
                on="established_on",
                until="dissolved_on",
                where=FOUNDED & Q(kind=OrgKind.AREA),
                owner=OWNER,
                aliases=("开发区工会数", "开发区（产业集聚区）工会数"),
                definition="计：产业集聚区（今开发区）一级的工会组织。不计：区内企业的工会。"
                + _SINCE,
            ),
            stock(
                "orgs.industry_unions",
                "产业工会数",
                "个",
                on="established_on",
                until="dissolved_on",
                where=FOUNDED & Q(kind=OrgKind.INDUSTRY),
                owner=OWNER,
                definition="计：市产业工会。不计：行业性工会联合会。" + _SINCE,
            ),
            stock(
                "orgs.direct_unions",
                "直属企业工会数",
                "个",
                on="established_on",
                until="dissolved_on",
                where=FOUNDED & Q(level=OrgLevel.DIRECT),
                owner=OWNER,
                definition="计：直接隶属市总工会的企业工会，同时也计入基层工会组织数。不计：经县（市、区）"
                "或产业工会隶属的企业工会。" + _SINCE,
            ),
        ),
        derive=own.derive_org,
        checks=(own.check_org,),
        checks_many=own.check_fixed,
        before_many=own.prepare_orgs,
        after_many=own.follow_orgs,
        read_only=("established_on", "approval_doc_no", "dissolved_on"),
        api="read",
        order=10,
        help="docs/user/orgs.md",
    )
)

EMPLOYER = register(
    Register(
        key="orgs.employer",
        model=Employer,
        date="opened_on",
        columns=("uscc", "name", "type", "is_private", "size", "division", "area", "org"),
        filters=("type", "is_private", "size", "division", "area", "is_dispatch_agency"),
        search=("name", "uscc", "legacy_code", "initials"),
        sections=(
            section("单位", "uscc", "legacy_code", "name", "former_names", "type", "is_private"),
            section("概况", "size", "opened_on", "closed_on", "is_dispatch_agency", "is_platform"),
            section("位置", "division", "area", "address"),
            section("联系", "legal_rep", "contact"),
            section("合并", "merged_into"),
        ),
        read_only=("merged_into",),
        access=(
            allow("view export", *EXPORTERS),
            allow("view", *EVERYONE),
            allow("add change", *LOCAL),
            allow("import", *OFFICES),
            allow("void", *KEEPERS),
        ),
        derive=own.derive_employer,
        checks=(own.check_employer,),
        may_be_voided=check_is_unused,
        api="read",
        order=20,
        help="docs/user/orgs.md",
    )
)

EMPLOYER_DUPLICATE = register(
    Register(
        key="orgs.employer_duplicate",
        model=EmployerDuplicate,
        date="found_on",
        columns=("first", "second", "likeness", "org", "found_on", "decided_on", "state"),
        filters=("state", "found_on"),
        search=("first__name", "second__name"),
        sections=(
            section("单位", "first", "second", "likeness", "found_on"),
            section("核定", "kept", "decided_on"),
        ),
        read_only=("likeness", "found_on", "kept", "decided_on"),
        workflow=workflows.EMPLOYER_DUPLICATE,
        access=(
            allow("view add change", *KEEPERS),
            allow("void export", Role.DEPT),
        ),
        before_many=duplicates.judge,
        may_be_voided=check_not_merged,
        order=25,
        help="docs/user/orgs.md",
    )
)

HEADCOUNT = register(
    Register(
        key="orgs.headcount",
        model=EmployerHeadcount,
        date="as_of",
        columns=("employer", "as_of", "employees", "female", "migrant", "source", "org"),
        filters=("as_of", "source"),
        search=("employer__name",),
        sections=(
            section("单位", "employer", "as_of", "source"),
            section("人数", "employees", "female", "migrant", "dispatched_in", "dispatched_out"),
        ),
        access=(
            allow("view", *EVERYONE),
            allow("add change import", *LOCAL),
            allow("void", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        import_sheet=ImportSheet(
            title="职工人数表",
            cells=(
                Cell(
                    "单位代码",
                    "employer",
                    ("统一代码", "统一社会信用代码"),
                    required=True,
                    missing="没有登记这个代码的单位，请先登记单位或导入普查清单",
                ),
                Cell("统计日期", "as_of", required=True),
                Cell("职工人数", "employees", ("职工数",), required=True),
                Cell("女职工", "female"),
                Cell("农民工", "migrant"),
                Cell("派遣用工", "dispatched_in"),
                Cell("派出人员", "dispatched_out"),
                Cell("来源", "source", required=True),
            ),
            same_when=("employer", "as_of"),
        ),
        derive=own.derive_headcount,
        checks=(own.check_headcount,),
        after_many=own.follow_headcounts,
        after_void_many=own.follow_voided_headcounts,
        api="read write",
        order=30,
        help="docs/user/orgs.md",
    )
)

_DIVISION = "按行政区划设立日期起、撤销日期止，以统计日当天有效的为准；改设、更名按批准日期。"

DIVISION = register(
    Register(
        key="orgs.division",
        model=DivisionEntry,
        date="valid_from",
        columns=("division", "level", "org", "valid_from", "valid_to"),
        filters=("level", "valid_from"),
        search=("division__name",),
        sections=(section("行政区划", "division"),),
        access=(allow("view export", *EVERYONE), allow("add change void", Role.DEPT)),
        indicators=(
            stock(
                "orgs.counties",
                "县（市、区）数",
                "个",
                on="valid_from",
                until="valid_to",
                where=Q(level=DivisionLevel.COUNTY),
                owner=OWNER,
                aliases=("县市区数",),
                definition="计：县、县级市、市辖区。不计：没有行政区划代码的功能区。" + _DIVISION,
            ),
            stock(
                "orgs.townships",
                "乡镇、街道数",
                "个",
                on="valid_from",
                until="valid_to",
                where=Q(level=DivisionLevel.TOWNSHIP),
                owner=OWNER,
                aliases=("乡镇街道数", "乡镇、街道办事处数"),
                definition="计：乡、镇、街道办事处这一级行政区划，不论是否建立工会。不计：村、社区。"
                + _DIVISION,
            ),
            # The same townships as a set, which coverages of other lines are measured against.
            distinct(
                "orgs.listed_townships",
                "乡镇、街道名单",
                "个",
                subject="division",
                on="valid_from",
                until="valid_to",
                where=Q(level=DivisionLevel.TOWNSHIP),
                owner=OWNER,
                definition="与“乡镇、街道数”相同的乡镇、街道，作为覆盖率的全集。",
            ),
        ),
        derive_many=divisions.derive_entries,
        order=90,
        help="docs/user/orgs.md",
    )
)
