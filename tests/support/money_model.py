"""Funds, batches and payments as plain Python: what must be refused, and what every sum must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

FRESH = timedelta(hours=24)


@dataclass
class Pot:
    """A fund, without any sum that follows from its payments."""

    received: int = 0
    allotted: int = 0
    is_frozen: bool = False


@dataclass
class Payment:
    """A line of a roster."""

    worker: int
    amount: int
    ref: str
    state: str = "draft"
    paid_on: date | None = None
    again: Payment | None = None

    @property
    def key(self) -> tuple[int, str]:
        """What may be had once."""
        return (self.worker, self.ref)


@dataclass
class Roster:
    """A batch of the county."""

    payments: list[Payment]
    state: str = "draft"
    checked_at: datetime | None = None
    sent_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether its maker may still write in it."""
        return self.state in ("draft", "checked", "returned")

    def total(self) -> int:
        """What its payments come to."""
        return sum(each.amount for each in self.payments if each.state != "withdrawn")

    def waiting(self) -> list[Payment]:
        """Those that hold money and have no result."""
        return [each for each in self.payments if each.state == "reserved"]


@dataclass
class Books:
    """Everything, and what it comes to."""

    cap: int
    budget: int
    city: Pot = field(default_factory=Pot)
    county: Pot = field(default_factory=Pot)
    rosters: list[Roster] = field(default_factory=list)
    closed: set[date] = field(default_factory=set)

    def held(self) -> list[Payment]:
        """All payments that hold their money and their key."""
        return [
            each
            for roster in self.rosters
            for each in roster.payments
            if each.state in ("reserved", "paid")
        ]

    def had(self, worker: int) -> int:
        """What a worker has had under the cap."""
        return sum(each.amount for each in self.held() if each.worker == worker)

    def sums(self) -> dict[str, int]:
        """The county fund's columns."""
        under_way = [(r, each) for r in self.rosters for each in r.waiting()]
        found = {
            "received": self.county.received,
            "allotted_out": self.county.allotted,
            "reserved": sum(each.amount for r, each in under_way if r.state != "sent"),
            "in_transit": sum(each.amount for r, each in under_way if r.state == "sent"),
            "paid": sum(each.amount for each in self.held() if each.state == "paid"),
        }
        return {**found, "available": 2 * found["received"] - sum(found.values())}

    def used(self) -> tuple[int, int]:
        """What is claimed and spent of the budget line."""
        sums = self.sums()
        return (sums["reserved"] + sums["in_transit"], sums["paid"])

    def is_closed(self, day: date) -> bool:
        """Whether the county may not date anything to a day."""
        return day.replace(day=1) in self.closed

    def may_be_claimed(self, roster: Roster) -> bool:
        """Whether the four gates let a roster through."""
        drafts = [each for each in roster.payments if each.state == "draft"]
        keys = [each.key for each in drafts]
        total = sum(each.amount for each in drafts)
        had = {
            each.worker: self.had(each.worker)
            + sum(other.amount for other in drafts if other.worker == each.worker)
            for each in drafts
        }
        return (
            bool(drafts)
            and len(set(keys)) == len(keys)
            and not set(keys) & {each.key for each in self.held()}
            and max(had.values()) <= self.cap
            and total <= self.sums()["available"]
            and total + sum(self.used()) <= self.budget
        )

    def settle(self, roster: Roster) -> None:
        """A batch is settled with its last result."""
        if not roster.waiting():
            roster.state = "settled"

    def to_reissue(self, roster: Roster) -> list[Payment]:
        """Failed payments of a batch that no live payment stands for."""
        again = [
            id(each.again)
            for other in self.rosters
            for each in other.payments
            if each.again is not None and each.state != "withdrawn"
        ]
        return [
            each for each in roster.payments if each.state == "failed" and id(each) not in again
        ]

    def as_decimals(self) -> dict[str, Decimal]:
        """The county fund's columns as the database has them."""
        return {name: Decimal(value) for name, value in self.sums().items()}
