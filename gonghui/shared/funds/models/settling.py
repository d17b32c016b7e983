"""Files for the bank, what it answered, and months that are closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class BankFile(Record):
    """A payment file was made of a batch: the same batch gives the same bytes, each look is noted."""

    batch = fields.link("发放批次", "funds.PayBatch", related_name="bank_files")
    sha256 = fields.text("文件校验值", size=64)
    line_count = fields.count("笔数")
    total = fields.money("金额合计（元）")

    class Meta(Record.Meta):
        verbose_name = "银行代发文件"
        constraints = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(voided_at=None),
                name="funds_bankfile_one_per_batch",
                violation_error_message="该批次已生成银行代发文件，不能生成另一份。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.line_count}笔"


class BankReturn(Record):
    """The bank's answer to a batch; a batch takes the same file once."""

    batch = fields.link("发放批次", "funds.PayBatch", related_name="bank_returns")
    file_name = fields.text("文件名", size=120)
    sha256 = fields.text("文件校验值", size=64)
    paid_count = fields.count("成功笔数")
    failed_count = fields.count("失败笔数")
    value_on = fields.day("入账日期")

    class Meta(Record.Meta):
        verbose_name = "银行回盘"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sha256"],
                condition=Q(voided_at=None),
                name="funds_bankreturn_once",
                violation_error_message="该回盘文件已导入本批次，不能重复导入。",
            )
        ]

    def __str__(self) -> str:
        return str(self.file_name)


class MonthClose(Record):
    """A month of an office's money is closed: nothing may be dated into it any more."""

    month = fields.day("月份")
    remark = fields.note("说明")

    class Meta(Record.Meta):
        verbose_name = "月度结账"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "month"],
                condition=Q(voided_at=None),
                name="funds_monthclose_once",
                violation_error_message="该月已结账。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="funds_monthclose_first_day",
                violation_error_message="请填写该月第一天。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月}"
