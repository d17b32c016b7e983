"""The app 专项活动."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns (专项活动), in whose window several lines count."""

    name = "gonghui.shared.campaigns"
    label = "campaigns"
    verbose_name = "专项活动"

    def ready(self) -> None:
        """Declare the registers."""
        from gonghui.shared.campaigns import registers  # noqa: F401  they register
