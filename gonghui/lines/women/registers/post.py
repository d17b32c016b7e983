"""The registers of posts and facilities."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import stock
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.women import prints
from gonghui.lines.women.models import WomenFacility, WomenPost
from gonghui.lines.women.registers.roles import EVERYONE, EXPORTERS, LOCAL, OFFICES, OWNER
from gonghui.lines.women.services import posts

POSTS = register(
    Register(
        key="women.post",
        model=WomenPost,
        prints=prints.POST,
        date="checked_on",
        columns=(
            "employer",
            "workshop",
            "name",
            "women_count",
            "scopes",
            "is_suspect",
            "is_notified",
            "checked_on",
        ),
        filters=(
            "is_suspect",
            "scopes",
            "is_notified",
            "is_underground",
            "labour_class",
            "checked_on",
        ),
        search=("employer__name", "workshop", "name"),
        sections=(
            section("岗位", "org", "employer", "workshop", "name", "women_count", "men_count"),
            section(
                "井下、负重和强度", "is_underground", "load_kg", "loads_per_hour", "labour_class"
            ),
            section(
                "分级作业",
                "cold_water_class",
                "low_temp_class",
                "high_temp_class",
                "height_class",
                "noise_class",
            ),
            section("其他", "hazards", "is_notified", "replacement", "checked_on"),
            section("判定", "scopes", "is_suspect", "suspect_from", "suspect_to"),
        ),
        read_only=("scopes", "is_suspect", "suspect_from", "suspect_to"),
        access=(
            allow("view", *LOCAL, Role.LEADER, Role.AUDIT),
            allow("add change import", *LOCAL),
            allow("void", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        import_sheet=ImportSheet(
            title="女职工岗位清单",
            note="只填人数，不填姓名；负重填每次公斤数和每小时次数。",
            cells=(
                Cell("单位", "employer", ("单位名称", "用人单位"), required=True),
                Cell("车间", "workshop", required=True),
                Cell("岗位", "name", ("岗位名称",), required=True),
                Cell("女职工人数", "women_count", required=True),
                Cell("男职工人数", "men_count"),
                Cell("井下", "is_underground", ("矿山井下",)),
                Cell("负重kg", "load_kg", ("负重（公斤）", "每次负重")),
                Cell("每小时次数", "loads_per_hour"),
                Cell("体力等级", "labour_class", ("体力劳动强度级别",)),
                Cell("噪声等级", "noise_class"),
                Cell("高温等级", "high_temp_class"),
                Cell("高处等级", "height_class"),
                Cell("已书面告知", "is_notified"),
                Cell("核对日期", "checked_on", required=True),
            ),
            same_when=("employer", "workshop", "name"),
        ),
        indicators=(
            stock(
                "women.forbidden_posts",
                "禁忌岗位疑似问题",
                "个",
                on="suspect_from",
                until="suspect_to",
                where=Q(suspect_from__isnull=False),
                owner=OWNER,
                definition="计：属女职工禁忌（井下、四级体力、超限负重）而有女职工的岗位，应为零。"
                "不计：经期、孕期、哺乳期禁忌的岗位，没有女职工的岗位。",
            ),
        ),
        derive=posts.derive,
        checks=(posts.check_day, posts.check_loads, posts.check_names_nobody),
        order=22,
        api="read write",
        help="登记岗位的危害因素，系统按国务院令第619号附录判定禁忌范围；女职工禁忌的岗位有女职工即为疑似违法。",
    )
)

FACILITIES = register(
    Register(
        key="women.facility",
        model=WomenFacility,
        date="opened_on",
        columns=("name", "kind", "org", "employer", "plaque_level", "opened_on", "closed_on"),
        filters=("kind", "plaque_level", "opened_on"),
        search=("name", "place"),
        sections=(
            section("设施", "org", "kind", "name", "employer", "place"),
            section("规模", "area", "capacity", "served", "plaque_level"),
            section("起止", "opened_on", "closed_on"),
        ),
        access=(
            allow("view", *EVERYONE),
            allow("add change", *LOCAL),
            allow("void import", *OFFICES),
            allow("export", *EXPORTERS),
        ),
        import_sheet=ImportSheet(
            title="女职工关爱设施表",
            cells=(
                Cell("设施名称", "name", ("名称",), required=True),
                Cell("设施类别", "kind", ("类别",), required=True, example="母婴室"),
                Cell("地点", "place"),
                Cell("面积", "area", ("面积（平方米）",)),
                Cell("启用日期", "opened_on", required=True),
                Cell("停用日期", "closed_on"),
            ),
            same_when=("kind", "name"),
        ),
        indicators=(
            stock(
                "women.facilities",
                "女职工关爱设施",
                "个",
                on="opened_on",
                until="closed_on",
                owner=OWNER,
                definition="计：在用的母婴室、休息哺乳室、卫生室、爱心托管班、关爱驿站，停用当日起不计。",
            ),
        ),
        order=40,
        api="read write",
        help="母婴室、休息哺乳室、女职工卫生室、爱心托管班和关爱驿站。",
    )
)
