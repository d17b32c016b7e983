"""The code on an electronic member card, and what dues come to."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.crypto import constant_time_compare, salted_hmac

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.lines.members.models import MemberCard

_SALT = "gonghui.members.card"


def token_of(card: MemberCard) -> str:
    """What the card's code says now; it is good for the time set (60 seconds)."""
    return _token(int(card.pk), int(clock.now().timestamp()))


def _token(card_id: int, second: int) -> str:
    return f"{card_id}.{second}.{salted_hmac(_SALT, f'{card_id}.{second}').hexdigest()[:24]}"


def card_behind(token: str) -> MemberCard:
    """The valid card whose code was shown just now; anything else is refused."""
    try:
        card_id, second = (int(part) for part in token.split(".")[:2])
    except ValueError:
        raise DomainError("二维码无法识别，请重新出示。", code="token") from None
    age = clock.now().timestamp() - second
    if not constant_time_compare(token, _token(card_id, second)):
        raise DomainError("二维码无法识别，请重新出示。", code="token")
    if not -5 <= age <= number_of("members.card_token_seconds"):
        raise DomainError("二维码已过期，请刷新后重新出示。", code="token_expired")
    with acting(SYSTEM):
        card: MemberCard | None = MemberCard.objects.filter(pk=card_id, voided_at=None).first()
    if card is None or card.state != "valid" or (card.valid_to and card.valid_to < clock.today()):
        raise DomainError("该会员卡已挂失、注销或过期。", code="card_not_valid")
    return card


def dues_of(basic_wage: Decimal, on: date | None = None) -> Decimal:
    """The monthly dues on a basic wage, to the cent, at the rate in force."""
    rate = decimal_of("members.dues_rate", on=on)
    return (basic_wage * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
