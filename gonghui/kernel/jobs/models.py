"""What the nightly look at the data has found."""

from __future__ import annotations

from django.db import models

from gonghui.base.clock import ZONE


class DataCheck(models.Model):
    """One comparison of ledger, balances and records, and of the history's chain."""

    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间")
    checked = models.PositiveIntegerField("复核数字")
    differing = models.JSONField("不一致", default=list)
    broken_links = models.JSONField("校验链断开的历史", default=list)

    class Meta:
        verbose_name = "数据复核"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.finished_at.astimezone(ZONE):%Y-%m-%d %H:%M}"

    @property
    def is_clean(self) -> bool:
        """Whether everything agreed."""
        return not self.differing and not self.broken_links
