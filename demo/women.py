"""What the demonstration city does in women workers."""

from __future__ import annotations

from demo.acting import Timeline
from demo.world import World


def schedule(world: World, timeline: Timeline) -> None:
    """Add the steps of this line to the city's timeline."""
