"""Each bank has its own file and its own answer; what they mean stays the same."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import change, create
from gonghui.shared.funds.models import BankTemplate
from gonghui.shared.funds.services import bank, paying
from gonghui.shared.funds.services.moving import account_number
from tests.shared.funds.test_money import lines_of, sums_agree

DAY = date(2012, 3, 15)
OUT = "批内号=序号\n收款账号=账号\n收款户名=户名\n金额（分）=金额\n用途=附言"
BACK = "批内号=序号\n收款账号=账号\n金额（分）=金额\n返回码=结果\n流水=不用"


def template(county, direction="out", **more):
    given = {
        "bank": "农商行",
        "direction": direction,
        "file_type": "txt",
        "delimiter": "|",
        "has_header": False,
        "columns": OUT if direction == "out" else BACK,
        "unit": "cent",
    }
    return create(BankTemplate, by=county.finance, org=county.org, **given | more)


@pytest.fixture
def sent(county, people):
    """Sends a batch of three payments in the format of a template."""

    def send(chosen):
        batch = county.batch(county.fund(10_000), people(3), 700, form="bank")
        return county.sent(change(batch, by=county.maker, bank_template=chosen))

    return send


def test_a_text_in_cents_without_headings_is_what_the_bank_wants(county, sent):
    batch = sent(template(county))
    data = bank.download(batch, by=county.cashier)
    first = lines_of(batch)[0]
    number = account_number(first.account)
    assert data.decode("gb18030").splitlines()[0] == (
        f"1|{number}|{first.person.name}|70000|{batch.title}"
    )
    assert bank.download(batch, by=county.finance) == data


def test_a_workbook_is_the_same_at_every_download(county, sent):
    batch = sent(template(county, file_type="xlsx", has_header=True, unit="yuan"))
    data = bank.download(batch, by=county.cashier)
    rows = list(load_workbook(BytesIO(data)).active.values)
    assert rows[0] == ("批内号", "收款账号", "收款户名", "金额（分）", "用途")
    assert [row[3] for row in rows[1:]] == ["700.00"] * 3
    assert len(rows) == 4
    assert bank.download(batch, by=county.finance) == data


def answered(batch, *codes):
    return "".join(
        f"{line.seq}|{account_number(line.account)}|70000|{code}|T{line.seq}\r\n"
        for line, code in zip(lines_of(batch), codes, strict=True)
    ).encode("gb18030")


def test_the_answer_is_read_in_the_banks_own_words(county, sent):
    template(county, "return", success_codes="00、0000", fail_codes="E01=户名不符\nE02=账户已销")
    batch = sent(template(county))
    with pytest.raises(DomainError, match="不认识的处理结果“E09”"):
        bank.take_answer(
            batch,
            answered(batch, "00", "E01", "E09"),
            file_name="a",
            value_on=DAY,
            by=county.cashier,
        )
    taken = bank.take_answer(
        batch, answered(batch, "00", "E01", "E02"), file_name="b", value_on=DAY, by=county.cashier
    )
    assert (taken.paid_count, taken.failed_count) == (1, 2)
    assert [line.fail_text for line in lines_of(batch)] == ["", "户名不符", "账户已销"]
    assert sums_agree(batch.fund)
    again = paying.reissue(batch, by=county.maker)
    assert again.bank_template == batch.bank_template


def test_an_answer_in_another_encoding_or_unit_is_refused(county, sent):
    template(county, "return", success_codes="00", encoding="utf-8", unit="yuan")
    batch = sent(template(county))
    with pytest.raises(DomainError, match="金额与批次不符"):
        bank.take_answer(
            batch, answered(batch, "00", "00", "00"), file_name="a", value_on=DAY, by=county.cashier
        )
    with pytest.raises(DomainError, match="不是UTF-8编码"):
        bank.take_answer(
            batch, "职工".encode("gb18030"), file_name="b", value_on=DAY, by=county.cashier
        )


def test_a_bank_takes_so_many_payments_in_one_file(county, sent):
    with pytest.raises(DomainError, match="农商行每个文件最多2笔，本批3笔"):
        sent(template(county, most_rows=2))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"columns": "序号=序号\n账号=账号\n金额=金额"}, "缺少内容：户名"),
        ({"columns": OUT + "\n星座=星座"}, "没有“星座”这一项"),
        ({"columns": "序号"}, "应写成“列名=内容”"),
        ({"delimiter": ""}, "须填写分隔符"),
        ({"fail_codes": "E01"}, "应写成“返回码=原因”"),
    ],
)
def test_a_template_that_could_not_work_is_refused(county, more, words):
    with pytest.raises(DomainError, match=words):
        template(county, **more)


def test_a_batch_is_not_sent_in_the_format_of_an_answer(county, people):
    batch = county.batch(county.fund(1000), people(1), form="bank")
    with pytest.raises(DomainError, match="请选择代发文件的模板"):
        change(batch, by=SYSTEM, bank_template=template(county, "return"))


def test_a_name_with_the_delimiter_in_it_spoils_no_file(county, people):
    batch = county.batch(county.fund(1000), people(1), form="bank")
    chosen = template(county, delimiter="批")
    with pytest.raises(DomainError, match="含有分隔符“批”"):
        county.sent(change(batch, by=county.maker, bank_template=chosen))


def test_a_file_that_is_no_csv_is_refused_in_words(county, sent):
    batch = sent(template(county))
    template(county, "return", file_type="csv", delimiter="")
    data = ('"' + "x" * 200_000).encode("gb18030")
    with pytest.raises(DomainError, match="文件不是CSV格式"):
        bank.take_answer(batch, data, file_name="a.csv", value_on=DAY, by=county.cashier)
