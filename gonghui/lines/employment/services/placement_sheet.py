"""The sheet of where learners went (就业去向): one row is a placement of one learner of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.employers import NOT_FOUND, employers_of
from gonghui.kernel.people.models import IdType
from gonghui.kernel.persons import known, read_paper
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Cell, ImportSheet
from gonghui.kernel.registers.write import create_many
from gonghui.lines.employment.models import Enrolment, Placement
from gonghui.lines.employment.models.placement import PlacementSource
from gonghui.lines.employment.services.roster import sessions_numbered

_SESSION, _NUMBER = "enrolment__session", "person__id_no"


def write_placements(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """Report a batch of placements; a row that was reported before changes nothing."""
    outcomes: dict[int, Outcome] = {}
    learners = _learners(rows, outcomes)
    reported = _reported(learners)
    new: dict[int, dict[str, Any]] = {}
    for index, learner in learners.items():
        row = rows[index]
        before = reported.get((learner.pk, row["started_on"]))
        if before is not None:
            outcomes[index] = Outcome(record=before)
            continue
        given = {
            name: value
            for name, value in row.items()
            if name not in (_SESSION, _NUMBER) and value not in (None, "")
        }
        new[index] = given | {
            "org": learner.org,
            "person": learner.person,
            "enrolment": learner,
            "source_kind": PlacementSource.TRAINING,
        }
    outcomes |= dict(zip(new, create_many(Placement, list(new.values()), by=by), strict=True))
    return [outcomes[index] for index in range(len(rows))]


def _learners(
    rows: Sequence[Mapping[str, Any]], outcomes: dict[int, Outcome]
) -> dict[int, Enrolment]:
    """The learner of each row; rows that name none have their error."""
    papers = {}
    for index, row in enumerate(rows):
        try:
            papers[index] = read_paper(IdType.RESIDENT, row[_NUMBER])
        except DomainError as error:
            outcomes[index] = Outcome(error=DomainError(error.message, field=_NUMBER))
    persons = known([paper.key for paper in papers.values()])
    with acting(SYSTEM):
        found = Enrolment.objects.filter(
            session__in={rows[index][_SESSION].pk for index in papers},
            person__in={person.pk for person in persons.values()},
            voided_at=None,
        ).select_related("org", "person")
        by_key = {(each.session_id, each.person_id): each for each in found}
    learners: dict[int, Enrolment] = {}
    for index, paper in papers.items():
        session, person = rows[index][_SESSION], persons.get(paper.key)
        learner = by_key.get((session.pk, person.pk)) if person else None
        if learner is None:
            text = f"《{session}》没有这个身份证号的学员。"
            outcomes[index] = Outcome(error=DomainError(text, field=_NUMBER))
        else:
            learners[index] = learner
    return learners


def _reported(learners: Mapping[int, Enrolment]) -> dict[tuple[int, Any], Placement]:
    with acting(SYSTEM):
        found = Placement.objects.filter(
            enrolment__in=[each.pk for each in learners.values()], voided_at=None
        ).exclude(state="refuted")
        return {(each.enrolment_id, each.started_on): each for each in found}


PLACEMENTS = ImportSheet(
    title="就业去向表",
    cells=(
        Cell("身份证号", _NUMBER, ("身份证号码",), required=True, example="410402198001011236"),
        Cell(
            "来源培训编号",
            _SESSION,
            ("培训编号",),
            required=True,
            through=sessions_numbered,
            missing="没有这个编号的培训期次。",
            example="就培-2012-001",
        ),
        Cell("性质", "kind", ("就业性质",), required=True, example="再就业"),
        Cell(
            "单位信用代码",
            "employer",
            ("信用代码", "统一社会信用代码"),
            through=employers_of,
            missing=NOT_FOUND,
        ),
        Cell("自营项目", "own_business"),
        Cell("上岗日期", "started_on", required=True, example="2012-03-20"),
        Cell("合同类型", "contract_kind", ("合同",)),
        Cell("合同期至", "contract_to"),
        Cell("月工资", "wage", ("工资",)),
        Cell("已参保", "is_insured", ("参保",)),
        Cell("证明编号", "evidence_no", ("证明",)),
        Cell("迟报原因", "late_reason"),
    ),
    same_when=(_SESSION, _NUMBER),
    write=write_placements,
    note="单位信用代码和自营项目填写其中一项。导入的去向待核实，核实后才计数。",
)
