"""What the auditor looks at first (疑点): payments of a year that are in order one by one and odd together.

A flag accuses nobody; it names a payment, a batch or a group of payments to look into. All rules are
asked of the whole year at once, in the scope of whoever asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from gonghui.base import clock
from gonghui.base.identity import mask_name
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.records.models import History
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import AccountRelation, PayBatch, PayLine, ReceiptKind
from gonghui.shared.funds.models.batch import HOLDING
from gonghui.shared.funds.services import gates

MOST = 200
DECEMBER = 12
_HANDLED = (
    "create",
    "perform:submit",
    "perform:dept_review",
    "perform:finance_review",
    "perform:finance_approve",
    "perform:approve",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something to look into: what is odd, how much money it is, and the record to begin with."""

    text: str
    amount: Decimal
    record: PayLine | PayBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of oddity; `find` gives the flags among the payments of a year."""

    code: str
    title: str
    find: Callable[[QuerySet[PayLine]], Iterator[Flag]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The flags of a kind, and whether there are more than are shown."""

    rule: Rule
    flags: list[Flag]
    has_more: bool


def found_in(year: int, codes: Sequence[str] = ()) -> list[Found]:
    """The flags of a year by kind; of some kinds only, if they are named."""
    lines = payments_of(year)
    wanted = [rule for rule in RULES if not codes or rule.code in codes]
    result = []
    for rule in wanted:
        flags = list(islice(rule.find(lines), MOST + 1))
        result.append(Found(rule=rule, flags=flags[:MOST], has_more=len(flags) > MOST))
    return result


def payments_of(year: int) -> QuerySet[PayLine]:
    """What was paid in a year, or claimed in it and not paid yet."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    claimed = Q(paid_on=None, batch__submitted_on__range=(first, last))
    rows: QuerySet[PayLine] = PayLine.objects.filter(
        Q(paid_on__range=(first, last)) | claimed, state__in=HOLDING, voided_at=None
    )
    return rows


def _shown(lines: QuerySet[PayLine]) -> QuerySet[PayLine]:
    return lines.select_related("person", "employer", "batch", "account").order_by("pk")


def _name(line: PayLine) -> str:
    return mask_name(gates.name_of(line))


def _firsts(groups: Iterable[Any]) -> Iterator[tuple[dict[str, Any], PayLine]]:
    """Each group with the first of its payments."""
    rows = list(islice(groups, MOST + 1))
    first = _shown(PayLine.objects.filter(pk__in=[row["first"] for row in rows])).in_bulk()
    for row in rows:
        yield row, first[row["first"]]


def _grouped(
    lines: QuerySet[PayLine], by: str, counted: str, least: int
) -> Iterator[tuple[dict[str, Any], PayLine]]:
    """Groups of payments that at least so many different things share."""
    groups = (
        lines.order_by()
        .values(by)
        .annotate(many=Count(counted, distinct=True), total=Sum("amount"), first=Min("pk"))
        .filter(many__gte=least)
        .order_by("-many", "first")
    )
    return _firsts(groups.iterator())


def _shared_accounts(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    own = lines.filter(account__isnull=False, person__isnull=False).exclude(
        account__relation=AccountRelation.GUARDIAN
    )
    for row, line in _grouped(own, "account__account_no_hash", "person", 2):
        last4 = line.account.last4 if line.account else ""
        text = f"账号尾号{last4}收取了{row['many']}名收款人的钱，首笔收款人{_name(line)}。"
        yield Flag(text=text, amount=row["total"], record=line)


def _shared_contacts(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    least = parameters.number_of("funds.shared_contact_payees")
    by_phone = lines.filter(person__isnull=False).exclude(person__phone="")
    for row, line in _grouped(by_phone, "person__phone", "person", least):
        text = f"{row['many']}名收款人登记了同一个电话，首笔收款人{_name(line)}。"
        yield Flag(text=text, amount=row["total"], record=line)
    by_home = lines.filter(household__isnull=False).exclude(household__address="")
    for row, line in _grouped(by_home, "household__address", "household", least):
        text = f"{row['many']}户登记了同一个住址，首笔收款人{_name(line)}。"
        yield Flag(text=text, amount=row["total"], record=line)


def _deceased(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    gone = lines.filter(person__deceased_on__isnull=False).filter(
        Q(paid_on=None) | Q(person__deceased_on__lte=F("paid_on"))
    )
    for line in _shown(gone)[: MOST + 1]:
        if line.person is not None:
            when = f"{line.paid_on:%Y-%m-%d}发放" if line.paid_on else "已占用、尚未发放"
            text = f"{_name(line)}已于{line.person.deceased_on:%Y-%m-%d}去世，本笔{when}。"
            yield Flag(text=text, amount=line.amount, record=line)


def _relatives(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    handlers: dict[int, set[int]] = defaultdict(set)
    batches = set(lines.order_by().values_list("batch_id", flat=True).distinct())
    entries = History.objects.filter(
        table=PayBatch._meta.db_table,
        record_id__in=batches,
        verb__in=_HANDLED,
        actor_id__isnull=False,
    )
    for batch_id, actor_id in entries.values_list("record_id", "actor_id").distinct():
        handlers[actor_id or 0].add(batch_id)
    for actor_id in sorted(handlers):
        near = gates.kin_of(actor_id)
        theirs = lines.filter(batch_id__in=handlers[actor_id]).filter(
            Q(person_id__in=near) | Q(beneficiary_id__in=near)
        )
        for line in _shown(theirs) if near else ():
            text = f"{_name(line)}是经办或审批人备案的亲属（含同户），批次《{line.batch}》。"
            yield Flag(text=text, amount=line.amount, record=line)


def _many_programmes(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    least = parameters.number_of("funds.many_programmes")
    own = lines.filter(household__isnull=False)
    for row, line in _grouped(own, "household", "programme_code", least):
        text = f"{_name(line)}一家当年享受{row['many']}个项目。"
        yield Flag(text=text, amount=row["total"], record=line)


def _at_the_cap(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    """Batches whose every payment is exactly what its cap allows: was need looked at at all?"""
    codes = [code for code, _ in programmes.programme_choices() if programmes.cap_of(code)]
    own: dict[int, list[PayLine]] = defaultdict(list)
    for line in _shown(lines.filter(programme_code__in=codes)):
        own[line.batch_id].append(line)
    for paid in own.values():
        if len(paid) > 1 and all(_is_at_cap(line) for line in paid):
            batch = paid[0].batch
            text = f"《{batch}》{len(paid)}笔全部恰好等于限额。"
            yield Flag(text=text, amount=batch.total, record=batch)


def _is_at_cap(line: PayLine) -> bool:
    rule = programmes.cap_of(line.programme_code)
    cap = rule(line, line.batch.submitted_on or line.batch.opened_on) if rule else None
    return cap is not None and line.amount == cap.amount


def _same_day(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    batches = PayBatch.objects.filter(
        pk__in=lines.order_by().values("batch_id"),
        settled_on=F("opened_on"),
        opened_on__month=DECEMBER,
    )
    for batch in batches.order_by("pk")[: MOST + 1]:
        text = f"《{batch}》于{batch.opened_on:%Y-%m-%d}当天编制、审批、发放完毕（年底）。"
        yield Flag(text=text, amount=batch.total, record=batch)


def _repeated(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    for line in _shown(lines.filter(repeat__gt=1))[: MOST + 1]:
        text = f"{_name(line)}叠加发放第{line.repeat}次，原因：{line.repeat_reason}。"
        yield Flag(text=text, amount=line.amount, record=line)


def _other_holder(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    again = lines.filter(reissue_of__account__isnull=False, account__isnull=False)
    changed = again.exclude(account__holder_name=F("reissue_of__account__holder_name"))
    for line in _shown(changed)[: MOST + 1]:
        text = f"{_name(line)}重发时换了户名，批次《{line.batch}》。"
        yield Flag(text=text, amount=line.amount, record=line)


def _one_proxy(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    least = int(parameters.number_of("funds.proxy_lines")) + 1
    own = lines.filter(receipt_kind=ReceiptKind.PROXY).exclude(proxy_name="")
    for row, line in _grouped(own, "proxy_name", "pk", least):
        text = f"“{mask_name(row['proxy_name'])}”一人代领{row['many']}笔。"
        yield Flag(text=text, amount=row["total"], record=line)


def _unsigned(lines: QuerySet[PayLine]) -> Iterator[Flag]:
    days = int(parameters.number_of("funds.receipt_days"))
    since = clock.today() - timedelta(days=days)
    groups = (
        lines.filter(state="paid", receipt_kind="", paid_on__lt=since)
        .order_by()
        .values("batch")
        .annotate(many=Count("pk"), total=Sum("amount"), first=Min("pk"), last=Max("paid_on"))
        .order_by("first")
    )
    for row, line in _firsts(groups.iterator()):
        text = f"《{line.batch}》发放后超过{days}天仍有{row['many']}笔没有签收。"
        yield Flag(text=text, amount=row["total"], record=line.batch)


RULES: tuple[Rule, ...] = (
    Rule(code="account", title="一个账号收多人的钱", find=_shared_accounts),
    Rule(code="contact", title="多人同一电话、多户同一住址", find=_shared_contacts),
    Rule(code="deceased", title="收款人已去世", find=_deceased),
    Rule(code="kin", title="收款人是经办、审批人的亲属", find=_relatives),
    Rule(code="programmes", title="一户一年享受多个项目", find=_many_programmes),
    Rule(code="cap", title="整批恰好等于限额", find=_at_the_cap),
    Rule(code="same_day", title="年底当天编制当天结清", find=_same_day),
    Rule(code="repeat", title="叠加发放", find=_repeated),
    Rule(code="holder", title="重发时换了户名", find=_other_holder),
    Rule(code="proxy", title="一人代领多笔", find=_one_proxy),
    Rule(code="unsigned", title="逾期没有签收", find=_unsigned),
)
