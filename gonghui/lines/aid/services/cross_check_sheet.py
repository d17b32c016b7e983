"""The answer of an office as a sheet: each row is found on the list by number and item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import IdType
from gonghui.kernel.persons import Paper, known, read_paper
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Cell, ImportSheet
from gonghui.kernel.registers.write import change_many
from gonghui.lines.aid.models import CrossCheck, CrossCheckRow
from gonghui.lines.aid.models.cross_check import CheckResult

_NUMBER = "person__id_no"


def write_answers(rows: Sequence[Mapping[str, Any]], by: Actor, check: CrossCheck) -> list[Outcome]:
    """Put an office's answers to the rows they belong to; the same sheet again changes nothing."""
    outcomes: dict[int, Outcome] = {}
    asked = _asked(check, _papers(rows, outcomes))
    met: set[int] = set()
    pairs: dict[int, tuple[CrossCheckRow, dict[str, Any]]] = {}
    for index, row in enumerate(rows):
        if index in outcomes:
            continue
        found = asked.get((index, row["item"]))
        error = _misfit(row, found, met)
        if error is not None:
            outcomes[index] = Outcome(error=error)
        elif found is not None:
            met.add(found.pk)
            pairs[index] = (found, _news(row, found))
    news = {index: pair for index, pair in pairs.items() if pair[1]}
    outcomes |= {index: Outcome(record=row) for index, (row, _) in pairs.items()}
    outcomes |= dict(zip(news, change_many(list(news.values()), by=by), strict=True))
    return [outcomes[index] for index in range(len(rows))]


def _papers(rows: Sequence[Mapping[str, Any]], outcomes: dict[int, Outcome]) -> dict[int, Paper]:
    papers: dict[int, Paper] = {}
    for index, row in enumerate(rows):
        try:
            papers[index] = read_paper(IdType.RESIDENT, row[_NUMBER])
        except DomainError as error:
            outcomes[index] = Outcome(error=DomainError(error.message, field=_NUMBER))
    return papers


def _asked(check: CrossCheck, papers: Mapping[int, Paper]) -> dict[tuple[int, str], CrossCheckRow]:
    """The list's rows by the sheet's row and the item."""
    people = known([paper.key for paper in papers.values()])
    with acting(SYSTEM):
        listed = CrossCheckRow.objects.filter(
            check_batch=check,
            person_id__in={person.pk for person in people.values()},
            voided_at=None,
        )
        by_person: dict[int, dict[str, CrossCheckRow]] = {}
        for row in listed.select_related("org"):
            by_person.setdefault(row.person_id, {})[row.item] = row
    return {
        (index, item): row
        for index, paper in papers.items()
        if paper.key in people
        for item, row in by_person.get(people[paper.key].pk, {}).items()
    }


def _misfit(
    row: Mapping[str, Any], found: CrossCheckRow | None, met: set[int]
) -> DomainError | None:
    if found is None:
        return DomainError("送出的名单中没有这个身份证号的这个项目。", field=_NUMBER)
    if found.pk in met:
        return DomainError("本表前面已有这个人员的这个项目，已保留先出现的一行。", field=_NUMBER)
    if found.result and found.result != row["result"]:
        return Conflict(
            f"已登记为“{found.get_result_display()}”，与本次不同；确需更正的请打开该明细修改。",
            field="result",
        )
    return None


def _news(row: Mapping[str, Any], found: CrossCheckRow) -> dict[str, Any]:
    """What the row tells that is not recorded yet; only what was found has a content."""
    news = {} if found.result == row["result"] else {"result": row["result"]}
    told = row.get("value")
    if told and row["result"] == CheckResult.HIT and found.value is None:
        news["value"] = told
    return news


ANSWERS = ImportSheet(
    title="信息比对结果",
    note="就用下载的名单填写后上传：按身份证号和项目对到名单。结果填“查到”或“未查到”，查到的写明内容。",
    cells=(
        Cell(
            "身份证号",
            _NUMBER,
            ("身份证号码", "证件号码"),
            required=True,
            example="410402198001011236",
        ),
        Cell("项目", "item", ("比对项目",), required=True, example="车辆"),
        Cell(
            "结果",
            "result",
            ("比对结果",),
            required=True,
            example="未查到",
            synonyms=(("hit", "有"), ("hit", "是"), ("none", "没有"), ("none", "否")),
        ),
        Cell("内容", "value", ("查到的内容",)),
    ),
    same_when=(_NUMBER, "item"),
    write=write_answers,
)
