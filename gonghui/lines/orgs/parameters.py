"""The numbers of the law and of practice that this line applies; each has a dated value."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

_LAW = "《中华人民共和国工会法》"
_PROVINCE = "《河南省工会条例》"
_ELECTION = "《工会基层组织选举工作条例》"
_CHAIR = "《企业工会主席产生办法（试行）》"
_LEGAL_PERSON = "《基层工会法人登记管理办法》"
_PRACTICE = "市总工会办事规定"

# Founding a union
declare("orgs.committee_min_members", "单独成立基层委员会的会员人数", 25, "人", f"{_LAW}第十一条")
declare("orgs.founding_employer_months", "新开办单位应建会期限", 12, "月", f"{_PROVINCE}第六条")
declare("orgs.lead_days", "建会告知后应提交筹建请示的期限", 30, "天", _PRACTICE, to_verify=True)
declare("orgs.prep_days", "批复筹备期限", 10, "工作日", _PRACTICE, to_verify=True)
declare(
    "orgs.township_days", "乡镇（街道）审核建会事项的期限", 5, "工作日", _PRACTICE, to_verify=True
)
declare("orgs.prep_months", "筹备至报告选举结果的期限", 3, "月", _PRACTICE, to_verify=True)
declare("orgs.approval_days", "批复成立期限", 15, "天", _ELECTION)
declare("orgs.new_clear_months", "计入新建须无涵盖记录的月数", 24, "月", _PRACTICE, to_verify=True)
declare("orgs.backdate_days", "批复日期追溯须说明的天数", 30, "天", _PRACTICE, to_verify=True)

# Elections
declare("orgs.quorum_numerator", "到会法定比例分子", 2, "", _ELECTION)
declare("orgs.quorum_denominator", "到会法定比例分母", 3, "", _ELECTION)
declare("orgs.publicity_days", "候选人公示天数", 7, "天", _CHAIR)
declare("orgs.committee_surplus_rate", "委员候选人差额率", "0.05", "", _ELECTION, to_verify=True)
declare("orgs.standing_surplus_rate", "常委候选人差额率", "0.10", "", _ELECTION, to_verify=True)
declare("orgs.delegate_min", "可开会员代表大会的会员人数", 100, "人", _ELECTION)
declare("orgs.women_committee_min", "应建女职工委员会的女会员人数", 10, "人", f"{_PROVINCE}第九条")
declare("orgs.consent_days", "批复同意召开大会期限", 10, "工作日", _PRACTICE, to_verify=True)
declare("orgs.reply_days", "批复选举结果期限", 15, "天", _ELECTION)
# Rows of [members from, members to, seats from, seats to]; the last row has no upper end.
declare(
    "orgs.committee_size",
    "委员会委员人数",
    [
        [0, 24, 3, 5],
        [25, 200, 3, 7],
        [201, 1000, 7, 15],
        [1001, 5000, 15, 21],
        [5001, 10000, 21, 29],
        [10001, 50000, 29, 37],
        [50001, None, 37, 45],
    ],
    "人",
    _ELECTION,
)

declare("orgs.duplicate_days", "疑似重复单位核对时限", 30, "天", _PRACTICE)
declare("orgs.undo_days", "合并单位可撤销的期限", 30, "天", _PRACTICE)

# Terms and posts
declare("orgs.term_extension_max_months", "延期换届最长月数", 6, "月", _ELECTION)
declare("orgs.term_request_days", "届满前应请示换届的天数", 60, "天", _PRACTICE, to_verify=True)
declare("orgs.term_supervision_days", "超期后转督办的天数", 30, "天", _PRACTICE, to_verify=True)
declare("orgs.chair_vacancy_months", "主席空缺补选期限", 3, "月", f"{_PROVINCE}第十四条")
declare("orgs.fulltime_min_employees", "可设专职主席的职工人数", 200, "人", f"{_LAW}第十四条")
declare("orgs.fulltime_per_thousand", "专职工会干部比例（每千人）", 3, "人", f"{_PROVINCE}第十三条")

# Legal person
declare("orgs.cert_apply_days", "申请法人登记期限", 30, "天", _LEGAL_PERSON)
declare("orgs.cert_reply_days", "法人登记审查期限", 15, "工作日", _LEGAL_PERSON, to_verify=True)
declare("orgs.cert_remind_days", "证书到期提醒天数", [60, 30, 7], "天", _PRACTICE)
declare("orgs.cert_max_years", "证书最长有效期", 5, "年", _LEGAL_PERSON)

# Standard check and honours
declare("orgs.standard_sample_rate", "市级抽查比例", "0.10", "", _PRACTICE, to_verify=True)
declare("orgs.standard_gap_points", "市县评分差退回分值", 10, "分", _PRACTICE, to_verify=True)
declare("orgs.honour_notice_days", "荣誉推荐公示天数", 5, "工作日", _PRACTICE, to_verify=True)
# "title/tier" -> how many may be put forward a year, for example {"sixgood/county": 2}.
declare("orgs.honour_quota", "荣誉推荐名额", {}, "个", "当年评选通知", to_verify=True)
