"""The app of the organisation tree."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Organisations, divisions and dated relations."""

    name = "gonghui.kernel.orgs"
    label = "kernel_orgs"
    verbose_name = "工会组织"
