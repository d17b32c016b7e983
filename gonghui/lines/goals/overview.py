"""All targets of a year on a day, whoever issued them: lights, the worst, what is done about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gonghui.kernel.ledger.reading import AsOf
from gonghui.kernel.orgs.models import Org
from gonghui.lines.goals.in_force import known_targets
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.models import SupervisionItem, Target
from gonghui.lines.goals.progress import Measured, measure

WORST_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A target on a day, with the supervision item that says why it is behind, if any."""

    target: Target
    measured: Measured
    item: SupervisionItem | None

    @property
    def light(self) -> Light:
        """Its light; what is not measured is grey."""
        return self.measured.standing.light if self.measured.standing else Light.GREY


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """A target that was split, and the lines of its shares by organisation."""

    whole: Line
    shares: dict[int, Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The targets that stand for themselves, and the shares of those that were split."""

    wholes: list[Line]
    heat: list[HeatRow]
    orgs: list[Org]

    def counts(self) -> Counter[Light]:
        """How many targets have which light."""
        return Counter(line.light for line in self.wholes)

    def by_dept(self) -> dict[str, Counter[Light]]:
        """The lights of each department, those with most red first."""
        found: dict[str, Counter[Light]] = defaultdict(Counter)
        for line in self.wholes:
            found[line.target.lead_dept][line.light] += 1
        ordered = sorted(found.items(), key=lambda each: (-each[1][Light.RED], each[0]))
        return dict(ordered)

    def worst(self) -> list[Line]:
        """The red targets that are farthest behind."""
        red = [line for line in self.wholes if line.light is Light.RED]
        return sorted(red, key=_pace)[:WORST_SHOWN]


def _pace(line: Line) -> Decimal:
    standing = line.measured.standing
    return standing.pace if standing is not None and standing.pace is not None else Decimal(0)


def overview(year: int, on: date, as_of: AsOf = None, *, under: Org | None = None) -> Overview:
    """The targets of a year in the scope in force; a county sees its own as wholes.

    `under` leaves only those of an organisation and what lies below it.
    """
    found = known_targets(as_of).filter(year=year).select_related("org", "plan")
    if under is not None:
        found = found.filter(org__path__startswith=under.path)
    targets = list(found.order_by("code", "issuer", "org__code", "pk"))
    lines = {line.target.pk: line for line in lines_of(targets, on, as_of)}
    shares: dict[int, dict[int, Line]] = defaultdict(dict)
    wholes = []
    for line in lines.values():
        if line.target.parent_id in lines:
            shares[line.target.parent_id][line.target.org_id] = line
        else:
            wholes.append(line)
    orgs = {line.target.org_id: line.target.org for row in shares.values() for line in row.values()}
    return Overview(
        wholes=wholes,
        heat=[
            HeatRow(whole=line, shares=shares[line.target.pk])
            for line in wholes
            if line.target.pk in shares
        ],
        orgs=sorted(orgs.values(), key=lambda org: org.code),
    )


def lines_of(targets: list[Target], on: date, as_of: AsOf = None) -> list[Line]:
    """Some targets on a day, with why they are behind; read all at once."""
    measured = measure(targets, on, as_of)
    items = items_of(target.pk for target in targets)
    return [
        Line(target=target, measured=measured[target.pk], item=items.get(target.pk))
        for target in targets
    ]


def items_of(target_ids: Iterable[int]) -> dict[int, SupervisionItem]:
    """The newest supervision item of each target that was not called off."""
    found = (
        SupervisionItem.objects.filter(target_id__in=list(target_ids), voided_at=None)
        .exclude(state="cancelled")
        .order_by("target_id", "-pk")
        .distinct("target_id")
    )
    return {item.target_id: item for item in found if item.target_id is not None}
