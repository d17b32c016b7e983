"""Registers of standard checks and of honours for union work."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import Indicator, distinct, flow
from gonghui.kernel.orgs.models import OrgKind
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.orgs import prints, workflows
from gonghui.lines.orgs.models import (
    StandardCheck,
    StandardItem,
    StandardScore,
    StandardTemplate,
    UnionHonor,
)
from gonghui.lines.orgs.models.honour import GrantorLevel, HonourTitle, Tier
from gonghui.lines.orgs.registers.roles import EVERYONE, EXPORTERS, LOCAL, OFFICES, OWNER
from gonghui.lines.orgs.services import standards

TEMPLATE = register(
    Register(
        key="orgs.standard_template",
        model=StandardTemplate,
        date="valid_from",
        columns=("title", "edition", "valid_from", "valid_to", "org"),
        filters=("valid_from",),
        search=("title",),
        sections=(
            section("标准", "org", "title", "edition", "valid_from", "valid_to"),
            section("等次", "pass_score", "model_score"),
        ),
        access=(
            allow("view", *EVERYONE),
            allow("add change void export", Role.COUNTY, Role.DEPT),
        ),
        order=80,
        help="docs/user/orgs.md",
    )
)

ITEM = register(
    Register(
        key="orgs.standard_item",
        model=StandardItem,
        parent="template",
        columns=("position", "title", "full_score"),
        sections=(section("考评项目", "position", "title", "full_score"),),
        access=(allow("view", *EVERYONE), allow("export", Role.COUNTY, Role.DEPT)),
        in_menu=False,
        order=81,
        help="docs/user/orgs.md",
    )
)

CHECK = register(
    Register(
        key="orgs.standard_check",
        model=StandardCheck,
        date="sign_on",
        columns=("org", "year", "self_score", "county_score", "city_score", "grade", "state"),
        filters=("state", "year", "grade", "is_private"),
        sections=(
            section("考评", "org", "year", "template"),
            section("双亮", "sign_on", "chair_id_on", "displayed_on"),
            section("评分", "self_score", "county_score", "city_score", "grade"),
        ),
        workflow=workflows.STANDARD_CHECK,
        access=(
            allow("view", *EVERYONE),
            allow("add change", *LOCAL),
            allow("void export", *EXPORTERS),
        ),
        indicators=(
            distinct(
                "orgs.sign_displayed",
                "亮牌子亮身份企业工会数",
                "家",
                subject="org",
                on="displayed_on",
                until="displayed_to",
                where=Q(is_private=True),
                owner=OWNER,
                definition="计：非公企业工会中，工会亮了牌子、主席亮了身份的，以两个日期中较晚的为准。"
                "不计：只亮一项的、公有制企业的；同一工会各年考评只计1家。",
            ),
        ),
        derive=standards.derive_check,
        checks=(standards.check_scores_in_range,),
        choose_from={"template": standards.templates_for},
        read_only=("displayed_on", "self_score", "county_score", "city_score", "grade"),
        order=82,
        help="docs/user/orgs.md",
    )
)

SCORE = register(
    Register(
        key="orgs.standard_score",
        model=StandardScore,
        parent="check_of",
        columns=("item", "score", "evidence"),
        sections=(section("得分", "item", "score", "evidence"),),
        access=(allow("view", *EVERYONE), allow("export", Role.COUNTY, Role.DEPT)),
        checks=(standards.check_score,),
        choose_from={"item": standards.items_for},
        in_menu=False,
        order=83,
        help="docs/user/orgs.md",
    )
)

_GRANTED = "以授予日期为准，状态为已授予；推荐、申报、未获和已撤销的不计。"


def _sixgood(code: str, name: str, tier: Tier, what: str, alias: str) -> Indicator:
    return flow(
        code,
        name,
        "个",
        on="granted_on",
        where=Q(
            state="granted",
            title=HonourTitle.SIXGOOD,
            grantor_level=GrantorLevel.PROVINCE,
            tier=tier,
        ),
        owner=OWNER,
        aliases=(alias,),
        definition=f"计：受到省总工会表彰的“六好”{what}。不计：市级表彰的。" + _GRANTED,
    )


HONOUR = register(
    Register(
        key="orgs.union_honor",
        model=UnionHonor,
        prints=prints.HONOUR,
        date="granted_on",
        columns=("org", "tier", "title", "grade", "grantor_level", "year", "granted_on", "state"),
        filters=("state", "title", "tier", "grantor_level", "year", "granted_on"),
        search=("number", "doc_no", "title_detail"),
        sections=(
            section("荣誉", "org", "tier", "title", "title_detail", "grade"),
            section("授予", "grantor_level", "year", "granted_on", "doc_no", "revoked_on"),
            section("推荐", "selected_by", "score_sheet", "notice_from", "notice_to", "applied_on"),
        ),
        workflow=workflows.UNION_HONOR,
        access=(
            allow("view", *EVERYONE),
            allow("add change void", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            _sixgood(
                "orgs.sixgood_county",
                "省“六好”县（市、区）工会数",
                Tier.COUNTY,
                "县（市、区）总工会",
                "省六好县区",
            ),
            _sixgood(
                "orgs.sixgood_township",
                "省“六好”乡镇（街道）工会数",
                Tier.TOWNSHIP,
                "乡镇（街道）工会",
                "省六好乡镇",
            ),
            _sixgood(
                "orgs.sixgood_basic",
                "省“六好”基层单位工会数",
                Tier.BASIC,
                "基层单位工会",
                "省六好基层",
            ),
            distinct(
                "orgs.industry_honored",
                "受省产业工会表彰的产业工会数",
                "个",
                subject="org",
                on="granted_on",
                where=Q(
                    state="granted",
                    tier=Tier.INDUSTRY,
                    grantor_level=GrantorLevel.PROVINCE_INDUSTRY,
                ),
                owner=OWNER,
                definition="计：期内受到省产业工会表彰的市产业工会，一个产业工会多次受表彰计1个。"
                + _GRANTED,
            ),
            flow(
                "orgs.industry_models",
                "产业工会选树先进典型数",
                "个",
                on="granted_on",
                org="selected_by",
                where=Q(
                    state="granted",
                    title=HonourTitle.EXAMPLE,
                    selected_by_kind=OrgKind.INDUSTRY,
                ),
                owner=OWNER,
                definition="计：由市产业工会选树的先进典型，计在选树的产业工会。不计：县（市、区）选树的。"
                + _GRANTED,
            ),
            flow(
                "orgs.honours_granted",
                "工会工作荣誉数",
                "项",
                on="granted_on",
                where=Q(state="granted"),
                owner=OWNER,
                definition="计：工会工作的各级荣誉。不计：劳动荣誉、调研成果（另有台账）。"
                + _GRANTED,
            ),
        ),
        numbering=Numbering(series="工会荣誉", pattern="荣誉-{year}-{number:03d}"),
        derive_many=standards.derive_honours,
        checks=(standards.check_honour,),
        read_only=("granted_on", "doc_no", "revoked_on", "notice_from", "notice_to", "applied_on"),
        api="read",
        order=9,
        help="docs/user/orgs.md",
    )
)
