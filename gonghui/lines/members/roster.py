"""The roster sheet (会员花名册): one row makes or finds a person and his membership."""

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
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.members.models import Membership
from gonghui.lines.members.models.membership import OPEN

_PERSON = "person__"
# What a union keeps up to date by importing its roster again; joining days are not among it.
_UPDATED = (
    "employ_kind",
    "employer",
    "user_employer",
    "is_migrant",
    "newform_group",
    "group_name",
    "job_title",
)


def write_roster(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """Write a batch of the roster of a union; the same rows again change nothing.

    Of two rows with one paper the first is kept. Who is a member elsewhere or retained is refused
    with the offer of a transfer or of restoring.
    """
    require(by, "import", register_of(Membership), org.pk)
    batch = _Batch(rows, by, org)
    batch.read_papers()
    batch.find_persons()
    batch.write()
    return batch.outcomes()


class _Batch:
    """The rows of a batch by position, until each has its outcome."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> None:
        self.rows = rows
        self.by = by
        self.org = org
        self.papers: dict[int, Paper] = {}
        self.persons: dict[int, Person] = {}
        self.done: dict[int, Outcome] = {}

    def read_papers(self) -> None:
        """Normalise the papers; a repeated one is refused."""
        first: dict[Any, int] = {}
        for index, row in enumerate(self.rows):
            try:
                paper = read_paper(
                    row.get("person__id_type") or IdType.RESIDENT, row["person__id_no"]
                )
            except DomainError as error:
                self._refuse(index, error.under("person"))
                continue
            if paper.key in first:
                name = self.rows[first[paper.key]]["person__name"]
                self._refuse(
                    index,
                    DomainError(
                        f"与本表前面的“{name}”证件号码相同，已保留先出现的一行。",
                        field="person__id_no",
                        code="repeated",
                    ),
                )
                continue
            first[paper.key] = index
            self.papers[index] = paper

    def find_persons(self) -> None:
        """The person of each row, recorded at the union if unknown."""
        indexes = list(self.papers)
        given = [_of_person(self.rows[index]) for index in indexes]
        papers = [self.papers[index] for index in indexes]
        found = find_or_create(given, papers, self.org, self.by)
        for index, person in zip(indexes, found, strict=True):
            if isinstance(person, DomainError):
                self._refuse(index, person.under("person"))
            else:
                self.persons[index] = person

    def write(self) -> None:
        """New memberships, and changes of those that this union has already."""
        own = self._own_rows()
        new = {i: p for i, p in self.persons.items() if p.pk not in own}
        old = {i: own[p.pk] for i, p in self.persons.items() if p.pk in own}
        values = [
            {**_of_membership(self.rows[i]), "org": self.org, "person": person}
            for i, person in new.items()
        ]
        self._note(new, create_many(Membership, values, by=self.by))
        pairs = [(row, _updates(self.rows[i])) for i, row in old.items()]
        self._note(old, change_many(pairs, by=self.by))

    def _own_rows(self) -> dict[int, Membership]:
        with acting(SYSTEM):
            found = Membership.objects.filter(
                org=self.org,
                person_id__in=[person.pk for person in self.persons.values()],
                state__in=(*OPEN, "founding"),
                is_retained=False,
                is_absorbed=False,
                voided_at=None,
            )
            return {row.person_id: row for row in found}

    def _note(self, indexes: Mapping[int, Any], outcomes: Sequence[Outcome]) -> None:
        for index, outcome in zip(indexes, outcomes, strict=True):
            self.done[index] = Outcome(
                record=outcome.record, error=outcome.error, warning=self.papers[index].warning
            )

    def _refuse(self, index: int, error: DomainError) -> None:
        self.done[index] = Outcome(error=error)

    def outcomes(self) -> list[Outcome]:
        """One outcome per row, in order."""
        return [self.done[index] for index in range(len(self.rows))]


def _of_person(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(_PERSON): value
        for name, value in row.items()
        if name.startswith(_PERSON) and name not in ("person__id_type", "person__id_no")
    }


def _of_membership(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if not name.startswith(_PERSON) and value not in (None, "")
    }


def _updates(row: Mapping[str, Any]) -> dict[str, Any]:
    given = _of_membership(row)
    return {name: given[name] for name in _UPDATED if name in given}


ROSTER = ImportSheet(
    title="会员花名册",
    cells=(
        Cell("姓名", "person__name", required=True, example="张示例"),
        Cell(
            "证件类型",
            "person__id_type",
            required=True,
            example="居民身份证",
            synonyms=((IdType.RESIDENT, "身份证"), (IdType.RESIDENT, "二代身份证")),
        ),
        Cell(
            "证件号码",
            "person__id_no",
            aliases=("身份证号", "身份证号码"),
            required=True,
            example="410402198001011236",
        ),
        Cell("性别", "person__sex"),
        Cell("民族", "person__ethnic"),
        Cell("手机", "person__phone", aliases=("手机号", "联系电话")),
        Cell("学历", "person__education"),
        Cell("政治面貌", "person__political"),
        Cell("户籍性质", "person__hukou_kind", aliases=("户口性质",)),
        Cell("用工形式", "employ_kind", required=True, example="合同制"),
        Cell("劳动关系单位代码", "employer", through=employers_of, missing=NOT_FOUND),
        Cell("用工单位代码", "user_employer", through=employers_of, missing=NOT_FOUND),
        Cell("是否农民工", "is_migrant", aliases=("农民工",)),
        Cell("新就业群体", "newform_group"),
        Cell("岗位", "job_title"),
        Cell("入会日期", "joined_on", required=True, example="2012-03-15"),
        Cell("所属小组", "group_name", aliases=("工会小组",)),
    ),
    same_when=("person__id_type", "person__id_no"),
    write=write_roster,
    note="证件号码一列请保持文本格式。已在其他工会在册的人员不导入，可发起批量接转。",
)

DECLARATIONS = ImportSheet(
    title="会员数年报",
    cells=(
        Cell("年度", "year", required=True, example="2011"),
        Cell("统计日期", "as_of", required=True, example="2011-12-31"),
        Cell("职工人数", "employees", required=True),
        Cell("女职工", "female"),
        Cell("农民工", "migrant"),
        Cell("劳务派遣工", "dispatch"),
        Cell("会员人数", "members", required=True, aliases=("会员数",)),
        Cell("女会员", "female_members"),
        Cell("农民工会员", "migrant_members"),
        Cell("劳务派遣工会员", "dispatch_members"),
        Cell("新就业形态会员", "newform_members"),
        Cell("同比变动较大的说明", "jump_note"),
        Cell("填报人", "signed_by"),
    ),
    same_when=("year",),
)
