"""The models, by family."""

from gonghui.shared.funds.models.audit_sample import AuditSample, AuditSampleLine
from gonghui.shared.funds.models.batch import BatchForm, LineState, PayBatch, PayLine, ReceiptKind
from gonghui.shared.funds.models.budget import BudgetAdjustment, BudgetLine
from gonghui.shared.funds.models.entry import BenefitCounter, EntryEvent, FundEntry
from gonghui.shared.funds.models.fund import Fund, FundKind, FundPurpose, Source
from gonghui.shared.funds.models.kin import KinDeclaration, KinRelation
from gonghui.shared.funds.models.moving import Allotment, FundReceipt, ReceivedKind
from gonghui.shared.funds.models.payee import AccountRelation, PayeeAccount
from gonghui.shared.funds.models.settling import BankFile, BankReturn, MonthClose
from gonghui.shared.funds.models.template import BankTemplate

__all__ = [
    "AccountRelation",
    "Allotment",
    "AuditSample",
    "AuditSampleLine",
    "BankFile",
    "BankReturn",
    "BankTemplate",
    "BatchForm",
    "BenefitCounter",
    "BudgetAdjustment",
    "BudgetLine",
    "EntryEvent",
    "Fund",
    "FundEntry",
    "FundKind",
    "FundPurpose",
    "FundReceipt",
    "KinDeclaration",
    "KinRelation",
    "LineState",
    "MonthClose",
    "PayBatch",
    "PayLine",
    "PayeeAccount",
    "ReceiptKind",
    "ReceivedKind",
    "Source",
]
