"""What is wrong with a roster before money is claimed: eligible, not a duplicate, within cap, money there.

All rules look at the whole batch at once. A finding that blocks keeps the batch from being
submitted; the database decides again when it claims, so that two offices at once cannot both pass.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from gonghui.base import clock
from gonghui.base.retirement import category_of, retires_on
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.kernel.persons import same_name
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import (
    AccountRelation,
    BatchForm,
    BudgetLine,
    FundPurpose,
    KinDeclaration,
    PayBatch,
    PayeeAccount,
    PayLine,
)
from gonghui.shared.funds.models.batch import HOLDING
from gonghui.shared.funds.services import posting
from gonghui.shared.funds.services.lines import with_linked

BLOCK, WARN = "block", "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with a line (`seq`), or with the batch (`seq` 0)."""

    code: str
    text: str
    seq: int = 0
    level: str = BLOCK
    other: int = 0

    @property
    def message(self) -> str:
        """The words on the batch's page."""
        return f"第{self.seq}行：{self.said({})}" if self.seq else self.text

    def said(self, shown: Mapping[int, Any]) -> str:
        """The words without the line's own number; the line it clashes with by the number shown for it."""
        if not self.other:
            return self.text
        number = shown.get(self.other, self.other)
        return f"与{f'序号{number}的' if number else ''}{self.text}"

    @property
    def blocks(self) -> bool:
        """Whether the batch cannot go on."""
        return self.level == BLOCK


# Whose money it is: (person, employer).
Payee = tuple[int | None, int | None]
Gate = Callable[[PayBatch, Sequence[PayLine]], Iterator[Finding]]


def findings_of(batch: PayBatch) -> list[Finding]:
    """Everything that is wrong with a batch as it stands, blocks first, by line."""
    with acting(SYSTEM), parameters.remembered():
        lines = draft_lines(batch)
        found = [finding for gate in _GATES for finding in gate(batch, lines)]
    return sorted(found, key=lambda each: (not each.blocks, each.seq, each.code))


def draft_lines(batch: PayBatch) -> list[PayLine]:
    """The lines of a batch that are to be claimed, in order."""
    rows = PayLine.objects.filter(batch=batch, state="draft", voided_at=None).order_by("seq")
    return with_linked(rows, "person", "employer", "beneficiary", "account", "household")


def name_of(line: PayLine) -> str:
    """The payee's name."""
    return str(line.person or line.employer)


def _has_lines(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    if not lines:
        yield Finding(code="F00", text="批次没有可发放的明细。")


def _identified(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    for line in lines:
        if line.person is not None and line.person.id_no_hash is None:
            text = f"{line.person}没有身份证号，实名制发放不得缺项。"
            yield Finding(code="F02", seq=line.seq, text=text)


def _eligible(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    for rule in programmes.eligibility_of(batch.programme_code):
        for position, (code, message) in rule(lines, clock.today()).items():
            yield Finding(code=code, seq=lines[position].seq, text=message)


def _has_subject(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    subject = programmes.programme_of(batch.programme_code).subject
    for line in lines:
        if getattr(line, f"{subject.value}_id") is None:
            label = programmes.SUBJECT_LABELS[subject]
            text = f"本项目须登记{label}。"
            yield Finding(code="F03", seq=line.seq, text=text)


def _only_once(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    first: dict[str, PayLine] = {}
    held = holders_of([line.benefit_key for line in lines if line.benefit_key])
    for line in lines:
        if not line.benefit_key:
            continue
        if line.benefit_key in held:
            found = repeated(held[line.benefit_key])
            yield Finding(code="F04", seq=line.seq, text=found)
        elif line.benefit_key in first:
            other = first[line.benefit_key]
            text = f"“{name_of(other)}”是同一户（人），不得重复。"
            yield Finding(code="F04", seq=line.seq, text=text, other=other.seq)
        else:
            first[line.benefit_key] = line


def holders_of(keys: Sequence[str]) -> dict[str, PayLine]:
    """The claimed or paid lines that hold these keys, anywhere in the city."""
    with acting(SYSTEM):
        rows = PayLine.objects.filter(
            benefit_key__in=list(keys), state__in=HOLDING, voided_at=None
        ).select_related("batch", "org")
        return {row.benefit_key: row for row in rows}


def repeated(other: PayLine) -> str:
    """Who already gave it, when, in which batch, how much (F04)."""
    day = other.paid_on or other.batch.submitted_on or other.batch.opened_on
    return (
        f"该户（人）已由{other.org}于{day:%Y-%m-%d}在《{other.batch}》列支{other.amount:,.2f}元，"
        "不得重复；确需叠加的，由领导批准叠加发放。"
    )


def _within_cap(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    rule = programmes.cap_of(batch.programme_code)
    if rule is None:
        return
    found = [(line, rule(line, clock.today())) for line in lines]
    capped = [(line, cap) for line, cap in found if cap is not None]
    taken = posting.had([cap for _, cap in capped])
    for line, cap in capped:
        before = taken[cap.key]
        over = before + line.amount - cap.amount
        if over > 0:
            text = (
                f"本期已享受{before:,.2f}元，本次{line.amount:,.2f}元，"
                f"超过上限{cap.amount:,.2f}元（超{over:,.2f}元）。"
            )
            yield Finding(code="F05", seq=line.seq, text=text)
        taken[cap.key] = before + line.amount


def _accounts(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    if batch.form != BatchForm.BANK:
        return
    users = _owners_elsewhere(lines)
    for line in lines:
        account = line.account
        if account is None:
            text = f"{name_of(line)}没有收款账户，不能银行转账。"
            yield Finding(code="F06", seq=line.seq, text=text)
            continue
        users[_hash_of(account)].add(_payee_of(line))
        owner = (account.person_id, account.employer_id)
        is_own = account.relation != AccountRelation.SELF or same_name(
            account.holder_name, name_of(line)
        )
        if owner != (line.person_id, line.employer_id) or not is_own:
            text = (
                f"户名“{account.holder_name}”与收款人“{name_of(line)}”不一致，"
                "请登记代收关系并附证明。"
            )
            yield Finding(code="F06", seq=line.seq, text=text)
        yield from _young_account(line)
    yield from _shared_accounts(lines, users)


def _payee_of(row: PayLine | PayeeAccount) -> Payee:
    return (row.person_id, row.employer_id)


def _hash_of(account: PayeeAccount) -> bytes:
    return bytes(account.account_no_hash or b"")


def _owners_elsewhere(lines: Sequence[PayLine]) -> dict[bytes, set[Payee]]:
    """Who in the whole city has the same numbers in use as his own."""
    hashes = {_hash_of(line.account) for line in lines if line.account is not None}
    users: dict[bytes, set[Payee]] = defaultdict(set)
    others = PayeeAccount.objects.filter(
        account_no_hash__in=hashes, valid_to=None, voided_at=None
    ).exclude(relation=AccountRelation.GUARDIAN)
    for other in others:
        users[_hash_of(other)].add(_payee_of(other))
    return users


def _young_account(line: PayLine) -> Iterator[Finding]:
    account = line.account
    days = parameters.number_of("funds.account_cooldown_days")
    if account is None or not account.replaces_other or account.verified_on is not None:
        return
    if account.valid_from > clock.today() - timedelta(days=days):
        text = f"收款账号{days}天内变更过，须第二人核验。"
        yield Finding(code="F10", seq=line.seq, text=text)


def _shared_accounts(lines: Sequence[PayLine], users: dict[bytes, set[Payee]]) -> Iterator[Finding]:
    for line in lines:
        if line.account is None or line.account.relation == AccountRelation.GUARDIAN:
            continue
        payees = users[_hash_of(line.account)]
        if len(payees) > 1:
            text = f"账号尾号{line.account.last4}被{len(payees)}名收款人使用。"
            yield Finding(code="F07", seq=line.seq, text=text)


def _alive(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    for line in lines:
        if line.person is not None and line.person.deceased_on is not None:
            text = f"{line.person}已于{line.person.deceased_on:%Y-%m-%d}登记去世。"
            yield Finding(code="F08", seq=line.seq, text=text)


def _no_relatives(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    """The maker, his declared relatives and whoever lives with them get nothing from his own batch."""
    makers = {batch.created_by, *(line.created_by for line in lines)}
    near = {maker: kin_of(maker) for maker in makers}
    for line in lines:
        if {line.person_id, line.beneficiary_id} & (near[batch.created_by] | near[line.created_by]):
            text = "收款人与经办人是本人或亲属，须回避。"
            yield Finding(code="F09", seq=line.seq, text=text)


def kin_of(user_id: int | None) -> set[int]:
    """The persons a cadre has to withdraw from: those he declared, and who lives with them."""
    with acting(SYSTEM):
        declared = set(
            KinDeclaration.objects.filter(user_id=user_id, voided_at=None).values_list(
                "person_id", flat=True
            )
        )
        if user_id is None or not declared:
            return set()
        members = HouseholdMember.objects.filter(valid_to=None, voided_at=None)
        homes = members.filter(person_id__in=declared).values_list("household_id", flat=True)
        near = members.filter(household_id__in=list(homes)).values_list("person_id", flat=True)
        return declared | set(near)


def _money_there(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    need = sum((line.amount for line in lines), Decimal(0))
    fund = batch.fund
    if need > fund.available:
        text = (
            f"资金不足：可用{fund.available:,.2f}元，本批需{need:,.2f}元，"
            f"缺口{need - fund.available:,.2f}元。"
        )
        yield Finding(code="F11", text=text)
    yield from _budget_there(batch, need, len(lines))


def budget_line_of(batch: PayBatch) -> BudgetLine | None:
    """The budget line that a batch spends from, if one was given for it."""
    with acting(SYSTEM):
        found: BudgetLine | None = BudgetLine.objects.filter(
            fund_id=batch.fund_id,
            programme_code=batch.programme_code,
            campaign_code=batch.campaign_code,
            org_id=batch.org_id,
            voided_at=None,
        ).first()
    return found


def _budget_there(batch: PayBatch, need: Decimal, count: int) -> Iterator[Finding]:
    line = budget_line_of(batch)
    if line is None:
        if BudgetLine.objects.filter(fund_id=batch.fund_id, voided_at=None).exists():
            yield Finding(code="F12", text="该资金实行指标管理，本项目（活动）没有下达预算指标。")
        return
    left = line.amount - line.reserved - line.spent
    if need > left:
        text = f"预算指标不足：可用{left:,.2f}元，本批需{need:,.2f}元，缺口{need - left:,.2f}元。"
        yield Finding(code="F12", text=text)
    if line.headcount is not None and count > line.headcount:
        text = f"名额为{line.headcount}，本批{count}笔，超出名额。"
        yield Finding(code="F12", text=text, level=WARN)


def _purpose(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    allowed = FundPurpose.objects.filter(
        fund_id=batch.fund_id, programme_code=batch.programme_code, voided_at=None
    )
    if not allowed.exists():
        name = programmes.programme_of(batch.programme_code).name
        yield Finding(code="F13", text=f"“{batch.fund}”不得用于“{name}”。")


def _amounts(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    most = parameters.number_of("funds.unit_sanity_max")
    for line in lines:
        if line.amount > most:
            text = f"{line.amount:,.2f}元超出常见范围，请确认单位为“元”。"
            yield Finding(code="F14", seq=line.seq, text=text, level=WARN)


def _retired(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    """Whoever reached the age of retirement may be on the roster by an old list; model workers stay what they are."""
    if programmes.programme_of(batch.programme_code).line == "honours":
        return
    for line in lines:
        person = line.person
        if person is None or person.born_on is None:
            continue
        day = retires_on(person.born_on, category_of(person.sex))
        if day <= clock.today():
            text = f"{person}已于{day:%Y-%m-%d}达到法定退休年龄，请核实是否仍属发放对象。"
            yield Finding(code="F16", seq=line.seq, text=text, level=WARN)


def _two_roles(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    """A payee or a household that another programme of the same campaign helps, itself or through a member."""
    if not batch.campaign_code:
        return
    people = {line.person_id for line in lines if line.person_id}
    home_of, members = _homes({line.household_id for line in lines} - {None}, people)
    others = PayLine.objects.filter(
        Q(campaign_code=batch.campaign_code) & ~Q(programme_code=batch.programme_code),
        Q(person_id__in=people | set(members)) | Q(household_id__in=set(members.values())),
        state__in=HOLDING,
        voided_at=None,
    ).select_related("batch")
    had, at_home = {}, {}
    for other in others.order_by("pk"):
        had[other.person_id] = other
        at_home[other.household_id or members.get(other.person_id or 0)] = other
    for line in lines:
        other, who = had.get(line.person_id), "本人"
        if other is None:
            home = line.household_id or home_of.get(line.person_id or 0)
            other, who = at_home.get(home) if home else None, "同户家庭成员"
        if other is not None:
            text = f"{who}已在《{other.batch}》中慰问，请核实并说明。"
            yield Finding(code="F17", seq=line.seq, text=text, level=WARN)


def _homes(households: set[int | None], people: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Where these people live now, and who lives in their homes and in these households, each with the home."""
    living = HouseholdMember.objects.filter(valid_to=None, voided_at=None)
    home_of = dict(living.filter(person_id__in=people).values_list("person_id", "household_id"))
    homes = households | set(home_of.values())
    members = dict(living.filter(household_id__in=homes).values_list("person_id", "household_id"))
    heads = Household.objects.filter(pk__in=homes, head__isnull=False, voided_at=None)
    return home_of, {**dict(heads.values_list("head_id", "pk")), **members}


def _cash(batch: PayBatch, lines: Sequence[PayLine]) -> Iterator[Finding]:
    """Cash was usual until the rules on central money of 2015-05-08; since then it is an exception."""
    if batch.form != BatchForm.CASH or batch.opened_on < date(2015, 5, 8):
        return
    if not batch.cash_reason:
        yield Finding(code="F19", text="现金发放属例外，须说明原因并经领导批准。")
    most = parameters.number_of("funds.cash_exception_max")
    for line in lines:
        if line.amount > most:
            text = f"现金发放单笔不得超过{most}元。"
            yield Finding(code="F19", seq=line.seq, text=text)


_GATES: tuple[Gate, ...] = (
    _has_lines,
    _identified,
    _eligible,
    _has_subject,
    _only_once,
    _within_cap,
    _accounts,
    _alive,
    _no_relatives,
    _money_there,
    _purpose,
    _amounts,
    _retired,
    _two_roles,
    _cash,
)


def summary(findings: Sequence[Finding], most: int = 5) -> str:
    """The first messages, and how many more there are."""
    shown = "".join(finding.message for finding in findings[:most])
    more = f"（另有{len(findings) - most}条）" if len(findings) > most else ""
    return shown + more


def counts(findings: Sequence[Finding]) -> Counter[str]:
    """How many findings of each code."""
    return Counter(finding.code for finding in findings)
