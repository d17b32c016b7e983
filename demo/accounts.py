"""The accounts of the demonstration city: one for every role, with one password for all."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from demo.places import COUNTIES, DIRECT, INDUSTRIES
from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.orgs.models import Org

PASSWORD = "Pingdingshan-2012"  # noqa: S105  meant to be shown
SINCE = date(2005, 1, 1)
_COUNTY_NAMES = {
    "410482": "ruzhou",
    "410481": "wugang",
    "410421": "baofeng",
    "410422": "yexian",
    "410423": "lushan",
    "410425": "jiaxian",
    "410402": "xinhua",
    "410403": "weidong",
    "410411": "zhanhe",
    "410404": "shilong",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account: who it is, what role it holds at which organisations, what it is good for."""

    username: str
    name: str
    role: Role
    at: tuple[str, ...]
    good_for: str
    shown: bool = True
    department: str = ""


def county_user(code: str) -> str:
    """The account of a county federation, which approves."""
    return _COUNTY_NAMES[code]


def handler(code: str) -> str:
    """The account that prepares a county's cases, or those of the industries."""
    return f"{_COUNTY_NAMES.get(code, 'chanye')}_jb"


def approver(code: str) -> str:
    """The account that approves in a county, or in the industries."""
    return _COUNTY_NAMES.get(code, "chanye")


def _industries() -> tuple[str, ...]:
    """The industry unions, and the direct enterprises that their office looks after."""
    industries = tuple(f"industry:{n}" for n in range(len(INDUSTRIES)))
    return industries + tuple(f"direct:{n}" for n in range(len(DIRECT)))


ACCOUNTS = (
    Account(
        username="zuzhibu",
        name="市总组织部",
        department="组织部",
        role=Role.DEPT,
        at=("city",),
        good_for="组建计划与进度、口径说明、换届雷达、年报锁定、荣誉",
    ),
    Account(
        username="bangongshi",
        name="市总办公室",
        department="办公室",
        role=Role.DEPT,
        at=("city",),
        good_for="目标任务书、半年工作报告的生成与核数",
    ),
    Account(
        username="lingdao",
        name="市总领导",
        role=Role.LEADER,
        at=("city",),
        good_for="下达任务书、签发报告、看数字并下钻到记录",
    ),
    Account(
        username="caiwu",
        name="市总财务部",
        role=Role.FINANCE,
        at=("city",),
        good_for="财务视角：建会单位、干部培训支出",
    ),
    Account(
        username="chuna",
        name="市总财务部出纳",
        role=Role.FINANCE,
        at=("city",),
        good_for="生成银行代发文件、导入回盘、登记发放（审核人不能同时送银行）",
        shown=False,
    ),
    Account(
        username="baozhangbu",
        name="市总权益保障部",
        department="权益保障部",
        role=Role.DEPT,
        at=("city",),
        good_for="专项资金、困难帮扶、就业服务、互助保障",
    ),
    Account(
        username="falvbu",
        name="市总法律保障部",
        department="法律保障部",
        role=Role.DEPT,
        at=("city",),
        good_for="法律援助、劳动保护各项数的认数",
        shown=False,
    ),
    Account(
        username="nvgongbu",
        name="市总女职工部",
        department="女职工部",
        role=Role.DEPT,
        at=("city",),
        good_for="女职工工作、两癌筛查、三八和六一慰问",
    ),
    Account(
        username="jingshen",
        name="市总经审办",
        role=Role.AUDIT,
        at=("city",),
        good_for="经审视角：组织变更须审计的事项",
    ),
    *(
        Account(
            username=_COUNTY_NAMES[unit.code],
            name=f"{unit.name}总工会",
            role=Role.COUNTY,
            at=(unit.code,),
            good_for="批复筹备和成立、审核年报、本县（市、区）的待办与数字",
        )
        for unit in COUNTIES
    ),
    *(
        Account(
            username=f"{_COUNTY_NAMES[unit.code]}_jb",
            name=f"{unit.name}总工会经办员",
            role=Role.STATION,
            at=(unit.code,),
            good_for="代乡镇（街道）登记和上报，经办与批复不能同一人",
            shown=unit.code == "410421",
        )
        for unit in COUNTIES
    ),
    Account(
        username="chanye",
        name="市产业工会工作委员会",
        role=Role.INDUSTRY,
        at=_industries(),
        good_for="六个产业工会和直属企业工会的批复与数字",
    ),
    Account(
        username="chanye_jb",
        name="产业工会经办员",
        role=Role.STATION,
        at=_industries(),
        good_for="产业工会的登记和上报",
        shown=False,
    ),
    Account(
        username="jiaokewen",
        name="市教科文卫体工会",
        role=Role.INDUSTRY,
        at=("industry:0",),
        good_for="一个产业工会：所属基层、选树先进典型",
    ),
    Account(
        username="yangzhuang",
        name="宝丰县杨庄镇总工会",
        role=Role.STATION,
        at=("410421108",),
        good_for="乡镇：建会普查线索、建会事项、入会待分配",
    ),
    Account(
        username="pingmian",
        name="平棉纺织集团工会",
        role=Role.BASIC,
        at=("direct:1",),
        good_for="基层：我的工会、会员花名册、入会审核、换届",
    ),
    Account(
        username="xitong",
        name="系统管理员",
        role=Role.SYSTEM_ADMIN,
        at=("city",),
        good_for="账号与参数；不接触业务记录",
    ),
    Account(
        username="anquan",
        name="安全管理员",
        role=Role.SECURITY_ADMIN,
        at=("city",),
        good_for="授权与登录安全；不接触业务记录",
    ),
    Account(
        username="shenji",
        name="审计管理员",
        role=Role.AUDIT_ADMIN,
        at=("city",),
        good_for="查看操作留痕；不接触业务记录",
    ),
)


def open_accounts(orgs: Mapping[str, Org]) -> list[User]:
    """Write the accounts and their grants; `orgs` maps the plan's places to organisations."""
    sealed = make_password(PASSWORD)
    users = []
    for account in ACCOUNTS:
        user = User.objects.create(
            username=account.username,
            name=account.name,
            department=account.department,
            password=sealed,
            org=orgs[account.at[0]],
            must_change_password=False,
        )
        Grant.objects.bulk_create(
            Grant(user=user, role=account.role, org=orgs[place], valid_from=SINCE)
            for place in account.at
        )
        users.append(user)
    return users


def to_show() -> list[str]:
    """The accounts worth logging in with, as the lines of a table."""
    shown = [account for account in ACCOUNTS if account.shown]
    rows = [("用户名", "身份", "适合看什么")]
    rows += [(account.username, account.name, account.good_for) for account in shown]
    widths = [max(_width(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"演示账号（密码都是 {PASSWORD}）："]
    for row in rows:
        padded = [
            text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False)
        ]
        lines.append("  " + "  ".join([*padded, row[2]]))
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
