"""Comparisons with other offices: the lists and what was answered."""

from __future__ import annotations

from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.aid.models import CrossCheck, CrossCheckRow
from gonghui.lines.aid.services import cross_check_sheet, cross_checks
from gonghui.lines.aid.workflows.cross_check import CROSS_CHECK
from gonghui.lines.aid.workflows.hardship_file import APPROVERS

CROSS_CHECKS = register(
    Register(
        key=cross_checks.KEY,
        model=CrossCheck,
        date="asked_on",
        columns=(
            "number",
            "agency",
            "org",
            "asked_on",
            "returned_on",
            "row_count",
            "hit_count",
            "state",
        ),
        filters=("state", "agency", "asked_on", "returned_on"),
        search=("number",),
        sections=(
            section("比对", "org", "agency", "asked_on", "returned_on", "rest_is_clear"),
            section("名单", "row_count", "hit_count", "list_sha256"),
        ),
        read_only=(
            "asked_on",
            "returned_on",
            "rest_is_clear",
            "row_count",
            "hit_count",
            "list_sha256",
        ),
        workflow=CROSS_CHECK,
        access=(
            allow("view add change", *APPROVERS),
            allow("void export reveal", *APPROVERS),
        ),
        numbering=Numbering(series="比对", pattern="比对-{year}-{number:04d}"),
        may_be_voided=cross_checks.check_may_go,
        panels=("gonghui.lines.aid.panels.cross_check_list",),
        order=25,
        help="docs/user/aid.md",
    )
)

ROWS = register(
    Register(
        key=cross_checks.ROW,
        model=CrossCheckRow,
        parent="check_batch",
        columns=("person", "file", "item", "result", "handled", "note"),
        filters=("item", "result", "handled"),
        search=("person__name", "person__initials"),
        sections=(
            section("比对", "check_batch", "file", "person", "item"),
            section("返回", "result", "value"),
            section("核实", "handled", "note"),
        ),
        import_sheet=cross_check_sheet.ANSWERS,
        checks_many=cross_checks.wrong_rows,
        after_many=cross_checks.follow_rows,
        may_be_voided=cross_checks.check_row_may_go,
        after_void_many=cross_checks.follow_voided_rows,
        reads=("check_batch",),
        in_menu=False,
    )
)
