"""Recipes of the line goals."""

from __future__ import annotations

from datetime import date

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org, OrgLevel
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


@recipe("goals.practical_matter")
def matter(org):
    taken = register_of("goals.practical_matter").model._unscoped.filter(org=org).count()
    return {"year": 2012 + taken // 12, "seq": taken % 12 + 1}


@recipe("goals.matter_part")
def part(org):
    target = _of_milestones(org)
    matter = make(register_of("goals.practical_matter"), org=org, year=target.year)
    return {"matter": matter, "target": target, "weight": 100}


@recipe("goals.milestone")
def milestone(org):
    return {"target": _of_milestones(org), "weight": 10, "due_on": date(2012, 6, 30)}


@recipe("goals.supervision_item")
def supervision_item(org):
    return {"source_kind": "meeting"}


@recipe("goals.assessment_scheme")
def scheme(org):
    taken = register_of("goals.assessment_scheme").model._unscoped.filter(org=org).count()
    return {"year": 2030 + taken // 2, "level": ("county", "industry")[taken % 2]}


@recipe("goals.assessed_unit")
def assessed_unit(org):
    return {"scheme": _scheme(org), "unit": _county(org)}


@recipe("goals.assessment_item")
def assessment_item(org):
    return {"indicator": "sample.visits", "weight": 10}


@recipe("goals.veto_event")
def veto_event(org):
    made = _scheme(org)
    unit = _county(org)
    make(register_of("goals.assessed_unit"), org=org, scheme=made, unit=unit)
    items = register_of("goals.assessment_item")
    make(items, org=org, scheme=made, weight=100)
    veto = make(items, org=org, scheme=made, formula="veto", weight=0, seq=2)
    with acting(SYSTEM):
        perform(perform(made, "consult", by=SYSTEM), "publish", by=SYSTEM)
    return {"scheme": made, "item": veto, "unit": unit}


@recipe("goals.assessment_score")
def assessment_score(org):
    return {"item": linked("goals.assessment_item", org)}


@recipe("goals.score_appeal")
def score_appeal(org):
    return {"score": make(register_of("goals.assessment_score"), org=org)}


def _scheme(org):
    schemes = register_of("goals.assessment_scheme").model._unscoped.filter(org=org)
    year = 2030 + schemes.count()
    more = {"level": "county", "year": year, "plan_filed_no": "备〔2030〕1号"}
    return make(register_of("goals.assessment_scheme"), org=org, **more)


def _county(org):
    with acting(SYSTEM):
        return Org.objects.filter(level=OrgLevel.COUNTY).first() or org


def _of_milestones(org):
    more = {"kind": "milestone", "indicator": "", "value": 1, "window_from": date(2012, 1, 1)}
    return make(register_of("goals.target"), org=org, **more)
