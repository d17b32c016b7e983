"""A group policy on its way: what is derived, what is checked, and when its cover begins."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.people.models import EmployerHeadcount
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, perform_many
from gonghui.lines.mutual.models import Coverage, GroupPolicy, MutualClaim, ProductVersion
from gonghui.lines.mutual.models.policy import PAID_FOR
from gonghui.lines.mutual.models.product import EffectRule, WhoMayJoin
from gonghui.lines.mutual.services import coverages
from gonghui.shared.funds.models import FundReceipt, ReceivedKind

DAY = timedelta(days=1)
_OPEN = ("draft", "checked")
_NO_START = "请先由系统管理员设置参数“系统启用日期”，再补录历史参保。"


def derive(policy: GroupPolicy) -> None:
    """Copy the product, find headcount and predecessor of a new policy, date one that was paid."""
    policy.product_id = policy.product_version.product_id
    if policy.is_legacy:
        _find_end(policy)
    if policy.state == "draft" and policy.applied_on:
        _find_staff(policy)
        if not policy.pk and policy.renews_id is None:
            policy.renews = predecessor_of(policy)
    is_new = policy.state == "active" and policy.effective_from is None
    if is_new and policy.receipt is not None:
        policy.received_on = policy.receipt.received_on
        policy.counted_on = policy.receipt.confirmed_on
        policy.effective_from, policy.effective_to = _term(policy)
    if policy.state == "annulled" and policy.annulled_on is None:
        policy.annulled_on = clock.today()


def _find_end(policy: GroupPolicy) -> None:
    """Without another day a cover of before lasted as long as its version says."""
    if policy.effective_from is not None and policy.effective_to is None:
        months = policy.product_version.term_months
        policy.effective_to = add_months(policy.effective_from, months) - DAY


def _find_staff(policy: GroupPolicy) -> None:
    """The headcount in the one series of headcounts stands until somebody says otherwise."""
    if policy.staff_total is not None or policy.is_legacy:
        return
    found = headcount_of(policy)
    if found is not None:
        policy.staff_total = found.employees
        policy.women_total = found.female


def headcount_of(policy: GroupPolicy) -> EmployerHeadcount | None:
    """The employer's newest headcount on the day of application."""
    rows = EmployerHeadcount.objects.filter(
        employer_id=policy.employer_id, as_of__lte=policy.applied_on, voided_at=None
    )
    found: EmployerHeadcount | None = rows.order_by("-as_of").first()
    return found


def predecessor_of(policy: GroupPolicy) -> GroupPolicy | None:
    """The employer's last policy of the product, if it ran out or soon will and nobody renewed it."""
    window = timedelta(days=parameters.number_of("mutual.renew_window_days"))
    rows = GroupPolicy.objects.filter(
        employer_id=policy.employer_id,
        product_id=policy.product_id,
        state__in=PAID_FOR,
        effective_to__lte=policy.applied_on + window,
        voided_at=None,
    )
    found: GroupPolicy | None = rows.order_by("-effective_to").first()
    return found if found is not None and not is_renewed(found) else None


def is_renewed(policy: GroupPolicy) -> bool:
    """Whether a later policy goes on from this one."""
    return bool(renewed_ids().filter(renews_id=policy.pk).exists())


def renewed_ids() -> Any:
    """The policies that a later one renews."""
    later = GroupPolicy.objects.filter(renews__isnull=False, voided_at=None)
    return later.exclude(state__in=("cancelled", "annulled")).values("renews_id")


def _term(policy: GroupPolicy) -> tuple[date, date]:
    """First and last day of the cover of a policy whose fee was confirmed; a renewal leaves no day double."""
    version = policy.product_version
    start: date = start_after(version, policy.counted_on)
    if policy.renews is not None:
        start = max(start, policy.renews.effective_to + DAY)
    return start, add_months(start, version.term_months) - DAY


def start_after(version: ProductVersion, confirmed_on: date) -> date:
    """The day on which cover begins when the fee is confirmed on a day."""
    if version.effect_rule == EffectRule.FIRST_OF_NEXT_MONTH:
        return add_months(confirmed_on.replace(day=1), 1)
    if version.effect_rule == EffectRule.FIXED and version.fixed_on is not None:
        fixed: date = version.fixed_on
        return max(fixed, confirmed_on + DAY)
    return confirmed_on + DAY


def check(policy: GroupPolicy) -> None:
    """What holds for a policy until it goes up: its version, employer and predecessor fit."""
    if policy.state not in _OPEN:
        return
    if policy.applied_on > clock.today():
        raise DomainError("申请日期不能晚于今天。", field="applied_on")
    if policy.is_legacy:
        _check_days_of_before(policy)
    elif policy.effective_from is not None or policy.effective_to is not None:
        raise DomainError(
            "保障期按产品细则由系统计算，只有补录历史参保时填写。", field="effective_from"
        )
    _check_version(policy)
    if not policy.employer.org.path.startswith(policy.org.path):
        raise DomainError(f"“{policy.employer}”不是{policy.org}的单位。", field="employer")
    if not policy.is_legacy:
        _check_staff(policy)
    before = policy.renews
    if before is not None and (
        before.employer_id != policy.employer_id
        or before.product_id != policy.product_id
        or before.state not in PAID_FOR
    ):
        raise DomainError("续接的须是同一单位、同一产品、已生效的参保单。", field="renews")


def _check_days_of_before(policy: GroupPolicy) -> None:
    """Only what began before the program was used comes in without its money."""
    start = _system_start()
    if start is None:
        raise DomainError(_NO_START, field="is_legacy")
    if policy.effective_from is None:
        raise DomainError("补录历史参保须填写保障期起。", field="effective_from")
    if policy.effective_from >= start:
        raise DomainError(
            f"保障期起须早于系统启用日期{start}；启用以后的参保请按程序办理。",
            field="effective_from",
        )
    last = add_months(policy.effective_from, policy.product_version.term_months) - DAY
    if policy.effective_to is not None and policy.effective_to > last:
        raise DomainError(
            f"按产品版本保障期最晚到{last}，请核对保障期止和产品版本。", field="effective_to"
        )
    if policy.applied_on > policy.effective_from:
        raise DomainError("申请日期不能晚于保障期起。", field="applied_on")


def _system_start() -> date | None:
    """The day on which records begin, as the statistics line's parameter says."""
    try:
        return date.fromisoformat(str(parameters.value_of("reports.system_start")))
    except ValueError:
        return None


def _check_version(policy: GroupPolicy) -> None:
    version, day = policy.product_version, policy.applied_on
    has_ended = version.valid_to is not None and version.valid_to <= day
    is_known = version.state == "published" or (policy.is_legacy and version.state == "withdrawn")
    if not is_known or day < version.valid_from or has_ended:
        raise DomainError(f"“{version}”在{day:%Y-%m-%d}不接受参保。", field="product_version")


def _check_staff(policy: GroupPolicy) -> None:
    found = headcount_of(policy)
    if (
        found is not None
        and policy.staff_total != found.employees
        and not policy.staff_note.strip()
    ):
        raise DomainError(
            f"在职职工数与登记的{found.employees}人（{found.as_of:%Y-%m-%d}）不一致，请说明原因。",
            field="staff_note",
        )


def check_roster(policy: GroupPolicy) -> None:
    """Every row of the roster is right, and enough of the staff take part or the reason is told."""
    if policy.is_legacy:
        raise Conflict("补录的历史参保不办缴费，请点“提交补录”。")
    check_rows(policy)
    _check_whole(policy)
    shortfall = shortfall_of(policy)
    if shortfall and not policy.exception_reason.strip():
        raise DomainError(shortfall, field="exception_reason")


def check_rows(policy: GroupPolicy) -> None:
    """There is a roster, and every row of it is right."""
    rows = list(Coverage.objects.filter(policy=policy, voided_at=None).order_by("pk"))
    if not rows:
        raise DomainError("名册是空的，请先录入或导入参保名册。")
    found = coverages.wrong_rows(rows)
    if found:
        names = dict(
            Coverage.objects.filter(pk__in=[rows[at].pk for at in found]).values_list(
                "pk", "person__name"
            )
        )
        told = "".join(f"{names[rows[at].pk]}：{error.message}" for at, error in _first(found))
        raise DomainError(f"名册有{len(found)}人不符合要求。{told}")


def _check_whole(policy: GroupPolicy) -> None:
    """No more take part than work there; what is recorded may be corrected with a reason, not passed by."""
    whole, label = _staff_of(policy)
    if whole is not None and policy.heads > whole:
        raise DomainError(
            f"参加{policy.heads}人，超过{label}数{whole}人，请更正职工数并说明，或核对名册。",
            field="staff_total",
        )


def _staff_of(policy: GroupPolicy) -> tuple[int | None, str]:
    """Of how many a group is counted, and what they are called."""
    if policy.product_version.sex == WhoMayJoin.FEMALE:
        return policy.women_total, "在职女职工"
    return policy.staff_total, "在职职工"


def _first(found: dict[int, DomainError], most: int = 5) -> list[tuple[int, DomainError]]:
    return sorted(found.items())[:most]


def shortfall_of(policy: GroupPolicy) -> str:
    """Why a group is too small for the product, or nothing."""
    version = policy.product_version
    whole, label = _staff_of(policy)
    if whole is None:
        return f"请填写{label}数。"
    if policy.heads < min(version.min_persons, whole):
        return f"参加{policy.heads}人，少于最低{version.min_persons}人，请说明或补报。"
    least = Decimal(1) if whole < version.all_below else version.min_ratio
    if policy.heads < whole * least:
        share, most = policy.heads * 100 / whole, least * 100
        return f"参加人数占{label}{share:.1f}%，低于{most:.0f}%，请说明或补报。"
    return ""


def check_may_go_up(policy: GroupPolicy) -> None:
    """The workers know and agree, the stamped roster is there, and it is told who pays."""
    if not policy.is_consented:
        raise DomainError("请确认职工已知情同意参加。", field="is_consented")
    paid = policy.employer_amount + policy.union_amount + policy.staff_amount
    if paid != policy.fee_total:
        raise DomainError(
            f"单位、工会、个人出资之和{paid:,.2f}元，与互助费合计{policy.fee_total:,.2f}元不一致。",
            field="employer_amount",
        )
    if not attachments_of(policy).exists():
        raise DomainError("请上传加盖公章的参保名册。")


def check_fee(policy: GroupPolicy) -> None:
    """Cover begins only with money of the product's own fund, confirmed, equal to the fees to the cent."""
    receipt = policy.receipt
    if receipt is None:
        raise DomainError("请选择对应的到账。", field="receipt")
    if receipt.kind != ReceivedKind.MUTUAL_FEE or receipt.fund_id != policy.product.fund_id:
        raise DomainError("该笔到账不是本产品专户的互助费。", field="receipt")
    if receipt.state != "confirmed" or receipt.voided_at is not None:
        raise DomainError("该笔到账尚未确认，或已红冲、作废。", field="receipt")
    gap = policy.fee_total - receipt.amount
    if gap:
        more = f"差{gap:,.2f}元" if gap > 0 else f"多{-gap:,.2f}元"
        raise Conflict(
            f"到账{receipt.amount:,.2f}元，应缴{policy.fee_total:,.2f}元，{more}，请更正名册或补缴。",
            field="receipt",
            code="amount",
        )


def fees_to_match(record: Any) -> Any:
    """The confirmed fees that no policy has used yet, of the record's product."""
    used = GroupPolicy.objects.filter(receipt__isnull=False, voided_at=None)
    rows = FundReceipt.objects.filter(
        kind=ReceivedKind.MUTUAL_FEE, state="confirmed", voided_at=None
    ).exclude(pk__in=used.exclude(state="annulled").values("receipt_id"))
    return rows.filter(fund=record.product.fund_id) if record and record.product_id else rows


def begin(policies: list[Any], by: Actor) -> None:
    """With the confirmed fee everybody on the roster is covered, or nobody.

    The receipts are locked and looked at again: finance may be reversing one at this moment.
    """
    receipts = FundReceipt.objects.filter(pk__in=[policy.receipt_id for policy in policies])
    states = {
        each.pk: each.state for each in receipts.order_by("pk").select_for_update(no_key=True)
    }
    for policy in policies:
        if states.get(policy.receipt_id) != "confirmed":
            raise Conflict("该笔到账尚未确认，或已红冲、作废。", field="receipt")
        coverages.begin(policy)


def end(policies: list[Any], by: Actor) -> None:
    """The covers of a policy end with it."""
    rows = Coverage.objects.filter(policy__in=policies, state="active", voided_at=None)
    must(perform_many(list(rows.order_by("pk")), "end", by=SYSTEM))


def annul(policies: list[Any], by: Actor) -> None:
    """The covers of an annulled policy count off from today; earlier reports keep them."""
    rows = Coverage.objects.filter(
        policy__in=policies, state__in=("active", "ended"), voided_at=None
    )
    must(perform_many(list(rows.order_by("pk")), "annul", by=SYSTEM))
    for policy in policies:
        if policy.is_legacy:
            coverages.reconnect(policy)


def check_no_claims(policy: GroupPolicy) -> None:
    """A policy under which somebody claimed runs to its end."""
    claims = MutualClaim.objects.filter(coverage__policy=policy, voided_at=None)
    if claims.exclude(state="withdrawn").exists():
        raise Conflict("本参保单已有人申领互助金，不能撤销。")


def check_receipts_unused(receipts: list[Any], by: Actor) -> None:
    """Money that covers people is not taken out under them."""
    used = GroupPolicy.objects.filter(
        receipt__in=receipts, state__in=PAID_FOR, voided_at=None
    ).first()
    if used is not None:
        raise Conflict(f"该笔到账已使参保单{used}生效，不能红冲；请先撤销参保单。")


def check_not_paid(policy: Any) -> None:
    """A policy that was paid is annulled, never voided."""
    if policy.state not in ("draft", "checked", "cancelled"):
        raise Conflict("已上报或已生效的参保单不能作废，请退回、取消或撤销。")


def refresh(ids: set[int]) -> None:
    """Make heads, shares and fees of policies those of their rosters."""
    policies = list(GroupPolicy.objects.filter(pk__in=ids).order_by("pk").select_for_update())
    sums = {
        row["policy_id"]: row
        for row in Coverage.objects.filter(policy_id__in=ids, voided_at=None)
        .order_by()
        .values("policy_id")
        .annotate(heads=Count("id"), shares=Sum("shares"), fees=Sum("fee"))
    }
    nothing = {"heads": 0, "shares": 0, "fees": Decimal(0)}
    pairs = []
    for policy in policies:
        own = sums.get(policy.pk, nothing)
        totals = {"heads": own["heads"], "shares": own["shares"], "fee_total": own["fees"]}
        pairs.append((policy, totals))
    must(change_many(pairs, by=SYSTEM, reason="名册变动"))


def follow_roster(rows: list[Any], created: bool, by: Actor) -> None:
    """After rows came or changed."""
    refresh({row.policy_id for row in rows if row.state == "pending"})


def follow_voided(rows: list[Any], by: Actor) -> None:
    """After rows were voided."""
    refresh({row.policy_id for row in rows})


def continuity_warning(policy: GroupPolicy) -> str:
    """What a renewal loses when it is paid today, or nothing while its workers still go on."""
    before, version = policy.renews, policy.product_version
    if before is None or policy.state not in ("draft", "checked", "county_review", "awaiting_fee"):
        return ""
    gap = version.renew_gap_days * DAY
    if start_after(version, clock.today()) <= before.effective_to + DAY + gap:
        return ""
    last = last_gapless_day(version, before.effective_to)
    return (
        f"上期{before.effective_to:%Y-%m-%d}已到期，最迟{last:%Y-%m-%d}确认到账才不断保；"
        "现在参加须重新计算等待期。"
    )


def last_gapless_day(version: ProductVersion, effective_to: date) -> date:
    """The last day on which a confirmed fee keeps the continuity of a cover that ends on a day."""
    latest: date = effective_to + DAY + version.renew_gap_days * DAY
    if version.effect_rule == EffectRule.FIRST_OF_NEXT_MONTH:
        return latest.replace(day=1) - DAY
    return latest - DAY
