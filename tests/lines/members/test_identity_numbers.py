"""Persons: papers, names and what a foreign union may learn."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.write import change, create
from tests.lines.members.making import fresh
from tests.support.orgs import actor_with

GOOD = "410402198001011236"


def test_a_good_number_tells_sex_and_birthday(tree):
    made = create(Person, by=SYSTEM, org=tree.union, name="单小示", id_no=GOOD)
    assert (made.sex, made.born_on, made.verify_level) == ("male", date(1980, 1, 1), 1)
    assert made.initials == "sxs"
    assert sealing.opened(fresh(made), "id_no") == GOOD


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("410402198001011235", "身份证号第18位校验不符，请核对"),
        ("4.10402E+17", "证件号码被Excel改成数字，请用模板（文本格式）重新填写"),
        ("410402198002301231", "出生日期不存在"),
    ],
)
def test_a_bad_number_is_refused(tree, number, message):
    with pytest.raises(DomainError) as refused:
        create(Person, by=SYSTEM, org=tree.union, name="示例", id_no=number)
    assert message in refused.value.message
    assert Person._unscoped.count() == 0


def test_a_small_x_and_wide_digits_are_tidied(tree):
    made = create(Person, by=SYSTEM, org=tree.union, name="示例", id_no=" 41040219800101009x ")
    assert sealing.opened(fresh(made), "id_no") == "41040219800101009X"


def test_fifteen_digits_and_eighteen_are_one_number(tree):
    create(Person, by=SYSTEM, org=tree.union, name="示例", id_no="410402800101123")
    with pytest.raises(DomainError) as refused:
        create(Person, by=SYSTEM, org=tree.union, name="示例", id_no=GOOD)
    assert refused.value.message == "该证件号码已登记，同一人不能重复建档。"


def test_another_name_learns_only_the_first_character(tree):
    create(Person, by=SYSTEM, org=tree.union, name="王建国", id_no=GOOD, phone="13800000001")
    foreign = actor_with(Role.BASIC, org=tree.neighbour_union)
    with pytest.raises(DomainError) as refused:
        create(Person, by=foreign, org=tree.neighbour_union, name="李四", id_no=GOOD)
    assert refused.value.message == (
        "该证件号码已登记为“王**”，与所填姓名不一致，请核对；如更名请走信息更正。"
    )


def test_a_sex_that_the_number_contradicts_is_refused(tree):
    with pytest.raises(DomainError) as refused:
        create(Person, by=SYSTEM, org=tree.union, name="示例", id_no=GOOD, sex="female")
    assert refused.value.message == "性别与身份证号不一致，请核对。"


def test_a_new_name_is_sorted_anew(tree):
    made = create(Person, by=SYSTEM, org=tree.union, name="王一", id_no=GOOD)
    with clock.at(date(2026, 1, 5)):
        changed = change(made, by=SYSTEM, name="李一")
    assert changed.initials == "ly"
    assert changed.sort_key.endswith("\t李一")
