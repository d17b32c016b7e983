"""What the steps of the loader share: the plan, and the records that were made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from demo.acting import Cast
from demo.people import Newcomers
from demo.plan import City, Union
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Employer, Person
from gonghui.lines.cadres.models import TrainingClass
from gonghui.lines.goals.models import PlanBook
from gonghui.lines.members.models import (
    MemberDeclaration,
    Membership,
    MembershipApplication,
)
from gonghui.lines.orgs.models import (
    ElectionCase,
    StandardCheck,
    StandardItem,
    StandardTemplate,
    UnionFormation,
    UnionHonor,
)


@dataclass(slots=True)
class World:
    """Records by the plan's names: places, "union:serial", "direct:n"; employers by serial number.

    `returning` are persons who were members years ago, by the union that they found anew;
    `old_members` are entered with their names by their union, `invented` ones are voided later.
    """

    city: City
    cast: Cast
    orgs: dict[str, Org] = field(default_factory=dict)
    employers: dict[int, Employer] = field(default_factory=dict)
    formations: dict[int, UnionFormation] = field(default_factory=dict)
    returning: dict[int, list[Person]] = field(default_factory=dict)
    newcomers: Newcomers = field(default_factory=Newcomers)
    old_members: dict[int, list[Membership]] = field(default_factory=dict)
    invented: list[Membership] = field(default_factory=list)
    waiting: dict[tuple[str, date], list[MembershipApplication]] = field(default_factory=dict)
    declarations: dict[str, list[MemberDeclaration]] = field(default_factory=dict)
    voters: dict[int, list[Membership]] = field(default_factory=dict)
    elections: dict[int, ElectionCase] = field(default_factory=dict)
    honours: dict[str, list[UnionHonor]] = field(default_factory=dict)
    checks: dict[str, list[StandardCheck]] = field(default_factory=dict)
    standard: StandardTemplate | None = None
    standard_items: list[StandardItem] = field(default_factory=list)
    classes: dict[str, TrainingClass] = field(default_factory=dict)
    cadres: list[tuple[Person, Org, str]] = field(default_factory=list)
    leader: Person | None = None
    book: PlanBook | None = None
    overruled: Union | None = None
    model_workers: list[Person] = field(default_factory=list)

    def org(self, union: Union) -> Org:
        """The organisation of a planned union."""
        return self.orgs[f"union:{union.serial}"]

    @property
    def agency(self) -> Employer:
        """A dispatch agency."""
        serial = next(
            each.serial
            for union in self.city.unions
            for each in union.workplaces
            if each.is_dispatch_agency
        )
        return self.employers[serial]
