"""Organisation trees for tests: a small city with names, and random ones."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org, OrgKind, OrgLevel, OrgState
from gonghui.kernel.orgs.services import Placement, place_many

FOUNDED = date(2000, 1, 1)
_KINDS = {
    OrgLevel.CITY: OrgKind.GENERAL,
    OrgLevel.COUNTY: OrgKind.GENERAL,
    OrgLevel.TOWNSHIP: OrgKind.TOWNSHIP,
    OrgLevel.BASIC: OrgKind.SINGLE,
    OrgLevel.BRANCH: OrgKind.BRANCH,
}


def org(name: str, level: OrgLevel, **values: object) -> Org:
    """An organisation without a superior yet."""
    now = clock.now()
    made = Org(
        code=f"T-{name}",
        name=name,
        level=level,
        kind=_KINDS[level],
        state=OrgState.LIVE,
        established_on=FOUNDED,
        approval_doc_no="平工〔2000〕1号",
        created_at=now,
        changed_at=now,
        **values,
    )
    return unscoped(Org).bulk_create([made])[0]


@dataclass(frozen=True, slots=True)
class Tree:
    """A placed tree; `superiors` maps every org's id to its superior's (the city to None)."""

    city: Org
    by_name: dict[str, Org] = field(default_factory=dict)
    superiors: dict[int, int | None] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Org:
        return self.by_name[name]

    @property
    def all(self) -> list[Org]:
        """Every organisation, the city first."""
        return list(self.by_name.values())


def build(shape: dict[str, tuple[str, OrgLevel]], on: date = FOUNDED) -> Tree:
    """A tree from `{name: (superior's name or "", level)}`, superiors first."""
    made = {name: org(name, level) for name, (_, level) in shape.items()}
    place_many(
        [
            Placement(org=made[name], superior=made.get(above), on=on, basis_doc="平工〔2000〕1号")
            for name, (above, _) in shape.items()
        ]
    )
    city = next(made[name] for name, (above, _) in shape.items() if not above)
    superiors = {
        made[name].pk: made[above].pk if above else None for name, (above, _) in shape.items()
    }
    return Tree(city=city, by_name=made, superiors=superiors)


def small() -> Tree:
    """A city with two counties; the first has two townships; basic unions at every level."""
    return build(
        {
            "市总": ("", OrgLevel.CITY),
            "叶县": ("市总", OrgLevel.COUNTY),
            "郏县": ("市总", OrgLevel.COUNTY),
            "任店": ("叶县", OrgLevel.TOWNSHIP),
            "洪庄": ("叶县", OrgLevel.TOWNSHIP),
            "一厂": ("任店", OrgLevel.BASIC),
            "二厂": ("任店", OrgLevel.BASIC),
            "三厂": ("洪庄", OrgLevel.BASIC),
            "四厂": ("郏县", OrgLevel.BASIC),
            "一厂分会": ("一厂", OrgLevel.BRANCH),
        }
    )


def grown(seed: int, counties: int = 3, townships: int = 2, basics: int = 3) -> Tree:
    """A random tree; the same seed gives the same one."""
    chance = random.Random(seed)
    shape: dict[str, tuple[str, OrgLevel]] = {"市总": ("", OrgLevel.CITY)}
    for c in range(counties):
        shape[f"县{c}"] = ("市总", OrgLevel.COUNTY)
        for t in range(chance.randint(0, townships)):
            shape[f"乡{c}-{t}"] = (f"县{c}", OrgLevel.TOWNSHIP)
    above = list(shape)
    for b in range(basics * counties):
        shape[f"厂{b}"] = (chance.choice(above), OrgLevel.BASIC)
    return build(shape)
