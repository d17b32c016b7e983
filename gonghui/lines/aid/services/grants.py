"""Grants: who may have one, how much, and how they follow their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.households import home_ids_of
from gonghui.kernel.people.models import HouseholdMember
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, perform_many
from gonghui.lines.aid.models import AidGrant, HardshipFile, MedicalAid, MedicalInvoice, StudyAid
from gonghui.lines.aid.models.grant import NEED_FILE, GrantKind
from gonghui.shared.funds.models import Fund, FundPurpose, PayeeAccount, PayLine
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, batch_in_preparation

KEY = "aid.grant"
ON_FILE = ("active", "exit_notice")
HANDED_IN = "救助单已提交，助学、医疗信息和发票不能再改；有误的请先“退回补正”。"
# Whose help it is counted for: the household, or one of its members.
_OF_MEMBER = (GrantKind.MEDICAL, GrantKind.STUDY)


def files_on(household_ids: set[int], day: date) -> dict[int, HardshipFile]:
    """The file of each household that is on file on a day, in the whole city."""
    with acting(SYSTEM):
        rows = HardshipFile.objects.filter(
            household_id__in=household_ids, state__in=ON_FILE, filed_on__lte=day, voided_at=None
        )
        return {row.household_id: row for row in rows}


def derive_grants(grants: Sequence[AidGrant]) -> None:
    """Whom a grant is counted for, by which number, and the file it rests on."""
    files = files_on({grant.household_id for grant in grants}, clock.today())
    for grant in grants:
        grant.file = files.get(grant.household_id) if grant.state == "draft" else grant.file
        member = grant.kind in _OF_MEMBER
        grant.subject_key = f"P{grant.beneficiary_id}" if member else f"H{grant.household_id}"
        # A sickness or an accident may strike again; a month or a school year comes once.
        grant.ref = grant.period if grant.kind in (GrantKind.LIVING, GrantKind.STUDY) else ""


def wrong_grants(grants: Sequence[AidGrant]) -> dict[int, DomainError]:
    """Grants whose subject or period does not fit their kind, by position."""
    at_home = _members_of({grant.household_id for grant in grants})
    wrong: dict[int, DomainError] = {}
    for position, grant in enumerate(grants):
        error = _misfit(grant, at_home[grant.household_id])
        if error is not None:
            wrong[position] = error
    return wrong


def _members_of(household_ids: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    with acting(SYSTEM):
        rows = HouseholdMember.objects.filter(
            household_id__in=household_ids, lives_together=True, valid_to=None, voided_at=None
        )
        for household_id, person_id in rows.values_list("household_id", "person_id"):
            found[household_id].add(person_id)
    return found


def _misfit(grant: AidGrant, at_home: set[int]) -> DomainError | None:
    if grant.kind in _OF_MEMBER and grant.beneficiary_id is None:
        return DomainError("请填写受益人：助学填学生，医疗救助填患者。", field="beneficiary")
    if grant.beneficiary_id is not None and grant.beneficiary_id not in at_home:
        return DomainError(
            "受益人不是该家庭共同生活的成员，请先登记家庭成员。", field="beneficiary"
        )
    if grant.kind in (GrantKind.LIVING, GrantKind.STUDY) and not grant.period:
        example = "2012-09" if grant.kind == GrantKind.LIVING else "2012-2013"
        return DomainError(f"请填写救助月份或学年，例如{example}。", field="period")
    return None


def check_is_complete(grant: AidGrant) -> None:
    """A household that must be on file is; study and medical aid have told what they ask for."""
    if grant.kind in NEED_FILE and grant.file_id is None:
        raise DomainError(f"{grant.household}无在档困难档案，本项目须先建档后帮扶。", code="F03")
    if grant.kind == GrantKind.STUDY and not _has(StudyAid, grant):
        raise DomainError("请先填写助学信息（学校、阶段、其他资助）。")
    if grant.kind == GrantKind.MEDICAL and grant.limit_amount is None:
        raise DomainError("请先填写医疗救助信息（总费用、医保和互助支付）。")


def _has(model: Any, grant: AidGrant) -> bool:
    with acting(SYSTEM):
        return bool(model.objects.filter(grant=grant, voided_at=None).exists())


def check_amount(grant: AidGrant) -> None:
    """The county says how much, for what is still what was asked for; the database holds the limit."""
    check_is_complete(grant)
    if grant.amount is None:
        raise DomainError("请填写核定金额。", field="amount")
    if grant.limit_amount is not None and grant.amount > grant.limit_amount:
        raise DomainError(
            f"核定金额{grant.amount:,.2f}元超过自付部分{grant.limit_amount:,.2f}元。",
            field="amount",
        )


def wrong_parts(rows: Sequence[Any]) -> dict[int, DomainError]:
    """What study and medical aid tell stands once the grant is handed in, by position."""
    with acting(SYSTEM):
        grants = AidGrant.objects.in_bulk({row.grant_id for row in rows})
    return {
        position: Conflict(HANDED_IN, field="grant")
        for position, row in enumerate(rows)
        if row.grant_id in grants and grants[row.grant_id].state != "draft"
    }


def check_part_may_go(row: Any) -> None:
    """As `wrong_parts`."""
    if row.grant.state != "draft":
        raise Conflict(HANDED_IN)


def wrong_invoices(rows: Sequence[Any]) -> dict[int, DomainError]:
    """An invoice that backs a grant that was handed in is not freed for another, by position."""
    with acting(SYSTEM):
        of = MedicalAid.objects.select_related("grant").in_bulk({row.medical_id for row in rows})
    return {
        position: Conflict(HANDED_IN, field="medical")
        for position, row in enumerate(rows)
        if row.medical_id in of and of[row.medical_id].grant.state != "draft"
    }


def check_invoice_may_go(row: Any) -> None:
    """As `wrong_invoices`."""
    check_part_may_go(row.medical)


# What medical aid adds up to


def derive_medical(medical: MedicalAid) -> None:
    """What the patient paid himself."""
    parts = (medical.insurance_paid or 0) + (medical.mutual_paid or 0) + (medical.other_paid or 0)
    medical.self_paid = (medical.total_cost or 0) - parts
    if medical.self_paid < 0:
        raise DomainError(
            f"各项支付合计{parts:,.2f}元，超过总费用{medical.total_cost:,.2f}元。",
            field="insurance_paid",
        )


def limit_grants(rows: list[Any], created: bool, by: Actor) -> None:
    """The grant's limit is what the patient paid himself."""
    grants = AidGrant.objects.in_bulk([row.grant_id for row in rows])
    pairs = [(grants[row.grant_id], {"limit_amount": row.self_paid}) for row in rows]
    must(change_many(pairs, by=SYSTEM))


def used_invoices(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Invoices that back another grant already, with where."""
    with acting(SYSTEM):
        having = {
            row.invoice_no: row
            for row in MedicalInvoice.objects.filter(
                invoice_no__in=[row.invoice_no for row in rows.values()], voided_at=None
            ).select_related("org", "medical__grant")
        }
    return {
        index: Conflict(
            f"发票号{row.invoice_no}已在{having[row.invoice_no].org}的"
            f"{having[row.invoice_no].medical.grant}中使用。",
            field="invoice_no",
        )
        for index, row in rows.items()
        if row.invoice_no in having
    }


# Money


def queue(grants: list[Any], by: Actor) -> None:
    """Put approved grants on the roster that the actor is preparing from the nearest fund for them."""
    by_fund: dict[tuple[Fund, str], list[Any]] = defaultdict(list)
    for grant in sorted(grants, key=lambda each: each.pk):
        by_fund[fund_for(grant.org, grant.kind), grant.kind].append(grant)
    for (fund, kind), own in by_fund.items():
        title = f"{GrantKind(kind).label}发放（{clock.today():%Y-%m-%d}）"
        batch = batch_in_preparation(fund, kind, title, by=by)
        must(add_lines(batch, _requests(own), by=by))


def fund_for(org: Org, programme: str) -> Fund:
    """The open fund for a programme at the nearest office above a union."""
    purposes = FundPurpose.objects.filter(
        programme_code=programme,
        voided_at=None,
        fund__org_id__in=org.chain,
        fund__state="open",
        fund__voided_at=None,
    ).select_related("fund__org")
    funds: list[Fund] = [purpose.fund for purpose in purposes]
    if not funds:
        raise DomainError(
            f"{org}及其上级没有可用于“{GrantKind(programme).label}”的专项资金账，请先由财务开立。"
        )
    funds.sort(key=lambda fund: (org.chain.index(fund.org_id), fund.fund_year, fund.pk))
    return funds[-1]


def _requests(grants: Sequence[Any]) -> list[PaymentRequest]:
    rows = list(
        AidGrant.objects.filter(pk__in=[grant.pk for grant in grants])
        .select_related("household__head", "beneficiary", "file")
        .order_by("pk")
    )
    accounts = {
        account.person_id: account
        for account in PayeeAccount.objects.filter(
            person_id__in=[row.household.head_id for row in rows], valid_to=None, voided_at=None
        )
    }
    return [
        PaymentRequest(
            payee=row.household.head,
            household=row.household,
            beneficiary=row.beneficiary,
            amount=row.amount,
            source=row,
            account=accounts.get(row.household.head_id),
            ref=row.ref or row.number,
            identity_class=row.file.identity_class if row.file else "",
        )
        for row in rows
    ]


def _grants_of(lines: Sequence[Any], *states: str) -> dict[int, AidGrant]:
    ids = {line.source_id for line in lines if line.source_model == KEY}
    rows = AidGrant.objects.filter(pk__in=ids, state__in=states, voided_at=None)
    return {row.pk: row for row in rows.order_by("pk")}


def follow_paid(lines: list[Any], by: Actor) -> None:
    """A grant is done on the day that its money was paid, also where funds reissued what failed."""
    grants = _grants_of(lines, "paying", "approved")
    days: dict[date, list[AidGrant]] = defaultdict(list)
    for line in lines:
        if line.source_model == KEY and line.source_id in grants:
            days[line.paid_on].append(grants[line.source_id])
    for day, own in days.items():
        must(perform_many(own, "finish", by=SYSTEM, done_on=day))


def follow_dropped(lines: list[Any], by: Actor) -> None:
    """A grant whose payment failed or left its roster waits again, unless it was paid otherwise."""
    grants = _grants_of(lines, "paying")
    held = set(
        PayLine.objects.filter(
            source_model=KEY,
            source_id__in=grants,
            state__in=("draft", "reserved", "paid"),
            voided_at=None,
        ).values_list("source_id", flat=True)
    )
    waiting = [grant for pk, grant in grants.items() if pk not in held]
    must(perform_many(waiting, "unqueue", by=SYSTEM))


def follow_reversed(lines: list[Any], by: Actor) -> None:
    """Money that came back takes its grant with it."""
    must(perform_many(list(_grants_of(lines, "done").values()), "take_back", by=SYSTEM))


# Gates that the line adds to funds


def without_grant(lines: Sequence[Any], day: date) -> dict[int, tuple[str, str]]:
    """Medical aid that no grant asked for: only a grant knows what the patient paid himself."""
    text = "医疗救助须先有批准的救助单，由救助单列入发放批次（不超过自付部分）。"
    return {at: ("F03", text) for at, line in enumerate(lines) if line.source_model != KEY}


def without_file(lines: Sequence[Any], day: date) -> dict[int, tuple[str, str]]:
    """Payments to households that are not on file (F03), or whose review is long overdue (F15).

    A line that names no household is judged by the one its payee lives in.
    """
    lives_in = home_ids_of([line.person_id for line in lines if line.person_id])
    of = [line.household_id or lives_in.get(line.person_id) for line in lines]
    files = files_on({home for home in of if home}, day)
    grace = timedelta(days=number_of("aid.review_grace_days", on=day))
    found: dict[int, tuple[str, str]] = {}
    for position, (line, home) in enumerate(zip(lines, of, strict=True)):
        file = files.get(home) if home else None
        if file is None:
            name = line.household or line.person
            found[position] = ("F03", f"{name}无在档困难档案，本项目须先建档后帮扶。")
        elif file.review_due_on is not None and file.review_due_on + grace < day:
            found[position] = ("F15", f"档案复核已于{file.review_due_on}到期，请先复核。")
        elif (
            line.programme_code == GrantKind.LIVING
            and file.fade_from is not None
            and file.fade_from <= day
        ):
            text = f"档案{file.number}自{file.fade_from}起渐退，不再发放生活救助。"
            found[position] = ("F03", text)
    return found
