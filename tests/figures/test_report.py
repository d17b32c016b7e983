"""The half-year report, filled as of the day of the meeting, has the printed sentences."""

from __future__ import annotations

import re

import pytest

from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.places import located
from gonghui.kernel.docx.text import text_of
from gonghui.lines.reports.services import write_report
from tests.figures.periods import REPORT

SENTENCES = (
    "一是进一步加强企业工会组建工作。继续深入推进“广普查、深组建、全覆盖”建会行动,创新建会方式,规范建会程序,提高建会质量。",
    "加大产业集聚区和工业园区建会工作的力度,目前我市已有4家产业集聚区建立了工会组织。",
    "截止6月底,今年新建工会547家,发展会员12509人,分别完成省总年度计划的114%和195%。",
    "目前,全市10个县(市)区都建立了困难职工帮扶中心",
    ",138个乡镇、街道办事处中已有",
    "进一步推进工会组织规范化建设,在非公有制企业开展了“企业工会亮牌子、工会主席亮身份”活动。",
    "我市有2个县(市)区、3个乡镇(街道)、10个基层单位工会在省争创“六好”工会活动中受到表彰。",
    "进一步加强工会干部队伍建设,5月份市总对各县(市)区总工会主席、直属企业工会主席、市总各部室、各产业工会负责人进行了集中培训,"
    "提升了全市工会干部的整体业务水平。",
    "在推动本行业发展和维护职工权益中彰显了特色和作为,各产业工会均被省产业工会授予先进单位。",
)


@pytest.fixture
def printed(tmp_path) -> str:
    """The text of the report as of 15 August 2012."""
    path = tmp_path / "report.docx"
    rendered = write_report("half-year", REPORT, path)
    assert rendered.errors == []
    texts = (text_of(each.element) for each in located(open_docx(path.read_bytes())))
    return re.sub(r"\s", "", "".join(texts))


def test_the_covered_sentences_are_printed_character_for_character(printed):
    missing = [sentence for sentence in SENTENCES if sentence not in printed]
    assert missing == []
