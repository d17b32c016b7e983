"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Roster, Rows, SignOff, Text
from gonghui.kernel.registers.declare import Print
from gonghui.lines.mutual.services import reserves

_GOES_UP = ("county_review", "awaiting_fee", "active", "expired")
_COVERED = ("active", "expired")

POLICY = (
    Print(
        "参保申请表",
        form=Form(
            "职工互助保障团体参保申请表",
            (
                Facts(
                    "employer",
                    "product",
                    "product_version",
                    "applied_on",
                    "staff_total",
                    "women_total",
                ),
                Facts("heads", "shares", "fee_total", heading="参加人数和互助费"),
                Facts("employer_amount", "union_amount", "staff_amount", heading="出资"),
                Text("参加人数未达要求的说明：{exception_reason}"),
                Text("本单位已向职工说明产品细则，参加职工均知情同意，名册内容真实。"),
                Opinions("参保单位工会", "县（市、区）总工会或产业工会"),
            ),
        ),
    ),
    Print(
        "缴费通知书",
        states=_GOES_UP[1:],
        when=lambda policy: not policy.is_legacy,
        form=Form(
            "职工互助保障缴费通知书",
            (
                Text("{org}：", flush=True),
                Text(
                    "你单位参加“{product}”的名册已复核，共{heads}人、{shares}份，"
                    "应缴互助费{fee_total}元。请按此金额一次足额缴入互助金专户，"
                    "并在附言中注明缴费编号{number}。金额不符的不能生效。"
                ),
                Text("保障期自到账确认后按产品细则起算。"),
                SignOff("市职工互助保障办事处"),
            ),
        ),
    ),
    Print(
        "团体参保凭证",
        states=_COVERED,
        form=Form(
            "职工互助保障团体参保凭证",
            (
                Facts("employer", "product", "product_version", "number"),
                Facts("heads", "shares", "fee_total", "received_on"),
                Facts("effective_from", "effective_to"),
                SignOff("市职工互助保障办事处", "{counted_on}"),
            ),
        ),
    ),
)

COVERAGE = (
    Print(
        "个人参保凭证",
        states=("active", "ended"),
        form=Form(
            "职工互助保障个人参保凭证",
            (
                Facts("person", "policy__employer", "product", "shares"),
                Facts("starts_on", "ends_on", ("wait_until", "等待期止（空为不等待）")),
                Facts("beneficiary", ("policy__number", "参保单号")),
                SignOff("市职工互助保障办事处", "{counted_on}"),
            ),
        ),
    ),
    Print(
        "参保名册",
        form=Roster(
            "职工互助保障参保名册",
            ("person", "姓名"),
            "sex",
            "job_status",
            "shares",
            "fee",
            "beneficiary",
            blanks=("本人签字",),
            signatures=("单位经办人", "工会主席"),
        ),
    ),
)

CLAIM = (
    Print(
        "申领审批表",
        form=Form(
            "职工互助金申领审批表",
            (
                Facts("person", "org", "product", "applied_on"),
                Facts("event_kind", "event_on", "disease", "is_in_situ", heading="事由"),
                Facts("hospital", "hospital_level", "hospital_days", "days_covered"),
                Facts("total_cost", "insurance_paid", "self_paid", heading="费用"),
                Rows("mutual.claim_paper", "kind", "paper_no", "amount", heading="材料"),
                Text("测算：{reckoning}"),
                Facts("computed", "assessed", "difference_reason", heading="核定"),
                Rows(
                    "mutual.claim_payee", "person", "relation", "amount", heading="收款人", least=0
                ),
                Opinions("参保单位工会", "县（市、区）总工会初审", "核定人", "复核人"),
            ),
        ),
    ),
    Print(
        "给付通知书",
        states=("approved", "paying", "paid"),
        form=Form(
            "职工互助金给付通知书",
            (
                Text("{person}同志：", flush=True),
                Text(
                    "你申领“{product}”互助金的材料收悉。{reckoning}经核定，给付互助金{assessed}元。"
                ),
                Text("{difference_reason}"),
                SignOff("市职工互助保障办事处", "{decided_on}"),
            ),
        ),
    ),
    Print(
        "不予给付通知书",
        states=("refused", "appealed", "closed"),
        form=Form(
            "职工互助金不予给付通知书",
            (
                Text("{person}同志：", flush=True),
                Text(
                    "你申领“{product}”互助金的材料收悉。经两人核定，不予给付，原因：{refuse_reason}。"
                ),
                Text("{refuse_note}"),
                Text("如有异议，可在收到本通知书之日起三十日内申诉一次，由原核定人以外的人办理。"),
                SignOff("市职工互助保障办事处", "{decided_on}"),
            ),
        ),
    ),
)

CHANGE = (
    Print(
        "增减员表",
        form=Roster(
            "职工互助保障增减员表",
            ("kind", "类型"),
            ("coverage__person", "姓名"),
            ("coverage__product", "产品"),
            ("on", "日期"),
            ("new_person", "更正为"),
            ("reason", "原因"),
            ("state", "办理情况"),
            signatures=("单位经办人", "审核人"),
        ),
    ),
)

RESERVE = (
    Print(
        "年度收支公告",
        form=Form(
            "{product}年度收支公告",
            (
                Text("现将{product}截至{as_of}的年度收支情况公告如下：", flush=True),
                Text("{came}"),
                Text("{went}"),
                Text("截至{as_of}，专户结余{balance}元，应备{owed}元，充足率{ratio}倍。"),
                Text("对以上情况有疑问的，可向市职工互助保障办事处或本单位工会查询。"),
                SignOff("市职工互助保障办事处"),
            ),
            words={"came": reserves.what_came, "went": reserves.what_went},
        ),
        when=reserves.is_of_a_year,
    ),
)
