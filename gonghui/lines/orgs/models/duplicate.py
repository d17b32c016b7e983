"""Pairs of employers that may be one (疑似重复单位)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class EmployerLikeness(models.TextChoices):
    """What makes two employers look like one."""

    SAME_CODE = "same_code", "组织机构代码相同"
    SAME_NAME = "same_name", "同一县（市、区）内名称相同"
    BY_HAND = "by_hand", "人工提出"


class EmployerDuplicate(Record):
    """Two employers that may be one; open from `found_on` until `decided_on`.

    `first` has the smaller key. `changes` is what a merge changed, so that it can be undone.
    """

    first = fields.link("单位甲", "people.Employer", pii=Pii.PUBLIC)
    second = fields.link("单位乙", "people.Employer", pii=Pii.PUBLIC)
    likeness = fields.choices("依据", EmployerLikeness, pii=Pii.PUBLIC)
    found_on = fields.day("发现日期", pii=Pii.PUBLIC)
    kept = fields.link("保留的档案", "people.Employer", pii=Pii.PUBLIC, optional=True)
    decided_on = fields.day("核定日期", pii=Pii.PUBLIC, optional=True, editable=False)
    changes = models.JSONField("合并明细", default=list, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "疑似重复单位"
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(voided_at=None),
                name="employerduplicate_one_per_pair",
                violation_error_message="这两家单位已在核对清单中。",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="employerduplicate_in_order",
                violation_error_message="请选择两家不同的单位。",
            ),
            models.CheckConstraint(
                condition=Q(kept=None) | Q(kept=F("first")) | Q(kept=F("second")),
                name="employerduplicate_keeps_one",
                violation_error_message="保留的档案须是两家之一。",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"疑似重复单位{self.pk}"
