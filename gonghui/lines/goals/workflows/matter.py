"""How practical matters and milestones move, and what holds their weights together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.matters import standings
from gonghui.lines.goals.models import MatterPart, Milestone, PracticalMatter, Target, TargetKind
from gonghui.lines.goals.models.matter import UNVERIFIED, WHOLE

OPEN_STATES = ("drafted", "adjusting")
_FIXED = ("weight", "due_on", "criterion", "is_critical")


# Practical matters


def check_parts_make_whole(matter: PracticalMatter) -> None:
    """A matter is promised with its parts, whose weights make 100."""
    parts = MatterPart.objects.filter(matter=matter, voided_at=None)
    total = sum((part.weight for part in parts), Decimal(0))
    if total != WHOLE:
        raise DomainError(
            f"实事分项的权重合计为{total.normalize():f}，须为100。请先列入目标并分配权重。"
        )


def check_is_done(matter: PracticalMatter) -> None:
    """A matter is closed when the facts say so, by somebody who does not lead it."""
    if matter.verified_by_id is None:
        raise DomainError("请填写核实人。", field="verified_by")
    if matter.verified_by_id == matter.leader_person_id:
        raise DomainError("核实人不得为责任领导本人。", field="verified_by")
    (found,) = standings([matter], clock.today())
    if found.light is not Light.DONE:
        raise DomainError(f"实事尚未完成，不能办结。{found.reason}")


PRACTICAL_MATTER = Workflow(
    states=(
        State("drafted", "拟定"),
        State("under_way", "推进中", is_locked=True),
        State("adjusting", "调整中"),
        State("completed", "已完成", is_final=True, is_locked=True),
        State("cancelled", "已取消", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "publish",
            "公布",
            move=("drafted", "under_way"),
            by=(Role.LEADER, Role.COUNTY),
            guard=check_parts_make_whole,
            stamps="published_on",
        ),
        Transition(
            "complete",
            "办结",
            move=("under_way", "completed"),
            by=(Role.LEADER, Role.COUNTY),
            asks=("verified_by",),
            guard=check_is_done,
            stamps="completed_on",
        ),
        Transition(
            "adjust",
            "调整",
            move=("under_way", "adjusting"),
            by=(Role.LEADER, Role.COUNTY),
            needs_reason=True,
        ),
        Transition(
            "resume",
            "调整完毕",
            move=("adjusting", "under_way"),
            by=(Role.LEADER, Role.COUNTY),
            guard=check_parts_make_whole,
        ),
        Transition(
            "cancel",
            "取消",
            move=(("under_way", "adjusting"), "cancelled"),
            by=(Role.LEADER, Role.COUNTY),
            needs_reason=True,
        ),
    ),
)


# Parts of a matter


def check_parts(parts: list[MatterPart]) -> dict[int, DomainError]:
    """Parts change while the matter is open, belong to its year and organisation and stay within 100."""
    matters = _locked(PracticalMatter, {part.matter_id for part in parts})
    targets = Target.objects.in_bulk({part.target_id for part in parts})
    totals = _totals(MatterPart, "matter_id", parts)
    errors: dict[int, DomainError] = {}
    for position, part in enumerate(parts):
        matter, target = matters[part.matter_id], targets[part.target_id]
        if matter.state not in OPEN_STATES and not is_by_rule():
            errors[position] = Conflict(
                "实事已公布，分项不能再增改；确需改变的，请由领导办理调整。"
            )
        elif (target.org_id, target.year) != (matter.org_id, matter.year):
            errors[position] = DomainError("只能列入同一组织、同一年度的目标。", field="target")
        elif totals[part.matter_id] > WHOLE:
            errors[position] = _too_heavy("分项", totals[part.matter_id])
    return errors


def check_part_may_go(part: MatterPart) -> None:
    """A published matter keeps its parts."""
    if part.matter.state not in OPEN_STATES:
        raise Conflict("实事已公布，分项不能作废；确需改变的，请由领导办理调整。")


# Milestones


def follow_state(milestone: Milestone) -> None:
    """What a milestone shows in its state; one that is taken up again loses its verification."""
    if milestone.state == "verified":
        milestone.percent = int(WHOLE)
        return
    if milestone.state == "reported":
        milestone.percent = UNVERIFIED
        return
    if milestone.verified_by_id is not None:
        milestone.verified_by = None
        milestone.percent = min(milestone.percent, UNVERIFIED)
    milestone.done_on = None


def check_is_not_whole_before_verified(milestone: Milestone) -> None:
    """Nobody writes 100 %; it follows from verifying."""
    if milestone.percent > UNVERIFIED and milestone.state != "verified":
        raise DomainError("完成进度100%须有佐证并经他人核实；核实前最多为75%。", field="percent")


def check_milestones(milestones: list[Milestone]) -> dict[int, DomainError]:
    """The weights of a target stay within 100, and its plan is fixed once it is whole and issued."""
    _locked(Target, {each.target_id for each in milestones})
    targets = Target.objects.select_related("plan").in_bulk({m.target_id for m in milestones})
    before = Milestone.objects.in_bulk([each.pk for each in milestones if each.pk])
    totals = _totals(Milestone, "target_id", milestones)
    fixed = _fixed(targets.values())
    errors: dict[int, DomainError] = {}
    for position, each in enumerate(milestones):
        target, old = targets[each.target_id], before.get(each.pk)
        if target.kind != TargetKind.MILESTONE:
            errors[position] = DomainError("只有“节点”类型的目标才分节点。", field="target")
        elif not target.window_from <= each.due_on <= target.due_on:
            errors[position] = DomainError("节点期限须在目标的起止日期之内。", field="due_on")
        elif totals[each.target_id] > WHOLE:
            errors[position] = _too_heavy("节点", totals[each.target_id])
        elif old is not None and each.target_id in fixed and _is_planned_anew(old, each):
            errors[position] = Conflict(
                "任务书已下达，节点的权重、期限和标准不能直接修改；确需改变的，请由领导办理节点调整。"
            )
    return errors


def check_milestone_may_go(milestone: Milestone) -> None:
    """A milestone of an issued plan stays."""
    if _fixed([_target_of(milestone)]):
        raise Conflict("任务书已下达，节点不能作废。")


def check_is_whole_again(milestone: Milestone) -> None:
    """What was adjusted under an issued plan makes a whole again."""
    target = _target_of(milestone)
    if target.plan.issued_at is not None and not _fixed([target]):
        raise DomainError("调整后节点权重合计须为100。", field="weight")


def check_is_evidenced(milestone: Milestone) -> None:
    """Who reports a milestone as done says by what it can be seen, and when it was done."""
    if not milestone.evidence.strip():
        raise DomainError("请填写佐证（文件、照片或记录编号）。", field="evidence")
    if milestone.done_on is not None and milestone.done_on > clock.today():
        raise DomainError("完成日期不能晚于今天。", field="done_on")


def check_is_verified(milestone: Milestone) -> None:
    """Verifying has a name."""
    if milestone.verified_by_id is None:
        raise DomainError("请填写核实人。", field="verified_by")
    if milestone.verified_by_id == milestone.responsible_id:
        raise DomainError("核实人不得为责任人。", field="verified_by")


def _target_of(milestone: Milestone) -> Target:
    found: Target = Target.objects.select_related("plan").get(pk=milestone.target_id)
    return found


def _fixed(targets: Iterable[Target]) -> set[int]:
    """The targets whose plan stands: the book is issued and the milestones make a whole."""
    issued = [target.pk for target in targets if target.plan.issued_at is not None]
    weights: dict[int, Decimal] = defaultdict(Decimal)
    for each in Milestone.objects.filter(target_id__in=issued, voided_at=None):
        weights[each.target_id] += each.weight
    return {pk for pk, weight in weights.items() if weight == WHOLE}


def _is_planned_anew(old: Milestone, new: Milestone) -> bool:
    if old.state == "adjusting":
        return False
    return any(getattr(old, name) != getattr(new, name) for name in _FIXED)


MILESTONE = Workflow(
    states=(
        State("pending", "推进中"),
        State("reported", "已报完成", is_locked=True),
        State("verified", "已核实", is_final=True, is_locked=True),
        State("adjusting", "调整中"),
    ),
    transitions=(
        Transition(
            "report_done",
            "报完成",
            move=("pending", "reported"),
            by=(Role.DEPT, Role.COUNTY),
            asks=("done_on", "evidence"),
            guard=check_is_evidenced,
            stamps="done_on",
        ),
        Transition(
            "send_back",
            "退回",
            move=("reported", "pending"),
            by=(Role.DEPT, Role.LEADER, Role.COUNTY),
            needs_reason=True,
        ),
        Transition(
            "verify",
            "核实完成",
            move=("reported", "verified"),
            by=(Role.DEPT, Role.LEADER, Role.COUNTY),
            asks=("verified_by",),
            unlike=("report_done",),
            guard=check_is_verified,
        ),
        Transition(
            "reopen",
            "重新办理",
            move=("verified", "pending"),
            by=(Role.LEADER,),
            needs_reason=True,
        ),
        Transition(
            "adjust",
            "节点调整",
            move=("pending", "adjusting"),
            by=(Role.LEADER,),
            needs_reason=True,
        ),
        Transition(
            "resume",
            "调整完毕",
            move=("adjusting", "pending"),
            by=(Role.LEADER,),
            guard=check_is_whole_again,
        ),
    ),
    makes_tasks=False,
)


def _locked(
    model: type[PracticalMatter] | type[Target], ids: Iterable[int]
) -> dict[int, PracticalMatter | Target]:
    """The owners, locked so that two that write at once see each other's weights."""
    found = model.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")
    return {each.pk: each for each in found}


def _totals(
    model: type[MatterPart] | type[Milestone],
    owner: str,
    records: Sequence[MatterPart] | Sequence[Milestone],
) -> dict[int, Decimal]:
    """The weights by owner as they will be, with what is being written in place of what is there."""
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for each in records:
        totals[getattr(each, owner)] += each.weight
    there = model.objects.filter(**{f"{owner}__in": list(totals)}, voided_at=None)
    for old in there.exclude(pk__in=[each.pk for each in records if each.pk]):
        totals[getattr(old, owner)] += old.weight
    return totals


def _too_heavy(what: str, total: Decimal) -> DomainError:
    return DomainError(f"{what}权重合计将为{total.normalize():f}，不能超过100。", field="weight")
