"""The sample line's registers."""

from django.db.models import Q

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.docx.forms import Facts, Form, Opinions, Roster
from gonghui.kernel.ledger.declare import coverage, distinct, flow, ratio, stock
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.declare import (
    Cell,
    ImportSheet,
    Numbering,
    Print,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.registry import register
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from tests.support.sample.models import Station, Visit


def has_a_day(visit):
    """A visit is confirmed only with its day."""
    if visit.visited_on is None:
        raise DomainError("请先填写走访日期。", field="visited_on")


VISITS = register(
    Register(
        key="sample.visit",
        model=Visit,
        date="visited_on",
        columns=("number", "org", "title", "visited_on", "amount", "state"),
        filters=("state", "mood", "visited_on"),
        search=("number", "title"),
        sections=(
            section("走访", "title", "visited_on", "mood", "people", "amount"),
            section("对象", "subject_no", "account", "phone"),
        ),
        workflow=Workflow(
            states=(
                State("draft", "草稿"),
                State("review", "待审核", due="sample.review_days"),
                State("confirmed", "已确认", is_final=True),
            ),
            transitions=(
                Transition(
                    "submit", "上报", move=("draft", "review"), by=(Role.BASIC, Role.STATION)
                ),
                Transition(
                    "return",
                    "退回",
                    move=("review", "draft"),
                    by=(Role.COUNTY,),
                    needs_reason=True,
                ),
                Transition(
                    "confirm",
                    "确认",
                    move=("review", "confirmed"),
                    by=(Role.COUNTY, Role.STATION),
                    unlike=("submit",),
                    asks=("visited_on",),
                    guard=has_a_day,
                ),
            ),
        ),
        access=(
            allow("view", *Role),
            allow("add change void import", Role.BASIC, Role.STATION, Role.COUNTY),
            allow("export reveal", Role.COUNTY),
        ),
        import_sheet=ImportSheet(
            title="走访名册",
            cells=(
                Cell("事由", "title", required=True),
                Cell("走访日期", "visited_on"),
                Cell("金额", "amount", aliases=("金额（元）",)),
                Cell("人数", "people"),
            ),
            same_when=("title", "visited_on"),
        ),
        indicators=(
            flow("sample.visits", "走访次数", "次", on="visited_on", where=Q(state="confirmed")),
            flow(
                "sample.visit_amount", "走访金额", "元", on="visited_on", value="amount", scale=100
            ),
            distinct("sample.visited", "走访对象数", "人", subject="subject_no", on="visited_on"),
            ratio("sample.good_rate", "好评率", "sample.good_visits", "sample.visits"),
            distinct(
                "sample.visited_orgs",
                "百人走访到的工会",
                "个",
                subject="org",
                on="visited_on",
                where=Q(people__gte=100),
            ),
            flow("sample.good_visits", "好评走访", "次", on="visited_on", where=Q(mood="good")),
        ),
        numbering=Numbering(series="走访", pattern="走访-{year}-{number:04d}", date="visited_on"),
        prints=(
            Print(
                "走访登记表",
                form=Form(
                    "走访登记表",
                    (
                        Facts("title", "visited_on", "mood", "account", "phone"),
                        Opinions("基层工会意见"),
                    ),
                ),
            ),
            Print("走访花名册", form=Roster("走访花名册", "title", "visited_on", blanks=("签名",))),
        ),
        api="read write",
    )
)

STATIONS = register(
    Register(
        key="sample.station",
        model=Station,
        date="opened_on",
        columns=("org", "name", "opened_on", "closed_on", "seats"),
        filters=("opened_on",),
        search=("name",),
        sections=(section("站点", "name", "opened_on", "closed_on", "seats", "place_no"),),
        access=(
            allow("view", *Role),
            allow("add change void import export", Role.STATION, Role.COUNTY),
        ),
        indicators=(
            stock(
                "sample.stations", "站点数", "个", on="opened_on", until="closed_on", owner="组织部"
            ),
            stock("sample.seats", "座位数", "个", on="opened_on", until="closed_on", value="seats"),
            distinct(
                "sample.station_orgs",
                "有百座站点的工会",
                "个",
                subject="org",
                on="opened_on",
                until="closed_on",
                where=Q(seats__gte=100),
            ),
            coverage(
                "sample.cover", "站点走访覆盖率", "sample.visited_orgs", "sample.station_orgs"
            ),
            distinct(
                "sample.places",
                "地点数",
                "个",
                subject="place_no",
                on="opened_on",
                until="closed_on",
            ),
        ),
        api="read write",
    )
)

parameters.declare("sample.review_days", "审核期限", 5, "工作日", "测试")
