"""From the plan of a station to its closing."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.registers.write import change
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.aid.models.station import AidStation, StationStandard

BUILDERS = (Role.STATION, Role.COUNTY, Role.DEPT)
_APPROVERS = (Role.COUNTY, Role.DEPT)


def check_meets_standards(station: AidStation) -> None:
    """A plate is given only to a station that has all that the acceptance asks for."""
    if not station.services:
        raise DomainError("请至少选择一项服务功能，再办理授牌运行。", field="services")
    lacking = [each.label for each in StationStandard if each.value not in station.standards]
    if lacking:
        raise DomainError(
            f"规范化验收还缺：{'、'.join(lacking)}。补齐后再办理授牌运行。", field="standards"
        )


def _take_suspension_back(station: Any, by: Actor) -> None:
    change(station, by=SYSTEM, suspended_on=None)


STATION = Workflow(
    states=(
        State("planned", "拟建"),
        State("building", "筹建"),
        State("open", "运行", rests=True),
        State("suspended", "停用"),
        State("closed", "撤销", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("build", "开始筹建", move=("planned", "building"), by=BUILDERS),
        Transition(
            "open",
            "授牌运行",
            move=(("planned", "building"), "open"),
            by=_APPROVERS,
            asks=("opened_on",),
            guard=check_meets_standards,
            stamps="opened_on",
        ),
        Transition(
            "suspend",
            "停用",
            move=("open", "suspended"),
            by=_APPROVERS,
            asks=("suspended_on",),
            needs_reason=True,
            stamps="suspended_on",
        ),
        Transition(
            "resume",
            "恢复运行",
            move=("suspended", "open"),
            by=_APPROVERS,
            guard=check_meets_standards,
            effect=_take_suspension_back,
        ),
        Transition(
            "close",
            "撤销",
            move=(("planned", "building", "open", "suspended"), "closed"),
            by=_APPROVERS,
            asks=("closed_on",),
            needs_reason=True,
            stamps="closed_on",
        ),
    ),
)
