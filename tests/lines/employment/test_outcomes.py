"""From the list to the kept job: what became of the learners of closed sessions, as the records stand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import perform
from gonghui.lines.aid.models.station import StationStandard
from gonghui.lines.employment.models import Enrolment
from gonghui.lines.employment.services import outcomes
from gonghui.lines.employment.services.outcomes import Way
from tests.lines.employment.making import LATE, close, enrol, mark, people_of, session
from tests.lines.employment.test_placement import placement, verified
from tests.support.making import make
from tests.support.orgs import user_with

YEAR = Period.year(2012)


@pytest.fixture(autouse=True)
def then(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(LATE):
        yield


@pytest.fixture
def trained(tree):
    """Of five learners four came, three completed and two were placed; another county taught one."""
    training = session(tree.county)
    rows = enrol(training, people_of(tree.county, 5))
    mark(training, rows[:3])
    mark(training, rows[3:4], score=20)
    mark(training, rows[4:], halves=[])
    close(training)
    for row in rows[:2]:
        verified(Enrolment._unscoped.get(pk=row.pk))
    placement(Enrolment._unscoped.get(pk=rows[2].pk))
    other = session(tree.neighbour, title="焊工班", occupation="焊工")
    (learner,) = enrol(other, people_of(tree.neighbour, 1))
    mark(other, [learner])
    close(other)
    session(tree.county, title="未结班", start=date(2012, 8, 6), end=date(2012, 8, 10))
    return training


def test_each_step_counts_who_went_so_far(tree, trained):
    with acting(SYSTEM):
        found = outcomes.ways(tree.city, YEAR)
        whole = outcomes.total_of(found)
        parts = outcomes.by_part(tree.city, found)
        kinds = outcomes.by_occupation(found)
        assert outcomes.ways(tree.city, Period.year(2011)) == []
    assert whole == Way(sessions=2, enrolled=6, attended=5, completed=4, placed=2)
    assert [(part, way.enrolled) for part, way in parts] == [(tree.county, 5), (tree.neighbour, 1)]
    assert [(kind, way.completed) for kind, way in kinds] == [("电工", 3), ("焊工", 1)]
    assert figure("employment.training_placed", tree.city, YEAR).value == whole.placed


def test_a_kept_job_has_its_cost():
    assert Way(sustained=3, fees=Decimal(1000)).cost == Decimal("333.33")
    assert Way(sustained=0, fees=Decimal(1000)).cost is None
    assert Way(sustained=3).cost is None


def shown(client, **query):
    body = client.get("/employment/outcomes/", query).content.decode().partition("<tbody>")[2]
    rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in re.findall(r"<td.*?</td>", row)]
        for row in rows
    ]


def test_the_page_tells_the_shares_and_opens_the_parts(tree, client, trained):
    client.force_login(user_with(Role.DEPT, org=tree.city))
    whole, county = shown(client)[:2]
    assert whole[:6] == ["合计", "2", "6", "5（83.3%）", "4（66.7%）", "2（50.0%）"]
    assert county[:2] == [str(tree.county), "1"]
    assert [row[0] for row in shown(client, by="occupation")] == ["合计", "电工", "焊工"]
    names = [row[0] for row in shown(client, by="session")]
    assert names == ["合计", "电工技能培训班（2012-03-09）", "焊工班（2012-03-09）"]
    page = client.get("/employment/outcomes/", {"unit.pk": tree.county.pk}).content.decode()
    assert f"{tree.county}（本级）" in page


def test_a_county_sees_its_own(tree, client, trained):
    client.force_login(user_with(Role.COUNTY, org=tree.neighbour))
    assert [row[2] for row in shown(client)] == ["1", "1"]
    assert client.get("/employment/outcomes/", {"unit.pk": tree.county.pk}).status_code == 404
    client.force_login(user_with(Role.SYSTEM_ADMIN, org=tree.city))
    assert client.get("/employment/outcomes/").status_code == 404


def test_windows_for_loans_are_the_stations_that_have_one(tree):
    for services in (["loan_window", "job"], ["job"]):
        made = make(
            register_of("aid.station"),
            org=tree.county,
            kind="employer_station",
            services=services,
            standards=[code for code, _ in StationStandard.choices],
            full_time_count=1,
        )
        perform(made, "open", by=SYSTEM, opened_on=date(2012, 3, 1))
    assert figure("employment.loan_windows", tree.city, YEAR).value == 1
    assert figure("employment.loan_windows", tree.neighbour, YEAR).value == 0
