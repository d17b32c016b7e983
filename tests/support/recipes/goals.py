"""Recipes of the line goals."""

from __future__ import annotations

from datetime import date

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import perform
from tests.support.making import linked, make, recipe


@recipe("goals.target")
def target(org):
    return {
        "indicator": "sample.visits",
        "kind": "flow",
        "value": 480,
        "due_on": date(2012, 12, 31),
    }


@recipe("goals.target_revision")
def revision(org):
    plan = linked("goals.plan_book", org)
    made = make(register_of("goals.target"), org=org, plan=plan)
    with acting(SYSTEM):
        perform(perform(plan, "consult", by=SYSTEM), "issue", by=SYSTEM, doc_no="示例〔2012〕1号")
    made.refresh_from_db()
    return {"target": made, "new_value": 500, "effective_from": date(made.year, 7, 1)}
