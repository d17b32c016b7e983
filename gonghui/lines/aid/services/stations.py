"""What the stations' declaration cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from gonghui.base.errors import DomainError
from gonghui.kernel.orgs.models import Division
from gonghui.lines.aid.models.station import LEVEL_OF, AidStation, StationKind


def derive_station(station: AidStation) -> None:
    """The day from which it no longer counts."""
    ends = [day for day in (station.suspended_on, station.closed_on) if day is not None]
    station.counted_until = min(ends, default=None)


def misplaced_stations(stations: Sequence[AidStation]) -> dict[int, DomainError]:
    """Stations whose division is not of the level that their kind stands for, by position."""
    divisions = Division.objects.in_bulk({station.division_id for station in stations})
    wrong: dict[int, DomainError] = {}
    for position, station in enumerate(stations):
        level = LEVEL_OF.get(station.kind)
        division = divisions.get(station.division_id)
        if level is None or division is None or division.level == level:
            continue
        wrong[position] = DomainError(
            f"“{division.name}”不是{level.label}，不能登记为{StationKind(station.kind).label}。",
            field="division",
        )
    return wrong
