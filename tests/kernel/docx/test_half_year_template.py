from __future__ import annotations

import hashlib
import io
import re

import pytest
from docx import Document

from gonghui.kernel.docx.half_year_template import OUTLINE, STILL_MISSING, half_year_template
from gonghui.kernel.docx.render import render, tags_of
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.fake_source import AS_OF, FakeSource
from tests.kernel.docx.word import docx_of

# The report of 15 August 2012 as it was given, blanks and line ends left out.
REPORT_OF_2012 = "581308cea292ce93e1bdab46b651baabfd6757f78700695fa71d61b0d15fb258"

PRINTED = (
    "围绕中心服务大局 凝心聚力开拓进取在推动经济平稳健康发展进程中更好地发挥工会组织作用",
    "——在市总九届八次常委(扩大)会议上的工作报告",
    "市总党组书记、常务副主席 张建明",
    "(2012年8月15日)",
    "同志们:",
    "下面,我向大会报告工作,请各位常委和同志们提出意见和建议。",
    "一、关于今年以来的主要工作",
    "一是进一步加强企业工会组建工作。继续深入推进“广普查、深组建、全覆盖”建会行动,创新建会方式,"
    "规范建会程序,提高建会质量。加大产业集聚区和工业园区建会工作的力度,目前我市已有4家产业集聚区"
    "建立了工会组织。截止6月底,今年新建工会547家,发展会员12509人,分别完成省总年度计划的114%和195%。",
    "目前,全市10个县(市)区都建立了困难职工帮扶中心,138个乡镇、街道办事处中已有88个建立了帮扶工作站。",
    "强化工会就业服务体系建设,今年上半年全市各级工会共开办各类技能培训23次,"
    "培训下岗失业人员、进城务工人员6830人,帮助3400人实现再就业。"
    "配合有关部门开展民营企业招聘周活动,900多家民营企业进场招聘,4200余人达成了初步就业意向。"
    "坚持开展小额借款促进再就业工作,今年以来各级工会新借出小额借款资金82万元,促进再就业人数360人。",
    "积极开展职工团体大病医疗互助保险工作,上半年来,全市各类企事业单位、党政机关投保职工突破15万人次,"
    "投保金额近600万元。",
    "深入实施女职工素质提升建功立业活动。举办各类女职工巡回讲座50多场次,培训女职工及女工干部5000余人,"
    "市总女职工培训学校完成全国女职工培训示范学校的申报工作。",
    "进一步推进工会组织规范化建设,在非公有制企业开展了“企业工会亮牌子、工会主席亮身份”活动。"
    "我市有2个县(市)区、3个乡镇(街道)、10个基层单位工会在省争创“六好”工会活动中受到表彰。"
    "进一步加强工会干部队伍建设,5月份市总对各县(市)区总工会主席、直属企业工会主席、市总各部室、"
    "各产业工会负责人进行了集中培训,提升了全市工会干部的整体业务水平。",
    "各产业工会立足产业特点和优势,围绕经济转型升级,强化源头参与产业政策调整,大力组织开展行业工资集体协商,"
    "创建劳动关系和谐企业,深入开展劳动技能竞赛和服务职工活动,在推动本行业发展和维护职工权益中彰显了特色和作为,"
    "各产业工会均被省产业工会授予先进单位。",
)


def tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def filled():
    return render(half_year_template(), FakeSource(), edition=Edition.FINAL, as_of=AS_OF)


def test_the_sentences_of_2012_come_out_character_for_character(filled):
    text = tight("".join(filled.text))
    assert [sentence for sentence in PRINTED if tight(sentence) not in text] == []
    assert filled.errors == []


def test_with_the_sentences_that_are_still_missing_it_is_the_whole_report():
    lines = [*OUTLINE.title, OUTLINE.subtitle, OUTLINE.reporter, OUTLINE.date]
    lines += ["".join(s.text for s in paragraph.sentences) for paragraph in OUTLINE.paragraphs]
    result = render(docx_of(*lines), FakeSource(), edition=Edition.FINAL, as_of=AS_OF)
    assert (result.errors, result.missing) == ([], [])
    text = tight("".join(result.text))
    assert hashlib.sha256(text.encode()).hexdigest() == REPORT_OF_2012


def test_the_figures_are_those_of_the_inventory(filled):
    assert [(use.code, use.kind, use.printed, use.period) for use in filled.figures] == [
        ("orgs.area_unions", "数", "4", "2012-08-15"),
        ("orgs.new_unions", "数", "547", "2012年上半年"),
        ("members.new", "数", "12509", "2012年上半年"),
        ("orgs.new_unions", "率", "114%", "2012年上半年"),
        ("members.new", "率", "195%", "2012年上半年"),
        ("orgs.counties", "数", "10", "2012-08-15"),
        ("orgs.townships", "数", "138", "2012-08-15"),
        ("aid.township_stations", "数", "88", "2012-08-15"),
        ("aid.files", "数", "26392", "2012-08-15"),
        ("aid.swn_raised", "数", "1940万", "2011年12月20日至2012年2月6日"),
        ("aid.swn_employers", "数", "261", "2011年12月20日至2012年2月6日"),
        ("aid.swn_households", "数", "2.4万", "2011年12月20日至2012年2月6日"),
        ("aid.swn_models", "数", "777", "2011年12月20日至2012年2月6日"),
        ("aid.w38_households", "数", "600余", "2012年3月"),
        ("aid.w38_amount", "数", "48.5万", "2012年3月"),
        ("aid.c61_children", "数", "3093", "2012年5月21日至6月30日"),
        ("aid.c61_amount", "数", "近百万", "2012年5月21日至6月30日"),
        ("women.screen_paid", "数", "40余万", "2012年1月1日至8月15日"),
        ("women.screened", "数", "2700多", "2012年1月1日至8月15日"),
        ("employment.sessions", "数", "23", "2012年上半年"),
        ("employment.trainees", "数", "6830", "2012年上半年"),
        ("employment.training_placed", "数", "3400", "2012年上半年"),
        ("employment.fair_employers", "数", "900多", "2012年1月1日至8月15日"),
        ("employment.fair_intents", "数", "4200余", "2012年1月1日至8月15日"),
        ("employment.loan_out", "数", "82万", "2012年1月1日至8月15日"),
        ("employment.loan_jobs", "数", "360", "2012年1月1日至8月15日"),
        ("mutual.enrollments", "数", "突破15万", "2012年上半年"),
        ("mutual.fees", "数", "近600万", "2012年上半年"),
        ("women.lectures", "数", "50多", "2012年1月1日至8月15日"),
        ("women.lecture_people", "数", "5000余", "2012年1月1日至8月15日"),
        ("orgs.sixgood_county", "数", "2", "2012年1月1日至8月15日"),
        ("orgs.sixgood_township", "数", "3", "2012年1月1日至8月15日"),
        ("orgs.sixgood_basic", "数", "10", "2012年1月1日至8月15日"),
    ]


def test_the_sentences_of_fact_are_asserted(filled):
    assert [fact.code for fact in filled.facts] == [
        "aid.county_centers",
        "aid.x_filed_all",
        "women.x_school_applied",
        "orgs.x_sign",
        "cadres.classes",
        "cadres.x_may_class",
        "orgs.x_industry_honored",
    ]


def test_without_the_aid_line_its_figures_are_missing_and_seen():
    source = FakeSource(absent=("aid",))
    result = render(half_year_template(), source, edition=Edition.FINAL, as_of=AS_OF)
    assert [use.printed for use in result.figures if use.code == "orgs.townships"] == ["138"]
    gaps = [gap.what for gap in result.missing if "尚未启用" in gap.what]
    assert gaps == [
        f"{what}（业务线尚未启用）"
        for what in (
            "县级帮扶中心数",
            "乡镇帮扶工作站数",
            "困难职工建档数",
            "aid.x_filed_all",
            "送温暖筹集资金",
            "慰问困难企业数",
            "慰问困难职工户数",
            "慰问困难劳模人数",
            "三八慰问困难女职工家庭",
            "三八慰问金额",
            "六一慰问困难女职工子女",
            "六一慰问金",
        )
    ]
    assert result.errors == []


def test_every_figure_of_the_inventory_is_covered_or_listed_as_missing():
    listed = [figure for section in STILL_MISSING.values() for s in section for figure in s.figures]
    assert len(listed) == len(set(listed))
    last = {"A": 22, "B": 14, "C": 9, "D": 23, "E": 12, "F": 10, "G": 9, "T": 23}
    every = {f"{letter}{n:02}" for letter, end in last.items() for n in range(1, end + 1)}
    covered = {
        "B01",
        "B02",
        "B03",
        "B04",
        "B05",
        *(f"D{n:02}" for n in range(1, 24)),
        "G01",
        "G02",
        "G04",
        "G05",
        "G06",
        "G07",
    }
    assert every - set(listed) == covered


def test_what_is_missing_is_listed_by_section():
    assert sorted(STILL_MISSING) == [
        *("1", "1.1", "1.2", "1.3", "1.5", "1.6", "1.7"),
        *("2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8"),
    ]
    first = STILL_MISSING["1.1"][1]
    assert (first.figures, first.covered) == (("A01", "A02"), False)
    assert "共确定比赛工种111项" in first.text


def test_the_report_says_in_place_what_is_missing(filled):
    notes = [gap.what for gap in filled.missing]
    assert "第1.1节 A01—A22" in notes
    assert "第1.2节 B06—B14" in notes
    assert "第1.7节 G03" in notes
    assert "第2.1节 2句" in notes
    assert all(f"【待补：{note}】" in "".join(filled.text) for note in notes)


def test_every_tag_of_the_template_can_be_read():
    assert [found.error for found in tags_of(half_year_template()) if found.error] == []


def test_the_filled_report_opens_with_python_docx_in_both_editions():
    for edition in Edition:
        result = render(half_year_template(), FakeSource(), edition=edition, as_of=AS_OF)
        document = Document(io.BytesIO(result.docx))
        assert document.paragraphs[1].text == "——在市总九届八次常委(扩大)会议上的工作报告"
