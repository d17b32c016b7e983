"""The registers of the line."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Numbering, Reaction, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.mutual import indicators, prints, roster, workflows
from gonghui.lines.mutual.models import (
    BenefitRule,
    ClaimPaper,
    ClaimPayee,
    Coverage,
    GroupPolicy,
    MutualClaim,
    MutualProduct,
    PolicyChange,
    ProductDisease,
    ProductVersion,
    ReserveSnapshot,
)
from gonghui.lines.mutual.services import (
    changes,
    claims,
    coverages,
    paying,
    policies,
    products,
    reserves,
)
from gonghui.lines.mutual.workflows import MAKERS

VIEWERS = (*MAKERS, Role.LEADER, Role.FINANCE, Role.AUDIT)

PRODUCTS = register(
    Register(
        key="mutual.mutual_product",
        model=MutualProduct,
        columns=("code", "name", "carrier", "kind", "fund"),
        filters=("carrier", "kind"),
        search=("code", "name"),
        sections=(section("产品", "code", "name", "carrier", "kind", "fund"),),
        access=(allow("view", *VIEWERS), allow("add change void", Role.DEPT)),
        checks=(products.check_fund,),
        may_be_voided=products.check_no_policies,
        reads=("fund",),
        order=50,
        help="互助产品。每个产品有自己的互助金专户，规则写在产品版本里。",
    )
)

VERSIONS = register(
    Register(
        key="mutual.product_version",
        model=ProductVersion,
        columns=(
            "product",
            "title",
            "valid_from",
            "valid_to",
            "fee_per_share",
            "term_months",
            "wait_days",
            "state",
        ),
        filters=("state", "sex", "effect_rule", "valid_from"),
        search=("title", "product__name"),
        sections=(
            section("版本", "product", "title", "valid_from", "valid_to"),
            section("谁可以参加", "sex", "age_from", "age_to"),
            section("互助费", "fee_per_share", "max_shares"),
            section("保障期", "term_months", "effect_rule", "fixed_on"),
            section("等待期和续接", "wait_days", "renew_gap_days"),
            section("单位参加条件", "min_persons", "min_ratio", "all_below"),
            section(
                "申领和给付",
                "claim_limit_days",
                "min_hospital_level",
                "year_cap",
                "sum_assured",
                "required_papers",
            ),
        ),
        workflow=workflows.VERSION,
        access=(allow("view", *VIEWERS), allow("add change void", Role.DEPT)),
        may_be_voided=products.check_unused,
        order=51,
        help="产品的一个版本：费用、保障期、等待期、参加条件。发布后不能改；已有单位参保的只能另发新版本。",
    )
)

DISEASES = register(
    Register(
        key="mutual.product_disease",
        model=ProductDisease,
        parent="product_version",
        columns=("product_version", "code", "name", "group"),
        search=("code", "name"),
        sections=(section("病种", "product_version", "code", "name", "group"),),
        checks_many=products.wrong_parts,
        may_be_voided=products.check_part_is_open,
        reads=("product_version",),
        order=52,
        in_menu=False,
        help="产品版本保障的病种，按给付规则所说的组归类。",
    )
)

RULES = register(
    Register(
        key="mutual.benefit_rule",
        model=BenefitRule,
        parent="product_version",
        columns=(
            "product_version",
            "clause",
            "kind",
            "event_kind",
            "disease_group",
            "day_from",
            "day_to",
            "amount",
            "percent",
        ),
        filters=("kind", "event_kind"),
        search=("clause",),
        sections=(
            section("条款", "product_version", "clause", "kind", "event_kind", "ends_cover"),
            section("适用", "disease_group", "in_situ", "day_from", "day_to", "grade"),
            section("金额", "amount", "paid_from_day", "max_days"),
            section("比例", "cost_from", "cost_to", "percent"),
        ),
        checks_many=products.wrong_parts,
        may_be_voided=products.check_part_is_open,
        reads=("product_version",),
        order=53,
        in_menu=False,
        help="给付规则，一条一款：什么事由、生效第几天，给多少或按什么比例。系统按它测算。",
    )
)

POLICIES = register(
    Register(
        key="mutual.group_policy",
        model=GroupPolicy,
        prints=prints.POLICY,
        date="counted_on",
        columns=(
            "number",
            "org",
            "employer",
            "product",
            "heads",
            "fee_total",
            "effective_from",
            "effective_to",
            "state",
        ),
        filters=("state", "product", "applied_on", "counted_on", "effective_to", "is_legacy"),
        search=("number", "employer__name", "employer__initials"),
        sections=(
            section("参保", "employer", "product_version", "applied_on", "renews"),
            section(
                "职工数",
                "staff_total",
                "women_total",
                "staff_note",
                "exception_reason",
                "is_consented",
            ),
            section("人数和金额", "heads", "shares", "fee_total"),
            section("出资", "employer_amount", "union_amount", "staff_amount"),
            section("到账", "receipt", "received_on", "counted_on"),
            section("保障期", "is_legacy", "effective_from", "effective_to", "annulled_on"),
        ),
        read_only=(
            "heads",
            "shares",
            "fee_total",
            "receipt",
            "received_on",
            "counted_on",
            "annulled_on",
        ),
        workflow=workflows.POLICY,
        import_sheet=roster.LEGACY,
        access=(
            allow("view", *VIEWERS),
            allow("add change void import", *MAKERS),
            allow("export", Role.BASIC, Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.AUDIT),
        ),
        indicators=indicators.POLICIES,
        numbering=Numbering(
            series="参保", pattern="参保-{year}-{number:05d}", date="applied_on", by_org=False
        ),
        choose_from={"receipt": policies.fees_to_match},
        reacts=(Reaction("funds.fund_receipt", "reverse", policies.check_receipts_unused),),
        derive=policies.derive,
        checks=(policies.check,),
        may_be_voided=policies.check_not_paid,
        reads=("product_version", "product", "employer__org", "receipt", "renews", "org"),
        panels=(
            "gonghui.lines.mutual.panels.continuity",
            "gonghui.lines.mutual.panels.compared",
        ),
        order=10,
        api="read write",
        help=(
            "一个单位、一个产品、一期的团体参保：建单、导入名册、校验、复核、缴费、到账确认后生效。"
            "启用以前的参保勾选“补录的历史参保”并填保障期，核对后即为保障中或到期，不缴费、不计入参保人次。"
        ),
    )
)

COVERAGES = register(
    Register(
        key="mutual.coverage",
        model=Coverage,
        prints=prints.COVERAGE,
        date="counted_on",
        parent="policy",
        columns=(
            "person",
            "org",
            "product",
            "job_status",
            "shares",
            "fee",
            "starts_on",
            "ends_on",
            "is_continuous",
            "state",
        ),
        filters=(
            "state",
            "product",
            "product_kind",
            "sex",
            "is_continuous",
            "counted_on",
            "ends_on",
        ),
        search=("person__name", "person__initials"),
        sections=(
            section("参保", "policy", "person", "job_status", "shares", "beneficiary"),
            section(
                "保障",
                "fee",
                "starts_on",
                "ends_on",
                "is_continuous",
                "first_joined_on",
                "wait_until",
                "counted_on",
                "left_on",
            ),
        ),
        read_only=(
            "fee",
            "starts_on",
            "ends_on",
            "is_continuous",
            "first_joined_on",
            "wait_until",
            "counted_on",
            "left_on",
        ),
        workflow=workflows.COVERAGE,
        import_sheet=roster.ROSTER,
        indicators=indicators.COVERAGES,
        derive_many=coverages.derive,
        checks_many=coverages.wrong_rows,
        after_many=policies.follow_roster,
        may_be_voided=coverages.check_not_covered,
        after_void_many=policies.follow_voided,
        reads=("policy",),
        order=20,
        help="参保名册里的每一个人。费用确认到账后生效并计入人次。",
    )
)

CLAIMS = register(
    Register(
        key="mutual.mutual_claim",
        model=MutualClaim,
        prints=prints.CLAIM,
        date="paid_on",
        columns=(
            "number",
            "org",
            "person",
            "product",
            "applied_on",
            "assessed",
            "paid_on",
            "state",
        ),
        filters=("state", "product", "refuse_reason", "applied_on", "decided_on", "paid_on"),
        search=("number", "person__name", "person__initials"),
        sections=(
            section("申领人", "person", "product", "applied_on", "late_reason"),
            section(
                "事由",
                "event_kind",
                "event_on",
                "disease",
                "is_in_situ",
                "grade",
                "first_visit_on",
            ),
            section("医院和费用", "hospital", "hospital_level", "hospital_days"),
            section("金额", "total_cost", "insurance_paid", "self_paid"),
            section("测算", "coverage", "days_covered", "rule", "computed", "reckoning"),
            section("核定", "assessed", "difference_reason", "decided_on"),
            section("不予给付和申诉", "refuse_reason", "refuse_note", "appealed_on", "appeal_note"),
            section(
                "办理",
                "submitted_on",
                "was_supplemented",
                "supplement_days",
                "paid_on",
                "handling_days",
                "returned_on",
            ),
        ),
        read_only=(
            "coverage",
            "days_covered",
            "rule",
            "computed",
            "reckoning",
            "assessed",
            "difference_reason",
            "decided_on",
            "refuse_reason",
            "refuse_note",
            "appealed_on",
            "appeal_note",
            "submitted_on",
            "was_supplemented",
            "supplement_days",
            "paid_on",
            "handling_days",
            "returned_on",
        ),
        workflow=workflows.CLAIM,
        access=(
            allow("view", *VIEWERS),
            allow("add change void", *MAKERS),
            allow("reveal", *workflows.REVIEWERS),
            allow("export", Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.AUDIT),
        ),
        indicators=indicators.CLAIMS,
        numbering=Numbering(
            series="申领", pattern="申领-{year}-{number:05d}", date="applied_on", by_org=False
        ),
        reacts=(
            Reaction("funds.pay_line", "pay", paying.follow_paid),
            Reaction("funds.pay_line", "reverse", paying.follow_reversed),
            Reaction("funds.pay_line", "withdraw", paying.follow_dropped),
            Reaction("funds.pay_line", "void", paying.follow_dropped),
        ),
        derive=claims.derive,
        checks=(claims.check,),
        may_be_voided=claims.check_undecided,
        reads=("coverage__policy__product_version", "disease", "product__fund", "rule", "org"),
        order=30,
        help="互助金申领：按参加的产品版本自动测算，写明适用条款；初审、核定、发放一路可查。",
    )
)

PAPERS = register(
    Register(
        key="mutual.claim_paper",
        model=ClaimPaper,
        parent="claim",
        columns=("claim", "kind", "paper_no", "amount", "remark"),
        filters=("kind",),
        sections=(section("材料", "claim", "kind", "paper_no", "amount", "remark"),),
        checks_many=claims.wrong_papers,
        may_be_voided=claims.check_paper_may_go,
        reads=("claim",),
        order=31,
        in_menu=False,
        help="申领交来的材料。同一张医疗票据全市只能用一次。",
    )
)

PAYEES = register(
    Register(
        key="mutual.claim_payee",
        model=ClaimPayee,
        parent="claim",
        columns=("claim", "person", "relation", "amount"),
        sections=(section("收款人", "claim", "person", "relation", "amount"),),
        checks_many=claims.wrong_payees,
        may_be_voided=claims.check_payee_may_go,
        reads=("claim",),
        order=32,
        in_menu=False,
        help="职工身故时的继承人和约定的分配金额，合计须等于核定金额。",
    )
)

RESERVES = register(
    Register(
        key="mutual.reserve_snapshot",
        model=ReserveSnapshot,
        prints=prints.RESERVE,
        date="as_of",
        columns=("product", "as_of", "balance", "owed", "ratio"),
        filters=("product", "as_of"),
        sections=(
            section("测算", "product", "as_of"),
            section("应备", "approved_unpaid", "reported_estimate", "unearned_fee", "owed"),
            section("结果", "balance", "ratio", "earned_fee"),
        ),
        read_only=(
            "approved_unpaid",
            "reported_estimate",
            "unearned_fee",
            "owed",
            "balance",
            "ratio",
            "earned_fee",
        ),
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.FINANCE, Role.AUDIT),
            allow("add void", Role.DEPT),
        ),
        indicators=indicators.RESERVES,
        derive=reserves.derive,
        checks=(reserves.check,),
        after_many=reserves.warn,
        order=40,
        help="每月初自动测算上月末各产品的资金够不够：结余与已核定、已申领和未满期互助费之比。",
    )
)

CHANGES = register(
    Register(
        key="mutual.policy_change",
        model=PolicyChange,
        prints=prints.CHANGE,
        date="on",
        columns=("org", "coverage", "kind", "on", "new_person", "state"),
        filters=("state", "kind", "on"),
        sections=(
            section("变更", "coverage", "kind", "on", "reason"),
            section("更正", "new_person", "confirmed_on"),
        ),
        read_only=("confirmed_on",),
        workflow=workflows.CHANGE,
        access=(
            allow("view", *VIEWERS),
            allow("add change void import", *MAKERS),
            allow("export", Role.COUNTY, Role.INDUSTRY, Role.DEPT),
        ),
        import_sheet=roster.LEAVERS,
        checks=(changes.check,),
        may_be_voided=changes.check_unconfirmed,
        reads=("coverage__policy__product_version", "coverage__org", "new_person"),
        order=25,
        help="生效以后的人员变更：离职的仍保障到期满；名册写错人的凭证件更正。新增人员另建补充参保单。",
    )
)
