"""The bank's file of a batch, and the bank's answer.

The file is made of the claimed lines alone, so the same batch always gives the same bytes; its hash
is kept when the batch is sent. It holds account numbers in clear: each download is noted.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.excel.cells import Normaliser
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.sheets import read_sheet
from gonghui.kernel.records.reveals import note_reveals
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create, perform_many
from gonghui.shared.funds.models import BankFile, BankReturn, BatchForm, PayBatch, PayLine
from gonghui.shared.funds.services.gates import name_of
from gonghui.shared.funds.services.lines import must
from gonghui.shared.funds.services.moving import account_number

HEADINGS = ("序号", "收款人", "账号", "开户行", "联行号", "金额（元）", "附言")
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
    """The file as banks take it: comma separated, GB18030, in the order of the roster."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for line in _sent_lines(batch):
        account = line.account
        if account is None:
            raise DomainError(f"第{line.seq}行没有收款账户。")
        writer.writerow(
            (
                line.seq,
                account.holder_name,
                account_number(account),
                account.bank_name,
                account.cnaps,
                f"{line.amount:.2f}",
                batch.title,
            )
        )
    return out.getvalue().encode("gb18030")


def _sent_lines(batch: PayBatch) -> list[PayLine]:
    with acting(SYSTEM):
        rows = PayLine.objects.filter(batch=batch, voided_at=None).exclude(state="withdrawn")
        return list(rows.select_related("account", "person", "employer").order_by("seq"))


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


def take_answer(
    batch: PayBatch, data: bytes, *, file_name: str, value_on: date, by: Actor
) -> BankReturn:
    """Register what the bank did with each line; a row that fits no line stops the whole file.

    The same file again has no effect and says so.
    """
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic(), acting(SYSTEM), by_rule():
        # The payments first, as whoever registers one by hand; then the batch that they settle.
        waiting = PayLine.objects.filter(batch=batch, state="reserved", voided_at=None)
        list(waiting.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        locked = PayBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if BankReturn.objects.filter(sha256=digest, voided_at=None).exists():
            raise Conflict("该回盘文件已导入，不能重复导入。")
        if locked.state != "sent":
            raise Conflict("该批次不在等待回盘的状态，不能导入回盘。")
        results = _matched(locked, data)
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


def _matched(batch: PayBatch, data: bytes) -> list[_Result]:
    lines = {line.seq: line for line in _sent_lines(batch) if line.state == "reserved"}
    sheet = read_sheet(data, headings=ANSWER)
    normaliser = Normaliser(sheet)
    results: list[_Result] = []
    faults: list[str] = []
    for row in sheet.rows():
        read = normaliser.row(row)
        faults += [f"第{row.number}行：{error.label}{error.text}" for error in read.errors]
        if not read.errors:
            try:
                results.append(_result(row.number, read.values, lines))
            except DomainError as error:
                faults.append(f"第{row.number}行：{error}")
    if faults:
        more = f"（另有{len(faults) - _SHOWN}条）" if len(faults) > _SHOWN else ""
        raise DomainError("回盘文件与批次对不上，未导入。" + "；".join(faults[:_SHOWN]) + more)
    return results


def _result(number: int, values: dict[str, Any], lines: dict[int, PayLine]) -> _Result:
    seq = values.get("序号")
    line = lines.pop(seq, None) if isinstance(seq, int) else None
    if line is None or line.account is None:
        raise DomainError(f"序号{seq}在批次中没有待回盘的明细，或在文件中重复。")
    if str(values.get("账号") or "").replace(" ", "") != account_number(line.account):
        raise DomainError(f"序号{seq}的账号与批次不符。")
    if values.get("金额") != line.amount:
        raise DomainError(f"序号{seq}（{name_of(line)}）的金额与批次不符。")
    answer = str(values.get("结果") or "").strip()
    if answer not in SUCCESS | FAILURE:
        raise DomainError(f"不认识的处理结果“{answer}”，请填“成功”或“失败”。")
    return _Result(
        row=number,
        line=line,
        paid=answer in SUCCESS,
        reason=str(values.get("原因") or ""),
    )
