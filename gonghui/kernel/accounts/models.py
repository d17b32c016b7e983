"""Users and the roles they hold at organisations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from gonghui.kernel.access.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes accounts; passwords are hashed here and nowhere else."""

    def create_user(self, username: str, password: str | None = None, **more: Any) -> User:
        """A new account that may log in at once."""
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account; what it may do comes from its grants alone."""

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机", max_length=20, blank=True)
    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, null=True, verbose_name="所属工会", related_name="+"
    )
    department = models.CharField("部室", max_length=60, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    preferences = models.JSONField("偏好", default=dict, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name or self.username


class Grant(models.Model):
    """The user holds a role at an org from `valid_from` to the day before `valid_to`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, related_name="+", verbose_name="工会"
    )
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True, blank=True)
    given_by = models.BigIntegerField("授予人", null=True)

    class Meta:
        verbose_name = "授权"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "org"],
                condition=Q(valid_to=None),
                name="grant_one_open",
                violation_error_message="该账号已有此项授权。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}@{self.org_id}"


class LoginEvent(models.Model):
    """A login that worked or failed, or another act on an account that must be traceable."""

    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    username = models.CharField("用户名", max_length=60)
    kind = models.CharField("事件", max_length=40)
    address = models.CharField("地址", max_length=60, blank=True)
    actor_id = models.BigIntegerField("操作人", null=True)
    detail = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "登录记录"
        indexes = [models.Index(fields=["user", "at"], name="loginevent_of")]

    def __str__(self) -> str:
        return f"{self.username} {self.kind}"


class ApiToken(models.Model):
    """A key with which a program acts as an account; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name="账号")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField("摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("建立时间")
    made_by = models.BigIntegerField("建立人", null=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "接口密钥"

    def __str__(self) -> str:
        return self.name
