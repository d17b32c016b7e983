"""Plan books, targets and revisions."""

from gonghui.lines.goals.models.plan_book import Issuer, PlanBook
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
    "Comparator",
    "Issuer",
    "PlanBook",
    "Target",
    "TargetKind",
    "TargetRevision",
    "TargetWording",
]
