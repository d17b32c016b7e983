"""How a scheme moves from draft to settled scores, and what an appeal may do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create_many, void_many
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.goals import planned
from gonghui.lines.goals.assessment import items_of, score_table, units_of
from gonghui.lines.goals.models import (
    AssessedUnit,
    AssessmentItem,
    AssessmentScheme,
    AssessmentScore,
    Formula,
    ScoreAppeal,
    VetoEvent,
)

OPEN_STATES = ("drafted", "consulted")
PUBLISHED_BY = (3, 31)
_WHOLE = Decimal(100)


# The scheme


def check_can_be_published(scheme: AssessmentScheme) -> None:
    """Before the end of March, filed, with units, and with points that make 100."""
    last = date(scheme.year, *PUBLISHED_BY)
    if clock.today() > last:
        raise DomainError(f"考核方案须在{last}前公布，本年度不能再公布。")
    if not scheme.plan_filed_no:
        raise DomainError("请填写督查检查考核计划备案号。", field="plan_filed_no")
    if not units_of(scheme):
        raise DomainError("请先列入参评单位。")
    total = sum((item.weight for item in items_of(scheme)), Decimal(0))
    if total != _WHOLE:
        raise DomainError(f"考核项目分值合计为{total.normalize():f}，须为100。")


def check_is_not_published(scheme: AssessmentScheme) -> None:
    """Who is judged by a published scheme may rely on it."""
    if scheme.state not in OPEN_STATES:
        raise Conflict("考核方案已公布，不能作废。")


def check_year_is_over(scheme: AssessmentScheme) -> None:
    """The year is scored when it is over, and every unit has what it is scored by."""
    if clock.today().year <= scheme.year:
        raise DomainError(f"{scheme.year}年度尚未结束，年终后才能评分。")
    score_table(scheme, clock.now())


def check_appeals_are_decided(scheme: AssessmentScheme) -> None:
    """The time for appeals is over and none is left open."""
    if ScoreAppeal.objects.filter(score__scheme=scheme, state="filed", voided_at=None).exists():
        raise Conflict("还有申诉没有答复，不能公示。")
    last = due_on("goals.appeal_days", scheme.scored_on or clock.today(), scheme.org)
    if clock.today() <= last:
        raise DomainError(f"申诉期到{last}，期满后才能公示。")


def keep_basis(scheme: AssessmentScheme) -> None:
    """The moment of scoring is that of the figures; scores taken back have none."""
    if scheme.state == "scored" and scheme.basis_at is None:
        scheme.basis_at = clock.now()
    if scheme.state == "published":
        scheme.scored_on = scheme.basis_at = None


def write_scores(scheme: AssessmentScheme, actor: Actor) -> None:
    """The points of every unit and item, from the ledger as of the basis."""
    rows = [
        {
            "org": each.unit,
            "scheme": scheme,
            "item": each.item,
            "target_value": each.target_value,
            "actual": each.actual,
            "score": each.score,
            "explanation": each.explanation,
        }
        for each in score_table(scheme, scheme.basis_at)
    ]
    with by_rule():
        _require(create_many(AssessmentScore, rows, by=actor))


def take_back_scores(scheme: AssessmentScheme, actor: Actor) -> None:
    """Scores that were wrong go, with those who appealed told by the new ones."""
    scores = AssessmentScore.objects.filter(scheme=scheme, voided_at=None)
    with by_rule():
        _require(void_many(list(scores), by=actor, reason="撤回评分，更正后重新评分"))


def _require(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error


ASSESSMENT_SCHEME = Workflow(
    states=(
        State("drafted", "起草"),
        State("consulted", "征求意见"),
        State("published", "已公布", is_locked=True),
        State("scored", "已评分", due="goals.appeal_days", is_locked=True),
        State("notified", "公示", is_locked=True),
        State("settled", "已定分", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("consult", "征求意见", move=("drafted", "consulted"), by=(Role.DEPT,)),
        Transition(
            "withdraw",
            "收回修改",
            move=("consulted", "drafted"),
            by=(Role.DEPT,),
            needs_reason=True,
        ),
        Transition(
            "publish",
            "公布",
            move=("consulted", "published"),
            by=(Role.LEADER,),
            guard=check_can_be_published,
            stamps="published_on",
        ),
        Transition(
            "score",
            "评分",
            move=("published", "scored"),
            by=(Role.DEPT,),
            guard=check_year_is_over,
            stamps="scored_on",
            effect=write_scores,
        ),
        Transition(
            "take_back",
            "撤回评分",
            move=("scored", "published"),
            by=(Role.LEADER,),
            needs_reason=True,
            effect=take_back_scores,
        ),
        Transition(
            "notify",
            "公示",
            move=("scored", "notified"),
            by=(Role.LEADER,),
            guard=check_appeals_are_decided,
        ),
        Transition(
            "settle", "定分", move=("notified", "settled"), by=(Role.LEADER,), stamps="settled_on"
        ),
    ),
)


# Its parts


def check_scheme_is_open(part: AssessedUnit | AssessmentItem) -> None:
    """Units and items change before the scheme is published."""
    if _state_of(part.scheme_id) not in OPEN_STATES:
        raise Conflict("考核方案已公布，参评单位和项目不能再增改。")


def _state_of(scheme_id: int) -> str:
    """The state of a scheme, locked so that nobody publishes it while a part is being written."""
    locked = AssessmentScheme.objects.select_for_update().filter(pk=scheme_id)
    return str(locked.values_list("state", flat=True).get())


def check_unit_is_of_the_level(part: AssessedUnit) -> None:
    """Only organisations of the assessed level take part."""
    if OrgLevel(part.unit.level).value != part.scheme.level:
        raise DomainError("参评单位与考核对象的层级不符。", field="unit")


def check_item_counts_facts(item: AssessmentItem) -> None:
    """Points come from figures that a line counts and that may be reported, not from materials."""
    if item.formula == Formula.VETO:
        if item.weight != 0:
            raise DomainError("一票否决项目不计分，分值填0。", field="weight")
        return
    if item.weight <= 0:
        raise DomainError("请填写分值。", field="weight")
    if not planned.is_declared(item.indicator):
        raise DomainError("请选择已有台账的指标；尚未接入的不能用于考核。", field="indicator")
    if not planned.may_be_assessed(item.indicator):
        raise DomainError("该指标只供内部参考，按减负规定不能用于考核。", field="indicator")


def check_veto_is_written(event: VetoEvent) -> None:
    """A veto rests on an item of the published scheme and strikes a unit of it."""
    if event.item.scheme_id != event.scheme_id or event.item.formula != Formula.VETO:
        raise DomainError("否决须依据本方案写明的一票否决项目。", field="item")
    if _state_of(event.scheme_id) in OPEN_STATES:
        raise Conflict("考核方案尚未公布。")
    if event.unit_id not in {each.unit_id for each in units_of(event.scheme)}:
        raise DomainError("该单位不是本方案的参评单位。", field="unit")


# Appeals


def check_is_own_score(appeal: ScoreAppeal) -> None:
    """A unit appeals against its own scores."""
    if appeal.score.org_id != appeal.org_id:
        raise DomainError("只能对本单位的得分申诉。", field="score")


def check_may_be_filed(appeal: ScoreAppeal) -> None:
    """In time, while the scores are open."""
    scheme = appeal.score.scheme
    last = due_on("goals.appeal_days", scheme.scored_on or clock.today(), scheme.org)
    if scheme.state != "scored" or appeal.score.voided_at is not None or clock.today() > last:
        raise Conflict(f"评分后至{last}为申诉期，现在不能申诉。")


def check_is_decided(appeal: ScoreAppeal) -> None:
    """A decision has its reason."""
    if not appeal.decision.strip():
        raise DomainError("请填写答复。", field="decision")


SCORE_APPEAL = Workflow(
    states=(
        State("drafted", "起草"),
        State("filed", "待答复", is_locked=True, due="goals.appeal_days"),
        State("upheld", "成立", is_final=True, is_locked=True),
        State("rejected", "不成立", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "file",
            "提出申诉",
            move=("drafted", "filed"),
            by=(Role.COUNTY, Role.INDUSTRY),
            guard=check_may_be_filed,
            stamps="filed_on",
        ),
        Transition(
            "uphold",
            "申诉成立",
            move=("filed", "upheld"),
            by=(Role.DEPT,),
            asks=("decision",),
            unlike=("create", "file"),
            guard=check_is_decided,
            stamps="decided_on",
        ),
        Transition(
            "reject",
            "申诉不成立",
            move=("filed", "rejected"),
            by=(Role.DEPT,),
            asks=("decision",),
            unlike=("create", "file"),
            guard=check_is_decided,
            stamps="decided_on",
        ),
    ),
)
