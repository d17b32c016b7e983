"""The sheet of where learners went reports them to be verified."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.lines.employment.models import Placement
from gonghui.lines.employment.services.placement_sheet import write_placements
from tests.lines.employment.making import LATE, held
from tests.lines.members.making import employer, id_number, person


@pytest.fixture(autouse=True)
def then():
    with clock.at(LATE):
        yield


def test_learners_are_reported_once_and_wrong_rows_are_told(tree):
    numbers = [id_number() for _ in range(3)]
    rows = held(tree.county, [person(tree.county, id_no=number) for number in numbers])
    session = rows[0].session
    sheet = [
        {
            "enrolment__session": session,
            "person__id_no": number,
            "kind": "reemployed",
            "employer": employer(tree.county),
            "started_on": date(2012, 3, 20),
        }
        for number in numbers
    ]
    sheet[1]["started_on"] = date(2012, 3, 8)
    sheet.append({**sheet[0], "person__id_no": id_number()})
    with acting(SYSTEM):
        outcomes = write_placements(sheet, SYSTEM, tree.county)
        again = write_placements(sheet[:1], SYSTEM, tree.county)
    assert [each.error and each.error.message for each in outcomes] == [
        None,
        "上岗日期早于结业日期，不能作为本期培训成效。",
        None,
        f"《{session}》没有这个身份证号的学员。",
    ]
    assert again[0].record.pk == outcomes[0].record.pk
    assert [row.state for row in Placement._unscoped.all()] == ["reported"] * 2
