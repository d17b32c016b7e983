"""The four verbs over the sample line."""

from dataclasses import replace
from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed, Outdated
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, ScopeMissing, acting
from gonghui.kernel.records import history, sealing
from gonghui.kernel.records.models import History
from gonghui.kernel.records.triggers import broken_links
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.declare import Reaction
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.todo import open_tasks
from gonghui.kernel.registers.write import (
    change,
    change_many,
    create,
    create_many,
    perform,
    perform_many,
    void,
    void_many,
)
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.kernel.workflow.models import Task
from tests.support.orgs import actor_with
from tests.support.sample.models import Station, Visit

_DONE = State("done", "办结", is_final=True)
_FINISH = Transition("finish", "办结", move=("draft", "done"), by=(Role.BASIC,))


@pytest.fixture
def basic(tree):
    return actor_with(Role.BASIC, org=tree.union)


@pytest.fixture
def county(tree):
    return actor_with(Role.COUNTY, org=tree.county)


@pytest.fixture
def neighbour(tree):
    return actor_with(Role.COUNTY, org=tree.neighbour)


def test_a_record_is_created_with_number_state_version_and_history(tree, basic):
    with clock.at(date(2012, 3, 1)):
        visit = create(
            Visit, by=basic, org=tree.union, title="走访甲厂", visited_on=date(2012, 2, 28)
        )
    assert (visit.number, visit.state, visit.version) == ("走访-2012-0001", "draft", 1)
    (version,) = history.versions_of(visit)
    assert (version.verb, version.actor_id) == ("create", basic.user_id)
    assert version.at == clock.start_of(date(2012, 3, 1)).replace(hour=9)
    assert broken_links() == []


@pytest.mark.parametrize("day", [date.max, date.min])
def test_a_mistyped_year_is_told_at_its_field(tree, basic, day):
    with pytest.raises(DomainError, match="请核对日期") as refused:
        create(Visit, by=basic, org=tree.union, visited_on=day)
    assert refused.value.field == "visited_on"


def test_a_neighbour_may_not_create_in_another_county(tree, neighbour):
    with pytest.raises(NotAllowed):
        create(Visit, by=neighbour, org=tree.union, title="走访")
    assert Visit._unscoped.count() == 0


def test_a_query_without_a_scope_is_refused(tree):
    with pytest.raises(ScopeMissing):
        Visit.objects.count()


def test_rows_of_a_neighbour_do_not_exist(tree, basic, neighbour):
    create(Visit, by=basic, org=tree.union, title="走访")
    with acting(neighbour):
        assert Visit.objects.count() == 0
        assert not Visit.objects.filter(title="走访").exists()
    with acting(basic):
        assert Visit.objects.count() == 1


def test_missing_and_wrong_fields_are_told_together(tree, basic):
    with pytest.raises(Invalid) as error:
        create(Visit, by=basic, org=tree.union, title="", mood="无")
    assert set(error.value.errors) == {"title", "mood"}
    assert error.value.errors["title"] == ["请填写事由。"]


def test_an_unknown_field_is_refused(tree, basic):
    with pytest.raises(DomainError):
        create(Visit, by=basic, org=tree.union, title="走访", state="confirmed")


def test_change_raises_the_version_and_keeps_both_in_history(tree, basic):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    changed = change(visit, by=basic, version=1, title="回访")
    assert (changed.version, changed.title) == (2, "回访")
    first, second = history.versions_of(visit)
    assert second.changed == {"title": ("走访", "回访")}
    assert first.row["title"] == "走访"


def test_saving_without_a_difference_writes_no_version(tree, basic):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    assert change(visit, by=basic, title="走访").version == 1
    assert History.objects.filter(table="sample_visit").count() == 1


def test_an_outdated_change_says_what_the_rival_changed(tree, basic, county):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    change(visit, by=county, version=1, title="县里改")
    with pytest.raises(Outdated) as error:
        change(visit, by=basic, version=1, title="我改")
    assert error.value.details["title"] == ("走访", "县里改")
    assert Visit._unscoped.get().title == "县里改"


def test_another_countys_record_is_not_found(tree, basic, neighbour):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    with pytest.raises(DomainError) as error:
        change(visit, by=neighbour, title="乱改")
    assert error.value.code == "not_found"
    assert Visit._unscoped.get().title == "走访"


def test_the_workflow_runs_and_the_todo_list_follows(tree, basic, county):
    visit = create(Visit, by=basic, org=tree.union, title="走访", visited_on=date(2012, 3, 1))
    perform(visit, "submit", by=basic)
    task = Task._unscoped.get(closed_at=None)
    assert (task.state, task.roles, task.org_id) == ("review", ["county", "station"], tree.union.pk)
    done = perform(visit, "confirm", by=county)
    assert done.state == "confirmed"
    assert Task._unscoped.filter(closed_at=None).count() == 0


def test_due_days_come_from_the_parameter(tree, basic):
    with clock.at(date(2012, 3, 1)):
        visit = create(Visit, by=basic, org=tree.union, title="走访")
        perform(visit, "submit", by=basic)
    assert Task._unscoped.get(closed_at=None).due_on == date(2012, 3, 8)


def test_a_deadline_may_be_a_date_of_the_record(tree, basic):
    register = register_of("sample.visit")
    dated = replace(
        register,
        workflow=Workflow(
            states=(State("draft", "草稿", due_on="visited_on"), _DONE), transitions=(_FINISH,)
        ),
    )
    visit = create(Visit, by=basic, org=tree.union, title="走访", visited_on=date(2012, 3, 9))
    Task._unscoped.all().delete()
    open_tasks(dated, [visit], SYSTEM)
    assert Task._unscoped.get().due_on == date(2012, 3, 9)


def test_nobody_is_asked_to_end_a_state_in_which_a_record_rests(tree, basic):
    resting = replace(
        register_of("sample.visit"),
        workflow=Workflow(
            states=(State("draft", "在用", rests=True), _DONE), transitions=(_FINISH,)
        ),
    )
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    Task._unscoped.all().delete()
    open_tasks(resting, [visit], SYSTEM)
    assert not Task._unscoped.exists()


def test_the_wrong_role_and_the_wrong_state_are_refused(tree, basic, county):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    with pytest.raises(Conflict):
        perform(visit, "confirm", by=county)
    perform(visit, "submit", by=basic)
    with pytest.raises(NotAllowed):
        perform(visit, "confirm", by=basic)
    assert Visit._unscoped.get().state == "review"


def test_the_guard_stops_and_names_the_field(tree, basic, county):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    perform(visit, "submit", by=basic)
    with pytest.raises(DomainError) as error:
        perform(visit, "confirm", by=county)
    assert error.value.field == "visited_on"
    assert perform(visit, "confirm", by=county, visited_on=date(2012, 1, 5)).state == "confirmed"


def test_whoever_submitted_may_not_confirm(tree):
    both = actor_with(Role.STATION, org=tree.township)
    visit = create(Visit, by=both, org=tree.union, title="走访", visited_on=date(2012, 3, 1))
    perform(visit, "submit", by=both)
    with pytest.raises(NotAllowed):
        perform(visit, "confirm", by=both)
    other = actor_with(Role.STATION, org=tree.township)
    assert perform(visit, "confirm", by=other).state == "confirmed"


def test_returning_needs_a_reason(tree, basic, county):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    perform(visit, "submit", by=basic)
    with pytest.raises(DomainError):
        perform(visit, "return", by=county)
    perform(visit, "return", by=county, reason="日期不对")
    assert history.versions_of(visit)[-1].reason == "日期不对"


def test_the_database_refuses_an_undeclared_change_of_state(tree, basic):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit._unscoped.filter(pk=visit.pk).update(state="confirmed")
    jump = "SELECT set_config('gonghui.verb', 'perform:confirm', true); UPDATE sample_visit SET state = 'confirmed'"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(jump)


def test_history_cannot_be_rewritten(tree, basic):
    create(Visit, by=basic, org=tree.union, title="走访")
    with pytest.raises(IntegrityError), transaction.atomic():
        History.objects.update(reason="改写")


def test_void_needs_a_reason_and_ends_the_record(tree, basic):
    visit = create(Visit, by=basic, org=tree.union, title="走访")
    with pytest.raises(DomainError):
        void(visit, by=basic, reason=" ")
    assert void(visit, by=basic, reason="重复登记").void_reason == "重复登记"
    with pytest.raises(Conflict):
        change(visit, by=basic, title="又改")


def test_a_register_may_refuse_a_void_and_take_back_what_followed(tree, basic, monkeypatch):
    followed = []

    def look(visit):
        if visit.people:
            raise DomainError("已有签到，不能作废。")

    declared = replace(
        register_of(Visit),
        may_be_voided=look,
        after_void_many=lambda visits, by: followed.append((len(visits), by)),
    )
    monkeypatch.setitem(registry._by_model, Visit, declared)
    told = Reaction("sample.visit", "void", lambda visits, by: followed.append(("told", by)))
    monkeypatch.setitem(
        registry._by_key, "sample.station", replace(register_of(Station), reacts=(told,))
    )
    visits = [create(Visit, by=basic, org=tree.union, title="走访", people=n) for n in (0, 3)]
    outcomes = void_many(visits, by=basic, reason="重复登记")
    assert [str(outcome.error or "") for outcome in outcomes] == ["", "已有签到，不能作废。"]
    assert followed == [(1, basic), ("told", basic)]
    assert Visit._unscoped.get(pk=visits[1].pk).voided_at is None


def test_many_rows_give_one_outcome_each(tree, basic):
    rows = [{"org": tree.union, "title": f"走访{i}"} for i in range(5)] + [
        {"org": tree.union, "title": ""}
    ]
    outcomes = create_many(Visit, rows, by=basic)
    assert [o.error is None for o in outcomes] == [True] * 5 + [False]
    assert [o.record.number[-4:] for o in outcomes[:5]] == ["0001", "0002", "0003", "0004", "0005"]
    moved = perform_many([o.record for o in outcomes[:5]], "submit", by=basic)
    assert {o.record.state for o in moved} == {"review"}
    changed = change_many([(o.record, {"people": 3}) for o in moved], by=basic)
    assert {o.record.people for o in changed} == {3}
    assert Visit._unscoped.filter(people=3, version=3).count() == 5


def test_what_an_action_asks_for_may_differ_by_record(tree, basic, county):
    rows = [{"org": tree.union, "title": f"走访{n}"} for n in range(3)]
    visits = must(create_many(Visit, rows, by=basic))
    visits = must(perform_many(visits, "submit", by=basic))
    days = [{"visited_on": date(2012, 1, 5)}, {}, {"visited_on": date(2012, 1, 7)}]
    outcomes = perform_many(visits, "confirm", by=county, each=days)
    assert [o.error is None for o in outcomes] == [True, False, True]
    assert outcomes[1].error.field == "visited_on"
    assert [o.record.visited_on for o in outcomes if o.record] == [
        date(2012, 1, 5),
        date(2012, 1, 7),
    ]
    (refused,) = perform_many(visits[1:2], "confirm", by=county, each=[{"title": "别的"}])
    assert "title" in refused.error.message


def test_a_guard_of_sets_stops_single_rows_before_they_move(tree, basic, monkeypatch):
    seen = []

    def guard(visits):
        seen.append([(visit.title, visit.state) for visit in visits])
        return {1: DomainError("请先补齐。", field="people")}

    register = register_of(Visit)
    move = Transition(
        "submit", "上报", move=("draft", "review"), by=(Role.BASIC,), guard_many=guard
    )
    guarded = replace(register.workflow, transitions=(move,))
    monkeypatch.setitem(registry._by_model, Visit, replace(register, workflow=guarded))
    visits = must(
        create_many(Visit, [{"org": tree.union, "title": str(n)} for n in range(3)], by=basic)
    )
    outcomes = perform_many(visits, "submit", by=basic)
    assert seen == [[("0", "draft"), ("1", "draft"), ("2", "draft")]]
    assert [str(o.error or "") for o in outcomes] == ["", "请先补齐。", ""]
    states = Visit._unscoped.order_by("title").values_list("state", flat=True)
    assert list(states) == ["review", "draft", "review"]


def test_duplicates_are_found_in_the_batch_and_in_the_city(tree, county, neighbour):
    create(Station, by=neighbour, org=tree.neighbour_union, name="一站")
    rows = [{"org": tree.union, "name": n} for n in ("一站", "二站", "二站")]
    outcomes = create_many(Station, rows, by=county)
    assert [str(o.error or "") for o in outcomes] == ["已有同名的站点。", "", "已有同名的站点。"]


def test_a_rejected_row_leaves_no_gap_in_the_numbers(tree, basic):
    create_many(Visit, [{"org": tree.union, "title": t} for t in ("一", "", "二")], by=basic)
    assert sorted(Visit._unscoped.values_list("title", "number")) == [
        ("一", f"走访-{clock.today().year}-0001"),
        ("二", f"走访-{clock.today().year}-0002"),
    ]


def test_a_secret_is_sealed_hashed_and_bound_to_its_row(tree, basic):
    visit = create(Visit, by=basic, org=tree.union, title="走访", account="6222000011112222")
    other = create(Visit, by=basic, org=tree.union, title="走访", account="6222000011113333")
    stored = Visit._unscoped.get(pk=visit.pk)
    assert b"6222" not in bytes(stored.account)
    assert sealing.opened(stored, "account") == "6222000011112222"
    assert bytes(stored.account_hash) == sealing.keyed_hash("6222 0000 1111 2222")
    Visit._unscoped.filter(pk=other.pk).update(account=stored.account)
    with pytest.raises(InvalidTag):
        sealing.opened(Visit._unscoped.get(pk=other.pk), "account")
    row = history.versions_of(stored)[0].row
    assert "6222000011112222" not in str(row)


def test_the_record_can_be_read_as_of_a_past_day(tree, basic):
    with clock.at(date(2012, 3, 1)):
        visit = create(Visit, by=basic, org=tree.union, title="走访")
    with clock.at(date(2012, 5, 1)):
        change(visit, by=basic, title="回访")
    assert history.row_as_of(visit, clock.end_of(date(2012, 4, 1)))["title"] == "走访"
    assert history.row_as_of(visit, clock.end_of(date(2012, 2, 1))) is None
    assert history.row_as_of(visit, clock.end_of(date(2012, 6, 1)))["title"] == "回访"
