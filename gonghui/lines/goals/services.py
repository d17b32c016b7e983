"""What others call of the targets: splitting them, the terms in force, the table of progress."""

from __future__ import annotations

from gonghui.lines.goals.decomposition import (
    Shares,
    Weighting,
    check_covers,
    decompose,
    orgs_below,
    propose,
    set_shares,
    shares_of,
)
from gonghui.lines.goals.in_force import (
    Terms,
    issuer_of,
    targets_in_force,
    terms_of,
    value_in_force,
)
from gonghui.lines.goals.progress import Part, Progress, progress

__all__ = [
    "Part",
    "Progress",
    "Shares",
    "Terms",
    "Weighting",
    "check_covers",
    "decompose",
    "issuer_of",
    "orgs_below",
    "progress",
    "propose",
    "set_shares",
    "shares_of",
    "targets_in_force",
    "terms_of",
    "value_in_force",
]
