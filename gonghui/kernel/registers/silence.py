"""Deadlines that confirm by themselves: the system does what nobody answered in time."""

from __future__ import annotations

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.registers.registry import all_registers
from gonghui.kernel.registers.write import perform
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.kernel.workflow.models import Task


def confirm_silent() -> int:
    """Do every declared silent action whose time has passed; run daily, safe to repeat."""
    done = 0
    for register in all_registers():
        workflow = register.workflow
        for transition in workflow.transitions if workflow else ():
            if not transition.confirms_after:
                continue
            waiting = Task._unscoped.filter(
                register=register.key,
                state__in=transition.sources,
                closed_at=None,
                paused_from=None,
            )
            for task in waiting.select_related("org"):
                opened = task.opened_at.astimezone(clock.ZONE).date()
                if due_on(transition.confirms_after, opened, task.org) >= clock.today():
                    continue
                record = unscoped(register.model).get(pk=task.record_id)
                try:
                    with acting(SYSTEM):
                        perform(record, transition.name, by=SYSTEM, reason="超时自动确认")
                except DomainError:
                    continue  # its guard does not hold yet: it stays on the to-do list
                done += 1
    return done
