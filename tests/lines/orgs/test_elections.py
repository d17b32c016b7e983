"""Elections: quorum, majority, publicity, candidates, posts, and what the reply brings about."""

from datetime import date, timedelta

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Task
from gonghui.lines.orgs.models import Candidate, ElectionCase, OfficeHolder, UnionTerm
from gonghui.lines.orgs.services.officers import seats_allowed
from tests.lines.orgs.making import (
    MEMBERS,
    WHEN,
    a_formation,
    a_person,
    a_term,
    an_election,
    meeting,
)
from tests.support.orgs import actor_with


@pytest.fixture
def union(town):
    """A basic union in its first term."""
    a_term(town.union, date(2009, 6, 1))
    return town.union


def renewal(union, **more):
    """A renewal that the superior has agreed to."""
    case = an_election(union, "renewal", **more)
    case = perform(case, "request", by=SYSTEM)
    return perform(case, "agree", by=SYSTEM, agreed_doc_no="同意1号")


def test_53_of_80_are_no_quorum(town, union):
    case = renewal(union, members=80)
    with pytest.raises(DomainError) as error:
        perform(
            case,
            "hold",
            by=town.of_union,
            **meeting(80, attended=53, ballots_out=53, ballots_back=53, ballots_valid=53),
        )
    assert error.value.message == "实到53人，不足应到80人的三分之二（54人），选举无效。"
    assert unscoped(ElectionCase).get().state == "agreed"


@pytest.mark.parametrize(("votes", "elected"), [(40, False), (41, True)])
def test_54_of_80_may_elect_and_41_votes_are_needed(town, union, votes, elected):
    case = renewal(union, members=80)
    chair = unscoped(Candidate).get(case=case, post="chair")
    for row in unscoped(Candidate).filter(case=case).exclude(pk=chair.pk):
        change(row, by=SYSTEM, votes=min(row.votes, 54))
    change(chair, by=SYSTEM, votes=votes)
    held = perform(
        case,
        "hold",
        by=town.of_union,
        **meeting(80, attended=54, ballots_out=54, ballots_back=54, ballots_valid=54),
    )
    assert held.state == "held"
    assert unscoped(Candidate).get(pk=chair.pk).elected is elected


def test_more_ballots_back_than_given_out_void_the_election(town, union):
    case = renewal(union)
    with pytest.raises(DomainError, match="收回选票30张，多于发出的29张，选举无效"):
        perform(case, "hold", by=town.of_union, **meeting(ballots_out=29))


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ((8, 3), "候选人公示6天，不足7天。"),
        ((6, 0), "候选人公示应在大会（2012-03-20）之前结束。"),
    ],
)
def test_candidates_hang_in_public_for_seven_days_before_the_meeting(town, union, days, message):
    case = renewal(union)
    start, end = (WHEN - timedelta(days=number) for number in days)
    case = change(case, by=SYSTEM, publicity_from=start, publicity_to=end)
    with pytest.raises(DomainError) as error:
        perform(case, "hold", by=town.of_union, **meeting())
    assert error.value.message == message


@pytest.mark.parametrize(
    ("flag", "post", "message"),
    [
        (
            "is_admin_head",
            "chair",
            "王五为本单位行政负责人（含行政副职）或合伙人，依规定不得作为工会主席候选人。",
        ),
        (
            "is_hr_or_labour_head",
            "chair",
            "王五为本单位人力资源部门负责人，依规定不得作为工会主席候选人。",
        ),
        ("is_foreign", "chair", "王五为外国籍职工，依规定不得作为工会主席候选人。"),
        (
            "is_relative",
            "member",
            "王五为本单位主要负责人的近亲属，依规定不得作为工会委员会成员候选人。",
        ),
    ],
)
def test_who_may_not_stand(town, union, flag, post, message):
    case = an_election(union, "renewal")
    with pytest.raises(DomainError) as error:
        create(
            Candidate,
            by=town.of_union,
            case=case,
            person=a_person(union, "王五"),
            post=post,
            votes=1,
            **{flag: True},
        )
    assert message in error.value.message


def test_the_head_of_personnel_may_be_a_member(town, union):
    case = an_election(union, "renewal")
    row = create(
        Candidate,
        by=town.of_union,
        case=case,
        person=a_person(union),
        post="member",
        is_hr_or_labour_head=True,
    )
    assert row.org_id == union.pk


def test_there_must_be_more_candidates_than_seats(town, union):
    case = renewal(union)
    last = unscoped(Candidate).get(case=case, post="member", votes=0)
    void(last, by=SYSTEM, reason="退出")
    with pytest.raises(DomainError) as error:
        perform(case, "hold", by=town.of_union, **meeting())
    assert error.value.message == "应选委员3人，候选人3人，差额率不低于5%，至少需4人。"


def test_the_size_of_the_committee_follows_the_number_of_members(town, union):
    sizes = {
        members: seats_allowed(members, WHEN)
        for members in (24, 25, 200, 201, 1000, 5000, 10000, 50001)
    }
    assert sizes == {
        24: (3, 5),
        25: (3, 7),
        200: (3, 7),
        201: (7, 15),
        1000: (7, 15),
        5000: (15, 21),
        10000: (21, 29),
        50001: (37, 45),
    }
    case = renewal(union, seats=9)
    with pytest.raises(DomainError, match="会员30人，委员会应设委员3至7人，所填为9人"):
        perform(case, "hold", by=town.of_union, **meeting())


def test_fewer_than_100_members_meet_all_together(town, union):
    case = renewal(union, members=99, form="delegates")
    with pytest.raises(DomainError, match="会员99人，不足100人的应召开会员大会"):
        perform(case, "hold", by=town.of_union, **meeting(60))


def test_a_result_without_the_needed_posts_is_not_reported(town, union):
    case = renewal(union)
    case = change(case, by=SYSTEM, female_members=10)
    audit = unscoped(Candidate).get(case=case, post="audit_chair")
    change(audit, by=SYSTEM, votes=15)
    held = perform(case, "hold", by=town.of_union, **meeting())
    with pytest.raises(DomainError) as error:
        perform(held, "report", by=town.of_union)
    assert error.value.message == (
        "尚缺：经费审查委员、女职工委员会主任（女会员10人，10人以上应建委员会）。请补齐或重新选举后再报告。"
    )
    again = perform(held, "hold_again", by=town.of_union, reason="补选经审和女职工委员")
    change(audit, by=SYSTEM, votes=16)
    create(
        Candidate, by=SYSTEM, case=again, person=a_person(union), post="women_chair", votes=MEMBERS
    )
    held = perform(again, "hold", by=town.of_union, **meeting())
    assert perform(held, "report", by=town.of_union).state == "reported"


def test_nine_women_need_one_womens_member(town, union):
    case = renewal(union)
    case = change(case, by=SYSTEM, female_members=9)
    held = perform(case, "hold", by=town.of_union, **meeting())
    with pytest.raises(DomainError, match="尚缺：女职工委员。"):
        perform(held, "report", by=town.of_union)


def test_a_tie_for_the_last_seat_elects_neither(town, union):
    case = renewal(union)
    members = list(unscoped(Candidate).filter(case=case, post="member").order_by("pk"))
    for row, votes in zip(members, (30, 29, 20, 20), strict=True):
        change(row, by=SYSTEM, votes=votes)
    perform(case, "hold", by=town.of_union, **meeting())
    found = unscoped(Candidate).filter(case=case, post="member").order_by("pk")
    assert [row.elected for row in found] == [True, True, False, False]


def test_votes_are_closed_once_the_meeting_is_held(town, union):
    case = perform(renewal(union), "hold", by=town.of_union, **meeting())
    row = unscoped(Candidate).filter(case=case).first()
    with pytest.raises(DomainError, match="大会已举行"):
        change(row, by=town.of_union, votes=1)


def test_a_renewal_opens_the_next_term_and_ends_the_old_one(town, union):
    case = perform(renewal(union, term_years=5), "hold", by=town.of_union, **meeting())
    case = perform(case, "report", by=town.of_union)
    with pytest.raises(DomainError, match="请填写批复文号"):
        perform(case, "confirm", by=town.of_station)
    perform(case, "confirm", by=town.of_station, reply_doc_no="甲镇工〔2012〕3号")
    first, second = unscoped(UnionTerm).order_by("term_no")
    assert (first.state, first.ended_on) == ("ended", date(2012, 3, 19))
    assert (second.term_no, second.state, second.started_on, second.due_on) == (
        2,
        "current",
        WHEN,
        date(2017, 3, 19),
    )
    posts = unscoped(OfficeHolder).filter(term=second).values_list("post", flat=True)
    assert sorted(posts) == ["audit_chair", "chair", "member", "member", "member"]


def test_nobody_replies_to_his_own_election(town):
    a_term(town.county, date(2007, 6, 1), years=5)
    case = renewal(town.county)
    case = perform(case, "hold", by=SYSTEM, **meeting())
    case = perform(case, "report", by=SYSTEM)
    with pytest.raises(NotAllowed, match="不能批复本级"):
        perform(case, "confirm", by=town.of_county, reply_doc_no="自1号")
    assert perform(case, "confirm", by=town.dept, reply_doc_no="市1号").state == "confirmed"


def test_a_founding_election_is_answered_with_the_founding_only(town):
    formation = a_formation(town)
    case = an_election(formation.org)
    case = perform(case, "hold", by=SYSTEM, **meeting())
    case = perform(case, "report", by=SYSTEM)
    with pytest.raises(DomainError, match="首届选举随“建会事项”的成立批复一并批复"):
        perform(case, "confirm", by=town.of_county, reply_doc_no="1号")


def test_a_union_has_one_open_election_of_a_kind(town, union):
    an_election(union, "renewal")
    with pytest.raises(DomainError, match="该工会已有同类选举正在办理，不能重复发起"):
        an_election(union, "renewal")
    assert unscoped(ElectionCase).count() == 1


def test_a_by_election_fills_the_vacant_chair(town, union):
    term = unscoped(UnionTerm).get()
    old = create(
        OfficeHolder,
        by=SYSTEM,
        term=term,
        person=a_person(union, "老主席"),
        post="chair",
        started_on=term.started_on,
    )
    perform(old, "end", by=town.of_county, ended_on=WHEN, end_reason="retired")
    case = create(
        ElectionCase,
        by=town.of_union,
        org=union,
        kind="by",
        members=MEMBERS,
        publicity_from=WHEN - timedelta(days=10),
        publicity_to=WHEN - timedelta(days=3),
    )
    create(
        Candidate,
        by=town.of_union,
        case=case,
        person=a_person(union, "新主席"),
        post="chair",
        votes=16,
    )
    case = perform(case, "request", by=town.of_union)
    case = perform(case, "agree", by=town.of_station)
    case = perform(case, "hold", by=town.of_union, **meeting())
    case = perform(case, "report", by=town.of_union)
    perform(case, "confirm", by=town.of_station, reply_doc_no="补1号")
    with acting(SYSTEM):
        chair = OfficeHolder.objects.get(post="chair", ended_on=None)
        assert (chair.person.name, chair.started_on) == ("新主席", WHEN)


@pytest.mark.parametrize(("votes", "ends"), [(15, False), (16, True)])
def test_a_recall_needs_more_than_half_of_all_members(town, union, votes, ends):
    term = unscoped(UnionTerm).get()
    chair = create(
        OfficeHolder,
        by=SYSTEM,
        term=term,
        person=a_person(union),
        post="chair",
        started_on=term.started_on,
    )
    case = create(
        ElectionCase, by=town.of_union, org=union, kind="recall", members=MEMBERS, recalled=chair
    )
    case = perform(case, "request", by=town.of_union)
    case = perform(case, "agree", by=town.of_station)
    case = perform(case, "hold", by=town.of_union, **meeting(recall_votes=votes))
    case = perform(case, "report", by=town.of_union)
    if ends:
        perform(case, "confirm", by=town.of_station, reply_doc_no="罢1号")
        found = unscoped(OfficeHolder).get()
        assert (found.state, found.end_reason, found.ended_on) == ("left", "recalled", WHEN)
    else:
        with pytest.raises(DomainError, match="同意罢免15票，未超过应到30人的半数，罢免不成立"):
            perform(case, "confirm", by=town.of_station, reply_doc_no="罢1号")
        assert unscoped(OfficeHolder).get().state == "serving"


def test_an_election_waits_for_the_superior_on_its_list(town, union):
    case = an_election(union, "renewal")
    with clock.at(WHEN):
        perform(case, "request", by=actor_with(Role.BASIC, org=union))
    task = Task._unscoped.get(register="orgs.election_case", closed_at=None)
    assert (task.state, task.due_on) == ("requested", date(2012, 4, 3))
    assert "county" in task.roles
