"""Audit's own registers: samples of payments and what was found."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.docx.forms import Facts, Form, Rows, Signatures
from gonghui.kernel.registers.declare import Numbering, Print, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import AuditSample, AuditSampleLine
from gonghui.shared.funds.services import sampling
from gonghui.shared.funds.workflows.audit_sample import AUDIT_SAMPLE

_WORKING_PAPER = Print(
    "资金抽查工作底稿",
    states=("drawn", "done"),
    form=Form(
        "资金抽查工作底稿",
        (
            Facts("title", "year", "method", "programme_code", "seed", "drawn_on"),
            Facts("population_count", "population_sum", "drawn_count", "drawn_sum"),
            Rows(
                "funds.audit_sample_line",
                ("seq", "序号"),
                ("pay_line", "发放明细"),
                ("looked_on", "查阅日期"),
                ("finding", "抽查情况"),
                ("note", "情况说明"),
                by="sample",
            ),
            Facts("conclusion", columns=1),
            Signatures("抽查人", "复核人"),
        ),
        under=("抽查：{org}", "编号：{number}"),
    ),
)

SAMPLES = register(
    Register(
        key="funds.audit_sample",
        model=AuditSample,
        prints=(_WORKING_PAPER,),
        date="drawn_on",
        columns=(
            "number",
            "title",
            "org",
            "year",
            "method",
            "drawn_count",
            "drawn_sum",
            "problem_count",
            "state",
        ),
        filters=("state", "method", "year", "drawn_on"),
        search=("number", "title"),
        sections=(
            section("抽查", "title", "year", "programme_code"),
            section("抽样", "method", "size_asked", "seed", "flag_kind"),
            section(
                "样本",
                "drawn_on",
                "population_count",
                "population_sum",
                "drawn_count",
                "drawn_sum",
                "problem_count",
            ),
            section("结论", "conclusion"),
        ),
        read_only=(
            "drawn_on",
            "population_count",
            "population_sum",
            "drawn_count",
            "drawn_sum",
            "problem_count",
            "conclusion",
        ),
        workflow=AUDIT_SAMPLE,
        access=(
            allow("view", Role.AUDIT, Role.LEADER),
            allow("add change void export", Role.AUDIT),
        ),
        words={"programme_code": programmes.programme_names},
        choose_from={
            "programme_code": programmes.programme_choices,
            "flag_kind": sampling.flag_choices,
        },
        numbering=Numbering(series="抽查", pattern="抽查-{year}-{number:03d}"),
        checks=(sampling.check,),
        may_be_voided=sampling.check_is_empty,
        panels=("gonghui.shared.funds.panels.sample_progress",),
        order=80,
        help="经审抽查发放明细：按金额、随机、分层或按疑点抽取，逐笔查阅凭据（留痕）并登记情况；随机抽样写明种子，任何人可以照样再抽一次。",
    )
)

LINES = register(
    Register(
        key="funds.audit_sample_line",
        model=AuditSampleLine,
        columns=("seq", "pay_line", "amount", "why", "looked_on", "finding", "note"),
        filters=("sample", "finding", "looked_on"),
        sections=(
            section("样本", "sample", "seq", "pay_line", "amount", "why"),
            section("抽查", "looked_on", "finding", "note"),
        ),
        read_only=("sample", "seq", "pay_line", "amount", "why", "looked_on"),
        access=(
            allow("view", Role.AUDIT, Role.LEADER),
            allow("change export", Role.AUDIT),
        ),
        checks_many=sampling.wrong_lines,
        after_many=sampling.follow_lines,
        may_be_voided=sampling.check_line_stays,
        panels=("gonghui.shared.funds.panels.look_behind",),
        reads=("sample",),
        in_menu=False,
        help="样本由系统抽取；先“查阅凭据”，再登记抽查情况。",
    )
)
