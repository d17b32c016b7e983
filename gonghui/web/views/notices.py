"""Public notices: what hangs, taking an objection, answering it, the sheet for the board."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gonghui.base import clock
from gonghui.base.errors import NotAllowed
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.form_writer import build_form
from gonghui.kernel.docx.forms import Form, Rows, SignOff, Text
from gonghui.kernel.docx.saying import day_in_words
from gonghui.kernel.files.kinds import DOCX
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may, may_move
from gonghui.kernel.workflow import services
from gonghui.kernel.workflow.deadlines import calendar
from gonghui.kernel.workflow.models import NoticeState, Objection, PublicNotice
from gonghui.web import versions
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

MOST = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A notice as a page shows it: its state in words and how long it still hangs."""

    notice: PublicNotice
    state: str
    colour: str
    left: str
    is_open: bool
    register: Register | None = None
    href: str = ""


def standing(notice: PublicNotice, register: Register | None = None, href: str = "") -> Standing:
    """How a notice stands today."""
    today = clock.today()
    in_time = notice.hangs_from <= today <= notice.hangs_to
    state, colour = str(NoticeState(notice.state).label), "yellow"
    if notice.state == NoticeState.OBJECTED:
        colour = "red"
    elif notice.state == NoticeState.WITHDRAWN:
        colour = "secondary"
    elif not in_time:
        state, colour = "期满无异议", "green"
    days = calendar().working_days_between(today, notice.hangs_to) if in_time else 0
    left = "今天期满" if days == 0 else f"还有{days}个工作日"
    return Standing(
        notice=notice,
        state=state,
        colour=colour,
        left=left if in_time and notice.state != NoticeState.WITHDRAWN else "",
        is_open=in_time and notice.state != NoticeState.WITHDRAWN,
        register=register,
        href=href,
    )


def may_take(actor: Actor, register: Register, record: Any) -> bool:
    """Whether the actor may note an objection: who may change the record."""
    return may(actor, "change", register, record.org_id)


def may_answer(actor: Actor, register: Register, record: Any) -> bool:
    """Whether the actor may settle an objection: who may do the record's next step."""
    if register.workflow is None:
        return may_take(actor, register, record)
    steps = register.workflow.from_state(record.state)
    return any(may_move(actor, step, record) for step in steps)


def _notices(register: Register, record: Any) -> QuerySet[PublicNotice]:
    found: QuerySet[PublicNotice] = PublicNotice.objects.filter(
        register=register.key, record_id=record.pk
    )
    return found.order_by("-pk")


class ObjectionForm(forms.Form):
    """An objection that somebody brought."""

    text = forms.CharField(max_length=2000, error_messages={"required": "请填写异议内容。"})
    contact = forms.CharField(max_length=100, required=False)


class AnswerForm(forms.Form):
    """How an objection is settled."""

    text = forms.CharField(max_length=2000, error_messages={"required": "请填写处理意见。"})
    upheld = forms.ChoiceField(
        choices=(("no", "不成立"), ("yes", "成立")),
        error_messages={
            "required": "请选择异议是否成立。",
            "invalid_choice": "请选择异议是否成立。",
        },
    )


def panel(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The notices of a record with their objections; nothing where it never hung."""
    actor = actor_of_request(request)
    notices = list(_notices(register, record).prefetch_related("objections"))
    if not notices:
        return None
    may_read = may_take(actor, register, record) or may_answer(actor, register, record)
    answered = [o.answered_by for n in notices for o in n.objections.all()]
    context = {
        "notices": [
            (standing(notice), list(notice.objections.order_by("pk"))) for notice in notices
        ],
        "names": versions.names_of(answered),
        "may_read": may_read,
        "may_take": may_take(actor, register, record) and record.voided_at is None,
        "may_answer": may_answer(actor, register, record) and record.voided_at is None,
    }
    return Panel(title="公示", template="web/_notices.html", context=context)


@require_safe
def hanging(request: HttpRequest) -> HttpResponse:
    """What hangs now within the user's range, the first to end on top."""
    actor = actor_of_request(request)
    today = clock.today()
    found = PublicNotice.objects.filter(
        state__in=(NoticeState.HANGING, NoticeState.OBJECTED),
        hangs_from__lte=today,
        hangs_to__gte=today,
    ).select_related("org")
    shown = [
        line
        for notice in found.order_by("hangs_to", "pk")[:MOST]
        if (line := _line(actor, notice)) is not None
    ]
    return render(request, "web/notices.html", {"lines": shown, "is_full": len(shown) == MOST})


def _line(actor: Actor, notice: PublicNotice) -> Standing | None:
    register = registry.find(notice.register)
    if register is None or not may(actor, "view", register, notice.org_id):
        return None
    record = register.model.objects.filter(pk=notice.record_id, voided_at=None).first()
    if record is None:
        return None
    return standing(notice, register, record_url(register, record))


@require_POST
def take(request: HttpRequest, key: str, pk: int, notice: int) -> HttpResponse:
    """Note an objection to a notice that hangs."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    found = _notices(register, record).filter(pk=notice).first()
    if found is None:
        raise Http404
    if not may_take(actor, register, record):
        raise NotAllowed("登记异议须由经办单位办理。")
    form = ObjectionForm(request.POST)
    if _said(request, form):
        services.object_to(found, form.cleaned_data["text"], form.cleaned_data["contact"])
        log.info("user %s noted an objection to notice %s", actor.user_id, found.pk)
        messages.success(request, "异议已登记，处理完毕前不能进入下一步。")
    return redirect(record_url(register, record) + "#notices")


@require_POST
def answer(request: HttpRequest, key: str, pk: int, objection: int) -> HttpResponse:
    """Settle an objection."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    found = Objection.objects.filter(pk=objection, notice__in=_notices(register, record)).first()
    if found is None:
        raise Http404
    if not may_answer(actor, register, record):
        raise NotAllowed("处理异议须由办理下一步的单位作出。")
    form = AnswerForm(request.POST)
    if _said(request, form):
        is_upheld = form.cleaned_data["upheld"] == "yes"
        services.answer(found, by=actor, text=form.cleaned_data["text"], upheld=is_upheld)
        messages.success(
            request, "异议成立，该事项不能进入下一步。" if is_upheld else "异议已处理。"
        )
    return redirect(record_url(register, record) + "#notices")


def _said(request: HttpRequest, form: forms.Form) -> bool:
    """Whether a form is right; otherwise its errors are shown on the record's page."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return form.is_valid()


@require_safe
def document(request: HttpRequest, key: str, pk: int, notice: int) -> HttpResponseBase:
    """The notice as a sheet to be posted, in the official page format."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    found = _notices(register, record).filter(pk=notice).select_related("org").first()
    if found is None:
        raise Http404
    name = f"公示-{record.number or record.pk}.docx"
    return download(build_form(SHEET, NoticeTexts(found)), name, DOCX)


SHEET = Form(
    "公　示",
    (
        Text("{title}", centred=True),
        Text("{body}"),
        Text(
            "公示时间：{hangs_from}至{hangs_to}。公示期内如有异议，请以书面或口头形式向{org}反映。"
        ),
        SignOff("{org}", "{hangs_from}"),
    ),
)


class NoticeTexts:
    """What the sheet says of a notice; its body is already masked."""

    def __init__(self, notice: PublicNotice) -> None:
        self.notice = notice

    def value(self, path: str) -> str:
        """A field of the notice."""
        value = getattr(self.notice, path)
        is_day = path in {"hangs_from", "hangs_to"}
        return day_in_words(value, in_characters=False) if is_day else str(value)

    def label(self, path: str) -> str:
        """What a field of the notice is called."""
        return str(PublicNotice._meta.get_field(path).verbose_name)  # type: ignore[union-attr]  # a concrete field

    def is_long(self, path: str) -> bool:
        """Only the body is."""
        return path == "body"

    def headings(self, block: Rows) -> list[str]:
        """A notice has nothing below it, so a table of it is empty."""
        return [""] * len(block.fields)

    def rows(self, block: Rows) -> list[list[str]]:
        """A notice has nothing below it."""
        return []
