"""Rows of a roster: who may be on it, and what a cover is from the day its policy is paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from gonghui.base.errors import Conflict, DomainError
from gonghui.base.retirement import age_on, category_of, retires_on
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import locks
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.write import change_many, perform_many
from gonghui.lines.mutual.models import Coverage, GroupPolicy, ProductVersion
from gonghui.lines.mutual.models.policy import JobStatus
from gonghui.lines.mutual.models.product import WhoMayJoin

DAY = timedelta(days=1)
COVERING = ("active", "ended", "terminated")
# What a cover takes over from the one that it goes on from.
_FOLLOWS = ("is_continuous", "first_joined_on", "wait_until")


def derive(rows: list[Any]) -> None:
    """Fill what a row copies from its policy and person, and the dates once it is covered."""
    policies = _policies_of(rows)
    sexes = dict(
        Person.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "sex")
    )
    for row in rows:
        policy = policies[row.policy_id]
        row.org_id, row.product_id = policy.org_id, policy.product_id
        row.product_kind = policy.product.kind
        row.sex = sexes.get(row.person_id) or ""
        row.is_exclusive = policy.product_version.max_shares == 1
        row.is_legacy = policy.is_legacy
        row.fee = (row.shares or 0) * policy.product_version.fee_per_share
        if row.state == "annulled" and row.annulled_on is None:
            row.annulled_on = policy.annulled_on
    begun = [row for row in rows if row.state == "active" and row.starts_on is None]
    _date(begun, policies)


def _policies_of(rows: Sequence[Any]) -> dict[int, GroupPolicy]:
    found = GroupPolicy.objects.filter(pk__in={row.policy_id for row in rows})
    found = found.select_related("product_version", "product", "employer", "renews")
    return {policy.pk: policy for policy in found}


def _date(rows: Sequence[Any], policies: dict[int, GroupPolicy]) -> None:
    """The period of covers that begin; who was covered until shortly before waits no more."""
    before = _covers_of(rows)
    for row in rows:
        policy = policies[row.policy_id]
        if policy.effective_from is None or policy.effective_to is None:
            continue
        row.starts_on, row.ends_on = policy.effective_from, policy.effective_to
        row.ends_before = row.ends_on + DAY
        row.counted_on = policy.counted_on
        last = last_before(before[row.person_id, row.product_id], row.starts_on)
        continue_from(row, last, policy.product_version)


def last_before(covers: Sequence[Any], day: date) -> Any:
    """The cover that ended last on or before a day; one that a payment ended does not go on."""
    ended = [each for each in covers if each.ends_before <= day and each.state != "terminated"]
    return max(ended, key=lambda each: each.ends_before, default=None)


def continue_from(row: Any, last: Any, version: ProductVersion) -> None:
    """Say whether a cover goes on from the last one, since when, and how long it waits."""
    gap = (row.starts_on - last.ends_before).days if last is not None else None
    row.is_continuous = gap is not None and gap <= version.renew_gap_days
    row.first_joined_on = last.first_joined_on if row.is_continuous else row.starts_on
    waits = version.wait_days and not row.is_continuous
    row.wait_until = row.starts_on + version.wait_days * DAY - DAY if waits else None


def _covers_of(rows: Sequence[Any]) -> dict[tuple[int, int], list[Any]]:
    """The other covers of the persons in the same product, wherever they work."""
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    others = Coverage.objects.filter(
        person_id__in={row.person_id for row in rows},
        product_id__in={row.product_id for row in rows},
        state__in=COVERING,
        voided_at=None,
    )
    own = {row.pk for row in rows}
    for other in others:
        if other.pk not in own:
            found[other.person_id, other.product_id].append(other)
    return found


def wrong_rows(rows: list[Any]) -> dict[int, DomainError]:
    """Rows that may not be covered, by position; only rows that are still waiting are looked at."""
    waiting = {at: row for at, row in enumerate(rows) if row.state == "pending"}
    if not waiting:
        return {}
    policies = _policies_of(list(waiting.values()))
    persons = Person.objects.in_bulk({row.person_id for row in waiting.values()})
    covers = _covers_of(list(waiting.values()))
    errors: dict[int, DomainError] = {}
    clashes: dict[int, Any] = {}
    for at, row in waiting.items():
        policy = policies[row.policy_id]
        try:
            _check_open(policy)
            check_person(persons[row.person_id], row, policy)
        except DomainError as error:
            errors[at] = error
            continue
        other = _clash(covers[row.person_id, row.product_id], row, policy)
        if other is not None:
            clashes[at] = other
    for at, other in clashes.items():
        errors[at] = taken(persons[rows[at].person_id], other)
    return errors


def _check_open(policy: GroupPolicy) -> None:
    if policy.state != "draft" and not is_by_rule():
        raise Conflict("参保单已校验或上报，名册不能再改；请先退回修改。", field="policy")


def check_person(person: Person, row: Any, policy: GroupPolicy) -> None:
    """The person works, has a paper, and is of the sex and age that the version takes."""
    version, day = policy.product_version, policy.applied_on
    if person.id_no_hash is None or person.born_on is None:
        raise DomainError("没有身份证号码或出生日期，不能参保。", field="person")
    if version.sex not in (WhoMayJoin.ANY, person.sex):
        raise DomainError(f"本产品只接受{version.get_sex_display()}参加。", field="person")
    age = age_on(person.born_on, day)
    retires = retires_on(person.born_on, category_of(person.sex))
    if row.job_status == JobStatus.RETIRED:
        raise DomainError("退休人员不能参加。", field="job_status")
    if day >= retires:
        raise DomainError(f"年龄{age}岁，已达法定退休年龄（{retires:%Y-%m-%d}）。", field="person")
    if age < version.age_from or (version.age_to is not None and age > version.age_to):
        most = f"至{version.age_to}" if version.age_to is not None else ""
        raise DomainError(
            f"年龄{age}岁，不在参加年龄{version.age_from}{most}周岁之内。", field="person"
        )
    if row.shares > version.max_shares:
        raise DomainError(f"每人最多{version.max_shares}份。", field="shares")


def _clash(covers: Sequence[Any], row: Any, policy: GroupPolicy) -> Any:
    """The cover that will still run when this one can begin at the earliest, or ran in the days of one of before."""
    if not row.is_exclusive:
        return None
    start = policy.effective_from if policy.is_legacy else earliest_start(policy)
    end = policy.effective_to if policy.is_legacy else date.max
    running = [each for each in covers if each.ends_on >= start and each.starts_on <= end]
    return max(running, key=lambda each: each.ends_on, default=None)


def earliest_start(policy: GroupPolicy) -> date:
    """Review and fee take their days; a renewal begins when the former policy is over."""
    days = parameters.number_of("mutual.handling_days")
    start: date = policy.applied_on + (days + 1) * DAY
    if policy.renews is not None and policy.renews.effective_to is not None:
        start = max(start, policy.renews.effective_to + DAY)
    return start


def taken(person: Person, other: Coverage) -> Conflict:
    """Who covers the person already, and until when."""
    employer = GroupPolicy.objects.select_related("employer").get(pk=other.policy_id).employer
    return Conflict(
        f"{person.name}已由{employer}参加本产品，保障期至{other.ends_on:%Y-%m-%d}，不能重复参加。",
        field="person",
        code="overlap",
    )


def begin(policy: GroupPolicy) -> None:
    """Everybody on the roster is covered; where one may not be the policy does not begin."""
    rows = list(Coverage.objects.filter(policy=policy, state="pending", voided_at=None))
    if policy.product_version.max_shares > 1:
        locks.hold(f"mutual.shares.{policy.product_id}")
        _check_shares(rows, policy)
    outcomes = perform_many(rows, "begin", by=SYSTEM)
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.error is not None:
            raise _in_words(row, policy, outcome.error)
    _mark_renewed([outcome.record for outcome in outcomes if outcome.record.is_continuous])


def _mark_renewed(rows: Sequence[Any]) -> None:
    """The covers that these go on from were renewed."""
    if not rows:
        return
    before = _covers_of(rows)
    found = [last_before(before[row.person_id, row.product_id], row.starts_on) for row in rows]
    pairs = [(last, {"is_renewed": True}) for last in found if last is not None]
    must(change_many(pairs, by=SYSTEM, reason="续接"))


def reconnect(policy: GroupPolicy) -> None:
    """Covers that began before those of a policy of before were known may go on from them after all."""
    own = Coverage.objects.filter(policy=policy, voided_at=None).values("person_id")
    known: dict[int, list[Any]] = defaultdict(list)
    covers = Coverage.objects.filter(
        person_id__in=own, product_id=policy.product_id, state__in=COVERING, voided_at=None
    )
    for cover in covers.select_related("policy__product_version").order_by("starts_on", "pk"):
        known[cover.person_id].append(cover)
    changes: dict[int, tuple[Any, dict[str, Any]]] = {}
    for chain in known.values():
        for cover in chain:
            if cover.starts_on <= policy.effective_from:
                continue
            before = [getattr(cover, name) for name in _FOLLOWS]
            last = last_before(chain, cover.starts_on)
            continue_from(cover, last, cover.policy.product_version)
            after = [getattr(cover, name) for name in _FOLLOWS]
            if after != before:
                changes[cover.pk] = cover, dict(zip(_FOLLOWS, after, strict=True))
            if cover.is_continuous and last is not None and not last.is_renewed:
                earlier = changes.get(last.pk, (last, {}))[1]
                changes[last.pk] = last, earlier | {"is_renewed": True}
    must(change_many(list(changes.values()), by=SYSTEM, reason="补录历史参保"))


def _check_shares(rows: Sequence[Any], policy: GroupPolicy) -> None:
    held = dict(
        Coverage.objects.filter(
            person_id__in=[row.person_id for row in rows],
            product_id=policy.product_id,
            state__in=COVERING,
            starts_on__lte=policy.effective_to,
            ends_on__gte=policy.effective_from,
            voided_at=None,
        )
        .order_by()
        .values_list("person_id")
        .annotate(total=Sum("shares"))
    )
    most = policy.product_version.max_shares
    for row in rows:
        if held.get(row.person_id, 0) + row.shares > most:
            raise Conflict(
                f"{row.person.name}同期已有{held[row.person_id]}份，每人最多{most}份。",
                code="overlap",
            )


def _in_words(row: Coverage, policy: GroupPolicy, error: DomainError) -> DomainError:
    """What the database refused, with the other cover's data."""
    other = Coverage.objects.filter(
        person_id=row.person_id,
        product_id=row.product_id,
        state__in=COVERING,
        starts_on__lte=policy.effective_to,
        ends_on__gte=policy.effective_from,
        voided_at=None,
    ).exclude(pk=row.pk)
    found = other.order_by("-ends_on").first()
    return taken(row.person, found) if found is not None else error


def check_not_covered(row: Any) -> None:
    """A person whose cover began is not taken off the roster."""
    if row.state != "pending" or row.policy.state != "draft":
        raise Conflict("参保单已校验、上报或生效，名册中的人员不能作废。")
