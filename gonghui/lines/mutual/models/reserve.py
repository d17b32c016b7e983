"""Whether a product's money suffices for what it has promised, month by month."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


def _reckoned(label: str) -> object:
    """A sum that is only reckoned."""
    return fields.decimal(label, digits=16, default=0, editable=False)


class ReserveSnapshot(Record):
    """A product's money at the end of a month against what it owes: it holds until the next month's end.

    `balance` is what lies in the fund whether or not it is already claimed by payments, so that an
    approved claim is set against it once.
    """

    product = fields.link("互助产品", "mutual.MutualProduct")
    as_of = fields.day("截止日期")
    holds_until = fields.day("有效至", optional=True, editable=False)
    balance = _reckoned("资金结余（元）")
    approved_unpaid = _reckoned("已核定未给付（元）")
    reported_estimate = _reckoned("已申领未核定估算（元）")
    unearned_fee = _reckoned("未满期互助费（元）")
    owed = _reckoned("合计应备（元）")
    earned_fee = _reckoned("当月已赚互助费（元）")
    ratio = fields.decimal("充足率（倍）", digits=10, places=4, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "互助资金测算"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "as_of"],
                condition=Q(voided_at=None),
                name="mutual_reserve_one_a_month",
                violation_error_message="该产品这个月已测算。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of}"
