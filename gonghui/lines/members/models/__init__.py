"""Models of the line, one family per file."""

from gonghui.lines.members.models.application import MembershipApplication
from gonghui.lines.members.models.card import EntrustAgreement, MemberCard
from gonghui.lines.members.models.declaration import MemberDeclaration
from gonghui.lines.members.models.duplicate import DuplicateCase
from gonghui.lines.members.models.event import MembershipEvent
from gonghui.lines.members.models.membership import Membership
from gonghui.lines.members.models.roster_check import RosterCheck, RosterDifference
from gonghui.lines.members.models.transfer import MembershipTransfer

__all__ = [
    "DuplicateCase",
    "EntrustAgreement",
    "MemberCard",
    "MemberDeclaration",
    "Membership",
    "MembershipApplication",
    "MembershipEvent",
    "MembershipTransfer",
    "RosterCheck",
    "RosterDifference",
]
