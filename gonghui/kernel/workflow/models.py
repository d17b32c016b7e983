"""What waits for somebody: tasks, reminders and public notices."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from gonghui.kernel.access.managers import ScopedManager
from gonghui.kernel.access.roles import Role


class Task(models.Model):
    """A record waits in a state for one of some roles over its org; open until it leaves the state.

    With a department it waits, among those with the departments' role, for the ones who work there.
    """

    register = models.CharField("台账", max_length=80)
    record_id = models.BigIntegerField("记录")
    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, verbose_name="所属工会", related_name="+"
    )
    title = models.CharField("事项", max_length=200)
    state = models.CharField("状态", max_length=30)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name="待办角色"
    )
    department = models.CharField("待办部室", max_length=60, blank=True, default="")
    opened_at = models.DateTimeField("到达时间")
    opened_by = models.BigIntegerField("送办人", null=True)
    due_on = models.DateField("办理期限", null=True)
    paused_from = models.DateField("暂停计时", null=True)
    pause_reason = models.CharField("暂停原因", max_length=200, blank=True)
    extended = models.BooleanField("已延期", default=False)
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.BigIntegerField("办理人", null=True)
    action = models.CharField("办理动作", max_length=40, blank=True)
    climbed = models.PositiveSmallIntegerField("已上报层级", default=0)

    objects = ScopedManager()
    _unscoped: models.Manager[Task] = models.Manager()

    class Meta:
        verbose_name = "待办"
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record_id"], condition=Q(closed_at=None), name="task_one_open"
            )
        ]
        indexes = [
            models.Index(
                fields=["org", "due_on"], condition=Q(closed_at=None), name="task_open_of_org"
            ),
            models.Index(fields=["register", "record_id"], name="task_of_record"),
            models.Index(fields=["closed_by", "-closed_at"], name="task_done_by"),
        ]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """A reminder that was given: to which roles over which org, about what; one per record and mark."""

    register = models.CharField("台账", max_length=80)
    record_id = models.BigIntegerField("记录")
    mark = models.CharField("事由代码", max_length=60)
    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, verbose_name="工会", related_name="+"
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name="提醒角色"
    )
    message = models.CharField("内容", max_length=300)
    made_at = models.DateTimeField("提醒时间")
    settled_at = models.DateTimeField("解除时间", null=True)

    objects = ScopedManager()
    _unscoped: models.Manager[Reminder] = models.Manager()

    class Meta:
        verbose_name = "提醒"
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["register", "record_id", "mark"], name="reminder_once")
        ]
        indexes = [models.Index(fields=["org", "-made_at"], name="reminder_of_org")]

    def __str__(self) -> str:
        return self.message


class NoticeState(models.TextChoices):
    """The life of a public notice."""

    HANGING = "hanging", "公示中"
    OBJECTED = "objected", "有异议"
    PASSED = "passed", "公示无异议"
    WITHDRAWN = "withdrawn", "已撤回"


class PublicNotice(models.Model):
    """A record hangs in public for its time; an open objection blocks the next step."""

    register = models.CharField("台账", max_length=80)
    record_id = models.BigIntegerField("记录")
    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, verbose_name="工会", related_name="+"
    )
    title = models.CharField("题目", max_length=200)
    body = models.TextField("内容")
    hangs_from = models.DateField("起")
    hangs_to = models.DateField("止")
    state = models.CharField(
        "状态", max_length=20, choices=NoticeState.choices, default=NoticeState.HANGING
    )

    objects = ScopedManager()
    _unscoped: models.Manager[PublicNotice] = models.Manager()

    class Meta:
        verbose_name = "公示"
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        indexes = [models.Index(fields=["register", "record_id"], name="publicnotice_of_record")]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """Somebody objects to what hangs in public; it is open until answered."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    text = models.TextField("异议")
    contact = models.CharField("联系方式", max_length=100, blank=True)
    received_at = models.DateTimeField("收到时间")
    answer = models.TextField("处理意见", blank=True)
    answered_at = models.DateTimeField("处理时间", null=True)
    answered_by = models.BigIntegerField("处理人", null=True)
    upheld = models.BooleanField("异议成立", null=True)

    class Meta:
        verbose_name = "异议"

    def __str__(self) -> str:
        return self.text[:30]
