"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Roster, Rows, Signatures, Text
from gonghui.kernel.registers.declare import Print

# What a ranking may be used for: 评比达标表彰 needs an approval of its own.
_INSIDE = "本表为内部工作通报，不作为评比表彰的依据。"

PLAN_BOOK = (
    Print(
        "目标责任书",
        form=Form(
            "{year}年度目标责任书",
            (
                Facts("org", "issuer", "doc_no", "issued_on"),
                Rows(
                    "goals.target",
                    ("code", "编号"),
                    ("clause", "目标"),
                    ("comparator", "关系"),
                    ("value", "目标值"),
                    ("due_on", "期限"),
                    ("lead_dept", "牵头部室"),
                    ("leader_person", "责任领导"),
                    least=0,
                ),
                Text("完成情况以台账数据为准，不另报材料；目标如需改变，由下达单位书面调整。"),
                Signatures("下达单位负责人", "承担单位负责人", "签订日期"),
            ),
        ),
    ),
)

ASSESSMENT_SCHEME = (
    Print(
        "考核评分表",
        form=Form(
            "{year}年度{title}评分表",
            (
                Facts("level", "plan_filed_no", "scored_on", "basis_at"),
                Rows(
                    "goals.assessment_score",
                    ("org", "参评单位"),
                    ("item", "项目"),
                    ("target_value", "目标值"),
                    ("actual", "完成数"),
                    ("score", "得分"),
                    ("explanation", "计分说明"),
                    by="scheme",
                    least=0,
                ),
                Text(_INSIDE),
                Signatures("制表人", "审核人"),
            ),
        ),
        states=("scored", "notified", "settled"),
    ),
)

SUPERVISION_ITEM = (
    Print(
        "督查通报",
        form=Roster(
            "督查通报",
            "number",
            "title",
            "org",
            ("colour", "督办单"),
            "due_on",
            "state",
            "lag_reason",
            "remedy",
            signatures=("督查室", "签发人"),
        ),
    ),
    Print(
        "延期申请表",
        form=Form(
            "督办件延期申请表",
            (
                Facts("number", "title", "org", "person"),
                Facts("issued_on", "due_on", ("asked_due", "申请延期至")),
                Facts("extension_reason", "progress", columns=1),
                Opinions("主办单位负责人意见", "督查室意见", "市总领导意见"),
            ),
        ),
        states=("extending",),
    ),
    Print(
        "督办通知单",
        form=Form(
            "督办通知单",
            (
                Facts("title", "level", "org", "lead_dept", "co_orgs", "person"),
                Facts("issued_on", "due_on", "colour", "source_kind"),
                Facts("requirement", columns=1),
                Facts("lag_reason", "remedy", columns=1, heading="滞后原因和整改措施"),
                Rows(
                    "goals.supervision_reply",
                    ("replied_on", "日期"),
                    ("kind", "类别"),
                    ("text", "内容"),
                    heading="办理反馈",
                    least=3,
                ),
                Opinions("主办单位负责人意见", ("办结结论", "{conclusion}")),
                Signatures("签收人", "督办人"),
            ),
            under=("编号：{number}",),
        ),
        states=(
            "issued",
            "signed",
            "doing",
            "extending",
            "replied",
            "returned",
            "suspended",
            "closed",
        ),
    ),
)
