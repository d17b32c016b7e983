"""What valid records of the targets need beyond their fields."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import perform
from gonghui.lines.goals.models import Issuer, PlanBook, Target
from tests.support.making import make, recipe


def person_of(org: Org) -> Person:
    """Somebody who answers for a target."""
    now = clock.now()
    return Person._unscoped.create(org=org, name="示例领导", created_at=now, changed_at=now)


@recipe("goals.plan_book")
def plan_book(org: Org) -> dict[str, Any]:
    with acting(SYSTEM):
        batch = PlanBook.objects.filter(org=org).count() + 1
    return {"year": 2012, "issuer": Issuer.CITY, "batch": batch}


@recipe("goals.target")
def target(org: Org) -> dict[str, Any]:
    return {
        "kind": "flow",
        "indicator": "sample.visits",
        "value": Decimal(10),
        "window_from": date(2012, 1, 1),
        "due_on": date(2012, 12, 31),
        "leader_person": person_of(org),
    }


@recipe("goals.target_revision")
def target_revision(org: Org) -> dict[str, Any]:
    made: Target = make(register_of(Target), org=org)
    perform(made.plan, "consult", by=SYSTEM)
    perform(made.plan, "issue", by=SYSTEM, doc_no="示例〔2012〕1号")
    return {"target": made, "new_value": Decimal(8), "effective_from": date(2012, 10, 1)}
