"""Assessments: sums of their items, judged by the rules of the day; nobody types a category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import decimal_of, remembered, value_of
from gonghui.kernel.people.models import HouseholdMember
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many
from gonghui.lines.aid.judging import Circumstances, Factors, judge
from gonghui.lines.aid.models import AssessmentItem, EconomicAssessment
from gonghui.lines.aid.models.hardship_file import OPEN, Category, ItemKind, Purpose
from gonghui.lines.aid.services import surveyors
from gonghui.lines.aid.services.files import next_review

_REVIEWERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)


def check_is_a_year(assessment: EconomicAssessment) -> None:
    """Incomes are those of twelve months, which the rules divide by twelve."""
    if add_months(assessment.period_from, 12) - timedelta(days=1) != assessment.period_to:
        raise DomainError("核定期须是连续12个月，例如2011-08-01至2012-07-31。", field="period_to")


def check_file_goes_on(assessment: EconomicAssessment) -> None:
    """A household whose file has ended is surveyed for a new one."""
    file = assessment.file
    if not assessment.pk and file.state not in ("draft", *OPEN):
        raise DomainError(
            f"困难职工档案{file.number}已经结束（不予建档、撤回或退出），不能再作核定；如仍困难，请另建档案。"
        )


def items_of_drafts(items: Sequence[AssessmentItem]) -> dict[int, DomainError]:
    """Items whose assessment is confirmed already stay as they are, by position."""
    with acting(SYSTEM):
        of = EconomicAssessment.objects.in_bulk({item.assessment_id for item in items})
    return {
        position: DomainError("核定已确认，明细不能再改；如有出入请另作一次核定。")
        for position, item in enumerate(items)
        if item.assessment_id in of and of[item.assessment_id].state != "draft"
    }


def follow_items(items: list[Any], created: bool, by: Actor) -> None:
    """The result moves with every item, so that the surveyor sees it while he writes."""
    refresh({item.assessment_id for item in items})


def follow_voided_items(items: list[Any], by: Actor) -> None:
    """An item taken back no longer counts."""
    refresh({item.assessment_id for item in items})


def refresh(assessment_ids: set[int]) -> None:
    """Compute drafts anew."""
    with acting(SYSTEM):
        rows = list(
            EconomicAssessment.objects.filter(
                pk__in=assessment_ids, state="draft", voided_at=None
            ).select_related("file__org")
        )
        must(change_many(list(zip(rows, computed(rows), strict=True)), by=SYSTEM))


def computed(assessments: Sequence[Any]) -> list[dict[str, Any]]:
    """The computed fields of each assessment; a household without members has no result."""
    sums = _sums([each.pk for each in assessments])
    sizes = _sizes({each.file.household_id for each in assessments})
    with remembered():
        return [
            _computed(each, sums[each.pk], sizes.get(each.file.household_id, 0))
            for each in assessments
        ]


def _sums(assessment_ids: list[int]) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    with acting(SYSTEM):
        rows = AssessmentItem.objects.filter(
            assessment_id__in=assessment_ids, is_excluded=False, voided_at=None
        )
        for assessment_id, kind, amount in rows.values_list("assessment_id", "kind", "amount"):
            found[assessment_id][kind] += amount
    return found


def _sizes(household_ids: set[int]) -> dict[int, int]:
    """How many live together in each household."""
    sizes: dict[int, int] = defaultdict(int)
    with acting(SYSTEM):
        rows = HouseholdMember.objects.filter(
            household_id__in=household_ids, lives_together=True, valid_to=None, voided_at=None
        )
        for household_id in rows.values_list("household_id", flat=True):
            sizes[household_id] += 1
    return sizes


def _computed(assessment: Any, sums: dict[str, Decimal], size: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "family_size": size,
        "income_total": sums[ItemKind.INCOME],
        "rigid_total": sums[ItemKind.RIGID],
        "shock_cost": sums[ItemKind.SHOCK],
    }
    if size == 0:
        return values
    factors = _factors(assessment)
    found = judge(
        Circumstances(
            size=size,
            income=sums[ItemKind.INCOME],
            rigid=sums[ItemKind.RIGID],
            shock=sums[ItemKind.SHOCK],
            causes=frozenset({assessment.file.cause_main, assessment.file.cause_minor}),
        ),
        factors,
        assessment.period_to,
    )
    excluded = assessment.exclusions and not assessment.override_reason.strip()
    return values | {
        "scheme": found.scheme,
        "income_per_head": found.income_per_head,
        "after_per_head": found.after_per_head,
        "line_used": factors.line,
        "result": Category.NONE if excluded else found.category,
    }


def _factors(assessment: Any) -> Factors:
    day, org = assessment.period_to, assessment.file.org
    changes_on = value_of("aid.scheme_changes_on", on=day, org=org)
    return Factors(
        line=decimal_of("aid.dibao_monthly", on=day, org=org),
        relative=decimal_of("aid.relative_factor", on=day, org=org),
        shock_ratio=decimal_of("aid.shock_ratio", on=day, org=org),
        scheme_changes_on=date.fromisoformat(str(changes_on)),
    )


def check_may_be_confirmed(assessment: EconomicAssessment) -> None:
    """Two surveyors were there, and a household that lives of nothing says what it lives of."""
    if not (assessment.surveyor_one and assessment.surveyor_two and assessment.survey_on):
        raise DomainError("请填写入户日期和两名调查人。", field="surveyor_one")
    for error in surveyors.wrong([assessment]).values():
        raise error  # a relative may have been declared since he was named
    if not assessment.family_size:
        raise DomainError("家庭还没有共同生活的成员，请先登记家庭成员。")
    if not assessment.income_total and not assessment.no_income_source.strip():
        raise DomainError("收入为0须说明生活来源。", field="no_income_source")


def check_whose_turn(assessment: Any, by: Actor) -> None:
    """The first assessment is the surveyors' own; later ones are confirmed by who answers for the file.

    So is one that lets a household in though something speaks against it.
    """
    if by.has_role(*_REVIEWERS, over=assessment.org_id):
        return
    is_first = assessment.purpose == Purpose.INITIAL and assessment.file.filed_on is None
    overrides = assessment.exclusions and assessment.override_reason.strip()
    if is_first and not overrides:
        return
    what = "有排除情形仍予认定" if is_first else assessment.get_purpose_display()
    raise NotAllowed(f"{what}的核定须由县（市、区）总工会、产业工会或市总确认。")


def take_over(assessments: list[Any], by: Actor) -> None:
    """The confirmed result becomes the file's; a review counts a year from its day."""
    rows = {each.pk: each for each in assessments}
    with acting(SYSTEM):
        found = list(
            EconomicAssessment.objects.filter(pk__in=rows).select_related("file").order_by("pk")
        )
    pairs = []
    for each in found:
        values: dict[str, Any] = {
            "category": each.result,
            "assessed_on": each.survey_on,
            "surveyors": each.surveyors,
        }
        if each.purpose == Purpose.ANNUAL and each.file.filed_on is not None:
            values |= {"review_due_on": next_review(each.survey_on), "reviewed_on": each.survey_on}
        pairs.append((each.file, values))
    must(change_many(pairs, by=SYSTEM))


def follow_change(assessments: list[Any], created: bool, by: Actor) -> None:
    """Causes, members and exclusions bear on the result too."""
    refresh({each.pk for each in assessments if each.state == "draft"})
