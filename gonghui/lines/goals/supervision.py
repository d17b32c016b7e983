"""Supervision items made from what has fallen behind, and closed in turn when it has caught up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.wording import percent
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.kernel.records.models import RecordLink
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many, create, perform
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.lines.goals import planned
from gonghui.lines.goals.in_force import known_targets
from gonghui.lines.goals.light import Light, planned_on
from gonghui.lines.goals.matters import standings
from gonghui.lines.goals.models import (
    PracticalMatter,
    SupervisionColour,
    SupervisionItem,
    SupervisionSource,
    Target,
    TargetKind,
)
from gonghui.lines.goals.models.supervision import DONE_STATES
from gonghui.lines.goals.progress import Measured, aim_of, measure
from gonghui.lines.goals.workflows.supervision import WORKED_ON

LINK = "督办"
_ANSWERED_BY_FIGURES = ("issued", "signed", "doing", "returned")


def from_target(target: Target, by: Actor) -> SupervisionItem:
    """An item about a target that is behind, drafted with the figures of today."""
    found = measure([target], clock.today())[target.pk]
    if found.standing is None or found.standing.light not in {Light.RED, Light.YELLOW}:
        raise DomainError("该目标目前不是红灯或黄灯，无须督办。")
    return create(SupervisionItem, by=by, **_draft(target, found))


def from_matter(matter: PracticalMatter, by: Actor) -> SupervisionItem:
    """An item about a practical matter that is behind."""
    (found,) = standings([matter], clock.today())
    if found.light not in {Light.RED, Light.YELLOW}:
        raise DomainError("该实事目前不是红灯或黄灯，无须督办。")
    return create(
        SupervisionItem,
        by=by,
        org=matter.org,
        source_kind=SupervisionSource.MATTER,
        source_register="goals.practical_matter",
        source_id=matter.pk,
        title=f"实事{matter.seq}：{matter.title}"[:120],
        requirement=f"{found.reason}请查明原因，采取措施，按期完成。",
        lead_dept=matter.lead_dept,
    )


def _draft(target: Target, found: Measured) -> dict[str, Any]:
    today = clock.today()
    end = min(due_on("goals.reply_ordinary_days", today, target.org), found.terms.due_on)
    asked = _asked(target, found, end)
    name, unit = planned.named(target.indicator)
    wanted = f"到{end}应达到{_text(asked, unit)}。" if asked is not None else ""
    reason = found.standing.reason if found.standing is not None else ""
    return {
        "org": target.org,
        "source_kind": SupervisionSource.TARGET,
        "target": target,
        "title": f"{target.code} {name or target.clause}进度滞后"[:120],
        "requirement": f"{target.clause}截至{today}：{reason}{wanted}请查明原因，采取措施。",
        "asked_value": asked,
        "lead_dept": target.lead_dept,
    }


def _asked(target: Target, found: Measured, end: date) -> Decimal | None:
    """Where the figure should be by the day of the answer; none for milestones, judged by the light."""
    if target.kind == TargetKind.MILESTONE or found.terms.value is None:
        return None
    return planned_on(aim_of(target, found.terms), end, found.terms.value)


def _text(value: Decimal, unit: str) -> str:
    if unit == "%":
        return percent(value, 1)
    return f"{value.normalize():,f}{unit}"


# What the night does


def propose() -> int:
    """Register an item for each target that has been red long enough; how many are new.

    Nothing is proposed where an item is open, or was closed within the same number of days.
    """
    today = clock.today()
    days = number_of("goals.red_days_to_supervise")
    with acting(SYSTEM):
        red = _red_since(today, days)
        busy = _busy(red, today - timedelta(days=days))
        wanted = [target for target in red if target.pk not in busy]
        found = measure(wanted, today)
        for target in wanted:
            item = create(SupervisionItem, by=SYSTEM, **_draft(target, found[target.pk]))
            _link(item)
    return len(wanted)


def _red_since(today: date, days: int) -> list[Target]:
    """The targets that were red on each of so many days up to today."""
    books = known_targets().filter(plan__state__in=("issued", "accepted"))
    year = books.filter(year__in=(today.year, today.year - 1))
    left = list(year.select_related("org", "plan").order_by("pk"))
    for back in range(days + 1):
        found = measure(left, today - timedelta(days=back))
        left = [
            target
            for target in left
            if (light := found[target.pk].standing) is not None and light.light is Light.RED
        ]
        if not left:
            break
    return left


def _busy(targets: Iterable[Target], since: date) -> set[int | None]:
    """The targets with an open item, or one that came to its end since; those are never changed later."""
    items = SupervisionItem.objects.filter(target__in=list(targets), voided_at=None)
    standing = items.exclude(state__in=DONE_STATES).values_list("target_id", flat=True)
    lately = items.filter(changed_at__gte=clock.start_of(since), state__in=DONE_STATES)
    return {*standing, *lately.values_list("target_id", flat=True)}


def _link(item: SupervisionItem) -> None:
    RecordLink.objects.get_or_create(
        from_register=item.source_register,
        from_id=item.source_id,
        to_register="goals.supervision_item",
        to_id=item.pk,
        kind=LINK,
        defaults={"made_at": clock.now(), "made_by": None},
    )


def follow() -> int:
    """Answer the items whose figure has caught up, set the colours of the others; how many answered."""
    today = clock.today()
    with acting(SYSTEM):
        items = list(
            SupervisionItem.objects.filter(state__in=WORKED_ON, voided_at=None)
            .select_related("target__org", "target__plan")
            .order_by("pk")
        )
        targets = {item.target_id: item.target for item in items if item.target is not None}
        found = measure(list(targets.values()), today)
        answered = {item.pk for item in items if _answer(item, found.get(item.target_id or 0))}
        left = [item for item in items if item.pk not in answered]
        colours = [{"pace_colour": _pace(found.get(item.target_id or 0))} for item in left]
        with by_rule():
            outcomes = change_many(zip(left, colours, strict=True), by=SYSTEM)
    failed = next((outcome.error for outcome in outcomes if outcome.error is not None), None)
    if failed is not None:
        raise failed
    return len(answered)


def _answer(item: SupervisionItem, found: Measured | None) -> bool:
    """Whether the figure has reached what was asked, and the item now says so."""
    if found is None or item.state not in _ANSWERED_BY_FIGURES or found.standing is None:
        return False
    if item.asked_value is not None:
        if found.actual is None or found.actual < item.asked_value:
            return False
    elif found.standing.light not in {Light.GREEN, Light.DONE}:
        return False
    perform(item, "answer", by=SYSTEM, report=_report(item, found))
    return True


def _report(item: SupervisionItem, found: Measured) -> str:
    today = clock.today()
    if item.asked_value is None or found.actual is None:
        reason = found.standing.reason if found.standing is not None else ""
        return f"截至{today}已不再滞后：{reason}"
    unit = planned.named(item.target.indicator)[1]
    return (
        f"截至{today}，台账实际{_text(found.actual, unit)}，"
        f"已达到要求的{_text(item.asked_value, unit)}。"
    )


def _pace(found: Measured | None) -> str:
    """The warning that a target's pace gives."""
    light = found.standing if found is not None else None
    if light is None or light.pace is None:
        return ""
    if light.pace < decimal_of("goals.yellow_min"):
        return SupervisionColour.YELLOW.value
    return SupervisionColour.BLUE.value if light.pace < decimal_of("goals.green_min") else ""
