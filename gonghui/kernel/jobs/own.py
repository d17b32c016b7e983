"""The kernel's own periodic work."""

from __future__ import annotations

import logging

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.jobs.declare import DAILY, EVERY_FEW_SECONDS, NIGHTLY, periodic
from gonghui.kernel.jobs.models import DataCheck
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.records.triggers import broken_links
from gonghui.kernel.registers.silence import confirm_silent
from gonghui.kernel.workflow.services import climb_overdue, remind

CHECK = "kernel.data_check"

logger = logging.getLogger(__name__)

periodic("ledger.fold", EVERY_FEW_SECONDS)(fold)
periodic("workflow.climb_overdue", DAILY)(climb_overdue)
periodic("registers.confirm_silent", DAILY)(confirm_silent)


@periodic("jobs.check_data", NIGHTLY)
def check_data() -> DataCheck:
    """Hold ledger against records and follow the history's chain; tell the administrators of faults."""
    started = clock.now()
    report = verify()
    check = DataCheck.objects.create(
        started_at=started,
        checked=report.checked,
        differing=[
            {
                "code": each.code,
                "what": each.what,
                "org": each.org_id,
                "day": each.day.isoformat() if each.day else None,
                "expected": each.expected,
                "found": each.found,
            }
            for each in report.differing
        ],
        broken_links=broken_links(),
        finished_at=clock.now(),
    )
    if not check.is_clean:
        _tell(check)
    return check


def _tell(check: DataCheck) -> None:
    logger.error(
        "data check %s: %s figures differ, %s history entries are broken",
        check.pk,
        len(check.differing),
        len(check.broken_links),
    )
    city = unscoped(Org).filter(level=OrgLevel.CITY).first()
    if city is None:
        return
    said = []
    if check.differing:
        said.append(f"{len(check.differing)}个数字与台账不一致，请运行 gonghui ledger verify 查看")
    if check.broken_links:
        said.append(f"{len(check.broken_links)}条历史记录的校验链断开，可能被人直接改动")
    remind(
        CHECK,
        check.pk,
        "differs",
        city.pk,
        [Role.SYSTEM_ADMIN],
        f"夜间数据复核发现问题：{'；'.join(said)}。",
    )
