"""The roles that grants give; a role is held at an org and reaches down its subtree."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a user is; the three administrators never touch business records."""

    BASIC = "basic", "基层工会"
    STATION = "station", "乡镇（街道）工会"
    COUNTY = "county", "县（市、区）总工会"
    INDUSTRY = "industry", "产业工会"
    DEPT = "dept", "市总部室"
    LEADER = "leader", "市总领导"
    FINANCE = "finance", "财务"
    AUDIT = "audit", "经审"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
WORKING_ROLES = tuple(role for role in Role if role not in ADMINISTRATORS)
