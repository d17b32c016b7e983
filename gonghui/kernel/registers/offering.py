"""Records that a union issues for those below it: standards, classes and the like."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from gonghui.kernel.access.scope import current_actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org


def offered(model: type[Any]) -> QuerySet[Any]:
    """Live records in the actor's scope, and those of the unions above the ones he works at.

    Only for registers whose records are meant for everybody below: for `choose_from` and sheets.
    """
    actor = current_actor()
    rows: QuerySet[Any] = unscoped(model).filter(voided_at=None)
    if actor.whole_city:
        return rows
    own = unscoped(Org).filter(pk__in=[held.org_id for held in actor.working])
    above = {pk for org in own for pk in org.chain}
    return rows.filter(org_id__in=[*actor.org_ids, *above])
