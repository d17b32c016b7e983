"""How far the milestones of targets are on a day, and the light that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from gonghui.base import clock
from gonghui.base.wording import percent
from gonghui.kernel.ledger.reading import AsOf
from gonghui.kernel.records.history import rows_as_of
from gonghui.lines.goals.light import Aim, Light, Limits, Reached, Standing, standing
from gonghui.lines.goals.models import Milestone
from gonghui.lines.goals.models.matter import UNVERIFIED, WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A milestone as it stood on a day."""

    title: str
    weight: Decimal
    percent: int
    due_on: date
    is_critical: bool


def steps_of(target_ids: Iterable[int], on: date, as_of: AsOf = None) -> dict[int, list[Step]]:
    """The milestones of targets on a day, by target; one query, three for a day that is past.

    What was verified counts from the day on which it was done, what was only reported from the
    day on which it was reported.
    """
    found = list(Milestone.objects.filter(target_id__in=list(target_ids)).order_by("seq", "pk"))
    known = _rows(found) if as_of is None else rows_as_of(Milestone, _ids(found), _last(as_of))
    earlier = known
    if found and (as_of is not None or on < clock.today()):
        end = _last(on) if as_of is None else min(_last(on), _last(as_of))
        earlier = rows_as_of(Milestone, _ids(found), end)
    steps: dict[int, list[Step]] = defaultdict(list)
    for each in found:
        row = known.get(each.pk)
        if row is not None and row["voided_at"] is None:
            steps[each.target_id].append(_step(row, earlier.get(each.pk), on))
    return dict(steps)


def share_of(steps: Iterable[Step]) -> Decimal:
    """What is done, from 0 to 1."""
    return sum((step.weight * step.percent for step in steps), Decimal(0)) / WHOLE / 100


def are_whole(steps: Iterable[Step]) -> bool:
    """Whether the weights make 100; before that they say nothing."""
    return sum((step.weight for step in steps), Decimal(0)) == WHOLE


def judged(aim: Aim, steps: list[Step], on: date, limits: Limits, warn_days: int) -> Standing:
    """The light of a target with milestones; `aim` gives the days and the wording."""
    if not are_whole(steps):
        weight = sum((step.weight for step in steps), Decimal(0))
        return Standing(
            light=Light.GREY,
            reason=f"节点权重合计为{weight.normalize():f}，应为100，不能判断进度。",
        )
    # A share has no forecast in pieces and no pace a week.
    found = replace(
        standing(
            replace(aim, value=Decimal(1), value_max=None, base=Decimal(0), unit="%"),
            Reached(on=on, actual=share_of(steps)),
            limits,
        ),
        forecast=None,
        forecast_note="",
        weekly_needed=None,
        weekly_now=None,
    )
    if found.light in {Light.DONE, Light.GREY}:
        return found
    missed = next((s for s in steps if s.is_critical and s.percent < WHOLE and s.due_on < on), None)
    if missed is not None:
        reason = f"关键节点“{missed.title}”{missed.due_on}到期未完成。{found.reason}"
        return replace(found, light=Light.RED, reason=reason)
    near = next((s for s in steps if _is_near(s, on, warn_days)), None)
    if near is not None and found.light is Light.GREEN:
        reason = f"节点“{near.title}”{near.due_on}到期，目前{near.percent}%。{found.reason}"
        return replace(found, light=Light.YELLOW, reason=reason)
    return found


def told(steps: list[Step]) -> str:
    """What is done, for a row without a figure."""
    return f"节点完成{percent(share_of(steps), 1)}"


def _is_near(step: Step, on: date, warn_days: int) -> bool:
    return step.percent < UNVERIFIED and (step.due_on - on).days <= warn_days


def _step(row: dict[str, Any], earlier: dict[str, Any] | None, on: date) -> Step:
    done_on = _day(row["done_on"])
    if row["state"] == "verified" and done_on is not None and done_on <= on:
        reached = int(WHOLE)
    else:
        reached = min(UNVERIFIED, int(earlier["percent"])) if earlier is not None else 0
    due_on = _day(row["due_on"])
    return Step(
        title=str(row["title"]),
        weight=Decimal(str(row["weight"])),
        percent=reached,
        due_on=due_on or on,
        is_critical=bool(row["is_critical"]),
    )


def _rows(found: Iterable[Milestone]) -> dict[int, dict[str, Any]]:
    return {
        each.pk: {
            field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields
        }
        for each in found
    }


def _ids(found: Iterable[Milestone]) -> list[int]:
    return [each.pk for each in found]


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _last(as_of: date | datetime) -> datetime:
    """The last moment that counts as known."""
    if isinstance(as_of, datetime):
        return as_of
    return clock.end_of(as_of) - timedelta(microseconds=1)
