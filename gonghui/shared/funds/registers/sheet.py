"""The roster sheet as offices have it."""

from __future__ import annotations

from gonghui.kernel.registers.declare import Cell, ImportSheet
from gonghui.shared.funds.services import roster

ROSTER = ImportSheet(
    title="发放花名册",
    cells=(
        Cell("序号", "row_no", aliases=("编号",), example="1"),
        Cell("姓名", "person__name", aliases=("收款人", "收款人姓名"), required=True),
        Cell(
            "身份证号",
            "person__id_no",
            aliases=("身份证号码", "证件号码", "收款人身份证号"),
            required=True,
        ),
        Cell("所在单位", "workplace", aliases=("工作单位", "单位"), example="示例公司"),
        Cell(
            "受益对象",
            "beneficiary__name",
            aliases=("受益对象（本人/子女姓名）", "子女姓名", "学生姓名", "受益人"),
        ),
        Cell(
            "受益对象身份证号",
            "beneficiary__id_no",
            aliases=("子女身份证号", "学生身份证号", "受益人身份证号"),
        ),
        Cell("项目", "programme_code", aliases=("支付项目", "发放项目"), required=True),
        Cell("金额", "amount", aliases=("金额（元）", "发放金额"), required=True, example="700"),
        Cell("开户行", "account__bank_name", aliases=("开户银行",)),
        Cell("银行账号", "account__account_no", aliases=("账号", "银行卡号", "卡号")),
        Cell("户名", "account__holder_name", aliases=("账户名",)),
        Cell("联系电话", "person__phone", aliases=("电话", "手机", "手机号")),
        Cell("业务编号", "ref", aliases=("学年", "票据号", "结算单号")),
        Cell("备注", "remark"),
    ),
    same_when=("person__id_no", "beneficiary__id_no", "ref"),
    write=roster.write,
    note="整份写入：有一行错误，全部不写入。身份证号、银行账号两列请保持文本格式。"
    "“项目”填批次的支付项目；受益对象是子女的，填子女姓名和身份证号，否则填“本人”或空着。",
    is_whole=True,
)
