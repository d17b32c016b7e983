"""The figures are right because of their rules: what must not count is there, with its reason."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count, Q

from demo import headcounts, planning
from gonghui.base import clock
from gonghui.kernel.orgs.models import Org, OrgKind, OrgState
from gonghui.kernel.people.models import EmployerHeadcount
from gonghui.kernel.records import history
from gonghui.kernel.workflow.models import Task
from gonghui.lines.cadres.models import TrainingClass, TrainingSeat
from gonghui.lines.goals.models import PlanBook, Target
from gonghui.lines.members.models import (
    Membership,
    MembershipApplication,
    MembershipTransfer,
)
from gonghui.lines.orgs.models import (
    CensusUnit,
    ElectionCase,
    LegalPersonCert,
    OrgChange,
    UnionFormation,
    UnionHonor,
    UnionTerm,
)
from tests.figures.periods import REPORT


def test_formations_that_do_not_count_say_why():
    found = UnionFormation.objects.filter(state="established", counts_as_new=False)
    reasons = dict(found.values_list("not_new_reason").annotate(n=Count("id")).order_by())
    assert reasons == {
        "原工会更名": 9,
        "补录历史": 4,
        "原工会分立": 2,
        "撤后重建": 2,
        "上级改判不计入": 1,
    }


def test_formations_are_in_every_state():
    states = dict(UnionFormation.objects.values_list("state").annotate(n=Count("id")).order_by())
    assert states == {
        "lead": 10,
        "prep_applied": 10,
        "preparing": 10,
        "closed": 10,
        "established": 570,
    }
    assert Org.objects.filter(state=OrgState.PREPARING).count() == 30


def test_nobody_approved_what_he_had_prepared():
    table = UnionFormation._meta.db_table
    ids = list(UnionFormation.objects.filter(state="established").values_list("pk", flat=True))
    verbs = ("perform:report_result", "perform:establish")
    reported, approved = history.last_actors_of(table, ids, verbs).values()
    assert len(reported) == len(approved) == 570
    assert all(reported[pk] not in (None, approved[pk]) for pk in ids)


def test_approvals_were_recorded_within_days_but_for_the_two_late_ones():
    table = UnionFormation._meta.db_table
    late = [
        formation.approved_on
        for formation in UnionFormation.objects.filter(state="established")
        if (
            history.History.objects.filter(
                table=table, record_id=formation.pk, verb="perform:establish"
            )
            .latest("id")
            .at.date()
            - formation.approved_on
        ).days
        > 7
    ]
    assert sorted(late) == [date(2012, 6, 27), date(2012, 8, 10)]


def test_unions_ended_in_every_way():
    kinds = dict(
        OrgChange.objects.filter(state="effective")
        .values_list("kind")
        .annotate(n=Count("id"))
        .order_by()
    )
    assert kinds == {"dissolve": 7, "merge": 1, "split": 1}
    assert OrgChange.objects.filter(state="requested", kind="rename").count() == 3


def test_only_first_admissions_of_the_half_year_count_as_new_members():
    half = Q(joined_on__gte=date(2012, 1, 1), joined_on__lte=date(2012, 6, 30), voided_at=None)
    origins = dict(
        Membership.objects.filter(half).values_list("origin").annotate(n=Count("id")).order_by()
    )
    assert origins == {"new": 12_509, "transfer": 17, "restore": 28, "retained": 18}
    assert Membership.objects.filter(half, first_admission=True).count() == 12_509
    later = Membership.objects.filter(first_admission=True, joined_on__gt=date(2012, 6, 30))
    assert later.count() == 40 + 4 * 26


def test_those_who_left_and_came_back_are_not_new():
    left = Membership.objects.filter(leave_kind="left", left_on__year=2012)
    again = Membership.objects.filter(person__in=left.values("person"), joined_on=date(2012, 5, 16))
    assert again.count() == 12
    assert set(again.values_list("origin", "first_admission")) == {("restore", False)}


def test_old_numbers_were_lengthened_and_nobody_is_met_twice():
    people = Membership.objects.filter(first_admission=True, voided_at=None)
    assert people.count() == people.values("person").distinct().count()
    hashes = people.values("person__id_no_hash").distinct().count()
    assert hashes == people.count()


def test_applications_were_returned_and_some_wait():
    states = dict(
        MembershipApplication.objects.values_list("state").annotate(n=Count("id")).order_by()
    )
    assert states["returned"] == 15
    assert (states["applied"], states["pooled"]) == (15, 6)
    assert set(
        MembershipTransfer.objects.exclude(state="completed").values_list("state", flat=True)
    ) == {"in_pending", "out_pending"}


def test_honours_that_do_not_count_are_there():
    sixgood = UnionHonor.objects.filter(title="sixgood")
    assert (
        sixgood.filter(state="granted", grantor_level="province", granted_on__year=2012).count()
        == 15
    )
    assert (
        sixgood.filter(state="granted", grantor_level="province", granted_on__year=2011).count()
        == 2
    )
    assert sixgood.filter(state="granted", grantor_level="city").count() == 3
    assert sixgood.filter(state="applied").count() == 2


@pytest.mark.parametrize(
    ("title", "grantor", "state"),
    [
        ("finance_contest", "province", "granted"),
        ("finance_city", "national", "applied"),
        ("policy_research", "province", "granted"),
        ("veteran_work", "city_party", "granted"),
        ("training_site", "national", "granted"),
        ("women_school", "national", "applied"),
    ],
)
def test_the_citys_own_honours_are_recorded(city, title, grantor, state):
    honour = UnionHonor.objects.get(org=city, title=title)
    assert (honour.grantor_level, honour.state) == (grantor, state)


def test_one_class_of_the_year_is_finished_and_had_the_four_groups():
    (may,) = TrainingClass.objects.filter(state="finished", end_on__year=2012).exclude(
        kind="meeting"
    )
    assert (may.start_on, may.end_on) == (date(2012, 5, 15), date(2012, 5, 17))
    assert set(may.groups) == {"county_chair", "direct_chair", "department", "industry_head"}
    hours = dict(
        TrainingSeat.objects.filter(training_class=may)
        .values_list("hours_earned")
        .annotate(n=Count("id"))
        .order_by()
    )
    assert {int(hour): n for hour, n in hours.items()} == {24: 38, 12: 2}
    others = TrainingClass.objects.exclude(pk=may.pk).values_list("kind", "state", "end_on__year")
    assert sorted(others) == [
        ("central", "cancelled", 2012),
        ("central", "finished", 2011),
        ("meeting", "finished", 2012),
        ("online", "running", 2012),
    ]


def test_the_plan_book_is_the_provinces_with_its_split(city):
    books = PlanBook.objects.filter(issuer="province")
    assert books.count() == 11
    assert books.filter(state="accepted").count() == 9
    for indicator, whole, reserve in (("orgs.new_unions", 480, 27), ("members.new", 6_400, 400)):
        target = Target.objects.get(org=city, indicator=indicator, plan__in=books)
        assert (target.value, target.reserve) == (whole, reserve)
        shares = Target.objects.filter(parent=target)
        assert sum(share.value for share in shares) + reserve == whole


def test_terms_end_soon_and_some_are_overdue():
    assert UnionTerm.objects.filter(state="overdue").count() > 100
    assert (
        UnionTerm.objects.filter(
            state="current", due_on__gt=REPORT, due_on__lte=date(2013, 2, 15)
        ).count()
        > 200
    )
    assert UnionTerm.objects.exclude(extended_to=None).count() == 1


def test_elections_stand_at_every_step():
    renewals = ElectionCase.objects.filter(kind="renewal")
    assert sorted(renewals.values_list("state", flat=True)) == [
        "confirmed",
        "confirmed",
        "confirmed",
        "reported",
        "requested",
    ]
    assert ElectionCase.objects.filter(kind="first", state="confirmed").count() > 200
    assert LegalPersonCert.objects.filter(state="valid").count() > 50


def test_the_census_has_leads_of_all_kinds():
    waiting = CensusUnit.objects.filter(round="2012-上半年")
    assert set(waiting.values_list("state", flat=True)) == {"uncontacted", "mobilising", "refused"}


def test_something_waits_for_every_role():
    waiting = Task.objects.filter(closed_at=None, opened_at__lt=clock.end_of(REPORT))
    roles = {role for roles in waiting.values_list("roles", flat=True) for role in roles}
    assert {"basic", "station", "county", "industry", "dept", "leader"} <= roles


def test_joint_unions_cover_what_they_should():
    joints = Org.objects.filter(kind=OrgKind.JOINT, state=OrgState.LIVE)
    assert joints.count() == 60


def test_the_two_groups_of_employers_have_their_employees():
    covered = planning.city().covered()
    groups = headcounts.groups_of(covered, headcounts.Sizes())
    heads = {
        row.employer.uscc: row.employees
        for row in EmployerHeadcount.objects.select_related("employer")
    }
    wage = [heads[covered[i].uscc] for i in groups.wage]
    harmony = [*wage, *(heads[covered[i].uscc] for i in groups.harmony_only)]
    assert (len(wage), sum(wage)) == (6_189, 704_386)
    assert (len(harmony), sum(harmony)) == (6_437, 800_000)
    assert sum(covered[i].is_enterprise for i in groups.wage) == 5_931
