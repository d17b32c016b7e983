"""Union organisations, administrative divisions and the dated relations between organisations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.access.managers import ScopedManager
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import RecordBase


class DivisionLevel(models.TextChoices):
    """Levels of administrative divisions."""

    CITY = "city", "市"
    COUNTY = "county", "县（市、区）"
    TOWNSHIP = "township", "乡镇（街道）"


class Division(models.Model):
    """An administrative division (GB/T 2260); it exists from `valid_from` to the day before `valid_to`."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=20, choices=DivisionLevel.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    is_synthetic = models.BooleanField("示例名称", default=False)
    valid_from = models.DateField("设立日期")
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "行政区划"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class OrgLevel(models.TextChoices):
    """Where an organisation stands; levels above basic carry balances of their own."""

    CITY = "city", "市总工会"
    COUNTY = "county", "县（市、区）总工会"
    INDUSTRY = "industry", "产业工会"
    DIRECT = "direct", "直属企业工会"
    TOWNSHIP = "township", "乡镇（街道）工会"
    AREA = "area", "产业集聚区工会"
    FEDERATION = "federation", "工会联合会"
    VILLAGE = "village", "村（社区）工会"
    BASIC = "basic", "基层工会"
    BRANCH = "branch", "分会"
    GROUP = "group", "工会小组"
    AGENCY = "agency", "派出机构"


NODE_LEVELS = frozenset(
    {
        OrgLevel.CITY,
        OrgLevel.COUNTY,
        OrgLevel.INDUSTRY,
        OrgLevel.TOWNSHIP,
        OrgLevel.AREA,
        OrgLevel.FEDERATION,
    }
)


class OrgKind(models.TextChoices):
    """The form of an organisation (see specification of organisations, A3)."""

    GENERAL = "general", "总工会"
    INDUSTRY = "industry", "产业工会"
    DIRECT = "direct", "直属企业工会"
    TOWNSHIP = "township", "乡镇（街道）工会"
    AREA = "area", "产业集聚区（开发区）工会"
    FED_REGION = "fed_region", "区域性工会联合会"
    FED_TRADE = "fed_trade", "行业性工会联合会"
    FED_NEW = "fed_new", "新业态工会联合会"
    VILLAGE = "village", "村（社区）工会"
    SINGLE = "single", "单独建会"
    JOINT = "joint", "联合建会"
    ORGANIZER = "organizer", "组织员"
    AGENCY = "agency", "派出机构"
    BRANCH = "branch", "分会"
    GROUP = "group", "工会小组"


class OrgState(models.TextChoices):
    """The life of an organisation."""

    PREPARING = "preparing", "筹备"
    LIVE = "live", "正常"
    RECTIFYING = "rectifying", "整顿"
    DISSOLVED = "dissolved", "已撤销"


class FocusTag(models.TextChoices):
    """Fields of organising work that plans single out."""

    AREA = "area", "产业集聚区（开发区）"
    RURAL_COMMUNITY = "rural_community", "新型农村社区"
    URBAN_COMMUNITY = "urban_community", "新型城市社区"
    DISPATCH = "dispatch", "劳务派遣企业"
    PRIVATE = "private", "非公企业"
    OVER25 = "over25", "25人以上企业"
    PLATFORM = "platform", "平台企业"
    OVER100 = "over100", "百人以上企业"


class Org(RecordBase):
    """A union organisation; the code is never given to another one.

    `path` is derived from the lead relation in force today ("1/4/77/"), `superior` is its parent.
    An organisation counts from `established_on` to the day before `dissolved_on`.
    """

    scope_column: ClassVar[str] = "id"

    code = fields.text("组织代码", size=30, pii=Pii.PUBLIC, unique=True, editable=False)
    name = fields.text("工会名称", size=120, pii=Pii.PUBLIC)
    short_name = fields.text("简称", size=60, pii=Pii.PUBLIC, optional=True)
    level = fields.choice("层级", OrgLevel, pii=Pii.PUBLIC)
    kind = fields.choice("形式", OrgKind, pii=Pii.PUBLIC)
    superior = fields.link(
        "上级工会", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True, related_name="juniors"
    )
    established_on = fields.day("成立日期", pii=Pii.PUBLIC, optional=True)
    dissolved_on = fields.day("撤销日期", pii=Pii.PUBLIC, optional=True)
    division = fields.link("行政区划", "kernel_orgs.Division", pii=Pii.PUBLIC, optional=True)
    industry = fields.text("行业代码", size=10, pii=Pii.PUBLIC, optional=True)
    uscc = fields.text("工会统一社会信用代码", size=18, pii=Pii.PUBLIC, optional=True)
    is_private = fields.flag("非公企业工会", pii=Pii.PUBLIC)
    focus_tags = fields.choices("重点领域", FocusTag, pii=Pii.PUBLIC)
    address = fields.text("地址", pii=Pii.PUBLIC, optional=True)
    phone = fields.text("联系电话", size=40, optional=True)
    approval_doc_no = fields.text("成立批复文号", size=60, pii=Pii.PUBLIC, optional=True)
    path = models.CharField("路径", max_length=120, editable=False, db_index=False, default="")
    sort_key = models.CharField("拼音", max_length=400, editable=False, default="")
    initials = models.CharField("拼音首字母", max_length=120, editable=False, default="")

    class Meta(RecordBase.Meta):
        verbose_name = "工会组织"
        indexes = [
            models.Index(fields=["path"], name="org_in_subtree"),
            models.Index(fields=["level", "state"], name="org_of_level"),
            models.Index(fields=["superior"], name="org_juniors"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(level=OrgLevel.BASIC)
                | Q(state=OrgState.PREPARING)
                | Q(state=OrgState.DISSOLVED, established_on=None)
                | ~Q(approval_doc_no=""),
                name="org_basic_has_approval",
                violation_error_message="基层工会成立须有上级批复文号。",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("established_on")),
                name="org_ends_after_start",
                violation_error_message="撤销日期不能早于成立日期。",
            ),
        ]

    @property
    def org(self) -> Org:
        """An organisation's row belongs to itself."""
        return self

    @property
    def org_id(self) -> int:
        """An organisation's row belongs to itself; one that is not saved yet, to its superior."""
        return int(self.pk or self.superior_id or 0)

    @property
    def chain(self) -> list[int]:
        """The keys on the path, from the city down to the org itself; of one not placed yet only its own."""
        return [int(part) for part in self.path.split("/") if part] or [self.pk]

    def __str__(self) -> str:
        return str(self.short_name or self.name)


class RelationKind(models.TextChoices):
    """Kinds of superiors an organisation has at once."""

    LEAD = "lead", "隶属"
    STATS = "stats", "统计"
    FUND = "fund", "经费"
    INDUSTRY = "industry", "产业指导"
    REGISTRAR = "registrar", "法人登记"


class OrgRelation(models.Model):
    """From `valid_from` to the day before `valid_to` the organisation has this superior."""

    org = models.ForeignKey(Org, models.PROTECT, verbose_name="工会", related_name="relations")
    superior = models.ForeignKey(Org, models.PROTECT, verbose_name="上级", related_name="+")
    kind = models.CharField("关系", max_length=20, choices=RelationKind.choices)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True, blank=True)
    basis_doc = models.CharField("依据文号", max_length=80)

    objects = ScopedManager()
    _unscoped: ClassVar[models.Manager[OrgRelation]] = models.Manager()

    class Meta:
        verbose_name = "组织关系"
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        constraints = [
            *(
                one_at_a_time("org", f"orgrelation_one_{kind}", Q(kind=kind))
                for kind in RelationKind
            ),
            models.CheckConstraint(condition=~Q(org=F("superior")), name="orgrelation_not_self"),
        ]
        indexes = [models.Index(fields=["superior", "kind"], name="orgrelation_below")]

    def __str__(self) -> str:
        return f"{self.org_id} {self.kind} {self.superior_id}"


class OrgAncestry(models.Model):
    """Derived: `ancestor` is at or above `org` in the statistics tree from `valid_from` to before `valid_to`.

    An organisation is its own ancestor at depth 0. The system knew this from `known_from` to before
    `known_to`: a move rewrites nothing, it ends what was known and adds what is known from now on, so
    that a figure of a past moment comes out as it did then. Kept by `ancestry.refresh` alone.
    """

    org = models.ForeignKey(Org, models.CASCADE, related_name="+", db_index=False)
    ancestor = models.ForeignKey(Org, models.CASCADE, related_name="+", db_index=False)
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField()
    has_balance = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["org", "valid_from"], name="ancestry_up"),
            models.Index(fields=["ancestor", "valid_from"], name="ancestry_down"),
        ]

    def __str__(self) -> str:
        return f"{self.org_id} < {self.ancestor_id}"
