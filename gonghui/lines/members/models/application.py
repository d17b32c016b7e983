"""Applications to join (入会申请)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.people.models import HukouKind, IdType
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.members.models.membership import EmployKind, NewformGroup


class Channel(models.TextChoices):
    """How an application came in."""

    SCAN = "scan", "扫码"
    ONLINE = "online", "网上"
    PAPER = "paper", "纸质代录"
    GROUP = "group", "集体入会"


class ReturnReason(models.TextChoices):
    """Why an application is returned."""

    WRONG_ID = "wrong_id", "证件信息有误"
    NOT_EMPLOYED = "not_employed", "非本单位职工"
    INCOMPLETE = "incomplete", "材料不全"
    ELSEWHERE = "elsewhere", "已在其他工会在册"
    OTHER = "other", "其他"


class MembershipApplication(Record):
    """A worker asks to join; `org` is the union that must answer.

    Without a `target_org` it lies in the pool (待分配) of the township or county it was made at.
    """

    name = fields.text("姓名", size=60, pii=Pii.PERSONAL)
    id_type = fields.choice("证件类型", IdType, default=IdType.RESIDENT)
    id_no = fields.secret("证件号码")
    id_no_hash = fields.secret_hash("证件号码索引")
    phone = fields.text("手机", size=20, pii=Pii.PERSONAL, optional=True)
    hukou_kind = fields.choice("户籍性质", HukouKind, optional=True)
    target_org = fields.link("申请加入的工会", "kernel_orgs.Org", optional=True)
    channel = fields.choice("申请渠道", Channel)
    applied_on = fields.day("申请日期")
    declared = fields.flag("本人声明以工资收入为主要生活来源、承认工会章程")
    employ_kind = fields.choice("用工形式", EmployKind)
    employer = fields.link("劳动关系单位", "people.Employer", optional=True)
    user_employer = fields.link("用工单位", "people.Employer", optional=True)
    is_migrant = fields.flag("农民工")
    newform_group = fields.choice("新就业群体", NewformGroup, optional=True)
    job_title = fields.text("岗位", size=60, optional=True)
    return_reason = fields.choice("退回原因", ReturnReason, optional=True)
    decided_on = fields.day("审核日期", optional=True)
    membership = fields.link("会籍", "members.Membership", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "入会申请"
        constraints = [
            models.UniqueConstraint(
                fields=["id_type", "id_no_hash"],
                condition=Q(state__in=("applied", "pooled")) & Q(voided_at=None),
                name="membershipapplication_one_open",
                violation_error_message="该职工已有一份待办的入会申请，不必重复提交。",
            ),
            models.CheckConstraint(
                condition=~Q(employ_kind="dispatch") | Q(user_employer__isnull=False),
                name="membershipapplication_dispatch_has_user",
                violation_error_message="劳务派遣职工须填写用工单位。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "state", "-id"], name="membershipapplication_of_org")
        ]

    def __str__(self) -> str:
        return self.number or f"入会申请{self.pk}"
