"""Finding campaigns; every office may name the city's campaigns, whoever may open them."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.shared.campaigns.models import Campaign


def campaign_of(code: str) -> Campaign:
    """The campaign of a code; DomainError where there is none."""
    with acting(SYSTEM):
        found: Campaign | None = Campaign.objects.filter(code=code, voided_at=None).first()
    if found is None:
        raise DomainError(f"没有编码为“{code}”的专项活动。", field="campaign_code")
    return found


def campaign_choices(_: Any = None) -> list[tuple[str, str]]:
    """All campaigns as (code, label), newest first, for the choice on forms."""
    with acting(SYSTEM):
        rows = Campaign.objects.filter(voided_at=None).order_by("-window_from", "code")
        return [(row.code, f"{row.name}（{row.code}）") for row in rows]
