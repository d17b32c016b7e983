"""One module for each line of work that came after the first: `schedule(world, timeline)` adds its steps."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from demo.acting import Timeline
from demo.world import World


def schedule(world: World, timeline: Timeline) -> None:
    """Add the steps of every line, in the order of their names; the timeline sorts by moment."""
    for found in iter_modules(__path__):
        import_module(f"{__name__}.{found.name}").schedule(world, timeline)
