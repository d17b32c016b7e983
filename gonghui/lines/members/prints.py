"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Roster, Signatures, SignOff, Text
from gonghui.kernel.registers.declare import Print
from gonghui.lines.members.models.event import EventKind

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

EVENT = (
    Print(
        "保留会籍证明",
        states=("confirmed",),
        when=lambda event: event.kind == EventKind.RETAIN,
        form=Form(
            "保留会籍证明",
            (
                Text("{membership__person}同志系我会会员，会员号{membership__number}。"),
                Text(
                    "因{reason}，自{happened_on}起保留会籍。保留会籍期间免交会费；"
                    "到新单位工作的，凭本证明和会员号办理恢复，不必重新入会。"
                ),
                SignOff("{org}", "{confirmed_on}"),
            ),
        ),
    ),
    Print(
        "除名备案表",
        states=("confirmed",),
        when=lambda event: event.kind == EventKind.EXPEL,
        form=Form(
            "会员除名备案表",
            (
                Facts(
                    ("membership__person", "姓名"),
                    ("membership__number", "会员号"),
                    ("happened_on", "除名日期"),
                    ("decision_doc", "委员会决定文号"),
                    ("filed_with_superior_on", "报备日期"),
                    ("reason", "除名原因"),
                ),
                Opinions("基层工会委员会意见", "上级工会备案意见"),
            ),
        ),
    ),
)

DECLARATION = (
    Print(
        "会员数年报表",
        form=Form(
            "{year}年工会会员数年报表",
            (
                Facts("as_of", "employees", "female", "migrant", "dispatch", heading="职工"),
                Facts(
                    "members",
                    "female_members",
                    "migrant_members",
                    "dispatch_members",
                    "newform_members",
                    "jump_note",
                    heading="会员",
                ),
                Facts("signed_by", "signed_on"),
                Signatures("工会主席", "填报人"),
            ),
        ),
    ),
    Print(
        "会员数年报汇总表",
        form=Roster(
            "会员数年报汇总表",
            ("org", "工会"),
            "year",
            "employees",
            "members",
            "female_members",
            "migrant_members",
            "dispatch_members",
            "state",
        ),
    ),
)

APPLICATION = (
    Print(
        "集体入会名单",
        form=Roster(
            "集体入会名单",
            ("name", "姓名"),
            ("target_org", "工会"),
            ("employ_kind", "用工形式"),
            ("applied_on", "申请日期"),
            ("state", "审核情况"),
            blanks=("本人签名",),
        ),
    ),
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
