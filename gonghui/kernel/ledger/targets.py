"""Where targets come from: the line that keeps them gives a function, the ledger knows no line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from gonghui.kernel.ledger.reading import AsOf

Provider = Callable[[str, Sequence[int], date, AsOf, str], dict[int, Decimal]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """`provider(code, org_ids, on, as_of, issuer)` answers for the organisations that have a target."""
    _providers[:] = [provider]


def targets_of(
    code: str, org_ids: Sequence[int], on: date, as_of: AsOf, issuer: str
) -> dict[int, Decimal]:
    """The targets of an indicator that are in force on a day, per organisation."""
    return _providers[0](code, org_ids, on, as_of, issuer) if _providers else {}
