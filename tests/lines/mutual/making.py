"""Products, policies and rosters for tests, made as the offices make them."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.identity import make_id_number, make_uscc
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.files.services import attach, attachments_of
from gonghui.kernel.people.models import Employer, EmployerHeadcount, Person
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.lines.mutual.models import Coverage, GroupPolicy, MutualProduct, ProductVersion
from gonghui.shared.funds.models import Fund, FundPurpose, FundReceipt

_count = itertools.count(1)
SCAN = b"%PDF-1.4\n%roster"


def product(city, kind="hospital", **version) -> ProductVersion:
    """A published version of a new product with a fund of its own."""
    number = next(_count)
    fund = create(
        Fund,
        by=SYSTEM,
        org=city,
        code=f"HZ{number}",
        name=f"互助金专户{number}",
        fund_year=2012,
        kind="mutual",
        primary_source="mutual_fee",
        bank_account=f"62220002{number:08d}",
    )
    create(FundPurpose, by=SYSTEM, fund=fund, programme_code="HZBZ")
    made = create(
        MutualProduct,
        by=SYSTEM,
        org=city,
        code=f"P{number}",
        name={"hospital": "住院医疗互助", "women_illness": "女职工特殊疾病互助"}[kind],
        carrier="city",
        kind=kind,
        fund=fund,
    )
    rules = {
        "valid_from": date(2011, 1, 1),
        "fee_per_share": Decimal(40),
        "term_months": 12,
        "wait_days": 30,
        "min_persons": 1,
        "all_below": 0,
        "min_ratio": 0,
    }
    draft = create(
        ProductVersion,
        by=SYSTEM,
        org=city,
        product=made,
        title=f"版本{number}",
        **(rules | version),
    )
    return perform(draft, "publish", by=SYSTEM)


def employer(org, name="示例机械厂", *, staff=0, women=0, as_of=date(2010, 12, 31)) -> Employer:
    """An employer of a union, with a headcount if it is told."""
    made = create(
        Employer,
        by=SYSTEM,
        org=org,
        name=name,
        type="private",
        uscc=make_uscc("91", "410402", f"MD{next(_count):06d}"),
    )
    if staff:
        create(
            EmployerHeadcount,
            by=SYSTEM,
            org=org,
            employer=made,
            as_of=as_of,
            employees=staff,
            female=women,
            source="report",
        )
    return made


def person(org, born_on=date(1975, 6, 15), *, woman=False, name="") -> Person:
    """A worker born on a day."""
    number = next(_count)
    sequence = number * 2 % 998 + (0 if woman else 1)
    return create(
        Person,
        by=SYSTEM,
        org=org,
        name=name or f"职工{chr(0x4E00 + number % 2000)}",
        id_no=make_id_number(f"41{number // 499 % 100:02d}02", born_on, sequence),
    )


def policy(version, at, **values) -> GroupPolicy:
    """A policy in preparation of an employer."""
    return create(
        GroupPolicy,
        by=values.pop("by", SYSTEM),
        **{
            "org": at.org,
            "employer": at,
            "product_version": version,
            "applied_on": clock.today(),
            "staff_total": 100,
            "is_consented": True,
            **values,
        },
    )


def enrol(to, *persons, by=SYSTEM, **values):
    """The persons on the roster of a policy; one outcome each."""
    rows = [{"policy": to, "person": each, **values} for each in persons]
    return create_many(Coverage, rows, by=by)


def must_enrol(to, *persons, **values) -> list[Coverage]:
    """The rows of the persons; none may be refused."""
    outcomes = enrol(to, *persons, **values)
    assert [each.error for each in outcomes] == [None] * len(persons)
    return [each.record for each in outcomes]


def fresh(record):
    """The record as it stands in the database."""
    with acting(SYSTEM):
        return type(record).objects.get(pk=record.pk)


def submitted(one, *, by=SYSTEM) -> GroupPolicy:
    """The policy with its roster checked and sent up, everything paid by the employer."""
    one = fresh(one)
    one = perform(change_split(one), "check", by=by)
    if not attachments_of(one).exists():
        attach(one, "名册.pdf", SCAN, by=by)
    return perform(one, "submit", by=by)


def change_split(one):
    """Let the employer pay all of it."""
    return change(one, by=SYSTEM, employer_amount=one.fee_total, staff_total=max(100, one.heads))


def receive(one, amount=None, on=None, *, kind="mutual_fee") -> FundReceipt:
    """Confirmed money in the fund of a policy's product."""
    one = fresh(one)
    receipt = create(
        FundReceipt,
        by=SYSTEM,
        org=one.product.fund.org,
        fund=one.product.fund,
        kind=kind,
        source="mutual_fee",
        payer_name=str(one.employer),
        amount=one.fee_total if amount is None else Decimal(amount),
        received_on=on or clock.today(),
        evidence_no=f"互{next(_count)}",
    )
    return perform(receipt, "confirm", by=SYSTEM)


def in_force(one, *, by=SYSTEM) -> GroupPolicy:
    """The policy reviewed, paid today and in force."""
    one = perform(submitted(one), "approve", by=by)
    return perform(one, "confirm_fee", by=by, receipt=receive(one))
