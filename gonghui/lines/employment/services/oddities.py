"""What to look into (疑点): records that are in order one by one and odd together.

Nobody is accused; each names a record to begin with. All are asked in the scope of whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, F, Min

from gonghui.base.identity import mask_name, mask_phone
from gonghui.base.periods import Period
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import EmployerHeadcount
from gonghui.lines.employment.models import Enrolment, FairIntent, MicroLoan, Placement
from gonghui.lines.employment.models.loan import LENT
from gonghui.lines.employment.models.training import EnrolmentResult

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """What is odd, and the record to begin with."""

    text: str
    record: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of oddity; `find` gives those of a period."""

    code: str
    title: str
    find: Callable[[Period], Iterator[Oddity]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The oddities of a kind, and whether there are more than are shown."""

    rule: Rule
    oddities: list[Oddity]
    has_more: bool


def found_in(period: Period) -> list[Found]:
    """All kinds, for what happened in a period."""
    result = []
    for rule in RULES:
        found = list(islice(rule.find(period), MOST + 1))
        result.append(Found(rule=rule, oddities=found[:MOST], has_more=len(found) > MOST))
    return result


def _days(period: Period) -> tuple[date, date]:
    return period.start, period.end


def _placements(period: Period) -> Any:
    rows = Placement.objects.filter(started_on__range=_days(period), voided_at=None)
    return rows.exclude(state="refuted").order_by()


def same_place(period: Period) -> Iterator[Oddity]:
    """Many of one session began at one employer on one day, perhaps more than work there."""
    least = number_of("employment.same_place_from")
    groups = (
        _placements(period)
        .filter(enrolment__isnull=False, employer__isnull=False)
        .values("enrolment__session", "employer", "started_on")
        .annotate(count=Count("pk"), first=Min("pk"))
        .filter(count__gte=least)
        .order_by("-count", "first")[: MOST + 1]
    )
    rows = list(groups)
    firsts = Placement.objects.select_related("employer", "enrolment__session").in_bulk(
        [row["first"] for row in rows]
    )
    staff = _staff([row["employer"] for row in rows])
    for row in rows:
        first = firsts[row["first"]]
        known = staff.get(row["employer"])
        of = f"，该单位登记职工{known}人" if known is not None else ""
        yield Oddity(
            text=f"《{first.enrolment.session}》{row['count']}名学员{row['started_on']}"
            f"同日到{first.employer}上岗{of}。",
            record=first,
        )


def _staff(employers: list[int]) -> dict[int, int]:
    """The newest headcount of each employer."""
    rows = EmployerHeadcount.objects.filter(employer__in=employers, voided_at=None)
    return dict(rows.order_by("as_of", "pk").values_list("employer_id", "employees"))


def at_the_provider(period: Period) -> Iterator[Oddity]:
    """Whoever was paid for the course also reports the jobs."""
    rows = _placements(period).filter(employer=F("enrolment__session__provider"))
    for row in rows.select_related("person", "employer", "enrolment__session").order_by("pk"):
        yield Oddity(
            text=f"{mask_name(row.person.name)}在《{row.enrolment.session}》的承办机构"
            f"{row.employer}上岗。",
            record=row,
        )


def one_phone(period: Period) -> Iterator[Oddity]:
    """One telephone, several names."""
    groups = (
        FairIntent.objects.filter(agreed_on__range=_days(period), voided_at=None)
        .order_by()
        .values("phone")
        .annotate(names=Count("name", distinct=True), first=Min("pk"))
        .filter(names__gte=2)
        .order_by("-names", "first")[: MOST + 1]
    )
    rows = list(groups)
    firsts = FairIntent.objects.in_bulk([row["first"] for row in rows])
    for row in rows:
        text = f"手机{mask_phone(row['phone'])}登记了{row['names']}个姓名的意向。"
        yield Oddity(text=text, record=firsts[row["first"]])


def often_trained(period: Period) -> Iterator[Oddity]:
    """One person completes course after course."""
    least = number_of("employment.often_trained_from")
    groups = (
        Enrolment.objects.filter(
            completed_on__range=_days(period), result=EnrolmentResult.COMPLETED, voided_at=None
        )
        .order_by()
        .values("person")
        .annotate(count=Count("pk"), first=Min("pk"))
        .filter(count__gte=least)
        .order_by("-count", "first")[: MOST + 1]
    )
    rows = list(groups)
    firsts = Enrolment.objects.select_related("person").in_bulk([row["first"] for row in rows])
    for row in rows:
        first = firsts[row["first"]]
        text = f"{mask_name(first.person.name)}期内结业{row['count']}期。"
        yield Oddity(text=text, record=first)


def lent_again(period: Period) -> Iterator[Oddity]:
    """A loan was settled and at once another was lent: the new one may have paid the old."""
    days = number_of("employment.lent_again_days")
    loans = MicroLoan.objects.filter(
        disbursed_on__range=_days(period), state__in=LENT, voided_at=None
    ).select_related("borrower")
    new = list(loans.order_by("disbursed_on", "pk"))
    settled: dict[int, list[MicroLoan]] = {}
    rows = MicroLoan.objects.filter(
        borrower__in=[each.borrower_id for each in new],
        settled_on__isnull=False,
        voided_at=None,
    )
    for old in rows.order_by("settled_on"):
        settled.setdefault(old.borrower_id, []).append(old)
    for each in new:
        for old in settled.get(each.borrower_id, []):
            gap = each.disbursed_on - old.settled_on
            if old.pk != each.pk and timedelta(0) <= gap <= timedelta(days):
                yield Oddity(
                    text=f"{mask_name(each.borrower.name)}{old.settled_on}还清{old.number}，"
                    f"{gap.days}天后又借{each.number}，请核对还款来源。",
                    record=each,
                )


RULES = (
    Rule(code="same_place", title="同一期学员同日到同一单位", find=same_place),
    Rule(code="at_the_provider", title="学员在承办机构上岗", find=at_the_provider),
    Rule(code="one_phone", title="一个手机几个姓名", find=one_phone),
    Rule(code="often_trained", title="一人参加多期", find=often_trained),
    Rule(code="lent_again", title="还清后立即再借", find=lent_again),
)
