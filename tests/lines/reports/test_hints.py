"""Hints: the time basis of a figure (C09), and sums that rest on the same records (C11)."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.kernel.registers.write import perform
from gonghui.lines.reports.models import Edition
from gonghui.lines.reports.services import latest_version, take_back
from tests.kernel.docx.word import texts
from tests.lines.reports.conftest import AS_OF, cleared
from tests.lines.reports.test_documents import edited
from tests.lines.reports.test_editing import the_edit, typed
from tests.lines.reports.test_final_check import told
from tests.lines.reports.test_screens import browser

HALF = "{{数 走访金额 上半年}}"
TO_DATE = "{{数 走访金额}}"
JULY = "{{数 走访金额 2012年7月}}"
STATIONS = "{{数 站点数}}"


def hints(document, rule: str) -> list[tuple[str, str]]:
    """Place and text of the hints of a rule."""
    return [(place, says) for place, found, says in told(document, errors=False) if found == rule]


# C09


@pytest.mark.parametrize(
    "sentence",
    [
        f"上半年，全市走访金额{HALF}元。",
        f"今年上半年走访金额{HALF}元。",
        f"截止6月底，走访金额{HALF}元。",
        f"截至2012年6月30日走访金额{HALF}元。",
        f"1至6月走访金额{HALF}元。",
        f"今年以来，走访金额{TO_DATE}元。",
        f"截至目前，走访金额{TO_DATE}元，现有站点{STATIONS}个。",
        f"今年走访金额{HALF}元。",
        f"2012年走访金额{TO_DATE}元。",
        f"7月份走访金额{JULY}元。",
        f"目前，走访已经铺开；走访金额{HALF}元。",
        f"5月15日召开会议，走访金额{HALF}元。",
        f"今年以来，广泛动员，活动开展以来走访金额{HALF}元。",
        f"走访金额{HALF}元，目前正在收尾。",
    ],
)
def test_words_that_fit_the_days_give_no_hint(office, figures, sentence):
    assert hints(office.report(sentence), "C09") == []


@pytest.mark.parametrize(
    ("sentence", "word", "of_days"),
    [
        (f"目前，走访金额{HALF}元。", "目前", "2012年上半年"),
        (f"截止目前已走访{HALF}元。", "截止目前", "2012年上半年"),
        (f"今年以来走访金额{HALF}元。", "今年以来", "2012年上半年"),
        (f"上半年走访金额{TO_DATE}元。", "上半年", "2012年1月1日至8月15日"),
        (f"截至7月底走访金额{HALF}元。", "截至7月底", "2012年上半年"),
        (f"3月份走访金额{HALF}元。", "3月份", "2012年上半年"),
        (f"去年走访金额{HALF}元。", "去年", "2012年上半年"),
        (f"二季度走访金额{HALF}元。", "二季度", "2012年上半年"),
        (f"上半年工作扎实，目前走访金额{HALF}元。", "目前", "2012年上半年"),
    ],
)
def test_words_that_do_not_fit_are_told_with_the_days(office, figures, sentence, word, of_days):
    document = office.report(sentence)
    ((place, says),) = hints(document, "C09")
    assert place == "第2段"
    assert says.startswith(f"“{word}”后面的“走访金额”")
    assert says.endswith(f"取的是{of_days}的数。")


def test_a_stock_is_judged_by_its_day(office, figures):
    assert hints(office.report(f"上半年站点{STATIONS}个。"), "C09") == [
        ("第2段", "“上半年”后面的“站点数”2取的是2012年8月15日的数。")
    ]
    assert hints(office.report("截至6月底站点{{数 站点数 截至2012-06-30}}个。"), "C09") == []


def test_a_hint_does_not_stop_the_final_check(office, figures):
    document = office.report(f"目前，走访金额{HALF}元。")
    assert len(hints(document, "C09")) == 1
    assert cleared(office, document).state == "final_check"


def test_a_word_typed_into_a_returned_file_is_judged(office, figures):
    document = office.report(f"上半年走访金额{HALF}元。")
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "上半年走访金额", "目前走访金额"), office.dept)
    assert [place for place, _ in hints(document, "C09")] == ["第2段"]


def test_a_figure_cited_on_another_basis_is_judged_by_that(office, figures):
    document = office.report(f"今年以来走访金额{HALF}元。")
    assert len(hints(document, "C09")) == 1
    typed(office, document, "548")
    year = {"cited_from": date(2012, 1, 1), "cited_to": AS_OF, "cited_as_of": AS_OF}
    perform(the_edit(document), "recite", by=office.dept, **year)
    assert hints(document, "C09") == []


# C11


WHOLE, COUNTY = "全市走访{{数 走访金额 上半年}}元。", "甲县走访{{数 走访金额 甲县 上半年}}元。"


def test_sums_that_rest_on_the_same_records_are_told(office, figures):
    document = office.report("一、走访", WHOLE, COUNTY)
    assert hints(document, "C11") == [
        ("第4段", "“走访金额”47与第3段“走访金额”547有相同的记录，文中没有写明包含关系。")
    ]
    assert cleared(office, document).state == "final_check"


@pytest.mark.parametrize(
    "blocks",
    [
        (WHOLE, f"其中{COUNTY}"),
        ("全市走访{{数 走访金额 上半年}}元（含甲县）。", COUNTY),
        (WHOLE, "甲县七月走访{{数 走访金额 甲县 2012年7月}}元。"),
        ("甲县走访{{数 走访金额 甲县 上半年}}元。", "乙县走访{{数 走访金额 乙县 上半年}}元。"),
        (WHOLE, WHOLE),
        (WHOLE, "二、站点", COUNTY),
        (WHOLE, "走访对象{{数 走访对象数 上半年}}人。"),
    ],
)
def test_sums_that_say_so_or_share_nothing_are_not(office, figures, blocks):
    assert hints(office.report("一、走访", *blocks), "C11") == []


def test_both_stand_in_the_check_sheet_and_on_the_page(office, figures):
    blocks = ("一、走访", WHOLE, f"目前，{COUNTY}")
    time = "第4段：“目前”后面的“走访金额”47取的是2012年上半年的数。"
    overlap = "第4段：“走访金额”47与第3段“走访金额”547有相同的记录"
    document = office.report(*blocks, edition=Edition.REVIEW)
    review = texts(bytes(latest_version(document).file.content))["正文"]
    client = browser(office.dept)
    sheet = client.get(f"/reports/versions/{latest_version(document).pk}/sheet/").content
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    for line in (time, overlap):
        assert any(each.startswith(line) for each in review)
        assert any(each.startswith(line) for each in texts(sheet)["正文"])
        assert line in page


# Words that could be better


def test_a_phrase_that_is_far_from_its_value_is_hinted_at(office, figures):
    document = office.report(
        "走访{{数 走访金额 上半年 以上 取整400}}元，{{数 走访金额 上半年}}元。"
    )
    why = "准确值547比400多出37%，可写“547”或“540余”或“近550”"
    assert hints(document, "说法") == [("第2段", f"“走访金额”400以上：{why}")]
    assert cleared(office, document).state == "final_check"
