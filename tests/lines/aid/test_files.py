"""Hardship files: one per household, judged and approved by different people, counted by day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.parameters.models import Holiday
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import change, create, create_many, perform, void
from gonghui.kernel.workflow.models import PublicNotice, Reminder
from gonghui.kernel.workflow.services import object_to
from gonghui.lines.aid.jobs import remind_reviews
from gonghui.lines.aid.models import EconomicAssessment, HardshipCensus, HardshipFile
from gonghui.lines.aid.services.surveyors import choices
from gonghui.shared.funds.models import KinDeclaration
from tests.lines.aid.making import (
    assessment,
    compared,
    draft,
    filed,
    home,
    item,
    joins,
    surveyed,
    surveyor,
)
from tests.lines.members.making import person
from tests.support.orgs import actor_with, user_with

REPORT = date(2012, 8, 15)
THAT_DAY = Period(REPORT, REPORT)


@pytest.fixture(autouse=True)
def summer(tree):
    """It is a Thursday in July 2012."""
    with clock.at(date(2012, 7, 5)):
        yield


def value(code, org, period=THAT_DAY, as_of=None):
    return figure(code, org, period, as_of).value


def again(file):
    return HardshipFile._unscoped.get(pk=file.pk)


def reviewed(tree, file):
    """The rest of a file's way to the county's desk."""
    file = perform(file, "post", by=SYSTEM)
    with clock.at(date(2012, 7, 16)):
        file = perform(file, "close_notice", by=SYSTEM)
        return perform(file, "review", by=actor_with(Role.STATION, org=tree.township))


# One household, one file


def test_a_second_file_of_a_household_is_refused_with_the_first_ones_number(tree):
    family = home(tree.union)
    first = filed(tree.union, family)
    with pytest.raises(DomainError, match=f"{first.number}，由{tree.union}管理"):
        draft(tree.neighbour_union, family)
    assert HardshipFile._unscoped.count() == 1


def test_who_lives_in_a_filed_household_founds_no_other(tree):
    family = home(tree.union)
    child = joins(family, person(tree.union, "示例孩子")).person
    first = filed(tree.union, family)
    with pytest.raises(Conflict, match=f"档案号{first.number}"):
        home(tree.neighbour_union, child)


def test_two_files_written_at_once_are_decided_by_the_database(tree):
    family = home(tree.union)
    rows = [
        {
            "org": tree.union,
            "household": family,
            "tier": "city",
            "identity_class": "onjob",
            "cause_main": "illness",
            "is_legacy": True,
            "filed_on": date(2011, 5, day),
        }
        for day in (1, 2)
    ]
    outcomes = create_many(HardshipFile, rows, by=SYSTEM)
    assert [each.error is None for each in outcomes] == [True, False]


def test_a_file_that_was_withdrawn_leaves_room_for_another(tree):
    family = home(tree.union)
    perform(draft(tree.union, family), "withdraw", by=SYSTEM)
    assert draft(tree.union, family).state == "draft"


# The way


def test_nobody_looks_into_incomes_without_consent(tree):
    with pytest.raises(DomainError, match="核对授权书"):
        perform(draft(tree.union, consent_on=None), "submit", by=SYSTEM)


def test_the_day_of_consent_may_be_given_when_the_file_is_submitted(tree):
    file = draft(tree.union, consent_on=None)
    file = perform(file, "submit", by=SYSTEM, consent_on=date(2012, 3, 1))
    assert (file.state, file.consent_on) == ("submitted", date(2012, 3, 1))


def test_without_a_confirmed_assessment_nothing_is_put_up(tree):
    file = perform(perform(draft(tree.union), "submit", by=SYSTEM), "accept", by=SYSTEM)
    with pytest.raises(DomainError, match="核定尚未确认"):
        perform(file, "post", by=SYSTEM)


def test_a_household_above_the_line_is_not_put_up(tree):
    file = surveyed(tree, income=120_000)
    assert file.category == "none"
    with pytest.raises(DomainError, match="不符合"):
        perform(file, "post", by=SYSTEM)


def test_the_notice_tells_no_more_than_neighbours_may_know(tree):
    family = home(tree.union, person(tree.union, "赵示例"))
    file = perform(surveyed(tree, household=family), "post", by=SYSTEM)
    notice = PublicNotice._unscoped.get(record_id=file.pk)
    assert "赵**" in notice.body
    assert "低保户" in notice.body
    assert "赵示例" not in notice.body
    assert "大病" not in notice.body
    assert notice.hangs_to == date(2012, 7, 12)  # five working days over a weekend


def test_the_notice_runs_its_working_days_before_the_review(tree):
    file = perform(surveyed(tree), "post", by=SYSTEM)
    with clock.at(date(2012, 7, 12)), pytest.raises(DomainError, match="公示至2012-07-12"):
        perform(file, "close_notice", by=SYSTEM)
    with clock.at(date(2012, 7, 13)):
        assert perform(file, "close_notice", by=SYSTEM).state == "station_review"


def test_a_holiday_does_not_count_as_a_day_of_the_notice(tree):
    Holiday.objects.create(day=date(2012, 6, 22), is_working=False, name="端午节")
    with clock.at(date(2012, 6, 18)):
        file = perform(surveyed(tree), "post", by=SYSTEM)
        notice = PublicNotice._unscoped.get(record_id=file.pk)
    assert notice.hangs_to == date(2012, 6, 26)


def test_an_objection_blocks_the_next_step(tree):
    file = perform(surveyed(tree), "post", by=SYSTEM)
    object_to(PublicNotice._unscoped.get(record_id=file.pk), "他家有门面房")
    with clock.at(date(2012, 7, 20)), pytest.raises(DomainError, match="异议"):
        perform(file, "close_notice", by=SYSTEM)


def test_the_county_approves_when_the_comparison_is_back(tree):
    file = reviewed(tree, surveyed(tree))
    county = actor_with(Role.COUNTY, org=tree.county)
    with clock.at(date(2012, 7, 18)):
        with pytest.raises(DomainError, match="信息比对结果尚未返回"):
            perform(file, "approve", by=county)
        compared(tree.county)
        file = perform(again(file), "approve", by=county)
    assert file.checked_on == date(2012, 7, 18)
    assert (file.state, file.filed_on) == ("active", date(2012, 7, 18))
    assert file.review_due_on == date(2013, 7, 18)
    assert value("aid.files", tree.county) == 1
    assert value("aid.files_new", tree.county, Period.month(2012, 7)) == 1


def test_who_surveyed_reviewed_or_submitted_does_not_approve(tree):
    file = reviewed(tree, surveyed(tree))
    went = User.objects.get(username=surveyor(tree.union, 2))
    Grant.objects.create(user=went, role=Role.COUNTY, org=tree.county, valid_from=date(2010, 1, 1))
    by = actor_of(went)
    with pytest.raises(NotAllowed, match="入户调查人"):
        perform(file, "approve", by=by)
    for role, org in ((Role.BASIC, tree.union), (Role.STATION, tree.township)):
        with pytest.raises(NotAllowed):
            perform(file, "approve", by=actor_with(role, org=org))
    other = actor_with(Role.COUNTY, org=tree.neighbour)
    with pytest.raises(DomainError, match="没有找到"):
        perform(file, "approve", by=other)


def test_only_those_who_answer_for_it_let_an_old_file_in(tree):
    with pytest.raises(NotAllowed, match="县（市、区）总工会"):
        draft(
            tree.union,
            by=actor_with(Role.BASIC, org=tree.union),
            is_legacy=True,
            filed_on=date(2011, 5, 1),
        )
    county = actor_with(Role.COUNTY, org=tree.county)
    file = draft(tree.union, by=county, is_legacy=True, filed_on=date(2011, 5, 1))
    assert file.state == "active"


# The assessment


def test_the_result_follows_every_item_and_every_mouth(tree):
    family = home(tree.union)
    for n in range(3):
        joins(family, person(tree.union, f"示例{n}"))
    joins(family, person(tree.union, "示例在外"), lives_together=False)
    file = draft(tree.union, family)
    found = assessment(file)
    item(found, "income", 38_400)
    item(found, "income", 9_999, is_excluded=True)
    rigid = item(found, "rigid", 20_000)
    found.refresh_from_db()
    assert (found.family_size, found.income_total, found.rigid_total) == (4, 38_400, 20_000)
    assert (found.income_per_head, found.after_per_head) == (Decimal("800.00"), Decimal("383.33"))
    void(rigid, by=SYSTEM, reason="重复登记")
    found.refresh_from_db()
    assert found.rigid_total == 0


def test_a_confirmed_assessment_stays_as_it_is(tree):
    file = surveyed(tree)
    found = EconomicAssessment._unscoped.get(file=file)
    with pytest.raises(DomainError, match="明细不能再改"):
        item(found, "income", 1)
    with pytest.raises(DomainError):
        change(found, by=SYSTEM, conclusion="改一改")
    assert (file.category, file.assessed_on) == ("low", date(2012, 7, 2))


def test_what_speaks_against_hardship_needs_a_reason(tree):
    file = draft(tree.union)
    found = assessment(file, exclusions=["car"])
    item(found, "income", 2_400)
    found.refresh_from_db()
    assert found.result == "none"
    change(found, by=SYSTEM, override_reason="残疾人代步车")
    found.refresh_from_db()
    assert found.result == "low"


def test_an_assessment_covers_twelve_months_by_two_surveyors(tree):
    file = draft(tree.union)
    with pytest.raises(DomainError, match="连续12个月"):
        assessment(file, period_to=date(2011, 12, 31))
    with pytest.raises(DomainError, match="不能是同一人"):
        assessment(file, surveyor_two=surveyor(tree.union, 1))
    alone = assessment(file, surveyor_two="")
    item(alone, "income", 1)
    with pytest.raises(DomainError, match="两名调查人"):
        perform(alone, "confirm", by=SYSTEM)


def test_surveyors_are_accounts_that_answer_for_the_office(tree):
    file = draft(tree.union)
    far = user_with(Role.COUNTY, org=tree.neighbour, username="far")
    left = user_with(Role.COUNTY, org=tree.county, username="left")
    Grant.objects.filter(user=left).update(valid_to=date(2012, 7, 5))
    user_with(Role.AUDIT, org=tree.county, username="audit")
    ended = user_with(Role.COUNTY, org=tree.county, username="ended")
    User.objects.filter(pk=ended.pk).update(valid_to=date(2012, 7, 5))
    for username, why in (
        ("王示例", "没有用户“王示例”"),
        (far.username, "不是甲厂工会或其上级工会的在用账号"),
        (left.username, "在用账号"),
        ("audit", "在用账号"),
        ("ended", "在用账号"),
    ):
        with pytest.raises(DomainError, match=why) as refused:
            assessment(file, surveyor_two=username)
        assert refused.value.field == "surveyor_two"
    assert not EconomicAssessment._unscoped.exists()
    county = user_with(Role.COUNTY, org=tree.county, username="near")
    found = assessment(file, surveyor_two="near")
    assert (found.surveyor_two_user, found.surveyors.endswith(f"、{county}")) == (county.pk, True)
    *nearest, last = [username for username, _ in choices(found)]
    assert (set(nearest), last) == ({surveyor(tree.union, 1), surveyor(tree.union, 2)}, "near")


def test_a_relative_of_anybody_who_lives_there_does_not_visit(tree):
    family = home(tree.union)
    child = person(tree.union)
    joins(family, child)
    file = draft(tree.union, family)
    found = assessment(file)
    item(found, "income", 2_400)
    declared = create(
        KinDeclaration,
        by=SYSTEM,
        org=tree.union,
        username=found.surveyor_two,
        person=child,
        relation="child",
    )
    with pytest.raises(Conflict, match="有亲属关系，须回避"):
        perform(found, "confirm", by=SYSTEM)
    with pytest.raises(Conflict, match="有亲属关系，须回避"):
        assessment(file)
    assert EconomicAssessment._unscoped.get().state == "draft"
    void(declared, by=SYSTEM, reason="登记错人")
    assert perform(found, "confirm", by=SYSTEM).state == "confirmed"


def test_no_income_asks_for_what_the_household_lives_of(tree):
    found = assessment(draft(tree.union))
    with pytest.raises(DomainError, match="收入为0须说明生活来源"):
        perform(found, "confirm", by=SYSTEM)


def test_the_yearly_review_is_the_countys_and_moves_the_next_one(tree):
    file = filed(tree.union)
    assert file.review_due_on == date(2012, 5, 1)
    found = assessment(file, purpose="annual")
    item(found, "income", 2_400)
    with pytest.raises(NotAllowed, match="年度复核的核定须由"):
        perform(found, "confirm", by=actor_with(Role.BASIC, org=tree.union))
    perform(found, "confirm", by=actor_with(Role.COUNTY, org=tree.county))
    file.refresh_from_db()
    assert file.review_due_on == date(2013, 7, 2)
    assert value("aid.files_reviewed", tree.city, Period.month(2012, 7)) == 1
    assert value("aid.review_rate", tree.city, Period.month(2012, 7)) == 1


# Leaving


def test_an_exit_recorded_late_keeps_what_was_known_before(tree):
    file = filed(tree.union)
    county = actor_with(Role.COUNTY, org=tree.county)
    with clock.at(date(2012, 8, 1)):
        file = perform(file, "propose_exit", by=SYSTEM, exit_reason="out")
    with clock.at(date(2012, 8, 20)):
        perform(file, "exit", by=county, exited_on=date(2012, 8, 14))
    assert value("aid.files", tree.city, as_of=date(2012, 8, 16)) == 1
    assert value("aid.files", tree.city) == 0
    assert value("aid.files_out", tree.city, Period.month(2012, 8)) == 1
    assert verify().is_clean


def test_the_dead_are_not_put_up_and_others_stay_until_the_notice_is_over(tree):
    dead = perform(filed(tree.union), "propose_exit", by=SYSTEM, exit_reason="deceased")
    assert not PublicNotice._unscoped.filter(record_id=dead.pk).exists()
    county = actor_with(Role.COUNTY, org=tree.county)
    assert perform(dead, "exit", by=county).state == "exited"
    better = perform(filed(tree.union), "propose_exit", by=SYSTEM, exit_reason="out")
    with pytest.raises(DomainError, match="公示至"):
        perform(better, "exit", by=county)
    stayed = perform(better, "stay", by=county, reason="复查仍困难")
    assert (stayed.state, HardshipFile._unscoped.get(pk=better.pk).exit_reason) == ("active", "")


# How many there are


def test_coverage_divides_by_the_latest_census(tree):
    filed(tree.union)
    create(
        HardshipCensus,
        by=SYSTEM,
        org=tree.county,
        counted_on=date(2011, 3, 1),
        household_count=10,
        source="摸底",
    )
    create(
        HardshipCensus,
        by=SYSTEM,
        org=tree.county,
        counted_on=date(2012, 3, 1),
        household_count=2,
        source="再次摸底",
    )
    assert value("aid.census_households", tree.city) == 2
    assert value("aid.file_coverage", tree.city) == Decimal("0.5")
    with pytest.raises(DomainError, match="须晚于上一次"):
        create(
            HardshipCensus,
            by=SYSTEM,
            org=tree.county,
            counted_on=date(2012, 2, 1),
            household_count=3,
            source="早了",
        )


def test_a_union_is_told_once_a_month_how_many_reviews_are_due(tree):
    for day in (1, 20):
        filed(tree.union, filed_on=date(2011, 7, day))
    filed(tree.union, filed_on=date(2011, 9, 1))
    assert remind_reviews() == 1
    assert remind_reviews() == 0
    (told,) = Reminder._unscoped.all()
    assert told.message.startswith("2份困难职工档案复核将到期，其中1份已过期")
    with clock.at(date(2012, 8, 6)):
        assert remind_reviews() == 1


# What an approval rested on


def test_a_file_on_file_does_not_become_another_familys(tree):
    file = perform_to_active(tree)
    before = (file.household_id, file.filed_on)
    with pytest.raises(DomainError, match="不能换成别的家庭"):
        change(file, by=SYSTEM, household=home(tree.union))
    for given, words in (({"is_legacy": True}, "登记后不能改"), ({"filed_on": REPORT}, "批准之日")):
        with pytest.raises(DomainError, match=words):
            change(file, by=SYSTEM, **given)
    file.refresh_from_db()
    assert (file.household_id, file.filed_on) == before == (file.household_id, date(2012, 7, 18))


def perform_to_active(tree):
    """A file that the county approved on 18 July."""
    file = reviewed(tree, surveyed(tree))
    with clock.at(date(2012, 7, 18)):
        return perform(
            file,
            "approve",
            by=actor_with(Role.COUNTY, org=tree.county),
            check_waiver="示例",
        )


def test_the_day_of_filing_is_the_approvals(tree):
    with pytest.raises(DomainError, match="批准之日"):
        draft(tree.union, filed_on=date(2010, 1, 1))
    with pytest.raises(DomainError, match="批准之日"):
        change(draft(tree.union), by=SYSTEM, filed_on=date(2010, 1, 1))


def test_nobody_exits_on_a_day_to_come(tree):
    file = perform(filed(tree.union), "propose_exit", by=SYSTEM, exit_reason="deceased")
    with pytest.raises(DomainError, match="退出日期不能晚于今天"):
        perform(file, "exit", by=SYSTEM, exited_on=date(2013, 1, 1))


def test_a_first_assessment_of_a_file_on_file_is_the_countys(tree):
    file = filed(tree.union)
    found = assessment(file, purpose="initial")
    item(found, "income", 2_400)
    basic = actor_with(Role.BASIC, org=tree.union)
    with pytest.raises(NotAllowed):
        perform(found, "confirm", by=basic)
    county = actor_with(Role.COUNTY, org=tree.county)
    assert perform(found, "confirm", by=county).state == "confirmed"


def test_the_county_lets_in_who_has_something_against_him(tree):
    file = draft(tree.union)
    found = assessment(file, exclusions=["car"], override_reason="残疾代步")
    item(found, "income", 2_400)
    with pytest.raises(NotAllowed, match="有排除情形仍予认定"):
        perform(found, "confirm", by=actor_with(Role.BASIC, org=tree.union))
    county = actor_with(Role.COUNTY, org=tree.county)
    assert perform(found, "confirm", by=county).result == "low"


def test_files_of_women_are_counted_by_their_heads(tree):
    for number in (1, 2):  # a man and a woman
        head = create(
            Person,
            by=SYSTEM,
            org=tree.union,
            name="示例职工",
            id_no=make_id_number("410403", date(1970, 5, 1), number),
        )
        filed(tree.union, home(tree.union, head))
    assert [value(code, tree.city) for code in ("aid.files", "women.hardship_files")] == [2, 1]
    assert verify(["women.hardship_files"]).differing == ()
