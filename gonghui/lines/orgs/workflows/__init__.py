"""The states and actions of the line's registers; the rules they call are in `services`.

A state is final where nobody's to-do list should wait for it, even if an action may still end it.
"""

from gonghui.lines.orgs.workflows.building import (
    CENSUS_UNIT,
    EMPLOYER_DUPLICATE,
    UNION_FORMATION,
)
from gonghui.lines.orgs.workflows.honours import STANDARD_CHECK, UNION_HONOR
from gonghui.lines.orgs.workflows.life import LEGAL_PERSON_CERT, ORG_CHANGE
from gonghui.lines.orgs.workflows.offices import ELECTION_CASE, OFFICE_HOLDER, UNION_TERM

__all__ = [
    "CENSUS_UNIT",
    "ELECTION_CASE",
    "EMPLOYER_DUPLICATE",
    "LEGAL_PERSON_CERT",
    "OFFICE_HOLDER",
    "ORG_CHANGE",
    "STANDARD_CHECK",
    "UNION_FORMATION",
    "UNION_HONOR",
    "UNION_TERM",
]
