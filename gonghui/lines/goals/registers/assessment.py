"""The registers of assessment."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.declare import Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.goals import prints
from gonghui.lines.goals.models import (
    AssessedUnit,
    AssessmentItem,
    AssessmentScheme,
    AssessmentScore,
    ScoreAppeal,
    VetoEvent,
)
from gonghui.lines.goals.workflows import assessment as workflows

_ASSESSED = (Role.COUNTY, Role.INDUSTRY)
_CITY = (Role.DEPT, Role.LEADER)


def indicator_choices(_: Any = None) -> list[tuple[str, str]]:
    """The indicators that may judge somebody."""
    return [
        (each.code, f"{each.name}（{each.code}）")
        for each in catalogue.all_indicators()
        if each.reportable
    ]


ASSESSMENT_SCHEMES = register(
    Register(
        key="goals.assessment_scheme",
        model=AssessmentScheme,
        date="published_on",
        columns=("year", "title", "level", "org", "published_on", "scored_on", "state"),
        filters=("year", "level", "state"),
        search=("title", "plan_filed_no"),
        sections=(
            section("方案", "org", "year", "level", "title", "plan_filed_no"),
            section("办理", "published_on", "scored_on", "basis_at", "settled_on"),
        ),
        workflow=workflows.ASSESSMENT_SCHEME,
        access=(allow("view export", *_CITY, *_ASSESSED), allow("add change void", Role.DEPT)),
        derive=workflows.keep_basis,
        may_be_voided=workflows.check_is_not_published,
        prints=prints.ASSESSMENT_SCHEME,
        panels=("gonghui.lines.goals.panels.ranking_of_scheme",),
        read_only=("published_on", "scored_on", "basis_at", "settled_on"),
        order=90,
        help="goals",
    )
)

ASSESSED_UNITS = register(
    Register(
        key="goals.assessed_unit",
        model=AssessedUnit,
        parent="scheme",
        columns=("org", "scheme", "unit", "group"),
        sections=(section("参评单位", "scheme", "unit", "group"),),
        checks=(workflows.check_scheme_is_open, workflows.check_unit_is_of_the_level),
        may_be_voided=workflows.check_scheme_is_open,
        reads=("scheme", "unit"),
        order=91,
        help="goals",
    )
)

ASSESSMENT_ITEMS = register(
    Register(
        key="goals.assessment_item",
        model=AssessmentItem,
        parent="scheme",
        columns=("seq", "org", "scheme", "title", "formula", "indicator", "issuer", "weight"),
        sections=(
            section("项目", "scheme", "seq", "title", "formula", "indicator", "issuer"),
            section("计分", "weight", "floor", "cap", "bonus_max"),
        ),
        checks=(workflows.check_scheme_is_open, workflows.check_item_counts_facts),
        may_be_voided=workflows.check_scheme_is_open,
        choose_from={"indicator": indicator_choices},
        reads=("scheme",),
        order=92,
        help="goals",
    )
)

ASSESSMENT_SCORES = register(
    Register(
        key="goals.assessment_score",
        model=AssessmentScore,
        columns=("org", "scheme", "item", "target_value", "actual", "score", "explanation"),
        filters=("scheme",),
        sections=(
            section("得分", "org", "scheme", "item", "score"),
            section("依据", "target_value", "actual", "explanation"),
        ),
        access=(allow("view export", *_CITY, *_ASSESSED),),
        read_only=("org", "scheme", "item", "score", "target_value", "actual", "explanation"),
        order=93,
        help="goals",
    )
)

VETO_EVENTS = register(
    Register(
        key="goals.veto_event",
        model=VetoEvent,
        date="decided_on",
        parent="scheme",
        columns=("org", "scheme", "item", "unit", "doc_no", "decided_on"),
        sections=(section("否决", "scheme", "item", "unit", "doc_no", "decided_on", "effect"),),
        checks=(workflows.check_veto_is_written,),
        reads=("scheme", "item", "unit"),
        order=94,
        help="goals",
    )
)

SCORE_APPEALS = register(
    Register(
        key="goals.score_appeal",
        model=ScoreAppeal,
        columns=("org", "score", "text", "state", "filed_on", "decided_on"),
        filters=("state", "filed_on"),
        search=("text",),
        sections=(
            section("申诉", "org", "score", "text", "filed_on"),
            section("答复", "decision", "decided_on"),
        ),
        workflow=workflows.SCORE_APPEAL,
        access=(
            allow("view export", *_CITY, *_ASSESSED),
            allow("add change void", *_ASSESSED),
        ),
        checks=(workflows.check_is_own_score,),
        reads=("score",),
        read_only=("filed_on", "decision", "decided_on"),
        order=95,
        help="goals",
    )
)

parameters.declare("goals.appeal_days", "考核得分申诉期", 5, "工作日", "考核办法", to_verify=True)
