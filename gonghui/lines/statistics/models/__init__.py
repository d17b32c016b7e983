"""Models of the line."""

from gonghui.lines.statistics.models.checks import CheckResult, CheckRule, EachOf, Severity, Stage
from gonghui.lines.statistics.models.dictionary import (
    HistoricalFigure,
    HistoricalSource,
    IndicatorVersion,
)
from gonghui.lines.statistics.models.forms import (
    FormCheck,
    FormReturn,
    ReturnValue,
    StatCell,
    StatForm,
)
from gonghui.lines.statistics.models.period import PeriodKind, StatPeriod
from gonghui.lines.statistics.models.sealing import CorrectionRequest, LateChange, SealedSet
from gonghui.lines.statistics.models.submission import DataSubmission, SubmissionValue

__all__ = [
    "CheckResult",
    "CheckRule",
    "CorrectionRequest",
    "DataSubmission",
    "EachOf",
    "FormCheck",
    "FormReturn",
    "HistoricalFigure",
    "HistoricalSource",
    "IndicatorVersion",
    "LateChange",
    "PeriodKind",
    "ReturnValue",
    "SealedSet",
    "Severity",
    "Stage",
    "StatCell",
    "StatForm",
    "StatPeriod",
    "SubmissionValue",
]
