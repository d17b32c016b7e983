"""Group policies: roster, money, period, continuity, and who may do what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.imports import services as imports
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.records import marking
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.mutual.models import Coverage, GroupPolicy
from gonghui.lines.mutual.services import policies
from tests.kernel.excel.makers import workbook
from tests.lines.mutual.making import (
    change_split,
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
from tests.support.orgs import actor_with
from tests.support.rivals import at_once, held

YEAR = Period.year(2012)
CODES = ("mutual.enrollments", "mutual.persons", "mutual.employers", "mutual.fees")


def told(org, period=YEAR, as_of=None):
    found = figures([*CODES, "mutual.active"], [org.pk], period, as_of=as_of)
    return {code: found[code, org.pk].value for code in (*CODES, "mutual.active")}


def test_cover_runs_from_the_day_after_the_fee_was_confirmed(tree, on):
    one = policy(product(tree.city), employer(tree.union))
    (row,) = must_enrol(one, person(tree.union))
    one = in_force(one)
    assert (one.state, one.effective_from, one.effective_to) == (
        "active",
        date(2012, 3, 6),
        date(2013, 3, 5),
    )
    row = fresh(row)
    assert (row.state, row.starts_on, row.ends_on) == (
        "active",
        date(2012, 3, 6),
        date(2013, 3, 5),
    )
    assert (row.counted_on, row.is_continuous, row.first_joined_on, row.wait_until) == (
        date(2012, 3, 5),
        False,
        date(2012, 3, 6),
        date(2012, 4, 4),
    )


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ({"effect_rule": "first_of_next_month"}, date(2012, 4, 1)),
        ({"effect_rule": "fixed", "fixed_on": date(2012, 5, 1)}, date(2012, 5, 1)),
        ({"effect_rule": "fixed", "fixed_on": date(2012, 3, 1)}, date(2012, 3, 6)),
    ],
)
def test_other_products_begin_by_their_own_rule(tree, rule, start):
    one = policy(product(tree.city, **rule), employer(tree.union))
    must_enrol(one, person(tree.union))
    assert in_force(one).effective_from == start


def test_a_receipt_one_yuan_short_leaves_the_policy_unpaid_and_nothing_counted(tree):
    one = policy(product(tree.city), employer(tree.union))
    (row,) = must_enrol(one, person(tree.union))
    one = perform(submitted(one), "approve", by=SYSTEM)
    receipt = receive(one, 39)
    with pytest.raises(Conflict, match=r"到账39\.00元，应缴40\.00元，差1\.00元，请更正名册或补缴"):
        perform(one, "confirm_fee", by=SYSTEM, receipt=receipt)
    assert (fresh(one).state, fresh(row).state) == ("awaiting_fee", "pending")
    assert told(tree.city) == dict.fromkeys([*CODES, "mutual.active"], Decimal(0))
    assert perform(one, "return_fee", by=SYSTEM, reason="少缴1元").state == "draft"


def test_only_confirmed_fees_of_the_products_own_fund_pay_for_a_policy(tree):
    version, other = product(tree.city), product(tree.city)
    one, two = (policy(each, employer(tree.union)) for each in (version, other))
    for each in (one, two):
        must_enrol(each, person(tree.union))
    one, two = (perform(submitted(each), "approve", by=SYSTEM) for each in (one, two))
    with pytest.raises(DomainError, match="不是本产品专户"):
        perform(one, "confirm_fee", by=SYSTEM, receipt=receive(two))
    with pytest.raises(DomainError, match="不是本产品专户"):
        perform(one, "confirm_fee", by=SYSTEM, receipt=receive(one, kind="interest"))
    with pytest.raises(DomainError, match="请选择对应的到账"):
        perform(one, "confirm_fee", by=SYSTEM)
    assert fresh(one).state == "awaiting_fee"


def test_one_receipt_pays_for_one_policy(tree):
    version = product(tree.city)
    first, second = (policy(version, employer(tree.union)) for _ in range(2))
    for each in (first, second):
        must_enrol(each, person(tree.union))
    first, second = (perform(submitted(each), "approve", by=SYSTEM) for each in (first, second))
    receipt = receive(first)
    assert list(policies.fees_to_match(first)) == [receipt]
    perform(first, "confirm_fee", by=SYSTEM, receipt=receipt)
    assert list(policies.fees_to_match(second)) == []
    with pytest.raises(DomainError, match="该笔到账已用于另一参保单"):
        perform(second, "confirm_fee", by=SYSTEM, receipt=receipt)


def test_money_that_covers_people_is_not_reversed_until_the_policy_is_annulled(tree, on):
    one = policy(product(tree.city), employer(tree.union))
    (row,) = must_enrol(one, person(tree.union))
    one = in_force(one)
    with pytest.raises(Conflict, match="请先撤销参保单"):
        perform(one.receipt, "reverse", by=SYSTEM, reason="错账")
    assert told(tree.city)["mutual.fees"] == Decimal(40)
    with on(2012, 4, 10):
        perform(one, "annul", by=SYSTEM, reason="单位退出")
        perform(fresh(one.receipt), "reverse", by=SYSTEM, reason="退回互助费")
    assert (fresh(row).state, fresh(row).annulled_on) == ("annulled", date(2012, 4, 10))
    zero = dict.fromkeys([*CODES, "mutual.active"], Decimal(0))
    assert told(tree.city, Period(date(2012, 1, 1), date(2012, 4, 10))) == zero
    march = told(tree.city, Period.month(2012, 3))
    assert (march["mutual.enrollments"], march["mutual.fees"]) == (Decimal(1), Decimal(40))
    assert verify().is_clean


def test_enrolments_are_times_and_persons_are_heads(tree):
    hospital = product(tree.city)
    women = product(tree.city, "women_illness", sex="female", fee_per_share=36, term_months=24)
    at = employer(tree.union)
    both, one = person(tree.union, woman=True), person(tree.union)
    main, special = policy(hospital, at), policy(women, at, women_total=60)
    must_enrol(main, both, one)
    must_enrol(special, both)
    for each in (main, special):
        in_force(each)
    assert told(tree.county) == {
        "mutual.enrollments": Decimal(3),
        "mutual.persons": Decimal(2),
        "mutual.employers": Decimal(1),
        "mutual.fees": Decimal(116),
        "mutual.active": Decimal(2),
    }
    assert told(tree.neighbour)["mutual.enrollments"] == 0
    assert verify().is_clean


def test_a_worker_who_moved_joins_anew_two_days_before_his_cover_ends(tree, on):
    version = product(tree.city)
    worker = person(tree.union, name="王小明")
    old = policy(version, employer(tree.union, "老厂"))
    must_enrol(old, worker)
    in_force(old)  # until 2013-03-05
    new = employer(tree.neighbour_union, "新厂")
    with on(2013, 3, 2):
        early = enrol(policy(version, new), worker)[0]
    assert early.error.message == ("王小明已由老厂参加本产品，保障期至2013-03-05，不能重复参加。")
    with on(2013, 3, 3):
        late = policy(version, new)
        (row,) = must_enrol(late, worker)
    with on(2013, 3, 5):
        in_force(late)
    row = fresh(row)
    assert (row.starts_on, row.is_continuous, row.wait_until) == (date(2013, 3, 6), True, None)
    assert row.first_joined_on == date(2012, 3, 6)


@pytest.mark.parametrize(("gap", "goes_on"), [(0, True), (30, True), (31, False)])
def test_a_gap_of_thirty_days_keeps_the_continuity(tree, on, gap, goes_on):
    version = product(tree.city)
    at, worker = employer(tree.union), person(tree.union)
    first = policy(version, at)
    must_enrol(first, worker)
    first = in_force(first)
    paid = first.effective_to + timedelta(days=gap)
    with on(paid.year, paid.month, paid.day):
        again = policy(version, at)
        (row,) = must_enrol(again, worker)
        assert policies.continuity_warning(again) == (
            ""
            if goes_on
            else "上期2013-03-05已到期，最迟2013-04-04确认到账才不断保；现在参加须重新计算等待期。"
        )
        again = in_force(again)
    assert again.renews_id == first.pk
    row = fresh(row)
    assert row.is_continuous is goes_on
    assert row.wait_until == (None if goes_on else row.starts_on + timedelta(days=29))


def test_a_renewal_paid_early_begins_when_the_former_period_is_over(tree, on):
    version = product(tree.city)
    at, worker = employer(tree.union), person(tree.union)
    first = policy(version, at)
    must_enrol(first, worker)
    in_force(first)
    with on(2013, 1, 15):
        again = policy(version, at)
        must_enrol(again, worker)
        again = in_force(again)
    assert (again.effective_from, again.effective_to) == (date(2013, 3, 6), date(2014, 3, 5))


def test_the_statutory_retirement_age_decides_who_is_in_service(tree, on):
    version = product(tree.city)
    at, man = employer(tree.union), person(tree.union, date(1966, 5, 10))
    with on(2026, 6, 1):
        assert enrol(policy(version, at), man)[0].error is None
    with on(2026, 11, 1):
        refused = enrol(policy(version, at), man)[0].error
    assert refused.message == "年龄60岁，已达法定退休年龄（2026-10-10）。"


def test_a_womens_product_takes_no_man_and_ages_have_bounds(tree):
    women = product(tree.city, "women_illness", sex="female", age_from=18, age_to=50)
    one = policy(women, employer(tree.union), women_total=60)
    man, old = person(tree.union), person(tree.union, date(1959, 1, 1), woman=True)
    young = person(tree.union, date(1995, 1, 1), woman=True)
    messages = [each.error.message for each in enrol(one, man, old, young)]
    assert messages == [
        "本产品只接受女职工参加。",
        "年龄53岁，不在参加年龄18至50周岁之内。",
        "年龄17岁，不在参加年龄18至50周岁之内。",
    ]


def test_retired_workers_and_more_shares_than_allowed_are_refused(tree):
    one = policy(product(tree.city, max_shares=2), employer(tree.union))
    worker = person(tree.union)
    assert enrol(one, worker, job_status="retired")[0].error.message == "退休人员不能参加。"
    assert enrol(one, worker, shares=3)[0].error.message == "每人最多2份。"
    must_enrol(one, worker, shares=2)
    assert (fresh(one).heads, fresh(one).shares, fresh(one).fee_total) == (1, 2, Decimal(80))


def test_shares_of_several_policies_add_up(tree):
    version = product(tree.city, max_shares=2)
    worker = person(tree.union, name="李四")
    first, second = (policy(version, employer(tree.union)) for _ in range(2))
    must_enrol(first, worker, shares=1)
    must_enrol(second, worker, shares=2)
    in_force(first)
    with pytest.raises(Conflict, match="李四同期已有1份，每人最多2份"):
        in_force(second)
    assert fresh(second).state == "awaiting_fee"


def test_a_small_group_has_to_tell_why(tree):
    version = product(tree.city, min_persons=2, min_ratio=Decimal("0.80"), all_below=100)
    at = employer(tree.union, staff=200, women=80)
    one = policy(version, at, staff_total=None)
    assert (one.staff_total, one.women_total) == (200, 80)
    must_enrol(one, *(person(tree.union) for _ in range(3)))
    with pytest.raises(DomainError, match=r"参加人数占在职职工1\.5%，低于80%，请说明或补报"):
        perform(fresh(one), "check", by=SYSTEM)
    one = change(fresh(one), by=SYSTEM, exception_reason="分批参保，已报县总工会")
    assert perform(one, "check", by=SYSTEM).state == "checked"


def test_a_headcount_other_than_the_registered_one_needs_a_reason(tree):
    at = employer(tree.union, staff=200, women=80)
    with pytest.raises(DomainError, match="与登记的200人（2010-12-31）不一致，请说明原因"):
        policy(product(tree.city), at, staff_total=90)
    assert policy(product(tree.city), at, staff_total=90, staff_note="年后减员").pk


def test_a_policy_goes_up_with_consent_a_stamped_roster_and_the_split(tree):
    one = policy(product(tree.city), employer(tree.union), is_consented=False)
    must_enrol(one, person(tree.union))
    one = perform(fresh(one), "check", by=SYSTEM)
    with pytest.raises(DomainError, match="知情同意"):
        perform(one, "submit", by=SYSTEM)
    one = change(perform(one, "reopen", by=SYSTEM), by=SYSTEM, is_consented=True)
    one = perform(one, "check", by=SYSTEM)
    with pytest.raises(DomainError, match=r"之和0\.00元，与互助费合计40\.00元不一致"):
        perform(one, "submit", by=SYSTEM)
    one = change_split(perform(one, "reopen", by=SYSTEM))
    one = perform(one, "check", by=SYSTEM)
    with pytest.raises(DomainError, match="请上传加盖公章的参保名册"):
        perform(one, "submit", by=SYSTEM)
    assert submitted(perform(one, "reopen", by=SYSTEM)).state == "county_review"


def test_the_roster_of_a_policy_that_went_up_stays(tree):
    one = policy(product(tree.city), employer(tree.union))
    (row,) = must_enrol(one, person(tree.union))
    submitted(one)
    assert "请先退回修改" in enrol(one, person(tree.union))[0].error.message
    with pytest.raises(DomainError):
        change(fresh(row), by=SYSTEM, shares=1, beneficiary="配偶")
    with pytest.raises(Conflict):
        void(fresh(row), by=SYSTEM, reason="误录")
    assert (fresh(one).heads, fresh(row).beneficiary) == (1, "")


def test_whoever_prepares_a_policy_does_not_review_it_and_finance_confirms(tree):
    one = policy(product(tree.city), employer(tree.union))
    must_enrol(one, person(tree.union))
    county = actor_with(Role.COUNTY, org=tree.county)
    finance = actor_with(Role.FINANCE, org=tree.city)
    one = submitted(one, by=county)
    with pytest.raises(NotAllowed):
        perform(one, "approve", by=county)
    with pytest.raises(NotAllowed):
        perform(one, "approve", by=actor_with(Role.BASIC, org=tree.union))
    one = perform(one, "approve", by=actor_with(Role.COUNTY, org=tree.county))
    with pytest.raises(NotAllowed):
        perform(one, "confirm_fee", by=county, receipt=receive(one))
    assert fresh(one).state == "awaiting_fee"
    assert perform(one, "confirm_fee", by=finance, receipt=receive(one, on=date(2012, 3, 2)))


def test_the_database_itself_refuses_two_covers_at_a_time(tree):
    version = product(tree.city)
    worker = person(tree.union)
    rows = []
    for _ in range(2):
        one = policy(version, employer(tree.union))
        rows += must_enrol(one, worker)
        rows += must_enrol(one, person(tree.union))
        submitted(one)
    first, second = fresh(rows[0]), fresh(rows[2])
    _force(first)
    with pytest.raises(IntegrityError, match="mutual_coverage_one_at_a_time"), transaction.atomic():
        _force(second)


def _force(row):
    """Past all rules, the row says that its cover began."""
    row.starts_on, row.ends_on, row.ends_before = (
        date(2012, 4, 1),
        date(2013, 3, 31),
        date(2013, 4, 1),
    )
    row.state, row.counted_on = "active", date(2012, 3, 31)
    marking.mark(SYSTEM, "perform:begin")
    row.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_rosters_with_one_worker_one_begins(tree):
    version = product(tree.city)
    worker = person(tree.union, name="赵六")
    ready = []
    for name in ("一厂", "二厂"):
        one = policy(version, employer(tree.union, name))
        must_enrol(one, worker, person(tree.union))
        one = perform(submitted(one), "approve", by=SYSTEM)
        ready.append((one, receive(one)))

    def begin(one, receipt):
        def job():
            with acting(SYSTEM):
                return perform(one, "confirm_fee", by=SYSTEM, receipt=receipt)

        return job

    came = at_once([begin(*each) for each in ready])
    lost = [each for each in came if isinstance(each, DomainError)]
    assert len(lost) == 1
    assert "赵六已由" in lost[0].message
    assert sorted(fresh(one).state for one, _ in ready) == ["active", "awaiting_fee"]
    assert Coverage.objects.filter(state="active").count() == 2


def test_a_roster_of_three_thousand_is_imported_in_one_run(tree):
    head = ("序号", "姓名", "身份证号", "性别", "出生日期", "在职状态", "份数", "手机", "受益人")
    numbers = [
        make_id_number("410402", date(1970, 1, 1) + timedelta(days=day), 1 + 2 * half)
        for day in range(1500)
        for half in range(2)
    ]
    rows = [
        (n, f"李{chr(0x4E00 + n)}", number, "男", "", "在岗", 1, "", "法定")
        for n, number in enumerate(numbers, 1)
    ]
    bad = [
        (3001, "重复", numbers[0], "男", "", "在岗", 1, "", ""),
        (3002, "错号", numbers[1][:-1] + "A", "男", "", "在岗", 1, "", ""),
        (3003, "女性", make_id_number("410402", date(1980, 1, 1), 3), "女", "", "在岗", 1, "", ""),
        (3004, "退休", make_id_number("410402", date(1950, 1, 1), 3), "男", "", "在岗", 1, "", ""),
    ]
    by = actor_with(Role.BASIC, org=tree.union)
    with acting(by):
        one = policy(product_for(tree), employer_for(tree), staff_total=3200, by=by)
        run = imports.upload(
            registry.register_of("mutual.coverage"),
            "名册.xlsx",
            workbook([head, *rows, *bad]),
            by=by,
            org=tree.union,
            parent=one,
        )
        run = imports.check(run, by=by, in_background=False)
        run = imports.write_run(run, by=by, in_background=False)
    from gonghui.kernel.imports.models import ImportRow

    print([r.faults for r in ImportRow.objects.filter(run=run)[:5]])
    assert (run.new_count, run.changed_count, run.refused_count) == (3000, 0, 4)
    one = fresh(one)
    assert (one.heads, one.shares, one.fee_total) == (3000, 3000, Decimal(120_000))
    assert Coverage.objects.filter(policy=one).values("person").distinct().count() == 3000


def product_for(tree):
    with acting(SYSTEM):
        return product(tree.city)


def employer_for(tree):
    with acting(SYSTEM):
        return employer(tree.union)


def test_a_neighbour_sees_no_policy_and_no_roster(tree):
    one = policy(product(tree.city), employer(tree.union))
    must_enrol(one, person(tree.union))
    with acting(actor_with(Role.COUNTY, org=tree.neighbour)):
        assert not GroupPolicy.objects.exists()
        assert not Coverage.objects.exists()


def test_a_published_version_that_is_used_stays_as_it_is(tree):
    version = product(tree.city)
    with pytest.raises(Conflict, match="内容不能再直接修改"):
        change(version, by=SYSTEM, fee_per_share=50)
    policy(version, employer(tree.union))
    with pytest.raises(Conflict, match="另行发布新版本"):
        perform(version, "revise", by=SYSTEM, reason="改费用")
    assert fresh(version).fee_per_share == Decimal(40)


def test_a_product_needs_a_fund_of_its_own(tree):
    version = product(tree.city)
    fund = version.product.fund
    with pytest.raises(DomainError, match="一个产品须有自己的专户"):
        create(
            type(version.product),
            by=SYSTEM,
            org=tree.city,
            code="P0",
            name="另一产品",
            carrier="city",
            kind="accident",
            fund=fund,
        )


def test_more_than_work_there_do_not_take_part_for_any_reason(tree):
    one = policy(product(tree.city), employer(tree.union), staff_total=1, women_total=None)
    must_enrol(one, person(tree.union), person(tree.union))
    one = change(fresh(one), by=SYSTEM, exception_reason="人多")
    with pytest.raises(DomainError, match="参加2人，超过在职职工数1人"):
        perform(one, "check", by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_a_receipt_reversed_meanwhile_pays_for_nothing(tree):
    one = policy(product(tree.city), employer(tree.union))
    must_enrol(one, person(tree.union))
    one = perform(submitted(one), "approve", by=SYSTEM)
    receipt = receive(one)

    def confirm():
        with acting(SYSTEM):
            return perform(one, "confirm_fee", by=SYSTEM, receipt=receipt)

    with held(confirm, 'UPDATE "mutual_grouppolicy"') as rival:
        perform(fresh(receipt), "reverse", by=SYSTEM, reason="退汇")
    assert isinstance(rival.result(), Conflict)
    assert fresh(one).state == "awaiting_fee"
    assert not Coverage.objects.filter(state="active").exists()
