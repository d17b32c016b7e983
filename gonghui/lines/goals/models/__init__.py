"""Plan books, targets, revisions, practical matters, milestones, supervision and assessment."""

from gonghui.lines.goals.models.assessment import (
    AssessedLevel,
    AssessedUnit,
    AssessmentItem,
    AssessmentScheme,
    AssessmentScore,
    Formula,
    ScoreAppeal,
    VetoEvent,
)
from gonghui.lines.goals.models.matter import MatterPart, Milestone, PracticalMatter
from gonghui.lines.goals.models.plan_book import Issuer, PlanBook
from gonghui.lines.goals.models.supervision import (
    ReplyKind,
    SupervisionColour,
    SupervisionItem,
    SupervisionLevel,
    SupervisionReply,
    SupervisionResult,
    SupervisionSource,
)
from gonghui.lines.goals.models.target import (
    ADDITIVE,
    MEASURED,
    Comparator,
    Target,
    TargetKind,
    TargetRevision,
    TargetWording,
)

__all__ = [
    "ADDITIVE",
    "MEASURED",
    "AssessedLevel",
    "AssessedUnit",
    "AssessmentItem",
    "AssessmentScheme",
    "AssessmentScore",
    "Comparator",
    "Formula",
    "Issuer",
    "MatterPart",
    "Milestone",
    "PlanBook",
    "PracticalMatter",
    "ReplyKind",
    "ScoreAppeal",
    "SupervisionColour",
    "SupervisionItem",
    "SupervisionLevel",
    "SupervisionReply",
    "SupervisionResult",
    "SupervisionSource",
    "Target",
    "TargetKind",
    "TargetRevision",
    "TargetWording",
    "VetoEvent",
]
