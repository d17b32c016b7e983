"""A renewal begins with the roster of the former period; who is not on it any more is told with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.write import create_many
from gonghui.lines.mutual.models import Coverage, GroupPolicy
from gonghui.lines.mutual.services import coverages

_CHUNK = 2_000
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A roster against that of the period before: how many, who is new, who is missing and why."""

    former: int
    now: int
    joined: list[Any]
    joined_count: int
    missing: list[tuple[Any, str]]
    missing_count: int


def require_predecessor(policy: Any, by: Actor) -> None:
    """Only a renewal has a roster to begin with."""
    if policy.renews_id is None:
        raise NotAllowed("没有续接的上一期，请导入参保名册。")


def check_has_predecessor(policy: GroupPolicy) -> None:
    """Only a renewal has a roster to begin with."""
    if policy.renews_id is None:
        raise DomainError("没有续接的上一期，请导入参保名册。", field="renews")


def take_over(policies: list[Any], by: Actor) -> None:
    """Whoever was covered and may be again is put on the roster; the others are left out."""
    for policy in policies:
        rows = list(_missing(policy).filter(left_on=None))
        for at in range(0, len(rows), _CHUNK):
            values = [_again(row, policy) for row in rows[at : at + _CHUNK]]
            create_many(Coverage, values, by=by)


def _again(row: Any, policy: GroupPolicy) -> dict[str, Any]:
    return {
        "policy": policy,
        "person": row.person,
        "job_status": row.job_status,
        "shares": min(row.shares, policy.product_version.max_shares),
        "beneficiary": row.beneficiary,
    }


def _former(policy: GroupPolicy) -> Any:
    rows = Coverage.objects.filter(
        policy_id=policy.renews_id, state__in=coverages.COVERING, voided_at=None
    )
    return rows.select_related("person").order_by("pk")


def _own(policy: GroupPolicy) -> Any:
    rows = Coverage.objects.filter(policy=policy, voided_at=None)
    return rows.select_related("person").order_by("pk")


def _missing(policy: GroupPolicy) -> Any:
    return _former(policy).exclude(person_id__in=_own(policy).values("person_id"))


def comparison_of(policy: GroupPolicy) -> Comparison | None:
    """What changed since the period before; None where there is none to go on from."""
    if policy.renews_id is None:
        return None
    joined = _own(policy).exclude(person_id__in=_former(policy).values("person_id"))
    missing = _missing(policy)
    return Comparison(
        former=_former(policy).count(),
        now=_own(policy).count(),
        joined=list(joined[:SHOWN]),
        joined_count=joined.count(),
        missing=_reasons(policy, list(missing[:SHOWN])),
        missing_count=missing.count(),
    )


def _reasons(policy: GroupPolicy, rows: Sequence[Any]) -> list[tuple[Any, str]]:
    """Why a person is not on the roster: he left, may not join, or was not put on it."""
    with acting(SYSTEM):
        tried = [Coverage(**_again(row, policy), state="pending") for row in rows]
        coverages.derive(tried)
        errors = coverages.wrong_rows(tried) if policy.state == "draft" else {}
    told = []
    for at, row in enumerate(rows):
        reason = errors[at].message if at in errors else "没有列入"
        if row.left_on is not None:
            reason = f"{row.left_on:%Y-%m-%d}离职"
        told.append((row, reason))
    return told
