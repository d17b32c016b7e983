"""The targets T01 to T23 of 2012, the twelve practical matters and their milestones.

The report gives the numbers of the targets; the list of the matters, the days of milestones and a few
values are invented for the demonstration. Targets whose line of work is not there yet are entered
all the same and are told as 尚未接入.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from demo.acting import Timeline, moment
from demo.places import INDUSTRIES
from demo.world import World
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.lines.goals import jobs, supervision
from gonghui.lines.goals.models import (
    MatterPart,
    Milestone,
    PlanBook,
    PracticalMatter,
    SupervisionItem,
    Target,
)

FIRST, LAST = date(2012, 1, 1), date(2012, 12, 31)
CITY_DOC, GOVERNMENT_DOC, INDUSTRY_DOC = "平工发〔2012〕3号", "平政〔2012〕1号", "平工发〔2012〕4号"


@dataclass(frozen=True, slots=True)
class Plan:
    """A target of the year as the office writes it."""

    code: str
    clause: str
    kind: str
    value: str
    indicator: str = ""
    dept: str = "生产保护部"
    wording: str = ""
    window: tuple[date, date] = (FIRST, LAST)
    base: str = ""


_AUTUMN = (date(2012, 8, 1), date(2012, 9, 30))
_CITY = (
    Plan("T01", "创新工作室100个以上", "stock", "100", "teams.studios", wording="above", base="70"),
    Plan("T02", "完成技术创新成果300项", "flow", "300", "innovation.results"),
    Plan("T03", "征集重要合理化建议300件", "flow", "300", "innovation.key_suggestions"),
    Plan("T04", "安康杯竞赛参赛企业两千家", "stock", "2000", "competitions.ankang_employers"),
    Plan("T05", "安康杯竞赛覆盖职工50万人", "stock", "500000", "competitions.ankang_workers"),
    Plan(
        "T06",
        "各县区、产业、直属企业工会都要组队参赛，不留空白点",
        "coverage",
        "1",
        "competitions.games_coverage",
        wording="all",
        window=(FIRST, date(2012, 10, 31)),
    ),
    Plan(
        "T08",
        "95%以上建会企业开展工资集体协商",
        "ratio",
        "0.95",
        "bargaining.coverage_rate",
        "集体合同部",
        "above",
    ),
    Plan(
        "T09", "建立千人工资集体协商队伍", "stock", "1000", "bargaining.instructors", "集体合同部"
    ),
    Plan(
        "T10",
        "选树表彰10个工资集体协商先进典型",
        "flow",
        "10",
        "bargaining.model_cases",
        "集体合同部",
    ),
    Plan(
        "T11",
        "力争年底前实现乡镇（街道）帮扶工作站全覆盖",
        "stock",
        "138",
        "aid.township_stations",
        "权益保障部",
        "strive",
        base="60",
    ),
    Plan(
        "T12",
        "金秋助学筹集资金600万元",
        "flow",
        "6000000",
        "aid.jqzx_raised",
        "权益保障部",
        window=_AUTUMN,
    ),
    Plan(
        "T13",
        "帮助3100名左右困难职工子女上学",
        "distinct",
        "3100",
        "aid.jqzx_students",
        "权益保障部",
        "around",
        _AUTUMN,
    ),
    Plan(
        "T14", "市第一、第二人民医院挂牌爱心医院", "stock", "2", "aid.love_hospitals", "权益保障部"
    ),
    Plan("T14-1", "爱心医院签约挂牌", "milestone", "1", dept="权益保障部"),
    Plan("T15", "投入创业资金150万元", "flow", "1500000", "employment.loan_out", "权益保障部"),
    Plan("T16", "培训各类人员13600人", "distinct", "13600", "employment.trainees", "权益保障部"),
    Plan(
        "T17",
        "帮助近万人创业就业再就业",
        "distinct",
        "10000",
        "employment.training_placed",
        "权益保障部",
        "near",
    ),
    Plan("T18", "编写近55年工会志", "milestone", "1", dept="研究室"),
    Plan(
        "T19",
        "劳模休养楼力争十月份投入运营",
        "milestone",
        "1",
        dept="财务部",
        wording="strive",
        window=(FIRST, date(2012, 10, 31)),
    ),
    Plan("T20", "劳模体检中心装修年底前动工", "milestone", "1", dept="财务部"),
    Plan("T21", "集中力量办好十二件实事", "flow", "12", "goals.matters_done", "办公室"),
    Plan("S07", "困难女职工“两癌”检查3000名", "distinct", "3000", "women.screened", "女职工部"),
    Plan(
        "S08",
        "职工大病医疗互助参保20万人次",
        "flow",
        "200000",
        "mutual.enrollments",
        "权益保障部",
    ),
    Plan("S09", "工人文化宫升级改造五个项目", "milestone", "1", dept="文化宫"),
    Plan(
        "S11", "劳动者权益保护审判庭达到4个", "stock", "4", "rights.courts", "法律保障部", base="0"
    ),
    Plan("S12", "喜迎十八大千场宣讲进企业", "flow", "1000", "culture.theme_sessions", "宣教部"),
    Plan("S13", "百场电影进企业", "flow", "100", "culture.film_sessions", "宣教部"),
)
_GOVERNMENT = (
    Plan("T23", "新建企业职工书屋500家", "flow", "500", "culture.bookrooms_new", "宣教部"),
)
_INDUSTRY = Plan(
    "T22", "每个产业工会选树1-2个先进典型", "flow", "1", "orgs.industry_models", "产业工会"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone: what, its weight, by when, and when it was done."""

    title: str
    weight: int
    due_on: date
    criterion: str
    done_on: date | None = None
    evidence: str = ""


_STEPS: dict[str, tuple[Step, ...]] = {
    "T14-1": (
        Step(
            "与两家医院签订协议",
            30,
            date(2012, 5, 31),
            "协议已签字",
            date(2012, 5, 22),
            "协议书2份",
        ),
        Step("制定减免办法", 30, date(2012, 9, 30), "办法印发"),
        Step("挂牌", 40, LAST, "两家医院挂牌"),
    ),
    "T18": (
        Step("收集资料", 20, date(2012, 4, 30), "资料目录完成", date(2012, 4, 27), "资料目录1册"),
        Step("初稿", 30, date(2012, 8, 31), "各章初稿完成"),
        Step("评议", 20, date(2012, 10, 31), "评议会召开"),
        Step("终审", 20, date(2012, 11, 30), "编委会通过"),
        Step("付印", 10, LAST, "印刷合同签订"),
    ),
    "T19": (
        Step("主体装修", 40, date(2012, 4, 30), "装修验收", date(2012, 4, 26), "验收单"),
        Step("设备安装", 30, date(2012, 7, 31), "设备验收", date(2012, 7, 25), "验收单"),
        Step("投入运营", 30, date(2012, 10, 31), "接待第一批劳模"),
    ),
    "T20": (
        Step("设计方案", 20, date(2012, 4, 30), "方案批复", date(2012, 4, 18), "平工〔2012〕21号"),
        Step("招标", 30, date(2012, 8, 31), "中标通知书", date(2012, 8, 10), "中标通知书"),
        Step("动工", 50, LAST, "开工令"),
    ),
    "S09": (
        Step("舞厅改造", 20, date(2012, 3, 31), "对职工开放", date(2012, 3, 28), "开放公告"),
        Step("棋牌室改造", 20, date(2012, 5, 31), "对职工开放", date(2012, 5, 30), "开放公告"),
        Step("篮球场", 20, date(2012, 10, 31), "对职工开放"),
        Step("门球场", 20, date(2012, 11, 30), "对职工开放"),
        Step("健身广场", 20, LAST, "对职工开放"),
    ),
}
_HALF_WAY = ("T18", "初稿", 50)

# number: title, what is promised, department, the targets it consists of with their weights
_MATTERS: tuple[tuple[str, str, str, dict[str, int]], ...] = (
    ("新建企业职工书屋500家", "年内新建企业职工书屋500家。", "宣教部", {"T23": 100}),
    ("乡镇街道帮扶站全覆盖", "138个乡镇（街道）都有帮扶工作站。", "权益保障部", {"T11": 100}),
    ("金秋助学", "筹资600万元，帮助3100名左右困难职工子女。", "权益保障部", {"T12": 50, "T13": 50}),
    ("爱心医院", "市第一、第二人民医院挂牌爱心医院。", "权益保障部", {"T14": 50, "T14-1": 50}),
    ("小额借款", "投入创业资金150万元。", "权益保障部", {"T15": 100}),
    ("技能培训和就业", "培训13600人，帮助近万人就业。", "权益保障部", {"T16": 50, "T17": 50}),
    ("“两癌”检查", "为3000名困难女职工检查。", "女职工部", {"S07": 100}),
    ("大病医疗互助", "参保20万人次。", "权益保障部", {"S08": 100}),
    ("工人文化宫升级改造", "舞厅、棋牌室、篮球场、门球场、健身广场。", "文化宫", {"S09": 100}),
    ("劳模休养和体检", "休养楼投入运营，体检中心动工。", "财务部", {"T19": 50, "T20": 50}),
    ("法律援助", "劳动者权益保护审判庭达到4个。", "法律保障部", {"S11": 100}),
    ("千场宣讲、百场电影", "宣讲千场、放映百场。", "宣教部", {"S12": 50, "S13": 50}),
)


def _book(world: World, place: str, issuer: str, doc_no: str) -> PlanBook:
    return create(
        PlanBook,
        by=world.cast["bangongshi"],
        org=world.orgs[place],
        year=2012,
        issuer=issuer,
        doc_no=doc_no,
    )


def _values(world: World, book: PlanBook, plan: Plan) -> dict[str, Any]:
    base = {"baseline": Decimal(plan.base), "baseline_on": FIRST} if plan.base else {}
    return {
        "org": book.org,
        "plan": book,
        "code": plan.code,
        "clause": plan.clause,
        "kind": plan.kind,
        "indicator": plan.indicator,
        "value": Decimal(plan.value),
        "wording": plan.wording,
        "window_from": plan.window[0],
        "due_on": plan.window[1],
        "lead_dept": plan.dept,
        "leader_person": world.leader,
        **base,
    }


def _enter(world: World, book: PlanBook, plans: Iterable[Plan], **more: Any) -> list[Target]:
    rows = [{**_values(world, book, plan), **more} for plan in plans]
    return must(create_many(Target, rows, by=world.cast["bangongshi"]))


def _write(world: World) -> None:
    targets = _enter(world, _book(world, "city", "city", CITY_DOC), _CITY)
    targets += _enter(world, _book(world, "city", "government", GOVERNMENT_DOC), _GOVERNMENT)
    by_code = {target.code: target for target in targets}
    _write_milestones(world, by_code)
    for n in range(len(INDUSTRIES)):
        book = _book(world, f"industry:{n}", "city", INDUSTRY_DOC)
        _enter(world, book, [_INDUSTRY], comparator="range", value_max=Decimal(2))
    _write_matters(world, by_code)


def _write_milestones(world: World, targets: dict[str, Target]) -> None:
    rows = [
        {
            "org": targets[code].org,
            "target": targets[code],
            "seq": seq,
            "title": step.title,
            "weight": Decimal(step.weight),
            "due_on": step.due_on,
            "criterion": step.criterion,
            "responsible": world.cadres[seq][0],
        }
        for code, steps in _STEPS.items()
        for seq, step in enumerate(steps, 1)
    ]
    must(create_many(Milestone, rows, by=world.cast["bangongshi"]))


def _write_matters(world: World, targets: dict[str, Target]) -> None:
    by = world.cast["bangongshi"]
    for seq, (title, promise, dept, parts) in enumerate(_MATTERS, 1):
        matter = create(
            PracticalMatter,
            by=by,
            org=world.orgs["city"],
            year=2012,
            seq=seq,
            title=title,
            promise=promise,
            lead_dept=dept,
            leader_person=world.leader,
        )
        rows = [
            {
                "org": matter.org,
                "matter": matter,
                "target": targets[code],
                "weight": Decimal(weight),
            }
            for code, weight in parts.items()
        ]
        must(create_many(MatterPart, rows, by=by))


def _issue(world: World) -> None:
    office, leader = world.cast["bangongshi"], world.cast["lingdao"]
    for book in PlanBook.objects.filter(year=2012, state="draft", voided_at=None).order_by("pk"):
        if book.doc_no in (CITY_DOC, GOVERNMENT_DOC, INDUSTRY_DOC):
            perform(perform(book, "consult", by=office), "issue", by=leader)


def _publish(world: World) -> None:
    for matter in PracticalMatter.objects.filter(year=2012).order_by("seq"):
        perform(matter, "publish", by=world.cast["lingdao"])


def _milestone(code: str, title: str) -> Milestone:
    return Milestone.objects.get(target__code=code, target__year=2012, title=title)


def _finish(world: World, code: str, step: Step) -> None:
    """The department reports a milestone as done, the leader has it verified."""
    reported = perform(
        _milestone(code, step.title),
        "report_done",
        by=world.cast["bangongshi"],
        done_on=step.done_on,
        evidence=step.evidence,
    )
    perform(reported, "verify", by=world.cast["lingdao"], verified_by=world.cadres[-1][0])


def _half_way(world: World) -> None:
    code, title, percent = _HALF_WAY
    change(_milestone(code, title), by=world.cast["bangongshi"], percent=percent)


def _supervise(world: World) -> None:
    """The office orders what is red: the aid stations and the palace's works."""
    for code in ("T11", "S09"):
        target = Target.objects.select_related("org", "plan").get(code=code, year=2012)
        item = supervision.from_target(target, world.cast["bangongshi"])
        perform(item, "issue", by=world.cast["bangongshi"])


def _answer(world: World) -> None:
    """The department that leads the stations says why they are late and what it does."""
    item = SupervisionItem.objects.get(target__code="T11", target__year=2012)
    signed = perform(item, "sign", by=world.cast["baozhangbu"])
    perform(
        signed,
        "report_progress",
        by=world.cast["baozhangbu"],
        progress="已逐乡镇核对，缺站的乡镇名单发各县（市、区）。",
        lag_reason="部分乡镇（街道）没有固定场所和专职人员。",
        remedy="与便民服务中心合署，九月底前完成挂牌。",
    )


def _order_of_the_meeting(world: World) -> None:
    """A county that has not signed for what a meeting decided."""
    item = create(
        SupervisionItem,
        by=world.cast["bangongshi"],
        org=world.orgs["410404"],
        source_kind="meeting",
        title="报送下半年组建计划",
        requirement="按8月8日工作推进会要求，报送下半年新建工会计划。",
    )
    perform(item, "issue", by=world.cast["bangongshi"])


def _nightly(world: World) -> None:
    jobs.follow_supervision()


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline; a milestone is verified on the day on which it was done."""

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "目标任务", lambda: step(world))

    add(date(2012, 2, 9), _write)
    add(date(2012, 2, 13), _issue)
    add(date(2012, 2, 14), _publish)
    add(date(2012, 8, 1), _half_way)
    add(date(2012, 8, 6), _supervise)
    add(date(2012, 8, 7), _answer)
    add(date(2012, 8, 9), _order_of_the_meeting)
    add(date(2012, 8, 15), _nightly, 2)
    for code, steps in _STEPS.items():
        for step in steps:
            if step.done_on is not None:
                timeline.add(
                    moment(step.done_on, 16),
                    "目标任务",
                    lambda code=code, step=step: _finish(world, code, step),
                )
