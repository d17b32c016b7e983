"""Figures that moved before the meeting are swapped for what is known now, in the edited text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.reports.final_check import problems_of
from gonghui.lines.reports.models import Edition, FigureEdit, ReportDoc, ReportFigure, VouchSheet
from gonghui.lines.reports.moved import moved_since
from gonghui.lines.reports.services import check_returned, latest_version, take_back
from gonghui.lines.reports.swapping import swap
from tests.lines.reports.conftest import cleared, fresh, issued, signed
from tests.lines.reports.test_documents import edited, lines_of, without_controls
from tests.lines.reports.test_screens import browser
from tests.support.sample.models import Visit

MORNING = datetime(2012, 8, 20, 8, 0, tzinfo=clock.ZONE)
TEXT = (
    "走访{{数 走访金额 上半年}}元，其中甲县{{数 走访金额 甲县 上半年}}元。",
    "乙县{{数 走访金额 乙县 上半年}}元，站点{{数 站点数}}个，环比{{比 走访金额 上半年 环比}}。",
)


@pytest.fixture
def document(office, figures) -> ReportDoc:
    visit(office, date(2011, 9, 1), 500)
    return office.report(*TEXT)


@pytest.fixture
def morning(office):
    """Hours before the meeting 3 more are known of June; whoever works does so then."""

    def come():
        visit(office, date(2012, 6, 1), 3)

    return come


def visit(office, day, amount):
    create(Visit, by=SYSTEM, org=office.tree.union, title="补报", visited_on=day, amount=amount)


def body_of(document) -> list[str]:
    return lines_of(bytes(latest_version(document).file.content))


def figures_of(document) -> list[tuple[str, str, str, str]]:
    with acting(SYSTEM):
        found = ReportFigure.objects.filter(version_of=latest_version(document)).order_by("id")
        return [(each.printed, each.exact, each.state, each.as_of) for each in found]


def all_moved(document) -> list[str]:
    return [each.figure.tag_id for each in moved_since(fresh(document))]


def test_a_signed_text_gets_the_new_figures_and_is_vouched_for_and_signed_anew(
    office, document, morning
):
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "元，其中甲县", "元，其中，甲县"), office.dept)
    signed(office, document)
    before = fresh(document).signed_hash
    with clock.at(MORNING):
        morning()
        version = swap(fresh(document), all_moved(document), office.dept)
        document = fresh(document)
        assert (version.n, version.kind, version.error_count) == (3, "swapped", 0)
        assert (document.state, document.signed_hash, document.signed_on) == ("filled", "", None)
        assert body_of(document) == [
            "走访550元，其中，甲县50元。", "乙县500元，站点2个，环比增加10%。",
        ]  # fmt: skip
        now, then = "2012-08-20 08:00", "2012-08-15"
        assert figures_of(document) == [
            ("550", "550元", "pending", now), ("50", "50元", "pending", now),
            ("500", "500元", "vouched", then), ("2", "2个", "vouched", then),
            ("增加10%", "10.00%", "pending", now),
        ]  # fmt: skip
        assert moved_since(document) == []
        assert not [one for one in problems_of(document) if one.rule not in ("认数", "C09")]
        again = signed(office, document)
        assert again.signed_hash not in ("", before)
        with acting(SYSTEM):
            sheet = VouchSheet.objects.filter(document=document).latest("id")
        assert (sheet.owner, sheet.figure_count, sheet.state) == ("办公室", 4, "vouched")


def test_only_what_was_chosen_is_swapped_and_each_control_tells_its_own_figure(
    office, document, morning
):
    with clock.at(MORNING):
        morning()
        first, *_ = all_moved(document)
        swap(fresh(document), [first], office.dept)
        assert body_of(document) == [
            "走访550元，其中甲县47元。", "乙县500元，站点2个，环比增加9%。",
        ]  # fmt: skip
        version = latest_version(document)
        with acting(SYSTEM):
            kept = ReportFigure.objects.filter(version_of=version).values_list("tag_id", "printed")
            kept = dict(kept)
        there = controls_of(bytes(version.file.content))
        assert {one.tag_id: one.printed for one in there} == kept
        assert [each.phrase for each in moved_since(fresh(document))] == ["50", "增加10%"]
        # What comes back edited from here on is held against the swapped figures.
        docx = edited(bytes(version.file.content), "550", "547")
        findings = [each for each in check_returned(document, docx) if each.is_error]
        assert [(each.printed, each.found) for each in findings] == [("550", "547")]


def test_figures_whose_marks_were_lost_are_found_and_marked_again(office, document, morning):
    docx = without_controls(bytes(latest_version(document).file.content))
    take_back(document, docx, office.dept)
    with clock.at(MORNING):
        morning()
        version = swap(fresh(document), all_moved(document), office.dept)
    assert body_of(document)[0] == "走访550元，其中甲县50元。"
    there = controls_of(bytes(version.file.content))
    assert [one.printed for one in there] == ["550", "50", "500", "2", "增加10%"]


def test_a_number_that_a_leader_answers_for_stays_as_it_is(office, document, morning):
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "547", "548"), office.dept)
    with acting(SYSTEM):
        edit = FigureEdit.objects.get(document=document)
    perform(edit, "except", by=office.leader, ground="已核实。")
    with clock.at(MORNING):
        morning()
        stays = [(each.keeps, each.can_be_swapped) for each in moved_since(fresh(document))]
        typed = "已有人工改动，按“人工改动的数”办理"
        assert stays == [(typed, False), ("", True), ("", True)]
        version = swap(fresh(document), all_moved(document), office.dept)
    assert body_of(document)[0] == "走访548元，其中甲县50元。"
    with acting(SYSTEM):
        edit = FigureEdit.objects.select_related("figure").get(document=document)
    assert (edit.state, edit.figure.version_of_id, edit.figure.truth) == (
        "excepted", version.pk, "edited",
    )  # fmt: skip
    assert version.error_count == 0


def test_a_ranked_table_is_filled_anew_instead(office, figures, morning):
    document = office.report("全市{{数 走访金额 上半年}}元。", "{{表 走访金额 各县区 上半年 名次}}")
    with clock.at(MORNING):
        morning()
        found = [(each.figure.about_org, each.keeps) for each in moved_since(fresh(document))]
    assert found == [("", ""), ("", ""), ("甲县总工会", "名次随数变化，请重新取数")]


def test_who_may_not_or_chooses_nothing_changes_nothing(office, document, morning):
    with clock.at(MORNING):
        with pytest.raises(DomainError, match="请选择"):
            swap(fresh(document), all_moved(document), office.dept)
        morning()
        tags = all_moved(document)
        with pytest.raises(DomainError, match="请选择"):
            swap(fresh(document), ["fig:none"], office.dept)
        with pytest.raises(NotAllowed):
            swap(fresh(document), tags, office.leader)
        assert latest_version(document).n == 1
        review = office.report(*TEXT, edition=Edition.REVIEW)
        visit(office, date(2012, 6, 3), 1)
        with pytest.raises(Conflict, match="脚注和校核表"):
            swap(fresh(review), all_moved(review), office.dept)
        gone = issued(office, document, "平工〔2012〕1号")
        with pytest.raises(Conflict, match="已经印发"):
            swap(fresh(gone), tags, office.dept)


def test_the_page_swaps_by_one_click(office, document, morning):
    address = f"/reports/documents/{document.pk}/moved/"
    cleared(office, document)
    with clock.at(MORNING):
        morning()
        assert "换用现时数" not in browser(office.leader).get(address).content.decode()
        client = browser(office.dept)
        page = client.get(address).content.decode()
        tags = all_moved(document)
        assert [f'value="{tag}" checked' in page for tag in tags] == [True] * 3
        answer = client.post(address, {"tag": tags}, follow=True)
        assert "已换用现时数，存为第2稿（换数，正式版）" in answer.content.decode()
        assert body_of(document)[0] == "走访550元，其中甲县50元。"
        refused = client.post(address, {"tag": tags}, follow=True).content.decode()
        assert "可能刚有人换过" in refused
    with acting(SYSTEM):
        figure = ReportFigure.objects.filter(version_of=latest_version(document)).first()
    assert figure.value == Decimal(550)
