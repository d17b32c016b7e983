"""A claim: the cover it belongs to, what it gives, what must be there, and how it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.files.models import Attachment
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.records import history, locks
from gonghui.kernel.workflow.services import remind
from gonghui.lines.mutual.models import BenefitRule, ClaimPaper, ClaimPayee, Coverage, MutualClaim
from gonghui.lines.mutual.models.benefit import EventKind
from gonghui.lines.mutual.models.product import PaperKind
from gonghui.lines.mutual.services import benefits
from gonghui.lines.mutual.services.benefits import Reckoning
from gonghui.lines.mutual.services.coverages import COVERING

_OPEN = ("draft", "submitted", "supplement", "assessing")
# The papers are in the hands of whoever files the claim; once handed in they are what is looked at.
_WITH_MAKER = ("draft", "supplement")
_UNPAID = ("approved", "paying")
KEY = "mutual.mutual_claim"
_NOTHING = Decimal(0)
_BY_EVENT = {
    EventKind.ACCIDENT: (PaperKind.ACCIDENT,),
    EventKind.DEATH: (PaperKind.DEATH, PaperKind.HEIRS),
}


def derive(claim: MutualClaim) -> None:
    """Find the cover and reckon the benefit while the claim is open; keep its clocks."""
    claim.disease_group = claim.disease.group if claim.disease is not None else ""
    if claim.state in _OPEN and claim.event_on:
        _reckon(claim)
    if claim.state == "assessing":
        claim.decided_on = None
    if claim.state == "appealed":
        claim.was_appealed = True
    _keep_clock(claim)


def _reckon(claim: MutualClaim) -> None:
    cover = cover_on(claim.person_id, claim.product_id, claim.event_on)
    claim.coverage = cover
    if cover is None:
        claim.days_covered = claim.rule = claim.computed = None
        claim.reckoning = "发生日期不在保障期内。"
        return
    claim.days_covered = (claim.event_on - cover.starts_on).days + 1
    found = reckoning_of(claim, cover)
    claim.rule, claim.computed, claim.reckoning = found.rule, found.amount, found.text


def cover_on(person_id: int, product_id: int, day: date) -> Coverage | None:
    """The person's cover in a product on a day."""
    rows = Coverage.objects.filter(
        person_id=person_id,
        product_id=product_id,
        state__in=COVERING,
        starts_on__lte=day,
        ends_on__gte=day,
        voided_at=None,
    )
    found: Coverage | None = rows.select_related("policy__product_version").first()
    return found


def reckoning_of(claim: MutualClaim, cover: Coverage) -> Reckoning:
    """What the clauses of the cover's version give for the claim's event."""
    version = cover.policy.product_version
    rules = BenefitRule.objects.filter(product_version=version, voided_at=None)
    event = benefits.event_of(claim, claim.days_covered, had_under(cover, but=claim))
    return benefits.reckon(event, version, list(rules.order_by("pk")), cover)


def had_under(cover: Coverage, but: MutualClaim) -> Decimal:
    """What a cover has given, or was decided to give, by other claims."""
    rows = MutualClaim.objects.filter(
        coverage=cover, state__in=(*_UNPAID, "paid"), voided_at=None
    ).exclude(pk=but.pk)
    return rows.aggregate(total=Sum("assessed"))["total"] or _NOTHING


def _keep_clock(claim: MutualClaim) -> None:
    """While papers are asked for, the time of handling stands still."""
    today = clock.today()
    if claim.state == "supplement" and claim.supplement_from is None:
        claim.supplement_from, claim.was_supplemented = today, True
    elif claim.state != "supplement" and claim.supplement_from is not None:
        claim.supplement_days += (today - claim.supplement_from).days
        claim.supplement_from = None


def check(claim: MutualClaim) -> None:
    """The cover belongs to the union that files the claim, and the illness to the cover's version."""
    if claim.applied_on > clock.today():
        raise DomainError("申领日期不能晚于今天。", field="applied_on")
    cover = claim.coverage
    if claim.state not in _OPEN or cover is None:
        return
    if cover.org_id != claim.org_id:
        raise DomainError(f"该职工由{cover.org}组织参加，请由{cover.org}申领。", field="person")
    version_id = cover.policy.product_version_id
    if claim.disease is not None and claim.disease.product_version_id != version_id:
        raise DomainError("该病种不属于职工参加的产品版本。", field="disease")


def check_may_be_filed(claim: MutualClaim) -> None:
    """There is a cover on the day, the hospital is good enough, and the claim is in time or says why not."""
    cover = claim.coverage
    if cover is None:
        raise DomainError("发生日期不在保障期内，没有可以申领的参保明细。", field="event_on")
    version = cover.policy.product_version
    least, level = version.min_hospital_level, claim.hospital_level
    if least is not None and (level is None or level < least):
        label = version.get_min_hospital_level_display()
        raise DomainError(f"本产品要求{label}及以上医院。", field="hospital_level")
    last = claim.event_on + timedelta(days=version.claim_limit_days)
    if claim.applied_on > last and not claim.late_reason.strip():
        raise DomainError(
            f"已超过申领时限（{last:%Y-%m-%d}），请说明逾期原因。", field="late_reason"
        )


def missing_papers(claim: MutualClaim) -> list[PaperKind]:
    """The papers that are still to be handed in."""
    wanted = {*claim.coverage.policy.product_version.required_papers}
    wanted |= {kind.value for kind in _BY_EVENT.get(EventKind(claim.event_kind), ())}
    rows = ClaimPaper.objects.filter(claim=claim, voided_at=None)
    have = set(rows.values_list("kind", flat=True))
    return [kind for kind in PaperKind if kind.value in wanted - have]


def check_papers(claim: MutualClaim) -> None:
    """The checklist is complete, and no scan was used for another claim."""
    missing = missing_papers(claim)
    if missing:
        listed = "、".join(str(kind.label) for kind in missing)
        raise DomainError(f"材料不齐，还缺：{listed}。请一次告知申领人补正。")
    files = attachments_of(claim)
    if not files.exists():
        raise DomainError("请上传材料的扫描件或照片。")
    digests = list(files.values_list("digest", flat=True))
    again = Attachment._unscoped.filter(  # noqa: SLF001  the same picture anywhere in the city
        register=KEY, digest__in=digests, removed_at=None
    ).exclude(record_id=claim.pk)
    other = again.first()
    if other is not None:
        number = MutualClaim.objects.filter(pk=other.record_id).values_list("number", flat=True)
        raise Conflict(f"附件“{other.name}”已用于申领{number.first()}，请核实。")


def check_first_supplement(claim: MutualClaim) -> None:
    """What is missing is told once, in full."""
    if claim.was_supplemented:
        raise Conflict("本申领已补正过一次；仍不齐的，请按“材料不足”办理。")


def check_amount(claim: MutualClaim) -> None:
    """Never more than the clauses give; less needs a reason; heirs get all of it.

    It is reckoned once more: other claims of the cover may have been decided since the review, and
    nobody decides two of them at the same time.
    """
    locks.hold(f"mutual.cover.{claim.coverage_id}")
    _reckon(claim)
    _check_cover_goes_on(claim)
    if claim.computed is None or not claim.computed:
        raise DomainError(claim.reckoning or "没有可以给付的条款。", field="assessed")
    if claim.assessed is None or claim.assessed <= 0:
        raise DomainError("请填写核定金额。", field="assessed")
    if claim.assessed > claim.computed:
        raise DomainError(
            f"核定金额不能超过按细则测算的{claim.computed:,.2f}元。", field="assessed"
        )
    if claim.assessed != claim.computed and not claim.difference_reason.strip():
        raise DomainError("核定金额与测算不同，请说明原因。", field="difference_reason")
    _check_payees(claim)


def _check_cover_goes_on(claim: MutualClaim) -> None:
    """A cover that a payment ends pays once, though the payment is only decided yet."""
    last = MutualClaim.objects.filter(
        coverage=claim.coverage_id,
        rule__ends_cover=True,
        state__in=(*_UNPAID, "paid"),
        voided_at=None,
    ).exclude(pk=claim.pk)
    ended = last.first()
    if ended is not None:
        raise Conflict(
            f"该保障已由申领{ended.number}核定给付，按细则给付后保障终止，不能再次给付。",
            code="ended",
        )


def _check_payees(claim: MutualClaim) -> None:
    rows = ClaimPayee.objects.filter(claim=claim, voided_at=None)
    given = rows.aggregate(total=Sum("amount"))["total"]
    if given is None:
        if claim.event_kind == EventKind.DEATH:
            raise DomainError("身故的申领须登记继承人和分配金额。")
        return
    if claim.event_kind != EventKind.DEATH:
        raise DomainError(
            "只有身故的申领登记收款人；本人在世的付给本人，由他人代收的在收款账户登记关系。"
            "请退回补正，删去收款人。"
        )
    if given != claim.assessed:
        raise DomainError(
            f"收款人金额合计{given:,.2f}元，与核定金额{claim.assessed:,.2f}元不一致。",
            field="assessed",
        )


def check_small(claim: MutualClaim) -> None:
    """What one assessor may decide alone."""
    check_amount(claim)
    most = parameters.decimal_of("mutual.second_assessor_from")
    if claim.assessed >= most:
        raise Conflict(f"核定金额{most:,.0f}元以上须由第二人复核，请办理“核定报复核”。")


def check_large(claim: MutualClaim) -> None:
    """What a second assessor has to see."""
    check_amount(claim)
    most = parameters.decimal_of("mutual.second_assessor_from")
    if claim.assessed < most:
        raise Conflict(f"核定金额不足{most:,.0f}元，请直接办理“核定”。")


def check_refusal(claim: MutualClaim) -> None:
    """A refusal names its reason and the clause."""
    if not claim.refuse_reason:
        raise DomainError("请选择不予给付的原因。", field="refuse_reason")
    if not claim.refuse_note.strip():
        raise DomainError("请写明不予给付的说明和细则条款。", field="refuse_note")


def check_may_appeal(claim: MutualClaim) -> None:
    """Once, and in time."""
    if claim.was_appealed:
        raise Conflict("本申领已申诉过一次，不能再次申诉。")
    days = parameters.number_of("mutual.appeal_days")
    if claim.decided_on is not None and clock.today() > claim.decided_on + timedelta(days=days):
        raise Conflict(f"已超过{days}天的申诉期限。")
    if not claim.appeal_note.strip():
        raise DomainError("请写明申诉理由。", field="appeal_note")


def require_other_assessor(claim: Any, by: Actor) -> None:
    """Who refused a claim does not assess it again after the appeal."""
    if not claim.was_appealed or by.user_id is None:
        return
    verbs = ("perform:propose_refusal", "perform:confirm_refusal")
    found = history.last_actors_of(MutualClaim._meta.db_table, [claim.pk], verbs)
    if any(done.get(claim.pk) == by.user_id for done in found.values()):
        raise NotAllowed("申诉须由原核定人以外的人办理。")


def warn_of_shortage(claims: list[Any], by: Actor) -> None:
    """The leader hears when more is decided than the product's fund can pay."""
    for product in {claim.product for claim in claims}:
        owed = MutualClaim.objects.filter(product=product, state="approved", voided_at=None)
        need = owed.aggregate(total=Sum("assessed"))["total"] or _NOTHING
        fund = product.fund
        if need > fund.available:
            remind(
                "funds.fund",
                fund.pk,
                f"mutual.shortage {clock.today():%Y-%m-%d}",
                fund.org_id,
                [Role.LEADER, Role.DEPT],
                f"“{fund}”可用{fund.available:,.2f}元，已核定待发放{need:,.2f}元，"
                f"缺口{need - fund.available:,.2f}元。",
            )


def check_undecided(claim: Any) -> None:
    """A claim that was filed is withdrawn or decided, never voided."""
    if claim.state not in ("draft", "withdrawn"):
        raise Conflict("已提交的申领不能作废，请撤回或按程序办理。")


PAPERS_HANDED_IN = "申领已提交，材料不能再改；材料不齐或有误的，由初审、核定人办理“补正”。"
_DECIDED = "申领已核定，收款人不能再改。"


def wrong_papers(rows: list[ClaimPaper]) -> dict[int, DomainError]:
    """Papers change before the claim is handed in and while more is asked for, by position."""
    return _parts_too_late(rows, _WITH_MAKER, PAPERS_HANDED_IN)


def wrong_payees(rows: list[ClaimPayee]) -> dict[int, DomainError]:
    """Payees change until the claim is decided, as what they share is only known then, by position."""
    return _parts_too_late(rows, _OPEN, _DECIDED)


def _parts_too_late(rows: list[Any], states: Sequence[str], why: str) -> dict[int, DomainError]:
    claims = MutualClaim.objects.in_bulk({row.claim_id for row in rows})
    return {
        at: Conflict(why, field="claim")
        for at, row in enumerate(rows)
        if claims[row.claim_id].state not in states
    }


def check_paper_may_go(row: ClaimPaper) -> None:
    """As `wrong_papers`."""
    if row.claim.state not in _WITH_MAKER:
        raise Conflict(PAPERS_HANDED_IN)


def check_payee_may_go(row: ClaimPayee) -> None:
    """As `wrong_payees`."""
    if row.claim.state not in _OPEN:
        raise Conflict(_DECIDED)
