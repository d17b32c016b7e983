"""What the steps of the loader share: the plan, and the records that were made so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from demo.acting import Cast
from demo.people import Newcomers
from demo.plan import City
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Employer, Person
from gonghui.lines.orgs.models import UnionFormation


@dataclass(slots=True)
class World:
    """Records by the plan's names: places, "union:serial", "direct:n"; employers by serial number.

    `returning` are persons who were members years ago, by the union that they found anew.
    """

    city: City
    cast: Cast
    orgs: dict[str, Org] = field(default_factory=dict)
    employers: dict[int, Employer] = field(default_factory=dict)
    formations: dict[int, UnionFormation] = field(default_factory=dict)
    returning: dict[int, list[Person]] = field(default_factory=dict)
    newcomers: Newcomers = field(default_factory=Newcomers)

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
