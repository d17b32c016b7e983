"""Lectures that travel from place to place (女职工巡回讲座)."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record

HELD = ("held", "verified")


class Topic(models.TextChoices):
    """What a lecture is about; `cadre` are those for women cadres of the unions."""

    RIGHTS = "rights", "权益法规"
    HEALTH = "health", "健康"
    SKILL = "skill", "素质技能"
    FAMILY = "family", "家庭"
    CADRE = "cadre", "女工干部培训"
    OTHER = "other", "其他"


class Evidence(models.TextChoices):
    """What shows how many came."""

    SIGNATURES = "signatures", "签到表"
    EMPLOYER = "employer", "用人单位证明"


class WomenLecture(Record):
    """One session held once; `org` is the host and the only one that records it.

    Those who came are persons-times: nobody is named. `other_session` says why a second host records
    a lecture at the same place on the same day.
    """

    campaign = fields.link("专项活动", "campaigns.Campaign", pii=Pii.PUBLIC, optional=True)
    co_hosts = fields.text("联合主办单位", pii=Pii.PUBLIC, optional=True)
    topic = fields.choice("内容类别", Topic, pii=Pii.PUBLIC)
    title = fields.text("讲座题目", size=120, pii=Pii.PUBLIC)
    speaker = fields.text("主讲人", size=60, pii=Pii.PUBLIC, optional=True)
    employer = fields.link("所到单位", "people.Employer", pii=Pii.PUBLIC, optional=True)
    place = fields.text("地点", size=120, pii=Pii.PUBLIC, optional=True)
    held_on = fields.day("讲座日期", pii=Pii.PUBLIC)
    start_at = fields.text(
        "开始时间",
        size=5,
        pii=Pii.PUBLIC,
        validators=[RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "请按“09:30”的样子填写时间。")],
    )
    hours = fields.decimal("时长（小时）", digits=4, places=1, pii=Pii.PUBLIC, optional=True)
    planned = fields.count("计划人数", pii=Pii.PUBLIC, optional=True)
    attendance = fields.count("到场人数", pii=Pii.PUBLIC, optional=True)
    women_cadres = fields.count("其中女工干部", pii=Pii.PUBLIC, optional=True)
    evidence = fields.choice("人数佐证", Evidence, pii=Pii.PUBLIC, optional=True)
    other_session = fields.text("确为另一场的说明", pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "女职工巡回讲座"
        constraints = [
            models.UniqueConstraint(
                fields=["held_on", "start_at", "org", "title"],
                condition=Q(voided_at=None),
                name="women_lecture_recorded_once",
                violation_error_message="本单位这一天这个时间的同名讲座已登记。",
            ),
            models.CheckConstraint(
                condition=Q(employer__isnull=False) | ~Q(place=""),
                name="women_lecture_has_a_place",
                violation_error_message="请填写所到单位或地点。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD) | (Q(attendance__gt=0) & ~Q(evidence="")),
                name="women_lecture_held_has_evidence",
                violation_error_message="已举办的讲座须有到场人数和人数佐证。",
            ),
            models.CheckConstraint(
                condition=Q(women_cadres=None) | Q(women_cadres__lte=F("attendance")),
                name="women_lecture_cadres_within_attendance",
                violation_error_message="其中女工干部不能多于到场人数。",
            ),
        ]
        indexes = [models.Index(fields=["held_on"], name="women_lecture_of_day")]

    def __str__(self) -> str:
        return str(self.title)
