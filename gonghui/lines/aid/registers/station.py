"""The register of aid centres and stations."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.ledger.declare import coverage, distinct, stock
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.aid import prints
from gonghui.lines.aid.models import AidStation
from gonghui.lines.aid.models.station import ALL_IN_ONE, StationKind
from gonghui.lines.aid.services import stations
from gonghui.lines.aid.workflows.station import BUILDERS, STATION

_OWNER = "权益保障部"
# What was opened counts on the days of its interval, also after it was closed.
_WAS_OPENED = Q(state__in=("open", "suspended", "closed"))
_INTERVAL = {"on": "opened_on", "until": "counted_until", "owner": _OWNER}
_TOWNSHIP = _WAS_OPENED & Q(kind=StationKind.TOWNSHIP)
_DAYS = "自设立日期起、停用或撤销日期止，以统计日当天运行的为准；拟建、筹建的不计。"

STATIONS = register(
    Register(
        key="aid.station",
        model=AidStation,
        prints=prints.STATION,
        date="opened_on",
        columns=("name", "kind", "division", "org", "services", "opened_on", "state"),
        filters=("kind", "state", "opened_on", "planned_on"),
        search=("name", "division__name"),
        sections=(
            section("站点", "org", "kind", "division", "name"),
            section("服务", "services", "address", "phone", "hours"),
            section("人员", "head", "full_time_count", "part_time_count"),
            section("建设", "planned_on", "standards", "opened_on", "suspended_on", "closed_on"),
        ),
        read_only=("suspended_on", "closed_on"),
        workflow=STATION,
        access=(
            allow("view", *WORKING_ROLES),
            allow("add change import", *BUILDERS),
            allow("void", Role.COUNTY, Role.DEPT),
            allow("export", *BUILDERS, Role.LEADER),
        ),
        import_sheet=ImportSheet(
            title="帮扶站点表",
            note="导入后为“拟建”，验收齐全的可在列表中勾选后批量“授牌运行”。",
            cells=(
                Cell("类别", "kind", required=True, example="乡镇（街道）帮扶站"),
                Cell(
                    "乡镇（街道）或县区",
                    "division",
                    ("乡镇", "街道", "行政区划"),
                    missing="没有这个乡镇（街道）或县区，或有同名的，请填写区划代码",
                ),
                Cell("名称", "name", ("站点名称",), required=True),
                Cell("设立单位", "org", ("设立工会",), required=True),
                Cell("服务功能", "services", example="困难帮扶、法律援助"),
                Cell("地址", "address"),
                Cell("电话", "phone"),
                Cell("负责人", "head"),
                Cell("专职人数", "full_time_count"),
                Cell("兼职人数", "part_time_count"),
                Cell("规范化验收", "standards", example="有牌子、有场地"),
                Cell("设立日期", "opened_on"),
            ),
            same_when=("kind", "division", "name"),
        ),
        indicators=(
            stock(
                "aid.county_centers",
                "县级帮扶中心数",
                "个",
                where=_WAS_OPENED & Q(kind=StationKind.COUNTY),
                definition="县（市、区）总工会设立的困难职工帮扶中心。不计：市帮扶中心。" + _DAYS,
                **_INTERVAL,
            ),
            stock(
                "aid.township_stations",
                "乡镇（街道）帮扶站数",
                "个",
                where=_TOWNSHIP,
                aliases=("帮扶工作站数",),
                definition="设在乡镇、街道的帮扶工作站。不计：企业、社区的站点。" + _DAYS,
                **_INTERVAL,
            ),
            stock(
                "aid.stations_4in1",
                "四合一帮扶站数",
                "个",
                where=_TOWNSHIP & Q(services__contains=list(ALL_IN_ONE)),
                definition="集困难帮扶、法律援助、就业服务、生活救助于一体的乡镇（街道）帮扶站。"
                + _DAYS,
                **_INTERVAL,
            ),
            distinct(
                "aid.served_townships",
                "有帮扶站的乡镇、街道数",
                "个",
                subject="division",
                where=_TOWNSHIP,
                definition="有运行中的帮扶站的乡镇、街道，一地只计1个。",
                **_INTERVAL,
            ),
            coverage(
                "aid.station_coverage",
                "帮扶站覆盖率",
                "aid.served_townships",
                "orgs.listed_townships",
                decimals=1,
                owner=_OWNER,
                definition="有运行中的帮扶站的乡镇、街道占全部乡镇、街道的比例；打开可见空白点名单。",
            ),
        ),
        derive=stations.derive_station,
        checks_many=stations.misplaced_stations,
        api="read write",
        order=10,
        help="docs/user/aid.md",
    )
)
