"""The scanner on the report of 2012, whose figures were counted by hand, and on the edges."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest

from gonghui.base.printed import Word
from gonghui.kernel.docx.scanner import Script, TextFigure, scan

REPORT = Path(__file__).parents[2] / "figures" / "work_report_2012.txt"


@pytest.fixture(scope="module")
def parts() -> tuple[str, str, str]:
    """Title and greeting, part one (the year so far), part two (what is planned)."""
    text = REPORT.read_text(encoding="utf-8")
    one, two = text.index("一、关于今年以来"), text.index("二、关于下半年")
    return text[:one], text[one:two], text[two:]


def written(figures: list[TextFigure], script: Script) -> list[str]:
    return [figure.text for figure in figures if figure.script is script]


def only(text: str) -> TextFigure:
    (figure,) = scan(text)
    return figure


def test_the_title_has_no_figures(parts):
    assert scan(parts[0]) == []


def test_part_one_has_95_figures_in_digits_and_one_in_characters(parts):
    figures = scan(parts[1])

    assert len(written(figures, Script.ARABIC)) == 95
    assert written(figures, Script.CHINESE) == ["近百万元"]


def test_the_other_seven_digit_runs_of_part_one_are_days_and_names(parts):
    runs = list(re.finditer("[0-9]+(?:[.][0-9]+)?", parts[1]))
    figures = scan(parts[1])
    left = [
        run.group()
        for run in runs
        if not any(one.start <= run.start() and run.end() <= one.end for one in figures)
    ]

    assert len(runs) == 102
    assert left == ["3133", "6", "3", "1", "12351", "2012", "5"]


def test_part_two_has_12_figures_in_digits_and_three_in_characters(parts):
    figures = scan(parts[2])

    assert written(figures, Script.ARABIC) == [
        "达到100个以上",
        "300项",
        "300件",
        "50万人",
        "95%以上",
        "10个",
        "600万元",
        "3100名左右",
        "150万元",
        "13600人",
        "近55年",
        "1-2个",
    ]
    assert written(figures, Script.CHINESE) == ["达到两千家", "千人", "近万人"]


def test_every_figure_of_the_report_can_be_read_and_stands_where_it_says(parts):
    for part in parts:
        for figure in scan(part):
            assert part[figure.start : figure.end] == figure.text
            assert figure.value is not None
            assert figure.problem == ""
            assert figure.unit != ""


def test_a_number_changed_by_hand_is_seen_in_its_place(parts):
    changed = parts[1].replace("新建工会547家", "新建工会550家")

    before, after = scan(parts[1]), scan(changed)

    assert [
        (old.text, new.text, new.value)
        for old, new in zip(before, after, strict=True)
        if old != new
    ] == [("547家", "550家", Decimal(550))]


@pytest.mark.parametrize(
    ("text", "value", "unit", "word"),
    [
        ("新建工会547家", "547", "家", Word.EXACT),
        ("发展会员12,509人", "12509", "人", Word.EXACT),
        ("新建工会５４７家", "547", "家", Word.EXACT),
        ("走访困难职工2.4万户", "24000", "户", Word.EXACT),
        ("补助金近140万元", "1400000", "元", Word.NEAR),
        ("观众多达20余万人", "200000", "人", Word.OVER_YU),
        ("材料6万余份", "60000", "份", Word.OVER_YU),
        ("稿件980多篇", "980", "篇", Word.OVER_DUO),
        ("投保突破15万人次", "150000", "人次", Word.BEYOND),
        ("超过300家", "300", "家", Word.EXCEED),
        ("约3100名", "3100", "名", Word.ABOUT),
        ("提高了30%以上", "0.3", "%", Word.ABOVE),
        ("增加3.5个百分点", "0.035", "个百分点", Word.EXACT),
        ("增长-3.5%", "-0.035", "%", Word.EXACT),
        ("完成计划的1.5倍", "1.5", "倍", Word.EXACT),
        ("煤炭3千克", "3", "千克", Word.EXACT),
        ("达到两千家", "2000", "家", Word.REACH),
        ("慰问金近百万元", "1000000", "元", Word.NEAR),
        ("二十余万人参加", "200000", "人", Word.OVER_YU),
        ("表彰十二个单位", "12", "个", Word.EXACT),
        ("表彰三家单位", "3", "家", Word.EXACT),
        ("增至三点五倍", "3.5", "倍", Word.EXACT),
        ("占百分之二十五点五", "0.255", "%", Word.EXACT),
        ("超过百分之三十", "0.3", "%", Word.EXCEED),
        ("占四分之三", "0.75", "", Word.EXACT),
        ("占1/2", "0.5", "", Word.EXACT),
        ("参加者三千余", "3000", "", Word.OVER_YU),
        ("年龄在三十以上", "30", "", Word.ABOVE),
        ("最近3个月", "3", "个月", Word.EXACT),
        ("集体合约20份", "20", "份", Word.EXACT),
        ("10日内办结", "10", "日", Word.EXACT),
        ("新建3133家", "3133", "家", Word.EXACT),
        ("成果三百项技术成果", "300", "项", Word.EXACT),
        ("总数两千家", "2000", "家", Word.EXACT),
    ],
)
def test_a_figure_is_read_with_its_unit_and_its_word(text, value, unit, word):
    figure = only(text)

    assert (figure.value, figure.unit, figure.word) == (Decimal(value), unit, word)
    assert figure.problem == ""
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("树立1-2个典型", "1", "2"),
        ("补助10至20万元", "100000", "200000"),
        ("补助8千—1万元", "8000", "10000"),
        ("增长50%—60%", "0.5", "0.6"),
        ("增长50—60%", "0.5", "0.6"),
        ("每县三至五家", "3", "5"),
    ],
)
def test_a_range_is_one_figure_with_two_ends(text, low, high):
    figure = only(text)

    assert (figure.value, figure.upper) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    "text",
    [
        "2012年8月15日",
        "截止6月底",
        "1至6月份",
        "1月—5月",
        "2011-2012年",
        "2012-08-15",
        "2012.8.15",
        "上午9时30分",
        "上午8:30开会",
        "二〇一二年八月十五日",
        "十月份投入运营",
        "两年来",
        "第4届运动会",
        "第四届全国职工职业技能大赛",
        "市总九届八次常委会议",
        "省总十三届十次常委会议",
        "平工〔2012〕5号",
        "平工(2012)5号",
        "GB/T 9704-2012",
        "用A4纸",
        "80后职工",
        "电话0375-1234567",
        "手机13800000000",
        "1.加强领导",
        "（2）加强领导",
        "党的十八大",
        "十二件实事",
        "“四个一”",
        "开展“六型”班组创建",
        "“三走访、三服务、千名工会干部下基层”",
        "百名职工技术英杰",
        "百项职工技术创新成果",
        "“3133”示范提升行动",
        "“12351职工维权热线”",
        "《关于办好50件实事的通知》",
        "平煤神马集团十二矿",
        "十大能工巧匠",
        "两手抓",
        "组建一个、规范一个",
        "二次覆盖",
        "三级网络",
        "三个方面",
        "一等奖",
        "千方百计",
    ],
)
def test_a_number_that_counts_nothing_is_left_out(text):
    assert scan(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("投入3亿4千万元", "“3亿4千万元”把数字和单位混着写，同一个数只能用一个“万”或“亿”"),
        ("投入近600万元左右", "“近600万元左右”连用了两个概数词，只能留一个"),
        ("参加两三家", "看不懂“两三家”中的“两三”"),
        ("来了数千名", "“数千名”只是约数，无法核对"),
        ("增至二百五点五倍", "看不懂“二百五点五”这个数的写法"),
        ("占零分之三", "“零分之三”的分母为零"),
        ("共" + "万" * 5000 + "人", "“" + "万" * 40 + "…”太长，不像一个数"),
    ],
)
def test_a_figure_that_has_no_single_meaning_is_told_not_guessed(text, problem):
    figure = only(text)

    assert (figure.value, figure.problem) == (None, problem)


@pytest.mark.parametrize("text", ["不足30家", "不超过30家", "至少30家"])
def test_a_limit_that_cannot_be_judged_keeps_its_value_and_is_told(text):
    figure = only(text)

    assert (figure.text, figure.value) == (text, Decimal(30))
    assert figure.problem.endswith("的说法系统不能判断，请人工核对")


def test_the_comma_of_a_sentence_groups_no_digits():
    assert [one.value for one in scan("分别为100，200家")] == [Decimal(100), Decimal(200)]


def test_users_add_set_phrases_of_their_own():
    assert [one.text for one in scan("推进百家示范工程")] == ["百家"]
    assert scan("推进百家示范工程", ["百家示范"]) == []


def test_positions_hold_where_full_width_digits_stand_before():
    text = "２０１２年，新建５４７家，入会１２５０９人"

    assert [text[one.start : one.end] for one in scan(text)] == ["５４７家", "１２５０９人"]


@pytest.mark.parametrize("odd", ["近", "零", "9", "\n", "999,", "9-", "一多", "“一", "《"])
def test_a_text_made_to_be_slow_is_scanned_at_once(odd):
    before = time.process_time()

    scan(odd * (20_000 // len(odd)))

    assert time.process_time() - before < 3
