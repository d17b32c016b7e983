"""The numbers of the rules on employment, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_OFFICE = "市总内部管理规定"

declare("employment.attend_min", "结业最低出勤率", "0.80", "", "职业培训管理办法", to_verify=True)
declare("employment.pass_score", "考核合格分数", 60, "分", "职业培训管理办法", to_verify=True)
declare("employment.class_max", "每班最多人数", 60, "人", _OFFICE)
declare("employment.announce_days", "开班前公布报名的最短时间", 3, "工作日", _OFFICE)
declare("employment.close_days", "结束后办理结班的时限", 10, "工作日", _OFFICE)
declare("employment.settle_days", "结班后结算培训费的时限", 20, "工作日", _OFFICE)
declare("employment.resubsidy_months", "同工种同等级补贴间隔", 36, "月", "就业补助资金管理办法")
declare(
    "employment.train_year_max",
    "每人每年补贴培训次数上限",
    3,
    "次",
    "就业补助资金管理办法",
    to_verify=True,
)
declare("employment.placement_window_days", "结业后就业计为培训成效的期限", 180, "天", _OFFICE)
declare("employment.verify_days", "就业去向核实时限", 10, "工作日", _OFFICE)
declare("employment.report_limit_days", "上岗后迟报须说明原因的天数", 60, "天", _OFFICE)
declare("employment.first_follow_up_days", "第一次回访", 30, "天", _OFFICE)
declare("employment.second_follow_up_days", "第二次回访", 90, "天", _OFFICE)
declare("employment.sustain_days", "稳岗认定（第三次回访）", 180, "天", _OFFICE)
declare("employment.fair_follow_days", "招聘会意向跟踪时限", 30, "天", _OFFICE)
declare("employment.fair_follow_min", "招聘会意向有结果的最低比例", "0.90", "", _OFFICE)
declare(
    "employment.min_wage",
    "当地月最低工资",
    1800,
    "元",
    "河南省最低工资标准（三类区，自2024年1月1日）；各县（市、区）分别设置",
    to_verify=True,
)

_LOAN = "工会创业小额借款管理办法"
_PILOT = "银监会、全总关于开展工会创业小额贷款试点工作的通知（2009）"
_CODE = "民法典"
declare("employment.loan_max_amount", "小额借款单笔上限", 20000, "元", _LOAN, to_verify=True)
declare("employment.loan_county_max", "县级可批准的最高金额", 20000, "元", _LOAN, to_verify=True)
declare("employment.loan_term_max", "借款最长期限", 24, "月", _LOAN, to_verify=True)
declare("employment.loan_age_max", "借款人年龄上限", 60, "岁", _PILOT, to_verify=True)
declare("employment.loan_guarantee_max", "每名保证人最多担保笔数", 2, "笔", _LOAN)
declare("employment.loan_accept_days", "借款受理时限", 3, "工作日", _LOAN)
declare("employment.loan_check_days", "实地考察时限", 7, "工作日", _LOAN)
declare("employment.loan_review_days", "借款审批时限", 10, "工作日", _LOAN)
declare("employment.loan_notice_days", "借款公示时间", 5, "工作日", _LOAN)
declare("employment.loan_sign_days", "批准后签约时限", 30, "天", _LOAN)
declare("employment.loan_overdue_stop", "暂停新增借款的逾期率", "0.15", "", _LOAN)
declare("employment.loan_penalty_rate", "逾期费年率", "0.03", "", _LOAN, to_verify=True)
declare("employment.loan_extend_months", "展期最长时间", 6, "月", _LOAN)
declare("employment.loan_default_days", "转逾期处置的逾期天数", 90, "天", _LOAN)
declare("employment.loan_guarantee_months", "未约定的保证期间", 6, "月", f"{_CODE}第六百九十二条")
declare("employment.loan_limitation_years", "诉讼时效", 3, "年", f"{_CODE}第一百八十八条")
declare("employment.loan_due_warn_days", "到期前提醒", 30, "天", _LOAN)
declare("employment.loan_guarantee_warn_days", "保证期间届满前提醒", 60, "天", _LOAN)
declare("employment.loan_limitation_warn_days", "诉讼时效届满前提醒", 90, "天", _LOAN)
declare(
    "employment.loan_subsidy_floor",
    "贴息贷款借款人承担的年利率",
    "2.15",
    "%",
    "创业担保贷款贴息办法",
    to_verify=True,
)
declare(
    "employment.loan_subsidy_max_principal",
    "可贴息的最高本金",
    200000,
    "元",
    "创业担保贷款贴息办法",
    to_verify=True,
)
declare("employment.seeker_months", "求职登记有效期", 6, "月", _OFFICE)
declare("employment.referral_days", "银行答复跟踪时限", 30, "天", _OFFICE)
declare("employment.same_place_from", "疑点：同一期学员同日到同一单位的人数", 5, "人", _OFFICE)
declare("employment.often_trained_from", "疑点：一人期内结业的期数", 3, "期", _OFFICE)
declare("employment.lent_again_days", "疑点：还清后多少天内再借", 30, "天", _LOAN)
