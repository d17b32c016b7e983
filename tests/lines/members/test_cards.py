"""Cards, their codes, dues and agreements."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.members.models import EntrustAgreement, MemberCard
from gonghui.lines.members.services.cards import card_behind, dues_of, token_of
from tests.lines.members.making import person

NOON = datetime(2026, 1, 5, 12, tzinfo=clock.ZONE)


@pytest.fixture
def card(tree):
    return create(
        MemberCard,
        by=SYSTEM,
        org=tree.union,
        person=person(tree.union),
        card_no="K1",
        kind="electronic",
        issued_on=date(2026, 1, 4),
    )


def test_a_code_is_good_for_sixty_seconds(card):
    with clock.at(NOON):
        token = token_of(card)
    with clock.at(NOON + timedelta(seconds=60)):
        assert card_behind(token) == card
    with clock.at(NOON + timedelta(seconds=61)), pytest.raises(DomainError) as refused:
        card_behind(token)
    assert refused.value.code == "token_expired"


@pytest.mark.parametrize("token", ["", "1", "a.b.c", "1.2.3"])
def test_a_made_up_code_is_refused(card, token):
    with pytest.raises(DomainError) as refused:
        card_behind(token)
    assert refused.value.code == "token"


def test_a_lost_card_opens_nothing(card):
    perform(card, "report_loss", by=SYSTEM)
    with pytest.raises(DomainError) as refused:
        card_behind(token_of(card))
    assert refused.value.code == "card_not_valid"
    perform(card, "find", by=SYSTEM)
    assert card_behind(token_of(card)) == card


def test_a_person_has_one_valid_card_of_a_kind(card):
    with pytest.raises(DomainError) as refused:
        create(
            MemberCard,
            by=SYSTEM,
            org=card.org,
            person=card.person,
            card_no="K2",
            kind="electronic",
            issued_on=date(2026, 1, 4),
        )
    assert refused.value.message == "该会员已有一张有效的同类会员卡，请先挂失或注销。"


@pytest.mark.django_db
def test_dues_follow_the_rate_in_force():
    assert dues_of(Decimal(3001), date(2012, 3, 1)) == Decimal("15.01")
    Parameter.objects.create(
        code="members.dues_rate",
        value="0.004",
        valid_from=date(2026, 1, 1),
        source="示例文件",
        set_at=NOON,
    )
    assert dues_of(Decimal(3000), date(2025, 12, 31)) == Decimal("15.00")
    assert dues_of(Decimal(3000), date(2026, 1, 1)) == Decimal("12.00")


def test_two_unions_have_one_agreement_at_a_time(tree):
    values = {"org": tree.union, "user_org": tree.neighbour_union, "scope": "日常管理和服务"}
    create(EntrustAgreement, by=SYSTEM, **values, valid_from=date(2012, 1, 1))
    with pytest.raises(DomainError) as refused:
        create(EntrustAgreement, by=SYSTEM, **values, valid_from=date(2012, 6, 1))
    assert refused.value.message == "两个工会之间同期已有委托管理协议。"
