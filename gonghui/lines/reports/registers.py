"""The registers of the reports."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Numbering, Reaction, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.reports import filling, parameters, publishing, workflows  # noqa: F401  declares the parameters
from gonghui.lines.reports.models import (
    Contradiction,
    FigureEdit,
    PublishedFigure,
    ReportDoc,
    ReportFigure,
    ReportTemplate,
    ReportVersion,
    VouchSheet,
)

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
            section(
                "模板", "org", "title", "doc_type", "masthead", "shown", "owner_dept", "revision"
            ),
            section("标签", "tag_count", "error_count", "lint"),
        ),
        workflow=workflows.TEMPLATE,
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.COUNTY, Role.INDUSTRY),
            allow("add change void", Role.DEPT),
        ),
        read_only=("revision", "tag_count", "error_count", "lint"),
        derive=filling.note_shown,
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
            section("报告", "org", "template", "title", "owner_dept"),
            section("会议", "meeting", "speaker", "speak_on"),
            section(
                "简报",
                *("masthead", "issue_year", "issue_no", "shown", "editors_note"),
                *("report_to", "send_to", "distribute_to", "copies"),
            ),
            section("取数", "as_of", "as_of_at", "basis", "edition"),
            section("签发", "doc_no", "signed_on", "signed_hash", "issued_on", "archived_on"),
        ),
        workflow=workflows.DOCUMENT,
        access=(
            allow("view export", Role.DEPT, Role.LEADER),
            allow("add change void", Role.DEPT),
        ),
        numbering=Numbering(series="工作报告", pattern="报告-{year}-{number:03d}", date="as_of"),
        choose_from={"template": lambda _: ReportTemplate.objects.filter(state="ready")},
        read_only=(
            *("owner_dept", "doc_no", "signed_on", "signed_hash", "issued_on"),
            *("archived_on", "masthead", "issue_year", "issue_no"),
        ),
        derive=filling.note_owner,
        reads=("template",),
        may_be_voided=publishing.check_was_not_issued,
        after_void_many=workflows.drop_what_waits,
        panels=(
            "gonghui.lines.reports.panels.problems",
            "gonghui.lines.reports.panels.edits",
            "gonghui.lines.reports.panels.contradictions",
            "gonghui.lines.reports.panels.vouching_of_document",
            "gonghui.lines.reports.panels.versions",
            "gonghui.lines.reports.panels.speech",
        ),
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
        columns=(
            *("place", "name", "printed", "exact", "period", "records_count"),
            *("owner", "truth", "state", "voucher"),
        ),
        filters=("state", "truth", "owner"),
        search=("name", "indicator", "printed"),
        sections=(
            section(
                "数字", "version_of", "place", "name", "indicator", "printed", "exact", "value"
            ),
            section("口径", "about_org", "period", "as_of", "unit", "word", "basis", "against"),
            section("依据", "marks", "records_count", "owner", "truth", "hint"),
            section("认数", "voucher", "vouched_at", "objection"),
        ),
        workflow=workflows.FIGURE,
        access=SEEN_ONLY,
        reads=("version_of__document",),
        order=40,
        in_menu=False,
        help="reports",
    )
)

PUBLISHED_FIGURES = register(
    Register(
        key="reports.published_figure",
        model=PublishedFigure,
        date="issued_on",
        columns=(
            *("name", "about", "period", "printed", "exact", "as_of"),
            *("title", "doc_no", "place", "issued_on"),
        ),
        filters=("issued_on", "about", "kind"),
        search=("name", "indicator", "title", "doc_no"),
        sections=(
            section("数字", "name", "indicator", "kind", "printed", "exact", "value", "unit"),
            section("口径", "about", "period", "period_from", "period_to", "as_of", "against"),
            section("出处", "title", "doc_no", "issued_on", "place", "document", "figure"),
        ),
        access=SEEN_ONLY,
        panels=("gonghui.lines.reports.panels.published_since",),
        reacts=(
            Reaction("statistics.correction_request", "approve", publishing.warn_of_corrections),
        ),
        order=22,
        help="印发的报告里的每个数，印发时自动列入，不能改动。以后的报告与它矛盾的，系统会拦住。",
    )
)

FIGURE_EDITS = register(
    Register(
        key="reports.figure_edit",
        model=FigureEdit,
        columns=("document", "place", "figure", "found", "decided_by", "state"),
        filters=("state",),
        search=("found", "document__title"),
        sections=(
            section("改动", "document", "version_of", "place", "figure", "found", "says"),
            section("领导例外", "ground", "decided_by", "decided_at"),
            section("改引", "cited_from", "cited_to", "cited_as_of", "cited_exact"),
        ),
        workflow=workflows.FIGURE_EDIT,
        access=SEEN_ONLY,
        panels=("gonghui.lines.reports.panels.ways_out",),
        reads=("document", "figure", "version_of"),
        order=23,
        help="回传的改稿里与系统数不同的数。恢复系统数，或改引台账能证明的其他口径，或由领导注明理由；处理以前不能终核。",
    )
)

CONTRADICTIONS = register(
    Register(
        key="reports.contradiction",
        model=Contradiction,
        columns=("document", "says", "published", "state"),
        filters=("state",),
        search=("says",),
        sections=(
            section("矛盾", "document", "says", "figure", "published"),
            section("说明", "explanation"),
        ),
        workflow=workflows.CONTRADICTION,
        access=SEEN_ONLY,
        reads=("document",),
        order=24,
        help="报告里的数与已印发文件的同一个数不同。改成一致即自动消除；确需不同的，须在文中写明原因。",
    )
)

VOUCH_SHEETS = register(
    Register(
        key="reports.vouch_sheet",
        model=VouchSheet,
        columns=("document", "owner", "figure_count", "pending_count", "objected_count", "state"),
        filters=("state", "owner"),
        search=("owner", "document__title"),
        sections=(
            section("认数单", "document", "figures_of", "owner"),
            section("进度", "figure_count", "pending_count", "objected_count"),
        ),
        workflow=workflows.VOUCH_SHEET,
        access=SEEN_ONLY,
        panels=("gonghui.lines.reports.panels.figures_of_sheet",),
        reads=("document",),
        order=12,
        help="报告送部室认数时，每个归口部室一张。逐个核对，有问题的提出异议，其余“全部认可”。",
    )
)
