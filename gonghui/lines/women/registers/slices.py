"""What other lines record about women, counted by their own columns; nothing is recorded again.

Each of them is declared where its line is installed. A line that comes later must stand before
`women` in the settings' list, or its slice is not found here.
"""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import Indicator, coverage, distinct, flow, stock
from gonghui.kernel.registers.registry import find, indicators_on
from gonghui.lines.women.registers.roles import OWNER

_WOMAN = Q(sex="female")
# From so many women members on a union has a women workers' committee, else a commissioner: the
# rules on women workers' committees. `orgs.women_committee_min` says the same to elections.
_MANY_WOMEN = 10
# The states in which the aid line counts a file, and the employment line a placement.
_FILED = ("active", "exit_notice", "exited")
_COUNTED_PLACEMENTS = ("verified", "sustained", "ended")

_SLICES: dict[str, tuple[Indicator, ...]] = {
    "orgs.union_term": (
        distinct(
            "women.committees",
            "女职工委员会数",
            "个",
            subject="org",
            on="started_on",
            until="valid_to",
            where=Q(women_committee=True),
            owner=OWNER,
            definition="计：当前届次已建女职工委员会的工会。不计：只设女职工委员的、没有登记届次的。",
        ),
    ),
    "members.member_declaration": (
        distinct(
            "women.committees_due",
            "应建女职工委员会工会数",
            "个",
            subject="org",
            on="counts_from",
            until="counts_to",
            where=Q(female_members__gte=_MANY_WOMEN),
            owner=OWNER,
            definition=f"计：年报锁定的女会员有{_MANY_WOMEN}人以上的工会。",
        ),
        coverage(
            "women.committee_coverage",
            "女职工委员会组建率",
            "women.committees",
            "women.committees_due",
            decimals=1,
            owner=OWNER,
            definition="应建女职工委员会的工会中已建的比例，附未建的工会名单。",
        ),
    ),
    "orgs.union_honor": (
        flow(
            "women.school_applied",
            "全国女职工培训示范学校申报",
            "项",
            on="applied_on",
            where=Q(
                title="women_school",
                grantor_level="national",
                state__in=("applied", "granted", "not_granted"),
            ),
            owner=OWNER,
            definition="计：期内完成全国女职工培训示范学校申报的单位，以申报日期为准。",
        ),
    ),
    "aid.hardship_file": (
        stock(
            "women.hardship_files",
            "困难女职工档案",
            "户",
            on="filed_on",
            until="exited_on",
            where=_WOMAN & Q(state__in=_FILED),
            owner=OWNER,
            definition="“困难职工建档户数”中户主为女性的，口径相同。",
        ),
    ),
    "employment.enrolment": (
        distinct(
            "women.trainees",
            "就业培训女学员",
            "人",
            subject="person",
            on="completed_on",
            where=_WOMAN & Q(result="completed"),
            owner=OWNER,
            definition="“培训人数”中的女性，口径相同。",
        ),
    ),
    "employment.placement": (
        distinct(
            "women.placed",
            "女职工就业创业人数",
            "人",
            subject="person",
            on="started_on",
            where=_WOMAN & Q(state__in=_COUNTED_PLACEMENTS),
            owner=OWNER,
            definition="“就业创业人数”中的女性，口径相同。",
        ),
    ),
    "mutual.coverage": (
        flow(
            "women.illness_enrollments",
            "女职工特殊疾病互助参保",
            "人次",
            on="counted_on",
            where=~Q(state="pending") & Q(product_kind="women_illness"),
            taken_back="annulled_on",
            owner=OWNER,
            definition="“参保人次”中保障类别为女职工特殊疾病的，口径相同。",
        ),
    ),
}

for _key, _indicators in _SLICES.items():
    if find(_key) is not None:
        indicators_on(_key, _indicators)
