"""Questions to the tree of organisations that several parts of the line ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger.sql import STILL_KNOWN
from gonghui.kernel.orgs.models import Org, OrgAncestry, OrgKind, OrgLevel

APPROVING_LEVELS = frozenset({OrgLevel.CITY, OrgLevel.COUNTY, OrgLevel.INDUSTRY})
APPROVING_ROLES = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)
COVERING_KINDS = (
    OrgKind.SINGLE,
    OrgKind.JOINT,
    OrgKind.ORGANIZER,
    OrgKind.VILLAGE,
    OrgKind.DIRECT,
)


def approvers_for(superiors: Iterable[Org]) -> dict[int, Org]:
    """For each superior the nearest county, industry or city union at or above it."""
    superiors = list(superiors)
    ids = {org_id for org in superiors for org_id in org.chain}
    nodes = Org.objects.filter(level__in=APPROVING_LEVELS).in_bulk(ids)
    found: dict[int, Org] = {}
    for org in superiors:
        above = [nodes[i] for i in reversed(org.chain) if i in nodes]
        if above:
            found[org.pk] = above[0]
    return found


def superiors_of(orgs: Iterable[Org]) -> dict[int, Org]:
    """The superior in force of each organisation that has one."""
    by_org = {org.pk: org.superior_id for org in orgs if org.superior_id is not None}
    rows = Org.objects.in_bulk(set(by_org.values()))
    return {org_id: rows[superior_id] for org_id, superior_id in by_org.items()}


def stat_org_of(org_ids: Iterable[int], day: date) -> dict[int, int]:
    """The ancestor directly under the city on a day by the statistics tree; of a direct one itself."""
    rows = OrgAncestry.objects.filter(
        org_id__in=set(org_ids), valid_from__lte=day, valid_to__gt=day, known_to=STILL_KNOWN
    ).values_list("org_id", "ancestor_id", "depth")
    chains: dict[int, list[tuple[int, int]]] = {}
    for org_id, ancestor_id, depth in rows:
        chains.setdefault(org_id, []).append((depth, ancestor_id))
    return {org_id: sorted(chain)[max(len(chain) - 2, 0)][1] for org_id, chain in chains.items()}


def require_superior(actor: Actor, approver_id: int | None, org_id: int, what: str) -> None:
    """Only those who hold a role at or above the approving union may decide; never one's own."""
    if approver_id is None or approver_id == org_id:
        raise NotAllowed("不能批复本级或下级代办的本单位事项，请由上级工会办理。")
    if not actor.has_role(*APPROVING_ROLES, over=approver_id):
        raise NotAllowed(f"不能批复本级或下级代办的本单位事项：{what}须由批准工会或其上级办理。")


def by_name(orgs: Iterable[Org]) -> dict[str, Org]:
    """Organisations by code, and by name where only one bears it."""
    found: dict[str, Org] = {}
    doubtful: set[str] = set()
    for org in orgs:
        found[org.code] = org
        for name in {org.name, org.short_name} - {""}:
            if name in found:
                doubtful.add(name)
            found[name] = org
    return {name: org for name, org in found.items() if name not in doubtful}


def refuse_same(org: Org, other: Org | None, message: str, field: str) -> None:
    """Two organisations of one change must differ."""
    if other is not None and other.pk == org.pk:
        raise DomainError(message, field=field)
