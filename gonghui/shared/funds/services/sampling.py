"""Samples of payments: by size, at random with a seed that is told, by programme, by red flag."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.records.reveals import note_reveals
from gonghui.kernel.records.sealing import opened
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule, is_by_rule
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import change, change_many, create_many
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import AuditSample, AuditSampleLine, PayBatch, PayLine
from gonghui.shared.funds.models.audit_sample import SampleFinding, SampleMethod
from gonghui.shared.funds.services import red_flags

# A payment by key, and why it is in the sample.
Drawn = tuple[int, str]


def flag_choices(_: Any = None) -> list[tuple[str, str]]:
    """The kinds of red flags, for the choice on the form."""
    return [(rule.code, rule.title) for rule in red_flags.RULES]


def check(sample: AuditSample) -> None:
    """A sample names programmes and flags that exist, and flags only where it is drawn by them."""
    if sample.programme_code:
        programmes.programme_of(sample.programme_code)
    if sample.flag_kind and sample.method != SampleMethod.FLAGS:
        raise DomainError("只有“按疑点”抽样才选疑点种类。", field="flag_kind")
    if sample.flag_kind and sample.flag_kind not in dict(flag_choices()):
        raise DomainError(f"没有疑点种类“{sample.flag_kind}”。", field="flag_kind")


def population(sample: AuditSample) -> Any:
    """What was paid in the year within the sample's area, and did not come back."""
    rows = PayLine.objects.filter(
        org__path__startswith=sample.org.path,
        state="paid",
        paid_on__year=sample.year,
        voided_at=None,
    )
    if sample.programme_code:
        rows = rows.filter(programme_code=sample.programme_code)
    return rows


def draw(samples: list[Any], by: Actor) -> None:
    """Put the payments on each sample, with the seed by which they can be drawn again."""
    for sample in samples:
        rows = population(sample)
        if not rows.exists():
            raise Conflict(f"{sample.year}年没有符合条件的已发放明细，无从抽取。")
        seed = sample.seed or secrets.token_hex(4)
        drawn = _drawn(sample, rows, seed)
        if not drawn:
            raise Conflict("没有发现这一类疑点，无从抽取；请换一种抽样方法。")
        lines = PayLine.objects.in_bulk([pk for pk, _ in drawn])
        values = [
            {
                "sample": sample,
                "org": sample.org,
                "seq": seq,
                "pay_line": lines[pk],
                "amount": lines[pk].amount,
                "why": why[:200],
            }
            for seq, (pk, why) in enumerate(drawn, 1)
        ]
        must(create_many(AuditSampleLine, values, by=SYSTEM))
        told = rows.aggregate(count=Count("pk"), total=Sum("amount"))
        change(
            sample,
            by=SYSTEM,
            seed=seed if sample.method in _RANDOM else "",
            population_count=told["count"],
            population_sum=told["total"],
            drawn_count=len(drawn),
            drawn_sum=sum((line.amount for line in lines.values()), Decimal(0)),
        )


_RANDOM = (SampleMethod.RANDOM, SampleMethod.STRATIFIED)


def _drawn(sample: AuditSample, rows: Any, seed: str) -> list[Drawn]:
    size = sample.size_asked
    if sample.method == SampleMethod.SIZE:
        return [
            (pk, "") for pk in rows.order_by("-amount", "pk").values_list("pk", flat=True)[:size]
        ]
    if sample.method == SampleMethod.FLAGS:
        return _flagged(sample, rows)[:size]
    pairs = list(rows.order_by("pk").values_list("pk", "programme_code"))
    if sample.method == SampleMethod.RANDOM:
        return [(pk, "") for pk in shuffled([pk for pk, _ in pairs], seed)[:size]]
    return _by_programme(pairs, size, seed)


def shuffled(keys: Sequence[int], seed: str) -> list[int]:
    """Keys in an order that the seed alone decides."""
    return sorted(keys, key=lambda pk: hashlib.sha256(f"{seed}|{pk}".encode()).digest())


def _by_programme(pairs: Sequence[tuple[int, str]], size: int, seed: str) -> list[Drawn]:
    """Of every programme as many as it has of all payments, and one at least while there is room."""
    strata: dict[str, list[int]] = defaultdict(list)
    for pk, code in pairs:
        strata[code].append(pk)
    shares = shares_of({code: len(keys) for code, keys in strata.items()}, size)
    return [
        (pk, f"{programmes.programme_of(code).name}（{len(strata[code])}笔中抽{count}笔）")
        for code, count in shares.items()
        for pk in shuffled(strata[code], seed)[:count]
    ]


def shares_of(counts: dict[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: one each from the largest on, the rest by the largest remainders."""
    order = sorted(counts, key=lambda code: (-counts[code], code))
    shares = {code: int(place < size) for place, code in enumerate(order)}
    total = sum(counts.values())
    for _ in range(min(size, total) - sum(shares.values())):
        open_ones = [code for code in order if shares[code] < counts[code]]
        most = max(open_ones, key=lambda code: Decimal(counts[code]) * size / total - shares[code])
        shares[most] += 1
    return shares


def _flagged(sample: AuditSample, rows: Any) -> list[Drawn]:
    """Payments that a flag begins with, each once with all that is odd about it; of a batch its largest."""
    codes = [sample.flag_kind] if sample.flag_kind else []
    told = [
        (flag.record, f"{each.rule.title}：{flag.text}")
        for each in red_flags.found_in(sample.year, codes)
        for flag in each.flags
    ]
    begins = _beginnings([record for record, _ in told], rows)
    found: dict[int, list[str]] = {}
    for record, text in told:
        if record in begins:
            found.setdefault(begins[record], []).append(text)
    return [(pk, "；".join(texts)) for pk, texts in found.items()]


def _beginnings(records: Sequence[PayLine | PayBatch], rows: Any) -> dict[Any, int]:
    """The payment within `rows` that a record stands for: itself, or the largest of a batch."""
    lines = [record for record in records if isinstance(record, PayLine)]
    batches = {record.pk: record for record in records if isinstance(record, PayBatch)}
    inside = set(rows.filter(pk__in=[line.pk for line in lines]).values_list("pk", flat=True))
    largest = (
        rows.filter(batch__in=batches).order_by("batch_id", "-amount", "pk").distinct("batch_id")
    )
    return {line: line.pk for line in lines if line.pk in inside} | {
        batches[batch]: pk for batch, pk in largest.values_list("batch_id", "pk")
    }


def wrong_lines(lines: Sequence[AuditSampleLine]) -> dict[int, DomainError]:
    """Lines of a drawn sample that would be another payment's, or findings about a closed one, by position."""
    if is_by_rule():
        return {}
    swapped = altered(lines, "sample", "seq", "pay_line", "amount", "why", "looked_on")
    with acting(SYSTEM):
        samples = AuditSample.objects.in_bulk({line.sample_id for line in lines})
    wrong: dict[int, DomainError] = {}
    for at, line in enumerate(lines):
        state = samples[line.sample_id].state
        if state == "done":
            wrong[at] = Conflict("抽查已办结，不能再改。")
        elif state == "drawn" and at in swapped:
            wrong[at] = Conflict("样本由系统抽取，不能更换；查阅日期由“查阅凭据”登记。")
    return wrong


def check_line_stays(line: AuditSampleLine) -> None:
    """Nothing is taken out of a sample that was drawn."""
    if line.sample.state != "draft":
        raise Conflict("样本中的明细不能作废。")


def follow_lines(lines: list[AuditSampleLine], created: bool, by: Actor) -> None:
    """The sample says how many problems were found."""
    if created:
        return
    problems = Count("lines", filter=Q(lines__finding=SampleFinding.PROBLEM))
    with acting(SYSTEM):
        samples = AuditSample.objects.filter(pk__in={line.sample_id for line in lines})
        counted = list(samples.annotate(problems=problems).order_by("pk"))
        pairs = [(each, {"problem_count": each.problems}) for each in counted]
        must(change_many(pairs, by=SYSTEM, reason="抽查情况"))


def check_is_looked_through(sample: AuditSample) -> None:
    """A sample is closed when something is said of every payment, and of all of them."""
    left = AuditSampleLine.objects.filter(sample=sample.pk, finding="", voided_at=None).count()
    if left:
        raise Conflict(f"还有{left}笔没有登记抽查情况，不能办结。")
    if not sample.conclusion.strip():
        raise DomainError("请填写抽查结论。", field="conclusion")


def check_is_empty(sample: Any) -> None:
    """A sample that was drawn stays, whatever it shows."""
    if sample.state != "draft":
        raise Conflict("已抽取的样本不能作废。")


def look(line: AuditSampleLine, by: Actor) -> dict[str, str]:
    """What stands behind a payment in clear; the look is noted with the number of the sample."""
    sample, paid = line.sample, line.pay_line
    purpose = f"资金抽查{sample.number}第{line.seq}笔"
    with acting(SYSTEM):
        person, account = paid.person, paid.account
    seen: set[tuple[str, int, str]] = {("funds.pay_line", paid.pk, "person")}
    clear = {"payee": str(person or paid.employer), "id_no": "", "account_no": ""}
    if person is not None:
        clear["id_no"] = opened(person, "id_no")
        seen.add(("members.person", person.pk, "id_no"))
    if account is not None:
        clear["account_no"] = opened(account, "account_no")
        seen.add(("funds.payee_account", account.pk, "account_no"))
    note_reveals(by, seen, purpose=purpose)
    if line.looked_on is None:
        with by_rule():
            change(line, by=by, looked_on=clock.today())
    return clear
