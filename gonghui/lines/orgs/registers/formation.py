"""Registers of the forming of unions."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import flow, plan_ratio
from gonghui.kernel.orgs.models import FocusTag
from gonghui.kernel.registers.declare import Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.orgs import prints, workflows
from gonghui.lines.orgs.models import FormationEmployer, UnionFormation
from gonghui.lines.orgs.registers.roles import EVERYONE, EXPORTERS, LOCAL, OFFICES, OWNER
from gonghui.lines.orgs.services import formation, founding

NEW = Q(state="established", counts_as_new=True)
_RULE = (
    "计：来源为新建、其单位在成立前24个月内没有被工会涵盖过的；以上级批复成立的日期为准，不以录入日期为准。"
    "不计：更名、分立、合并、撤后重建和补录历史的工会，原因记在“不计入新建原因”；上级书面改判的从其改判。"
)


def _with(*tags: FocusTag) -> Q:
    condition = Q()
    for tag in tags:
        condition |= Q(focus_tags__contains=[tag.value])
    return NEW & condition


FORMATION = register(
    Register(
        key="orgs.union_formation",
        model=UnionFormation,
        prints=prints.FORMATION,
        date="approved_on",
        columns=(
            "number",
            "proposed_name",
            "kind",
            "superior",
            "approver",
            "approved_on",
            "counts_as_new",
            "state",
        ),
        filters=(
            "state",
            "kind",
            "mode",
            "origin",
            "approver",
            "approved_on",
            "counts_as_new",
            "is_backdated",
        ),
        search=("number", "proposed_name", "approval_doc_no"),
        sections=(
            section("建会", "org", "approver", "proposed_name", "kind", "mode", "focus_tags"),
            section("来源", "origin", "former_org", "notified_on"),
            section("筹备", "contact", "has_party_branch", "party_opinion", "prep_requested_on"),
            section("筹备批复", "prep_approved_on", "prep_doc_no"),
            section("选举结果", "election", "founding_members", "female_members"),
            section("成立批复", "approved_on", "approval_doc_no", "backdate_reason"),
            section(
                "口径", "counts_as_new", "not_new_reason", "overruled_as_new", "overrule_reason"
            ),
        ),
        workflow=workflows.UNION_FORMATION,
        access=(
            allow("view", *EVERYONE),
            allow("add void", *OFFICES),
            allow("change", *LOCAL),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            flow(
                "orgs.new_unions",
                "新建工会组织数",
                "家",
                on="approved_on",
                where=NEW,
                owner=OWNER,
                aliases=("新建工会数", "新建工会"),
                definition=_RULE + "按工会组织数计，一个联合工会计1家。",
                leaves_out="orgs.not_new_unions",
            ),
            flow(
                "orgs.not_new_unions",
                "未计入新建的工会组织数",
                "家",
                on="approved_on",
                where=Q(state="established", counts_as_new=False),
                owner=OWNER,
                definition="计：期内批复成立而不计入新建的工会组织，原因逐家写在“不计入新建原因”。"
                "不计：计入新建的。",
                told_by="not_new_reason",
            ),
            plan_ratio(
                "orgs.new_vs_plan",
                "新建工会完成率",
                of="orgs.new_unions",
                owner=OWNER,
                aliases=("新建工会完成计划比",),
                definition="年初至统计日的新建工会组织数除以当年计划；计划按下达单位（省总、市总）分别计算。",
            ),
            *(
                flow(
                    code,
                    name,
                    "家",
                    on="approved_on",
                    where=_with(*tags),
                    owner=OWNER,
                    definition=f"新建工会组织数中，重点领域含“{'”或“'.join(t.label for t in tags)}”的。"
                    + _RULE,
                )
                for code, name, tags in (
                    ("orgs.new_dispatch", "劳务派遣企业新建工会数", (FocusTag.DISPATCH,)),
                    (
                        "orgs.new_community",
                        "新型社区新建工会数",
                        (FocusTag.RURAL_COMMUNITY, FocusTag.URBAN_COMMUNITY),
                    ),
                    ("orgs.new_private", "非公企业新建工会数", (FocusTag.PRIVATE,)),
                    ("orgs.new_area", "开发区新建工会数", (FocusTag.AREA,)),
                    ("orgs.new_platform", "平台企业新建工会数", (FocusTag.PLATFORM,)),
                )
            ),
        ),
        may_be_voided=founding.check_not_founded,
        after_void_many=founding.drop_draft,
        before_many=formation.prepare_formations,
        reads=("org", "superior"),
        derive_many=formation.derive_formations,
        checks=(formation.check_formation,),
        checks_many=formation.check_formations,
        read_only=(
            "election",
            "founding_members",
            "counts_as_new",
            "not_new_reason",
            "overruled_as_new",
            "overrule_reason",
            "prep_approved_on",
            "prep_doc_no",
            "approved_on",
            "approval_doc_no",
        ),
        api="read write",
        order=1,
        help="docs/user/orgs.md",
    )
)

FORMATION_EMPLOYER = register(
    Register(
        key="orgs.formation_employer",
        model=FormationEmployer,
        parent="formation",
        columns=("employer", "site", "employees"),
        search=("employer__name",),
        sections=(section("拟涵盖单位", "employer", "site", "employees"),),
        access=(allow("view", *EVERYONE), allow("export", Role.COUNTY, Role.DEPT)),
        derive_many=formation.derive_employers,
        checks_many=formation.check_employers,
        after_many=formation.follow_employers,
        in_menu=False,
        order=2,
        help="docs/user/orgs.md",
    )
)
