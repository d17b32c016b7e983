"""What a page of figures is about, as its query string says: whose, which days, as known when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period, overlap, parse_period
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger.reading import AsOf
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.web import choosing
from gonghui.web.requests import actor_of_request

# Days outside of these are slips of the keyboard.
_KNOWN = Period(date(1950, 1, 1), date(2100, 12, 31))
TO_DATE, MONTH, CUSTOM = "to_date", "month", "custom"
_CHOICES: dict[str, tuple[str, Callable[[date], Period]]] = {
    TO_DATE: ("年初至今", Period.year_to_date),
    "first_half": ("上半年", lambda day: Period.half(day.year, 1)),
    "second_half": ("下半年", lambda day: Period.half(day.year, 2)),
    "year": ("全年", lambda day: Period.year(day.year)),
    "last_year": ("上年全年", lambda day: Period.year(day.year - 1)),
}
CHOICES = [
    *((code, label) for code, (label, _) in _CHOICES.items()),
    (MONTH, "某月"),
    (CUSTOM, "自定起止"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An org in scope, a period, and the day at whose end things are told (None: now).

    A link may instead give the moment at which something was read, to the second part.

    `problem` says what of the query string made no sense and was left out.
    """

    org: Org
    period: Period
    choice: str
    as_of: AsOf
    problem: str = ""

    @property
    def day(self) -> date:
        """The day from which 年初至今 and the like are counted."""
        return _day_in(self.as_of) or clock.today()

    @property
    def known_on(self) -> str:
        """The day of `as_of`, as a date input holds it; empty for now."""
        return str(_day_in(self.as_of) or "")

    @property
    def month(self) -> str:
        """The month of the last day, as a month input holds it."""
        return f"{self.period.end:%Y-%m}"

    @property
    def params(self) -> dict[str, str]:
        """The query parameters that give this window again."""
        params = {"unit.pk": str(self.org.pk), "during": self.choice}
        if self.choice == MONTH:
            params["during.month"] = self.month
        if self.choice == CUSTOM:
            params |= _from_to(self.period)
        if self.as_of is not None:
            params["as_of"] = self.as_of.isoformat()
        return params

    def told(self) -> str:
        """As known when, in words."""
        if self.as_of is None:
            return "按现有记录"
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        if isinstance(self.as_of, datetime):
            day += f"{self.as_of.astimezone(clock.ZONE):%H:%M}以前"
        return f"按{day}已登记的记录"

    def link(self, name: str, *args: object, org: Org | int | None = None, **more: object) -> str:
        """The address of a page about the same window, for another org if one is named."""
        params = dict(self.params)
        if org is not None:
            params["unit.pk"] = str(org if isinstance(org, int) else org.pk)
        params |= {key: str(value) for key, value in more.items() if value is not None}
        return f"{reverse(name, args=args)}?{urlencode(params)}"

    def link_for(self, period: Period, name: str, *args: object) -> str:
        """The address of a page about other days."""
        return link_to(name, *args, org_id=self.org.pk, period=period, as_of=self.as_of)


def link_to(name: str, *args: object, org_id: int, period: Period, as_of: AsOf) -> str:
    """The address of a page about an org and certain days."""
    params = {"unit.pk": str(org_id), "during": CUSTOM, **_from_to(period)}
    if as_of is not None:
        params["as_of"] = as_of.isoformat()
    return f"{reverse(name, args=args)}?{urlencode(params)}"


def _from_to(period: Period) -> dict[str, str]:
    return {"during.from": period.start.isoformat(), "during.to": period.end.isoformat()}


def read(request: HttpRequest) -> Window:
    """The window of a request; an org outside the scope is not found, as is any for who has none."""
    query: Mapping[str, str] = request.GET
    problems: list[str] = []
    org = _org(actor_of_request(request), query, problems)
    as_of = _as_of(query.get("as_of", ""), problems)
    today = _day_in(as_of) or clock.today()
    choice = query.get("during", TO_DATE)
    period = _period(choice, query, today, problems)
    if period is None:
        choice, period = TO_DATE, Period.year_to_date(today)
    return Window(org=org, period=period, choice=choice, as_of=as_of, problem="".join(problems))


def home_org(actor: Actor) -> Org:
    """The org at which an actor looks first: the highest at which he works."""
    rows = Org.objects.filter(level=OrgLevel.CITY).order_by("pk")
    if not actor.whole_city:
        rows = Org.objects.filter(pk__in=[held.org_id for held in actor.working])
    highest: list[Org] = sorted(rows, key=lambda org: len(org.path))
    if not highest:
        raise Http404
    return highest[0]


def _day_in(as_of: AsOf) -> date | None:
    """The day of a moment, or the day itself."""
    return as_of.astimezone(clock.ZONE).date() if isinstance(as_of, datetime) else as_of


def _as_of(text: str, problems: list[str]) -> AsOf:
    """A day as people choose it, or a moment as links carry it."""
    if "T" in text:
        try:
            moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None and moment.date() in _KNOWN:
            return moment
    return day_of(text, "登记截止日", problems)


def day_of(text: str, label: str, problems: list[str]) -> date | None:
    """The day in a query parameter; None where there is none or it makes no sense."""
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = date.min
    if _KNOWN.start <= found <= _KNOWN.end:
        return found
    problems.append(f"{label}“{text.strip()[:20]}”不是可用的日期，已略去。")
    return None


def _org(actor: Actor, query: Mapping[str, str], problems: list[str]) -> Org:
    kept, text = query.get("unit.pk", ""), query.get("unit", "").strip()
    label = kept.partition("|")[2]
    if kept and (not text or text == label or not label):
        picked: Org | None = choosing.by_key(Org.objects.all(), kept)
        if picked is None:
            raise Http404
        return picked
    if text:
        try:
            typed: Org = choosing.resolve(choosing.orgs(), text, "", "工会")
            return typed
        except DomainError as error:
            problems.append(error.message)
    return home_org(actor)


def _period(choice: str, query: Mapping[str, str], day: date, problems: list[str]) -> Period | None:
    """The days asked for, or None where that makes no sense."""
    if choice in _CHOICES:
        return _CHOICES[choice][1](day)
    try:
        if choice == MONTH:
            month = parse_period(query.get("during.month", "") or f"{day:%Y-%m}")
            return month if overlap(month, _KNOWN) == month else None
        if choice == CUSTOM:
            first = day_of(query.get("during.from", ""), "开始日期", problems)
            last = day_of(query.get("during.to", ""), "结束日期", problems) or day
            return Period(first or last.replace(month=1, day=1), last)
    except DomainError as error:
        problems.append(f"{error.message}。" if not error.message.endswith("。") else error.message)
    return None
