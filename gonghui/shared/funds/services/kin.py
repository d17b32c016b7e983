"""Declared relatives of cadres."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.accounts.models import User


def derive(declaration: Any) -> None:
    """Find the account that the declaration names."""
    found = User.objects.filter(username=declaration.username).values_list("pk", flat=True).first()
    if found is None:
        raise DomainError(f"没有用户“{declaration.username}”。", field="username")
    declaration.user_id = found
