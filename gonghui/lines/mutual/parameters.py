"""The numbers of the rules that hold for every product; a product's own rules are fields of its version."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_INTERNAL = "市总内部管理规定"

declare("mutual.review_days", "参保单复核时限", 5, "工作日", _INTERNAL)
declare("mutual.fee_days", "缴费并确认到账时限", 15, "工作日", _INTERNAL)
declare("mutual.handling_days", "名册提交到生效至少需要的天数", 2, "天", _INTERNAL)
declare("mutual.renew_window_days", "到期前多少天起可以办理续接", 60, "天", _INTERNAL)
declare("mutual.claim_review_days", "申领初审时限", 5, "工作日", _INTERNAL)
declare("mutual.supplement_days", "补正材料时限", 30, "天", _INTERNAL)
declare("mutual.assess_days", "核定（复核、申诉）时限", 15, "工作日", _INTERNAL)
declare("mutual.pay_days", "核定后给付时限", 10, "工作日", _INTERNAL)
declare("mutual.solvency_amber", "资金充足率黄灯线", "1.5", "倍", _INTERNAL, to_verify=True)
declare("mutual.solvency_red", "资金充足率红灯线", "1.0", "倍", _INTERNAL, to_verify=True)
declare("mutual.appeal_days", "不予给付后的申诉期限", 30, "天", _INTERNAL)
declare("mutual.second_assessor_from", "须第二人复核的核定金额", 10000, "元", _INTERNAL)
