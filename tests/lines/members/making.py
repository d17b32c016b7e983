"""Members for tests, made through the verbs."""

from __future__ import annotations

import itertools
from datetime import date
from types import SimpleNamespace

from gonghui.base import clock
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState
from gonghui.kernel.people.models import Employer, Person
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create
from gonghui.lines.members.models import Membership
from gonghui.lines.members.services.founding import activate_founders
from tests.support.orgs import make_org

_sequence = itertools.count(1)
JOINED = date(2012, 3, 1)


def id_number() -> str:
    """A fresh well-formed identity number of an adult."""
    number = next(_sequence)
    born_on = date(1970 + number // 999 % 20, 1 + number % 12, 1 + number % 28)
    return make_id_number("410402", born_on, number % 999)


def person(org, name="示例一", **values):
    """A person with a fresh number."""
    return create(Person, by=SYSTEM, **{"org": org, "name": name, "id_no": id_number(), **values})


def member(org, joined_on=JOINED, *, by=SYSTEM, **values):
    """A member of a union since a day."""
    return create(
        Membership,
        by=by,
        **{
            "org": org,
            "person": values.pop("person", None) or person(org),
            "joined_on": joined_on,
            "employ_kind": "contract",
            **values,
        },
    )


def employer(org, uscc=None):
    """An employer, written straight to the table: its register is another line's."""
    now = clock.now()
    return Employer._unscoped.create(
        org=org, name="示例用人单位", type="private", uscc=uscc, created_at=now, changed_at=now
    )


def draft_union(tree, name="示例筹备工会"):
    """A union under preparation."""
    org = make_org(name, OrgLevel.BASIC, tree.township, state=OrgState.PREPARING)
    Org._unscoped.filter(pk=org.pk).update(established_on=None)
    org.refresh_from_db()
    return org


def approve(org, approved_on):
    """The union is founded, as its formation tells the other lines."""
    Org._unscoped.filter(pk=org.pk).update(state=OrgState.LIVE, established_on=approved_on)
    with acting(SYSTEM), by_rule():
        activate_founders([SimpleNamespace(org_id=org.pk, approved_on=approved_on)], SYSTEM)


def fresh(record):
    """The record as it stands in the database."""
    with acting(SYSTEM):
        return type(record).objects.get(pk=record.pk)


def memberships(**conditions):
    """Rows in the whole city."""
    with acting(SYSTEM):
        return list(Membership.objects.filter(**conditions).order_by("pk"))


def numbers(org, codes, period):
    """The figures of an org by the last part of their code."""
    found = figures([f"members.{code}" for code in codes], [org], period)
    return {
        code: None if (value := found[f"members.{code}", org.pk].value) is None else int(value)
        for code in codes
    }


def number(org, code, period):
    """One figure."""
    return numbers(org, [code], period)[code]


def on(day):
    """The stretch of one day, for stocks."""
    return Period(day, day)


IDENTITY = (
    "new",
    "opening",
    "restored",
    "transfers_in",
    "transfers_out",
    "retentions",
    "left",
)


def assert_adds_up(org, period):
    """The total at the end is that before plus what came minus what went."""
    before = number(org, "total", on(date.fromordinal(period.start.toordinal() - 1)))
    flows = numbers(org, IDENTITY, period)
    came = flows["new"] + flows["opening"] + flows["restored"] + flows["transfers_in"]
    went = flows["transfers_out"] + flows["retentions"] + flows["left"]
    assert number(org, "total", on(period.end)) == before + came - went
    # The opening stock is no growth.
    assert number(org, "net", period) == came - flows["opening"] - went


HALF = Period(date(2012, 1, 1), date(2012, 6, 30))
