"""Members and their unions together: the founding of a union, its merger and its end."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import perform, void
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.roster import write_roster
from gonghui.lines.members.services.events import record_many
from tests.lines.members.making import assert_adds_up, id_number, memberships, numbers, on
from tests.lines.orgs.making import WHEN, an_employer, make_town, prepared, reported_election
from tests.lines.orgs.test_changes import AUDITED, changed

YEAR = Period.year(2012)
LATER = date(2012, 9, 3)


@pytest.fixture
def town(db):
    with clock.at(WHEN):
        yield make_town()


def roster(org, size):
    """A roster of new people."""
    outcomes = write_roster(
        [
            {
                "person__name": f"示例{n}",
                "person__id_no": id_number(),
                "employ_kind": "contract",
                "joined_on": clock.today(),
            }
            for n in range(size)
        ],
        SYSTEM,
        org,
    )
    assert all(outcome.error is None for outcome in outcomes)


def founded(town, number, size):
    """A union founded with so many members."""
    formation = prepared(town, an_employer(town.township, number))
    roster(formation.org, size)
    reported_election(formation.org)
    formation = perform(formation, "report_result", by=town.of_station)
    assert formation.founding_members == size
    return perform(formation, "establish", by=town.of_county).org


def test_twenty_four_founding_members_are_too_few_and_twenty_five_enough(town):
    formation = prepared(town, an_employer(town.township))
    roster(formation.org, 24)
    reported_election(formation.org)
    with pytest.raises(DomainError) as refused:
        perform(formation, "report_result", by=town.of_station)
    assert refused.value.field == "founding_members"
    roster(formation.org, 1)
    formation = perform(formation, "report_result", by=town.of_station)
    codes = ["founding", "new", "total"]
    assert list(numbers(formation.org, codes, YEAR).values()) == [25, 0, 0]
    formation = perform(formation, "establish", by=town.of_county)
    assert list(numbers(formation.org, codes, YEAR).values()) == [0, 25, 25]
    assert list(numbers(town.city, codes, on(clock.today())).values()) == [0, 25, 25]
    assert {row.joined_on for row in memberships()} == {formation.approved_on}


@pytest.mark.parametrize("way", ["close", "void"])
def test_a_formation_that_is_given_up_frees_its_founders(town, way):
    formation = prepared(town, an_employer(town.township))
    roster(formation.org, 3)
    if way == "close":
        perform(formation, "close", by=town.of_county, reason="单位注销")
    else:
        void(formation, by=town.of_county, reason="重复登记")
    assert {row.leave_kind for row in memberships()} == {"not_founded"}
    assert numbers(town.city, ["founding", "new", "left"], YEAR) == {
        "founding": 0,
        "new": 0,
        "left": 0,
    }


def test_a_merger_takes_the_members_along(town):
    into, ending = founded(town, 1, 31), founded(town, 2, 25)
    retiring = memberships(org=ending)[:3]
    record_many(retiring, EventKind.RETAIN, clock.today(), "退休", by=SYSTEM)
    with clock.at(LATER):
        changed(town, ending, "merge", into=into, **AUDITED)
    assert numbers(into, ["total", "retained", "transfers_in"], YEAR) == {
        "total": 53,
        "retained": 3,
        "transfers_in": 22,
    }
    assert numbers(ending, ["total", "retained", "transfers_out"], YEAR) == {
        "total": 0,
        "retained": 0,
        "transfers_out": 22,
    }
    assert numbers(town.city, ["new", "total"], YEAR) == {"new": 56, "total": 53}
    for org in (into, ending, town.city):
        assert_adds_up(org, YEAR)
