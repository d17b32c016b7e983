"""What the line asks of payments: a file first, a reviewed one, and no more than the caps."""

from __future__ import annotations

from datetime import date
from typing import Any

from gonghui.kernel.parameters.values import decimal_of
from gonghui.lines.aid.models.grant import NEED_FILE, GrantKind
from gonghui.lines.aid.services.grants import without_file, without_grant
from gonghui.shared.funds import programmes
from gonghui.shared.funds.programmes import Cap

_MONTHS = 12


def _living_cap(line: Any, day: date) -> Cap | None:
    """A household's living aid of a year is at most the year's minimum-living standard."""
    if line.household_id is None:
        return None
    monthly = decimal_of("aid.dibao_monthly", on=day, org=line.org)
    return Cap(
        subject_key=f"H{line.household_id}",
        group="aid.living",
        period=str(day.year),
        amount=monthly * _MONTHS,
    )


def _study_cap(line: Any, day: date) -> Cap | None:
    """A student's aid of a school year is at most so many months' basic living cost."""
    if line.beneficiary_id is None:
        return None
    monthly = decimal_of("aid.study_monthly", on=day, org=line.org)
    return Cap(
        subject_key=f"P{line.beneficiary_id}",
        group="aid.study",
        period=line.ref,
        amount=monthly * decimal_of("aid.study_months", on=day),
    )


programmes.add_eligibility([kind.value for kind in NEED_FILE], without_file)
programmes.add_eligibility([GrantKind.MEDICAL.value], without_grant)
programmes.set_cap(["SHJZ"], _living_cap)
programmes.set_cap(["JQZX"], _study_cap)
