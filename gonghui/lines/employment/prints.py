"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Rows, Signatures, SignOff, Text
from gonghui.kernel.registers.declare import Print
from gonghui.lines.employment.services import fairs

_LEARNER = (("class_label", "班次"), ("person", "姓名"), ("sex", "性别"), ("category", "类别"))

TRAINING_SESSION = (
    Print(
        "开班申请表",
        form=Form(
            "就业培训开班申请表",
            (
                Facts("title", "kind", "occupation", "level", "provider", "licence_no"),
                Facts("start_on", "end_on", "hours", "place", "mode", "plan_count"),
                Facts("teachers", columns=1),
                Opinions("主办工会意见", "审核意见"),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "学员花名册和签到表",
        form=Form(
            "{title}学员花名册",
            (
                Facts("start_on", "end_on", "hours", "place"),
                Rows(
                    "employment.enrolment",
                    *_LEARNER,
                    blanks=("上午签到", "下午签到"),
                    least=20,
                ),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "结班成绩册",
        form=Form(
            "{title}结班成绩册",
            (
                Facts("start_on", "end_on", "hours", "place"),
                Rows(
                    "employment.enrolment",
                    *_LEARNER,
                    ("hours_present", "出勤学时"),
                    ("exam_score", "成绩"),
                    ("result", "结果"),
                ),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
        states=("closed", "settled"),
    ),
    Print(
        "培训费结算单",
        form=Form(
            "培训费结算单",
            (
                Facts("title", "provider", "contract_no", "fee_per_head"),
                Facts("settled_amount", "settled_on", "fund"),
                Rows(
                    "employment.enrolment",
                    ("person", "姓名"),
                    ("category", "类别"),
                    ("hours_present", "出勤学时"),
                    ("cert_no", "证书号"),
                    where={"result": "completed"},
                    heading="结业学员",
                ),
                Opinions("承办机构", "主办工会", "财务审核"),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
        states=("closed", "settled"),
    ),
)

ENROLMENT = (
    Print(
        "结业证书",
        form=Form(
            "结业证书",
            (
                Text("{person}同志：", flush=True),
                Text("参加{session__title}学习，出勤{hours_present}学时，考核合格，准予结业。"),
                Text("证书编号：{cert_no}", flush=True),
                SignOff("{org}", "{completed_on}"),
            ),
        ),
        when=lambda enrolment: enrolment.completed_on is not None,
    ),
)

PLACEMENT = (
    Print(
        "就业证明表",
        form=Form(
            "就业证明表",
            (
                Facts("person", "sex", "kind", "source_kind", "employer", "own_business"),
                Facts("started_on", "contract_kind", "contract_to", "is_insured"),
                Facts("evidence", "evidence_no", "verified_on", columns=1),
                Opinions("用人单位意见", "主办工会意见", "核实意见"),
            ),
            under=("工会：{org}", "编号：{number}"),
        ),
    ),
)

JOB_FAIR = (
    Print(
        "招聘会方案",
        form=Form(
            "{title}方案",
            (
                Facts("start_on", "end_on", "venue", "role", "partners"),
                Facts("plan", columns=1),
                Opinions("主办工会意见", "审批意见"),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "参会单位名册",
        form=Form(
            "{title}参会单位名册",
            (
                Facts("start_on", "end_on", "venue"),
                Rows(
                    "employment.fair_booth",
                    ("booth_no", "展位"),
                    ("employer", "单位"),
                    ("ownership", "性质"),
                    ("post_count", "岗位"),
                    ("headcount", "人数"),
                    blanks=("签到",),
                    least=20,
                ),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "意向登记表",
        form=Form(
            "{title}意向登记表",
            (
                Facts("start_on", "end_on", "venue"),
                Rows(
                    "employment.fair_intent",
                    ("name", "姓名"),
                    ("phone", "手机"),
                    ("booth", "单位"),
                    ("agreed_on", "日期"),
                    ("state", "进展"),
                    least=20,
                ),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "成效报告",
        form=Form(
            "{title}成效报告",
            (
                Text("{start_on}至{end_on}，{org}在{venue}举办{title}。{came}"),
                Text("{agreed}"),
                Text(
                    "人数按姓名和手机（实名的按本人）识别，一人只计一次；上岗的另经核实计入就业。"
                ),
                SignOff("{org}"),
            ),
            words={"came": fairs.who_came, "agreed": fairs.what_was_agreed},
        ),
        states=("closed", "followed"),
    ),
)

MICRO_LOAN = (
    Print(
        "小额借款申请审批表",
        form=Form(
            "小额借款申请审批表",
            (
                Facts("borrower", "sex", "mode", "conditions", heading="借款人"),
                Facts("sector", "project", "place", "licence_no", "plan_jobs", heading="项目"),
                Facts("asked", "approved", "term_months", "schedule", heading="借款"),
                Rows(
                    "employment.loan_guarantor",
                    ("person", "保证人"),
                    ("kind", "担保方式"),
                    ("employer", "单位"),
                    ("period_to", "保证期间至"),
                    least=2,
                ),
                Facts("checkers", "check_note", columns=1),
                Opinions("经办工会意见", "审批意见"),
            ),
            under=("经办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "实地考察表",
        form=Form(
            "小额借款实地考察表",
            (
                Facts("borrower", "sector", "project", "place", "licence_no", "plan_jobs"),
                Facts("asked", "term_months", "schedule", "conditions"),
                Facts(
                    ("", "经营场所（是否属实）"),
                    ("", "经营状况和收入"),
                    ("", "家庭负债和信用"),
                    ("", "还款来源"),
                    columns=1,
                ),
                Facts("check_note", columns=1),
                Signatures("考察人", "考察人", "借款人"),
            ),
            under=("经办：{org}", "编号：{number}"),
        ),
        states=("field_check", "county_review", "notice", "approved", "signed", "repaying"),
    ),
    Print(
        "借款合同",
        form=Form(
            "小额借款合同",
            (
                Text("出借人：{org}", flush=True),
                Text("借款人：{borrower}", flush=True),
                Text(
                    "出借人借给借款人{approved}元，用于{project}，期限{term_months}个月，"
                    "还款方式为{schedule}，不收利息。借款人须按还款计划还款，"
                    "逾期按约定支付逾期费。"
                ),
                Text("保证人对本借款承担保证责任，担保方式和保证期间见保证合同。"),
                Text("合同编号：{contract_no}", flush=True),
                Signatures("出借人（盖章）", "借款人", "保证人"),
            ),
        ),
        states=("approved", "signed", "repaying", "extended", "settled"),
    ),
    Print(
        "保证合同",
        form=Form(
            "小额借款保证合同",
            (
                Text("债权人：{org}", flush=True),
                Text("债务人：{borrower}", flush=True),
                Text(
                    "保证人自愿为债务人向债权人的借款{approved}元（期限{term_months}个月，"
                    "借款合同编号{contract_no}）提供保证。各保证人的担保方式、范围和保证期间如下；"
                    "没有写明担保方式的为一般保证，没有约定保证期间的为主债务履行期届满之日起六个月。"
                ),
                Rows(
                    "employment.loan_guarantor",
                    ("person", "保证人"),
                    ("kind", "担保方式"),
                    ("scope", "担保范围"),
                    ("period_to", "保证期间至"),
                    blanks=("签名、身份证号", "日期"),
                    least=2,
                ),
                Text("保证范围没有写明的，包括本金、逾期费和实现债权的费用。"),
                Signatures("债权人（盖章）", "债务人"),
            ),
        ),
        states=("approved", "signed", "repaying", "extended", "default", "litigating"),
    ),
    Print(
        "还款计划表",
        form=Form(
            "还款计划表",
            (
                Facts("borrower", "approved", "disbursed_on", "due_on"),
                Rows(
                    "employment.loan_installment",
                    ("seq", "期数"),
                    ("due_on", "应还日期"),
                    ("principal", "应还本金"),
                    ("paid_principal", "已还本金"),
                    ("paid_on", "还清日期"),
                    by="loan",
                ),
            ),
            under=("经办：{org}", "编号：{number}"),
        ),
        states=("repaying", "extended", "default", "litigating", "written_off", "settled"),
    ),
    Print(
        "催收通知书",
        form=Form(
            "催收通知书",
            (
                Text("{borrower}：", flush=True),
                Text(
                    "您于{disbursed_on}借款{approved}元，自{overdue_since}起逾期，"
                    "尚未归还本金{principal_left}元。请收到本通知后十日内还清。"
                ),
                SignOff(),
            ),
        ),
        states=("repaying", "extended", "default", "litigating", "written_off"),
    ),
    Print(
        "致保证人函",
        form=Form(
            "致保证人函",
            (
                Text("保证人：", flush=True),
                Text(
                    "您为{borrower}的借款（编号{number}）提供保证，保证期间至{guarantee_to}。"
                    "该借款自{overdue_since}起逾期，尚未归还本金{principal_left}元。"
                    "请督促借款人还款，并承担保证责任。"
                ),
                SignOff(),
            ),
        ),
        states=("repaying", "extended", "default", "litigating"),
    ),
    Print(
        "核销审批表",
        form=Form(
            "小额借款核销审批表",
            (
                Facts("borrower", "project", "approved", "disbursed_on", "due_on"),
                Facts("principal_left", "overdue_since", "court_no", "minutes"),
                Rows(
                    "employment.loan_visit",
                    ("visited_on", "日期"),
                    ("visited_by", "催收人"),
                    ("to_guarantor", "已通知保证人"),
                    ("remark", "情况"),
                    where={"is_demand": True},
                    heading="书面催收记录",
                    least=3,
                ),
                Facts(("", "核销理由"), columns=1),
                Opinions("经办工会", "经审意见", "领导意见"),
                Text("核销后仍可追偿。"),
            ),
            under=("经办：{org}", "编号：{number}"),
        ),
        states=("default", "litigating", "written_off"),
    ),
    Print(
        "结清证明",
        form=Form(
            "结清证明",
            (
                Text(
                    "{borrower}于{disbursed_on}向{org}借款{approved}元（编号{number}），"
                    "已于{settled_on}还清。特此证明。"
                ),
                SignOff(),
            ),
        ),
        states=("settled",),
    ),
)
