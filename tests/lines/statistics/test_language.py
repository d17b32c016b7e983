"""The language of check rules says what it says, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonghui.base.errors import DomainError
from gonghui.lines.statistics.language import (
    CELLS,
    FORMULA,
    Days,
    Ref,
    Whose,
    in_column,
    judge,
    parse,
    parse_value,
    refs,
    value,
)

FIGURES = {
    Ref("a.part"): Decimal(18),
    Ref("a.whole"): Decimal(32),
    Ref("a.whole", Days.PREVIOUS): Decimal(20),
    Ref("a.whole", whose=Whose.BELOW): Decimal(30),
    Ref("a.whole", whose=Whose.OWN): Decimal(2),
    Ref("a.none"): Decimal(0),
}


def verdict(text):
    return judge(parse(text, {"部分": "a.part", "全部": "a.whole"}.__getitem__), FIGURES.get)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a.part <= a.whole", True),
        ("a.part ≥ a.whole", False),
        ("【部分】 ＜ 【全部】", True),
        ("a.part + 2 × 7 = a.whole", True),
        ("(a.part + 2) × 7 = 140", True),
        ("a.whole − a.part − 4 = 10", True),
        ("a.whole ÷ 4 ÷ 2 = 4", True),
        ("上期(a.whole) × 160% = a.whole", True),
        ("下级合计（a.whole） + 本级（a.whole） = a.whole", True),
        ("绝对值(a.part - a.whole) = 14", True),
        ("a.part ≠ 18 或 a.whole = 32", True),
        ("a.part = 18 且 a.whole = 33", False),
        ("a.part = 1 且 a.whole = 1 或 a.part = 18", True),
        ("a.part = 18 或 a.part = 1 且 a.whole = 1", True),
        ("a.part ÷ a.none = 1", None),
        ("上年同期(a.whole) = 1", None),
        ("上年同期(a.whole) = 1 或 a.part = 18", True),
        ("上年同期(a.whole) = 1 且 a.part = 19", False),
        ("0.5 = 50％", True),
    ],
)
def test_a_text_is_true_or_not(text, holds):
    assert verdict(text).holds is holds


def test_a_failing_rule_tells_both_sides():
    found = verdict("a.part × 2 <= a.whole")
    assert (found.holds, found.left, found.right) == (False, 36, 32)


def test_days_and_unions_are_nested_and_all_figures_are_known_beforehand():
    parsed = parse("下级合计(上期(@)) ≤ @ 或 绝对值(b.c) > 1")
    assert list(refs(parsed)) == [Ref("@", Days.PREVIOUS, Whose.BELOW), Ref("@"), Ref("b.c")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "没有写完"),
        ("a.part", "缺少比较符号"),
        ("a.part <= ", "没有写完"),
        ("a.part <= a.whole a.none", "在“a.none”处多出内容"),
        ("(a.part <= a.whole", "括号没有配对"),
        ("上期 a.part <= 1", "“上期”后面缺少括号"),
        ("上期(a.part + 1) <= 1", "“上期( )”里只能写一个指标"),
        ("__import__('os').system('true') = 0", "“__import__”看不懂"),
        ("a.part.__class__ = 0", "看不懂"),
        ("a.part ** 9 = 0", "处缺少指标或数字"),
        ("lambda: 1 = 0", "“lambda: 1 ”看不懂"),
        ("(" * 30 + "1" + ")" * 30 + " = 1", "括号太多"),
        ("1 + " * 200 + "1 = 1", "最长500个字"),
        ("9999999999999999 = 1", "缺少比较符号"),
    ],
)
def test_what_is_not_of_the_language_is_refused_in_words(text, says):
    with pytest.raises(DomainError) as refused:
        parse(text)
    assert says in refused.value.message
    assert refused.value.field == "expression"


@given(st.text(alphabet="a.b_9@()（）+-×÷=<≤且或上期下级合计绝对值【】% ", max_size=60))
def test_any_text_is_read_or_refused(text):
    with suppress(DomainError):
        assert judge(parse(text), lambda ref: Decimal(3)).holds in {True, False, None}


def test_a_number_beyond_all_bounds_tells_nothing():
    text = "999999999999999 × 999999999999999 < 999999999999999 × 1"
    assert judge(parse(text), {}.get).holds is None


TABLE = {"[01,1]": Decimal(10), "[02,1]": Decimal(4), "[1a,2]": Decimal(6)}


def test_a_formula_names_cells_and_nothing_else():
    read = parse_value("［01，1］ − [02, 1] + 绝对值([1a,2]) × 2")
    assert value(read, lambda ref: TABLE.get(ref.code)) == 18
    assert value(parse_value("[01,1] ÷ [09,1]"), lambda ref: TABLE.get(ref.code)) is None
    for text in ("a.part + 1", "【部分】", "上期([01,1])", "[01,1", "[01,1] < 3", "@", "[]"):
        with pytest.raises(DomainError) as refused:
            parse_value(text, dialect=FORMULA)
        assert refused.value.message.startswith("算式")


def test_a_check_of_cells_may_name_a_row_for_every_column():
    condition = parse("[02] ≤ [01] 且 [1a,2] = 6", dialect=CELLS)

    def holds(column):
        return judge(condition, lambda ref: TABLE.get(in_column(ref, column).code)).holds

    assert (holds("1"), holds("2")) == (True, None)


def test_rules_over_indicators_name_no_cells():
    with pytest.raises(DomainError):
        parse("[01,1] ≤ 2")


def test_the_year_to_date_is_one_of_the_days():
    assert next(iter(refs(parse("年初至今(a.part) ≥ a.part")))) == Ref("a.part", Days.TO_DATE)
