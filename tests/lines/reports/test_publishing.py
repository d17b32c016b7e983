"""What was published stays known; a later document that tells another value is stopped (C10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Reminder, Task
from gonghui.lines.reports.models import Contradiction, PublishedFigure, ReportDoc
from gonghui.lines.reports.phrases import holds
from gonghui.lines.reports.services import fill, latest_version, take_back
from gonghui.lines.statistics.models import CorrectionRequest, SealedSet, StatPeriod
from tests.lines.reports.conftest import AS_OF, SENTENCE, issued, signed
from tests.lines.reports.test_documents import edited
from tests.lines.reports.test_screens import browser
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

LATER = date(2012, 8, 20)
WHY = "因一笔走访登记有误，已核减15元。"


@pytest.fixture
def first(office, figures) -> ReportDoc:
    """547 for the first half was issued as of 15 August."""
    return issued(office, office.report(title="半年工作报告"), "平工〔2012〕50号")


@pytest.fixture
def corrected(first):
    """Afterwards 15 yuan turn out to be wrong: the first half has 532."""
    with clock.at(LATER):
        visit = Visit._unscoped.get(title="甲")
        change(visit, by=SYSTEM, amount=Decimal(32))


def later(office, *blocks: str, **more) -> ReportDoc:
    with clock.at(LATER):
        return office.report(*blocks, title="情况通报", as_of=LATER, **more)


def listed(document: ReportDoc) -> list[Contradiction]:
    with acting(SYSTEM):
        return list(Contradiction.objects.filter(document=document).order_by("id"))


def test_every_figure_of_an_issued_report_is_kept(office, first):
    with acting(office.dept):
        whole, county = PublishedFigure.objects.order_by("id")
    assert (whole.indicator, whole.value, whole.printed) == ("sample.visit_amount", 547, "547")
    assert (whole.period, whole.as_of, whole.place) == ("2012年上半年", "2012-08-15", "第2段")
    assert (whole.period_from, whole.period_to) == (date(2012, 1, 1), date(2012, 6, 30))
    assert (whole.doc_no, whole.issued_on) == ("平工〔2012〕50号", AS_OF)
    assert (whole.about, county.about) == (office.tree.city, office.tree.county)
    assert str(whole) == "《半年工作报告》第2段“走访金额”547"
    for attempt in (
        lambda: change(whole, by=office.dept, printed="550"),
        lambda: void(whole, by=office.dept, reason="不想要"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_signed_report_has_published_nothing_yet(office, figures):
    signed(office, office.report())
    with acting(SYSTEM):
        assert PublishedFigure.objects.count() == 0


def test_an_issued_report_is_not_voided(office, first):
    with pytest.raises(DomainError, match="另行印发更正"):
        void(first, by=office.dept, reason="数有误")


def test_a_second_document_that_quotes_532_for_the_same_days_is_stopped(office, corrected):
    document = later(office)
    whole, county = listed(document)
    assert whole.says == (
        "第2段“走访金额”2012年上半年为“532”（截至2012-08-20），"
        "2012-08-15印发的《半年工作报告》第2段“走访金额”547（截至2012-08-15），两处不一致。"
    )
    assert county.says.startswith("第2段“走访金额”（甲县总工会）2012年上半年为“32”")
    with acting(SYSTEM):
        (task, _) = Task.objects.filter(register="reports.contradiction", closed_at=None)
    assert task.roles == ["dept"]
    with clock.at(LATER), pytest.raises(DomainError) as stopped:
        signed(office, document)
    for part in ("终核还有2处错误", "截至2012-08-20", "截至2012-08-15", "取数时点"):
        assert part in stopped.value.message
    with acting(SYSTEM):
        assert ReportDoc.objects.get(pk=document.pk).state == "reviewing"


def test_the_same_cut_off_or_other_days_are_no_contradiction(office, corrected):
    with clock.at(LATER):
        same = office.report(title="同一时点")
    assert listed(same) == []
    for days in ("截至2012-08-20", "2012年"):
        assert listed(later(office, f"走访金额{{{{数 走访金额 {days}}}}}元。")) == []
    neighbour = later(office, "乙县{{数 走访金额 乙县 上半年}}元。")
    assert listed(neighbour) == []


def test_a_rounder_phrase_that_is_true_of_both_is_none_either(office, corrected):
    assert listed(later(office, "走访{{数 走访金额 上半年 余 取整100}}元。")) == []
    assert len(listed(later(office, "走访{{数 走访金额 上半年 多 取整10}}元。"))) == 1


def test_filling_with_what_was_published_settles_it(office, corrected):
    document = later(office)
    with clock.at(LATER):
        document = change(ReportDoc._unscoped.get(pk=document.pk), by=office.dept, as_of=AS_OF)
        fill(document, office.dept)
        assert [each.state for each in listed(document)] == ["settled", "settled"]
        assert signed(office, document).state == "signed"


def test_the_text_itself_must_say_why(office, corrected):
    document = later(office)
    whole, county = listed(document)
    with clock.at(LATER):
        with pytest.raises(DomainError, match="第1稿（生成，正式版）里没有这句话"):
            perform(whole, "explain", by=office.dept, explanation=WHY)
        with pytest.raises(DomainError, match="请填写文中说明的原句"):
            perform(whole, "explain", by=office.dept, explanation=" ")
        with pytest.raises(NotAllowed):
            perform(whole, "explain", by=office.leader, explanation=WHY)
        explained = later(office, SENTENCE, WHY)
        for each in listed(explained):
            perform(each, "explain", by=office.dept, explanation=f" {WHY[:8]} {WHY[8:]}")
        second = issued(office, explained, "平工〔2012〕51号")
    assert second.state == "issued"
    # What was published last counts from now on: 532 is no contradiction any more, 547 is one.
    assert [each.state for each in listed(document)] == ["settled", "settled"]
    with clock.at(LATER):
        assert len(listed(office.report(title="旧数"))) == 2
    assert county.state == "open"


def test_a_sentence_that_a_later_version_drops_explains_nothing(office, corrected):
    document = later(office, SENTENCE, WHY)
    with clock.at(LATER):
        for each in listed(document):
            perform(each, "explain", by=office.dept, explanation=WHY)
        docx = bytes(latest_version(document).file.content)
        take_back(document, edited(docx, WHY, "数据已经核实。"), office.dept)
        with pytest.raises(DomainError, match="终核还有2处错误"):
            signed(office, document)


def test_what_is_issued_meanwhile_is_noticed_by_the_documents_at_work(office, figures):
    second = office.report(title="情况通报")
    with clock.at(LATER):
        change(Visit._unscoped.get(title="甲"), by=SYSTEM, amount=Decimal(32))
        issued(office, office.report(title="更正", as_of=LATER), "平工〔2012〕52号")
    assert [each.state for each in listed(second)] == ["open", "open"]
    void(second, by=office.dept, reason="不再使用")
    assert [each.state for each in listed(second)] == ["settled", "settled"]


def test_a_correction_of_the_period_is_told_to_those_who_answer_for_the_document(office, first):
    half = {"kind": "half", "start_on": date(2012, 1, 1), "end_on": date(2012, 6, 30)}
    period = create(StatPeriod, by=office.dept, org=office.tree.city, **half)
    period = perform(period, "start", by=office.dept)
    period = perform(period, "close", by=office.dept, exceptions="两县电话核实，补签另存。")
    perform(period, "seal", by=office.leader)
    with clock.at(LATER):
        change(Visit._unscoped.get(title="甲"), by=SYSTEM, amount=Decimal(32))
        with acting(SYSTEM):
            sealed = SealedSet.objects.get(period=period)
        asked = create(
            CorrectionRequest,
            by=office.dept,
            org=office.tree.city,
            sealed_set=sealed,
            what="上半年走访金额核减15元",
            cause="一笔登记有误",
        )
        perform(asked, "approve", by=office.leader, published_note="上半年走访金额更正为532元。")
    with acting(SYSTEM):
        reminder = Reminder.objects.get(register="reports.document")
    assert (reminder.record_id, reminder.roles) == (first.pk, ["dept", "leader"])
    assert "《半年工作报告》中有2个数与现时数不符：走访金额547、走访金额47。" in reminder.message


def test_a_county_sees_none_of_it(office, corrected):
    later(office)
    with acting(actor_with(Role.COUNTY, org=office.tree.county)):
        assert (PublishedFigure.objects.count(), Contradiction.objects.count()) == (0, 0)


def test_the_pages_show_both_places_and_what_to_do(office, corrected):
    document = later(office)
    client = browser(office.dept)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    for part in (
        "与已印发文件矛盾的数",
        "《半年工作报告》第2段“走访金额”547",
        "未处理",
        "2012-08-15印发",
    ):
        assert part in page
    with acting(SYSTEM):
        published = PublishedFigure.objects.order_by("id").first()
    page = client.get(f"/r/reports.published_figure/{published.pk}/").content.decode()
    for part in (
        "按原取数时点重新计算：<strong>547</strong>",
        "现时数：<strong>532</strong>",
        "（本条）",
    ):
        assert part in page
    assert "与印出时的准确值不同" not in page
    assert "对外数据" in client.get("/r/reports.published_figure/").content.decode()


@pytest.mark.parametrize(
    ("text", "value", "true"),
    [
        ("547", 547, True),
        ("547", 532, False),
        ("980多", 983, True),
        ("114%", Decimal("1.1395833333"), True),
        ("增加18%", Decimal("0.18"), True),
        ("18%", Decimal("-0.18"), True),
        ("下降18%", Decimal("0.18"), False),
        ("提高3个百分点", Decimal("0.03"), True),
        ("持平", 0, True),
        ("持平", Decimal("0.01"), False),
        ("", 547, False),
        ("547", None, False),
    ],
)
def test_a_printed_text_is_true_of_a_value_or_not(text, value, true):
    assert holds(text, None if value is None else Decimal(value)) is true
