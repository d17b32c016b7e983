"""What the women workers' view is composed of: indicators by code, registers by key.

The view owns no number. A code that no line keeps yet is shown as not connected, never as zero.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A matter that concerns women, the figures that tell of it, the register behind it.

    `narrowed` is the query that narrows the register's list to the women's part.
    """

    title: str
    line: str
    codes: tuple[str, ...]
    register: str = ""
    narrowed: str = ""


COMPOSITION: tuple[Subject, ...] = (
    Subject(
        title="巡回讲座",
        line="女职工",
        codes=("women.lectures", "women.lecture_people", "women.lecture_cadres"),
        register="women.lecture",
    ),
    Subject(
        title="女职工专项集体合同",
        line="集体协商",
        codes=("bargaining.women_rate",),
        register="bargaining.coverage_span",
        narrowed="topic=women",
    ),
    Subject(
        title="三八节慰问",
        line="困难帮扶",
        codes=("aid.w38_households", "aid.w38_amount"),
        register="funds.pay_line",
        narrowed="programme_code=NZG38",
    ),
    Subject(
        title="六一节慰问",
        line="困难帮扶",
        codes=("aid.c61_children", "aid.c61_amount"),
        register="funds.pay_line",
        narrowed="programme_code=ET61",
    ),
    Subject(
        title="困难女职工档案",
        line="困难帮扶",
        codes=("women.hardship_files",),
        register="aid.hardship_file",
    ),
    Subject(
        title="女职工特殊疾病互助",
        line="互助保障",
        codes=("women.illness_enrollments",),
        register="mutual.coverage",
        narrowed="product_kind=women_illness",
    ),
    Subject(
        title="女职工就业培训",
        line="就业服务",
        codes=("women.trainees",),
        register="employment.enrolment",
    ),
    Subject(
        title="女职工再就业",
        line="就业服务",
        codes=("women.placed",),
        register="employment.placement",
    ),
    # Counts only: a petition of a woman is opened by the rights line alone.
    Subject(title="女职工维权案件", line="维权", codes=("women.rights_cases",)),
    Subject(title="女职工问题反映", line="走访服务", codes=("women.advocacies",)),
    Subject(title="女劳模和巾帼标兵", line="劳模与先进", codes=("women.model_workers",)),
    Subject(
        title="女职工培训示范学校",
        line="工会组织",
        codes=("women.school_applied",),
        register="orgs.union_honor",
        narrowed="title=women_school",
    ),
    Subject(
        title="女职工委员会",
        line="工会组织",
        codes=("women.committees", "women.committees_due", "women.committee_coverage"),
        register="orgs.union_term",
        narrowed="women_committee=yes",
    ),
    Subject(title="女会员", line="会员", codes=("members.female",)),
    Subject(
        title="劳动保护检查",
        line="女职工",
        codes=("women.inspections", "women.violations_fixed_rate"),
        register="women.inspection",
    ),
    Subject(
        title="禁忌岗位",
        line="女职工",
        codes=("women.forbidden_posts",),
        register="women.post",
    ),
    Subject(
        title="两癌筛查",
        line="女职工",
        codes=("women.screened", "women.screen_paid"),
        register="women.screening_session",
    ),
    Subject(
        title="关爱设施",
        line="女职工",
        codes=("women.facilities",),
        register="women.facility",
    ),
)
