from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import (
    CONVERTED,
    DAMAGED_BY_EXCEL,
    IdNumber,
    checked_phone,
    id_check_char,
    make_id_number,
    make_uscc,
    mask_id,
    mask_name,
    mask_phone,
    normalise_id,
    organisation_check_char,
    parse_id_number,
    parse_organisation_code,
    parse_uscc,
    uscc_check_char,
)


def message_of(call, *args, **kwargs):
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "born_on"),
    [("410402198001011236", date(1980, 1, 1)), ("410423197506300014", date(1975, 6, 30))],
)
def test_the_sample_numbers_are_valid(text, born_on):
    assert parse_id_number(text) == IdNumber(value=text, born_on=born_on, sex="male")
    assert parse_id_number(text).warning == ""


def test_an_even_seventeenth_digit_is_a_woman():
    value = make_id_number("410402", date(1990, 3, 8), 122)
    assert parse_id_number(value).sex == "female"


def test_full_width_blanks_lower_x_and_apostrophes_are_tidied():
    value = next(
        number
        for number in (make_id_number("410402", date(1980, 1, 1), n) for n in range(50))
        if number.endswith("X")
    )
    wide = "".join(chr(ord(char) + 0xFEE0) for char in value[:17])
    assert parse_id_number(f"'{wide[:6]} {wide[6:]}\u200bx\u3000").value == value
    assert normalise_id(" ａｂ１２ｘ ") == "AB12X"


def test_an_old_number_is_lengthened_with_a_warning():
    number = parse_id_number("410402800101123")
    assert number.value == "410402198001011236"
    assert number.converted is True
    assert number.warning == CONVERTED == "15位旧号已自动升位，请核对"
    assert parse_id_number(410402800101123) == number


def test_a_wrong_check_character_is_refused():
    assert message_of(parse_id_number, "410402198001011235") == "身份证号第18位校验不符，请核对"


@pytest.mark.parametrize("text", ["410402198002301236", "410402198013011236", "410402800230123"])
def test_a_day_that_does_not_exist_is_refused(text):
    assert message_of(parse_id_number, text) == "出生日期不存在"


def test_a_day_still_to_come_is_refused_and_today_is_not():
    with clock.at(date(2012, 8, 15)):
        assert parse_id_number(make_id_number("410402", date(2012, 8, 15), 1)).sex == "male"
        late = make_id_number("410402", date(2012, 8, 16), 1)
        assert message_of(parse_id_number, late) == "出生日期不存在（晚于今天）"


@pytest.mark.parametrize(
    "text",
    [
        "4.10402E+17",
        "4.10402198001011E17",
        "4e17",
        4.10402198001011e17,
        4.10402e14,
        "4104021980010110",
        "41040219800101100",
        "410402198001011000",
    ],
)
def test_a_number_damaged_by_a_spreadsheet_is_named_as_such(text):
    assert message_of(parse_id_number, text) == DAMAGED_BY_EXCEL
    assert DAMAGED_BY_EXCEL == "证件号码被Excel改成数字，请用模板（文本格式）重新填写"


def test_a_true_number_may_end_in_three_zeros():
    value = next(
        number
        for day in range(1, 29)
        for number in [make_id_number("410402", date(1980, 1, day), 300)]
        if number.endswith("000")
    )
    assert parse_id_number(value).value == value


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("41040219800101123", 17), ("41040219800101123A", 18)]
)
def test_any_other_form_is_refused(text, length):
    assert message_of(parse_id_number, text) == (
        f"身份证号应为18位（末位可为X），现有{length}位或含其他字符，请核对"
    )


def test_sex_and_birthday_are_compared_with_the_number():
    number = parse_id_number("410402198001011236")
    number.must_match()
    number.must_match(sex="male", born_on=date(1980, 1, 1))
    assert message_of(number.must_match, sex="female") == "性别与身份证号不一致"
    assert message_of(number.must_match, born_on=date(1980, 1, 2)) == "出生日期与身份证号不一致"


@pytest.mark.parametrize(("division", "sequence"), [("4104", 1), ("410402", 1000), ("410402", -1)])
def test_no_number_is_made_from_nonsense(division, sequence):
    with pytest.raises(ValueError, match="no identity number"):
        make_id_number(division, date(1980, 1, 1), sequence)


def test_check_characters_are_those_of_the_standards():
    assert id_check_char("41040219800101123") == "6"
    assert uscc_check_char("91410402MA40ABC13") == "B"
    assert organisation_check_char("MA40ABC1") == "3"


def test_the_sample_credit_codes_are_valid():
    assert parse_uscc("91410402ma40abc13b", union=False) == "91410402MA40ABC13B"
    assert parse_uscc("８１410400MC12345664", union=True) == "81410400MC12345664"
    assert parse_uscc("81410400MC12345664") == "81410400MC12345664"


def test_a_union_code_is_refused_for_an_employer_and_the_other_way_round():
    assert message_of(parse_uscc, "81410400MC12345664", union=False) == (
        "该代码是工会法人代码（8开头），请填用人单位代码"
    )
    assert message_of(parse_uscc, "91410402MA40ABC13B", union=True) == (
        "该代码不是工会法人代码（8开头），请填工会的统一社会信用代码"
    )


def test_a_credit_code_of_the_wrong_form_is_refused():
    right = "统一社会信用代码应为18位数字或字母（不含I、O、Z、S、V），请核对"
    assert message_of(parse_uscc, "91410402MA40ABC13") == right
    assert message_of(parse_uscc, "91410402MA40ABCI3B") == right


def test_both_check_characters_of_a_credit_code_are_tested():
    assert message_of(parse_uscc, "91410402MA40ABC13C") == "统一社会信用代码校验不符"
    first17 = "91410402MA40ABC14"  # the organisation code inside is wrong
    wrong_inside = first17 + uscc_check_char(first17)
    assert message_of(parse_uscc, wrong_inside) == "统一社会信用代码校验不符"


def test_an_old_organisation_code_is_checked():
    assert parse_organisation_code(" ma40abc1-3") == "MA40ABC13"
    assert message_of(parse_organisation_code, "MA40ABC1") == (
        "组织机构代码应为9位数字或字母，请核对"
    )
    assert message_of(parse_organisation_code, "MA40ABC14") == "组织机构代码校验不符，请核对"


def test_made_credit_codes_are_valid():
    assert make_uscc("91", "410402", "MA40ABC1") == "91410402MA40ABC13B"
    for wrong in ("MA40ABC", "MA40ABCI"):
        with pytest.raises(ValueError, match="no credit code"):
            make_uscc("91", "410402", wrong)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("１３８ 3751 2345", "13837512345"),
        ("+86 138-3751-2345", "13837512345"),
        ("8613837512345", "13837512345"),
        ("（0375）2662588", "0375-2662588"),
        ("010-86123456", "010-86123456"),
        ("86123456", "86123456"),
        ("2662588", "2662588"),
    ],
)
def test_telephone_numbers_are_tidied(text, right):
    assert checked_phone(text) == right


@pytest.mark.parametrize("text", ["", "12837512345", "1383751234", "0375-1662588", "电话"])
def test_other_telephone_numbers_are_refused(text):
    assert message_of(checked_phone, text) == (
        "电话应为11位手机号或固定电话（如0375-2662588），请核对"
    )


def test_identity_numbers_are_masked():
    assert mask_id("410402198001011236") == "410402********1236"
    assert mask_id("410402800101123") == "410402*****1123"
    assert mask_id("E12345678") == "E1*****78"
    assert mask_id("E123") == "****"
    assert mask_id("") == ""


def test_telephone_numbers_are_masked():
    assert mask_phone("13837512345") == "138****2345"
    assert mask_phone("2662588") == "****588"
    assert mask_phone("110") == "***"


def test_names_are_masked():
    assert mask_name("王五") == "王*"
    assert mask_name("王菊红") == "王**"
    assert mask_name("") == ""
