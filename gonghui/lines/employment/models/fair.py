"""Job fairs, who came to hire, what for, and whom they agreed with."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class FairSeries(models.TextChoices):
    """Series that are held every year under one name."""

    PRIVATE_WEEK = "private_week", "民营企业招聘周"
    SPRING = "spring", "春风行动"
    GRADUATES = "graduates", "高校毕业生就业服务"
    OTHER = "other", "其他"


class FairRole(models.TextChoices):
    """What the union does in it."""

    LEAD = "lead", "主办"
    CO = "co", "协办"


class JobFair(Record):
    """A job fair at one venue on some days; `org` is its organiser."""

    title = fields.text("招聘会名称", size=120, pii=Pii.PUBLIC)
    series = fields.choice("系列活动", FairSeries, pii=Pii.PUBLIC)
    role = fields.choice("工会角色", FairRole, pii=Pii.PUBLIC, default=FairRole.LEAD)
    partners = fields.text("联合单位", pii=Pii.PUBLIC, optional=True)
    start_on = fields.day("开始日期", pii=Pii.PUBLIC)
    end_on = fields.day("结束日期", pii=Pii.PUBLIC)
    venue = fields.text("地点", size=120, pii=Pii.PUBLIC)
    plan = fields.note("方案", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "招聘会"
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")),
                name="jobfair_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]
        indexes = [models.Index(fields=["org", "-start_on"], name="jobfair_of_org")]

    def __str__(self) -> str:
        return str(self.title)


class Ownership(models.TextChoices):
    """Whose an employer is."""

    PRIVATE = "private", "民营"
    STATE = "state", "国有集体"
    FOREIGN = "foreign", "外商及港澳台"
    PUBLIC = "public", "机关事业"


class FairBooth(Record):
    """An employer at a fair; it counts if it really came. The series and the day are the fair's."""

    fair = fields.link("招聘会", "employment.JobFair", pii=Pii.PUBLIC)
    employer = fields.link("参会单位", "people.Employer", pii=Pii.PUBLIC)
    ownership = fields.choice("单位性质", Ownership, pii=Pii.PUBLIC)
    booth_no = fields.text("展位号", size=20, pii=Pii.PUBLIC, optional=True)
    post_count = fields.count("岗位数", pii=Pii.PUBLIC, default=0)
    headcount = fields.count("需求人数", pii=Pii.PUBLIC, default=0)
    checked_by = fields.text("资质核查人", size=60, optional=True)
    is_attended = fields.flag("当天签到", pii=Pii.PUBLIC)
    left_on = fields.day("撤展日期", optional=True)
    series = fields.choice("系列活动", FairSeries, pii=Pii.PUBLIC, optional=True, editable=False)
    fair_on = fields.day("招聘会日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "参会单位"
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "employer"],
                condition=Q(voided_at=None),
                name="fairbooth_once_a_fair",
                violation_error_message="该单位已登记参加本次招聘会。",
            )
        ]
        indexes = [models.Index(fields=["employer", "fair_on"], name="fairbooth_of_employer")]

    def __str__(self) -> str:
        return str(self.employer)


class JobPost(Record):
    """A post that an employer offers, at a fair or not; checked before it is published."""

    employer = fields.link("用人单位", "people.Employer", pii=Pii.PUBLIC)
    booth = fields.link("招聘会展位", "employment.FairBooth", pii=Pii.PUBLIC, optional=True)
    title = fields.text("岗位名称", size=60, pii=Pii.PUBLIC)
    occupation = fields.text("工种", size=60, pii=Pii.PUBLIC, optional=True)
    headcount = fields.count("招聘人数", pii=Pii.PUBLIC, at_least=1)
    wage_from = fields.money("月工资起（元）", pii=Pii.PUBLIC)
    wage_to = fields.money("月工资止（元）", pii=Pii.PUBLIC, optional=True)
    place = fields.text("工作地点", size=120, pii=Pii.PUBLIC, optional=True)
    requirements = fields.note("岗位要求", pii=Pii.PUBLIC)
    no_deposit = fields.flag("承诺不扣证件、不收押金", pii=Pii.PUBLIC)
    valid_to = fields.day("有效期至", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "招聘岗位"
        constraints = [
            models.CheckConstraint(
                condition=Q(wage_to=None) | Q(wage_to__gte=F("wage_from")),
                name="jobpost_wage_in_order",
                violation_error_message="工资上限不能低于下限。",
            )
        ]
        indexes = [models.Index(fields=["org", "-id"], name="jobpost_of_org")]

    def __str__(self) -> str:
        return str(self.title)


class FairIntent(Record):
    """Somebody and an employer agreed at a fair to go on; known by name and phone until he is hired.

    `person_key` tells persons apart: the person where his number was given, else his phone.
    """

    fair = fields.link("招聘会", "employment.JobFair", pii=Pii.PUBLIC)
    booth = fields.link("参会单位", "employment.FairBooth", pii=Pii.PUBLIC)
    post = fields.link("岗位", "employment.JobPost", pii=Pii.PUBLIC, optional=True)
    name = fields.text("姓名", size=60, pii=Pii.PERSONAL)
    phone = fields.text("手机", size=20, pii=Pii.PERSONAL)
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True)
    person = fields.person("实名人员", optional=True)
    agreed_on = fields.day("意向日期", pii=Pii.PUBLIC)
    hired_on = fields.day("上岗日期", optional=True)
    person_key = models.BigIntegerField("人员键", null=True, editable=False)
    series = fields.choice("系列活动", FairSeries, pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "初步意向"
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "booth", "person_key"],
                condition=Q(voided_at=None),
                name="fairintent_once_a_booth",
                violation_error_message="该人员（手机）与该单位的意向已登记。",
            )
        ]
        indexes = [
            models.Index(fields=["fair", "state"], name="fairintent_of_fair"),
            models.Index(fields=["person_key"], name="fairintent_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.name)
