"""How a supervision item moves: who orders, who bears it, what is checked before it is closed."""

from __future__ import annotations

from datetime import date, timedelta

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create
from gonghui.kernel.workflow.deadlines import calendar, due_on
from gonghui.kernel.workflow.declare import Effect, State, Transition, Workflow
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.matters import standings
from gonghui.lines.goals.models import (
    PracticalMatter,
    ReplyKind,
    SupervisionColour,
    SupervisionItem,
    SupervisionLevel,
    SupervisionReply,
    SupervisionResult,
    SupervisionSource,
)
from gonghui.lines.goals.models.supervision import DONE_STATES
from gonghui.lines.goals.progress import measure

_BELOW = (Role.COUNTY, Role.INDUSTRY, Role.STATION, Role.BASIC)
_BEARERS = (*_BELOW, Role.DEPT)
_OFFICE = (Role.DEPT, Role.LEADER)
WORKED_ON = ("issued", "signed", "doing", "extending", "replied", "returned")
_WORST_FIRST = (SupervisionColour.RED, SupervisionColour.YELLOW, SupervisionColour.BLUE)


# What follows by itself


def settle(item: SupervisionItem) -> None:
    """Days, colour and result follow from what was done and from today."""
    today = clock.today()
    if item.target_id is not None:
        item.source_register, item.source_id = "goals.target", item.target_id
    item.registered_on = item.registered_on or today
    _settle_extension(item)
    if item.state == "issued" and item.due_on is None and item.issued_on is not None:
        item.due_on = due_on(f"goals.reply_{item.level}_days", item.issued_on, item.org)
    if item.state == "returned":
        item.was_returned, item.replied_on = True, None
    if item.state == "cancelled":
        item.result = SupervisionResult.WITHDRAWN
    colour = colour_on(item, today)
    if item.state not in DONE_STATES:
        item.colour = colour
    _settle_overdue(item, today)


def _settle_extension(item: SupervisionItem) -> None:
    """What was asked for is granted (`extended_on` is stamped) or, back in hand, was refused."""
    if item.asked_due is None or item.state == "extending":
        return
    if item.extended_on is not None:
        item.due_on = item.asked_due
    item.asked_due = None


def _settle_overdue(item: SupervisionItem, today: date) -> None:
    """From the day after the due day until it is closed or put aside."""
    if item.due_on is None or item.issued_on is None:
        return
    if item.state in {"suspended", "cancelled"}:
        if item.overdue_from is not None and item.overdue_until is None:
            item.overdue_until = today
        return
    late = (item.closed_on or today) > item.due_on
    item.overdue_from = item.due_on + timedelta(days=1) if late else None
    item.overdue_until = item.closed_on if late else None
    item.closed_in_time = item.state == "closed" and not late


def colour_on(item: SupervisionItem, today: date) -> str:
    """The slip that an item has come to on a day; none before it is issued or while put aside."""
    if item.state not in WORKED_ON or item.due_on is None or item.issued_on is None:
        return ""
    days = calendar()
    found = {SupervisionColour(item.pace_colour)} if item.pace_colour else set()
    if today > item.due_on:
        found.add(SupervisionColour.RED)
    waited = days.working_days_between(item.issued_on, today)
    unsigned = item.state == "issued" and waited >= number_of("goals.unsigned_days")
    if item.was_returned or unsigned:
        found.add(SupervisionColour.YELLOW)
    if today >= days.add_working_days(item.due_on, -number_of("goals.blue_before_days")):
        found.add(SupervisionColour.BLUE)
    return next((each.value for each in _WORST_FIRST if each in found), "")


# Who


def only_the_bearer(item: SupervisionItem, actor: Actor) -> None:
    """A department bears what is the city's own; below it is the organisation's own people."""
    roles = (Role.DEPT,) if item.org.level == OrgLevel.CITY else _BELOW
    if not actor.has_role(*roles, over=item.org_id):
        raise NotAllowed("须由主办单位办理。")


# What must hold


def check_source(item: SupervisionItem) -> None:
    """An item about a target or a matter names its record; others name none of these."""
    if item.source_kind == SupervisionSource.TARGET and item.target_id is None:
        raise DomainError("请在目标页面点“督办”立项。", field="source_kind")
    if item.source_kind == SupervisionSource.MATTER and item.source_id is None:
        raise DomainError("请在实事页面点“督办”立项。", field="source_kind")
    if item.target_id is not None and item.target.org_id != item.org_id:
        raise DomainError("目标不是主办单位承担的。", field="target")


def check_can_be_issued(item: SupervisionItem) -> None:
    """The day by which it is to be done lies ahead; without one the level gives it."""
    if item.due_on is not None and item.due_on <= clock.today():
        raise DomainError("办结期限须晚于今天。", field="due_on")


def check_can_be_resumed(item: SupervisionItem) -> None:
    """What is taken up again has a new day."""
    if item.due_on is None or item.due_on <= clock.today():
        raise DomainError("请重新填写晚于今天的办结期限。", field="due_on")


def check_is_ordinary(item: SupervisionItem) -> None:
    """Important and urgent items are ordered by a leader."""
    if item.level != SupervisionLevel.ORDINARY:
        raise DomainError("重要、紧急督办件须由领导交办。")
    check_can_be_issued(item)


def check_tells_progress(item: SupervisionItem) -> None:
    """Progress has words."""
    if not item.progress.strip():
        raise DomainError("请填写进展。", field="progress")


def check_is_answered(item: SupervisionItem) -> None:
    """A report has words; where a target fell behind, also why and what is done about it."""
    if not item.report.strip():
        raise DomainError("请填写办结报告。", field="report")
    if item.target_id is not None:
        for name, label in (("lag_reason", "滞后原因"), ("remedy", "整改措施")):
            if not getattr(item, name).strip():
                raise DomainError(f"请填写{label}。", field=name)


def check_may_be_extended(item: SupervisionItem) -> None:
    """Once, before it is due, to a later day, for a reason."""
    if item.extended_on is not None:
        raise Conflict("已延期一次，不能再延。")
    if item.due_on is None or clock.today() > item.due_on:
        raise Conflict("已过办结期限，不能再申请延期。")
    if item.asked_due is None or item.asked_due <= item.due_on:
        raise DomainError(f"请填写晚于{item.due_on}的日期。", field="asked_due")
    if not item.extension_reason.strip():
        raise DomainError("请填写延期原因。", field="extension_reason")


def check_has_review(item: SupervisionItem) -> None:
    """What is put aside is looked at again on a day."""
    if item.review_on is None or item.review_on <= clock.today():
        raise DomainError("请填写晚于今天的复查日期。", field="review_on")


def check_has_result(item: SupervisionItem) -> None:
    """A closed item says what came of it."""
    if not item.result:
        raise DomainError("请选择办理结果。", field="result")


def check_facts(item: SupervisionItem) -> None:
    """One sentence does not close an item: the light of its source is no longer red."""
    check_has_result(item)
    reason = _red(item)
    if reason:
        raise DomainError(f"事实尚未改变，不能办结：{reason}确需办结的，由领导说明原因。")


def check_facts_of_ordinary(item: SupervisionItem) -> None:
    """Who issued it closes it."""
    if item.level != SupervisionLevel.ORDINARY:
        raise DomainError("重要、紧急督办件须由领导同意办结。")
    check_facts(item)


def _red(item: SupervisionItem) -> str:
    """Why the source of an item is red today, or nothing."""
    today = clock.today()
    if item.target_id is not None:
        found = measure([item.target], today)[item.target_id].standing
        return found.reason if found is not None and found.light is Light.RED else ""
    if item.source_kind == SupervisionSource.MATTER:
        matter = PracticalMatter.objects.filter(pk=item.source_id)
        for each in standings(list(matter), today):
            if each.light is Light.RED:
                return each.reason
    return ""


# What is kept of the answers


def _kept(kind: ReplyKind, name: str) -> Effect:
    def keep(item: SupervisionItem, actor: Actor) -> None:
        with by_rule():
            create(
                SupervisionReply,
                by=actor,
                org=item.org,
                item=item,
                kind=kind,
                replied_on=clock.today(),
                text=getattr(item, name) if name else "",
            )

    return keep


SUPERVISION_ITEM = Workflow(
    states=(
        State("registered", "立项", due="goals.supervision_issue_days"),
        State("issued", "已交办", due="goals.sign_days", is_locked=True),
        State("signed", "已签收", due_on="due_on", is_locked=True),
        State("doing", "办理中", due_on="due_on", is_locked=True),
        State("extending", "延期待批", due="goals.extension_days", is_locked=True),
        State("replied", "已反馈", due="goals.close_days", is_locked=True),
        State("returned", "退回补办", due="goals.close_days", is_locked=True),
        State("suspended", "挂账", due_on="review_on", is_locked=True),
        State("closed", "已办结", is_final=True, is_locked=True),
        State("cancelled", "撤项", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "issue",
            "交办",
            move=("registered", "issued"),
            by=(Role.DEPT,),
            asks=("due_on",),
            guard=check_is_ordinary,
            stamps="issued_on",
        ),
        Transition(
            "issue_by_leader",
            "领导交办",
            move=("registered", "issued"),
            by=(Role.LEADER,),
            asks=("due_on", "level"),
            guard=check_can_be_issued,
            stamps="issued_on",
        ),
        Transition(
            "sign",
            "签收",
            move=("issued", "signed"),
            by=_BEARERS,
            only=only_the_bearer,
            stamps="signed_on",
            effect=_kept(ReplyKind.SIGNED, ""),
        ),
        Transition(
            "report_progress",
            "报进展",
            move=(("signed", "doing", "returned"), "doing"),
            by=_BEARERS,
            only=only_the_bearer,
            asks=("progress", "lag_reason", "remedy"),
            guard=check_tells_progress,
            effect=_kept(ReplyKind.PROGRESS, "progress"),
        ),
        Transition(
            "ask_extension",
            "申请延期",
            move=(("signed", "doing"), "extending"),
            by=_BEARERS,
            only=only_the_bearer,
            asks=("asked_due", "extension_reason"),
            guard=check_may_be_extended,
            effect=_kept(ReplyKind.EXTENSION, "extension_reason"),
        ),
        Transition(
            "grant_extension",
            "同意延期",
            move=("extending", "doing"),
            by=_OFFICE,
            unlike=("ask_extension",),
            stamps="extended_on",
        ),
        Transition(
            "refuse_extension",
            "不同意延期",
            move=("extending", "doing"),
            by=_OFFICE,
            needs_reason=True,
        ),
        Transition(
            "reply",
            "报办结",
            move=(("signed", "doing", "returned"), "replied"),
            by=_BEARERS,
            only=only_the_bearer,
            asks=("report", "lag_reason", "remedy"),
            guard=check_is_answered,
            stamps="replied_on",
            effect=_kept(ReplyKind.REPORT, "report"),
        ),
        Transition(
            "answer",
            "系统反馈",
            move=(("issued", "signed", "doing", "returned"), "replied"),
            by=(),
            asks=("report",),
            stamps="replied_on",
            effect=_kept(ReplyKind.SYSTEM, "report"),
        ),
        Transition(
            "close",
            "同意办结",
            move=("replied", "closed"),
            by=(Role.DEPT,),
            asks=("result", "conclusion"),
            unlike=("reply",),
            guard=check_facts_of_ordinary,
            stamps="closed_on",
        ),
        Transition(
            "close_by_leader",
            "领导同意办结",
            move=("replied", "closed"),
            by=(Role.LEADER,),
            asks=("result", "conclusion"),
            unlike=("reply",),
            guard=check_facts,
            stamps="closed_on",
        ),
        Transition(
            "close_all_the_same",
            "说明原因办结",
            move=("replied", "closed"),
            by=(Role.LEADER,),
            asks=("result", "conclusion"),
            unlike=("reply",),
            needs_reason=True,
            guard=check_has_result,
            stamps="closed_on",
        ),
        Transition(
            "return",
            "退回补办",
            move=("replied", "returned"),
            by=_OFFICE,
            needs_reason=True,
        ),
        Transition(
            "suspend",
            "挂账",
            move=("doing", "suspended"),
            by=(Role.LEADER,),
            asks=("review_on",),
            needs_reason=True,
            guard=check_has_review,
        ),
        Transition(
            "resume",
            "恢复办理",
            move=("suspended", "doing"),
            by=_OFFICE,
            asks=("due_on",),
            guard=check_can_be_resumed,
        ),
        Transition(
            "cancel",
            "撤项",
            move=(("registered", "issued", "signed", "doing", "suspended"), "cancelled"),
            by=(Role.LEADER,),
            needs_reason=True,
        ),
    ),
)
