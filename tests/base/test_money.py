from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.base.money import cents, in_words, parse_amount, split, yuan
from gonghui.base.numerals import capital, read_numeral, rounded


def test_cents_and_yuan():
    assert cents(Decimal("1234.5")) == 123450
    assert cents("0.01") == 1
    assert cents(-3) == -300
    assert yuan(123450) == Decimal("1234.50")
    assert str(yuan(123450)) == "1234.50"


def test_a_fraction_of_a_cent_is_refused_and_not_rounded():
    with pytest.raises(DomainError) as caught:
        cents("1.005")
    assert caught.value.message == "金额1.005元的小数超过两位，请精确到分"


@pytest.mark.parametrize("text", ["十元", "NaN", "Infinity"])
def test_what_is_no_number_is_no_amount(text):
    with pytest.raises(DomainError):
        cents(text)


def test_equal_remainders_go_to_the_earlier_weight():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(1, [1, 1]) == [1, 0]


def test_a_target_is_split_by_largest_remainder():
    assert split(480, [Decimal("35.5"), Decimal("21.7"), 0, Decimal("42.8")]) == [170, 104, 0, 206]
    assert split(0, [3, 4]) == [0, 0]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_weights_that_give_no_share_are_refused(weights):
    with pytest.raises(DomainError) as caught:
        split(10, weights)
    assert caught.value.message == "分配权重不能为负，合计须大于零，请核对权重"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("1.05", "人民币壹元零伍分"),
        ("10.5", "人民币壹拾元伍角整"),
        ("1005.20", "人民币壹仟零伍元贰角整"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("1000000", "人民币壹佰万元整"),
        ("100000005.67", "人民币壹亿零伍元陆角柒分"),
        ("-3.00", "人民币负叁元整"),
    ],
)
def test_amounts_in_words(amount, words):
    assert in_words(Decimal(amount)) == words


def test_an_amount_too_large_for_words_is_refused():
    assert in_words(10**16 - 1).endswith("玖元整")
    with pytest.raises(DomainError) as caught:
        in_words(10**16)
    assert caught.value.message == "金额超过一亿亿元，无法写成大写，请核对"


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1,234.50", "元", "1234.50"),
        ("１，２３４．５", "元", "1234.50"),
        ("￥1 234", "元", "1234.00"),
        ("¥-3", "元", "-3.00"),
        ("-¥3", "元", "-3.00"),
        ("1.2万元", "元", "12000.00"),
        ("1.2万", "万元", "12000.00"),
        ("1.2", "万元", "12000.00"),
        ("48.5", "万元", "485000.00"),
        ("500元", "万元", "500.00"),
        ("500元整", "元", "500.00"),
        ("3亿元", "元", "300000000.00"),
        ("2百万元", "元", "2000000.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, unit, amount):
    assert str(parse_amount(text, unit)) == amount


@pytest.mark.parametrize("text", ["", "1,23", "1,2345", "一百", "1.2.3", "-￥-3", "1e3"])
def test_other_amounts_are_refused(text):
    with pytest.raises(DomainError) as caught:
        parse_amount(text)
    assert caught.value.message == f"金额“{text}”看不懂，请只填数字，例如1234.50"


def test_an_amount_finer_than_a_cent_is_refused():
    with pytest.raises(DomainError):
        parse_amount("1.0000005万元")
    assert parse_amount("1.00001万元") == Decimal("10000.10")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("两", 2),
        ("十", 10),
        ("十五", 15),
        ("两千", 2000),
        ("百万", 10**6),
        ("一百二十", 120),
        ("一百零二", 102),
        ("二十万", 200_000),
        ("壹仟零伍", 1005),
        ("一亿零五", 100_000_005),
        ("三万亿", 3 * 10**12),
    ],
)
def test_numerals_are_read(text, value):
    assert read_numeral(text) == value


@pytest.mark.parametrize(
    "text", ["", "二〇一二", "两千五", "千百", "零百", "十百", "一千二千", "三百零"]
)
def test_numerals_that_are_not_written_in_full_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_numeral(text)


def test_capital_numerals():
    assert capital(0) == "零"
    assert capital(547) == "伍佰肆拾柒"
    assert capital(1050) == "壹仟零伍拾"
    assert capital(10**12 + 10**8) == "壹万零壹亿"


def test_rounding_once_with_either_rule():
    assert rounded(Decimal("112.5"), Decimal(1)) == 113
    assert rounded(Decimal("112.5"), Decimal(1), "half_even") == 112
    assert rounded(Decimal(24036), Decimal(1000)) == 24000
