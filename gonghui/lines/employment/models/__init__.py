"""Models of the line."""

from gonghui.lines.employment.models.fair import FairBooth, FairIntent, JobFair, JobPost
from gonghui.lines.employment.models.loan import (
    InterestSubsidy,
    LoanGuarantor,
    LoanInstallment,
    LoanRepayment,
    LoanVisit,
    MicroLoan,
)
from gonghui.lines.employment.models.placement import FollowUp, Placement
from gonghui.lines.employment.models.seeking import JobSeeker, LoanReferral
from gonghui.lines.employment.models.training import Enrolment, TrainingSession

__all__ = [
    "Enrolment",
    "FairBooth",
    "FairIntent",
    "FollowUp",
    "InterestSubsidy",
    "JobFair",
    "JobPost",
    "JobSeeker",
    "LoanGuarantor",
    "LoanInstallment",
    "LoanReferral",
    "LoanRepayment",
    "LoanVisit",
    "MicroLoan",
    "Placement",
    "TrainingSession",
]
