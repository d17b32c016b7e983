"""Cadres' near relatives, from whose payments they withdraw."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class KinRelation(models.TextChoices):
    """What a person is to the cadre."""

    SELF = "self", "本人"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    SIBLING = "sibling", "兄弟姐妹"
    IN_LAW = "in_law", "姻亲"


class KinDeclaration(Record):
    """A cadre's near relative (亲属备案): the cadre neither makes nor reviews his payments."""

    username = fields.text("干部用户名", size=60)
    user_id = models.BigIntegerField("干部", null=True, editable=False)
    person = fields.person("亲属")
    relation = fields.choice("关系", KinRelation)

    class Meta(Record.Meta):
        verbose_name = "亲属备案"
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "person"],
                condition=Q(voided_at=None),
                name="funds_kindeclaration_once",
                violation_error_message="该亲属已备案。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.username}的{self.get_relation_display()}"
