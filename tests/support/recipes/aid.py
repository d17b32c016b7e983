"""Recipes of the line aid."""

from __future__ import annotations

from datetime import date

from tests.lines.aid.making import draft, filed, plaqued
from tests.support.making import recipe


@recipe("aid.station")
def station(org):
    return {"kind": "employer_station", "services": ["hardship"], "standards": []}


@recipe("aid.economic_assessment")
def economic_assessment(org):
    return {"period_from": date(2011, 7, 1), "period_to": date(2012, 6, 30)}


@recipe("aid.hardship_file")
def hardship_file(org):
    return {"is_legacy": False, "check_waiver": "示例", "consent_on": date(2012, 3, 1)}


@recipe("aid.grant")
def grant(org):
    return {"kind": "LSJZ"}


@recipe("aid.medical_aid")
def medical_aid(org):
    return {"total_cost": 100, "insurance_paid": 0, "mutual_paid": 0, "other_paid": 0}


@recipe("aid.study_aid")
def study_aid(org):
    return {"entry_year": 2012}


@recipe("aid.hospital_discount")
def hospital_discount(org):
    return {"percent": 10}


@recipe("aid.hospital_benefit")
def hospital_benefit(org):
    """A member of a household on file, in a hospital with its plaque."""
    return {
        "hospital": plaqued(org),
        "person": filed(org).household.head,
        "visit_on": date(2012, 5, 4),
        "total": 100,
        "discount": 10,
    }


@recipe("aid.cross_check_row")
def cross_check_row(org):
    """A member of a household that gave its consent, about whom 民政 is asked."""
    file = draft(org)
    return {"file": file, "person": file.head, "item": "dibao"}
