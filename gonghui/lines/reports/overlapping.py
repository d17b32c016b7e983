"""C11: two sums of money in one section that have records in common say which is in which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import combinations
from typing import Final

from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.drill import RecordSet, have_common, records_of
from gonghui.lines.reports.models import ReportFigure
from gonghui.lines.reports.problems import Problem
from gonghui.lines.reports.standing import Standing

_SAID: Final = re.compile("其中|含|包括|剔除|扣除|扣减")
# Of one section so many sums are compared with each other: sixty-six pairs.
_MOST_SUMS: Final = 12
_Key = tuple[str, int, date, date]


def overlap_problems(there: Iterable[Standing], as_of: date | datetime) -> Iterator[Problem]:
    """A hint for each pair of sums that rest on the same records and are told side by side."""
    by_section: dict[int, dict[_Key, Standing]] = defaultdict(dict)
    for each in there:
        key = _key(each.figure)
        if key is not None:
            by_section[each.section].setdefault(key, each)
    for sums in by_section.values():
        yield from _in_section(dict(list(sums.items())[:_MOST_SUMS]), as_of)


def _key(figure: ReportFigure) -> _Key | None:
    """What a sum of money is made of; None for anything else."""
    if figure.kind != "数" or not figure.unit.endswith("元") or figure.about_id is None:
        return None
    if figure.period_from is None or figure.period_to is None:
        return None
    behind = catalogue.behind_alias(figure.indicator)
    if not behind.is_posted:
        return None
    return behind.code, figure.about_id, figure.period_from, figure.period_to


def _in_section(sums: dict[_Key, Standing], as_of: date | datetime) -> Iterator[Problem]:
    pairs = [
        (one, other)
        for one, other in combinations(sums, 2)
        if catalogue.source_of(one[0]) == catalogue.source_of(other[0])
        and not _SAID.search(sums[one].sentence)
        and not _SAID.search(sums[other].sentence)
    ]
    records = {
        key: _records(key, as_of) for key in dict.fromkeys(k for pair in pairs for k in pair)
    }
    for one, other in pairs:
        if have_common(records[one], records[other]):
            first, second = sums[one].figure, sums[other].figure
            yield Problem(
                place=sums[other].place,
                rule="C11",
                says=(
                    f"“{second.name}”{second.printed}与{sums[one].place}“{first.name}”"
                    f"{first.printed}有相同的记录，文中没有写明包含关系。"
                ),
                remedy="请写明“含”或“其中”，避免看成两笔钱。",
                is_error=False,
            )


def _records(key: _Key, as_of: date | datetime) -> RecordSet:
    code, org_id, start, end = key
    return records_of(code, org_id, Period(start, end), as_of)
