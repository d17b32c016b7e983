"""Dated values of parameters and the official holidays."""

from __future__ import annotations

from django.db import models


class Parameter(models.Model):
    """From `valid_from` on the parameter has this value, for the whole city or for one org's subtree."""

    code = models.CharField("参数", max_length=80)
    value = models.JSONField("值")
    org = models.ForeignKey(
        "kernel_orgs.Org",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="适用工会",
        related_name="+",
    )
    valid_from = models.DateField("起用日期")
    source = models.CharField("依据", max_length=200)
    set_by = models.BigIntegerField("设定人", null=True)
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = "参数"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "org", "valid_from"],
                name="parameter_one_a_day",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}={self.value}"


class Holiday(models.Model):
    """A weekday off, or a weekend day worked, by the yearly notice of the State Council's office."""

    day = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("调休上班")
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "节假日"

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
