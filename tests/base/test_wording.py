from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.base.wording import (
    NotTrue,
    Tolerances,
    Verdict,
    Word,
    Wording,
    judge,
    percent,
    phrase,
    round_half_up,
)

PLAN = Decimal(480)

# Exact value, word, scale, unit, and how the report of 2012 prints it.
REPORT = [
    (1_394_600, Word.NEAR, "万", "元", "近140万元"),
    (61_500, Word.OVER_YU, "万", "份", "6万余份"),
    (5_140, Word.OVER_YU, "千", "册", "5千余册"),
    (10_400, Word.OVER_DUO, "万", "份", "1万多份"),
    (712_000, Word.OVER_YU, "万", "人", "70余万人"),
    (6_423, Word.OVER_DUO, "", "家", "6400多家"),
    (24_036, Word.EXACT, "万", "户", "2.4万户"),
    (606, Word.OVER_YU, "", "户", "600余户"),
    (485_000, Word.EXACT, "万", "元", "48.5万元"),
    (989_760, Word.NEAR, "百万", "元", "近百万元"),
    (407_400, Word.OVER_YU, "万", "元", "40余万元"),
    (2_716, Word.OVER_DUO, "", "名", "2700多名"),
    (918, Word.OVER_DUO, "", "家", "900多家"),
    (4_236, Word.OVER_YU, "", "人", "4200余人"),
    (151_034, Word.BEYOND, "万", "人次", "突破15万人次"),
    (5_950_824, Word.NEAR, "万", "元", "近600万元"),
    (836, Word.OVER_DUO, "", "场次", "800多场次"),
    (983, Word.OVER_DUO, "", "篇", "980多篇"),
    (207_300, Word.OVER_YU, "万", "人", "20余万人"),
    (160_000, Word.EXACT, "万", "人", "16万人"),
    (41_260, Word.OVER_YU, "万", "份", "4万余份"),
    (4_437, Word.OVER_DUO, "", "条", "4400多条"),
    (53, Word.OVER_DUO, "", "场次", "50多场次"),
    (5_127, Word.OVER_YU, "", "人", "5000余人"),
    (547, Word.EXACT, "", "家", "547家"),
    (530, Word.REACH, "", "家", "达530家"),
    (20_000, Word.EXACT, "万", "名", "2万名"),
    (547 / PLAN, Word.EXACT, "", "%", "114%"),
    (Decimal("0.31"), Word.ABOVE, "", "%", "30%以上"),
    (3_100, Word.AROUND, "", "名", "3000名左右"),
]


@pytest.mark.parametrize(("x", "word", "scale", "unit", "text"), REPORT)
def test_the_report_is_printed_as_it_was(x, word, scale, unit, text):
    assert phrase(x, Wording(word=word, scale=scale), unit=unit, previous=0) == text


@pytest.mark.parametrize(("x", "word", "scale", "unit", "text"), REPORT)
def test_the_report_is_true(x, word, scale, unit, text):
    assert judge(text, x, unit=unit, previous=0) == Verdict(true=True)
    assert judge(text, x).true is True


@pytest.mark.parametrize(
    ("text", "x", "reason", "hint"),
    [
        ("980多", 990, "准确值990不在980与990之间（不含两端）", "可写“990”或“近1000”"),
        ("近4万", 41_260, "准确值41260已达到40000，不能用“近”", "可写“4.13万”或“4万余”"),
        ("突破15万", 150_000, "准确值150000没有超过150000", "可写“15万”"),
        ("20余万", 300_000, "准确值300000不在200000与300000之间（不含两端）", "可写“30万”"),
        (
            "20万余",
            213_600,
            "准确值213600不在200000与210000之间（不含两端）",
            "可写“21.4万”或“21万余”或“近22万”",
        ),
        (
            "16万",
            164_000,
            "准确值为164000，写成160000舍去太多",
            "可写“16.4万”或“16万余”或“近17万”",
        ),
        (
            "近600万元左右",
            5_950_824,
            "“近600万元左右”连用了两个概数词，只能留一个",
            "可写“595万”或“590余万”或“近600万”",
        ),
        ("全覆盖", Decimal("0.997"), "准确值为99.7%，不是100%", ""),
        ("547", 548, "准确值为548，不是547", "可写“548”或“540余”或“近550”"),
        ("近百万元", 900_000, "准确值900000离1000000太远，不能用“近”", "可写“900000”"),
        ("约3100", 3_300, "准确值3300与3100相差太大，不能用“约”", "可写“3300”"),
        ("3100名左右", 2_900, "准确值2900与3100相差太大，不能用“左右”", "可写“2900”或“近3000”"),
        ("30%以上", Decimal("0.299"), "准确值29.9%不到30%", "可写“30%”或“近30%”"),
        ("114%", Decimal("1.145"), "准确值为114.5%，不是114%", "可写“115%”或“110余%”或“近120%”"),
        ("100%", Decimal("0.994"), "准确值为99.4%，不是100%", "可写“99%”或“近100%”"),
    ],
)
def test_what_is_not_true_is_refused_with_a_reason_and_a_way_out(text, x, reason, hint):
    verdict = judge(text, x)
    assert (verdict.true, verdict.reason) == (False, reason)
    assert verdict.hint == hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1234余万", "“1234余万”：“余”“多”前一位必须是0，例如“980多”“20余万”"),
        ("547余", "“547余”：“余”“多”前一位必须是0，例如“980多”“20余万”"),
        ("10.5万余", "“10.5万余”：小数后面不能用“余”“多”"),
        ("3亿4千万", "“3亿4千万”把数字和单位混着写，同一个数只能用一个“万”或“亿”"),
        ("20余万余", "“20余万余”连用了两个概数词，只能留一个"),
        ("达近600万", "“达近600万”连用了两个概数词，只能留一个"),
        ("近零", "“近零”：零不能与概数词连用"),
        ("若干", "看不懂“若干”这个数的写法"),
        ("600户余", "看不懂“600户余”这个数的写法"),
        ("二〇一二", "看不懂“二〇一二”中的“二〇一二”"),
    ],
)
def test_a_form_that_says_nothing_exact_is_refused(text, reason):
    assert judge(text, -1) == Verdict(true=False, reason=reason)


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("两千家", 2000),
        ("千人", 1000),
        ("近万人", 9_800),
        ("百余万", 1_100_000),
        ("二十余万", 207_300),
        ("二十万余", 207_300),
        ("万余份", 10_500),
        ("百万余元", 1_050_000),
        ("12,509人", 12_509),
        ("１２５０９ 人", 12_509),
        ("达100个以上", 105),
        ("多达20余万人", 207_300),
        ("大约3100", 3_000),
        ("超过15万", 151_034),
        ("超15万", 151_034),
        ("2.5个百分点", Decimal("0.025")),
        ("300万以上", 3_000_000),
        ("20余%", Decimal("0.23")),
        ("0", 0),
        ("全覆盖", 1),
        ("实现了全覆盖", 1),
        ("均", Decimal(1)),
        ("都", 1),
    ],
)
def test_other_ways_of_writing_are_understood(text, x):
    assert judge(text, x).true is True


def test_coverage_words_need_the_whole():
    assert judge("均", Decimal("0.99999")) == Verdict(
        true=False, reason="准确值为99.999%，不是100%"
    )
    assert judge("都", Decimal("0.9999999")).reason == "准确值为99.99999%，不是100%"


def test_the_unit_tells_a_scale_from_a_unit_that_begins_like_one():
    assert judge("5千克", 5, unit="千克").true is True
    assert judge("5千克", 5000, unit="克").true is True
    assert judge("近百万元", 99, unit="万元").true is True
    assert judge("3100名左右", 3100, unit="名").true is True
    assert judge("70余万", 712_000, unit="人").true is True
    assert judge("547家", 547, unit="个").reason == "“547家”的单位应为“个”"


def test_a_fixed_number_hides_no_digits_unless_the_scale_does():
    assert judge("7000", 7003).true is False
    assert judge("0.7万", 7003).true is True
    assert judge("1940元", Decimal("1940.37")).true is True
    assert judge("2万", 24_036, tolerances=Tolerances(flat_tol=Decimal("0.2"))).true is True


@pytest.mark.parametrize(
    ("text", "x", "hint"),
    [
        ("1万多", 19_000, "准确值19000比10000多出90%，可写“1.9万”或“近2万”"),
        ("近百万", 960_000, "准确值960000比1000000低4.0%，请斟酌“近”字"),
        ("突破15万", 151_034, "没有上次公布的数可比，请核实此前未超过150000"),
        ("100%", Decimal("0.997"), "准确值为99.7%，写成100%容易误解，请加小数"),
        ("0%", Decimal("0.004"), "准确值为0.4%，写成0%容易误解，请加小数"),
        ("20%以上", Decimal("0.3"), "准确值30%比20%多出50%，可写“30%”"),
        ("近百万", 989_760, ""),
        ("100%", 1, ""),
    ],
)
def test_a_true_phrase_may_still_deserve_a_hint(text, x, hint):
    assert judge(text, x) == Verdict(true=True, hint=hint)


def test_breaking_through_needs_a_lower_figure_before():
    beyond = Wording(word=Word.BEYOND, scale="万")
    assert judge("突破15万", 151_034, previous=150_000) == Verdict(true=True)
    assert judge("突破15万", 151_034, previous=150_001).reason == (
        "上次公布的150001已超过150000，不能再说“突破”"
    )
    assert phrase(151_034, beyond, previous=149_000) == "突破15万"
    with pytest.raises(NotTrue):
        phrase(151_034, beyond, previous=150_500)
    assert judge("超过15万", 151_034, previous=151_000).true is True


@pytest.mark.parametrize(
    ("x", "wording", "unit", "text"),
    [
        (983, Wording(word=Word.OVER_DUO, step=10), "", "980多"),
        (983, Wording(word=Word.OVER_DUO, step=100), "", "900多"),
        (207_300, Wording(word=Word.OVER_YU, step=1, scale="万"), "人", "20万余人"),
        (207_300, Wording(word=Word.OVER_YU, step=10, scale="万"), "人", "20余万人"),
        (2_960_000, Wording(word=Word.NEAR, scale="百万"), "元", "近3百万元"),
        (1_030_000, Wording(word=Word.OVER_YU, scale="百万"), "元", "百万余元"),
        (1_000_000, Wording(scale="百万"), "元", "1百万元"),
        (24_036, Wording(scale="万", decimals=2), "户", "2.40万户"),
        (550, Wording(step=10), "家", "550家"),
        (3_120, Wording(word=Word.ABOUT, step=100), "名", "约3100名"),
        (3_120, Wording(word=Word.AROUND, step=100), "名", "3100名左右"),
        (151_034, Wording(word=Word.EXCEED, scale="万"), "", "超过15万"),
        (105, Wording(word=Word.ABOVE), "个", "100个以上"),
        (19, Wording(word=Word.OVER_DUO), "", "10多"),
        (482_000, Wording(word=Word.NEAR, scale="万", decimals=1), "元", "近50万元"),
        (Decimal("0.1799"), Wording(decimals=1), "%", "18.0%"),
        (Decimal("0.025"), Wording(decimals=1), "个百分点", "2.5个百分点"),
        (0, Wording(), "家", "0家"),
        (0, Wording(scale="万"), "元", "0万元"),
        (12, Wording(capital=True), "家", "壹拾贰家"),
        (12, Wording(word=Word.REACH, capital=True), "家", "达壹拾贰家"),
        (Decimal("12.5"), Wording(capital=True), "元", "人民币壹拾贰元伍角整"),
    ],
)
def test_options_choose_the_wording(x, wording, unit, text):
    assert phrase(x, wording, unit=unit) == text
    assert judge(text, x, unit=unit).true is True


@pytest.mark.parametrize(
    ("x", "wording", "unit", "message"),
    [
        (
            164_000,
            Wording(scale="万", decimals=0),
            "人",
            "准确值164000人不能按“精确 万 小数0”如实表述，可写“16.4万人”或“16万余人”或“近17万人”",
        ),
        (600, Wording(word=Word.OVER_YU), "户", "准确值600户不能按“余”如实表述，可写“600户”"),
        (
            41_260,
            Wording(word=Word.NEAR, scale="万", step=10),
            "",
            "准确值41260不能按“近 万 取整10”如实表述，可写“4.13万”或“4万余”",
        ),
        (
            547,
            Wording(step=10),
            "家",
            "准确值547家不能按“精确 取整10”如实表述，可写“547家”或“540余家”或“近550家”",
        ),
        (7, Wording(word=Word.OVER_YU), "", "准确值7不能按“余”如实表述，可写“7”"),
        (0, Wording(word=Word.NEAR), "", "准确值0不能按“近”如实表述，可写“0”"),
        (-3, Wording(), "", "准确值-3不能按“精确”如实表述"),
        (
            Decimal("1.5"),
            Wording(capital=True),
            "家",
            "准确值1.5家不能按“精确 大写”如实表述，可写“1.5家”",
        ),
        (
            Decimal("0.5"),
            Wording(capital=True),
            "%",
            "准确值50%不能按“精确 大写”如实表述，可写“50%”",
        ),
    ],
)
def test_no_phrase_is_printed_that_would_not_be_true(x, wording, unit, message):
    with pytest.raises(NotTrue) as caught:
        phrase(x, wording, unit=unit)
    assert caught.value.message == message
    assert caught.value.code == "not_true"


def test_money_in_words_is_judged_to_the_cent():
    assert judge("人民币壹拾贰元伍角整", Decimal("12.5")) == Verdict(true=True)
    assert judge("人民币壹拾贰元整", Decimal("12.5")) == Verdict(
        true=False, reason="准确值的大写为“人民币壹拾贰元伍角整”"
    )
    assert judge("人民币壹拾贰元伍角整", Decimal("12.501")).true is False
    assert judge("人民币壹元整", 10**17).reason == "金额超过一亿亿元，无法写成大写，请核对"
    with pytest.raises(NotTrue):
        phrase(Decimal("12.501"), Wording(capital=True), unit="元")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scale": "兆"}, "不认识的数量级“兆”，可用千、万、百万、亿"),
        ({"step": 0}, "“取整”后面应为正整数，例如“取整10”"),
        ({"decimals": -1}, "小数位数应为0至6"),
        ({"word": Word.OVER_YU, "decimals": 1}, "“余”“多”不能与小数连用"),
        (
            {"word": Word.NEAR, "capital": True},
            "“大写”只用于准确值，不能再加概数词、数量级、取整或小数",
        ),
        (
            {"scale": "万", "capital": True},
            "“大写”只用于准确值，不能再加概数词、数量级、取整或小数",
        ),
    ],
)
def test_options_that_contradict_each_other_are_refused(options, message):
    with pytest.raises(DomainError) as caught:
        Wording(**options)
    assert caught.value.message == message


def test_what_cannot_be_calculated_is_not_printed():
    with pytest.raises(NotTrue) as caught:
        phrase(Decimal("NaN"))
    assert caught.value.message == "无法计算，不能写成数字"
    with pytest.raises(NotTrue):
        judge("1", Decimal("Infinity"))


def test_percentages_are_rounded_once():
    assert percent(547 / PLAN) == "114%"
    assert percent(Decimal(505) / 428 - 1) == "18%"
    assert percent(Decimal("0.17990"), 1) == "18.0%"
    assert percent(Decimal("1.125")) == "113%"
    assert percent(Decimal("1.125"), mode="half_even") == "112%"
    assert percent(1) == "100%"


def test_the_rounding_rule_is_a_parameter():
    even = Tolerances(mode="half_even")
    assert phrase(Decimal("1.125"), unit="%", tolerances=even) == "112%"
    assert judge("112%", Decimal("1.125"), tolerances=even).true is True
    assert judge("112%", Decimal("1.125")).true is False


def test_halves_are_rounded_away_from_zero():
    assert round_half_up(Decimal("2.5")) == 3
    assert str(round_half_up(Decimal("2.345"), 2)) == "2.35"
    assert round_half_up(Decimal("-2.5")) == -3
    assert round_half_up(7) == 7
