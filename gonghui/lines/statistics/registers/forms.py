"""Registers of statutory forms."""

from __future__ import annotations

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.docx.forms import Facts, Form, Signatures, Text
from gonghui.kernel.registers.declare import (
    Cell,
    ImportSheet,
    Print,
    Reaction,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.registry import register
from gonghui.lines.statistics import workflows
from gonghui.lines.statistics.models import (
    FormCheck,
    FormReturn,
    ReturnValue,
    StatCell,
    StatForm,
)
from gonghui.lines.statistics.services import forms, returns
from gonghui.lines.statistics.services.periods import FILLERS

STAT_FORMS = register(
    Register(
        key="statistics.stat_form",
        model=StatForm,
        date="activated_on",
        columns=(
            "code",
            "title",
            "authority",
            "period_kind",
            "version_no",
            "activated_on",
            "state",
        ),
        filters=("period_kind", "state"),
        search=("code", "title", "authority"),
        sections=(
            section("报表", "code", "title", "authority", "approval"),
            section("填报", "period_kind", "levels", "filling_note"),
            section("版次", "version_no", "activated_on", "retired_on"),
        ),
        read_only=("version_no", "activated_on", "retired_on"),
        workflow=workflows.STAT_FORM,
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.AUDIT),
            allow("add change void", Role.DEPT),
        ),
        may_be_voided=forms.may_be_voided,
        panels=("gonghui.lines.statistics.form_page.blank",),
        order=110,
        help="每格写明取自哪个指标、哪个算式，或为什么要手工填；启用后每到该期别自动下发，数由系统取。",
    )
)

STAT_CELLS = register(
    Register(
        key="statistics.stat_cell",
        model=StatCell,
        parent="form",
        columns=(
            *("row_code", "row_label", "column_code", "column_label"),
            *("unit", "source", "expression", "cause"),
        ),
        filters=("source",),
        search=("row_label", "column_label", "expression"),
        sections=(
            section("位置", "form", "row_code", "row_label", "unit", "column_code", "column_label"),
            section("来源", "source", "expression", "cause"),
        ),
        import_sheet=ImportSheet(
            title="报表单元格",
            cells=(
                Cell("行代码", "row_code", example="01"),
                Cell("行名称", "row_label", example="基层工会组织数"),
                Cell("计量单位", "unit", example="个"),
                Cell("列代码", "column_code", example="1"),
                Cell("列名称", "column_label", example="本期数"),
                Cell("来源", "source", example="指标"),
                Cell("取数式", "expression", example="orgs.basic_unions"),
                Cell("手工填报原因", "cause"),
            ),
            same_when=("row_code", "column_code"),
            note="取数式：指标写编码或【指标名】，可加上年同期( )、上期( )、年初至今( )；"
            "算式写[行代码,列代码]，例如[01,1] − [01,2]。一张表最多2,000个单元格。",
        ),
        checks=(forms.check_cell,),
        checks_many=forms.refuse_too_many,
        may_be_voided=forms.check_is_draft,
        reads=("form",),
        order=120,
        help="指标写编码或【指标名】；算式写[行代码,列代码]；手工填的写明原因。",
    )
)

FORM_CHECKS = register(
    Register(
        key="statistics.form_check",
        model=FormCheck,
        parent="form",
        columns=("text", "severity", "expression"),
        filters=("severity",),
        search=("text", "expression"),
        sections=(section("校验", "form", "text", "severity", "expression"),),
        checks=(forms.check_form_check,),
        may_be_voided=forms.check_is_draft,
        reads=("form",),
        order=130,
        help="例如[02,1] ≤ [01,1]；只写行代码的（[02] ≤ [01]），每一列各核对一次。",
    )
)

FORM_RETURNS = register(
    Register(
        key="statistics.form_return",
        model=FormReturn,
        date="period_end",
        columns=(
            *("form", "period", "org", "due_on", "checks_open"),
            *("as_of", "signer", "sent_on", "state"),
        ),
        filters=("state", "period_end", "due_on"),
        search=("form__title", "form__code", "org__name", "signer"),
        sections=(
            section("报表", "form", "period", "due_on"),
            section("取数", "as_of", "sealed_set", "checks_open", "explanation"),
            section("签认", "signer", "signed_at"),
            section("报出", "sent_on", "channel", "receipt"),
        ),
        read_only=(
            *("due_on", "as_of", "sealed_set", "checks_open", "signer", "signed_at"),
            *("sent_on", "channel", "receipt"),
        ),
        workflow=workflows.FORM_RETURN,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add void", Role.DEPT),
            allow("change", *FILLERS, Role.DEPT),
        ),
        prints=(
            Print(
                "封面",
                states=("certified", "sent"),
                form=Form(
                    "{form}封面",
                    (
                        Facts("form__code", "form__title", "form__authority", "form__approval"),
                        Facts("org", "period", "as_of", "sealed_set"),
                        Facts("explanation", columns=1),
                        Text("以上数据由台账记录汇总，手工填报的已写明依据，经核对无误。"),
                        Signatures("单位负责人", "统计负责人", "填表人", "报出日期"),
                    ),
                ),
            ),
        ),
        reacts=(Reaction("statistics.stat_period", "start", returns.open_returns),),
        derive=returns.note_moments,
        derive_many=returns.set_terms,
        checks=(returns.check_fits_period,),
        may_be_voided=returns.may_be_voided,
        after_many=returns.fill_new,
        reads=("form", "period"),
        panels=("gonghui.lines.statistics.form_page.table",),
        order=100,
        help="数由系统从封存集或台账取，每格可打开到记录；核对、签认后上传签字封面的扫描件，再报出。",
    )
)

RETURN_VALUES = register(
    Register(
        key="statistics.return_value",
        model=ReturnValue,
        columns=("cell", "form_return", "org", "value", "basis", "note", "state"),
        filters=("state",),
        search=("cell__row_label", "basis"),
        sections=(
            section("单元格", "form_return", "cell"),
            section("数", "value", "basis", "note"),
        ),
        read_only=("form_return", "cell", "note"),
        workflow=workflows.RETURN_VALUE,
        access=(
            allow("view", *WORKING_ROLES),
            allow("change", *FILLERS, Role.DEPT),
        ),
        derive_many=returns.derive_values,
        checks=(returns.check_value,),
        after_many=returns.follow_typed,
        reads=("form_return", "cell"),
        panels=("gonghui.lines.statistics.form_page.origin",),
        in_menu=False,
        order=105,
        help="系统取的数不能填写；手工填报的写明依据，填报人和时间由系统记下。",
    )
)
