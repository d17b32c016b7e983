"""What the line does every night; each job may run any number of times."""

from __future__ import annotations

from gonghui.kernel.jobs.declare import DAILY, periodic
from gonghui.lines.women.services import inspections


@periodic("women.remind_of_silence", DAILY)
def remind_of_silence() -> int:
    """Tell what follows a letter that an employer has not answered in time; how many were told."""
    return inspections.remind_of_silence()
