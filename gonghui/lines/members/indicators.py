"""The figures of the line (unit 人), counted on the records' own columns.

What goes into the number of members and out of it is a flow each, so that for every union and
period: total = total before + new + opening + restored + transfers in - transfers out - retained - left.
The net growth is what this leaves without the opening stock, which was there before it was entered.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gonghui.kernel.ledger.declare import (
    Indicator,
    difference,
    distinct,
    flow,
    plan_ratio,
    ratio,
    stock,
)
from gonghui.lines.members.models.membership import DEPARTURES, LeaveKind, Origin

_OWNER = "组织部"
_COUNTS = Q(is_absorbed=False)
_WORKING = _COUNTS & Q(is_retained=False)
_NEW = _WORKING & Q(first_admission=True, origin=Origin.NEW.value)
_GAINED = _NEW | _WORKING & Q(origin__in=(Origin.TRANSFER.value, Origin.RESTORE.value))


def _members(code: str, name: str, definition: str, where: Q, **more: Any) -> Indicator:
    return stock(
        code,
        name,
        "人",
        on="joined_on",
        until="left_on",
        where=where,
        definition=definition,
        owner=_OWNER,
        **more,
    )


def _new(code: str, name: str, definition: str, where: Q, **more: Any) -> Indicator:
    return distinct(
        code,
        name,
        "人",
        subject="person",
        on="joined_on",
        where=where,
        definition=definition,
        owner=_OWNER,
        **more,
    )


def _flow(code: str, name: str, on: str, definition: str, where: Q) -> Indicator:
    return flow(code, name, "人", on=on, where=where, definition=definition, owner=_OWNER)


MEMBERSHIP = (
    _new(
        "members.new",
        "发展会员数",
        "期内首次加入工会的人数，按入会批准日期计，一人一生只计一次；转入、恢复和期初不计。",
        _NEW,
        aliases=("发展会员", "新发展会员数"),
    ),
    _new(
        "members.new_migrant",
        "新发展农民工会员数",
        "发展会员中的农民工人数。",
        _NEW & Q(is_migrant=True),
    ),
    _new(
        "members.new_dispatch",
        "新发展劳务派遣工会员数",
        "发展会员中用工形式为劳务派遣的人数。",
        _NEW & Q(employ_kind="dispatch"),
    ),
    _new(
        "members.new_newform",
        "新发展新就业形态会员数",
        "发展会员中属新就业群体的人数。",
        _NEW & ~Q(newform_group=""),
    ),
    _members(
        "members.total",
        "会员数（实名）",
        "期末在册（含转出中）的实名会员数，自入会之日起计，结束当日不计；保留会籍不计。",
        _WORKING,
        aliases=("会员数", "实名会员数"),
    ),
    _members("members.female", "女会员数", "在册会员中的女性。", _WORKING & Q(sex="female")),
    _members(
        "members.migrant", "农民工会员数", "在册会员中的农民工。", _WORKING & Q(is_migrant=True)
    ),
    _members(
        "members.dispatch",
        "劳务派遣工会员数",
        "在册会员中用工形式为劳务派遣的人数，计入会籍所在工会。",
        _WORKING & Q(employ_kind="dispatch"),
    ),
    _members(
        "members.newform",
        "新就业形态会员数",
        "在册会员中属新就业群体的人数。",
        _WORKING & ~Q(newform_group=""),
    ),
    _members(
        "members.retained",
        "保留会籍人数",
        "期末保留会籍（退休、失业、服役等）的人数，不计入会员数。",
        _COUNTS & Q(is_retained=True),
    ),
    stock(
        "members.founding",
        "首批会员数（随建会生效）",
        "人",
        on="founding_from",
        until="founding_until",
        where=_COUNTS,
        definition="筹备中的工会已登记、尚未随成立批复生效的会员数；批复成立或终止筹备后为零。",
        owner=_OWNER,
    ),
    _flow(
        "members.opening",
        "期初登记会员数",
        "joined_on",
        "作为期初存量登记的会员数，不计入发展会员。",
        _WORKING & Q(origin=Origin.OPENING.value),
    ),
    _flow(
        "members.transfers_in",
        "转入会员数",
        "joined_on",
        "期内由其他工会转入的会员数。",
        _WORKING & Q(origin=Origin.TRANSFER.value),
    ),
    _flow(
        "members.restored",
        "恢复会籍人数",
        "joined_on",
        "期内由保留恢复、或退会后重新入会的人数。",
        _WORKING & Q(origin=Origin.RESTORE.value),
    ),
    _flow(
        "members.transfers_out",
        "转出会员数",
        "left_on",
        "期内转往其他工会的会员数。",
        _WORKING & Q(leave_kind=LeaveKind.TRANSFER.value, joined_on__isnull=False),
    ),
    _flow(
        "members.retentions",
        "转为保留会籍人数",
        "left_on",
        "期内由在册转为保留会籍的人数。",
        _WORKING & Q(leave_kind=LeaveKind.RETAINED.value, joined_on__isnull=False),
    ),
    _flow(
        "members.left",
        "退出会员数",
        "left_on",
        "期内退会、视为退会、除名和去世的会员数。",
        _WORKING & Q(leave_kind__in=[kind.value for kind in DEPARTURES], joined_on__isnull=False),
    ),
    _flow(
        "members.gained",
        "增加会员数",
        "joined_on",
        "期内新发展、转入和恢复会籍的会员数；期初登记是原有存量，不计入。",
        _GAINED,
    ),
    difference(
        "members.net",
        "净增会员数",
        "人",
        "members.gained",
        "members.transfers_out",
        "members.retentions",
        "members.left",
        definition="增加会员数减去期内转出、转为保留会籍和退出的会员数；减少多于增加时为负数。",
        owner=_OWNER,
    ),
    plan_ratio(
        "members.new_vs_plan",
        "发展会员完成率",
        "members.new",
        definition="发展会员数与当年发展会员计划之比，计划按下达单位（省总、市总）分列。",
        owner=_OWNER,
    ),
    ratio(
        "members.realname_rate",
        "实名率",
        "members.total",
        "members.declared",
        definition="实名会员数与最近一次已锁定年报会员数之比。",
        owner=_OWNER,
        decimals=1,
    ),
    ratio(
        "members.join_rate",
        "职工入会率",
        "members.total",
        "orgs.covered_employees",
        definition="实名会员数与建会单位职工数之比。",
        owner=_OWNER,
        decimals=1,
    ),
)

DECLARATION = (
    stock(
        "members.declared",
        "会员数（年报）",
        "人",
        on="counts_from",
        until="counts_to",
        value="members",
        where=Q(state="locked"),
        definition="各工会最近一次已锁定的年报会员数之和。",
        aliases=("年报会员数",),
        owner=_OWNER,
    ),
)

DUPLICATE = (
    stock(
        "members.dup_open",
        "待核重复人员",
        "对",
        on="found_on",
        until="decided_on",
        definition="尚未核定的疑似重复人员对数。",
        owner=_OWNER,
    ),
)
