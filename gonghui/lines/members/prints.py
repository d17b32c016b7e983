"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Roster, SignOff, Text
from gonghui.kernel.registers.declare import Print

MEMBERSHIP = (
    Print(
        "工会会员登记表",
        form=Form(
            "工会会员登记表",
            (
                Facts(
                    ("person", "姓名"),
                    ("person__sex", "性别"),
                    ("person__born_on", "出生日期"),
                    ("person__ethnic", "民族"),
                    ("person__id_no", "证件号码"),
                    ("person__phone", "联系电话"),
                    ("person__education", "学历"),
                    ("person__political", "政治面貌"),
                    ("person__hukou_kind", "户籍性质"),
                    ("employ_kind", "用工形式"),
                    ("employer", "工作单位"),
                    ("user_employer", "用工单位"),
                    ("job_title", "岗位"),
                    ("group_name", "所在小组"),
                    ("number", "会员号"),
                    ("joined_on", "入会日期"),
                ),
                Opinions("基层工会意见"),
            ),
            under=("所在工会：{org}",),
        ),
    ),
    Print(
        "会员花名册",
        form=Roster(
            "会员花名册",
            ("number", "会员号"),
            ("person", "姓名"),
            ("person__sex", "性别"),
            ("org", "所在工会"),
            ("employ_kind", "用工形式"),
            ("job_title", "岗位"),
            ("joined_on", "入会日期"),
            blanks=("备注",),
        ),
    ),
)

APPLICATION = (
    Print(
        "入会申请书",
        form=Form(
            "入会申请书",
            (
                Text("{target_org}：", flush=True),
                Text(
                    "本人{name}，自愿加入工会，承认工会章程，愿意履行会员义务，"
                    "参加工会活动，按期交纳会费。请予批准。"
                ),
                SignOff("申请人：{name}", "{applied_on}"),
            ),
        ),
    ),
)

TRANSFER = (
    Print(
        "会员组织关系接转介绍信",
        form=Form(
            "会员组织关系接转介绍信",
            (
                Text("{receiver}：", flush=True),
                Text(
                    "兹有我会会员{person}，因工作或居住变动，现将会员组织关系转到你会，请予接收，"
                    "并将接收情况告知我会。"
                ),
                SignOff("{from_org}", "{out_confirmed_on}"),
            ),
            words={"receiver": lambda transfer: str(transfer.to_org or transfer.to_outside)},
        ),
    ),
)
