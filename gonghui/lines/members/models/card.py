"""Member cards (会员卡) and agreements on dispatched members (委托管理协议)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class CardKind(models.TextChoices):
    """Kinds of cards."""

    ELECTRONIC = "electronic", "电子会员卡"
    PAPER = "paper", "纸质会员证"
    BANK = "bank", "联名卡"


class MemberCard(Record):
    """A card that shows that somebody is a member; valid to and including `valid_to`."""

    person = fields.person("会员")
    card_no = fields.text("卡号", size=40, unique=True)
    kind = fields.choice("种类", CardKind)
    issued_on = fields.day("发卡日期")
    valid_to = fields.day("有效期至", optional=True)

    class Meta(Record.Meta):
        verbose_name = "会员卡"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state="valid") & Q(voided_at=None),
                name="membercard_one_valid_of_kind",
                violation_error_message="该会员已有一张有效的同类会员卡，请先挂失或注销。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("issued_on")),
                name="membercard_ends_after_start",
                violation_error_message="有效期不能早于发卡日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.card_no}"


class EntrustAgreement(Record):
    """The union of an agency entrusts the user's union with its dispatched members.

    Belongs to the agency's union; in force from `valid_from` to the day before `valid_to`.
    """

    user_org = fields.link("用工单位工会", "kernel_orgs.Org", pii=Pii.PUBLIC)
    valid_from = fields.day("起", pii=Pii.PUBLIC)
    valid_to = fields.day("止", pii=Pii.PUBLIC, optional=True)
    scope = fields.note("委托管理事项", optional=False)

    class Meta(Record.Meta):
        verbose_name = "派遣会员委托管理协议"
        constraints = [
            one_at_a_time(
                ("org", "user_org"),
                "entrustagreement_one_at_a_time",
                Q(voided_at=None),
                message="两个工会之间同期已有委托管理协议。",
            ),
            models.CheckConstraint(
                condition=~Q(org=F("user_org")),
                name="entrustagreement_two_unions",
                violation_error_message="委托方与受托方不能是同一工会。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org_id}—{self.user_org_id}"
