"""A figure source in memory, with the figures of the half-year of 2012."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from gonghui.base.periods import Period
from gonghui.kernel.docx.sources import (
    Basis,
    CitedValue,
    FactValue,
    FigureKind,
    FigureValue,
    IndicatorInfo,
    Listing,
    NotYet,
    TargetValue,
    Unknown,
    When,
)

AS_OF = date(2012, 8, 15)
HALF = Period.half(2012, 1)
TO_DATE = Period.year_to_date(AS_OF)
FESTIVALS = Period(date(2011, 12, 20), date(2012, 2, 6))
MARCH, JUNE = Period.month(2012, 3), Period(date(2012, 5, 21), date(2012, 6, 30))
_CAMPAIGNS = {
    "LY2012": Period(date(2012, 5, 20), date(2012, 6, 10)),
    "2012SJ": FESTIVALS,
    "2012W38": MARCH,
    "2012C61": JUNE,
}


def indicator(
    code: str,
    name: str,
    unit: str,
    kind: FigureKind = FigureKind.FLOW,
    basis: Basis = Basis.YEAR_TO_DATE,
) -> IndicatorInfo:
    return IndicatorInfo(
        code=code,
        name=name,
        unit=unit,
        owner="组织部",
        definition=f"{name}的口径",
        kind=kind,
        default_basis=basis,
    )


INDICATORS = (
    indicator("orgs.new_unions", "新建工会数", "家"),
    indicator("members.new", "发展会员数", "人"),
    indicator("orgs.area_unions", "产业集聚区工会数", "家", FigureKind.STOCK, Basis.POINT),
    indicator("orgs.townships", "乡镇街道数", "个", FigureKind.STOCK, Basis.POINT),
    indicator("orgs.counties", "县市区数", "个", FigureKind.STOCK, Basis.POINT),
    indicator("orgs.sixgood_county", "省六好县区", "个"),
    indicator("orgs.sixgood_township", "省六好乡镇", "个"),
    indicator("orgs.sixgood_basic", "省六好基层", "个"),
    indicator("cadres.classes", "工会干部培训班", "期"),
    indicator("women.lectures", "女职工巡回讲座", "场次"),
    indicator("women.lecture_people", "培训女职工及女工干部", "人"),
    indicator("aid.county_centers", "县级帮扶中心数", "个", FigureKind.STOCK, Basis.POINT),
    indicator("aid.township_stations", "乡镇帮扶工作站数", "个", FigureKind.STOCK, Basis.POINT),
    indicator("aid.files", "困难职工建档数", "户", FigureKind.STOCK, Basis.POINT),
    indicator("aid.swn_raised", "送温暖筹集资金", "元"),
    indicator("aid.swn_employers", "慰问困难企业数", "家", FigureKind.DISTINCT),
    indicator("aid.swn_households", "慰问困难职工户数", "户", FigureKind.DISTINCT),
    indicator("aid.swn_models", "慰问困难劳模人数", "人", FigureKind.DISTINCT),
    indicator("aid.w38_households", "三八慰问困难女职工家庭", "户", FigureKind.DISTINCT),
    indicator("aid.w38_amount", "三八慰问金额", "元"),
    indicator("aid.c61_children", "六一慰问困难女职工子女", "人", FigureKind.DISTINCT),
    indicator("women.screen_paid", "两癌检查投入", "元"),
    indicator("women.screened", "两癌检查人数", "人", FigureKind.DISTINCT),
    indicator("employment.sessions", "培训期次", "次"),
    indicator("employment.trainees", "培训人数", "人", FigureKind.DISTINCT),
    indicator("employment.training_placed", "培训促就业人数", "人", FigureKind.DISTINCT),
    indicator("employment.fair_employers", "进场招聘单位", "家", FigureKind.DISTINCT),
    indicator("employment.fair_intents", "初步就业意向", "人", FigureKind.DISTINCT),
    indicator("employment.loan_out", "新借出小额借款", "元"),
    indicator("employment.loan_jobs", "借款促进再就业", "人", FigureKind.DISTINCT),
    indicator("culture.media_pieces", "市级以上新闻媒体发稿", "篇"),
    indicator("culture.web_pieces", "工会网站发稿", "篇"),
    indicator("culture.videos", "短视频", "条"),
    indicator("funds.model_paid", "劳模慰问金", "元"),
    indicator("aid.c61_amount", "六一慰问金", "元", basis=Basis.CAMPAIGN),
    indicator("aid.jqzx_students", "金秋助学人数", "名"),
    indicator("mutual.enrollments", "互助保险投保", "人次", basis=Basis.FIRST_HALF),
    indicator("mutual.fees", "互助费收入", "元"),
    indicator("innovation.results", "创新成果", "项"),
    indicator("goals.red", "实事红灯", "件", FigureKind.STOCK, Basis.POINT),
    indicator("goals.done", "实事完成数（件）", "件"),
    indicator("bargaining.women_rate", "女职工专项合同覆盖率", "ratio", FigureKind.RATIO),
    indicator("members.join_rate", "职工入会率", "ratio", FigureKind.RATIO),
    indicator("audit.empty", "审计项目数", "个"),
)
_ALIASES = {
    "建会数": "orgs.new_unions",
    "六一慰问金额": "aid.c61_amount",
    "投保职工": "mutual.enrollments",
    "投保金额": "mutual.fees",
}
_TOTALS = {
    ("orgs.new_unions", HALF): "547",
    ("orgs.new_unions", TO_DATE): "612",
    ("members.new", HALF): "12509",
    ("orgs.area_unions", AS_OF): "4",
    ("orgs.townships", AS_OF): "138",
    ("orgs.counties", AS_OF): "10",
    ("orgs.sixgood_county", TO_DATE): "2",
    ("orgs.sixgood_township", TO_DATE): "3",
    ("orgs.sixgood_basic", TO_DATE): "10",
    ("cadres.classes", HALF): "1",
    ("women.lectures", TO_DATE): "53",
    ("women.lecture_people", TO_DATE): "5127",
    ("aid.county_centers", AS_OF): "10",
    ("aid.township_stations", AS_OF): "88",
    ("aid.files", AS_OF): "26392",
    ("aid.swn_raised", FESTIVALS): "19400000",
    ("aid.swn_employers", FESTIVALS): "261",
    ("aid.swn_households", FESTIVALS): "24036",
    ("aid.swn_models", FESTIVALS): "777",
    ("aid.w38_households", MARCH): "606",
    ("aid.w38_amount", MARCH): "485000",
    ("aid.c61_children", JUNE): "3093",
    ("aid.c61_amount", JUNE): "989760",
    ("women.screen_paid", TO_DATE): "407400",
    ("women.screened", TO_DATE): "2716",
    ("employment.sessions", HALF): "23",
    ("employment.trainees", HALF): "6830",
    ("employment.training_placed", HALF): "3400",
    ("employment.fair_employers", TO_DATE): "918",
    ("employment.fair_intents", TO_DATE): "4236",
    ("employment.loan_out", TO_DATE): "820000",
    ("employment.loan_jobs", TO_DATE): "360",
    ("culture.media_pieces", TO_DATE): "983",
    ("culture.web_pieces", TO_DATE): "505",
    ("culture.web_pieces", TO_DATE.a_year_earlier()): "428",
    ("culture.videos", TO_DATE): "3",
    ("culture.videos", TO_DATE.a_year_earlier()): "0",
    ("funds.model_paid", TO_DATE): "1394600",
    ("aid.c61_amount", Period(date(2012, 5, 20), date(2012, 6, 10))): "989760",
    ("aid.jqzx_students", TO_DATE): "3087",
    ("mutual.enrollments", HALF): "151034",
    ("mutual.fees", HALF): "5950824",
    ("innovation.results", TO_DATE): "148",
    ("goals.red", AS_OF): "3",
    ("goals.done", TO_DATE): "4",
    ("bargaining.women_rate", TO_DATE): "1",
    ("members.join_rate", TO_DATE): "0.83",
    ("members.join_rate", TO_DATE.a_year_earlier()): "0.86",
}


@dataclass
class FakeSource:
    """Answers from tables; `absent` are the lines of work that are not installed."""

    absent: tuple[str, ...] = ()
    totals: dict[tuple[str, When], Decimal] = field(
        default_factory=lambda: {key: Decimal(value) for key, value in _TOTALS.items()}
    )
    targets: dict[tuple[str, str], Decimal] = field(
        default_factory=lambda: {
            ("orgs.new_unions", "省总"): Decimal(480),
            ("members.new", "省总"): Decimal(6415),
            ("innovation.results", "市总"): Decimal(300),
            ("culture.videos", "市总"): Decimal(0),
        }
    )

    def indicator(self, name: str) -> IndicatorInfo:
        for info in INDICATORS:
            if name in (info.code, info.name) or _ALIASES.get(name) == info.code:
                if info.code.split(".")[0] in self.absent:
                    raise NotYet(f"{info.name}（业务线尚未启用）")
                return info
        raise Unknown("指标", name)

    def names(self) -> list[str]:
        return [info.name for info in INDICATORS] + list(_ALIASES)

    def figure(
        self,
        code: str,
        when: When,
        org: str | None,
        part: str | None = None,
        *,
        beside: When | None = None,
    ) -> FigureValue:
        value = self.totals.get((code, when))
        if org == "宝丰县总工会" and value is not None:
            value = value // 10
        if part is not None and value is not None:
            value = value // 2
        return FigureValue(
            value=value,
            records_count=int(value or 0),
            register=f"{code.split('.')[0]}.register",
            period=when.label() if isinstance(when, Period) else f"{when:%Y-%m-%d}",
            as_of="2012-08-15",
            url=f"/figures/{code}",
        )

    def target(self, code: str, issuer: str, day: date, org: str | None) -> TargetValue:
        value = self.targets.get((code, issuer))
        return TargetValue(value=value, label=f"{issuer}{day.year}年目标 {value}")

    def campaign(self, code: str) -> Period:
        if code not in _CAMPAIGNS:
            raise Unknown("活动", code, ["LY2012"])
        return _CAMPAIGNS[code]

    def cite(self, register: str, record: str, fields: tuple[str, ...]) -> CitedValue:
        known: dict[tuple[str, ...], tuple[Decimal | str, str]] = {
            ("岗位系数工资", "增加额"): (Decimal(150), "元"),
            ("午餐补助", "提高"): (Decimal("0.5"), "%"),
            ("中夜班补助", "提高"): (Decimal("0.32"), "%"),
            ("单位",): ("平棉纺织集团", ""),
        }
        if fields not in known:
            raise Unknown("字段", " ".join(fields), [" ".join(field) for field in known])
        value, unit = known[fields]
        return CitedValue(
            value=value,
            unit=unit,
            label=f"{record}·{' '.join(fields)}",
            owner="权益保障部",
            as_of="2012-08-15",
        )

    def listing(self, code: str, when: When, org: str | None, fields: tuple[str, ...]) -> Listing:
        known = {"名称": ("甲厂工会", "乙厂工会"), "单位": ("甲厂", "乙厂")}
        for name in fields:
            if name not in known:
                raise Unknown("字段", name, known)
        rows = zip(*(known[name] for name in fields), strict=True)
        return Listing(rows=tuple(rows), register="orgs.register", period="上半年")

    def units(self, group: str, org: str | None) -> list[tuple[str, str | None]]:
        return [("全市", None), *([("宝丰县", "宝丰县")] if group == "各县区" else [])]

    def chosen(self) -> tuple[str, ...]:
        return tuple(self.text("通报指标").split("、"))

    def fact(self, code: str) -> FactValue:
        if code.split(".")[0] in self.absent:
            raise NotYet(f"{code}（业务线尚未启用）")
        if code == "orgs.x_untrue":
            return FactValue(
                code=code, true=False, evidence="12个产业工会中11个", missing="煤炭工会"
            )
        if not code.startswith(("orgs.x_", "cadres.x_", "women.x_", "aid.x_")):
            raise Unknown("事实", code, ["orgs.x_sign"])
        return FactValue(code=code, true=True, evidence="3条记录", owner="组织部")

    def text(self, name: str) -> str:
        texts = {
            "题目": "围绕中心服务大局 凝心聚力开拓进取\n在推动经济平稳健康发展进程中\n更好地发挥工会组织作用",
            "会议": "市总九届八次常委(扩大)会议",
            "报告人": "市总党组书记、常务副主席 张建明",
        }
        if name not in texts:
            raise Unknown("文字", name, texts)
        return texts[name]

    def day(self, name: str) -> date:
        if name != "会议日":
            raise Unknown("日期", name, ["会议日"])
        return AS_OF

    def org(self, name: str) -> str:
        if name != "宝丰县":
            raise Unknown("组织", name, ["宝丰县"])
        return "宝丰县总工会"

    def previous(self, code: str, when: When, org: str | None) -> Decimal | None:
        return Decimal(141_000) if code == "mutual.enrollments" else None
