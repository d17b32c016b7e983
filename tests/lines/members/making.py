"""Members for tests, made through the verbs."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import create
from gonghui.lines.members.models import Membership

_sequence = itertools.count(1)
JOINED = date(2012, 3, 1)


def id_number() -> str:
    """A fresh well-formed identity number of an adult."""
    number = next(_sequence)
    born_on = date(1970 + number // 999 % 20, 1 + number % 12, 1 + number % 28)
    return make_id_number("410402", born_on, number % 999)


def person(org, name="示例一", **values):
    """A person with a fresh number."""
    return create(
        Person, by=SYSTEM, **{"org": org, "name": name, "id_no": id_number(), **values}
    )


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


HALF = Period(date(2012, 1, 1), date(2012, 6, 30))
RATE = Decimal("0.860")
