"""Models of the line."""

from gonghui.lines.mutual.models.benefit import BenefitRule, ProductDisease
from gonghui.lines.mutual.models.change import PolicyChange
from gonghui.lines.mutual.models.claim import ClaimPaper, ClaimPayee, MutualClaim
from gonghui.lines.mutual.models.policy import Coverage, GroupPolicy
from gonghui.lines.mutual.models.product import MutualProduct, ProductVersion
from gonghui.lines.mutual.models.reserve import ReserveSnapshot

__all__ = [
    "BenefitRule",
    "ClaimPaper",
    "ClaimPayee",
    "Coverage",
    "GroupPolicy",
    "MutualClaim",
    "MutualProduct",
    "PolicyChange",
    "ProductDisease",
    "ProductVersion",
    "ReserveSnapshot",
]
