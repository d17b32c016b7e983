"""Recipes of the line members."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from gonghui.base.identity import make_id_number
from tests.support.making import DAY, linked, recipe
from tests.support.orgs import another_union

_count = itertools.count(1)


@recipe("members.person")
def person(org):
    return {"id_no": make_id_number("410402", date(1970, 1, 1) + timedelta(next(_count) % 9000), 1)}


@recipe("members.membership")
def membership(org):
    return {"joined_on": DAY, "employ_kind": "contract"}


@recipe("members.membership_transfer")
def transfer(org):
    return {
        "membership": linked("members.membership", org),
        "to_org": another_union(org),
        "initiator": "self",
        "reason": "employer",
    }


@recipe("members.entrust_agreement")
def agreement(org):
    return {"user_org": another_union(org)}


@recipe("members.member_declaration")
def declaration(org):
    return {"employees": 100, "members": 90}


@recipe("members.roster_difference")
def difference(org):
    return {"kind": "fresh", "id_no": make_id_number("410402", DAY.replace(year=1980), 1)}
