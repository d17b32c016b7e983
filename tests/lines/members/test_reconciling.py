"""Holding a roster against the payroll: who has left, who is new, and what is done about it."""

from __future__ import annotations

import io
import re
from datetime import date
from functools import partial
from html import unescape

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, perform, perform_many, void
from gonghui.lines.members.models import MembershipTransfer, RosterCheck, RosterDifference
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.services.events import record_many
from gonghui.lines.members.services.reconciling import compare, payroll_of, template
from tests.lines.members.making import (
    HALF,
    assert_adds_up,
    fresh,
    id_number,
    member,
    memberships,
    number,
    numbers,
    person,
)
from tests.support.orgs import actor_with, user_with
from tests.support.rivals import at_once

DAY = date(2012, 6, 5)


@pytest.fixture(autouse=True)
def in_june():
    with clock.at(DAY):
        yield


@pytest.fixture
def basic(tree):
    return actor_with(Role.BASIC, org=tree.union)


def a_check(org, by=SYSTEM):
    return create(RosterCheck, by=by, org=org)


def on_payroll(*people):
    """The payroll of some persons."""
    return [(each.name, sealing.opened(fresh(each), "id_no")) for each in people]


def lines(kind=None):
    rows = RosterDifference._unscoped.filter(voided_at=None).order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)


def workbook(rows):
    """The bytes of a sheet as a payroll office sends it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("工资")
    sheet.write(0, 0, "2012年6月工资表")
    for line, row in enumerate([("序号", "姓名", "身份证号", "实发"), *rows], start=1):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    book.close()
    return buffer.getvalue()


def test_only_those_on_one_list_are_noted_and_the_payroll_is_not_kept(tree, basic):
    stays, leaves = (member(tree.union, person=person(tree.union, n)) for n in ("示例甲", "示例乙"))
    newcomer = id_number()
    check = compare(
        a_check(tree.union, basic), [*on_payroll(stays.person), ("示例丙", newcomer)], basic
    )
    assert (check.state, check.listed, check.gone, check.fresh) == ("compared", 2, 1, 1)
    gone, new = lines()
    assert (gone.kind, gone.membership, gone.name, gone.id_no) == ("gone", leaves, "示例乙", None)
    assert (new.kind, new.membership, new.name) == ("fresh", None, "示例丙")
    assert sealing.opened(new, "id_no") == newcomer
    assert check.checked_on == DAY


def test_the_three_buttons_bring_the_roster_up_to_date(tree, basic):
    retired, left, kept = (
        member(tree.union, person=person(tree.union, name)) for name in ("甲", "乙", "丙")
    )
    check = compare(a_check(tree.union, basic), [("示例新", id_number())], basic)
    by_member = {row.membership_id: row for row in lines("gone")}
    perform(by_member[retired.pk], "retire", by=basic, happened_on=date(2012, 6, 1))
    perform(by_member[left.pk], "let_go", by=basic)
    perform(by_member[kept.pk], "keep", by=basic)
    with pytest.raises(DomainError, match="还有1人没有核定"):
        perform(fresh(check), "settle", by=basic)
    (new,) = lines("fresh")
    admitted = perform(new, "admit", by=basic, employ_kind="contract")
    assert (admitted.state, admitted.happened_on) == ("admitted", DAY)
    done = perform(fresh(check), "settle", by=basic)
    assert (done.state, done.settled_on) == ("settled", DAY)
    codes = ["new", "total", "retained", "retentions"]
    assert list(numbers(tree.union, codes, HALF).values()) == [4, 2, 2, 2]
    assert [row.left_on for row in memberships(leave_kind="retained")] == [date(2012, 6, 1), DAY]
    assert_adds_up(tree.union, HALF)


def test_a_newcomer_who_is_a_member_elsewhere_moves_and_is_not_counted_twice(tree, basic):
    elsewhere = member(tree.neighbour_union)
    compare(a_check(tree.union, basic), on_payroll(elsewhere.person), basic)
    perform(lines("fresh")[0], "admit", by=basic)
    (moving,) = MembershipTransfer._unscoped.all()
    assert (moving.membership, moving.to_org, moving.state) == (
        elsewhere,
        tree.union,
        "out_pending",
    )
    assert number(tree.city, "new", HALF) == 1


def test_a_retained_newcomer_is_restored_here(tree, basic):
    row = member(tree.neighbour_union)
    record_many([row], EventKind.RETAIN, date(2012, 4, 1), "失业", by=SYSTEM)
    compare(a_check(tree.union, basic), on_payroll(row.person), basic)
    perform(lines("fresh")[0], "admit", by=basic)
    current = memberships(state="active")
    assert [(each.person, each.org, each.origin) for each in current] == [
        (row.person, tree.union, "restore")
    ]


def test_who_is_on_his_way_here_already_is_not_admitted_twice(tree, basic):
    elsewhere = member(tree.neighbour_union)
    compare(a_check(tree.union, basic), on_payroll(elsewhere.person), basic)
    perform(lines("fresh")[0], "admit", by=basic)
    compare(RosterCheck._unscoped.get(), on_payroll(elsewhere.person), basic)
    (again,) = [row for row in lines("fresh") if row.state == "open"]
    with pytest.raises(DomainError, match="正在接转，请先办完再核定"):
        perform(again, "admit", by=basic)


def test_another_name_for_a_known_paper_is_refused_alone(tree, basic):
    known = person(tree.neighbour_union, "示例真名")
    rows = [("示例假名", on_payroll(known)[0][1]), ("示例新", id_number())]
    compare(a_check(tree.union, basic), rows, basic)
    outcomes = perform_many(lines("fresh"), "admit", by=basic)
    assert [outcome.error is None for outcome in outcomes] == [False, True]
    assert "已登记为“示" in outcomes[0].error.message
    assert number(tree.union, "total", HALF) == 1


def test_each_side_has_its_own_buttons(tree, basic):
    member(tree.union)
    compare(a_check(tree.union, basic), [("示例新", id_number())], basic)
    with pytest.raises(NotAllowed):
        perform(lines("gone")[0], "admit", by=basic)
    with pytest.raises(NotAllowed):
        perform(lines("fresh")[0], "retire", by=basic)
    assert {row.state for row in lines()} == {"open"}


def test_a_new_payroll_replaces_what_is_still_open(tree, basic):
    one, two = (member(tree.union, person=person(tree.union, name)) for name in ("甲", "乙"))
    check = compare(a_check(tree.union, basic), [("示例新", id_number())], basic)
    perform(lines("gone")[0], "retire", by=basic)
    check = compare(fresh(check), on_payroll(two.person), basic)
    assert (check.listed, check.gone, check.fresh) == (1, 0, 0)
    assert [(row.membership, row.state) for row in lines()] == [(one, "retired")]
    with pytest.raises(DomainError, match="已核定1人，对账不能作废"):
        void(check, by=basic, reason="重来")


def test_without_changes_one_click_is_enough(tree, basic):
    member(tree.union)
    assert perform(a_check(tree.union, basic), "confirm_unchanged", by=basic).state == "settled"
    check = compare(a_check(tree.union, basic), [("示例新", id_number())], basic)
    assert [row.kind for row in lines()] == ["gone", "fresh"]
    void(check, by=basic, reason="名册拿错")
    assert lines() == []


def test_a_difference_is_decided_on_and_not_done_away_with(tree, basic):
    member(tree.union, person=person(tree.union, "示例甲"))
    check = compare(a_check(tree.union, basic), [("示例丙", id_number())], basic)
    for row in lines():
        with pytest.raises(DomainError, match="不能作废，请逐人核定"):
            void(row, by=basic, reason="不想办")
    void(check, by=basic, reason="建错了")
    assert lines() == []


def test_many_newcomers_are_looked_at_and_admitted_with_as_few_statements_as_two(tree, basic):
    def admitted(size):
        payroll = [(f"示例{'甲乙丙丁戊己庚辛'[n]}", id_number()) for n in range(size)]
        check = compare(a_check(tree.union, basic), payroll, basic)
        rows = [row for row in lines("fresh") if row.check_of_id == check.pk]
        with CaptureQueriesContext(connection) as queries:
            must(perform_many(rows, "admit", by=basic))
        for row in lines("gone"):
            if row.state == "open":
                perform(row, "keep", by=basic)
        perform(fresh(check), "settle", by=basic)
        return len(queries)

    admitted(1)  # what is read but once is read
    assert admitted(8) == admitted(2)
    assert numbers(tree.union, ["new"], HALF)["new"] == 11


@pytest.mark.django_db(transaction=True)
def test_of_two_payrolls_at_once_one_replaces_what_the_other_found(tree, basic):
    check = a_check(tree.union, basic)
    payrolls = [[("示例甲", id_number())], [("示例乙", id_number())]]
    came = at_once([partial(compare, check, each, basic) for each in payrolls])
    assert [each.listed for each in came] == [1, 1]
    assert len(lines("fresh")) == 1


def test_a_union_has_one_open_check_and_a_neighbour_none_of_it(tree, basic):
    check = a_check(tree.union, basic)
    with pytest.raises(DomainError, match="还有一次没有对清"):
        a_check(tree.union, basic)
    with pytest.raises(NotAllowed):
        compare(check, [("示例新", id_number())], actor_with(Role.BASIC, org=tree.neighbour_union))
    assert lines() == []


def test_a_sheet_with_a_broken_number_is_sent_back_whole(tree):
    good = id_number()
    assert payroll_of(workbook([(1, "示例 甲", good, 3000), ("合计", "", "", 3000)])) == [
        ("示例甲", good)
    ]
    with pytest.raises(DomainError, match=r"名册有1行读不出来.*第4行"):
        payroll_of(workbook([(1, "示例甲", good, 3000), (2, "示例乙", 4.10402e17, 3000)]))
    with pytest.raises(DomainError, match="一行数据"):
        payroll_of(template())


def test_a_cadre_uploads_his_payroll_and_sees_whom_to_look_at(client, tree, settings):
    settings.SECOND_FACTOR_ROLES = ()
    user = user_with(Role.BASIC, org=tree.union)
    member(tree.union, person=person(tree.union, "示例走"))
    client.force_login(user)
    assert client.get("/members/payroll/template/").status_code == 200
    check = a_check(tree.union, actor_of(user))
    page = client.get(f"/r/members.roster_check/{check.pk}/").content.decode()
    assert f'href="/members/payroll/{check.pk}/"' in page
    sheet = io.BytesIO(workbook([(1, "示例来", id_number(), 3000)]))
    sheet.name = "工资.xlsx"
    answer = client.post(f"/members/payroll/{check.pk}/", {"file": sheet}, follow=True)
    page = answer.content.decode()
    assert "名册1人，疑似离职1人，疑似新进1人" in page
    assert "示例走" in page
    assert "示例来" in page
    assert "/r/members.roster_difference/new/" not in page
    href, other = (unescape(found) for found in re.findall(r'href="([^"]+)">核定疑似', page))
    gone, new = (client.get(each).content.decode() for each in (href, other))
    assert ("示例走" in gone, "示例来" in gone, "离职" in gone) == (True, False, True)
    assert ("示例走" in new, "示例来" in new, "新进" in new) == (False, True, True)
    broken = io.BytesIO(b"nothing")
    broken.name = "x.xlsx"
    answer = client.post(f"/members/payroll/{check.pk}/", {"file": broken})
    assert answer.status_code == 200
    assert len(lines()) == 2
    client.force_login(user_with(Role.BASIC, org=tree.neighbour_union))
    assert client.get(f"/members/payroll/{check.pk}/").status_code == 404
