"""Statutory forms: how they are laid out, where each cell comes from, and what unions returned."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.statistics.models.checks import Severity
from gonghui.lines.statistics.models.period import PeriodKind


class Source(models.TextChoices):
    """Where a cell's value comes from."""

    INDICATOR = "indicator", "指标"
    FORMULA = "formula", "算式"
    MANUAL = "manual", "手工"


class Channel(models.TextChoices):
    """How a form reached the authority."""

    ONLINE = "online", "网上直报"
    EXCHANGE = "exchange", "公文交换"
    MAIL = "mail", "邮寄"
    EMAIL = "email", "电子邮件"
    HAND = "hand", "当面报送"


class StatForm(Record):
    """A form that an authority prescribes (法定报表); a changed form is a further version.

    One version of a code is in force at a time: with the next one the former is retired. What is in
    force is not changed any more.
    """

    code = fields.text("表号", size=40, pii=Pii.PUBLIC)
    title = fields.text("表名", pii=Pii.PUBLIC)
    authority = fields.text("制定机关", size=100, pii=Pii.PUBLIC)
    approval = fields.text("制表依据", pii=Pii.PUBLIC, optional=True)
    period_kind = fields.choice("报告期别", PeriodKind, pii=Pii.PUBLIC)
    levels = fields.choices("填报层级", OrgLevel, pii=Pii.PUBLIC)
    filling_note = fields.note("填表说明", pii=Pii.PUBLIC)
    version_no = fields.count("版次", pii=Pii.PUBLIC, at_least=1, default=1, editable=False)
    activated_on = fields.day("启用日期", pii=Pii.PUBLIC, optional=True, editable=False)
    retired_on = fields.day("停用日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "法定报表"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code", "version_no"],
                condition=Q(voided_at=None),
                name="statform_version_once",
                violation_error_message="该表号的这一版已经建立；要修改表样，请在启用的那一版上“修订”。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="statform_of_org")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class StatCell(Record):
    """One cell of a form, named by its row and column."""

    form = fields.link("法定报表", "statistics.StatForm", pii=Pii.PUBLIC)
    row_code = fields.text("行代码", size=10, pii=Pii.PUBLIC)
    row_label = fields.text("行名称", size=120, pii=Pii.PUBLIC)
    unit = fields.text("计量单位", size=20, pii=Pii.PUBLIC, optional=True)
    column_code = fields.text("列代码", size=10, pii=Pii.PUBLIC)
    column_label = fields.text("列名称", size=120, pii=Pii.PUBLIC)
    source = fields.choice("来源", Source, pii=Pii.PUBLIC)
    expression = fields.text("取数式", size=500, pii=Pii.PUBLIC, optional=True)
    cause = fields.text("手工填报原因", pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "报表单元格"
        constraints = [
            models.UniqueConstraint(
                fields=["form", "row_code", "column_code"],
                condition=Q(voided_at=None),
                name="statcell_once",
                violation_error_message="该行该列的单元格已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(source=Source.MANUAL) | ~Q(expression=""),
                name="statcell_says_where_from",
                violation_error_message="来源为指标或算式的，请填写取数式。",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.MANUAL) | (~Q(cause="") & Q(expression="")),
                name="statcell_manual_says_why",
                violation_error_message="手工填报的单元格须写明原因，不写取数式。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="statcell_of_org")]

    def __str__(self) -> str:
        return f"[{self.row_code},{self.column_code}] {self.row_label}·{self.column_label}"


class FormCheck(Record):
    """A condition that the cells of a form must keep among themselves."""

    form = fields.link("法定报表", "statistics.StatForm", pii=Pii.PUBLIC)
    text = fields.text("提示语", pii=Pii.PUBLIC)
    severity = fields.choice("级别", Severity, pii=Pii.PUBLIC)
    expression = fields.text("校验式", size=500, pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "表内校验"
        constraints = [
            models.UniqueConstraint(
                fields=["form", "expression"],
                condition=Q(voided_at=None),
                name="formcheck_once",
                violation_error_message="该校验式已经有了。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="formcheck_of_org")]

    def __str__(self) -> str:
        return str(self.text)


class FormReturn(Record):
    """A form as a union returned it for a period.

    Its values are those of `sealed_set`, where the period is sealed, otherwise what the ledger knew
    at `as_of`; the scan of the signed cover is an attachment.
    """

    form = fields.link("法定报表", "statistics.StatForm", pii=Pii.PUBLIC)
    period = fields.link("统计期", "statistics.StatPeriod", pii=Pii.PUBLIC)
    period_end = fields.day("期末", pii=Pii.PUBLIC, editable=False)
    due_on = fields.day("报出期限", pii=Pii.PUBLIC, editable=False)
    as_of = fields.moment("取数时点", pii=Pii.PUBLIC, optional=True, editable=False)
    sealed_set = fields.link(
        "取自封存集", "statistics.SealedSet", pii=Pii.PUBLIC, optional=True, editable=False
    )
    checks_open = fields.count("未过校验", pii=Pii.PUBLIC, default=0, editable=False)
    explanation = fields.note("校验说明", pii=Pii.PUBLIC)
    signer = fields.text("签认负责人", size=60, optional=True)
    signed_at = fields.moment("签认时间", pii=Pii.PUBLIC, optional=True, editable=False)
    sent_on = fields.day("报出日期", pii=Pii.PUBLIC, optional=True)
    channel = fields.choice("报送渠道", Channel, pii=Pii.PUBLIC, optional=True)
    receipt = fields.text("回执号", size=80, pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "报表报送"
        constraints = [
            models.UniqueConstraint(
                fields=["form", "period", "org"],
                condition=Q(voided_at=None),
                name="formreturn_once",
                violation_error_message="该工会本期的这张表已经建立。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["certified", "sent"])
                | (~Q(signer="") & Q(signed_at__isnull=False) & Q(as_of__isnull=False)),
                name="formreturn_is_signed",
                violation_error_message="签认须有负责人和取数时点。",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_on__isnull=False) & ~Q(channel="")),
                name="formreturn_is_sent",
                violation_error_message="报出须有日期和渠道。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-period_end"], name="formreturn_of_org"),
            models.Index(fields=["period", "form"], name="formreturn_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.period}{self.form}"


class ReturnValue(Record):
    """What a return has in one cell.

    Derived values nobody types. A cell that is filled by hand is changed by people alone, so that
    `changed_by` is whoever typed it; `basis` says what he rests on.
    """

    form_return = fields.link("报表报送", "statistics.FormReturn", pii=Pii.PUBLIC)
    cell = fields.link("单元格", "statistics.StatCell", pii=Pii.PUBLIC)
    value = fields.decimal("数值", digits=24, places=6, pii=Pii.PUBLIC, optional=True, trims=True)
    basis = fields.note("填报依据", pii=Pii.PUBLIC)
    note = fields.text("备注", size=80, pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "报表数"
        constraints = [
            models.UniqueConstraint(
                fields=["form_return", "cell"],
                condition=Q(voided_at=None),
                name="returnvalue_once",
                violation_error_message="该单元格已经有数。",
            ),
            models.CheckConstraint(
                condition=~Q(state="manual") | Q(value=None) | ~Q(basis=""),
                name="returnvalue_manual_says_why",
                violation_error_message="手工填报的数须写明填报依据。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="returnvalue_of_org")]

    def __str__(self) -> str:
        return str(self.cell)
