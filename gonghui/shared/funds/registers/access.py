"""Who handles money: the office that spends, finance, the leader, and audit that only reads."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Allow, allow

OFFICES = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
VIEWERS = (*OFFICES, Role.LEADER, Role.FINANCE, Role.AUDIT)


def access(writers: str = "", *roles: Role) -> tuple[Allow, ...]:
    """Everyone who handles money reads; `writers` are the verbs of `roles`."""
    read = allow("view export", *VIEWERS)
    return (read, allow(writers, *roles)) if roles else (read,)
