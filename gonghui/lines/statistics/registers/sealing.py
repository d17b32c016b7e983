"""The registers of the line."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.docx.forms import Facts, Form, Rows, Signatures, SignOff, Text
from gonghui.kernel.ledger.declare import flow
from gonghui.kernel.registers.declare import Print, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.statistics import workflows
from gonghui.lines.statistics.models import (
    CheckResult,
    CheckRule,
    CorrectionRequest,
    DataSubmission,
    LateChange,
    SealedSet,
    StatPeriod,
    SubmissionValue,
)
from gonghui.lines.statistics.services import checking, late, periods, sealing, values
from gonghui.lines.statistics.services.periods import FILLERS

_OWNER = "办公室"


def indicator_choices(_: Any = None) -> list[tuple[str, str]]:
    """The indicators that may be reported, for the choice on forms."""
    return [(each.code, f"{each.name}（{each.code}）") for each in periods.reported()]


STAT_PERIODS = register(
    Register(
        key="statistics.stat_period",
        model=StatPeriod,
        date="end_on",
        columns=("kind", "start_on", "end_on", "org", "seal_due_on", "sealed_on", "state"),
        filters=("kind", "state", "end_on"),
        search=("exceptions",),
        sections=(
            section("统计期", "kind", "start_on", "end_on", "levels"),
            section("封存", "exceptions", "missing", "seal_due_on", "sealed_on"),
        ),
        read_only=("missing", "seal_due_on", "sealed_on"),
        workflow=workflows.STAT_PERIOD,
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.AUDIT),
            allow("add change void", Role.DEPT),
        ),
        derive=periods.set_terms,
        checks=(periods.check_days_fit_kind,),
        order=10,
        help="统计期期末后开始上报，各单位签认、部室审核后由领导封存；封存的数不再变动。",
    )
)

DATA_SUBMISSIONS = register(
    Register(
        key="statistics.data_submission",
        model=DataSubmission,
        date="period_end",
        columns=(
            "period",
            "org",
            "due_on",
            "checks_open",
            "as_of",
            "signer",
            "certified_on",
            "state",
        ),
        filters=("state", "period_end", "due_on"),
        search=("signer", "org__name"),
        sections=(
            section("上报单", "period", "due_on", "verify_due_on", "remark"),
            section("签认", "checks_open", "as_of", "signer", "signed_at"),
        ),
        read_only=(
            *("period", "due_on", "verify_due_on", "checks_open"),
            *("as_of", "signer", "signed_at"),
        ),
        workflow=workflows.DATA_SUBMISSION,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("change", *FILLERS),
            allow("void", Role.DEPT),
        ),
        indicators=(
            flow(
                "statistics.submissions",
                "应签认上报单",
                "份",
                on="period_end",
                definition="期末落在期内的统计期中，应由各单位签认的数据上报单份数。",
                owner=_OWNER,
                reportable=False,
            ),
            flow(
                "statistics.certified",
                "已签认上报单",
                "份",
                on="certified_on",
                definition="期内由负责人签认的数据上报单份数，按签认日期计；退回重报的按重新签认日期计。",
                owner=_OWNER,
                reportable=False,
            ),
        ),
        prints=(
            Print(
                "上报签认单",
                states=("certified", "verified"),
                form=Form(
                    "{period}统计数据上报签认单",
                    (
                        Facts("org", "period", "as_of", "certified_on"),
                        Rows(
                            "statistics.submission_value",
                            ("name", "指标"),
                            ("unit", "单位"),
                            ("value", "本期数"),
                            ("previous_value", "上期数"),
                            ("records_count", "记录数"),
                            ("note", "备注"),
                            ("explanation", "说明"),
                        ),
                        Text("以上数据均由台账记录汇总，经核对无误。"),
                        Signatures("单位负责人", "统计负责人", "填表人", "报出日期"),
                    ),
                ),
            ),
        ),
        derive=values.note_moments,
        derive_many=periods.set_deadlines,
        after_many=values.fill_sheets,
        reads=("period",),
        order=20,
        help="数由系统从台账取，不能填写；各单位核对、说明后由负责人签认上报。",
    )
)

SUBMISSION_VALUES = register(
    Register(
        key="statistics.submission_value",
        model=SubmissionValue,
        parent="submission",
        columns=(
            "name",
            "org",
            "value",
            "unit",
            "previous_value",
            "change",
            "records_count",
            "note",
            "explanation",
        ),
        filters=("indicator",),
        search=("name", "indicator"),
        sections=(
            section("指标", "submission", "indicator", "explanation"),
            section("数", "value", "previous_value", "change", "records_count", "as_of", "note"),
        ),
        read_only=("value", "previous_value", "change", "records_count", "as_of", "note"),
        derive_many=values.derive_values,
        checks=(values.check_sheet_is_open,),
        may_be_voided=values.may_be_taken_off,
        reads=("submission",),
        choose_from={"indicator": indicator_choices},
        order=30,
        help="只填说明；数从台账取，点指标可打开记录。",
    )
)

SEALED_SETS = register(
    Register(
        key="statistics.sealed_set",
        model=SealedSet,
        date="as_of",
        columns=("period", "version_no", "org", "as_of", "figures_count", "hash"),
        filters=("version_no", "as_of"),
        search=("hash",),
        sections=(
            section("封存", "period", "version_no", "as_of", "figures_count"),
            section("例外", "missing", "exceptions"),
            section("校验", "hash", "previous_hash"),
        ),
        read_only=(
            *("period", "version_no", "as_of", "figures_count"),
            *("missing", "exceptions", "hash", "previous_hash"),
        ),
        access=(allow("view export", Role.DEPT, Role.LEADER, Role.AUDIT),),
        prints=(
            Print(
                "封存证明",
                form=Form(
                    "{period}统计数据封存证明",
                    (
                        Facts("period", "version_no", "as_of", "figures_count"),
                        Facts("hash", "previous_hash", columns=1),
                        Facts("missing", "exceptions", columns=1),
                        Text("以上数据已封存，此后补报、更正的数另行列出，不改动本集。"),
                        Signatures("封存人", "批准人", "日期"),
                    ),
                ),
            ),
        ),
        derive=sealing.copy_from_seal,
        panels=("gonghui.lines.statistics.panels.seal",),
        order=40,
        help="封存的数不能改动；每夜核对校验值，被直接改动的能查出是哪一个。",
    )
)

LATE_CHANGES = register(
    Register(
        key="statistics.late_change",
        model=LateChange,
        date="recorded_on",
        columns=(
            "sealed_set",
            "org",
            "name",
            "change",
            "unit",
            "recorded_on",
            "records_count",
            "state",
        ),
        filters=("state", "indicator", "recorded_on"),
        search=("name", "indicator", "org__name"),
        sections=(
            section("变动", "sealed_set", "name", "change", "unit", "recorded_on", "records_count"),
            section("说明", "explanation"),
        ),
        read_only=("sealed_set", "name", "change", "unit", "recorded_on", "records_count"),
        workflow=workflows.LATE_CHANGE,
        access=(allow("view export", *WORKING_ROLES),),
        panels=("gonghui.lines.statistics.panels.late",),
        reads=("sealed_set",),
        order=50,
        help="封存以后才登记、日期落在封存期内的变动；封存的数不变，各单位说明补报原因。",
    )
)

CORRECTION_REQUESTS = register(
    Register(
        key="statistics.correction_request",
        model=CorrectionRequest,
        date="approved_on",
        columns=("what", "org", "sealed_set", "approved_on", "new_set", "state"),
        filters=("state", "approved_on"),
        search=("what", "cause"),
        sections=(
            section("更正", "submission", "sealed_set", "what", "cause"),
            section("批准", "approved_on", "published_note", "new_set"),
        ),
        read_only=("approved_on", "new_set"),
        workflow=workflows.CORRECTION_REQUEST,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add change void", Role.COUNTY, Role.INDUSTRY, Role.DEPT),
        ),
        prints=(
            Print(
                "更正通知",
                states=("approved",),
                form=Form(
                    "关于更正{sealed_set}统计数据的通知",
                    (
                        Text("各有关单位：", flush=True),
                        Text("经批准，更正{sealed_set}封存的统计数据：{what}。"),
                        Text("更正原因：{cause}"),
                        Text("{published_note}"),
                        Text("更正后的数据以{new_set}为准，原封存集保留备查。"),
                        SignOff("{org}", "{approved_on}"),
                    ),
                ),
            ),
        ),
        derive=late.find_set,
        checks=(late.check_has_a_set,),
        order=60,
        help="先更正台账记录，再申请更正封存集；批准后生成新的一版，旧版保留。",
    )
)

CHECK_RULES = register(
    Register(
        key="statistics.check_rule",
        model=CheckRule,
        date="valid_from",
        columns=("code", "text", "severity", "stage", "expression", "lacking", "done_by"),
        filters=("severity", "stage", "valid_from"),
        search=("code", "text", "expression"),
        sections=(
            section("规则", "code", "text", "severity", "stage", "owner_dept"),
            section("校验式", "expression", "each_of", "period_kinds", "done_by", "lacking"),
            section("起止", "valid_from", "valid_to"),
        ),
        read_only=("lacking",),
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.AUDIT),
            allow("add change void", Role.DEPT),
        ),
        derive=checking.note_lacking,
        checks=(checking.check_can_be_read,),
        order=70,
        help="校验式只有加减乘除和比较，指标写编码或【指标名】；@代表每个指标。",
    )
)

CHECK_RESULTS = register(
    Register(
        key="statistics.check_result",
        model=CheckResult,
        columns=("period", "org", "severity", "says", "diff", "explanation", "state"),
        filters=("severity", "stage", "state"),
        search=("says", "org__name"),
        sections=(
            section("校验", "rule", "period", "severity", "indicator", "says"),
            section("数", "left", "right", "diff"),
            section("说明", "explanation"),
        ),
        read_only=(
            *("rule", "period", "severity", "indicator", "says"),
            *("left", "right", "diff"),
        ),
        workflow=workflows.CHECK_RESULT,
        access=(allow("view export", *WORKING_ROLES),),
        order=80,
        help="强制的须更正台账；核实的写明原因；确属规则不当的，由部室标为误报。",
    )
)
