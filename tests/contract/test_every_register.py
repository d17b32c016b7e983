"""What holds for every declared register, by introspection; a new declaration is tested at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.records import history
from gonghui.kernel.records.fields import Pii, SealedField, pii_of
from gonghui.kernel.registers.declare import VERBS
from gonghui.kernel.registers.permission import may, roles_for
from gonghui.kernel.registers.registry import all_registers
from gonghui.kernel.registers.write import change, create, perform, void
from tests.support import recipes
from tests.support.making import make, values_for
from tests.support.orgs import actor_with

assert recipes  # importing it declares what single registers need

every_register = pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.key)
with_workflow = pytest.mark.parametrize(
    "register", [r for r in all_registers() if r.workflow], ids=lambda r: r.key
)
own_rows = pytest.mark.parametrize(
    "register",
    [r for r in all_registers() if r.model.scope_column == "org"],
    ids=lambda r: r.key,
)


def test_declared_fields_exist():
    for register in all_registers():
        names = {f.name for f in register.model._meta.get_fields()}
        for name in (*register.columns, *register.filters, *register.form_fields):
            assert name in names or hasattr(register.model, name), (register.key, name)
        for path in register.search:
            assert path.split("__")[0] in names, (register.key, path)
        if register.workflow is not None and register.workflow.waits_for:
            assert register.workflow.waits_for in names, register.key


@every_register
def test_the_model_says_what_it_is(register):
    assert (register.model.__doc__ or "").strip()
    assert not register.model.__doc__.startswith(f"{register.model.__name__}(")
    assert register.title != register.model._meta.object_name.lower()


@every_register
def test_every_field_has_a_label_and_a_privacy_class(register):
    for field in register.model._meta.concrete_fields:
        assert pii_of(field) in Pii
        if field.editable and not field.primary_key:
            assert any("一" <= letter <= "鿿" for letter in str(field.verbose_name)), field.name
        if isinstance(field, SealedField):
            assert pii_of(field) is Pii.SENSITIVE


@own_rows
def test_rows_outside_the_subtree_do_not_exist(register, tree):
    theirs = make(register, org=tree.neighbour_union)
    mine = make(register, org=tree.union)
    county = actor_with(Role.COUNTY, org=tree.county)
    with acting(county):
        seen = set(register.model.objects.values_list("pk", flat=True))
        assert mine.pk in seen
        assert theirs.pk not in seen
        assert register.model.objects.filter(pk=theirs.pk).count() == 0
        assert register.model.objects.filter(pk=theirs.pk).update(void_reason="") == 0


@own_rows
def test_a_neighbour_can_neither_change_nor_void(register, tree):
    record = make(register, org=tree.union)
    versions = len(history.versions_of(record))
    record = register.model._unscoped.get(pk=record.pk)
    neighbour = actor_with(Role.COUNTY, Role.STATION, Role.BASIC, org=tree.neighbour)
    for attempt in (
        lambda: change(record, by=neighbour),
        lambda: void(record, by=neighbour, reason="试"),
    ):
        with pytest.raises(DomainError) as refused:
            attempt()
        assert refused.value.code == "not_found"
    assert register.model._unscoped.get(pk=record.pk).version == record.version
    assert len(history.versions_of(record)) == versions


@own_rows
def test_each_role_has_the_declared_verbs_and_no_other(register, tree):
    values = values_for(register, tree.union)
    before = register.model._unscoped.count()
    for role in Role:
        actor = actor_with(role, org=tree.city)
        for verb in VERBS:
            assert may(actor, verb, register, tree.union.pk) is (role in roles_for(verb, register))
        added = 0
        with transaction.atomic():
            if role in roles_for("add", register):
                create(register.model, by=actor, **values)
                added = 1
            else:
                with pytest.raises(NotAllowed):
                    create(register.model, by=actor, **values)
            assert register.model._unscoped.count() == before + added, role
            transaction.set_rollback(True)


@every_register
def test_each_write_leaves_one_version_with_its_actor(register, tree):
    record = make(register, org=tree.union)
    made = [v for v in history.versions_of(record) if v.verb == "create" and v.changed]
    assert len(made) == 1
    voided = void(record, by=SYSTEM, reason="登记错误")
    versions = history.versions_of(voided)
    assert (versions[-1].verb, versions[-1].reason) == ("void", "登记错误")
    assert sum(v.verb == "void" for v in versions) == 1


@every_register
def test_a_voided_record_takes_no_more_writes(register, tree):
    record = void(make(register, org=tree.union), by=SYSTEM, reason="登记错误")
    with pytest.raises(Conflict):
        void(record, by=SYSTEM, reason="再来")


@every_register
def test_of_two_rivals_one_wins(register, tree):
    record = make(register, org=tree.union)
    seen = register.model._unscoped.get(pk=record.pk).version
    void(record, by=SYSTEM, reason="先到", version=seen)
    with pytest.raises(Conflict):
        void(record, by=SYSTEM, reason="后到", version=seen)
    assert register.model._unscoped.get(pk=record.pk).void_reason == "先到"


@with_workflow
def test_undeclared_actions_are_refused(register, tree):
    record = make(register, org=tree.union)
    record.refresh_from_db()
    for transition in register.workflow.transitions:
        if record.state in transition.sources:
            continue
        with pytest.raises(DomainError):
            perform(record, transition.name, by=SYSTEM, reason="试")
    assert register.model._unscoped.get(pk=record.pk).state == record.state


@with_workflow
def test_the_database_refuses_an_undeclared_state(register, tree):
    record = make(register, org=tree.union)
    record.refresh_from_db()
    for state in register.workflow.states:
        if state.code == record.state:
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            register.model._unscoped.filter(pk=record.pk).update(state=state.code)


@with_workflow
def test_transitions_lead_between_declared_states(register):
    codes = {state.code for state in register.workflow.states}
    names = [t.name for t in register.workflow.transitions]
    assert len(names) == len(set(names))
    for transition in register.workflow.transitions:
        assert transition.target in codes
        assert set(transition.sources) <= codes
        known = {"create", *names}
        assert set(transition.unlike) <= known


@every_register
def test_the_ledger_agrees_with_the_records_after_writes(register, tree):
    first = make(register, org=tree.union)
    make(register, org=tree.neighbour_union)
    void(first, by=SYSTEM, reason="登记错误")
    report = verify([i.code for i in register.indicators if i.is_posted])
    assert report.differing == ()
