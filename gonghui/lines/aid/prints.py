"""What the line prints."""

from __future__ import annotations

from gonghui.kernel.docx.forms import Facts, Form, Opinions, Rows, Signatures, SignOff, Text
from gonghui.kernel.registers.declare import Print
from gonghui.lines.aid.models.grant import GrantKind
from gonghui.lines.aid.models.hardship_file import Purpose

STATION = (
    Print(
        "帮扶站授牌验收表",
        form=Form(
            "工会帮扶中心（站点）授牌验收表",
            (
                Facts(
                    "name",
                    "kind",
                    "org",
                    "division",
                    "address",
                    "phone",
                    "hours",
                    "head",
                    "full_time_count",
                    "part_time_count",
                    "services",
                    "standards",
                    "opened_on",
                ),
                Text("验收人员到现场逐项核对牌子、场地、人员、制度、经费、台账，并留存照片。"),
                Opinions("设立单位意见", "验收组意见", "上级工会意见"),
            ),
        ),
    ),
)

HARDSHIP_FILE = (
    Print(
        "困难职工档案表",
        form=Form(
            "困难职工档案表",
            (
                Facts(
                    "head",
                    "identity_class",
                    "employer",
                    "tier",
                    "household__address",
                    "housing",
                    "is_zero_job",
                    "filed_on",
                    "self_help",
                ),
                Rows(
                    "aid.household_member",
                    ("person", "姓名"),
                    "kinship",
                    ("person__id_no", "身份证号"),
                    "work_or_school",
                    "health",
                    "monthly_income",
                    heading="家庭成员",
                    of="household",
                    where={"valid_to": None},
                ),
                Facts("cause_main", "cause_minor", "category"),
                Opinions("基层工会意见", "乡镇（街道）工会意见", "县（市、区）总工会意见"),
            ),
            under=("建档工会：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "一户一档卷内目录",
        form=Form(
            "困难职工一户一档卷内目录",
            (
                Facts("head", "tier", "filed_on", "review_due_on", "exited_on", "state"),
                Rows(
                    "aid.economic_assessment",
                    "number",
                    "purpose",
                    "survey_on",
                    "surveyors",
                    "state",
                    by="file",
                    heading="经济状况核定",
                    blanks=("页次",),
                ),
                Rows(
                    "aid.grant",
                    "number",
                    "kind",
                    "period",
                    "apply_on",
                    "amount",
                    "state",
                    by="file",
                    heading="帮扶救助",
                    blanks=("页次",),
                ),
                Text(
                    "另附：申请书、核对授权书、入户照片、公示证明、告知书、材料复印件共　　页。",
                    flush=True,
                ),
                Signatures("立卷人", "检查人"),
            ),
            under=("建档工会：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "家庭经济状况核对授权书",
        form=Form(
            "家庭经济状况核对授权书",
            (
                Text("{org}：", flush=True),
                Text(
                    "本人{head}因家庭困难申请建立困难职工档案，自愿授权你会及有关部门核对本人和共同生活的"
                    "家庭成员的收入、财产状况，并承诺所报情况属实；如有虚报，愿退回已得救助并承担责任。"
                ),
                Signatures("授权人", "共同生活的成年家庭成员"),
                SignOff("（签名、按手印）", "{consent_on}"),
            ),
        ),
    ),
    Print(
        "建档告知书",
        states=("active", "exit_notice", "exited"),
        form=Form(
            "困难职工建档告知书",
            (
                Text("{head}同志：", flush=True),
                Text(
                    "你家庭的建档申请已经入户核查、公示和批准，自{filed_on}起建立困难职工档案，"
                    "档案编号{number}。请于{review_due_on}前配合年度复核；家庭情况有变化的，请及时告知建档工会。"
                ),
                SignOff("{org}", "{filed_on}"),
            ),
        ),
    ),
    Print(
        "不予建档告知书",
        states=("rejected",),
        form=Form(
            "不予建立困难职工档案告知书",
            (
                Text("{head}同志：", flush=True),
                Text(
                    "你家庭的建档申请经核查，不符合困难职工建档条件，不予建档。如有异议，"
                    "可自收到本告知书之日起10个工作日内向上一级工会申诉。"
                ),
                SignOff("{org}", ""),
            ),
        ),
    ),
    Print(
        "退出告知书",
        states=("exited",),
        form=Form(
            "困难职工档案退出告知书",
            (
                Text("{head}同志：", flush=True),
                Text(
                    "你家庭的困难职工档案（编号{number}）因“{exit_reason}”于{exited_on}退出。"
                    "今后家庭再遇困难，可以重新申请。"
                ),
                SignOff("{org}", "{exited_on}"),
            ),
        ),
    ),
)

ASSESSMENT = (
    Print(
        "入户调查表",
        form=Form(
            "困难职工家庭入户调查表",
            (
                Facts(
                    "file",
                    "purpose",
                    "period_from",
                    "period_to",
                    "survey_on",
                    "family_size",
                    "surveyors",
                ),
                Rows("aid.assessment_item", "kind", "what", "member", ("", "金额（元）"), least=8),
                Facts("conclusion", columns=1),
                Signatures("户主", "调查人", "调查人"),
            ),
        ),
    ),
    Print(
        "年度复核表",
        when=lambda assessment: bool(assessment.purpose == Purpose.ANNUAL),
        form=Form(
            "困难职工档案年度复核表",
            (
                Facts("file", "period_from", "period_to", "survey_on", "surveyors", "family_size"),
                Facts(
                    "income_total",
                    "rigid_total",
                    "income_per_head",
                    "after_per_head",
                    "line_used",
                    "result",
                    "exclusions",
                ),
                Facts("conclusion", columns=1),
                Opinions("基层工会意见", "县（市、区）总工会意见"),
                Signatures("户主", "调查人", "调查人"),
            ),
        ),
    ),
)

GRANT = (
    Print(
        "救助申请审批表",
        form=Form(
            "困难职工帮扶救助申请审批表",
            (
                Facts("household__head", "kind", "org", "beneficiary", "period", "apply_on"),
                Facts("reason", columns=1),
                Facts("amount_asked", "amount"),
                Opinions("基层工会意见", "县（市、区）总工会意见"),
                Signatures("申请人", "经办人"),
            ),
            under=("编号：{number}",),
        ),
    ),
    Print(
        "金秋助学申请表",
        when=lambda grant: bool(grant.kind == GrantKind.STUDY),
        form=Form(
            "金秋助学申请表",
            (
                Facts(
                    ("beneficiary", "学生"),
                    ("household__head", "户主职工"),
                    "file",
                    ("period", "学年"),
                    "apply_on",
                    "amount_asked",
                ),
                Rows(
                    "aid.study_aid",
                    "school",
                    "stage",
                    "entry_year",
                    "admission_no",
                    "tuition",
                    "other_aid",
                    "other_giver",
                    least=1,
                ),
                Facts("reason", columns=1),
                Text(
                    "本人承诺所填属实；已获得的其他资助均已如实申报，同一学年不在其他工会重复申请。"
                ),
                Signatures("学生", "家长"),
                Opinions("基层工会意见", "县（市、区）总工会意见"),
            ),
            under=("申报工会：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "医疗救助申请表",
        when=lambda grant: bool(grant.kind == GrantKind.MEDICAL),
        form=Form(
            "医疗救助申请表",
            (
                Facts(
                    ("beneficiary", "患者"),
                    ("household__head", "户主职工"),
                    "file",
                    "apply_on",
                    "amount_asked",
                    "limit_amount",
                ),
                Rows(
                    "aid.medical_aid",
                    "hospital",
                    "disease",
                    "admitted_on",
                    "discharged_on",
                    "total_cost",
                    "insurance_paid",
                    "mutual_paid",
                    "other_paid",
                    "self_paid",
                    least=1,
                ),
                Facts("reason", columns=1),
                Signatures("申请人", "经办人"),
                Opinions("基层工会意见", "县（市、区）总工会意见"),
            ),
            under=("申报工会：{org}", "编号：{number}"),
        ),
    ),
)
