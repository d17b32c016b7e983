"""Pairs of persons that may be one (疑似重复)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class DuplicateReason(models.TextChoices):
    """What makes two persons look like one."""

    NAME_BIRTH_PHONE = "name_birth_phone", "姓名、出生日期、手机相同"
    NAME_BIRTH = "name_birth", "姓名、出生日期相同"
    OLD_NUMBER = "old_number", "15位与18位证件号对应"
    ONE_CHAR = "one_char", "证件号只差一位"
    BY_HAND = "by_hand", "人工提出"


class DuplicateCase(Record):
    """Two persons that may be one human being; open from `found_on` until `decided_on`.

    `first` has the smaller key. `changes` is what a merge changed, so that it can be undone.
    """

    first = fields.person("人员甲")
    second = fields.person("人员乙")
    score = fields.count("相似度", at_most=100)
    reasons = fields.choices("依据", DuplicateReason)
    found_on = fields.day("发现日期")
    kept = fields.person("保留的档案", optional=True)
    decided_on = fields.day("核定日期", optional=True, editable=False)
    changes = models.JSONField("合并明细", default=list, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "疑似重复"
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(voided_at=None),
                name="duplicatecase_one_per_pair",
                violation_error_message="这两份档案已在核对清单中。",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="duplicatecase_in_order",
                violation_error_message="请选择两个不同的人员。",
            ),
            models.CheckConstraint(
                condition=Q(kept=None) | Q(kept=F("first")) | Q(kept=F("second")),
                name="duplicatecase_keeps_one",
                violation_error_message="保留的档案须是两人之一。",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"疑似重复{self.pk}"
