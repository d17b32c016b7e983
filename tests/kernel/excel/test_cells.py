"""One cell at a time: what it means, what was changed, and why it is refused."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.cells import Normalised, normalise
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.workbook import Broken
from tests.kernel.excel.bad_sheets import ID1

DAY = datetime.date(2012, 6, 30)
JUNE = datetime.date(2012, 6, 1)
NATIONS = (("han", "汉族"), ("hui", "回族"), ("none", "其他（无）"))
HOUSEHOLDS = (("farm", "农业户口"), ("town", "非农业户口"))
_SPACED_BAD_CARD = "去掉空格；去掉短横线；卡号校验位不符，请核对（存折账号不必理会）"
_DAMAGED_ACCOUNT = "银行账号疑被Excel改成数字，末几位已丢失，请设为文本格式后重填"
MANY = tuple((str(number), f"第{number}种") for number in range(20))


def heading(kind: CellKind, **more: object) -> Heading:
    return Heading(label="列", kind=kind, **more)  # type: ignore[arg-type] # given by name


def read(kind: CellKind, raw: object, **more: object) -> tuple[object, str]:
    normalised = normalise(raw, heading(kind, **more))
    assert isinstance(normalised, Normalised)
    return normalised.value, normalised.note


def refusal(kind: CellKind, raw: object, **more: object) -> str:
    with pytest.raises(DomainError) as caught:
        normalise(raw, heading(kind, **more))
    return caught.value.message


@pytest.mark.parametrize(
    ("kind", "raw", "value", "note"),
    [
        (CellKind.TEXT, " 市总　工会 ", "市总 工会", "去掉空格"),
        (CellKind.TEXT, "Ａ座３０１（东）", "A座301（东）", "全角转半角"),
        (CellKind.TEXT, 12.0, "12", ""),
        (CellKind.TEXT, 0.1 + 0.2, "0.3", ""),
        (CellKind.TEXT, True, "是", ""),
        (CellKind.TEXT, False, "否", ""),
        (CellKind.TEXT, 7, "7", ""),
        (CellKind.TEXT, DAY, "2012-06-30", ""),
        (CellKind.TEXT, datetime.time(8, 30), "08:30:00", ""),
        (CellKind.TEXT, datetime.timedelta(hours=30), "1 day, 6:00:00", ""),
        (CellKind.TEXT, Decimal("1.50"), "1.50", ""),
        (CellKind.TEXT, "无", "无", ""),
        (CellKind.ID_NUMBER, ID1, ID1, ""),
        (CellKind.ID_NUMBER, f"'{ID1}", ID1, "去掉前面的单引号"),
        (CellKind.ID_NUMBER, 410402800101123.0, ID1, "数字转文本；15位旧号已自动升位，请核对"),
        (CellKind.USCC, "91410402ma40abc13b", "91410402MA40ABC13B", "小写转大写"),
        (CellKind.ACCOUNT, "6222 0000 0000-0000", "6222000000000000", _SPACED_BAD_CARD),
        (CellKind.ACCOUNT, "4111111111111111", "4111111111111111", ""),
        (CellKind.ACCOUNT, 622200001234.0, "622200001234", ""),
        (CellKind.ACCOUNT, "００１２３４５６７８", "0012345678", "全角转半角"),
        (CellKind.PHONE, 13800000000.0, "13800000000", ""),
        (CellKind.PHONE, "138 0000 0000", "13800000000", "去掉空格"),
        (CellKind.PHONE, "0375-2662588", "0375-2662588", ""),
        (CellKind.DATE, datetime.datetime.combine(DAY, datetime.time()), DAY, ""),
        (CellKind.DATE, datetime.datetime.combine(DAY, datetime.time(8)), DAY, "去掉时间"),
        (CellKind.DATE, DAY, DAY, ""),
        (CellKind.DATE, 41090.0, DAY, "Excel日期序号已换算为 2012-06-30"),
        (CellKind.DATE, "2012-6-30", DAY, ""),
        (CellKind.DATE, "2012.6.30", DAY, ""),
        (CellKind.DATE, "2012/06/30", DAY, ""),
        (CellKind.DATE, "20120630", DAY, ""),
        (CellKind.DATE, 20120630.0, DAY, ""),
        (CellKind.DATE, "2012年6月30日", DAY, ""),
        (CellKind.DATE, "2012 年 6 月 30 号", DAY, "去掉空格"),
        (CellKind.DATE, "二〇一二年六月三十日", DAY, ""),
        (CellKind.DATE, "二○一二年十二月十一日", datetime.date(2012, 12, 11), ""),
        (CellKind.DATE, "2012-06-30 08:30:00", DAY, "去掉时间"),
        (CellKind.DATE, "２０１２－６－３０", DAY, "全角转半角"),
        (CellKind.MOMENT, "2012-6-30", DAY, ""),
        (CellKind.MONTH, "2012年6月", JUNE, ""),
        (CellKind.MONTH, "2012年6月份", JUNE, ""),
        (CellKind.MONTH, "2012-06", JUNE, ""),
        (CellKind.MONTH, "201206", JUNE, ""),
        (CellKind.MONTH, 201206.0, JUNE, ""),
        (CellKind.MONTH, 2012.6, JUNE, "已改写为 2012年6月"),
        (CellKind.MONTH, "2012-6-30", JUNE, ""),
        (CellKind.MONTH, DAY, JUNE, ""),
        (CellKind.MONTH, 41090.0, JUNE, "Excel日期序号已换算为 2012-06-30"),
        (CellKind.MONTH, "二〇一二年六月", JUNE, ""),
        (CellKind.INTEGER, "1,234", 1234, ""),
        (CellKind.INTEGER, "１２３", 123, "全角转半角"),
        (CellKind.INTEGER, 12.0, 12, ""),
        (CellKind.INTEGER, "12人", 12, "去掉“人”"),
        (CellKind.INTEGER, "-3", -3, ""),
        (CellKind.INTEGER, "+3.0", 3, ""),
        (CellKind.DECIMAL, 0.1 + 0.2, Decimal("0.3"), ""),
        (CellKind.DECIMAL, 0.00001, Decimal("0.00001"), ""),
        (CellKind.DECIMAL, "99.5%", Decimal("99.5"), "去掉“%”"),
        (CellKind.MONEY, "￥1,234.50", Decimal("1234.50"), "全角转半角"),
        (CellKind.MONEY, 1234.5, Decimal("1234.50"), ""),
        (CellKind.MONEY, "3.5万元", Decimal("35000.00"), "换算为 35,000.00 元"),
        (CellKind.MONEY, "200元", Decimal("200.00"), ""),
        (CellKind.FLAG, "√", True, ""),
        (CellKind.FLAG, "Y", True, ""),
        (CellKind.FLAG, 1.0, True, ""),
        (CellKind.FLAG, True, True, ""),
        (CellKind.FLAG, "有", True, ""),
        (CellKind.FLAG, "对号", True, ""),
        (CellKind.FLAG, "×", False, ""),
        (CellKind.FLAG, "无", False, ""),
        (CellKind.FLAG, 0.0, False, ""),
        (CellKind.FLAG, "/", None, "“/”按未填写处理"),
        (CellKind.PHONE, "无", None, "“无”按未填写处理"),
        (CellKind.DATE, "——", None, "“——”按未填写处理"),
        (CellKind.NAME, "王  伟", "王伟", "去掉空格"),
        (CellKind.NAME, "阿卜杜拉•买买提", "阿卜杜拉·买买提", "间隔号统一为“·”"),
        (CellKind.NAME, "买买提 · 艾力", "买买提·艾力", "去掉空格"),
        (CellKind.NAME, "Ｊｏｈｎ　 Smith", "John Smith", "去掉空格；全角转半角"),
        (CellKind.NAME, "王\ue123", "王\ue123", "含有自造字，别的电脑可能显示不出，请核对"),
        (CellKind.NAME, "𠮷伟", "𠮷伟", ""),
        (CellKind.NAME, "", None, ""),
        (CellKind.NAME, None, None, ""),
    ],
)
def test_a_cell_means(kind: CellKind, raw: object, value: object, note: str) -> None:
    assert read(kind, raw) == (value, note)


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        (
            CellKind.ID_NUMBER,
            4.10402198001011e17,
            "证件号码被Excel改成数字，请用模板（文本格式）重新填写",
        ),
        (CellKind.ID_NUMBER, "410402198001011235", "身份证号第18位校验不符，请核对"),
        (CellKind.USCC, 9.1e17, "代码被Excel改成数字，请用模板（文本格式）重新填写"),
        (CellKind.USCC, "91410402MA40ABC13C", "统一社会信用代码校验不符"),
        (CellKind.ACCOUNT, 6.2220000000000e15, _DAMAGED_ACCOUNT),
        (CellKind.ACCOUNT, "6.222E+15", _DAMAGED_ACCOUNT),
        (CellKind.ACCOUNT, "农行6222", "银行账号应为8至32位数字，填的是“农行6222”，请核对。"),
        (CellKind.PHONE, "13800000000、13900000000", "一格里有几个电话，请只填一个。"),
        (
            CellKind.PHONE,
            3752662588.0,
            "“3752662588”像是区号前的 0 被Excel去掉了，请用文本格式重新填写。",
        ),
        (CellKind.PHONE, "12345", "电话应为11位手机号或固定电话（如0375-2662588），请核对"),
        (
            CellKind.DATE,
            "6/30/2012",
            "“6/30/2012”的年份在最后，无法判断哪个是月、哪个是日，请写成 2012-06-30 的样子。",
        ),
        (
            CellKind.DATE,
            "12年6月30日",
            "“12年6月30日”的年份只有两位，无法判断是哪一年，请写成 2012-06-30 的样子。",
        ),
        (CellKind.DATE, "2012年6月", "“2012年6月”没有写明到哪一天，请写成 2012-06-30 的样子。"),
        (CellKind.DATE, 2012.0, "“2012”没有写明到哪一天，请写成 2012-06-30 的样子。"),
        (CellKind.DATE, 12.0, "“12”不是日期，请写成 2012-06-30 的样子。"),
        (CellKind.DATE, "去年", "“去年”不是日期，请写成 2012-06-30 的样子。"),
        (CellKind.DATE, "2012-13-01", "日期“2012-13-01”不存在，请核对。"),
        (
            CellKind.MONTH,
            2012.1,
            "“2012.1”可能是 2012 年 1 月，也可能是 10 月（Excel 去掉了末尾的 0），请写成“2012年1月”或“2012年10月”。",
        ),
        (CellKind.MONTH, 2012.13, "日期“2012.13”不存在，请核对。"),
        (CellKind.INTEGER, 12.5, "“列”应为整数，填的是“12.5”，请核对。"),
        (CellKind.INTEGER, "约12", "“列”应为整数，填的是“约12”，请核对。"),
        (CellKind.INTEGER, DAY, "“列”应为整数，填的是“2012-06-30”，请核对。"),
        (CellKind.INTEGER, True, "“列”应为整数，填的是“是”，请核对。"),
        (CellKind.DECIMAL, "1,23", "“列”应为数字，填的是“1,23”，请核对。"),
        (CellKind.MONEY, 33.333, "金额33.333元的小数超过两位，请精确到分"),
        (CellKind.MONEY, DAY, "金额“2012-06-30”不是数字，请核对。"),
        (CellKind.FLAG, "也许", "“列”只能填“是”或“否”，填的是“也许”。"),
        (
            CellKind.NAME,
            "张三（班长）",
            "“列”里有不属于姓名的内容：“张三(班长)”。请只填一个人的姓名，职务、电话等填在别的列。",
        ),
        (
            CellKind.NAME,
            "张三、李四",
            "“列”里有不属于姓名的内容：“张三、李四”。请只填一个人的姓名，职务、电话等填在别的列。",
        ),
        (
            CellKind.TEXT,
            Broken("#REF!"),
            "单元格是错误值 #REF!，请改成具体内容（复制后选择性粘贴为数值）。",
        ),
    ],
)
def test_a_cell_is_refused(kind: CellKind, raw: object, message: str) -> None:
    assert refusal(kind, raw) == message


@pytest.mark.parametrize("raw", ["", "  ", None, "/", "无"])
def test_a_required_cell_may_not_say_nothing(raw: object) -> None:
    assert refusal(CellKind.INTEGER, raw, required=True) == "“列”必填，不能为空。"


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("汉族", "han", ""),
        (" 汉 族", "han", ""),
        ("汉", "han", "“汉”按“汉族”处理"),
        ("hui", "hui", ""),
        ("其他(无)", "none", ""),
        ("-", None, "“-”按未填写处理"),
    ],
)
def test_a_choice_is_found_by_label_value_or_beginning(raw: str, value: object, note: str) -> None:
    assert read(CellKind.CHOICE, raw, choices=NATIONS) == (value, note)


def test_a_choice_is_never_found_by_the_middle_of_a_word() -> None:
    assert read(CellKind.CHOICE, "农业", choices=HOUSEHOLDS) == ("farm", "“农业”按“农业户口”处理")
    assert read(CellKind.CHOICE, "无", choices=(("no", "无"),)) == ("no", "")
    assert refusal(CellKind.CHOICE, "业户口", choices=HOUSEHOLDS) == (
        "“列”只能填：农业户口、非农业户口，填的是“业户口”。"
    )


def test_a_long_list_of_choices_is_shown_by_its_beginning() -> None:
    shown = "、".join(f"第{number}种" for number in range(12))
    assert (
        refusal(CellKind.CHOICE, "别的", choices=MANY) == f"“列”只能填：{shown}等，填的是“别的”。"
    )
    assert refusal(CellKind.CHOICE, "()", choices=MANY) == f"“列”只能填：{shown}等，填的是“()”。"


def test_a_sign_after_a_choice_is_tolerated_only_if_it_says_the_same() -> None:
    sexes = (("male", "男"), ("female", "女"))
    assert read(CellKind.CHOICE, "男性", choices=sexes) == ("male", "“男性”按“男”处理")
    assert refusal(CellKind.CHOICE, "男女", choices=sexes) == "“列”只能填：男、女，填的是“男女”。"


def test_money_takes_the_unit_of_the_sheet_before_that_of_the_column() -> None:
    column = heading(CellKind.MONEY, unit="万元")
    assert normalise(3.0, column) == Normalised(Decimal("30000.00"), "按万元换算为 30,000.00 元")
    assert normalise(3.0, column, unit="元") == Normalised(Decimal("3.00"))
    assert normalise("3元", column) == Normalised(Decimal("3.00"))


def test_a_credit_code_of_the_wrong_side_is_refused() -> None:
    assert refusal(CellKind.USCC, "81410400MC12345664", union=False) == (
        "该代码是工会法人代码（8开头），请填用人单位代码"
    )


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    assert normalise(39628.0, heading(CellKind.DATE), date1904=True).value == DAY
