"""Models of the line, one family a file."""

from gonghui.lines.aid.models.census import HardshipCensus
from gonghui.lines.aid.models.cross_check import CrossCheck, CrossCheckRow
from gonghui.lines.aid.models.grant import AidGrant, MedicalAid, MedicalInvoice, StudyAid
from gonghui.lines.aid.models.hardship_file import (
    AssessmentItem,
    EconomicAssessment,
    HardshipFile,
)
from gonghui.lines.aid.models.hospital import HospitalBenefit, HospitalDiscount, LoveHospital
from gonghui.lines.aid.models.station import AidStation

__all__ = [
    "AidGrant",
    "AidStation",
    "AssessmentItem",
    "CrossCheck",
    "CrossCheckRow",
    "EconomicAssessment",
    "HardshipCensus",
    "HardshipFile",
    "HospitalBenefit",
    "HospitalDiscount",
    "LoveHospital",
    "MedicalAid",
    "MedicalInvoice",
    "StudyAid",
]
