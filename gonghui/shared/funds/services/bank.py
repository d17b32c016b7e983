"""The bank's file of a batch, and the bank's answer.

The file is made of the claimed lines alone, so the same batch always gives the same bytes; its hash
is kept when the batch is sent. It holds account numbers in clear: each download is noted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.excel.cells import Normaliser
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.sheets import read_sheet
from gonghui.kernel.records.reveals import note_reveals
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create, perform_many
from gonghui.shared.funds.models import (
    BankFile,
    BankReturn,
    BankTemplate,
    BatchForm,
    PayBatch,
    PayLine,
)
from gonghui.shared.funds.models.template import Direction, Unit
from gonghui.shared.funds.services import formats
from gonghui.shared.funds.services.gates import name_of
from gonghui.shared.funds.services.lines import with_linked
from gonghui.shared.funds.services.moving import account_number

# Comma separated, GB18030.
_USUAL = BankTemplate(
    bank="通用",
    direction=Direction.OUT,
    columns="序号=序号\n收款人=户名\n账号=账号\n开户行=开户行\n联行号=联行号\n金额（元）=金额\n附言=附言",
)
SUCCESS = frozenset({"成功", "已入账", "处理成功", "交易成功", "0000"})
FAILURE = frozenset({"失败", "退票", "处理失败", "交易失败"})
ANSWER = (
    Heading(label="序号", aliases=("批内序号",), required=True, kind=CellKind.INTEGER),
    Heading(label="账号", aliases=("收款账号", "银行账号"), required=True),
    Heading(label="金额", aliases=("金额（元）", "交易金额"), required=True, kind=CellKind.MONEY),
    Heading(label="结果", aliases=("处理结果", "状态", "返回码"), required=True),
    Heading(label="原因", aliases=("失败原因", "退票原因", "返回信息")),
)
_SHOWN = 5


def content(batch: PayBatch) -> bytes:
    """The file as the batch's bank takes it, in the order of the roster; without a template as most do."""
    with acting(SYSTEM):
        template = batch.bank_template or _USUAL
    lines = _sent_lines(batch)
    formats.check_size(template, len(lines))
    return formats.written(template, [_payment(batch, line) for line in lines])


def _payment(batch: PayBatch, line: PayLine) -> formats.Payment:
    account = line.account
    if account is None:
        raise DomainError(f"第{line.seq}行没有收款账户。")
    cells = {
        "序号": line.seq,
        "户名": account.holder_name,
        "账号": account_number(account),
        "开户行": account.bank_name,
        "联行号": account.cnaps,
        "附言": batch.title,
    }
    return formats.Payment(cells=cells, amount=line.amount)


def _sent_lines(batch: PayBatch) -> list[PayLine]:
    with acting(SYSTEM):
        rows = PayLine.objects.filter(batch=batch, voided_at=None).exclude(state="withdrawn")
        return with_linked(rows.order_by("seq"), "account", "person", "employer")


def make_files(batches: Sequence[PayBatch], by: Actor) -> None:
    """Fix the file of each batch that goes to the bank."""
    for batch in batches:
        if batch.form == BatchForm.BANK:
            made = content(batch)
            create(
                BankFile,
                by=SYSTEM,
                org=batch.org,
                batch=batch,
                sha256=hashlib.sha256(made).hexdigest(),
                line_count=batch.line_count,
                total=batch.total,
            )


def download(batch: PayBatch, *, by: Actor) -> bytes:
    """The file for the bank, the same at every download; raises where the accounts changed since."""
    with acting(SYSTEM):
        kept = BankFile.objects.filter(batch=batch, voided_at=None).first()
    if kept is None:
        raise Conflict("该批次尚未生成银行代发文件。")
    made = content(batch)
    if hashlib.sha256(made).hexdigest() != kept.sha256:
        raise Conflict("收款账户与送银行时不一致，文件不能再次下载；请与银行核对。")
    note_reveals(by, [("funds.bank_file", kept.pk, "account_no")], purpose="下载银行代发文件")
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    row: int
    line: PayLine
    paid: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Codes:
    """What a bank's results mean, and in what its amounts are."""

    success: frozenset[str] = SUCCESS
    failure: Mapping[str, str] = field(default_factory=dict)
    divisor: int = 1


def take_answer(
    batch: PayBatch, data: bytes, *, file_name: str, value_on: date, by: Actor
) -> BankReturn:
    """Register what the bank did with each line; a row that fits no line stops the whole file.

    The same file again has no effect and says so; for another batch the same bytes are its own answer,
    as equal payments to the same people give equal files every month.
    """
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic(), acting(SYSTEM), by_rule():
        # The payments first, as whoever registers one by hand; then the batch that they settle.
        waiting = PayLine.objects.filter(batch=batch, state="reserved", voided_at=None)
        list(waiting.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        locked = PayBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if BankReturn.objects.filter(batch=locked, sha256=digest, voided_at=None).exists():
            raise Conflict("该回盘文件已导入本批次，不能重复导入。")
        if locked.state != "sent":
            raise Conflict("该批次不在等待回盘的状态，不能导入回盘。")
        results = _matched(locked, data, _template_of_answer(locked))
        paid = [result for result in results if result.paid]
        failed = [result for result in results if not result.paid]
        record = create(
            BankReturn,
            by=by,
            org=locked.org,
            batch=locked,
            file_name=file_name[:120],
            sha256=digest,
            paid_count=len(paid),
            failed_count=len(failed),
            value_on=value_on,
        )
        _register(paid, failed, value_on, by)
    return record


def _register(
    paid: Sequence[_Result], failed: Sequence[_Result], value_on: date, by: Actor
) -> None:
    by_reason: dict[str, list[PayLine]] = {}
    for result in failed:
        by_reason.setdefault(result.reason or "银行未说明原因", []).append(result.line)
    for reason, lines in sorted(by_reason.items()):
        must(perform_many(lines, "fail", by=by, failed_on=value_on, fail_text=reason[:200]))
    lines = [result.line for result in paid]
    if lines:
        must(
            perform_many(
                lines, "pay", by=by, paid_on=value_on, receipt_kind="bank", receipt_on=value_on
            )
        )


def _template_of_answer(batch: PayBatch) -> BankTemplate | None:
    """How the bank that got the file answers, if that was written down."""
    if batch.bank_template is None:
        return None
    found: BankTemplate | None = BankTemplate.objects.filter(
        org_id=batch.bank_template.org_id,
        bank=batch.bank_template.bank,
        direction=Direction.RETURN,
        voided_at=None,
    ).first()
    return found


def _matched(batch: PayBatch, data: bytes, template: BankTemplate | None) -> list[_Result]:
    lines = {line.seq: line for line in _sent_lines(batch) if line.state == "reserved"}
    if template is None:
        sheet, codes = read_sheet(data, headings=ANSWER), _Codes()
    else:
        headings = formats.headings_of(template)
        sheet = read_sheet(formats.as_sheet(template, data), headings=headings)
        codes = _Codes(
            success=SUCCESS | formats.successes_of(template),
            failure=formats.codes_of(template),
            divisor=formats.CENTS if template.unit == Unit.CENT else 1,
        )
    normaliser = Normaliser(sheet)
    results: list[_Result] = []
    faults: list[str] = []
    for row in sheet.rows():
        read = normaliser.row(row)
        faults += [f"第{row.number}行：{error.label}{error.text}" for error in read.errors]
        if not read.errors:
            try:
                results.append(_result(row.number, read.values, lines, codes))
            except DomainError as error:
                faults.append(f"第{row.number}行：{error}")
    if faults:
        more = f"（另有{len(faults) - _SHOWN}条）" if len(faults) > _SHOWN else ""
        raise DomainError("回盘文件与批次对不上，未导入。" + "；".join(faults[:_SHOWN]) + more)
    return results


def _result(
    number: int, values: dict[str, Any], lines: dict[int, PayLine], codes: _Codes
) -> _Result:
    seq = values.get("序号")
    line = lines.pop(seq, None) if isinstance(seq, int) else None
    if line is None or line.account is None:
        raise DomainError(f"序号{seq}在批次中没有待回盘的明细，或在文件中重复。")
    if str(values.get("账号") or "").replace(" ", "") != account_number(line.account):
        raise DomainError(f"序号{seq}的账号与批次不符。")
    amount = values.get("金额")
    if not isinstance(amount, Decimal) or amount / codes.divisor != line.amount:
        raise DomainError(f"序号{seq}（{name_of(line)}）的金额与批次不符。")
    answer = str(values.get("结果") or "").strip()
    if answer not in codes.success | FAILURE and answer not in codes.failure:
        raise DomainError(f"不认识的处理结果“{answer}”，请填“成功”或“失败”。")
    return _Result(
        row=number,
        line=line,
        paid=answer in codes.success,
        reason=str(values.get("原因") or codes.failure.get(answer, "")),
    )
