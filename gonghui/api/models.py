"""What was answered to a write call, so that repeating the call has no second effect."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a call with an idempotency key."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    call = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="keptanswer_one")]

    def __str__(self) -> str:
        return self.key
