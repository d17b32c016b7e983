"""What the line does every night; each job may run any number of times."""

from __future__ import annotations

from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, periodic
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.workflow.deadlines import calendar
from gonghui.kernel.workflow.services import remind
from gonghui.lines.goals import supervision
from gonghui.lines.goals.models import SupervisionItem
from gonghui.lines.goals.workflows.supervision import WORKED_ON

REGISTER = "goals.supervision_item"
_HEADS = {
    OrgLevel.CITY: (Role.DEPT,),
    OrgLevel.COUNTY: (Role.COUNTY,),
    OrgLevel.INDUSTRY: (Role.INDUSTRY,),
    OrgLevel.DIRECT: (Role.BASIC, Role.INDUSTRY),
}


@periodic("goals.propose_supervision", DAILY)
def propose_supervision() -> int:
    """Propose items for targets that have been red long enough."""
    return supervision.propose()


@periodic("goals.follow_supervision", DAILY)
def follow_supervision() -> int:
    """Answer items by the figures, set their colours, press those that wait; how many reminders."""
    supervision.follow()
    today = clock.today()
    with acting(SYSTEM):
        items = SupervisionItem.objects.filter(state__in=WORKED_ON, voided_at=None)
        return sum(_press(item, today) for item in items.select_related("org").order_by("pk"))


def _press(item: SupervisionItem, today: date) -> int:
    """Who is reminded of an item today: the bearer, then the office, then the leader."""
    heads = list(_HEADS.get(OrgLevel(item.org.level), (Role.BASIC, Role.STATION)))
    given = 0
    if item.state == "issued" and item.issued_on is not None:
        waited = calendar().working_days_between(item.issued_on, today)
        if waited > number_of("goals.sign_days"):
            given += _remind(item, "unsigned", heads, "已交办，请签收。")
        if waited >= number_of("goals.unsigned_days"):
            given += _remind(
                item, "unsigned-office", [Role.DEPT], f"已交办{waited}个工作日，仍未签收。"
            )
    if item.state == "replied" or item.due_on is None:
        return given
    if today > item.due_on:
        roles = [*heads, Role.DEPT, Role.LEADER]
        given += _remind(item, f"overdue-{item.due_on}", roles, f"{item.due_on}到期，已逾期。")
    elif item.colour == "blue":
        given += _remind(item, f"near-{item.due_on}", heads, f"{item.due_on}到期，请抓紧办理。")
    return given


def _remind(item: SupervisionItem, mark: str, roles: list[Role], text: str) -> int:
    message = f"督办件{item}：{text}"
    return int(remind(REGISTER, item.pk, mark, item.org_id, sorted(set(roles)), message))
