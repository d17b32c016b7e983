"""Templates, documents, their versions and figures."""

from gonghui.lines.reports.models.document import (
    DataBasis,
    Edition,
    ReportDoc,
    ReportFigure,
    ReportVersion,
    Truth,
    VersionKind,
)
from gonghui.lines.reports.models.edits import FigureEdit
from gonghui.lines.reports.models.published import Contradiction, PublishedFigure
from gonghui.lines.reports.models.template import IN_NUMBERS, DocType, ReportTemplate, StoredDocx
from gonghui.lines.reports.models.vouching import VouchSheet

__all__ = [
    "IN_NUMBERS",
    "Contradiction",
    "DataBasis",
    "DocType",
    "Edition",
    "FigureEdit",
    "PublishedFigure",
    "ReportDoc",
    "ReportFigure",
    "ReportTemplate",
    "ReportVersion",
    "StoredDocx",
    "Truth",
    "VersionKind",
    "VouchSheet",
]
