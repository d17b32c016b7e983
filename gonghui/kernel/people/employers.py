"""Employers as sheets and forms name them."""

from __future__ import annotations

from collections.abc import Mapping, Set

from django.db.models import QuerySet

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.people.models import Employer

NOT_FOUND = "没有登记这个统一社会信用代码的用人单位，请先在用人单位中登记。"


def employers_of(codes: Set[str]) -> Mapping[str, Employer]:
    """Employers by credit code or, for old lists, by organisation code; unknown codes are absent.

    The code of one that was merged into another leads to the one kept.
    """
    with acting(SYSTEM):
        found = Employer.objects.filter(uscc__in=codes, voided_at=None)
        by_code = {employer.uscc or "": employer for employer in found}
        left = codes - set(by_code)
        if left:
            old = Employer.objects.filter(legacy_code__in=left, voided_at=None)
            for employer in old.select_related("merged_into").order_by("-pk"):
                by_code[employer.legacy_code] = employer.merged_into or employer
    return by_code


def live_employers() -> QuerySet[Employer]:
    """All employers of the city, whoever asks: their names and codes are public."""
    return unscoped(Employer).filter(voided_at=None, merged_into=None)
