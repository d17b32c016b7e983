"""Small loans to start a business: who owes, who stands in for him, what is paid back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class LoanMode(models.TextChoices):
    """Whose money it is."""

    DIRECT = "direct", "工会直借"
    SUBSIDY = "subsidy", "银行贷款、工会贴息"


class LoanSector(models.TextChoices):
    """What the business does; the last is not lent for."""

    RETAIL = "retail", "商贸零售"
    CATERING = "catering", "餐饮"
    SERVICE = "service", "居民服务、修理"
    FARMING = "farming", "种植养殖"
    CRAFT = "craft", "加工制造、手工艺"
    TRANSPORT = "transport", "运输、物流"
    ONLINE = "online", "电子商务"
    BANNED = "banned", "歌厅、网吧、烟花爆竹等不予支持的行业"


class LoanSchedule(models.TextChoices):
    """How it is paid back."""

    LUMP = "lump", "到期一次还清"
    QUARTERLY = "quarterly", "按季"
    MONTHLY = "monthly", "按月"


class LoanCondition(models.TextChoices):
    """What a borrower must be (工会创业小额贷款试点, 2009)."""

    MEMBER = "member", "工会会员"
    JOBLESS = "jobless", "失业或就业困难"
    PROJECT = "project", "项目合法、有市场"
    ABLE = "able", "有还款意愿和能力"
    CREDIT = "credit", "已查询：未列入失信名单"


# A household has one loan that is asked for or not paid back.
LIVE = (
    "submitted",
    "field_check",
    "county_review",
    "notice",
    "approved",
    "signed",
    "repaying",
    "extended",
    "default",
    "litigating",
    "written_off",
)
# The money was lent.
LENT = ("repaying", "extended", "default", "litigating", "written_off", "settled", "returned")
OWED = ("repaying", "extended", "default", "litigating", "written_off")


class MicroLoan(Record):
    """A small loan; `org` is the union that handles it.

    The day of lending is the day on which its payment was made, never typed in. What is left and
    since when it is overdue follow from the schedule and the confirmed repayments.
    """

    mode = fields.choice("方式", LoanMode, pii=Pii.PUBLIC)
    borrower = fields.person("借款人")
    household = fields.link("家庭", "people.Household", optional=True)
    conditions = fields.choices("条件核对", LoanCondition)
    sector = fields.choice("行业", LoanSector, pii=Pii.PUBLIC)
    project = fields.text("项目", size=120, pii=Pii.PUBLIC)
    place = fields.text("经营地点", size=120, optional=True)
    licence_no = fields.text("营业执照号", size=60, optional=True)
    plan_jobs = fields.count("计划带动就业", pii=Pii.PUBLIC, default=0)
    asked = fields.money("申请金额（元）")
    approved = fields.money("批准金额（元）", optional=True)
    term_months = fields.count("期限（月）", at_least=1, at_most=60)
    schedule = fields.choice("还款方式", LoanSchedule)
    checkers = fields.text("考察人（两人）", size=60, optional=True)
    check_note = fields.note("考察意见")
    gate_reason = fields.text("逾期率超限仍批准的理由", optional=True)
    fund = fields.link("出借资金账", "funds.Fund", optional=True)
    contract_no = fields.text("合同编号", size=60, optional=True)
    bank = fields.text("贷款银行", size=60, optional=True)
    bank_loan_no = fields.text("银行贷款号", size=60, optional=True)
    extend_months = fields.count("展期（月）", optional=True)
    consent_no = fields.text("保证人同意展期书", size=60, optional=True)
    court_no = fields.text("案号", size=60, optional=True)
    minutes = fields.text("核销会议纪要", size=60, optional=True)
    approved_on = fields.day("批准日期", optional=True, editable=False)
    signed_on = fields.day("签约日期", optional=True, editable=False)
    disbursed_on = fields.day("放款日期", optional=True)
    due_on = fields.day("到期日", optional=True, editable=False)
    returned_on = fields.day("退回日期", optional=True, editable=False)
    settled_on = fields.day("结清日期", optional=True, editable=False)
    owed_as = fields.text("结清前状态", size=20, default="repaying", editable=False)
    principal_left = fields.money("未还本金（元）", default=0, editable=False)
    overdue_since = fields.day("逾期起", optional=True, editable=False)
    guarantee_to = fields.day("保证期间至", optional=True, editable=False)
    limitation_to = fields.day("诉讼时效至", optional=True, editable=False)
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "小额借款"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved=None) | Q(approved__lte=F("asked")),
                name="microloan_approved_within_asked",
                violation_error_message="批准金额不能超过申请金额。",
            ),
            models.CheckConstraint(
                condition=Q(asked__gt=0) & (Q(approved=None) | Q(approved__gt=0)),
                name="microloan_is_of_money",
                violation_error_message="金额须大于零。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=LIVE, voided_at=None, household__isnull=False),
                name="microloan_one_per_household",
                violation_error_message="该家庭有未结清借款。",
            ),
            models.UniqueConstraint(
                fields=["borrower"],
                condition=Q(state__in=LIVE, voided_at=None),
                name="microloan_one_per_borrower",
                violation_error_message="该借款人有未结清借款。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=LENT)
                | Q(disbursed_on__isnull=False, approved__isnull=False),
                name="microloan_lent_on_a_day",
                violation_error_message="没有放款日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="microloan_of_org"),
            models.Index(fields=["due_on"], name="microloan_due"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class GuaranteeKind(models.TextChoices):
    """How somebody stands in; without a clear word it is a general guarantee (民法典第六百八十六条)."""

    GENERAL = "general", "一般保证"
    JOINT = "joint", "连带责任保证"
    MORTGAGE = "mortgage", "抵押"
    MUTUAL = "mutual", "联保"


class LoanGuarantor(Record):
    """Somebody stands in for a loan; without an agreed day until six months after it is due."""

    loan = fields.link("借款", "employment.MicroLoan")
    person = fields.person("保证人")
    kind = fields.choice("担保方式", GuaranteeKind, default=GuaranteeKind.GENERAL)
    employer = fields.link("工作单位", "people.Employer", optional=True)
    monthly_income = fields.money("月收入（元）", pii=Pii.PERSONAL, optional=True)
    scope = fields.text("担保范围", optional=True)
    period_to = fields.day("约定保证期间至", optional=True)
    signed_on = fields.day("签字日期", optional=True)

    class Meta(Record.Meta):
        verbose_name = "借款保证人"
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "person"],
                condition=Q(voided_at=None),
                name="loanguarantor_once_a_loan",
                violation_error_message="该保证人已登记。",
            )
        ]
        indexes = [models.Index(fields=["person"], name="loanguarantor_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id}"


class LoanInstallment(Record):
    """What is to be paid back on a day; made when the money is lent, moved by repayments alone."""

    loan = fields.link("借款", "employment.MicroLoan")
    seq = fields.count("期数", at_least=1)
    due_on = fields.day("应还日期")
    principal = fields.money("应还本金（元）")
    paid_principal = fields.money("已还本金（元）", default=0)
    penalty = fields.money("逾期费（元）", default=0)
    paid_penalty = fields.money("已还逾期费（元）", default=0)
    paid_on = fields.day("本金还清日期", optional=True)
    overdue_from = fields.day("逾期起算日", optional=True)

    class Meta(Record.Meta):
        verbose_name = "还款计划"
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "seq"],
                condition=Q(voided_at=None),
                name="loaninstallment_in_order",
                violation_error_message="该期已在还款计划中。",
            ),
            models.CheckConstraint(
                condition=Q(paid_principal__lte=F("principal")) & Q(paid_penalty__lte=F("penalty")),
                name="loaninstallment_not_overpaid",
                violation_error_message="已还不能超过应还。",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="loaninstallment_due")]

    def __str__(self) -> str:
        return f"第{self.seq}期"


class LoanRepayment(Record):
    """Money that came back; it counts once finance has confirmed its receipt in the fund."""

    loan = fields.link("借款", "employment.MicroLoan")
    amount = fields.money("还款金额（元）")
    paid_on = fields.day("还款日期")
    evidence_no = fields.text("凭证号", size=60)
    receipt = fields.link("资金到账", "funds.FundReceipt", optional=True, editable=False)
    principal_part = fields.money("其中本金（元）", default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = "借款还款"
        constraints = [
            models.UniqueConstraint(
                fields=["evidence_no"],
                condition=Q(voided_at=None) & ~Q(state="reversed"),
                name="loanrepayment_once",
                violation_error_message="该凭证号的还款已登记，不能重复登记。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, principal_part__lte=F("amount")),
                name="loanrepayment_positive",
                violation_error_message="金额须大于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount}元"


class LoanRisk(models.TextChoices):
    """How the business was found."""

    GREEN = "green", "正常"
    AMBER = "amber", "关注"
    RED = "red", "有风险"


class LoanVisit(Record):
    """A visit to the business after lending, or a demand to pay (催收)."""

    loan = fields.link("借款", "employment.MicroLoan")
    visited_on = fields.day("日期")
    visited_by = fields.text("走访（催收）人", size=60)
    is_demand = fields.flag("书面催收")
    to_guarantor = fields.flag("已通知保证人")
    business_ok = fields.flag("正常经营")
    jobs_seen = fields.count("实际用工", default=0)
    risk = fields.choice("风险", LoanRisk, default=LoanRisk.GREEN)
    remark = fields.note("情况")

    class Meta(Record.Meta):
        verbose_name = "贷后走访与催收"

    def __str__(self) -> str:
        return f"{self.visited_on}"


class InterestSubsidy(Record):
    """Interest of a bank's loan for some days, of which the union pays what is above the borrower's part.

    As banks count, the first day bears interest and the last does not.
    """

    loan = fields.link("借款", "employment.MicroLoan")
    period_from = fields.day("计息起日")
    period_to = fields.day("计息止日（不含）")
    rate = fields.decimal("贷款年利率（%）", digits=6, places=3)
    interest_paid = fields.money("已付利息（元）")
    evidence_no = fields.text("付息凭证号", size=60)
    fund = fields.link("贴息资金账", "funds.Fund", optional=True)
    amount = fields.money("贴息金额（元）", default=0, editable=False)
    paid_on = fields.day("贴息发放日期", optional=True, editable=False)
    returned_on = fields.day("退回日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "贷款贴息"
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")),
                name="interestsubsidy_of_days",
                violation_error_message="计息止日须在起日之后。",
            ),
            models.CheckConstraint(
                condition=Q(amount__lte=F("interest_paid")),
                name="interestsubsidy_within_interest",
                violation_error_message="贴息不能超过已付利息。",
            ),
            one_at_a_time(
                "loan",
                "interestsubsidy_days_once",
                Q(voided_at=None) & ~Q(state="returned"),
                start="period_from",
                end="period_to",
                message="这段时间的利息已申请贴息。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_from} {self.amount}元"
