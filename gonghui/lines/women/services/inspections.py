"""The standard items of an inspection, who may inspect, what has to be put right."""

from __future__ import annotations

from datetime import date
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.kernel.workflow.services import remind
from gonghui.lines.women.models import InspectionItem, InspectionMember, WomenInspection
from gonghui.lines.women.models.inspection import Answer, LetterKind
from gonghui.lines.women.services.posts import refuse_names

_SPECIAL = "女职工劳动保护特别规定"
_RIGHTS = "妇女权益保障法"
_CONTRACT = "集体合同规定"

# Code, what is looked at, the clause.
STANDARD: tuple[tuple[str, str, str], ...] = (
    ("notice", "禁忌从事的劳动范围书面告知", f"{_SPECIAL}第四条"),
    ("forbidden", "没有女职工从事井下、四级强度、超限负重劳动", f"{_SPECIAL}附录第一条"),
    ("menses", "经期劳动安排", f"{_SPECIAL}附录第二条"),
    ("lighter", "孕期减轻劳动量或调岗", f"{_SPECIAL}第六条"),
    ("overtime", "怀孕7个月以上不加班、不上夜班", f"{_SPECIAL}第六条"),
    ("antenatal", "产前检查计入劳动时间", f"{_SPECIAL}第六条"),
    ("leave", "产假、流产假天数和待遇", f"{_SPECIAL}第七条"),
    ("insurance", "参加生育保险", f"{_SPECIAL}第八条"),
    ("nursing_hour", "哺乳时间", f"{_SPECIAL}第九条"),
    ("nursing_night", "哺乳期不加班、不上夜班", f"{_SPECIAL}第九条"),
    ("dismissal", "不因怀孕、生育、哺乳降薪、辞退", f"{_SPECIAL}第五条"),
    ("rooms", "女职工卫生室、孕妇休息室、哺乳室", f"{_SPECIAL}第十条"),
    ("hygiene", "女职工卫生费", "河南省实施办法"),
    ("checkup", "定期妇科检查", f"{_RIGHTS}第三十一条"),
    ("harassment", "预防和制止性骚扰的制度", f"{_SPECIAL}第十一条"),
    ("hiring", "招聘录用无性别歧视", f"{_RIGHTS}第四十三条"),
    ("equal_pay", "男女同工同酬", f"{_RIGHTS}第四十五条"),
    ("contract_signed", "女职工专项集体合同签订", f"{_CONTRACT}第八条"),
    ("contract_filed", "女职工专项集体合同报送审查", f"{_CONTRACT}第四十二条"),
    ("contract_shown", "女职工专项集体合同公示", f"{_CONTRACT}第四十八条"),
    ("contract_kept", "女职工专项集体合同履约", f"{_CONTRACT}第六条"),
    ("committee", "女职工委员会", "工会女职工委员会工作条例"),
    ("delegates", "职代会中女职工代表比例", "工会女职工委员会工作条例"),
    ("complaints", "女职工投诉渠道", "工会劳动法律监督办法"),
)
# Forbidden labour and dismissal are grave: they may be referred at once.
SERIOUS = ("forbidden", "dismissal")
KEY = "women.inspection"
_TOLD = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
_OF_LETTER = (("letter_no", "文号"), ("letter_on", "发函日期"), ("due_on", "整改期限"))


def make_items(rows: list[WomenInspection], created: bool, by: Actor) -> None:
    """Every new inspection has the standard items; those of an older one follow its day."""
    if created:
        items = [
            {
                "inspection": row,
                "org": row.org,
                "position": position,
                "code": code,
                "text": text,
                "clause": clause,
            }
            for row in rows
            for position, (code, text, clause) in enumerate(STANDARD, 1)
        ]
        must(create_many(InspectionItem, items, by=SYSTEM))


def check_names_nobody(record: Any) -> None:
    """Texts hold counts, no persons."""
    for name in ("signed_note", "fact", "measure", "fixed_proof"):
        if hasattr(record, name):
            refuse_names(getattr(record, name), name)


def wrong_members(rows: list[InspectionMember]) -> dict[int, DomainError]:
    """Nobody inspects his own employer; a group is settled before the inspection, by position."""
    errors: dict[int, DomainError] = {}
    with acting(SYSTEM):
        inspections = WomenInspection.objects.select_related("employer__org").in_bulk(
            {row.inspection_id for row in rows}
        )
    for position, row in enumerate(rows):
        inspection = inspections[row.inspection_id]
        home = inspection.employer.org
        if inspection.state != "planned":
            errors[position] = Conflict("现场检查已登记，不能再改检查组。")
        elif home.level == OrgLevel.BASIC and row.person.org_id == home.pk:
            errors[position] = DomainError("检查组成员不得来自被检查单位。", field="person")
    return errors


def wrong_items(rows: list[InspectionItem]) -> dict[int, DomainError]:
    """Answers stand once the inspection is recorded; nothing is put right before, by position."""
    with acting(SYSTEM):
        stored = InspectionItem.objects.in_bulk([row.pk for row in rows if row.pk])
        inspections = WomenInspection.objects.in_bulk({row.inspection_id for row in rows})
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        before, state = stored.get(row.pk), inspections[row.inspection_id].state
        if before is None:
            if state != "planned":
                errors[position] = Conflict("现场检查已登记，不能再加项目。")
        elif row.code and (row.text, row.clause) != (before.text, before.clause):
            errors[position] = Conflict("标准检查项目不能改动。", field="text")
        elif state != "planned" and (row.answer, row.fact) != (before.answer, before.fact):
            errors[position] = Conflict("现场检查已登记，检查结果不能再改。", field="answer")
        elif row.fixed_on != before.fixed_on and state not in ("rectifying", "rechecked"):
            errors[position] = Conflict("只有整改中的检查可以登记整改。", field="fixed_on")
        elif row.fixed_on is not None and row.fixed_on > clock.today():
            errors[position] = DomainError("整改日期不能晚于今天。", field="fixed_on")
    return errors


def count_items(rows: list[InspectionItem], created: bool, by: Actor) -> None:
    """The inspection says how many items were found wrong and put right."""
    recount({row.inspection_id for row in rows})


def recount(ids: set[int]) -> None:
    """As above, for inspections by key."""
    inspections = list(WomenInspection.objects.filter(pk__in=ids).order_by("pk"))
    must(change_many([(each, _counts(each)) for each in inspections], by=SYSTEM, reason="检查项目"))


def _counts(inspection: WomenInspection) -> dict[str, Any]:
    wrong = list(_items(inspection).filter(answer=Answer.VIOLATION).values_list("code", "fixed_on"))
    return {
        "found": len(wrong),
        "fixed": sum(day is not None for _, day in wrong),
        "is_serious": any(code in SERIOUS for code, _ in wrong),
    }


def _items(inspection: WomenInspection) -> Any:
    return InspectionItem.objects.filter(inspection=inspection.pk, voided_at=None)


def check_is_own(item: InspectionItem) -> None:
    """Only what the office added itself, and before the inspection, is taken off."""
    if item.code or item.inspection.state != "planned":
        raise Conflict("标准检查项目和已登记的项目不能作废。")


def follow_void(rows: list[Any], by: Actor) -> None:
    """The counts follow."""
    recount({row.inspection_id for row in rows})


def check_was_inspected(inspection: WomenInspection) -> None:
    """Two with a card were there, every item has its answer, the employer signed or refused."""
    if inspection.inspected_on is None or inspection.inspected_on > clock.today():
        raise DomainError("请填写检查日期，不能晚于今天。", field="inspected_on")
    members = InspectionMember.objects.filter(inspection=inspection.pk, voided_at=None).count()
    if members < 2:
        raise DomainError(f"检查组须有2名以上持证人员，现有{members}名。")
    open_items = _items(inspection).filter(answer="").count()
    if open_items:
        raise DomainError(f"还有{open_items}个检查项目没有填写结果。")
    if not inspection.signed:
        raise DomainError("请选择单位是否签字。", field="signed")
    if inspection.signed == "refused" and not inspection.signed_note:
        raise DomainError("单位拒签的，请写明拒签情况。", field="signed_note")


def date_items(inspections: list[Any], by: Actor) -> None:
    """The items bear the day of the inspection, by which they are counted."""
    items = InspectionItem.objects.filter(inspection__in=inspections, voided_at=None)
    days = {each.pk: each.inspected_on for each in inspections}
    pairs = [(item, {"inspected_on": days[item.inspection_id]}) for item in items.order_by("pk")]
    must(change_many(pairs, by=SYSTEM, reason="现场检查"))


def check_found_nothing(inspection: WomenInspection) -> None:
    """Only a clean inspection ends at once."""
    if inspection.found:
        raise Conflict(f"发现{inspection.found}个问题，须发函整改，不能直接销号。")


def check_has_letter(inspection: WomenInspection) -> None:
    """What was found is put to the employer in writing, with a term."""
    if not inspection.found:
        raise Conflict("没有发现问题，请办理“无问题销号”。")
    for name, label in (("letter_kind", "类型（提示函或意见书）"), *_OF_LETTER):
        if not getattr(inspection, name):
            raise DomainError(f"请填写函件的{label}。", field=name)
    if inspection.due_on < inspection.letter_on:
        raise DomainError("整改期限不能早于发函日期。", field="due_on")


def check_was_answered(inspection: WomenInspection) -> None:
    """The employer answered the letter on a day after it was sent."""
    day = inspection.answered_on
    if day is None or not inspection.letter_on <= day <= clock.today():
        raise DomainError("请填写单位答复日期，须在发函之后、今天之前。", field="answered_on")


def last_answer_day(inspection: WomenInspection) -> date:
    """The last day on which the employer may answer the letter."""
    return due_on("women.opinion_days", inspection.letter_on)


def is_unanswered(inspection: WomenInspection) -> bool:
    """Whether the employer let the time for an answer to the letter pass."""
    return inspection.answered_on is None and clock.today() > last_answer_day(inspection)


def check_may_be_escalated(inspection: WomenInspection) -> None:
    """A notice that was not answered, or not followed in its term, is followed by an opinion."""
    stored = WomenInspection.objects.get(pk=inspection.pk)
    if stored.letter_kind != LetterKind.NOTICE:
        raise Conflict("已发意见书；仍不答复、不整改的，由领导办理“移送”（发建议书）。")
    if not is_unanswered(stored) and clock.today() <= stored.due_on:
        raise Conflict(
            f"提示函的答复期限{last_answer_day(stored)}、整改期限{stored.due_on}都没有过，不能升级为意见书。"
        )
    check_has_letter(inspection)
    if inspection.letter_no == stored.letter_no:
        raise DomainError("请填写意见书的文号，不能与提示函相同。", field="letter_no")


def send_opinion(inspections: list[Any], by: Actor) -> None:
    """The opinion waits for an answer of its own."""
    opinion = {"letter_kind": LetterKind.OPINION, "answered_on": None}
    must(change_many([(each, opinion) for each in inspections], by=SYSTEM, reason="发意见书"))


def set_terms(inspections: list[Any], by: Actor) -> None:
    """Items found wrong have the letter's term unless they have one of their own."""
    items = InspectionItem.objects.filter(
        inspection__in=inspections, answer=Answer.VIOLATION, due_on=None, voided_at=None
    )
    terms = {each.pk: each.due_on for each in inspections}
    pairs = [(item, {"due_on": terms[item.inspection_id]}) for item in items.order_by("pk")]
    must(change_many(pairs, by=SYSTEM, reason="发函"))


def check_was_rechecked(inspection: WomenInspection) -> None:
    """A second look finds something put right, with its proof."""
    if not inspection.fixed:
        raise DomainError("还没有登记任何项目的整改日期和证明。")


def check_is_fixed(inspection: WomenInspection) -> None:
    """An inspection is closed when nothing is left."""
    left = inspection.found - inspection.fixed
    if left:
        raise Conflict(f"还有{left}个问题没有整改，不能销号。")


def check_may_be_referred(inspection: WomenInspection) -> None:
    """Grave matters at once, others by an advice (建议书) after an opinion was not answered or not met."""
    if not inspection.referred_to:
        raise DomainError("请填写移送单位。", field="referred_to")
    if inspection.found == inspection.fixed:
        raise Conflict("问题已全部整改，不需移送。")
    if inspection.is_serious:
        return
    if inspection.letter_kind != LetterKind.OPINION:
        raise Conflict("不属严重问题，提示函没有结果的先“升级为意见书”。")
    last = due_on("women.refer_days", inspection.due_on)
    if not is_unanswered(inspection) and clock.today() <= last:
        raise Conflict(
            f"不属严重问题，意见书在{last_answer_day(inspection)}前没有答复，"
            f"或整改期满后至{last}仍未整改的才能移送。"
        )


def remind_of_silence() -> int:
    """Tell offices, once per letter, what follows a letter that was not answered in time."""
    with acting(SYSTEM):
        waiting = WomenInspection.objects.filter(
            state="rectifying", answered_on=None, letter_on__isnull=False, voided_at=None
        ).select_related("employer")
        return sum(_tell(each) for each in waiting.order_by("pk") if is_unanswered(each))


def _tell(inspection: WomenInspection) -> bool:
    days = number_of("women.opinion_days", on=inspection.letter_on)
    next_step, roles = "可升级为意见书", [*_TOLD]
    if inspection.letter_kind == LetterKind.OPINION:
        next_step, roles = "请发建议书（由领导移送劳动行政部门）", [*_TOLD, Role.LEADER]
    return remind(
        KEY,
        inspection.pk,
        f"silence-{inspection.letter_no}",
        inspection.org_id,
        roles,
        f"{inspection.employer}对{inspection.get_letter_kind_display()}"
        f"{inspection.letter_no}未答复满{days}个工作日，{next_step}。",
    )
