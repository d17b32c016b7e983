"""The file that makes a household eligible for aid, and the assessments that it rests on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record

# States in which a household cannot have a second file.
OPEN = (
    "submitted",
    "survey",
    "notice",
    "station_review",
    "county_review",
    "returned",
    "active",
    "exit_notice",
)


class Tier(models.TextChoices):
    """Who answers for a file."""

    NATIONAL = "national", "全国级"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"


class IdentityClass(models.TextChoices):
    """What the head of a household in hardship is at work."""

    ON_JOB = "onjob", "在岗"
    LAID_OFF = "laid_off", "下岗待岗"
    JOBLESS = "jobless", "失业"
    MIGRANT = "migrant", "农民工"
    FLEXIBLE = "flexible", "灵活就业"
    NEW_FORM = "new_form", "新就业形态"
    RETIRED = "retired", "退休"
    MODEL_WORKER = "model_worker", "劳模"


class Cause(models.TextChoices):
    """Why a household is in hardship."""

    ILLNESS = "illness", "本人大病"
    FAMILY_ILLNESS = "family_illness", "家属患病"
    DISABILITY = "disability", "残疾"
    SCHOOLING = "schooling", "子女上学"
    JOBLESS = "jobless", "下岗失业"
    LOW_INCOME = "low_income", "收入低"
    ACCIDENT = "accident", "意外事故"
    DISASTER = "disaster", "自然灾害"
    SINGLE_PARENT = "single_parent", "单亲"
    OTHER = "other", "其他"


class Category(models.TextChoices):
    """What an assessment finds, by the rules of its day."""

    LOW = "low", "低保户"
    EDGE = "edge", "低保边缘户"
    ACCIDENT = "accident", "意外致困户"
    DEEP = "deep", "深度困难"
    RELATIVE = "relative", "相对困难"
    SHOCK = "shock", "意外致困"
    NONE = "none", "不符合"


class Housing(models.TextChoices):
    """What a household lives in."""

    OWN = "own", "自有住房"
    PUBLIC = "public", "公租（廉租）房"
    RENTED = "rented", "租房"
    BORROWED = "borrowed", "借住"


class ExitReason(models.TextChoices):
    """Why a file is closed."""

    OUT = "out", "脱困"
    RETIRED = "retired", "退休"
    TRANSFERRED = "transferred", "迁出"
    DECEASED = "deceased", "死亡"
    MERGED = "merged", "并户"
    FALSE = "false", "虚报"
    STANDARD = "standard", "不再符合标准"
    OTHER = "other", "其他"


class HardshipFile(Record):
    """The hardship file of a household (困难职工档案); a household has at most one that is open.

    `org` is the union that keeps it. It counts from `filed_on` to the day before `exited_on`.
    `category` follows from the latest confirmed assessment and is never typed. A file that was
    filed before the city used this program comes in as `is_legacy`: active at once, its assessment
    to be caught up at the yearly review.
    """

    household = fields.link("家庭", "people.Household", pii=Pii.PERSONAL)
    head = fields.person("户主职工", optional=True, editable=False)
    sex = fields.choice("户主性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)
    employer = fields.link("工作单位", "people.Employer", optional=True)
    tier = fields.choice("档案级别", Tier)
    identity_class = fields.choice("身份", IdentityClass)
    cause_main = fields.choice("主要致困原因", Cause, pii=Pii.SENSITIVE)
    cause_minor = fields.choice("次要致困原因", Cause, pii=Pii.SENSITIVE, optional=True)
    category = fields.choice("困难类别", Category, pii=Pii.SENSITIVE, optional=True, editable=False)
    housing = fields.choice("住房", Housing, pii=Pii.PERSONAL, optional=True)
    is_zero_job = fields.flag("零就业家庭")
    self_help = fields.note("自救能力", pii=Pii.PERSONAL)
    account = fields.link("发放账户", "funds.PayeeAccount", pii=Pii.SENSITIVE, optional=True)
    consent_on = fields.day("核对授权日期", optional=True)
    checked_on = fields.day("信息比对返回日期", optional=True, editable=False)
    check_waiver = fields.note("免比对理由", pii=Pii.PERSONAL)
    filed_on = fields.day("建档日期", optional=True)
    assessed_on = fields.day("最近核定日期", optional=True, editable=False)
    surveyors = fields.text("入户调查人", size=140, optional=True, editable=False)
    reviewed_on = fields.day("最近复核日期", optional=True, editable=False)
    review_due_on = fields.day("复核到期日", optional=True, editable=False)
    fade_from = fields.day("渐退起始日", optional=True)
    exited_on = fields.day("退出日期", optional=True)
    exit_reason = fields.choice("退出原因", ExitReason, optional=True)
    is_legacy = fields.flag("启用前已建档")
    national_no = fields.text(
        "全国系统档案号", size=40, optional=True, null=True, default=None, unique=True
    )

    class Meta(Record.Meta):
        verbose_name = "困难职工档案"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=OPEN, voided_at=None),
                name="aid_hardshipfile_one_open_file",
                violation_error_message="该家庭已有未退出的困难职工档案，不能重复建档。",
            ),
            models.CheckConstraint(
                condition=Q(exited_on=None) | Q(exited_on__gte=F("filed_on")),
                name="aid_hardshipfile_exits_after_filing",
                violation_error_message="退出日期不能早于建档日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("active", "exit_notice", "exited"))
                | Q(filed_on__isnull=False),
                name="aid_hardshipfile_active_is_filed",
                violation_error_message="在档的档案须有建档日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="exited") | (Q(exited_on__isnull=False) & ~Q(exit_reason="")),
                name="aid_hardshipfile_exit_has_reason",
                violation_error_message="退出须填写退出日期和退出原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="aid_hardshipfile_of_org"),
            models.Index(fields=["review_due_on"], name="aid_hardshipfile_review"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Purpose(models.TextChoices):
    """What an assessment is for."""

    INITIAL = "initial", "初核"
    ANNUAL = "annual", "年度复核"
    SPOT = "spot", "抽查"
    EXIT = "exit", "退出"
    APPEAL = "appeal", "申诉"


class Exclusion(models.TextChoices):
    """What speaks against hardship; the county may override with a reason."""

    HOMES = "homes", "有两套以上住房"
    BUSINESS = "business", "有商铺或雇工经营"
    SCHOOL = "school", "子女自费择校或留学"
    CAR = "car", "有非生活必需的车辆"
    REFUSED = "refused", "拒绝授权核对"


class EconomicAssessment(Record):
    """What two surveyors found in a household, and what the rule of the day makes of it.

    Amounts are yuan of the period assessed. All from `scheme` to `result` is computed from the
    items, rounded half-up to cents once at the end, and kept with the parameters that were used.
    """

    file = fields.link("档案", "aid.HardshipFile", related_name="assessments")
    purpose = fields.choice("核定目的", Purpose, default=Purpose.INITIAL)
    period_from = fields.day("核定期起")
    period_to = fields.day("核定期止")
    survey_on = fields.day("入户日期", optional=True)
    surveyor_one = fields.text("调查人一（用户名）", size=60, optional=True)
    surveyor_two = fields.text("调查人二（用户名）", size=60, optional=True)
    surveyor_one_user = models.BigIntegerField("调查人一", null=True, editable=False)
    surveyor_two_user = models.BigIntegerField("调查人二", null=True, editable=False)
    surveyors = fields.text("入户调查人", size=130, optional=True, editable=False)
    exclusions = fields.choices("排除情形", Exclusion, pii=Pii.SENSITIVE)
    override_reason = fields.note("排除情形不影响认定的理由", pii=Pii.PERSONAL)
    no_income_source = fields.note("收入为零时的生活来源", pii=Pii.PERSONAL)
    conclusion = fields.note("调查意见", pii=Pii.PERSONAL)
    scheme = fields.text("认定口径", size=10, optional=True, editable=False)
    family_size = fields.count("共同生活人口", optional=True, editable=False)
    income_total = fields.money("家庭收入", pii=Pii.SENSITIVE, optional=True, editable=False)
    rigid_total = fields.money("刚性支出", pii=Pii.SENSITIVE, optional=True, editable=False)
    shock_cost = fields.money("意外支出", pii=Pii.SENSITIVE, optional=True, editable=False)
    income_per_head = fields.money("月人均收入", pii=Pii.SENSITIVE, optional=True, editable=False)
    after_per_head = fields.decimal(
        "扣除刚性支出后月人均", digits=16, pii=Pii.SENSITIVE, optional=True, editable=False
    )
    line_used = fields.money("当地低保标准", optional=True, editable=False)
    result = fields.choice("认定结果", Category, pii=Pii.SENSITIVE, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "家庭经济状况核定"
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")),
                name="aid_assessment_period",
                violation_error_message="核定期止须晚于核定期起。",
            ),
            models.CheckConstraint(
                condition=Q(surveyor_one="") | ~Q(surveyor_one=F("surveyor_two")),
                name="aid_assessment_two_surveyors",
                violation_error_message="两名调查人不能是同一人。",
            ),
        ]
        indexes = [models.Index(fields=["file", "-id"], name="aid_assessment_of_file")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}（{self.period_to:%Y-%m-%d}）"


class ItemKind(models.TextChoices):
    """What an amount is to the assessment."""

    INCOME = "income", "收入"
    RIGID = "rigid", "刚性支出"
    SHOCK = "shock", "意外支出"
    ASSET = "asset", "财产"


class AssessmentItem(Record):
    """One amount of the assessed period in yuan, with its evidence; an excluded one is not added."""

    assessment = fields.link("核定", "aid.EconomicAssessment", related_name="items")
    kind = fields.choice("类别", ItemKind)
    member = fields.link("家庭成员", "people.HouseholdMember", pii=Pii.PERSONAL, optional=True)
    what = fields.text("内容", size=80, pii=Pii.PERSONAL)
    amount = fields.money("金额（元）", pii=Pii.SENSITIVE)
    evidence = fields.text("凭证", size=120, pii=Pii.PERSONAL, optional=True)
    is_excluded = fields.flag("不计入（优抚金、奖学金、一次性救助等）")

    class Meta(Record.Meta):
        verbose_name = "核定明细"

    def __str__(self) -> str:
        return str(self.what)
