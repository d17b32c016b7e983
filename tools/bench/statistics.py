"""What the office asks of the whole city at once: a month sealed, every target judged, figures side by
side, the dashboard, a whole report.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client

from gonghui.base.periods import Period, parse_period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.docx.page import Level, Paragraph, build_report
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.uses import Edition, Rendered
from gonghui.kernel.ledger import catalogue, seals
from gonghui.kernel.ledger.contribution import compiled
from gonghui.kernel.ledger.declare import Indicator, Kind
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform
from gonghui.lines.goals.models import Issuer, PlanBook, Target, TargetKind
from gonghui.lines.goals.progress import progress
from gonghui.lines.reports.source import LedgerSource
from gonghui.lines.statistics.services.periods import reported
from gonghui.web import cards
from tools.bench.data import FOUNDED, HALF_YEAR, City
from tools.bench.figures import live, statement_of
from tools.bench.results import Table, Taken, counted, median

JUNE = Period.month(2012, 6)
TARGETS, CARDS, FIGURES = 23, 30, 100
_ON = date(2012, 7, 15)

NOTES = (
    "(g) `seals.seal` of June 2012: every posted indicator that is reported, of every organisation that"
    " has any, kept and chained by hash; each time rolled back. Beside it the same figures counted from"
    " the records by one GROUP BY an indicator, neither kept nor hashed.",
    f"(h) {TARGETS} targets of the city and as many of each county, issued through the verbs: terms, figures,"
    " light, pace and forecast of all by one call of `progress`. Beside it only their figures, asked one"
    " by one.",
    f"(i) The page of a query with {CARDS} indicators of the city and each county beside last year, through"
    " the middleware with a session. Beside it the figures of this year alone from the records by one"
    " GROUP BY an indicator.",
    "(j) The dashboard of the city, through the middleware with a session: the key figures of every line of"
    " work with plan and last year, and one line of work county by county. Beside it the tiles of this year"
    " alone from the records by one GROUP BY an indicator.",
    f"(k) A report of {FIGURES} figures in official format, read from a template, filled as the review"
    " edition with the evidence of each, and written. Beside it only the figures, asked one by one.",
)


def measure(table: Table, city: City, size: int, *, quick: bool) -> None:
    """Take parts (g) to (k)."""
    table.notes.append(
        f"(g) to (k) With {size:,} memberships the ledger had {_count('ledger_delta'):,} rows, the city"
        f" {unscoped(Org).count():,} organisations."
    )
    _seal(table, city)
    _judge(table, city)
    _show(table, city)
    _dash(table, city)
    _report(table, city)


def _count(relation: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {relation}")
        return int(cursor.fetchone()[0])


# Sealing


def _seal(table: Table, city: City) -> None:
    codes = [each.code for each in reported() if each.is_posted]
    everywhere = {code: _of_all(catalogue.indicator(code)) for code in codes}
    made: list[int] = []

    def seal() -> None:
        with transaction.atomic():
            made.append(seals.seal(city.city, JUNE, codes).figures_count)
            transaction.set_rollback(True)

    with counted() as queries:
        seal()
    if not made[0]:
        raise SystemExit("封存集是空的，没有可量的。")
    table.add(
        "g",
        "sealing of a month for every organisation",
        Taken(
            seconds=median(seal, 3, warm=False),
            runs=3,
            queries=queries.count,
            beside=(median(lambda: live(everywhere), 1, warm=False),),
        ),
        aim="< 30 s",
        beside=("counted from the records, not kept",),
        is_met=lambda line: line.last.seconds < 30,
    )


def _of_all(declared: Indicator) -> str:
    """The indicator per organisation, straight from the records."""
    when = f"BETWEEN DATE '{JUNE.start}' AND DATE '{JUNE.end}'"
    bounds = f"a.valid_from <= c.day AND a.valid_to > c.day AND c.day {when}"
    if declared.is_stock:
        day = f"DATE '{JUNE.end}'"
        bounds = f"a.valid_from <= {day} AND a.valid_to > {day} AND c.day <= {day}"
    what = "count(DISTINCT c.subject)" if declared.subject else "sum(c.value)"
    return (
        f"SELECT a.ancestor_id, {what} FROM ({compiled(declared.code).select}) c"
        " JOIN kernel_orgs_organcestry a ON a.org_id = c.org"
        f" AND a.known_to > TIMESTAMPTZ '9998-12-31 00:00:00+00' WHERE {bounds} GROUP BY 1"
    )


# Targets


def _judge(table: Table, city: City) -> None:
    codes = _targets(city)
    orgs = [city.city, *city.counties]

    def judge() -> list[Any]:
        return progress(2012, Issuer.CITY, _ON)

    def one_by_one() -> None:
        for code in codes:
            for org in orgs:
                figure(code, org, Period.year_to_date(_ON))

    with acting(SYSTEM):
        with counted() as queries:
            rows = judge()
        judged = [row for row in rows if row.standing is not None]
        if len(judged) != len(codes) * len(orgs):
            raise SystemExit(f"应判断{len(codes) * len(orgs)}个目标，只有{len(judged)}个。")
        taken = Taken(
            seconds=median(judge, 7),
            runs=7,
            queries=queries.count,
            beside=(median(one_by_one, 1, warm=False),),
        )
    table.add(
        "h",
        f"forecast of {TARGETS} targets for the city and 10 counties",
        taken,
        aim="< 1 s",
        beside=("their figures alone, one by one",),
        is_met=lambda line: line.last.seconds < 1,
    )


def _flows(number: int) -> list[Indicator]:
    found = [one for one in catalogue.posted() if one.kind is Kind.FLOW and one.subject is None]
    return found[:number]


def _targets(city: City) -> list[str]:
    """Issue the plan once; at the second size it is there."""
    codes = [one.code for one in _flows(TARGETS)]
    with acting(SYSTEM):
        if PlanBook.objects.exists():
            return codes
        chair = unscoped(Person).order_by("pk").first()
        for org in [city.city, *city.counties]:
            book = create(PlanBook, by=SYSTEM, org=org, issuer=Issuer.CITY, year=2012)
            rows = [
                {
                    "plan": book,
                    "code": f"T{number:02d}",
                    "clause": "全年目标",
                    "kind": TargetKind.FLOW,
                    "indicator": code,
                    "value": Decimal(1000),
                    "window_from": date(2012, 1, 1),
                    "due_on": date(2012, 12, 31),
                    "lead_dept": "组织部",
                    "leader_person": chair,
                }
                for number, code in enumerate(codes, 1)
            ]
            must(create_many(Target, rows, by=SYSTEM))
            perform(book, "consult", by=SYSTEM)
            perform(book, "issue", by=SYSTEM, doc_no=f"平工〔2012〕{org.pk}号")
    return codes


# Cards


def _show(table: Table, city: City) -> None:
    shown = [one for one in catalogue.posted() if one.reportable][:CARDS]
    query = [("code", one.code) for one in shown]
    query += [("each", "1"), ("compared", "last_year"), ("during", "custom")]
    query += [("during.from", str(HALF_YEAR.start)), ("during.to", str(HALF_YEAR.end))]
    page = _page(f"/figures/query/?{urlencode(query)}", _worker(city, Role.AUDIT))
    with counted() as queries:
        page()
    here = {one.code: statement_of(one, city, HALF_YEAR) for one in shown}
    table.add(
        "i",
        f"page of {CARDS} indicators, the city and 10 counties, beside last year",
        Taken(
            seconds=median(page, 7, warm=False),
            runs=7,
            queries=queries.count,
            beside=(median(lambda: live(here), 3),),
        ),
        aim="< 1 s",
        beside=("live GROUP BY, this year alone",),
        is_met=lambda line: line.last.seconds < 1,
    )


def _page(address: str, user: User) -> Callable[[], None]:
    """Asks for a page as a user, who has had it once already."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def page() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}：{answer.status_code}")

    page()
    return page


def _worker(city: City, role: Role) -> User:
    """Somebody with a role over the whole city that asks for no second factor."""
    name = f"bench-{role}"
    found = User.objects.filter(username=name).first()
    if found is None:
        found = User.objects.create_user(name, "口令-bench-2012", name=name, org=city.city)
        Grant.objects.create(user=found, role=role, org=city.city, valid_from=FOUNDED)
    return found


# The dashboard


def _dash(table: Table, city: City) -> None:
    tiles = [catalogue.indicator(code) for one in cards.SECTIONS for code in one.tiles]
    here = {one.code: statement_of(one, city, HALF_YEAR) for one in tiles if one.is_posted}
    page = _page("/dashboard/", _worker(city, Role.COUNTY))
    with counted() as queries:
        page()
    table.add(
        "j",
        f"dashboard of {len(tiles)} tiles and a line of work county by county",
        Taken(
            seconds=median(page, 7, warm=False),
            runs=7,
            queries=queries.count,
            beside=(median(lambda: live(here), 3),),
        ),
        aim="< 1 s",
        beside=("live GROUP BY of the tiles, this year alone",),
        is_met=lambda line: line.last.seconds < 1,
    )


# The report


def _report(table: Table, city: City) -> None:
    every = [f"{{{{数 {one.code} 2012年上半年}}}}" for one in catalogue.all_indicators()]
    told = [use.code for use in _filled(city, _template(every)).figures]
    months = [f"2012年{month}月" for month in range(6, 0, -1)]
    asked = [(code, month) for month in months for code in told][:FIGURES]
    template = _template([f"{{{{数 {code} {month}}}}}" for code, month in asked])

    def report() -> None:
        made = _filled(city, template)
        if len(made.figures) != FIGURES or made.errors:
            raise SystemExit(f"报告有{len(made.figures)}个数：{made.errors[:3]}")

    def alone() -> None:
        for code, month in asked:
            figure(code, city.city, parse_period(month))

    with counted() as queries:
        report()
    table.add(
        "k",
        f"report of {FIGURES} figures, review edition",
        Taken(
            seconds=median(report, 5),
            runs=5,
            queries=queries.count,
            beside=(median(alone, 3),),
        ),
        aim="< 5 s",
        beside=("the figures alone, one by one",),
        is_met=lambda line: line.last.seconds < 5,
    )


def _template(tags: list[str]) -> bytes:
    """A report with a paragraph for each tag."""
    return build_report(("工作报告",), "", "", "", [Paragraph(Level.BODY, tag) for tag in tags])


def _filled(city: City, template: bytes) -> Rendered:
    with acting(SYSTEM):
        source = LedgerSource(root=city.city, as_of=_ON)
        return render(template, source, edition=Edition.REVIEW, as_of=_ON)
