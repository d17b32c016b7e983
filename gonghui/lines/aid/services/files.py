"""Hardship files: what is copied, what they need on their way, and who may let them in unjudged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.identity import mask_name
from gonghui.base.periods import add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import Household
from gonghui.kernel.registers.batch import must, refused
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import change_many
from gonghui.kernel.workflow.services import check_notice_has_passed, hang
from gonghui.lines.aid.models import CrossCheckRow, EconomicAssessment, HardshipFile
from gonghui.lines.aid.models.cross_check import CheckItem, Handled
from gonghui.lines.aid.models.hardship_file import Category, Exclusion, ExitReason
from gonghui.lines.aid.services import cross_checks, households, surveyors

KEY = "aid.hardship_file"
FILED_BY_APPROVAL = "建档日期就是批准之日，不能填写。"
_SPEAKS_AGAINST = {
    CheckItem.HOUSE: Exclusion.HOMES,
    CheckItem.COMPANY: Exclusion.BUSINESS,
    CheckItem.VEHICLE: Exclusion.CAR,
}
_ADMITTERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)


def settle_new(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Let files of before the program begin as active; refuse a second one, naming the first."""
    errors: dict[int, DomainError] = {}
    having = households.open_files([row.household_id for row in rows.values() if row.household_id])
    for index, row in rows.items():
        other = having.get(row.household_id)
        if other is not None:
            text = f"该家庭已有档案{other.number}，由{other.org}管理，不能重复建档。"
            errors[index] = Conflict(text, field="household", code="open_file")
        elif row.is_legacy:
            errors |= _admit(index, row, by)
        elif row.filed_on is not None:
            errors[index] = DomainError(FILED_BY_APPROVAL, field="filed_on")
    return errors


def wrong_changes(rows: list[Any]) -> dict[int, DomainError]:
    """Files that would become another household's, or be filed on a day that nobody approved, by position."""
    errors: dict[int, DomainError] = {}
    for position, (_, field) in altered(rows, "is_legacy").items():
        errors[position] = Conflict("是否启用前已建档，登记后不能改。", field=field.name)
    for position, (before, field) in altered(rows, "household").items():
        if before.state not in ("draft", "returned"):
            errors[position] = Conflict(
                "档案已提交，不能换成别的家庭；请退回补正，或撤回后重新建档。", field=field.name
            )
    for position, (before, field) in altered(rows, "filed_on").items():
        row = rows[position]
        is_approved = before.state == "county_review" and row.state == "active"
        if not row.is_legacy and not (is_approved and row.filed_on == clock.today()):
            errors[position] = DomainError(FILED_BY_APPROVAL, field=field.name)
    return errors


def _admit(index: int, row: Any, by: Actor) -> dict[int, DomainError]:
    if not by.has_role(*_ADMITTERS, over=row.org_id):
        return {
            index: NotAllowed(
                "启用前已建档的档案由县（市、区）总工会、产业工会或市总录入。", field="is_legacy"
            )
        }
    if row.filed_on is None:
        return {index: DomainError("请填写原建档日期。", field="filed_on")}
    row.state = "active"
    return {}


def derive_files(files: Sequence[HardshipFile]) -> None:
    """Head and sex are those of the household; the first review is due a year after filing."""
    with acting(SYSTEM):
        rows = Household.objects.filter(pk__in={file.household_id for file in files})
        homes = {home.pk: home for home in rows.select_related("head")}
    for file in files:
        home = homes.get(file.household_id)
        if home is not None and file.head_id is None:
            file.head_id = home.head_id
        if home is not None and file.head_id == home.head_id:
            file.sex = home.head.sex
        if file.filed_on is not None and file.review_due_on is None:
            file.review_due_on = add_months(file.filed_on, number_of("aid.review_months"))


def check_has_consent(file: HardshipFile) -> None:
    """Nobody looks into a household's incomes before it has allowed that."""
    if file.consent_on is None:
        raise DomainError(
            "请先由申请人签署《家庭经济状况核对授权书》，并填写授权日期。", field="consent_on"
        )


def check_is_assessed(file: HardshipFile) -> None:
    """The survey is done when two surveyors' assessment is confirmed."""
    if file.assessed_on is None:
        raise DomainError("家庭经济状况核定尚未确认，请先完成入户核定并确认。")
    if file.category == Category.NONE:
        raise DomainError("核定结果为“不符合”，不能公示；请办理不予建档，或更正核定明细。")


def put_up(files: list[Any], by: Actor) -> None:
    """The notice shows what neighbours may know: name, unit, category; no number, address, illness."""
    for file in files:
        unit = f"，{file.employer}" if file.employer else ""
        hang(
            KEY,
            file.pk,
            file.org,
            title="困难职工建档公示",
            body=f"{mask_name(str(file.head))}{unit}，拟建立困难职工档案，"
            f"困难类别：{file.get_category_display()}。",
            time="aid.notice_days",
        )


def check_notice_is_over(file: HardshipFile) -> None:
    """The notice hung its working days and no objection is open."""
    check_notice_has_passed(KEY, file.pk)


def unfit_for_filing(files: Sequence[HardshipFile]) -> dict[int, DomainError]:
    """Files that other offices have not answered about without a reason, or whose hits are not dealt with."""
    found = cross_checks.standing(files)
    overridden = _overridden(files)

    def look(file: HardshipFile) -> None:
        own = found[file.pk]
        if own.missing and not file.check_waiver.strip():
            listed = "、".join(str(agency.label) for agency in own.missing)
            raise DomainError(
                f"信息比对结果尚未返回（{listed}），不能批准建档。请在“信息比对”中送出名单、登记返回，"
                "或填写免比对理由。",
                field="check_waiver",
            )
        if own.untouched:
            raise Conflict(
                f"信息比对查到{len(own.untouched)}项尚未核实，请先在比对明细中登记核实情况。"
            )
        for row in own.hits:
            if row.handled == Handled.CONFIRMED:
                _check_hit(row, overridden[file.pk])

    return refused(files, look)


def _check_hit(row: CrossCheckRow, overridden: set[str]) -> None:
    """Property that was confirmed is an exclusion, which the assessment has to deal with."""
    if row.item == CheckItem.DEATH:
        raise Conflict("信息比对查到家庭成员已死亡属实，请先更正家庭成员，再重新核定。")
    exclusion = _SPEAKS_AGAINST.get(row.item)
    if exclusion is not None and exclusion not in overridden:
        raise Conflict(
            f"信息比对查到{row.get_item_display()}属实，须先作一次核定：选上“{exclusion.label}”，"
            "写明不影响认定的理由并由县级确认；没有理由的办理不予建档。"
        )


def _overridden(files: Sequence[HardshipFile]) -> dict[int, set[str]]:
    """By file: what speaks against the household and was let pass with a reason when last assessed."""
    found: dict[int, set[str]] = {file.pk: set() for file in files}
    with acting(SYSTEM):
        rows = EconomicAssessment.objects.filter(
            file__in=list(found), state="confirmed", voided_at=None
        )
        for row in rows.order_by("pk"):
            found[row.file_id] = set(row.exclusions) if row.override_reason.strip() else set()
    return found


def check_is_no_surveyor(file: Any, by: Actor) -> None:
    """Who surveyed the household does not approve its file."""
    if surveyors.went_to(file, by.user_id):
        raise NotAllowed("入户调查人不能批准本户建档，请由他人办理。")


def check_exit(file: HardshipFile) -> None:
    """An exit has a reason."""
    if not file.exit_reason:
        raise DomainError("请选择退出原因。", field="exit_reason")


def put_exit_up(files: list[Any], by: Actor) -> None:
    """An exit hangs too, but nobody's death is put up."""
    for file in files:
        if file.exit_reason == ExitReason.DECEASED:
            continue
        hang(
            KEY,
            file.pk,
            file.org,
            title="困难职工退档公示",
            body=f"{mask_name(str(file.head))}拟退出困难职工档案，"
            f"原因：{file.get_exit_reason_display()}。",
            time="aid.notice_days",
        )


def check_exit_notice_is_over(file: HardshipFile) -> None:
    """As `check_notice_is_over`, except for the deceased; nobody exits on a day to come."""
    if file.exited_on is not None and file.exited_on > clock.today():
        raise DomainError("退出日期不能晚于今天。", field="exited_on")
    if file.exit_reason != ExitReason.DECEASED:
        check_notice_has_passed(KEY, file.pk)


def forget_exit(files: list[Any], by: Actor) -> None:
    """A file that stays has no reason to exit."""
    pairs = [(file, {"exit_reason": "", "exited_on": None}) for file in files]
    must(change_many(pairs, by=SYSTEM))


def next_review(on: date) -> date:
    """The day on which a file that is reviewed on a day has to be reviewed again."""
    return add_months(on, number_of("aid.review_months"))
