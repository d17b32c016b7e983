"""Training sessions for those who look for work, and who learned in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class SeekerCategory(models.TextChoices):
    """Who somebody is that looks for work; the same list everywhere in the line."""

    LAID_OFF = "laid_off", "下岗失业人员"
    MIGRANT = "migrant", "进城务工人员（农民工）"
    TRANSFER = "transfer", "转岗待岗人员"
    GRADUATE = "graduate", "困难家庭毕业生"
    ONJOB = "onjob", "在职职工"
    HARDSHIP = "hardship", "困难家庭成员"
    NEW_FORM = "new_form", "新就业形态劳动者"
    OTHER = "other", "其他"


class SessionKind(models.TextChoices):
    """What is taught."""

    SKILL = "skill", "技能培训"
    STARTUP = "startup", "创业培训"
    GUIDANCE = "guidance", "引导性培训"
    UPGRADE = "upgrade", "技能提升培训"
    SAFETY = "safety", "岗前安全培训"


class SkillLevel(models.TextChoices):
    """Grades of an occupation (国家职业技能标准)."""

    SPECIAL = "special", "专项职业能力"
    FIVE = "five", "初级工（五级）"
    FOUR = "four", "中级工（四级）"
    THREE = "three", "高级工（三级）"
    TWO = "two", "技师（二级）"
    ONE = "one", "高级技师（一级）"


class TrainingMode(models.TextChoices):
    """Form of teaching; only one that is wholly online leaves the learner's time free."""

    OFFLINE = "offline", "线下"
    ONLINE = "online", "线上"
    MIXED = "mixed", "线上线下结合"


class TrainingSession(Record):
    """One session (期次), which may hold several classes; `org` is its host. It counts on its last day once closed."""

    title = fields.text("期次名称", size=120, pii=Pii.PUBLIC)
    campaign_code = fields.text("专项活动", size=20, pii=Pii.PUBLIC, optional=True)
    kind = fields.choice("培训类型", SessionKind, pii=Pii.PUBLIC)
    occupation = fields.text("工种", size=60, pii=Pii.PUBLIC, optional=True)
    level = fields.choice("技能等级", SkillLevel, pii=Pii.PUBLIC, optional=True)
    provider = fields.link("承办机构", "people.Employer", pii=Pii.PUBLIC, optional=True)
    licence_no = fields.text("办学许可证号", size=60, pii=Pii.PUBLIC, optional=True)
    licence_to = fields.day("许可证有效期至", pii=Pii.PUBLIC, optional=True)
    mode = fields.choice("培训方式", TrainingMode, pii=Pii.PUBLIC)
    start_on = fields.day("开班日期", pii=Pii.PUBLIC)
    end_on = fields.day("结束日期", pii=Pii.PUBLIC)
    hours = fields.decimal("学时", digits=6, places=1, pii=Pii.PUBLIC)
    place = fields.text("地点", size=120, pii=Pii.PUBLIC, optional=True)
    teachers = fields.note("师资", pii=Pii.PUBLIC)
    plan_count = fields.count("计划人数", pii=Pii.PUBLIC, at_least=1)
    is_examined = fields.flag("须考核", pii=Pii.PUBLIC, default=True)
    fee_per_head = fields.money("每人培训费（元）", optional=True)
    contract_no = fields.text("合同编号", size=60, optional=True)
    fund = fields.link("支付资金账", "funds.Fund", optional=True)
    settled_amount = fields.money("结算金额（元）", optional=True, editable=False)
    settled_on = fields.day("结算日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "培训期次"
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")),
                name="trainingsession_ends_after_start",
                violation_error_message="结束日期不能早于开班日期。",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="trainingsession_has_hours",
                violation_error_message="学时须大于零。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=SessionKind.SKILL) | (~Q(occupation="") & ~Q(level="")),
                name="trainingsession_skill_has_occupation",
                violation_error_message="技能培训须填写工种和技能等级。",
            ),
            models.CheckConstraint(
                condition=Q(provider=None) | Q(licence_to__gte=F("start_on")),
                name="trainingsession_provider_is_licensed",
                violation_error_message="承办机构的办学许可证在开班日期须有效，请核对许可证有效期。",
            ),
            models.CheckConstraint(
                condition=Q(fee_per_head=None) | Q(fee_per_head=0) | Q(provider__isnull=False),
                name="trainingsession_fee_has_provider",
                violation_error_message="有培训费的须填写承办机构。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-start_on"], name="trainingsession_of_org")]

    def __str__(self) -> str:
        return str(self.title)


class AttendMethod(models.TextChoices):
    """How attendance was taken."""

    QR = "qr", "扫码签到"
    FACE = "face", "当面点名"
    PAPER = "paper", "纸质签到表"


class EnrolmentResult(models.TextChoices):
    """What became of a learner."""

    PENDING = "pending", "在学"
    COMPLETED = "completed", "结业"
    FAILED = "failed", "未结业"
    DROPPED = "dropped", "退学"


class Enrolment(Record):
    """A person in a session; `org` is the session's host.

    `checkins` holds the half-days on which he signed in, as "2012-05-15 am"; hours follow from them.
    Without any the hours of a paper sheet are entered. The result follows from attendance and score
    when the session is closed, so nobody can type in who was trained. The dates are the session's.
    """

    session = fields.link("培训期次", "employment.TrainingSession", pii=Pii.PUBLIC)
    class_label = fields.text("班次", size=20, pii=Pii.PUBLIC, optional=True)
    person = fields.person("学员")
    category = fields.choice("人员类别", SeekerCategory)
    employer = fields.link("所在单位", "people.Employer", optional=True)
    enrolled_on = fields.day("报名日期", optional=True)
    attend_method = fields.choice("签到方式", AttendMethod, optional=True)
    checkins = ArrayField(
        models.CharField(max_length=13), verbose_name="签到", default=list, blank=True
    )
    hours_present = fields.decimal("出勤学时", digits=6, places=1, default=0)
    exam_score = fields.decimal("考核成绩", digits=5, places=1, optional=True)
    cert_no = fields.text("证书号", size=60, optional=True)
    is_dropped = fields.flag("已退学")
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)
    attend_rate = fields.decimal("出勤率", digits=5, places=4, default=0, editable=False)
    result = fields.choice(
        "培训结果", EnrolmentResult, default=EnrolmentResult.PENDING, editable=False
    )
    completed_on = fields.day("结业日期", optional=True, editable=False)
    starts_on = fields.day("开班日期", pii=Pii.PUBLIC, optional=True, editable=False)
    ends_before = fields.day("结束次日", pii=Pii.PUBLIC, optional=True, editable=False)
    occupies = fields.flag("占用时间", editable=False)

    class Meta(Record.Meta):
        verbose_name = "培训学员登记"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(voided_at=None),
                name="enrolment_once_a_session",
                violation_error_message="该学员已在本期报名。",
            ),
            models.UniqueConstraint(
                fields=["cert_no"],
                condition=Q(voided_at=None) & ~Q(cert_no=""),
                name="enrolment_one_per_certificate",
                violation_error_message="该证书号已使用。",
            ),
            models.CheckConstraint(
                condition=Q(hours_present__gte=0, attend_rate__lte=1),
                name="enrolment_hours_within_session",
                violation_error_message="出勤学时不能超过本期学时。",
            ),
            models.CheckConstraint(
                condition=Q(exam_score=None) | Q(exam_score__gte=0, exam_score__lte=100),
                name="enrolment_score_of_a_hundred",
                violation_error_message="考核成绩须在0到100之间。",
            ),
            models.CheckConstraint(
                condition=~Q(result=EnrolmentResult.COMPLETED)
                | (Q(hours_present__gt=0) & Q(completed_on__isnull=False)),
                name="enrolment_completed_was_there",
                violation_error_message="没有出勤学时，不能结业。",
            ),
            one_at_a_time(
                "person",
                "enrolment_one_session_at_a_time",
                Q(occupies=True) & Q(voided_at=None),
                start="starts_on",
                end="ends_before",
                message="该人员同期已参加另一期线下培训，时间冲突。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="enrolment_of_org"),
            models.Index(fields=["session", "class_label"], name="enrolment_of_session"),
            models.Index(fields=["person", "starts_on"], name="enrolment_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.person_id}"
