"""The app of people and employers."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, employers, headcounts, households."""

    name = "gonghui.kernel.people"
    label = "people"
    verbose_name = "人员与单位"
