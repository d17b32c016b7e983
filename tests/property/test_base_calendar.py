from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gonghui.base.periods import Period, add_months, overlap, parse_period
from gonghui.base.workdays import china_calendar

CHINA = china_calendar()
days = st.dates(date(2010, 1, 1), date(2026, 12, 31))
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(days=length)), days, st.integers(0, 800)
)
whole_months = st.builds(
    lambda day, count: Period(
        day.replace(day=1), add_months(day.replace(day=1), count) - timedelta(days=1)
    ),
    days,
    st.integers(1, 30),
)


@given(days, st.integers(1, 60))
def test_adding_working_days_and_counting_them_agree(day, count):
    later = CHINA.add_working_days(day, count)
    assert CHINA.is_working_day(later)
    assert CHINA.working_days_between(day, later) == count
    assert CHINA.working_days_between(later, day) == -count


@given(days, days, st.integers(0, 30))
def test_an_earlier_start_never_gives_a_later_deadline(a, b, count):
    first, last = sorted((a, b))
    assert CHINA.add_working_days(first, count) <= CHINA.add_working_days(last, count)


@given(days, st.integers(0, 30))
def test_more_working_days_never_end_earlier(day, count):
    assert CHINA.add_working_days(day, count) < CHINA.add_working_days(day, count + 1)


@given(days)
def test_rolling_over_stops_at_the_first_working_day(day):
    target = CHINA.next_working_day(day)
    assert CHINA.is_working_day(target)
    assert CHINA.working_days_between(day - timedelta(days=1), target) == 1


@given(days, st.integers(1, 30))
def test_going_back_from_a_working_day_undoes_going_forward(day, count):
    start = CHINA.next_working_day(day)
    assert CHINA.add_working_days(CHINA.add_working_days(start, count), -count) == start


@given(periods)
def test_the_months_of_a_period_cover_it_without_gaps(period):
    pieces = list(period.months())
    assert pieces[0].start == period.start
    assert pieces[-1].end == period.end
    assert sum(piece.days for piece in pieces) == period.days
    assert all(a.end + timedelta(days=1) == b.start for a, b in pairwise(pieces))


@given(periods, periods, days)
def test_a_day_is_in_the_overlap_if_it_is_in_both(a, b, day):
    both = overlap(a, b)
    assert both == overlap(b, a)
    assert (both is not None and day in both) == (day in a and day in b)


@given(st.one_of(periods, whole_months))
def test_the_period_before_ends_before_and_is_of_the_same_kind(period):
    before = period.preceding()
    assert before.end < period.start
    assert before.whole_months == period.whole_months or period.start.day == 1


@given(whole_months)
def test_whole_months_stay_whole_and_adjoin(period):
    assert period.preceding().whole_months == period.whole_months
    assert period.preceding().end + timedelta(days=1) == period.start
    assert period.a_year_earlier().whole_months == period.whole_months


@given(st.one_of(periods, whole_months))
def test_a_year_earlier_is_the_same_stretch_of_the_year(period):
    earlier = period.a_year_earlier()
    assert earlier.start.year == period.start.year - 1
    assert earlier.start.month == period.start.month
    assert abs(earlier.days - period.days) <= 1


@given(periods)
def test_a_period_written_as_two_days_is_read_back(period):
    assert parse_period(f"{period.start}..{period.end}") == period


@given(days)
def test_the_label_of_a_calendar_period_is_read_back(day):
    quarter = (day.month + 2) // 3
    for period in (
        Period.year(day.year),
        Period.half(day.year, (day.month + 5) // 6),
        Period.quarter(day.year, quarter),
        Period.month(day.year, day.month),
        Period(day, day),
    ):
        assert parse_period(period.label()) == period


@given(days, st.integers(-300, 300))
def test_adding_months_keeps_the_day_where_it_can(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
