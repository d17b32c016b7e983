"""The registers of the reports."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.reports import workflows
from gonghui.lines.reports.models import ReportDoc, ReportFigure, ReportTemplate, ReportVersion

# Versions and figures come from 取数 and 回传 alone: no role may add or change one.
SEEN_ONLY = (allow("view export", Role.DEPT, Role.LEADER),)

TEMPLATES = register(
    Register(
        key="reports.template",
        model=ReportTemplate,
        columns=(
            "title",
            "doc_type",
            "owner_dept",
            "revision",
            "tag_count",
            "error_count",
            "state",
        ),
        filters=("doc_type", "state"),
        search=("title", "key"),
        sections=(
            section("模板", "org", "title", "doc_type", "owner_dept", "revision"),
            section("标签", "tag_count", "error_count", "lint"),
        ),
        workflow=workflows.TEMPLATE,
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.COUNTY, Role.INDUSTRY),
            allow("add change void", Role.DEPT),
        ),
        read_only=("revision", "tag_count", "error_count", "lint"),
        panels=("gonghui.lines.reports.panels.template_file",),
        order=20,
        help="reports",
    )
)

DOCUMENTS = register(
    Register(
        key="reports.document",
        model=ReportDoc,
        date="speak_on",
        columns=("number", "title", "meeting", "speak_on", "as_of", "edition", "state"),
        filters=("state", "template", "as_of"),
        search=("number", "title", "meeting", "doc_no"),
        sections=(
            section("报告", "org", "template", "title"),
            section("会议", "meeting", "speaker", "speak_on"),
            section("取数", "as_of", "as_of_at", "edition"),
            section("签发", "doc_no", "signed_on", "issued_on"),
        ),
        workflow=workflows.DOCUMENT,
        access=(
            allow("view export", Role.DEPT, Role.LEADER),
            allow("add change void", Role.DEPT),
        ),
        numbering=Numbering(series="工作报告", pattern="报告-{year}-{number:03d}", date="as_of"),
        choose_from={"template": lambda _: ReportTemplate.objects.filter(state="ready")},
        read_only=("doc_no", "signed_on", "issued_on"),
        panels=("gonghui.lines.reports.panels.versions",),
        order=10,
        help="reports",
    )
)

VERSIONS = register(
    Register(
        key="reports.version",
        model=ReportVersion,
        date="as_of",
        columns=(
            "n",
            "kind",
            "edition",
            "as_of",
            "figure_count",
            "missing_count",
            "error_count",
            "created_at",
        ),
        filters=("kind", "edition"),
        sections=(
            section("稿次", "document", "n", "kind", "edition", "as_of", "based_on"),
            section("核对", "figure_count", "missing_count", "error_count"),
            section("说明", "missing", "errors", "facts"),
        ),
        access=SEEN_ONLY,
        panels=("gonghui.lines.reports.panels.figures",),
        order=30,
        in_menu=False,
        help="reports",
    )
)

FIGURES = register(
    Register(
        key="reports.figure",
        model=ReportFigure,
        columns=("place", "name", "printed", "exact", "period", "records_count", "owner", "truth"),
        filters=("truth", "owner"),
        search=("name", "indicator", "printed"),
        sections=(
            section(
                "数字", "version_of", "place", "name", "indicator", "printed", "exact", "value"
            ),
            section("口径", "about_org", "period", "as_of", "unit", "word", "basis"),
            section("依据", "records_count", "owner", "truth", "hint"),
        ),
        access=SEEN_ONLY,
        order=40,
        in_menu=False,
        help="reports",
    )
)
