"""Splitting a target among the organisations below (测算分解), and what such a split must hold to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.money import split
from gonghui.base.periods import Period
from gonghui.base.wording import percent
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState
from gonghui.kernel.parameters.values import decimal_of
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change, create, void
from gonghui.lines.goals.in_force import value_in_force
from gonghui.lines.goals.models import PlanBook, Target

OPEN_STATES = ("draft", "consult")
_BELOW = {
    OrgLevel.CITY: (OrgLevel.COUNTY,),
    OrgLevel.COUNTY: (OrgLevel.TOWNSHIP, OrgLevel.AREA),
}


class Weighting(models.TextChoices):
    """What the shares are in proportion to."""

    LAST_YEAR = "last_year", "上年完成数"
    EMPLOYEES = "employees", "建会单位职工数"
    COVERED_UNITS = "covered_units", "建会单位数"
    EQUAL = "equal", "平均"


_WEIGHED_BY = {
    Weighting.EMPLOYEES: "orgs.covered_employees",
    Weighting.COVERED_UNITS: "orgs.covered_units",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A split: the value of each organisation by its id, and what the parent's own level keeps."""

    by_org: dict[int, Decimal]
    reserve: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """All shares and the reserve together."""
        return sum(self.by_org.values(), self.reserve)


def orgs_below(target: Target) -> list[Org]:
    """The organisations that a target is split among unless others are named."""
    levels = _BELOW.get(OrgLevel(target.org.level), ())
    with acting(SYSTEM):
        found = Org.objects.filter(superior=target.org, level__in=levels)
        return list(found.exclude(state=OrgState.DISSOLVED).order_by("code"))


def propose(
    target: Target,
    weights: Weighting | Mapping[int, Decimal],
    *,
    orgs: Iterable[Org] | None = None,
    with_reserve: bool = False,
) -> Shares:
    """The split in proportion to the weights, by largest remainder; it adds up to the target exactly.

    Given weights are by organisation id; that of the target's own organisation goes to the
    reserve (市直). With a weighting of the ledger, `with_reserve` lets it take part. Nothing is
    written.
    """
    whole = _splittable(target)
    if isinstance(weights, Weighting):
        below = list(orgs) if orgs is not None else orgs_below(target)
        weights = _weights(target, weights, below, with_reserve)
    if not weights:
        raise DomainError("没有可以分解的下级组织，请选择承担组织。", code="weights")
    unit = Decimal(1) if whole == whole.to_integral_value() else Decimal("0.0001")
    parts = split(int(whole / unit), list(weights.values()))
    by_org = {org: part * unit for org, part in zip(weights, parts, strict=True)}
    reserve = by_org.pop(target.org_id, Decimal(0))
    return Shares(by_org=by_org, reserve=reserve)


def decompose(
    target: Target,
    weights: Weighting | Mapping[int, Decimal],
    by: Actor,
    *,
    orgs: Iterable[Org] | None = None,
    with_reserve: bool = False,
) -> list[Target]:
    """Propose a split and write it; see `propose` and `set_shares`."""
    _require_may_split(target, by)
    return set_shares(target, propose(target, weights, orgs=orgs, with_reserve=with_reserve), by)


@transaction.atomic
def set_shares(target: Target, shares: Shares, by: Actor, *, reason: str = "") -> list[Target]:
    """Write a split as targets of the organisations below, in their own books of the same issuer.

    What was split before is replaced as long as its books are not issued. More than the parent's
    value needs a reason, much more is refused (层层加码); less is only refused when a book is issued.
    """
    _require_may_split(target, by)
    whole = _splittable(target)
    _check_markup(whole, shares, reason)
    _check_places(target, shares)
    with by_rule(), acting(SYSTEM):
        # The change locks the parent, so that two splits at once follow each other.
        parent = change(target, by=by, reserve=shares.reserve, markup_reason=reason.strip())
        standing = {child.org_id: child for child in shares_of(parent)}
        wanted = {org: value for org, value in shares.by_org.items() if value > 0}
        for org, child in standing.items():
            if org not in wanted:
                _check_open(child)
                void(child, by=by, reason="重新分解")
        return [
            _write_share(parent, org, value, standing.get(org), by) for org, value in wanted.items()
        ]


def shares_of(target: Target) -> list[Target]:
    """The targets that a target was split into, whoever acts."""
    with acting(SYSTEM):
        found = Target.objects.filter(parent=target, voided_at=None)
        return list(found.select_related("org", "plan").order_by("org__code"))


def check_covers(target: Target) -> None:
    """A split target's shares and reserve reach its value, and do not go far beyond it."""
    children = shares_of(target)
    whole = value_in_force(target)
    if not children or whole is None or not target.is_additive:
        return
    values = {child.org_id: value_in_force(child) or Decimal(0) for child in children}
    shares = Shares(by_org=values, reserve=target.reserve)
    if shares.total < whole:
        raise DomainError(
            f"目标“{target.code}”的分解合计{_plain(shares.total)}小于目标{_plain(whole)}，"
            f"差{_plain(whole - shares.total)}，请补足后再下达。",
            code="shortage",
        )
    _check_markup(whole, shares, target.markup_reason)


def _splittable(target: Target) -> Decimal:
    whole = value_in_force(target)
    if not target.is_additive or whole is None:
        raise DomainError(
            "只有“不少于”若干数量的目标可以分解；比率、节点和定性目标请逐级单独下达。",
            code="not_additive",
        )
    return whole


def _require_may_split(target: Target, by: Actor) -> None:
    """The city's departments split any target, a county its own."""
    if by.has_role(Role.DEPT, over=target.org_id):
        return
    if target.org.level == OrgLevel.COUNTY and by.has_role(Role.COUNTY, over=target.org_id):
        return
    raise NotAllowed("目标分解由市总部室办理，县级目标也可由该县（市、区）总工会分解。")


def _check_markup(whole: Decimal, shares: Shares, reason: str) -> None:
    handed_down = sum(shares.by_org.values(), Decimal(0))
    over = percent(handed_down / whole - 1, 1)
    if handed_down > whole * decimal_of("goals.markup_max"):
        raise DomainError(
            f"分解合计{_plain(handed_down)}超过目标{_plain(whole)}的{over}，涉嫌层层加码，请核减。",
            code="markup",
        )
    if handed_down > whole * decimal_of("goals.markup_warn") and not reason.strip():
        raise DomainError(
            f"分解合计{_plain(handed_down)}超过目标{_plain(whole)}的{over}，请说明原因。",
            field="markup_reason",
            code="markup_reason",
        )


def _check_places(target: Target, shares: Shares) -> None:
    if shares.reserve < 0 or any(value < 0 for value in shares.by_org.values()):
        raise DomainError("分解值和本级预留不能为负数。", code="negative")
    with acting(SYSTEM):
        below = Org.objects.filter(pk__in=shares.by_org, path__startswith=target.org.path).exclude(
            pk=target.org_id
        )
        known = set(below.values_list("pk", flat=True))
    if set(shares.by_org) - known:
        raise DomainError("只能分解给承担组织的下级工会，请核对所选组织。", code="not_below")


def _check_open(child: Target) -> None:
    if child.plan.state not in OPEN_STATES:
        raise Conflict(f"“{child.org}”的任务书已下达，目标值不能直接改动，请办理目标调整。")


def _write_share(
    parent: Target, org_id: int, value: Decimal, child: Target | None, by: Actor
) -> Target:
    if child is not None:
        if child.value != value:
            _check_open(child)
        return change(child, by=by, value=value)
    return create(
        Target,
        by=by,
        plan=_open_book(parent.plan, org_id, by),
        parent=parent,
        value=value,
        **{name: getattr(parent, name) for name in _COPIED},
    )


_COPIED = (
    "code",
    "clause",
    "kind",
    "indicator",
    "comparator",
    "wording",
    "window_from",
    "due_on",
    "schedule",
    "lead_dept",
    "leader_person",
    "co_depts",
    "weight",
)


def _open_book(above: PlanBook, org_id: int, by: Actor) -> PlanBook:
    """The organisation's book of the same issuer and year that can still be written, or a new one."""
    books = PlanBook.objects.filter(
        org_id=org_id, issuer=above.issuer, year=above.year, voided_at=None
    ).order_by("batch")
    open_books: list[PlanBook] = [book for book in books if book.state in OPEN_STATES]
    if open_books:
        return open_books[0]
    batch = max([above.batch, *(book.batch + 1 for book in books)])
    org = Org.objects.get(pk=org_id)
    return create(PlanBook, by=by, org=org, issuer=above.issuer, year=above.year, batch=batch)


def _weights(
    target: Target, weighting: Weighting, below: list[Org], with_reserve: bool
) -> dict[int, Decimal]:
    """The weight of each organisation; what the target's own has beyond them is the reserve's."""
    ids = [org.pk for org in below]
    if weighting is Weighting.EQUAL:
        equal = dict.fromkeys(ids, Decimal(1))
        return {**equal, target.org_id: Decimal(1)} if with_reserve else equal
    code, period = _weighed_by(target, weighting)
    found = figures([code], [target.org_id, *ids], period)
    weights = {org: found[code, org].value or Decimal(0) for org in ids}
    whole = found[code, target.org_id].value or Decimal(0)
    if with_reserve:
        rest = whole - sum(weights.values(), Decimal(0))
        weights[target.org_id] = max(rest, Decimal(0))
    if not any(weights.values()):
        raise DomainError(
            f"各单位都没有“{weighting.label}”的数据，不能据此测算，请改用其他依据。", code="weights"
        )
    return weights


def _weighed_by(target: Target, weighting: Weighting) -> tuple[str, Period]:
    if weighting is Weighting.LAST_YEAR:
        return target.indicator, Period.year(target.year - 1)
    today = clock.today()
    return _WEIGHED_BY[weighting], Period(today, today)


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


__all__ = [
    "Shares",
    "Weighting",
    "check_covers",
    "decompose",
    "orgs_below",
    "propose",
    "set_shares",
    "shares_of",
]
