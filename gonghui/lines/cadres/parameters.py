"""The numbers of the rules on training, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_PLAN = "省总工会干部教育培训规划"

declare("cadres.induction_months", "新任基层主席上岗培训期限", 12, "月", _PLAN, to_verify=True)
declare("cadres.hours_fulltime", "专职干部年度学时", 90, "学时", _PLAN, to_verify=True)
declare("cadres.hours_parttime", "兼职干部年度学时", 16, "学时", _PLAN, to_verify=True)
declare(
    "cadres.day_fee_city", "培训费人均每天上限（市）", 400, "元", "培训费管理办法", to_verify=True
)
declare(
    "cadres.day_fee_county", "培训费人均每天上限（县）", 350, "元", "培训费管理办法", to_verify=True
)
declare("cadres.finish_days", "培训班结束后办理结业的时限", 7, "天", "市总内部管理规定")
