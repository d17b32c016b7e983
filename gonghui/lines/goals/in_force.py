"""Which targets hold on a day, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.reading import AsOf
from gonghui.lines.goals.models import Issuer, Target, TargetRevision

BY_DEFAULT = (Issuer.PROVINCE, Issuer.CITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a target asks for on a day; `is_lowered` once a revision made it smaller (↓调减)."""

    target_id: int
    value: Decimal | None
    due_on: date
    is_lowered: bool = False


def issuer_of(name: str) -> Issuer:
    """The issuer of a code or a Chinese name (省总)."""
    for issuer in Issuer:
        if name in (issuer.value, issuer.label):
            return issuer
    known = "、".join(str(issuer.label) for issuer in Issuer)
    raise DomainError(f"没有下达单位“{name}”，可用的有{known}。", code="unknown_issuer")


def known_targets(as_of: AsOf = None) -> QuerySet[Target]:
    """The targets of issued books as known at `as_of`, in the scope in force."""
    found = Target.objects.filter(plan__issued_at__isnull=False)
    if as_of is None:
        return found.filter(voided_at=None, plan__voided_at=None)
    before = _before(as_of)
    return found.filter(
        Q(voided_at=None) | Q(voided_at__gte=before),
        Q(plan__voided_at=None) | Q(plan__voided_at__gte=before),
        plan__issued_at__lt=before,
    )


def terms_of(targets: Iterable[Target], on: date, as_of: AsOf = None) -> dict[int, Terms]:
    """The terms of each target on a day, by its id; one query for all."""
    terms = {
        target.pk: Terms(target_id=target.pk, value=target.value, due_on=target.due_on)
        for target in targets
    }
    for revision in _revisions(list(terms), on, as_of):
        terms[revision.target_id] = _revised(terms[revision.target_id], revision)
    return terms


def value_in_force(target: Target, on: date | None = None) -> Decimal | None:
    """What a target asks for on a day (today if none)."""
    return terms_of([target], on or clock.today())[target.pk].value


def targets_in_force(
    code: str, org_ids: Sequence[int], on: date, as_of: AsOf, issuer: str
) -> dict[int, Decimal]:
    """The ledger's question: an indicator's targets for the year of a day, per organisation.

    Without an issuer the province's target is given, else the city federation's. Organisations
    without a target are left out.
    """
    issuers = (issuer_of(issuer),) if issuer else BY_DEFAULT
    codes = {code, catalogue.behind_alias(code).code}
    with acting(SYSTEM):
        found = list(
            known_targets(as_of).filter(
                indicator__in=codes, org_id__in=list(org_ids), year=on.year, issuer__in=issuers
            )
        )
        terms = terms_of(found, on, as_of)
    values: dict[int, Decimal] = {}
    for target in sorted(found, key=lambda each: issuers.index(Issuer(each.issuer))):
        value = terms[target.pk].value
        if value is not None:
            values.setdefault(target.org_id, value)
    return values


def _before(as_of: date | datetime) -> datetime:
    """Everything written before this moment was known."""
    if isinstance(as_of, datetime):
        return as_of + timedelta(microseconds=1)
    return clock.end_of(as_of)


def _revisions(target_ids: list[int], on: date, as_of: AsOf) -> Iterable[TargetRevision]:
    """The approved revisions in force on a day, oldest first."""
    with acting(SYSTEM):
        found = TargetRevision.objects.filter(
            target_id__in=target_ids, approved_at__isnull=False, effective_from__lte=on
        )
        if as_of is None:
            found = found.filter(voided_at=None)
        else:
            before = _before(as_of)
            found = found.filter(
                Q(voided_at=None) | Q(voided_at__gte=before), approved_at__lt=before
            )
        return list(found.order_by("effective_from", "id"))


def _revised(terms: Terms, revision: TargetRevision) -> Terms:
    new, old = revision.new_value, terms.value
    lowered = new is not None and old is not None and new < old
    return replace(
        terms,
        value=old if new is None else new,
        due_on=revision.new_due or terms.due_on,
        is_lowered=terms.is_lowered or lowered,
    )
