"""Illness, accounts, petitions and children: who sees what on page, list, export, API and print.

Read from the declarations: secrets are planted in every field that a register declares personal or
sensitive, and looked for wherever a role gets the record. A new field is planted without being named here;
one whose label speaks of such things and whose class does not is refused.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from openpyxl import load_workbook

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.accounts.tokens import make_token
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import HashField, Pii, SealedField, pii_of
from gonghui.kernel.registers.declare import VERBS, Register
from gonghui.kernel.registers.permission import masked_for, may, roles_for
from gonghui.kernel.registers.registry import all_registers
from gonghui.web import printing
from tests.support import recipes  # noqa: F401  they declare what cannot be guessed
from tests.support.making import make
from tests.support.people import City, client_for, user_with
from tests.web.test_prints import words_of

every_register = pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.key)

# What a label speaks of, and the least class that a field with such a label may have.
SPEAKS_OF = {
    Pii.SENSITIVE: "病|诊断|残疾|阳性|账号|卡号|身份证|证件号|收入|致困",
    Pii.PERSONAL: "姓名|手机|电话|住址|子女|学生|儿童|患者|诉求|信访|举报|亲属|孕",
}
STRICTNESS = (Pii.PUBLIC, Pii.INTERNAL, Pii.PERSONAL, Pii.SENSITIVE)
# Labels that sound like it and mean something else.
OPEN = {
    "aid.economic_assessment.no_income_source": "an explanation in words; personal, not a sum",
    "aid.love_hospital.phone": "of a hospital",
    "aid.station.phone": "of an office, for everybody",
    "employment.loan_guarantor.monthly_income": "of a guarantor, for whoever handles the loan",
    "funds.payee_account.replaces_other": "whether there was another account",
    "members.member_card.card_no": "of a member's card, no account",
    "members.membership_application.declared": "whether he signed the usual words",
    "mutual.benefit_rule.disease_group": "of a product, of nobody",
    "mutual.product_disease.code": "of a product, of nobody",
    "mutual.product_disease.group": "of a product, of nobody",
    "mutual.product_disease.name": "of a product, of nobody",
    "orgs.candidate.is_relative": "published with the candidates",
    "orgs.org.phone": "of an office",
    "orgs.org_entry.phone": "of an office",
    "women.inspection.pregnant_count": "a number of people",
    "women.post.replacement": "of a post, of nobody",
}


def test_what_a_label_speaks_of_has_the_class_for_it():
    wrong, needed = [], set()
    for register in all_registers():
        for each in register.model._meta.concrete_fields:
            name = f"{register.key}.{each.name}"
            for least, words in SPEAKS_OF.items():
                told = re.search(words, str(each.verbose_name))
                if told and STRICTNESS.index(pii_of(each)) < STRICTNESS.index(least):
                    needed.add(name)
                    if name not in OPEN:
                        wrong.append(f"{name}（{each.verbose_name}）: {pii_of(each)}")
    assert wrong == []
    assert set(OPEN) <= needed, "no longer needed"


@dataclass
class Secrets:
    """What was planted; a word of it in an answer tells too much."""

    personal: set[str] = field(default_factory=set)
    sensitive: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)

    def told(self, text: str, *, masked: bool) -> set[str]:
        """The secrets in a text that its reader must not be told."""
        kept = self.sensitive | (self.personal if masked else set())
        return {secret for secret in kept if secret in text}


def plant(register: Register, record: Any) -> Secrets:
    """Put a secret into each field of the record that has a class for it, and into every name."""
    secrets = Secrets()
    for number, each in enumerate(register.model._meta.concrete_fields):
        kind = pii_of(each)
        if kind not in (Pii.PERSONAL, Pii.SENSITIVE) or isinstance(each, HashField):
            continue
        kept = secrets.sensitive if kind is Pii.SENSITIVE else secrets.personal
        if isinstance(each, SealedField):
            text = sealing.opened(record, each.name)
            kept |= {text} if text else set()
            continue
        value, shown = _secret(each, number)
        if value is not None and _written(register, record, each, value):
            kept |= shown
            secrets.fields.add(each.name)
    for person in unscoped(Person).all():
        name = f"慕容藏名{person.pk}"
        unscoped(Person).filter(pk=person.pk).update(name=name)
        secrets.personal.add(name)
        number_of_paper = sealing.opened(person, "id_no")
        secrets.sensitive |= {number_of_paper} if number_of_paper else set()
    return secrets


def _secret(each: Any, number: int) -> tuple[Any, set[str]]:
    """A value that a field takes, and how it would look in clear."""
    if each.choices or each.is_relation:
        return None, set()
    if isinstance(each, models.CharField | models.TextField):
        text = f"密语{number:03d}藏"
        return (text, {text}) if (each.max_length or 99) >= len(text) else (None, set())
    if isinstance(each, models.DecimalField) and each.max_digits - each.decimal_places >= 6:
        amount = Decimal(f"74{number:03d}9")
        return amount, {f"{amount:,}", f"{amount}.0", str(amount)}
    return None, set()


def _written(register: Register, record: Any, each: Any, value: Any) -> bool:
    """Whether the database takes the value; sums that have to agree with others it does not."""
    try:
        with transaction.atomic():
            register.model._unscoped.filter(pk=record.pk).update(**{each.name: value})
    except IntegrityError:
        return False
    return True


def readers(register: Register, city: City) -> Iterator[User]:
    """One of each kind of those who may look: roles with the same verbs are treated alike."""
    kinds: dict[tuple[bool, ...], Role] = {}
    for role in WORKING_ROLES:
        verbs = tuple(role in roles_for(verb, register) for verb in VERBS)
        if role in roles_for("view", register):
            kinds.setdefault(verbs, role)
    for role in kinds.values():
        yield user_with(role, city.city)


def answers(register: Register, record: Any, user: User) -> Iterator[tuple[str, str]]:
    """Everything that a user gets of a record without giving a purpose: where, and what it says."""
    client, actor = client_for(user), actor_of(user)
    base = f"/r/{register.key}/"
    own = f"{base}{record.pk}/"
    for path in (base, own):
        yield path, _got(client.get(path)).decode()
    yield "past", _got(client.get(own, {"as_of": "2099-01-01"})).decode()
    yield "form", client.get(f"{own}edit/").content.decode()  # where he may change it
    key = {"authorization": f"Bearer {make_token(user, '测试', None)}"}
    for path in (f"/api/v1/{register.key}/", f"/api/v1/{register.key}/{record.pk}/"):
        yield path, json.dumps(json.loads(_got(client.get(path, headers=key))), ensure_ascii=False)
    fresh = register.model._unscoped.get(pk=record.pk)
    with acting(SYSTEM):
        forms = printing.forms_of(register, fresh)
    for place, _ in forms:
        made = _got(client.get(f"{own}print/{place}/", {"masked": 1}))
        yield f"print {place}", words_of(made)
    if may(actor, "export", register):
        yield "export", _cells(_got(client.get(f"{base}export/")))
        for place, _ in printing.rosters_of(register):
            yield f"roster {place}", words_of(_got(client.get(f"{base}print/{place}/")))


def _got(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content[:1000]
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _cells(content: bytes) -> str:
    book = load_workbook(io.BytesIO(content))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)


@every_register
def test_nobody_is_told_more_than_the_class_of_a_field_allows(register: Register, city: City):
    with acting(SYSTEM):
        record = make(register, org=city.basic)
    secrets = plant(register, record)
    told = []
    for user in readers(register, city):
        masked = masked_for(actor_of(user), register, record)
        for where, text in answers(register, record, user):
            found = secrets.told(text, masked=masked)
            told += [f"{user.name}, {where}: {secret}" for secret in sorted(found)]
    assert told == []


def test_the_secrets_are_really_there(city: City):
    """In clear to whoever may change the record, or the test above would find nothing anywhere."""
    register = next(each for each in all_registers() if each.key == "aid.grant")
    with acting(SYSTEM):
        record = make(register, org=city.basic)
    secrets = plant(register, record)
    assert "reason" in secrets.fields
    clerk = user_with(Role.COUNTY, city.county)
    page = client_for(clerk).get(f"/r/{register.key}/{record.pk}/").content.decode()
    assert secrets.told(page, masked=True)
    assert secrets.told(page, masked=False) == set()
