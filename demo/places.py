"""The real administrative frame of the city, read from the tables in `data/`.

Names of the city, its ten counties and the townships are real. Of a township's code only the first
six digits are official (GB/T 2260); the last three are numbered here in the order of the table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data")
CITY_CODE, CITY_NAME = "410400", "平顶山市"
CITY_UNION, CITY_SHORT = "平顶山市总工会", "市总"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A county, or the direct sphere of the city, with its row of the plan table of 2012.

    `share` is its part of the older unions, in percent.
    """

    code: str
    name: str
    short: str
    plan_unions: int
    new_unions: int
    plan_members: int
    new_members: int
    share: int

    @property
    def is_county(self) -> bool:
        """Whether it is one of the ten counties."""
        return self.code != CITY_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Township:
    """A township, town or street."""

    code: str
    county: str
    name: str
    is_synthetic: bool


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _unit(row: dict[str, str]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short=row["short"],
        plan_unions=int(row["plan_unions"]),
        new_unions=int(row["new_unions"]),
        plan_members=int(row["plan_members"]),
        new_members=int(row["new_members"]),
        share=int(row["share"]),
    )


UNITS = tuple(_unit(row) for row in _rows("counties.csv"))
COUNTIES = tuple(unit for unit in UNITS if unit.is_county)
TOWNSHIPS = tuple(
    Township(
        code=row["code"],
        county=row["county"],
        name=row["name"],
        is_synthetic=row["is_synthetic"] == "1",
    )
    for row in _rows("townships.csv")
)
# The counties in which a development area (产业集聚区) has a union.
AREAS = ("410482", "410421", "410422", "410481")
# Only what the report names has a real name.
INDUSTRIES = (
    "平顶山市教科文卫体工会",
    "平顶山市示例财贸轻纺工会",
    "平顶山市示例机械冶金工会",
    "平顶山市示例交通运输工会",
    "平顶山市示例城乡建设工会",
    "平顶山市示例能源化学工会",
)
DIRECT = (
    "平煤神马集团",
    "平棉纺织集团",
    "示例钢铁集团",
    "示例电力公司",
    "示例盐化集团",
    "示例尼龙公司",
    "示例高压电器公司",
    "示例特种钢公司",
    "示例轮胎公司",
    "示例焦化公司",
    "示例水泥公司",
    "示例供水公司",
)
DEPARTMENTS = (
    "办公室",
    "组织部",
    "宣教部",
    "生产保护部",
    "法律保障部",
    "财务部",
    "女职工部",
    "基层工作部",
    "经审办",
)


def county_of(code: str) -> Unit:
    """The unit of a code."""
    return next(unit for unit in UNITS if unit.code == code)


def townships_of(county: str) -> list[Township]:
    """The townships of a county, streets first."""
    return [each for each in TOWNSHIPS if each.county == county]
