from __future__ import annotations

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.docx.evaluate import Evaluator
from gonghui.kernel.docx.kinds import EndTag
from gonghui.kernel.docx.uses import Truth
from tests.kernel.docx.fake_source import AS_OF, TO_DATE, FakeSource
from tests.kernel.docx.word import error_of, filled, printed


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{{数 新建工会数 截至2012-06-30}}", "547"),
        ("{{数 建会数 上半年}}", "547"),
        ("{{数 orgs.new_unions 上半年}}", "547"),
        ("{{数 新建工会数}}", "612"),
        ("{{数 产业集聚区工会数}}", "4"),
        ("{{数 实事完成数（件）}}", "4"),
        ("{{数 宝丰县 新建工会数 上半年}}", "54"),
        ("{{数 发展会员数 其中 女性 上半年}}", "6254"),
        ("{{数 市级以上新闻媒体发稿 多 取整10}}", "980多"),
        ("{{数 劳模慰问金 近 万}}", "近140万"),
        ("{{数 劳模慰问金 近 万 带单位}}", "近140万元"),
        ("{{数 六一慰问金 近 百万 活动期 LY2012}}", "近百万"),
        ("{{数 互助保险投保 突破 万}}", "突破15万"),
        ("{{数 互助保险投保 达 余 万}}", "达15万余"),
        ("{{数 金秋助学人数 左右 带单位 取整100}}", "3100名左右"),
        ("{{数 新建工会数 上半年 大写}}", "伍佰肆拾柒"),
        ("{{数 劳模慰问金 大写}}", "人民币壹佰叁拾玖万肆仟陆佰元整"),
        ("{{数 女职工专项合同覆盖率}}", "100%"),
        ("{{率 新建工会数 省总计划 截至2012-06-30}}", "114%"),
        ("{{率 发展会员数 省总 上半年}}", "195%"),
        ("{{率 新建工会数 省总 上半年 小数1}}", "114.0%"),
        ("{{差 创新成果 市总}}", "152"),
        ("{{差 新建工会数 省总}}", "0"),
        ("{{比 工会网站发稿 同比}}", "增加18%"),
        ("{{比 工会网站发稿 同比 仅数}}", "18%"),
        ("{{比 职工入会率 同比}}", "下降3个百分点"),
        ("{{引 协议 平棉2012 岗位系数工资 增加额}}", "150"),
        ("{{引 协议 平棉2012 午餐补助 提高}}", "50%"),
        ("{{引 协议 平棉2012 中夜班补助 提高 以上 取整10}}", "30%以上"),
        ("{{引 协议 平棉2012 单位}}", "平棉纺织集团"),
        ("{{文 报告人}}", "市总党组书记、常务副主席 张建明"),
        ("{{日期 会议日}}", "2012年8月15日"),
        ("{{日期 会议日 大写}}", "二〇一二年八月十五日"),
        ("在{{证 orgs.x_sign}}企业", "在企业"),
        ("在{{证 女职工专项合同覆盖率 = 100%}}企业", "在企业"),
        ("在{{证 县级帮扶中心数 = 县市区数}}企业", "在企业"),
    ],
)
def test_a_tag_prints_its_figure(tag, text):
    assert printed(tag) == text


def test_a_change_is_told_by_its_direction():
    source = FakeSource()
    now = ("culture.web_pieces", TO_DATE)
    source.totals[now] = source.totals["culture.web_pieces", TO_DATE.a_year_earlier()]
    assert printed("{{比 工会网站发稿 同比}}", source) == "持平"
    source.totals[now] -= 107
    assert printed("{{比 工会网站发稿 同比}}", source) == "下降25%"
    assert printed("{{比 工会网站发稿 同比 仅数}}", source) == "25%"


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        (
            "{{数 新建工会}}",
            "第1段 {{数 新建工会}}：找不到指标“新建工会”，您是否要“新建工会数”？",
        ),
        (
            "{{数 新建工会数 宝丰}}",
            "第1段 {{数 新建工会数 宝丰}}：找不到组织“宝丰”，您是否要“宝丰县”？",
        ),
        ("{{文 报告}}", "第1段 {{文 报告}}：找不到文字“报告”，您是否要“报告人”？"),
        (
            "{{数 六一慰问金}}",
            "第1段 {{数 六一慰问金}}：“六一慰问金”按活动期统计，请写明“活动期 代码”",
        ),
        (
            "{{数 六一慰问金 活动期 LY2011}}",
            "第1段 {{数 六一慰问金 活动期 LY2011}}：找不到活动“LY2011”，您是否要“LY2012”？",
        ),
        ("{{比 短视频 同比}}", "第1段 {{比 短视频 同比}}：上年同期为零，无法计算同比"),
        ("{{率 短视频 市总}}", "第1段 {{率 短视频 市总}}：市总2012年目标 0为0，无法计算完成率"),
        (
            "{{证 orgs.x_untrue}}",
            "第1段 {{证 orgs.x_untrue}}：这句话不成立：12个产业工会中11个，尚缺煤炭工会",
        ),
        (
            "{{证 乡镇帮扶工作站数 = 乡镇街道数}}",
            "第1段 {{证 乡镇帮扶工作站数 = 乡镇街道数}}：这句话不成立："
            "乡镇帮扶工作站数88个（2012-08-15） = 乡镇街道数138个",
        ),
        ("{{数 甲 近 余}}", "第1段 {{数 甲 近 余}}：“近”和“余”不能同时使用，请只留一个"),
        ("{{完}}", "第1段 {{完}}：“完”没有配对的“如”"),
        ("{{数 新建工会数", "第1段 {{数 新建工会数：标签没有写完，缺少“}}”"),
    ],
)
def test_an_error_names_paragraph_and_tag_and_the_nearest_name(tag, message):
    assert error_of(tag) == message


def test_an_untrue_phrase_is_an_error_with_its_exact_value():
    result = filled(
        "发放调查问卷{{数 乡镇帮扶工作站数 近 取整10}}份，共{{数 新建工会数 上半年 近 万}}家"
    )
    assert [(error.place.number, str(error.value)) for error in result.errors] == [(1, "547")]
    (error,) = result.errors
    assert error.raw == "{{数 新建工会数 上半年 近 万}}"
    assert error.message.startswith("准确值547不能按“近 万”如实表述")
    assert [(use.printed, use.truth) for use in result.figures] == [
        ("近90", Truth.TRUE),
        ("【不成立：547家】", Truth.UNTRUE),
    ]
    assert result.text == ["发放调查问卷近90份，共【不成立：547家】家"]
    assert not result.complete


def test_an_untrue_change_is_an_error_too():
    (error,) = filled("{{比 工会网站发稿 同比 余 取整7}}").errors
    assert error.message.startswith("准确值17.99%不能按“余 取整7”如实表述")


def test_a_text_from_the_source_is_never_read_as_a_tag():
    class Naughty(FakeSource):
        def text(self, name):
            return "{{数 新建工会数}}"

    result = filled("{{文 报告人}}", source=Naughty())
    assert (result.text, result.figures) == (["{{数 新建工会数}}"], [])


def test_a_mark_of_a_conditional_text_prints_nothing_by_itself():
    with pytest.raises(DomainError) as caught:
        Evaluator(FakeSource(), AS_OF).answer(EndTag())
    assert caught.value.code == "bad_tag"


def test_a_hint_is_kept_with_the_figure():
    result = filled("{{数 互助保险投保 余 万}}、{{数 互助保险投保 以上 取整10 万}}")
    first, second = result.figures
    assert (first.printed, first.truth, first.hint) == ("15万余", Truth.TRUE, "")
    assert (second.printed, second.truth) == ("10万以上", Truth.TRUE)
    assert second.hint.startswith("准确值151034比100000多出51%")


def test_a_figure_says_all_that_stands_behind_it():
    (use,) = filled("{{率 新建工会数 省总计划 截至2012-06-30}}").figures
    assert (use.kind, use.code, use.name, use.unit) == ("率", "orgs.new_unions", "新建工会数", "家")
    assert (use.org, use.period, use.as_of) == ("", "2012年上半年", "2012-08-15")
    assert f"{use.value:.4f}" == "1.1396"
    assert (use.exact, use.basis) == ("547家 ÷ 480家 = 113.96%", "省总2012年目标 480")
    assert (use.printed, use.word, use.truth) == ("114%", "", Truth.TRUE)
    assert (use.records_count, use.owner, use.register) == (547, "组织部", "orgs.register")
    assert use.paragraph == 1


def test_an_indicator_of_a_line_that_is_not_installed_is_missing_and_seen():
    result = filled("已有{{数 乡镇帮扶工作站数}}个", source=FakeSource(absent=("aid",)))
    assert result.text == ["已有【待补：乡镇帮扶工作站数（业务线尚未启用）】个"]
    assert [(gap.raw, gap.what) for gap in result.missing] == [
        ("{{数 乡镇帮扶工作站数}}", "乡镇帮扶工作站数（业务线尚未启用）")
    ]
    assert (result.errors, result.complete) == ([], False)


@pytest.mark.parametrize(
    ("tag", "what"),
    [
        ("{{数 审计项目数}}", "审计项目数（2012年1月1日至8月15日）还没有数据"),
        ("{{率 工会网站发稿 市总}}", "市总没有下达“工会网站发稿”2012年目标"),
        ("{{比 劳模慰问金 同比}}", "劳模慰问金没有2011年1月1日至8月15日的数据，无法作同比"),
        ("{{证 审计项目数 > 0}}", "审计项目数（2012年1月1日至8月15日）还没有数据"),
        ("{{待补 1.3 C01、C02}}", "1.3 C01、C02"),
    ],
)
def test_what_has_no_data_yet_is_missing_not_zero(tag, what):
    result = filled(tag)
    assert [gap.what for gap in result.missing] == [what]
    assert result.text == [f"【待补：{what}】"]


def test_facts_are_kept_with_their_evidence():
    result = filled(
        "开展活动{{证 orgs.x_sign}}，培训{{证 工会干部培训班 >= 1 上半年}}", "{{证 orgs.x_sign}}"
    )
    assert [(fact.place.number, fact.code, fact.evidence) for fact in result.facts] == [
        (1, "orgs.x_sign", "3条记录"),
        (1, "cadres.classes", "工会干部培训班1期（2012年上半年） ≥ 1期"),
        (2, "orgs.x_sign", "3条记录"),
    ]
    assert result.text == ["开展活动，培训"]


def test_the_cut_off_of_the_report_is_the_default_of_its_tags():
    assert filled("{{数 新建工会数}}").figures[0].period == "2012年1月1日至8月15日"
    assert filled("{{数 产业集聚区工会数}}").figures[0].period == "2012-08-15"
    assert filled("{{数 互助保险投保}}").figures[0].period == "2012年上半年"
