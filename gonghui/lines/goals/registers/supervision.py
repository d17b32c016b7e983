"""The registers of supervision."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.ledger.declare import flow, ratio, stock
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.declare import Handover, Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.goals import prints, supervision
from gonghui.lines.goals.models import SupervisionItem, SupervisionReply
from gonghui.lines.goals.workflows import supervision as workflows

_OFFICE = (Role.DEPT, Role.LEADER)

SUPERVISION_ITEMS = register(
    Register(
        key="goals.supervision_item",
        model=SupervisionItem,
        date="registered_on",
        columns=(
            "number",
            "title",
            "org",
            "level",
            "colour",
            "issued_on",
            "due_on",
            "state",
            "lead_dept",
        ),
        filters=("state", "colour", "level", "source_kind", "due_on"),
        search=("number", "title", "requirement"),
        sections=(
            section("事项", "org", "source_kind", "target", "title", "requirement", "level"),
            section("要求", "asked_value", "due_on"),
            section("责任", "lead_dept", "co_orgs", "person"),
            section("办理", "colour", "registered_on", "issued_on", "signed_on", "replied_on"),
            section("反馈", "lag_reason", "remedy", "progress", "report"),
            section("延期与挂账", "asked_due", "extension_reason", "extended_on", "review_on"),
            section("办结", "result", "conclusion", "closed_on"),
        ),
        workflow=workflows.SUPERVISION_ITEM,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add change", *_OFFICE),
            allow("void", Role.DEPT),
        ),
        indicators=(
            flow("goals.sup_issued", "督办交办件数", "件", on="issued_on"),
            flow("goals.sup_closed", "督办办结件数", "件", on="closed_on", where=Q(state="closed")),
            flow(
                "goals.sup_closed_in_time",
                "督办按期办结件数",
                "件",
                on="closed_on",
                where=Q(state="closed", closed_in_time=True),
            ),
            stock(
                "goals.sup_overdue",
                "督办逾期件数",
                "件",
                on="overdue_from",
                until="overdue_until",
                definition="办结期限次日起仍未办结的督办件；挂账期间不计。",
            ),
            ratio(
                "goals.sup_on_time",
                "督办按期办结率",
                "goals.sup_closed_in_time",
                "goals.sup_closed",
            ),
        ),
        prints=prints.SUPERVISION_ITEM,
        numbering=Numbering(
            series="督办", pattern="平工督〔{year}〕{number}号", date="registered_on", by_org=False
        ),
        accepts=(
            Handover("goals.target", supervision.LINK, supervision.from_target, _OFFICE),
            Handover("goals.practical_matter", supervision.LINK, supervision.from_matter, _OFFICE),
        ),
        derive=workflows.settle,
        checks=(workflows.check_source,),
        reads=("target", "org"),
        read_only=(
            "target",
            "colour",
            "registered_on",
            "issued_on",
            "signed_on",
            "replied_on",
            "lag_reason",
            "remedy",
            "progress",
            "report",
            "asked_due",
            "extension_reason",
            "extended_on",
            "review_on",
            "result",
            "conclusion",
            "closed_on",
        ),
        order=70,
        help="goals",
    )
)

SUPERVISION_REPLIES = register(
    Register(
        key="goals.supervision_reply",
        model=SupervisionReply,
        date="replied_on",
        parent="item",
        columns=("org", "item", "kind", "replied_on", "text"),
        sections=(section("反馈", "item", "kind", "replied_on", "text"),),
        read_only=("item", "kind", "replied_on", "text"),
        order=80,
        help="goals",
    )
)

_RULE = "督查工作办法"
for _code, _name, _days in (
    ("goals.supervision_issue_days", "督办立项后交办期限", 1),
    ("goals.sign_days", "督办签收期限", 1),
    ("goals.unsigned_days", "督办未签收转黄色警示", 2),
    ("goals.reply_ordinary_days", "普通督办件办结期限", 10),
    ("goals.reply_important_days", "重要督办件办结期限", 5),
    ("goals.reply_urgent_days", "紧急督办件办结期限", 2),
    ("goals.extension_days", "督办延期答复期限", 1),
    ("goals.close_days", "督办反馈后办结或补办期限", 3),
    ("goals.blue_before_days", "督办到期前蓝色提醒", 3),
):
    parameters.declare(_code, _name, _days, "工作日", _RULE, to_verify=True)
parameters.declare(
    "goals.red_days_to_supervise", "红灯多少天后提请督办", 14, "天", _RULE, to_verify=True
)
