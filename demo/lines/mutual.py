"""Mutual protection in the first half of 2012: 151,034 covers for 5,950,824 yuan.

128,400 workers take part in the main product for 40 yuan, 22,634 of the women among them in the
women's product for 36 as well. Decoys: a fee that is one yuan short, and one of the day after the
report.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

from demo import accounts, money, names, opening, people
from demo.acting import Timeline, moment
from demo.places import COUNTIES
from demo.plan import Story, Union, Workplace
from demo.world import World
from gonghui.base import clock
from gonghui.base.money import split
from gonghui.base.retirement import category_of, retires_on
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.files.services import attach
from gonghui.kernel.people.models import Person, Sex
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.lines.mutual.models import (
    BenefitRule,
    Coverage,
    GroupPolicy,
    MutualProduct,
    ProductDisease,
    ProductVersion,
)
from gonghui.shared.funds.models import FundKind, FundReceipt, ReceivedKind, Source

WORKERS, WOMEN = 128_400, 22_634
ILLNESS, WOMENS = "DBYL", "NZGTB"
# A roster of the coal group would be longer than an office can go through.
LONGEST = 28_000
_CHUNK = 5_000
# A series of persons of its own, far from those whom the other lines meet.
_SERIALS = 3_000_000
# The days on which rosters are handed in; the fee comes eight days later.
WAVES = (
    date(2012, 2, 14),
    date(2012, 3, 13),
    date(2012, 4, 17),
    date(2012, 5, 15),
    date(2012, 6, 12),
)
SHORT, AFTER = date(2012, 8, 8), date(2012, 8, 16)
_SERIOUS = "重大疾病"
_IN_PARTS = "按厂矿、车间分批参加，本批以外的另行办理。"


@dataclass(slots=True, kw_only=True)
class Group:
    """The workers of an employer who take part with one roster, and how many of them are women."""

    union: Union
    workplace: Workplace
    heads: int
    women: int
    is_part: bool = False
    persons: list[Person] = field(default_factory=list)


def groups(world: World) -> list[Group]:
    """Every direct enterprise, and in each county the largest employers, until the sum is reached."""
    places = _places(world)
    made = [
        group
        for union, each in places
        if union.kind == "direct"
        for group in _in_parts(union, each)
    ]
    left = WORKERS - sum(group.heads for group in made)
    for unit, share in zip(COUNTIES, split(left, [1] * len(COUNTIES)), strict=True):
        made += _until(share, (found for found in places if found[0].unit == unit.code))
    return made


def _places(world: World) -> list[tuple[Union, Workplace]]:
    """The employers of the older unions that stay as they are, the largest first."""
    places = [
        (union, each)
        for union in opening.older(world.city)
        if union.story == Story.OPENING
        for each in union.workplaces
    ]
    return sorted(places, key=lambda found: (-found[1].employees, found[1].serial))


def _in_parts(union: Union, each: Workplace) -> Iterator[Group]:
    heads = each.employees * 85 // 100
    parts = -(-heads // LONGEST)
    for share in split(heads, [1] * parts):
        yield _group(union, each, share)


def _until(share: int, places: Iterable[tuple[Union, Workplace]]) -> Iterator[Group]:
    for union, each in places:
        heads = min(share, each.employees * 9 // 10)
        yield _group(union, each, heads)
        share -= heads
        if not share:
            return


def _group(union: Union, each: Workplace, heads: int) -> Group:
    return Group(
        union=union,
        workplace=each,
        heads=heads,
        women=heads * opening.female_of(each) // each.employees,
        is_part=heads * 5 < each.employees * 4,
    )


class _Workers:
    """Workers below the age of retirement, as many men and women as are asked for."""

    def __init__(self) -> None:
        self._serials = count(_SERIALS)
        self._waiting: dict[Sex, deque[int]] = {Sex.MALE: deque(), Sex.FEMALE: deque()}

    def meet(self, division: str, men: int, women: int) -> list[names.SynthPerson]:
        """Persons nobody has met before; the women come last."""
        return [
            names.person(self._next(sex, division), division)
            for sex, how_many in ((Sex.MALE, men), (Sex.FEMALE, women))
            for _ in range(how_many)
        ]

    def _next(self, sex: Sex, division: str) -> int:
        while not self._waiting[sex]:
            serial = next(self._serials)
            met = names.person(serial, division)
            if retires_on(met.born_on, category_of(met.sex)) > date(2013, 1, 1):
                self._waiting[met.sex].append(serial)
        return self._waiting[sex].popleft()


class _Protection:
    """The policies of the half-year, from the roster to the fee."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workers = _Workers()
        self.groups = groups(world)
        self.versions: dict[str, ProductVersion] = {}
        self.women_left = WOMEN
        self.open: dict[date, list[tuple[Group, GroupPolicy]]] = defaultdict(list)

    def publish(self) -> None:
        """The two products, each with a fund of its own and its clauses."""
        self._product(ILLNESS, "职工大病医疗互助", "serious_illness", 40)
        self._product(WOMENS, "女职工特殊疾病互助", "women_illness", 36, sex=Sex.FEMALE)

    def _product(self, code: str, name: str, kind: str, fee: int, **rules: str) -> None:
        world, by = self.world, self.world.cast["baozhangbu"]
        own = {"by": by, "org": world.orgs["city"]}
        fund = money.open_fund(
            world,
            world.orgs["city"],
            code,
            f"{name}专户",
            ("HZBZ",),
            kind=FundKind.MUTUAL,
            source=Source.MUTUAL_FEE,
            bank_account=f"62220041{len(self.versions):08d}",
        )
        product = create(
            MutualProduct, **own, code=code, name=name, carrier="city", kind=kind, fund=fund
        )
        version = create(
            ProductVersion,
            **own,
            product=product,
            title=f"{name}（2012年版）",
            valid_from=date(2012, 1, 1),
            fee_per_share=Decimal(fee),
            term_months=12,
            wait_days=30,
            required_papers=["form", "identity", "diagnosis", "invoice"],
            **rules,
        )
        self._write_clauses(version)
        self.versions[code] = perform(version, "publish", by=by)

    def _write_clauses(self, version: ProductVersion) -> None:
        by = self.world.cast["baozhangbu"]
        own = {"org": version.org, "product_version": version}
        illnesses = [
            {**own, "code": f"B{n:02d}", "name": name, "group": _SERIOUS}
            for n, name in enumerate(("恶性肿瘤", "尿毒症", "重症肝炎", "白血病"), 1)
        ]
        must(create_many(ProductDisease, illnesses, by=by))
        clause = {**own, "kind": "lump", "event_kind": "diagnosis", "disease_group": _SERIOUS}
        waiting = {"clause": "第八条第一项", "day_to": 30, "amount": Decimal(0)}
        covered = {"clause": "第八条第二项", "day_from": 31, "amount": Decimal(10_000)}
        clauses = [{**clause, **waiting}, {**clause, **covered, "ends_cover": True}]
        must(create_many(BenefitRule, clauses, by=by))

    def apply(self, wave: int) -> None:
        """The employers of a wave hand in their rosters, and those of the women."""
        for group in self.groups[wave :: len(WAVES)]:
            policy = self._enrol(group, ILLNESS, self._staff(group), is_part=group.is_part)
            self.open[WAVES[wave]].append((group, policy))
        for group in self.groups[wave :: len(WAVES)]:
            women = [each for each in group.persons if each.sex == Sex.FEMALE]
            joining = women[: self.women_left]
            self.women_left -= len(joining)
            if joining:
                is_part = group.is_part or len(joining) < len(women)
                policy = self._enrol(group, WOMENS, joining, is_part=is_part)
                self.open[WAVES[wave]].append((group, policy))

    def _staff(self, group: Group) -> list[Person]:
        """The workers of a group, entered at their union."""
        org, unit = self.world.org(group.union), group.union.unit
        met = self.workers.meet(unit, group.heads - group.women, group.women)
        for at in range(0, len(met), _CHUNK):
            rows = [(each, org) for each in met[at : at + _CHUNK]]
            group.persons += people.enter(rows, self._handler(group))
        return group.persons

    def _handler(self, group: Group) -> Actor:
        return self.world.cast[accounts.handler(group.union.unit)]

    def _enrol(
        self, group: Group, product: str, persons: list[Person], *, is_part: bool
    ) -> GroupPolicy:
        """A policy with its roster, checked, stamped and sent up; the fee is shared half and half."""
        by = self._handler(group)
        policy = create(
            GroupPolicy,
            by=by,
            org=self.world.org(group.union),
            employer=self.world.employers[group.workplace.serial],
            product_version=self.versions[product],
            applied_on=clock.today(),
            is_consented=True,
            exception_reason=_IN_PARTS if is_part else "",
        )
        for at in range(0, len(persons), _CHUNK):
            rows = [{"policy": policy, "person": each} for each in persons[at : at + _CHUNK]]
            must(create_many(Coverage, rows, by=by))
        policy.refresh_from_db()
        half = policy.fee_total / 2
        policy = change(policy, by=by, employer_amount=half, staff_amount=half)
        policy = perform(policy, "check", by=by)
        attach(policy, "参保名册（盖章）.pdf", b"%PDF-1.4 " + str(policy.pk).encode(), by=by)
        return perform(policy, "submit", by=by)

    def review(self, day: date) -> None:
        """The counties, and the office of the industries, review what was handed in."""
        self.open[day] = [
            (group, perform(policy, "approve", by=self.world.cast[_reviewer(group)]))
            for group, policy in self.open[day]
        ]

    def pay(self, day: date) -> None:
        """The fees come in, each for its policy; with the confirmed fee the covers begin."""
        for _, policy in self.open.pop(day):
            receipt = self._receive(policy, policy.fee_total)
            perform(policy, "confirm_fee", by=self.world.cast["caiwu"], receipt=receipt)

    def _receive(self, policy: GroupPolicy, amount: Decimal) -> FundReceipt:
        return money.receive(
            self.world,
            policy.product.fund,
            amount,
            str(policy.employer),
            f"互{policy.pk:06d}",
            source=Source.MUTUAL_FEE,
            kind=ReceivedKind.MUTUAL_FEE,
        )

    def apply_late(self) -> None:
        """Two further employers: the fee of one falls short, that of the other comes after the report."""
        for code, day in ((COUNTIES[0].code, SHORT), (COUNTIES[1].code, AFTER)):
            group = self._further(code)
            policy = self._enrol(group, ILLNESS, self._staff(group), is_part=True)
            self.open[day] = [(group, policy)]
            self.review(day)

    def _further(self, code: str) -> Group:
        """Some workers of an employer that had no part yet."""
        taken = {group.workplace.serial for group in self.groups}
        union, each = next(
            (union, each)
            for union, each in _places(self.world)
            if union.unit == code and each.serial not in taken
        )
        return _group(union, each, min(60, each.employees))

    def fall_short(self) -> None:
        """One yuan is missing: nobody is covered."""
        for _, policy in self.open[SHORT]:
            self._receive(policy, policy.fee_total - 1)


def _reviewer(group: Group) -> str:
    return accounts.approver(group.union.unit)


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline: rosters, review, fee, in five waves."""
    found: list[_Protection] = []

    def add(when: date, hour: int, step: Callable[[_Protection], None]) -> None:
        timeline.add(moment(when, hour), "互助保障", lambda: step(found[0]))

    def publish() -> None:
        found.append(_Protection(world))
        found[0].publish()

    timeline.add(moment(date(2012, 1, 16), 15), "互助保障", publish)
    for wave, day in enumerate(WAVES):
        add(day, 9, partial(_Protection.apply, wave=wave))
        add(day + timedelta(days=2), 9, partial(_Protection.review, day=day))
        add(day + timedelta(days=8), 9, partial(_Protection.pay, day=day))
    add(date(2012, 7, 31), 9, _Protection.apply_late)
    add(SHORT, 9, _Protection.fall_short)
    add(AFTER, 9, partial(_Protection.pay, day=AFTER))
