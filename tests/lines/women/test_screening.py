"""Screening: who may come, who may know, and what the hospital is paid."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.imports import services as imports
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.records import sealing
from gonghui.kernel.records.models import RevealEvent
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.women.models import ScreeningHandler, ScreeningRecord, ScreeningSession
from gonghui.lines.women.models.screening import FOLLOWED, RESULTS
from gonghui.lines.women.services.screening_sheet import write_sheet
from gonghui.shared.funds.models import PayBatch, PayLine
from tests.kernel.excel.makers import workbook
from tests.shared.funds.conftest import office
from tests.support import recipes  # noqa: F401  they declare what cannot be guessed
from tests.support.making import linked
from tests.support.orgs import user_with
from tests.support.people import client_for
from tests.support.recipes.women import open_session, woman

DAY = date(2012, 5, 9)
_serial = itertools.count()
YEAR = Period.year_to_date(date(2012, 8, 15))


@pytest.fixture(autouse=True)
def then(settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(date(2012, 6, 1)), acting(SYSTEM):
        yield


def named(session, person=None, by=SYSTEM, **values):
    """A woman in a session."""
    person = person or woman(session.org)
    return create(
        ScreeningRecord,
        by=by,
        **{"org": session.org, "session": session, "person": person, "basis": "member", **values},
    )


def running(org, names=1, **values):
    """A session that has begun, and the women named."""
    session = open_session(org, **values)
    records = [named(session) for _ in range(names)]
    return perform(session, "start", by=SYSTEM), records


def screen(record, day=DAY, by=SYSTEM):
    return perform(record, "screen", by=by, screened_on=day)


def numbers(org, period=YEAR):
    codes = ["women.screened", "women.screen_paid"]
    found = figures(codes, [org], period)
    return [found[code, org.pk].value for code in codes]


def fresh(record):
    return type(record)._unscoped.get(pk=record.pk)


def message(refused):
    return refused.value.message


# The money


def test_the_hospital_is_paid_for_the_heads_that_were_screened(tree):
    money = office(tree.county)
    fund = money.fund(10_000, "LANC")
    session, records = running(tree.county, 4)
    for record in records[:3]:
        screen(record)
    assert numbers(tree.city) == [3, 0]
    with pytest.raises(DomainError) as refused:
        perform(session, "settle", by=money.maker, billed_count=4, fund=fund)
    assert message(refused) == "结算人数4与已检人数3不一致。"
    assert not PayBatch.objects.exists()
    settled = fresh(perform(session, "settle", by=money.maker, billed_count=3, fund=fund))
    line = PayLine.objects.get(batch=settled.batch)
    assert (line.employer_id, line.amount, line.ref) == (
        session.hospital_id,
        Decimal(450),
        session.number,
    )
    assert fresh(records[3]).state == "dropped"
    by_hand = create(
        PayLine,
        by=money.maker,
        batch=settled.batch,
        employer=session.hospital,
        amount=Decimal(150),
        ref="补付",
    )
    with pytest.raises(DomainError, match="没有已结算的两癌筛查批次"):
        perform(fresh(settled.batch), "check", by=money.maker)
    void(by_hand, by=money.maker, reason="没有结算")
    with pytest.raises(DomainError) as early:
        perform(settled, "close", by=money.maker)
    assert message(early) == "结算款还没有发放给医院，不能办结。"
    money.sent(settled.batch)
    line.refresh_from_db()
    perform(
        line,
        "pay",
        by=money.cashier,
        paid_on=date(2012, 6, 1),
        receipt_kind="sign",
        receipt_on=date(2012, 6, 1),
    )
    assert perform(settled, "close", by=money.maker).state == "closed"
    assert numbers(tree.city) == [3, Decimal(450)]
    assert verify(["women.screened", "women.screen_paid"]).differing == ()


def test_nobody_settles_from_a_fund_of_another_union(tree):
    fund = office(tree.city).fund(10_000, "LANC")
    session, (record,) = running(tree.county)
    screen(record)
    with pytest.raises(NotAllowed) as refused:
        perform(session, "settle", by=office(tree.county).maker, billed_count=1, fund=fund)
    assert message(refused) == "列支资金不属于您的工会，请由资金所在工会办理结算。"
    assert fresh(session).state == "screening"
    dept = actor_of(user_with(Role.DEPT, org=tree.city))
    perform(session, "settle", by=dept, billed_count=1, fund=fund)
    assert PayBatch.objects.get().org_id == tree.city.pk


# Who comes


def test_a_man_is_not_screened(tree):
    session = open_session(tree.county)
    man = linked("members.person", tree.county)
    with pytest.raises(DomainError) as refused:
        named(session, man)
    assert message(refused) == f"{man}不是女性，不能登记两癌筛查。"


def test_nobody_is_screened_twice_within_the_cycle_anywhere(tree):
    someone = woman(tree.county, "赵示例")
    session = open_session(tree.county, date_from=date(2010, 7, 1), date_to=date(2010, 12, 31))
    record = named(session, someone)
    perform(session, "start", by=SYSTEM)
    screen(record, date(2010, 9, 10))
    too_soon = open_session(tree.neighbour)
    with pytest.raises(DomainError) as refused:
        named(too_soon, someone)
    assert message(refused) == (f"赵示例于2010-09-10已在{session.hospital}检查，未满24个月。")
    later = open_session(tree.neighbour, date_from=date(2012, 9, 10), date_to=date(2012, 12, 31))
    named(later, someone)
    other = woman(tree.county, "钱示例")
    named(too_soon, other)
    with pytest.raises(DomainError) as twice:
        named(open_session(tree.county), other)
    assert message(twice) == f"钱示例已在“{too_soon}”登记。"


def test_who_did_not_come_may_be_named_again(tree):
    someone = woman(tree.county)
    first = named(open_session(tree.county), someone)
    perform(first, "drop", by=SYSTEM)
    assert named(open_session(tree.neighbour), someone).state == "registered"


def test_the_last_place_goes_to_one(tree):
    session = open_session(tree.county, quota=1)
    named(session)
    with pytest.raises(DomainError) as full:
        named(session)
    assert message(full) == f"“{session}”名额1已满。"
    with pytest.raises(DomainError):
        change(session, by=SYSTEM, quota=0)
    change(session, by=SYSTEM, quota=2)
    named(session)
    assert ScreeningRecord.objects.count() == 2


def test_a_day_lies_in_the_session_and_a_fee_stands_once_somebody_was_screened(tree):
    session, (record,) = running(tree.county)
    for day, told in (
        (date(2012, 2, 29), "检查日期须在2012-03-01至2012-06-30之间。"),
        (date(2012, 6, 2), "检查日期不能晚于今天。"),
        (None, "请填写检查日期。"),
    ):
        with pytest.raises(DomainError) as refused:
            screen(record, day)
        assert message(refused) == told
    change(session, by=SYSTEM, fee=Decimal(160))
    assert screen(record).fee == Decimal(160)
    with pytest.raises(DomainError) as stands:
        change(session, by=SYSTEM, fee=Decimal(150))
    assert message(stands) == "已有人按160.00元检查，不能改每人费用。"


def test_a_file_as_basis_is_in_force_and_of_her_household(tree):
    session = open_session(tree.county)
    with pytest.raises(DomainError) as none:
        named(session, basis="file")
    assert message(none) == "依据困难档案的，请选择困难职工档案。"
    file = linked("aid.hardship_file", tree.county)
    with pytest.raises(DomainError) as refused:
        named(session, basis="file", file=file)
    assert "不在档" in message(refused) or "不是该女职工家庭的" in message(refused)


# Who may know


@pytest.fixture
def noted(tree):
    """A result noted by the handler; the handler's account beside it."""
    user = user_with(Role.DEPT, org=tree.city)
    leader = actor_of(user_with(Role.LEADER, org=tree.city))
    create(
        ScreeningHandler,
        by=leader,
        org=tree.city,
        username=user.username,
        valid_from=date(2012, 1, 1),
    )
    _, (record,) = running(tree.county)
    record = screen(record)
    perform(record, "note_result", by=actor_of(user), result="可疑", followed="告知")
    return fresh(record), user


def test_a_result_is_sealed_and_only_its_handler_notes_it(tree, noted):
    record, handler = noted
    assert sealing.opened(record, "result") == "可疑"
    assert "可疑".encode() not in bytes(record.result)
    for role, org in ((Role.DEPT, tree.city), (Role.COUNTY, tree.county)):
        with pytest.raises(NotAllowed) as refused:
            perform(
                record,
                "note_result",
                by=actor_of(user_with(role, org=org)),
                result="正常",
                followed="无需",
            )
        assert message(refused) == "检查结果只能由市总领导授权的经办人登记。"
    with pytest.raises(DomainError) as words:
        perform(record, "note_result", by=actor_of(handler), result="阳性", followed="告知")
    assert message(words) == "请从“正常、异常、可疑、拒告”中选择。"
    with pytest.raises(DomainError) as both:
        perform(record, "note_result", by=actor_of(handler), followed="")
    assert message(both) == "请选择随访情况。"
    assert sealing.opened(fresh(record), "result") == "可疑"


def test_the_handler_reads_it_for_a_purpose_and_nobody_else_at_all(tree, noted):
    record, handler = noted
    base = f"/r/women.screening_record/{record.pk}/"
    for role, org, status in (
        (Role.DEPT, tree.city, 404),
        (Role.COUNTY, tree.county, 404),
        (Role.STATION, tree.county, 403),
        (Role.BASIC, tree.county, 403),
        (Role.AUDIT, tree.city, 403),
    ):
        client = client_for(user_with(role, org=org))
        page = client.get(base).content.decode()
        assert "已检" in page
        assert "可疑" not in page
        assert "reveal/result" not in page
        answer = client.post(f"{base}reveal/result/", {"reason": "了解本县女职工情况"})
        assert answer.status_code == status
        assert "可疑" not in answer.content.decode()
    assert RevealEvent.objects.count() == 0
    client = client_for(handler)
    assert "可疑" not in client.get(base).content.decode()
    shown = client.post(f"{base}reveal/result/", {"reason": "电话告知本人"}).content.decode()
    assert "可疑" in shown
    event = RevealEvent.objects.get()
    assert (event.actor_id, event.field, event.reason) == (handler.pk, "result", "电话告知本人")


@pytest.mark.parametrize("role", [Role.LEADER, Role.FINANCE])
def test_leaders_and_finance_have_the_counts_and_no_names(tree, noted, role):
    record, _ = noted
    client = client_for(user_with(role, org=tree.city))
    assert client.get("/figures/women.screened/").status_code == 200
    for path in ("", f"{record.pk}/", "export/"):
        assert client.get(f"/r/women.screening_record/{path}").status_code in (403, 404)
    behind = client.get("/figures/women.screened/records/")
    assert str(record.person) not in behind.content.decode()


def test_no_list_export_or_interface_has_a_result(tree, noted):
    _, handler = noted
    client = client_for(handler)
    assert "可疑" not in client.get("/r/women.screening_record/").content.decode()
    asked = {"columns": "result"}
    assert "可疑" not in client.get("/r/women.screening_record/", asked).content.decode()
    export = client.get("/r/women.screening_record/export/")
    rows = load_workbook(BytesIO(b"".join(export.streaming_content))).active.values
    cells = [str(cell) for row in rows for cell in row]
    assert any("已检" in cell for cell in cells)
    assert not any("可疑" in cell or "结果" in cell for cell in cells)


def test_an_authorisation_ends(tree, noted):
    record, handler = noted
    named_handler = ScreeningHandler.objects.get()
    change(named_handler, by=SYSTEM, valid_to=date(2012, 6, 1))
    client = client_for(handler)
    answer = client.post(
        f"/r/women.screening_record/{record.pk}/reveal/result/", {"reason": "电话告知本人"}
    )
    assert answer.status_code == 404


def test_masked_words_are_all_of_one_length():
    assert {len(word) for word in (*RESULTS, *FOLLOWED)} == {2}


# The sheets

HEAD = ("批次编号", "姓名", "身份证号", "检查日期", "费用")


def imported(data, by, org):
    run = imports.upload(register_of(ScreeningRecord), "名单.xlsx", data, by=by, org=org)
    return imports.write_run(imports.check(run, by=by), by=by)


def counts(run):
    return (run.new_count, run.changed_count, run.unchanged_count, run.refused_count)


def test_names_come_in_by_a_sheet_and_the_hospitals_list_says_who_came(tree):
    county = actor_of(user_with(Role.COUNTY, org=tree.county))
    session = open_session(tree.county)
    person = woman(tree.union, "孙示例")
    number = sealing.opened(person, "id_no")
    man = linked("members.person", tree.county)
    names = workbook(
        [
            HEAD,
            (session.number, "孙示例", number, None, None),
            (session.number, str(man), sealing.opened(man, "id_no"), None, None),
            ("筛查-2012-999", "李示例", number, None, None),
        ]
    )
    assert counts(imported(names, county, tree.county)) == (1, 0, 0, 2)
    perform(session, "start", by=SYSTEM)
    bill = workbook([HEAD, (session.number, None, number, "2012-05-09", 150)])
    assert counts(imported(bill, county, tree.county)) == (0, 1, 0, 0)
    again = workbook([HEAD, (session.number, None, number, "2012-05-09", 150.0)])
    assert counts(imported(again, county, tree.county)) == (0, 0, 1, 0)
    dear = workbook([HEAD, (session.number, None, number, "2012-05-09", 180)])
    assert counts(imported(dear, county, tree.county)) == (0, 0, 0, 1)
    assert numbers(tree.county)[0] == 1


def sheet_row(session, **values):
    """A row of the list as the reader of sheets gives it, of a woman whom nobody knows yet."""
    born_on = date(1966, 1, 1) + timedelta(days=next(_serial))
    number = make_id_number("410403", born_on, 2)
    return {"session": session, "person__name": "示例女工", "person__id_no": number, **values}


def test_a_long_list_costs_as_many_queries_as_a_short_one(tree):
    session, _ = running(tree.county, 1, quota=100)
    costs = []
    for length in (3, 12):
        rows = [sheet_row(session, screened_on=DAY) for _ in range(length)]
        with CaptureQueriesContext(connection) as caught:
            outcomes = write_sheet(rows, SYSTEM, tree.county)
        assert [outcome.record.state for outcome in outcomes] == ["screened"] * length
        costs.append(len(caught))
    assert costs[0] == costs[1]


def test_a_row_whose_day_is_refused_leaves_no_name(tree):
    session, _ = running(tree.county, 1)
    good, bad = (
        sheet_row(session, screened_on=DAY),
        sheet_row(session, screened_on=date(2012, 6, 9)),
    )
    twice = {**good, "screened_on": None}
    first, second, third = write_sheet([good, bad, twice], SYSTEM, tree.county)
    assert first.record.screened_on == DAY
    assert second.error.field == "screened_on"
    assert third.error.message == "本表前面已有这个身份证号，已保留先出现的一行。"
    assert ScreeningRecord.objects.filter(session=session).count() == 2


def test_a_hospital_file_with_a_result_column_is_refused_as_a_whole(tree):
    county = actor_of(user_with(Role.COUNTY, org=tree.county))
    data = workbook(
        [
            (*HEAD, "检查结果"),
            ("筛查-2012-001", None, "410402198001011236", "2012-05-09", 150, "正常"),
        ]
    )
    with pytest.raises(DomainError) as refused:
        imported(data, county, tree.county)
    assert message(refused).startswith("表中有“检查结果”列，按规定不能导入。")
    assert not imports.ImportRun._unscoped.exists()


def test_a_session_is_cancelled_only_while_nobody_was_screened(tree):
    session, (record,) = running(tree.county)
    waiting, (name,) = running(tree.neighbour)
    screen(record)
    with pytest.raises(DomainError) as refused:
        perform(session, "cancel", by=SYSTEM, reason="改期")
    assert message(refused) == "本批次已有人检查，不能取消，请办理结算。"
    perform(waiting, "cancel", by=SYSTEM, reason="医院设备检修")
    assert fresh(name).state == "dropped"
    assert ScreeningSession.objects.filter(state="cancelled").count() == 1


def test_a_session_of_one_county_takes_no_woman_of_another(tree):
    session, _ = running(tree.county, 1)
    stranger = woman(tree.neighbour)
    with pytest.raises(DomainError, match="不能登记其他工会的女职工"):
        create(ScreeningRecord, by=SYSTEM, org=tree.neighbour, session=session, person=stranger)


def test_a_settlement_taken_off_its_roster_is_settled_again(tree):
    money = office(tree.county)
    fund = money.fund(10_000, "LANC")
    session, (record,) = running(tree.county, 1)
    screen(record)
    settled = fresh(perform(session, "settle", by=money.maker, billed_count=1, fund=fund))
    perform(settled.batch, "cancel", by=money.maker, reason="资金账选错")
    waiting = fresh(settled)
    assert (waiting.state, waiting.batch_id) == ("screening", None)
    again = perform(waiting, "settle", by=money.maker, billed_count=1, fund=fund)
    assert fresh(again).batch_id != settled.batch_id
