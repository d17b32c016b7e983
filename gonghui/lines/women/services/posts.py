"""Which posts are forbidden to women, by the appendix of the special provisions of 2012-04-28."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.lines.women.models import WomenPost
from gonghui.lines.women.models.post import Hazard, Scope

# What looks like a person in a text that may hold counts alone.
_PERSON = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15}|1\d{10})(?!\d)|姓名|女士")
NO_NAMES = "请勿填写孕期、哺乳期职工姓名，只填人数。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A clause of the appendix and when a post falls under it."""

    scope: Scope
    clause: str
    holds: Callable[[WomenPost], bool]


def _from(column: str, least: int) -> Callable[[WomenPost], bool]:
    """The post is of at least a class of a graded hazard."""
    return lambda post: (getattr(post, column) or 0) >= least


def _any_of(*hazards: Hazard) -> Callable[[WomenPost], bool]:
    return lambda post: bool({hazard.value for hazard in hazards} & set(post.hazards))


def is_heavy(post: WomenPost) -> bool:
    """Whether loads are too heavy: often beyond one limit, or at any time beyond the other."""
    if post.load_kg is None:
        return False
    often = (post.loads_per_hour or 0) >= number_of("women.loads_often", on=post.checked_on)
    limit = "women.load_kg_often" if often else "women.load_kg_seldom"
    return bool(post.load_kg > decimal_of(limit, on=post.checked_on))


_TOXIC = _any_of(Hazard.TOXIC)
_RADIATION = _any_of(Hazard.RADIATION)
_HARD = _from("labour_class", 3)

# The appendix, clause by clause (附录第几条第几项).
FORBIDDEN: tuple[Rule, ...] = (
    Rule(scope=Scope.ALL, clause="一（一）", holds=lambda post: post.is_underground),
    Rule(scope=Scope.ALL, clause="一（二）", holds=_from("labour_class", 4)),
    Rule(scope=Scope.ALL, clause="一（三）", holds=is_heavy),
    Rule(scope=Scope.MENSES, clause="二（一）", holds=_from("cold_water_class", 2)),
    Rule(scope=Scope.MENSES, clause="二（二）", holds=_from("low_temp_class", 2)),
    Rule(scope=Scope.MENSES, clause="二（三）", holds=_HARD),
    Rule(scope=Scope.MENSES, clause="二（四）", holds=_from("height_class", 3)),
    Rule(scope=Scope.PREGNANCY, clause="三（一）", holds=_TOXIC),
    Rule(scope=Scope.PREGNANCY, clause="三（二）", holds=_any_of(Hazard.DRUGS)),
    Rule(scope=Scope.PREGNANCY, clause="三（三）", holds=_RADIATION),
    Rule(scope=Scope.PREGNANCY, clause="三（四）", holds=_from("height_class", 1)),
    Rule(scope=Scope.PREGNANCY, clause="三（五）", holds=_from("cold_water_class", 1)),
    Rule(scope=Scope.PREGNANCY, clause="三（六）", holds=_from("low_temp_class", 1)),
    Rule(scope=Scope.PREGNANCY, clause="三（七）", holds=_from("high_temp_class", 3)),
    Rule(scope=Scope.PREGNANCY, clause="三（八）", holds=_from("noise_class", 3)),
    Rule(scope=Scope.PREGNANCY, clause="三（九）", holds=_HARD),
    Rule(
        scope=Scope.PREGNANCY,
        clause="三（十）",
        holds=_any_of(Hazard.CONFINED, Hazard.VIBRATION, Hazard.STOOPING),
    ),
    Rule(scope=Scope.NURSING, clause="四（一）", holds=_TOXIC),
    Rule(scope=Scope.NURSING, clause="四（一）", holds=_RADIATION),
    Rule(scope=Scope.NURSING, clause="四（一）", holds=_HARD),
    Rule(scope=Scope.NURSING, clause="四（二）", holds=_any_of(Hazard.NURSING_TOXIC)),
)


def clauses_of(post: WomenPost) -> list[Rule]:
    """The clauses that a post falls under, in the order of the appendix."""
    return [rule for rule in FORBIDDEN if rule.holds(post)]


def derive(post: WomenPost) -> None:
    """The scopes, and since when the post is suspect."""
    found = {rule.scope for rule in clauses_of(post)}
    post.scopes = [scope.value for scope in Scope if scope in found]
    post.is_suspect = Scope.ALL in found and (post.women_count or 0) > 0
    is_open = post.suspect_from is not None and post.suspect_to is None
    if post.is_suspect and not is_open:
        post.suspect_from, post.suspect_to = post.checked_on, None
    elif is_open and not post.is_suspect:
        post.suspect_to = post.checked_on


def check_day(post: WomenPost) -> None:
    """A post is looked at, not foreseen: a day to come would keep it out of the figures until then."""
    if post.checked_on > clock.today():
        raise DomainError("核对日期不能晚于今天。", field="checked_on")


def check_loads(post: WomenPost) -> None:
    """A load has its frequency; without it the appendix cannot be applied."""
    if post.load_kg is not None and post.loads_per_hour is None:
        raise DomainError("填写了负重的，请填写每小时负重次数。", field="loads_per_hour")


def refuse_names(text: str, field: str) -> None:
    """A text about pregnant and nursing workers holds counts, no persons."""
    if _PERSON.search(text or ""):
        raise DomainError(NO_NAMES, field=field, code="names_a_person")


def check_names_nobody(post: WomenPost) -> None:
    """As `refuse_names`."""
    refuse_names(post.replacement, "replacement")
