"""The shipped templates of the brief (简报) and of the circular on the counties' figures (县区数据通报).

Both are beginnings that an office goes on writing in its word processor; every figure is a tag.
"""

from __future__ import annotations

from typing import Final

from .brief import build_brief
from .page import Level, Paragraph

_TABLE: Final = "{{表 通报指标 各县区 市总计划 名次}}"


def brief_template() -> bytes:
    """A brief on the month and the year to date."""
    return build_brief(
        [
            Paragraph(
                Level.BODY,
                "本月，全市新建工会{{数 新建工会数 本月}}家，发展会员{{数 发展会员数 本月}}人。"
                "今年以来，全市新建工会{{数 新建工会数}}家，发展会员{{数 发展会员数}}人。",
            ),
            Paragraph(Level.BODY, "目前，在档困难职工{{数 困难职工建档数}}户。"),
        ]
    )


def county_circular_template() -> bytes:
    """The counties beside each other: the figures that are chosen, their plans, rates and places."""
    return build_brief(
        [
            Paragraph(
                Level.BODY,
                "现将今年以来各县（市、区）总工会{{文 通报指标}}情况通报如下。"
                "名次按第一项的计划完成率排列；没有下达计划的不排名次。",
            ),
            Paragraph(Level.FLUSH, _TABLE),
            Paragraph(Level.BODY, "表中数据由系统从台账取出，截至{{日期 取数日}}。"),
        ],
        tables=(_TABLE,),
    )
