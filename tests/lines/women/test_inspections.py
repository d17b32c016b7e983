"""Inspections: who inspects, what is answered, put right, closed or referred."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, change_many, create, perform, void
from gonghui.kernel.workflow.models import Reminder, Task
from gonghui.lines.women.jobs import remind_of_silence
from gonghui.lines.women.models import InspectionItem, InspectionMember, WomenInspection
from gonghui.lines.women.services.inspections import KEY, STANDARD
from gonghui.lines.women.services.posts import NO_NAMES
from gonghui.web.printing import forms_of
from tests.lines.members.making import employer
from tests.support.orgs import actor_with, user_with
from tests.support.recipes.women import woman

YEAR = Period.year(2012)
DAY = date(2012, 9, 12)


@pytest.fixture(autouse=True)
def then(db):
    with clock.at(date(2012, 9, 14)), acting(SYSTEM):
        yield


def planned(org, at, by=SYSTEM, **values):
    """An inspection of an employer of the union `at`, with two who inspect."""
    made = create(
        WomenInspection,
        by=by,
        **{"org": org, "employer": employer(at), "kind": "special", "planned_on": DAY, **values},
    )
    for n in range(2):
        create(InspectionMember, by=SYSTEM, inspection=made, person=woman(org), card_no=f"监{n}")
    return made


def items(inspection):
    return list(InspectionItem.objects.filter(inspection=inspection).order_by("position"))


def answer(inspection, *wrong):
    """Every item is answered; some are found wrong."""
    pairs = [
        (
            item,
            {"answer": "violation", "fact": "现场未见制度"}
            if item.code in wrong
            else {"answer": "ok"},
        )
        for item in items(inspection)
    ]
    for outcome in change_many(pairs, by=SYSTEM):
        assert outcome.error is None
    return fresh(inspection)


def inspect(inspection, by=SYSTEM, **values):
    return perform(
        inspection, "inspect", by=by, **{"inspected_on": DAY, "signed": "signed", **values}
    )


def demand(inspection, kind="opinion"):
    return perform(
        inspection,
        "demand",
        by=SYSTEM,
        letter_kind=kind,
        letter_no="平工女函〔2012〕1号",
        letter_on=DAY,
        due_on=date(2012, 9, 28),
    )


def fix(item, day=date(2012, 9, 14)):
    return change(item, by=SYSTEM, fixed_on=day, fixed_proof="照片和制度文本")


def fresh(record):
    return type(record)._unscoped.get(pk=record.pk)


def numbers(org):
    codes = [
        "women.inspections",
        "women.special_inspections",
        "women.violations",
        "women.violations_fixed_rate",
    ]
    found = figures(codes, [org], YEAR)
    return [found[code, org.pk].value for code in codes]


def message(refused):
    return refused.value.message


def test_the_standard_items_come_with_their_clauses(tree):
    made = items(planned(tree.county, tree.union))
    assert len(made) == len(STANDARD) == 24
    assert (made[1].code, made[1].clause) == ("forbidden", "女职工劳动保护特别规定附录第一条")
    assert {item.org_id for item in made} == {tree.county.pk}


def test_two_of_the_inspected_employer_are_refused(tree):
    inspection = planned(tree.county, tree.union)
    with pytest.raises(DomainError) as refused:
        create(
            InspectionMember,
            by=SYSTEM,
            inspection=inspection,
            person=woman(tree.union),
            card_no="监9",
        )
    assert message(refused) == "检查组成员不得来自被检查单位。"
    assert InspectionMember.objects.count() == 2


def test_an_inspection_needs_two_who_hold_a_card_every_answer_and_a_signature(tree):
    inspection = planned(tree.county, tree.union)
    one = InspectionMember.objects.first()
    steps = []

    def refused(**values):
        with pytest.raises(DomainError) as error:
            inspect(inspection, **values)
        steps.append(message(error))

    refused(inspected_on=date(2012, 9, 15))
    refused()
    answer(inspection)
    refused(signed="")
    refused(signed="refused")
    void(one, by=SYSTEM, reason="证件过期")
    refused()
    assert steps == [
        "请填写检查日期，不能晚于今天。",
        "还有24个检查项目没有填写结果。",
        "请选择单位是否签字。",
        "单位拒签的，请写明拒签情况。",
        "检查组须有2名以上持证人员，现有1名。",
    ]
    assert numbers(tree.city)[:2] == [0, 0]


def test_a_clean_inspection_ends_at_once_and_counts_its_employer_once(tree):
    at = employer(tree.union)
    for _ in range(2):
        inspection = planned(tree.county, tree.union, employer=at)
        answer(inspection)
        assert perform(inspect(inspection), "close_clean", by=SYSTEM).state == "closed"
    assert numbers(tree.city) == [1, 1, 0, None]


def test_two_violations_hold_an_inspection_open_until_both_are_put_right(tree):
    inspection = planned(tree.county, tree.union)
    answered = answer(inspection, "notice", "nursing_hour")
    assert (answered.found, answered.fixed, answered.is_serious) == (2, 0, False)
    inspected = inspect(inspection)
    with pytest.raises(DomainError) as clean:
        perform(inspected, "close_clean", by=SYSTEM)
    assert message(clean) == "发现2个问题，须发函整改，不能直接销号。"
    open_one = demand(inspected)
    wrong = [item for item in items(inspection) if item.answer == "violation"]
    assert {item.due_on for item in wrong} == {date(2012, 9, 28)}
    with pytest.raises(DomainError) as nothing:
        perform(open_one, "recheck", by=SYSTEM)
    assert message(nothing) == "还没有登记任何项目的整改日期和证明。"
    fix(wrong[0])
    rechecked = perform(open_one, "recheck", by=SYSTEM)
    with pytest.raises(DomainError) as left:
        perform(rechecked, "close", by=SYSTEM)
    assert message(left) == "还有1个问题没有整改，不能销号。"
    assert numbers(tree.city)[2:] == [2, numbers(tree.city)[3]]
    assert numbers(tree.city)[3] * 2 == 1
    fix(wrong[1])
    assert perform(fresh(inspection), "close", by=SYSTEM).state == "closed"
    assert numbers(tree.county)[3] == 1
    codes = ["women.inspections", "women.violations", "women.violations_fixed"]
    assert verify(codes).differing == ()


def test_answers_stand_and_nothing_is_put_right_without_proof_or_before_the_letter(tree):
    inspection = planned(tree.county, tree.union)
    answer(inspection, "notice")
    first, second = items(inspection)[:2]
    with pytest.raises(DomainError):
        fix(first)
    inspected = inspect(inspection)
    with pytest.raises(DomainError) as stands:
        change(first, by=SYSTEM, answer="ok")
    assert message(stands) == "现场检查已登记，检查结果不能再改。"
    demand(inspected)
    with pytest.raises(DomainError) as proof:
        change(first, by=SYSTEM, fixed_on=DAY)
    assert message(proof) == "整改的须是不符合的项目，并写明整改证明。"
    with pytest.raises(DomainError):
        fix(second)
    assert fresh(inspection).fixed == 0


def test_who_inspected_alone_does_not_recheck(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    inspection = planned(tree.county, tree.union)
    answer(inspection, "notice")
    demand(inspect(inspection, county))
    fix(items(inspection)[0])
    with pytest.raises(NotAllowed):
        perform(fresh(inspection), "recheck", by=county)
    other = actor_with(Role.COUNTY, org=tree.county)
    assert perform(fresh(inspection), "recheck", by=other).state == "rechecked"


def test_an_employer_that_does_not_answer_is_due_after_fifteen_working_days_and_then_referred(tree):
    leader = actor_with(Role.LEADER, org=tree.city)
    inspection = planned(tree.county, tree.union)
    answer(inspection, "notice")
    open_one = demand(inspect(inspection))
    task = Task.objects.get(register="women.inspection", record_id=inspection.pk, closed_at=None)
    assert (task.state, task.due_on) == ("rectifying", date(2012, 10, 5))
    with pytest.raises(DomainError) as early:
        perform(open_one, "refer", by=leader, reason="逾期不改", referred_to="市人社局")
    assert message(early).startswith(
        "不属严重问题，意见书在2012-10-03前没有答复，或整改期满后至2012-10-"
    )
    with pytest.raises(NotAllowed):
        perform(
            open_one,
            "refer",
            by=actor_with(Role.COUNTY, org=tree.county),
            reason="逾期不改",
            referred_to="市人社局",
        )
    with clock.at(date(2012, 11, 1)):
        referred = perform(open_one, "refer", by=leader, reason="逾期不改", referred_to="市人社局")
    assert referred.state == "referred"


def told(inspection):
    return [
        (each.message, set(each.roles))
        for each in Reminder._unscoped.filter(register=KEY, record_id=inspection.pk).order_by("pk")
    ]


def test_an_unanswered_notice_becomes_an_opinion_and_an_unanswered_opinion_asks_for_advice(tree):
    leader = actor_with(Role.LEADER, org=tree.city)
    county = actor_with(Role.COUNTY, org=tree.county)
    inspection = planned(tree.county, tree.union)
    answer(inspection, "notice", "nursing_hour")
    open_one = demand(inspect(inspection), "notice")
    letter = {"letter_no": "平工女意〔2012〕1号", "letter_on": date(2012, 10, 8)}
    with clock.at(date(2012, 9, 28)):
        assert remind_of_silence() == 0
        with pytest.raises(DomainError) as early:
            perform(open_one, "escalate", by=county, **letter, due_on=date(2012, 10, 31))
    assert message(early).startswith("提示函的答复期限2012-10-03、整改期限2012-09-28都没有过")
    with clock.at(date(2012, 10, 8)):
        assert (remind_of_silence(), remind_of_silence()) == (1, 0)
        with pytest.raises(DomainError) as skipped:
            perform(open_one, "refer", by=leader, reason="不答复", referred_to="市人社局")
        assert message(skipped) == "不属严重问题，提示函没有结果的先“升级为意见书”。"
        opinion = perform(open_one, "escalate", by=county, **letter, due_on=date(2012, 10, 31))
    assert (opinion.state, fresh(opinion).letter_kind) == ("rectifying", "opinion")
    with clock.at(date(2012, 10, 29)):
        assert remind_of_silence() == 0
    with clock.at(date(2012, 10, 30)):
        assert remind_of_silence() == 1
        assert perform(fresh(opinion), "refer", by=leader, reason="不答复", referred_to="市人社局")
    (first, _), (second, roles) = told(inspection)
    assert first.endswith("对提示函平工女函〔2012〕1号未答复满15个工作日，可升级为意见书。")
    assert second.endswith(
        "对意见书平工女意〔2012〕1号未答复满15个工作日，请发建议书（由领导移送劳动行政部门）。"
    )
    assert roles == {"county", "industry", "dept", "leader"}


def document_texts(answer):
    """All words of a printed form, those of its tables too."""
    document = Document(BytesIO(b"".join(answer)))
    yield from (each.text for each in document.paragraphs)
    for table in document.tables:
        yield from (cell.text for row in table.rows for cell in dict.fromkeys(row.cells))


def letters(inspection):
    """The letters that are offered for an inspection as it stands."""
    found = forms_of(register_of(WomenInspection), fresh(inspection))
    return [form.title for _, form in found if form.title.endswith("书") or "函" in form.title]


def test_a_letter_is_printed_when_it_is_its_turn(tree, client, settings):
    settings.SECOND_FACTOR_ROLES = ()
    inspection = planned(tree.county, tree.union)
    answer(inspection, "notice")
    assert letters(inspection) == []
    inspected = inspect(fresh(inspection))
    assert letters(inspection) == ["提示函", "意见书"]
    demand(inspected, "notice")
    assert letters(inspection) == ["提示函"]
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    answered = client.get(f"/r/{KEY}/{inspection.pk}/print/0/")
    texts = "".join(document_texts(answered))
    assert "请于2012年9月28日前整改，并在15个工作日内" in texts
    assert "现场未见制度" in texts
    assert texts.count("现场未见制度") == 1
    with clock.at(date(2012, 10, 8)):
        again = {"letter_no": "平工女意〔2012〕1号", "letter_on": date(2012, 10, 8)}
        perform(fresh(inspection), "escalate", by=SYSTEM, **again, due_on=date(2012, 10, 31))
    assert letters(inspection) == ["意见书", "建议书"]
    clean = planned(tree.county, tree.union)
    answer(clean)
    inspect(fresh(clean))
    assert letters(clean) == []


def test_whoever_answered_a_letter_is_not_called_silent(tree):
    inspection = planned(tree.county, tree.union)
    answer(inspection, "notice")
    open_one = demand(inspect(inspection))
    for wrong in (None, date(2012, 9, 11), date(2012, 9, 15)):
        with pytest.raises(DomainError) as refused:
            perform(open_one, "note_answer", by=SYSTEM, answered_on=wrong)
        assert refused.value.field == "answered_on"
    perform(open_one, "note_answer", by=SYSTEM, answered_on=date(2012, 9, 14))
    with clock.at(date(2012, 10, 9)):
        assert remind_of_silence() == 0
        with pytest.raises(DomainError):
            perform(
                fresh(inspection),
                "refer",
                by=actor_with(Role.LEADER, org=tree.city),
                reason="不答复",
                referred_to="市人社局",
            )
    assert told(inspection) == []


@pytest.mark.parametrize("code", ["forbidden", "dismissal"])
def test_grave_matters_are_referred_at_once(tree, code):
    inspection = planned(tree.county, tree.union)
    assert answer(inspection, code).is_serious
    open_one = demand(inspect(inspection))
    done = perform(
        open_one,
        "refer",
        by=actor_with(Role.LEADER, org=tree.city),
        reason="井下有女职工",
        referred_to="市人社局",
    )
    assert done.state == "referred"


def test_nobody_is_named_in_what_was_found(tree):
    inspection = planned(tree.county, tree.union)
    with pytest.raises(DomainError) as refused:
        change(items(inspection)[3], by=SYSTEM, answer="violation", fact="李女士怀孕八个月仍上夜班")
    assert message(refused) == NO_NAMES
    with pytest.raises(DomainError):
        change(inspection, by=SYSTEM, women_total=3, pregnant_count=4)
