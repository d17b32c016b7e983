from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonghui.base.errors import DomainError
from gonghui.base.identity import make_id_number, make_uscc, parse_id_number, parse_uscc

USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
birthdays = st.dates(date(1900, 1, 1), date(2012, 8, 15))
divisions = st.integers(110000, 829999).map(str)
numbers = st.builds(make_id_number, divisions, birthdays, st.integers(0, 999))
codes = st.builds(
    make_uscc,
    st.sampled_from(["81", "91", "12", "52", "Y1"]),
    divisions,
    st.text(USCC_CHARACTERS, min_size=8, max_size=8),
)


@given(divisions, birthdays, st.integers(0, 999))
def test_an_identity_number_gives_back_what_it_was_made_from(division, born_on, sequence):
    number = parse_id_number(make_id_number(division, born_on, sequence))
    assert number.value.startswith(division)
    assert number.born_on == born_on
    assert number.sex == ("male" if sequence % 2 else "female")


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(value, position, shift):
    old = "0123456789X".index(value[position])
    wrong = value[:position] + str((old + shift) % 10) + value[position + 1 :]
    if wrong != value:
        with pytest.raises(DomainError):
            parse_id_number(wrong)


@given(divisions, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_both_forms_of_a_number_meet(division, born_on, sequence):
    long = make_id_number(division, born_on, sequence)
    short = long[:6] + long[8:17]
    assert parse_id_number(short).value == long


@given(codes)
def test_a_made_credit_code_is_valid(code):
    assert parse_uscc(code.lower(), union=code.startswith("8")) == code


@given(codes, st.integers(0, 17), st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(code, position, shift):
    old = USCC_CHARACTERS.index(code[position])
    wrong = code[:position] + USCC_CHARACTERS[(old + shift) % 31] + code[position + 1 :]
    with pytest.raises(DomainError):
        parse_uscc(wrong)
