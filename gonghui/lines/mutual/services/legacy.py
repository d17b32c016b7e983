"""Policies of before the city used this program: told with their days, looked at by another, no money moves."""

from __future__ import annotations

from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, perform_many
from gonghui.lines.mutual.models import GroupPolicy
from gonghui.lines.mutual.models.policy import PAID_FOR
from gonghui.lines.mutual.services import coverages, policies


def require_legacy(policy: Any, by: Actor) -> None:
    """Only what was before is told without its money."""
    if not policy.is_legacy:
        raise NotAllowed("只有补录的历史参保单这样办理。")


def require_current(policy: Any, by: Actor) -> None:
    """What was before takes the short way."""
    if policy.is_legacy:
        raise NotAllowed("补录的历史参保单请点“提交补录”。")


def require_unexpired_or_legacy(policy: Any, by: Actor) -> None:
    """What was paid here and has run out stays; what was told of before may have been told wrongly."""
    if policy.state == "expired" and not policy.is_legacy:
        raise NotAllowed("已到期的参保单不能撤销。")


def check_may_be_recorded(policy: GroupPolicy) -> None:
    """Its roster is right for the days told, and what was signed or paid then is there."""
    if not policy.is_legacy:
        raise Conflict("只有补录的历史参保单这样办理。")
    policies.check_rows(policy)
    if not attachments_of(policy).exists():
        raise DomainError("请上传当时的参保名册、缴费凭证或参保凭证。")


def record(found: list[Any], by: Actor) -> None:
    """Everybody on the roster was covered in those days; later covers go on from these."""
    for policy in found:
        coverages.begin(policy)
        coverages.reconnect(policy)
        _link_following(policy)
    over = [policy for policy in found if policy.effective_to < clock.today()]
    must(perform_many(over, "expire", by=SYSTEM))


def _link_following(policy: GroupPolicy) -> None:
    """The employer's next policy of the product renews this one, if it began soon enough."""
    following = (
        GroupPolicy.objects.filter(
            employer_id=policy.employer_id,
            product_id=policy.product_id,
            state__in=PAID_FOR,
            effective_from__gt=policy.effective_to,
            voided_at=None,
        )
        .order_by("effective_from", "pk")
        .first()
    )
    if following is None or following.renews_id is not None or policies.is_renewed(policy):
        return
    gap = (following.effective_from - policy.effective_to).days - 1
    if gap <= following.product_version.renew_gap_days:
        change(following, by=SYSTEM, renews=policy)
