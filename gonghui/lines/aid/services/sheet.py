"""The sheet of files that a county has kept so far: a row makes head, household and file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Household, IdType, Person
from gonghui.kernel.persons import Paper, find_or_create, read_paper
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.permission import by_rule, require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create_many
from gonghui.lines.aid.models import HardshipFile
from gonghui.lines.aid.services import households

_HEAD = "head__"


def write_files(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """Write a batch of files that were filed before; who is at home in a filed household is refused.

    The same rows again change nothing: a household's own file comes back as it is.
    """
    require(by, "import", register_of(HardshipFile), org.pk)
    batch = _Batch(rows, by, org)
    batch.read_papers()
    batch.find_heads()
    batch.settle_households()
    batch.write()
    return [batch.done[index] for index in range(len(rows))]


class _Batch:
    """The rows of a batch by position, until each has its outcome."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> None:
        self.rows, self.by, self.org = rows, by, org
        self.papers: dict[int, Paper] = {}
        self.heads: dict[int, Person] = {}
        self.homes: dict[int, Household] = {}
        self.done: dict[int, Outcome] = {}

    def _org_of(self, index: int) -> Org:
        return self.rows[index].get("org") or self.org

    def _refuse(self, index: int, error: DomainError) -> None:
        field = f"{_HEAD}{error.field}" if error.field in ("id_no", "name") else error.field
        self.done[index] = Outcome(error=DomainError(error.message, field=field, code=error.code))

    def read_papers(self) -> None:
        """Normalise the numbers; one that stands in the sheet twice is refused."""
        first: dict[Any, int] = {}
        for index, row in enumerate(self.rows):
            try:
                paper = read_paper(IdType.RESIDENT, row["head__id_no"])
            except DomainError as error:
                self._refuse(index, error)
                continue
            if paper.key in first:
                name = self.rows[first[paper.key]]["head__name"]
                self._refuse(
                    index,
                    DomainError(
                        f"与本表前面的“{name}”身份证号相同，已保留先出现的一行。", field="id_no"
                    ),
                )
                continue
            first[paper.key] = index
            self.papers[index] = paper

    def find_heads(self) -> None:
        """The head of each row, recorded at the union that keeps the file if unknown."""
        by_org: dict[int, list[int]] = {}
        for index in self.papers:
            by_org.setdefault(self._org_of(index).pk, []).append(index)
        for indexes in by_org.values():
            found = find_or_create(
                [{"name": self.rows[i]["head__name"]} for i in indexes],
                [self.papers[i] for i in indexes],
                self._org_of(indexes[0]),
                self.by,
            )
            for index, person in zip(indexes, found, strict=True):
                if isinstance(person, DomainError):
                    self._refuse(index, person)
                else:
                    self.heads[index] = person

    def settle_households(self) -> None:
        """The household that the head leads already, or a new one; another's member is refused."""
        at_home = households.homes_of([person.pk for person in self.heads.values()])
        new: dict[int, Person] = {}
        for index, person in self.heads.items():
            member = at_home.get(person.pk)
            if member is None:
                new[index] = person
            elif member.household.head_id == person.pk:
                self.homes[index] = member.household
            else:
                text = households.already_at_home(member)
                self._refuse(index, Conflict(text, field="id_no", code="other_household"))
        values = [
            {"org": self._org_of(i), "head": person, "address": self.rows[i].get("address") or ""}
            for i, person in new.items()
        ]
        with by_rule():
            outcomes = create_many(Household, values, by=self.by) if values else []
        for index, outcome in zip(new, outcomes, strict=True):
            if outcome.error is not None:
                self._refuse(index, outcome.error)
            else:
                self.homes[index] = outcome.record

    def write(self) -> None:
        """The files of those who have none."""
        having = households.open_files([home.pk for home in self.homes.values()])
        new = []
        for index, home in self.homes.items():
            file = having.get(home.pk)
            if file is None:
                new.append(index)
            elif file.org_id == self._org_of(index).pk:
                self.done[index] = Outcome(record=file)
            else:
                text = f"该家庭已有档案{file.number}，由{file.org}管理，不能重复建档。"
                self._refuse(index, Conflict(text, field="id_no", code="open_file"))
        outcomes = create_many(HardshipFile, [self._file(i) for i in new], by=self.by)
        self.done |= dict(zip(new, outcomes, strict=True))

    def _file(self, index: int) -> dict[str, Any]:
        given = {
            name: value
            for name, value in self.rows[index].items()
            if not name.startswith(_HEAD) and name != "address" and value not in (None, "")
        }
        return {
            **given,
            "org": self._org_of(index),
            "household": self.homes[index],
            "is_legacy": True,
            "filed_on": given.get("filed_on") or clock.today(),
        }
