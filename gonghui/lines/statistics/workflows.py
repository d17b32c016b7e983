"""States and actions of the line's registers."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.statistics.models import DataSubmission, StatForm, StatPeriod
from gonghui.lines.statistics.services import (
    checking,
    dictionary,
    forms,
    late,
    periods,
    returns,
    sealing,
    values,
)
from gonghui.lines.statistics.services.periods import FILLERS


def check_can_be_sealed(period: StatPeriod) -> None:
    """Everybody has reported or is excused, and the figures of the whole keep the rules."""
    periods.check_may_be_sealed(period)
    checking.check_whole_is_sound(period)


STAT_PERIOD = Workflow(
    states=(
        State("open", "开放"),
        State("reporting", "上报中", due_on="seal_due_on", is_locked=True),
        State("closing", "待封存", due_on="seal_due_on", is_locked=True),
        State("sealed", "已封存", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "start",
            "开始上报",
            move=("open", "reporting"),
            by=(Role.DEPT,),
            guard=periods.check_is_over,
            effect_many=periods.open_sheets,
        ),
        Transition(
            "close",
            "提请封存",
            move=("reporting", "closing"),
            by=(Role.DEPT,),
            asks=("exceptions",),
            guard=periods.check_may_be_sealed,
            effect_many=checking.check_whole,
        ),
        Transition(
            "seal",
            "封存",
            move=("closing", "sealed"),
            by=(Role.LEADER,),
            unlike=("close",),
            guard=check_can_be_sealed,
            stamps="sealed_on",
            effect=sealing.seal_period,
        ),
        Transition(
            "reopen",
            "退回继续上报",
            move=("closing", "reporting"),
            by=(Role.LEADER, Role.DEPT),
            needs_reason=True,
        ),
    ),
)


def put_in_force(found: list[StatForm], by: Actor) -> None:
    """The former version goes out of use, and what is being reported is returned on the new one."""
    forms.retire_former(found, by)
    returns.open_for_reporting(found, by)


def check_can_be_prepared(sheet: DataSubmission) -> None:
    """The period takes reports."""
    periods.check_is_reporting(sheet)


def read_and_check(sheets: list[DataSubmission], by: Actor) -> None:
    """The figures are read once more, and judged by the rules."""
    values.refresh(sheets, by)
    checking.check_sheets(sheets, by)


def check_can_be_certified(sheet: DataSubmission) -> None:
    """The period takes reports, the figures keep the rules and somebody answers for them."""
    periods.check_is_reporting(sheet)
    checking.check_nothing_is_open(sheet)
    values.check_is_signed(sheet)


DATA_SUBMISSION = Workflow(
    states=(
        State("open", "待核对", due_on="due_on"),
        State("prepared", "待签认", due_on="due_on"),
        State("certified", "已签认", due_on="verify_due_on", is_locked=True),
        State("verified", "已审核", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "prepare",
            "核对完毕",
            move=("open", "prepared"),
            by=FILLERS,
            guard=check_can_be_prepared,
            effect_many=read_and_check,
        ),
        Transition(
            "recheck",
            "重新核对",
            move=("prepared", "open"),
            by=FILLERS,
            needs_reason=True,
            guard=periods.check_is_reporting,
        ),
        Transition(
            "certify",
            "签认上报",
            move=("prepared", "certified"),
            by=FILLERS,
            unlike=("prepare",),
            asks=("signer",),
            guard=check_can_be_certified,
        ),
        Transition(
            "verify",
            "审核通过",
            move=("certified", "verified"),
            by=(Role.DEPT,),
            unlike=("prepare", "certify"),
            guard=periods.check_is_reporting,
        ),
        Transition(
            "return",
            "退回",
            move=(("certified", "verified"), "open"),
            by=(Role.DEPT,),
            needs_reason=True,
            guard=periods.check_is_reporting,
        ),
    ),
)


LATE_CHANGE = Workflow(
    states=(
        State("listed", "待说明", is_locked=True),
        State("explained", "已说明", is_locked=True),
        State("corrected", "已并入新版次", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "explain",
            "说明",
            move=(("listed", "explained"), "explained"),
            by=(*FILLERS, Role.DEPT),
            asks=("explanation",),
            guard=late.check_is_explained,
        ),
        # Done by the rule that makes a further version, never by hand.
        Transition("correct", "并入新版次", move=(("listed", "explained"), "corrected"), by=()),
    ),
    makes_tasks=False,
)

CORRECTION_REQUEST = Workflow(
    states=(
        State("requested", "待批准"),
        State("approved", "已批准", is_final=True, is_locked=True),
        State("refused", "不予更正", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "approve",
            "批准更正",
            move=("requested", "approved"),
            by=(Role.LEADER,),
            unlike=("create",),
            asks=("published_note",),
            guard=late.check_may_be_corrected,
            stamps="approved_on",
            effect=late.seal_again,
        ),
        Transition(
            "refuse",
            "不予更正",
            move=("requested", "refused"),
            by=(Role.LEADER,),
            needs_reason=True,
        ),
    ),
)


CHECK_RESULT = Workflow(
    states=(
        State("open", "未处理", is_locked=True),
        State("explained", "已说明", is_final=True, is_locked=True),
        State("corrected", "已更正", is_final=True, is_locked=True),
        State("false_alarm", "误报", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "explain",
            "说明",
            move=(("open", "explained"), "explained"),
            by=(*FILLERS, Role.DEPT),
            asks=("explanation",),
            guard=checking.check_may_be_explained,
        ),
        Transition(
            "dismiss",
            "标为误报",
            move=(("open", "explained"), "false_alarm"),
            by=(Role.DEPT,),
            asks=("explanation",),
            guard=checking.check_has_words,
        ),
        # Done by the rule that judges again, never by hand.
        Transition("correct", "已更正", move=(("open", "explained"), "corrected"), by=()),
        Transition("reopen", "重新列出", move=(("explained", "corrected"), "open"), by=()),
    ),
)


STAT_FORM = Workflow(
    states=(
        State("draft", "草稿"),
        State("active", "启用", is_locked=True, rests=True),
        State("retired", "停用", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "activate",
            "启用",
            move=("draft", "active"),
            by=(Role.DEPT,),
            guard=forms.check_is_complete,
            stamps="activated_on",
            effect_many=put_in_force,
        ),
        Transition(
            "revise", "修订", move=("active", "active"), by=(Role.DEPT,), effect=forms.revise
        ),
        Transition(
            "retire",
            "停用",
            move=("active", "retired"),
            by=(Role.DEPT,),
            needs_reason=True,
            stamps="retired_on",
        ),
    ),
)

_ANSWERING = (*FILLERS, Role.DEPT)

FORM_RETURN = Workflow(
    states=(
        State("open", "待核对", due_on="due_on"),
        State("prepared", "待签认", due_on="due_on"),
        State("certified", "待报出", due_on="due_on", is_locked=True),
        State("sent", "已报出", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "prepare",
            "核对完毕",
            move=("open", "prepared"),
            by=_ANSWERING,
            only=returns.check_is_theirs,
            guard=returns.check_is_filled,
            effect_many=returns.read_again,
        ),
        Transition(
            "recheck",
            "重新核对",
            move=("prepared", "open"),
            by=_ANSWERING,
            only=returns.check_is_theirs,
            needs_reason=True,
        ),
        Transition(
            "certify",
            "签认",
            move=("prepared", "certified"),
            by=(*_ANSWERING, Role.LEADER),
            only=returns.check_is_theirs,
            unlike=("prepare",),
            asks=("signer", "explanation"),
            guard=returns.check_can_be_certified,
        ),
        Transition(
            "send",
            "报出",
            move=("certified", "sent"),
            by=_ANSWERING,
            asks=("sent_on", "channel", "receipt"),
            guard=returns.check_can_be_sent,
        ),
        Transition(
            "return",
            "退回",
            move=("certified", "open"),
            by=(Role.DEPT,),
            needs_reason=True,
        ),
    ),
)

RETURN_VALUE = Workflow(
    states=(
        State("derived", "系统取数", is_locked=True, rests=True),
        State("manual", "手工填报", rests=True),
    ),
    begins=("manual",),
    makes_tasks=False,
)


INDICATOR_VERSION = Workflow(
    states=(
        State("draft", "草稿"),
        State("published", "已公布", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "publish",
            "公布",
            move=("draft", "published"),
            by=(Role.DEPT,),
            unlike=("create",),
            guard=dictionary.check_comes_after,
        ),
    ),
)

HISTORICAL_FIGURE = Workflow(
    states=(
        State("entered", "待核对"),
        State("checked", "已核对", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "check",
            "核对无误",
            move=("entered", "checked"),
            by=(Role.DEPT,),
            unlike=("create",),
            only=dictionary.check_was_entered_by_another,
            guard=dictionary.check_has_document,
        ),
    ),
)
