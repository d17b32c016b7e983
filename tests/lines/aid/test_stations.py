"""Aid stations: who may open one, what counts, and which townships have none."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger import drill
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Division, DivisionLevel
from gonghui.kernel.registers.write import create, create_many, perform, perform_many
from gonghui.lines.aid.models import AidStation
from gonghui.lines.aid.models.station import StationStandard
from gonghui.lines.orgs.services.divisions import mirror_divisions
from tests.support.orgs import actor_with

ALL = [each.value for each in StationStandard]
AUGUST = Period.year_to_date(date(2012, 8, 15))


@pytest.fixture
def townships(tree, db):
    """Four townships of the first county, which figures count."""
    started = date(2000, 1, 1)
    city = Division.objects.create(
        code="410400", name="示例市", level=DivisionLevel.CITY, valid_from=started
    )
    county = Division.objects.create(
        code="410421", name="甲县", level=DivisionLevel.COUNTY, parent=city, valid_from=started
    )
    tree.county.division = county
    tree.county.save(update_fields=["division"])
    found = [
        Division.objects.create(
            code=f"41042100{n}",
            name=f"甲{n}镇",
            level=DivisionLevel.TOWNSHIP,
            parent=county,
            valid_from=started,
        )
        for n in range(1, 5)
    ]
    mirror_divisions()
    return found


def values(org, division, **more):
    """A station of a township that lacks nothing."""
    return {
        "org": org,
        "kind": "township_station",
        "division": division,
        "name": f"{division}帮扶工作站",
        "services": ["hardship"],
        "standards": ALL,
        **more,
    }


def opened(org, division, on=date(2012, 3, 1), **more):
    """A station that runs."""
    made = create(AidStation, by=SYSTEM, **values(org, division, **more))
    return perform(made, "open", by=SYSTEM, opened_on=on)


def value(code, org, period=AUGUST, as_of=None):
    return figure(code, org, period, as_of).value


def test_only_running_stations_count_and_the_townships_without_one_are_listed(tree, townships):
    opened(tree.county, townships[0])
    opened(tree.county, townships[1], services=["hardship", "legal", "job", "living", "psych"])
    paused = opened(tree.county, townships[2])
    perform(paused, "suspend", by=SYSTEM, suspended_on=date(2012, 6, 1), reason="场地拆迁")
    create(AidStation, by=SYSTEM, **values(tree.county, townships[3]))
    assert value("aid.township_stations", tree.city) == 2
    assert value("aid.stations_4in1", tree.city) == 1
    assert value("aid.station_coverage", tree.city) == pytest.approx(0.5)
    missing = drill.missing_of("aid.station_coverage", tree.city, AUGUST)
    assert sorted(missing.ids) == sorted([townships[2].pk, townships[3].pk])


def test_a_station_counts_on_the_days_before_it_was_suspended(tree, townships):
    station = opened(tree.county, townships[0])
    perform(station, "suspend", by=SYSTEM, suspended_on=date(2012, 6, 1), reason="场地拆迁")
    may = Period.month(2012, 5)
    assert value("aid.township_stations", tree.city, may) == 1
    assert value("aid.township_stations", tree.city) == 0


def test_a_resumed_station_counts_again_and_what_was_known_in_between_stays(tree, townships):
    with clock.at(date(2012, 3, 2)):
        station = opened(tree.county, townships[0])
    with clock.at(date(2012, 6, 2)):
        station = perform(
            station, "suspend", by=SYSTEM, suspended_on=date(2012, 6, 1), reason="场地拆迁"
        )
    with clock.at(date(2012, 7, 2)):
        perform(station, "resume", by=SYSTEM)
    june = Period.month(2012, 6)
    assert value("aid.township_stations", tree.city, june, date(2012, 6, 30)) == 0
    assert value("aid.township_stations", tree.city, AUGUST) == 1


def test_a_county_centre_is_no_township_station(tree, townships):
    county = townships[0].parent
    opened(tree.county, county, kind="county_center", name="甲县困难职工帮扶中心")
    assert value("aid.county_centers", tree.city) == 1
    assert value("aid.township_stations", tree.city) == 0


def test_a_township_has_one_station_until_it_is_closed(tree, townships):
    first = opened(tree.county, townships[0])
    with pytest.raises(DomainError, match="已有同类帮扶中心"):
        create(AidStation, by=SYSTEM, **values(tree.county, townships[0], name="另一个站"))
    perform(first, "close", by=SYSTEM, closed_on=date(2012, 7, 1), reason="并入便民中心")
    opened(tree.county, townships[0], on=date(2012, 7, 1), name="新站")
    assert value("aid.township_stations", tree.city) == 1


def test_a_station_stands_on_a_division_of_its_level(tree, townships):
    with pytest.raises(DomainError, match="“甲1镇”不是县（市、区）"):
        create(AidStation, by=SYSTEM, **values(tree.county, townships[0], kind="county_center"))
    with pytest.raises(DomainError, match="须填写行政区划"):
        create(AidStation, by=SYSTEM, **{**values(tree.county, "某镇"), "division": None})


def test_a_station_that_lacks_something_gets_no_plate(tree, townships):
    made = create(AidStation, by=SYSTEM, **values(tree.county, townships[0], standards=ALL[:4]))
    with pytest.raises(DomainError, match="还缺：有经费、有台账"):
        perform(made, "open", by=SYSTEM)


def test_a_township_builds_its_station_and_the_county_opens_it(tree, townships):
    station_user = actor_with(Role.STATION, org=tree.township)
    made = create(AidStation, by=station_user, **values(tree.township, townships[0]))
    made = perform(made, "build", by=station_user)
    with pytest.raises(NotAllowed):
        perform(made, "open", by=station_user)
    made = perform(made, "open", by=actor_with(Role.COUNTY, org=tree.county))
    assert (made.state, made.opened_on) == ("open", clock.today())
    with pytest.raises(NotAllowed):
        create(
            AidStation,
            by=actor_with(Role.BASIC, org=tree.union),
            **values(tree.union, townships[1]),
        )


def test_many_are_opened_at_once_with_a_reason_for_each_that_is_not(tree, townships):
    rows = [
        values(tree.county, each, standards=ALL if n else [], opened_on=date(2011, 5, n + 1))
        for n, each in enumerate(townships)
    ]
    made = [each.record for each in create_many(AidStation, rows, by=SYSTEM)]
    outcomes = perform_many(made, "open", by=SYSTEM)
    assert [each.error is None for each in outcomes] == [False, True, True, True]
    assert value("aid.township_stations", tree.city) == 3
    assert outcomes[1].record.opened_on == date(2011, 5, 2)
