"""Registers of small loans, who stands in, what is due, what came back, and visits."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import Indicator, Kind, difference, flow, ratio
from gonghui.kernel.registers.declare import (
    Cell,
    ImportSheet,
    Numbering,
    Reaction,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.registry import register
from gonghui.lines.employment import prints
from gonghui.lines.employment.models import (
    InterestSubsidy,
    LoanGuarantor,
    LoanInstallment,
    LoanRepayment,
    LoanVisit,
    MicroLoan,
)
from gonghui.lines.employment.models.loan import LENT
from gonghui.lines.employment.registers.access import KEEPERS, OFFICES, OWNER, VIEWERS
from gonghui.lines.employment.services import lending, repaying, sheets, subsidising
from gonghui.lines.employment.workflows.loan import (
    INTEREST_SUBSIDY,
    LOAN_REPAYMENT,
    MICRO_LOAN,
)

_CENTS = 100
_DIRECT = Q(mode="direct", state__in=LENT)

LOANS = register(
    Register(
        key="employment.micro_loan",
        model=MicroLoan,
        prints=prints.MICRO_LOAN,
        date="disbursed_on",
        reads=("borrower", "org", "fund__org", "household"),
        columns=(
            "number",
            "borrower",
            "org",
            "mode",
            "approved",
            "disbursed_on",
            "due_on",
            "principal_left",
            "overdue_since",
            "state",
        ),
        filters=("state", "mode", "sector", "disbursed_on", "due_on", "guarantee_to"),
        search=("number", "borrower__name", "project", "contract_no"),
        sections=(
            section("借款人", "mode", "borrower", "household", "conditions"),
            section("项目", "sector", "project", "place", "licence_no", "plan_jobs"),
            section("借款", "asked", "approved", "term_months", "schedule"),
            section("考察与审批", "checkers", "check_note", "gate_reason", "approved_on"),
            section("签约与放款", "contract_no", "fund", "signed_on", "disbursed_on"),
            section("银行贷款", "bank", "bank_loan_no"),
            section("还款", "due_on", "principal_left", "overdue_since", "settled_on"),
            section("展期与处置", "extend_months", "consent_no", "court_no", "minutes"),
            section("期限", "guarantee_to", "limitation_to"),
        ),
        read_only=(
            "approved",
            "checkers",
            "check_note",
            "gate_reason",
            "approved_on",
            "contract_no",
            "fund",
            "signed_on",
            "disbursed_on",
            "bank_loan_no",
            "due_on",
            "principal_left",
            "overdue_since",
            "settled_on",
            "extend_months",
            "consent_no",
            "court_no",
            "minutes",
            "guarantee_to",
            "limitation_to",
        ),
        workflow=MICRO_LOAN,
        access=(
            allow("view", *VIEWERS),
            allow("add change", *KEEPERS),
            allow("void import export", *OFFICES),
        ),
        indicators=(
            flow(
                "employment.loan_out",
                "新借出小额借款",
                "元",
                on="disbursed_on",
                value="approved",
                scale=_CENTS,
                decimals=2,
                where=_DIRECT,
                taken_back="returned_on",
                definition="期内由工会资金实际放款的小额借款，按放款日期计；银行贷款不计，退回的自退回日冲减。",
                owner=OWNER,
            ),
            Indicator(
                code="employment.loan_lent",
                name="累计借出本金",
                unit="元",
                kind=Kind.STOCK,
                on="disbursed_on",
                until="returned_on",
                value="approved",
                scale=_CENTS,
                decimals=2,
                where=_DIRECT,
                definition="至当日由工会资金放款的小额借款，退回的不计。",
                owner=OWNER,
            ),
            difference(
                "employment.loan_balance",
                "借款余额",
                "元",
                "employment.loan_lent",
                "employment.loan_repaid",
                decimals=2,
                definition="至当日已借出、尚未收回的本金。",
                owner=OWNER,
            ),
            ratio(
                "employment.loan_overdue_rate",
                "借款逾期率",
                "employment.loan_overdue",
                "employment.loan_balance",
                decimals=1,
                owner=OWNER,
            ),
        ),
        numbering=Numbering(series="小额借款", pattern="借-{year}-{number:04d}", by_org=False),
        derive_many=lending.derive,
        checks_many=lending.wrong_loans,
        reacts=(
            Reaction("funds.pay_line", "pay", lending.follow_paid),
            Reaction("funds.pay_line", "reverse", lending.follow_reversed),
        ),
        panels=("gonghui.lines.employment.panels.clocks",),
        order=40,
        api="read",
        help="申请、考察、公示、批准、签约，经专项资金放款；放款日、余额、逾期都由系统算出。",
    )
)

GUARANTORS = register(
    Register(
        key="employment.loan_guarantor",
        model=LoanGuarantor,
        parent="loan",
        columns=("loan", "person", "kind", "period_to", "signed_on"),
        filters=("kind",),
        search=("person__name",),
        sections=(
            section("保证人", "loan", "person", "kind", "employer", "monthly_income"),
            section("担保", "scope", "period_to", "signed_on"),
        ),
        checks_many=lending.wrong_guarantors,
        may_be_voided=lending.check_guarantor_may_go,
        reads=("loan",),
        order=41,
        in_menu=False,
        help="没有写明担保方式的是一般保证；没有约定保证期间的，到期后六个月。",
    )
)

INSTALLMENTS = register(
    Register(
        key="employment.loan_installment",
        model=LoanInstallment,
        date="due_on",
        columns=("loan", "seq", "due_on", "principal", "paid_principal", "penalty", "paid_on"),
        filters=("due_on", "paid_on", "overdue_from"),
        sections=(
            section("应还", "loan", "seq", "due_on", "principal"),
            section("已还", "paid_principal", "penalty", "paid_penalty", "paid_on"),
        ),
        read_only=(
            "loan",
            "seq",
            "due_on",
            "principal",
            "paid_principal",
            "penalty",
            "paid_penalty",
            "paid_on",
        ),
        access=(allow("view", *VIEWERS), allow("export", *OFFICES)),
        indicators=(
            Indicator(
                code="employment.loan_overdue",
                name="逾期本金",
                unit="元",
                kind=Kind.STOCK,
                on="overdue_from",
                until="paid_on",
                value="principal",
                scale=_CENTS,
                decimals=2,
                definition="至当日逾期各期的应还本金，整期还清之日起不再计。",
                owner=OWNER,
            ),
        ),
        derive_many=repaying.derive_installments,
        order=42,
        help="放款时生成，还款入账时更新，不能手填。",
    )
)

REPAYMENTS = register(
    Register(
        key="employment.loan_repayment",
        model=LoanRepayment,
        parent="loan",
        reads=("loan__fund__org", "loan__borrower"),
        date="paid_on",
        columns=("loan", "paid_on", "amount", "principal_part", "evidence_no", "state"),
        filters=("state", "paid_on"),
        search=("evidence_no",),
        sections=(
            section("还款", "loan", "amount", "paid_on", "evidence_no"),
            section("入账", "receipt", "principal_part"),
        ),
        read_only=("receipt", "principal_part"),
        workflow=LOAN_REPAYMENT,
        import_sheet=ImportSheet(
            title="还款流水",
            cells=(
                Cell(
                    "借款编号",
                    "loan",
                    required=True,
                    through=sheets.loans_numbered,
                    missing="没有这个编号的借款。",
                    example="借-2012-0001",
                ),
                Cell("金额", "amount", ("还款金额",), required=True),
                Cell("日期", "paid_on", ("还款日期",), required=True),
                Cell("凭证号", "evidence_no", required=True),
            ),
            same_when=("evidence_no",),
        ),
        indicators=(
            Indicator(
                code="employment.loan_repaid",
                name="累计收回本金",
                unit="元",
                kind=Kind.STOCK,
                on="paid_on",
                value="principal_part",
                scale=_CENTS,
                decimals=2,
                where=Q(state="confirmed"),
                definition="至当日还款中抵还本金的部分，财务确认入账后计。",
                owner=OWNER,
            ),
        ),
        derive_many=repaying.read_loans,
        checks_many=repaying.wrong_repayments,
        after_many=repaying.follow_repayments,
        may_be_voided=repaying.check_is_unconfirmed,
        after_void_many=repaying.drop_receipts,
        reacts=(
            Reaction("funds.fund_receipt", "confirm", repaying.follow_confirmed),
            Reaction("funds.fund_receipt", "reverse", repaying.follow_taken_out),
        ),
        order=43,
        help="登记还款后系统生成资金到账，财务确认后抵还：先本金、后逾期费，先到期的先还。",
    )
)

VISITS = register(
    Register(
        key="employment.loan_visit",
        model=LoanVisit,
        parent="loan",
        date="visited_on",
        columns=("loan", "visited_on", "visited_by", "is_demand", "risk", "jobs_seen"),
        filters=("risk", "is_demand", "visited_on"),
        sections=(
            section("走访", "loan", "visited_on", "visited_by", "business_ok", "jobs_seen"),
            section("催收", "is_demand", "to_guarantor"),
            section("判断", "risk", "remark"),
        ),
        checks_many=repaying.wrong_visits,
        after_many=repaying.follow_visits,
        after_void_many=repaying.follow_voided_visits,
        order=44,
        in_menu=False,
        help="书面催收使诉讼时效重新计算，请逐次登记。",
    )
)


SUBSIDIES = register(
    Register(
        key="employment.interest_subsidy",
        model=InterestSubsidy,
        parent="loan",
        reads=("loan__borrower", "loan__household", "fund__org"),
        date="paid_on",
        columns=("loan", "period_from", "period_to", "interest_paid", "amount", "paid_on", "state"),
        filters=("state", "paid_on"),
        search=("evidence_no",),
        sections=(
            section("利息", "loan", "period_from", "period_to", "rate", "interest_paid"),
            section("贴息", "evidence_no", "fund", "amount", "paid_on", "returned_on"),
        ),
        read_only=("fund", "amount", "paid_on", "returned_on"),
        workflow=INTEREST_SUBSIDY,
        indicators=(
            flow(
                "employment.interest_subsidised",
                "贷款贴息金额",
                "元",
                on="paid_on",
                value="amount",
                scale=_CENTS,
                decimals=2,
                where=Q(state__in=("paid", "returned")),
                taken_back="returned_on",
                definition="期内经专项资金发放的贷款贴息，退回的自退回日冲减。",
                owner=OWNER,
            ),
        ),
        derive_many=subsidising.derive,
        checks_many=subsidising.wrong_subsidies,
        reacts=(
            Reaction("funds.pay_line", "pay", subsidising.follow_paid),
            Reaction("funds.pay_line", "withdraw", subsidising.follow_dropped),
            Reaction("funds.pay_line", "void", subsidising.follow_dropped),
            Reaction("funds.pay_line", "reverse", subsidising.follow_reversed),
        ),
        order=45,
        help="借款人付息后按凭证登记，超出借款人承担部分由工会贴补，经专项资金发放。",
    )
)
