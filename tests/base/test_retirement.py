"""The statutory retirement age, before and since it rises."""

from datetime import date

import pytest

from gonghui.base.retirement import age_on, category_of, retires_on


@pytest.mark.parametrize(
    ("born", "category", "retires"),
    [
        (date(1952, 6, 15), "man", date(2012, 6, 15)),
        (date(1964, 12, 31), "man", date(2024, 12, 31)),
        (date(1965, 1, 1), "man", date(2025, 2, 1)),
        (date(1965, 4, 30), "man", date(2025, 5, 30)),
        (date(1965, 5, 1), "man", date(2025, 7, 1)),
        (date(1966, 5, 10), "man", date(2026, 10, 10)),
        (date(1976, 9, 1), "man", date(2039, 9, 1)),
        (date(1990, 1, 1), "man", date(2053, 1, 1)),
        (date(1970, 1, 1), "woman", date(2025, 2, 1)),
        (date(1981, 9, 1), "woman", date(2039, 9, 1)),
        (date(1975, 1, 1), "woman_worker", date(2025, 2, 1)),
        (date(1975, 3, 1), "woman_worker", date(2025, 5, 1)),
        (date(1984, 11, 1), "woman_worker", date(2039, 11, 1)),
        (date(1990, 6, 1), "woman_worker", date(2045, 6, 1)),
    ],
)
def test_the_age_is_that_of_the_official_tables(born, category, retires):
    assert retires_on(born, category) == retires


def test_a_woman_whose_post_is_not_known_has_the_later_age():
    assert category_of("female") == "woman"
    assert category_of("male") == "man"


def test_a_birthday_completes_the_year():
    assert age_on(date(1980, 3, 1), date(2012, 2, 29)) == 31
    assert age_on(date(1980, 3, 1), date(2012, 3, 1)) == 32
