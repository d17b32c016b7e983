"""What makes a fair safe, a post fair, and an intent a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.identity import checked_phone
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.files.services import attachments_of
from gonghui.kernel.parameters.values import decimal_of
from gonghui.kernel.records.sealing import keyed_hash
from gonghui.kernel.registers.permission import by_rule, is_by_rule
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.employment.models import FairBooth, FairIntent, JobFair, JobPost, Placement
from gonghui.lines.employment.models.placement import PlacementKind, PlacementSource

# What 《就业促进法》 and 《妇女权益保障法》 forbid to ask of whoever wants to work.
FORBIDDEN = (
    "仅限男性",
    "限男性",
    "男性优先",
    "只招男",
    "限女性",
    "女性优先",
    "只招女",
    "未婚",
    "已婚",
    "未育",
    "已育",
    "不孕",
    "二胎",
    "生育计划",
)
# How far an intent has come; who was refused here may have been hired there.
_STEPS = ("dropped", "intent", "interview", "offer", "hired")
# What the number of employers at a fair follows from; it stands when the fair is over.
_COUNTED = ("fair", "employer", "ownership", "is_attended")
_OVER = ("closed", "followed", "cancelled")
_ENDED = "《{}》已结束或取消，参会单位和签到不能再改。"
_KEY_BYTES = 7  # so that the number fits a signed column


def derive_booths(rows: list[FairBooth]) -> None:
    """Series and day are the fair's."""
    for row in _with_fairs(rows):
        row.series, row.fair_on = row.fair.series, row.fair.start_on


def _with_fairs(rows: Sequence[Any]) -> list[Any]:
    """The rows whose fair there is, each with it as it is now."""
    with acting(SYSTEM):
        fairs = JobFair.objects.in_bulk({row.fair_id for row in rows})
    for row in rows:
        row.fair = fairs.get(row.fair_id)
    return [row for row in rows if row.fair is not None]


def derive_intents(rows: list[FairIntent]) -> None:
    """The series is the fair's; the key is the person, or the phone where he is not known."""
    with acting(SYSTEM):
        booths = FairBooth.objects.in_bulk({row.booth_id for row in rows})
    for row in _with_fairs(rows):
        row.booth = booths.get(row.booth_id)
        row.series = row.fair.series
        # A number that cannot be right is told by the check, row by row.
        with suppress(DomainError):
            row.phone = checked_phone(row.phone)
        # Who becomes known when he is hired stays who he was counted as, also at other booths.
        if row.state != "hired" or row.person_key is None:
            row.person_key = row.person_id or phone_key(row.phone)


def phone_key(phone: str) -> int:
    """A number for a phone, below zero so that it is never a person's."""
    with suppress(DomainError):
        phone = checked_phone(phone)
    return -int.from_bytes(keyed_hash(phone)[:_KEY_BYTES], "big") - 1


def wrong_intents(rows: list[FairIntent]) -> dict[int, DomainError]:
    """Intents with somebody else's booth, or from another day than the fair's, by position."""
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        try:
            checked_phone(row.phone)
        except DomainError as error:
            errors[position] = error
            continue
        if not row.pk and row.fair.state in ("followed", "cancelled"):
            errors[position] = Conflict(f"《{row.fair}》已办结，不能再登记意向。", field="fair")
        elif row.booth.fair_id != row.fair_id:
            errors[position] = DomainError("该单位没有参加这次招聘会。", field="booth")
        elif not row.fair.start_on <= row.agreed_on <= row.fair.end_on:
            errors[position] = DomainError("意向日期须在招聘会期间。", field="agreed_on")
        elif row.agreed_on > clock.today():
            errors[position] = DomainError("意向日期还没有到。", field="agreed_on")
    return errors


def follow_fair(rows: list[JobFair], created: bool, by: Actor) -> None:
    """When a fair changes its day or series, its booths and intents follow."""
    if created:
        return
    keys = [row.pk for row in rows]
    with acting(SYSTEM), by_rule():
        for model in (FairBooth, FairIntent):
            found = list(model.objects.filter(fair__in=keys, voided_at=None).order_by("pk"))
            for outcome in change_many([(row, {}) for row in found], by=by):
                if outcome.error is not None:
                    raise outcome.error


def check_is_safe(fair: JobFair) -> None:
    """A fair opens with checked employers, a plan and the plan for safety (人力资源市场暂行条例)."""
    booths = FairBooth.objects.filter(fair=fair.pk, voided_at=None)
    if not booths.exists():
        raise DomainError("还没有参会单位，不能开幕。")
    unchecked = booths.filter(checked_by="").count()
    if unchecked:
        raise DomainError(f"还有{unchecked}家参会单位没有核查资质。")
    if not fair.plan:
        raise DomainError("请填写招聘会方案。", field="plan")
    if not any("安全" in each.name for each in attachments_of(fair)):
        raise DomainError("请上传安全预案（文件名须含“安全”）。")


def check_attendance_is_marked(fair: JobFair) -> None:
    """It is over, and who came is marked."""
    if fair.end_on > clock.today():
        raise DomainError(f"招聘会{fair.end_on}才结束。")
    if not FairBooth.objects.filter(fair=fair.pk, is_attended=True, voided_at=None).exists():
        raise DomainError("请先登记参会单位的当天签到。")


def check_intents_are_followed(fair: JobFair) -> None:
    """Nine of ten intents have a result."""
    intents = FairIntent.objects.filter(fair=fair.pk, voided_at=None)
    total = intents.count()
    known = intents.filter(state__in=("offer", "hired", "dropped")).count()
    least = decimal_of("employment.fair_follow_min", on=fair.end_on)
    if total and Decimal(known) / total < least:
        raise DomainError(f"意向{total}个，有结果的{known}个，不足{least:.0%}，请继续跟踪。")


def check_post_is_fair(post: JobPost) -> None:
    """No condition of sex, marriage or childbirth, no pay below the minimum, no deposit."""
    text = "".join(f"{post.title}{post.requirements}".split())
    word = next((word for word in FORBIDDEN if word in text), None)
    if word is not None:
        raise DomainError(
            f"岗位描述含性别或婚育限制“{word}”，请修改。", field="requirements", code="word"
        )
    least = decimal_of("employment.min_wage", org=post.org)
    if post.wage_from < least:
        raise DomainError(
            f"月薪{post.wage_from:.0f}元低于当地最低工资{least:.0f}元。", field="wage_from"
        )
    if not post.no_deposit:
        raise DomainError("用人单位须承诺不扣押证件、不收取押金。", field="no_deposit")
    if post.valid_to < clock.today():
        raise DomainError(f"岗位有效期{post.valid_to}已过。", field="valid_to")


def check_who_was_hired(intent: FairIntent) -> None:
    """Who is hired is known by his number, and started on a day."""
    if intent.person_id is None:
        raise DomainError("登记上岗须选择实名人员。", field="person")
    if intent.hired_on is None:
        raise DomainError("请填写上岗日期。", field="hired_on")
    if intent.hired_on < intent.agreed_on:
        raise DomainError("上岗日期早于意向日期。", field="hired_on")


def report_hired(intents: list[FairIntent], by: Actor) -> None:
    """Everyone hired is reported as a placement, to be verified like any other."""
    rows = [
        {
            "org": intent.org,
            "person": intent.person,
            "kind": PlacementKind.EMPLOYED,
            "source_kind": PlacementSource.FAIR,
            "intent": intent,
            "employer": intent.booth.employer,
            "started_on": intent.hired_on,
        }
        for intent in intents
    ]
    with by_rule():
        for outcome in create_many(Placement, rows, by=by):
            if outcome.error is not None:
                raise outcome.error


def wrong_booths(rows: list[Any]) -> dict[int, DomainError]:
    """Employers who come after the end, or are signed in before the day, by position."""
    fixed = {} if is_by_rule() else altered(rows, *_COUNTED)
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        is_new = row.pk is None
        if (is_new or position in fixed) and row.fair.state in _OVER:
            errors[position] = Conflict(_ENDED.format(row.fair), field="fair")
        elif row.is_attended and row.fair.start_on > clock.today():
            errors[position] = DomainError(
                f"招聘会{row.fair.start_on}才举办，不能提前登记签到。", field="is_attended"
            )
    return errors


def check_booth_may_go(row: Any) -> None:
    """Who came to a fair that is over stays on its list."""
    if row.fair.state in _OVER:
        raise Conflict(_ENDED.format(row.fair))


def who_came(fair: JobFair) -> str:
    """How many employers came to a fair, and what they offered."""
    booths = FairBooth.objects.filter(fair=fair, voided_at=None)
    told = booths.aggregate(
        listed=Count("pk"),
        came=Count("pk", filter=Q(is_attended=True)),
        posts=Sum("post_count", filter=Q(is_attended=True)),
        heads=Sum("headcount", filter=Q(is_attended=True)),
    )
    return (
        f"登记参会单位{told['listed']:,}家，当天进场{told['came']:,}家，"
        f"提供岗位{told['posts'] or 0:,}个、需求{told['heads'] or 0:,}人。"
    )


def what_was_agreed(fair: JobFair) -> str:
    """How many persons agreed to go on, and how far they came; each counts once, with his best intent."""
    furthest: dict[int, int] = {}
    rows = FairIntent.objects.filter(fair=fair, voided_at=None)
    for key, state in rows.values_list("person_key", "state"):
        furthest[key] = max(furthest.get(key, 0), _STEPS.index(state))
    reached = Counter(_STEPS[step] for step in furthest.values())
    whole, hired = len(furthest), reached["hired"]
    share = f"，占意向的{Decimal(hired * 100) / whole:.1f}%" if whole else ""
    return (
        f"达成初步就业意向{whole:,}人，已面试或录用待上岗{reached['interview'] + reached['offer']:,}人，"
        f"已上岗{hired:,}人{share}；未达成{reached['dropped']:,}人。"
    )
