"""Hospitals under agreement: when they get their plaque, and which visits they may settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_UP, Decimal

from django.db.models import Max

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.households import home_ids_of
from gonghui.kernel.people.models import IdType, Person
from gonghui.kernel.persons import known, read_paper
from gonghui.lines.aid.models import HardshipFile, HospitalBenefit, HospitalDiscount, LoveHospital

_WAS_ON_FILE = ("active", "exit_notice", "exited")


def check_may_be_plaqued(hospital: LoveHospital) -> None:
    """The agreement has its days, and says by how much for what."""
    if hospital.agreement_from is None or hospital.agreement_to is None:
        raise DomainError("请先填写协议起止日期，再办理签约挂牌。", field="agreement_from")
    if not HospitalDiscount.objects.filter(hospital=hospital, voided_at=None).exists():
        raise DomainError("请先登记至少一个优惠项目及减免比例，再办理签约挂牌。")


def check_no_later_visits(hospital: LoveHospital) -> None:
    """An agreement does not end before a visit that was settled under it."""
    visits = HospitalBenefit.objects.filter(hospital=hospital, voided_at=None)
    last = visits.aggregate(last=Max("visit_on"))["last"]
    if last is not None and hospital.ended_on is not None and hospital.ended_on <= last:
        raise DomainError(
            f"已登记{last}的就医，终止日期须晚于这一天；登记有误的请先作废。", field="ended_on"
        )


def derive_benefits(rows: Sequence[HospitalBenefit]) -> None:
    """The file of the household that the patient lives in, as of the visit."""
    homes = home_ids_of({row.person_id for row in rows if row.person_id})
    files = _files_of(set(homes.values()))
    for row in rows:
        home = homes.get(row.person_id)
        if row.visit_on and home is not None:
            row.file = next(
                (file for file in files.get(home, ()) if _is_on_file(file, row.visit_on)), None
            )


def _files_of(household_ids: set[int]) -> dict[int, list[HardshipFile]]:
    found: dict[int, list[HardshipFile]] = {}
    with acting(SYSTEM):
        rows = HardshipFile.objects.filter(
            household_id__in=household_ids, state__in=_WAS_ON_FILE, voided_at=None
        )
        for file in rows.order_by("-filed_on"):
            found.setdefault(file.household_id, []).append(file)
    return found


def _is_on_file(file: HardshipFile, day: date) -> bool:
    return file.filed_on <= day and (file.exited_on is None or day < file.exited_on)


def wrong_benefits(rows: Sequence[HospitalBenefit]) -> dict[int, DomainError]:
    """Visits that the agreement does not cover, by position."""
    hospitals = LoveHospital.objects.in_bulk({row.hospital_id for row in rows})
    most = _most_of(set(hospitals))
    found: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        error = _wrong(row, hospitals.get(row.hospital_id), most.get(row.hospital_id, Decimal(0)))
        if error is not None:
            found[position] = error
    return found


def _most_of(hospital_ids: set[int]) -> dict[int, Decimal]:
    """The largest percentage that each hospital remits on anything."""
    rows = HospitalDiscount.objects.filter(hospital_id__in=hospital_ids, voided_at=None)
    return dict(rows.values_list("hospital_id").annotate(most=Max("percent")))


def _wrong(
    row: HospitalBenefit, hospital: LoveHospital | None, most: Decimal
) -> DomainError | None:
    if hospital is None:
        return None
    if hospital.state not in ("plaqued", "ended") or hospital.plaque_on is None:
        return DomainError(f"{hospital}尚未签约挂牌，不能登记爱心就医。", field="hospital")
    if row.visit_on > clock.today():
        return DomainError("就诊日期不能晚于今天。", field="visit_on")
    last = min(day for day in (hospital.agreement_to, hospital.ended_on, date.max) if day)
    if not hospital.plaque_on <= row.visit_on <= last or row.visit_on == hospital.ended_on:
        return DomainError(
            f"{row.visit_on}不在{hospital}挂牌和协议期内（自{hospital.plaque_on}起，"
            f"协议至{hospital.agreement_to}）。",
            field="visit_on",
        )
    if row.file is None:
        return DomainError(
            "该患者就诊当日不在任何在档的困难职工家庭中，不能享受爱心就医；请先建档。",
            field="person",
        )
    limit = (row.total * most / 100).quantize(Decimal("0.01"), rounding=ROUND_UP)
    if row.discount > limit:
        return DomainError(
            f"减免{row.discount:,.2f}元超过协议：该院最高减免{most.normalize():f}%，"
            f"即{limit:,.2f}元。",
            field="discount",
        )
    return None


def patients_of(numbers: set[str]) -> Mapping[str, Person]:
    """Persons by identity number, in the whole city; a number that is wrong or unknown is absent."""
    keys = {}
    for number in numbers:
        try:
            keys[number] = read_paper(IdType.RESIDENT, number).key
        except DomainError:
            continue  # the message for the cell says what to do
    people = known(list(keys.values()))
    return {number: people[key] for number, key in keys.items() if key in people}
