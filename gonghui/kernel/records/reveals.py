"""Notes that somebody looked at values in clear, and what for."""

from __future__ import annotations

from collections.abc import Iterable

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records.models import RevealEvent


def note_reveals(actor: Actor, seen: Iterable[tuple[str, int, str]], *, purpose: str) -> None:
    """Keep one event for each (register key, record id, field) that was shown."""
    RevealEvent.objects.bulk_create(
        RevealEvent(
            register=register,
            record_id=record_id,
            field=field,
            actor_id=actor.user_id,
            reason=purpose,
            at=clock.now(),
        )
        for register, record_id, field in sorted(seen)
    )
