"""The models of the line, one family per file."""

from gonghui.lines.orgs.models.certificate import LegalPersonCert
from gonghui.lines.orgs.models.change import OrgChange
from gonghui.lines.orgs.models.coverage import CensusLine, CensusUnit, OrgCoverage
from gonghui.lines.orgs.models.division import DivisionEntry
from gonghui.lines.orgs.models.duplicate import EmployerDuplicate
from gonghui.lines.orgs.models.election import Candidate, ElectionCase
from gonghui.lines.orgs.models.entry import OrgEntry
from gonghui.lines.orgs.models.formation import FormationEmployer, UnionFormation
from gonghui.lines.orgs.models.honour import UnionHonor
from gonghui.lines.orgs.models.standard import (
    StandardCheck,
    StandardItem,
    StandardScore,
    StandardTemplate,
)
from gonghui.lines.orgs.models.term import OfficeHolder, UnionTerm

__all__ = [
    "Candidate",
    "CensusLine",
    "CensusUnit",
    "DivisionEntry",
    "ElectionCase",
    "EmployerDuplicate",
    "FormationEmployer",
    "LegalPersonCert",
    "OfficeHolder",
    "OrgChange",
    "OrgCoverage",
    "OrgEntry",
    "StandardCheck",
    "StandardItem",
    "StandardScore",
    "StandardTemplate",
    "UnionFormation",
    "UnionHonor",
    "UnionTerm",
]
