"""The handbook of tags (指标标签手册): what may be typed into a template, to be kept beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from docx import Document

from .names import Element, new, w
from .page import BODY_FONT, TITLE_FONT, TITLE_SIZE, prepare, write_line
from .tables import row, table
from .text import run_of

HEADS: Final = ("指标（别名）", "标签", "单位", "归口部室", "口径")
_SHARES: Final = (24, 26, 8, 12, 30)
_SIZE: Final = 9
_HEAD_FONT: Final = "黑体"

# What can be typed beside the plain figure, by example.
EXAMPLES: Final[tuple[tuple[str, str], ...]] = (
    ("{{数 新建工会数}}", "今年以来的数；期末时点的指标为当天的数"),
    ("{{数 新建工会数 上半年}}", "期间：上半年、本月、上季度、2012年、截至2012-06-30、活动期 代码"),
    ("{{数 新建工会数 宝丰县}}", "某个县（市、区）、产业或单位的数"),
    (
        "{{数 发展会员数 万 余}}",
        "概数：余、多、近、约、左右、以上、突破；数量级：千、万、百万、亿；取整10；小数1",
    ),
    ("{{率 新建工会数 省总计划}}", "完成省总（市总、市政府等）下达计划的百分比"),
    ("{{差 新建工会数 市总}}", "离目标还差多少"),
    (
        "{{比 新建工会数 同比}}",
        "与上年同期（同比）或上期（环比）相比，印出增加、下降；只要数的写“仅数”",
    ),
    (
        "{{表 新建工会数,发展会员数 各县区 市总计划 名次}}",
        "按各县区、各产业、各乡镇、各单位列表，单独成段",
    ),
    ("{{图 新建工会数 各县区}}", "柱形图，单独成段"),
    ("{{名单 新建工会数 名称 上半年}}", "把一个数的记录逐条列出"),
    ("{{引 目标任务书 豫工文〔2012〕3号 T07 目标值}}", "引用一条记录的一项内容"),
    (
        "{{如 新建工会数 > 0}}……{{否则}}……{{完}}",
        "条件成立才印；{{如有 编者按}}……{{完}}为填写了才印",
    ),
    ("{{文 报告人}}　{{日期 会议日}}", "报告自己的文字和日期"),
)


def handbook(title: str, lines: Sequence[str], entries: Sequence[Sequence[str]]) -> bytes:
    """A document with a title, some lines, the examples, and a row of `HEADS` for each indicator."""
    document = Document()
    prepare(document)
    write_line(document, title, TITLE_FONT, TITLE_SIZE, centred=True)
    for text in lines:
        write_line(document, text, BODY_FONT, 12)
    added = [
        _table((40, 60), ("写法", "印出什么"), EXAMPLES),
        new("p"),
        _table(_SHARES, HEADS, entries),
    ]
    layout = document.element.body.find(w("sectPr"))
    for element in added:
        layout.addprevious(element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(
    shares: Sequence[int], heads: Sequence[str], entries: Sequence[Sequence[str]]
) -> Element:
    rows = [row(shares, [[_run(text, _HEAD_FONT)] for text in heads], head=True)]
    rows += [row(shares, [[_run(text, BODY_FONT)] for text in entry]) for entry in entries]
    return table(shares, rows)


def _run(text: str, font: str) -> Element:
    properties = new("rPr", new("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    properties.append(new("sz", val=str(_SIZE * 2)))
    properties.append(new("szCs", val=str(_SIZE * 2)))
    return run_of(text, properties)
