"""The numbers of the line's rules, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_SCREENING = "市总女职工“两癌”免费检查办法"

declare("women.screen_cycle_months", "两癌筛查间隔", 24, "月", _SCREENING, to_verify=True)
declare("women.screen_fee", "两癌筛查每人费用", 150, "元", _SCREENING, to_verify=True)

_APPENDIX = "女职工劳动保护特别规定（国务院令第619号）附录第一条"

declare("women.loads_often", "负重频繁的每小时次数", 6, "次", _APPENDIX)
declare("women.load_kg_often", "频繁负重每次上限", 20, "公斤", _APPENDIX)
declare("women.load_kg_seldom", "间断负重每次上限", 25, "公斤", _APPENDIX)
declare("women.letter_days", "检查后发函、复查后销号的时限", 5, "工作日", "市总内部管理规定")
declare(
    "women.opinion_days",
    "用人单位答复提示函（意见书）的时限",
    15,
    "工作日",
    "工会劳动法律监督办法（省实施办法）",
    to_verify=True,
)
declare("women.refer_days", "整改期满未改的移送时限", 10, "工作日", "市总内部管理规定")
declare(
    "women.leave_extra_days",
    "地方增加的产假天数",
    0,
    "天",
    "河南省人口与计划生育条例",
    to_verify=True,
)
