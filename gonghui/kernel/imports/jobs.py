"""Imports in the background: steps go on, those that were killed too, and old files are deleted."""

from __future__ import annotations

from datetime import timedelta

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import MOVING, ImportFile, ImportRun
from gonghui.kernel.jobs.declare import EVERY_MINUTE, NIGHTLY, periodic
from gonghui.kernel.parameters.values import number_of

# A step writes at least every few seconds; one that has been silent this long was killed.
SILENT = timedelta(minutes=3)


@periodic("imports.pick_up", EVERY_MINUTE)
def pick_up() -> int:
    """Put imports that were killed in a step back on the queue; how many."""
    silent = ImportRun._unscoped.filter(state__in=MOVING, progress_at__lt=clock.now() - SILENT)
    for run in silent:
        services.put_on_queue(run, SYSTEM)
    return len(silent)


@periodic("imports.forget_files", NIGHTLY)
def forget_files() -> int:
    """Delete the uploaded bytes of old imports; their rows' results stay. How many."""
    before = clock.now() - timedelta(days=number_of("imports.keep_days"))
    old = ImportFile.objects.filter(run__progress_at__lt=before).exclude(run__state__in=MOVING)
    return old.delete()[0]
