"""Transfers of membership between unions (会籍接转)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Initiator(models.TextChoices):
    """Who started a transfer; that side need not confirm any more."""

    SELF = "self", "本人"
    OUT = "out", "转出工会"
    IN = "in", "转入工会"


class TransferReason(models.TextChoices):
    """Why a membership moves."""

    EMPLOYER = "employer", "变更单位"
    SECONDMENT = "secondment", "借调"
    CLOSURE = "closure", "单位撤并"
    RESIDENCE = "residence", "居住地保留"


class MembershipTransfer(Record):
    """A membership moves from one union to another.

    `org` is the union that must act next and follows from the state: the giving union until it has
    confirmed, then the receiving one (whose county sees it because it lies below it). So each side
    has the record while it is its turn; the giving union follows the rest on the membership, which
    names where it moves to.
    """

    membership = fields.link("会籍", "members.Membership", pii=Pii.PERSONAL)
    person = fields.person("会员", editable=False)
    from_org = fields.link("转出工会", "kernel_orgs.Org", pii=Pii.PUBLIC, editable=False)
    to_org = fields.link("转入工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    to_outside = fields.text("市外转入单位", optional=True)
    to_province = fields.text("省份", size=20, optional=True)
    initiator = fields.choice("发起方", Initiator)
    reason = fields.choice("接转原因", TransferReason)
    requested_on = fields.day("发起日期", optional=True)
    out_confirmed_on = fields.day("转出确认日期", optional=True, editable=False)
    is_auto_confirmed = fields.flag("超时自动确认", editable=False)
    sent_on = fields.day("送达转入方日期", optional=True, editable=False)
    in_accepted_on = fields.day("接收日期", optional=True, editable=False)
    return_on = fields.day("借调期满转回日期", optional=True)
    is_sent_back = fields.flag("已转回", editable=False)
    batch = fields.text("批次", size=60, optional=True)
    result = fields.link("新会籍", "members.Membership", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "会籍接转"
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state__in=("out_pending", "in_pending", "county_pending"))
                & Q(voided_at=None),
                name="membershiptransfer_one_open",
                violation_error_message="该会员已有一项未办完的会籍接转。",
            ),
            models.CheckConstraint(
                condition=(Q(to_org__isnull=False) & Q(to_outside=""))
                | (Q(to_org=None) & ~Q(to_outside="")),
                name="membershiptransfer_one_target",
                violation_error_message="请选择转入工会；转往市外的填写市外单位，二者只填一项。",
            ),
            models.CheckConstraint(
                condition=Q(to_org=None) | ~Q(to_org=F("from_org")),
                name="membershiptransfer_not_to_itself",
                violation_error_message="转入工会与转出工会相同。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "state", "-id"], name="membershiptransfer_of_org"),
            models.Index(fields=["batch"], name="membershiptransfer_batch"),
        ]

    def __str__(self) -> str:
        return self.number or f"会籍接转{self.pk}"
