"""What the line does every night; each job may run any number of times."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, periodic
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.workflow.services import remind
from gonghui.lines.aid.models import HardshipFile


@periodic("aid.remind_reviews", DAILY)
def remind_reviews() -> int:
    """Tell each union once a month how many of its files have to be reviewed; how many unions were told.

    One reminder leads to the file that is due first: a county that keeps thousands of files would
    not find anything else among as many reminders.
    """
    today = clock.today()
    until = today + timedelta(days=number_of("aid.review_notice_days"))
    due: dict[int, list[HardshipFile]] = defaultdict(list)
    with acting(SYSTEM):
        rows = HardshipFile.objects.filter(
            state="active", voided_at=None, review_due_on__lte=until
        ).order_by("review_due_on", "pk")
        for file in rows.only("pk", "org_id", "review_due_on"):
            due[file.org_id].append(file)
        return sum(_tell(org_id, files) for org_id, files in due.items())


def _tell(org_id: int, files: list[HardshipFile]) -> bool:
    today = clock.today()
    late = sum(file.review_due_on < today for file in files)
    words = f"{len(files)}份困难职工档案复核将到期" + (f"，其中{late}份已过期" if late else "")
    return remind(
        "aid.hardship_file",
        files[0].pk,
        f"review-{today:%Y-%m}",
        org_id,
        [Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY],
        f"{words}，请入户复核；最早的一份{files[0].review_due_on:%Y-%m-%d}到期。",
    )
