"""Comparing a roster with the payroll (名册对账): who has left, who is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.excel.cells import Normaliser
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.sheets import read_sheet
from gonghui.kernel.excel.template import make_template
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import IdType, Person
from gonghui.kernel.persons import Key, known, other_name, read_paper, same_name
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule, is_by_rule, require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create_many, perform, void_many
from gonghui.lines.members.models import Membership, RosterCheck, RosterDifference
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.models.membership import OPEN
from gonghui.lines.members.models.roster_check import DifferenceKind
from gonghui.lines.members.roster import write_roster
from gonghui.lines.members.services import events, standing
from gonghui.lines.members.services.transfers import take_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`missing`: members that are not on the payroll; `fresh` and `refused`: positions in it."""

    missing: tuple[Membership, ...]
    fresh: tuple[int, ...]
    refused: dict[int, DomainError]


def compared(org: Org, payroll: Sequence[tuple[str, str]]) -> Difference:
    """The payroll (name, identity number) against the active members of a union; changes nothing."""
    positions: dict[Key, int] = {}
    refused: dict[int, DomainError] = {}
    for index, (_, number) in enumerate(payroll):
        try:
            positions.setdefault(read_paper(IdType.RESIDENT, number).key, index)
        except DomainError as error:
            refused[index] = error
    rows = Membership.objects.filter(
        org=org, state__in=("active", "moving"), is_retained=False, is_absorbed=False
    ).filter(voided_at=None)
    members = {
        (row.person.id_type, bytes(row.person.id_no_hash or b"")): row
        for row in rows.select_related("person").order_by("pk")
    }
    return Difference(
        missing=tuple(row for key, row in members.items() if key not in positions),
        fresh=tuple(index for key, index in positions.items() if key not in members),
        refused=refused,
    )


HEADINGS = (
    Heading(
        label="姓名",
        aliases=("职工姓名", "员工姓名"),
        required=True,
        kind=CellKind.NAME,
        example="张示例",
    ),
    Heading(
        label="证件号码",
        aliases=("身份证号", "身份证号码", "公民身份号码"),
        required=True,
        kind=CellKind.ID_NUMBER,
    ),
)
_SHOWN_FAULTS = 5


def template() -> bytes:
    """The empty workbook of a payroll."""
    return make_template(HEADINGS, title="工资名册", notes=("只需姓名和证件号码，其他列不读取。",))


def payroll_of(data: bytes) -> list[tuple[str, str]]:
    """Names and identity numbers of a payroll; a row that cannot be read stops it.

    A member whose number is broken in the sheet would otherwise be taken for somebody who left.
    """
    sheet = read_sheet(data, headings=HEADINGS)
    normaliser = Normaliser(sheet)
    found: list[tuple[str, str]] = []
    faults: list[str] = []
    for row in sheet.rows():
        read = normaliser.row(row)
        if read.errors:
            faults.append(f"第{row.number}行：{'；'.join(each.text for each in read.errors)}")
        else:
            found.append((str(read.values["姓名"]), str(read.values["证件号码"])))
    if faults:
        shown = " ".join(faults[:_SHOWN_FAULTS])
        raise DomainError(f"名册有{len(faults)}行读不出来，请改正后重新上传。{shown}")
    return found


def compare(check: RosterCheck, payroll: Sequence[tuple[str, str]], by: Actor) -> RosterCheck:
    """Hold a union's members against a payroll and note the differences; what was open is replaced."""
    require(by, "change", register_of(RosterCheck), check.org_id)
    with transaction.atomic(), acting(SYSTEM), by_rule():
        # Of two payrolls at once the second replaces what the first has found.
        check = RosterCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        if check.state not in ("open", "compared"):
            raise DomainError("这次对账已经对清，请新建一次。")
        found = compared(check.org, payroll)
        if found.refused:
            first = next(iter(found.refused.values()))
            raise DomainError(f"名册有{len(found.refused)}个证件号码不对：{first.message}")
        must(void_many(_open_lines(check), by=by, reason="重新比对"))
        gone = [
            {"check_of": check, "kind": "gone", "membership": row, "name": row.person.name}
            for row in found.missing
        ]
        fresh = [
            {"check_of": check, "kind": "fresh", "name": name, "id_no": number}
            for name, number in (payroll[position] for position in found.fresh)
        ]
        must(create_many(RosterDifference, [*gone, *fresh], by=by))
        counts = {"listed": len(payroll), "gone": len(gone), "fresh": len(fresh)}
        return perform(change(check, by=by, **counts), "compare", by=by)


def _open_lines(check: RosterCheck) -> list[RosterDifference]:
    return list(RosterDifference.objects.filter(check_of=check, state="open", voided_at=None))


def derive_check(check: RosterCheck) -> None:
    """A check is of today unless another day is given."""
    check.checked_on = check.checked_on or clock.today()


def check_is_not_compared(check: RosterCheck) -> None:
    """Without changes means that nobody has to be looked at."""
    if check.listed is not None:
        raise DomainError("已上传工资名册，请逐人核定差异后办理“对账完毕”。")


def check_all_decided(check: RosterCheck) -> None:
    """Everybody on one list alone has been decided on."""
    left = len(_open_lines(check))
    if left:
        raise DomainError(f"还有{left}人没有核定，请逐人办理后再对账完毕。")


def check_may_be_deleted(check: RosterCheck) -> None:
    """What was decided from a check stays with it."""
    decided = RosterDifference.objects.filter(check_of=check.pk, voided_at=None).exclude(
        state="open"
    )
    if decided.exists():
        raise DomainError(f"已核定{decided.count()}人，对账不能作废。")


def check_was_replaced(row: RosterDifference) -> None:
    """Whoever is on one list alone is decided on; only another payroll or a voided check does away with him."""
    if row.check_of.state != "open" and not is_by_rule():
        raise DomainError("差异由比对得出，不能作废，请逐人核定；名册传错的，请重新上传。")


def drop_lines(checks: list[RosterCheck], by: Actor) -> None:
    """The open differences of voided checks go with them."""
    for check in checks:
        must(void_many(_open_lines(check), by=by, reason="对账作废"))


def require_gone(row: RosterDifference, by: Actor) -> None:
    """Only who left can retire or leave."""
    if row.kind != DifferenceKind.GONE:
        raise NotAllowed("只用于疑似离职的会员。")


def require_fresh(row: RosterDifference, by: Actor) -> None:
    """Only who is new can be admitted."""
    if row.kind != DifferenceKind.FRESH:
        raise NotAllowed("只用于疑似新进的职工。")


def cannot_admit(rows: Sequence[RosterDifference]) -> dict[int, DomainError]:
    """Who may not join as named: another name is registered for the paper, or he is on his way already."""
    errors: dict[int, DomainError] = {}
    for position, (row, newcomer) in enumerate(zip(rows, _newcomers(rows), strict=True)):
        person, membership = newcomer.person, newcomer.membership
        if person is not None and not same_name(person.name, row.name):
            errors[position] = other_name(person.name)
        elif membership is not None and membership.state in ("moving", "founding"):
            label = "正在接转" if membership.state == "moving" else "已登记为首批会员"
            errors[position] = DomainError(f"{row.name}{label}，请先办完再核定。")
    return errors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newcomer:
    """Who is new to a union: his number, and whom the city knows by it, with his open membership."""

    row: RosterDifference
    number: str
    person: Person | None
    membership: Membership | None

    @property
    def day(self) -> date:
        """When he came."""
        day: date = self.row.happened_on or clock.today()
        return day


def _newcomers(rows: Sequence[RosterDifference]) -> list[_Newcomer]:
    numbers = [sealing.opened(row, "id_no") for row in rows]
    keys = [read_paper(IdType.RESIDENT, number).key for number in numbers]
    people = known(keys)
    with acting(SYSTEM):
        found = Membership.objects.filter(
            person__in=people.values(),
            state__in=(*OPEN, "founding"),
            is_absorbed=False,
            voided_at=None,
        )
        of_person = {row.person_id: row for row in found.select_related("org")}
    return [
        _Newcomer(
            row=row,
            number=number,
            person=(person := people.get(key)),
            membership=of_person.get(person.pk) if person is not None else None,
        )
        for row, number, key in zip(rows, numbers, keys, strict=True)
    ]


def retire(rows: list[RosterDifference], by: Actor) -> None:
    """Who retired is retained as a member of the union."""
    _retain(rows, "退休", by)


def let_go(rows: list[RosterDifference], by: Actor) -> None:
    """Who left the employer is retained until his next union takes him over."""
    _retain(rows, "离职", by)


def _retain(rows: list[RosterDifference], reason: str, by: Actor) -> None:
    by_day = standing.grouped(rows, lambda row: row.happened_on or clock.today())
    for day, group in by_day.items():
        standing.load(group, "membership")
        members = [row.membership for row in group]
        standing.load(members, "org")
        must(events.record_many(members, EventKind.RETAIN, day, reason, by=by))


def admit(rows: list[RosterDifference], by: Actor) -> None:
    """Newcomers join: by moving from where they are members, by being restored, or for the first time."""
    standing.load(rows, "org")
    for org, group in standing.grouped(_newcomers(rows), lambda one: one.row.org).items():
        new = [one for one in group if one.membership is None]
        must(write_roster([_as_listed(one) for one in new], by, org))
        kept = [one for one in group if one.membership is not None and one.membership.is_retained]
        for day, same in standing.grouped(kept, lambda one: one.day).items():
            members = [one.membership for one in same]
            must(events.record_many(members, EventKind.RESTORE, day, "新进", by=by, to_org=org))
        away = [
            (one.row.name, one.number)
            for one in group
            if one.membership is not None
            and not one.membership.is_retained
            and one.membership.org_id != org.pk
        ]
        must(take_over(away, org, by=by, batch="名册对账"))


def _as_listed(one: _Newcomer) -> dict[str, Any]:
    """A newcomer as a row of the members' sheet."""
    return {
        "person__name": one.row.name,
        "person__id_no": one.number,
        "employ_kind": one.row.employ_kind,
        "joined_on": one.day,
    }
