"""Registers of certificates and of changes in the life of unions."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import flow, ratio, stock
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.orgs import prints, workflows
from gonghui.lines.orgs.models import LegalPersonCert, OrgChange
from gonghui.lines.orgs.models.change import ENDING
from gonghui.lines.orgs.registers.roles import EVERYONE, EXPORTERS, LOCAL, OWNER
from gonghui.lines.orgs.services import certificates, changes

CERTIFICATE = register(
    Register(
        key="orgs.legal_person_cert",
        model=LegalPersonCert,
        prints=prints.CERTIFICATE,
        date="valid_from",
        columns=(
            "org",
            "case",
            "uscc",
            "cert_no",
            "valid_from",
            "valid_to",
            "rep_differs",
            "state",
        ),
        filters=("state", "case", "valid_to", "rep_differs"),
        search=("cert_no", "uscc"),
        sections=(
            section("证书", "org", "case", "uscc", "cert_no", "registrar"),
            section("登记事项", "legal_rep", "address", "funds"),
            section("有效期", "valid_from", "valid_to", "ended_on", "replaces"),
        ),
        workflow=workflows.LEGAL_PERSON_CERT,
        access=(
            allow("view", *EVERYONE),
            allow("add change void", *LOCAL),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            stock(
                "orgs.legal_persons",
                "工会法人登记数",
                "个",
                on="valid_from",
                until="live_to",
                where=Q(state__in=("valid", "replacing", "superseded", "cancelled")),
                owner=OWNER,
                definition="计：证书在有效期内的工会，换发中的计1个。不计：证书过期、注销的和正在申请首次"
                "登记的；有效期止当天计入。",
            ),
            ratio(
                "orgs.legal_rate",
                "工会法人登记率",
                "orgs.legal_persons",
                "orgs.basic_unions",
                owner=OWNER,
                decimals=1,
                definition="工会法人登记数除以基层工会组织数，按统计日。",
            ),
        ),
        before_many=certificates.prepare_certificates,
        derive_many=certificates.derive_certificates,
        checks=(certificates.check_certificate,),
        may_be_voided=certificates.check_not_issued,
        after_void_many=certificates.refuse,
        read_only=("ended_on", "replaces"),
        api="read",
        order=7,
        help="docs/user/orgs.md",
    )
)

CHANGE = register(
    Register(
        key="orgs.org_change",
        model=OrgChange,
        prints=prints.CHANGE,
        date="effective_on",
        columns=("number", "org", "kind", "into", "effective_on", "decision_doc_no", "state"),
        filters=("state", "kind", "effective_on"),
        search=("number", "decision_doc_no", "new_name"),
        sections=(
            section("变更", "org", "kind", "reason"),
            section("内容", "new_name", "new_address", "new_superior", "into"),
            section(
                "善后", "members_plan", "property_note", "audit_project_no", "employer_end_proof"
            ),
            section("批复", "requested_on", "decision_doc_no", "effective_on", "former_name"),
        ),
        workflow=workflows.ORG_CHANGE,
        access=(
            allow("view", *EVERYONE),
            allow("add change void", *LOCAL),
            allow("export", *EXPORTERS, Role.AUDIT),
        ),
        indicators=(
            flow(
                "orgs.dissolved",
                "撤销工会数",
                "个",
                on="effective_on",
                where=Q(state="effective", kind__in=ENDING),
                owner=OWNER,
                definition="计：经上级批复撤销的和并入其他工会的，按生效日期。不计：更名、分立、停止活动；"
                "合并中继续存在的一方不计。",
            ),
        ),
        numbering=Numbering(series="组织变更", pattern="变更-{year}-{number:03d}"),
        checks=(changes.check_change,),
        choose_from={"new_superior": changes.any_union, "into": changes.any_union},
        may_be_voided=changes.check_not_effective,
        read_only=("requested_on", "decision_doc_no", "effective_on", "former_name"),
        order=8,
        help="docs/user/orgs.md",
    )
)
