"""Whom other offices are asked about, what they answer, and what that means for a file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import value_of
from gonghui.kernel.people.models import HouseholdMember, Person
from gonghui.kernel.records.sealing import opened
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.aid.models import CrossCheck, CrossCheckRow, HardshipFile
from gonghui.lines.aid.models.cross_check import ITEMS_OF, Agency, CheckResult

KEY, ROW = "aid.cross_check", "aid.cross_check_row"
# Files that somebody still decides on.
COMPARED = ("submitted", "survey", "notice", "station_review", "county_review")
_OPEN = ("draft", "sent")


# The list


def collect(checks: list[Any], by: Actor) -> None:
    """Put everybody on a list whom its office has not been asked about yet."""
    for check in checks:
        items = ITEMS_OF[Agency(check.agency)]
        rows = [
            {"check_batch": check, "org": check.org, "file": file, "person": who, "item": item}
            for file, who in _to_ask(check)
            for item in items
        ]
        if not rows:
            raise Conflict(
                "没有需要比对的人员：审批中的档案均已签核对授权并已列入比对，或尚无此类档案。"
            )
        must(create_many(CrossCheckRow, rows, by=SYSTEM))
    refresh(checks)


def _to_ask(check: CrossCheck) -> list[tuple[HardshipFile, Person]]:
    """Members of households with a signed consent that wait for the office's answer or were not asked."""
    files = HardshipFile.objects.filter(
        org__path__startswith=check.org.path,
        state__in=COMPARED,
        consent_on__isnull=False,
        voided_at=None,
    ).order_by("pk")
    by_home = {file.household_id: file for file in files}
    asked = set(
        CrossCheckRow.objects.filter(
            Q(check_batch__state__in=_OPEN) | Q(check_batch__state="answered"),
            check_batch__agency=check.agency,
            file__in=[file.pk for file in by_home.values()],
            voided_at=None,
        ).values_list("file_id", "person_id")
    )
    waiting = [
        (by_home[home], person_id)
        for home, people in members_of(by_home).items()
        for person_id in people
        if (by_home[home].pk, person_id) not in asked
    ]
    with acting(SYSTEM):
        people = Person.objects.in_bulk({person_id for _, person_id in waiting})
    return [(file, people[person_id]) for file, person_id in waiting]


def members_of(household_ids: Iterable[int]) -> dict[int, list[int]]:
    """Who lives together in each household, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    with acting(SYSTEM):
        rows = HouseholdMember.objects.filter(
            household_id__in=list(household_ids), lives_together=True, valid_to=None, voided_at=None
        ).order_by("household_id", "pk")
        for home, person_id in rows.values_list("household_id", "person_id"):
            found[home].append(person_id)
    return found


def wrong_rows(rows: Sequence[CrossCheckRow]) -> dict[int, DomainError]:
    """Rows that may not be asked, or not be changed any more, by position."""
    with acting(SYSTEM):
        checks = CrossCheck.objects.select_related("org").in_bulk({r.check_batch_id for r in rows})
        files = HardshipFile.objects.select_related("org").in_bulk({row.file_id for row in rows})
    at_home = members_of({file.household_id for file in files.values()})
    asked = {} if is_by_rule() else altered(rows, "check_batch", "file", "person", "item")
    answers = {} if is_by_rule() else altered(rows, "result", "value")
    handled = altered(rows, "handled", "note")
    wrong: dict[int, DomainError] = {}
    for at, row in enumerate(rows):
        check, file = checks[row.check_batch_id], files[row.file_id]
        if not row.pk:
            error = _unfit(row, check, file, at_home[file.household_id])
        elif at in asked:
            error = Conflict("名单中的人员和项目不能改；多余的在送出以前作废。")
        elif at in answers and check.state != "sent":
            error = Conflict("只有已送出、尚未登记返回的比对可以填写结果。", field="result")
        elif at in handled and check.state != "answered":
            error = Conflict("登记返回以后才能填写核实情况。", field="handled")
        else:
            error = None
        if error is not None:
            wrong[at] = error
    return wrong


def _unfit(
    row: CrossCheckRow, check: CrossCheck, file: HardshipFile, people: Sequence[int]
) -> DomainError | None:
    if check.state != "draft":
        return Conflict("名单已送出，不能再加人员；请另建一次比对。", field="check_batch")
    if not file.org.path.startswith(check.org.path):
        return DomainError(f"档案{file.number}不归{check.org}审批。", field="file")
    if file.consent_on is None:
        return DomainError(f"档案{file.number}没有核对授权，不能比对。", field="file")
    if row.person_id not in people:
        return DomainError("只能比对该户共同生活的成员。", field="person")
    if row.item not in ITEMS_OF[Agency(check.agency)]:
        return DomainError(f"{check.get_agency_display()}不核对这个项目。", field="item")
    return None


def check_row_may_go(row: CrossCheckRow) -> None:
    """Only what nobody was asked yet is taken off."""
    if row.check_batch.state != "draft":
        raise Conflict("名单已送出，不能作废其中的人员。")


def check_may_go(check: Any) -> None:
    """A list with names stays, with what became of it."""
    if rows_of(check).exists():
        raise Conflict("名单中已有人员，不能作废；不再送出的请“取消”。")


def rows_of(check: CrossCheck) -> Any:
    """The rows of a list."""
    return CrossCheckRow.objects.filter(check_batch=check.pk, voided_at=None)


def follow_rows(rows: list[CrossCheckRow], created: bool, by: Actor) -> None:
    """The counts of the lists follow."""
    refresh_ids({row.check_batch_id for row in rows})


def follow_voided_rows(rows: list[CrossCheckRow], by: Actor) -> None:
    """As `follow_rows`."""
    refresh_ids({row.check_batch_id for row in rows})


def refresh_ids(ids: set[int]) -> None:
    """As `refresh`, by key."""
    with acting(SYSTEM):
        refresh(list(CrossCheck.objects.filter(pk__in=ids).order_by("pk")))


def refresh(checks: Sequence[CrossCheck]) -> None:
    """Count what each list asks and what was found."""
    with acting(SYSTEM):
        rows = CrossCheckRow.objects.filter(check_batch__in=checks, voided_at=None)
        counted = (
            rows.order_by()
            .values("check_batch")
            .annotate(
                row_count=Count("pk"), hit_count=Count("pk", filter=Q(result=CheckResult.HIT))
            )
        )
        found = {row.pop("check_batch"): row for row in counted}
        none = {"row_count": 0, "hit_count": 0}
        pairs = [(check, found.get(check.pk, none)) for check in checks]
        must(change_many(pairs, by=SYSTEM, reason="比对名单"))


# Out


def check_has_rows(check: CrossCheck) -> None:
    """Nobody sends an empty list."""
    if not rows_of(check).exists():
        raise DomainError("名单是空的，请先“收集名单”。")


def fix_lists(checks: list[Any], by: Actor) -> None:
    """What was asked is kept as a hash, so that a list handed out again is the same."""
    pairs = [(check, {"list_sha256": digest_of(listed(check))}) for check in checks]
    must(change_many(pairs, by=SYSTEM, reason="送出比对"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A line of the list that an office gets: who, and about what."""

    person_id: int
    name: str
    id_no: str
    item: str


def listed(check: CrossCheck) -> list[Asked]:
    """The list in clear, in its order: name, number and item are all that an office needs."""
    with acting(SYSTEM):
        rows = list(rows_of(check).order_by("pk").values_list("person_id", "item"))
        people = Person.objects.in_bulk({pk for pk, _ in rows})
    numbers = {pk: opened(person, "id_no") for pk, person in people.items()}
    labels = dict(CrossCheckRow._meta.get_field("item").flatchoices)
    return [
        Asked(person_id=pk, name=people[pk].name, id_no=numbers[pk], item=str(labels[item]))
        for pk, item in rows
    ]


def digest_of(rows: Sequence[Asked]) -> str:
    """The hash of a list."""
    text = "\n".join(f"{row.id_no} {row.name} {row.item}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def list_to_send(check: CrossCheck) -> list[Asked]:
    """The list as it was sent; raises where a name or number was corrected since."""
    if check.state not in ("sent", "answered"):
        raise Conflict("名单还没有送出，请先“送出比对”。")
    rows = listed(check)
    if digest_of(rows) != check.list_sha256:
        raise Conflict(
            "送出以后有人员的姓名或身份证号更正，名单与送出时不同；请取消本次，另建一次比对。"
        )
    return rows


# Back


def check_may_return(check: CrossCheck) -> None:
    """The answer came on a day, and is complete or said to be."""
    if check.returned_on is None or not check.asked_on <= check.returned_on <= clock.today():
        raise DomainError("请填写返回日期，须在送出之后、今天之前。", field="returned_on")
    open_rows = rows_of(check).filter(result="").count()
    if open_rows and not check.rest_is_clear:
        raise DomainError(
            f"还有{open_rows}项没有结果。请导入返回的结果；对方只回复查到的，请勾选“名单中没有回复的均为‘未查到’”。",
            field="rest_is_clear",
        )


def take_over(checks: list[Any], by: Actor) -> None:
    """What was not answered was not found; the files are told."""
    rest = CrossCheckRow.objects.filter(check_batch__in=checks, result="", voided_at=None)
    pairs = [(row, {"result": CheckResult.NONE}) for row in rest.order_by("pk")]
    must(change_many(pairs, by=SYSTEM, reason="登记返回"))
    tell_files(checks, by)


def tell_files(checks: list[Any], by: Actor) -> None:
    """Each file on the lists shows since when everybody it needs has answered, if everybody has."""
    ids = CrossCheckRow.objects.filter(check_batch__in=checks, voided_at=None).values("file_id")
    files = list(HardshipFile.objects.filter(pk__in=ids).select_related("org").order_by("pk"))
    found = standing(files)
    pairs = [(file, {"checked_on": found[file.pk].complete_on}) for file in files]
    must(change_many(pairs, by=SYSTEM, reason="信息比对"))


# What it means for a file


@dataclass(slots=True, kw_only=True)
class Standing:
    """How far the comparison of a file is."""

    missing: list[Agency] = field(default_factory=list)
    returned_on: list[date] = field(default_factory=list)
    hits: list[CrossCheckRow] = field(default_factory=list)

    @property
    def complete_on(self) -> date | None:
        """The day of the last answer, once no office is missing."""
        return max(self.returned_on, default=None) if not self.missing else None

    @property
    def untouched(self) -> list[CrossCheckRow]:
        """Hits that nobody has looked into."""
        return [row for row in self.hits if not row.handled]


def required_of(file: HardshipFile) -> list[Agency]:
    """The offices that must have answered before the file is approved."""
    named = str(value_of("aid.cross_check_agencies", on=clock.today(), org=file.org))
    return [agency for agency in Agency if agency.label in named.split("、")]


def standing(files: Sequence[HardshipFile]) -> dict[int, Standing]:
    """Of each file: who has not answered about everybody in the household, and what was found."""
    at_home = members_of({file.household_id for file in files})
    with acting(SYSTEM):
        rows = list(
            CrossCheckRow.objects.filter(
                file__in=[file.pk for file in files], check_batch__state="answered", voided_at=None
            ).select_related("check_batch", "person")
        )
    found: dict[int, Standing] = {}
    for file in files:
        own = [row for row in rows if row.file_id == file.pk]
        people = set(at_home[file.household_id])
        found[file.pk] = Standing(
            missing=[
                agency
                for agency in required_of(file)
                if not people
                or people - {r.person_id for r in own if r.check_batch.agency == agency}
            ],
            returned_on=[row.check_batch.returned_on for row in own],
            hits=[row for row in own if row.result == CheckResult.HIT],
        )
    return found
