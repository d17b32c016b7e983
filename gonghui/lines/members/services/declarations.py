"""Yearly declarations: what must hold, and which one counts on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import NODE_LEVELS
from gonghui.kernel.parameters.values import decimal_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many
from gonghui.lines.members.models import MemberDeclaration
from gonghui.lines.members.models.declaration import PARTS


def check_parts(row: MemberDeclaration) -> None:
    """No part is larger than its whole, and a single union has no more members than employees."""
    for part, whole in PARTS:
        some, all_of_them = getattr(row, part), getattr(row, whole)
        if some > all_of_them:
            label, total = _label(part), _label(whole)
            raise DomainError(f"{label}{some}人大于{total}{all_of_them}人，请核对。", field=part)
    if row.members > row.employees and row.org.level not in NODE_LEVELS:
        raise DomainError(
            f"会员人数{row.members}人大于职工人数{row.employees}人，请核对。", field="members"
        )
    if row.as_of > clock.today():
        raise DomainError(f"统计日期{row.as_of}晚于今天，请核对。", field="as_of")


def _label(name: str) -> str:
    return str(MemberDeclaration._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column


def check_jumps(rows: list[MemberDeclaration]) -> dict[int, DomainError]:
    """A large change against the year before needs a note, by position."""
    limit = decimal_of("members.jump_percent")
    with acting(SYSTEM):
        found = MemberDeclaration.objects.filter(
            org_id__in={row.org_id for row in rows},
            year__in={row.year - 1 for row in rows},
            voided_at=None,
        )
        before = {(org, year): n for org, year, n in found.values_list("org_id", "year", "members")}
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        last = before.get((row.org_id, row.year - 1))
        if not last or row.jump_note:
            continue
        jump = abs(Decimal(row.members - last)) * 100 / last
        if jump > limit:
            errors[position] = DomainError(
                f"会员人数由上年{last}人变为{row.members}人，变动超过{limit}%，请填写说明。",
                field="jump_note",
            )
    return errors


def chain(rows: list[MemberDeclaration], by: Actor) -> None:
    """Of each union the locked declarations count one after the other."""
    with acting(SYSTEM):
        found = MemberDeclaration.objects.filter(
            org_id__in={row.org_id for row in rows}, voided_at=None
        )
        by_org: dict[int, list[MemberDeclaration]] = {}
        for row in found.order_by("org_id", "as_of", "pk"):
            by_org.setdefault(row.org_id, []).append(row)
    pairs: list[tuple[Any, dict[str, date | None]]] = []
    for declared in by_org.values():
        locked = [row for row in declared if row.state == "locked"]
        following = {row.pk: after.as_of for row, after in pairwise(locked)}
        for row in declared:
            start = row.as_of if row.state == "locked" else None
            pairs.append((row, {"counts_from": start, "counts_to": following.get(row.pk)}))
    must(change_many(pairs, by=by))
