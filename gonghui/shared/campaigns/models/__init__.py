"""The models, by family."""

from gonghui.shared.campaigns.models.campaign import Campaign, CampaignKind

__all__ = ["Campaign", "CampaignKind"]
