"""The roster sheet (发放花名册): its rows become payees, accounts and payments of a batch, and are judged together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import Household, HouseholdMember, IdType, Person
from gonghui.kernel.persons import Key, Paper, find_or_create, read_paper, same_name
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create_many
from gonghui.shared.funds import programmes
from gonghui.shared.funds.indicators import MODEL_PROGRAMMES
from gonghui.shared.funds.models import BatchForm, PayBatch, PayeeAccount, PayLine
from gonghui.shared.funds.programmes import Subject
from gonghui.shared.funds.services import gates
from gonghui.shared.funds.services.lines import OPEN

PAYEE, CHILD, ACCOUNT = "person", "beneficiary", "account"
SELF = frozenset({"", "本人", "户主", "户主本人"})

# At which cell of the sheet a finding of the gates is shown.
_CELLS = {
    "F05": "amount",
    "F06": f"{ACCOUNT}__holder_name",
    "F07": f"{ACCOUNT}__account_no",
    "F10": f"{ACCOUNT}__account_no",
    "F19": "amount",
}


def write(rows: Sequence[Mapping[str, Any]], by: Actor, batch: PayBatch) -> list[Outcome]:
    """Add the rows to a draft batch and judge the whole of it; one outcome per row.

    Raises where the batch takes no sheet at all.
    """
    if batch.state not in OPEN:
        raise Conflict("该批次已提交，不能再导入花名册；请先退回。")
    if programmes.programme_of(batch.programme_code).subject == Subject.EMPLOYER:
        raise DomainError("本项目付给单位，没有花名册，请逐笔登记。")
    roster = _Roster(rows, by, batch)
    roster.read_cells()
    roster.find_people()
    roster.find_households()
    roster.find_accounts()
    roster.write_lines()
    roster.judge()
    return roster.outcomes()


class _Roster:
    """The rows of a sheet by position, with what was found for each and what is wrong with it."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], by: Actor, batch: PayBatch) -> None:
        self.rows = rows
        self.by = by
        self.batch = batch
        self.programme = programmes.programme_of(batch.programme_code)
        self.errors: dict[int, list[DomainError]] = defaultdict(list)
        self.warnings: dict[int, list[str]] = defaultdict(list)
        self.people: dict[tuple[int, str], Person] = {}
        self.households: dict[int, Household] = {}
        self.accounts: dict[int, PayeeAccount] = {}
        self.lines: dict[int, PayLine] = {}

    def _good(self) -> list[int]:
        return [index for index in range(len(self.rows)) if index not in self.errors]

    def _refuse(self, index: int, error: DomainError) -> None:
        self.errors[index].append(error)

    def read_cells(self) -> None:
        """A sheet belongs to one programme, its batch's; and gives every payee something."""
        own = {_plain(self.programme.code), _plain(self.programme.name)}
        own.add(_plain(f"{self.programme.name}（{self.programme.code}）"))
        for index, row in enumerate(self.rows):
            given = str(row.get("programme_code") or "")
            if _plain(given) not in own:
                text = f"本批次的项目是“{self.programme.name}”，这一行填的是“{given}”，请分开编表。"
                self._refuse(index, DomainError(text, field="programme_code"))
            if row["amount"] <= 0:
                self._refuse(index, DomainError("金额须大于0。", field="amount"))

    def find_people(self) -> None:
        """Payees and beneficiaries by their papers; whom nobody knows is recorded at the batch's office."""
        wanted: dict[Key, tuple[Paper, dict[str, Any]]] = {}
        places: list[tuple[int, str, Key]] = []
        for index, row in enumerate(self.rows):
            for role in (PAYEE, CHILD):
                paper = self._paper(index, role, row)
                if paper is None:
                    continue
                given = {"name": row[f"{role}__name"]}
                if role == PAYEE:
                    given["phone"] = row.get("person__phone")
                _, first = wanted.setdefault(paper.key, (paper, given))
                if not same_name(str(first["name"]), str(given["name"])):
                    text = f"与表中“{first['name']}”的证件号码相同而姓名不同，请核对。"
                    self._refuse(index, DomainError(text, field=f"{role}__name"))
                places.append((index, role, paper.key))
        papers = [paper for paper, _ in wanted.values()]
        given_rows = [given for _, given in wanted.values()]
        found = find_or_create(given_rows, papers, self.batch.org, self.by)
        people = dict(zip(wanted, found, strict=True))
        for index, role, key in places:
            person = people[key]
            if isinstance(person, DomainError):
                self._refuse(index, _at(person, role))
            else:
                self.people[index, role] = person

    def _paper(self, index: int, role: str, row: Mapping[str, Any]) -> Paper | None:
        """The paper of a row's payee or beneficiary; none where the payee is his own beneficiary."""
        name, number = str(row.get(f"{role}__name") or ""), row.get(f"{role}__id_no")
        if role == CHILD and name in SELF and not number:
            return None
        if role == CHILD and not (name not in SELF and number):
            text = "受益对象不是本人的，姓名和身份证号都要填写。"
            self._refuse(index, DomainError(text, field=f"{role}__{'id_no' if name else 'name'}"))
            return None
        try:
            return read_paper(IdType.RESIDENT, number)
        except DomainError as error:
            self._refuse(index, _at(error, role))
            return None

    def find_households(self) -> None:
        """The household that a payee heads or lives in now."""
        ids = {person.pk for (_, role), person in self.people.items() if role == PAYEE}
        with acting(SYSTEM):
            headed = Household.objects.filter(head_id__in=ids, voided_at=None).order_by("pk")
            homes = {home.head_id: home for home in headed}
            lived = HouseholdMember.objects.filter(
                person_id__in=ids, valid_to=None, voided_at=None, household__voided_at=None
            ).select_related("household")
            homes.update({member.person_id: member.household for member in lived})
        for index in range(len(self.rows)):
            payee = self.people.get((index, PAYEE))
            if payee is not None and payee.pk in homes:
                self.households[index] = homes[payee.pk]

    def find_accounts(self) -> None:
        """The payee's account in use, which a bank payment needs; his first one is recorded from the row."""
        if self.batch.form != BatchForm.BANK:
            return
        payees = {index: self.people[index, PAYEE] for index in self._good()}
        with acting(SYSTEM):
            known = PayeeAccount.objects.filter(
                person_id__in={payee.pk for payee in payees.values()},
                valid_to=None,
                voided_at=None,
            )
            by_person: dict[int, PayeeAccount] = {row.person_id: row for row in known}
        fresh: dict[int, list[int]] = defaultdict(list)
        for index, payee in payees.items():
            number = str(self.rows[index].get("account__account_no") or "")
            account = by_person.get(payee.pk)
            if account is not None and number and not _is_of(account, number):
                self._refuse(index, _other_account(account))
            elif account is not None:
                self.accounts[index] = account
            elif number:
                fresh[payee.pk].append(index)
        self._open_accounts(fresh)

    def _open_accounts(self, fresh: Mapping[int, Sequence[int]]) -> None:
        values = [self._account(indexes[0]) for indexes in fresh.values()]
        with by_rule():  # whoever may write the roster may name the account a payee has not had yet
            outcomes = create_many(PayeeAccount, values, by=self.by)
        for indexes, outcome in zip(fresh.values(), outcomes, strict=True):
            for index in indexes:
                if outcome.error is not None:
                    self._refuse(index, _at(outcome.error, ACCOUNT))
                elif not _is_of(outcome.record, str(self.rows[index]["account__account_no"])):
                    self._refuse(index, _other_account(outcome.record))
                else:
                    self.accounts[index] = outcome.record

    def _account(self, index: int) -> dict[str, Any]:
        row, payee = self.rows[index], self.people[index, PAYEE]
        return {
            "org": self.batch.org,
            "person": payee,
            "account_no": row["account__account_no"],
            "bank_name": row.get("account__bank_name") or "",
            "holder_name": row.get("account__holder_name") or payee.name,
            "valid_from": clock.today(),
        }

    def write_lines(self) -> None:
        """The payments of the rows that are good so far, in the order of the sheet."""
        good = self._good()
        outcomes = create_many(PayLine, [self._line(index) for index in good], by=self.by)
        for index, outcome in zip(good, outcomes, strict=True):
            if outcome.error is not None:
                self._refuse(index, outcome.error)
            else:
                self.lines[index] = outcome.record

    def _line(self, index: int) -> dict[str, Any]:
        row, payee = self.rows[index], self.people[index, PAYEE]
        counted_for = self.people.get((index, CHILD))
        if counted_for is None and self.programme.subject == Subject.CHILD:
            counted_for = payee
        return {
            "batch": self.batch,
            "person": payee,
            "beneficiary": counted_for,
            "household": self.households.get(index),
            "account": self.accounts.get(index),
            "amount": row["amount"],
            "ref": row.get("ref") or "",
            "workplace": row.get("workplace") or "",
            "remark": row.get("remark") or "",
            "is_model_worker": self.programme.code in MODEL_PROGRAMMES,
        }

    def judge(self) -> None:
        """Let the gates look at the batch with its new lines; what concerns the whole of it waits for 校验."""
        index_of = {line.seq: index for index, line in self.lines.items()}
        shown = {seq: self.rows[index].get("row_no") for seq, index in index_of.items()}
        for finding in gates.findings_of(self.batch):
            index = index_of.get(finding.seq)
            if index is None:
                continue
            text = finding.said(shown)
            if finding.blocks:
                field = self._cell_of(finding.code, index)
                self._refuse(index, DomainError(text, field=field, code=finding.code))
            else:
                self.warnings[index].append(text)

    def _cell_of(self, code: str, index: int) -> str:
        if code == "F06" and index not in self.accounts:
            return f"{ACCOUNT}__account_no"
        return _CELLS.get(code, f"{PAYEE}__id_no")

    def outcomes(self) -> list[Outcome]:
        """One outcome per row, in order; a row's faults are told together."""
        return [
            Outcome(error=_joined(self.errors[index]))
            if index in self.errors
            else Outcome(record=self.lines[index], warning="；".join(self.warnings.get(index, ())))
            for index in range(len(self.rows))
        ]


def _plain(text: str) -> str:
    return "".join(text.split()).replace("(", "（").replace(")", "）").upper()


def _is_of(account: PayeeAccount, number: str) -> bool:
    return bytes(account.account_no_hash or b"") == sealing.keyed_hash(number)


def _other_account(account: PayeeAccount) -> DomainError:
    return DomainError(
        f"与登记的收款账户（尾号{account.last4}）不一致；已更换账号的，"
        "请先在收款账户中停用旧账户、登记新账户并由第二人核验。",
        field=f"{ACCOUNT}__account_no",
        code="F10",
    )


def _at(error: DomainError, place: str) -> DomainError:
    """The error at the sheet's column; what belongs to no field is told at the number."""
    moved = error.under(place)
    moved.field = moved.field or f"{place}__id_no"
    return moved


def _joined(errors: Sequence[DomainError]) -> DomainError:
    if len(errors) == 1:
        return errors[0]
    told: dict[str, list[str]] = defaultdict(list)
    for error in errors:
        for field, texts in _by_field(error).items():
            told[field] += texts
    return Invalid(dict(told))


def _by_field(error: DomainError) -> dict[str, list[str]]:
    return error.errors if isinstance(error, Invalid) else {error.field or "": [error.message]}
