"""Honours for union work: the only register of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.orgs.models import OrgKind
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Tier(models.TextChoices):
    """Where the honoured body stands."""

    CITY = "city", "市总"
    DEPARTMENT = "department", "部室"
    COUNTY = "county", "县（市、区）"
    TOWNSHIP = "township", "乡镇（街道）"
    INDUSTRY = "industry", "产业工会"
    BASIC = "basic", "基层单位"
    INSTITUTION = "institution", "直属事业单位"


class HonourTitle(models.TextChoices):
    """What is awarded."""

    SIXGOOD = "sixgood", "六好工会"
    MODEL_HOME = "model_home", "模范职工之家"
    MODEL_SMALL_HOME = "model_small_home", "模范职工小家"
    ADVANCED_INDUSTRY = "advanced_industry", "先进产业工会"
    ADVANCED_UNIT = "advanced_unit", "先进单位"
    EXAMPLE = "example", "先进典型"
    FINANCE_CONTEST = "finance_contest", "财务工作竞赛"
    FINANCE_CITY = "finance_city", "财务先进地市"
    POLICY_RESEARCH = "policy_research", "政研综合工作先进"
    VETERAN_WORK = "veteran_work", "老干部工作先进"
    TRAINING_SITE = "training_site", "职工教育培训示范点"
    WOMEN_SCHOOL = "women_school", "女职工培训示范学校"
    SANATORIUM = "sanatorium", "劳模疗休养基地"
    OTHER = "other", "其他"


class GrantorLevel(models.TextChoices):
    """Who awards."""

    NATIONAL = "national", "全总"
    PROVINCE = "province", "省总"
    PROVINCE_INDUSTRY = "province_industry", "省产业工会"
    CITY = "city", "市总"
    CITY_PARTY = "city_party", "市委市政府"


class UnionHonor(Record):
    """An honour for union work, from recommendation to grant; a new application is a row of its year."""

    tier = fields.choice("层级", Tier, pii=Pii.PUBLIC, optional=True)
    title = fields.choice("荣誉", HonourTitle, pii=Pii.PUBLIC)
    title_detail = fields.text("荣誉全称", pii=Pii.PUBLIC, optional=True)
    grade = fields.text("等次", size=20, pii=Pii.PUBLIC, optional=True)
    grantor_level = fields.choice("授予层级", GrantorLevel, pii=Pii.PUBLIC)
    year = fields.year("年度", pii=Pii.PUBLIC, at_least=1949)
    selected_by = fields.link("选树（推荐）单位", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    selected_by_kind = fields.choice(
        "选树单位形式", OrgKind, pii=Pii.PUBLIC, optional=True, editable=False
    )
    score_sheet = fields.note("考评得分")
    notice_from = fields.day("公示起", pii=Pii.PUBLIC, optional=True)
    notice_to = fields.day("公示止", pii=Pii.PUBLIC, optional=True)
    applied_on = fields.day("申报日期", pii=Pii.PUBLIC, optional=True)
    granted_on = fields.day("授予日期", pii=Pii.PUBLIC, optional=True)
    doc_no = fields.text("文号", size=60, pii=Pii.PUBLIC, optional=True)
    revoked_on = fields.day("撤销日期", pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "工会工作荣誉"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title", "grantor_level", "year"],
                condition=Q(voided_at=None) & ~Q(title="other"),
                name="unionhonor_once_a_year",
                violation_error_message="该单位本年度已有同一荣誉的记录。",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | (Q(granted_on__isnull=False) & ~Q(doc_no="")),
                name="unionhonor_granted_has_document",
                violation_error_message="已授予的荣誉须有授予日期和文号。",
            ),
        ]
        indexes = [models.Index(fields=["title", "year"], name="unionhonor_by_title")]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_title_display()}"
