"""Models of the line."""

from gonghui.lines.women.models.facility import WomenFacility
from gonghui.lines.women.models.inspection import (
    InspectionItem,
    InspectionMember,
    WomenInspection,
)
from gonghui.lines.women.models.lecture import WomenLecture
from gonghui.lines.women.models.post import WomenPost
from gonghui.lines.women.models.screening import (
    ScreeningHandler,
    ScreeningRecord,
    ScreeningSession,
)

__all__ = [
    "InspectionItem",
    "InspectionMember",
    "ScreeningHandler",
    "ScreeningRecord",
    "ScreeningSession",
    "WomenFacility",
    "WomenInspection",
    "WomenLecture",
    "WomenPost",
]
