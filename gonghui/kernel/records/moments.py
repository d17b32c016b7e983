"""Moments come from the database in one step instead of being taken apart in Python.

Every record has two of them, so they cost as much to read as all its other columns together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template


class MomentLoader(BaseTzLoader):  # type: ignore[misc]  # psycopg_any has no types
    """Reads what the database writes in the connection's own time zone; the rest is Django's."""

    timezone = connection.timezone

    def load(self, data: Any) -> datetime:
        """The moment, in the connection's time zone."""
        try:
            moment = datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # before our era or after the year 9999
            return self._usual(data)
        return moment if moment.tzinfo is self.timezone else self._usual(data)

    def _usual(self, data: Any) -> datetime:
        moment: datetime = super().load(data)
        return moment


def register() -> None:
    """Every connection opened from now on reads moments this way."""
    template = get_adapters_template(settings.USE_TZ, connection.timezone)
    template.register_loader("timestamptz", MomentLoader)
