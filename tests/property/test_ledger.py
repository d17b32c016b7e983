"""Whatever is written, moved, undone and folded in whatever order: every figure is what plain Python says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.ledger.drill import changes, records_of
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.rebuilding import rebuild
from gonghui.kernel.ledger.verify import recount, verify
from gonghui.kernel.orgs.services import move
from tests.support import facts, trees
from tests.support.ledger_model import CODES, Row, Truth
from tests.support.sample.models import Station, Visit

FIRST, LAST = date(2011, 11, 20), date(2012, 4, 10)
BEGUN = datetime(2012, 1, 1, 8, tzinfo=clock.ZONE)

days = st.dates(FIRST, LAST)
amounts = st.none() | st.decimals(0, 1000, places=2)
subjects = st.none() | st.integers(1, 4)
codes = st.sampled_from(CODES)
picks = st.integers(0, 999)
waits = st.sampled_from([0, 1, 8, 24, 480])
facts_of_visits = st.tuples(picks, days, st.booleans(), amounts, subjects)
facts_of_stations = st.tuples(
    picks, days, st.none() | days, st.none() | st.integers(0, 50), subjects
)


def periods() -> st.SearchStrategy[Period]:
    whole = st.sampled_from(
        [Period.month(2012, 1), Period.month(2012, 2), Period.quarter(2012, 1), Period.year(2011)]
    )
    return whole | st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))


class LedgerMachine(RuleBasedStateMachine):
    """Random work on a small tree, beside the truth."""

    tree: trees.Tree

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.moment = BEGUN
        self.truth = Truth()
        for org, above in self.tree.superiors.items():
            if above is not None:
                self.truth.now.superiors[org] = {trees.FOUNDED: above}
        self.records: dict[tuple[str, int], object] = {}
        self.truth.keep(self.moment)

    def teardown(self) -> None:
        facts.mark(None, None)
        self.compare_everything()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def org(self, pick: int):
        return self.tree.all[pick % len(self.tree.all)]

    def tick(self, hours: int):
        """The next moment of writing."""
        self.moment += timedelta(hours=hours, minutes=1)
        return facts.told(self.moment, actor=7)

    def keep(self) -> None:
        self.truth.keep(self.moment)

    @initialize(
        visits=st.lists(facts_of_visits, min_size=4, max_size=8),
        stations=st.lists(facts_of_stations, min_size=3, max_size=5),
    )
    def work_has_begun(self, visits, stations) -> None:
        self.visits_are_entered(visits, 0)
        for pick, opened, closed, seats, place in stations:
            self.a_station_is_entered(pick, opened, closed, seats, place, 8)

    @rule(rows=st.lists(facts_of_visits, min_size=1, max_size=4), hours=waits)
    def visits_are_entered(self, rows, hours) -> None:
        with self.tick(hours):
            made = facts.visits(
                [
                    {
                        "org": self.org(pick),
                        "visited_on": day,
                        "mood": "good" if good else "bad",
                        "amount": amount,
                        "subject_no": subject,
                    }
                    for pick, day, good, amount, subject in rows
                ]
            )
        for record, (pick, day, good, amount, subject) in zip(made, rows, strict=True):
            key = ("visit", record.pk)
            self.records[key] = record
            self.truth.now.rows[key] = Row(
                "visit", self.org(pick).pk, day, amount=amount, subject=subject, good=good
            )
        self.keep()

    @rule(
        pick=picks,
        opened=st.none() | days,
        closed=st.none() | days,
        seats=st.none() | st.integers(0, 50),
        place=subjects,
        hours=waits,
    )
    def a_station_is_entered(self, pick, opened, closed, seats, place, hours) -> None:
        with self.tick(hours):
            record = facts.station(
                self.org(pick),
                opened,
                closed,
                seats=seats,
                place_no=place,
                name=f"站{len(self.records)}-{self.moment}",
            )
        key = ("station", record.pk)
        self.records[key] = record
        amount = None if seats is None else Decimal(seats)
        self.truth.now.rows[key] = Row("station", self.org(pick).pk, opened, closed, amount, place)
        self.keep()

    def pick(self, pick: int) -> tuple[str, int]:
        keys = sorted(self.truth.now.rows)
        return keys[pick % len(keys)]

    @precondition(lambda self: self.truth.now.rows)
    @rule(
        pick=picks,
        org=st.none() | picks,
        start=days,
        end=st.none() | days,
        amount=st.none() | st.integers(0, 99),
        subject=subjects,
        good=st.booleans(),
        hours=waits,
    )
    def a_record_is_changed(self, pick, org, start, end, amount, subject, good, hours) -> None:
        key = self.pick(pick)
        row = self.truth.now.rows[key]
        org_id = row.org if org is None else self.org(org).pk
        decimal = None if amount is None else Decimal(amount)
        if key[0] == "visit":
            values = {
                "visited_on": start,
                "amount": decimal,
                "subject_no": subject,
                "mood": "good" if good else "bad",
            }
            self.truth.change(
                key, org=org_id, start=start, amount=decimal, subject=subject, good=good
            )
        else:
            values = {"opened_on": start, "closed_on": end, "seats": amount, "place_no": subject}
            self.truth.change(
                key, org=org_id, start=start, end=end, amount=decimal, subject=subject
            )
        with self.tick(hours):
            facts.alter(self.records[key], org_id=org_id, **values)
        self.keep()

    @precondition(lambda self: self.truth.now.rows)
    @rule(pick=picks, voided=st.booleans(), hours=waits)
    def a_record_is_voided_or_restored(self, pick, voided, hours) -> None:
        key = self.pick(pick)
        with self.tick(hours):
            facts.alter(self.records[key], voided_at=self.moment if voided else None)
        self.truth.change(key, voided=voided)
        self.keep()

    @precondition(lambda self: self.truth.now.rows)
    @rule(pick=picks, hours=waits)
    def a_record_is_deleted(self, pick, hours) -> None:
        key = self.pick(pick)
        with self.tick(hours):
            facts.erase(self.records[key])
        del self.truth.now.rows[key]
        self.keep()

    @rule(pick=picks, other=picks, hours=waits)
    def all_visits_of_an_org_go_to_another(self, pick, other, hours) -> None:
        with self.tick(hours):
            Visit._unscoped.filter(org=self.org(pick)).update(org=self.org(other))
        for key, row in self.truth.now.rows.items():
            if row.kind == "visit" and row.org == self.org(pick).pk:
                self.truth.change(key, org=self.org(other).pk)
        self.keep()

    @rule(pick=picks, day=days, hours=waits)
    def something_is_rolled_back(self, pick, day, hours) -> None:
        with self.tick(hours), transaction.atomic():
            facts.visit(self.org(pick), day, mood="good", amount=1, subject_no=1)
            Station._unscoped.update(seats=1)
            transaction.set_rollback(True)
        self.keep()

    @rule(pick=picks, other=picks, on=days | st.just(date(1999, 5, 1)), hours=waits)
    def an_org_is_moved(self, pick, other, on, hours) -> None:
        org, superior = self.org(pick), self.org(other)
        steps = self.truth.now.superiors.get(org.pk)
        begun = [start for start in steps or {} if start <= on]
        is_allowed = steps is not None and org.pk != superior.pk
        is_allowed = is_allowed and not (begun and steps[max(begun)] == superior.pk)
        if is_allowed:
            self.truth.now.superiors[org.pk] = {**steps, on: superior.pk}
            if self.truth.now.has_circle():
                self.truth.now.superiors[org.pk] = steps
                is_allowed = False
        with self.tick(hours):
            if is_allowed:
                move(org, superior, on, "平工〔2012〕9号")
            else:
                with pytest.raises(DomainError), transaction.atomic():
                    move(org, superior, on, "平工〔2012〕9号")
        self.keep()

    @rule(limit=st.none() | st.integers(1, 5))
    def fresh_differences_are_folded(self, limit) -> None:
        fold(limit)

    @rule(code=codes)
    def an_indicator_is_rebuilt(self, code) -> None:
        assert rebuild(code) == 0

    def moment_of(self, pick: int) -> datetime:
        """One of the moments at which something was written."""
        return self.truth.past[pick % len(self.truth.past)][0]

    @rule(period=periods(), then=st.none() | picks, is_exact=st.booleans())
    def figures_are_asked(self, period, then, is_exact) -> None:
        as_of = None if then is None else self.moment_of(then)
        if as_of is not None and not is_exact:
            as_of = as_of.date()
        self.compare_figures(period, as_of)

    @rule(code=codes, period=periods(), pick=picks, then=st.none() | picks)
    def records_of_a_figure_are_asked(self, code, period, pick, then) -> None:
        as_of = None if then is None else self.moment_of(then)
        org = self.org(pick)
        model = Visit if code in CODES[:3] else Station
        found = records_of(code, org, period, as_of)
        alive = {pk for kind, pk in self.truth.now.rows if kind == model.__name__.lower()}
        expected = self.truth.as_of(as_of).rows_of(code, org.pk, period.start, period.end)
        made = model._unscoped.filter(pk__in=found.record_ids).values_list("pk", flat=True)
        assert sorted(made) == [pk for pk in expected if pk in alive]
        assert found.count() == len(expected)

    @rule(
        code=st.sampled_from([c for c in CODES if c not in ("sample.visited", "sample.places")]),
        period=periods(),
        pick=picks,
        first=picks,
        more=st.none() | picks,
    )
    def changes_explain_a_difference(self, code, period, pick, first, more) -> None:
        since = self.moment_of(first)
        until = None if more is None else max(since, self.moment_of(more))
        org = self.org(pick)
        before = self.truth.as_of(since).figure(code, org.pk, period.start, period.end)
        after = self.truth.as_of(until).figure(code, org.pk, period.start, period.end)
        found = changes(code, org, period, since, until)
        assert sum((change.value for change in found), Decimal(0)) == after - before

    def compare_figures(self, period: Period, as_of: date | datetime | None) -> None:
        """Every code at every organisation."""
        state = self.truth.as_of(as_of)
        told = {
            key: each.value for key, each in figures(CODES, self.tree.all, period, as_of).items()
        }
        assert told == {
            (code, org): state.figure(code, org, period.start, period.end) for code, org in told
        }, (period, as_of)

    def compare_everything(self) -> None:
        """Every figure, now and at earlier times, before and after folding; then all of the books."""
        windows = [Period.quarter(2012, 1), Period(date(2012, 1, 20), date(2012, 2, 29))]
        moments = [self.moment_of(pick) for pick in range(0, len(self.truth.past), 5)]
        for period in windows:
            self.compare_figures(period, None)
        fold()
        for period in windows:
            for as_of in (None, *moments, *(moment.date() for moment in moments)):
                self.compare_figures(period, as_of)
            for code in CODES:
                expected = self.truth.now.figure(code, self.tree.city.pk, period.start, period.end)
                assert recount(code, self.tree.city, period) == expected
        assert verify().differing == ()


def test_figures_follow_every_write_move_and_fold(db):
    LedgerMachine.tree = trees.small()
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            database=None,
        ),
    )
