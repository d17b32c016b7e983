"""One row per human being, per employer, per household."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class IdType(models.TextChoices):
    """Identity documents."""

    RESIDENT = "resident", "居民身份证"
    HMT = "hmt", "港澳台居民居住证"
    FOREIGN = "foreign", "外国人永久居留身份证"
    PASSPORT = "passport", "护照"


class Sex(models.TextChoices):
    """As on the identity document."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class HukouKind(models.TextChoices):
    """Kind of household registration."""

    URBAN = "urban", "城镇"
    RURAL = "rural", "农村"


class VerifyLevel(models.IntegerChoices):
    """How far the identity has been checked."""

    NONE = 0, "未核"
    CHECKSUM = 1, "校验位"
    IMAGE = 2, "证件影像"
    REAL_NAME = 3, "实名认证"


class Education(models.TextChoices):
    """Highest completed education."""

    PRIMARY = "primary", "小学及以下"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中（中专、技校）"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "研究生"


class Political(models.TextChoices):
    """Political status."""

    PARTY = "party", "中共党员"
    LEAGUE = "league", "共青团员"
    DEMOCRATIC = "democratic", "民主党派"
    MASSES = "masses", "群众"


class Person(Record):
    """One human being; `org` is the union he belongs to now, or the one that recorded him.

    The identity number is sealed; its keyed hash is unique per type, and 15-digit numbers are
    converted before hashing, so both forms meet.
    """

    name = fields.text("姓名", size=60, pii=Pii.PERSONAL)
    id_type = fields.choice("证件类型", IdType, default=IdType.RESIDENT)
    id_no = fields.secret("证件号码", optional=True)
    id_no_hash = fields.secret_hash("证件号码索引")
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True)
    born_on = fields.day("出生日期", pii=Pii.PERSONAL, optional=True)
    ethnic = fields.text("民族", size=20, pii=Pii.PERSONAL, optional=True)
    phone = fields.text("手机", size=20, pii=Pii.PERSONAL, optional=True)
    hukou_kind = fields.choice("户籍性质", HukouKind, optional=True)
    education = fields.choice("学历", Education, optional=True)
    political = fields.choice("政治面貌", Political, optional=True)
    verify_level = fields._with(
        models.PositiveSmallIntegerField(
            "核验程度", choices=VerifyLevel.choices, default=0, editable=False
        ),
        Pii.INTERNAL,
    )
    merged_into = fields.link("并入", "people.Person", optional=True, editable=False)
    deceased_on = fields.day("去世日期", pii=Pii.PERSONAL, optional=True)
    sort_key = models.CharField("拼音", max_length=400, editable=False, default="")
    initials = models.CharField("拼音首字母", max_length=60, editable=False, default="")

    class Meta(Record.Meta):
        verbose_name = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["id_type", "id_no_hash"],
                condition=Q(merged_into=None) & ~Q(id_no_hash=None),
                name="person_one_per_id",
                violation_error_message="该证件号码已登记，同一人不能重复建档。",
            )
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="person_of_org"),
            models.Index(fields=["id_no_hash"], name="person_by_id_no"),
            models.Index(fields=["name"], name="person_named", opclasses=["varchar_pattern_ops"]),
            models.Index(
                fields=["initials"], name="person_initials", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class EmployerType(models.TextChoices):
    """Legal kinds of employers; the first five and the self-employed are enterprises."""

    STATE = "state", "国有企业"
    COLLECTIVE = "collective", "集体企业"
    PRIVATE = "private", "私营企业"
    HMT = "hmt", "港澳台企业"
    FOREIGN = "foreign", "外商企业"
    INSTITUTION = "institution", "事业单位"
    GOVERNMENT = "government", "机关"
    SOCIAL = "social", "社会组织"
    SELF_EMPLOYED = "self_employed", "个体工商户"
    COOPERATIVE = "cooperative", "农民专业合作社"


ENTERPRISES = (
    EmployerType.STATE,
    EmployerType.COLLECTIVE,
    EmployerType.PRIVATE,
    EmployerType.HMT,
    EmployerType.FOREIGN,
    EmployerType.SELF_EMPLOYED,
    EmployerType.COOPERATIVE,
)


class EmployerSize(models.TextChoices):
    """Size by the statistical standard."""

    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"


class Employer(Record):
    """An employer (用人单位); `org` is the union that covers it, or the county of its division."""

    uscc = fields.text(
        "统一社会信用代码", size=18, pii=Pii.PUBLIC, optional=True, null=True, unique=True
    )
    legacy_code = fields.text("组织机构代码", size=9, pii=Pii.PUBLIC, optional=True)
    name = fields.text("单位名称", size=120, pii=Pii.PUBLIC)
    former_names = fields.note("曾用名", pii=Pii.PUBLIC)
    type = fields.choice("单位类型", EmployerType, pii=Pii.PUBLIC)
    is_private = fields.flag("非公企业", pii=Pii.PUBLIC)
    size = fields.choice("规模", EmployerSize, pii=Pii.PUBLIC, optional=True)
    opened_on = fields.day("成立日期", pii=Pii.PUBLIC, optional=True)
    closed_on = fields.day("注销日期", pii=Pii.PUBLIC, optional=True)
    division = fields.link("所在行政区划", "kernel_orgs.Division", pii=Pii.PUBLIC, optional=True)
    area = fields.link("所在开发区", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    is_dispatch_agency = fields.flag("劳务派遣单位", pii=Pii.PUBLIC)
    is_platform = fields.flag("平台企业", pii=Pii.PUBLIC)
    legal_rep = fields.text("法定代表人", size=60, pii=Pii.PERSONAL, optional=True)
    contact = fields.text("联系人及电话", size=120, pii=Pii.PERSONAL, optional=True)
    address = fields.text("地址", pii=Pii.PUBLIC, optional=True)
    merged_into = fields.link(
        "并入", "people.Employer", pii=Pii.PUBLIC, optional=True, editable=False
    )
    sort_key = models.CharField("拼音", max_length=400, editable=False, default="")
    initials = models.CharField("拼音首字母", max_length=120, editable=False, default="")

    class Meta(Record.Meta):
        verbose_name = "用人单位"
        indexes = [
            models.Index(fields=["org", "-id"], name="employer_of_org"),
            models.Index(
                fields=["initials"], name="employer_initials", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class HeadcountSource(models.TextChoices):
    """Where a headcount comes from."""

    REPORT = "report", "单位填报"
    ANNUAL = "annual", "年报"
    INSURANCE = "insurance", "社保"
    PAYROLL = "payroll", "工资名册"


class EmployerHeadcount(Record):
    """An employer's headcount on a day: the only such series, used by every line."""

    employer = fields.link("用人单位", "people.Employer", pii=Pii.PUBLIC)
    as_of = fields.day("统计日期", pii=Pii.PUBLIC)
    employees = fields.count("职工人数", pii=Pii.PUBLIC)
    female = fields.count("其中女职工", pii=Pii.PUBLIC, optional=True)
    migrant = fields.count("其中农民工", pii=Pii.PUBLIC, optional=True)
    dispatched_in = fields.count("派遣用工", pii=Pii.PUBLIC, optional=True)
    dispatched_out = fields.count("派出人员", pii=Pii.PUBLIC, optional=True)
    source = fields.choice("来源", HeadcountSource, pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "职工人数"
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "as_of"],
                condition=Q(voided_at=None),
                name="employerheadcount_one_a_day",
                violation_error_message="该单位这一天的职工人数已登记；如有更正请修改原记录。",
            ),
            models.CheckConstraint(
                condition=(Q(female=None) | Q(female__lte=F("employees")))
                & (Q(migrant=None) | Q(migrant__lte=F("employees")))
                & (Q(dispatched_in=None) | Q(dispatched_in__lte=F("employees"))),
                name="employerheadcount_parts_within_whole",
                violation_error_message="其中项人数不能大于职工人数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.employees}人"


class Household(Record):
    """A household, known by its head."""

    head = fields.person("户主")
    address = fields.text("住址", pii=Pii.PERSONAL, optional=True)

    class Meta(Record.Meta):
        verbose_name = "家庭"

    def __str__(self) -> str:
        return f"{self.head}家"


class Kinship(models.TextChoices):
    """Relation to the head of the household."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    OTHER = "other", "其他"


class Health(models.TextChoices):
    """State of health as the hardship file asks for it."""

    GOOD = "good", "良好"
    CHRONIC = "chronic", "慢性病"
    SEVERE = "severe", "大病"
    DISABLED = "disabled", "残疾"


class HouseholdMember(Record):
    """A person belongs to a household from a day to the day before another; to one at a time.

    Who does not live together with the others is no mouth to feed: income is divided by the rest.
    """

    household = fields.link("家庭", "people.Household", related_name="members")
    person = fields.person("成员")
    kinship = fields.choice("与户主关系", Kinship)
    lives_together = fields.flag("共同生活", default=True)
    work_or_school = fields.text("工作单位或学校", size=120, pii=Pii.PERSONAL, optional=True)
    health = fields.choice("健康状况", Health, pii=Pii.SENSITIVE, optional=True)
    monthly_income = fields.money("月收入", pii=Pii.SENSITIVE, optional=True)
    valid_from = fields.day("起")
    valid_to = fields.day("止", optional=True)

    class Meta(Record.Meta):
        verbose_name = "家庭成员"
        constraints = [
            one_at_a_time(
                "person", "householdmember_one_household", message="该人员同期已在另一户家庭。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.get_kinship_display()}）"
