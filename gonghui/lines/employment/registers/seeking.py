"""Registers of those who look for work and of referrals to banks."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import flow, stock
from gonghui.kernel.registers.declare import Numbering, Reaction, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.employment.models import JobSeeker, LoanReferral
from gonghui.lines.employment.registers.access import KEEPERS, OFFICES, OWNER, VIEWERS
from gonghui.lines.employment.services import seeking
from gonghui.lines.employment.workflows.seeking import JOB_SEEKER, LOAN_REFERRAL

_ACCESS = (
    allow("view", *VIEWERS),
    allow("add change", *KEEPERS),
    allow("void import export", *OFFICES),
)
_APPROVED = Q(state="approved")

SEEKERS = register(
    Register(
        key="employment.job_seeker",
        model=JobSeeker,
        date="registered_on",
        columns=(
            "number",
            "person",
            "org",
            "category",
            "wish_posts",
            "wish_wage",
            "registered_on",
            "state",
        ),
        filters=("state", "category", "is_zero_job_family", "registered_on"),
        search=("number", "person__name", "skills", "wish_posts"),
        sections=(
            section("求职人", "person", "category", "is_zero_job_family", "registered_on"),
            section("意愿", "skills", "wish_posts", "wish_wage", "wish_area", "closed_on"),
        ),
        read_only=("closed_on",),
        workflow=JOB_SEEKER,
        access=_ACCESS,
        indicators=(
            stock(
                "employment.seekers",
                "在册求职人数",
                "人",
                on="registered_on",
                until="closed_on",
                definition="当日在册求职的人数；核实就业、不再求职和到期的不计。",
                owner=OWNER,
            ),
        ),
        numbering=Numbering(
            series="求职登记", pattern="求职-{year}-{number:05d}", date="registered_on"
        ),
        derive_many=seeking.derive,
        checks=(seeking.check_is_not_of_tomorrow,),
        reacts=(Reaction("employment.placement", "verify", seeking.follow_verified),),
        order=5,
        api="read write",
        help="一人同时只登记一次；就业去向核实后自动结束，六个月没有结果的自动到期。",
    )
)

REFERRALS = register(
    Register(
        key="employment.loan_referral",
        model=LoanReferral,
        date="decided_on",
        columns=("number", "person", "org", "category", "bank", "asked", "bank_amount", "state"),
        filters=("state", "category", "submitted_on", "decided_on"),
        search=("number", "person__name", "bank"),
        sections=(
            section("申请人", "person", "category"),
            section("助借", "asked", "bank", "submitted_on", "bank_amount", "decided_on"),
        ),
        read_only=("bank_amount", "decided_on"),
        workflow=LOAN_REFERRAL,
        access=_ACCESS,
        indicators=(
            flow(
                "employment.referrals",
                "助借人次",
                "人次",
                on="decided_on",
                where=_APPROVED,
                definition="期内经工会推荐、银行批准的担保贷款笔数。",
                owner=OWNER,
            ),
            flow(
                "employment.referral_amount",
                "助借获贷金额",
                "元",
                on="decided_on",
                value="bank_amount",
                scale=100,
                decimals=2,
                where=_APPROVED,
                definition="期内经工会推荐、银行批准的担保贷款金额；不是工会的钱，不计入小额借款。",
                owner=OWNER,
            ),
        ),
        numbering=Numbering(series="助借", pattern="助借-{year}-{number:04d}", date="submitted_on"),
        order=50,
        api="read write",
        help="为农民工等办理政策性担保贷款的推荐，登记银行的答复。",
    )
)
