"""Where payees get their money."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class AccountRelation(models.TextChoices):
    """What the holder of an account is to its payee."""

    SELF = "self", "本人"
    GUARDIAN = "guardian", "监护人"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    OTHER = "other", "其他"


class PayeeAccount(Record):
    """The account of a person or an employer; a changed number is a new row, the old one is closed."""

    person = fields.person("收款人", optional=True)
    employer = fields.link("收款单位", "people.Employer", optional=True)
    account_no = fields.secret("银行账号")
    account_no_hash = fields.secret_hash("账号索引")
    last4 = fields.text("尾号", size=4, optional=True, editable=False)
    holder_name = fields.text("户名", size=80, pii=Pii.PERSONAL)
    bank_name = fields.text("开户行", size=80)
    cnaps = fields.text("联行号", size=12, optional=True)
    relation = fields.choice("与收款人关系", AccountRelation, default=AccountRelation.SELF)
    is_social_card = fields.flag("社会保障卡")
    valid_from = fields.day("启用日期")
    valid_to = fields.day("停用日期", optional=True)
    verified_on = fields.day("核验日期", optional=True)
    replaces_other = fields.flag("替换了原账号", editable=False)

    class Meta(Record.Meta):
        verbose_name = "收款账户"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, employer=None)
                | Q(person=None, employer__isnull=False),
                name="funds_payeeaccount_one_owner",
                violation_error_message="收款人与收款单位须选且只能选一个。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(valid_to=None, voided_at=None, person__isnull=False),
                name="funds_payeeaccount_one_of_person",
                violation_error_message="该收款人已有在用账户，请先停用原账户。",
            ),
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(valid_to=None, voided_at=None, employer__isnull=False),
                name="funds_payeeaccount_one_of_employer",
                violation_error_message="该收款单位已有在用账户，请先停用原账户。",
            ),
        ]
        indexes = [models.Index(fields=["account_no_hash"], name="funds_payeeaccount_no")]

    def __str__(self) -> str:
        return f"{self.bank_name}尾号{self.last4}"
