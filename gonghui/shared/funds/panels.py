"""What the pages of funds and batches show beside their fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds.models import BankFile, FundEntry, PayLine
from gonghui.shared.funds.services import gates
from gonghui.web.columns import record_url
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

SHOWN = 100
OPEN = ("draft", "checked", "returned")


def money(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The last movements of a fund, each with the record behind it."""
    entries = FundEntry.objects.filter(fund=record).select_related("batch", "receipt", "allotment")
    rows = []
    for entry in entries.order_by("-id")[:SHOWN]:
        source = entry.batch or entry.receipt or entry.allotment
        rows.append(
            {
                "entry": entry,
                "source": source,
                "href": record_url(register_of(source), source) if source else None,
            }
        )
    return Panel(title="资金流水", template="funds/_entries.html", context={"rows": rows})


def gates_of(request: HttpRequest, register: Register, record: Any) -> Panel:
    """What is wrong with a roster, and the files that go to the bank and come back."""
    actor = actor_of_request(request)
    findings = gates.findings_of(record) if record.state in OPEN else []
    may_pay = actor.has_role(Role.FINANCE, over=record.org_id)
    has_file = BankFile.objects.filter(batch=record, voided_at=None).exists()
    again = PayLine.objects.filter(reissue_of__batch=record, voided_at=None)
    failed = (
        PayLine.objects.filter(batch=record, state="failed", voided_at=None)
        .exclude(pk__in=again.exclude(state="withdrawn").values("reissue_of_id"))
        .count()
    )
    may_change = may(actor, "change", register, record.org_id)
    context = {
        "findings": findings[:SHOWN],
        "blocks": sum(finding.blocks for finding in findings),
        "warnings": sum(not finding.blocks for finding in findings),
        "hidden": max(0, len(findings) - SHOWN),
        "is_open": record.state in OPEN,
        "failed": failed,
        "download_href": reverse("funds:bank_file", args=[record.pk])
        if may_pay and has_file
        else None,
        "answer_href": reverse("funds:bank_answer", args=[record.pk])
        if may_pay and record.state == "sent"
        else None,
        "reissue_href": reverse("funds:reissue", args=[record.pk])
        if may_change and failed
        else None,
    }
    return Panel(title="校验与银行文件", template="funds/_gates.html", context=context)
