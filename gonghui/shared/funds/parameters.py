"""The numbers of the rules on special-purpose money, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_INTERNAL = "市总内部管理规定"
_CENTRAL = "《中央财政专项帮扶资金使用管理办法》（全总，2015-05-08）"

declare("funds.tier_finance_max", "部门、财务即可批准的批次上限", 50000, "元/批", _INTERNAL)
declare(
    "funds.tier_leader_max", "领导可批准的批次上限（超过须附会议纪要）", 500000, "元/批", _INTERNAL
)
declare("funds.check_hours", "校验后须提交的时限", 24, "小时", _INTERNAL)
declare("funds.review_days", "批次每一环节审核时限", 3, "工作日", _INTERNAL)
declare("funds.send_days", "批准后送银行（领款）时限", 2, "工作日", _INTERNAL)
declare("funds.settle_days", "银行回盘时限", 5, "工作日", _INTERNAL)
declare("funds.receipt_days", "签收时限", 30, "天", _INTERNAL)
declare("funds.account_cooldown_days", "收款账号变更后须第二人核验的期间", 7, "天", _INTERNAL)
declare("funds.unit_sanity_max", "单笔金额提示线（核对单位是否为元）", 50000, "元/笔", _INTERNAL)
declare("funds.cash_exception_max", "现金发放单笔上限", 1000, "元/笔", _CENTRAL, to_verify=True)
declare("funds.idle_alert_days", "到账后未占用的提醒天数", 60, "天", _INTERNAL)
declare("funds.spend_by_notice_days", "使用期限前多少天开始提醒", 60, "天", _INTERNAL)
declare("funds.bounce_fix_days", "发放失败后须重发的时限", 10, "工作日", _INTERNAL)
declare("funds.month_close_day", "次月结账日", 10, "日", _INTERNAL)
declare("funds.many_programmes", "同一家庭一年享受项目数达到多少列入疑点", 4, "项", _INTERNAL)
declare(
    "funds.shared_contact_payees",
    "多少名收款人同一电话或多少户同一住址列入疑点",
    3,
    "名",
    _INTERNAL,
)
declare("funds.proxy_lines", "同一人代领超过多少笔列入疑点", 3, "笔", _INTERNAL)
