"""What was covered before the city used the program comes in as history: no money moves, nothing is counted as new."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.files.services import attach
from gonghui.kernel.imports.services import check, upload, write_run
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.parameters.services import set_value
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.mutual.models import Coverage, GroupPolicy, MutualClaim
from gonghui.lines.mutual.services import reserves
from gonghui.shared.funds.models import FundReceipt
from tests.lines.mutual.making import (
    SCAN,
    employer,
    enrol,
    fresh,
    in_force,
    must_enrol,
    person,
    policy,
    product,
    receive,
    submitted,
)
from tests.support.orgs import user_with


@pytest.fixture(autouse=True)
def start(db, in_march):
    """The city began to use the program with 2012."""
    set_value(
        "reports.system_start", "2012-01-01", by=SYSTEM, valid_from=date(2012, 3, 5), source="示例"
    )


def before(version, at, starts=date(2011, 4, 1), **values):
    """A policy of before in preparation."""
    return policy(
        version,
        at,
        **{
            "is_legacy": True,
            "applied_on": starts,
            "effective_from": starts,
            "staff_total": None,
            "is_consented": False,
            **values,
        },
    )


def recorded(one, *, by=SYSTEM, reviewer=SYSTEM):
    """The policy of before with its scan, looked at by another."""
    one = fresh(one)
    attach(one, "凭证.pdf", SCAN, by=by)
    return perform(perform(one, "submit_legacy", by=by), "record_legacy", by=reviewer)


def value(code, org, *, on=date(2012, 3, 5)):
    """A figure of all days until one."""
    return figure(code, org, Period(start=date(2009, 1, 1), end=on)).value


def test_a_policy_of_before_covers_and_counts_nothing_as_new(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    one = before(version, at)
    first = must_enrol(one, person(tree.union), person(tree.union))[0]
    one = recorded(one)
    assert (one.state, one.effective_to, one.heads, one.fee_total) == (
        "active",
        date(2012, 3, 31),
        2,
        80,
    )
    cover = fresh(first)
    assert (cover.state, cover.starts_on, cover.ends_on) == (
        "active",
        date(2011, 4, 1),
        date(2012, 3, 31),
    )
    assert (cover.is_legacy, cover.counted_on, cover.wait_until) == (True, None, date(2011, 4, 30))
    assert FundReceipt.objects.count() == 0
    for code in ("mutual.enrollments", "mutual.persons", "mutual.employers", "mutual.fees"):
        assert value(code, tree.city) == 0, code
    assert value("mutual.active", tree.city) == 2
    assert value("mutual.active", tree.city, on=date(2012, 4, 1)) == 0
    assert value("mutual.active", tree.city, on=date(2011, 3, 31)) == 0


def test_one_that_ran_out_is_expired_at_once_and_is_gone_on_from(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    worker = person(tree.union)
    old = before(version, at, date(2011, 2, 20))
    must_enrol(old, worker)
    recorded(old)
    assert fresh(old).state == "expired"
    assert Coverage.objects.get(policy=old).state == "ended"
    now = policy(version, at)
    assert now.renews_id == old.pk
    (row,) = must_enrol(now, worker)
    in_force(now)
    cover = fresh(row)
    assert (cover.is_continuous, cover.first_joined_on, cover.wait_until) == (
        True,
        date(2011, 2, 20),
        None,
    )
    assert value("mutual.enrollments", tree.city) == 1
    assert value("mutual.covers_renewed", tree.city) == 1


def test_history_that_comes_late_still_proves_that_nobody_waits(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    worker, other = person(tree.union), person(tree.union)
    now = policy(version, at)
    row, stranger = must_enrol(now, worker, other)
    in_force(now)
    assert fresh(row).wait_until == date(2012, 4, 4)
    for starts in (date(2011, 2, 20), date(2010, 2, 20)):
        old = before(version, at, starts)
        must_enrol(old, worker)
        recorded(old)
    cover = fresh(row)
    assert (cover.is_continuous, cover.first_joined_on, cover.wait_until) == (
        True,
        date(2010, 2, 20),
        None,
    )
    assert (fresh(stranger).is_continuous, fresh(stranger).wait_until) == (False, date(2012, 4, 4))
    chain = GroupPolicy.objects.order_by("effective_from")
    assert [each.renews_id for each in chain] == [None, chain[0].pk, chain[1].pk]
    assert value("mutual.covers_renewed", tree.city) == 2

    wrong = perform(fresh(chain[1]), "annul", by=SYSTEM, reason="示例")
    assert wrong.state == "annulled"
    assert Coverage.objects.get(policy=wrong).state == "annulled"
    assert (fresh(row).is_continuous, fresh(row).wait_until) == (False, date(2012, 4, 4))


def test_what_began_since_comes_in_with_its_money_alone(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    for values, told in (
        ({"effective_from": date(2012, 1, 1)}, "保障期起须早于系统启用日期2012-01-01"),
        ({"effective_from": None}, "补录历史参保须填写保障期起。"),
        ({"applied_on": date(2011, 4, 2)}, "申请日期不能晚于保障期起。"),
        ({"effective_to": date(2011, 3, 1)}, "保障期止不能早于保障期起。"),
        ({"effective_to": date(2012, 4, 1)}, "按产品版本保障期最晚到2012-03-31"),
    ):
        with pytest.raises(DomainError) as refused:
            before(version, at, **values)
        assert refused.value.message.startswith(told)
    with pytest.raises(DomainError) as refused:
        policy(version, at, effective_from=date(2012, 3, 1))
    assert refused.value.message == "保障期按产品细则由系统计算，只有补录历史参保时填写。"
    assert GroupPolicy.objects.count() == 0


def test_without_a_day_of_beginning_nothing_is_of_before(tree, on):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    with on(2012, 3, 4), pytest.raises(DomainError) as refused:
        before(version, at)
    assert "系统启用日期" in refused.value.message


def test_the_two_ways_do_not_mix(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    old, now = before(version, at), policy(version, at)
    must_enrol(old, person(tree.union))
    must_enrol(now, person(tree.union))
    with pytest.raises(Conflict):
        perform(fresh(old), "check", by=SYSTEM)
    attach(now, "名册.pdf", SCAN, by=SYSTEM)
    with pytest.raises(Conflict):
        perform(fresh(now), "submit_legacy", by=SYSTEM)
    with pytest.raises(DomainError) as refused:
        perform(fresh(old), "submit_legacy", by=SYSTEM)
    assert refused.value.message == "请上传当时的参保名册、缴费凭证或参保凭证。"
    union = actor_of(user_with(Role.BASIC, org=tree.union))
    with acting(union), pytest.raises(NotAllowed):
        perform(fresh(now), "submit_legacy", by=union)
    with acting(union), pytest.raises(NotAllowed):
        perform(fresh(old), "check", by=union)
    assert {fresh(old).state, fresh(now).state} == {"draft"}


def test_another_looks_at_what_is_told_of_before(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    teller = actor_of(user_with(Role.COUNTY, org=tree.county))
    reviewer = actor_of(user_with(Role.COUNTY, org=tree.county))
    old = before(version, employer(tree.union), by=teller)
    must_enrol(old, person(tree.union))
    with acting(teller), pytest.raises(NotAllowed):
        recorded(old, by=teller, reviewer=teller)
    assert fresh(old).state == "legacy_review"
    with acting(reviewer):
        assert perform(fresh(old), "record_legacy", by=reviewer).state == "active"


def test_two_covers_of_the_same_days_are_refused_whichever_came_first(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    one, other = employer(tree.union), employer(tree.union, "示例纺织厂")
    worker = person(tree.union, name="王示例")
    old = before(version, one)
    must_enrol(old, worker)
    recorded(old)
    overlapping = before(version, other, date(2011, 12, 31))
    (outcome,) = enrol(overlapping, worker)
    assert outcome.error.message == (
        "王示例已由示例机械厂参加本产品，保障期至2012-03-31，不能重复参加。"
    )
    earlier = before(version, other, date(2010, 4, 1))
    must_enrol(earlier, worker)
    assert recorded(earlier).effective_to == date(2011, 3, 31)


def test_who_was_of_age_then_is_told_though_retired_now(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    old = before(version, employer(tree.union), date(2010, 4, 1))
    must_enrol(old, person(tree.union, date(1951, 6, 15)))
    recorded(old)
    late = before(version, employer(tree.union), date(2011, 7, 1))
    (outcome,) = enrol(late, person(tree.union, date(1951, 6, 15)))
    assert outcome.error.message == "年龄60岁，已达法定退休年龄（2011-06-15）。"


def test_a_withdrawn_version_takes_only_what_is_of_before(tree, on):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    perform(version, "withdraw", by=SYSTEM, valid_to=date(2012, 1, 1))
    at = employer(tree.union)
    assert before(fresh(version), at).is_legacy
    with pytest.raises(DomainError):
        policy(fresh(version), at)


def test_a_cover_of_before_is_claimed_under_and_weighs_on_the_fund(tree, on):
    version = product(tree.city, valid_from=date(2009, 1, 1), wait_days=0)
    worker = person(tree.union)
    old = before(version, employer(tree.union))
    must_enrol(old, worker)
    recorded(old)
    claim = create(
        MutualClaim,
        by=SYSTEM,
        org=tree.union,
        person=worker,
        product=version.product,
        applied_on=date(2012, 3, 5),
        event_kind="hospital",
        event_on=date(2012, 3, 1),
        hospital="示例医院",
    )
    assert claim.coverage.policy_id == old.pk
    # 31 of 366 days are still to come at the end of February.
    assert reserves.unearned_on(version.product, date(2012, 2, 29)) == Decimal("3.39")
    assert reserves.earned_in_month(version.product, date(2012, 2, 29)) == Decimal("3.17")


def book(headings, *rows):
    """A workbook as offices have it."""
    made = Workbook()
    for row in (headings, *rows):
        made.active.append(row)
    data = BytesIO()
    made.save(data)
    return data.getvalue()


def taken_in(register, name, data, by, org, parent=None):
    """A sheet checked and written by a user; the rows' outcomes counted."""
    run = upload(register, name, data, by=by, org=org, parent=parent)
    run = write_run(check(run, by=by), by=by)
    return run


def test_the_years_of_an_employer_come_in_by_sheets(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at, other = employer(tree.union), employer(tree.neighbour_union)
    clerk = actor_of(user_with(Role.COUNTY, org=tree.county))
    headings = ["信用代码", "产品版本", "申请日期", "生效日", "到期日"]
    years = [
        [at.uscc, version.title, f"{year}-03-20", f"{year}-04-01", f"{year + 1}-03-31"]
        for year in (2010, 2011)
    ]
    sheet = book(
        headings,
        *years,
        [other.uscc, version.title, "2011-03-20", "2011-04-01", ""],
        [at.uscc, "无此版本", "2009-03-20", "2009-04-01", ""],
        [at.uscc, version.title, "2012-01-10", "2012-02-01", ""],
    )
    register = register_of(GroupPolicy)
    with acting(clerk):
        run = taken_in(register, "历史参保单.xlsx", sheet, clerk, tree.county)
        assert (run.new_count, run.refused_count) == (2, 3)
        again = taken_in(register, "历史参保单.xlsx", book(headings, *years), clerk, tree.county)
        assert (again.new_count, again.unchanged_count) == (0, 2)
    older, newer = GroupPolicy.objects.order_by("effective_from")
    assert {older.org_id, newer.org_id} == {tree.union.pk}
    assert (older.is_legacy, older.state, newer.effective_to) == (
        True,
        "draft",
        date(2012, 3, 31),
    )
    worker = ["王示例", make_id_number("410402", date(1975, 6, 15), 7), "在职", 1]
    roster = book(["姓名", "身份证号", "在职状态", "份数"], worker)
    for one in (older, newer):
        with acting(clerk):
            run = taken_in(register_of(Coverage), "名册.xlsx", roster, clerk, one.org, one)
        assert (run.new_count, run.refused_count) == (1, 0)
        recorded(one)
    last = Coverage.objects.get(policy=newer)
    assert (last.is_continuous, last.first_joined_on) == (True, date(2010, 4, 1))


def test_money_never_belongs_to_a_policy_of_before(tree):
    version = product(tree.city, valid_from=date(2009, 1, 1))
    at = employer(tree.union)
    now = policy(version, at)
    must_enrol(now, person(tree.union))
    now = perform(submitted(now), "approve", by=SYSTEM)
    receipt = receive(now)
    old = before(version, at, receipt=receipt)
    must_enrol(old, person(tree.union))
    with pytest.raises(DomainError):
        recorded(old)
    assert fresh(old).state == "legacy_review"
