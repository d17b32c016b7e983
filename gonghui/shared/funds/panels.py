"""What the pages of funds and batches show beside their fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.base import clock
from gonghui.base.identity import mask_name
from gonghui.kernel.access.roles import Role
from gonghui.kernel.people.models import Household, Person
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, may
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import AuditSampleLine, BankFile, FundEntry, PayLine
from gonghui.shared.funds.services import gates, given
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


def trace_of_receipt(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The way to where the money went, once it is there."""
    if record.state != "confirmed":
        return None
    context = {"href": reverse("funds:trace_receipt", args=[record.pk]), "label": "看这笔钱的去向"}
    return Panel(title="资金去向", template="funds/_trace.html", context=context)


def trace_of_line(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The way back to who gave the money."""
    context = {"href": reverse("funds:trace_line", args=[record.pk]), "label": "看这笔钱的来路"}
    return Panel(title="资金来路", template="funds/_trace.html", context=context)


def given_to(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """What a person or a household got, from every office and line (帮扶一本账), as far as one may know."""
    person, household = _whose(record)
    if person is None and household is None:
        return None
    everything = given.payments_to(person, household)
    if not everything:
        return None
    actor = actor_of_request(request)
    lines = given.known_to(everything, actor)
    mine = given.opened_to(lines, actor)
    rows = [
        {
            "line": line,
            "programme": programmes.programme_of(line.programme_code).name,
            "href": record_url(register_of(line), line) if line.pk in mine else "",
        }
        for line in lines
    ]
    context = {
        "rows": rows[:SHOWN],
        "year": clock.today().year,
        "this_year": given.sum_of_year(lines, clock.today().year),
        "total": given.sum_of_year(lines),
        "hidden": max(0, len(rows) - SHOWN),
        "unknown": len(everything) - len(lines),
    }
    return Panel(title="已享受的帮扶慰问", template="funds/_given.html", context=context)


def _whose(record: Any) -> tuple[int | None, int | None]:
    """The person and the household that a record is about."""
    if isinstance(record, Person):
        return record.pk, None
    if isinstance(record, Household):
        return None, record.pk
    household = getattr(record, "household_id", None)
    person = getattr(record, "person_id", None) if isinstance(record, PayLine) else None
    return person, household


def sample_progress(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """How far a sample has been looked through, and the way to take it along."""
    if record.state == "draft":
        return None
    found = AuditSampleLine.objects.filter(sample=record, voided_at=None)
    lines = list(found.select_related("pay_line__person", "pay_line__employer").order_by("seq"))
    actor = actor_of_request(request)
    may_export = may(actor, "export", register, record.org_id)
    of_lines = register_of(AuditSampleLine)
    masked = masked_for(actor, of_lines, record)
    context = {
        "rows": [
            {
                "line": line,
                "payee": mask_name(gates.name_of(line.pay_line))
                if masked
                else gates.name_of(line.pay_line),
                "href": record_url(of_lines, line),
            }
            for line in lines
        ],
        "all": record.drawn_count,
        "looked": sum(line.looked_on is not None for line in lines),
        "told": sum(bool(line.finding) for line in lines),
        "problems": record.problem_count,
        "seed": record.seed,
        "export_href": f"{reverse('web:export', args=[of_lines.key])}?sample={record.pk}"
        if may_export
        else None,
    }
    return Panel(title="抽查进度", template="funds/_sample.html", context=context)


def look_behind(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The way to what stands behind a payment of a sample."""
    if not may(actor_of_request(request), "change", register, record.org_id):
        return None
    context = {"href": reverse("funds:look", args=[record.pk])}
    return Panel(title="凭据", template="funds/_look.html", context=context)
