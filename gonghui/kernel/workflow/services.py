"""Acts on tasks and public notices: climbing, pausing, extending, hanging, objecting."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.workflow.deadlines import calendar, due_on
from gonghui.kernel.workflow.models import NoticeState, Objection, PublicNotice, Reminder, Task

parameters.declare(
    "workflow.climb_days", "逾期后逐级上报间隔", 3, "工作日", "内部督办规定", to_verify=True
)
parameters.declare("workflow.notice_days", "公示期", 5, "工作日", "各业务线另有规定的从其规定")

NEXT_UP = {
    Role.BASIC: Role.STATION,
    Role.STATION: Role.COUNTY,
    Role.COUNTY: Role.DEPT,
    Role.INDUSTRY: Role.DEPT,
    Role.DEPT: Role.LEADER,
    Role.FINANCE: Role.LEADER,
    Role.AUDIT: Role.LEADER,
}
HIGHEST_CLIMB = 4


def remind(
    register: str, record_id: int, mark: str, org_id: int, roles: list[Role], message: str
) -> bool:
    """Give a reminder once per record and mark; tells whether it is new."""
    _, is_new = Reminder._unscoped.get_or_create(
        register=register,
        record_id=record_id,
        mark=mark,
        defaults={
            "org_id": org_id,
            "roles": [role.value for role in roles],
            "message": message[:300],
            "made_at": clock.now(),
        },
    )
    return is_new


def reminders_for(actor: Actor) -> QuerySet[Reminder]:
    """The reminders not settled that name a role the actor holds over their org.

    An administrator's reminders are about the system, so they reach him although no record does.
    """
    wanted = Q(pk__in=[])
    for held in actor.held:
        mine = Q(roles__contains=[held.role.value])
        wanted |= mine if held.org_ids is None else mine & Q(org_id__in=held.org_ids)
    return Reminder._unscoped.filter(wanted, settled_at=None)


def climb_overdue() -> int:
    """Remind of overdue tasks: first those who owe it, then one level up per interval; run daily."""
    today = clock.today()
    step = parameters.number_of("workflow.climb_days")
    days = calendar()
    made = 0
    late = Task._unscoped.filter(closed_at=None, paused_from=None, due_on__lt=today)
    for task in late.order_by("pk"):
        if task.due_on is None:
            continue
        passed = days.working_days_between(task.due_on, today)
        level = min(HIGHEST_CLIMB, passed // max(step, 1))
        roles = [Role(role) for role in task.roles]
        for _ in range(level):
            roles = sorted({NEXT_UP.get(role, role) for role in roles})
        message = (
            f"{task.title}已逾期{(today - task.due_on).days}天（期限{task.due_on:%Y-%m-%d}）。"
        )
        mark = f"task-{task.pk}-late-{level}"
        made += remind(task.register, task.record_id, mark, task.org_id, roles, message)
        if task.climbed != level:
            task.climbed = level
            task.save(update_fields=["climbed"])
    return made


@transaction.atomic
def pause(task_id: int, *, by: Actor, reason: str) -> Task:
    """Stop a task's clock for a reason, such as waiting for another office."""
    task = _open(task_id, by)
    if not reason.strip():
        raise DomainError("暂停计时须说明原因。", field="reason")
    if task.paused_from is not None:
        raise Conflict("该事项已在暂停计时。")
    task.paused_from, task.pause_reason = clock.today(), reason
    task.save(update_fields=["paused_from", "pause_reason"])
    return task


@transaction.atomic
def resume(task_id: int, *, by: Actor) -> Task:
    """Let the clock go on; the deadline moves by the days it stood, to a working day."""
    task = _open(task_id, by)
    if task.paused_from is None:
        raise Conflict("该事项没有暂停计时。")
    if task.due_on is not None:
        stood = (clock.today() - task.paused_from).days
        task.due_on = calendar().next_working_day(task.due_on + timedelta(days=stood))
    task.paused_from = None
    task.save(update_fields=["paused_from", "due_on"])
    return task


@transaction.atomic
def extend(task_id: int, days: int, *, by: Actor, reason: str) -> Task:
    """Extend a task's deadline by working days, once."""
    task = _open(task_id, by)
    if task.due_on is None:
        raise DomainError("该事项没有期限，无须延期。")
    if task.extended:
        raise Conflict("该事项已延期一次，不能再延。")
    if days < 1 or not reason.strip():
        raise DomainError("延期须填写天数（工作日）和原因。", field="reason")
    task.due_on = calendar().add_working_days(task.due_on, days)
    task.extended, task.pause_reason = True, reason
    task.save(update_fields=["due_on", "extended", "pause_reason"])
    return task


def _open(task_id: int, by: Actor) -> Task:
    task = Task._unscoped.select_for_update().filter(pk=task_id, closed_at=None).first()
    if task is None or not by.has_role(*(Role(role) for role in task.roles), over=task.org_id):
        raise DomainError("没有找到该待办，可能已办结或不在您的范围内。", code="not_found")
    return task


def hang(
    register: str,
    record_id: int,
    org: Org,
    *,
    title: str,
    body: str,
    time: str = "workflow.notice_days",
) -> PublicNotice:
    """Hang a record in public from today for the time a parameter gives; `body` is already masked."""
    if unscoped(PublicNotice).filter(
        register=register,
        record_id=record_id,
        state__in=[NoticeState.HANGING, NoticeState.OBJECTED],
    ):
        raise Conflict("该事项正在公示，不能重复公示。")
    today = clock.today()
    return PublicNotice._unscoped.create(
        register=register,
        record_id=record_id,
        org=org,
        title=title,
        body=body,
        hangs_from=today,
        hangs_to=due_on(time, today, org),
    )


@transaction.atomic
def object_to(notice: PublicNotice, text: str, contact: str = "") -> Objection:
    """Take an objection while the notice hangs."""
    notice = PublicNotice._unscoped.select_for_update().get(pk=notice.pk)
    if clock.today() > notice.hangs_to or notice.state == NoticeState.WITHDRAWN:
        raise Conflict("公示期已过，不再受理异议；可向上级工会反映。")
    notice.state = NoticeState.OBJECTED
    notice.save(update_fields=["state"])
    return Objection.objects.create(
        notice=notice, text=text, contact=contact, received_at=clock.now()
    )


@transaction.atomic
def answer(objection: Objection, *, by: Actor, text: str, upheld: bool) -> Objection:
    """Settle an objection; when none is left open and none was upheld the notice goes on."""
    if not text.strip():
        raise DomainError("请填写处理意见。", field="answer")
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.answered_at is not None:
        raise Conflict("该异议已处理。")
    objection.answer, objection.upheld = text, upheld
    objection.answered_at, objection.answered_by = clock.now(), by.user_id
    objection.save()
    notice = PublicNotice._unscoped.select_for_update().get(pk=objection.notice_id)
    rest = notice.objections.filter(answered_at=None).exists()
    if not rest and not notice.objections.filter(upheld=True).exists():
        notice.state = NoticeState.HANGING
        notice.save(update_fields=["state"])
    return objection


def check_notice_has_passed(register: str, record_id: int) -> None:
    """Raise unless the record's last public notice ran its time without an open or upheld objection."""
    notice = (
        unscoped(PublicNotice)
        .filter(register=register, record_id=record_id)
        .order_by("-pk")
        .first()
    )
    if notice is None or notice.state == NoticeState.WITHDRAWN:
        raise DomainError("尚未公示，请先公示。")
    if notice.state == NoticeState.OBJECTED:
        raise DomainError("公示期内有异议尚未处理或异议成立，不能进入下一步。")
    if clock.today() <= notice.hangs_to:
        raise DomainError(f"公示至{notice.hangs_to:%Y-%m-%d}，期满后方可办理。")
