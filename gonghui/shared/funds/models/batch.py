"""A roster of payments, and its lines: the table that figures of paid money read."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class BatchForm(models.TextChoices):
    """How the money or the goods reach the payees."""

    BANK = "bank", "银行转账"
    CASH = "cash", "现金"
    IN_KIND = "in_kind", "实物"
    SERVICE = "service", "服务采购"


class Tier(models.IntegerChoices):
    """How far up a batch has to go, by its sum."""

    FINANCE = 1, "部门、财务审核"
    LEADER = 2, "领导审批"
    MINUTES = 3, "领导审批并附会议纪要"


class PayBatch(Record):
    """A roster that is approved and paid as one; `org` spends, from a fund of its own."""

    fund = fields.link("专项资金账", "funds.Fund")
    budget_line = fields.link("预算指标", "funds.BudgetLine", optional=True, editable=False)
    programme_code = fields.text("支付项目", size=10)
    campaign_code = fields.text("专项活动", size=20, optional=True)
    title = fields.text("批次名称", size=80)
    form = fields.choice("发放形式", BatchForm, default=BatchForm.BANK)
    bank_template = fields.link("银行文件模板", "funds.BankTemplate", optional=True)
    opened_on = fields.day("编制日期")
    cash_reason = fields.text("使用现金的原因", optional=True)
    minutes = fields.text("会议纪要文号", size=60, optional=True)
    line_count = fields.count("笔数", default=0, editable=False)
    total = fields.money("金额合计（元）", default=0, editable=False)
    tier = models.PositiveSmallIntegerField(
        "审批层级", choices=Tier.choices, null=True, editable=False
    )
    checked_at = fields.moment("校验时间", optional=True, editable=False)
    warning_count = fields.count("提示条数", default=0, editable=False)
    submitted_on = fields.day("提交日期", optional=True)
    approved_on = fields.day("批准日期", optional=True)
    sent_on = fields.day("送银行（领款）日期", optional=True)
    settled_on = fields.day("结清日期", optional=True)

    class Meta(Record.Meta):
        verbose_name = "发放批次"
        indexes = [models.Index(fields=["fund", "state"], name="funds_paybatch_of_fund")]

    def __str__(self) -> str:
        return str(self.title)


class LineState(models.TextChoices):
    """Where a payment stands; a claimed one holds its money and its right to be the only one."""

    DRAFT = "draft", "编制中"
    RESERVED = "reserved", "已占用"
    PAID = "paid", "已发放"
    FAILED = "failed", "发放失败"
    WITHDRAWN = "withdrawn", "已撤下"
    REVERSED = "reversed", "已退回"


HOLDING = (LineState.RESERVED, LineState.PAID)


class ReceiptKind(models.TextChoices):
    """What proves that the payee got it."""

    BANK = "bank", "银行回单"
    SIGN = "sign", "本人签字"
    SMS = "sms", "短信确认"
    APP = "app", "手机确认"
    PROXY = "proxy", "代领"


class PayLine(Record):
    """One payment to one payee, counted for one beneficiary; wide, because figures read own columns only.

    `benefit_key` says what may be had only once; the database lets one claimed or paid line have it.
    """

    batch = fields.link("发放批次", "funds.PayBatch", related_name="lines")
    seq = fields.count("序号", at_least=1)
    fund = fields.link("专项资金账", "funds.Fund", editable=False)
    person = fields.person("收款人", optional=True)
    employer = fields.link("收款单位", "people.Employer", optional=True)
    household = fields.link("受益家庭", "people.Household", pii=Pii.PERSONAL, optional=True)
    beneficiary = fields.person("受益人", optional=True)
    amount = fields.money("金额（元）")
    goods = fields.text("物品", size=80, optional=True)
    quantity = fields.count("数量", optional=True)
    account = fields.link("收款账户", "funds.PayeeAccount", pii=Pii.SENSITIVE, optional=True)
    workplace = fields.text("所在单位", size=80, optional=True)
    remark = fields.text("备注", optional=True)
    source_model = fields.text("来源台账", size=60, optional=True)
    source_id = models.BigIntegerField("来源记录", null=True, blank=True)
    source_seq = fields.count("来源序次", default=1)
    ref = fields.text("业务编号", size=80, optional=True)
    benefit_key = fields.text("去重键", size=160, editable=False, optional=True)
    repeat = fields.count("叠加次数", default=1, at_least=1, editable=False)
    repeat_reason = fields.text("叠加发放原因", optional=True)
    sex = fields.choice("性别", Sex, optional=True, editable=False)
    identity_class = fields.text("身份", size=20, optional=True)
    is_model_worker = fields.flag("劳模")
    is_migrant = fields.flag("农民工")
    line = fields.text("业务线", size=20, editable=False, optional=True)
    programme_code = fields.text("支付项目", size=10, editable=False, optional=True)
    pay_kind = fields.text("支付性质", size=10, editable=False, optional=True)
    campaign_code = fields.text("专项活动", size=20, editable=False, optional=True)
    campaign_kind = fields.text("活动类别", size=20, editable=False, optional=True)
    in_service = fields.flag("计入服务职工活动", editable=False)
    paid_on = fields.day("发放日期", optional=True)
    bank_ref = fields.text("银行流水号", size=60, optional=True)
    failed_on = fields.day("失败日期", optional=True)
    fail_text = fields.text("失败原因", optional=True)
    receipt_kind = fields.choice("签收方式", ReceiptKind, optional=True)
    receipt_on = fields.day("签收日期", optional=True)
    proxy_name = fields.text("代领人及关系", size=80, pii=Pii.PERSONAL, optional=True)
    reversed_on = fields.day("退回日期", optional=True)
    reverse_reason = fields.text("退回原因", optional=True)
    reissue_of = fields.link("重发自", "funds.PayLine", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "发放明细"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "seq"],
                condition=Q(voided_at=None),
                name="funds_payline_seq_once",
                violation_error_message="批次内序号重复。",
            ),
            models.UniqueConstraint(
                fields=["benefit_key"],
                condition=Q(state__in=HOLDING, voided_at=None) & ~Q(benefit_key=""),
                name="funds_payline_benefit_once",
                violation_error_message="该户（人）同一项目已列支，不得重复。",
            ),
            models.UniqueConstraint(
                fields=["source_model", "source_id", "source_seq"],
                condition=Q(state__in=HOLDING, voided_at=None, source_id__isnull=False),
                name="funds_payline_source_once",
                violation_error_message="同一笔业务已列支，不能重复支付。",
            ),
            models.UniqueConstraint(
                fields=["reissue_of"],
                condition=Q(voided_at=None) & ~Q(state="withdrawn"),
                name="funds_payline_reissued_once",
                violation_error_message="该笔失败的发放已重发。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="funds_payline_positive",
                violation_error_message="金额须大于0。",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, employer=None)
                | Q(person=None, employer__isnull=False),
                name="funds_payline_one_payee",
                violation_error_message="收款人与收款单位须选且只能选一个。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("paid", "reversed")) | Q(paid_on__isnull=False),
                name="funds_payline_paid_has_day",
                violation_error_message="已发放的明细须有发放日期。",
            ),
            models.CheckConstraint(
                condition=Q(reversed_on=None) | Q(reversed_on__gte=F("paid_on")),
                name="funds_payline_reversed_later",
                violation_error_message="退回日期不能早于发放日期。",
            ),
            models.CheckConstraint(
                condition=~Q(receipt_kind=ReceiptKind.PROXY) | ~Q(proxy_name=""),
                name="funds_payline_proxy_named",
                violation_error_message="代领须填写代领人及关系。",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "paid_on"], name="funds_payline_of_person"),
            models.Index(fields=["household", "paid_on"], name="funds_payline_of_household"),
            models.Index(fields=["benefit_key"], name="funds_payline_by_key"),
            models.Index(fields=["source_model", "source_id"], name="funds_payline_source"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.employer} {self.amount}元"
