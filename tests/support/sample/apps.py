"""The sample line."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """A made-up line with one register of each shape."""

    name = "tests.support.sample"
    label = "sample"

    def ready(self) -> None:
        from tests.support.sample import registers  # noqa: F401
