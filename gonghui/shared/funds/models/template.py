"""How a bank wants its payment file, and how it answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class Direction(models.TextChoices):
    """Whether the office writes the file or the bank."""

    OUT = "out", "代发文件"
    RETURN = "return", "回盘文件"


class FileType(models.TextChoices):
    """What kind of file it is."""

    CSV = "csv", "CSV（逗号分隔）"
    TXT = "txt", "文本（自定分隔符）"
    XLSX = "xlsx", "Excel"


class Encoding(models.TextChoices):
    """In what encoding a text is; banks of the mainland use the first."""

    GBK = "gb18030", "GBK"
    UTF8 = "utf-8", "UTF-8"


class Unit(models.TextChoices):
    """What the figures of the amount are in."""

    YUAN = "yuan", "元"
    CENT = "cent", "分"


class BankTemplate(Record):
    """The format of one bank's file in one direction; `columns` are lines “列名=内容”, in order."""

    bank = fields.text("银行", size=60)
    direction = fields.choice("方向", Direction)
    file_type = fields.choice("文件类型", FileType, default=FileType.CSV)
    encoding = fields.choice("编码", Encoding, default=Encoding.GBK)
    delimiter = fields.text("分隔符", size=3, optional=True)
    has_header = fields.flag("有表头行", default=True)
    columns = fields.note("列（每行一列：列名=内容）", optional=False)
    unit = fields.choice("金额单位", Unit, default=Unit.YUAN)
    most_rows = fields.count("每个文件最多笔数", optional=True, at_least=1)
    success_codes = fields.text("成功的返回码", size=200, optional=True)
    fail_codes = fields.note("失败的返回码（每行一个：返回码=原因）")

    class Meta(Record.Meta):
        verbose_name = "银行文件模板"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "bank", "direction"],
                condition=Q(voided_at=None),
                name="funds_banktemplate_once",
                violation_error_message="该银行这个方向的模板已登记。",
            ),
            models.CheckConstraint(
                condition=~Q(file_type=FileType.TXT) | ~Q(delimiter=""),
                name="funds_banktemplate_delimited",
                violation_error_message="文本文件须填写分隔符。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank}{self.get_direction_display()}"
