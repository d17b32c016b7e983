"""What happens to older unions: endings, mergers, elections, extensions, leads of the census."""

from __future__ import annotations

from datetime import date
from typing import Any

from demo import accounts, joining
from demo.places import UNITS
from demo.plan import Story, Union
from demo.world import World
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, create, create_many, perform, perform_many
from gonghui.lines.members.models import Membership
from gonghui.lines.orgs.models import (
    Candidate,
    CensusUnit,
    ElectionCase,
    OrgChange,
    UnionFormation,
    UnionTerm,
)

_NUMBERS = {Story.GONE: 60, Story.MERGED: 61, Story.DISSOLVED: 62, Story.ENDS_LATE: 63}


def end(world: World, story: Story, on: dict[str, date]) -> None:
    """The unions of a story end, each on the day of its county."""
    for union in world.city.of(story):
        values: dict[str, Any] = {
            "org": world.org(union),
            "kind": "merge" if story is Story.MERGED else "dissolve",
            "reason": "所在单位并入其他企业" if story is Story.MERGED else "所在单位已注销",
            "members_plan": "transfer" if story is Story.MERGED else "retain",
            "property_note": "财产已清点，移交上级工会代管。",
            "audit_project_no": f"审〔2012〕{_NUMBERS[story]}-{union.serial}号",
        }
        if story is Story.MERGED and union.former is not None:
            values["into"] = world.org(union.former)
        else:
            values["employer_end_proof"] = "登记机关准予注销通知书"
        _change(world, union, values, on[union.unit])


def _change(world: World, union: Union, values: dict[str, Any], on: date) -> None:
    maker = world.cast[accounts.handler(union.unit)]
    made = create(OrgChange, by=maker, **values)
    made = perform(made, "request", by=maker)
    perform(
        made,
        "effect",
        by=world.cast[accounts.approver(union.unit)],
        decision_doc_no=f"工批〔{on.year}〕{union.serial}号",
        effective_on=on,
    )


def leave_changes_open(world: World) -> None:
    """Changes that wait for the county's approval."""
    for unit in UNITS[:3]:
        union = next(
            each
            for each in world.city.of(Story.OPENING)
            if each.unit == unit.code and each.kind == "single"
        )
        maker = world.cast[accounts.handler(unit.code)]
        made = create(
            OrgChange,
            by=maker,
            org=world.org(union),
            kind="rename",
            new_name=f"{union.workplaces[0].name}（集团）工会委员会",
            reason="所在单位更名",
        )
        perform(made, "request", by=maker)


def close_area(world: World) -> None:
    """One development area was given up, its union with it."""
    maker, approver = (
        world.cast[accounts.handler("410425")],
        world.cast[accounts.approver("410425")],
    )
    made = create(
        OrgChange,
        by=maker,
        org=world.orgs["area:dissolved"],
        kind="dissolve",
        reason="产业集聚区撤销",
        members_plan="retain",
        property_note="无财产。",
        audit_project_no="审〔2012〕9号",
        employer_end_proof="县政府批复",
    )
    made = perform(made, "request", by=maker)
    perform(
        made,
        "effect",
        by=approver,
        decision_doc_no="郏工〔2012〕9号",
        effective_on=date(2012, 5, 20),
    )


def overrule(world: World) -> None:
    """In August a new union turns out to be an older one in other clothes; it no longer counts."""
    unit = UNITS[0].code
    union = next(
        each
        for each in world.city.of(Story.NEW)
        if each.unit == unit and each.kind == "organizer" and each.approved_on > date(2012, 5, 1)
    )
    formation = UnionFormation.objects.get(pk=world.formations[union.serial].pk)
    perform(
        formation,
        "overrule",
        by=world.cast[accounts.approver(unit)],
        reason="数据核查",
        overruled_as_new=False,
        overrule_reason="经核查，该单位原由未入册的行业工会小组涵盖，不作新建统计。",
    )
    world.overruled = union


def _officers(world: World, union: Union, count: int) -> list[Membership]:
    met = world.newcomers.meet(union.unit, count)
    return joining.opening_members(world, ((union, each) for each in met), SYSTEM)


def voters(world: World) -> list[Union]:
    """The older unions that hold elections in 2012."""
    return [joining.hosts(world, unit.code)[8] for unit in UNITS[:5]]


def enter_voters(world: World) -> None:
    """The members of the unions that hold elections, as far as they have names."""
    for union in voters(world):
        world.voters[union.serial] = _officers(world, union, 30)


def call_meetings(world: World) -> None:
    """Unions ask for the meeting that renews their committee; one has not been answered yet."""
    for n, union in enumerate(voters(world)):
        maker = world.cast[accounts.handler(union.unit)]
        case = create(
            ElectionCase,
            by=maker,
            org=world.org(union),
            kind="renewal",
            term_years=3,
            members=30,
            female_members=sum(row.sex == "female" for row in world.voters[union.serial]),
            committee_seats=5,
            audit_seats=3,
            due_attend=30,
        )
        case = perform(case, "request", by=maker)
        if n < 4:
            case = perform(
                case,
                "agree",
                by=world.cast[accounts.approver(union.unit)],
                agreed_doc_no=f"工批换〔2012〕{union.serial}号",
            )
        world.elections[union.serial] = case


def hold_meetings(world: World) -> None:
    """The meetings; one is held but not answered by the superior yet."""
    for n, union in enumerate(voters(world)[:4]):
        maker = world.cast[accounts.handler(union.unit)]
        case = world.elections[union.serial]
        must(create_many(Candidate, _slate(world, union, case), by=maker))
        case = _with_result(case, maker)
        case = perform(perform(case, "hold", by=maker), "report", by=maker)
        if n < 3:
            perform(
                case,
                "confirm",
                by=world.cast[accounts.approver(union.unit)],
                reply_doc_no=f"工批选〔2012〕{union.serial}号",
            )


def _with_result(case: ElectionCase, by: Any) -> ElectionCase:
    return change(
        case,
        by=by,
        publicity_from=date(2012, 4, 9),
        publicity_to=date(2012, 4, 16),
        meeting_on=date(2012, 4, 18),
        attended=28,
        ballots_out=28,
        ballots_back=28,
        ballots_valid=27,
    )


def _slate(world: World, union: Union, case: ElectionCase) -> list[dict[str, Any]]:
    rows = world.voters[union.serial]
    women = [row for row in rows if row.sex == "female"]
    slate = [(rows[0], "chair", 27)]
    slate += [(rows[n], "member", 27 - n if n < 6 else 3) for n in range(1, 7)]
    slate += [(rows[n], "audit_member", 25) for n in (7, 8, 9)]
    slate.append((women[-1], "women_chair" if len(women) >= 10 else "women_member", 26))
    return [
        {
            "org": world.org(union),
            "case": case,
            "person": row.person,
            "post": post,
            "votes": votes,
        }
        for row, post, votes in slate
    ]


def extend_a_term(world: World) -> None:
    """A union may hold its election some months later."""
    unit = UNITS[5].code
    org_ids = Org.objects.filter(
        pk__in=[
            world.org(union).pk
            for union in world.city.of(Story.OPENING)
            if union.unit == unit and union.kind == "single"
        ]
    ).values_list("pk", flat=True)
    term = (
        UnionTerm.objects.filter(
            org_id__in=list(org_ids), due_on__gt=date(2012, 8, 15), state="current"
        )
        .order_by("due_on", "pk")
        .first()
    )
    if term is not None and term.due_on is not None:
        perform(
            term,
            "extend",
            by=world.cast[accounts.approver(unit)],
            extended_to=date(
                term.due_on.year + (term.due_on.month > 9), (term.due_on.month + 2) % 12 + 1, 1
            ),
            extension_doc_no="郏工批〔2012〕17号",
        )


def list_leads(world: World) -> None:
    """Employers without a union, in the round of the spring: to be called, on the way, refusing."""
    for unit in UNITS[:10]:
        spare = [each for each in world.city.spare[40:] if each.unit == unit.code]
        maker = world.cast[accounts.handler(unit.code)]
        made = must(
            create_many(
                CensusUnit,
                (
                    {
                        "org": world.orgs[each.township],
                        "employer": world.employers[each.serial],
                        "round": "2012-上半年",
                        "source": ("market", "insurance", "township")[each.serial % 3],
                        "willing": each.employees // 3,
                    }
                    for each in spare
                ),
                by=maker,
            )
        )
        if len(made) > 1:
            must(perform_many(made[1:], "contact", by=maker, next_action_on=date(2012, 8, 20)))
        if unit.code == "410423":
            perform(made[0], "refuse", by=maker, refuse_reason="企业主认为规模小、暂不建会")
