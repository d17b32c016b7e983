"""Registers of batches, their payments, bank files and answers."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import Conflict
from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.shared.campaigns.services import campaign_choices
from gonghui.shared.funds import indicators, prints, programmes
from gonghui.shared.funds.models import BankFile, BankReturn, BankTemplate, PayBatch, PayLine
from gonghui.shared.funds.registers.access import OFFICES, access
from gonghui.shared.funds.registers.sheet import ROSTER
from gonghui.shared.funds.services import claiming, formats, lines, opening
from gonghui.shared.funds.workflows.batch import BATCH, LINE


def check_is_draft(line: Any) -> None:
    """Only what nobody has claimed can be taken off a roster."""
    if line.state != "draft":
        raise Conflict("已占用或已发放的明细不能作废，请退回批次或办理退回资金。")


def after_void(voided: list[Any], by: Any) -> None:
    """The batch's sum follows."""
    lines.refresh_batches({line.batch_id for line in voided})


BATCHES = register(
    Register(
        key="funds.pay_batch",
        model=PayBatch,
        date="opened_on",
        columns=(
            "number",
            "title",
            "org",
            "programme_code",
            "line_count",
            "total",
            "opened_on",
            "state",
        ),
        filters=("state", "programme_code", "campaign_code", "form", "opened_on"),
        search=("number", "title"),
        sections=(
            section(
                "批次", "title", "fund", "programme_code", "campaign_code", "form", "opened_on"
            ),
            section("说明", "bank_template", "cash_reason", "minutes"),
            section("金额与审批", "line_count", "total", "tier", "budget_line", "warning_count"),
            section("办理", "submitted_on", "approved_on", "sent_on", "settled_on"),
        ),
        read_only=(
            "line_count",
            "total",
            "tier",
            "budget_line",
            "warning_count",
            "submitted_on",
            "approved_on",
            "sent_on",
            "settled_on",
        ),
        workflow=BATCH,
        access=(
            *access("add change", *OFFICES, Role.BASIC, Role.STATION),
            allow("view", Role.BASIC, Role.STATION),
            allow("void", *OFFICES),
            allow("import", *OFFICES),
            allow("reveal", Role.FINANCE),
        ),
        numbering=Numbering(series="发放", pattern="发放-{year}-{number:04d}", date="opened_on"),
        choose_from={
            "programme_code": programmes.programme_choices,
            "campaign_code": campaign_choices,
        },
        words={"programme_code": programmes.programme_names},
        prints=prints.BATCH,
        checks=(opening.check,),
        after_many=lines.follow_batches,
        may_be_voided=claiming.check_has_no_lines,
        panels=("gonghui.shared.funds.panels.gates_of",),
        order=60,
        help="发放花名册：编制、校验、审核、批准、送银行、回盘、签收、归档，一次走完。",
    )
)

LINES = register(
    Register(
        key="funds.pay_line",
        model=PayLine,
        date="paid_on",
        parent="batch",
        reads=("batch",),
        columns=(
            "seq",
            "org",
            "person",
            "employer",
            "household",
            "amount",
            "paid_on",
            "receipt_kind",
            "state",
        ),
        filters=("state", "programme_code", "campaign_code", "receipt_kind", "paid_on"),
        search=("remark", "person__name", "person__initials"),
        sections=(
            section("收款人", "batch", "seq", "person", "employer", "workplace", "account"),
            section(
                "受益",
                "household",
                "beneficiary",
                "identity_class",
                "is_model_worker",
                "is_migrant",
            ),
            section("金额", "amount", "goods", "quantity", "ref", "remark", "repeat_reason"),
            section("发放", "paid_on", "bank_ref", "failed_on", "fail_text"),
            section(
                "签收与退回",
                "receipt_kind",
                "receipt_on",
                "proxy_name",
                "reversed_on",
                "reverse_reason",
            ),
        ),
        read_only=(
            "seq",
            "repeat_reason",
            "paid_on",
            "bank_ref",
            "failed_on",
            "fail_text",
            "receipt_kind",
            "receipt_on",
            "proxy_name",
            "reversed_on",
            "reverse_reason",
        ),
        words={"programme_code": programmes.programme_names},
        workflow=LINE,
        import_sheet=ROSTER,
        before_many=lines.number_new,
        derive_many=lines.derive,
        checks=(lines.check,),
        checks_many=lines.altered_requests,
        after_many=lines.after,
        may_be_voided=check_is_draft,
        panels=("gonghui.shared.funds.panels.trace_of_line",),
        after_void_many=after_void,
        indicators=indicators.LINES,
        order=61,
        help="发放明细。每一笔都有来源、收款人、受益人和签收。",
    )
)

FILES = register(
    Register(
        key="funds.bank_file",
        model=BankFile,
        columns=("batch", "line_count", "total", "sha256"),
        sections=(section("文件", "batch", "line_count", "total", "sha256"),),
        read_only=("batch", "line_count", "total", "sha256"),
        access=access(),
        order=70,
        help="送银行时固定下来的代发文件；每次下载都留痕。",
    )
)

RETURNS = register(
    Register(
        key="funds.bank_return",
        model=BankReturn,
        date="value_on",
        columns=("batch", "file_name", "paid_count", "failed_count", "value_on"),
        filters=("value_on",),
        search=("file_name",),
        sections=(
            section("回盘", "batch", "file_name", "value_on"),
            section("结果", "paid_count", "failed_count", "sha256"),
        ),
        read_only=("batch", "file_name", "value_on", "paid_count", "failed_count", "sha256"),
        access=access(),
        order=71,
        help="银行的回盘文件；在批次页导入，一个批次里同一文件只能导入一次。",
    )
)

TEMPLATES = register(
    Register(
        key="funds.bank_template",
        model=BankTemplate,
        columns=("bank", "org", "direction", "file_type", "unit", "most_rows"),
        filters=("direction", "file_type"),
        search=("bank",),
        sections=(
            section("银行", "bank", "direction", "file_type", "encoding", "delimiter"),
            section("格式", "has_header", "columns", "unit", "most_rows"),
            section("返回码", "success_codes", "fail_codes"),
        ),
        access=access("add change void", Role.FINANCE),
        checks=(formats.check,),
        order=72,
        help="各银行代发文件和回盘文件的格式；在批次上选用，没有选用的按通用格式。",
    )
)
