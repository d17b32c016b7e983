"""The roster of learners (学员花名册): one row finds or records a person and enrols him."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.employers import NOT_FOUND, employers_of
from gonghui.kernel.people.models import IdType, Person
from gonghui.kernel.persons import Paper, find_or_create, read_paper
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Cell, ImportSheet
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.employment.models import Enrolment, TrainingSession

_PERSON = "person__"
# What a second sheet of the same session brings: attendance and scores.
_UPDATED = ("class_label", "employer", "hours_present", "exam_score", "cert_no")


def sessions_numbered(numbers: set[str]) -> Mapping[str, TrainingSession]:
    """Sessions by their number, within the caller's scope."""
    found = TrainingSession.objects.filter(number__in=numbers, voided_at=None)
    return {session.number: session for session in found}


def write_learners(
    rows: Sequence[Mapping[str, Any]], by: Actor, target: TrainingSession | Org
) -> list[Outcome]:
    """Write a batch of the roster; rows of learners already enrolled bring hours and scores.

    A sheet that was uploaded for a session has no rows of another one.
    """
    outcomes: dict[int, Outcome] = {}
    org = target.org if isinstance(target, TrainingSession) else target
    if isinstance(target, TrainingSession):
        outcomes |= _of_others(rows, target)
    papers = _papers(rows, outcomes)
    persons = _persons(rows, papers, org, by, outcomes)
    own = _enrolled(rows, persons)
    new = {i: person for i, person in persons.items() if i not in own}
    values = [{**_of_enrolment(rows[i]), "person": person} for i, person in new.items()]
    outcomes |= dict(zip(new, create_many(Enrolment, values, by=by), strict=True))
    pairs = [(row, _updates(rows[i])) for i, row in own.items()]
    outcomes |= dict(zip(own, change_many(pairs, by=by), strict=True))
    return [outcomes[index] for index in range(len(rows))]


def _of_others(rows: Sequence[Mapping[str, Any]], session: TrainingSession) -> dict[int, Outcome]:
    text = f"本表是《{session}》（{session.number}）的，请核对培训编号。"
    return {
        index: Outcome(error=DomainError(text, field="session"))
        for index, row in enumerate(rows)
        if row["session"].pk != session.pk
    }


def _papers(rows: Sequence[Mapping[str, Any]], outcomes: dict[int, Outcome]) -> dict[int, Paper]:
    """The papers by row; one that is repeated in a session is refused."""
    papers: dict[int, Paper] = {}
    met: set[Any] = set()
    for index, row in enumerate(rows):
        if index in outcomes:
            continue
        try:
            paper = read_paper(IdType.RESIDENT, row["person__id_no"])
        except DomainError as error:
            outcomes[index] = Outcome(error=error.under("person"))
            continue
        key = (row["session"].pk, paper.key)
        if key in met:
            text = "本表前面已有这个身份证号，已保留先出现的一行。"
            outcomes[index] = Outcome(error=DomainError(text, field="person__id_no"))
        else:
            papers[index] = paper
        met.add(key)
    return papers


def _persons(
    rows: Sequence[Mapping[str, Any]],
    papers: Mapping[int, Paper],
    org: Org,
    by: Actor,
    outcomes: dict[int, Outcome],
) -> dict[int, Person]:
    given = [_of_person(rows[index]) for index in papers]
    persons: dict[int, Person] = {}
    found = find_or_create(given, list(papers.values()), org, by)
    for index, person in zip(papers, found, strict=True):
        if isinstance(person, DomainError):
            outcomes[index] = Outcome(error=person.under("person"))
        else:
            persons[index] = person
    return persons


def _enrolled(
    rows: Sequence[Mapping[str, Any]], persons: Mapping[int, Person]
) -> dict[int, Enrolment]:
    with acting(SYSTEM):
        found = Enrolment.objects.filter(
            session__in={rows[i]["session"].pk for i in persons},
            person__in={person.pk for person in persons.values()},
            voided_at=None,
        )
        own = {(row.session_id, row.person_id): row for row in found}
    keys = {i: (rows[i]["session"].pk, person.pk) for i, person in persons.items()}
    return {i: own[key] for i, key in keys.items() if key in own}


def _of_person(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(_PERSON): value
        for name, value in row.items()
        if name.startswith(_PERSON) and name != "person__id_no"
    }


def _of_enrolment(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if not name.startswith(_PERSON) and value not in (None, "")
    }


def _updates(row: Mapping[str, Any]) -> dict[str, Any]:
    given = _of_enrolment(row)
    return {name: given[name] for name in _UPDATED if name in given}


LEARNERS = ImportSheet(
    title="学员花名册",
    cells=(
        Cell(
            "培训编号",
            "session",
            ("期次编号",),
            required=True,
            through=sessions_numbered,
            missing="没有这个编号的培训期次。",
            example="就培-2012-001",
        ),
        Cell("班次", "class_label", example="1班"),
        Cell("姓名", "person__name", required=True, example="张示例"),
        Cell(
            "身份证号",
            "person__id_no",
            ("身份证号码", "证件号码"),
            required=True,
            example="410402198001011236",
        ),
        Cell("类别", "category", ("人员类别",), required=True, example="下岗失业人员"),
        Cell("手机", "person__phone", ("联系电话",)),
        Cell("文化程度", "person__education", ("学历",)),
        Cell("单位代码", "employer", through=employers_of, missing=NOT_FOUND),
        Cell("出勤学时", "hours_present"),
        Cell("成绩", "exam_score", ("考核成绩",)),
        Cell("证书号", "cert_no"),
    ),
    same_when=("session", "person__id_no"),
    write=write_learners,
    note="先导入报名名单；结束后补上出勤学时、成绩、证书号再导入一次即可更新。",
)
