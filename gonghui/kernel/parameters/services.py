"""Setting parameters and holidays; what has been in force is never altered."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from chinese_calendar import constants
from django.db import IntegrityError, transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.workdays import china_calendar
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState
from gonghui.kernel.parameters.models import Holiday, Parameter
from gonghui.kernel.parameters.values import Declared, Shape, declaration_of, declared

_log = logging.getLogger(__name__)
_YES = {"是": True, "true": True, "1": True, "否": False, "false": False, "0": False}
_HOLIDAY_NAMES: Mapping[str, str] = {one.value: one.chinese for one in constants.Holiday}


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A parameter on a day: its city-wide value, what counties have instead, what comes later.

    `row` is None while the declared default holds.
    """

    declared: Declared
    value: Any
    row: Parameter | None
    of_orgs: tuple[Parameter, ...]
    upcoming: tuple[Parameter, ...]


def may_set(actor: Actor) -> bool:
    """Whether he sets parameters and holidays: the city's system administrator."""
    return actor.is_system or any(
        held.role is Role.SYSTEM_ADMIN and held.org_ids is None for held in actor.held
    )


def overview(on: date | None = None) -> list[InForce]:
    """Every declared parameter on a day (today if none), by code; one query for all."""
    day = on or clock.today()
    rows: dict[str, list[Parameter]] = defaultdict(list)
    for row in Parameter.objects.select_related("org").order_by("valid_from", "pk"):
        rows[row.code].append(row)
    return [_in_force(one, rows[one.code], day) for one in declared()]


def history_of(code: str) -> list[Parameter]:
    """All values that were ever set for a parameter, the latest start first."""
    declaration_of(code)
    found = Parameter.objects.filter(code=code).select_related("org")
    return list(found.order_by("-valid_from", "-pk"))


def counties() -> list[Org]:
    """The organisations that may have a value of their own, whoever acts."""
    found = unscoped(Org).filter(level=OrgLevel.COUNTY).exclude(state=OrgState.DISSOLVED)
    return list(found.order_by("code"))


def read_value(code: str, text: str) -> Any:
    """The value that somebody typed, in the shape of the declared default."""
    declared_as = declaration_of(code)
    sample, tidy = declared_as.default, text.strip()
    if declared_as.shape is not Shape.DEFAULT:
        _require_shape(declared_as, tidy)
        return tidy
    if isinstance(sample, bool):
        if tidy.lower() not in _YES:
            raise DomainError("请填写“是”或“否”。", field="value")
        return _YES[tidy.lower()]
    if isinstance(sample, list | dict):
        return _read_json(sample, tidy)
    if isinstance(sample, int) or _is_decimal(sample):
        return _read_number(sample, tidy)
    if not 0 < len(tidy) <= 200:
        raise DomainError("请填写1至200个字。", field="value")
    return tidy


def written(value: Any) -> str:
    """A value as people read and type it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def set_value(
    code: str,
    value: Any,
    *,
    by: Actor,
    valid_from: date,
    source: str,
    org: Org | None = None,
) -> Parameter:
    """From `valid_from` on, today at the earliest, the parameter has this value.

    Without `org` it holds for the whole city; a county's own value goes before the city's.
    """
    _require_may_set(by)
    _require_shape(declaration_of(code), value)
    if valid_from < clock.today():
        raise DomainError(
            f"起用日期{valid_from}已过去，已生效的参数不能更改，请从今天或以后起用。",
            field="valid_from",
        )
    if not source.strip():
        raise DomainError("请填写依据，例如文件名称和文号。", field="source")
    if org is not None and org.level != OrgLevel.COUNTY:
        raise DomainError("只能为全市或某个县（市、区）设定参数。", field="org")
    try:
        with transaction.atomic():
            return Parameter.objects.create(
                code=code,
                value=value,
                org=org,
                valid_from=valid_from,
                source=source.strip()[:200],
                set_by=by.user_id,
                set_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict(
            f"{valid_from}起用的值已经设定，请改用其他起用日期，或先撤回尚未起用的那一项。",
            field="valid_from",
        ) from None


def withdraw_value(row: Parameter, *, by: Actor) -> None:
    """Take back a value that has never been in force."""
    _require_may_set(by)
    if row.valid_from <= clock.today():
        raise Conflict(f"该值已于{row.valid_from}起用，不能撤回；请另设新值。")
    _log.info("parameter %s of %s withdrawn by user %s", row.code, row.valid_from, by.user_id)
    row.delete()


# Holidays


def years_known() -> list[int]:
    """The years that have holidays, in order."""
    return sorted({day.year for day in Holiday.objects.values_list("day", flat=True)})


def holidays_of(year: int) -> list[Holiday]:
    """The days off and the make-up days of a year, in order."""
    return list(Holiday.objects.filter(day__year=year).order_by("day"))


def set_holiday(day: date, *, is_working: bool, name: str, by: Actor) -> Holiday:
    """A day is off, or worked, whatever its weekday; days of past years stay as they are."""
    _require_may_set(by)
    if day.year < clock.today().year:
        raise DomainError("以往年度的节假日不能更改，已计算的期限以当时的日历为准。", field="day")
    if not name.strip():
        raise DomainError("请填写名称，例如“国庆节”或“国庆节调休上班”。", field="name")
    row, _ = Holiday.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": name.strip()[:40]}
    )
    _log.info("holiday %s set to working=%s by user %s", day, is_working, by.user_id)
    return row


def seed_holidays() -> int:
    """Enter the announced calendar of every known year; days already entered stay. Returns how many are new."""
    known = china_calendar()
    rows = [
        *(Holiday(day=day, is_working=False, name=_name(day)) for day in known.holidays),
        *(
            Holiday(day=day, is_working=True, name=f"{_name(day)}调休上班"[:40])
            for day in known.make_up_days
        ),
    ]
    before = Holiday.objects.count()
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    return Holiday.objects.count() - before


def _name(day: date) -> str:
    english = constants.holidays.get(day) or constants.workdays.get(day) or ""
    return _HOLIDAY_NAMES.get(english, english)[:36]


# Values


def _in_force(one: Declared, rows: list[Parameter], day: date) -> InForce:
    begun: dict[int | None, Parameter] = {row.org_id: row for row in rows if row.valid_from <= day}
    row = begun.pop(None, None)
    return InForce(
        declared=one,
        value=one.default if row is None else row.value,
        row=row,
        of_orgs=tuple(begun.values()),
        upcoming=tuple(later for later in rows if later.valid_from > day),
    )


def _require_may_set(actor: Actor) -> None:
    if not may_set(actor):
        raise NotAllowed("参数和节假日由市总系统管理员设定。")


def _require_shape(one: Declared, value: Any) -> None:
    """A day is written as 2012-06-01, a day of every year as 10-01; other text is refused."""
    if one.shape is Shape.DEFAULT:
        return
    is_day = one.shape is Shape.DAY
    whole = str(value) if is_day else f"2001-{value}"  # no leap year: it must be a day of each
    try:
        fits = date.fromisoformat(whole).isoformat() == whole
    except ValueError:
        fits = False
    if not fits:
        wanted = "日期，请照“2012-06-01”的样子" if is_day else "月日，请照“10-01”的样子"
        raise DomainError(f"“{value}”不是可用的{wanted}填写。", field="value")


def _is_decimal(sample: Any) -> bool:
    if not isinstance(sample, str | Decimal):
        return False
    try:
        return Decimal(sample).is_finite()
    except InvalidOperation:
        return False


def _read_number(sample: Any, text: str) -> int | str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or abs(number) >= 10**12:
        raise DomainError(f"“{text}”不是可用的数字，请填写不小于0的数。", field="value")
    if isinstance(sample, int):
        if number != number.to_integral_value():
            raise DomainError("请填写整数。", field="value")
        return int(number)
    return f"{number:f}"


def _read_json(sample: list[Any] | dict[str, Any], text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        raise DomainError(
            f"格式看不懂，请照现有的样子填写：{written(sample)}", field="value"
        ) from None
    if not _has_shape(sample, value):
        raise DomainError(f"格式与声明不一致，应形如：{written(sample)}", field="value")
    return value


def _has_shape(sample: Any, value: Any) -> bool:
    """Whether a value is built as the declared one: lists of the same things, mappings of the same things."""
    if isinstance(sample, list):
        return isinstance(value, list) and (
            not sample or all(any(_has_shape(one, each) for one in sample) for each in value)
        )
    if isinstance(sample, dict):
        return isinstance(value, dict) and (
            not sample
            or all(any(_has_shape(one, v) for one in sample.values()) for v in value.values())
        )
    if isinstance(sample, int | float) and not isinstance(sample, bool):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, type(sample))
