from __future__ import annotations

from decimal import Decimal

import pytest

from gonghui.base.wording import Word, Wording
from gonghui.kernel.docx.kinds import (
    BadTag,
    CiteTag,
    Compare,
    CompareTag,
    Condition,
    DayTag,
    ElseTag,
    EndTag,
    FactTag,
    FigureTag,
    IfTag,
    PendingTag,
    Query,
    RateTag,
    RestTag,
    Style,
    TextTag,
)
from gonghui.kernel.docx.tags import parse, spans


def query(*names: str, **more: str) -> Query:
    return Query(names=names, **more)


PLAIN = Style()

MEANINGS = [
    ("{{数 新建工会数}}", FigureTag(query=query("新建工会数"), style=PLAIN)),
    (
        "{{数 新建工会数 截至2012-06-30}}",
        FigureTag(query=query("新建工会数", period="截至2012-06-30"), style=PLAIN),
    ),
    (
        "{{数 截至 2012-06-30 新建工会数}}",
        FigureTag(query=query("新建工会数", period="截至2012-06-30"), style=PLAIN),
    ),
    (
        "{{数 新建工会数 宝丰县 上半年}}",
        FigureTag(query=query("新建工会数", "宝丰县", period="上半年"), style=PLAIN),
    ),
    (
        "{{数 慰问金 活动期 LY2012}}",
        FigureTag(query=query("慰问金", campaign="LY2012"), style=PLAIN),
    ),
    (
        "{{数 发展会员数 其中 女性 2012年}}",
        FigureTag(query=query("发展会员数", part="女性", period="2012年"), style=PLAIN),
    ),
    (
        "{{数 新闻媒体发稿 多 取整10}}",
        FigureTag(
            query=query("新闻媒体发稿"),
            style=Style(wording=Wording(word=Word.OVER_DUO, step=10)),
        ),
    ),
    (
        "{{数 困难职工 万 小数1 本月}}",
        FigureTag(
            query=query("困难职工", period="本月"),
            style=Style(wording=Wording(scale="万", decimals=1)),
        ),
    ),
    (
        "{{数 观众 达 余 万}}",
        FigureTag(
            query=query("观众"),
            style=Style(wording=Wording(word=Word.OVER_YU, scale="万"), reach=True),
        ),
    ),
    (
        "{{数 学生 左右 带单位}}",
        FigureTag(
            query=query("学生"), style=Style(wording=Wording(word=Word.AROUND), with_unit=True)
        ),
    ),
    (
        "{{数 人数 大写}}",
        FigureTag(query=query("人数"), style=Style(wording=Wording(capital=True))),
    ),
    (
        "{{率 新建工会数 省总计划 截至2012-06-30}}",
        RateTag(query=query("新建工会数", period="截至2012-06-30"), issuer="省总", style=PLAIN),
    ),
    (
        "{{比 工会网站发稿 同比 仅数}}",
        CompareTag(query=query("工会网站发稿"), against=Compare.YEAR, style=Style(bare=True)),
    ),
    (
        "{{比 环比 工会网站发稿}}",
        CompareTag(query=query("工会网站发稿"), against=Compare.PREVIOUS, style=PLAIN),
    ),
    (
        "{{差 创新成果 市总}}",
        RestTag(query=query("创新成果"), issuer="市总", style=PLAIN),
    ),
    (
        "{{引 协议 平棉2012 岗位系数工资 增加额}}",
        CiteTag(register="协议", record="平棉2012", fields=("岗位系数工资", "增加额"), style=PLAIN),
    ),
    ("{{证 finance.x_prize}}", FactTag(fact="finance.x_prize")),
    (
        "{{证 覆盖率 = 100%}}",
        FactTag(fact=Condition(left=query("覆盖率"), sign="=", right=Decimal(1))),
    ),
    (
        "{{如 实事红灯>0 本月}}",
        IfTag(
            condition=Condition(left=query("实事红灯", period="本月"), sign=">", right=Decimal(0))
        ),
    ),
    (
        "{{如 建会数 ＞＝ 上年建会数 2012年}}",
        IfTag(
            condition=Condition(
                left=query("建会数", period="2012年"),
                sign="≥",
                right=query("上年建会数", period="2012年"),
            )
        ),
    ),
    (
        "{{如 甲 上半年 < 乙 本月}}",
        IfTag(
            condition=Condition(
                left=query("甲", period="上半年"), sign="<", right=query("乙", period="本月")
            )
        ),
    ),
    (
        "{{如 甲 != nan}}",
        IfTag(condition=Condition(left=query("甲"), sign="≠", right=query("nan"))),
    ),
    ("证 finance.x_bid", FactTag(fact="finance.x_bid")),
    ("{{否则}}", ElseTag()),
    ("{{完}}", EndTag()),
    ("{{文 报告人}}", TextTag(name="报告人")),
    ("{{日期 会议日}}", DayTag(name="会议日")),
    ("{{日期 会议日 大写}}", DayTag(name="会议日", capital=True)),
    ("{{待补 1.3 C01}}", PendingTag(what="1.3 C01")),
]


@pytest.mark.parametrize(("text", "tag"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_a_tag_means_what_its_words_say(text, tag):
    assert parse(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "｛｛数　新建工会数　截至２０１２－０６－３０｝｝",
        "{｛ 数  新建工会数\u00a0截至2012–06–30 ｝}",
        "{{数\t新建\u200b工会数 截止2012-06-30}}",
    ],
)
def test_full_width_signs_and_odd_blanks_make_no_difference(text):
    assert parse(text) == parse("{{数 新建工会数 截至2012-06-30}}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{}}", "标签是空的"),
        ("{{数}}", "缺少指标名称"),
        ("{{数新建工会数}}", "“数”后面要有空格，应为“{{数 新建工会数}}”"),
        ("{{总数 新建工会数}}", "不认识“总数”"),
        ("{{数 甲 乙 丙}}", "多余的词“丙”"),
        ("{{数 甲 上半年 本月}}", "写了两个期间（“上半年”和“本月”）"),
        ("{{数 甲 上半年 活动期 乙}}", "写了两个期间（“上半年”和“活动期 乙”）"),
        ("{{数 甲 近 余}}", "“近”和“余”不能同时使用"),
        ("{{数 甲 达 近}}", "“达”和“近”不能同时使用"),
        ("{{数 甲 约 左右}}", "“约”和“左右”不能同时使用"),
        ("{{数 甲 取整}}", "“取整”不完整"),
        ("{{数 甲 小数9}}", "“小数9”不完整"),
        ("{{数 甲 余 小数1}}", "“余”“多”不能与小数连用"),
        ("{{数 甲 大写 万}}", "“大写”只用于准确值"),
        ("{{数 甲 截至2012-02-30}}", "含不存在的日期"),
        ("{{数 甲 截至}}", "“截至”后面缺少日期"),
        ("{{数 甲 活动期}}", "“活动期”后面缺少活动代码"),
        ("{{数 甲 其中}}", "“其中”后面缺少分类"),
        ("{{率 新建工会数}}", "缺少下达单位"),
        ("{{率 甲 省总 市总}}", "写了两个下达单位"),
        ("{{比 甲}}", "缺少“同比”或“环比”"),
        ("{{引 协议 平棉2012}}", "应写明台账、记录和字段"),
        ("{{证 甲 乙}}", "应写一个事实代码或一个条件"),
        ("{{如 甲}}", "条件应为“指标 > 数”的形式"),
        ("{{如 甲 > 1 > 2}}", "条件应为“指标 > 数”的形式"),
        ("{{完 了}}", "多余的词“了”"),
        ("{{文}}", "“文”后面应写一个名称，例如“{{文 报告人}}”"),
        ("{{待补}}", "“待补”后面应写明缺什么"),
        ("{{数 {甲} }}", "大括号不成对"),
        ("{{数 " + "甲" * 300 + "}}", "标签太长"),
    ],
)
def test_a_slip_of_grammar_is_explained(text, message):
    with pytest.raises(BadTag) as caught:
        parse(text)
    assert message in str(caught.value)


def test_a_name_that_begins_with_a_year_is_a_name():
    assert parse("{{数 2012年运动会参赛队}}").query == query("2012年运动会参赛队")


def test_nothing_but_the_known_kinds_is_understood():
    for text in ("{{__class__}}", "{{数.__class__ 甲}}", "{{% for x in y %}}", "{{eval 1+1}}"):
        with pytest.raises(BadTag):
            parse(text)


def test_tags_are_found_in_a_text_with_their_places():
    found = list(spans("今年{{数 甲}}家，｛｛数 乙｝｝人"))
    assert [(span.start, span.end, span.raw) for span in found] == [
        (2, 9, "{{数 甲}}"),
        (11, 18, "｛｛数 乙｝｝"),
    ]


def test_a_brace_that_is_never_closed_is_an_error_and_hides_no_later_tag():
    first, second = spans("共{{数 甲家，{{数 乙}}人")
    assert (first.raw, first.error) == ("{{数 甲家，", "标签没有写完，缺少“}}”")
    assert (second.raw, second.error) == ("{{数 乙}}", None)


def test_a_last_open_brace_reaches_to_the_end():
    (span,) = spans("共{{数 甲}家")
    assert (span.start, span.end, span.error) == (1, 8, "标签没有写完，缺少“}}”")
