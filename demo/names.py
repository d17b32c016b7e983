"""Invented names and well-formed numbers; every one follows from its place in a series alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gonghui.base.identity import make_id_number, make_uscc, organisation_check_char
from gonghui.kernel.people.models import EmployerType, Sex

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "王李张刘王李张刘赵陈杨马郭范田任姜崔石侯孟秦白江史邵尹康毛常武乔贺赖龚文庞樊兰殷施陶翟安颜倪严牛温芦季"
)
_FIRST = "建国志文晓玉春秀海永德金明俊新红丽少亚世庆长保伟军宏东振学松书广全福景中天光培"
_SECOND_MEN = "强伟军勇涛杰峰超鹏辉刚平民亮林生华明波飞斌宇浩山成龙才锋洋森"
_SECOND_WOMEN = "芳娟敏静丽艳霞玲红梅英娜燕琴云莲珍凤兰萍洁慧颖琳莉霄雪佳倩婷"
_TRADES = (
    "纺织",
    "机械",
    "化工",
    "建材",
    "食品",
    "商贸",
    "物流",
    "电子",
    "服饰",
    "包装",
    "陶瓷",
    "铸造",
    "农业",
    "餐饮",
    "印务",
    "矿业",
    "能源",
    "塑业",
    "家具",
    "汽修",
    "置业",
    "医药",
    "环保",
    "酒业",
)
_BRANDS = "鹰城白龟伏牛尧山汝水沙河香风湛蓝昆阳应国墨子中兴宏达恒通金鼎瑞祥华泰鑫源永兴天和"
_FORMS = {
    EmployerType.STATE: "有限责任公司",
    EmployerType.COLLECTIVE: "厂",
    EmployerType.PRIVATE: "有限公司",
    EmployerType.HMT: "（港资）有限公司",
    EmployerType.FOREIGN: "（外资）有限公司",
    EmployerType.COOPERATIVE: "专业合作社",
    EmployerType.SELF_EMPLOYED: "经营部",
    EmployerType.INSTITUTION: "服务中心",
    EmployerType.GOVERNMENT: "管理所",
    EmployerType.SOCIAL: "协会",
}
_FIRST_BIRTHDAY = date(1955, 1, 1)
_BIRTHDAYS = 12_900  # up to April 1990; the step below is prime to it, so days do not repeat soon
_STEP = 7919


_FIRST_CHILD, _CHILD_DAYS = date(1996, 1, 1), 3_652


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthPerson:
    """An invented person with a valid identity number."""

    name: str
    id_no: str
    sex: Sex
    born_on: date
    phone: str


def person(serial: int, division: str) -> SynthPerson:
    """The person of a serial number; serial numbers and identity numbers go one to one."""
    mixed = (serial * 2_654_435_761 + 97) % 4_294_967_296
    is_man = (mixed >> 7) % 5 < 3
    born_on = _FIRST_BIRTHDAY + timedelta(days=serial * _STEP % _BIRTHDAYS)
    sequence = 2 * (serial // _BIRTHDAYS) + (1 if is_man else 0)
    surname = _SURNAMES[(mixed >> 11) % len(_SURNAMES)]
    second = _SECOND_MEN if is_man else _SECOND_WOMEN
    given = second[(mixed >> 5) % len(second)]
    if mixed % 4:
        given = _FIRST[(mixed >> 17) % len(_FIRST)] + given
    return SynthPerson(
        name=surname + given,
        id_no=make_id_number(division, born_on, sequence),
        sex=Sex.MALE if is_man else Sex.FEMALE,
        born_on=born_on,
        # 199 is a range of its own, so that nobody's real number is hit by habit.
        phone=f"199{serial % 100_000_000:08d}",
    )


def child(serial: int, family: SynthPerson) -> SynthPerson:
    """A child of somebody, seven to sixteen years old in 2012, with a number of its own."""
    is_boy = serial % 2 == 0
    given = (_SECOND_MEN if is_boy else _SECOND_WOMEN)[serial % 20]
    born_on = _FIRST_CHILD + timedelta(days=serial * 37 % _CHILD_DAYS)
    sequence = 2 * (serial // _CHILD_DAYS) + (1 if is_boy else 0)
    return SynthPerson(
        name=family.name[0] + _FIRST[serial % len(_FIRST)] + given,
        id_no=make_id_number(family.id_no[:6], born_on, sequence),
        sex=Sex.MALE if is_boy else Sex.FEMALE,
        born_on=born_on,
        phone=family.phone,
    )


def old_number(number: str) -> str:
    """The 15-digit form that lists before 2013 still have."""
    return number[:6] + number[8:17]


def employer_name(serial: int, place: str, kind: EmployerType) -> str:
    """The name of an invented employer; the serial number keeps names apart."""
    brand = _BRANDS[serial * 2 % len(_BRANDS)] + _BRANDS[(serial * 7 + 3) % len(_BRANDS)]
    if kind in (EmployerType.INSTITUTION, EmployerType.GOVERNMENT, EmployerType.SOCIAL):
        return f"{place}示例{serial:04d}号{_FORMS[kind]}"
    return f"{place}示例{brand}{serial:04d}{_TRADES[serial % len(_TRADES)]}{_FORMS[kind]}"


def employer_uscc(serial: int, division: str, kind: EmployerType) -> str:
    """A credit code in the series of the kind's registrar."""
    prefix = {
        EmployerType.INSTITUTION: "12",
        EmployerType.GOVERNMENT: "11",
        EmployerType.SOCIAL: "51",
        EmployerType.SELF_EMPLOYED: "92",
        EmployerType.COOPERATIVE: "93",
    }.get(kind, "91")
    return make_uscc(prefix, division, f"{serial:08d}")


def legacy_code(serial: int) -> str:
    """The organisation code that goes with `employer_uscc`."""
    body = f"{serial:08d}"
    return body + organisation_check_char(body)


def union_uscc(serial: int) -> str:
    """A basic union's credit code."""
    return make_uscc("81", "410400", f"{serial:08d}")
