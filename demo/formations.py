"""The forming of unions in 2011 and 2012, step by step as the offices record it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from demo import accounts, names, people
from demo.acting import Timeline, moment
from demo.plan import FORMED, Story, Union, last_working_day
from demo.world import World
from gonghui.kernel.people.models import Person, Sex
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, create_many, perform_many
from gonghui.lines.members.models import Membership
from gonghui.lines.orgs.models import (
    Candidate,
    ElectionCase,
    FormationEmployer,
    LegalPersonCert,
    OfficeHolder,
    OrgChange,
    UnionFormation,
    UnionTerm,
)
from gonghui.lines.orgs.models.formation import Origin

_ORIGINS = {
    Story.RENAME: Origin.RENAME,
    Story.SPLIT: Origin.SPLIT,
    Story.BACKFILL: Origin.BACKFILL,
}
_MODES = ("key", "requested", "fallback", "trade")
SEATS = 3


@dataclass(slots=True)
class Batch:
    """Unions of one county that are approved on one day, and their records as they come about."""

    world: World
    unit: str
    approved_on: date
    recorded_on: date
    unions: list[Union]
    formations: list[UnionFormation] = field(default_factory=list)
    founders: dict[int, list[Person]] = field(default_factory=dict)
    cases: dict[int, ElectionCase] = field(default_factory=dict)

    @property
    def maker(self) -> Any:
        """Who prepares."""
        return self.world.cast[accounts.handler(self.unit)]

    @property
    def approver(self) -> Any:
        """Who approves."""
        return self.world.cast[accounts.approver(self.unit)]

    def before(self, days: int, hour: int = 10) -> Any:
        """A moment so many days before the approval, on a working day."""
        day = last_working_day(self.approved_on - timedelta(days=days))
        return moment(day, hour, 5 + self.unions[0].serial % 50)

    def schedule(self, timeline: Timeline) -> None:
        """Put the steps on the timeline."""
        timeline.add(self.before(62), "建会线索", self.find)
        timeline.add(self.before(48), "筹建请示", self.apply)
        timeline.add(self.before(40, 15), "筹备批复", self.agree)
        timeline.add(self.before(24), "首批会员", self.collect)
        timeline.add(self.before(8, 14), "首届选举", self.elect)
        timeline.add(self.before(4, 17), "报选举结果", self.report)
        timeline.add(
            moment(self.recorded_on, 16, self.unions[0].serial % 60), "成立批复", self.approve
        )

    def find(self) -> None:
        """Somebody knows of employers without a union."""
        world = self.world
        self.formations = must(
            create_many(UnionFormation, (self._lead(union) for union in self.unions), by=self.maker)
        )
        for union, formation in zip(self.unions, self.formations, strict=True):
            world.orgs[f"union:{union.serial}"] = formation.org
        world.cast.forget()
        parts = [
            {"org": formation.org, "formation": formation, "employer": world.employers[each.serial]}
            for union, formation in zip(self.unions, self.formations, strict=True)
            for each in union.workplaces
        ]
        must(create_many(FormationEmployer, parts, by=self.maker))

    def _lead(self, union: Union) -> dict[str, Any]:
        former = self.world.orgs[f"union:{union.former.serial}"] if union.former else None
        return {
            "org": self.world.orgs[union.superior],
            "proposed_name": union.name,
            "kind": union.kind,
            "mode": _MODES[union.serial % len(_MODES)],
            "origin": _ORIGINS.get(union.story, Origin.NEW),
            "former_org": former if union.story in _ORIGINS else None,
            "focus_tags": list(union.tags),
            "notified_on": self.before(62).date(),
            "contact": f"示例联系人 1990375{union.serial:04d}",
            "has_party_branch": union.serial % 9 == 0,
            "party_opinion": "同意组建工会。" if union.serial % 9 == 0 else "",
        }

    def apply(self) -> None:
        """The county's handler hands the requests in."""
        self.formations = must(perform_many(self.formations, "apply_prep", by=self.maker))

    def agree(self) -> None:
        """The approving union lets them prepare."""
        number = f"{self.before(40).date():%Y}〕{self.unions[0].serial}号"
        self.formations = must(
            perform_many(
                self.formations, "approve_prep", by=self.approver, prep_doc_no=f"工筹〔{number}"
            )
        )

    def collect(self) -> None:
        """People join the unions to be."""
        world = self.world
        fresh = [union for union in self.unions if union.story is not Story.LATE]
        met = [
            (each, world.orgs[f"union:{union.serial}"])
            for union in fresh
            for each in world.newcomers.meet(union.unit, union.founders)
        ]
        entered = iter(people.enter(met, self.maker))
        self.founders = {
            union.serial: [next(entered) for _ in range(union.founders)] for union in fresh
        } | {
            union.serial: world.returning[union.serial]
            for union in self.unions
            if union.story is Story.LATE
        }
        must(create_many(Membership, self._memberships(), by=self.maker))

    def _memberships(self) -> list[dict[str, Any]]:
        world = self.world
        return [
            {
                "org": world.orgs[f"union:{union.serial}"],
                "person": person,
                **people.work_fields(
                    union.serial + n,
                    union.workplaces[n % len(union.workplaces)],
                    world.employers,
                    world.agency,
                ),
            }
            for union in self.unions
            for n, person in enumerate(self.founders[union.serial])
        ]

    @property
    def voting(self) -> list[Union]:
        """The unions that elect a committee; a single organiser needs no election."""
        return [union for union in self.unions if union.kind != "organizer"]

    def elect(self) -> None:
        """The founding meeting and its result."""
        if not self.voting:
            return
        cases = must(
            create_many(ElectionCase, (self._case(union) for union in self.voting), by=self.maker)
        )
        self.cases = {union.serial: case for union, case in zip(self.voting, cases, strict=True)}
        rows = [row for union in self.voting for row in self._candidates(union)]
        must(create_many(Candidate, rows, by=self.maker))
        held = must(perform_many(cases, "hold", by=self.maker))
        must(perform_many(held, "report", by=self.maker))

    def _case(self, union: Union) -> dict[str, Any]:
        people_there = self.founders[union.serial]
        came = len(people_there) - len(people_there) // 12
        met_on = self.before(8).date()
        return {
            "org": self.world.orgs[f"union:{union.serial}"],
            "kind": "first",
            "term_years": 5 if union.serial % 3 == 0 else 3,
            "members": len(people_there),
            "female_members": sum(each.sex == Sex.FEMALE for each in people_there),
            "committee_seats": SEATS,
            "audit_seats": 1,
            "publicity_from": met_on - timedelta(days=8),
            "publicity_to": met_on - timedelta(days=1),
            "meeting_on": met_on,
            "due_attend": len(people_there),
            "attended": came,
            "ballots_out": came,
            "ballots_back": came,
            "ballots_valid": came,
        }

    def _candidates(self, union: Union) -> list[dict[str, Any]]:
        founders = self.founders[union.serial]
        came = len(founders) - len(founders) // 12
        women = [each for each in founders if each.sex == Sex.FEMALE]
        slate = [(founders[0], "chair", came)]
        slate += [(founders[n], "member", came - n if n < 4 else 2) for n in range(1, 5)]
        slate.append((founders[5], "audit_member", came))
        if women:
            slate.append((women[-1], "women_chair" if len(women) >= 10 else "women_member", came))
        return [
            {
                "org": self.world.orgs[f"union:{union.serial}"],
                "case": self.cases[union.serial],
                "person": person,
                "post": post,
                "votes": votes,
            }
            for person, post, votes in slate
        ]

    def report(self) -> None:
        """The result goes to the approving union."""
        self.formations = must(perform_many(self.formations, "report_result", by=self.maker))

    def approve(self) -> None:
        """The unions are founded."""
        given: dict[str, Any] = {"approved_on": self.approved_on}
        if self.recorded_on > self.approved_on:
            given["backdate_reason"] = "批复后未及时录入系统，核对台账时补录。"
        self.formations = must(
            perform_many(self.formations, "establish", by=self.approver, **given)
        )
        for union, formation in zip(self.unions, self.formations, strict=True):
            self.world.orgs[f"union:{union.serial}"] = formation.org
            self.world.formations[union.serial] = formation


def batches(world: World) -> list[Batch]:
    """The formed unions by county and day of approval."""
    groups: dict[tuple[str, date, date], list[Union]] = defaultdict(list)
    for union in world.city.of(*FORMED):
        groups[union.unit, union.approved_on, union.recorded_on].append(union)
    return [Batch(world, *key, unions) for key, unions in sorted(groups.items())]


def decide_splits(world: World) -> None:
    """Parts of a union can only be founded after its splitting was decided."""
    former = {union.former.serial: union for union in world.city.of(Story.SPLIT) if union.former}
    for serial, union in former.items():
        made = must(
            create_many(
                OrgChange,
                [
                    {
                        "org": world.orgs[f"union:{serial}"],
                        "kind": "split",
                        "reason": "涵盖单位增多，部分单位单独建会。",
                        "property_note": "按职工人数划分，财产已清点。",
                        "audit_project_no": f"审〔2011〕{serial}号",
                        "decision_doc_no": f"工批〔2012〕{serial}号",
                        "effective_on": date(2012, 1, 5),
                    }
                ],
                by=world.cast[accounts.handler(union.unit)],
            )
        )
        made = must(perform_many(made, "request", by=world.cast[accounts.handler(union.unit)]))
        must(perform_many(made, "effect", by=world.cast[accounts.approver(union.unit)]))


def leave_open(world: World) -> None:
    """Formations that are under way, waiting or given up on the day of the report."""
    for unit, workplaces in _by_unit(world).items():
        maker, approver = world.cast[accounts.handler(unit)], world.cast[accounts.approver(unit)]
        rows = [
            {
                "org": world.orgs[each.township],
                "proposed_name": f"{each.name}工会委员会",
                "kind": "single",
                "contact": f"示例联系人 1990376{each.serial % 10_000:04d}",
                "focus_tags": ["private"],
            }
            for each in workplaces
        ]
        made = must(create_many(UnionFormation, rows, by=maker))
        world.cast.forget()
        maker, approver = world.cast[accounts.handler(unit)], world.cast[accounts.approver(unit)]
        must(
            create_many(
                FormationEmployer,
                (
                    {
                        "org": formation.org,
                        "formation": formation,
                        "employer": world.employers[each.serial],
                    }
                    for each, formation in zip(workplaces, made, strict=True)
                ),
                by=maker,
            )
        )
        applied = must(perform_many(made[1:], "apply_prep", by=maker))
        agreed = must(
            perform_many(
                applied[1:], "approve_prep", by=approver, prep_doc_no="工筹〔2012〕待成立号"
            )
        )
        if len(agreed) > 1:
            must(
                perform_many(agreed[1:], "close", by=approver, reason="企业停产，暂不具备建会条件")
            )


def _by_unit(world: World) -> Mapping[str, Sequence[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for each in world.city.spare[:40]:
        groups[each.unit].append(each)
    return groups


def register_legal_persons(world: World) -> None:
    """New unions of the spring that have applied for their certificate by July."""
    for unit in sorted({union.unit for union in world.city.of(Story.NEW)}):
        chosen = [
            union
            for union in world.city.of(Story.NEW)
            if union.unit == unit
            and union.kind == "single"
            and union.approved_on < date(2012, 4, 1)
        ][:8]
        ids = {world.orgs[f"union:{union.serial}"].pk: union for union in chosen}
        certs = list(
            LegalPersonCert.objects.filter(org_id__in=ids, state="pending").order_by("org_id")
        )
        chairs = {
            row.org_id: row for row in OfficeHolder.objects.filter(org_id__in=ids, post="chair")
        }
        terms = {row.org_id: row for row in UnionTerm.objects.filter(org_id__in=ids)}
        _certify(world, unit, certs, chairs, terms)


def _certify(
    world: World, unit: str, certs: list[Any], chairs: dict[int, Any], terms: dict[int, Any]
) -> None:
    maker, approver = world.cast[accounts.handler(unit)], world.cast[accounts.approver(unit)]
    given = [
        (
            cert,
            {
                "uscc": names.union_uscc(cert.org_id),
                "cert_no": f"豫工法证字第{cert.org_id:08d}号",
                "legal_rep": chairs[cert.org_id],
                "valid_from": date(2012, 7, 9),
                "valid_to": min(terms[cert.org_id].due_on, date(2017, 7, 8)),
            },
        )
        for cert in certs
    ]
    ready = must(change_many(given, by=maker))
    must(perform_many(must(perform_many(ready, "apply", by=maker)), "issue", by=approver))
