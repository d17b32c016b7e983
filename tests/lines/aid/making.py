"""Households and files for tests, made through the verbs."""

from __future__ import annotations

from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.aid.models import (
    AssessmentItem,
    CrossCheck,
    CrossCheckRow,
    EconomicAssessment,
    HardshipFile,
    HospitalDiscount,
    LoveHospital,
)
from gonghui.lines.aid.models.cross_check import Agency
from tests.lines.members.making import employer, person
from tests.support.orgs import actor_with, user_with


def home(org, head=None):
    """A household of one."""
    return create(Household, by=SYSTEM, org=org, head=head or person(org))


def joins(household, who, kinship="child", **values):
    """A person comes into a household."""
    return create(
        HouseholdMember,
        by=SYSTEM,
        **{
            "org": household.org,
            "household": household,
            "person": who,
            "kinship": kinship,
            "valid_from": clock.today(),
            **values,
        },
    )


def draft(org, household=None, *, by=SYSTEM, **values):
    """A file that is being written."""
    return create(
        HardshipFile,
        by=by,
        **{
            "org": org,
            "household": household or home(org),
            "tier": "city",
            "identity_class": "laid_off",
            "cause_main": "illness",
            "consent_on": date(2012, 3, 1),
            **values,
        },
    )


def surveyor(org, number):
    """The username of an account of an office that visits households."""
    username = f"surveyor-{org.pk}-{number}"
    if not User.objects.filter(username=username).exists():
        user_with(Role.BASIC, org=org, username=username)
    return username


def assessment(file, *, by=SYSTEM, **values):
    """A survey of the twelve months before July 2012."""
    return create(
        EconomicAssessment,
        by=by,
        **{
            "org": file.org,
            "file": file,
            "period_from": date(2011, 7, 1),
            "period_to": date(2012, 6, 30),
            "survey_on": date(2012, 7, 2),
            "surveyor_one": surveyor(file.org, 1),
            "surveyor_two": surveyor(file.org, 2),
            **values,
        },
    )


def item(of, kind, amount, **values):
    """One amount of an assessment."""
    return create(
        AssessmentItem,
        by=SYSTEM,
        **{
            "org": of.org,
            "assessment": of,
            "kind": kind,
            "what": "示例项目",
            "amount": amount,
            **values,
        },
    )


def surveyed(tree, *, income=2_400, **values):
    """A file of the union whose survey is confirmed."""
    file = draft(tree.union, **values)
    file = perform(
        perform(file, "submit", by=actor_with(Role.BASIC, org=tree.union)), "accept", by=SYSTEM
    )
    found = assessment(file)
    item(found, "income", income)
    perform(found, "confirm", by=SYSTEM)
    file.refresh_from_db()
    return file


def compared(org, *hits):
    """Every office that must be asked has answered the county; some items of persons were found."""
    for agency in list(Agency)[:5]:
        check = perform(create(CrossCheck, by=SYSTEM, org=org, agency=agency), "collect", by=SYSTEM)
        check = perform(check, "send", by=SYSTEM)
        for who, item in hits:
            row = CrossCheckRow._unscoped.filter(check_batch=check, person=who, item=item).first()
            if row is not None:
                change(row, by=SYSTEM, result="hit", value="示例内容")
        perform(check, "conclude", by=SYSTEM, returned_on=clock.today(), rest_is_clear=True)


def filed(org, household=None, filed_on=date(2011, 5, 1), **values):
    """A file of before the program."""
    return draft(org, household, is_legacy=True, filed_on=filed_on, **values)


def hospital(org, **values):
    """A hospital with which the agreement of 2012 is being talked over."""
    return create(
        LoveHospital,
        by=SYSTEM,
        **{
            "org": org,
            "employer": employer(org),
            "level": "third",
            "agreement_from": date(2012, 1, 1),
            "agreement_to": date(2012, 12, 31),
            **values,
        },
    )


def discount(of, percent, item="examination"):
    """A hospital charges less for something."""
    return create(HospitalDiscount, by=SYSTEM, org=of.org, hospital=of, item=item, percent=percent)


def plaqued(org, percent=20, **values):
    """A hospital with its plaque since March 2012."""
    made = hospital(org, **values)
    discount(made, percent)
    return perform(made, "plaque", by=SYSTEM, plaque_on=date(2012, 3, 1))
