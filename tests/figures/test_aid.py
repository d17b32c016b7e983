"""The figures of hardship aid in the demonstration city."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base.periods import Period
from gonghui.base.wording import percent
from gonghui.kernel.ledger import drill
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from tests.figures.periods import REPORT, THAT_DAY, TO_DATE

FESTIVALS = Period(date(2011, 12, 20), date(2012, 2, 6))
MARCH = Period.month(2012, 3)
JUNE = Period(date(2012, 5, 21), date(2012, 6, 30))


@pytest.mark.parametrize(
    ("code", "period", "value"),
    [
        ("aid.county_centers", THAT_DAY, 10),
        ("aid.township_stations", THAT_DAY, 88),
        ("aid.stations_4in1", THAT_DAY, 30),
        ("aid.love_hospitals", THAT_DAY, 0),
        ("aid.files", THAT_DAY, 26_392),
        ("aid.files_new", TO_DATE, 24),
        ("aid.files_out", TO_DATE, 18),
        ("aid.swn_raised", FESTIVALS, 19_400_000),
        ("aid.swn_paid", FESTIVALS, 19_400_000),
        ("aid.swn_employers", FESTIVALS, 261),
        ("aid.swn_households", FESTIVALS, 24_036),
        ("aid.swn_models", FESTIVALS, 777),
        ("aid.w38_households", MARCH, 606),
        ("aid.w38_amount", MARCH, 485_000),
        ("aid.c61_children", JUNE, 3_093),
        ("aid.c61_amount", JUNE, 989_760),
        ("funds.service_paid", Period(date(2011, 12, 20), REPORT), 30_200_000),
        ("funds.model_paid", Period(date(2011, 12, 20), REPORT), 1_394_600),
    ],
)
def test_a_figure_of_the_report_is_exact(city, code, period, value):
    assert figure(code, city, period, REPORT).value == value


def test_an_exit_recorded_after_the_report_is_known_later(city):
    assert figure("aid.files", city, THAT_DAY, date(2012, 8, 19)).value == 26_392
    assert figure("aid.files", city, THAT_DAY, date(2012, 8, 20)).value == 26_391


def test_nearly_every_household_that_the_survey_found_is_on_file(city):
    assert percent(figure("aid.file_coverage", city, THAT_DAY, REPORT).value, 1) == "98.2%"


def test_the_ledger_of_aid_and_its_money_agrees_with_a_recount(city):
    codes = ["aid.files", "aid.swn_households", "aid.c61_children", "funds.paid"]
    assert verify(codes).is_clean


def test_the_townships_without_a_station_are_listed(city):
    assert percent(figure("aid.station_coverage", city, THAT_DAY, REPORT).value, 1) == "63.8%"
    missing = drill.missing_of("aid.station_coverage", city, THAT_DAY, REPORT)
    assert len(missing.ids) == 50


def test_the_station_of_the_day_after_counts_from_then_on(city):
    day = THAT_DAY.__class__(date(2012, 8, 16), date(2012, 8, 16))
    assert figure("aid.township_stations", city, day).value == 89
