"""The app of the attachments."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Attachments and their contents."""

    name = "gonghui.kernel.files"
    label = "files"
    verbose_name = "附件"
