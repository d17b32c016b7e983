"""The registers of inspections, of who inspects, and of the items."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import distinct, flow, ratio
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.women import prints
from gonghui.lines.women.models import InspectionItem, InspectionMember, WomenInspection
from gonghui.lines.women.registers.roles import EXPORTERS, LOCAL, OFFICES, OWNER
from gonghui.lines.women.services import inspections
from gonghui.lines.women.workflows.inspection import INSPECTION

_DONE = ~Q(state="planned")
_WRONG = Q(inspected_on__isnull=False, answer="violation")

INSPECTIONS = register(
    Register(
        key="women.inspection",
        model=WomenInspection,
        prints=prints.INSPECTION,
        date="inspected_on",
        columns=(
            "number",
            "employer",
            "org",
            "kind",
            "inspected_on",
            "found",
            "fixed",
            "is_serious",
            "state",
        ),
        filters=(
            "state",
            "kind",
            "is_serious",
            "campaign",
            "planned_on",
            "inspected_on",
            "due_on",
        ),
        search=("number", "employer__name"),
        sections=(
            section("检查", "employer", "kind", "campaign", "planned_on", "joint_bodies"),
            section("人数（只填人数）", "women_total", "pregnant_count", "nursing_count"),
            section("现场", "inspected_on", "signed", "signed_note"),
            section(
                "整改",
                "letter_kind",
                "letter_no",
                "letter_on",
                "due_on",
                "answered_on",
                "referred_to",
            ),
            section("结果", "found", "fixed", "is_serious"),
        ),
        read_only=(
            "inspected_on",
            "signed",
            "signed_note",
            "letter_kind",
            "letter_no",
            "letter_on",
            "due_on",
            "answered_on",
            "referred_to",
            "found",
            "fixed",
            "is_serious",
        ),
        workflow=INSPECTION,
        access=(
            allow("view", *LOCAL, Role.LEADER, Role.AUDIT),
            allow("add change", *LOCAL),
            allow("void", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            distinct(
                "women.inspections",
                "女职工劳动保护检查单位",
                "家",
                subject="employer",
                on="inspected_on",
                where=_DONE,
                owner=OWNER,
                definition="计：期内登记了现场检查的单位，一家几次只计一家。不计：计划的。",
            ),
            distinct(
                "women.special_inspections",
                "禁忌劳动专项检查单位",
                "家",
                subject="employer",
                on="inspected_on",
                where=_DONE & Q(kind="special"),
                owner=OWNER,
                definition="“女职工劳动保护检查单位”中检查类型为专项（禁忌劳动）的。",
            ),
        ),
        numbering=Numbering(series="女检", pattern="女检-{year}-{number:03d}", date="planned_on"),
        checks=(inspections.check_names_nobody,),
        after_many=inspections.make_items,
        reads=("employer",),
        order=20,
        help="检查表24项由系统带出；发现问题的发函、整改、复查、销号，逾期不改的移送。只填人数，不填姓名。",
    )
)

MEMBERS = register(
    Register(
        key="women.inspection_member",
        model=InspectionMember,
        parent="inspection",
        reads=("inspection",),
        columns=("inspection", "person", "card_no"),
        search=("card_no",),
        sections=(section("检查组成员", "inspection", "person", "card_no"),),
        access=(allow("view", *LOCAL),),
        checks_many=inspections.wrong_members,
        in_menu=False,
        order=21,
        help="两人以上，须持监督员证，不得来自被检查单位。",
    )
)

ITEMS = register(
    Register(
        key="women.inspection_item",
        model=InspectionItem,
        parent="inspection",
        reads=("inspection",),
        date="inspected_on",
        columns=("position", "text", "clause", "answer", "fact", "due_on", "fixed_on"),
        filters=("answer", "inspected_on"),
        search=("text", "fact"),
        sections=(
            section("项目", "inspection", "position", "text", "clause"),
            section("检查", "answer", "fact", "measure"),
            section("整改", "due_on", "fixed_on", "fixed_proof"),
        ),
        read_only=("position",),
        access=(allow("view", *LOCAL, Role.LEADER, Role.AUDIT),),
        indicators=(
            flow(
                "women.violations",
                "女职工劳动保护问题",
                "个",
                on="inspected_on",
                where=_WRONG,
                owner=OWNER,
                definition="计：期内检查发现的不符合项目。",
            ),
            flow(
                "women.violations_fixed",
                "女职工劳动保护问题已整改",
                "个",
                on="inspected_on",
                where=_WRONG & Q(fixed_on__isnull=False),
                owner=OWNER,
                definition="计：期内检查发现、已整改的不符合项目，以检查日期计。",
            ),
            ratio(
                "women.violations_fixed_rate",
                "女职工劳动保护问题整改率",
                "women.violations_fixed",
                "women.violations",
                decimals=1,
                owner=OWNER,
                definition="期内检查发现的问题中已整改的比例。",
            ),
        ),
        checks=(inspections.check_names_nobody,),
        checks_many=inspections.wrong_items,
        after_many=inspections.count_items,
        may_be_voided=inspections.check_is_own,
        after_void_many=inspections.follow_void,
        in_menu=False,
        order=22,
        help="逐项填写检查结果；不符合的写明事实，整改后填日期和证明。",
    )
)
