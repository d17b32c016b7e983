"""A period is sealed by the leader; what is sealed stays, and tampering is found."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.models import Seal
from gonghui.kernel.ledger.seals import _hash_of, sealed_values
from gonghui.kernel.registers.write import perform
from gonghui.kernel.workflow.models import Reminder
from gonghui.lines.statistics.jobs import check_seals
from gonghui.lines.statistics.models import SealedSet
from tests.support import facts
from tests.support.people import client_for, user_with

AMOUNT = "sample.visit_amount"
JUNE = Period.month(2012, 6)


def sealed_set(period):
    with acting(SYSTEM):
        return SealedSet.objects.select_related("seal", "period").get(period=period)


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_sealed DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_seal DISABLE TRIGGER USER")
        cursor.execute(statement, params)
        cursor.execute("ALTER TABLE ledger_sealed ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_seal ENABLE TRIGGER USER")


def test_the_leader_seals_what_the_department_has_closed(offices, visits, in_july):
    period = offices.june()
    offices.report(period)
    with pytest.raises(DomainError) as outside:
        perform(period, "close", by=offices.clerk)
    assert outside.value.code == "not_found"
    closed = perform(period, "close", by=offices.office)
    with pytest.raises(NotAllowed):
        perform(closed, "seal", by=offices.office)
    sealed = perform(closed, "seal", by=offices.leader)
    assert (sealed.state, sealed.sealed_on, sealed.missing) == ("sealed", date(2012, 7, 2), "")
    kept = sealed_set(sealed)
    tree = offices.tree
    values = sealed_values(kept.seal, [AMOUNT], [tree.city, tree.county, tree.union])
    assert values == {
        (AMOUNT, tree.city.pk): 132,
        (AMOUNT, tree.county.pk): 125,
        (AMOUNT, tree.union.pk): 100,
    }
    assert (kept.version_no, kept.hash) == (1, kept.seal.hash)
    assert "statistics.submissions" not in kept.seal.codes


def test_of_two_leaders_the_second_is_told(offices, visits, in_july):
    closed = offices.june()
    offices.report(closed)
    closed = perform(closed, "close", by=offices.office)
    perform(closed, "seal", by=offices.leader)
    with pytest.raises(Conflict) as second:
        perform(closed, "seal", by=offices.leader)
    assert second.value.message.startswith("该记录现为“已封存”")
    assert Seal.objects.count() == 1


def test_who_was_missing_is_kept_in_the_set(offices, visits, in_july):
    period = offices.june()
    offices.certified(period)
    closed = perform(period, "close", by=offices.office, exceptions="乙县换届，另行补报")
    perform(closed, "seal", by=offices.leader)
    kept = sealed_set(period)
    assert kept.missing == "甲县总工会（待审核）、乙县总工会（待核对）"
    assert kept.exceptions == "乙县换届，另行补报"


def test_the_sealed_figure_stays_while_the_ledger_goes_on(offices, visits, in_july):
    kept = sealed_set(offices.sealed(offices.june()))
    facts.visit(offices.tree.union, date(2012, 6, 20), amount=2)
    key = (AMOUNT, offices.tree.city.pk)
    assert sealed_values(kept.seal, [AMOUNT], [offices.tree.city])[key] == 132
    assert figure(*key, JUNE).value == 134


def test_tampering_with_one_sealed_row_is_found_in_the_night(offices, visits, in_july):
    kept = sealed_set(offices.sealed(offices.june()))
    assert check_seals() == 0
    sql(
        "UPDATE ledger_sealed SET value = 550 WHERE code = %s AND org = %s",
        AMOUNT, offices.tree.county.pk,
    )  # fmt: skip
    assert check_seals() == 1
    told = Reminder._unscoped.get(register="statistics.sealed_set", record_id=kept.pk)
    assert told.message == (
        f"封存集“2012年6月第1版”校验值不符：{AMOUNT}（工会{offices.tree.county.pk}），"
        "可能被人绕过系统直接改动，请立即核查。"
    )
    assert told.roles == ["leader", "dept", "audit"]


def test_a_seal_forged_with_its_hash_is_found_by_the_recorded_one(offices, visits, in_july):
    kept = sealed_set(offices.sealed(offices.june()))
    sql("DELETE FROM ledger_sealed")
    forged = Seal.objects.get(pk=kept.seal_id)
    forged.figures_count = 0
    sql(
        "UPDATE ledger_seal SET figures_count = 0, hash = %s WHERE id = %s",
        _hash_of(forged)[1], forged.pk,
    )  # fmt: skip
    assert check_seals() == 1
    told = Reminder._unscoped.get(register="statistics.sealed_set", record_id=kept.pk)
    assert "校验值与封存时登记的不同" in told.message


def test_the_page_shows_sealed_and_live_figures(offices, visits, in_july):
    kept = sealed_set(offices.sealed(offices.june()))
    client = client_for(user_with(Role.LEADER, offices.tree.city))
    address = f"/r/statistics.sealed_set/{kept.pk}/"
    quiet = client.get(address).content.decode()
    assert "校验：与封存时一致。" in quiet
    assert "全市和各单位的数没有变动" in quiet
    facts.visit(offices.tree.union, date(2012, 6, 20), amount=2)
    sql("UPDATE ledger_sealed SET value = 8 WHERE code = %s AND value = 7", AMOUNT)
    moved = client.get(address).content.decode()
    assert "与封存时不符" in moved
    assert '<td class="number" data-label="封存">132</td>' in moved
    assert '<td class="number" data-label="现时">134</td>' in moved
    assert '<td class="number" data-label="补报">+2</td>' in moved


def test_a_county_does_not_see_the_set_of_the_whole_city(offices, visits, in_july):
    kept = sealed_set(offices.sealed(offices.june()))
    with acting(offices.clerk):
        assert not SealedSet.objects.filter(pk=kept.pk).exists()


def test_a_sealed_period_cannot_be_reopened(offices, visits, in_july):
    sealed = offices.sealed(offices.june())
    with pytest.raises(DomainError):
        perform(sealed, "reopen", by=offices.leader, reason="改数")
