"""Deadlines and dates of the statistics, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import Shape, declare

_RULE = "工会统计调查制度"

declare("statistics.basic_days", "基层工会签认期限（期末后）", 3, "工作日", _RULE, to_verify=True)
declare(
    "statistics.county_days", "县（市、区）总、产业签认期限（期末后）", 5, "工作日", _RULE,
    to_verify=True,
)  # fmt: skip
declare("statistics.city_days", "市总部室审核期限（期末后）", 8, "工作日", _RULE, to_verify=True)
declare("statistics.seal_days", "封存期限（期末后）", 10, "工作日", _RULE, to_verify=True)
declare("statistics.form_days", "法定报表报出期限（期末后）", 15, "工作日", _RULE, to_verify=True)
declare(
    "statistics.union_year_from", "工会统计年度起始月日", "10-01", "", _RULE,
    to_verify=True, shape=Shape.MONTH_DAY,
)  # fmt: skip
declare("statistics.opened_kinds", "自动开放的统计期", ["month"], "", "市总内部管理规定")
# Empty until a city says since when it keeps records here.
declare(
    "reports.system_start", "系统启用日期（此日以前没有台账记录）", "", "", "市总内部管理规定",
    shape=Shape.DAY,
)  # fmt: skip
