"""The list of names that a union sends, and the list that the hospital sends back: one sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import IdType, Person
from gonghui.kernel.persons import Paper, find_or_create, known, read_paper
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create_many, perform_many
from gonghui.lines.women.models import ScreeningRecord, ScreeningSession
from gonghui.lines.women.models.screening import Basis


def sessions_of(numbers: set[str]) -> Mapping[str, ScreeningSession]:
    """Sessions by number, also of the office above: a union names its women for them."""
    with acting(SYSTEM):
        found = ScreeningSession.objects.filter(number__in=numbers, voided_at=None)
        return {session.number: session for session in found}


def files_of(numbers: set[str]) -> Mapping[str, Any]:
    """Hardship files in scope by number."""
    files: Any = ScreeningRecord._meta.get_field("file").related_model
    found = files.objects.filter(number__in=numbers, voided_at=None)
    return {file.number: file for file in found}


class _NotScreenedError(Exception):
    """New names whose day of screening was refused: nothing of their rows may stay."""

    def __init__(self, errors: Mapping[int, DomainError]) -> None:
        super().__init__()
        self.errors = errors


def write_sheet(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """A row names a woman, and with a day says that she was screened; the same again changes nothing."""
    require(by, "import", register_of(ScreeningRecord), org.pk)
    refused: dict[int, DomainError] = {}
    while True:
        try:
            with transaction.atomic():
                return _Batch(rows, by, org, refused).written()
        except _NotScreenedError as error:
            refused |= error.errors


class _Batch:
    """The rows by position, until each has its record or its error."""

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        by: Actor,
        org: Org,
        refused: Mapping[int, DomainError],
    ) -> None:
        self.rows, self.by, self.org = rows, by, org
        self.errors: dict[int, DomainError] = dict(refused)
        self.papers: dict[int, Paper] = {}
        self.records: dict[int, ScreeningRecord] = {}

    def written(self) -> list[Outcome]:
        """Write the rows set by set; one outcome each, in order."""
        self._read_cells()
        self._find_records()
        named = self._name_new()
        self._screen(named)
        return [self._outcome(at) for at in range(len(self.rows))]

    def _outcome(self, at: int) -> Outcome:
        error = self.errors.get(at)
        if error is None:
            return Outcome(record=self.records[at])
        is_persons = error.field in ("id_no", "name", "phone")
        field = f"person__{error.field}" if is_persons else error.field
        return Outcome(error=DomainError(error.message, field=field, code=error.code))

    def _read_cells(self) -> None:
        met: set[Any] = set()
        for at, row in enumerate(self.rows):
            if at in self.errors:
                continue
            try:
                _check_fee(row.get("fee"), row["session"])
                paper = read_paper(IdType.RESIDENT, row["person__id_no"])
                if (row["session"].pk, paper.key) in met:
                    text = "本表前面已有这个身份证号，已保留先出现的一行。"
                    raise DomainError(text, field="id_no")
            except DomainError as error:
                self.errors[at] = error
            else:
                met.add((row["session"].pk, paper.key))
                self.papers[at] = paper

    def _find_records(self) -> None:
        """The women who are in the sessions already, by whomever they were named."""
        persons = known([paper.key for paper in self.papers.values()])
        with acting(SYSTEM):
            found = ScreeningRecord.objects.filter(
                session__in={self.rows[at]["session"].pk for at in self.papers},
                person__in=[person.pk for person in persons.values()],
                voided_at=None,
            )
            by_key = {(record.session_id, record.person_id): record for record in found}
        for at, paper in self.papers.items():
            person = persons.get(paper.key)
            key = (self.rows[at]["session"].pk, person.pk) if person is not None else None
            if key in by_key:
                self.records[at] = by_key[key]

    def _name_new(self) -> dict[int, ScreeningRecord]:
        """The others, who need a name; those that were written now."""
        new: dict[int, dict[str, Any]] = {}
        for at in self.papers:
            if at in self.records:
                continue
            if self.rows[at].get("person__name"):
                new[at] = _of_person(self.rows[at])
            else:
                text = "名单中没有这个人；新登记的请填写姓名。"
                self.errors[at] = DomainError(text, field="name")
        papers = [self.papers[at] for at in new]
        found = find_or_create(list(new.values()), papers, self.org, self.by)
        values: dict[int, dict[str, Any]] = {}
        for at, person in zip(new, found, strict=True):
            if isinstance(person, DomainError):
                self.errors[at] = person
            else:
                values[at] = _of_record(self.rows[at], person, self.org)
        named: dict[int, ScreeningRecord] = {}
        outcomes = create_many(ScreeningRecord, values.values(), by=self.by)
        for at, outcome in zip(values, outcomes, strict=True):
            if outcome.error is not None:
                self.errors[at] = outcome.error
            else:
                named[at] = self.records[at] = outcome.record
        return named

    def _screen(self, named: Mapping[int, ScreeningRecord]) -> None:
        days: dict[date, list[int]] = defaultdict(list)
        for at, record in self.records.items():
            day = self.rows[at].get("screened_on")
            if day is not None and record.screened_on != day:
                days[day].append(at)
        for day, places in sorted(days.items()):
            records = [self.records[at] for at in places]
            outcomes = perform_many(records, "screen", by=self.by, screened_on=day)
            for at, outcome in zip(places, outcomes, strict=True):
                if outcome.error is not None:
                    self.errors[at] = outcome.error
                else:
                    self.records[at] = outcome.record
        failed = {at: self.errors[at] for at in named if at in self.errors}
        if failed:
            raise _NotScreenedError(failed)


def _check_fee(fee: Decimal | None, session: ScreeningSession) -> None:
    if fee is not None and fee != session.fee:
        raise DomainError(f"费用{fee}元与本批次每人{session.fee}元不一致。", field="fee")


def _of_person(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix("person__"): value
        for name, value in row.items()
        if name in ("person__name", "person__phone") and value
    }


def _of_record(row: Mapping[str, Any], person: Person, org: Org) -> dict[str, Any]:
    return {
        "org": org,
        "session": row["session"],
        "person": person,
        "basis": row.get("basis") or (Basis.FILE if row.get("file") else Basis.MEMBER),
        "file": row.get("file"),
    }
