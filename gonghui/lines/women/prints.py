"""What the line prints."""

from __future__ import annotations

from typing import Any

from gonghui.base import clock
from gonghui.kernel.docx.forms import (
    Facts,
    Form,
    Opinions,
    Roster,
    Rows,
    Signatures,
    SignOff,
    Text,
)
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.registers.declare import Print
from gonghui.lines.women.services.posts import clauses_of

_SEATS = 60

LECTURE = (
    Print(
        "讲座签到表",
        form=Form(
            "女职工巡回讲座签到表",
            (
                Facts("title", "speaker", "held_on", "start_at", "employer", "place"),
                Facts(
                    *(("", str(seat)) for seat in range(1, _SEATS + 1)),
                    columns=4,
                    heading="签到（只签姓名；女工干部请在姓名后加“√”）",
                ),
                Signatures("主办单位经办人", "所到单位经办人"),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
)


def _bill(session: Any) -> str:
    """What the hospital gets, as the settlement says it."""
    if session.billed_count is None or session.fee is None:
        return ""
    return f"{session.billed_count}人×{session.fee}元＝{session.billed_count * session.fee:,.2f}元"


# The hospital's list has the numbers it needs to know whom it examines; neither list has results.
SCREENING_SESSION = (
    Print(
        "两癌筛查名单（院方）",
        form=Form(
            "{title}名单",
            (
                Facts("hospital", "date_from", "date_to", "items"),
                Rows(
                    "women.screening_record",
                    ("person", "姓名"),
                    ("person__id_no", "身份证号"),
                    by="session",
                    where={"state": "registered"},
                    blanks=("检查日期", "本人签名"),
                    least=10,
                ),
                Signatures("主办单位经办人", "医院经办人"),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "筛查费用结算单",
        form=Form(
            "两癌筛查费用结算单",
            (
                Facts(
                    "title", "hospital", "contract_no", "fee", "billed_count", ("fund", "列支资金")
                ),
                Facts(("", "应付金额（大写）"), columns=1),
                Opinions("女职工部意见", "财务意见", "领导审批意见"),
                Signatures("医院经办人", "女职工部经办人"),
            ),
            words={"bill": _bill},
            under=("主办：{org}", "结算：{bill}"),
        ),
        states=("settled", "closed"),
    ),
)

SCREENING_RECORD = (
    Print(
        "两癌筛查名单（单位）",
        form=Roster("两癌筛查名单", "session", "person", "org", "screened_on", blanks=("签名",)),
    ),
)


def _clauses(post: Any) -> str:
    """The clauses of the appendix that a post falls under."""
    found = clauses_of(post)
    return "；".join(f"{rule.scope.label}（附录第{rule.clause}项）" for rule in found) or "无"


POST = (
    Print(
        "岗位告知书",
        form=Form(
            "女职工禁忌从事的劳动范围告知书",
            (
                Facts("employer", "workshop", "name", "women_count"),
                Facts(("", "告知情况（书面告知日期、告知人）"), columns=1),
                Facts("replacement", columns=1),
                Signatures("用人单位（盖章）", "女职工代表"),
            ),
            words={"clauses": _clauses},
            under=("核对日期：{checked_on}", "本岗位禁忌范围：{clauses}"),
        ),
    ),
)

_ITEM = (("position", "序号"), ("text", "检查项目"), ("clause", "依据"))

_FOUND = Rows(
    "women.inspection_item",
    *_ITEM,
    ("fact", "事实"),
    ("measure", "整改要求"),
    by="inspection",
    where={"answer": "violation"},
    least=1,
)


def _is_written(inspection: Any, kind: str) -> bool:
    """A letter is drafted as soon as something was found, and stays once it went out."""
    if inspection.letter_kind:
        return bool(inspection.letter_kind == kind)
    return bool(inspection.state == "inspected" and inspection.found)


def _answer_days(inspection: Any) -> str:
    return str(number_of("women.opinion_days", on=inspection.letter_on or clock.today()))


def _letter(title: str, kind: str, told: str) -> Print:
    """One of the letters of supervision to an employer, with what was found."""
    return Print(
        title,
        form=Form(
            f"工会劳动法律监督{title}",
            (
                Text("{employer}：", flush=True),
                Text("我会于{inspected_on}检查你单位女职工劳动保护情况，发现下列问题："),
                _FOUND,
                Text(told),
                SignOff("{org}", "{letter_on}"),
            ),
            words={"answer_days": _answer_days},
            under=("文号：{letter_no}", "检查编号：{number}"),
        ),
        when=lambda inspection: _is_written(inspection, kind),
    )


INSPECTION = (
    _letter(
        "提示函",
        "notice",
        "请于{due_on}前整改，并在{answer_days}个工作日内将整改情况书面答复我会。",
    ),
    _letter(
        "意见书",
        "opinion",
        "上述问题违反女职工劳动保护的规定，请于{due_on}前改正，并在{answer_days}个工作日内书面答复我会；"
        "不答复、不改正的，我会将提请劳动行政部门依法处理。",
    ),
    Print(
        "建议书",
        form=Form(
            "工会劳动法律监督建议书",
            (
                Text("{referred_to}：", flush=True),
                Text(
                    "我会于{inspected_on}检查{employer}女职工劳动保护情况，发现下列问题，"
                    "已于{letter_on}发出意见书（{letter_no}），该单位没有答复或者没有改正："
                ),
                _FOUND,
                Text("建议依法处理，并将处理结果告知我会。"),
                SignOff("{org}"),
            ),
            under=("检查编号：{number}",),
        ),
        states=("rectifying", "rechecked", "referred"),
        when=lambda inspection: inspection.letter_kind == "opinion",
    ),
    Print(
        "女职工劳动保护检查表",
        form=Form(
            "女职工劳动保护检查表",
            (
                Facts("employer", "kind", "planned_on", "inspected_on", "joint_bodies"),
                Facts("women_total", "pregnant_count", "nursing_count", columns=3),
                Rows(
                    "women.inspection_item",
                    *_ITEM,
                    ("answer", "结果"),
                    ("fact", "事实"),
                    by="inspection",
                ),
                Rows(
                    "women.inspection_member",
                    ("person", "检查人"),
                    ("card_no", "监督员证号"),
                    by="inspection",
                    blanks=("签名",),
                    least=2,
                ),
                Signatures("被检查单位（盖章）"),
            ),
            under=("检查：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "整改报告",
        form=Form(
            "女职工劳动保护问题整改报告",
            (
                Facts("employer", "letter_no", "letter_on", "due_on", "found", "fixed"),
                Rows(
                    "women.inspection_item",
                    *_ITEM,
                    ("measure", "整改要求"),
                    ("fixed_on", "整改日期"),
                    ("fixed_proof", "整改证明"),
                    by="inspection",
                    where={"answer": "violation"},
                ),
                Opinions("复查意见"),
                Signatures("被检查单位（盖章）", "复查人"),
            ),
            under=("检查：{org}", "编号：{number}"),
        ),
        states=("rectifying", "rechecked", "closed", "referred"),
    ),
)
