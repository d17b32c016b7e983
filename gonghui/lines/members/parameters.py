"""The numbers of the rules on membership, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_MEMBERSHIP = "《工会会员会籍管理办法》（2016）"
_INTERNAL = "市总内部管理规定"

declare("members.min_age", "入会最低年龄", 16, "周岁", "《劳动法》第十五条；《工会法》第三条")
declare("members.approve_days", "入会申请审核时限", 10, "工作日", _MEMBERSHIP, to_verify=True)
declare("members.pool_days", "待分配申请答复时限", 10, "工作日", _MEMBERSHIP, to_verify=True)
declare("members.out_confirm_days", "转出确认时限（逾期自动确认）", 10, "天", _INTERNAL)
declare("members.accept_days", "转入接收时限（逾期由县级指定）", 15, "天", _INTERNAL)
declare(
    "members.dues_rate", "会费占基本工资比例", "0.005", "", "全总1978年会费规定", to_verify=True
)
declare("members.lapse_months", "不交会费、不参加活动视为退会", 6, "月", _MEMBERSHIP)
declare("members.jump_percent", "年报数同比变动须说明的幅度", 20, "%", _INTERNAL)
declare("members.declaration_days", "年报审核时限", 10, "工作日", _INTERNAL)
declare("members.undo_days", "合并人员可撤销的期限", 30, "天", _INTERNAL)
declare("members.duplicate_days", "疑似重复核对时限", 30, "天", _INTERNAL)
declare("members.backfill_days", "晚于入会日期多少天登记列入补录清单", 90, "天", _INTERNAL)
declare("members.reconcile_days", "名册对账办结时限", 10, "天", _INTERNAL)
declare("members.card_token_seconds", "电子会员卡二维码有效时间", 60, "秒", _INTERNAL)
