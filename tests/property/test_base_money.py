from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gonghui.base.money import cents, parse_amount, split, yuan
from gonghui.base.numerals import capital, read_numeral

weights = st.lists(
    st.one_of(st.integers(0, 10**6), st.decimals(0, 10**6, places=2)), min_size=1, max_size=30
).filter(lambda values: sum(values) > 0)


@given(st.integers(-(10**12), 10**12), weights)
def test_a_split_is_exact_and_each_share_within_one_of_its_due(total, parts):
    shares = split(total, parts)
    assert sum(shares) == total
    whole = sum(Fraction(part) for part in parts)
    for share, part in zip(shares, parts, strict=True):
        assert abs(share - total * Fraction(part) / whole) < 1
        assert part > 0 or share == 0


@given(st.integers(0, 10**9), weights)
def test_a_larger_weight_never_gets_less(total, parts):
    shares = split(total, parts)
    pairs = sorted(zip(parts, shares, strict=True))
    for (low, less), (high, more) in pairwise(pairs):
        assert less <= more or low == high


@given(st.integers(-(10**15), 10**15))
def test_cents_and_yuan_undo_each_other(value):
    assert cents(yuan(value)) == value
    assert parse_amount(f"￥{yuan(value):,}") == yuan(value)


@given(st.integers(0, 10**16))
def test_capital_numerals_are_read_back(value):
    assert read_numeral(capital(value)) == value


@given(st.decimals(0, 10**9, places=2))
def test_thousands_of_yuan_are_read_exactly(value):
    assert parse_amount(f"{value}", "万元") == Decimal(value) * 10000
