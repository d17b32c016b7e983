"""Letting persons in: what a new membership is, and whether it may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org, OrgState
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import Person
from gonghui.kernel.persons import move_to
from gonghui.kernel.registers.write import change_many
from gonghui.lines.members.models import Membership
from gonghui.lines.members.models.membership import OPEN, EmployKind, Origin, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An earlier membership of a person, as far as a new one must know it."""

    pk: int
    org_id: int
    org_name: str
    state: str
    number: str
    joined_on: date | None


def pasts_of(person_ids: Iterable[int]) -> dict[int, list[Past]]:
    """The memberships of persons in the whole city, earliest first."""
    pasts: dict[int, list[Past]] = defaultdict(list)
    with acting(SYSTEM):
        rows = (
            Membership.objects.filter(
                person_id__in=set(person_ids), is_absorbed=False, voided_at=None
            )
            .order_by("joined_on", "pk")
            .values_list("person_id", "pk", "org_id", "org__name", "state", "number", "joined_on")
        )
        for person_id, pk, org_id, name, state, number, joined_on in rows:
            pasts[person_id].append(
                Past(
                    pk=pk,
                    org_id=org_id,
                    org_name=name,
                    state=state,
                    number=number,
                    joined_on=joined_on,
                )
            )
    return pasts


def refusal(pasts: list[Past], org_id: int) -> DomainError | None:
    """Why persons with this past cannot join a union now, and what to do instead."""
    for past in pasts:
        here = past.org_id == org_id
        if past.state == Standing.RETAINED:
            message = f"会籍已在“{past.org_name}”保留，不必重新入会，是否办理恢复会籍？"
            return Conflict(message, field="person", code="offer_restore")
        if past.state == Standing.FOUNDING:
            message = (
                "已登记为首批会员，不必重复登记。"
                if here
                else (f"已登记为筹备中的“{past.org_name}”首批会员，请先与该工会核实。")
            )
            return Conflict(message, field="person", code="already_founding")
        if past.state in OPEN and here:
            return Conflict("已在本工会在册，不必重复登记。", field="person", code="already_member")
        if past.state in OPEN:
            message = f"已在“{past.org_name}”在册，是否发起批量接转？"
            return Conflict(message, field="person", code="offer_transfer")
    return None


def settle_new(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Decide for new memberships their state, origin and number; refuse those that cannot be.

    Rows that a rule makes (transfer, restore, retained) come with their origin. A union under
    preparation takes founding members, who count when it is approved.
    """
    errors: dict[int, DomainError] = {}
    pasts = pasts_of(row.person_id for row in rows.values() if row.person_id)
    orgs = _orgs({row.org_id for row in rows.values()})
    today = clock.today()
    late = today - timedelta(days=number_of("members.backfill_days"))
    for index, row in rows.items():
        past = pasts.get(row.person_id, [])
        refused = None if row.origin else refusal(past, row.org_id)
        if refused is not None:
            errors[index] = refused
            continue
        row.org = orgs[row.org_id]
        row.number = next((p.number for p in past if p.number), row.number)
        if not row.origin:
            row.origin = _origin(row, past)
        if row.is_retained:
            row.state = Standing.RETAINED.value
        elif row.org.state == OrgState.PREPARING:
            _make_founding(row, today)
        row.is_backfilled = row.joined_on is not None and row.joined_on < late
    return errors


def _origin(row: Membership, past: list[Past]) -> str:
    if any(p.joined_on is not None for p in past):
        return Origin.RESTORE
    return Origin.TRANSFER if row.came_from else Origin.NEW


def _make_founding(row: Membership, today: date) -> None:
    row.state = Standing.FOUNDING.value
    row.founding_from = row.founding_from or today
    row.joined_on = None


def _orgs(ids: set[int]) -> dict[int, Org]:
    with acting(SYSTEM):
        return dict(Org.objects.in_bulk(ids))


def derive(rows: list[Membership]) -> None:
    """Copy what figures need from the person; first admission follows from the origin."""
    unknown = {row.person_id for row in rows if row.person_id and not _has_person(row)}
    people = Person.objects.in_bulk(unknown) if unknown else {}
    for row in rows:
        if row.person_id in people:
            row.person = people[row.person_id]
        if row.person_id and _has_person(row):
            row.sex = row.person.sex
        row.first_admission = row.origin == Origin.NEW and row.joined_on is not None
        if row.newform_group and row.employ_kind == "":
            row.employ_kind = EmployKind.NEWFORM.value
        if row.dues_paid_through:
            row.dues_paid_through = row.dues_paid_through.replace(day=1)


def _has_person(row: Membership) -> bool:
    return bool(Membership._meta.get_field("person").is_cached(row))


def wrong_dates(rows: list[Membership]) -> dict[int, DomainError]:
    """What is wrong with joining days and employers, by position."""
    min_age = number_of("members.min_age")
    today = clock.today()
    orgs = _orgs(
        {row.org_id for row in rows if not Membership._meta.get_field("org").is_cached(row)}
    )
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        found = _wrong_with(row, orgs.get(row.org_id) or row.org, min_age, today)
        if found:
            errors[position] = Invalid(found)
    return errors


def _wrong_with(row: Membership, org: Org, min_age: int, today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if row.employ_kind == EmployKind.DISPATCH and row.user_employer_id is None:
        found["user_employer"] = ["劳务派遣职工须填写用工单位。"]
    joined = row.joined_on
    if row.state == Standing.FOUNDING or row.origin == Origin.RETAINED:
        return found
    if joined is None:
        if row.state != Standing.ENDED:
            found["joined_on"] = ["请填写入会日期。"]
        return found
    if joined > today:
        found["joined_on"] = [f"入会日期{joined}晚于今天，请核对。"]
    elif org.established_on and joined < org.established_on:
        found["joined_on"] = [f"入会日期{joined}早于工会成立日期{org.established_on}，请核对。"]
    born_on = row.person.born_on
    if born_on and joined < add_months(born_on, 12 * min_age):
        found["joined_on"] = [f"入会时未满{min_age}周岁，请核对入会日期和证件号码。"]
    return found


def settle_homes(rows: list[Membership], created: bool, by: Actor) -> None:
    """A person belongs to the union that he joined last."""
    if created:
        homes = {row.person_id: row.org for row in rows if row.person.org_id != row.org_id}
        move_to(homes, by)


def refresh_copies(persons: list[Person], created: bool, by: Actor) -> None:
    """When a person's sex is corrected, the open memberships follow."""
    if created:
        return
    sexes = {person.pk: person.sex for person in persons}
    rows = Membership.objects.filter(
        person_id__in=sexes, state__in=(*OPEN, "founding"), voided_at=None
    )
    stale = [row for row in rows.order_by("pk") if row.sex != sexes[row.person_id]]
    change_many([(row, {"sex": sexes[row.person_id]}) for row in stale], by=by, reason="信息更正")
