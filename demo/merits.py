"""Honours for union work, and the checks against the standard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from demo import accounts
from demo.places import COUNTIES, INDUSTRIES, TOWNSHIPS, UNITS
from demo.plan import Story, Union
from demo.world import World
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform_many
from gonghui.lines.orgs.models import (
    StandardCheck,
    StandardItem,
    StandardScore,
    StandardTemplate,
    UnionHonor,
)

_ITEMS = (
    "组织健全、按期换届",
    "会员管理规范",
    "工会工作有场所有牌子",
    "主席身份公开、联系方便",
    "依法足额收缴经费",
)


def recommend(world: World) -> None:
    """What was put forward in the winter, with its public notice."""
    world.honours["sixgood"] = _recommended(world, _sixgood(world))
    world.honours["hopeful"] = _recommended(
        world,
        [
            _honour(world.orgs["410422"], "sixgood", "province", 2011),
            _honour(world.orgs["410482100"], "sixgood", "province", 2011)
            if "410482100" in world.orgs
            else _honour(world.orgs[TOWNSHIPS[-1].code], "sixgood", "province", 2011),
        ],
    )
    world.honours["by city"] = _recommended(
        world, [_honour(world.orgs[unit.code], "sixgood", "city", 2011) for unit in COUNTIES[4:7]]
    )
    world.honours["industries"] = _recommended(
        world,
        [
            _honour(world.orgs[f"industry:{n}"], "advanced_industry", "province_industry", 2011)
            for n in range(len(INDUSTRIES))
        ],
    )
    world.honours["city"] = _recommended(world, _of_the_city(world))


def _sixgood(world: World) -> list[dict[str, Any]]:
    counties = [world.orgs["410421"], world.orgs["410481"]]
    townships = [world.orgs[each.code] for each in (TOWNSHIPS[3], TOWNSHIPS[50], TOWNSHIPS[90])]
    basics = [world.org(union) for union in _basics(world, 9)] + [world.orgs["direct:1"]]
    return [_honour(org, "sixgood", "province", 2011) for org in (*counties, *townships, *basics)]


def _basics(world: World, count: int) -> list[Union]:
    singles = [u for u in world.city.of(Story.OPENING) if u.kind == "single"]
    step = len(singles) // count
    return [singles[n * step] for n in range(count)]


def _of_the_city(world: World) -> list[dict[str, Any]]:
    city = world.orgs["city"]
    return [
        _honour(
            city,
            "finance_contest",
            "province",
            2011,
            title_detail="全省工会财务工作竞赛",
            grade="特等奖",
        ),
        _honour(
            city,
            "policy_research",
            "province",
            2011,
            title_detail="全省政研综合工作先进单位",
            grade="一等奖",
        ),
        _honour(city, "veteran_work", "city_party", 2011, title_detail="全市老干部工作先进集体"),
        _honour(
            city,
            "training_site",
            "national",
            2011,
            tier="institution",
            title_detail="全国职工教育培训优秀示范点（工人文化宫职工学校）",
        ),
    ]


def _honour(org: Org, title: str, grantor: str, year: int, **more: Any) -> dict[str, Any]:
    return {
        "org": org,
        "title": title,
        "grantor_level": grantor,
        "year": year,
        "notice_from": date(2012, 1, 4),
        "notice_to": date(2012, 1, 12),
        **more,
    }


def _recommended(world: World, rows: Iterable[dict[str, Any]]) -> list[UnionHonor]:
    by = world.cast["zuzhibu"]
    return must(perform_many(must(create_many(UnionHonor, rows, by=by)), "apply", by=by))


def grant(world: World) -> None:
    """The documents of February and March arrive."""
    by = world.cast["zuzhibu"]
    for key, doc_no, day in (
        ("sixgood", "豫工〔2012〕11号", date(2012, 2, 28)),
        ("by city", "平工〔2012〕6号", date(2012, 2, 20)),
        ("industries", "豫产工〔2012〕3号", date(2012, 3, 6)),
        ("city", "豫工〔2012〕15号", date(2012, 3, 12)),
    ):
        for row in world.honours[key]:
            # A grade is asked for with the grant; what was entered with the row stays.
            must(
                perform_many([row], "grant", by=by, granted_on=day, doc_no=doc_no, grade=row.grade)
            )


def grant_of_last_year(world: World) -> None:
    """The province commended others a year ago."""
    by = world.cast["zuzhibu"]
    rows = [
        _honour(world.orgs[code], "sixgood", "province", 2010)
        | {"notice_from": date(2011, 1, 4), "notice_to": date(2011, 1, 14)}
        for code in ("410425", "410402")
    ]
    made = must(perform_many(must(create_many(UnionHonor, rows, by=by)), "apply", by=by))
    must(perform_many(made, "grant", by=by, granted_on=date(2011, 3, 2), doc_no="豫工〔2011〕9号"))


def apply_again(world: World) -> None:
    """What has been applied for and not decided: the finance title, the women's school."""
    city = world.orgs["city"]
    _recommended(
        world,
        [
            _honour(
                city,
                "finance_city",
                "national",
                2012,
                title_detail="全国工会财务先进地市（再次申报）",
            ),
            _honour(
                city,
                "women_school",
                "national",
                2012,
                tier="institution",
                title_detail="全国女职工培训示范学校（市总女职工培训学校）",
            ),
        ],
    )


def select_models(world: World) -> None:
    """Three industries have already found their example of the year; a county has found one, too."""
    by = world.cast["zuzhibu"]
    rows = []
    for n in range(3):
        union = next(
            u
            for u in world.city.of(Story.OPENING)
            if u.superior == f"industry:{n}" and u.kind == "single"
        )
        rows.append(
            _honour(
                world.org(union), "example", "city", 2012, selected_by=world.orgs[f"industry:{n}"]
            )
        )
    county = next(
        u for u in world.city.of(Story.OPENING) if u.unit == "410421" and u.kind == "single"
    )
    rows.append(
        _honour(world.org(county), "example", "city", 2012, selected_by=world.orgs["410421"])
    )
    made = _recommended(world, rows)
    must(
        perform_many(made, "grant", by=by, granted_on=date(2012, 7, 10), doc_no="平工〔2012〕41号")
    )


def set_standard(world: World) -> None:
    """The criteria of the year."""
    by = world.cast["zuzhibu"]
    city = world.orgs["city"]
    template = create(
        StandardTemplate,
        by=by,
        org=city,
        title="基层工会规范化建设标准（示例）",
        edition=1,
        valid_from=date(2012, 1, 1),
    )
    rows = [
        {
            "org": city,
            "template": template,
            "position": n,
            "title": title,
            "full_score": Decimal(20),
        }
        for n, title in enumerate(_ITEMS, start=1)
    ]
    world.standard = template
    world.standard_items = must(create_many(StandardItem, rows, by=by))


def show_signs(world: World) -> None:
    """Private enterprises hang up the union's sign and the chair's card; some show only one of them."""
    for unit in UNITS[:10]:
        unions = [
            u
            for u in world.city.of(Story.OPENING)
            if u.unit == unit.code and u.kind == "single" and world.org(u).is_private
        ][1:9]
        state = [
            u
            for u in world.city.of(Story.OPENING)
            if u.unit == unit.code and u.kind == "single" and not world.org(u).is_private
        ][:1]
        by = world.cast[accounts.handler(unit.code)]
        rows = [
            {
                "org": world.org(union),
                "year": 2012,
                "template": world.standard,
                "sign_on": date(2012, 3, 5 + n),
                "chair_id_on": date(2012, 3, 12 + n) if n != 7 else None,
            }
            for n, union in enumerate([*unions, *state])
        ]
        world.checks[unit.code] = must(create_many(StandardCheck, rows, by=by))


def judge(world: World) -> None:
    """Unions judge themselves, counties judge them, the city has looked at a few."""
    for unit in UNITS[:3]:
        by = world.cast[accounts.handler(unit.code)]
        checks = world.checks[unit.code][:5]
        rows = [
            {
                "org": check.org,
                "check_of": check,
                "item": item,
                "score": Decimal(18 + (check.pk + item.position) % 3),
                "evidence": "现场查看",
            }
            for check in checks
            for item in world.standard_items
        ]
        must(create_many(StandardScore, rows, by=by))
        checks = must(perform_many(checks, "self_check", by=by))
        county = world.cast[accounts.approver(unit.code)]
        judged = must(perform_many(checks[:3], "review", by=county, county_score=Decimal(91)))
        dept = world.cast["zuzhibu"]
        sampled = must(perform_many(judged[:1], "sample", by=dept, city_score=Decimal(89)))
        must(perform_many(sampled, "grade", by=dept))
