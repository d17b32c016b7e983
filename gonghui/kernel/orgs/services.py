"""Placing and moving organisations: dated relations, never rewritten, with everything that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger import moves
from gonghui.kernel.ledger.sql import lock_folding
from gonghui.kernel.orgs import ancestry
from gonghui.kernel.orgs.models import Org, OrgRelation, OrgState, RelationKind

NEEDED = (RelationKind.LEAD, RelationKind.STATS, RelationKind.FUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a new organisation belongs; the city's own federation has no superior."""

    org: Org
    superior: Org | None
    on: date
    basis_doc: str
    kinds: tuple[RelationKind, ...] = NEEDED


def place(
    org: Org,
    superior: Org | None,
    on: date,
    basis_doc: str,
    kinds: tuple[RelationKind, ...] = NEEDED,
) -> None:
    """Give a new organisation its superior; `org.path` and `org.superior` are set."""
    place_many([Placement(org=org, superior=superior, on=on, basis_doc=basis_doc, kinds=kinds)])


@transaction.atomic
def place_many(placements: Sequence[Placement]) -> None:
    """As `place`, for many at once; superiors may be among them, in any order."""
    lock_folding()
    for placement in placements:
        _check_placement(placement)
    ids = [placement.org.pk for placement in placements]
    above = {placement.superior.pk for placement in placements if placement.superior is not None}
    _refuse_unplaced(above - set(ids))
    if OrgRelation._unscoped.filter(org_id__in=ids, kind__in=NEEDED).exists():
        raise DomainError("该工会已有隶属关系，请改用“划转”。", field="superior")
    OrgRelation._unscoped.bulk_create(
        OrgRelation(
            org=placement.org,
            superior=placement.superior,
            kind=kind,
            valid_from=placement.on,
            basis_doc=placement.basis_doc,
        )
        for placement in placements
        if placement.superior is not None
        for kind in dict.fromkeys((*NEEDED, *placement.kinds))
    )
    for kind in NEEDED:
        _refuse_circle(ids, kind)
    ancestry.refresh(ids, clock.now())
    _refresh_paths([placement.org for placement in placements])


@transaction.atomic
def move(
    org: Org,
    new_superior: Org,
    on: date,
    basis_doc: str,
    kinds: tuple[RelationKind, ...] = NEEDED,
) -> None:
    """From `on` the organisation has another superior, until the next change already known.

    Earlier and later days may be given. Figures of days before `on` stay as they are; from `on` the
    organisation's stock counts under the new superior.
    """
    lock_folding()
    _check_placement(
        Placement(org=org, superior=new_superior, on=on, basis_doc=basis_doc, kinds=kinds)
    )
    _refuse_unplaced([new_superior.pk])
    before = superior_of(org, RelationKind.STATS, on)
    for kind in dict.fromkeys(kinds):
        _step(org, new_superior, on, basis_doc, kind)
        _refuse_circle([org.pk], kind)
    if RelationKind.STATS in kinds:
        moment = ancestry.refresh([org.pk], clock.now())
        moves.note(
            org_id=org.pk,
            before=before,
            superior=new_superior.pk,
            day=on,
            basis_doc=basis_doc,
            moment=moment,
        )
    if RelationKind.LEAD in kinds:
        _refresh_paths([org])


def refresh_paths() -> int:
    """Let paths follow moves that take effect today; a nightly job calls it."""
    with transaction.atomic():
        return ancestry.refresh_paths(clock.today())


def live_unions() -> QuerySet[Org]:
    """All unions in the city that can take something over, whoever asks: their names are public."""
    return unscoped(Org).filter(state__in=(OrgState.LIVE, OrgState.RECTIFYING))


def superior_of(org: Org, kind: RelationKind, on: date) -> int | None:
    """The id of the superior of a kind on a day, if there is one."""
    found = (
        OrgRelation._unscoped.filter(org=org, kind=kind, valid_from__lte=on)
        .order_by("-valid_from")
        .first()
    )
    return found.superior_id if found and (found.valid_to is None or found.valid_to > on) else None


def _check_placement(placement: Placement) -> None:
    if not placement.basis_doc.strip():
        raise DomainError(f"“{placement.org.name}”缺少依据文号，请填写。", field="basis_doc")
    if placement.superior is not None and placement.superior.pk == placement.org.pk:
        raise DomainError("工会不能以自己为上级，请另选上级工会。", field="superior")


def _step(org: Org, superior: Org, on: date, basis_doc: str, kind: RelationKind) -> None:
    """Put one change into the dated relations of a kind."""
    line = list(
        OrgRelation._unscoped.select_for_update().filter(org=org, kind=kind).order_by("valid_from")
    )
    if not line and kind in NEEDED:
        raise DomainError(
            f"“{org.name}”还没有上级工会，不能划转，请先确定隶属关系。", field="superior"
        )
    current = next((r for r in reversed(line) if r.valid_from <= on), None)
    following = next((r for r in line if r.valid_from > on), None)
    if current is not None and current.superior_id == superior.pk and _in_force(current, on):
        raise DomainError(
            f"“{org.name}”在{on}已隶属于“{superior.name}”，无需划转。", field="superior"
        )
    ends = following.valid_from if following else None
    if current is not None and current.valid_from == on:
        current.superior, current.basis_doc, current.valid_to = superior, basis_doc, ends
        current.save(update_fields=["superior", "basis_doc", "valid_to"])
        return
    if current is not None and _in_force(current, on):
        current.valid_to = on
        current.save(update_fields=["valid_to"])
    OrgRelation._unscoped.create(
        org=org, superior=superior, kind=kind, valid_from=on, valid_to=ends, basis_doc=basis_doc
    )


def _in_force(relation: OrgRelation, on: date) -> bool:
    return relation.valid_to is None or relation.valid_to > on


def _refuse_unplaced(org_ids: Iterable[int]) -> None:
    lost = unscoped(Org).filter(pk__in=ancestry.unplaced(org_ids)).order_by("pk").first()
    if lost is not None:
        raise DomainError(
            f"上级工会“{lost.name}”还没有隶属关系，请先确定它的上级。", field="superior"
        )


def _refuse_circle(org_ids: Sequence[int], kind: str) -> None:
    if ancestry.closes_a_circle(org_ids, kind):
        raise DomainError("上级工会不能是该工会自己或其下级，请另选上级工会。", field="superior")


def _refresh_paths(orgs: Sequence[Org]) -> None:
    ancestry.refresh_paths(clock.today())
    fresh = unscoped(Org).in_bulk([org.pk for org in orgs])
    for org in orgs:
        org.path, org.superior_id = fresh[org.pk].path, fresh[org.pk].superior_id
