"""A pot of money with one owner and one purpose."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class Source(models.TextChoices):
    """Where money comes from."""

    CENTRAL_FISCAL = "central_fiscal", "中央财政"
    PROVINCIAL_FISCAL = "provincial_fiscal", "省级财政"
    CITY_FISCAL = "city_fiscal", "市级财政"
    COUNTY_FISCAL = "county_fiscal", "县级财政"
    SUPERIOR_UNION = "superior_union", "上级工会拨款"
    OWN_UNION = "own_union", "本级工会经费"
    EMPLOYER_MATCH = "employer_match", "行政配套"
    DONATION = "donation", "社会捐赠"
    STAFF_DONATION = "staff_donation", "职工捐款"
    MUTUAL_FEE = "mutual_fee", "互助费"
    LOAN_REPAYMENT = "loan_repayment", "借款回收"
    INTEREST = "interest", "利息"
    CARRY_OVER = "carry_over", "上年结转"


class FundKind(models.TextChoices):
    """What a fund is for."""

    GRANT = "grant", "帮扶补助"
    REVOLVING = "revolving", "循环借款"
    MUTUAL = "mutual", "互助保障（专户）"
    AWARD = "award", "奖励"
    FEE = "fee", "服务采购"


def _sum(label: str) -> Any:
    """A column that only the posting of entries moves."""
    return fields.money(label, default=0, editable=False)


class Fund(Record):
    """A pot of money: what came in, what went down, what is claimed, under way and paid.

    The sums are those of the fund's entries; `available` is what may still be claimed. The database
    refuses any state in which more is given than there is.
    """

    code = fields.text("资金编码", size=40)
    name = fields.text("资金名称", size=80)
    fund_year = fields.year("年度", at_least=2000)
    kind = fields.choice("资金类型", FundKind)
    primary_source = fields.choice("主要来源", Source)
    plan_amount = fields.money("计划规模（元）", optional=True)
    spend_by = fields.day("使用期限", optional=True)
    bank_account = fields.secret("专户账号", optional=True)
    received = _sum("到账（元）")
    allotted_out = _sum("下拨（元）")
    reserved = _sum("占用（元）")
    in_transit = _sum("在途（元）")
    paid = _sum("已付（元）")
    available = _sum("可用（元）")

    class Meta(Record.Meta):
        verbose_name = "专项资金账"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code", "fund_year"],
                condition=Q(voided_at=None),
                name="funds_fund_one_per_code",
                violation_error_message="本工会本年度已有该编码的专项资金账。",
            ),
            models.CheckConstraint(
                condition=Q(
                    available=F("received")
                    - F("allotted_out")
                    - F("reserved")
                    - F("in_transit")
                    - F("paid")
                ),
                name="funds_fund_available_is_the_rest",
                violation_error_message="可用余额与收支不符。",
            ),
            models.CheckConstraint(
                condition=Q(
                    received__gte=0,
                    allotted_out__gte=0,
                    reserved__gte=0,
                    in_transit__gte=0,
                    paid__gte=0,
                    available__gte=0,
                ),
                name="funds_fund_not_overspent",
                violation_error_message="资金不足，不能超过可用余额。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=FundKind.MUTUAL) | Q(bank_account__isnull=False),
                name="funds_fund_mutual_has_own_account",
                violation_error_message="互助保障资金须填写专户账号。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class FundPurpose(Record):
    """A programme that a fund may pay for."""

    fund = fields.link("专项资金账", "funds.Fund", related_name="purposes")
    programme_code = fields.text("支付项目", size=10)

    class Meta(Record.Meta):
        verbose_name = "可支付项目"
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "programme_code"],
                condition=Q(voided_at=None),
                name="funds_fundpurpose_once",
                violation_error_message="该资金已可支付这个项目。",
            )
        ]

    def __str__(self) -> str:
        return str(self.programme_code)
