"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Rows, Signatures, SignOff, Text
from gonghui.kernel.registers.declare import Print

TRAINING_CLASS = (
    Print(
        "培训通知",
        form=Form(
            "关于举办{title}的通知",
            (
                Text("各有关工会：", flush=True),
                Text(
                    "经研究，决定于{start_on}至{end_on}在{venue}举办{title}，共{hours}学时。"
                    "培训对象：{groups}。请按名额报名，准时参加。"
                ),
                SignOff(),
            ),
        ),
    ),
    Print(
        "学员名册和签到册",
        form=Form(
            "{title}学员名册",
            (
                Facts("start_on", "end_on", "hours", "venue"),
                Rows(
                    "cadres.training_seat",
                    ("person", "姓名"),
                    ("org", "单位"),
                    ("post", "职务"),
                    by="training_class",
                    blanks=("上午签到", "下午签到"),
                    least=20,
                ),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "报名回执",
        states=("planned", "open"),
        form=Form(
            "{title}报名回执",
            (
                Facts("start_on", "end_on", "venue", "hours"),
                Rows(
                    "cadres.training_seat",
                    ("person", "姓名"),
                    ("org", "单位"),
                    ("post", "职务"),
                    by="training_class",
                    where={"is_withdrawn": False},
                    blanks=("手机", "是否住宿"),
                    least=8,
                ),
                Signatures("报名单位负责人", "联系人"),
            ),
            under=("报送：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "培训费结算表",
        states=("finished",),
        form=Form(
            "{title}培训费结算表",
            (
                Facts("start_on", "end_on", "hours", "venue", "budget", "spent", ("", "票据张数")),
                Opinions("主办部门意见", "财务意见", "领导意见"),
                Signatures("经办人", "证明人", "验收人"),
            ),
            under=("主办：{org}", "编号：{number}"),
        ),
    ),
)

TRAINING_SEAT = (
    Print(
        "结业证书",
        form=Form(
            "结业证书",
            (
                Text("{person}同志：", flush=True),
                Text(
                    "参加{training_class__title}学习，获得{hours_earned}学时，考核合格，准予结业。"
                ),
                Text("证书编号：{cert_no}", flush=True),
                SignOff("{training_class__org}", "{training_class__end_on}"),
            ),
        ),
    ),
)
