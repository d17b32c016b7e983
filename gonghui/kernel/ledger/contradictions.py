"""Where figures are known to contradict each other: the line that checks them gives a function, the ledger knows no line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from gonghui.base.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenError:
    """A rule that must hold and does not, of an organisation's figures in a period; nobody has settled it.

    `codes` are the indicators that it compares.
    """

    rule: str
    org_id: int
    period: Period
    codes: frozenset[str]
    says: str


Provider = Callable[[Collection[int]], Sequence[OpenError]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """`provider(org_ids)` gives the open errors of organisations."""
    _providers[:] = [provider]


def open_errors(org_ids: Collection[int]) -> Sequence[OpenError]:
    """The open errors of organisations; none where no line checks figures."""
    return _providers[0](org_ids) if _providers else ()
