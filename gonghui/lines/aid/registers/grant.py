"""Grants, with what study and medical aid need beside them."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import flow
from gonghui.kernel.registers.declare import Numbering, Reaction, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.aid import prints
from gonghui.lines.aid.models import AidGrant, MedicalAid, MedicalInvoice, StudyAid
from gonghui.lines.aid.services import grants
from gonghui.lines.aid.workflows.grant import GRANT
from gonghui.lines.aid.workflows.hardship_file import APPROVERS, KEEPERS

_OWNER = "权益保障部"
_PAYMENTS = "funds.pay_line"
_ACCESS = (
    allow("view add change", *KEEPERS),
    allow("view", Role.LEADER, Role.AUDIT),
    allow("void", *APPROVERS),
    allow("export reveal", *APPROVERS),
)

GRANTS = register(
    Register(
        key=grants.KEY,
        model=AidGrant,
        prints=prints.GRANT,
        date="apply_on",
        columns=(
            "number",
            "kind",
            "household",
            "org",
            "amount_asked",
            "amount",
            "apply_on",
            "state",
        ),
        filters=("state", "kind", "apply_on", "approved_on", "done_on"),
        search=("number", "household__head__name", "household__head__initials"),
        sections=(
            section("申请", "org", "kind", "household", "beneficiary", "period", "apply_on"),
            section("内容", "reason", "amount_asked"),
            section("审批", "amount", "limit_amount", "approved_on", "done_on"),
        ),
        read_only=("amount", "limit_amount", "approved_on", "done_on"),
        workflow=GRANT,
        access=_ACCESS,
        numbering=Numbering(
            series="救助", pattern="JZ-{year}-{number:06d}", date="apply_on", by_org=False
        ),
        indicators=(
            flow(
                "aid.grants_done",
                "到账救助单数",
                "件",
                on="done_on",
                owner=_OWNER,
                definition="期内到账的帮扶救助单件数。",
            ),
            flow(
                "aid.grants_asked",
                "申请救助单数",
                "件",
                on="apply_on",
                owner=_OWNER,
                definition="期内申请的帮扶救助单件数，含未批准的。",
            ),
        ),
        derive_many=grants.derive_grants,
        checks_many=grants.wrong_grants,
        reads=("household__head", "file"),
        reacts=(
            Reaction(_PAYMENTS, "pay", grants.follow_paid),
            Reaction(_PAYMENTS, "fail", grants.follow_dropped),
            Reaction(_PAYMENTS, "withdraw", grants.follow_dropped),
            Reaction(_PAYMENTS, "void", grants.follow_dropped),
            Reaction(_PAYMENTS, "reverse", grants.follow_reversed),
        ),
        api="read write",
        order=30,
        help="docs/user/aid.md",
    )
)

STUDY = register(
    Register(
        key="aid.study_aid",
        model=StudyAid,
        parent="grant",
        columns=("school", "stage", "entry_year", "tuition", "other_aid"),
        checks_many=grants.wrong_parts,
        may_be_voided=grants.check_part_may_go,
        sections=(
            section("学业", "grant", "school", "stage", "entry_year", "admission_no", "tuition"),
            section("其他资助", "other_aid", "other_giver", "is_declared"),
        ),
        access=_ACCESS,
        api="read write",
        in_menu=False,
    )
)

MEDICAL = register(
    Register(
        key="aid.medical_aid",
        model=MedicalAid,
        parent="grant",
        columns=("hospital", "total_cost", "insurance_paid", "mutual_paid", "self_paid"),
        sections=(
            section("就医", "grant", "hospital", "disease", "admitted_on", "discharged_on"),
            section(
                "费用", "total_cost", "insurance_paid", "mutual_paid", "other_paid", "self_paid"
            ),
        ),
        read_only=("self_paid",),
        access=_ACCESS,
        derive=grants.derive_medical,
        checks_many=grants.wrong_parts,
        may_be_voided=grants.check_part_may_go,
        after_many=grants.limit_grants,
        api="read write",
        in_menu=False,
    )
)

INVOICES = register(
    Register(
        key="aid.medical_invoice",
        model=MedicalInvoice,
        parent="medical",
        columns=("invoice_no", "amount"),
        sections=(section("发票", "medical", "invoice_no", "amount"),),
        access=_ACCESS,
        before_many=grants.used_invoices,
        checks_many=grants.wrong_invoices,
        may_be_voided=grants.check_invoice_may_go,
        api="read write",
        in_menu=False,
    )
)
