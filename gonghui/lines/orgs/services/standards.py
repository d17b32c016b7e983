"""Standard checks and honours: totals, grades, sampling, public notice and quotas."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.parameters.values import decimal_of, number_of, value_of
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.offering import offered
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.workflow.deadlines import calendar
from gonghui.lines.orgs.models import (
    StandardCheck,
    StandardItem,
    StandardScore,
    StandardTemplate,
    UnionHonor,
)
from gonghui.lines.orgs.models.honour import GrantorLevel, Tier
from gonghui.lines.orgs.models.standard import Grade
from gonghui.lines.orgs.services.trees import approvers_for

_TIERS = {
    OrgLevel.CITY: Tier.CITY,
    OrgLevel.COUNTY: Tier.COUNTY,
    OrgLevel.TOWNSHIP: Tier.TOWNSHIP,
    OrgLevel.AREA: Tier.TOWNSHIP,
    OrgLevel.INDUSTRY: Tier.INDUSTRY,
}
_OWN_TIERS = (Tier.CITY, Tier.DEPARTMENT, Tier.INSTITUTION)


def derive_check(check: Any) -> None:
    """Whether the union is of a private enterprise, and since when both signs are shown."""
    check.is_private = check.org.is_private
    days = (check.sign_on, check.chair_id_on)
    check.displayed_on = max(days) if all(days) else None
    score = next((s for s in (check.city_score, check.county_score) if s is not None), None)
    check.grade = _grade(check, score) if check.state == "graded" and score is not None else ""


def _grade(check: Any, score: Decimal) -> Grade:
    if score >= check.template.model_score:
        return Grade.MODEL
    return Grade.PASSED if score >= check.template.pass_score else Grade.TO_MEND


def check_scores_in_range(check: Any) -> None:
    """No score exceeds a hundred, nobody shows a sign tomorrow."""
    for field in ("self_score", "county_score", "city_score"):
        score = getattr(check, field)
        if score is not None and not 0 <= score <= 100:
            raise DomainError("评分应在0至100之间。", field=field)
    for field in ("sign_on", "chair_id_on"):
        if getattr(check, field) and getattr(check, field) > clock.today():
            raise DomainError("亮牌、亮身份日期不能晚于今天。", field=field)


def templates_for(check: Any) -> QuerySet[Any]:
    """The standards in use that the union's superiors have issued; and the check's own."""
    today = clock.today()
    in_use = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
    return offered(StandardTemplate).filter(in_use | Q(pk=check.template_id))


def items_for(score: Any) -> QuerySet[Any]:
    """The items of the check's standard."""
    rows = offered(StandardItem)
    check = score.check_of if score.check_of_id else None
    return rows if check is None else rows.filter(template=check.template_id)


def check_score(score: Any) -> None:
    """An item of the check's own template, within its full score, while the union still fills it in."""
    if score.item.template_id != score.check_of.template_id:
        raise DomainError("该项目不在本次考评的标准内。", field="item")
    if not 0 <= score.score <= score.item.full_score:
        raise DomainError(f"得分应在0至{score.item.full_score}之间。", field="score")
    if score.score and not score.evidence.strip():
        raise DomainError("得分须写明依据。", field="evidence")
    if score.check_of.state != "drafting" and not is_by_rule():
        raise Conflict("自评已上报，得分不能再改。")


def note_self_score(check: Any) -> None:
    """The union's own total; every item must have been judged."""
    items = StandardItem.objects.filter(template_id=check.template_id, voided_at=None).count()
    scores = list(
        StandardScore.objects.filter(check_of=check, voided_at=None).values_list("score", flat=True)
    )
    if len(scores) < items:
        raise DomainError(f"标准共{items}项，已评{len(scores)}项，请评完后上报。", field="scores")
    check.self_score = sum(scores, Decimal(0))


def check_county_score(check: Any) -> None:
    """The county has judged."""
    if check.county_score is None:
        raise DomainError("请填写县级评分。", field="county_score")


def check_city_score(check: Any) -> None:
    """The city has been there and judged."""
    if check.city_score is None:
        raise DomainError("请填写市级评分。", field="city_score")


def follow_sample(checks: list[Any], by: Actor) -> None:
    """A gap beyond the limit sends all checks of that county and year back to the county."""
    limit = decimal_of("orgs.standard_gap_points")
    for check in checks:
        if abs(check.city_score - check.county_score) <= limit:
            continue
        county = approvers_for([check.org])[check.org_id]
        batch = StandardCheck.objects.filter(
            year=check.year,
            org__path__startswith=county.path,
            state__in=("reviewed", "sampled"),
            voided_at=None,
        )
        must(
            write.perform_many(
                list(batch), "send_back", by=by, reason=f"抽查与县级评分相差超过{limit}分"
            )
        )


def sample_size(total: int) -> int:
    """How many of a county's checks the city must look at."""
    rate = decimal_of("orgs.standard_sample_rate")
    return int((total * rate).to_integral_value(rounding="ROUND_CEILING"))


def derive_honours(honours: list[Any]) -> None:
    """Where the honoured body stands, and what kind of union selected it."""
    prefetch_related_objects(honours, "org", "selected_by")
    for honour in honours:
        if not honour.tier:
            honour.tier = _TIERS.get(OrgLevel(honour.org.level), Tier.BASIC)
        honour.selected_by_kind = honour.selected_by.kind if honour.selected_by_id else ""


def check_honour(honour: Any) -> None:
    """Days belong to the year that is claimed and are not to come."""
    if honour.granted_on is not None:
        if honour.granted_on > clock.today():
            raise DomainError("授予日期不能晚于今天。", field="granted_on")
        if honour.granted_on.year not in (honour.year, honour.year + 1):
            raise DomainError(
                f"授予日期{honour.granted_on.isoformat()}与年度{honour.year}不符。",
                field="granted_on",
            )
    if honour.revoked_on and honour.granted_on and honour.revoked_on < honour.granted_on:
        raise DomainError("撤销日期不能早于授予日期。", field="revoked_on")


def check_may_apply(honour: Any) -> None:
    """What lower unions put forward hung in public long enough and fits the quota."""
    if honour.tier in _OWN_TIERS or honour.grantor_level == GrantorLevel.CITY_PARTY:
        return
    if honour.notice_from is None or honour.notice_to is None:
        raise DomainError("请填写公示起止日期。", field="notice_from")
    # The day on which the notice is put up counts.
    days = calendar()
    worked = days.working_days_between(honour.notice_from, honour.notice_to)
    worked += days.is_working_day(honour.notice_from)
    needed = number_of("orgs.honour_notice_days", on=honour.notice_from)
    if worked < needed:
        raise DomainError(
            f"公示{max(worked, 0)}个工作日，不足{needed}个工作日。", field="notice_to"
        )
    if honour.notice_to > clock.today():
        raise DomainError("公示尚未结束。", field="notice_to")
    _check_quota(honour)


def _check_quota(honour: Any) -> None:
    quota = value_of("orgs.honour_quota").get(f"{honour.title}/{honour.tier}")
    if quota is None:
        return
    used = (
        UnionHonor.objects.filter(
            title=honour.title,
            tier=honour.tier,
            year=honour.year,
            grantor_level=honour.grantor_level,
            state__in=("applied", "granted"),
            voided_at=None,
        )
        .exclude(pk=honour.pk)
        .count()
    )
    if used >= quota:
        raise DomainError(
            f"{honour.year}年“{honour.get_title_display()}”{honour.get_tier_display()}"
            f"名额{quota}个，已申报{used}个。",
            field="title",
        )


def check_may_grant(honour: Any) -> None:
    """A grant has its document."""
    if honour.granted_on is None:
        raise DomainError("请填写授予日期。", field="granted_on")
    if not honour.doc_no:
        raise DomainError("请填写授予文号。", field="doc_no")


def check_may_revoke(honour: Any) -> None:
    """A revocation has its day."""
    if honour.revoked_on is None:
        raise DomainError("请填写撤销日期。", field="revoked_on")
