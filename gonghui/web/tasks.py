"""The to-do list: which tasks wait for an actor, what he has done, what he has sent on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.actors import grants_over_outer
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.workflow.declare import Transition
from gonghui.kernel.workflow.models import Reminder, Task
from gonghui.kernel.workflow.services import reminders_for
from gonghui.web import show

MOST_WAITING = 100
SOON_DAYS = 3
NOBODY = 0


def _for_roles(actor: Actor) -> Q:
    """Rows that name a role the actor holds over the row's org.

    A department qualifies those who work in the departments: whoever was noted in one is not asked
    for the matters of another.
    """
    wanted = Q(pk__in=[])
    for held in actor.working:
        mine = Q(roles__contains=[held.role.value])
        if held.role is Role.DEPT and actor.department:
            mine &= Q(department__in=["", actor.department])
        wanted |= mine if held.org_ids is None else mine & Q(org_id__in=held.org_ids)
    return wanted


def _open_for(actor: Actor) -> QuerySet[Task]:
    """The open tasks that a role of the actor may end."""
    found: QuerySet[Task] = Task.objects.filter(_for_roles(actor), closed_at=None)
    return found


def _with_somebody_nearer(actor: Actor) -> Exists:
    """Whether another, who holds a role of the task nearer to its org than the actor, may end it.

    Whoever sent it on does not count: often he may not take the next step himself.
    """
    others = grants_over_outer("org", "roles").exclude(user=Coalesce(OuterRef("opened_by"), NOBODY))
    nearer = others.exclude(org__in={held.org_id for held in actor.working})
    return Exists(nearer if actor.whole_city else nearer.filter(org__in=actor.org_ids))


def waiting(actor: Actor) -> QuerySet[Task]:
    """The open tasks that wait for the actor: he may end them, and nobody nearer can."""
    return _open_for(actor).exclude(_with_somebody_nearer(actor))


def below(actor: Actor) -> QuerySet[Task]:
    """The open tasks that the actor may end but that others, nearer to them, have to."""
    return _open_for(actor).filter(_with_somebody_nearer(actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many open tasks of a register wait for the actor, or `is_below` for others nearer to them.

    `here` counts those at and below an org.
    """

    register: str
    is_below: bool
    lines: int
    here: int


def tallies(actor: Actor, org: Org | None = None) -> list[Tally]:
    """What `waiting` and `below` hold by register; whoever is nearer is looked for once for all of it."""
    counted = (
        _open_for(actor)
        .annotate(is_below=_with_somebody_nearer(actor))
        .order_by("register")
        .values_list("register", "is_below")
        .annotate(
            lines=Count("pk"),
            here=Count("pk", filter=Q(org__path__startswith=org.path if org else "")),
        )
    )
    return [
        Tally(register=register, is_below=is_below, lines=lines, here=here)
        for register, is_below, lines, here in counted
    ]


def done(actor: Actor) -> QuerySet[Task]:
    """What the actor has ended."""
    found: QuerySet[Task] = Task.objects.filter(closed_by=actor.user_id).exclude(closed_at=None)
    return found


def sent(actor: Actor) -> QuerySet[Task]:
    """What the actor has sent on and others have to do, or have done."""
    found: QuerySet[Task] = Task.objects.filter(opened_by=actor.user_id)
    return found


def reminders(actor: Actor) -> QuerySet[Reminder]:
    """The reminders for a role of the actor that are not settled."""
    return reminders_for(actor)


def waiting_count(actor: Actor) -> int:
    """How many tasks wait, counted up to 100."""
    return waiting(actor).order_by()[:MOST_WAITING].count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How a due day stands to today, in words and in a colour."""

    text: str
    colour: str


def lateness(
    due_on: date | None, *, is_paused: bool = False, today: date | None = None
) -> Lateness:
    """Red when late, amber when it is due within three days."""
    if is_paused:
        return Lateness(text="已暂停计时", colour="secondary")
    if due_on is None:
        return Lateness(text="无期限", colour="secondary")
    days = (due_on - (today or clock.today())).days
    if days < 0:
        return Lateness(text=f"已超期{-days}天", colour="red")
    if days == 0:
        return Lateness(text="今天到期", colour="yellow")
    return Lateness(text=f"还有{days}天", colour="yellow" if days <= SOON_DAYS else "green")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the to-do list."""

    id: int
    record_id: int
    register: Register
    title: str
    org: str
    state: str
    colour: str
    since: Any
    due_on: date | None
    late: Lateness
    closed_at: Any
    action: str


def as_row(task: Task) -> Row | None:
    """A task in words; None when its register is no longer declared."""
    register = registry.find(task.register)
    if register is None:
        return None
    return Row(
        id=task.pk,
        record_id=task.record_id,
        register=register,
        title=task.title.removeprefix(f"{register.title}："),
        org=str(task.org),
        state=show.state_label(register, task.state),
        colour=show.state_colour(register, task.state),
        since=task.opened_at,
        due_on=task.due_on,
        late=lateness(task.due_on, is_paused=task.paused_from is not None),
        closed_at=task.closed_at,
        action=action_label(register, task.action),
    )


def action_label(register: Register, action: str) -> str:
    """The word for what ended a task."""
    if action == "void":
        return "作废"
    found: Transition | None = register.workflow.transition(action) if register.workflow else None
    return found.label if found else action
