"""Samples of payments: drawn by rule, drawn again alike, looked into one by one with a note of each look."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.records.models import RevealEvent
from gonghui.kernel.records.sealing import opened
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.shared.funds.models import AuditSample, AuditSampleLine, PayLine
from gonghui.shared.funds.services import sampling
from tests.shared.funds.test_money import pay_all
from tests.support.orgs import actor_with, user_with
from tests.support.people import client_for

DAY = date(2012, 3, 15)


@pytest.fixture
def auditor(tree):
    return user_with(Role.AUDIT, org=tree.county)


@pytest.fixture
def by(auditor):
    return actor_of(auditor)


@pytest.fixture
def payments(county, people):
    """Twelve payments of the county: ten visits of 100 to 1,000 yuan, two of living aid."""
    fund = county.fund(100_000, "ZFWW", "LMSH")
    workers = people(12)
    for number, worker in enumerate(workers[:10], 1):
        pay(county, county.batch(fund, [worker], 100 * number))
    pay(county, county.batch(fund, workers[10:], 5_000, programme="LMSH"))
    return list(PayLine.objects.order_by("pk"))


def pay(office, batch):
    pay_all(office, office.sent(batch))


def sample(by, tree, method="size", **values):
    """A sample, drawn."""
    made = create(
        AuditSample,
        by=by,
        **{
            "org": tree.county,
            "title": "二季度抽查",
            "year": 2012,
            "method": method,
            "size_asked": 3,
            **values,
        },
    )
    return AuditSample.objects.get(pk=perform(made, "draw", by=by).pk)


def lines_of(made):
    return list(AuditSampleLine.objects.filter(sample=made).order_by("seq"))


def test_the_largest_payments_are_drawn_and_the_population_is_told(tree, by, payments):
    found = sample(by, tree)
    assert [line.amount for line in lines_of(found)] == [5_000, 5_000, 1_000]
    assert (found.drawn_on, found.population_count, found.population_sum) == (DAY, 12, 15_500)
    assert (found.drawn_count, found.drawn_sum, found.seed) == (3, 11_000, "")


def test_a_sample_at_random_is_drawn_alike_from_its_seed(tree, by, payments):
    first, again, other = (
        [line.pay_line_id for line in lines_of(sample(by, tree, "random", seed=seed))]
        for seed in ("平顶山2012", "平顶山2012", "别的")
    )
    assert first == again
    assert first != other
    assert len(set(first)) == 3
    unnamed = sample(by, tree, "random")
    assert [line.pay_line_id for line in lines_of(unnamed)] == sampling.shuffled(
        [line.pk for line in payments], unnamed.seed
    )[:3]


def test_a_stratified_sample_has_something_of_every_programme(tree, by, payments):
    found = lines_of(sample(by, tree, "stratified", size_asked=4))
    drawn = [line.pay_line.programme_code for line in found]
    assert drawn == ["ZFWW", "ZFWW", "ZFWW", "LMSH"]
    assert found[0].why == "走访慰问（10笔中抽3笔）"


@pytest.mark.parametrize(
    ("counts", "size", "shares"),
    [
        ({"a": 10, "b": 2}, 4, {"a": 3, "b": 1}),
        ({"a": 98, "b": 1, "c": 1}, 10, {"a": 8, "b": 1, "c": 1}),
        ({"a": 5, "b": 5, "c": 5}, 2, {"a": 1, "b": 1, "c": 0}),
        ({"a": 2, "b": 1}, 9, {"a": 2, "b": 1}),
    ],
)
def test_strata_share_a_sample(counts, size, shares):
    assert sampling.shares_of(counts, size) == shares


def test_flagged_payments_are_drawn_with_what_is_odd_about_them(tree, by, county, payments):
    worker = payments[0].person
    change(worker, by=SYSTEM, deceased_on=date(2012, 3, 1))
    (found,) = lines_of(sample(by, tree, "flags", flag_kind="deceased"))
    assert found.pay_line == payments[0]
    assert found.why.startswith("收款人已去世：")
    with pytest.raises(Conflict, match="没有发现这一类疑点"):
        sample(by, tree, "flags", flag_kind="holder")
    with pytest.raises(DomainError, match="只有“按疑点”"):
        sample(by, tree, "size", flag_kind="deceased")


def test_a_sample_stays_within_its_area_year_and_programme(tree, by, payments, neighbour, people):
    pay(neighbour, neighbour.batch(neighbour.fund(100_000), people(1), 9_000))
    found = sample(by, tree, size_asked=50, programme_code="ZFWW")
    assert {line.pay_line.org_id for line in lines_of(found)} == {tree.county.pk}
    assert (found.population_count, found.drawn_sum) == (10, 5_500)
    with pytest.raises(Conflict, match="没有符合条件的已发放明细"):
        sample(by, tree, year=2011)


def test_each_look_is_noted_with_the_number_of_the_sample(tree, auditor, by, payments):
    found = sample(by, tree, size_asked=1)
    (line,) = lines_of(found)
    client = client_for(auditor)
    page = f"/funds/samples/{line.pk}/look/"
    answer = client.post(page).content.decode()
    person, account = line.pay_line.person, line.pay_line.account
    assert opened(person, "id_no") in answer
    assert opened(account, "account_no") in answer
    looks = RevealEvent.objects.order_by("pk").values_list("register", "record_id", "actor_id")
    assert set(looks) == {
        ("funds.pay_line", line.pay_line_id, auditor.pk),
        ("members.person", person.pk, auditor.pk),
        ("funds.payee_account", account.pk, auditor.pk),
    }
    assert set(RevealEvent.objects.values_list("reason", flat=True)) == {
        f"资金抽查{found.number}第1笔"
    }
    line.refresh_from_db()
    assert line.looked_on == DAY
    assert client.get(page).status_code == 405
    for role, org, status in (
        (Role.AUDIT, tree.neighbour, 404),
        (Role.FINANCE, tree.county, 403),
        (Role.LEADER, tree.county, 403),
    ):
        assert client_for(user_with(role, org=org)).post(page).status_code == status
    assert RevealEvent.objects.count() == 3


def test_a_finding_follows_a_look_and_the_sample_ends_with_all_of_them(tree, by, payments):
    found = sample(by, tree, size_asked=2)
    first, second = lines_of(found)
    with pytest.raises(DomainError, match="请先“查阅凭据”"):
        change(first, by=by, finding="fine")
    for line in (first, second):
        sampling.look(line, by)
        line.refresh_from_db()
    change(first, by=by, finding="fine")
    with pytest.raises(DomainError, match="须写明情况说明"):
        change(second, by=by, finding="problem")
    with pytest.raises(Conflict, match="还有1笔没有登记抽查情况"):
        perform(found, "finish", by=by, conclusion="基本合规")
    change(second, by=by, finding="problem", note="签收表不是本人签字")
    found.refresh_from_db()
    assert found.problem_count == 1
    with pytest.raises(DomainError, match="请填写抽查结论"):
        perform(found, "finish", by=by)
    assert perform(found, "finish", by=by, conclusion="1笔须整改").state == "done"
    with pytest.raises(Conflict, match="抽查已办结"):
        change(second, by=by, finding="fine")


def test_nobody_chooses_what_is_in_a_sample(tree, by, payments):
    found = sample(by, tree, size_asked=1)
    (line,) = lines_of(found)
    for step in (
        lambda: create(
            AuditSampleLine,
            by=by,
            org=found.org,
            sample=found,
            seq=2,
            pay_line=payments[0],
            amount=payments[0].amount,
        ),
        lambda: change(line, by=by, pay_line=payments[0]),
        lambda: void(line, by=by, reason="不看这笔"),
        lambda: void(found, by=by, reason="重抽"),
    ):
        with pytest.raises((Conflict, NotAllowed)):
            step()
    assert [each.pay_line_id for each in lines_of(found)] == [line.pay_line_id]


def test_whoever_is_audited_neither_draws_nor_sees_a_sample(tree, by, county, payments):
    found = sample(by, tree)
    for who in (county.finance, county.maker, actor_with(Role.AUDIT, org=tree.neighbour)):
        with pytest.raises((NotAllowed, DomainError)):
            sample(who, tree)
    finance = client_for(User.objects.get(pk=county.finance.user_id))
    assert finance.get(f"/r/funds.audit_sample/{found.pk}/").status_code in (403, 404)
    assert AuditSample.objects.count() == 1


def test_a_sample_is_taken_along_as_a_sheet(tree, auditor, by, payments):
    found = sample(by, tree)
    answer = client_for(auditor).get(f"/r/funds.audit_sample_line/export/?sample={found.pk}")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    amounts = [Decimal(str(row[2])) for row in cells if isinstance(row[0], int)]
    assert amounts == [5_000, 5_000, 1_000]
