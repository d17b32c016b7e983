"""The roster sheet (参保名册): one row makes or finds a person and puts him on his union's open policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.employers import NOT_FOUND, employers_of
from gonghui.kernel.people.models import IdType
from gonghui.kernel.persons import Paper, find_or_create, read_paper
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Cell, ImportSheet
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change_many, create_many
from gonghui.lines.mutual.models import Coverage, GroupPolicy, ProductVersion
from gonghui.lines.mutual.services.changes import write_leavers

_OF_ROW = ("job_status", "shares", "beneficiary")


def write_roster(
    rows: Sequence[Mapping[str, Any]], by: Actor, target: GroupPolicy | Org
) -> list[Outcome]:
    """Write a batch of a policy's roster; the same rows again change nothing.

    A sheet that was uploaded for a union belongs to the only policy that it is preparing.
    """
    policy = target if isinstance(target, GroupPolicy) else _only_draft(target)
    require(by, "import", register_of(Coverage), policy.org_id)
    batch = _Batch(rows, by, policy)
    batch.find_persons()
    batch.write()
    return [batch.done[at] for at in range(len(rows))]


def _only_draft(org: Org) -> GroupPolicy:
    found = list(GroupPolicy.objects.filter(org=org, state="draft", voided_at=None)[:2])
    if len(found) != 1:
        text = (
            "有几张编制中的参保单，请打开其中一张再导入名册。"
            if found
            else "请先建立参保单，再导入名册。"
        )
        raise DomainError(text, code="no_policy")
    only: GroupPolicy = found[0]
    return only


class _Batch:
    """The rows by position, until each has its outcome."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], by: Actor, policy: GroupPolicy) -> None:
        self.rows = rows
        self.by = by
        self.policy = policy
        self.papers: dict[int, Paper] = {}
        self.persons: dict[int, Any] = {}
        self.done: dict[int, Outcome] = {}

    def find_persons(self) -> None:
        """The person of each row, recorded at the union if unknown; sex and birthday must agree."""
        for at, row in enumerate(self.rows):
            try:
                paper = read_paper(IdType.RESIDENT, row["person__id_no"])
                _compare(row, paper)
            except DomainError as error:
                self._refuse(at, error.under("person"))
            else:
                self.papers[at] = paper
        known = list(self.papers)
        given = [_of_person(self.rows[at]) for at in known]
        papers = [self.papers[at] for at in known]
        org = self.policy.org
        for at, person in zip(known, find_or_create(given, papers, org, self.by), strict=True):
            if isinstance(person, DomainError):
                self._refuse(at, person.under("person"))
            else:
                self.persons[at] = person

    def write(self) -> None:
        """New rows, and changes of those that the roster has already."""
        own = self._own_rows()
        new = [at for at, person in self.persons.items() if person.pk not in own]
        old = [at for at, person in self.persons.items() if person.pk in own]
        values = [
            {**_of_row(self.rows[at]), "policy": self.policy, "person": self.persons[at]}
            for at in new
        ]
        self._note(new, create_many(Coverage, values, by=self.by))
        pairs = [(own[self.persons[at].pk], _of_row(self.rows[at])) for at in old]
        self._note(old, change_many(pairs, by=self.by, reason="表格导入"))

    def _own_rows(self) -> dict[int, Coverage]:
        with acting(SYSTEM):
            found = Coverage.objects.filter(
                policy=self.policy,
                person_id__in=[person.pk for person in self.persons.values()],
                voided_at=None,
            )
            return {row.person_id: row for row in found}

    def _note(self, positions: Sequence[int], outcomes: Sequence[Outcome]) -> None:
        for at, outcome in zip(positions, outcomes, strict=True):
            self.done[at] = Outcome(
                record=outcome.record, error=outcome.error, warning=self.papers[at].warning
            )

    def _refuse(self, at: int, error: DomainError) -> None:
        self.done[at] = Outcome(error=error)


def _compare(row: Mapping[str, Any], paper: Paper) -> None:
    if row.get("person__sex") and row["person__sex"] != paper.sex:
        raise DomainError("性别与身份证号不一致，请核对。", field="sex", code="sex_mismatch")
    if row.get("person__born_on") and row["person__born_on"] != paper.born_on:
        raise DomainError("出生日期与身份证号不一致，请核对。", field="born_on", code="birth")


def _of_person(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": row["person__name"], "phone": row.get("person__phone") or ""}


def _of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _OF_ROW if row.get(name) not in (None, "")}


def versions_called(names: Set[str]) -> Mapping[str, ProductVersion]:
    """Versions by their title, or by the product's code and the title; a title of several is none."""
    found: dict[str, ProductVersion] = {}
    several: set[str] = set()
    with acting(SYSTEM):
        rows = ProductVersion.objects.filter(voided_at=None).exclude(state="draft")
        for version in rows.select_related("product"):
            title = str(version.title)
            found[f"{version.product.code} {title}"] = version
            if title in found:
                several.add(title)
            found[title] = version
    return {name: found[name] for name in names if name in found and name not in several}


def as_legacy(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the sheet are policies of before, each of the union of its employer."""
    with acting(SYSTEM):
        orgs = Org.objects.in_bulk({row["employer"].org_id for row in rows})
    return [{**row, "org": orgs[row["employer"].org_id], "is_legacy": True} for row in rows]


LEGACY = ImportSheet(
    title="历史参保单表",
    cells=(
        Cell(
            "信用代码",
            "employer",
            ("统一社会信用代码", "单位代码"),
            required=True,
            through=employers_of,
            missing=NOT_FOUND,
            example="91410402MD0000013K",
        ),
        Cell(
            "产品版本",
            "product_version",
            required=True,
            through=versions_called,
            missing="没有这个名称的产品版本；几个产品有同名版本的，请写成“产品编码 版本”。",
            example="2011年版",
        ),
        Cell("申请日期", "applied_on", required=True, example="2011-03-20"),
        Cell("生效日", "effective_from", ("保障期起",), required=True, example="2011-04-01"),
        Cell("到期日", "effective_to", ("保障期止",), example="2012-03-31"),
    ),
    same_when=("employer", "product_version", "effective_from"),
    prepare=as_legacy,
    note="只用于补录启用以前的参保，一行一张参保单；导入后打开参保单导入当时的名册，再提交补录。",
)

ROSTER = ImportSheet(
    title="参保名册",
    cells=(
        Cell("姓名", "person__name", required=True, example="张示例"),
        Cell(
            "身份证号",
            "person__id_no",
            aliases=("身份证号码", "证件号码"),
            required=True,
            example="410402198001011236",
        ),
        Cell("性别", "person__sex"),
        Cell("出生日期", "person__born_on"),
        Cell(
            "在职状态",
            "job_status",
            required=True,
            example="在岗",
            synonyms=(("on_duty", "在职"),),
        ),
        Cell("份数", "shares", required=True, example="1"),
        Cell("手机", "person__phone", aliases=("手机号", "联系电话")),
        Cell("受益人", "beneficiary"),
    ),
    same_when=("person__id_no",),
    write=write_roster,
    note="身份证号一列请保持文本格式。请在参保单页面导入名册；有错的行改正后可再次导入。",
)

LEAVERS = ImportSheet(
    title="离职人员表",
    cells=(
        Cell("类型", "kind", required=True, example="离职", synonyms=(("leave", "减员"),)),
        Cell("姓名", "coverage__person__name", required=True, example="张示例"),
        Cell(
            "身份证号",
            "coverage__person__id_no",
            aliases=("身份证号码", "证件号码"),
            required=True,
            example="410402198001011236",
        ),
        Cell("日期", "on", required=True, example="2012-06-15"),
        Cell("原因", "reason"),
    ),
    same_when=("coverage__person__id_no",),
    write=write_leavers,
    note="新增人员请另建补充参保单，单独缴费、单独计算等待期。",
)
