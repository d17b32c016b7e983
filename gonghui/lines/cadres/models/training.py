"""Training classes for union cadres, and the seats in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class TrainingLevel(models.TextChoices):
    """Who holds a class."""

    NATION = "nation", "全总"
    PROVINCE = "province", "省总"
    CITY = "city", "市总"
    COUNTY = "county", "县（市、区）总"
    BASIC = "basic", "乡镇（街道）及基层"


class TargetGroup(models.TextChoices):
    """Whom a class is for."""

    COUNTY_CHAIR = "county_chair", "县（市、区）总工会主席"
    DIRECT_CHAIR = "direct_chair", "直属企业工会主席"
    DEPARTMENT = "department", "市总各部室"
    INDUSTRY_HEAD = "industry_head", "产业工会负责人"
    TOWNSHIP_CHAIR = "township_chair", "乡镇（街道）工会主席"
    BASIC_CHAIR = "basic_chair", "基层工会主席"
    FINANCE_AUDIT = "finance_audit", "财务经审干部"
    WOMEN = "women", "女职工工作干部"
    BARGAINING = "bargaining", "集体协商指导员"


class TrainingKind(models.TextChoices):
    """Form of a class."""

    CENTRAL = "central", "集中"
    ONLINE = "online", "网络"
    AWAY = "away", "外出"
    MEETING = "meeting", "以会代训"


# Forms in which a person sits in a room and so cannot sit in two.
FACE_TO_FACE = (TrainingKind.CENTRAL, TrainingKind.AWAY, TrainingKind.MEETING)


class TrainingClass(Record):
    """A class for union cadres; `org` is its host. Only a finished one counts, on its last day."""

    title = fields.text("培训班名称", size=120, pii=Pii.PUBLIC)
    theme = fields.text("主题", size=120, pii=Pii.PUBLIC, optional=True)
    level = fields.choice("层级", TrainingLevel, pii=Pii.PUBLIC)
    groups = fields.choices("培训对象", TargetGroup, pii=Pii.PUBLIC)
    kind = fields.choice("形式", TrainingKind, pii=Pii.PUBLIC)
    start_on = fields.day("开班日期", pii=Pii.PUBLIC)
    end_on = fields.day("结束日期", pii=Pii.PUBLIC)
    hours = fields.decimal("学时", digits=6, places=1, pii=Pii.PUBLIC)
    venue = fields.text("地点", size=120, pii=Pii.PUBLIC, optional=True)
    capacity = fields.count("名额", pii=Pii.PUBLIC, optional=True)
    budget = fields.money("预算", optional=True)
    spent = fields.money("支出", optional=True)
    materials = fields.note("课程安排", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "工会干部培训班"
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")),
                name="trainingclass_ends_after_start",
                violation_error_message="结束日期不能早于开班日期。",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="trainingclass_has_hours",
                violation_error_message="学时须大于零。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-start_on"], name="trainingclass_of_org")]

    def __str__(self) -> str:
        return str(self.title)


class TrainingSeat(Record):
    """A person's seat in a class; `org` is the union that sends him.

    `checkins` holds the half-days on which he signed in, as "2012-05-15 am". Hours follow from them
    and are never more than those of the class. `counted_on` is the class's last day once it is
    finished and he came at all. The dates and the form are the class's.
    """

    training_class = fields.link("培训班", "cadres.TrainingClass", pii=Pii.PUBLIC)
    person = fields.person("学员")
    post = fields.text("职务", size=60, pii=Pii.PUBLIC, optional=True)
    invited_by = fields.text("通知人", size=60, optional=True)
    is_confirmed = fields.flag("已确认参加")
    is_withdrawn = fields.flag("已退出")
    checkins = ArrayField(
        models.CharField(max_length=13), verbose_name="签到", default=list, blank=True
    )
    hours_earned = fields.decimal(
        "实得学时", digits=6, places=1, pii=Pii.PUBLIC, default=0, editable=False
    )
    score = fields.decimal("成绩", digits=5, places=1, optional=True)
    passed = fields.flag("合格")
    cert_no = fields.text("结业证书号", size=60, pii=Pii.PUBLIC, optional=True)
    feedback = fields.note("反馈")
    starts_on = fields.day("开班日期", pii=Pii.PUBLIC, optional=True, editable=False)
    ends_before = fields.day("结束次日", pii=Pii.PUBLIC, optional=True, editable=False)
    occupies = fields.flag("占用时间", editable=False)
    counted_on = fields.day("计入日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "培训学员"
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "person"],
                condition=Q(voided_at=None),
                name="trainingseat_once_a_class",
                violation_error_message="该同志已在本培训班报名。",
            ),
            one_at_a_time(
                "person",
                "trainingseat_one_class_at_a_time",
                Q(occupies=True) & Q(voided_at=None),
                start="starts_on",
                end="ends_before",
                message="该同志同期已报名另一个面授培训班。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="trainingseat_of_org"),
            models.Index(fields=["person", "counted_on"], name="trainingseat_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.person_id}"
