"""Templates, documents, their versions and figures."""

from gonghui.lines.reports.models.document import (
    Edition,
    ReportDoc,
    ReportFigure,
    ReportVersion,
    Truth,
    VersionKind,
)
from gonghui.lines.reports.models.template import DocType, ReportTemplate, StoredDocx

__all__ = [
    "DocType",
    "Edition",
    "ReportDoc",
    "ReportFigure",
    "ReportTemplate",
    "ReportVersion",
    "StoredDocx",
    "Truth",
    "VersionKind",
]
