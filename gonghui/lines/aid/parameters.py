"""The numbers of the rules on hardship aid, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import Shape, declare

_FILES = "《困难职工档案管理办法》（全总，2016）"
_INTERNAL = "市总内部管理规定"

declare(
    "aid.dibao_monthly",
    "低保标准（按县区、按日期）",
    260,
    "元/人·月",
    "民政部门公布",
    to_verify=True,
)
declare(
    "aid.scheme_changes_on",
    "深度困难、相对困难口径起用日期",
    "2020-01-01",
    "",
    _FILES,
    to_verify=True,
    shape=Shape.DAY,
)
declare("aid.relative_factor", "相对困难为低保标准的倍数", "2.0", "倍", _FILES, to_verify=True)
declare("aid.shock_ratio", "意外支出占年收入比例（超过）", "0.80", "", _FILES, to_verify=True)
declare("aid.accept_days", "受理时限", 3, "工作日", _INTERNAL)
declare("aid.survey_days", "入户调查时限", 10, "工作日", _FILES)
declare("aid.notice_days", "公示天数", 5, "工作日", _FILES)
declare("aid.station_days", "乡镇（街道）复核时限", 5, "工作日", _FILES)
declare("aid.county_days", "县（市、区）审批时限", 10, "工作日", _FILES)
declare("aid.cross_check_days", "信息比对返回时限", 15, "工作日", _INTERNAL)
declare(
    "aid.cross_check_agencies",
    "批准建档前须返回信息比对的部门（用顿号隔开）",
    "民政、人社、不动产、车管、市场监管",
    "",
    _FILES,
    to_verify=True,
)
declare("aid.mend_days", "退回补正时限", 10, "工作日", _INTERNAL)
declare("aid.exit_days", "退出审批时限", 15, "工作日", _INTERNAL)
declare("aid.review_months", "档案复核周期", 12, "月", _FILES)
declare("aid.review_grace_days", "复核到期后暂停救助前的宽限", 60, "天", _INTERNAL)
declare("aid.review_notice_days", "复核到期前提醒的天数", 30, "天", _INTERNAL)

_CENTRAL = "《中央财政专项帮扶资金使用管理办法》（全总，2015-05-08）"

declare("aid.grant_days", "救助单初审、审批时限", 5, "工作日", _INTERNAL)
declare("aid.study_monthly", "学生月基本生活费", 300, "元/月", _CENTRAL, to_verify=True)
declare("aid.study_months", "助学金上限折合月数", 10, "月", _CENTRAL)
