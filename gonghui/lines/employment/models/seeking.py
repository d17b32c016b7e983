"""Who looks for work, and who is helped to a loan of the state's guarantee."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.employment.models.training import SeekerCategory


class JobSeeker(Record):
    """Somebody looks for work; `org` helps him. He is on one list at a time.

    The list closes when a placement of his is verified, when he does not look any more, or by
    itself after some months.
    """

    person = fields.person("求职人")
    category = fields.choice("人员类别", SeekerCategory)
    skills = fields.text("技能", optional=True)
    wish_posts = fields.text("期望岗位", optional=True)
    wish_wage = fields.money("期望月薪（元）", optional=True)
    wish_area = fields.text("期望地区", size=60, optional=True)
    is_zero_job_family = fields.flag("零就业家庭")
    registered_on = fields.day("登记日期")
    closed_on = fields.day("结束日期", optional=True, editable=False)
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "求职登记"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="seeking", voided_at=None),
                name="jobseeker_once_at_a_time",
                violation_error_message="该人员已有在册的求职登记。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("registered_on")),
                name="jobseeker_closed_later",
                violation_error_message="结束日期不能早于登记日期。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="jobseeker_of_org")]

    def __str__(self) -> str:
        return str(self.number)


class LoanReferral(Record):
    """Somebody is helped to a loan with the state's guarantee (创业担保贷款); the bank decides."""

    person = fields.person("申请人")
    category = fields.choice("人员类别", SeekerCategory)
    asked = fields.money("申请金额（元）")
    bank = fields.text("经办银行", size=60, pii=Pii.PUBLIC)
    submitted_on = fields.day("推荐日期")
    bank_amount = fields.money("获贷金额（元）", optional=True)
    decided_on = fields.day("银行决定日期", optional=True)

    class Meta(Record.Meta):
        verbose_name = "担保贷款助借"
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__gt=0) & (Q(bank_amount=None) | Q(bank_amount__gt=0)),
                name="loanreferral_of_money",
                violation_error_message="金额须大于零。",
            ),
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(decided_on__gte=F("submitted_on")),
                name="loanreferral_decided_later",
                violation_error_message="银行决定日期不能早于推荐日期。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="pending", voided_at=None),
                name="loanreferral_one_pending",
                violation_error_message="该人员已有一笔待银行答复的助借。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="loanreferral_of_org")]

    def __str__(self) -> str:
        return str(self.number)
