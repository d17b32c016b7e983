from datetime import date

import pytest

from gonghui.base.workdays import WorkCalendar, china_calendar

CHINA = china_calendar()
FRIDAY, SATURDAY, MONDAY = date(2012, 8, 17), date(2012, 8, 18), date(2012, 8, 20)


def test_weekdays_are_worked_and_weekends_are_not():
    assert CHINA.is_working_day(FRIDAY) is True
    assert CHINA.is_working_day(SATURDAY) is False


def test_public_holidays_and_make_up_days_are_as_announced():
    assert CHINA.is_working_day(date(2012, 5, 1)) is False
    assert CHINA.is_working_day(date(2012, 4, 28)) is True  # a Saturday worked for 30 April
    assert CHINA.is_working_day(date(2012, 9, 29)) is True
    assert CHINA.is_working_day(date(2012, 10, 5)) is False


def test_a_deadline_rolls_over_to_the_next_working_day():
    assert CHINA.next_working_day(SATURDAY) == MONDAY
    assert CHINA.next_working_day(FRIDAY) == FRIDAY
    assert CHINA.next_working_day(date(2012, 9, 30)) == date(2012, 10, 8)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (FRIDAY, 0, FRIDAY),
        (SATURDAY, 0, SATURDAY),
        (MONDAY, -1, FRIDAY),
        (date(2012, 9, 28), 2, date(2012, 10, 8)),
        (date(2012, 6, 30), 8, date(2012, 7, 11)),
    ],
)
def test_working_days_are_added_from_the_next_day_on(day, count, result):
    assert CHINA.add_working_days(day, count) == result


def test_working_days_between_count_the_last_day_and_not_the_first():
    assert CHINA.working_days_between(FRIDAY, MONDAY) == 1
    assert CHINA.working_days_between(MONDAY, FRIDAY) == -1
    assert CHINA.working_days_between(FRIDAY, SATURDAY) == 0
    assert CHINA.working_days_between(FRIDAY, FRIDAY) == 0


def test_the_announced_years_are_covered_and_others_know_weekends_only():
    assert all(CHINA.covers(year) for year in range(2010, 2027))
    assert CHINA.covers(2009) is False
    assert CHINA.is_working_day(date(2009, 10, 1)) is True
    assert CHINA.is_working_day(date(2009, 10, 3)) is False


def test_the_calendar_is_read_once():
    assert china_calendar() is CHINA


def test_a_calendar_of_weekends_needs_no_data():
    bare = WorkCalendar()
    assert bare.is_working_day(date(2012, 5, 1)) is True
    assert bare.covers(2012) is False
