"""The plan of the province for 2012 and its split among the counties; the city's own is not entered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from demo import accounts
from demo.places import COUNTIES, UNITS
from demo.world import World
from gonghui.base import clock
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.goals.models import PlanBook, Target
from gonghui.lines.goals.services import Shares, set_shares

_CLAUSE = "2012年全市新建工会480家，发展会员6400人。"
DOC_NO = "豫工发〔2012〕2号"


def write_book(world: World) -> None:
    """The department writes the book of the city and splits it."""
    by = world.cast["bangongshi"]
    book = create(
        PlanBook, by=by, org=world.orgs["city"], year=2012, issuer="province", doc_no=DOC_NO
    )
    for code, indicator, field in (
        ("B04", "orgs.new_unions", "plan_unions"),
        ("B05", "members.new", "plan_members"),
    ):
        scale = world.city.scale
        values = {unit.code: Decimal(getattr(unit, field) * scale) for unit in UNITS}
        target = create(
            Target,
            by=by,
            org=world.orgs["city"],
            plan=book,
            code=code,
            clause=_CLAUSE,
            kind="flow" if field == "plan_unions" else "distinct",
            indicator=indicator,
            value=sum(values.values()),
            window_from=date(2012, 1, 1),
            due_on=date(2012, 12, 31),
            lead_dept="组织部",
            leader_person=world.leader,
        )
        shares = Shares(
            by_org={world.orgs[unit.code].pk: values[unit.code] for unit in COUNTIES},
            reserve=values[UNITS[-1].code],
        )
        set_shares(target, shares, by)
    world.book = perform(book, "consult", by=by)


def issue(world: World) -> None:
    """The leader issues the city's book and the counties'."""
    day = clock.today()
    for book in _books(world):
        if book.state == "draft":
            book = perform(book, "consult", by=world.cast["bangongshi"])
        perform(book, "issue", by=world.cast["lingdao"], doc_no=DOC_NO, issued_on=day)


def accept(world: World) -> None:
    """Each county signs for its book; two have not done so yet."""
    by_org = {world.orgs[unit.code].pk: unit.code for unit in COUNTIES[:-2]}
    for book in _books(world):
        if book.org_id in by_org:
            perform(book, "accept", by=world.cast[accounts.approver(by_org[book.org_id])])
        elif book.org_id == world.orgs["city"].pk:
            perform(book, "accept_at_city", by=world.cast["zuzhibu"])


def _books(world: World) -> list[PlanBook]:
    return list(PlanBook.objects.filter(year=2012, voided_at=None).order_by("pk"))
