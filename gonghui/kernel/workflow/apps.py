"""The app of tasks, reminders and public notices."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """To-do list, reminders, public notices."""

    name = "gonghui.kernel.workflow"
    label = "workflow"
    verbose_name = "待办"
