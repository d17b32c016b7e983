"""Certificates and changes of unions."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.orgs.services import (
    certificates,
    changes,
)
from gonghui.lines.orgs.workflows.roles import APPROVERS, LOCAL

LEGAL_PERSON_CERT = Workflow(
    states=(
        State("pending", "待申请", due="orgs.cert_apply_days"),
        State("applied", "已申请", due="orgs.cert_reply_days"),
        State("valid", "有效", is_locked=True),
        State("replacing", "换发中", is_locked=True),
        State("superseded", "已换发", is_final=True, is_locked=True),
        State("cancelled", "已注销", is_final=True, is_locked=True),
        State("dropped", "未办理", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "apply",
            "申请登记",
            move=("pending", "applied"),
            by=LOCAL,
            effect_many=certificates.begin_replacing,
        ),
        Transition(
            "send_back",
            "退回补正",
            move=("applied", "pending"),
            by=APPROVERS,
            only=certificates.require_registrar,
            needs_reason=True,
            effect_many=certificates.refuse,
        ),
        Transition(
            "issue",
            "核发证书",
            move=("applied", "valid"),
            by=APPROVERS,
            unlike=("apply",),
            only=certificates.require_registrar,
            asks=("uscc", "cert_no", "legal_rep", "valid_from", "valid_to"),
            guard=certificates.check_ready_to_issue,
            effect_many=certificates.issue,
        ),
        Transition("enter", "建档登记", move=("pending", "valid"), by=()),
        Transition("begin_replacing", "开始换发", move=("valid", "replacing"), by=()),
        Transition("keep", "恢复有效", move=("replacing", "valid"), by=()),
        Transition("supersede", "换发", move=("replacing", "superseded"), by=()),
        Transition("cancel", "注销", move=(("valid", "replacing"), "cancelled"), by=()),
        Transition("drop", "不再办理", move=(("pending", "applied"), "dropped"), by=()),
    ),
)


ORG_CHANGE = Workflow(
    states=(
        State("draft", "草稿"),
        State("requested", "已申请", due="orgs.prep_days"),
        State("effective", "已生效", is_final=True, is_locked=True),
        State("refused", "不予批准", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "request",
            "申请变更",
            move=("draft", "requested"),
            by=(*LOCAL, Role.COUNTY, Role.INDUSTRY),
            guard=changes.check_may_request,
            stamps="requested_on",
        ),
        Transition(
            "return", "退回补正", move=("requested", "draft"), by=APPROVERS, needs_reason=True
        ),
        Transition(
            "effect",
            "批复变更",
            move=("requested", "effective"),
            by=APPROVERS,
            unlike=("request",),
            only=changes.require_superior_of_org,
            asks=("decision_doc_no", "effective_on"),
            guard=changes.check_may_approve,
            stamps="effective_on",
            effect_many=changes.approve,
        ),
        Transition(
            "refuse", "不予批准", move=("requested", "refused"), by=APPROVERS, needs_reason=True
        ),
    ),
)
