"""The light and forecast of a target, with the numbers of 2012."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.lines.goals.light import (
    TOO_FEW_DAYS,
    Aim,
    Light,
    Limits,
    Reached,
    is_met,
    scheduled,
    standing,
)
from gonghui.lines.goals.models.target import Comparator, TargetWording

LIMITS = Limits(
    green_min=Decimal("0.95"), yellow_min=Decimal("0.80"), grace_days=15, near_tol=Decimal("0.05")
)
NEW_YEAR, JUNE, AUGUST = date(2012, 1, 1), date(2012, 6, 30), date(2012, 8, 15)
YEAR_END = date(2012, 12, 31)


def aim(value, base=0, **terms):
    known = {"window_from": NEW_YEAR, "due_on": YEAR_END, **terms}
    amount = None if value is None else Decimal(value)
    return Aim(value=amount, base=Decimal(base), **known)


def stands(target, actual, on=AUGUST, **candidates):
    reached = Reached(on=on, actual=None if actual is None else Decimal(actual), **candidates)
    return standing(target, reached, LIMITS)


def places(value, count=3):
    return f"{value:.{count}f}"


WORKED = [
    ("T02", 300, 0, 148, AUGUST, "186.885", "0.792", Light.RED, "237.579"),
    ("T03", 300, 0, 175, AUGUST, "186.885", "0.936", Light.YELLOW, "280.921"),
    ("T01", 100, 70, 86, AUGUST, "88.689", "0.856", Light.YELLOW, "95.684"),
    ("T11", 138, 60, 88, AUGUST, "108.590", "0.576", Light.RED, "104.947"),
    ("T15", 1500000, 0, 820000, AUGUST, "934426.230", "0.878", Light.YELLOW, "1316315.789"),
    ("T16 in June", 13600, 0, 6830, JUNE, "6762.842", "1.010", Light.GREEN, "13735.055"),
    ("T16 in August", 13600, 0, 6830, AUGUST, "8472.131", "0.806", Light.YELLOW, "10963.947"),
    ("T17", 10000, 0, 3400, JUNE, "4972.678", "0.684", Light.RED, "6837.363"),
    ("1,000 talks", 1000, 0, 836, AUGUST, "622.951", "1.342", Light.GREEN, "1342.000"),
]


@pytest.mark.parametrize(
    ("value", "base", "actual", "on", "planned", "pace", "light", "run_rate"),
    [row[1:] for row in WORKED],
    ids=[row[0] for row in WORKED],
)
def test_the_worked_table_of_2012(value, base, actual, on, planned, pace, light, run_rate):
    found = stands(aim(value, base), actual, on)
    assert found.light is light
    assert (places(found.planned), places(found.pace)) == (planned, pace)
    assert places(found.forecast.run_rate) == run_rate
    # Without last year or the last 90 days the run rate is all there is.
    assert {found.forecast.low, found.forecast.mid, found.forecast.high} == {
        found.forecast.run_rate
    }


def test_the_bookrooms_are_done_the_day_the_last_one_opens():
    bookrooms = aim(500, unit="家")
    done = stands(bookrooms, 500, JUNE)
    assert (done.light, done.reason) == (Light.DONE, "已完成：实际500家，目标500家。")
    assert (done.planned, done.pace, done.forecast) == (None, None, None)
    assert stands(bookrooms, 499, JUNE).light is Light.GREEN


def test_the_pace_needed_stands_beside_the_present_one():
    found = stands(aim(300), 148)
    assert (places(found.weekly_needed, 1), places(found.weekly_now, 1)) == ("7.7", "4.5")
    last = stands(aim(300), 148, YEAR_END)
    assert (last.weekly_needed, last.weekly_now) == (None, None)


@pytest.mark.parametrize(
    ("value", "wording", "short", "enough"),
    [(10000, TargetWording.NEAR, 9499, 9500), (3100, TargetWording.AROUND, 2944, 2945)],
)
def test_near_and_around_leave_five_in_a_hundred(value, wording, short, enough):
    target = aim(value, wording=wording.value)
    after = YEAR_END + timedelta(1)
    assert stands(target, short, after).light is Light.RED
    assert stands(target, enough, after).light is Light.DONE
    assert "按“近”“左右”达到95%即算完成" in stands(target, enough, after).reason
    assert stands(replace(target, wording=""), enough, after).light is Light.RED


def test_the_reason_is_a_sentence():
    assert stands(aim(300, unit="项"), 148).reason == (
        "实际148项，序时应达186.9项，进度为79.1%，低于80%。"
    )
    late = stands(aim(300, unit="项"), 290, date(2013, 1, 1))
    assert (late.light, late.reason) == (Light.RED, "2012年12月31日到期未完成，还差10项。")
    assert late.forecast is None
    assert late.forecast_note == ""


def test_the_due_day_itself_is_not_overdue():
    assert stands(aim(300), 290, YEAR_END).light is Light.GREEN
    assert stands(aim(300), 300, YEAR_END).light is Light.DONE


def test_without_a_value_or_a_figure_the_light_is_grey():
    missing = stands(aim(None), 547)
    assert (missing.light, missing.reason) == (Light.GREY, "目标值未录入。")
    assert (missing.planned, missing.pace, missing.forecast) == (None, None, None)
    unknown = stands(aim(300), None)
    assert (unknown.light, unknown.pace) == (Light.GREY, None)


def test_before_its_window_a_target_is_grey():
    autumn = aim(3100, window_from=date(2012, 8, 1), due_on=date(2012, 9, 30))
    early = stands(autumn, 0, date(2012, 7, 31))
    assert (early.light, early.reason) == (Light.GREY, "尚未开始，2012年8月1日起计算。")
    assert stands(autumn, 0, date(2012, 8, 1)).light is Light.YELLOW


def test_in_the_days_of_grace_nothing_is_red_but_green_stays_green():
    last = NEW_YEAR + timedelta(15)
    spared = stands(aim(300), 0, last)
    assert spared.light is Light.YELLOW
    assert spared.reason.startswith("起步15天内不亮红灯；")
    assert stands(aim(300), 0, last + timedelta(1)).light is Light.RED
    assert stands(aim(300), 20, last).light is Light.GREEN


def test_grace_does_not_cover_a_due_day_gone_by():
    week = aim(7, due_on=NEW_YEAR + timedelta(6))
    assert stands(week, 6, NEW_YEAR + timedelta(7)).light is Light.RED


def test_a_pace_of_exactly_the_limit_has_the_better_light():
    # 228 of 366 days: of 3,660 there should be 2,280, and 95 % of that is 2,166, 80 % is 1,824.
    season = {"season_share": Decimal("0.5")}
    assert stands(aim(3660), 2166, **season).light is Light.GREEN
    assert stands(aim(3660), 2165, **season).light is Light.YELLOW
    assert stands(aim(3660), 1824, **season).light is Light.YELLOW
    assert stands(aim(3660), 1823, **season).light is Light.RED


def test_a_poor_forecast_spoils_a_good_pace():
    # The pace is 1.003, but last year four fifths of the year had come by this day.
    found = stands(aim(300, unit="项"), Decimal("187.5"), season_share=Decimal("0.8"))
    assert (found.light, places(found.forecast.mid)) == (Light.YELLOW, "234.375")
    assert found.reason == "照目前速度，到期预计约234.4项，不到目标300项的95%。"
    # Planned late, begun early: on plan by the month, far behind by every forecast.
    monthly = tuple(Decimal(each) for each in (0, 0, 0, 0, 0, 0, 0, 10, 30, 60, 90, 100))
    late = stands(aim(300, monthly=monthly, unit="项"), 15)
    assert late.pace > 1
    assert late.light is Light.RED
    assert late.reason == "照目前速度，到期预计最多24.1项，不到目标300项的80%。"


def test_the_forecast_is_the_season_or_the_mean_of_run_rate_and_trend():
    both = stands(aim(300), 148, before_trend=Decimal(58)).forecast
    assert places(both.trend) == "286.000"  # 90 in 90 days, 138 days left
    assert (places(both.low), places(both.mid), places(both.high)) == (
        "237.579",
        "261.789",
        "286.000",
    )
    season = stands(aim(300), 148, before_trend=Decimal(58), season_share=Decimal("0.5")).forecast
    assert (places(season.low), places(season.mid), places(season.high)) == (
        "237.579",
        "296.000",
        "296.000",
    )


def test_last_year_counts_from_a_tenth_on():
    assert stands(aim(300), 148, season_share=Decimal("0.0999")).forecast.season is None
    assert places(stands(aim(300), 148, season_share=Decimal("0.1")).forecast.season) == "1480.000"


def test_a_season_starts_from_the_base():
    found = stands(aim(100, 70), 86, season_share=Decimal("0.8")).forecast
    assert places(found.season) == "90.000"


def test_before_sixty_days_there_is_no_forecast():
    early = stands(aim(300), 40, NEW_YEAR + timedelta(58))
    assert (early.forecast, early.forecast_note) == (None, TOO_FEW_DAYS)
    assert stands(aim(300), 49, NEW_YEAR + timedelta(59)).forecast is not None


def test_a_monthly_schedule_grows_evenly_within_the_month():
    shares = tuple(Decimal(each) for each in (0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100))
    target = aim(300, monthly=shares)
    days = (date(2012, 2, 29), date(2012, 3, 31), date(2012, 6, 15), JUNE, YEAR_END)
    assert [places(float(scheduled(target, day))) for day in days] == [
        "0.000",
        "0.100",
        "0.350",
        "0.400",
        "1.000",
    ]
    nothing_due = stands(target, 0, date(2012, 2, 29))
    assert (nothing_due.planned, nothing_due.pace) == (0, 1)


@pytest.mark.parametrize(
    "shares", [(50, 100), (0,) * 12, (*range(1, 12), 99), (10, 5, *[100] * 10), (-1, *[100] * 11)]
)
def test_a_monthly_schedule_has_twelve_shares_that_never_fall(shares):
    with pytest.raises(DomainError, match="12个累计百分比"):
        aim(300, monthly=tuple(Decimal(each) for each in shares))


def test_a_monthly_schedule_stays_within_a_year():
    with pytest.raises(DomainError, match="同一年内"):
        aim(300, monthly=(Decimal(100),) * 12, due_on=date(2013, 3, 31))


def test_a_window_does_not_end_before_it_begins():
    with pytest.raises(DomainError, match="早于"):
        aim(300, due_on=date(2011, 12, 31))


@pytest.mark.parametrize(
    ("actual", "light", "words"),
    [
        (0, Light.RED, "还差1个"),
        (1, Light.DONE, ""),
        (2, Light.DONE, ""),
        (3, Light.DONE, "超出1-2个"),
    ],
)
def test_one_or_two_models_for_each_industry_union(actual, light, words):
    target = aim(1, value_max=Decimal(2), comparator=Comparator.RANGE.value, unit="个")
    found = stands(target, actual, date(2013, 1, 1))
    assert found.light is light
    assert words in found.reason
    assert ("超出" in found.reason) is (actual == 3)


def test_a_ceiling_is_kept_only_at_the_end_and_broken_at_once():
    ceiling = aim(10, comparator=Comparator.AT_MOST.value)
    assert stands(ceiling, 0).light is Light.GREEN
    assert stands(ceiling, 10, YEAR_END).light is Light.DONE
    assert stands(ceiling, 11).light is Light.RED


def test_more_than_an_exact_value_is_red():
    exact = aim(12, comparator=Comparator.EXACTLY.value)
    assert stands(exact, 12).light is Light.DONE
    assert stands(exact, 13).light is Light.RED


def test_what_may_be_lost_again_is_reached_not_finished():
    coverage = aim("0.95", "0.90", may_fall_back=True, unit="%")
    assert stands(coverage, "0.952").reason == "已达标：实际95.2%，目标95.0%，以后仍可能回落。"


def test_a_ratio_falls_short_by_percentage_points():
    coverage = aim("0.95", "0.90", unit="%")
    found = stands(coverage, "0.935", date(2013, 1, 1))
    assert found.reason == "2012年12月31日到期未完成，还差1.5个百分点。"


def test_below_a_level_to_be_held_the_light_is_not_green():
    found = stands(aim(100, 110), 93)
    assert (found.light, places(found.pace)) == (Light.YELLOW, "0.930")


def test_nothing_is_met_without_a_value():
    assert not is_met(aim(None), Decimal(547), LIMITS)
