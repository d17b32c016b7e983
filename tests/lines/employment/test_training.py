"""Training sessions: who counts as trained, and who may sit where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, create_many, perform, void
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.services.attendance import note_half
from gonghui.lines.employment.services.training import half_days
from gonghui.shared.funds.models import PayBatch, PayLine
from gonghui.web.printing import forms_of
from tests.lines.employment.lending import come_back, fund_of
from tests.lines.employment.making import EARLY, LATE, close, enrol, held, mark, people_of, session
from tests.lines.members.making import employer, person
from tests.support.orgs import actor_with

CODES = ("employment.sessions", "employment.trainees", "employment.train_visits")
HALF_YEAR = Period(date(2012, 1, 1), date(2012, 6, 30))


@pytest.fixture(autouse=True)
def then():
    with clock.at(LATE):
        yield


def numbers(org, period=HALF_YEAR):
    """Sessions, persons, persons times."""
    found = figures(list(CODES), [org], period)
    return [int(found[code, org.pk].value) for code in CODES]


def again(row):
    """The row as it is now."""
    return type(row)._unscoped.get(pk=row.pk)


def test_a_closed_session_counts_persons_once_and_visits_twice(tree):
    people = people_of(tree.county, 3)
    held(tree.county, people)
    assert numbers(tree.city) == [1, 3, 3]
    held(
        tree.neighbour,
        people[:1],
        start=date(2012, 5, 7),
        end=date(2012, 5, 11),
        occupation="焊工",
        title="焊工培训班",
    )
    assert numbers(tree.city) == [2, 3, 4]
    assert numbers(tree.county) == [1, 3, 3]
    assert numbers(tree.city, Period.month(2012, 5)) == [1, 1, 1]
    assert verify(list(CODES)).differing == ()


def test_only_attendance_and_score_make_a_learner_trained(tree):
    training = session(tree.county)
    full, absent, failed, dropped = enrol(training, people_of(tree.county, 4))
    mark(training, [full])
    mark(training, [absent], half_days(training)[:7])
    mark(training, [failed], score=59)
    change(dropped, by=SYSTEM, is_dropped=True)
    assert numbers(tree.city) == [0, 0, 0]
    close(training)
    assert [again(row).result for row in (full, absent, failed, dropped)] == [
        "completed",
        "failed",
        "failed",
        "dropped",
    ]
    assert again(absent).attend_rate == Decimal("0.7")
    assert numbers(tree.city) == [1, 1, 1]
    perform(again(training), "reopen", by=SYSTEM, reason="成绩有误")
    assert numbers(tree.city) == [0, 0, 0]


def test_a_closed_session_keeps_who_completed_it(tree):
    training = session(tree.county)
    came, away = enrol(training, people_of(tree.county, 2))
    mark(training, [came])
    mark(training, [away], half_days(training)[:7])
    close(training)
    for given in ({"checkins": again(came).checkins}, {"exam_score": 100}, {"is_dropped": True}):
        with pytest.raises(DomainError, match="已结班或取消"):
            change(again(away), by=SYSTEM, **given)
    with pytest.raises(DomainError, match="学员不能作废"):
        void(again(came), by=SYSTEM, reason="充数")
    other = session(tree.county, title="焊工班", start=date(2012, 8, 6), end=date(2012, 8, 10))
    (learner,) = enrol(other, people_of(tree.county, 1))
    with pytest.raises(DomainError, match="学员和期次不能改"):
        change(learner, by=SYSTEM, session=training)
    assert change(again(came), by=SYSTEM, cert_no="证001").result == "completed"
    assert numbers(tree.city) == [1, 1, 1]


def test_only_who_completed_gets_a_certificate(tree):
    training = session(tree.county)
    came, away = enrol(training, people_of(tree.county, 2))
    mark(training, [came])
    mark(training, [away], half_days(training)[:7])
    close(training)
    found = {row.pk: forms_of(register_of(Enrolment), again(row)) for row in (came, away)}
    assert [form.title for _, form in found[came.pk]] == ["结业证书"]
    assert found[away.pk] == []


def test_a_course_of_years_is_a_mistyped_date(tree):
    with pytest.raises(DomainError, match="超过一年，请核对日期"):
        session(tree.county, end=date(2102, 5, 18))


def test_a_result_cannot_be_typed_in(tree):
    training = session(tree.county)
    (row,) = enrol(training, people_of(tree.county, 1))
    with pytest.raises(DomainError):
        change(row, by=SYSTEM, result="completed")
    with pytest.raises(DomainError) as refused:
        change(row, by=SYSTEM, cert_no="证001")
    assert refused.value.message == "没有出勤记录，不能发证书。"


def test_sixty_to_a_class(tree):
    training = session(tree.county, plan_count=300)
    people = people_of(tree.county, 61)
    rows = enrol(training, people)
    with pytest.raises(DomainError) as refused:
        perform(training, "start", by=SYSTEM)
    assert refused.value.message == "单班人数超过60人，请划分班次。"
    change(rows[0], by=SYSTEM, class_label="二班")
    assert perform(training, "start", by=SYSTEM).state == "running"


def test_the_last_seat_is_taken_once(tree):
    training = session(tree.county, plan_count=2)
    rows = [
        {"session": training, "person": each, "category": "migrant"}
        for each in people_of(tree.county, 3)
    ]
    outcomes = create_many(Enrolment, rows, by=SYSTEM)
    assert [outcome.error and outcome.error.message for outcome in outcomes] == [
        None,
        None,
        "《电工技能培训班》计划2人，已报满。",
    ]


def test_workers_hear_of_a_session_three_working_days_before(tree):
    made = create(
        TrainingSession,
        by=SYSTEM,
        org=tree.county,
        title="电工技能培训班",
        kind="guidance",
        mode="offline",
        start_on=date(2012, 3, 5),
        end_on=date(2012, 3, 9),
        hours=40,
        plan_count=60,
    )
    with clock.at(date(2012, 3, 1)), pytest.raises(DomainError) as refused:
        perform(made, "announce", by=SYSTEM)
    assert refused.value.message == "开班前须至少提前3个工作日公布报名，最早可于2012-03-06开班。"
    with clock.at(date(2012, 2, 29)):
        perform(made, "announce", by=SYSTEM)


def test_every_day_has_its_sheet_and_everyone_a_result(tree):
    training = session(tree.county)
    (row,) = enrol(training, people_of(tree.county, 1))
    training = perform(training, "start", by=SYSTEM)
    with clock.at(date(2012, 3, 8)):
        with pytest.raises(DomainError) as early:
            perform(training, "finish", by=SYSTEM)
        assert early.value.message == "本期2012-03-09才结束。"
    training = perform(training, "finish", by=SYSTEM)
    with pytest.raises(DomainError) as unmarked:
        perform(training, "close", by=SYSTEM)
    assert unmarked.value.message == "还有1名学员没有考核成绩。"
    mark(training, [row], [half for half in half_days(training) if "03-07" not in half])
    with pytest.raises(DomainError) as missing:
        perform(training, "close", by=SYSTEM)
    assert missing.value.message == "2012-03-07没有签到记录，请先补齐。"
    with acting(SYSTEM):
        note_half(training, "2012-03-07 am", [row.pk], [row.pk], by=SYSTEM)
    perform(training, "close", by=SYSTEM)
    assert again(row).hours_present == 36


def test_nobody_sits_in_two_rooms_at_once(tree):
    (someone,) = people_of(tree.county, 1)
    enrol(session(tree.county), [someone])
    other = session(tree.neighbour, date(2012, 3, 9), date(2012, 3, 13), title="焊工培训班")
    with pytest.raises(DomainError) as refused:
        create(Enrolment, by=SYSTEM, session=other, person=someone, category="migrant")
    assert (
        refused.value.message == "该人员2012-03-05至2012-03-09已参加《电工技能培训班》，时间冲突。"
    )
    enrol(session(tree.neighbour, date(2012, 3, 9), date(2012, 3, 13), mode="online"), [someone])


def test_the_same_occupation_is_paid_once_in_three_years(tree):
    (someone,) = people_of(tree.county, 1)
    paid = {
        "provider": employer(tree.city),
        "licence_to": date(2020, 1, 1),
        "fee_per_head": 300,
    }
    held(tree.county, [someone], **paid)
    autumn = session(tree.neighbour, date(2012, 9, 3), date(2012, 9, 7), title="电工二期", **paid)
    with pytest.raises(DomainError) as refused:
        create(Enrolment, by=SYSTEM, session=autumn, person=someone, category="migrant")
    assert (
        refused.value.message
        == "该学员2012-03-05已在《电工技能培训班》享受同工种补贴，36个月内不得重复。"
    )
    later = session(tree.neighbour, date(2015, 3, 5), date(2015, 3, 6), title="电工三期", **paid)
    enrol(later, [someone])
    free = session(tree.neighbour, date(2012, 9, 10), date(2012, 9, 14), title="不收费")
    enrol(free, [someone])


def test_three_paid_courses_a_year(tree):
    (someone,) = people_of(tree.county, 1)
    paid = {
        "provider": employer(tree.city),
        "licence_to": date(2020, 1, 1),
        "fee_per_head": 300,
    }
    trades = ("电工", "焊工", "车工", "钳工")
    days = [(date(2012, month, 5), date(2012, month, 6)) for month in (3, 4, 5, 6)]
    sessions = [
        session(tree.county, *span, occupation=trade, **paid)
        for trade, span in zip(trades, days, strict=True)
    ]
    for training in sessions[:3]:
        enrol(training, [someone])
    with pytest.raises(DomainError) as refused:
        create(Enrolment, by=SYSTEM, session=sessions[3], person=someone, category="migrant")
    assert refused.value.message == "该学员2012年已参加3期补贴培训，每年最多3期。"


def test_a_provider_needs_a_licence_on_the_first_day(tree):
    with pytest.raises(DomainError) as refused:
        session(tree.county, provider=employer(tree.city), licence_to=date(2012, 3, 4))
    assert "办学许可证在开班日期须有效" in refused.value.message
    with pytest.raises(DomainError) as bare:
        session(tree.county, occupation="")
    assert "技能培训须填写工种和技能等级。" in bare.value.message


def test_a_cancelled_session_frees_its_learners(tree):
    (someone,) = people_of(tree.county, 1)
    training = session(tree.county)
    (row,) = enrol(training, [someone])
    perform(training, "cancel", by=SYSTEM, reason="场地维修")
    assert again(row).result == "dropped"
    enrol(session(tree.neighbour), [someone])
    with pytest.raises(DomainError) as refused:
        create(Enrolment, by=SYSTEM, session=training, person=someone, category="migrant")
    assert refused.value.message == "《电工技能培训班》已取消，不能再报名。"


def test_a_neighbour_neither_enrols_nor_closes(tree):
    training = session(tree.county)
    neighbour = actor_with(Role.COUNTY, org=tree.neighbour)
    with pytest.raises(NotAllowed):
        create(
            Enrolment,
            by=neighbour,
            session=training,
            person=person(tree.neighbour),
            category="migrant",
        )
    station = actor_with(Role.STATION, org=tree.county)
    with clock.at(EARLY):
        made = create(
            Enrolment, by=station, session=training, person=person(tree.county), category="migrant"
        )
    assert made.enrolled_on == EARLY
    running = perform(training, "start", by=station)
    mark(training, [made])
    waiting = perform(running, "finish", by=station)
    with pytest.raises(NotAllowed):
        perform(waiting, "close", by=station)


def test_a_provider_is_paid_for_the_heads_that_completed(tree):
    provider = employer(tree.city)
    training = session(
        tree.county, provider=provider, licence_to=date(2020, 1, 1), fee_per_head=300
    )
    rows = enrol(training, people_of(tree.county, 3))
    mark(training, rows[:2])
    mark(training, rows[2:], half_days_of(training, 3))
    fund = fund_of(tree.county, programme="JYPX")
    closed = close(training)
    with pytest.raises(DomainError) as unfunded:
        perform(closed, "ask_for_money", by=SYSTEM)
    assert unfunded.value.message == "请选择支付资金账。"
    closed = perform(closed, "ask_for_money", by=SYSTEM, fund=fund)
    with pytest.raises(DomainError) as held_fast:
        perform(closed, "reopen", by=SYSTEM, reason="成绩有误")
    assert held_fast.value.message == "该期培训费已列入发放批次。"
    line = PayLine._unscoped.get(source_id=closed.pk)
    assert (line.employer, line.amount) == (provider, Decimal(600))
    paid(closed)
    settled = again(closed)
    assert (settled.state, settled.settled_on, settled.settled_amount) == ("settled", LATE, 600)
    assert numbers(tree.city) == [1, 2, 2]


def test_a_session_whose_fee_came_back_may_ask_for_it_again(tree):
    training = session(
        tree.county,
        provider=employer(tree.city),
        licence_to=date(2020, 1, 1),
        fee_per_head=300,
    )
    mark(training, enrol(training, people_of(tree.county, 2)))
    fund = fund_of(tree.county, programme="JYPX")
    closed = perform(close(training), "ask_for_money", by=SYSTEM, fund=fund)
    line = paid(closed)
    assert again(closed).state == "settled"
    come_back(line, 600, "多收")
    found = again(closed)
    assert (found.state, found.settled_on, found.settled_amount) == ("closed", None, None)
    assert numbers(tree.city) == [1, 2, 2]
    perform(found, "ask_for_money", by=SYSTEM, fund=fund)
    second = paid(found)
    assert (second.amount, again(closed).state) == (600, "settled")


def paid(training):
    """The fee of a session, paid."""
    line = PayLine._unscoped.get(source_id=training.pk, state="draft")
    batch = change(PayBatch._unscoped.get(pk=line.batch_id), by=SYSTEM, form="service")
    for action in ("check", "submit", "dept_review", "finance_approve", "send"):
        batch = perform(batch, action, by=SYSTEM)
    return perform(again(line), "pay", by=SYSTEM, paid_on=LATE)


def half_days_of(training, count):
    """The first half-days of a session."""
    with acting(SYSTEM):
        return half_days(training)[:count]


def test_no_head_is_paid_that_did_not_complete(tree):
    provider = employer(tree.city)
    training = session(
        tree.county, provider=provider, licence_to=date(2020, 1, 1), fee_per_head=300
    )
    mark(training, enrol(training, people_of(tree.county, 1)))
    closed = perform(
        close(training), "ask_for_money", by=SYSTEM, fund=fund_of(tree.county, programme="JYPX")
    )
    line = PayLine._unscoped.get(source_id=closed.pk)
    with by_rule():
        change(line, by=SYSTEM, amount=600)
    batch = change(PayBatch._unscoped.get(pk=line.batch_id), by=SYSTEM, form="service")
    with pytest.raises(DomainError) as refused:
        perform(batch, "check", by=SYSTEM)
    assert "应付300.00元（结业人数乘以每人培训费）" in refused.value.message
