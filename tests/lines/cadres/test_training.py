"""Training classes: the class of May 2012, hours from check-ins, seats that clash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.write import change, create, create_many, perform, perform_many, void
from gonghui.lines.cadres.models import TrainingClass, TrainingSeat
from gonghui.lines.cadres.models.training import TargetGroup
from gonghui.lines.cadres.services import check_in, evidence_for, half_days, hours_of
from tests.lines.members.making import person
from tests.support.orgs import actor_with, user_with

MAY = Period.month(2012, 5)
FOUR = (
    TargetGroup.COUNTY_CHAIR,
    TargetGroup.DIRECT_CHAIR,
    TargetGroup.DEPARTMENT,
    TargetGroup.INDUSTRY_HEAD,
)
LATER = date(2012, 6, 1)


def training(org, start=date(2012, 5, 15), end=date(2012, 5, 17), **values):
    """A class that takes names."""
    made = create(
        TrainingClass,
        by=SYSTEM,
        **{
            "org": org,
            "title": "工会主席培训班",
            "level": "city",
            "groups": [group.value for group in FOUR],
            "kind": "central",
            "start_on": start,
            "end_on": end,
            "hours": 24,
            **values,
        },
    )
    return perform(made, "open", by=SYSTEM)


def seats(training_class, people):
    """One seat a person."""
    outcomes = create_many(
        TrainingSeat,
        [{"org": each.org, "training_class": training_class, "person": each} for each in people],
        by=SYSTEM,
    )
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [outcome.record for outcome in outcomes]


def attend(rows, halves):
    """The people of some seats come on some half-days."""
    for mark in halves:
        day, half = mark.split()
        for outcome in check_in(rows, date.fromisoformat(day), half, by=SYSTEM):
            assert outcome.error is None
    return [TrainingSeat._unscoped.get(pk=row.pk) for row in rows]


def finish(training_class):
    """The rest of the class's way."""
    return perform(perform(training_class, "start", by=SYSTEM), "finish", by=SYSTEM)


def numbers(org, period=MAY):
    """Classes, persons times, persons."""
    codes = ["cadres.classes", "cadres.trained", "cadres.trained_persons"]
    found = figures(codes, [org], period)
    return [int(found[code, org.pk].value) for code in codes]


@pytest.fixture
def then():
    with clock.at(LATER):
        yield


def test_the_class_of_may_2012_proves_the_sentence(tree, then):
    held = training(tree.city)
    attend(seats(held, [person(tree.city)]), half_days(held))
    finish(held)
    assert numbers(tree.city) == [1, 1, 1]
    with acting(SYSTEM):
        proof = evidence_for(MAY, FOUR)
        assert (proof.classes, proof.missing, proof.note) == ((held,), (), "")
        assert evidence_for(Period.month(2012, 6), FOUR).missing == FOUR
        assert figure("cadres.full_classes", tree.city, MAY).value == 1


def test_one_group_less_does_not_suffice(tree, then):
    held = training(tree.city, groups=[group.value for group in FOUR[:3]])
    attend(seats(held, [person(tree.city)]), half_days(held))
    finish(held)
    with acting(SYSTEM):
        assert evidence_for(MAY, FOUR).note == "证据不足：缺“产业工会负责人”"
        assert figure("cadres.full_classes", tree.city, MAY).value == 0


def test_forty_seats_of_whom_two_came_half_the_time(tree, then):
    held = training(tree.city)
    people = [person(tree.union, f"示例{n}") for n in range(40)]
    rows = seats(held, people)
    full = attend(rows[:38], half_days(held))
    half = attend(rows[38:], half_days(held)[:3])
    assert {row.hours_earned for row in full} == {Decimal(24)}
    assert {row.hours_earned for row in half} == {Decimal(12)}
    assert numbers(tree.city) == [0, 0, 0]
    finish(held)
    assert numbers(tree.city) == [1, 40, 40]
    assert numbers(tree.county) == [0, 40, 40]
    again = training(tree.city, date(2012, 5, 21), date(2012, 5, 21), hours=8)
    attend(seats(again, people[:1]), half_days(again))
    finish(again)
    assert numbers(tree.city) == [2, 41, 40]
    assert hours_of(people[:2], MAY) == {people[0].pk: Decimal(32), people[1].pk: Decimal(24)}
    assert verify(["cadres.classes", "cadres.trained", "cadres.trained_persons"]).differing == ()


def test_a_class_that_never_was_trained_nobody(tree, then):
    held = training(tree.city)
    attend(seats(held, [person(tree.union)]), half_days(held))
    void(finish(held), by=SYSTEM, reason="登记错误")
    assert numbers(tree.city) == [0, 0, 0]
    assert TrainingSeat._unscoped.get().void_reason == "培训班作废"
    assert verify(["cadres.classes", "cadres.trained", "cadres.trained_persons"]).differing == ()


def test_who_never_came_is_not_trained(tree, then):
    held = training(tree.city)
    came, stayed = seats(held, [person(tree.union, "示例一"), person(tree.union, "示例二")])
    attend([came], half_days(held)[:1])
    finish(held)
    assert numbers(tree.city) == [1, 1, 1]
    with pytest.raises(DomainError) as refused:
        change(stayed, by=SYSTEM, cert_no="证001")
    assert refused.value.message == "没有签到记录，不能发结业证书。"


def test_only_a_finished_class_counts_and_it_needs_its_sheet(tree):
    held = training(tree.city)
    running = perform(held, "start", by=SYSTEM)
    (row,) = seats(held, [person(tree.union)])
    with clock.at(date(2012, 5, 16)), pytest.raises(DomainError) as early:
        perform(running, "finish", by=SYSTEM)
    assert early.value.message == "培训班2012-05-17才结束，不能提前结业。"
    with clock.at(LATER):
        with pytest.raises(DomainError) as empty:
            perform(running, "finish", by=SYSTEM)
        assert empty.value.message == "还没有签到记录，请先补齐签到册。"
        attend([row], half_days(held))
        finished = perform(running, "finish", by=SYSTEM)
        assert numbers(tree.city) == [1, 1, 1]
        perform(finished, "reopen", by=SYSTEM, reason="学时有误")
        assert numbers(tree.city) == [0, 0, 0]


def test_nobody_sits_in_two_rooms_at_once(tree):
    someone = person(tree.union)
    held = training(tree.city, title="甲班")
    seats(held, [someone])
    other = training(tree.county, date(2012, 5, 17), date(2012, 5, 18), title="乙班")
    with pytest.raises(DomainError) as refused:
        create(TrainingSeat, by=SYSTEM, org=tree.union, training_class=other, person=someone)
    assert refused.value.message == "该同志同期已报名“甲班”。"
    online = training(tree.county, date(2012, 5, 17), date(2012, 5, 18), kind="online")
    seats(online, [someone])
    perform(held, "cancel", by=SYSTEM, reason="改期")
    seats(other, [someone])


def test_a_class_that_moves_takes_its_seats_along(tree):
    someone = person(tree.union)
    held, other = (
        training(tree.city, title="甲班"),
        training(tree.county, date(2012, 6, 4), date(2012, 6, 5), title="乙班"),
    )
    seats(held, [someone])
    seats(other, [someone])
    with pytest.raises(DomainError) as refused:
        change(other, by=SYSTEM, start_on=date(2012, 5, 16))
    assert refused.value.message == "该同志同期已报名“甲班”。"
    assert TrainingClass._unscoped.get(pk=other.pk).start_on == date(2012, 6, 4)
    change(other, by=SYSTEM, start_on=date(2012, 6, 5))
    assert TrainingSeat._unscoped.get(training_class=other).starts_on == date(2012, 6, 5)


def test_check_ins_belong_to_the_class_and_repeat_harmlessly(tree, then):
    held = training(tree.city)
    rows = seats(held, [person(tree.union)])
    (row,) = attend(rows, ["2012-05-15 am", "2012-05-15 am"])
    assert (row.checkins, row.hours_earned) == (["2012-05-15 am"], Decimal(4))
    (outcome,) = check_in([row], date(2012, 5, 18), "am", by=SYSTEM)
    assert outcome.error.message == "签到“2012-05-18 am”不在培训班期间。"
    with pytest.raises(DomainError):
        check_in([row], date(2012, 6, 2), "am", by=SYSTEM)


def test_a_meeting_used_for_training_counts_apart(tree, then):
    held = training(tree.city, kind="meeting")
    attend(seats(held, [person(tree.union)]), half_days(held))
    finish(held)
    assert numbers(tree.city) == [0, 1, 1]
    found = figures(["cadres.meeting_classes"], [tree.city], MAY)
    assert found["cadres.meeting_classes", tree.city.pk].value == 1
    with acting(SYSTEM):
        assert evidence_for(MAY, FOUR).missing == FOUR


def test_a_finished_class_takes_no_more_names(tree, then):
    held = training(tree.city)
    attend(seats(held, [person(tree.union)]), half_days(held))
    finish(held)
    late = person(tree.union)
    with pytest.raises(DomainError) as refused:
        create(TrainingSeat, by=SYSTEM, org=tree.union, training_class=held, person=late)
    assert refused.value.message == "“工会主席培训班”已结业，不能再报名。"


def test_a_unit_names_its_own_people_for_the_citys_class(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    held = training(tree.city)
    someone = person(tree.union)
    named = create(TrainingSeat, by=county, org=tree.county, training_class=held, person=someone)
    assert named.starts_on == date(2012, 5, 15)
    with pytest.raises(NotAllowed):
        create(
            TrainingSeat,
            by=county,
            org=tree.neighbour,
            training_class=held,
            person=person(tree.neighbour_union),
        )
    assert perform_many([held], "start", by=county)[0].error.code == "not_found"


def test_a_county_picks_the_citys_class_on_screen_while_it_takes_names(
    client, tree, then, settings
):
    settings.SECOND_FACTOR_ROLES = ()
    held = training(tree.city)
    training(tree.neighbour, title="乙县培训班")
    someone = person(tree.union)
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    choices = "/r/cadres.training_seat/choose/training_class/"
    shown = client.get(choices).content.decode()
    assert "工会主席培训班" in shown
    assert "乙县培训班" not in shown
    client.post(
        "/r/cadres.training_seat/new/",
        {
            "org": str(tree.county),
            "org.pk": str(tree.county.pk),
            "training_class": str(held),
            "training_class.pk": f"{held.pk}|{held}",
            "person": "示例一",
            "person.pk": f"{someone.pk}|{someone.name}",
        },
    )
    seat = TrainingSeat._unscoped.get()
    assert (seat.training_class, seat.person, seat.org) == (held, someone, tree.county)
    attend([seat], half_days(held))
    finish(held)
    assert "工会主席培训班" not in client.get(choices).content.decode()
    edit = f"/r/cadres.training_seat/{seat.pk}/edit/"
    values = {
        "training_class": str(held),
        "training_class.pk": f"{held.pk}|{held}",
        "person": "示例一",
        "person.pk": f"{someone.pk}|{someone.name}",
        "checkins": ",".join(half_days(held)),
        "cert_no": "结业-001",
        "version": str(TrainingSeat._unscoped.get().version),
    }
    answer = client.post(edit, values)
    assert (answer.status_code, TrainingSeat._unscoped.get().cert_no) == (302, "结业-001")
