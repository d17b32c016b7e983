from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period, add_months, overlap, parse_period

H1 = Period(date(2012, 1, 1), date(2012, 6, 30))
TO_AUGUST = Period(date(2012, 1, 1), date(2012, 8, 15))
VISITS = Period(date(2011, 12, 26), date(2012, 1, 22))


def test_months_are_added_up_to_the_end_of_the_month():
    assert add_months(date(2012, 1, 31), 1) == date(2012, 2, 29)
    assert add_months(date(2012, 2, 29), -12) == date(2011, 2, 28)
    assert add_months(date(2012, 11, 15), 2) == date(2013, 1, 15)
    assert add_months(date(2012, 1, 15), -1) == date(2011, 12, 15)


def test_the_named_periods():
    assert Period.year(2012) == Period(date(2012, 1, 1), date(2012, 12, 31))
    assert Period.half(2012, 1) == H1
    assert Period.half(2012, 2) == Period(date(2012, 7, 1), date(2012, 12, 31))
    assert Period.quarter(2012, 2) == Period(date(2012, 4, 1), date(2012, 6, 30))
    assert Period.month(2012, 2) == Period(date(2012, 2, 1), date(2012, 2, 29))
    assert Period.year_to_date(date(2012, 8, 15)) == TO_AUGUST
    with pytest.raises(ValueError, match="no part 3 of 6 months"):
        Period.half(2012, 3)


def test_a_period_may_not_end_before_it_begins():
    with pytest.raises(DomainError) as caught:
        Period(date(2012, 2, 1), date(2012, 1, 31))
    assert caught.value.message == "结束日期2012-01-31早于开始日期2012-02-01，请核对"


def test_both_ends_belong_to_it():
    assert H1.days == 182
    assert date(2012, 1, 1) in H1
    assert date(2012, 6, 30) in H1
    assert date(2012, 7, 1) not in H1


def test_overlap_is_what_both_share():
    assert overlap(H1, Period(date(2012, 6, 30), date(2012, 7, 1))) == Period(
        date(2012, 6, 30), date(2012, 6, 30)
    )
    assert overlap(H1, Period.half(2012, 2)) is None


def test_months_of_a_period_may_be_incomplete_at_its_ends():
    assert list(Period(date(2011, 12, 26), date(2012, 2, 10)).months()) == [
        Period(date(2011, 12, 26), date(2011, 12, 31)),
        Period(date(2012, 1, 1), date(2012, 1, 31)),
        Period(date(2012, 2, 1), date(2012, 2, 10)),
    ]
    assert H1.whole_months == 6
    assert TO_AUGUST.whole_months == 0
    assert Period(date(2012, 1, 2), date(2012, 1, 31)).whole_months == 0


def test_a_year_earlier():
    assert TO_AUGUST.a_year_earlier() == Period(date(2011, 1, 1), date(2011, 8, 15))
    to_leap_day = Period(date(2012, 2, 10), date(2012, 2, 29))
    assert to_leap_day.a_year_earlier() == Period(date(2011, 2, 10), date(2011, 2, 28))
    assert Period.month(2013, 2).a_year_earlier() == Period.month(2012, 2)
    assert Period.month(2012, 2).a_year_earlier() == Period.month(2011, 2)


def test_the_preceding_period_is_of_the_same_kind():
    assert Period.year(2012).preceding() == Period.year(2011)
    assert H1.preceding() == Period.half(2011, 2)
    assert Period.quarter(2012, 1).preceding() == Period.quarter(2011, 4)
    assert Period.month(2012, 3).preceding() == Period.month(2012, 2)
    assert TO_AUGUST.preceding() == Period(date(2011, 1, 1), date(2011, 8, 15))
    assert VISITS.preceding() == Period(date(2011, 11, 28), date(2011, 12, 25))
    assert Period(date(2011, 1, 1), date(2012, 8, 15)).preceding() == Period(
        date(2009, 5, 18), date(2010, 12, 31)
    )


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period.year(2012), "2012年"),
        (Period(date(2010, 1, 1), date(2012, 12, 31)), "2010年至2012年"),
        (H1, "2012年上半年"),
        (Period.half(2012, 2), "2012年下半年"),
        (Period.quarter(2012, 2), "2012年二季度"),
        (Period.month(2012, 6), "2012年6月"),
        (Period(date(2012, 3, 1), date(2012, 5, 31)), "2012年3月至5月"),
        (Period(date(2012, 2, 1), date(2012, 7, 31)), "2012年2月至7月"),
        (Period(date(2011, 10, 1), date(2012, 9, 30)), "2011年10月至2012年9月"),
        (TO_AUGUST, "2012年1月1日至8月15日"),
        (VISITS, "2011年12月26日至2012年1月22日"),
        (Period(date(2012, 8, 15), date(2012, 8, 15)), "2012年8月15日"),
    ],
)
def test_labels_read_like_a_report(period, label):
    assert period.label() == label


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2012", Period.year(2012)),
        (" ２０１２年 ", Period.year(2012)),
        ("2012h1", H1),
        ("2012年上半年", H1),
        ("2012下半年", Period.half(2012, 2)),
        ("2012Q2", Period.quarter(2012, 2)),
        ("2012年第二季度", Period.quarter(2012, 2)),
        ("2012年4季度", Period.quarter(2012, 4)),
        ("2012-06", Period.month(2012, 6)),
        ("2012年6月", Period.month(2012, 6)),
        ("2012/6", Period.month(2012, 6)),
        ("2012-01-01..2012-06-30", H1),
        ("2012年1月1日至2012年6月30日", H1),
        ("2012.1.1—2012.6.30", H1),
        ("2012-08-15", Period(date(2012, 8, 15), date(2012, 8, 15))),
        ("截至2012-08-15", TO_AUGUST),
        ("截止2012年6月30日", H1),
        ("年初至今", TO_AUGUST),
        ("今年以来", TO_AUGUST),
        ("上半年", H1),
        ("下半年", Period.half(2012, 2)),
        ("今年", Period.year(2012)),
        ("本年", Period.year(2012)),
        ("全年", Period.year(2012)),
        ("去年", Period.year(2011)),
        ("上年", Period.year(2011)),
        ("本季度", Period.quarter(2012, 3)),
        ("上季度", Period.quarter(2012, 2)),
        ("本月", Period.month(2012, 8)),
        ("上月", Period.month(2012, 7)),
        ("今天", Period(date(2012, 8, 15), date(2012, 8, 15))),
    ],
)
def test_periods_are_read_as_people_write_them(text, period):
    assert parse_period(text, on=date(2012, 8, 15)) == period


def test_relative_words_count_from_today():
    with clock.at(date(2012, 8, 15)):
        assert parse_period("年初至今") == TO_AUGUST


@pytest.mark.parametrize("text", ["2012-13", "2012-02-30", "截至2012-06-31", "0000"])
def test_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(DomainError) as caught:
        parse_period(text)
    assert caught.value.message == f"期间“{text}”含不存在的日期，请核对"


@pytest.mark.parametrize("text", ["", "2012H3", "2012Q5", "前一阵", "12-06"])
def test_other_words_are_refused_with_examples(text):
    with pytest.raises(DomainError) as caught:
        parse_period(text)
    assert caught.value.message.startswith(f"期间“{text}”看不懂，可写2012、")


def test_a_period_that_ends_before_it_begins_says_so():
    with pytest.raises(DomainError) as caught:
        parse_period("2012-06-30..2012-01-01")
    assert caught.value.message == "结束日期2012-01-01早于开始日期2012-06-30，请核对"
