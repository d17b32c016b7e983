"""Facts that a sentence may assert (证), each as a condition over indicators.

A fact is data: another one is a line here, as long as some line of work keeps the indicator.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """True where `left` is positive and stands to `right` as `sign` says.

    `period` is read as users write periods, `{year}` being the report's year; where it is
    empty, the year to date counts.
    """

    code: str
    says: str
    left: str
    sign: str
    right: str | Decimal
    period: str = ""


def _all(*facts: Fact) -> dict[str, Fact]:
    return {fact.code: fact for fact in facts}


FACTS: dict[str, Fact] = _all(
    Fact(
        code="orgs.x_sign",
        says="非公有制企业开展了亮牌子、亮身份活动",
        left="orgs.sign_displayed",
        sign=">",
        right=Decimal(0),
    ),
    Fact(
        code="orgs.x_industry_honored",
        says="各产业工会均受到省产业工会表彰",
        left="orgs.industry_honored",
        sign="=",
        right="orgs.industry_unions",
    ),
    Fact(
        code="orgs.x_area_all",
        says="产业集聚区内企业普遍建会",
        left="orgs.area_coverage",
        sign="≥",
        right=Decimal(1),
    ),
    Fact(
        code="cadres.x_may_class",
        says="5月份举办了四类负责人参加的集中培训",
        left="cadres.full_classes",
        sign="≥",
        right=Decimal(1),
        period="{year}-05",
    ),
    Fact(
        # 基本实现全覆盖 is read as ninety-eight of a hundred households that the survey found.
        code="aid.x_filed_all",
        says="困难职工建档基本全覆盖",
        left="aid.file_coverage",
        sign="≥",
        right=Decimal("0.98"),
    ),
    Fact(
        code="women.x_school_applied",
        says="市总女职工培训学校完成了全国女职工培训示范学校的申报",
        left="women.school_applied",
        sign="≥",
        right=Decimal(1),
    ),
)

# Names that the shipped templates use, with the code that the line of work gives the figure.
# A name stays here after its line is installed: it is then one more name of that indicator.
NAMES: dict[str, str] = {
    "产业集聚区工会数": "orgs.area_unions",
    "新建工会数": "orgs.new_unions",
    "发展会员数": "members.new",
    "县市区数": "orgs.counties",
    "乡镇街道数": "orgs.townships",
    "县级帮扶中心数": "aid.county_centers",
    "乡镇帮扶工作站数": "aid.township_stations",
    "省六好县区": "orgs.sixgood_county",
    "省六好乡镇": "orgs.sixgood_township",
    "省六好基层": "orgs.sixgood_basic",
    "工会干部培训班": "cadres.classes",
    "女职工巡回讲座": "women.lectures",
    "培训女职工及女工干部": "women.lecture_people",
}
