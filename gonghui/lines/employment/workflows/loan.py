"""A small loan from the application to the last payment, and repayments of it."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.employment.models.loan import OWED
from gonghui.lines.employment.services import lending, repaying, subsidising

HANDLERS = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
APPROVERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)

MICRO_LOAN = Workflow(
    states=(
        State("draft", "草稿"),
        State("submitted", "待初审", due="employment.loan_accept_days"),
        State("field_check", "实地考察", due="employment.loan_check_days"),
        State("county_review", "待审批", due="employment.loan_review_days"),
        State("notice", "公示中", due="employment.loan_review_days", is_locked=True),
        State("approved", "已批准", due="employment.loan_sign_days", is_locked=True),
        State("signed", "已签约", is_locked=True),
        State("repaying", "已放款（还款中）", is_locked=True, rests=True),
        State("extended", "展期", is_locked=True),
        State("default", "逾期处置", is_locked=True),
        State("litigating", "诉讼", is_locked=True),
        State("written_off", "已核销（仍可追偿）", is_locked=True),
        State("settled", "已结清", is_final=True, is_locked=True),
        State("returned", "已退回", is_final=True, is_locked=True),
        State("rejected", "未批准", is_final=True, is_locked=True),
        State("withdrawn", "已撤回", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("submit", "提交", move=("draft", "submitted"), by=(Role.BASIC, *HANDLERS)),
        Transition(
            "accept",
            "受理",
            move=("submitted", "field_check"),
            by=HANDLERS,
            guard=lending.check_is_eligible,
        ),
        Transition(
            "pass_check",
            "考察通过",
            move=("field_check", "county_review"),
            by=HANDLERS,
            asks=("checkers", "check_note"),
            guard=lending.check_two_went,
        ),
        Transition(
            "show",
            "公示",
            move=("county_review", "notice"),
            by=APPROVERS,
            asks=("approved",),
            guard=lending.check_may_be_shown,
            effect=lending.show_in_public,
        ),
        Transition(
            "approve",
            "批准",
            move=("notice", "approved"),
            by=APPROVERS,
            unlike=("create", "submit", "pass_check"),
            only=lending.require_level,
            asks=("gate_reason",),
            guard=lending.check_may_be_lent,
            stamps="approved_on",
        ),
        Transition(
            "sign",
            "签约",
            move=("approved", "signed"),
            by=HANDLERS,
            asks=("contract_no", "fund"),
            guard=lending.check_may_be_signed,
            stamps="signed_on",
        ),
        Transition(
            "ask_for_money",
            "申请放款",
            move=("signed", "signed"),
            by=HANDLERS,
            guard=lending.check_is_not_claimed,
            effect_many=lending.ask_for_money,
        ),
        Transition(
            "disburse",
            "放款",
            move=("signed", "repaying"),
            by=(),
            asks=("disbursed_on",),
            effect_many=repaying.begin,
        ),
        Transition(
            "bank_disburse",
            "登记银行放款",
            move=("signed", "repaying"),
            by=HANDLERS,
            asks=("disbursed_on", "bank", "bank_loan_no"),
            guard=subsidising.check_bank_lent,
            effect_many=repaying.begin,
        ),
        Transition(
            "bank_settle",
            "登记银行结清",
            move=(("repaying", "extended", "default"), "settled"),
            by=HANDLERS,
            guard=subsidising.check_is_of_bank,
            stamps="settled_on",
            effect_many=repaying.refresh,
        ),
        Transition(
            "extend",
            "展期",
            move=("repaying", "extended"),
            by=APPROVERS,
            asks=("extend_months", "consent_no"),
            guard=repaying.check_may_be_extended,
            effect_many=repaying.move_schedule,
        ),
        Transition("mark_default", "转逾期处置", move=(("repaying", "extended"), "default"), by=()),
        Transition(
            "litigate",
            "起诉",
            move=("default", "litigating"),
            by=APPROVERS,
            asks=("court_no",),
            guard=repaying.check_guarantee_still_holds,
        ),
        Transition(
            "write_off",
            "核销",
            move=(("default", "litigating"), "written_off"),
            by=(Role.LEADER,),
            unlike=("create", "approve"),
            asks=("minutes",),
            needs_reason=True,
            guard=repaying.check_may_be_written_off,
        ),
        Transition(
            "settle",
            "结清",
            move=(OWED, "settled"),
            by=(),
            asks=("owed_as",),
            stamps="settled_on",
        ),
        # Extended once or being sued, it still is when the last repayment is taken back.
        *(
            Transition(
                f"reopen_{state}",
                "恢复还款",
                move=("settled", state),
                by=(),
                asks=("settled_on",),
            )
            for state in OWED
        ),
        Transition(
            "give_back",
            "退回放款",
            move=(OWED, "returned"),
            by=(),
            asks=("returned_on",),
            effect_many=repaying.drop_schedule,
        ),
        Transition(
            "reject",
            "不予批准",
            move=(("submitted", "field_check", "county_review", "notice"), "rejected"),
            by=APPROVERS,
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            "撤回",
            move=(
                ("draft", "submitted", "field_check", "county_review", "approved", "signed"),
                "withdrawn",
            ),
            by=(Role.BASIC, *HANDLERS),
            needs_reason=True,
            guard=lending.check_is_not_on_roster,
        ),
    ),
)

LOAN_REPAYMENT = Workflow(
    makes_tasks=False,
    states=(
        State("pending", "待财务确认"),
        State("confirmed", "已入账", is_final=True, is_locked=True),
        State("reversed", "已红冲", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition("confirm", "入账", move=("pending", "confirmed"), by=()),
        Transition("reverse", "红冲", move=("confirmed", "reversed"), by=()),
    ),
)

INTEREST_SUBSIDY = Workflow(
    makes_tasks=False,
    states=(
        State("draft", "待申请"),
        State("asked", "已申请", is_locked=True),
        State("paid", "已贴息", is_final=True, is_locked=True),
        State("returned", "资金已退回", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "ask_for_money",
            "申请贴息",
            move=("draft", "asked"),
            by=HANDLERS,
            asks=("fund",),
            guard=subsidising.check_has_fund,
            effect_many=subsidising.ask_for_money,
        ),
        Transition("release", "退出批次", move=("asked", "draft"), by=()),
        Transition("pay", "发放", move=("asked", "paid"), by=(), asks=("paid_on",)),
        Transition(
            "take_back", "资金退回", move=("paid", "returned"), by=(), asks=("returned_on",)
        ),
    ),
)
