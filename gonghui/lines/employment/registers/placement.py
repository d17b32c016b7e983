"""Registers of placements and of asking after them."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import distinct, flow, ratio
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.employment import prints
from gonghui.lines.employment.models import FollowUp, Placement
from gonghui.lines.employment.models.placement import COUNTED
from gonghui.lines.employment.registers.access import KEEPERS, OFFICES, OWNER, VIEWERS
from gonghui.lines.employment.services import placement_sheet, placements
from gonghui.lines.employment.workflows.placement import PLACEMENT

_COUNTED = Q(state__in=COUNTED)

PLACEMENTS = register(
    Register(
        key="employment.placement",
        model=Placement,
        prints=prints.PLACEMENT,
        date="started_on",
        columns=(
            "number",
            "person",
            "org",
            "kind",
            "source_kind",
            "employer",
            "started_on",
            "next_follow_up_on",
            "state",
        ),
        filters=("state", "kind", "source_kind", "started_on", "next_follow_up_on"),
        search=("number", "person__name", "own_business"),
        sections=(
            section(
                "去向", "person", "kind", "source_kind", "enrolment", "intent", "seeker", "loan"
            ),
            section("单位", "employer", "own_business", "own_uscc"),
            section("上岗", "started_on", "contract_kind", "contract_to", "wage", "is_insured"),
            section("证明", "evidence", "evidence_no", "late_reason", "reported_on", "verified_on"),
            section("稳岗", "sustain_due_on", "sustained_on", "ended_on", "end_reason"),
        ),
        read_only=(
            "reported_on",
            "verified_on",
            "sustain_due_on",
            "sustained_on",
            "ended_on",
            "end_reason",
        ),
        workflow=PLACEMENT,
        import_sheet=placement_sheet.PLACEMENTS,
        access=(
            allow("view", *VIEWERS),
            allow("add change", *KEEPERS),
            allow("void import export", *OFFICES),
        ),
        indicators=(
            distinct(
                "employment.training_placed",
                "培训促就业人数",
                "人",
                subject="person",
                on="started_on",
                where=_COUNTED & Q(source_kind="training"),
                definition="期内上岗、来源为结业培训并经核实的人数，一人只计一次；认定不实的不计。",
                aliases=("帮助实现再就业人数",),
                owner=OWNER,
            ),
            distinct(
                "employment.loan_jobs",
                "借款促进再就业",
                "人",
                subject="person",
                on="started_on",
                where=_COUNTED & Q(source_kind="loan"),
                definition="期内上岗、来源为小额借款并经核实的人数，借款人和他带动的人都在内。",
                aliases=("小额借款促进再就业人数",),
                owner=OWNER,
            ),
            distinct(
                "employment.placed",
                "就业创业人数",
                "人",
                subject="person",
                on="started_on",
                where=_COUNTED,
                definition="期内上岗（创业）并经核实的人数，各种来源合计，一人只计一次。",
                owner=OWNER,
            ),
            flow(
                "employment.sustained",
                "稳岗人次",
                "人次",
                on="sustain_due_on",
                where=_COUNTED & Q(sustained_on__isnull=False),
                definition="期内满稳岗期、经回访在岗的就业去向。",
                owner=OWNER,
            ),
            flow(
                "employment.sustain_due",
                "满稳岗期人次",
                "人次",
                on="sustain_due_on",
                where=_COUNTED,
                definition="期内上岗满六个月的已核实就业去向，离岗的也在内。",
                owner=OWNER,
            ),
            ratio(
                "employment.sustained_rate",
                "稳岗率（6个月）",
                "employment.sustained",
                "employment.sustain_due",
                decimals=1,
                owner=OWNER,
            ),
        ),
        numbering=Numbering(
            series="就业去向", pattern="就业-{year}-{number:05d}", date="started_on"
        ),
        derive_many=placements.derive,
        checks_many=placements.wrong_placements,
        order=20,
        api="read write",
        help="就业人数只从这里统计：上报、由别人核实、回访、认定稳岗；离岗保留历史，不实的核减。",
    )
)

FOLLOW_UPS = register(
    Register(
        key="employment.follow_up",
        model=FollowUp,
        parent="placement",
        reads=("placement",),
        date="followed_on",
        columns=("placement", "followed_on", "result", "asked_by", "remark"),
        filters=("result", "followed_on"),
        sections=(section("回访", "placement", "followed_on", "result", "asked_by", "remark"),),
        derive_many=placements.read_placements,
        checks_many=placements.wrong_follow_ups,
        after_many=placements.follow_asked,
        after_void_many=placements.follow_voided,
        order=21,
        in_menu=False,
        help="上岗后30天、90天、180天回访；满180天仍在岗的可认定稳岗。",
    )
)
