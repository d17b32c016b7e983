from datetime import UTC, date, datetime, timedelta

from gonghui.base import clock


def test_a_set_clock_stands_still_at_nine_of_that_day():
    with clock.at(date(2012, 8, 15)) as moment:
        assert clock.is_set() is True
        assert moment == clock.now() == datetime(2012, 8, 15, 9, tzinfo=clock.ZONE)
        assert clock.today() == date(2012, 8, 15)
    assert clock.is_set() is False
    assert clock.now().tzinfo is clock.ZONE


def test_a_moment_without_zone_is_local_and_one_with_zone_is_kept():
    with clock.at(datetime(2012, 8, 15, 23, 30)):  # noqa: DTZ001 - what is tested
        assert clock.now().utcoffset() == clock.ZONE.utcoffset(datetime(2012, 8, 15))  # noqa: DTZ001
    with clock.at(datetime(2012, 8, 15, 23, 30, tzinfo=UTC)) as moment:
        assert moment.tzinfo is UTC


def test_a_day_begins_at_midnight_and_ends_where_the_next_begins():
    day = date(2012, 8, 15)
    assert clock.start_of(day) == datetime(2012, 8, 15, tzinfo=clock.ZONE)
    assert clock.end_of(day) == clock.start_of(date(2012, 8, 16))


def test_a_shift_tells_how_far_a_moment_is_from_now():
    there = clock.start_of(date(2012, 8, 22))
    assert abs(datetime.now(clock.ZONE) + clock.shift_to(there) - there) < timedelta(seconds=5)
