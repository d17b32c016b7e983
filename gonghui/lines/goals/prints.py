"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Rows, Signatures
from gonghui.kernel.registers.declare import Print

SUPERVISION_ITEM = (
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
