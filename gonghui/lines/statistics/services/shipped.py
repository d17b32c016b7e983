"""The cross-checks that come with the product (C01 to C14); a rule here is data, and may be changed or stopped by users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.statistics.models import CheckRule

_FROM = date(2000, 1, 1)
_ERROR, _QUERY, _HINT = "error", "query", "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A rule as it comes; `done_by` instead of an expression where something else sees to it."""

    code: str
    text: str
    severity: str
    expression: str = ""
    each_of: str = ""
    stage: str = "submission"
    period_kinds: tuple[str, ...] = ()
    done_by: str = ""


# What follows from a thing may happen months after it, and money that comes back lowers the month of
# its return: such pairs hold of longer periods only.
_LONG = ("half", "year", "union_year")


def _part(number: int, part: str, whole: str, text: str, kinds: tuple[str, ...] = ()) -> Shipped:
    return Shipped(
        code=f"C03-{number:02d}",
        text=text,
        severity=_ERROR,
        expression=f"{part} ≤ {whole}",
        period_kinds=kinds,
    )


# The band of C06: the amount per head or piece within half of last year's.
def _band(number: int, total: str, count: str, text: str) -> Shipped:
    now, then = f"{total} ÷ {count}", f"上年同期({total}) ÷ 上年同期({count})"
    return Shipped(
        code=f"C06-{number:02d}",
        text=text,
        severity=_QUERY,
        expression=f"绝对值({now} − {then}) ≤ {then} × 50%",
    )


def _full(number: int, expression: str, text: str) -> Shipped:
    return Shipped(
        code=f"C08-{number:02d}", text=text, severity=_ERROR, expression=expression, stage="report"
    )


RULES: tuple[Shipped, ...] = (
    Shipped(
        code="C01",
        text="下级之和加本级不等于合计",
        severity=_ERROR,
        expression="下级合计(@) + 本级(@) = @",
        each_of="additive",
    ),
    Shipped(
        code="C02-01",
        # A union that came under another county takes its members along; the county says so.
        text="会员数：期末不等于期初加期初登记和净增（有单位划转的请说明）",
        severity=_QUERY,
        expression="members.total = 上期(members.total) + members.opening + members.net",
    ),
    _part(1, "rights.petitions_migrant", "rights.petitions", "农民工信访件数多于信访总件数"),
    _part(2, "rights.aid_cases", "rights.petitions", "法律援助件数多于信访件数"),
    _part(3, "honours.nat_may_certificate_ankang", "honours.nat_may_certificate", "安康类多于总数"),
    _part(
        4,
        "culture.media_front_leads + culture.media_special_pages",
        "culture.media_pieces",
        "头条加专版多于发稿总数",
    ),
    _part(5, "aid.served_townships", "orgs.townships", "有帮扶站的乡镇、街道多于乡镇、街道总数"),
    _part(6, "bargaining.units", "orgs.covered_units", "签订集体合同的单位多于建会单位"),
    _part(7, "outreach.issues_solved", "outreach.issues", "解决的问题多于收到的问题", _LONG),
    _part(8, "employment.training_placed", "employment.trainees", "培训后就业人数多于培训人数", _LONG),
    _part(9, "employment.fair_hired", "employment.fair_intents", "意向上岗人数多于初步意向人数", _LONG),
    _part(10, "aid.stations_4in1", "aid.township_stations", "四合一帮扶站多于帮扶站总数"),
    _part(11, "members.female", "members.total", "女会员多于会员总数"),
    _part(12, "members.migrant", "members.total", "农民工会员多于会员总数"),
    _part(13, "cadres.full_classes", "cadres.classes", "四类负责人培训班多于培训班总数"),
    _part(14, "cadres.trained_persons", "cadres.trained", "培训人数多于培训人次"),
    _part(16, "mutual.persons", "mutual.enrollments", "参保职工多于参保人次", _LONG),
    Shipped(
        code="C04-01",
        text="慰问补贴资金多于发放资金",
        severity=_ERROR,
        expression="funds.service_paid ≤ funds.paid",
        period_kinds=_LONG,
    ),
    Shipped(
        code="C04-02",
        text="劳模慰问补助金多于发放资金",
        severity=_ERROR,
        expression="funds.model_paid ≤ funds.paid",
        period_kinds=_LONG,
    ),
    Shipped(
        code="C04-03", text="资金结余为负数", severity=_ERROR, expression="funds.balance ≥ 0"
    ),
    Shipped(
        code="C04-04",
        text="双节送温暖发放的资金多于慰问补贴资金",
        severity=_ERROR,
        expression="aid.swn_paid ≤ funds.service_paid",
        period_kinds=_LONG,
    ),
    # Not a rule of a period: what was raised in December by the city is paid in January in counties.
    Shipped(
        code="C04-05",
        text="一项资金发放的多于筹集的",
        severity=_ERROR,
        done_by="由专项资金保证：每笔资金的发放不超过到账",
    ),
    Shipped(
        code="C05-01",
        text="会员多于建会单位职工",
        severity=_QUERY,
        expression="members.total ≤ orgs.covered_employees",
    ),
    Shipped(
        code="C05-02",
        text="走访职工多于走访单位职工的1.5倍",
        severity=_QUERY,
        expression="outreach.workers_visited ≤ outreach.visited_employees × 1.5",
    ),
    _band(1, "aid.w38_amount", "aid.w38_households", "单亲困难女职工户均慰问金与上年相差一半以上"),
    _band(2, "culture.palace_audience", "culture.palace_performances", "每场观众与上年相差一半以上"),
    _band(3, "mutual.fees", "mutual.enrollments", "人均互助费与上年相差一半以上"),
    _band(4, "funds.paid", "funds.paid_lines", "每笔发放金额与上年相差一半以上"),
    Shipped(
        code="C07",
        text="比上期增减超过一半，或由有变无",
        severity=_QUERY,
        expression="上期(@) < 50 且 @ < 50 或 绝对值(@ − 上期(@)) ≤ 上期(@) × 50%",
        each_of="flow",
    ),
    _full(1, "bargaining.women_rate = 100%", "女职工专项合同没有全覆盖，报告中不能写“全覆盖”"),
    _full(2, "aid.county_centers = orgs.counties", "县级帮扶中心没有覆盖所有县（市、区）"),
    _full(3, "aid.station_coverage = 100%", "乡镇（街道）帮扶站没有全覆盖"),
    _full(4, "women.committee_coverage = 100%", "女职工委员会组建没有全覆盖"),
    _full(5, "orgs.area_coverage = 100%", "开发区企业建会没有全覆盖"),
    Shipped(
        code="C09", text="时间口径：半年数配“目前”", severity=_HINT, stage="report",
        done_by="尚未接入：由报告核稿办理",
    ),
    Shipped(
        code="C10", text="同一指标同一期间与已发公文不一致", severity=_ERROR, stage="report",
        done_by="由统计与汇报办理：取数和印发时与对外数据比对",
    ),
    Shipped(
        code="C11", text="两项资金有共同的发放记录，须写明“含”“其中”", severity=_HINT,
        stage="report", done_by="尚未接入：由报告核稿办理",
    ),
    Shipped(
        code="C12",
        text="同一对象被两个以上单位同时计数",
        severity=_QUERY,
        expression="下级合计(@) ≤ @",
        each_of="distinct",
    ),
    Shipped(
        code="C13",
        text="最后十天的数超过全年的三成",
        severity=_QUERY,
        expression="@ < 20 或 末十日(@) ≤ @ × 30%",
        each_of="flow",
        period_kinds=("year", "union_year"),
    ),
    Shipped(
        code="C14", text="分母或基数为零的比率", severity=_ERROR,
        done_by="由数字账保证：分母为零显示“无法计算”，不显示0或100%",
    ),
)  # fmt: skip


def ship_rules(city: Org) -> int:
    """Enter the rules that a city does not have, and note anew which indicators are lacking."""
    with acting(SYSTEM):
        rules = {rule.code: rule for rule in CheckRule.objects.filter(org=city)}
        wanted = [
            {
                "org": city,
                "code": each.code,
                "text": each.text,
                "severity": each.severity,
                "stage": each.stage,
                "expression": each.expression,
                "each_of": each.each_of,
                "period_kinds": list(each.period_kinds),
                "owner_dept": "办公室",
                "valid_from": _FROM,
                "done_by": each.done_by,
            }
            for each in RULES
            if each.code not in rules
        ]
        for outcome in create_many(CheckRule, wanted, by=SYSTEM):
            if outcome.error is not None:
                raise outcome.error
        change_many([(rule, {}) for rule in rules.values() if rule.voided_at is None], by=SYSTEM)
        return len(wanted)
