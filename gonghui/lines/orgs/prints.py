"""What the line prints: requests and replies as letters, ballots and applications as forms."""

from __future__ import annotations

from typing import Any

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
from gonghui.lines.orgs.models.election import ElectionKind

_PREPARED = ("preparing", "result_review", "result_reported", "established")

FORMATION = (
    Print(
        "筹建请示",
        form=Form(
            "关于成立{proposed_name}筹备组的请示",
            (
                Text("{superior}：", flush=True),
                Text(
                    "为维护职工合法权益，根据《中华人民共和国工会法》和《中国工会章程》，"
                    "拟成立{proposed_name}，建会形式为{kind}，联系人{contact}。"
                ),
                Text("党组织意见：{party_opinion}"),
                Text("妥否，请批示。"),
                SignOff("（申请单位盖章）", "{prep_requested_on}"),
            ),
        ),
    ),
    Print(
        "筹备批复",
        states=_PREPARED,
        form=Form(
            "关于同意成立{proposed_name}筹备组的批复",
            (
                Text("{prep_doc_no}", centred=True),
                Text("{proposed_name}筹备组：", flush=True),
                Text(
                    "请示收悉。经研究，同意成立{proposed_name}筹备组。请依法发展会员，"
                    "民主选举工会委员会和经费审查委员会，选举结果及时报批。"
                ),
                SignOff("{approver}", "{prep_approved_on}"),
            ),
        ),
    ),
    Print(
        "成立批复",
        states=("established",),
        form=Form(
            "关于同意成立{proposed_name}的批复",
            (
                Text("{approval_doc_no}", centred=True),
                Text("{proposed_name}：", flush=True),
                Text(
                    "选举结果的报告收悉。经审查，选举程序符合规定，同意成立{proposed_name}，"
                    "首批会员{founding_members}人，其中女会员{female_members}人。"
                    "请依法履行职责，并自批复之日起三十日内申请工会法人资格登记。"
                ),
                SignOff("{approver}", "{approved_on}"),
            ),
        ),
    ),
)


def _two_thirds(case: Any) -> str:
    """How many must be present: two thirds of those who should attend, rounded up."""
    return str(-(-2 * case.due_attend // 3)) if case.due_attend else ""


def _more_than_half(case: Any) -> str:
    """The votes that elect: more than half of those who should attend."""
    return str(case.due_attend // 2 + 1) if case.due_attend else ""


_COUNTS = {"quorum": _two_thirds, "majority": _more_than_half}


def _is_renewal(case: Any) -> bool:
    return bool(case.kind == ElectionKind.RENEWAL)


ELECTION = (
    Print(
        "换届请示",
        when=_is_renewal,
        form=Form(
            "关于召开{form}进行换届选举的请示",
            (
                Text("{replier}：", flush=True),
                Text(
                    "{org}本届委员会任期将满，现有会员{members}人，其中女会员{female_members}人。"
                    "拟召开{form}进行换届选举，新一届任期{term_years}年，"
                    "应选工会委员{committee_seats}人、经费审查委员{audit_seats}人，"
                    "委员候选人实行差额选举。"
                ),
                Text("妥否，请批示。"),
                SignOff("{org}", "{requested_on}"),
            ),
        ),
    ),
    Print(
        "同意召开大会的批复",
        states=("agreed", "held", "reported", "confirmed"),
        form=Form(
            "关于同意{org}召开{form}的批复",
            (
                Text("{agreed_doc_no}", centred=True),
                Text("{org}：", flush=True),
                Text(
                    "你会关于召开{form}的请示收悉。经研究，同意召开，任期{term_years}年，"
                    "应选工会委员{committee_seats}人、经费审查委员{audit_seats}人。"
                    "候选人须公示不少于{publicity_days}天，公示在大会召开前结束。"
                    "选举结果请在会后及时报告。"
                ),
                SignOff("{replier}", "{agreed_on}"),
            ),
            words={"publicity_days": lambda _: str(number_of("orgs.publicity_days"))},
        ),
    ),
    Print(
        "选举办法",
        form=Form(
            "{org}选举办法",
            (
                Text("（草案，提请{form}通过）", centred=True),
                Text(
                    "一、本次选举采用无记名投票方式，应选工会委员{committee_seats}人、"
                    "经费审查委员{audit_seats}人。"
                ),
                Text("二、会员不足应到人数三分之二的，不能进行选举。"),
                Text(
                    "三、对候选人可以赞成、反对、弃权，也可以另选他人。"
                    "所选人数等于或者少于应选人数的有效，多于应选人数的无效。"
                ),
                Text("四、收回的选票等于或者少于发出的选票，选举有效；多于发出的选票，选举无效。"),
                Text(
                    "五、被选举人得票超过应到人数半数的当选；超过半数的人数多于应选名额的，"
                    "得票多的当选；票数相等不能确定的，对票数相等的人重新投票。"
                ),
                Text(
                    "六、设总监票人、监票人和计票人，候选人不得担任。计票结果当场宣布，报上级工会批复。"
                ),
                SignOff("{org}", "{meeting_on}"),
            ),
        ),
    ),
    Print(
        "候选人公示",
        form=Form(
            "工会委员会候选人公示",
            (
                Rows(
                    "orgs.candidate",
                    ("person", "姓名"),
                    ("post", "拟任职务"),
                    ("fulltime", "任职方式"),
                    blanks=("备注",),
                ),
                Text(
                    "公示时间：{publicity_from}至{publicity_to}。对候选人有意见的，"
                    "请在公示期内向{org}或者上级工会{replier}反映。"
                ),
                SignOff("{org}", "{publicity_from}"),
            ),
            under=("{org}",),
        ),
    ),
    Print(
        "选票",
        form=Form(
            "工会委员会选票",
            (
                Rows(
                    "orgs.candidate",
                    ("person", "候选人"),
                    ("post", "职务"),
                    blanks=("赞成", "反对", "弃权", "另选他人"),
                ),
                Text(
                    "说明：应选委员{committee_seats}人、经审委员{audit_seats}人。赞成的画“○”，"
                    "反对的画“×”，弃权的不画；另选他人的写姓名。所选人数多于应选人数的为废票。"
                ),
            ),
            under=("{org}", "{meeting_on}"),
            paper="A5",
        ),
    ),
    Print(
        "计票单",
        form=Form(
            "选举计票单",
            (
                Facts(
                    "due_attend",
                    "attended",
                    "ballots_out",
                    "ballots_back",
                    "ballots_valid",
                    "meeting_on",
                    columns=3,
                ),
                Text("应到人数的三分之二为{quorum}人，超过半数为{majority}票。"),
                Rows(
                    "orgs.candidate",
                    ("person", "候选人"),
                    ("post", "职务"),
                    ("votes", "得票"),
                    ("elected", "当选"),
                ),
                Signatures("总监票人", "监票人", "计票人"),
            ),
            words=_COUNTS,
        ),
    ),
    Print(
        "选举结果报告",
        form=Form(
            "关于{org}选举结果的报告",
            (
                Text("{replier}：", flush=True),
                Text(
                    "{org}于{meeting_on}召开{form}，应到{due_attend}人，实到{attended}人，"
                    "发出选票{ballots_out}张，收回{ballots_back}张，其中有效票{ballots_valid}张。"
                    "候选人得票和当选情况见计票单。"
                ),
                Text("特此报告，请予批复。"),
                SignOff("{org}", "{reported_on}"),
            ),
        ),
    ),
    Print(
        "选举结果批复",
        states=("confirmed",),
        form=Form(
            "关于{org}选举结果的批复",
            (
                Text("{reply_doc_no}", centred=True),
                Text("{org}：", flush=True),
                Text("选举结果的报告收悉。经研究，同意选举结果，任期{term_years}年。{reply}"),
                SignOff("{replier}", "{replied_on}"),
            ),
        ),
    ),
)

TERM = (
    Print(
        "限期换届通知书",
        form=Form(
            "限期换届通知书",
            (
                Text("{org}：", flush=True),
                Text(
                    "你会第{term_no}届委员会自{started_on}起任期{years}年，已于{due_on}届满。"
                    "请于收到本通知之日起三十日内报送换届请示，按期召开会员大会或者会员代表大会。"
                ),
                SignOff("（上级工会盖章）"),
            ),
        ),
    ),
    Print(
        "换届台账",
        form=Roster(
            "换届台账",
            ("org", "工会"),
            ("term_no", "届次"),
            ("years", "任期"),
            "started_on",
            "due_on",
            "extended_to",
            "state",
            blanks=("备注",),
        ),
    ),
)

CERTIFICATE = (
    Print(
        "法人登记申请表",
        form=Form(
            "工会法人资格登记申请表",
            (
                Facts(
                    ("org", "工会名称"),
                    "case",
                    ("uscc", "统一社会信用代码"),
                    "cert_no",
                    "legal_rep",
                    "address",
                    "funds",
                    "registrar",
                    "valid_from",
                    "valid_to",
                ),
                Opinions("申请工会意见", "上级工会意见", "登记机关意见"),
                Signatures("经办人", "联系电话"),
            ),
        ),
    ),
    Print(
        "法人注销登记表",
        states=("cancelled",),
        form=Form(
            "工会法人资格注销登记表",
            (
                Facts(
                    ("org", "工会名称"),
                    ("uscc", "统一社会信用代码"),
                    "cert_no",
                    "legal_rep",
                    "valid_from",
                    "valid_to",
                    ("ended_on", "注销日期"),
                    "registrar",
                    ("", "财产清理情况"),
                ),
                Opinions("上级工会意见", "登记机关意见"),
                Signatures("经办人", "证书收回人"),
            ),
        ),
    ),
)

CHANGE = (
    Print(
        "变更批复",
        states=("effective",),
        form=Form(
            "关于{org}{kind}的批复",
            (
                Text("{decision_doc_no}", centred=True),
                Text("{org}：", flush=True),
                Text("{kind}的请示收悉。经研究，同意办理，自{effective_on}起生效。{content}"),
                SignOff("（批准工会盖章）", "{effective_on}"),
            ),
            words={
                "content": lambda change: "".join(
                    f"{label}：{value}。"
                    for label, value in (
                        ("新名称", change.new_name),
                        ("新地址", change.new_address),
                        ("新上级工会", change.new_superior),
                        ("并入工会", change.into),
                    )
                    if value
                )
            },
        ),
    ),
)

HONOUR = (
    Print(
        "荣誉申报表",
        form=Form(
            "工会工作荣誉申报表",
            (
                Facts(
                    ("org", "申报工会"),
                    "tier",
                    "title",
                    "title_detail",
                    "grade",
                    "grantor_level",
                    "year",
                    "selected_by",
                    ("score_sheet", "考评得分"),
                    ("", "主要事迹"),
                ),
                Opinions("县（市、区）总工会意见", "市总工会意见", "授予单位意见"),
            ),
        ),
    ),
)

CENSUS = (
    Print(
        "建会告知书",
        form=Form(
            "建立工会组织告知书",
            (
                Text("{employer}：", flush=True),
                Text(
                    "根据《中华人民共和国工会法》，职工有依法参加和组织工会的权利，任何组织和个人不得"
                    "阻挠和限制。你单位尚未建立工会，请于{due_on}前依法建立工会组织，"
                    "我会将派员指导和帮助。"
                ),
                SignOff(),
            ),
        ),
    ),
    Print(
        "建会普查台账",
        form=Roster(
            "建会普查台账",
            ("employer", "单位"),
            ("org", "所属工会"),
            "source",
            "employees",
            "willing",
            "due_on",
            "state",
            "next_action_on",
            blanks=("备注",),
        ),
    ),
)

ORG = (
    Print(
        "工会组织花名册",
        form=Roster(
            "工会组织花名册",
            "code",
            "name",
            "kind",
            ("superior", "上级工会"),
            "established_on",
            "state",
            blanks=("备注",),
        ),
    ),
)
