"""Recipes of the line women."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from gonghui.base.identity import make_id_number
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.women.models import ScreeningSession
from tests.support.making import linked, recipe
from tests.support.orgs import another_union, user_with

_count = itertools.count(1)


@recipe("women.lecture")
def lecture(org):
    return {"title": f"示例讲座{next(_count)}", "start_at": "09:30", "place": f"{org}会议室"}


def woman(org, name="示例女工"):
    """A woman with a fresh number."""
    born_on = date(1965, 1, 1) + timedelta(next(_count) % 9000)
    number = make_id_number("410403", born_on, 2 * (next(_count) % 400))
    return create(Person, by=SYSTEM, org=org, name=name, id_no=number)


def open_session(org, **values) -> ScreeningSession:
    """A session that takes names."""
    with acting(SYSTEM):
        made = create(
            ScreeningSession,
            by=SYSTEM,
            **{
                "org": org,
                "title": f"示例批次{next(_count)}",
                "hospital": linked("orgs.employer", org),
                "items": ["breast", "cervix"],
                "date_from": date(2012, 3, 1),
                "date_to": date(2012, 6, 30),
                "quota": 50,
                **values,
            },
        )
        return perform(made, "open", by=SYSTEM)


@recipe("women.screening_session")
def session(org):
    return {"date_from": date(2012, 3, 1), "date_to": date(2012, 6, 30), "quota": 50}


@recipe("women.screening_handler")
def handler(org):
    return {"username": user_with("county", org=org).username}


@recipe("women.screening_record")
def record(org):
    with acting(SYSTEM):
        return {"session": open_session(org), "person": woman(org), "basis": "member"}


@recipe("women.inspection_member")
def member(org):
    return {"person": woman(another_union(org))}
